//! The pseudo-inverse.

use super::svd::Svd;
use super::{Field, zero};

/// A⁺ = V diag(σ⁺) Uᵀ for an R×C matrix A of any shape, the inverse of Moore and Penrose, where singular values up to
/// `tolerance` count as zero. `None` where the tolerance is below zero, as nalgebra's `pseudo_inverse` gives an error there.
///
/// Edge: NaN where the tolerance is NaN.
#[inline]
#[must_use]
pub fn pseudo_inverse<T: Field, const R: usize, const C: usize>(
    a: &[[T; R]; C],
    tolerance: T,
    one: T,
    sqrt: impl Fn(T) -> T,
) -> Option<[[T; C]; R]> {
    if tolerance < zero(one) {
        return None;
    }
    Some(if R < C {
        let svd = Svd::new(&transposed(a, one), one, sqrt);
        recomposed(&svd.right(), &svd.singular_values(), &svd.left(), tolerance, one)
    } else {
        let svd = Svd::new(a, one, sqrt);
        recomposed(&svd.left(), &svd.singular_values(), &svd.right(), tolerance, one)
    })
}

/// V diag(σ⁺) Uᵀ.
#[inline]
fn recomposed<T: Field, const R: usize, const C: usize, const K: usize>(
    left: &[[T; R]; K],
    [values]: &[[T; K]; 1],
    right: &[[T; C]; K],
    tolerance: T,
    one: T,
) -> [[T; C]; R] {
    let mut inverse = [[zero(one); C]; R];
    for ((left, right), &value) in left.iter().zip(right).zip(values) {
        let reciprocal = match value.partial_cmp(&tolerance) {
            Some(order) if order.is_le() => zero(one),
            Some(_) => one / value,
            None => value + tolerance,
        };
        for (column, &u) in inverse.iter_mut().zip(left) {
            let factor = u * reciprocal;
            for (entry, &v) in column.iter_mut().zip(right) {
                *entry = *entry + v * factor;
            }
        }
    }
    inverse
}

/// Aᵀ.
#[inline]
fn transposed<T: Field, const R: usize, const C: usize>(a: &[[T; R]; C], one: T) -> [[T; C]; R] {
    let mut transpose = [[zero(one); C]; R];
    for (j, column) in a.iter().enumerate() {
        for (row, &v) in transpose.iter_mut().zip(column) {
            row[j] = v;
        }
    }
    transpose
}

#[cfg(test)]
mod tests {
    use super::*;
    use nalgebra::SMatrix;

    fn wave<const R: usize, const C: usize>(seed: f64) -> SMatrix<f64, R, C> {
        SMatrix::from_fn(|i, j| (seed + i as f64 * 1.7 + j as f64 * 0.6 + (i * j) as f64 * 1.1).sin())
    }

    #[test]
    fn pseudo_inverse_is_that_of_moore_and_penrose() {
        macro_rules! check {
            ($($a:expr),+) => { $(
                let a = $a;
                let ours = pseudo_inverse(&a.data.0, 1e-10, 1.0, f64::sqrt).expect("not below zero");
                let (theirs, mut p) = (a.pseudo_inverse(1e-10).unwrap(), a.transpose());
                p.data.0 = ours;
                assert!((p - theirs).amax() < 1e-12);
                assert!((a * p * a - a).amax() < 1e-13 && (p * a * p - p).amax() < 1e-13);
                assert!((a * p - (a * p).transpose()).amax() < 1e-14);
                assert!((p * a - (p * a).transpose()).amax() < 1e-14);
            )+ };
        }
        check!(wave::<1, 1>(0.5), wave::<4, 4>(0.5), wave::<6, 3>(0.5), wave::<3, 6>(0.5), wave::<1, 5>(0.5));
        check!(wave::<5, 2>(0.5) * wave::<2, 4>(1.5), wave::<3, 1>(0.5) * wave::<1, 5>(1.5));
        check!(SMatrix::<f64, 2, 3>::zeros());
    }

    #[test]
    fn singular_values_up_to_the_tolerance_count_as_zero() {
        let of = |a: f64, tolerance: f64| pseudo_inverse(&[[a]], tolerance, 1.0, f64::sqrt);
        assert_eq!(of(0.5, 0.5), Some([[0.0]]));
        assert_eq!(of(0.5, 0.25), Some([[2.0]]));
        assert_eq!(of(0.5, f64::INFINITY), Some([[0.0]]));
        assert_eq!(of(0.0, -0.0), Some([[0.0]]));
        assert_eq!(of(0.5, -1e-300), None);
        assert!(of(0.5, f64::NAN).expect("not below zero")[0][0].is_nan());
        assert!(of(f64::NAN, 0.5).expect("not below zero")[0][0].is_nan());
    }
}
