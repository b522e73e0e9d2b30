//! The Cholesky factorisation.

use super::logarithm::ln_abs_product;
use super::triangular::{
    Diagonal, after, after_mut, before_mut, column_and_rest, each_step, lower, subtract, symmetric_product,
    tr_lower,
};
use super::{Field, built, identity, scaled_transpose, zero};

/// A = LLᵀ for a symmetric, positive definite N×N matrix A by columns, of which only the lower triangle is read.
///
/// The arithmetic is that of nalgebra's `Cholesky`. (Golub and Van Loan, Matrix Computations, 4th ed., § 4.2)
///
/// Edge: where A is not positive definite, entries of L are NaN or infinite, and so are results.
#[derive(Clone, Copy, Debug)]
pub struct Cholesky<T, const N: usize> {
    /// L, with zeros above the diagonal.
    l: [[T; N]; N],
    /// Whether every pivot is above zero.
    definite: bool,
    /// The number one.
    one: T,
}

impl<T: Field, const N: usize> Cholesky<T, N> {
    /// Factorises `a`.
    #[inline]
    #[must_use]
    pub fn new(a: &[[T; N]; N], one: T, sqrt: impl Fn(T) -> T) -> Self {
        let mut l: [[T; N]; N] = built(one, |i, j| if i < j { zero(one) } else { a[j][i] });
        let mut definite = true;
        each_step!(N, |j| definite &= eliminate(&mut l, j, one, &sqrt));
        Self { l, definite, one }
    }

    /// The factorisation, unless a pivot is zero, negative or NaN: where nalgebra's `cholesky()` gives `None`.
    #[inline]
    #[must_use]
    pub fn positive_definite(self) -> Option<Self> {
        if self.definite { Some(self) } else { None }
    }

    /// det A, the square of det L. It overflows or underflows where a product of the first pivots does.
    #[inline]
    #[must_use]
    pub fn determinant(&self) -> T {
        let root = self.diagonal().into_iter().fold(self.one, |product, v| product * v);
        root * root
    }

    /// ln det A = 2 ln det L, also where the determinant itself is out of range.
    #[inline]
    #[must_use]
    pub fn ln_determinant(&self, ln: impl Fn(T) -> T) -> T {
        let half = ln_abs_product(self.diagonal().into_iter(), self.one, ln);
        half + half
    }

    /// A⁻¹ = WᵀW with W = L⁻¹, exactly symmetric.
    ///
    /// (Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., ch. 14)
    #[inline]
    #[must_use]
    pub fn inverse(&self) -> [[T; N]; N] {
        let w = self.rows_of_inverse();
        symmetric_product(&w, &w, self.one)
    }

    /// W = L⁻¹ by rows, with zeros above the diagonal.
    #[inline]
    fn rows_of_inverse(&self) -> [[T; N]; N] {
        let mut w = identity(self.one);
        for j in 0..N {
            let Some((row, rest)) = column_and_rest(&mut w, j) else { break };
            let row = before_mut(row, j + 1);
            let reciprocal = self.one / self.l[j][j];
            for v in &mut *row {
                *v = *v * reciprocal;
            }
            for (later, &c) in rest.iter_mut().zip(after(&self.l[j], j + 1)) {
                subtract(later, c, row);
            }
        }
        w
    }

    /// The cofactor matrix det(A) A⁻¹ of a positive definite matrix.
    #[inline]
    #[must_use]
    pub fn cofactors(&self) -> [[T; N]; N] {
        scaled_transpose(self.determinant(), &self.inverse())
    }

    /// X = A⁻¹B for an N×M matrix B by columns.
    #[inline]
    #[must_use]
    pub fn solve<const M: usize>(&self, mut b: [[T; N]; M]) -> [[T; N]; M] {
        for column in &mut b {
            lower(&self.l, column, 0, Diagonal::Stored);
            tr_lower(&self.l, column, Diagonal::Stored);
        }
        b
    }

