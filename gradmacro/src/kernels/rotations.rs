//! Functions of the angle of a rotation that are exact through zero, where sin θ / θ and its like would be 0/0.

use super::Field;

/// cₖ(s) = Σᵢ (−s)ⁱ/(k + 2i)!: for s = θ² and k = 0, 1, 2, … cos θ, sin θ / θ, (1 − cos θ)/θ², (θ − sin θ)/θ³, …
///
/// The first three come from cosine and sine without cancellation; the others from the series, as long as its terms fall
/// by at least ½ from the start, and above from (1/k! − cₖ)/s, where the difference loses less than a digit. So the
/// error is a few units in the last place of 1/k! at most; tests hold k! (cₖ + s cₖ₊₂) = 1 to eight of them.
///
/// Edge: 1/k! at 0, NaN at ∞ and NaN.
#[inline]
#[must_use]
pub fn stumpff<T: Field>(
    s: T,
    k: usize,
    one: T,
    sqrt: impl Fn(T) -> T,
    sin: impl Fn(T) -> T,
    cos: impl Fn(T) -> T,
) -> T {
    let order = count(k, one);
    let two = one + one;
    let series = s + s <= (order + one) * (order + two);
    if series && (k > 2 || s <= one + -one) {
        return small(s, order, one);
    }
    let angle = sqrt(s);
    let start = match k % 2 {
        _ if k == 0 => return cos(angle),
        1 => sin(angle) / angle,
        _ => {
            let half = sin(angle / two) / angle;
            two * half * half
        }
    };
    raised(start, s, k, one)
}

/// The series.
#[inline]
fn small<T: Field>(s: T, order: T, one: T) -> T {
    let (mut n, mut term) = (order, one);
    // 1/k!
    while n > one {
        term = term / n;
        n = n - one;
    }
    let (mut sum, mut n) = (term, order);
    for _ in 0..24 {
        term = -term * s / ((n + one) * (n + one + one));
        n = n + one + one;
        let next = sum + term;
        if next == sum {
            break;
        }
        sum = next;
    }
    sum
}

/// cₖ from c₁ or c₂, by cₙ₊₂ = (1/n! − cₙ)/s.
#[inline]
fn raised<T: Field>(start: T, s: T, k: usize, one: T) -> T {
    let first = 2 - k % 2;
    let mut n = count(first, one);
    let mut reciprocal = one / n;
    let mut value = start;
    let mut order = first;
    while order < k {
        value = (reciprocal - value) / s;
        reciprocal = reciprocal / ((n + one) * (n + one + one));
        n = n + one + one;
        order += 2;
    }
    value
}

/// bₖ(m, w) = ∫ (t² + m)⁻ᵏ dt from w to ∞, for k = 1 the angle atan2(√m, w)/√m and for larger k what its derivatives
/// are made of.
///
/// Where m ≤ 0.3 (w² + m) and w > 0 the sum of a series of positive terms; elsewhere the arctangent, and from it
/// bₖ₊₁ = ((2k − 1) bₖ − w (w² + m)⁻ᵏ)/(2k m), which loses less than a digit a step.
///
/// Edge: (2k − 1)⁻¹ w¹⁻²ᵏ at m = 0 for w > 0, ∞ or NaN there for w ≤ 0, NaN at NaN.
#[inline]
#[must_use]
pub fn polar<T: Field>(m: T, w: T, k: usize, one: T, sqrt: impl Fn(T) -> T, atan: impl Fn(T) -> T) -> T {
    let d = w * w + m;
    let ten = count(10, one);
    if w > -w && ten * m <= (one + one + one) * d {
        return shallow(m / d, k, one) * (w / powered(d, k, one));
    }
    let (radius, distance) = (sqrt(m), sqrt(d));
    // Half the angle, from the one of two forms that does not cancel.
    let half = atan(if w > -w { radius / (distance + w) } else { (distance - w) / radius });
    let mut value = (half + half) / radius;
    let (mut n, mut power) = (one, d);
    for _ in 1..k {
        value = ((n + n - one) * value - w / power) / ((n + n) * m);
        (n, power) = (n + one, power * d);
    }
    value
}

/// Σ zⁱ 2k(2k + 2)⋯ / ((2k + 1)(2k + 3)⋯) / (2k − 1)
#[inline]
fn shallow<T: Field>(z: T, k: usize, one: T) -> T {
    let double = count(2 * k, one);
    let (mut n, mut term) = (double, one);
    let mut sum = one;
    for _ in 0..48 {
        term = term * z * n / (n + one);
        n = n + one + one;
        let next = sum + term;
        if next == sum {
            break;
        }
        sum = next;
    }
    sum / (double - one)
}

