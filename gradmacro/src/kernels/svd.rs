//! The singular value decomposition.

use super::jacobi::{Rotation, SWEEPS, is_negligible, scale};
use super::orthonormal::{complete, dot, drop_noise, four, normalize, root_of_rows};
use super::{Field, identity, zero};

/// The thin A = U diag(σ) Vᵀ of an R×C matrix A by columns, R ≥ C: U of R×C entries, V of C×C, both with orthonormal
/// columns, and σ in descending order. A wide matrix is decomposed as its transpose, with U and V exchanged.
///
/// One-sided Jacobi rotations: columns of A are turned in pairs until they are orthogonal; their lengths are the singular
/// values. (Hestenes, Inversion of matrices by biorthogonalization, Journal of SIAM 6, 1958) The longer of two columns is
/// brought to the front. (de Rijk, A one-sided Jacobi algorithm for computing the singular value decomposition on a vector
/// computer, SIAM Journal on Scientific and Statistical Computing 10, 1989) With A = B D, D diagonal and columns of length
/// 1 in B, singular values have a relative error of a small multiple of (R + C) ε κ(B), and not only of (R + C) ε κ(A).
/// (Demmel and Veselić, Jacobi's method is more accurate than QR, SIAM Journal on Matrix Analysis 13, 1992)
///
/// Edges: U has orthonormal columns whatever the rank; columns that are shorter than the longest by a factor whose square
/// underflows are orthogonal to the others, but need not be so to each other. NaN everywhere where an entry is infinite
/// or NaN.
#[derive(Clone, Copy, Debug)]
pub struct Svd<T, const R: usize, const C: usize> {
    /// U.
    left: [[T; R]; C],
    /// σ.
    values: [T; C],
    /// V.
    right: [[T; C]; C],
}

impl<T: Field, const R: usize, const C: usize> Svd<T, R, C> {
    /// Decomposes `a`.
    #[inline]
    #[must_use]
    pub fn new(a: &[[T; R]; C], one: T, sqrt: impl Fn(T) -> T) -> Self {
        let (mut left, mut right) = (*a, identity(one));
        let values = orthogonalize(&mut left, &mut right, one, &sqrt);
        drop_noise(&mut left, one, &sqrt);
        complete(&mut left, one, &sqrt);
        Self { left, values, right }
    }

    /// σ, as a column.
    #[inline]
    #[must_use]
    pub fn singular_values(&self) -> [[T; C]; 1] {
        [self.values]
    }

    /// U.
    #[inline]
    #[must_use]
    pub fn left(&self) -> [[T; R]; C] {
        self.left
    }

    /// V.
    #[inline]
    #[must_use]
    pub fn right(&self) -> [[T; C]; C] {
        self.right
    }
}

/// The singular values of [`Svd`] alone.
#[derive(Clone, Copy, Debug)]
pub struct SingularValues<T, const C: usize>([T; C]);

impl<T: Field, const C: usize> SingularValues<T, C> {
    /// Computes the singular values of `a`.
    #[inline]
    #[must_use]
    pub fn new<const R: usize>(a: &[[T; R]; C], one: T, sqrt: impl Fn(T) -> T) -> Self {
        let mut w = *a;
        Self(orthogonalize(&mut w, &mut [[]; C], one, &sqrt))
    }

    /// σ, as a column.
    #[inline]
    #[must_use]
    pub fn singular_values(&self) -> [[T; C]; 1] {
        [self.0]
    }
}

/// Turns the columns of `w` until they are orthogonal, brings them to length 1 or 0, and answers with the lengths they had, in
/// descending order. The rotations are applied to the columns of `v` too.
#[inline]
fn orthogonalize<T: Field, const R: usize, const C: usize, const K: usize>(
    w: &mut [[T; R]; C],
    v: &mut [[T; K]; C],
    one: T,
    sqrt: &impl Fn(T) -> T,
) -> [T; C] {
    let Some(unit) = scale(w, one) else {
        let undefined = zero(one) / zero(one);
        (*w, *v) = ([[undefined; R]; C], [[undefined; K]; C]);
        return [undefined; C];
    };
    for entry in w.iter_mut().flatten() {
        *entry = *entry / unit;
    }
    // Rounding leaves the cosine of two orthogonal columns of R entries below some √R ε.
    let slack = four(one) * root_of_rows::<T, R>(one, sqrt);
    for _ in 0..SWEEPS {
        let mut turned = false;
        for p in 0..C {
            for q in p + 1..C {
                turned |= turn(w, v, (p, q), slack, one, sqrt);
            }
        }
        if !turned {
            break;
        }
    }
    let mut lengths = [unit; C];
    for (length, column) in lengths.iter_mut().zip(&mut *w) {
        *length = normalize(column, one, sqrt) * unit;
    }
    sort(&mut lengths, w, v);
    lengths
}

