//! Traces: linear, cyclic, and a dot product where a width of one allows.

use super::inverses::is_square;
use super::order::order_all;
use super::rules;
use super::structure::{over_terms, upright};
use super::terms::{keep, scaled, term, terms};
use crate::ir::{Data, Dim, Expr, Shape, Wanted};
use crate::ops::products::{KRONECKER, PRODUCT};
use crate::ops::structure::{DIAGONAL_MATRIX, IDENTITY, TRACE};

/// Canonical form of tr X.
pub fn trace<'g>(wanted: &Wanted<'g>) -> Option<Expr<'g>> {
    let x = wanted.operands[0];
    if x.is_scalar() {
        return Some(x);
    }
    if let Some(list) = terms(x).filter(|list| list.len() > 1) {
        x.graph.fire(rules::TRACE_SUM);
        return Some(over_terms(list, Expr::trace, Shape::SCALAR));
    }
    let split = term(x);
    if split.body != x {
        return Some(scaled(split.k, split.scalars, split.body.trace()));
    }
    Some(match () {
        () if x.is(&IDENTITY) || x.is_ones() => x.graph.extent(x.shape().rows),
        () if x.is(&DIAGONAL_MATRIX) => x.operand(0).sum(),
        () if x.is(&KRONECKER) && x.operands().into_iter().all(is_square) => {
            x.graph.fire(rules::TRACE_KRONECKER);
            x.operand(0).trace() * x.operand(1).trace()
        }
        () if x.is(&PRODUCT) => cycle(&x.operands()),
        () => keep(&TRACE, Data::None, &[upright(x)], Shape::SCALAR),
    })
}

/// tr is cyclic and transpose-invariant: cut at a width of one if there is one, else the least reading is kept.
fn cycle<'g>(f: &[Expr<'g>]) -> Expr<'g> {
    let graph = f[0].graph;
    let turned = |k: usize| f[k..].iter().chain(&f[..k]).copied().collect::<Vec<_>>();
    if let Some(k) = (1..f.len()).find(|k| f[*k].shape().rows == Dim::ONE) {
        graph.fire(rules::TRACE_OUTER);
        return graph.product(&turned(k));
    }
    if let Some(k) = f.iter().position(|x| x.is(&DIAGONAL_MATRIX)) {
        graph.fire(rules::TRACE_DIAGONAL);
        let rest = graph.product(&turned(k)[1..]);
        return f[k].operand(0).t() * rest.diagonal();
    }
    let mut best: Vec<Expr<'g>> = f.to_vec();
    for k in 0..f.len() {
        let reading = turned(k);
        let whole = graph.product(&reading);
        if !whole.is(&PRODUCT) || whole.operands().len() != f.len() {
            graph.fire(rules::TRACE_CYCLE);
            return whole.trace();
        }
        let back: Vec<Expr<'g>> = reading.iter().rev().map(|x| x.t()).collect();
        for candidate in [reading, back] {
            if order_all(&candidate, &best).is_lt() {
                graph.fire(rules::TRACE_CYCLE);
                best = candidate;
            }
        }
    }
    let n = best[0].shape().rows;
    let product = keep(&PRODUCT, Data::None, &best, Shape::of(n, n));
    keep(&TRACE, Data::None, &[product], Shape::SCALAR)
}
