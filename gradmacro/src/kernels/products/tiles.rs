//! Tiles: a block of rows by a few columns of a product, whose sums stay in registers while the inner index runs.

use super::lanes::{Lanes, ROWS, SUMS, THREE_OPERANDS, keep_apart};
use crate::kernels::Field;

/// Results of so many entries stay in registers as a whole: they are left to the compiler, column by column.
pub(super) const UNROLLED: usize = 16;

/// What a product does with what its result held before.
#[derive(Clone, Copy)]
pub(super) enum Start {
    /// Overwrites it.
    Fresh,
    /// Adds to it.
    Sum,
}

/// C = A B or C += A B, where `b(k, j)` is an entry of B.
#[inline(always)]
pub(super) fn multiply<T: Field, const M: usize, const K: usize, const N: usize>(
    c: &mut [[T; M]; N],
    start: Start,
    a: &[[T; M]; K],
    b: impl Fn(usize, usize) -> T,
    mul_add: &impl Fn(T, T, T) -> T,
) {
    if M * N <= UNROLLED {
        one_by_one(c, start, a, &b, mul_add);
    } else {
        in_tiles(c, start, a, &b, mul_add);
    }
}

/// Always inlined: whether the compiler inlines a small product depends on how many others the program has, and one that
/// it does not inline takes twice the time.
#[inline(always)]
fn one_by_one<T: Field, const M: usize, const K: usize, const N: usize>(
    c: &mut [[T; M]; N],
    start: Start,
    a: &[[T; M]; K],
    b: &impl Fn(usize, usize) -> T,
    mul_add: &impl Fn(T, T, T) -> T,
) {
    for j in 0..N {
        columns::<T, 1, SUMS, M, K, N>(c, start, a, b, j, mul_add);
    }
}

#[inline]
fn in_tiles<T: Field, const M: usize, const K: usize, const N: usize>(
    c: &mut [[T; M]; N],
    start: Start,
    a: &[[T; M]; K],
    b: &impl Fn(usize, usize) -> T,
    mul_add: &impl Fn(T, T, T) -> T,
) {
    if !THREE_OPERANDS {
        return one_by_one(c, start, a, b, mul_add);
    }
    for four in 0..N / 4 {
        columns::<T, 4, ROWS, M, K, N>(c, start, a, b, 4 * four, mul_add);
    }
    if N % 4 >= 2 {
        columns::<T, 2, ROWS, M, K, N>(c, start, a, b, N / 4 * 4, mul_add);
    }
    if N % 2 == 1 {
        columns::<T, 1, SUMS, M, K, N>(c, start, a, b, N - 1, mul_add);
    }
}

/// The `J` columns of C from `j` on, `L` rows at a time, a power of two of at most 32; then the rest by its binary digits.
#[inline(always)]
fn columns<T: Field, const J: usize, const L: usize, const M: usize, const K: usize, const N: usize>(
    c: &mut [[T; M]; N],
    start: Start,
    a: &[[T; M]; K],
    b: &impl Fn(usize, usize) -> T,
    j: usize,
    mul_add: &impl Fn(T, T, T) -> T,
) {
    if M <= L {
        return tile::<T, M, J, M, K, N>(c, start, a, b, (0, j), mul_add);
    }
    for block in 0..M / L {
        tile::<T, L, J, M, K, N>(c, start, a, b, (L * block, j), mul_add);
    }
    let rest = M % L;
    if rest & 16 != 0 {
        tile::<T, 16, J, M, K, N>(c, start, a, b, (M / 32 * 32, j), mul_add);
    }
    if rest & 8 != 0 {
        tile::<T, 8, J, M, K, N>(c, start, a, b, (M / 16 * 16, j), mul_add);
    }
    if rest & 4 != 0 {
        tile::<T, 4, J, M, K, N>(c, start, a, b, (M / 8 * 8, j), mul_add);
    }
    if rest & 2 != 0 {
        tile::<T, 2, J, M, K, N>(c, start, a, b, (M / 4 * 4, j), mul_add);
    }
    if rest & 1 != 0 {
        tile::<T, 1, J, M, K, N>(c, start, a, b, (M - 1, j), mul_add);
    }
}

/// The block of `L` rows and `J` columns of C whose first entry is at `(i, j)`.
#[inline(always)]
fn tile<T: Field, const L: usize, const J: usize, const M: usize, const K: usize, const N: usize>(
    c: &mut [[T; M]; N],
    start: Start,
    a: &[[T; M]; K],
    b: &impl Fn(usize, usize) -> T,
    (i, j): (usize, usize),
    mul_add: &impl Fn(T, T, T) -> T,
) {
    if M * N > UNROLLED {
        keep_apart();
    }
    let first = Lanes::<T, L>::load(&a[0], i);
    let mut sums = [first; J];
    for (s, sum) in sums.iter_mut().enumerate() {
        *sum = match start {
            Start::Fresh => first.scale(b(0, j + s)),
            Start::Sum => Lanes::load(&c[j + s], i).add_scaled(first, b(0, j + s), mul_add),
        };
    }
    let mut columns = a.iter().enumerate();
    columns.next();
    for (k, column) in columns {
        if J == 1 && M * N > UNROLLED {
            keep_apart();
        }
        let column = Lanes::load(column, i);
        for (s, sum) in sums.iter_mut().enumerate() {
            *sum = sum.add_scaled(column, b(k, j + s), mul_add);
        }
    }
    for (s, sum) in sums.into_iter().enumerate() {
        sum.store(&mut c[j + s], i);
    }
}
