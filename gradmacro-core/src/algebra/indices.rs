//! Integers, and sums over them.

use super::rules;
use super::terms::{as_terms, scaled, term};
use crate::ir::region::{OpenSum, close, is_placed_by_index, may_leave, runs};
use crate::ir::{Data, Expr, Leaf, Node, Ratio, Shape, Wanted, Weighted};
use crate::ops::Derivative;
use crate::ops::index::AFFINE;
use crate::ops::structure::{SCATTER, TRANSPOSE};

/// Canonical form of Σ kᵢ·indexᵢ + constant: flat, sorted, merged.
pub fn affine<'g>(wanted: &Wanted<'g>) -> Option<Expr<'g>> {
    let Data::Affine(factors, constant) = &wanted.data else { return None };
    let (mut list, mut constant): (Vec<(Expr<'g>, i64)>, i64) = (vec![], *constant);
    for (x, k) in wanted.operands.iter().zip(factors) {
        match x.node().data() {
            Data::Affine(inner, c) if x.is(&AFFINE) => {
                list.extend(x.operands().into_iter().zip(inner.iter().map(|q| q * k)));
                constant += c * k;
            }
            _ => list.push((*x, *k)),
        }
    }
    list.sort_by(|a, b| super::order::order(a.0, b.0));
    let mut merged: Vec<(Expr<'g>, i64)> = vec![];
    for (x, k) in list {
        match merged.last_mut() {
            Some(last) if last.0 == x => last.1 += k,
            _ => merged.push((x, k)),
        }
    }
    merged.retain(|t| t.1 != 0);
    if let ([(x, 1)], 0) = (&merged[..], constant) {
        return Some(*x);
    }
    let (operands, factors): (Vec<_>, Vec<_>) = merged.into_iter().unzip();
    let data = Data::Affine(factors, constant);
    Some(wanted.graph.keep(Wanted { data, operands, ..wanted.clone() }))
}

/// Canonical form of an index as a real number: linear.
pub fn as_real<'g>(wanted: &Wanted<'g>) -> Option<Expr<'g>> {
    let x = wanted.operands[0];
    let node = x.node();
    let Data::Affine(factors, constant) = node.data() else { return None };
    if !x.is(&AFFINE) {
        return None;
    }
    let terms = x.operands().into_iter().zip(factors).map(|(y, k)| (y.as_real(), Ratio::int(*k)));
    let constant = (wanted.graph.ones(Shape::SCALAR), Ratio::int(*constant));
    let list: Weighted<'g> = terms.chain([constant]).collect();
    Some(wanted.graph.combination(&list, Shape::SCALAR))
}

/// Canonical form of a sum over an index.
pub(super) fn sum_over<'g>(open: OpenSum<'g>) -> Expr<'g> {
    summed(open, &mut Alone)
}

/// What becomes of sums that nothing leaves any more.
pub(super) trait Summation<'g> {
    /// The sum as it is.
    fn irreducible(&mut self, sum: OpenSum<'g>) -> Expr<'g>;
}

/// They are nodes.
pub(super) struct Alone;

impl<'g> Summation<'g> for Alone {
    fn irreducible(&mut self, sum: OpenSum<'g>) -> Expr<'g> {
        close(sum)
    }
}

/// A sum over an index: what does not vary leaves it.
pub(super) fn summed<'g>(open: OpenSum<'g>, base: &mut dyn Summation<'g>) -> Expr<'g> {
    let (graph, shape) = (open.body.graph, open.body.shape());
    let outside = |x: Expr<'g>| may_leave(x, open.scope, open.trips);
    if open.body.is_zero() {
        return open.body;
    }
    if outside(open.body) {
        graph.fire(rules::SUM_INVARIANT);
        return count(open.trips) * open.body;
    }
    // A transpose that cannot be pushed inwards leaves the sum below, as any linear map does.
    let upright = open.body.t();
    if shape.is_row() && !upright.is(&TRANSPOSE) {
        graph.fire(rules::UPRIGHT_SUM);
        return summed(OpenSum { body: upright, ..open }, base).t();
    }
    let list = as_terms(open.body);
    if list.len() > 1 && list.iter().any(|(x, _)| outside(*x)) {
        graph.fire(rules::SUM_SPLIT);
        let (fixed, varying): (Weighted<'g>, Weighted<'g>) = list.into_iter().partition(|(x, _)| outside(*x));
        let varying = graph.combination(&varying, shape);
        let fixed = graph.combination(&fixed, shape);
        return summed(OpenSum { body: varying, ..open }, base) + count(open.trips) * fixed;
    }
    let split = term(open.body);
    let (fixed, varying): (Weighted<'g>, Weighted<'g>) =
        split.scalars.into_iter().partition(|s| outside(s.0));
    if !fixed.is_empty() || split.k != Ratio::ONE {
        graph.fire(rules::SUM_LINEAR);
        let body = scaled(Ratio::ONE, varying, split.body);
        return scaled(split.k, fixed, summed(OpenSum { body, ..open }, base));
    }
    of_entry(open, base).or_else(|| linear(open, base)).unwrap_or_else(|| base.irreducible(open))
}

/// Σᵢ scatter(k s tᵢ, i) = k s Σᵢ scatter(tᵢ, i) for scalars s that do not vary.
fn of_entry<'g>(open: OpenSum<'g>, base: &mut dyn Summation<'g>) -> Option<Expr<'g>> {
    let body = open.body;
    if !body.is(&SCATTER) || !body.operand(0).is_scalar() {
        return None;
    }
    let entry = term(body.operand(0));
    let (fixed, varying): (Weighted<'g>, Weighted<'g>) =
        entry.scalars.into_iter().partition(|s| may_leave(s.0, open.scope, open.trips));
    if fixed.is_empty() && entry.k == Ratio::ONE {
        return None;
    }
    body.graph.fire(rules::SUM_LINEAR);
    let inner =
        scaled(Ratio::ONE, varying, entry.body).scatter(body.operand(1), body.operand(2), body.shape());
    Some(scaled(entry.k, fixed, summed(OpenSum { body: inner, ..open }, base)))
}

/// Σᵢ L(tᵢ) = L(Σᵢ tᵢ), where L is linear, does not vary, and tᵢ is no larger than L(tᵢ).
fn linear<'g>(open: OpenSum<'g>, base: &mut dyn Summation<'g>) -> Option<Expr<'g>> {
    let body = open.body;
    let operands = body.operands();
    let op = body.node().op()?;
    let several = match op.derivative {
        Derivative::Multilinear(_) => operands.len(),
        Derivative::Linear(1, _) => 1,
        _ => return None,
    };
    let varying: Vec<usize> =
        (0..operands.len()).filter(|k| !may_leave(operands[*k], open.scope, open.trips)).collect();
    let [k] = varying[..] else { return None };
    if is_placed_by_index(body) && !runs(open.trips) {
        return None;
    }
    let smaller = operands[k].shape().size()? <= body.shape().size()?;
    if k >= several || !smaller {
        return None;
    }
    body.graph.fire(rules::SUM_LINEAR);
    let mut inside = operands;
    inside[k] = summed(OpenSum { body: inside[k], ..open }, base);
    Some(body.graph.apply(op, body.node().data().clone(), &inside, body.shape()))
}

/// A trip count as a real number.
fn count(trips: Expr<'_>) -> Expr<'_> {
    match &*trips.node() {
        Node::Leaf(Leaf::Extent(dim)) => trips.graph.extent(*dim),
        _ => trips.as_real(),
    }
}
