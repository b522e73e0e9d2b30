//! Entrywise products of powers: norms, and products that contain one that is at hand.

use super::lower::Lowering;
use crate::ir::{Expr, Ratio, Weighted};
use crate::ops::exponential::LOGISTIC;
use crate::ops::lowered::{LOGISTIC_FROM, LOGISTIC_SLOPE, LOGISTIC_SLOPE_FROM, NORM, NORM_SQUARED};

impl<'c, 's> Lowering<'c, 's> {
    /// ⊙ Xᵢ^pᵢ, with ‖x‖ where a half-integral power of xᵀx stands.
    pub(super) fn powers(&mut self, x: Expr<'c>) -> Expr<'s> {
        let mut factors = vec![];
        for (base, p) in x.weighted() {
            let twice = p.plus(p);
            let lowered = self.lower(base);
            let half = !p.is_integer() && twice.is_integer();
            let at_hand = half || self.norms.contains(&lowered.id);
            let norm = at_hand.then(|| norm_of(lowered)).flatten();
            self.norms.extend(norm.map(|_| lowered.id));
            let factor = norm.map_or((lowered, p), |n| (n, twice));
            if self.poles.contains(&base.id) {
                self.excused.insert(factor.0.id);
            }
            factors.push(factor);
        }
        let factors = with_slopes(factors);
        let shorter = self.with_products_at_hand(&factors, x);
        let y = match shorter[..] {
            [(only, Ratio::ONE)] => only,
            _ => self.target.powers(&shorter, x.shape()),
        };
        if factors.len() > 1 || factors.iter().any(|(_, p)| *p != Ratio::ONE) {
            self.monomials.push((y, factors));
        }
        self.guard(x, y);
        y
    }

    /// The same product with the largest products that have been computed in the place of their factors.
    fn with_products_at_hand(&self, factors: &Weighted<'s>, x: Expr<'c>) -> Weighted<'s> {
        let mut left = factors.clone();
        let mut found = vec![];
        loop {
            let fits =
                self.monomials.iter().filter(|(y, own)| y.shape() == x.shape() && contains(&left, own));
            let Some((y, own)) = fits.max_by_key(|(_, own)| degree(own)) else { break };
            for (base, p) in own {
                if let Some(factor) = left.iter_mut().find(|factor| factor.0 == *base) {
                    factor.1 = factor.1.plus(p.negated());
                }
            }
            left.retain(|factor| !factor.1.is_zero());
            found.push((*y, Ratio::ONE));
        }
        [found, left].concat()
    }
}

/// Are all these factors among the others, as whole powers? A reciprocal may need care that the other did not.
fn contains(all: &Weighted<'_>, some: &Weighted<'_>) -> bool {
    let whole = |p: Ratio| p.is_integer() && !p.is_negative();
    some.iter().all(|(base, p)| {
        let own = all.iter().find(|factor| factor.0 == *base).map(|factor| factor.1);
        own.is_some_and(|own| whole(own) && whole(*p) && p.value() <= own.value())
    })
}

fn degree(factors: &Weighted<'_>) -> i32 {
    factors.iter().filter_map(|(_, p)| p.integer()).sum()
}

/// σ(u) ⊙ σ(−u) as one function, which takes one exponential.
fn with_slopes(mut factors: Weighted<'_>) -> Weighted<'_> {
    let argument = |x: Expr<'_>| (x.is(&LOGISTIC) || x.is(&LOGISTIC_FROM)).then(|| x.operand(0).id);
    let pair = factors.iter().enumerate().find_map(|(k, (x, _))| {
        let mirrored = argument(*x).filter(|_| x.operand(0).multiple().1 == Ratio::MINUS_ONE)?;
        let upright = x.graph.expr(mirrored).multiple().0.id;
        Some((k, factors.iter().position(|(y, _)| argument(*y) == Some(upright))?))
    });
    let Some((minus, plus)) =
        pair.filter(|(k, j)| factors[*k].1 == Ratio::ONE && factors[*j].1 == Ratio::ONE)
    else {
        return factors;
    };
    let slope = match factors[plus].0.operands()[..] {
        [_, decay] => decay.apply(&LOGISTIC_SLOPE_FROM),
        _ => factors[plus].0.operand(0).apply(&LOGISTIC_SLOPE),
    };
    factors[plus] = (slope, Ratio::ONE);
    factors.remove(minus);
    factors
}

fn norm_of(x: Expr<'_>) -> Option<Expr<'_>> {
    x.is(&NORM_SQUARED).then(|| x.operand(0).reduce(&NORM))
}
