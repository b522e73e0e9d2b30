//! What a function and its derivatives cost if no rule is applied: reverse differentiation on the plain graph.

use crate::diff::gradient;
use crate::front::Program;
use crate::ir::rebuild::Rebuild;
use crate::ir::walk::needed;
use crate::ir::{Data, Expr, Graph, Id, Leaf, Node};
use crate::ops::index::AFFINE;
use crate::ops::products::PRODUCT;
use crate::plan::cost;

/// Value and gradients as nodes of one plain graph, in which equal nodes are one.
pub(super) struct Raw {
    graph: Graph,
    value: Id,
    gradients: Vec<Id>,
}

impl Raw {
    pub(super) fn of(program: &Program) -> Raw {
        let graph = Graph::plain();
        let value = Rebuild::into(&program.graph, &graph).expr(program.value);
        let inputs = program.differentiated.iter();
        let x: Vec<Expr<'_>> = inputs
            .filter_map(|k| Some(graph.leaf(Leaf::Input(*k as u32), program.input(*k)?.shape())))
            .collect();
        let gradients = gradient(value, &x).iter().map(|g| g.id).collect();
        let value = value.id;
        Raw { graph, value, gradients }
    }

    /// Operations of the value, of the gradients, or of both.
    pub(super) fn operations(&self, value: bool, gradients: bool) -> u64 {
        let gradients = if gradients { self.gradients.as_slice() } else { &[] };
        let roots: Vec<Id> =
            value.then_some(self.value).into_iter().chain(gradients.iter().copied()).collect();
        needed(&self.graph, &roots)
            .iter()
            .map(|x| operations(self.graph.expr(*x)))
            .fold(0, u64::saturating_add)
    }
}

/// Operations of one node, its operands being at hand.
fn operations(x: Expr<'_>) -> u64 {
    match &*x.node() {
        Node::IndexSum(_) => index_sum(x),
        _ if x.is(&PRODUCT) => product(x),
        _ => cost::flops(x),
    }
}

/// Factors multiplied from the left.
fn product(x: Expr<'_>) -> u64 {
    let factors = x.operands();
    let rows = x.shape().rows;
    let steps = factors.windows(2).map(|pair| {
        let left = crate::ir::Shape::of(rows, pair[0].shape().columns);
        cost::product(left, pair[1].shape().columns)
    });
    steps.sum()
}

/// What varies with the index is computed in every run, and added up.
fn index_sum(x: Expr<'_>) -> u64 {
    let Some(open) = x.open() else { return 0 };
    let varying = needed(x.graph, &[open.body.id]).into_iter().map(|y| x.graph.expr(y));
    let body: u64 = varying.filter(|y| !y.is_fixed(open.scope)).map(operations).fold(0, u64::saturating_add);
    trips(open.trips).saturating_mul(body.saturating_add(cost::size(x.shape())))
}

fn trips(x: Expr<'_>) -> u64 {
    match x.node().data() {
        Data::Affine(factors, n) if factors.is_empty() && x.is(&AFFINE) => u64::try_from(*n).unwrap_or(0),
        _ => cost::NOMINAL,
    }
}
