//! What partial and complete pivoting share: the search, the exchanges and one step of elimination.
//!
//! Order and rounding are those of nalgebra's `LU` and `FullPivLU`, so a pivot is exactly zero here where it is there.

use core::array::from_fn;
use core::ops::Range;

use super::triangular::{Diagonal, each_step, lower, reciprocals, subtract, upper};
use super::{Field, identity, is_zero, magnitude};

/// Exchanges entries `i` and `j`.
///
/// The test never fails; it shows the compiler that no index is out of bounds.
#[inline]
pub(super) fn exchange<E, const N: usize>(x: &mut [E; N], i: usize, j: usize) {
    if i < N && j < N {
        x.swap(i, j);
    }
}

/// A permutation as a sequence of exchanges: entry `i` with entry `self.0[i]`, for `i` from first to last.
#[derive(Clone, Copy, Debug)]
pub(super) struct Exchanges<const N: usize>([usize; N]);

impl<const N: usize> Exchanges<N> {
    /// No exchange at all.
    #[inline]
    pub(super) fn none() -> Self {
        Self(from_fn(|i| i))
    }

    /// Makes `i` and `j` exchange places in step `i`.
    #[inline]
    pub(super) fn set(&mut self, i: usize, j: usize) {
        if let Some(entry) = self.0.get_mut(i) {
            *entry = j;
        }
    }

    /// Applies the permutation: to rows where `x` is a column, to columns where it is a matrix.
    #[inline]
    pub(super) fn apply<E>(&self, x: &mut [E; N]) {
        for (i, &j) in self.0.iter().enumerate() {
            exchange(x, i, j);
        }
    }

    /// Applies the inverse permutation.
    #[inline]
    pub(super) fn undo<E>(&self, x: &mut [E; N]) {
        for (i, &j) in self.0.iter().enumerate().rev() {
            exchange(x, i, j);
        }
    }

    /// The determinant of the permutation, 1 or −1.
    #[inline]
    pub(super) fn sign<T: Field>(&self, one: T) -> T {
        self.0.iter().enumerate().fold(one, |sign, (i, &j)| if i == j { sign } else { -sign })
    }
}

/// The candidate for a pivot: its row, its column and its magnitude.
#[derive(Clone, Copy)]
pub(super) struct Pivot<T> {
    /// The row.
    pub(super) row: usize,
    /// The column.
    pub(super) column: usize,
    /// The magnitude.
    magnitude: T,
}

/// The first entry, by columns, that is largest in magnitude in rows `i..` and columns `columns` from `i` on, or `None`
/// if all are zero.
///
/// A NaN is passed over, unless it stands first, as in nalgebra.
#[inline]
pub(super) fn largest<T: Field, const N: usize>(
    a: &[[T; N]; N],
    i: usize,
    columns: Range<usize>,
) -> Option<Pivot<T>> {
    // Always some, here and below: an index would be a panic where the call is not inlined.
    let first = a.get(i)?.get(i)?;
    let mut best = Pivot { row: i, column: i, magnitude: magnitude(*first) };
    for column in columns {
        for (row, &v) in a.get(column)?.iter().enumerate().skip(i) {
            // Unlike `magnitude` this is one instruction, a maximum.
            let magnitude = if v > -v { v } else { -v };
            if magnitude > best.magnitude {
                best = Pivot { row, column, magnitude };
            }
        }
    }
    if is_zero(best.magnitude) { None } else { Some(best) }
}

/// Eliminates column `i` below its pivot, which stands at (i, i) already.
///
/// The multipliers take the place of the zeros. They are products with the reciprocal of the pivot, as in nalgebra.
#[inline]
pub(super) fn eliminate<T: Field, const N: usize>(a: &mut [[T; N]; N], i: usize, one: T) {
    // Never so: it shows the compiler that no index is out of bounds.
    if i >= N {
        return;
    }
    let (done, rest) = a.split_at_mut(i + 1);
    let multipliers = &mut done[i];
    let reciprocal = one / multipliers[i];
    for v in &mut multipliers[i + 1..] {
        *v = *v * reciprocal;
    }
    for column in rest {
        let c = column[i];
        subtract(&mut column[i + 1..], c, &multipliers[i + 1..]);
    }
}

/// (LU)⁻¹.
#[inline]
pub(super) fn inverse<T: Field, const N: usize>(lu: &[[T; N]; N], one: T) -> [[T; N]; N] {
    let (mut x, reciprocals) = (identity(one), reciprocals(lu, one));
    each_step!(N, |j| {
        lower(lu, &mut x[j], j, Diagonal::Unit);
        upper(lu, &reciprocals, &mut x[j]);
    });
    x
}
