//! Cofactor matrices of symmetric matrices in closed form, up to 4×4.

use super::cofactors::{ClosedForm, Cofactors, first_of_four, minor};
use super::{Field, mirrored};

/// The symmetric matrices by columns that have a closed form here: 1×1 to 4×4.
pub trait SymmetricForm<T>: ClosedForm<T> {
    /// The cofactor matrix, exactly symmetric.
    fn symmetric_cofactors(&self, one: T) -> Self;
}

/// A symmetric N×N matrix A by columns, 1 ≤ N ≤ 4, of which only the lower triangle is read, with its cofactor matrix and
/// determinant, which are those of [`Cofactors`].
///
/// Six minors are computed of nine at N = 3, and ten cofactors of sixteen at N = 4. A matrix that is positive definite has
/// another kernel, [`DefiniteInverse`](super::DefiniteInverse), which loses fewer digits but divides by leading minors.
///
/// Accuracy: that of [`Cofactors`] and of nalgebra's `try_inverse`.
#[derive(Clone, Copy, Debug)]
pub struct SymmetricCofactors<T, const N: usize>(Cofactors<T, N>);

impl<T: Field, const N: usize> SymmetricCofactors<T, N>
where
    [[T; N]; N]: SymmetricForm<T>,
{
    /// Computes the cofactors of `a`.
    #[inline(always)]
    #[must_use]
    pub fn new(a: &[[T; N]; N], one: T) -> Self {
        let a = mirrored(a);
        let cofactors = a.symmetric_cofactors(one);
        Self(Cofactors { a, cofactors, determinant: a.determinant(&cofactors), one })
    }

    /// The cofactors, unless the determinant is exactly zero: where nalgebra's `try_inverse` gives `None`.
    #[inline]
    #[must_use]
    pub fn invertible(self) -> Option<Self> {
        self.0.invertible().map(Self)
    }

    /// det A, which overflows or underflows where a product of N entries does.
    #[inline]
    #[must_use]
    pub fn determinant(&self) -> T {
        self.0.determinant()
    }

    /// ln det A, also where the determinant itself is out of range.
    ///
    /// Edge: −∞ where the determinant is 0, NaN where it is negative.
    #[inline]
    #[must_use]
    pub fn ln_determinant(&self, ln: impl Fn(T) -> T) -> T {
        self.0.ln_determinant(ln)
    }

    /// ln |det A|, also where the determinant itself is out of range.
    ///
    /// Edge: −∞ where the determinant is 0.
    #[inline]
    #[must_use]
    pub fn ln_abs_determinant(&self, ln: impl Fn(T) -> T) -> T {
        self.0.ln_abs_determinant(ln)
    }

    /// A⁻¹, exactly symmetric.
    ///
    /// Edge: infinite and NaN entries where the determinant is 0.
    #[inline(always)]
    #[must_use]
    pub fn inverse(&self) -> [[T; N]; N] {
        mirrored(&self.0.inverse())
    }

    /// The cofactor matrix, exactly symmetric.
    #[inline]
    #[must_use]
    pub fn cofactors(&self) -> [[T; N]; N] {
        self.0.cofactors()
    }

    /// X = A⁻¹B for an N×M matrix B by columns.
    ///
    /// Edge: infinite and NaN entries where the determinant is 0.
    #[inline(always)]
    #[must_use]
    pub fn solve<const M: usize>(&self, b: [[T; N]; M]) -> [[T; N]; M] {
        self.0.solve(b)
    }

    /// X = A⁻ᵀB, which is [`solve`](Self::solve): A is symmetric.
    #[inline(always)]
    #[must_use]
    pub fn tr_solve<const M: usize>(&self, b: [[T; N]; M]) -> [[T; N]; M] {
        self.0.solve(b)
    }
}

impl<T: Field> SymmetricForm<T> for [[T; 1]; 1] {
    #[inline(always)]
    fn symmetric_cofactors(&self, one: T) -> Self {
        [[one]]
    }
}

impl<T: Field> SymmetricForm<T> for [[T; 2]; 2] {
    #[inline(always)]
    fn symmetric_cofactors(&self, _: T) -> Self {
        let [[a, b], [_, c]] = *self;
        [[c, -b], [-b, a]]
    }
}

impl<T: Field> SymmetricForm<T> for [[T; 3]; 3] {
    #[inline(always)]
    fn symmetric_cofactors(&self, _: T) -> Self {
        let [x, y, z] = self;
        let [c00, c10, c20] = [minor(y, z, 1, 2), minor(y, z, 2, 0), minor(y, z, 0, 1)];
        let [c11, c21, c22] = [minor(x, z, 0, 2), minor(z, x, 0, 1), minor(x, y, 0, 1)];
        [[c00, c10, c20], [c10, c11, c21], [c20, c21, c22]]
    }
}

impl<T: Field> SymmetricForm<T> for [[T; 4]; 4] {
    /// The first column, on which the determinant depends, as of any matrix; the others by 2×2 minors that they share.
    #[inline(always)]
    fn symmetric_cofactors(&self, _: T) -> Self {
        let [w, x, y, z] = self;
        let [c00, c10, c20, c30] = first_of_four(self);
        let top = [minor(w, x, 0, 1), minor(w, x, 0, 2), minor(w, x, 0, 3)];
        let rest = [minor(w, x, 1, 2), minor(w, x, 1, 3)];
        let low = [minor(y, z, 0, 2), minor(y, z, 0, 3), minor(y, z, 2, 3), minor(y, z, 1, 3)];
        let c11 = w[0] * low[2] - w[2] * low[1] + w[3] * low[0];
        let c21 = w[1] * low[1] - w[0] * low[3] - w[3] * minor(y, z, 0, 1);
        let c31 = w[0] * minor(y, z, 1, 2) - w[1] * low[0] + w[2] * minor(y, z, 0, 1);
        let c22 = z[3] * top[0] - z[1] * top[2] + z[0] * rest[1];
        let c32 = z[1] * top[1] - z[2] * top[0] - z[0] * rest[0];
        let c33 = y[2] * top[0] - y[1] * top[1] + y[0] * rest[0];
        [[c00, c10, c20, c30], [c10, c11, c21, c31], [c20, c21, c22, c32], [c30, c31, c32, c33]]
    }
}
