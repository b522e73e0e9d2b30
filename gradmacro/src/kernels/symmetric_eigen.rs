//! Eigenvalues and eigenvectors of symmetric matrices.

use super::jacobi::{Rotation, SWEEPS, is_negligible, scale};
use super::{Field, identity, zero};

/// A = V diag(λ) Vᵀ for a symmetric N×N matrix A by columns, of which only the lower triangle is read: orthonormal
/// eigenvectors as the columns of V, and eigenvalues in the same order, which is no particular one.
///
/// Jacobi's method, cyclic by rows, which converges because no angle is above π/4. (Forsythe and Henrici, The cyclic
/// Jacobi method for computing the principal values of a complex matrix, Transactions of the AMS 94, 1960) An entry is left
/// only where it changes neither of its diagonal entries. So with A = D B D, D diagonal and B of ones on the diagonal,
/// eigenvalues of a definite matrix have a relative error of a small multiple of N ε κ(B), and not only of N ε κ(A).
/// (Demmel and Veselić, Jacobi's method is more accurate than QR, SIAM Journal on Matrix Analysis 13, 1992) Those of others
/// have an error of a small multiple of N ε ‖A‖. (Golub and Van Loan, Matrix Computations, 4th ed., § 8.5)
///
/// At N = 3 it takes three quarters of the time of nalgebra's, which reduces A to three diagonals first; at N = 10 twice.
///
/// Edge: NaN everywhere where an entry that is read is infinite or NaN.
#[derive(Clone, Copy, Debug)]
pub struct SymmetricEigen<T, const N: usize> {
    /// λ.
    values: [T; N],
    /// V.
    vectors: [[T; N]; N],
}

impl<T: Field, const N: usize> SymmetricEigen<T, N> {
    /// Factorises `a`.
    #[inline]
    #[must_use]
    pub fn new(a: &[[T; N]; N], one: T, sqrt: impl Fn(T) -> T) -> Self {
        let mut vectors = identity(one);
        let values = diagonalize(a, &mut vectors, one, sqrt);
        Self { values, vectors }
    }

    /// λ, as a column.
    #[inline]
    #[must_use]
    pub fn eigenvalues(&self) -> [[T; N]; 1] {
        [self.values]
    }

    /// V.
    #[inline]
    #[must_use]
    pub fn eigenvectors(&self) -> [[T; N]; N] {
        self.vectors
    }
}

/// The eigenvalues of [`SymmetricEigen`] alone.
#[derive(Clone, Copy, Debug)]
pub struct SymmetricEigenvalues<T, const N: usize>([T; N]);

impl<T: Field, const N: usize> SymmetricEigenvalues<T, N> {
    /// Computes the eigenvalues of `a`.
    #[inline]
    #[must_use]
    pub fn new(a: &[[T; N]; N], one: T, sqrt: impl Fn(T) -> T) -> Self {
        Self(diagonalize(a, &mut [[]; N], one, sqrt))
    }

    /// λ, as a column.
    #[inline]
    #[must_use]
    pub fn eigenvalues(&self) -> [[T; N]; 1] {
        [self.0]
    }
}

/// The eigenvalues of the matrix with the lower triangle of `a`. The rotations are applied to the columns of `v` too.
#[inline]
fn diagonalize<T: Field, const N: usize, const K: usize>(
    a: &[[T; N]; N],
    v: &mut [[T; K]; N],
    one: T,
    sqrt: impl Fn(T) -> T,
) -> [T; N] {
    let mut a = *a;
    for (j, column) in a.iter_mut().enumerate() {
        for entry in column.iter_mut().take(j) {
            *entry = zero(one);
        }
    }
    let Some(unit) = scale(&a, one) else {
        let undefined = zero(one) / zero(one);
        *v = [[undefined; K]; N];
        return [undefined; N];
    };
    for entry in a.iter_mut().flatten() {
        *entry = *entry / unit;
    }
    for _ in 0..SWEEPS {
        let mut turned = false;
        for p in 0..N {
            for q in p + 1..N {
                turned |= annihilate(&mut a, v, (p, q), one, &sqrt);
            }
        }
        if !turned {
            break;
        }
    }
    let mut values = [unit; N];
    for (i, (value, column)) in values.iter_mut().zip(&a).enumerate() {
        *value = column[i] * *value;
    }
    values
}