/// W ← WJ and V ← VJ with the rotation J that makes columns p < q of W orthogonal and the first of them the longer one.
/// Whether there was anything to do: columns that are exchanged meet others than those that they have been compared with.
#[inline]
fn turn<T: Field, const R: usize, const C: usize, const K: usize>(
    w: &mut [[T; R]; C],
    v: &mut [[T; K]; C],
    (p, q): (usize, usize),
    slack: T,
    one: T,
    sqrt: &impl Fn(T) -> T,
) -> bool {
    // Never so: it shows the compiler that no index is out of bounds.
    if p >= q || q >= C {
        return false;
    }
    let (mut x, mut y) = (w[p], w[q]);
    let (mut xx, xy, mut yy) = (dot(&x, &x, one), dot(&x, &y, one), dot(&y, &y, one));
    let ordered = xx >= yy;
    let orthogonal = is_negligible(xy, slack * (sqrt(xx) * sqrt(yy)));
    if orthogonal && ordered {
        return false;
    }
    let (mut vx, mut vy) = (v[p], v[q]);
    if !ordered {
        ((x, y), (vx, vy), (xx, yy)) = ((y, x), (vy, vx), (yy, xx));
    }
    if !orthogonal {
        let rotation = Rotation::new(yy - xx, xy, one, sqrt);
        rotation.apply(&mut x, &mut y);
        rotation.apply(&mut vx, &mut vy);
    }
    (w[p], w[q], v[p], v[q]) = (x, y, vx, vy);
    true
}

