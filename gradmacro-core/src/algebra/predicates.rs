//! Predicates that are known: of integers only. Comparisons of floats are the user's, and stay.

use super::entries::constant_index;
use super::rules;
use crate::ir::{Data, Expr, Graph, Id, Node, Ratio, Shape, Wanted};
use crate::ops::OpDef;
use crate::ops::predicates::{FALSE, NOT, TRUE};

/// Canonical form of k ≥ 0.
pub fn not_negative<'g>(wanted: &Wanted<'g>) -> Option<Expr<'g>> {
    decided(wanted, |k| k >= 0)
}

/// Canonical form of k = 0.
pub fn is_zero_index<'g>(wanted: &Wanted<'g>) -> Option<Expr<'g>> {
    decided(wanted, |k| k == 0)
}

fn decided<'g>(wanted: &Wanted<'g>, holds: fn(i64) -> bool) -> Option<Expr<'g>> {
    let k = constant_index(wanted.operands[0])?;
    wanted.graph.fire(rules::DECIDED);
    Some(truth(wanted.graph, holds(k)))
}

/// Canonical form of ¬p.
pub fn not<'g>(wanted: &Wanted<'g>) -> Option<Expr<'g>> {
    let p = wanted.operands[0];
    match known(p) {
        Some(holds) => Some(truth(wanted.graph, !holds)),
        None => p.is(&NOT).then(|| p.operand(0)),
    }
}

/// Canonical form of x < y, where a truth that was carried as a number is compared with ½.
pub fn less<'g>(wanted: &Wanted<'g>) -> Option<Expr<'g>> {
    let [half, x] = wanted.operands[..] else { return None };
    let Node::Result(k, [region]) = &*x.node() else { return None };
    let region = wanted.graph.node(*region);
    let Node::Branch(branch) = &*region else { return None };
    let number = |list: &[Id]| wanted.graph.expr(list[*k as usize]).number();
    let p = wanted.graph.expr(branch.operands[0]);
    let made = match (half.number()?, number(&branch.then)?, number(&branch.other)?) {
        (Ratio::HALF, Ratio::ONE, Ratio::ZERO) => p,
        (Ratio::HALF, Ratio::ZERO, Ratio::ONE) => wanted.graph.apply(&NOT, Data::None, &[p], Shape::SCALAR),
        _ => return None,
    };
    wanted.graph.fire(rules::TRUTH_AS_NUMBER);
    Some(made)
}

/// Canonical form of p ∧ q.
pub fn and<'g>(wanted: &Wanted<'g>) -> Option<Expr<'g>> {
    absorbed(wanted, false)
}

/// Canonical form of p ∨ q.
pub fn or<'g>(wanted: &Wanted<'g>) -> Option<Expr<'g>> {
    absorbed(wanted, true)
}

/// `decisive` decides alone; its opposite decides nothing.
fn absorbed<'g>(wanted: &Wanted<'g>, decisive: bool) -> Option<Expr<'g>> {
    let [p, q] = wanted.operands[..] else { return None };
    match (known(p), known(q)) {
        (Some(x), _) | (_, Some(x)) if x == decisive => Some(truth(wanted.graph, decisive)),
        (Some(_), _) => Some(q),
        (_, Some(_)) => Some(p),
        _ => (p == q).then_some(p),
    }
}

/// Is it known whether the predicate holds?
pub fn known(p: Expr<'_>) -> Option<bool> {
    match () {
        () if p.is(&TRUE) => Some(true),
        () if p.is(&FALSE) => Some(false),
        () => None,
    }
}

fn truth(graph: &Graph, holds: bool) -> Expr<'_> {
    let row: &'static OpDef = if holds { &TRUE } else { &FALSE };
    graph.apply(row, Data::None, &[], Shape::SCALAR)
}
