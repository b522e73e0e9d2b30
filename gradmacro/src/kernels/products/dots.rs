//! Sums of products of two columns, in lanes.

use super::lanes::{Lanes, THREE_OPERANDS, multiply_add};
use crate::kernels::Field;

/// Σ aₖ bₖ over the `K` entries of two columns.
#[inline(always)]
pub(super) fn dot<T: Field, const K: usize>(a: &[T; K], b: &[T; K], mul_add: &impl Fn(T, T, T) -> T) -> T {
    if K >= 16 {
        let sums = rest::<T, 4, K>(whole::<T, 8, K>(a, b, mul_add).halve(), a, b, mul_add);
        let sums = rest::<T, 2, K>(sums.halve(), a, b, mul_add);
        rest::<T, 1, K>(sums.halve(), a, b, mul_add).single()
    } else if K >= 8 {
        let sums = rest::<T, 2, K>(whole::<T, 4, K>(a, b, mul_add).halve(), a, b, mul_add);
        rest::<T, 1, K>(sums.halve(), a, b, mul_add).single()
    } else if K >= 4 && !THREE_OPERANDS {
        rest::<T, 1, K>(whole::<T, 2, K>(a, b, mul_add).halve(), a, b, mul_add).single()
    } else {
        (1..K).fold(a[0] * b[0], |sum, k| multiply_add(a[k], b[k], sum, mul_add))
    }
}

/// The products in groups of `L`, which is at most `K`, added up lane by lane.
#[inline(always)]
fn whole<T: Field, const L: usize, const K: usize>(
    a: &[T; K],
    b: &[T; K],
    mul_add: &impl Fn(T, T, T) -> T,
) -> Lanes<T, L> {
    let first = Lanes::load(a, 0).times(Lanes::load(b, 0));
    (1..K / L).fold(first, |sums, group| {
        sums.add_products(Lanes::load(a, L * group), Lanes::load(b, L * group), mul_add)
    })
}

/// `sums` with one group of `L` products more, a power of two, if so many are left after groups of 2 `L`.
#[inline(always)]
fn rest<T: Field, const L: usize, const K: usize>(
    sums: Lanes<T, L>,
    a: &[T; K],
    b: &[T; K],
    mul_add: &impl Fn(T, T, T) -> T,
) -> Lanes<T, L> {
    if K & L == 0 {
        return sums;
    }
    let from = K / (2 * L) * (2 * L);
    sums.add_products(Lanes::load(a, from), Lanes::load(b, from), mul_add)
}

/// Σ aᵢⱼ bᵢⱼ over the entries of two matrices.
#[inline(always)]
pub(super) fn inner_product<T: Field, const R: usize, const C: usize>(
    a: &[[T; R]; C],
    b: &[[T; R]; C],
    mul_add: &impl Fn(T, T, T) -> T,
) -> T {
    if C == 1 || R * C < 8 {
        let first = dot(&a[0], &b[0], mul_add);
        return a.iter().zip(b).skip(1).fold(first, |sum, (a, b)| sum + dot(a, b, mul_add));
    }
    let ((a, a_rest), (b, b_rest)) = (a.as_flattened().as_chunks::<8>(), b.as_flattened().as_chunks::<8>());
    let first = Lanes::new(a[0]).times(Lanes::new(b[0]));
    let sums = a
        .iter()
        .zip(b)
        .skip(1)
        .fold(first, |sums, (&a, &b)| sums.add_products(Lanes::new(a), Lanes::new(b), mul_add));
    let sum = sums.halve::<4>().halve::<2>().halve::<1>().single();
    a_rest.iter().zip(b_rest).fold(sum, |sum, (&a, &b)| multiply_add(a, b, sum, mul_add))
}
