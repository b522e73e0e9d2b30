//! Makes nodes again: in another graph, or in the same one with some nodes replaced.
//!
//! Every node passes through the constructor of the target graph, so rebuilding into a canonical graph simplifies.
//! The walk recurses, which is safe because the front bounds the depth of expressions.

use std::collections::HashMap;

use super::expr::Expr;
use super::graph::{Graph, Id};
use super::node::Node;
use super::region::{IndexSum, OpenSum, parameter};
use super::shape::Shape;

/// A walk that makes nodes of `source` again in `target`.
pub struct Rebuild<'s, 'g> {
    source: &'s Graph,
    target: &'g Graph,
    made: HashMap<Id, Expr<'g>>,
    /// Set if source and target are one graph: what depends on no variable newer than this stays as it is.
    scope: Option<u32>,
}

impl<'s, 'g> Rebuild<'s, 'g> {
    /// From one graph into another.
    pub fn into(source: &'s Graph, target: &'g Graph) -> Self {
        Rebuild { source, target, made: HashMap::new(), scope: None }
    }

    /// Puts `new` in the place of `old`.
    pub fn replace(&mut self, old: Id, new: Expr<'g>) {
        self.made.insert(old, new);
    }

    /// What has been made for a node, if anything.
    pub fn made(&self, old: Id) -> Option<Expr<'g>> {
        self.made.get(&old).copied()
    }

    /// The node made again.
    pub fn expr(&mut self, x: Id) -> Expr<'g> {
        if let Some(known) = self.made.get(&x) {
            return *known;
        }
        let y = match self.scope {
            Some(scope) if self.source.measure(x).newest <= scope => self.target.expr(x),
            _ => self.again(x),
        };
        self.made.insert(x, y);
        y
    }

    fn again(&mut self, x: Id) -> Expr<'g> {
        let (node, shape) = (self.source.node(x), self.source.shape(x));
        let operands: Vec<Expr<'g>> = node.operands().iter().map(|o| self.expr(*o)).collect();
        match &*node {
            Node::Leaf(leaf) => self.target.leaf(leaf.clone(), shape),
            Node::Apply(op, data, _) => self.target.apply(op.0, data.clone(), &operands, shape),
            Node::IndexSum(sum) if self.scope.is_some() => self.sum_of(sum, &operands, shape),
            Node::IndexSum(sum) => self.sum_again(sum, &operands),
        }
    }

    /// Within one graph a closed body stays as it is: only what it captures is new.
    fn sum_of(&self, sum: &IndexSum, operands: &[Expr<'g>], shape: Shape) -> Expr<'g> {
        let operands = operands.iter().map(|x| x.id).collect();
        self.target.intern(Node::IndexSum(IndexSum { body: sum.body, operands }), shape)
    }

    fn sum_again(&self, sum: &IndexSum, operands: &[Expr<'g>]) -> Expr<'g> {
        let scope = self.target.scope();
        let index = self.target.variable(Shape::SCALAR);
        let body = Rebuild { made: HashMap::new(), ..*self }.open(sum, index, operands);
        self.target.sum_over(OpenSum { scope, index, trips: operands[0], body })
    }

    /// The body of a sum over the given index, with `operands` in the place of its parameters.
    pub fn open(mut self, sum: &IndexSum, index: Expr<'g>, operands: &[Expr<'g>]) -> Expr<'g> {
        self.replace(parameter(self.source, 0, Shape::SCALAR).id, index);
        for (k, (old, new)) in sum.operands.iter().zip(operands).enumerate().skip(1) {
            self.replace(parameter(self.source, k, self.source.shape(*old)).id, *new);
        }
        self.expr(sum.body)
    }
}

impl<'g> Rebuild<'g, 'g> {
    /// Within one graph: only what depends on variables newer than `scope` is made again.
    pub fn within(graph: &'g Graph, scope: u32) -> Self {
        Rebuild { source: graph, target: graph, made: HashMap::new(), scope: Some(scope) }
    }
}
