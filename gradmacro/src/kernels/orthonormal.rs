//! Orthonormal columns, also where a matrix has not as many independent ones.

use super::jacobi::scale;
use super::{Field, is_nan, is_zero, magnitude, zero};

/// 4.
#[inline]
pub(super) fn four<T: Field>(one: T) -> T {
    one + one + one + one
}

/// √R.
#[inline]
pub(super) fn root_of_rows<T: Field, const R: usize>(one: T, sqrt: &impl Fn(T) -> T) -> T {
    sqrt([one; R].iter().fold(zero(one), |sum, &v| sum + v))
}

/// Makes zero what is left of columns that depend on longer ones: rounding, brought to length 1, has any direction.
#[inline]
pub(super) fn drop_noise<T: Field, const R: usize, const C: usize>(
    u: &mut [[T; R]; C],
    one: T,
    sqrt: &impl Fn(T) -> T,
) {
    let bound = four(one) * four(one) * root_of_rows::<T, R>(one, sqrt);
    for k in 0..C {
        let column = u[k];
        // False for a NaN, which is not to be hidden.
        let depends = u.iter().take(k).any(|longer| bound + magnitude(dot(longer, &column, one)) > bound);
        if depends {
            u[k] = [zero(one); R];
        }
    }
}

/// Gives the columns that are zero directions at right angles to all others.
#[inline]
pub(super) fn complete<T: Field, const R: usize, const C: usize>(
    u: &mut [[T; R]; C],
    one: T,
    sqrt: &impl Fn(T) -> T,
) {
    for k in 0..C {
        if u[k].iter().all(|&v| is_zero(v)) {
            u[k] = complement(u, one, sqrt);
        }
    }
}

/// A vector of length 1 at right angles to the columns of `u`, which have length 1 or 0.
#[inline]
fn complement<T: Field, const R: usize, const C: usize>(
    u: &[[T; R]; C],
    one: T,
    sqrt: &impl Fn(T) -> T,
) -> [T; R] {
    let zero = zero(one);
    // Of the coordinate vectors the one that is farthest from the span: that of the shortest row.
    let (mut farthest, mut shortest) = (0, one + one);
    for i in 0..R {
        let mut row = zero;
        for column in u {
            row = row + column[i] * column[i];
        }
        if row < shortest {
            (farthest, shortest) = (i, row);
        }
    }
    let mut x = [zero; R];
    if let Some(entry) = x.get_mut(farthest) {
        *entry = one;
    }
    // The second time removes what rounding left of the first. (Parlett, The Symmetric Eigenvalue Problem, § 6.9)
    for column in u.iter().chain(u) {
        let part = dot(column, &x, one);
        for (x, &u) in x.iter_mut().zip(column) {
            *x = *x - part * u;
        }
    }
    normalize(&mut x, one, sqrt);
    x
}

/// Brings a column to length 1, unless it is zero. Its length before.
#[inline]
pub(super) fn normalize<T: Field, const R: usize>(x: &mut [T; R], one: T, sqrt: &impl Fn(T) -> T) -> T {
    // Scaled by itself, so that no square of a short column underflows.
    let unit = scale(&[*x], one).unwrap_or(one);
    for v in &mut *x {
        *v = *v / unit;
    }
    let length = sqrt(dot(x, x, one));
    if is_zero(length) || is_nan(length) {
        return length;
    }
    for v in &mut *x {
        *v = *v / length;
    }
    length * unit
}

/// ⟨x, y⟩.
#[inline(always)]
pub(super) fn dot<T: Field, const R: usize>(x: &[T; R], y: &[T; R], one: T) -> T {
    x.iter().zip(y).fold(zero(one), |sum, (&x, &y)| sum + x * y)
}
