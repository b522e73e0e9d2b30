//! Plane rotations, of which Jacobi's methods are made, and the scale that keeps them in range.

use super::{Field, is_zero, magnitude, zero};

/// The most sweeps over all pairs of columns. At the end convergence is quadratic; fewer than ten are usual.
pub(super) const SWEEPS: usize = 30;

/// A rotation by an angle θ, |θ| ≤ π/4.
///
/// Rutishauser's form, whose corrections are small where θ is. (The Jacobi method for real symmetric matrices, Numerische
/// Mathematik 9, 1966)
#[derive(Clone, Copy)]
pub(super) struct Rotation<T> {
    /// tan θ
    pub(super) tangent: T,
    /// sin θ
    sine: T,
    /// tan θ/2
    half: T,
}

impl<T: Field> Rotation<T> {
    /// The rotation that makes [[p, g], [g, q]] diagonal, for g ≠ 0 and h = q − p.
    ///
    /// tan θ is the smaller root of t² + (h/g) t − 1 = 0. (Golub and Van Loan, Matrix Computations, 4th ed., § 8.5.2)
    #[inline(always)]
    pub(super) fn new(h: T, g: T, one: T, sqrt: &impl Fn(T) -> T) -> Self {
        // Where the square of the ratio could overflow, the root is g/h to rounding.
        let tangent = if is_negligible(g, h) {
            g / h
        } else {
            let ratio = h / (g + g);
            let root = sqrt(ratio * ratio + one);
            one / (ratio + if ratio < -ratio { -root } else { root })
        };
        let secant = sqrt(tangent * tangent + one);
        Self { tangent, sine: tangent / secant, half: tangent / (one + secant) }
    }

    /// (x cos θ − y sin θ, x sin θ + y cos θ)
    #[inline(always)]
    pub(super) fn turn(self, x: T, y: T) -> (T, T) {
        (x - self.sine * (y + self.half * x), y + self.sine * (x - self.half * y))
    }

    /// Turns two columns, entry by entry.
    #[inline(always)]
    pub(super) fn apply<const K: usize>(self, x: &mut [T; K], y: &mut [T; K]) {
        for (x, y) in x.iter_mut().zip(y) {
            (*x, *y) = self.turn(*x, *y);
        }
    }
}

/// Whether `small` changes nothing when it is added to `v`.
#[inline]
pub(super) fn is_negligible<T: Field>(small: T, v: T) -> bool {
    let v = magnitude(v);
    v + magnitude(small) == v
}

/// A power of two next to the largest magnitude of an entry, one if all are zero. `None` where an entry is infinite or NaN.
///
/// To divide by it is exact, unless an entry is next to nothing beside the largest.
#[inline]
pub(super) fn scale<T: Field, const R: usize, const C: usize>(a: &[[T; R]; C], one: T) -> Option<T> {
    let (mut largest, mut probe) = (zero(one), zero(one));
    for &v in a.iter().flatten() {
        probe = probe + (v + -v);
        largest = if magnitude(v) > largest { magnitude(v) } else { largest };
    }
    if is_zero(probe) { Some(power_of_two(largest, one)) } else { None }
}

/// A power of two p with p/2 < v ≤ 2p for a finite `v`, and one for zero.
#[inline]
fn power_of_two<T: Field>(v: T, one: T) -> T {
    let (half, mut power) = (one / (one + one), one);
    if is_zero(v) {
        return power;
    }
    // Half of it, since no power of two is above the largest number.
    while power < v * half {
        power = power + power;
    }
    while v <= power * half {
        power = power * half;
    }
    power
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_is_next_to_the_largest_entry() {
        for v in [1.0, 3.0, 1e-200, -1e200, f64::MAX, f64::MIN_POSITIVE, 5e-324] {
            let unit = scale(&[[0.0, v], [v / 7.0, -0.0]], 1.0).expect("finite");
            let ratio: f64 = v.abs() / unit;
            assert!((0.5..=2.0).contains(&ratio), "{unit:e} for {v:e}");
            assert_eq!(ratio * unit, v.abs());
        }
        assert_eq!(scale(&[[0.0, -0.0]], 1.0), Some(1.0));
        assert_eq!(scale(&[[1.0, f64::INFINITY]], 1.0), None);
        assert_eq!(scale(&[[f64::NAN], [1.0]], 1.0), None);
    }

    #[test]
    fn a_rotation_makes_the_matrix_diagonal() {
        for (h, g) in [(0.0, 1.0), (1.0, -2.0), (-3.0, 1e-3), (1.0, 1e-200), (-1e-200, 1.0), (1e-170, 1e-170)]
        {
            let rotation = Rotation::new(h, g, 1.0, &f64::sqrt);
            // t² + (h/g) t − 1 = 0, of which the smaller root is wanted.
            let (t, s) = (rotation.tangent, rotation.turn(0.0, -1.0).0);
            assert!(
                (t * t * g + h * t - g).abs() <= 4.0 * f64::EPSILON * g.abs().max((h * t).abs()),
                "{h}, {g}"
            );
            assert!(t.abs() <= 1.0 && (s - t / (1.0 + t * t).sqrt()).abs() <= 2.0 * f64::EPSILON * s.abs());
        }
    }
}
