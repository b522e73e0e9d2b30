//! Inverses of positive definite matrices in closed form, up to 4×4.

use super::cofactors::minor;
use super::ldlt::Ldlt;
use super::logarithm::in_range;
use super::symmetric_cofactors::SymmetricForm;
use super::{Field, mirrored, scaled_transpose, transposed, zero};

/// What is known of a symmetric matrix once it is inverted.
#[derive(Clone, Copy, Debug)]
pub struct Inverted<T, M> {
    /// A⁻¹, of which the lower triangle is read.
    inverse: M,
    /// det A.
    determinant: T,
    /// Whether every leading minor is above zero (Sylvester).
    definite: bool,
    /// Whether nothing on the way has left the range of numbers.
    in_range: bool,
}

/// The positive definite matrices by columns that have a closed form here: 1×1 to 4×4.
pub trait DefiniteForm<T>: SymmetricForm<T> {
    /// The inverse, by the lower triangle.
    fn inverted(&self, one: T) -> Inverted<T, Self>;
}

/// The inverse of a symmetric, positive definite N×N matrix by columns, 1 ≤ N ≤ 4, of which only the lower triangle is read.
///
/// One division at N ≤ 3 and two at N = 4 take the place of the N roots and more divisions of a Cholesky factorisation, which
/// wait for each other: a gradient that needs A⁻¹ takes half the time or less.
///
/// Accuracy: that of elimination without pivots, so that of Cholesky: the determinant comes from leading minors (Bareiss,
/// Sylvester's identity and integer-preserving Gaussian elimination, 1968), not from the expansion by a row, which at N = 3 loses
/// ten times as much on random matrices and a hundred times at N = 4.
#[derive(Clone, Copy, Debug)]
pub struct DefiniteInverse<T, const N: usize> {
    /// A, to be tested as it is.
    a: [[T; N]; N],
    /// A⁻¹ and more.
    found: Inverted<T, [[T; N]; N]>,
    /// The number one.
    one: T,
}

impl<T: Field, const N: usize> DefiniteInverse<T, N>
where
    [[T; N]; N]: DefiniteForm<T>,
{
    /// Inverts `a`.
    #[inline]
    #[must_use]
    pub fn new(a: &[[T; N]; N], one: T) -> Self {
        let fast = a.inverted(one);
        let found = if fast.in_range { fast } else { by_pivots(transposed(a), one) };
        Self { a: *a, found, one }
    }

    /// The inverse, unless a leading minor is zero, negative or NaN: up to rounding at singular matrices, where nalgebra's
    /// `cholesky()` gives `None`.
    #[inline]
    #[must_use]
    pub fn positive_definite(self) -> Option<Self> {
        if self.found.definite { Some(self) } else { None }
    }

    /// The inverse, unless the determinant, expanded as nalgebra expands it, is exactly zero: where its `try_inverse` gives
    /// `None`.
    #[inline]
    #[must_use]
    pub fn invertible(self) -> Option<Self> {
        let a = mirrored(&self.a);
        let determinant = a.determinant(&a.symmetric_cofactors(self.one));
        if determinant == -determinant { None } else { Some(self) }
    }

    /// det A, which overflows or underflows where a product of pivots does.
    #[inline]
    #[must_use]
    pub fn determinant(&self) -> T {
        self.found.determinant
    }

    /// ln det A, also where the determinant itself is out of range.
    ///
    /// Edge: NaN where the determinant is negative.
    #[inline]
    #[must_use]
    pub fn ln_determinant(&self, ln: impl Fn(T) -> T) -> T {
        if in_range(self.found.determinant) {
            ln(self.found.determinant)
        } else {
            ln_by_pivots(transposed(&self.a), self.one, ln)
        }
    }

    /// ln |det A|, which is [`ln_determinant`](Self::ln_determinant).
    #[inline]
    #[must_use]
    pub fn ln_abs_determinant(&self, ln: impl Fn(T) -> T) -> T {
        self.ln_determinant(ln)
    }

    /// A⁻¹, exactly symmetric.
    #[inline]
    #[must_use]
    pub fn inverse(&self) -> [[T; N]; N] {
        mirrored(&self.found.inverse)
    }

    /// The cofactor matrix det(A) A⁻¹ of a positive definite matrix.
    #[inline]
    #[must_use]
    pub fn cofactors(&self) -> [[T; N]; N] {
        scaled_transpose(self.found.determinant, &self.inverse())
    }

    /// X = A⁻¹B for an N×M matrix B by columns.
    #[inline]
    #[must_use]
    pub fn solve<const M: usize>(&self, b: [[T; N]; M]) -> [[T; N]; M] {
        let inverse = self.inverse();
        b.map(|b| inverse.map(|column| product(&column, &b)))
    }

    /// X = A⁻ᵀB, which is [`solve`](Self::solve): A is symmetric.
    #[inline]
    #[must_use]
    pub fn tr_solve<const M: usize>(&self, b: [[T; N]; M]) -> [[T; N]; M] {
        self.solve(b)
    }
}
