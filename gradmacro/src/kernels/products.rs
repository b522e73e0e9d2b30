//! Products of matrices, A B, AᵀB and A Bᵀ, fresh or added to a matrix, and sums of products of entries.
//!
//! A vector is a matrix of one column, an outer product one whose inner size is 1: the same kernels, folded on their
//! constant sizes. `mul_add(a, b, c)` is a b + c with one rounding; it is called only where that is one instruction.
//! The inner size is at least 1.
//!
//! Every entry of a result is a sum of K products in some order, so the error of a product computed here is at most
//! γ_K |A| |B|, entry by entry, where γ_K = K u / (1 − K u) and u is the unit roundoff; γ_(K + 1) (|C| + |A| |B|) where
//! it is added to C. (Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., § 3.5)

mod dots;
mod lanes;
mod tiles;

use super::Field;
use dots::{dot, inner_product};
pub(super) use lanes::THREE_OPERANDS;
use lanes::{in_memory, keep_apart, operand};
use tiles::{Start, UNROLLED, multiply};

/// A B for A of M×K and B of K×N entries.
#[inline(always)]
#[must_use]
pub fn product<T: Field, const M: usize, const K: usize, const N: usize>(
    a: &[[T; M]; K],
    b: &[[T; K]; N],
    mul_add: impl Fn(T, T, T) -> T,
) -> [[T; M]; N] {
    let mut c = [[a[0][0]; M]; N];
    set_product(&mut c, a, b, mul_add);
    c
}

/// A Bᵀ for A of M×K and B of N×K entries.
#[inline(always)]
#[must_use]
pub fn product_tr<T: Field, const M: usize, const K: usize, const N: usize>(
    a: &[[T; M]; K],
    b: &[[T; N]; K],
    mul_add: impl Fn(T, T, T) -> T,
) -> [[T; M]; N] {
    let mut c = [[a[0][0]; M]; N];
    set_product_tr(&mut c, a, b, mul_add);
    c
}

/// AᵀB for A of K×M and B of K×N entries.
#[inline(always)]
#[must_use]
pub fn tr_product<T: Field, const M: usize, const K: usize, const N: usize>(
    a: &[[T; K]; M],
    b: &[[T; K]; N],
    mul_add: impl Fn(T, T, T) -> T,
) -> [[T; M]; N] {
    let mut c = [[a[0][0]; M]; N];
    set_tr_product(&mut c, a, b, mul_add);
    c
}

/// C = A B, whatever C was: where there is a place for the result, nothing is written twice or moved.
#[inline(always)]
pub fn set_product<T: Field, const M: usize, const K: usize, const N: usize>(
    c: &mut [[T; M]; N],
    a: &[[T; M]; K],
    b: &[[T; K]; N],
    mul_add: impl Fn(T, T, T) -> T,
) {
    if K == 1 {
        set_outer(c, &a[0], |j| b[j][0]);
    } else {
        let (a, b) = (operand(a), operand(b));
        multiply(c, Start::Fresh, a, |k, j| b[j][k], &mul_add);
    }
}

/// C = A Bᵀ, whatever C was.
#[inline(always)]
pub fn set_product_tr<T: Field, const M: usize, const K: usize, const N: usize>(
    c: &mut [[T; M]; N],
    a: &[[T; M]; K],
    b: &[[T; N]; K],
    mul_add: impl Fn(T, T, T) -> T,
) {
    if K == 1 {
        set_outer(c, &a[0], |j| b[0][j]);
    } else {
        let (a, b) = (operand(a), operand(b));
        multiply(c, Start::Fresh, a, |k, j| b[k][j], &mul_add);
    }
}

/// C = AᵀB, whatever C was.
#[inline(always)]
pub fn set_tr_product<T: Field, const M: usize, const K: usize, const N: usize>(
    c: &mut [[T; M]; N],
    a: &[[T; K]; M],
    b: &[[T; K]; N],
    mul_add: impl Fn(T, T, T) -> T,
) {
    if !by_dots(K, M, N) {
        set_product(c, in_memory(&transposed(a)), b, mul_add);
    } else {
        each_dot(a, b, &mul_add, |i, j, sum| c[j][i] = sum);
    }
}

/// C += A B for A of M×K and B of K×N entries.
#[inline(always)]
pub fn add_product<T: Field, const M: usize, const K: usize, const N: usize>(
    c: &mut [[T; M]; N],
    a: &[[T; M]; K],
    b: &[[T; K]; N],
    mul_add: impl Fn(T, T, T) -> T,
) {
    let (a, b) = (operand(a), operand(b));
    multiply(c, Start::Sum, a, |k, j| b[j][k], &mul_add);
}

