//! The factorisation LDLᵀ.

use super::logarithm::ln_abs_product;
use super::triangular::{
    Diagonal, after, after_mut, before, column_and_rest, each_step, lower, subtract, symmetric_product,
    tr_lower,
};
use super::{Field, built, identity, scaled_transpose, zero};

/// A = LDLᵀ for a symmetric, positive definite N×N matrix A by columns, of which only the lower triangle is read, with ones on
/// the diagonal of L. (Golub and Van Loan, Matrix Computations, 4th ed., § 4.1)
///
/// The Cholesky factorisation without its square roots, and one division for each pivot: both wait for the pivot before them,
/// so a solve takes half the time that it takes with `Cholesky`.
///
/// Accuracy: that of `Cholesky`, an error of A⁻¹ of a small multiple of N ε cond A. (Higham, Accuracy and Stability of
/// Numerical Algorithms, 2nd ed., § 10.1)
///
/// Edge: where A is not positive definite but has no pivot of zero, it is inverted all the same.
#[derive(Clone, Copy, Debug)]
pub struct Ldlt<T, const N: usize> {
    /// L below the diagonal; what stands elsewhere is not read.
    l: [[T; N]; N],
    /// The diagonal of D.
    pivots: [T; N],
    /// The diagonal of D⁻¹.
    reciprocals: [T; N],
    /// Whether every pivot is above zero.
    definite: bool,
    /// The number one.
    one: T,
}

impl<T: Field, const N: usize> Ldlt<T, N> {
    /// Factorises `a`.
    #[inline]
    #[must_use]
    pub fn new(a: &[[T; N]; N], one: T) -> Self {
        let mut l = *a;
        let (mut pivots, mut reciprocals, mut definite) = ([zero(one); N], [zero(one); N], true);
        each_step!(N, |j| {
            pivots[j] = l[j][j];
            reciprocals[j] = one / pivots[j];
            definite &= pivots[j] > zero(one);
            eliminate(&mut l, j, reciprocals[j]);
        });
        Self { l, pivots, reciprocals, definite, one }
    }

    /// The factorisation, unless a pivot is zero, negative or NaN: up to rounding at singular matrices, where nalgebra's
    /// `cholesky()` gives `None`.
    #[inline]
    #[must_use]
    pub fn positive_definite(self) -> Option<Self> {
        if self.definite { Some(self) } else { None }
    }

    /// det A. It overflows or underflows where a product of the first pivots does.
    #[inline]
    #[must_use]
    pub fn determinant(&self) -> T {
        self.pivots.iter().fold(self.one, |product, &pivot| product * pivot)
    }

    /// ln det A, also where the determinant itself is out of range.
    ///
    /// Edge: NaN where A is not positive definite.
    #[inline]
    #[must_use]
    pub fn ln_determinant(&self, ln: impl Fn(T) -> T) -> T {
        if self.definite {
            ln_abs_product(self.pivots.iter().copied(), self.one, ln)
        } else {
            zero(self.one) / zero(self.one)
        }
    }

    /// ln |det A|, which is [`ln_determinant`](Self::ln_determinant).
    #[inline]
    #[must_use]
    pub fn ln_abs_determinant(&self, ln: impl Fn(T) -> T) -> T {
        self.ln_determinant(ln)
    }

    /// The diagonal of D.
    #[inline]
    pub(super) fn pivots(&self) -> [T; N] {
        self.pivots
    }

    /// A⁻¹ = WᵀD⁻¹W with W = L⁻¹, exactly symmetric.
    #[inline]
    #[must_use]
    pub fn inverse(&self) -> [[T; N]; N] {
        let w = self.rows_of_inverse();
        let scaled = built(self.one, |i, k| w[k][i] * self.reciprocals[k]);
        symmetric_product(&w, &scaled, self.one)
    }

    /// W = L⁻¹ by rows, with zeros above the diagonal.
    #[inline]
    fn rows_of_inverse(&self) -> [[T; N]; N] {
        let mut w = identity(self.one);
        for j in 0..N {
            let Some((row, rest)) = column_and_rest(&mut w, j) else { break };
            for (later, &c) in rest.iter_mut().zip(after(&self.l[j], j + 1)) {
                subtract(later, c, before(row, j + 1));
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
            lower(&self.l, column, 0, Diagonal::Unit);
            for (v, &reciprocal) in column.iter_mut().zip(&self.reciprocals) {
                *v = *v * reciprocal;
            }
            tr_lower(&self.l, column, Diagonal::Unit);
        }
        b
    }

    /// X = A⁻ᵀB, which is [`solve`](Self::solve): A is symmetric.
    #[inline]
    #[must_use]
    pub fn tr_solve<const M: usize>(&self, b: [[T; N]; M]) -> [[T; N]; M] {
        self.solve(b)
    }
}

/// Makes column `j` one of L, and takes its part from those after it.
#[inline(always)]
fn eliminate<T: Field, const N: usize>(l: &mut [[T; N]; N], j: usize, reciprocal: T) {
    let Some((column, rest)) = column_and_rest(l, j) else { return };
    let (pivot, unscaled) = (column[j], *column);
    // The reciprocal of a subnormal pivot is infinite.
    let is_finite = reciprocal < reciprocal + reciprocal;
    for v in after_mut(column, j + 1) {
        *v = if is_finite { *v * reciprocal } else { *v / pivot };
    }
    for (k, later) in (j + 1..N).zip(rest) {
        subtract(after_mut(later, k), unscaled[k], after(column, k));
    }
}
