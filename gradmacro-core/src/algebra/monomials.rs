//! Commutative products of powers, shared by scalars and entrywise products.

use super::order::factor_order;
use super::rules;
use super::terms::{content, measure, terms};
use crate::ir::{Data, Expr, Ratio, Weighted};
use crate::ops::OpDef;
use crate::ops::arithmetic::{POWERS, SUM};
use crate::ops::exponential::{EXP, LOGISTIC};
use crate::ops::structure::TRANSPOSE;

/// A product of powers as a number and sorted, merged powers.
pub(super) fn monomial(list: Weighted<'_>) -> (Ratio, Weighted<'_>) {
    let (mut k, mut flat, mut todo) = (Ratio::ONE, Weighted::new(), list);
    while let Some((x, p)) = todo.pop() {
        match flatten(x, p) {
            Flat::Number(number) => k = k.times(number),
            Flat::Scaled(number, y) => {
                k = k.times(number);
                todo.push((y, p));
            }
            Flat::Factors(inner) => todo.extend(inner),
            Flat::Factor(number, y) => {
                k = k.times(number);
                flat.push((y, p));
            }
        }
        if k.is_zero() {
            return (k, vec![]);
        }
    }
    let mut merged = merge(flat);
    let again = powers_of_exp(&mut merged) || merged.iter().any(|(x, p)| is_open(*x, *p));
    if again {
        let (number, list) = monomial(merged);
        return (k.times(number), list);
    }
    match as_logistic(&merged) {
        Some(list) => {
            let (number, list) = monomial(list);
            (k.times(number), list)
        }
        None => (k, merged),
    }
}

enum Flat<'g> {
    Number(Ratio),
    Scaled(Ratio, Expr<'g>),
    Factors(Weighted<'g>),
    Factor(Ratio, Expr<'g>),
}

fn flatten(x: Expr<'_>, p: Ratio) -> Flat<'_> {
    if p.is_zero() || x.is_ones() {
        return Flat::Number(Ratio::ONE);
    }
    if x.is_zero() && !p.is_negative() {
        return Flat::Number(Ratio::ZERO);
    }
    let Some(n) = p.integer() else { return Flat::Factor(Ratio::ONE, x) };
    let inner = x.weighted();
    match inner[..] {
        [(y, k)] if x.is(&SUM) => Flat::Scaled(k.power(n.into()), y),
        _ if x.is(&POWERS) => Flat::Factors(inner.into_iter().map(|(y, q)| (y, q.times(p))).collect()),
        _ if x.is(&TRANSPOSE) && x.operand(0).is(&POWERS) => {
            Flat::Factors(x.operand(0).weighted().into_iter().map(|(y, q)| (y.t(), q.times(p))).collect())
        }
        _ => {
            let (c, y) = content(x);
            Flat::Factor(c.power(n.into()), y)
        }
    }
}

/// Could this power be taken apart further?
fn is_open(x: Expr<'_>, p: Ratio) -> bool {
    p.is_integer() && (x.is(&POWERS) || (x.is(&SUM) && x.operands().len() == 1) || measure(x) != Ratio::ONE)
}

/// Equal bases meet; sorted.
fn merge(mut flat: Weighted<'_>) -> Weighted<'_> {
    flat.sort_by(|a, b| factor_order(a.0, b.0));
    let mut merged = Weighted::new();
    for (x, p) in flat {
        match merged.last_mut() {
            Some(last) if last.0 == x => {
                last.1 = last.1.plus(p);
                x.graph.fire(rules::LIKE_FACTORS);
            }
            _ => merged.push((x, p)),
        }
    }
    merged.retain(|factor| !factor.1.is_zero());
    merged
}

/// (eᵘ)ᵖ = eᵖᵘ, only after equal bases have met: done earlier, e · e⁻¹ would never cancel.
fn powers_of_exp(merged: &mut Weighted<'_>) -> bool {
    let mut changed = false;
    for factor in merged.iter_mut() {
        let (x, p) = *factor;
        if let (Some(u), true) = (argument(x, &EXP), p != Ratio::ONE) {
            x.graph.fire(rules::POWER_OF_EXP);
            *factor = (u.times(p).apply(&EXP), Ratio::ONE);
            changed = true;
        }
    }
    changed
}

/// The u of 1 + eᵘ, also where the whole is transposed.
pub(super) fn one_plus_exp(x: Expr<'_>) -> Option<Expr<'_>> {
    match terms(x)?[..] {
        [(one, Ratio::ONE), (e, Ratio::ONE)] if one.is_ones() => argument(e, &EXP),
        _ => None,
    }
}

/// The u of f(u), also where f(u) is transposed.
pub(super) fn argument<'g>(x: Expr<'g>, f: &'static OpDef) -> Option<Expr<'g>> {
    if x.is(&TRANSPOSE) {
        return argument(x.operand(0), f).map(Expr::t);
    }
    x.is(f).then(|| x.operand(0))
}

/// (1 + eᵘ)⁻¹ = σ(−u) and eᵘ (1 + eᵘ)⁻¹ = σ(u), within one monomial.
fn as_logistic<'g>(merged: &Weighted<'g>) -> Option<Weighted<'g>> {
    let whole = |p: Ratio| p.is_integer() && p.is_negative();
    let mut found = merged.iter().enumerate().filter(|(_, (_, p))| whole(*p));
    let (at, u) = found.find_map(|(k, (x, _))| Some((k, one_plus_exp(*x)?)))?;
    let mut list = merged.clone();
    list[at].1 = list[at].1.plus(Ratio::ONE);
    let e = u.apply(&EXP);
    u.graph.fire(rules::LOGISTIC);
    let sigma = match list.iter().position(|factor| *factor == (e, Ratio::ONE)) {
        Some(k) => {
            list.remove(k);
            u.apply(&LOGISTIC)
        }
        None => (-u).apply(&LOGISTIC),
    };
    list.push((sigma, Ratio::ONE));
    Some(list)
}

/// Exponents and operands of a product of powers.
pub(super) fn split(list: Weighted<'_>) -> (Vec<Expr<'_>>, Data) {
    let (operands, exponents) = list.into_iter().unzip();
    (operands, Data::Exponents(exponents))
}
