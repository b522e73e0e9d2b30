//! Conditionals, as nodes.
//!
//! A branch owns two closed bodies over the same captures: `Parameter(k)` is operand k for k = 1, 2, …; operand 0 is
//! the predicate. The node itself has no value; its k-th [`Node::Result`] is the k-th result of the body that was
//! chosen. What is computed from captures is computed only there: opened, each capture is a fresh variable, so nothing
//! leaves a body uninvited.
//!
//! Example: `if x < 0.0 { 0.0 } else { x.ln() }` captures x; the logarithm is not taken where x is negative.

use std::collections::HashMap;

use super::expr::Expr;
use super::graph::{Graph, Id};
use super::node::Node;
use super::rebuild::Rebuild;
use super::region::{captures, parameter};
use super::scan::results;

/// A conditional.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Branch {
    /// Closed bodies: the results where the predicate holds.
    pub then: Vec<Id>,
    /// The same where it does not.
    pub other: Vec<Id>,
    /// The predicate, then the captures.
    pub operands: Vec<Id>,
}

/// A conditional whose bodies are open.
#[derive(Clone)]
pub struct OpenBranch<'g> {
    /// Variables made before are outside.
    pub scope: u32,
    /// What decides.
    pub predicate: Expr<'g>,
    /// Fresh variables, and what each stands for. What is computed from them stays inside.
    pub captured: Vec<(Expr<'g>, Expr<'g>)>,
    /// The results where the predicate holds.
    pub then: Vec<Expr<'g>>,
    /// The results where it does not.
    pub other: Vec<Expr<'g>>,
}

impl<'g> Expr<'g> {
    /// The conditional with its bodies open, if this is one.
    pub fn open_branch(self) -> Option<OpenBranch<'g>> {
        self.open_branch_over(&self.operands())
    }

    /// The same with others in the place of its operands.
    pub fn open_branch_over(self, operands: &[Expr<'g>]) -> Option<OpenBranch<'g>> {
        let node = self.node();
        let Node::Branch(branch) = &*node else { return None };
        Some(opened(self.graph, branch, operands, Rebuild::within(self.graph, u32::MAX - 1)))
    }
}

/// A conditional of the rebuild's source, open in `graph`.
pub(super) fn opened<'g>(
    graph: &'g Graph,
    branch: &Branch,
    operands: &[Expr<'g>],
    mut body: Rebuild<'_, 'g>,
) -> OpenBranch<'g> {
    let scope = graph.scope();
    let captured: Vec<(Expr<'g>, Expr<'g>)> =
        operands[1..].iter().map(|x| (graph.variable_with(x.shape(), x.properties()), *x)).collect();
    for (k, (variable, _)) in captured.iter().enumerate() {
        body.set_parameter(k + 1, body.shape_of(branch.operands[k + 1]), *variable);
    }
    let then = branch.then.iter().map(|x| body.expr(*x)).collect();
    let other = branch.other.iter().map(|x| body.expr(*x)).collect();
    OpenBranch { scope, predicate: operands[0], captured, then, other }
}

/// The conditional as one node; gives its results.
pub fn close_branch<'g>(open: &OpenBranch<'g>) -> Vec<Expr<'g>> {
    let graph = open.predicate.graph;
    let (open, outer) = unified(open);
    let roots: Vec<Expr<'g>> = open.then.iter().chain(&open.other).copied().collect();
    let variables: Vec<Expr<'g>> = open.captured.iter().map(|(variable, _)| *variable).collect();
    let captures = captures(&roots, &variables, |x| x.is_fixed(open.scope));
    let mut closed = Rebuild::within(graph, open.scope);
    for (k, x) in captures.iter().enumerate() {
        closed.replace(x.id, parameter(graph, k + 1, x.shape()));
    }
    let mut body = |list: &[Expr<'g>]| list.iter().map(|x| closed.expr(x.id).id).collect();
    let (then, other) = (body(&open.then), body(&open.other));
    let operands = captures.iter().map(|x| outer.get(&x.id).copied().unwrap_or(*x));
    let operands = std::iter::once(open.predicate).chain(operands).map(|x| x.id).collect();
    let shapes: Vec<_> = open.then.iter().map(|x| x.shape()).collect();
    let branch = graph.intern(Node::Branch(Branch { then, other, operands }), super::shape::Shape::SCALAR);
    results(branch, shapes.into_iter())
}

/// One variable per captured value: numbering must be one to one.
fn unified<'g>(open: &OpenBranch<'g>) -> (OpenBranch<'g>, HashMap<Id, Expr<'g>>) {
    let mut again = Rebuild::within(open.predicate.graph, open.scope);
    let mut first: HashMap<Id, Expr<'g>> = HashMap::new();
    for (variable, outer) in &open.captured {
        let one = *first.entry(outer.id).or_insert(*variable);
        again.replace(variable.id, one);
        again.replace(outer.id, one);
    }
    let mut all = |list: &[Expr<'g>]| list.iter().map(|x| again.expr(x.id)).collect();
    let (then, other) = (all(&open.then), all(&open.other));
    let captured: Vec<_> =
        open.captured.iter().filter(|(variable, outer)| first[&outer.id] == *variable).copied().collect();
    let outer = captured.iter().map(|(variable, outer)| (variable.id, *outer)).collect();
    (OpenBranch { then, other, captured, ..*open }, outer)
}

impl Graph {
    /// A conditional: through the algebra if this graph has one.
    pub fn branch<'g>(&'g self, open: OpenBranch<'g>) -> Vec<Expr<'g>> {
        match self.algebra() {
            Some(algebra) => (algebra.branch)(open),
            None => close_branch(&open),
        }
    }

    /// A conditional over these values, of which the bodies get variables in the same order.
    pub fn branch_over<'g>(
        &'g self,
        predicate: Expr<'g>,
        over: &[Expr<'g>],
        then: impl FnOnce(&[Expr<'g>]) -> Vec<Expr<'g>>,
        other: impl FnOnce(&[Expr<'g>]) -> Vec<Expr<'g>>,
    ) -> Vec<Expr<'g>> {
        let scope = self.scope();
        let variables: Vec<Expr<'g>> = over.iter().map(|x| self.variable(x.shape())).collect();
        let captured = variables.iter().copied().zip(over.iter().copied()).collect();
        let (then, other) = (then(&variables), other(&variables));
        self.branch(OpenBranch { scope, predicate, captured, then, other })
    }
}
