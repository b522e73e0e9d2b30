//! Regions: nodes that own a body.
//!
//! A sum over an index, Σᵢ b(i, c…), is one node. Its body is *closed*: it mentions `Parameter(0)` for the index and
//! `Parameter(k)` for the k-th capture, so equal sums are one node and substitution outside never enters a body. To
//! work on a body it is *opened*: the index becomes a fresh variable and the captures are the outer nodes themselves,
//! so that a pass over a body is the ordinary pass. [`close`] goes back, and captures the maximal nodes that do not
//! vary: what is invariant is outside by construction.
//!
//! Example: `(0..n).map(|i| a * x[i]).sum()` closes to a·Σᵢ xᵢ with the one capture `x`.

use std::collections::HashSet;

use super::expr::Expr;
use super::graph::{Graph, Id};
use super::node::{Data, Leaf, Node};
use super::rebuild::Rebuild;
use super::shape::{Dim, Shape};
use super::walk::needed;

/// Σ over an index of a closed body.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct IndexSum {
    /// Closed body: parameter 0 is the index, parameter k the k-th operand.
    pub body: Id,
    /// The trip count, then the captures.
    pub operands: Vec<Id>,
}

/// A sum whose body is open.
#[derive(Clone, Copy)]
pub struct OpenSum<'g> {
    /// Variables made before are outside.
    pub scope: u32,
    /// The index, a fresh variable that runs from 0.
    pub index: Expr<'g>,
    /// How often the body runs.
    pub trips: Expr<'g>,
    /// The summand.
    pub body: Expr<'g>,
}

impl<'g> Expr<'g> {
    /// The sum with its body open, if this is a sum over an index.
    pub fn open(self) -> Option<OpenSum<'g>> {
        self.open_over(&self.operands())
    }

    /// The same with others in the place of its operands.
    pub fn open_over(self, operands: &[Expr<'g>]) -> Option<OpenSum<'g>> {
        let scope = self.graph.scope();
        let node = self.node();
        let Node::IndexSum(sum) = &*node else { return None };
        let index = self.graph.variable(Shape::SCALAR);
        let body = Rebuild::within(self.graph, u32::MAX - 1).open(sum, index, operands);
        Some(OpenSum { scope, index, trips: operands[0], body })
    }
}

/// Σ of a body over an index that runs from 0; no sum if it runs once.
pub fn over_index<'g>(
    graph: &'g Graph,
    trips: Dim,
    body: impl FnOnce(Expr<'g>) -> Option<Expr<'g>>,
) -> Option<Expr<'g>> {
    if trips == Dim::ONE {
        return body(graph.index(0));
    }
    let scope = graph.scope();
    let index = graph.variable(Shape::SCALAR);
    let body = body(index)?;
    Some(graph.sum_over(OpenSum { scope, index, trips: graph.index_extent(trips), body }))
}

/// Σ over the index as one node; the normal form of sums is the algebra's affair.
pub fn close(open: OpenSum<'_>) -> Expr<'_> {
    let graph = open.body.graph;
    let captures = captures(&[open.body], &[], |x| may_leave(x, open.scope, open.trips));
    // What may not leave is made again too, although it does not vary.
    let mut closed = Rebuild::within(graph, 0);
    closed.replace(open.index.id, parameter(graph, 0, Shape::SCALAR));
    for (k, x) in captures.iter().enumerate() {
        closed.replace(x.id, parameter(graph, k + 1, x.shape()));
    }
    let body = closed.expr(open.body.id).id;
    let operands = std::iter::once(open.trips).chain(captures).map(|x| x.id).collect();
    graph.intern(Node::IndexSum(IndexSum { body, operands }), open.body.shape())
}

/// The k-th parameter of a closed body.
pub fn parameter(graph: &Graph, k: usize, shape: Shape) -> Expr<'_> {
    graph.leaf(Leaf::Parameter(k as u32), shape)
}

/// Maximal nodes that may be outside, in order of first use, and those variables inside that stand for something
/// outside; constants stay inside.
pub(super) fn captures<'g>(
    roots: &[Expr<'g>],
    standing: &[Expr<'g>],
    is_outside: impl Fn(Expr<'g>) -> bool,
) -> Vec<Expr<'g>> {
    let (mut found, mut seen) = (vec![], HashSet::new());
    let mut stack: Vec<Expr<'g>> = roots.iter().rev().copied().collect();
    while let Some(x) = stack.pop() {
        if !seen.insert(x.id) {
            continue;
        }
        match () {
            () if standing.contains(&x) => found.push(x),
            () if !is_outside(x) => stack.extend(x.operands().into_iter().rev()),
            () if x.measure().leaves > 0 => found.push(x),
            () => {}
        }
    }
    found
}

/// May it be computed outside of a region that runs so often? It must not vary, and where there may be no run at all,
/// nothing may be done at a place that is only valid in one.
pub fn may_leave<'g>(x: Expr<'g>, scope: u32, trips: Expr<'g>) -> bool {
    x.is_fixed(scope)
        && (runs(trips) || !needed(x.graph, &[x.id]).iter().any(|y| is_placed_by_index(x.graph.expr(*y))))
}

/// Does a region with this trip count run for certain? Over a size it does.
pub fn runs(trips: Expr<'_>) -> bool {
    let is_size = matches!(&*trips.node(), Node::Leaf(Leaf::Extent(_)));
    is_size || trips.node().data().constant_index().is_some_and(|n| n > 0)
}

/// Does it read or write at a place that is computed from a loop's index, such as i − 1?
pub fn is_placed_by_index(x: Expr<'_>) -> bool {
    let varies = |place: Expr<'_>| matches!(place.node().data(), Data::Affine(..)) && !place.is_fixed(0);
    x.operands().into_iter().any(varies)
}
