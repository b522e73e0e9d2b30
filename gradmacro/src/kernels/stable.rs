//! Exponential forms that neither cancel nor overflow where their value does not.

use core::ops::{Add, Div, Mul, Neg, Sub};

use super::{is_nan, magnitude, zero};

/// The logistic function 1/(1 + e⁻ˣ), as it stands: nothing in it cancels, so it is exact to rounding, without a branch.
///
/// Edge: 0 at −∞ and where e⁻ˣ overflows, so below −709 in double and below −88 in single precision, where the result would
/// be subnormal; 1 at ∞, NaN at NaN.
#[inline]
#[must_use]
pub fn logistic<T>(x: T, one: T, exp: impl Fn(T) -> T) -> T
where
    T: Copy + Neg<Output = T> + Add<Output = T> + Div<Output = T>,
{
    one / (one + exp(-x))
}

/// The slope of [`logistic`], σ(x)σ(−x): even in x and exact to rounding in both tails.
///
/// Edge: 0 at ±∞, NaN at NaN.
#[inline]
#[must_use]
pub fn logistic_slope<T>(x: T, one: T, exp: impl Fn(T) -> T) -> T
where
    T: Copy + PartialOrd + Neg<Output = T> + Add<Output = T> + Mul<Output = T> + Div<Output = T>,
{
    logistic_slope_from(decay(x, exp), one)
}

/// ln(1 + eˣ) as max(x, 0) + ln(1 + e^(−|x|)).
///
/// Edge: 0 at −∞, ∞ at ∞, NaN at NaN.
#[inline]
#[must_use]
pub fn softplus<T>(x: T, one: T, exp: impl Fn(T) -> T, ln_1p: impl Fn(T) -> T) -> T
where
    T: Copy + PartialOrd + Neg<Output = T> + Add<Output = T>,
{
    softplus_from(x, decay(x, exp), one, ln_1p)
}

/// e^(−|x|), the one exponential that [`logistic`], its slope and [`softplus`] of ±x need.
///
/// Edge: 0 at ±∞, NaN at NaN.
#[inline]
#[must_use]
pub fn decay<T>(x: T, exp: impl Fn(T) -> T) -> T
where
    T: Copy + PartialOrd + Neg<Output = T>,
{
    exp(-magnitude(x))
}

/// [`logistic`] of `x`, given `decay` = e^(−|x|): exact to rounding in both tails.
#[inline]
#[must_use]
pub fn logistic_from<T>(x: T, decay: T, one: T) -> T
where
    T: Copy + PartialOrd + Neg<Output = T> + Add<Output = T> + Div<Output = T>,
{
    let above = if x > -x { one } else { decay };
    above / (one + decay)
}

/// [`logistic_slope`] as d/(1 + d)² with d = e^(−|x|).
#[inline]
#[must_use]
pub fn logistic_slope_from<T>(decay: T, one: T) -> T
where
    T: Copy + Add<Output = T> + Mul<Output = T> + Div<Output = T>,
{
    let sum = one + decay;
    decay / (sum * sum)
}

/// [`softplus`] of `x`, given `decay` = e^(−|x|).
#[inline]
#[must_use]
pub fn softplus_from<T>(x: T, decay: T, one: T, ln_1p: impl Fn(T) -> T) -> T
where
    T: Copy + PartialOrd + Neg<Output = T> + Add<Output = T>,
{
    let ramp = if x > -x { x } else { zero(one) };
    ramp + ln_1p(decay)
}

/// ln Σ eˣ over all entries of an R×C matrix `x` by columns, shifted by its largest entry.
///
/// Edge: −∞ where every entry is −∞, ∞ where one is ∞, NaN where one is NaN. A matrix without entries does not compile:
/// its value, −∞, cannot be had from core's operators.
#[inline]
#[must_use]
pub fn log_sum_exp<T, const R: usize, const C: usize>(
    x: &[[T; R]; C],
    exp: impl Fn(T) -> T,
    ln: impl Fn(T) -> T,
) -> T
where
    T: Copy + PartialOrd + Neg<Output = T> + Add<Output = T> + Sub<Output = T>,
{
    let top = largest(x);
    if is_finite(top) { top + ln(total(x, |v| exp(v - top))) } else { ln(total(x, exp)) }
}

