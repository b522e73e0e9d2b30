//! Cofactor matrices of symmetric matrices in closed form, up to 4×4.

use super::cofactors::{ClosedForm, Cofactors, first_of_four, minor};
use super::ldlt::Ldlt;
use super::logarithm::in_range;
use super::{Field, mirrored, transposed, zero};

/// The symmetric matrices by columns that have a closed form here: 1×1 to 4×4.
pub trait SymmetricForm<T>: ClosedForm<T> {
    /// The cofactor matrix, exactly symmetric.
    fn symmetric_cofactors(&self, one: T) -> Self;

    /// Whether all leading minors but the determinant are above zero.
    fn leads(&self, cofactors: &Self, one: T) -> bool;
}

/// A symmetric N×N matrix A by columns, 1 ≤ N ≤ 4, of which only the lower triangle is read, with its cofactor matrix and
/// determinant, which are those of [`Cofactors`].
///
/// At N = 3 six minors and one division take the place of three square roots and nine divisions, most of which wait for
/// each other: a gradient that needs A⁻¹ takes a third of the time that it takes with a Cholesky factorisation. At N = 4 ten
/// cofactors of sixteen are computed.
///
/// Accuracy: A⁻¹ to a small multiple of ε perm|A| / |det A|, relative to its largest entry. To N = 3 that is no worse than by
/// Cholesky on Hilbert matrices, at N = 4 it is worse, so a matrix of that size that must be positive definite has another
/// kernel: [`Ldlt`].
#[derive(Clone, Copy, Debug)]
pub struct SymmetricCofactors<T, const N: usize>(Cofactors<T, N>);

impl<T: Field, const N: usize> SymmetricCofactors<T, N>
where
    [[T; N]; N]: SymmetricForm<T>,
{
    /// Computes the cofactors of `a`.
    #[inline]
    #[must_use]
    pub fn new(a: &[[T; N]; N], one: T) -> Self {
        let a = mirrored(a);
        let cofactors = a.symmetric_cofactors(one);
        Self(Cofactors { a, cofactors, determinant: a.determinant(&cofactors), one })
    }

    /// The cofactors, unless a leading minor (Sylvester) and a pivot are zero, negative or NaN: up to rounding at singular
    /// matrices, where nalgebra's `cholesky()` gives `None`.
    ///
    /// Minors leave the range of numbers where pivots do not, so only a yes is theirs to say.
    #[inline]
    #[must_use]
    pub fn positive_definite(self) -> Option<Self> {
        let Self(Cofactors { a, cofactors, determinant, one }) = self;
        let leads = a.leads(&cofactors, one) & (determinant > zero(one)) & in_range(determinant);
        if leads || has_positive_pivots(transposed(&a), one) { Some(self) } else { None }
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
    #[inline]
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
    #[inline]
    #[must_use]
    pub fn solve<const M: usize>(&self, b: [[T; N]; M]) -> [[T; N]; M] {
        self.0.solve(b)
    }

    /// X = A⁻ᵀB, which is [`solve`](Self::solve): A is symmetric.
    #[inline]
    #[must_use]
    pub fn tr_solve<const M: usize>(&self, b: [[T; N]; M]) -> [[T; N]; M] {
        self.0.solve(b)
    }
}

/// Whether all pivots of a symmetric matrix are above zero. The guards of [`Cofactors`] say why it is out of line.
#[cold]
#[inline(never)]
fn has_positive_pivots<T: Field, const N: usize>(a: [[T; N]; N], one: T) -> bool {
    Ldlt::new(&a, one).positive_definite().is_some()
}

impl<T: Field> SymmetricForm<T> for [[T; 1]; 1] {
    #[inline]
    fn symmetric_cofactors(&self, one: T) -> Self {
        [[one]]
    }

    #[inline]
    fn leads(&self, _: &Self, _: T) -> bool {
        true
    }
}

impl<T: Field> SymmetricForm<T> for [[T; 2]; 2] {
    #[inline]
    fn symmetric_cofactors(&self, _: T) -> Self {
        let [[a, b], [_, c]] = *self;
        [[c, -b], [-b, a]]
    }

    #[inline]
    fn leads(&self, _: &Self, one: T) -> bool {
        self[0][0] > zero(one)
    }
}

impl<T: Field> SymmetricForm<T> for [[T; 3]; 3] {
    #[inline]
    fn symmetric_cofactors(&self, _: T) -> Self {
        let [x, y, z] = self;
        let [c00, c10, c20] = [minor(y, z, 1, 2), minor(y, z, 2, 0), minor(y, z, 0, 1)];
        let [c11, c21, c22] = [minor(x, z, 0, 2), minor(z, x, 0, 1), minor(x, y, 0, 1)];
        [[c00, c10, c20], [c10, c11, c21], [c20, c21, c22]]
    }

    #[inline]
    fn leads(&self, cofactors: &Self, one: T) -> bool {
        (self[0][0] > zero(one)) & (cofactors[2][2] > zero(one))
    }
}

impl<T: Field> SymmetricForm<T> for [[T; 4]; 4] {
    /// The first column, on which the determinant depends, as of any matrix; the others by 2×2 minors that they share.
    #[inline]
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

    #[inline]
    fn leads(&self, cofactors: &Self, one: T) -> bool {
        let [w, x, ..] = self;
        (w[0] > zero(one)) & (minor(w, x, 0, 1) > zero(one)) & (cofactors[3][3] > zero(one))
    }
}