    /// X = A⁻ᵀB, which is [`solve`](Self::solve): A is symmetric.
    #[inline]
    #[must_use]
    pub fn tr_solve<const M: usize>(&self, b: [[T; N]; M]) -> [[T; N]; M] {
        self.solve(b)
    }

    /// L, with zeros above the diagonal.
    #[inline]
    #[must_use]
    pub fn l(&self) -> [[T; N]; N] {
        self.l
    }

    /// The diagonal of L.
    #[inline]
    pub(super) fn diagonal(&self) -> [T; N] {
        let mut diagonal = [self.one; N];
        for (i, (entry, column)) in diagonal.iter_mut().zip(&self.l).enumerate() {
            *entry = column[i];
        }
        diagonal
    }
}

/// Makes column `j` one of L, and takes its part from those after it. Whether its pivot is above zero.
#[inline(always)]
fn eliminate<T: Field, const N: usize>(
    l: &mut [[T; N]; N],
    j: usize,
    one: T,
    sqrt: &impl Fn(T) -> T,
) -> bool {
    let Some((column, rest)) = column_and_rest(l, j) else { return false };
    let pivot = column[j];
    let root = sqrt(pivot);
    column[j] = root;
    for v in after_mut(column, j + 1) {
        *v = *v / root;
    }
    for (k, later) in (j + 1..N).zip(rest) {
        subtract(after_mut(later, k), column[k], after(column, k));
    }
    pivot > zero(one)
}

#[cfg(test)]
mod tests {
    use super::*;
    use nalgebra::SMatrix;

    fn factor<const N: usize>(a: &SMatrix<f64, N, N>) -> Cholesky<f64, N> {
        Cholesky::new(&a.data.0, 1.0, f64::sqrt)
    }

    fn choose(n: usize, k: usize) -> f64 {
        (0..k).fold(1.0, |product, i| product * (n - i) as f64 / (i + 1) as f64)
    }

    /// Against the inverse of the Hilbert matrix in integers, the matrix scaled to integers too.
    /// (Choi, Tricks or treats with the Hilbert matrix, 1983)
    fn check_hilbert<const N: usize>() {
        let a = SMatrix::<f64, N, N>::from_fn(|i, j| 360_360.0 / (i + j + 1) as f64);
        let want = SMatrix::<f64, N, N>::from_fn(|i, j| {
            let sign = if (i + j) % 2 == 0 { 1.0 } else { -1.0 };
            let factors = choose(N + i, N - j - 1) * choose(N + j, N - i - 1) * choose(i + j, i).powi(2);
            sign * (i + j + 1) as f64 * factors
        }) / 360_360.0;
        let error = |x: SMatrix<f64, N, N>| (x - want).amax() / want.amax();
        let (ours, theirs) =
            (SMatrix::<f64, N, N>::from(factor(&a).inverse()), a.cholesky().unwrap().inverse());
        assert_eq!(ours, ours.transpose());
        let (ours, theirs) = (error(ours), error(theirs));
        assert!(ours <= 1.1 * theirs, "{ours:e} against {theirs:e}");
        // The bound in the condition number, which grows as e^(3.5 N). (Higham, § 28.1)
        let bound = N as f64 * (3.5 * N as f64).exp() * f64::EPSILON;
        assert!(ours <= bound, "{ours:e} is above {bound:e}");
    }

    #[test]
    fn inverse_is_symmetric_where_loops_are_not_unrolled() {
        let a = SMatrix::<f64, 33, 33>::from_fn(|i, j| (-0.1 * i.abs_diff(j) as f64).exp());
        let x = SMatrix::<f64, 33, 33>::from(factor(&a).inverse());
        assert_eq!(x, x.transpose());
        assert!((a * x - SMatrix::identity()).amax() < 1e-12);
    }

    #[test]
    fn inverse_of_a_hilbert_matrix() {
        check_hilbert::<1>();
        check_hilbert::<2>();
        check_hilbert::<3>();
        check_hilbert::<4>();
        check_hilbert::<5>();
        check_hilbert::<6>();
        check_hilbert::<7>();
        check_hilbert::<8>();
    }
}
