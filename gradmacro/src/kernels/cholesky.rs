//! The Cholesky factorisation.

use core::array::from_fn;

use super::logarithm::ln_abs_product;
use super::triangular::{Diagonal, lower, subtract, tr_lower};
use super::{Field, identity, scaled_transpose, zero};

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
        let mut l: [[T; N]; N] = from_fn(|j| from_fn(|i| if i < j { zero(one) } else { a[j][i] }));
        let mut definite = true;
        for j in 0..N {
            let (done, rest) = l.split_at_mut(j + 1);
            let column = &mut done[j];
            let pivot = column[j];
            definite &= pivot > zero(one);
            let root = sqrt(pivot);
            column[j] = root;
            for v in &mut column[j + 1..] {
                *v = *v / root;
            }
            for (k, later) in (j + 1..N).zip(rest) {
                subtract(&mut later[k..], column[k], &column[k..]);
            }
        }
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
        let root = self.diagonal().fold(self.one, |product, v| product * v);
        root * root
    }

    /// ln det A = 2 ln det L, also where the determinant itself is out of range.
    #[inline]
    #[must_use]
    pub fn ln_determinant(&self, ln: impl Fn(T) -> T) -> T {
        let half = ln_abs_product(self.diagonal(), self.one, ln);
        half + half
    }

    /// A⁻¹ = L⁻ᵀL⁻¹, exactly symmetric.
    #[inline]
    #[must_use]
    pub fn inverse(&self) -> [[T; N]; N] {
        let mut w = identity(self.one);
        for (j, column) in w.iter_mut().enumerate() {
            lower(&self.l, column, j, Diagonal::Stored);
        }
        // Entry (i, j) is the product of columns i and j of L⁻¹, which begin at rows i and j.
        from_fn(|j| from_fn(|i| dot(&w[i], &w[j], i.max(j), zero(self.one))))
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
    fn diagonal(&self) -> impl Iterator<Item = T> {
        self.l.iter().enumerate().map(|(i, column)| column[i])
    }
}

/// The dot product of `x` and `y` from entry `from` on.
#[inline]
fn dot<T: Field, const N: usize>(x: &[T; N], y: &[T; N], from: usize, zero: T) -> T {
    x.iter().zip(y).skip(from).fold(zero, |sum, (&x, &y)| sum + x * y)
}
