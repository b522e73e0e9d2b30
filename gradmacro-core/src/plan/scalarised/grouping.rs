//! Sums of products, grouped by what their terms have in common.
//!
//! Products of sums are multiplied out where that lets terms meet, and what the most terms hold is taken out of them, the
//! rarest first, so that what is left in the brackets is what other sums have in theirs. A sum is only multiplied out
//! if all of its terms but one are products: those are rounded already, while a difference of two numbers may be exact
//! and would not be afterwards.
//!
//! Example: f (a u + b v) + d u in several u and v becomes (f a + d) u + (f b) v.

use std::collections::{BTreeMap, HashMap};

use super::Scalariser;
use super::entry::Entry;
use super::sharing::{computed, uses};
use crate::ir::{Expr, Id, Ratio, Shape, Weighted};
use crate::ops::arithmetic::{POWERS, SUM};
use crate::plan::Schedule;

/// Terms up to which a sum is multiplied out.
const TERMS: usize = 32;

/// k times a product of powers.
#[derive(Clone)]
struct Monomial {
    k: Ratio,
    factors: Vec<(Id, Ratio)>,
}

impl Monomial {
    fn times(&mut self, x: Id, p: Ratio) {
        match self.factors.iter_mut().find(|(y, q)| *y == x && q.is_negative() == p.is_negative()) {
            Some((_, q)) => *q = q.plus(p),
            None => self.factors.push((x, p)),
        }
    }
}

/// How often each node of a schedule is used.
#[derive(Default)]
pub(super) struct Grouping {
    uses: HashMap<Id, usize>,
}

impl Grouping {
    pub(super) fn of(schedule: &Schedule) -> Grouping {
        Grouping { uses: uses(schedule, &computed(&schedule.steps)) }
    }
}

impl<'c, 's> Scalariser<'c, 's> {
    /// The value of a sum, grouped.
    pub(super) fn grouped_sum(&mut self, x: Expr<'c>) -> Option<Entry<'s>> {
        let mut list = vec![];
        self.multiply_out(x, &Monomial { k: Ratio::ONE, factors: vec![] }, &mut list);
        self.grouped(list)
    }

    /// The terms of a sum times a monomial.
    fn multiply_out(&self, sum: Expr<'c>, by: &Monomial, list: &mut Vec<Monomial>) {
        for (y, k) in sum.weighted() {
            let mut term = by.clone();
            term.k = term.k.times(k);
            if !self.is_inner_product(y) {
                term.times(y.id, Ratio::ONE);
                list.push(term);
                continue;
            }
            let mut factors = vec![];
            self.factors(y, &mut factors);
            let (open, closed): (Vec<_>, Vec<_>) =
                factors.into_iter().partition(|(z, p)| *p == Ratio::ONE && self.is_open_sum(*z));
            closed.iter().for_each(|(z, p)| term.times(z.id, *p));
            match open[..] {
                [(inner, _)] if list.len() < TERMS => self.multiply_out(inner, &term, list),
                _ => {
                    open.iter().for_each(|(z, p)| term.times(z.id, *p));
                    list.push(term);
                }
            }
        }
    }

    /// The factors of a product, those of products among them that nothing else uses.
    fn factors(&self, x: Expr<'c>, list: &mut Weighted<'c>) {
        for (y, p) in x.weighted() {
            match p == Ratio::ONE && self.is_inner_product(y) {
                true => self.factors(y, list),
                false => list.push((y, p)),
            }
        }
    }

    fn is_inner_product(&self, x: Expr<'c>) -> bool {
        x.is(&POWERS) && self.is_single(x.id) && !self.source.guarded.contains(&x.id)
    }

    fn is_single(&self, x: Id) -> bool {
        self.pass.grouping.as_ref().is_some_and(|own| own.uses.get(&x) == Some(&1))
    }

    /// A sum of products that only this product uses.
    fn is_open_sum(&self, x: Expr<'c>) -> bool {
        let terms = x.operands();
        let exact = terms.iter().filter(|y| !is_rounded(**y)).count();
        x.is(&SUM) && self.is_single(x.id) && terms.len() > 1 && exact <= 1
    }

    fn grouped(&mut self, list: Vec<Monomial>) -> Option<Entry<'s>> {
        let Some(common) = self.most_common(&list) else {
            let terms: Option<Vec<Entry<'s>>> = list.iter().map(|term| self.monomial_of(term)).collect();
            return Some(self.total(terms?));
        };
        let (mut with, without): (Vec<Monomial>, Vec<Monomial>) =
            list.into_iter().partition(|term| holds(term, common));
        for term in &mut with {
            if let Some(factor) = term.factors.iter_mut().find(|(x, p)| *x == common && is_whole(*p)) {
                factor.1 = factor.1.plus(Ratio::MINUS_ONE);
            }
            term.factors.retain(|factor| !factor.1.is_zero());
        }
        let factor = Monomial { k: Ratio::ONE, factors: vec![(common, Ratio::ONE)] };
        let (inside, factor) = (self.grouped(with)?, self.monomial_of(&factor)?);
        let outside = if without.is_empty() { Entry::ZERO } else { self.grouped(without)? };
        Some(self.total([self.product(factor, inside), outside]))
    }

    /// The factor that most terms hold, of several the one that the fewest others use.
    fn most_common(&self, list: &[Monomial]) -> Option<Id> {
        let mut counts: BTreeMap<Id, usize> = BTreeMap::new();
        for (x, _) in list.iter().flat_map(|term| &term.factors).filter(|(_, p)| is_whole(*p)) {
            *counts.entry(*x).or_default() += 1;
        }
        let grouping = self.pass.grouping.as_ref()?;
        let uses = |x: &Id| std::cmp::Reverse(grouping.uses.get(x).copied().unwrap_or(0));
        let most = counts.into_iter().max_by_key(|(x, n)| (*n, uses(x), std::cmp::Reverse(*x)));
        most.filter(|(_, n)| *n > 1).map(|(x, _)| x)
    }

    fn monomial_of(&mut self, term: &Monomial) -> Option<Entry<'s>> {
        let mut factors = vec![];
        for (x, p) in &term.factors {
            let value = self.value(*x)?;
            factors.push((self.entry(&value, Shape::SCALAR, 0, 0), *p));
        }
        Some(self.monomial(&factors).times(term.k))
    }
}

/// Is it a product, or a sum with products, so that it is rounded as they are?
fn is_rounded(x: Expr<'_>) -> bool {
    x.is(&POWERS) || x.is(&SUM) && x.operands().into_iter().any(|y| y.is(&POWERS))
}

fn is_whole(p: Ratio) -> bool {
    p.is_integer() && !p.is_negative()
}

fn holds(term: &Monomial, x: Id) -> bool {
    term.factors.iter().any(|(y, p)| *y == x && is_whole(*p))
}
