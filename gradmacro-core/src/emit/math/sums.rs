//! Sums in print: positive terms first, a common coefficient before brackets, −A(x − y) as A(y − x).

use std::cmp::Reverse;

use super::parts::{Parts, powers_of};
use super::reading::Reader;
use super::tree::{Formula, Infix};
use crate::ir::{Expr, Ratio, Shape, Weighted};
use crate::ops::arithmetic::{POWERS, SCALE, SUM};
use crate::ops::products::PRODUCT;
use crate::ops::structure::TRANSPOSE;

impl<'g> Reader<'_, 'g> {
    /// A whole formula: a transposed sum is shown term by term, while the graph keeps the shared, upright sum.
    pub(super) fn whole(&mut self, x: Expr<'g>) -> Formula {
        if x.is(&TRANSPOSE) && x.operand(0).is(&SUM) {
            return self.sum(&transposed_terms(x.operand(0)), x.shape());
        }
        if x.is(&SCALE) && x.operand(1).is(&TRANSPOSE) {
            let body = self.whole(x.operand(1)).into_factors();
            return self.pieces(Parts::with_body(Ratio::ONE, &powers_of(x.operand(0)), body));
        }
        self.read(x)
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

    /// One term with a positive coefficient; 1 − s shows the number alone, whatever the shape.
    fn summand(&mut self, k: Ratio, x: Expr<'g>, among_others: bool) -> Formula {
        match () {
            () if among_others && x.is_ones() => Formula::Number(k),
            () if x.is(&SCALE) && among_others && x.operand(1).is_ones() => {
                self.term(k, &powers_of(x.operand(0)), None)
            }
            () if x.is(&SCALE) => self.term(k, &powers_of(x.operand(0)), Some(x.operand(1))),
            () if x.is_scalar() => self.term(k, &powers_of(x), None),
            () => self.term(k, &[], Some(x)),
        }
    }

    /// −k x with the sign of the only mixed sum among the factors of x turned, if there is one.
    fn flipped(&mut self, k: Ratio, x: Expr<'g>) -> Option<Formula> {
        if x.is(&POWERS) && x.is_scalar() {
            return self.flipped_scalar(k, x);
        }
        let (scalars, body) = match () {
            () if x.is(&SCALE) => (powers_of(x.operand(0)), x.operand(1)),
            () if x.is(&PRODUCT) => (vec![], x),
            () => return None,
        };
        let factors = if body.is(&PRODUCT) { body.operands() } else { vec![body] };
        let at = factors.iter().position(|f| is_mixed(*f))?;
        let upright = |f: &Expr<'g>| if f.is(&TRANSPOSE) { f.operand(0) } else { *f };
        if factors.iter().filter(|f| is_mixed(upright(f))).count() > 1 {
            return None;
        }
        let mut written = vec![];
        for (place, factor) in factors.iter().enumerate() {
            written.push(if place == at { self.turned(*factor) } else { self.read(*factor) });
        }
        Some(self.pieces(Parts::with_body(k, &scalars, written)))
    }

    /// The same for −(μ − x) s.
    fn flipped_scalar(&mut self, k: Ratio, x: Expr<'g>) -> Option<Formula> {
        let mut rest = x.weighted();
        let at = rest.iter().position(|(y, p)| *p == Ratio::ONE && is_mixed(*y))?;
        let (mixed, _) = rest.remove(at);
        let turned = self.turned(mixed);
        Some(self.pieces(Parts::with_body(k, &rest, vec![turned])))
    }

    fn turned(&mut self, sum: Expr<'g>) -> Formula {
        let terms: Weighted<'g> = sum.weighted().into_iter().map(|(y, k)| (y, k.negated())).collect();
        self.sum(&terms, sum.shape())
    }

    /// a ⊗ b and a × b
    pub(super) fn infix(&mut self, op: Infix, x: Expr<'g>) -> Formula {
        Formula::Infix(x.operands().into_iter().map(|y| (op, self.read(y))).collect())
    }
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

/// Is it a sum with terms of both signs?
fn is_mixed(x: Expr<'_>) -> bool {
    let list = if x.is(&SUM) { x.weighted() } else { return false };
    list.iter().any(|(_, k)| k.is_negative()) && list.iter().any(|(_, k)| !k.is_negative())
}
