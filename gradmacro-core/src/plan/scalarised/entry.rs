//! Arithmetic of entries: multiples of scalar nodes, in a normal form that lets equal work meet.
//!
//! Numbers are kept apart from what they multiply, so signs and factors cost nothing until they are needed; terms and
//! factors are sorted; a sum begins with a positive term, so x − y and y − x share a node; roots have nodes of their own.

use super::Scalariser;
use super::sharing::Factor;
use crate::ir::{Expr, Id, Ratio, Shape, Weighted};

/// k·x, or k where there is no x.
#[derive(Clone, Copy)]
pub(super) struct Entry<'s> {
    pub(super) k: Ratio,
    pub(super) of: Option<Expr<'s>>,
}

impl<'s> Entry<'s> {
    pub(super) const ZERO: Entry<'static> = Entry { k: Ratio::ZERO, of: None };
    pub(super) const ONE: Entry<'static> = Entry { k: Ratio::ONE, of: None };

    /// A scalar node.
    pub(super) fn of(x: Expr<'s>) -> Entry<'s> {
        match x.number() {
            Some(k) => Entry { k, of: None },
            None => {
                let (of, k) = x.multiple();
                Entry { k, of: Some(of) }
            }
        }
    }

    pub(super) fn is_zero(self) -> bool {
        self.k.is_zero()
    }

    pub(super) fn times(self, k: Ratio) -> Entry<'s> {
        let k = self.k.times(k);
        if k.is_zero() { Entry::ZERO } else { Entry { k, ..self } }
    }
}

impl<'s> Scalariser<'_, 's> {
    /// The entry as a node.
    pub(super) fn node(&self, entry: Entry<'s>) -> Expr<'s> {
        match entry.of {
            None => self.target.number(entry.k),
            Some(x) if entry.k == Ratio::ONE => x,
            Some(x) => x.times(entry.k),
        }
    }

    /// The sum of these entries.
    pub(super) fn total(&self, terms: impl IntoIterator<Item = Entry<'s>>) -> Entry<'s> {
        let mut merged: Vec<Entry<'s>> = vec![];
        for term in terms.into_iter().filter(|term| !term.is_zero()) {
            match merged.iter_mut().find(|known| known.of == term.of) {
                Some(known) => known.k = known.k.plus(term.k),
                None => merged.push(term),
            }
        }
        merged.retain(|term| !term.is_zero());
        merged.sort_by_key(|term| term.of.map(|x| x.id));
        let Some(first) = merged.iter().find(|term| term.of.is_some()).or(merged.first()).copied() else {
            return Entry::ZERO;
        };
        if merged.len() == 1 {
            return first;
        }
        let alike = merged.iter().all(|term| term.k.absolute() == first.k.absolute());
        let k = match (alike, first.k.is_negative()) {
            (true, _) => first.k,
            (false, true) => Ratio::MINUS_ONE,
            (false, false) => Ratio::ONE,
        };
        let inside = k.reciprocal();
        let one = self.target.ones(Shape::SCALAR);
        let list: Weighted<'s> =
            merged.into_iter().map(|term| (term.of.unwrap_or(one), term.k.times(inside))).collect();
        Entry { k, of: Some(self.target.combination(&list, Shape::SCALAR)) }
    }

    /// The product of these powers.
    pub(super) fn monomial(&self, factors: &[(Entry<'s>, Ratio)]) -> Entry<'s> {
        let (mut k, mut list) = (Ratio::ONE, Weighted::new());
        for (entry, p) in factors {
            if entry.is_zero() && !p.is_negative() {
                return Entry::ZERO;
            }
            match (p.integer(), entry.of) {
                (Some(n), of) if !entry.is_zero() => {
                    k = k.times(entry.k.power(i128::from(n)));
                    if let Some(x) = of {
                        with_power(&mut list, x, *p);
                    }
                }
                _ => self.with_root(&mut list, self.node(*entry), *p),
            }
        }
        list.sort_by_key(|(x, p)| (p.is_negative(), x.id));
        match list[..] {
            [] => Entry { k, of: None },
            [(x, Ratio::ONE)] => Entry { k, of: Some(x) },
            _ => Entry { k, of: Some(self.target.powers(&list, Shape::SCALAR)) },
        }
    }

    /// Half-integral powers by a root that has a node of its own: x^(3/2) is x √x.
    fn with_root(&self, list: &mut Weighted<'s>, x: Expr<'s>, p: Ratio) {
        let twice = p.plus(p);
        if p.is_integer() || !twice.is_integer() {
            return with_power(list, x, p);
        }
        let root = self.target.powers(&[(x, Ratio::HALF)], Shape::SCALAR);
        let sign = if p.is_negative() { Ratio::MINUS_ONE } else { Ratio::ONE };
        let rest = p.plus(sign.times(Ratio::HALF).negated());
        with_power(list, root, sign);
        if !rest.is_zero() {
            with_power(list, x, rest);
        }
    }

    /// The terms of a sum, those of sums that are merged into it among them.
    pub(super) fn terms(&mut self, x: Id, times: Ratio, terms: &mut Vec<Entry<'s>>) -> Option<()> {
        for (y, k) in self.source.graph.expr(x).weighted() {
            let k = k.times(times);
            if self.pass.sharing.merged.contains(&y.id) {
                self.terms(y.id, k, terms)?;
                continue;
            }
            let term = self.value(y.id)?;
            terms.push(self.entry(&term, Shape::SCALAR, 0, 0).times(k));
        }
        Some(())
    }

    /// A product of which parts are shared with others.
    pub(super) fn shared_product(&mut self, x: Id) -> Option<Entry<'s>> {
        let product = self.pass.sharing.products.get(&x)?.clone();
        let mut list = vec![];
        for factor in product.factors {
            list.push((self.factor(factor)?, Ratio::ONE));
        }
        for (y, p) in product.others {
            list.push((self.factor(Factor::Of(y))?, p));
        }
        Some(self.monomial(&list))
    }

    fn factor(&mut self, factor: Factor) -> Option<Entry<'s>> {
        Some(match factor {
            Factor::Of(y) => {
                let value = self.value(y)?;
                self.entry(&value, Shape::SCALAR, 0, 0)
            }
            Factor::Reciprocal(y) => {
                let base = self.factor(Factor::Of(y))?;
                self.monomial(&[(base, Ratio::MINUS_ONE)])
            }
            Factor::Pair(k) => {
                let [a, b] = self.pass.sharing.pairs[k];
                let (a, b) = (self.factor(a)?, self.factor(b)?);
                self.product(a, b)
            }
        })
    }

    pub(super) fn product(&self, a: Entry<'s>, b: Entry<'s>) -> Entry<'s> {
        self.monomial(&[(a, Ratio::ONE), (b, Ratio::ONE)])
    }

    pub(super) fn root(&self, a: Entry<'s>) -> Entry<'s> {
        self.monomial(&[(a, Ratio::HALF)])
    }
}

/// Multiplies xᵖ into a product. A power and a reciprocal of one base are left apart: where it is 0 they are no 1.
fn with_power<'s>(list: &mut Weighted<'s>, x: Expr<'s>, p: Ratio) {
    match list.iter_mut().find(|(y, q)| *y == x && q.is_negative() == p.is_negative()) {
        Some((_, q)) => *q = q.plus(p),
        None => list.push((x, p)),
    }
}
