//! eˣ / 1ᵀeˣ = softmax x, wherever one term has both: e (1ᵀe)⁻¹ = p, and e eᵀ (1ᵀe)⁻² = p pᵀ.

use super::rules;
use super::terms::{scaled, term, terms};
use crate::ir::{Expr, Ratio, Shape, Wanted, Weighted};
use crate::ops::arithmetic::POWERS;
use crate::ops::exponential::EXP;
use crate::ops::products::PRODUCT;
use crate::ops::reductions::{LOG_SUM_EXP, SOFTMAX};
use crate::ops::structure::DIAGONAL_MATRIX;

/// The x of 1ᵀeˣ.
pub(super) fn sum_of_exp(s: Expr<'_>) -> Option<Expr<'_>> {
    let factors = if s.is(&PRODUCT) { s.operands() } else { return None };
    match factors[..] {
        [ones, e] | [e, ones] if ones.is_ones() && e.is(&EXP) => Some(e.operand(0)),
        _ => None,
    }
}

pub(super) fn absorb_softmax<'g>(k: Ratio, scalars: &Weighted<'g>, body: Expr<'g>) -> Option<Expr<'g>> {
    let whole = |p: Ratio| p.is_integer() && p.is_negative();
    let mut divisors = scalars.iter().enumerate().filter(|(_, (_, p))| whole(*p));
    let (at, x) = divisors.find_map(|(k, (s, _))| Some((k, sum_of_exp(*s)?)))?;
    let mut rest = scalars.clone();
    rest[at].1 = rest[at].1.plus(Ratio::ONE);
    let body = match in_factors(body, x) {
        Some(new) => new,
        None => {
            let (k, new) = rest.iter().enumerate().find_map(|(k, (s, p))| {
                if *p == Ratio::ONE { in_factors(*s, x).map(|new| (k, new)) } else { None }
            })?;
            rest[k].0 = new;
            body
        }
    };
    body.graph.fire(rules::SOFTMAX);
    Some(scaled(k, rest, body))
}

/// The body with one factor eˣ replaced by softmax x.
fn in_factors<'g>(body: Expr<'g>, x: Expr<'g>) -> Option<Expr<'g>> {
    if let Some(new) = swapped(body, x) {
        return Some(new);
    }
    let mut factors = if body.is(&PRODUCT) { body.operands() } else { return None };
    let (k, new) = factors.iter().enumerate().find_map(|(k, f)| Some((k, swapped(*f, x)?)))?;
    factors[k] = new;
    Some(body.graph.product(&factors))
}

fn swapped<'g>(factor: Expr<'g>, x: Expr<'g>) -> Option<Expr<'g>> {
    let (e, p) = (x.apply(&EXP), x.apply(&SOFTMAX));
    if factor == e {
        return Some(p);
    }
    if factor == e.t() {
        return Some(p.t());
    }
    if factor.is(&DIAGONAL_MATRIX) && factor.operand(0) == e {
        return Some(p.diagonal_matrix());
    }
    let mut powers = if factor.is(&POWERS) { factor.weighted() } else { return None };
    let k = powers.iter().position(|f| *f == (e, Ratio::ONE))?;
    powers[k].0 = p;
    Some(factor.graph.powers(&powers, factor.shape()))
}

/// Canonical form of softmax x, which does not see what is the same in every entry. The shift by the largest entry that
/// users write against overflow goes: what is emitted shifts by itself.
pub fn softmax<'g>(wanted: &Wanted<'g>) -> Option<Expr<'g>> {
    let x = wanted.operands[0];
    if x.is_scalar() {
        return Some(x.ones());
    }
    let (_, rest) = shifted(x)?;
    Some(rest.apply(&SOFTMAX))
}

/// Canonical form of ln Σ exp xᵢ.
pub fn log_sum_exp<'g>(wanted: &Wanted<'g>) -> Option<Expr<'g>> {
    let x = wanted.operands[0];
    if x.is_scalar() {
        return Some(x);
    }
    let (shift, rest) = shifted(x)?;
    Some(shift + rest.reduce(&LOG_SUM_EXP))
}

/// c and x of x + c 1.
fn shifted(x: Expr<'_>) -> Option<(Expr<'_>, Expr<'_>)> {
    let list = terms(x).filter(|list| list.len() > 1)?;
    let (same, rest): (Weighted<'_>, Weighted<'_>) =
        list.into_iter().partition(|(y, _)| term(*y).body.is_ones());
    if same.is_empty() || rest.is_empty() {
        return None;
    }
    x.graph.fire(rules::SOFTMAX_SHIFT);
    let one = x.graph.ones(Shape::SCALAR);
    let shifts: Weighted<'_> = same
        .into_iter()
        .map(|(y, k)| {
            let own = term(y);
            (scaled(own.k.times(k), own.scalars, one), Ratio::ONE)
        })
        .collect();
    Some((x.graph.combination(&shifts, Shape::SCALAR), x.graph.combination(&rest, x.shape())))
}
