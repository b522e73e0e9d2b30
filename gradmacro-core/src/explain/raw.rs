//! What a function and its derivatives cost if no rule is applied: reverse differentiation on the plain graph.

use std::collections::BTreeMap;

use crate::diff::differentiated;
use crate::front::Program;
use crate::front::request::{Part, Request};
use crate::ir::rebuild::Rebuild;
use crate::ir::walk::needed;
use crate::ir::{Expr, Graph, Id, Node, Properties};
use crate::ops::products::PRODUCT;
use crate::plan::cost;

/// Value and derivatives as nodes of one plain graph, in which equal nodes are one.
pub(super) struct Raw {
    graph: Graph,
    parts: BTreeMap<Part, Vec<Id>>,
}

impl Raw {
    pub(super) fn of(program: &Program, request: &Request) -> Raw {
        let graph = Graph::plain();
        let value = Rebuild::into(&program.graph, &graph).expr(program.value);
        let of =
            differentiated(program, request.layout, value, &vec![Properties::NONE; program.inputs.len()]);
        let ids = |part| of.part(part).iter().map(|x| x.id).collect();
        let parts = request.parts().into_iter().map(|part| (part, ids(part))).collect();
        Raw { graph, parts }
    }

    /// Operations of these parts together.
    pub(super) fn operations(&self, parts: &[Part]) -> u64 {
        let roots: Vec<Id> = parts.iter().flat_map(|part| self.parts[part].iter().copied()).collect();
        let steps = needed(&self.graph, &roots);
        steps.iter().map(|x| operations(self.graph.expr(*x))).fold(0, u64::saturating_add)
    }
}

/// Operations of one node, its operands being at hand.
fn operations(x: Expr<'_>) -> u64 {
    match &*x.node() {
        Node::IndexSum(_) => index_sum(x),
        Node::Scan(_) => scan(x),
        Node::Branch(_) => branch(x),
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
    let body = varying(x.graph, &[open.body.id], open.scope);
    cost::runs(open.trips).saturating_mul(body.saturating_add(cost::size(x.shape())))
}

/// What varies with the index or a carried variable is computed in every run.
fn scan(x: Expr<'_>) -> u64 {
    let Some(open) = x.open_scan() else { return 0 };
    let next: Vec<Id> = open.carries.iter().map(|carry| carry.next.id).collect();
    cost::runs(open.trips).saturating_mul(varying(x.graph, &next, open.scope))
}

/// The dearer of two bodies.
fn branch(x: Expr<'_>) -> u64 {
    let Some(open) = x.open_branch() else { return 0 };
    let of = |body: &[Expr<'_>]| {
        let roots: Vec<Id> = body.iter().map(|y| y.id).collect();
        varying(x.graph, &roots, open.scope)
    };
    of(&open.then).max(of(&open.other))
}

/// Operations of what is not fixed outside.
fn varying(graph: &Graph, roots: &[Id], scope: u32) -> u64 {
    let all = needed(graph, roots).into_iter().map(|y| graph.expr(y));
    all.filter(|y| !y.is_fixed(scope)).map(operations).fold(0, u64::saturating_add)
}
