//! Makes nodes again: in another graph, or in the same one with some nodes replaced.
//!
//! Every node passes through the constructor of the target graph, so rebuilding into a canonical graph simplifies.
//! The walk recurses, which is safe because the front bounds the depth of expressions.

use std::collections::{HashMap, HashSet};

use super::branch::{self, Branch};
use super::expr::Expr;
use super::graph::{Graph, Id};
use super::node::{Data, Node};
use super::region::{IndexSum, OpenSum, parameter};
use super::scan::{self, OpenScan, Scan};
use super::shape::Shape;
use crate::ops::OpDef;
use crate::ops::index::AFFINE;
use crate::ops::structure::TRANSPOSE;

/// A walk that makes nodes of `source` again in `target`.
pub struct Rebuild<'s, 'g> {
    source: &'s Graph,
    target: &'g Graph,
    made: HashMap<Id, Expr<'g>>,
    /// Results of regions.
    regions: HashMap<Id, Vec<Expr<'g>>>,
    /// Set if source and target are one graph: what depends on no variable newer than this stays as it is.
    scope: Option<u32>,
    /// Regions run at most so often, if set.
    longest: Option<i64>,
    /// Loops that are written out step by step, and all within them.
    unrolled: Unrolled<'s>,
}

/// Which loops are written out.
#[derive(Clone, Copy)]
enum Unrolled<'s> {
    /// None.
    Nothing,
    /// These of the source.
    These(&'s HashSet<Id>),
    /// Those whose numbers of steps are known: the walk is inside one that is written out.
    All,
}

impl<'s, 'g> Rebuild<'s, 'g> {
    /// From one graph into another.
    pub fn into(source: &'s Graph, target: &'g Graph) -> Self {
        Rebuild {
            source,
            target,
            made: HashMap::new(),
            regions: HashMap::new(),
            scope: None,
            longest: None,
            unrolled: Unrolled::Nothing,
        }
    }

    /// The same, but loops and sums whose trip counts are numbers run at most so often.
    pub fn shortened(self, longest: i64) -> Self {
        Rebuild { longest: Some(longest), ..self }
    }

    /// The same, but these loops of the source are written out step by step.
    pub fn unrolling(self, loops: &'s HashSet<Id>) -> Self {
        Rebuild { unrolled: Unrolled::These(loops), ..self }
    }