/// xᵏ
#[inline]
fn powered<T: Field>(x: T, k: usize, one: T) -> T {
    (0..k).fold(one, |power, _| power * x)
}

/// The number k.
#[inline]
fn count<T: Field>(k: usize, one: T) -> T {
    (0..k).fold(one + -one, |sum, _| sum + one)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn c(s: f64, k: usize) -> f64 {
        stumpff(s, k, 1.0, f64::sqrt, f64::sin, f64::cos)
    }

    fn b(m: f64, w: f64, k: usize) -> f64 {
        polar(m, w, k, 1.0, f64::sqrt, f64::atan)
    }

    fn factorial(k: usize) -> f64 {
        (1..=k).map(|n| n as f64).product()
    }

    fn close(got: f64, want: f64, units: f64) -> bool {
        (got - want).abs() <= units * f64::EPSILON * want.abs()
    }

    /// Angles on both sides of every place where the form changes.
    fn squares() -> impl Iterator<Item = f64> {
        (1..2000).map(|i| f64::from(i) * 0.0199)
    }

    #[test]
    fn at_zero_and_below_every_rounding() {
        for k in 0..=10 {
            for s in [0.0, -0.0, f64::MIN_POSITIVE, 5e-324, 1e-40, 1e-18, -1e-18] {
                assert!(close(c(s, k), 1.0 / factorial(k), 2.0), "c{k}({s})");
            }
        }
    }

    #[test]
    fn no_digits_are_lost_where_the_form_changes() {
        // k! (cₖ + s cₖ₊₂) = 1, whose terms are positive for k ≥ 1.
        for s in squares() {
            for k in 1..=10 {
                let sum = factorial(k) * (c(s, k) + s * c(s, k + 2));
                assert!(close(sum, 1.0, 8.0), "c{k}({s}): {sum}");
            }
        }
    }

    #[test]
    fn neighbours_agree() {
        for k in 3..=10_usize {
            let edge = ((k + 1) * (k + 2)) as f64 / 2.0;
            let (below, above) = (c(edge, k), c(edge * (1.0 + f64::EPSILON), k));
            assert!(close(below, above, 8.0), "c{k}: {below} and {above}");
        }
    }

    #[test]
    fn the_first_three_are_what_they_are_called() {
        for s in squares() {
            let angle = s.sqrt();
            assert!((c(s, 0) - angle.cos()).abs() <= 1e-16);
            assert!((c(s, 1) - angle.sin() / angle).abs() <= 1e-16);
            assert!((c(s, 2) - (1.0 - angle.cos()) / s).abs() <= 1e-15 / s);
        }
    }

    #[test]
    fn in_single_precision() {
        for i in 1..400_u16 {
            for k in 0..=6 {
                let s = f32::from(i) * 0.1;
                let got = f64::from(stumpff(s, k, 1.0_f32, f32::sqrt, f32::sin, f32::cos));
                let want = c(f64::from(s), k);
                assert!((got - want).abs() <= 16.0 * f64::from(f32::EPSILON) / factorial(k), "c{k}({s})");
            }
        }
    }

    #[test]
    fn what_is_not_finite_shows() {
        for k in 0..=6 {
            assert!(c(f64::NAN, k).is_nan() && b(f64::NAN, 1.0, k.max(1)).is_nan());
            assert!(c(f64::INFINITY, k).is_nan());
        }
    }

    #[test]
    fn polar_is_the_angle_over_the_radius() {
        for i in 1..700 {
            let angle = f64::from(i) * 0.004_48;
            let (radius, w) = (angle.sin(), angle.cos());
            assert!(close(b(radius * radius, w, 1), angle / radius, 64.0 / radius.min(1.0)), "{angle}");
        }
        for w in [0.3_f64, 1.0, 7.0] {
            for k in 1..5_i32 {
                let want = w.powi(1 - 2 * k) / f64::from(2 * k - 1);
                assert!(close(b(0.0, w, k as usize), want, 8.0));
                assert!(close(b(1e-30, w, k as usize), want, 8.0));
            }
        }
    }

    #[test]
    fn each_polar_comes_from_the_one_before() {
        // 2k m bₖ₊₁ + w/(w² + m)ᵏ = (2k − 1) bₖ, whose terms are positive for w > 0.
        for i in 1..200 {
            for k in 1..5_i32 {
                let (m, w) = (f64::from(i) * 0.01, 1.3 - f64::from(i) * 0.006);
                let next = f64::from(2 * k) * m * b(m, w, k as usize + 1);
                let sum = next + w / (w * w + m).powi(k);
                assert!(close(sum, f64::from(2 * k - 1) * b(m, w, k as usize), 40.0), "b{k}({m}, {w})");
            }
        }
    }
}
