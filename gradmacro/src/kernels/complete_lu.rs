//! The LU factorisation with complete pivoting.

use core::iter::once;

use super::elimination::{self, Exchanges, eliminate, exchange, largest};
use super::logarithm::{ln_abs_product, ln_product};
use super::triangular::{Diagonal, lower, reciprocals, tr_lower, tr_upper, upper};
use super::{Field, identity, is_zero, zero};

/// PAQ = LU for an N×N matrix A by columns: rows exchanged by P, columns by Q, ones on the diagonal of L.
///
/// Pivots and arithmetic are those of nalgebra's `FullPivLU`. (Golub and Van Loan, Matrix Computations, 4th ed., § 3.4.8)
///
/// Edge: elimination stops where all that remains is zero, so zero pivots stand last on the diagonal of U.
#[derive(Clone, Copy, Debug)]
pub struct CompleteLu<T, const N: usize> {
    /// U on and above the diagonal, the multipliers of L below.
    lu: [[T; N]; N],
    /// P.
    rows: Exchanges<N>,
    /// Q.
    columns: Exchanges<N>,
    /// The number one.
    one: T,
}

impl<T: Field, const N: usize> CompleteLu<T, N> {
    /// Factorises `a`.
    #[inline]
    #[must_use]
    pub fn new(a: &[[T; N]; N], one: T) -> Self {
        let (mut lu, mut rows, mut columns) = (*a, Exchanges::none(), Exchanges::none());
        for i in 0..N {
            let Some(pivot) = largest(&lu, i, i..N) else { break };
            exchange(&mut lu, i, pivot.column);
            columns.set(i, pivot.column);
            for column in &mut lu {
                exchange(column, i, pivot.row);
            }
            rows.set(i, pivot.row);
            eliminate(&mut lu, i, one);
        }
        Self { lu, rows, columns, one }
    }

    /// The factorisation, unless the last pivot is exactly zero: where nalgebra's `full_piv_lu().solve` and
    /// `.try_inverse` give `None`.
    #[inline]
    #[must_use]
    pub fn invertible(self) -> Option<Self> {
        if self.pivots().next_back().is_some_and(is_zero) { None } else { Some(self) }
    }

    /// det A, which overflows or underflows where a product of pivots does.
    ///
    /// Edge: 0 where the last pivot is, which is the first factor, before anything can overflow.
    #[inline]
    #[must_use]
    pub fn determinant(&self) -> T {
        let mut pivots = self.pivots();
        let last = pivots.next_back().unwrap_or(self.one);
        pivots.fold(last, |product, pivot| product * pivot) * self.sign()
    }

    /// ln det A, also where the determinant itself is out of range.
    ///
    /// Edge: −∞ where the determinant is 0, NaN where it is negative.
    #[inline]
    #[must_use]
    pub fn ln_determinant(&self, ln: impl Fn(T) -> T) -> T {
        ln_product(self.pivots().chain(once(self.sign())), self.one, ln)
    }

    /// ln |det A|, also where the determinant itself is out of range.
    ///
    /// Edge: −∞ where the determinant is 0.
    #[inline]
    #[must_use]
    pub fn ln_abs_determinant(&self, ln: impl Fn(T) -> T) -> T {
        ln_abs_product(self.pivots(), self.one, ln)
    }

    /// A⁻¹ = QU⁻¹L⁻¹P.
    ///
    /// Edge: infinite and NaN entries where A is singular.
    #[inline]
    #[must_use]
    pub fn inverse(&self) -> [[T; N]; N] {
        let mut x = elimination::inverse(&self.lu, self.one);
        for column in &mut x {
            self.columns.undo(column);
        }
        self.rows.undo(&mut x);
        x
    }

    /// The cofactor matrix, which is det(A) A⁻ᵀ where A is invertible.
    ///
    /// cof A = det(P) det(Q) Pᵀ cof(L) cof(U) Qᵀ with cof L = L⁻ᵀ. For U = [U₁ c; 0 u] and d the determinant of U₁,
    /// cof U = [u d U₁⁻ᵀ, 0; −d cᵀU₁⁻ᵀ, d], which divides by neither u nor the determinant. (Stewart, On the adjugate
    /// matrix, Linear Algebra and its Applications 283, 1998)
    ///
    /// Edge: right to rounding at singular matrices too, and 0 where a pivot before the last is exactly zero, for then
    /// the rank is below N − 1.
    #[inline]
    #[must_use]
    pub fn cofactors(&self) -> [[T; N]; N] {
        let mut x = identity(self.one);
        let Some(last) = N.checked_sub(1) else { return x };
        if self.pivots().take(last).any(is_zero) {
            // Zero, or NaN if an entry of U is not finite.
            let nothing = self.lu.iter().flatten().fold(zero(self.one), |sum, &v| sum + (v + -v));
            return [[nothing; N]; N];
        }
        let d = self.pivots().take(last).fold(self.sign(), |product, pivot| product * pivot);
        let mut u = self.lu;
        let ud = u[last][last] * d;
        u[last][last] = self.one;
        let reciprocals = reciprocals(&u, self.one);
        for column in &mut x {
            // The last row now holds eₙ − cᵀU₁⁻ᵀ, so one scaling makes a column of cof U.
            tr_upper(&u, &reciprocals, column);
            for (i, v) in column.iter_mut().enumerate() {
                *v = *v * if i == last { d } else { ud };
            }
            tr_lower(&self.lu, column, Diagonal::Unit);
            self.rows.undo(column);
        }
        self.columns.undo(&mut x);
        x
    }

    /// X = A⁻¹B for an N×M matrix B by columns.
    ///
    /// Edge: infinite and NaN entries where A is singular.
    #[inline]
    #[must_use]
    pub fn solve<const M: usize>(&self, mut b: [[T; N]; M]) -> [[T; N]; M] {
        let reciprocals = reciprocals(&self.lu, self.one);
        for column in &mut b {
            self.rows.apply(column);
            lower(&self.lu, column, 0, Diagonal::Unit);
            upper(&self.lu, &reciprocals, column);
            self.columns.undo(column);
        }
        b
    }

    /// X = A⁻ᵀB for an N×M matrix B by columns, as PᵀL⁻ᵀU⁻ᵀQᵀB.
    ///
    /// Edge: infinite and NaN entries where A is singular.
    #[inline]
    #[must_use]
    pub fn tr_solve<const M: usize>(&self, mut b: [[T; N]; M]) -> [[T; N]; M] {
        let reciprocals = reciprocals(&self.lu, self.one);
        for column in &mut b {
            self.columns.apply(column);
            tr_upper(&self.lu, &reciprocals, column);
            tr_lower(&self.lu, column, Diagonal::Unit);
            self.rows.undo(column);
        }
        b
    }

    /// The diagonal of U.
    #[inline]
    fn pivots(&self) -> impl DoubleEndedIterator<Item = T> + Clone {
        self.lu.iter().enumerate().filter_map(|(i, column)| column.get(i).copied())
    }

    /// det(P) det(Q).
    #[inline]
    fn sign(&self) -> T {
        self.rows.sign(self.one) * self.columns.sign(self.one)
    }
}
