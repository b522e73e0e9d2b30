//! Derivatives at points where the formula breaks: 0·∞, 0/0, kinks and ties.

use core::ops::{Add, Div, Mul, Neg, Rem};

use super::{is_nan, is_zero, magnitude, zero};

/// `c * r`, with 0·∞ = 0.
///
/// A cotangent `c` of zero means that the result does not depend on this path, so an infinite slope `r` (√ at 0, say)
/// contributes nothing.
///
/// Edge: 0·NaN stays NaN.
#[inline]
#[must_use]
pub fn product_or_zero<T>(c: T, r: T) -> T
where
    T: Copy + PartialOrd + Neg<Output = T> + Mul<Output = T>,
{
    let product = c * r;
    if is_nan(product) && is_zero(c) && !is_nan(r) { c } else { product }
}

/// `c / s`, with 0/0 = 0: the gradient `x / ‖x‖` of a norm is zero at the origin.
///
/// Edge: 0/NaN stays NaN, and c/0 is infinite for every other `c`.
#[inline]
#[must_use]
pub fn quotient_or_zero<T>(c: T, s: T) -> T
where
    T: Copy + PartialOrd + Neg<Output = T> + Div<Output = T>,
{
    if is_zero(c) && is_zero(s) { c } else { c / s }
}

/// The slope of `|x|`: −1, 0 or 1.
///
/// Edge: 0 at ±0 (where `f64::signum` gives ±1), NaN at NaN.
#[inline]
#[must_use]
pub fn sign<T>(x: T, one: T) -> T
where
    T: Copy + PartialOrd + Neg<Output = T>,
{
    if x > -x {
        one
    } else if x < -x {
        -one
    } else {
        x
    }
}

/// The slope of `max(x, 0)`: 0 below zero, 1 above.
///
/// Edge: one half at ±0, since a tie is split evenly; NaN at NaN.
#[inline]
#[must_use]
pub fn step<T>(x: T, one: T) -> T
where
    T: Copy + PartialOrd + Neg<Output = T> + Add<Output = T> + Div<Output = T>,
{
    if x > -x {
        one
    } else if x < -x {
        zero(one)
    } else if is_zero(x) {
        one / (one + one)
    } else {
        x
    }
}

/// The remainder in [0, |b|), as `f64::rem_euclid`, which core has not for a type parameter.
///
/// Edge: NaN where `b` is 0 or `a` is infinite; like `f64::rem_euclid`, it may round up to |b| for a tiny negative `a`.
#[inline]
#[must_use]
pub fn rem_euclid<T>(a: T, b: T) -> T
where
    T: Copy + PartialOrd + Neg<Output = T> + Add<Output = T> + Rem<Output = T>,
{
    let r = a % b;
    if r < -r { r + magnitude(b) } else { r }
}

/// The gradient of `x.max()` or `x.min()` whose value is `y`: 1/k at each of the k entries equal to `y`, 0 elsewhere.
///
/// `x` is an R×C matrix by columns, and so is the result.
///
/// Edge: NaN everywhere where `y` is NaN, zeros where no entry equals `y`.
#[inline]
#[must_use]
pub fn extremum_weights<T, const R: usize, const C: usize>(x: &[[T; R]; C], y: T, one: T) -> [[T; R]; C]
where
    T: Copy + PartialOrd + Neg<Output = T> + Add<Output = T> + Div<Output = T>,
{
    let ties = x.iter().flatten().filter(|&&v| v == y).fold(zero(one), |k, _| k + one);
    let share = one / ties;
    let elsewhere = if is_nan(y) { y } else { zero(one) };
    x.map(|column| column.map(|v| if v == y { share } else { elsewhere }))
}

#[cfg(test)]
mod tests {
    use super::*;

    const INF: f64 = f64::INFINITY;

    #[test]
    fn product_takes_zero_over_infinity() {
        assert_eq!(product_or_zero(0.0, INF), 0.0);
        assert_eq!(product_or_zero(-0.0_f32, f32::NEG_INFINITY), 0.0);
        assert_eq!(product_or_zero(3.0, -2.0), -6.0);
        assert_eq!(product_or_zero(2.0, INF), INF);
        assert_eq!(product_or_zero(INF, 2.0), INF);
    }

    #[test]
    fn product_keeps_nan() {
        assert!(product_or_zero(0.0, f64::NAN).is_nan());
        assert!(product_or_zero(f64::NAN, 0.0).is_nan());
        assert!(product_or_zero(INF, 0.0).is_nan(), "an infinite cotangent is not excused by a zero slope");
    }

    #[test]
    fn quotient_is_zero_at_the_origin() {
        assert_eq!(quotient_or_zero(0.0, 0.0), 0.0);
        assert_eq!(quotient_or_zero(-0.0_f32, 0.0_f32), 0.0);
        assert_eq!(quotient_or_zero(0.0, INF), 0.0);
        assert_eq!(quotient_or_zero(6.0, -2.0), -3.0);
        assert_eq!(quotient_or_zero(1.0, 0.0), INF);
        assert!(quotient_or_zero(0.0, f64::NAN).is_nan());
        assert!(quotient_or_zero(f64::NAN, 0.0).is_nan());
    }

    #[test]
    fn sign_is_zero_at_zero() {
        assert_eq!([-2.5, -0.0, 0.0, 1e-300].map(|x| sign(x, 1.0)), [-1.0, 0.0, 0.0, 1.0]);
        assert_eq!(sign(f32::NEG_INFINITY, 1.0), -1.0);
        assert!(sign(f64::NAN, 1.0).is_nan());
    }

    #[test]
    fn step_splits_the_tie() {
        assert_eq!([-2.5, -0.0, 0.0, 1e-300].map(|x| step(x, 1.0)), [0.0, 0.5, 0.5, 1.0]);
        assert_eq!(step(f32::INFINITY, 1.0), 1.0);
        assert!(step(f64::NAN, 1.0).is_nan());
    }

    #[test]
    fn remainder_agrees_with_std() {
        let values = [-7.5_f64, -3.0, -1e-20, -0.0, 0.0, 0.25, 3.0, 7.5, 1e9];
        for (a, b) in values.iter().flat_map(|&a| [-3.0_f64, -0.7, 0.7, 3.0].map(|b| (a, b))) {
            assert_eq!(rem_euclid(a, b), a.rem_euclid(b), "{a} mod {b}");
            assert_eq!(rem_euclid(a as f32, b as f32), (a as f32).rem_euclid(b as f32), "{a} mod {b} in f32");
        }
        assert!(rem_euclid(1.0_f64, 0.0).is_nan());
        assert!(rem_euclid(INF, 2.0).is_nan());
        assert_eq!(rem_euclid(1.0, INF), 1.0);
    }

    #[test]
    fn extremum_shares_its_weight_among_ties() {
        let x = [[1.0, 4.0, 2.0], [4.0, 0.0, 4.0]];
        let third = 1.0 / 3.0;
        assert_eq!(extremum_weights(&x, 4.0, 1.0), [[0.0, third, 0.0], [third, 0.0, third]]);
        assert_eq!(extremum_weights(&x, 0.0, 1.0), [[0.0; 3], [0.0, 1.0, 0.0]]);
        assert_eq!(extremum_weights(&[[INF, 0.0]], INF, 1.0), [[1.0, 0.0]]);
        assert_eq!(extremum_weights(&[[1.0_f32]], 2.0, 1.0), [[0.0]]);
        assert!(extremum_weights(&[[1.0, f64::NAN]], f64::NAN, 1.0)[0].iter().all(|w| w.is_nan()));
    }
}
