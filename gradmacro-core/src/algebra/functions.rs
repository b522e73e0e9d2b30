//! Entrywise functions: signs, and forms that do not overflow.

use super::monomials::{argument, one_plus_exp};
use super::rules;
use super::softmax::sum_of_exp;
use super::terms::{Term, is_negative, scaled, term, terms};
use crate::ir::{Expr, Leaf, Node, Ratio, Shape, Wanted};
use crate::ops::exponential::{EXP, LN, LOGISTIC, SOFTPLUS};
use crate::ops::piecewise::ABS;
use crate::ops::reductions::{LOG_SUM_EXP, SOFTMAX};
use crate::ops::structure::TRANSPOSE;
use crate::ops::systems::{DETERMINANT, LN_ABS_DETERMINANT, LN_DETERMINANT};

/// Rules about any entrywise function: f(Xᵀ) = f(X)ᵀ, f(s 1) = f(s) 1, parity.
pub(super) fn entrywise<'g>(wanted: &Wanted<'g>) -> Option<Expr<'g>> {
    let [x] = wanted.operands[..] else { return filled(wanted) };
    if x.is(&TRANSPOSE) {
        let inner = x.operand(0);
        return Some(wanted.graph.apply(wanted.op, wanted.data.clone(), &[inner], inner.shape()).t());
    }
    filled(wanted).or_else(|| super::with_sign(wanted, x))
}

/// f(s 1, t 1) = f(s, t) 1
fn filled<'g>(wanted: &Wanted<'g>) -> Option<Expr<'g>> {
    if wanted.shape.is_scalar() {
        return None;
    }
    let mut inner = vec![];
    for x in &wanted.operands {
        let split = term(*x);
        if !x.is_scalar() && !split.body.is_ones() {
            return None;
        }
        let one = wanted.graph.ones(Shape::SCALAR);
        inner.push(if x.is_scalar() { *x } else { scaled(split.k, split.scalars, one) });
    }
    wanted.graph.fire(rules::FILLED);
    Some(wanted.graph.apply(wanted.op, wanted.data.clone(), &inner, Shape::SCALAR).fill(wanted.shape))
}

/// Canonical form of exp x.
pub fn exp<'g>(wanted: &Wanted<'g>) -> Option<Expr<'g>> {
    let x = wanted.operands[0];
    if x.is_zero() {
        return Some(x.ones());
    }
    x.is(&LN).then(|| {
        x.graph.fire(rules::LN_EXP);
        x.operand(0)
    })
}

/// Canonical form of |x|: that of a number is one.
pub fn abs<'g>(wanted: &Wanted<'g>) -> Option<Expr<'g>> {
    let x = wanted.operands[0];
    if x.is_zero() {
        return Some(x);
    }
    x.number().map(|k| wanted.graph.number(k.absolute()))
}

/// Canonical form of ln x.
pub fn ln<'g>(wanted: &Wanted<'g>) -> Option<Expr<'g>> {
    let x = wanted.operands[0];
    let fire = |rule| x.graph.fire(rule);
    if x.is(&EXP) {
        fire(rules::LN_EXP);
        return Some(x.operand(0));
    }
    if x.is_ones() {
        return Some(x.graph.zeros(x.shape()));
    }
    if let Some(known) = ln_of_determinant(x) {
        fire(rules::LN_DETERMINANT);
        return Some(known);
    }
    if let Some(known) = ln_of_size(x) {
        fire(rules::LN_DETERMINANT);
        return Some(known);
    }
    if x.is(&SOFTMAX) {
        fire(rules::LN_SOFTMAX);
        return Some(x.operand(0) - x.operand(0).reduce(&LOG_SUM_EXP).fill(x.shape()));
    }
    if x.is(&LOGISTIC) {
        fire(rules::LN_LOGISTIC);
        return Some(-(-x.operand(0)).apply(&SOFTPLUS));
    }
    if let Some(u) = one_plus_exp(x) {
        fire(rules::LN_SOFTPLUS);
        return Some(u.apply(&SOFTPLUS));
    }
    if let Some(u) = sum_of_exp(x) {
        fire(rules::LN_OF_SUM_EXP);
        return Some(u.reduce(&LOG_SUM_EXP));
    }
    let u = one_minus_logistic(x)?;
    fire(rules::LN_COMPLEMENT);
    Some(-u.apply(&SOFTPLUS))
}

/// ln(c |X|ᵖ) = ln c + p ln |X| for a constant c > 0.
fn ln_of_determinant(x: Expr<'_>) -> Option<Expr<'_>> {
    if !x.is_scalar() {
        return None;
    }
    let Term { k, mut scalars, .. } = term(x);
    let at = scalars.iter().position(|(s, _)| s.is(&DETERMINANT))?;
    let (determinant, p) = scalars.remove(at);
    // An even power is positive whatever the sign of the determinant.
    let even = p.integer().is_some_and(|n| n % 2 == 0);
    let row = if even { &LN_ABS_DETERMINANT } else { &LN_DETERMINANT };
    let is_positive = |s: &Expr<'_>| match &*s.node() {
        Node::Leaf(Leaf::Constant(c)) => c.value() > 0.0,
        _ => false,
    };
    if k.is_negative() || !scalars.iter().all(|(s, _)| is_positive(s)) {
        return None;
    }
    let constant = scaled(k, scalars, x.graph.ones(Shape::SCALAR));
    Some(determinant.operand(0).reduce(row).times(p) + constant.apply(&LN))
}

/// ln|k Π(det A)ᵖ| = ln|k| + Σ p ln|det A|
fn ln_of_size(x: Expr<'_>) -> Option<Expr<'_>> {
    let Term { k, scalars, .. } = term(if x.is(&ABS) && x.is_scalar() { x.operand(0) } else { return None });
    let all = !scalars.is_empty() && scalars.iter().all(|(s, _)| s.is(&DETERMINANT));
    if !all {
        return None;
    }
    let constant = x.graph.number(k.absolute()).apply(&LN);
    let terms: Vec<_> =
        scalars.into_iter().map(|(s, p)| (s.operand(0).reduce(&LN_ABS_DETERMINANT), p)).collect();
    Some(x.graph.combination(&terms, Shape::SCALAR) + constant)
}

/// The u of 1 − σ(u).
fn one_minus_logistic(x: Expr<'_>) -> Option<Expr<'_>> {
    match terms(x)?[..] {
        [(one, Ratio::ONE), (s, Ratio::MINUS_ONE)] if one.is_ones() => argument(s, &LOGISTIC),
        _ => None,
    }
}

/// Canonical form of ln(1 + x).
pub fn ln_1p<'g>(wanted: &Wanted<'g>) -> Option<Expr<'g>> {
    let x = wanted.operands[0];
    if x.is_zero() {
        return Some(x);
    }
    x.is(&EXP).then(|| {
        x.graph.fire(rules::LN_SOFTPLUS);
        x.operand(0).apply(&SOFTPLUS)
    })
}

/// Canonical form of σ(x).
pub fn logistic<'g>(wanted: &Wanted<'g>) -> Option<Expr<'g>> {
    let x = wanted.operands[0];
    is_negative(x).then(|| {
        x.graph.fire(rules::LOGISTIC_MINUS);
        x.ones() - (-x).apply(&LOGISTIC)
    })
}

/// Canonical form of softplus x.
pub fn softplus<'g>(wanted: &Wanted<'g>) -> Option<Expr<'g>> {
    let x = wanted.operands[0];
    is_negative(x).then(|| {
        x.graph.fire(rules::SOFTPLUS_MINUS);
        (-x).apply(&SOFTPLUS) + x
    })
}