/// Brings lengths into descending order, and columns with them.
#[inline]
fn sort<T: Field, const R: usize, const C: usize, const K: usize>(
    lengths: &mut [T; C],
    w: &mut [[T; R]; C],
    v: &mut [[T; K]; C],
) {
    for p in 0..C {
        for q in p + 1..C {
            if lengths[p] < lengths[q] {
                (lengths[p], lengths[q]) = (lengths[q], lengths[p]);
                (w[p], w[q]) = (w[q], w[p]);
                (v[p], v[q]) = (v[q], v[p]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nalgebra::{SMatrix, SVector};

    struct Parts<const R: usize, const C: usize> {
        u: SMatrix<f64, R, C>,
        values: SVector<f64, C>,
        v: SMatrix<f64, C, C>,
    }

    fn svd<const R: usize, const C: usize>(a: &SMatrix<f64, R, C>) -> Parts<R, C> {
        let svd = Svd::new(&a.data.0, 1.0, f64::sqrt);
        Parts { u: svd.left().into(), values: svd.singular_values().into(), v: svd.right().into() }
    }

    fn wave<const R: usize, const C: usize>(seed: f64) -> SMatrix<f64, R, C> {
        SMatrix::from_fn(|i, j| (seed + i as f64 * 1.7 + j as f64 * 0.6 + (i * j) as f64 * 1.1).sin())
    }

    /// The errors of AV = U diag(σ), UᵀU = I and VᵀV = I, in units of R ε.
    fn errors<const R: usize, const C: usize>(a: &SMatrix<f64, R, C>, parts: &Parts<R, C>) -> [f64; 3] {
        let Parts { u, values, v } = parts;
        let scale = if a.amax() > 0.0 { a.amax() } else { 1.0 };
        let residual = a / scale * v - u * SMatrix::<f64, C, C>::from_diagonal(&(values / scale));
        let angle = |gram: SMatrix<f64, C, C>| (gram - SMatrix::identity()).amax();
        [residual.amax(), angle(u.tr_mul(u)), angle(v.tr_mul(v))].map(|e| e / (R as f64 * f64::EPSILON))
    }

    fn check<const R: usize, const C: usize>() {
        let low_rank = wave::<R, 1>(0.4) * wave::<1, C>(1.3);
        let rank_two = low_rank + wave::<R, 1>(2.4) * wave::<1, C>(0.3);
        let graded = wave::<R, C>(0.2).map_with_location(|_, j, v| v * (-(9.0 * j as f64)).exp());
        let unit = SMatrix::from_fn(|i, j| if (i, j) == (0, C - 1) { 2.0 } else { 0.0 });
        for a in [wave(0.1), low_rank, rank_two, graded, unit, SMatrix::identity(), SMatrix::zeros()] {
            for scale in [1.0, 1e200, 1e-200, 1e300, 1e-300] {
                let a = a * scale;
                let parts = svd(&a);
                let errors = errors(&a, &parts);
                assert!(errors.iter().all(|e| *e < 6.0), "{R}×{C}, {scale:e}: {errors:?}");
                assert!(parts.values.as_slice().is_sorted_by(|x, y| x >= y));
                let alone = SingularValues::new(&a.data.0, 1.0, f64::sqrt).singular_values();
                assert_eq!(alone, parts.values.data.0);
            }
        }
    }

    /// Columns that are orthogonal from the start, exchanged or not, and columns that are multiples of each other.
    #[test]
    fn every_matrix_of_small_integers() {
        let digit = |k: usize, i: usize| (k / 3_usize.pow(i as u32) % 3) as f64 - 1.0;
        for k in 0..3_usize.pow(9) {
            let a = SMatrix::<f64, 3, 3>::from_fn(|i, j| digit(k, 3 * j + i));
            let errors = errors(&a, &svd(&a));
            assert!(errors.iter().all(|e| *e < 6.0), "{a}{errors:?}");
        }
        for k in 0..3_usize.pow(8) {
            let (x, y) = (
                SVector::<f64, 4>::from_fn(|i, _| 3.0 * digit(k, i) - 1.0),
                SVector::<f64, 4>::from_fn(|i, _| 2.0 * digit(k, 4 + i)),
            );
            let a = x * y.transpose();
            let errors = errors(&a, &svd(&a));
            assert!(errors.iter().all(|e| *e < 6.0), "{a}{errors:?}");
        }
    }

    #[test]
    fn factors_are_orthonormal_whatever_the_rank() {
        check::<1, 1>();
        check::<4, 1>();
        check::<2, 2>();
        check::<3, 2>();
        check::<3, 3>();
        check::<4, 4>();
        check::<5, 3>();
        check::<6, 6>();
        check::<10, 4>();
        check::<10, 10>();
        check::<30, 5>();
    }

    #[test]
    fn no_less_accurate_than_nalgebra() {
        macro_rules! each_shape {
            ($(($r:literal, $c:literal))+) => { $(
                let a = wave::<$r, $c>(0.1);
                let theirs = a.svd(true, true);
                let theirs = Parts {
                    u: theirs.u.unwrap(),
                    values: theirs.singular_values,
                    v: theirs.v_t.unwrap().transpose(),
                };
                let (ours, theirs) = (errors(&a, &svd(&a)), errors(&a, &theirs));
                let worst = |errors: [f64; 3]| errors.into_iter().fold(0.0, f64::max);
                assert!(worst(ours) <= worst(theirs), "{ours:?} against {theirs:?}");
            )+ };
        }
        each_shape!((3, 3)(4, 4)(5, 3)(6, 6)(8, 8)(10, 10)(12, 5));
    }

    #[test]
    fn small_singular_values_have_all_digits() {
        // √(3 + ε²), ε and ε; the product with the transpose would lose them. (Läuchli 1961)
        let small = (-30_f64).exp2();
        let a = SMatrix::<f64, 4, 3>::from_fn(|i, j| match i {
            0 => 1.0,
            _ if i == j + 1 => small,
            _ => 0.0,
        });
        for (value, want) in svd(&a).values.iter().zip([3_f64.sqrt(), small, small]) {
            assert!((value - want).abs() < 1e-15, "{value:e} is not {want:e}");
        }
        // An orthogonal matrix with scaled columns has their scales, to all digits.
        let q = SMatrix::<f64, 4, 4>::from_fn(|i, j| if (i & j).count_ones() % 2 == 0 { 0.5 } else { -0.5 });
        let scales = [1e-90, 1.0, 1e-120, 1e90];
        let sorted = [1e90, 1.0, 1e-90, 1e-120];
        for (value, want) in svd(&(q * SMatrix::from_diagonal(&scales.into()))).values.iter().zip(sorted) {
            assert!((value / want - 1.0).abs() < 4.0 * f64::EPSILON, "{value:e} is not {want:e}");
        }
    }

    #[test]
    fn what_is_not_finite_shows() {
        for v in [f64::NAN, f64::INFINITY] {
            let mut a = wave::<4, 3>(0.1);
            a[(2, 1)] = v;
            let Parts { u, values, v } = svd(&a);
            assert!(u.iter().chain(&values).chain(&v).all(|v| v.is_nan()));
        }
    }

    #[test]
    fn in_single_precision() {
        for scale in [1.0_f32, 1e30, 1e-30] {
            let a = wave::<6, 4>(0.1).cast::<f32>() * scale;
            let svd = Svd::new(&a.data.0, 1.0, f32::sqrt);
            let (u, v) = (SMatrix::<f32, 6, 4>::from(svd.left()), SMatrix::<f32, 4, 4>::from(svd.right()));
            let values = SVector::<f32, 4>::from(svd.singular_values());
            let residual = a / scale * v - u * SMatrix::<f32, 4, 4>::from_diagonal(&(values / scale));
            assert!(residual.amax() < 12.0 * f32::EPSILON, "{scale:e}: {residual}");
        }
    }
}