/// eˣ / Σ eˣ entry by entry for an R×C matrix `x` by columns: the gradient of [`log_sum_exp`].
///
/// Edge: NaN where the largest entry is infinite (the quotient is 0/0 or ∞/∞) or an entry is NaN. A matrix without
/// entries does not compile, as for [`log_sum_exp`].
#[inline]
#[must_use]
pub fn softmax<T, const R: usize, const C: usize>(x: &[[T; R]; C], exp: impl Fn(T) -> T) -> [[T; R]; C]
where
    T: Copy + PartialOrd + Add<Output = T> + Sub<Output = T> + Div<Output = T>,
{
    let top = largest(x);
    let weights = x.map(|column| column.map(|v| exp(v - top)));
    let sum = total(&weights, |w| w);
    weights.map(|column| column.map(|w| w / sum))
}

/// Whether `v` is neither infinite nor NaN.
#[inline]
fn is_finite<T: Copy + PartialOrd + Neg<Output = T> + Add<Output = T>>(v: T) -> bool {
    !is_nan(v + -v)
}

/// The first entry; that there is one is checked while compiling.
#[inline]
fn first<T: Copy, const R: usize, const C: usize>(x: &[[T; R]; C]) -> T {
    const { assert!(R > 0 && C > 0, "a matrix without entries has no largest entry") };
    x[0][0]
}

/// The largest entry. A NaN is passed over, unless it stands first; the sum that follows sees it.
#[inline]
fn largest<T: Copy + PartialOrd, const R: usize, const C: usize>(x: &[[T; R]; C]) -> T {
    x.iter().flatten().fold(first(x), |top, &v| if v > top { v } else { top })
}

/// The sum of `term` over all entries, without a zero to start from.
#[inline]
fn total<T, const R: usize, const C: usize>(x: &[[T; R]; C], term: impl Fn(T) -> T) -> T
where
    T: Copy + Add<Output = T>,
{
    let head = term(first(x));
    x.iter().flatten().skip(1).fold(head, |sum, &v| sum + term(v))
}

#[cfg(test)]
mod tests {
    use super::*;

    const INF: f64 = f64::INFINITY;

    fn close(got: f64, want: f64) -> bool {
        (got - want).abs() <= 1e-15 * want.abs()
    }

    #[test]
    fn logistic_keeps_its_tails() {
        let logistic = |x| logistic(x, 1.0, f64::exp);
        assert_eq!([-INF, -800.0, 0.0, 800.0, INF].map(logistic), [0.0, 0.0, 0.5, 1.0, 1.0]);
        assert!(close(logistic(-700.0), (-700.0_f64).exp()));
        assert!(logistic(-708.0) >= f64::MIN_POSITIVE, "normal results are kept");
        assert!(close(logistic(-36.7), (-36.7_f64).exp() / (1.0 + (-36.7_f64).exp())));
        assert!(close(logistic(1.5) + logistic(-1.5), 1.0));
        assert!(logistic(f64::NAN).is_nan());
    }

    #[test]
    fn logistic_in_single_precision() {
        let logistic = |x| logistic(x, 1.0_f32, f32::exp);
        assert_eq!([-800.0, 0.0, 800.0].map(logistic), [0.0, 0.5, 1.0]);
        assert!(logistic(-87.0) >= f32::MIN_POSITIVE);
    }