/// C += A Bᵀ for A of M×K and B of N×K entries.
#[inline(always)]
pub fn add_product_tr<T: Field, const M: usize, const K: usize, const N: usize>(
    c: &mut [[T; M]; N],
    a: &[[T; M]; K],
    b: &[[T; N]; K],
    mul_add: impl Fn(T, T, T) -> T,
) {
    let (a, b) = (operand(a), operand(b));
    multiply(c, Start::Sum, a, |k, j| b[k][j], &mul_add);
}

/// C += AᵀB for A of K×M and B of K×N entries.
#[inline(always)]
pub fn add_tr_product<T: Field, const M: usize, const K: usize, const N: usize>(
    c: &mut [[T; M]; N],
    a: &[[T; K]; M],
    b: &[[T; K]; N],
    mul_add: impl Fn(T, T, T) -> T,
) {
    if !by_dots(K, M, N) {
        let (a, b) = (&transposed(a), operand(b));
        return multiply(c, Start::Sum, in_memory(a), |k, j| b[j][k], &mul_add);
    }
    each_dot(a, b, &mul_add, |i, j, sum| c[j][i] = c[j][i] + sum);
}

/// ⟨A, B⟩ = tr AᵀB, the sum of the products of the entries of two R×C matrices. The error is at most
/// γ_(R C) ⟨|A|, |B|⟩.
#[inline]
#[must_use]
pub fn inner<T: Field, const R: usize, const C: usize>(
    a: &[[T; R]; C],
    b: &[[T; R]; C],
    mul_add: impl Fn(T, T, T) -> T,
) -> T {
    inner_product(a, b, &mul_add)
}

/// AᵀA for A of K×N entries, exactly symmetric.
#[inline]
#[must_use]
pub fn gram<T: Field, const K: usize, const N: usize>(
    a: &[[T; K]; N],
    mul_add: impl Fn(T, T, T) -> T,
) -> [[T; N]; N] {
    // A product computes the entries ij and ji alike: the same terms in the same order.
    if N * N <= UNROLLED {
        return tr_product(a, a, mul_add);
    }
    let mut c = [[a[0][0]; N]; N];
    for (i, (column, a_i)) in c.iter_mut().zip(a).enumerate() {
        for (entry, a_j) in column.iter_mut().zip(a).take(i + 1) {
            keep_apart();
            *entry = dot(a_i, a_j, &mul_add);
        }
    }
    for i in 1..N {
        let (before, from) = c.split_at_mut(i);
        if let Some(column) = from.first() {
            keep_apart();
            for (earlier, &entry) in before.iter_mut().zip(column) {
                earlier[i] = entry;
            }
        }
    }
    c
}

/// Whether the M×N entries of AᵀB are computed one by one. Else A is transposed first.
#[inline(always)]
const fn by_dots(k: usize, m: usize, n: usize) -> bool {
    n == 1 || k >= 16 && m * n <= UNROLLED
}

/// The outer product of `u` and the `v(j)`.
#[inline]
fn set_outer<T: Field, const M: usize, const N: usize>(
    c: &mut [[T; M]; N],
    u: &[T; M],
    v: impl Fn(usize) -> T,
) {
    for (j, column) in c.iter_mut().enumerate() {
        if M * N > 4 * UNROLLED {
            keep_apart();
        }
        let factor = v(j);
        for (entry, &u) in column.iter_mut().zip(u) {
            *entry = u * factor;
        }
    }
}

/// Aᵀ.
#[inline(always)]
fn transposed<T: Copy, const R: usize, const C: usize>(a: &[[T; R]; C]) -> [[T; C]; R] {
    let mut t = [[a[0][0]; C]; R];
    for (i, column) in t.iter_mut().enumerate() {
        if R * C > UNROLLED {
            keep_apart();
        }
        for (v, a) in column.iter_mut().zip(a) {
            *v = a[i];
        }
    }
    t
}

/// Calls `with(i, j, sum)` with the sum of products of column `i` of A and column `j` of B, for all of them.
#[inline(always)]
fn each_dot<T: Field, const M: usize, const K: usize, const N: usize>(
    a: &[[T; K]; M],
    b: &[[T; K]; N],
    mul_add: &impl Fn(T, T, T) -> T,
    mut with: impl FnMut(usize, usize, T),
) {
    for (j, b) in b.iter().enumerate() {
        for (i, a) in a.iter().enumerate() {
            if K >= 8 {
                keep_apart();
            }
            with(i, j, dot(a, b, mul_add));
        }
    }
}
