//! Where a scalar factor is multiplied: into the smallest of the matrices of a product.

use super::cost::size;
use super::lower::{Lowering, transposed};
use super::products::multiplied;
use super::sums::{collected, diagonal_of, spread, sum_on_diagonal};
use crate::algebra;
use crate::ir::{Data, Expr, Ratio, Shape, Weighted};
use crate::ops::arithmetic::SCALE;
use crate::ops::lowered::{ADD_DIAGONAL, FILL};
use crate::ops::products::{KRONECKER, PRODUCT};
use crate::ops::structure::{DIAGONAL_MATRIX, ENTRIES, IDENTITY, LOWER, SCATTER, TRANSPOSE, UPPER};

impl<'c, 's> Lowering<'c, 's> {
    /// s·X; `number` is the factor if it is one.
    pub(super) fn scaled(&mut self, s: Expr<'s>, x: Expr<'c>, number: Option<Ratio>) -> Expr<'s> {
        if x.is_ones() {
            return fill(s, x.shape());
        }
        if x.is(&SCALE) && is_smaller_inside(x.operand(1)) && !self.made.contains_key(&x.id) {
            let factor = self.lower(x.operand(0));
            let both = number.map_or_else(|| s.hadamard(factor), |k| factor.times(k));
            return self.scaled(both, x.operand(1), None);
        }
        if algebra::is_placed(x) {
            return self.scaled_places(s, x, number);
        }
        if let (Some(inner), Some(op)) = (inner_of(x).filter(|_| is_smaller_inside(x)), x.node().op()) {
            let inside = self.scaled(s, inner, number);
            return self.target.apply(op, Data::None, &[inside], x.shape());
        }
        if let Some(scaled) = self.scaled_cheaply(s, x, number) {
            return scaled;
        }
        let times = |y: Expr<'s>| match number {
            _ if y.is_ones() && !y.is_scalar() => fill(s, y.shape()),
            Some(k) => y.times(k),
            None if y.is_scalar() => s.hadamard(y),
            None => y.graph.apply(&SCALE, Data::None, &[s, y], y.shape()),
        };
        let times = |lowering: &mut Self, y: Expr<'s>| {
            // A product takes a transpose as it is, if that is the last thing done to its factor.
            let inner = if y.is(&TRANSPOSE) { y.operand(0) } else { y };
            let scaled = times(inner);
            if number.is_none() {
                lowering.guard_part(scaled);
            }
            if y.is(&TRANSPOSE) { transposed(scaled) } else { scaled }
        };
        match outer_factors(x) {
            Some((left, right)) => {
                let (left, right) = (self.lower_factors(&left), self.lower_factors(&right));
                match size(right.shape()) < size(left.shape()) {
                    true => multiplied(left, times(self, right)),
                    false => multiplied(times(self, left), right),
                }
            }
            None => {
                let whole = self.lower(x);
                times(self, whole)
            }
        }
    }

    /// s (A ⊗ B) and s (λ I + u vᵀ), where the scalar touches fewer entries inside.
    fn scaled_cheaply(&mut self, s: Expr<'s>, x: Expr<'c>, number: Option<Ratio>) -> Option<Expr<'s>> {
        let shape = x.shape();
        if x.is(&KRONECKER) {
            let (a, b) = (x.operand(0), x.operand(1));
            let first = b.is(&IDENTITY) || !a.is(&IDENTITY) && size(a.shape()) <= size(b.shape());
            let (a, b) = match first {
                true => (self.scaled(s, a, number), self.lower(b)),
                false => (self.lower(a), self.scaled(s, b, number)),
            };
            return Some(self.target.apply(&KRONECKER, Data::None, &[a, b], shape));
        }
        let list = algebra::as_terms(x);
        let cheap = |y: Expr<'c>| {
            let body = if y.is(&SCALE) { y.operand(1) } else { y };
            is_smaller_inside(body) || diagonal_of(body).is_some()
        };
        if list.len() < 2
            || shape.is_scalar()
            || self.made.contains_key(&x.id)
            || !list.iter().all(|(y, _)| cheap(*y))
        {
            return None;
        }
        let (diagonal, rest): (Weighted<'c>, Weighted<'c>) =
            list.into_iter().partition(|(y, _)| diagonal_of(*y).is_some());
        let mut terms = Weighted::new();
        for (y, k) in rest {
            let sign = if k.is_negative() { Ratio::MINUS_ONE } else { Ratio::ONE };
            let times = k.absolute();
            terms.push((self.scaled(s.times(times), y, number.map(|n| n.times(times))), sign));
        }
        let base = match terms[..] {
            [] => return None,
            [(only, Ratio::ONE)] => only,
            _ => self.target.combination(&terms, shape),
        };
        if diagonal.is_empty() {
            return Some(base);
        }
        let on = sum_on_diagonal(&diagonal, shape);
        let added = self.scaled(s, on, number);
        Some(self.target.apply(&ADD_DIAGONAL, Data::None, &[base, added], shape))
    }

    /// s·X for an X that is zero but for some entries and blocks: only these are scaled.
    fn scaled_places(&mut self, s: Expr<'s>, x: Expr<'c>, number: Option<Ratio>) -> Expr<'s> {
        let target = self.target;
        match () {
            () if x.is(&TRANSPOSE) => transposed(self.scaled_places(s, x.operand(0), number)),
            () if x.is(&SCATTER) => {
                let inner = self.scaled(s, x.operand(0), number);
                let (row, column) = (self.lower(x.operand(1)), self.lower(x.operand(2)));
                inner.scatter(row, column, x.shape())
            }
            () if x.is(&ENTRIES) => {
                let scaled: Vec<Expr<'s>> =
                    x.operands().into_iter().map(|y| self.scaled(s, y, number)).collect();
                target.apply(&ENTRIES, x.node().data().clone(), &scaled, x.shape())
            }
            () if x.is(&SCALE) => {
                let factor = self.lower(x.operand(0));
                let both = number.map_or_else(|| s.hadamard(factor), |k| factor.times(k));
                self.scaled(both, x.operand(1), None)
            }
            () => {
                let list = collected(spread(x.weighted()));
                let terms: Weighted<'s> =
                    list.into_iter().map(|(y, k)| (self.scaled(s, y, number), k)).collect();
                match terms[..] {
                    [(only, Ratio::ONE)] => only,
                    _ => target.combination(&terms, x.shape()),
                }
            }
        }
    }

    fn lower_factors(&mut self, f: &[Expr<'c>]) -> Expr<'s> {
        if let [only] = f { self.lower(*only) } else { self.chain(f) }
    }
}

/// The scalar in every entry.
fn fill<'s>(s: Expr<'s>, shape: Shape) -> Expr<'s> {
    if shape.is_scalar() { s } else { s.graph.apply(&FILL, Data::None, &[s], shape) }
}

/// Is a scalar better multiplied into a factor than into the whole?
pub(super) fn is_smaller_inside(x: Expr<'_>) -> bool {
    outer_factors(x).is_some() || x.is(&DIAGONAL_MATRIX) || inner_of(x).is_some_and(is_smaller_inside)
}

/// The operand of a triangle or of a diagonal matrix, which a scalar may as well be multiplied into.
fn inner_of(x: Expr<'_>) -> Option<Expr<'_>> {
    (x.is(&LOWER) || x.is(&UPPER) || x.is(&DIAGONAL_MATRIX)).then(|| x.operand(0))
}

type Factors<'c> = Vec<Expr<'c>>;

/// The two sides of a product that has a width smaller than itself: a rank-one matrix, mostly.
fn outer_factors(x: Expr<'_>) -> Option<(Factors<'_>, Factors<'_>)> {
    let f = if x.is(&PRODUCT) { x.operands() } else { return None };
    let left = |k: usize| size(Shape::of(f[0].shape().rows, f[k].shape().columns));
    let k = (0..f.len() - 1).min_by_key(|k| left(*k))?;
    (left(k) < size(x.shape())).then(|| (f[..=k].to_vec(), f[k + 1..].to_vec()))
}