    #[test]
    fn logistic_slope_keeps_its_tails() {
        let slope = |x| logistic_slope(x, 1.0, f64::exp);
        assert_eq!([-INF, -800.0, 0.0, 800.0, INF].map(slope), [0.0, 0.0, 0.25, 0.0, 0.0]);
        assert!(slope(740.0) > 0.0);
        for x in [1e-300, 1e-9, 0.3, 1.5, 20.0, 40.0, 700.0] {
            assert_eq!(slope(x), slope(-x), "even at {x}");
            let product = logistic(x, 1.0, f64::exp) * logistic(-x, 1.0, f64::exp);
            assert!(close(slope(x), product), "{x}");
        }
        assert!(close(slope(700.0), (-700.0_f64).exp()));
        assert!(slope(f64::NAN).is_nan() && slope(-f64::NAN).is_nan());
    }

    #[test]
    fn logistic_slope_in_single_precision() {
        let slope = |x| logistic_slope(x, 1.0_f32, f32::exp);
        assert_eq!([-800.0, 0.0, 800.0].map(slope), [0.0, 0.25, 0.0]);
        assert!(slope(100.0) > 0.0 && slope(-100.0) > 0.0);
    }

    #[test]
    fn softplus_keeps_its_tails() {
        let softplus = |x| softplus(x, 1.0, f64::exp, f64::ln_1p);
        assert_eq!([-INF, -800.0, 800.0, INF].map(softplus), [0.0, 0.0, 800.0, INF]);
        assert_eq!(softplus(0.0), core::f64::consts::LN_2);
        assert!(close(softplus(-40.0), (-40.0_f64).exp()));
        assert!(close(softplus(1.5), 1.5_f64.exp().ln_1p()));
        assert!(softplus(f64::NAN).is_nan());
    }

    #[test]
    fn softplus_in_single_precision() {
        let softplus = |x| softplus(x, 1.0_f32, f32::exp, f32::ln_1p);
        assert_eq!([-800.0, 800.0].map(softplus), [0.0, 800.0]);
    }

    #[test]
    fn log_sum_exp_does_not_overflow() {
        let lse = |x: [[f64; 2]; 2]| log_sum_exp(&x, f64::exp, f64::ln);
        assert_eq!(lse([[1e4; 2]; 2]), 1e4 + 4.0_f64.ln());
        assert_eq!(lse([[-1e4; 2]; 2]), -1e4 + 4.0_f64.ln());
        assert_eq!(lse([[-INF, 3.0], [-INF; 2]]), 3.0);
        let plain: f64 = [0.1_f64, -2.0, 1.5, 0.7].map(f64::exp).iter().sum();
        assert!(close(lse([[0.1, -2.0], [1.5, 0.7]]), plain.ln()));
        assert_eq!(log_sum_exp(&[[1e4_f32]], f32::exp, f32::ln), 1e4);
    }

    #[test]
    fn log_sum_exp_of_what_is_not_finite() {
        let lse = |x: [[f64; 2]; 1]| log_sum_exp(&x, f64::exp, f64::ln);
        assert_eq!(lse([[-INF; 2]]), -INF);
        assert_eq!(lse([[INF, 1.0]]), INF);
        for x in [[f64::NAN, 1.0], [1.0, f64::NAN], [f64::NAN, INF], [INF, f64::NAN]] {
            assert!(lse([x]).is_nan(), "{x:?}");
        }
    }

    #[test]
    fn softmax_sums_to_one() {
        let y = softmax(&[[1e4, 1e4 + 1.0], [-1e4, 1e4 - 2.0]], f64::exp);
        assert!(close(y.iter().flatten().sum(), 1.0));
        assert!(close(y[0][1] / y[0][0], 1.0_f64.exp()));
        assert_eq!(y[1][0], 0.0);
        assert_eq!(softmax(&[[-INF, 3.0]], f64::exp), [[0.0, 1.0]]);
        assert_eq!(softmax(&[[1e4_f32; 2]; 2], f32::exp), [[0.25; 2]; 2]);
    }

    #[test]
    fn softmax_of_what_is_not_finite() {
        for x in [[-INF; 2], [INF, 1.0], [1.0, f64::NAN]] {
            assert!(softmax(&[x], f64::exp)[0].iter().all(|w| w.is_nan()), "{x:?}");
        }
    }
}
