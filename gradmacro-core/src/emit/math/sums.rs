//! Sums in print: positive terms first, a common coefficient before brackets, −A(x − y) as A(y − x).

use std::cmp::Reverse;

use super::parts::{Parts, powers_of};
use super::reading::Reader;
use super::tree::{Formula, Infix, Raise};
use crate::ir::{Expr, Ratio, Shape, Weighted};
use crate::ops::arithmetic::{POWERS, SCALE, SUM};
use crate::ops::products::PRODUCT;
use crate::ops::structure::TRANSPOSE;

impl<'g> Reader<'_, 'g> {
    /// A whole formula, with what its states are.
    pub(super) fn whole(&mut self, x: Expr<'g>) -> Formula {
        let formula = self.upright(x);
        match self.loops.definitions() {
            definitions if definitions.is_empty() => formula,
            definitions => Formula::Where(Box::new(formula), definitions),
        }
    }

    /// A transposed sum is shown term by term, while the graph keeps the shared, upright sum.
    fn upright(&mut self, x: Expr<'g>) -> Formula {
        let Some((k, scalars, sum)) = transposed_sum(x) else { return self.read(x) };
        let body = self.sum(&transposed_terms(sum), sum.shape().transposed());
        if k == Ratio::ONE && scalars.is_empty() {
            return body;
        }
        let term = self.pieces(Parts::with_body(k.absolute(), &scalars, body.into_factors()));
        if k.is_negative() { term.negated() } else { term }
    }

    /// Xᵀ; a sum inside a formula is shown term by term if that takes fewer signs: (x yᵀ + D)ᵀ A as (y xᵀ + D) A.
    pub(super) fn transposed(&mut self, x: Expr<'g>) -> Formula {
        let sum = x.operand(0);
        if sum.is(&SUM) {
            let terms = transposed_terms(sum);
            if signs(&terms) <= signs(&sum.weighted()) {
                return self.sum(&terms, x.shape());
            }
        }
        self.raised(x, Raise::Transpose)
    }

    /// Σ kᵢ xᵢ
    pub(super) fn sum(&mut self, list: &[(Expr<'g>, Ratio)], shape: Shape) -> Formula {
        let Some((_, first)) = list.first() else {
            return if shape.is_scalar() { Formula::int(0) } else { Formula::Sized('0', shape) };
        };
        let common = first.absolute();
        if list.len() > 1 && common != Ratio::ONE && list.iter().all(|(_, k)| k.absolute() == common) {
            let signs: Weighted<'g> = list.iter().map(|(x, k)| (*x, k.times(common.reciprocal()))).collect();
            return Formula::Product(vec![Formula::Number(common), self.sum(&signs, shape)]);
        }
        let (minus, plus): (Weighted<'g>, Weighted<'g>) =
            list.iter().copied().partition(|(_, k)| k.is_negative());
        let mut terms: Vec<(bool, Formula)> = vec![];
        for (x, k) in plus.into_iter().chain(minus) {
            let turned =
                if terms.is_empty() && k.is_negative() { self.flipped(k.absolute(), x) } else { None };
            let is_minus = k.is_negative() && turned.is_none();
            let term = turned.unwrap_or_else(|| self.summand(k.absolute(), x, list.len() > 1));
            terms.push((is_minus, term));
            if self.is_full() {
                break;
            }
        }
        Formula::sum(terms)
    }

    /// One term with a positive coefficient; 1 − s shows the number alone, whatever the shape, and so does a scalar
    /// that looks like one: 1ᵀx does not.
    fn summand(&mut self, k: Ratio, x: Expr<'g>, among_others: bool) -> Formula {
        match () {
            () if among_others && x.is_ones() => Formula::Number(k),
            () if x.is(&SCALE) && among_others && x.operand(1).is_ones() && is_plain(x.operand(0)) => {
                self.term(k, &powers_of(x.operand(0)), None)
            }
            () if x.is(&SCALE) => self.term(k, &powers_of(x.operand(0)), Some(x.operand(1))),
            () if x.is_scalar() => self.term(k, &powers_of(x), None),
            () => self.term(k, &[], Some(x)),
        }
    }

    /// −k x with the signs of one sum in x turned, if there is one: what x is divided by, or else the only mixed sum
    /// among its factors.
    fn flipped(&mut self, k: Ratio, x: Expr<'g>) -> Option<Formula> {
        let (scalars, body) = match () {
            () if x.is(&POWERS) && x.is_scalar() => (x.weighted(), None),
            () if x.is(&SCALE) => (powers_of(x.operand(0)), Some(x.operand(1))),
            () if x.is(&PRODUCT) => (vec![], Some(x)),
            () => return None,
        };
        if let Some(divisor) = odd_power(&scalars, Ratio::is_negative) {
            let body = body.map_or(vec![], |body| self.read(body).into_factors());
            return Some(self.pieces(Parts::with_body(k, &scalars, body).turning(divisor)));
        }
        let Some(body) = body else {
            let sum = odd_power(&scalars, |p| p == Ratio::ONE)?;
            return Some(self.pieces(Parts::of_scalars(k, &scalars).turning(sum)));
        };
        let body = self.flipped_body(body)?;
        Some(self.pieces(Parts::with_body(k, &scalars, body)))
    }

    /// The factors of a product with the only mixed sum among them turned.
    fn flipped_body(&mut self, body: Expr<'g>) -> Option<Vec<Formula>> {
        let factors = if body.is(&PRODUCT) { body.operands() } else { vec![body] };
        let at = factors.iter().position(|f| is_mixed(*f))?;
        let upright = |f: &Expr<'g>| if f.is(&TRANSPOSE) { f.operand(0) } else { *f };
        if factors.iter().filter(|f| is_mixed(upright(f))).count() > 1 {
            return None;
        }
        let written = factors.iter().enumerate();
        Some(written.map(|(k, f)| if k == at { self.turned(*f) } else { self.read(*f) }).collect())
    }

    /// A sum with all signs turned.
    pub(super) fn turned(&mut self, sum: Expr<'g>) -> Formula {
        let terms: Weighted<'g> = sum.weighted().into_iter().map(|(y, k)| (y, k.negated())).collect();
        self.sum(&terms, sum.shape())
    }

    /// a ⊗ b and a × b
    pub(super) fn infix(&mut self, op: Infix, x: Expr<'g>) -> Formula {
        Formula::Infix(x.operands().into_iter().map(|y| (op, self.read(y))).collect())
    }
}

/// The parts of k s Xᵀ, where X is a sum.
fn transposed_sum(x: Expr<'_>) -> Option<(Ratio, Weighted<'_>, Expr<'_>)> {
    let (x, k) = match x.weighted()[..] {
        [term] if x.is(&SUM) => term,
        _ => (x, Ratio::ONE),
    };
    let (scalars, x) = if x.is(&SCALE) { (powers_of(x.operand(0)), x.operand(1)) } else { (vec![], x) };
    (x.is(&TRANSPOSE) && x.operand(0).is(&SUM)).then(|| (k, scalars, x.operand(0)))
}

/// How many transposes there are in these terms.
fn signs(list: &[(Expr<'_>, Ratio)]) -> u64 {
    list.iter().fold(0, |sum, (y, _)| sum.saturating_add(y.measure().turned))
}

/// The transposed terms of a sum, heavier ones first as in the graph.
fn transposed_terms(sum: Expr<'_>) -> Weighted<'_> {
    let mut list: Weighted<'_> = sum.weighted().into_iter().map(|(y, k)| (y.t(), k)).collect();
    list.sort_by_key(|(y, _)| {
        let first = y.operands().first().map_or(0, |f| f.measure().leaves);
        (Reverse(y.measure().leaves), y.measure().turned, Reverse(first))
    });
    list
}

/// Is it a scalar of which no factor is a product of matrices?
fn is_plain(s: Expr<'_>) -> bool {
    powers_of(s).iter().all(|(x, _)| !x.is(&PRODUCT))
}

/// The first sum with terms of both signs that has a chosen odd power.
fn odd_power<'g>(scalars: &[(Expr<'g>, Ratio)], chosen: fn(Ratio) -> bool) -> Option<Expr<'g>> {
    let odd = |p: Ratio| p.integer().is_some_and(|p| p % 2 != 0);
    scalars.iter().find(|(s, p)| chosen(*p) && odd(*p) && is_mixed(*s)).map(|(s, _)| *s)
}

/// Is it a sum with terms of both signs?
fn is_mixed(x: Expr<'_>) -> bool {
    let list = if x.is(&SUM) { x.weighted() } else { return false };
    list.iter().any(|(_, k)| k.is_negative()) && list.iter().any(|(_, k)| !k.is_negative())
}
