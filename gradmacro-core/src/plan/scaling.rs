//! Where a scalar factor is multiplied: into the smallest of the matrices of a product.

use super::cost::size;
use super::lower::Lowering;
use super::products::multiplied;
use crate::ir::{Data, Expr, Ratio, Shape};
use crate::ops::arithmetic::SCALE;
use crate::ops::lowered::FILL;
use crate::ops::products::PRODUCT;

impl<'c, 's> Lowering<'c, 's> {
    /// s·X; `number` is the factor if it is one.
    pub(super) fn scaled(&mut self, s: Expr<'s>, x: Expr<'c>, number: Option<Ratio>) -> Expr<'s> {
        if x.is_ones() {
            return fill(s, x.shape());
        }
        let times = |y: Expr<'s>| match number {
            _ if y.is_ones() && !y.is_scalar() => fill(s, y.shape()),
            Some(k) => y.times(k),
            None if y.is_scalar() => s.hadamard(y),
            None => y.graph.apply(&SCALE, Data::None, &[s, y], y.shape()),
        };
        match outer_factors(x) {
            Some((left, right)) => {
                let (left, right) = (self.lower_factors(&left), self.lower_factors(&right));
                multiplied(times(left), right)
            }
            None => times(self.lower(x)),
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

type Factors<'c> = Vec<Expr<'c>>;

/// The two sides of a product that has a width smaller than itself: a rank-one matrix, mostly.
fn outer_factors(x: Expr<'_>) -> Option<(Factors<'_>, Factors<'_>)> {
    let f = if x.is(&PRODUCT) { x.operands() } else { return None };
    let left = |k: usize| size(Shape::of(f[0].shape().rows, f[k].shape().columns));
    let k = (0..f.len() - 1).min_by_key(|k| left(*k))?;
    (left(k) < size(x.shape())).then(|| (f[..=k].to_vec(), f[k + 1..].to_vec()))
}
