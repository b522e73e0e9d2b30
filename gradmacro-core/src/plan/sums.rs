//! Linear combinations: where numbers are multiplied, what is collected, what only touches a diagonal.

use super::lower::Lowering;
use super::scaling::is_smaller_inside;
use super::stable::stable;
use crate::algebra;
use crate::ir::{Data, Expr, Ratio, Shape, Weighted};
use crate::ops::arithmetic::{SCALE, SUM};
use crate::ops::lowered::ADD_DIAGONAL;
use crate::ops::structure::{DIAGONAL_MATRIX, IDENTITY};

impl<'c, 's> Lowering<'c, 's> {
    pub(super) fn sum(&mut self, x: Expr<'c>) -> Expr<'s> {
        match x.weighted()[..] {
            [(y, _)] if y.is_ones() && y.is_scalar() => self.combination(x.weighted(), x.shape()),
            [(y, Ratio::MINUS_ONE)] => self.multiple(y, Ratio::MINUS_ONE),
            _ if let Some(minus) = self.made.get(&(-x).id).copied() => minus.times(Ratio::MINUS_ONE),
            [(y, k)] => self.multiple(y, k),
            _ => self.combination(x.weighted(), x.shape()),
        }
    }

    /// k y, with the number multiplied where it costs least.
    fn multiple(&mut self, y: Expr<'c>, k: Ratio) -> Expr<'s> {
        if y.is(&SCALE) {
            let factor = self.lower(y.operand(0)).times(k);
            let whole = self.scaled_in(y, factor);
            self.guard(y, whole);
            return whole;
        }
        let factor = self.target.number(k);
        self.scaled(factor, y, Some(k))
    }

    pub(super) fn combination(&mut self, list: Weighted<'c>, shape: Shape) -> Expr<'s> {
        let list = collected(spread(stable(list)));
        let on_diagonal = |(y, _): &(Expr<'c>, Ratio)| diagonal_of(*y).is_some();
        let (diagonal, rest): (Weighted<'c>, Weighted<'c>) = list.into_iter().partition(on_diagonal);
        if diagonal.is_empty() || rest.is_empty() || shape.is_scalar() {
            return self.dense(&[rest, diagonal].concat(), shape);
        }
        let base = self.dense(&rest, shape);
        let added = self.lower(sum_on_diagonal(&diagonal, shape));
        base.graph.apply(&ADD_DIAGONAL, Data::None, &[base, added], shape)
    }

    fn dense(&mut self, list: &[(Expr<'c>, Ratio)], shape: Shape) -> Expr<'s> {
        if let [(y, k)] = list
            && *k != Ratio::ONE
            && !shape.is_scalar()
        {
            return self.multiple(*y, *k);
        }
        let k = list.first().map_or(Ratio::ONE, |term| term.1.absolute());
        let cheap = |(y, _): &(Expr<'c>, Ratio)| y.is(&SCALE) || is_smaller_inside(*y);
        let common = list.len() > 1
            && list.iter().all(|(y, q)| q.absolute() == k && !y.is_ones())
            && !list.iter().all(cheap);
        // k a − k b takes one multiplication less as k (a − b).
        let outside = if common { k } else { Ratio::ONE };
        let mut terms: Weighted<'s> = vec![];
        for (y, q) in list.iter().map(|(y, q)| (*y, q.times(outside.reciprocal()))) {
            let sign = if q.is_negative() { Ratio::MINUS_ONE } else { Ratio::ONE };
            terms.push(match q.absolute() == Ratio::ONE || !cheap(&(y, q)) {
                true => (self.lower(y), q),
                false => (self.multiple(y, q.absolute()), sign),
            });
        }
        let sum = match terms[..] {
            [(only, Ratio::ONE)] => only,
            _ => self.target.combination(&terms, shape),
        };
        if outside == Ratio::ONE { sum } else { sum.times(outside) }
    }
}

/// Sums of blocks and entries join the sum that they are in, so that all are written into place.
pub(super) fn spread<'c>(list: Weighted<'c>) -> Weighted<'c> {
    let inner = |(y, k): (Expr<'c>, Ratio)| -> Weighted<'c> {
        let (factor, sum) = if y.is(&SCALE) { (y.operand(0), y.operand(1)) } else { (y.graph.int(1), y) };
        match sum.is(&SUM) && algebra::is_placed(sum) {
            true => spread(sum.weighted().into_iter().map(|(z, q)| (factor * z, q.times(k))).collect()),
            false => vec![(y, k)],
        }
    };
    list.into_iter().flat_map(inner).collect()
}

/// s x + k x as (s + k) x: one product of a matrix instead of two.
pub(super) fn collected(list: Weighted<'_>) -> Weighted<'_> {
    let split = |(y, k): (_, Ratio)| scalar_and_body(y, k);
    let parts: Vec<_> = list.iter().map(|term| split(*term)).collect();
    let mut out = Weighted::new();
    for (at, (_, body)) in parts.iter().enumerate() {
        let alike = |other: &(Expr<'_>, Expr<'_>)| other.1 == *body;
        if body.is_scalar() || parts.iter().filter(|part| alike(part)).count() < 2 {
            out.push(list[at]);
        } else if !parts[..at].iter().any(alike) {
            let scalars: Weighted<'_> =
                parts.iter().filter(|part| alike(part)).map(|part| (part.0, Ratio::ONE)).collect();
            let sum = body.graph.combination(&scalars, Shape::SCALAR);
            out.push((sum * *body, Ratio::ONE));
        }
    }
    out
}

fn scalar_and_body(y: Expr<'_>, k: Ratio) -> (Expr<'_>, Expr<'_>) {
    match y.is(&SCALE) {
        true => (y.operand(0).times(k), y.operand(1)),
        false => (y.graph.number(k), y),
    }
}

/// What stands on the diagonal of s I or diag(v), which is zero elsewhere.
pub(super) fn diagonal_of(y: Expr<'_>) -> Option<Expr<'_>> {
    match () {
        () if y.is(&IDENTITY) => Some(y.graph.int(1)),
        () if y.is(&DIAGONAL_MATRIX) => Some(y.operand(0)),
        () if y.is(&SCALE) => Some(y.operand(0) * diagonal_of(y.operand(1))?),
        () => None,
    }
}

/// All that is added on the diagonal: a scalar if it is the same everywhere.
pub(super) fn sum_on_diagonal<'c>(terms: &Weighted<'c>, shape: Shape) -> Expr<'c> {
    let on: Weighted<'c> = terms.iter().filter_map(|(y, k)| Some((diagonal_of(*y)?, *k))).collect();
    let graph = terms[0].0.graph;
    let column = Shape::column(shape.rows);
    let shape = if on.iter().all(|(d, _)| d.is_scalar()) { Shape::SCALAR } else { column };
    let filled: Weighted<'c> =
        on.into_iter().map(|(d, k)| (if d.is_scalar() { d.fill(shape) } else { d }, k)).collect();
    graph.combination(&filled, shape)
}