/// A ← JᵀAJ and V ← VJ with the rotation J of columns p < q that makes the entry pq zero. Whether there was anything to do.
#[inline]
#[expect(
    clippy::needless_range_loop,
    reason = "an entry of a row and one of a column have the index in common"
)]
fn annihilate<T: Field, const N: usize, const K: usize>(
    a: &mut [[T; N]; N],
    v: &mut [[T; K]; N],
    (p, q): (usize, usize),
    one: T,
    sqrt: &impl Fn(T) -> T,
) -> bool {
    // Never so: it shows the compiler that no index is out of bounds.
    if p >= q || q >= N {
        return false;
    }
    let (first, second, entry) = (a[p][p], a[q][q], a[p][q]);
    if is_negligible(entry, first) && is_negligible(entry, second) {
        return false;
    }
    let rotation = Rotation::new(second - first, entry, one, sqrt);
    let shift = rotation.tangent * entry;
    (a[p][p], a[p][q], a[q][q]) = (first - shift, zero(one), second + shift);
    for k in 0..p {
        (a[k][p], a[k][q]) = rotation.turn(a[k][p], a[k][q]);
    }
    for k in p + 1..q {
        (a[p][k], a[k][q]) = rotation.turn(a[p][k], a[k][q]);
    }
    for k in q + 1..N {
        (a[p][k], a[q][k]) = rotation.turn(a[p][k], a[q][k]);
    }
    let (mut x, mut y) = (v[p], v[q]);
    rotation.apply(&mut x, &mut y);
    (v[p], v[q]) = (x, y);
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use nalgebra::{SMatrix, SVector};

    type Square<const N: usize> = SMatrix<f64, N, N>;

    fn eigen<const N: usize>(a: &Square<N>) -> (SVector<f64, N>, Square<N>) {
        let eigen = SymmetricEigen::new(&a.data.0, 1.0, f64::sqrt);
        (eigen.eigenvalues().into(), eigen.eigenvectors().into())
    }

    fn sorted<const N: usize>(values: &SVector<f64, N>) -> [f64; N] {
        let mut values = values.data.0[0];
        values.sort_by(f64::total_cmp);
        values
    }

    /// Symmetric, with entries around 0.
    fn wave<const N: usize>() -> Square<N> {
        SMatrix::from_fn(|i, j| (1.3 + (i + j) as f64 * 1.7 + (i * j) as f64 * 0.9).sin())
    }

    /// The errors of AV = VΛ and VᵀV = I, both in units of N ε.
    fn errors<const N: usize>(a: &Square<N>, values: &SVector<f64, N>, v: &Square<N>) -> (f64, f64) {
        let unit = N as f64 * f64::EPSILON;
        let scale = if a.amax() > 0.0 { a.amax() } else { 1.0 };
        let residual = a / scale * v - v * Square::from_diagonal(&(values / scale));
        (residual.amax() / unit, (v.tr_mul(v) - Square::identity()).amax() / unit)
    }

    fn check<const N: usize>() {
        let repeated = Square::<N>::identity() * 2.0 + SMatrix::from_element(1.0);
        let graded = wave::<N>().map_with_location(|i, j, v| v * (-(6.0 * (i + j) as f64)).exp());
        for a in [wave(), repeated, graded, Square::identity(), Square::zeros()] {
            for scale in [1.0, 1e200, 1e-200, 1e300, 1e-300] {
                let a = a * scale;
                let (values, v) = eigen(&a);
                let (residual, angle) = errors(&a, &values, &v);
                assert!(residual < 4.0 && angle < 4.0, "{N}, {scale:e}: {residual} and {angle}");
                let alone = SymmetricEigenvalues::new(&a.data.0, 1.0, f64::sqrt).eigenvalues();
                assert_eq!(alone, values.data.0);
            }
        }
    }

    #[test]
    fn columns_are_orthonormal_eigenvectors() {
        check::<1>();
        check::<2>();
        check::<3>();
        check::<4>();
        check::<5>();
        check::<6>();
        check::<8>();
        check::<10>();
        check::<16>();
        check::<33>();
    }

    #[test]
    fn no_less_accurate_than_nalgebra() {
        fn check<const N: usize>(a: &Square<N>, theirs: (SVector<f64, N>, Square<N>)) {
            let (values, v) = eigen(a);
            let (ours, theirs) = (errors(a, &values, &v), errors(a, &theirs.0, &theirs.1));
            assert!(ours.0 <= theirs.0 && ours.1 <= theirs.1, "{N}: {ours:?} against {theirs:?}");
        }
        macro_rules! each_size {
            ($($n:literal)+) => { $(
                let a = wave::<$n>();
                let theirs = a.symmetric_eigen();
                check(&a, (theirs.eigenvalues, theirs.eigenvectors));
            )+ };
        }
        each_size!(3 4 5 6 8 10 16);
    }

    #[test]
    fn of_known_matrices() {
        // The second difference has 2 − 2 cos kπ/(N + 1).
        let second = Square::<12>::from_fn(|i, j| [2.0, -1.0, 0.0][i.abs_diff(j).min(2)]);
        for (k, value) in (1_u8..).zip(sorted(&eigen(&second).0)) {
            let half = f64::from(k) * core::f64::consts::PI / 26.0;
            assert!((value / (2.0 * half.sin()).powi(2) - 1.0).abs() < 8.0 * f64::EPSILON, "{k}: {value}");
        }
        // Two eigenvalues that agree in their first fifteen digits. (Wilkinson, The Algebraic Eigenvalue Problem, § 5.45)
        let near = Square::<21>::from_fn(|i, j| match i.abs_diff(j) {
            0 => i.abs_diff(10) as f64,
            1 => 1.0,
            _ => 0.0,
        });
        let values = sorted(&eigen(&near).0);
        for (value, want) in values[19..].iter().zip([10.746_194_182_903_322, 10.746_194_182_903_393]) {
            assert!((value - want).abs() < 8.0 * f64::EPSILON * want, "{value}");
        }
        assert_eq!(sorted(&eigen(&Square::from_diagonal(&[3.0, -7.0, 0.1].into())).0), [-7.0, 0.1, 3.0]);
        assert_eq!(eigen(&SMatrix::from([[-0.3]])), (SMatrix::from([[-0.3]]), SMatrix::from([[1.0]])));
    }

    #[test]
    fn eigenvalues_of_a_graded_definite_matrix_have_all_digits() {
        // D B D with ones on the diagonal of B and ¼ beside them, all of it exact, and pivots pₖ = 1 − 1/(16 pₖ₋₁) of B.
        let powers: [f64; 6] = core::array::from_fn(|i| (-(14.0 * i as f64)).exp2());
        let a = Square::<6>::from_fn(|i, j| powers[i] * powers[j] * [1.0, 0.25, 0.0][i.abs_diff(j).min(2)]);
        let (mut pivot, mut product) = (1.0, 1.0);
        let mut values = sorted(&eigen(&a).0);
        values.reverse();
        for (k, (value, power)) in values.iter().zip(powers).enumerate() {
            // With a grade this steep each eigenvalue is the pivot of its place to first order in 2⁻²⁸.
            let want = pivot * power * power;
            assert!((value / want - 1.0).abs() < 1e-9, "{k}: {value:e} is not {want:e}");
            product *= value / want;
            pivot = 1.0 - 1.0 / (16.0 * pivot);
        }
        assert!((product - 1.0).abs() < 16.0 * f64::EPSILON, "{product}");
    }

    #[test]
    fn only_the_lower_triangle_counts() {
        let (a, mut other) = (wave::<4>(), wave::<4>());
        other.fill_upper_triangle(f64::NAN, 1);
        assert_eq!(eigen(&a), eigen(&other));
    }

    #[test]
    fn what_is_not_finite_shows() {
        for v in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            let mut a = wave::<4>();
            a[(2, 1)] = v;
            let (values, vectors) = eigen(&a);
            assert!(values.iter().chain(&vectors).all(|v| v.is_nan()));
        }
    }

    #[test]
    fn in_single_precision() {
        for scale in [1.0_f32, 1e30, 1e-30] {
            let a = wave::<6>().cast::<f32>() * scale;
            let eigen = SymmetricEigen::new(&a.data.0, 1.0, f32::sqrt);
            let values = SVector::<f32, 6>::from(eigen.eigenvalues());
            let v = SMatrix::<f32, 6, 6>::from(eigen.eigenvectors());
            let residual = a / scale * v - v * SMatrix::from_diagonal(&(values / scale));
            assert!(residual.amax() < 24.0 * f32::EPSILON, "{scale:e}: {residual}");
        }
    }
}