    /// The carried variables after all steps, written out, if the loop is to be.
    fn steps(&self, region: Id, scan: &Scan, operands: &[Expr<'g>]) -> Option<Vec<Expr<'g>>> {
        let wanted = match self.unrolled {
            Unrolled::Nothing => false,
            Unrolled::These(loops) => loops.contains(&region),
            Unrolled::All => true,
        };
        let trips = operands[0].node().data().constant_index().filter(|_| wanted)?;
        let mut carried = operands[1..=scan.next.len()].to_vec();
        for step in 0..trips {
            let index = if scan.reversed { trips - 1 - step } else { step };
            let mut body = Rebuild { unrolled: Unrolled::All, ..self.fresh() };
            body.set_parameter(0, Shape::SCALAR, self.target.index(index));
            let inside = carried.iter().chain(&operands[1 + carried.len()..]);
            for (k, x) in inside.enumerate() {
                body.set_parameter(k + 1, self.source.shape(scan.operands[k + 1]), *x);
            }
            carried = scan.next.iter().map(|next| body.expr(*next)).collect();
        }
        Some(carried)
    }

    /// A trip count that is no longer than allowed.
    fn short(&self, trips: Expr<'g>) -> Expr<'g> {
        let node = trips.node();
        match (self.longest, node.data()) {
            (Some(longest), Data::Affine(factors, n)) if *n > longest && trips.is(&AFFINE) => {
                let terms: Vec<_> = trips.operands().into_iter().zip(factors.iter().copied()).collect();
                self.target.affine(&terms, longest)
            }
            _ => trips,
        }
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
        if let Node::Result(k, [region]) = &*node {
            return self.results(*region)[*k as usize];
        }
        let operands: Vec<Expr<'g>> = node.operands().iter().map(|o| self.expr(*o)).collect();
        match &*node {
            Node::Leaf(leaf) => self.target.leaf(leaf.clone(), shape),
            Node::Apply(op, data, _) => match (self.unrolled, folded(op.0, data, &operands)) {
                (Unrolled::All, Some(index)) => self.target.index(index),
                _ => self.target.apply(op.0, data.clone(), &operands, shape),
            },
            Node::IndexSum(sum) if self.scope.is_some() => self.sum_of(sum, &operands, shape),
            Node::IndexSum(sum) => self.sum_again(sum, &operands),
            // Regions are made together with their results.
            Node::Scan(_) | Node::Branch(_) | Node::Result(..) => self.target.expr(x),
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
        let body = self.fresh().open(sum, index, operands);
        self.target.sum_over(OpenSum { scope, index, trips: self.short(operands[0]), body })
    }

    /// The body of a sum over the given index, with `operands` in the place of its parameters.
    pub fn open(mut self, sum: &IndexSum, index: Expr<'g>, operands: &[Expr<'g>]) -> Expr<'g> {
        self.set_parameter(0, Shape::SCALAR, index);
        for (k, (old, new)) in sum.operands.iter().zip(operands).enumerate().skip(1) {
            self.set_parameter(k, self.source.shape(*old), *new);
        }
        self.expr(sum.body)
    }

    /// The results of a region made again, all at once.
    pub fn results(&mut self, region: Id) -> Vec<Expr<'g>> {
        if let Some(known) = self.regions.get(&region) {
            return known.clone();
        }
        let node = self.source.node(region);
        let operands: Vec<Expr<'g>> = node.operands().iter().map(|o| self.expr(*o)).collect();
        let written_out = match &*node {
            Node::Scan(scan) => self.steps(region, scan, &operands),
            _ => None,
        };
        let made = match &*node {
            _ if written_out.is_some() => written_out.unwrap_or_default(),
            _ if self.scope.is_some() && self.is_alike(node.operands(), &operands) => {
                self.renamed(&node, &operands)
            }
            Node::Scan(scan) => {
                let scope = self.target.scope();
                let index = self.target.variable(Shape::SCALAR);
                let open = scan::opened(index, scan, &operands, self.fresh());
                self.target.scan(OpenScan { scope, trips: self.short(open.trips), ..open })
            }
            Node::Branch(branch) => {
                self.target.branch(branch::opened(self.target, branch, &operands, self.fresh()))
            }
            _ => vec![],
        };
        self.regions.insert(region, made.clone());
        made
    }

    /// A region over other operands, its closed bodies as they are.
    fn renamed(&self, node: &Node, operands: &[Expr<'g>]) -> Vec<Expr<'g>> {
        let operands = operands.iter().map(|x| x.id).collect();
        let (node, bodies) = match node.clone() {
            Node::Scan(scan) => (Node::Scan(Scan { operands, ..scan.clone() }), scan.next),
            Node::Branch(branch) => (Node::Branch(Branch { operands, ..branch.clone() }), branch.then),
            _ => return vec![],
        };
        let region = self.target.intern(node, Shape::SCALAR);
        scan::results(region, bodies.iter().map(|body| self.source.shape(*body)))
    }

    /// Is the pattern of constants, transposes and equalities among operands what it was? If not, the normal form may
    /// improve.
    fn is_alike(&self, old: &[Id], new: &[Expr<'g>]) -> bool {
        let is_new = |k: usize| new[k].measure().leaves == 0;
        let was = |k: usize| self.source.measure(old[k]).leaves == 0 && !self.is_parameter(old[k]);
        let is_turned = |k: usize| new[k].is(&TRANSPOSE) == self.source.node(old[k]).is(&TRANSPOSE);
        let first_new = |k: usize| new.iter().position(|x| *x == new[k]);
        let first_old = |k: usize| old.iter().position(|x| *x == old[k]);
        // What is closed over parameters again has been opened before: it keeps its form.
        new.iter().any(|x| x.measure().newest == u32::MAX)
            || (0..old.len()).all(|k| is_new(k) == was(k) && is_turned(k) && first_new(k) == first_old(k))
    }

    fn is_parameter(&self, x: Id) -> bool {
        self.source.measure(x).newest == u32::MAX
    }

    /// The same walk with nothing made yet.
    fn fresh(&self) -> Rebuild<'s, 'g> {
        Rebuild { made: HashMap::new(), regions: HashMap::new(), ..*self }
    }

    /// Puts `new` in the place of the k-th parameter.
    pub(super) fn set_parameter(&mut self, k: usize, shape: Shape, new: Expr<'g>) {
        self.replace(parameter(self.source, k, shape).id, new);
    }

    /// The shape of a node of the source.
    pub(super) fn shape_of(&self, x: Id) -> Shape {
        self.source.shape(x)
    }
}

impl<'g> Rebuild<'g, 'g> {
    /// Within one graph: only what depends on variables newer than `scope` is made again.
    pub fn within(graph: &'g Graph, scope: u32) -> Self {
        Rebuild { scope: Some(scope), ..Rebuild::into(graph, graph) }
    }
}

/// The number that an index becomes when all that it depends on is known.
fn folded(op: &'static OpDef, data: &Data, operands: &[Expr<'_>]) -> Option<i64> {
    let Data::Affine(factors, constant) = data else { return None };
    let mut terms = operands.iter().zip(factors);
    let sum = terms.try_fold(*constant, |sum, (x, k)| {
        sum.checked_add(x.node().data().constant_index()?.checked_mul(*k)?)
    });
    sum.filter(|_| std::ptr::eq(op, &AFFINE))
}
