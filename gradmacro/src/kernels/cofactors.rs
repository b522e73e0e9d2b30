//! Cofactor matrices in closed form, up to 4×4.

use core::array::from_fn;
use core::iter::once;

use super::logarithm::{in_range, ln_abs_product, ln_product};
use super::{Field, is_zero, magnitude, transposed, zero};

/// The square matrices by columns that have a closed form here: 1×1 to 4×4.
pub trait ClosedForm<T>: Sized {
    /// The cofactor matrix.
    fn cofactors(&self, one: T) -> Self;

    /// The determinant, expanded as nalgebra's `try_inverse` expands it, so that it is exactly zero where it is there.
    fn determinant(&self, cofactors: &Self) -> T;
}

/// An N×N matrix A by columns, 1 ≤ N ≤ 4, with its cofactor matrix and determinant.
///
/// No multiplication is fused with an addition: a minor of proportional columns is exactly zero because both of its
/// products round alike.
///
/// The guards against a determinant that is out of range stand out of line. They take the transpose of A: to pass A itself
/// would keep it, and all that stands beside it, in memory on the common path too, at nearly twice the time at N = 4.
///
/// Always inlined, for a call would pass all of it through memory.
///
/// Edge: determinant and cofactors are right to rounding at singular matrices too: nothing is divided by.
#[derive(Clone, Copy, Debug)]
pub struct Cofactors<T, const N: usize> {
    /// A.
    pub(super) a: [[T; N]; N],
    /// det(A) A⁻ᵀ.
    pub(super) cofactors: [[T; N]; N],
    /// det A.
    pub(super) determinant: T,
    /// The number one.
    pub(super) one: T,
}

impl<T: Field, const N: usize> Cofactors<T, N>
where
    [[T; N]; N]: ClosedForm<T>,
{
    /// Computes the cofactors of `a`.
    #[inline(always)]
    #[must_use]
    pub fn new(a: &[[T; N]; N], one: T) -> Self {
        let cofactors = a.cofactors(one);
        Self { a: *a, cofactors, determinant: a.determinant(&cofactors), one }
    }

    /// The cofactors, unless the determinant is exactly zero: where nalgebra's `try_inverse` gives `None`.
    #[inline]
    #[must_use]
    pub fn invertible(self) -> Option<Self> {
        if is_zero(self.determinant) { None } else { Some(self) }
    }

    /// det A, which overflows or underflows where a product of N entries does.
    #[inline]
    #[must_use]
    pub fn determinant(&self) -> T {
        self.determinant
    }

    /// ln det A, also where the determinant itself is out of range.
    ///
    /// Edge: −∞ where the determinant is 0, NaN where it is negative.
    #[inline]
    #[must_use]
    pub fn ln_determinant(&self, ln: impl Fn(T) -> T) -> T {
        if in_range(self.determinant) {
            ln(self.determinant)
        } else {
            ln_product(scaled_factors(transposed(&self.a), self.one), self.one, ln)
        }
    }

    /// ln |det A|, also where the determinant itself is out of range.
    ///
    /// Edge: −∞ where the determinant is 0.
    #[inline]
    #[must_use]
    pub fn ln_abs_determinant(&self, ln: impl Fn(T) -> T) -> T {
        if in_range(self.determinant) {
            ln(magnitude(self.determinant))
        } else {
            ln_abs_product(scaled_factors(transposed(&self.a), self.one), self.one, ln)
        }
    }

    /// A⁻¹, the transposed cofactors over the determinant.
    ///
    /// Edge: infinite and NaN entries where the determinant is 0.
    #[inline(always)]
    #[must_use]
    pub fn inverse(&self) -> [[T; N]; N] {
        if in_range(self.determinant) {
            let reciprocal = self.one / self.determinant;
            from_fn(|j| from_fn(|i| self.cofactors[i][j] * reciprocal))
        } else {
            let quotients = scaled_quotients(transposed(&self.a), self.one);
            from_fn(|j| from_fn(|i| quotients[i][j]))
        }
    }

    /// The cofactor matrix, which is det(A) A⁻ᵀ where A is invertible.
    #[inline]
    #[must_use]
    pub fn cofactors(&self) -> [[T; N]; N] {
        self.cofactors
    }

    /// X = A⁻¹B for an N×M matrix B by columns.
    ///
    /// Edge: infinite and NaN entries where the determinant is 0.
    #[inline(always)]
    #[must_use]
    pub fn solve<const M: usize>(&self, b: [[T; N]; M]) -> [[T; N]; M] {
        if in_range(self.determinant) {
            let reciprocal = self.one / self.determinant;
            each_column(b, |i, b| product(self.cofactors[i], b) * reciprocal)
        } else {
            let quotients = scaled_quotients(transposed(&self.a), self.one);
            each_column(b, |i, b| product(quotients[i], b))
        }
    }

    /// X = A⁻ᵀB for an N×M matrix B by columns.
    ///
    /// Edge: infinite and NaN entries where the determinant is 0.
    #[inline(always)]
    #[must_use]
    pub fn tr_solve<const M: usize>(&self, b: [[T; N]; M]) -> [[T; N]; M] {
        if in_range(self.determinant) {
            let reciprocal = self.one / self.determinant;
            each_column(b, |i, b| row_product(&self.cofactors, i, b) * reciprocal)
        } else {
            let quotients = scaled_quotients(transposed(&self.a), self.one);
            each_column(b, |i, b| row_product(&quotients, i, b))
        }
    }
}

/// A⁻ᵀ for a determinant that is out of range: with A = RD for a diagonal D of powers of two, A⁻ᵀ = R⁻ᵀD⁻¹.
#[cold]
#[inline(never)]
fn scaled_quotients<T: Field, const N: usize>(rows: [[T; N]; N], one: T) -> [[T; N]; N]
where
    [[T; N]; N]: ClosedForm<T>,
{
    let a = transposed(&rows);
    let scales = a.map(|column| scale(&column, one));
    let rest: [[T; N]; N] = from_fn(|j| a[j].map(|v| v / scales[j]));
    let cofactors = rest.cofactors(one);
    let determinant = rest.determinant(&cofactors);
    from_fn(|j| cofactors[j].map(|c| c / determinant / scales[j]))
}

/// Numbers whose product is the determinant, for one that is out of range: a power of two for each column and the
/// determinant of what is left when the columns are divided by them.
///
/// Powers of two make the division exact, so a matrix that is exactly singular stays so.
#[cold]
#[inline(never)]
fn scaled_factors<T: Field, const N: usize>(rows: [[T; N]; N], one: T) -> impl Iterator<Item = T> + Clone
where
    [[T; N]; N]: ClosedForm<T>,
{
    let a = transposed(&rows);
    let scales = a.map(|column| scale(&column, one));
    let rest: [[T; N]; N] = from_fn(|j| a[j].map(|v| v / scales[j]));
    scales.into_iter().chain(once(rest.determinant(&rest.cofactors(one))))
}

/// A power of two within a factor of two of the largest magnitude in `column`, or one if that is zero or infinite.
#[inline]
fn scale<T: Field, const N: usize>(column: &[T; N], one: T) -> T {
    let top = column.iter().fold(zero(one), |top, &v| if magnitude(v) > top { magnitude(v) } else { top });
    let half = top / (one + one);
    let mut power = one;
    // Only zero and infinity equal their half; for them a loop would not end or not help.
    if half < top {
        while power < half {
            power = power + power;
        }
        while power > top {
            power = power / (one + one);
        }
    }
    power
}

/// The dot product of two columns of at least one entry.
#[inline]
pub(super) fn product<T: Field, const N: usize>(x: [T; N], y: &[T; N]) -> T {
    const { assert!(N > 0, "a column without entries has no product here") };
    x.iter().zip(y).skip(1).fold(x[0] * y[0], |sum, (&x, &y)| sum + x * y)
}

/// The product of row `i` of a matrix and a column.
#[inline(always)]
pub(super) fn row_product<T: Field, const N: usize>(a: &[[T; N]; N], i: usize, y: &[T; N]) -> T {
    const { assert!(N > 0, "a column without entries has no product here") };
    a.iter().zip(y).skip(1).fold(a[0][i] * y[0], |sum, (x, &y)| sum + x[i] * y)
}

/// The matrix whose entry `i` of a column is `entry(i, b)`, where `b` is the same column of the given one. A plain loop: calls
/// of the closures of `map` and `from_fn` are not always inlined.
#[inline(always)]
pub(super) fn each_column<T: Copy, const N: usize, const M: usize>(
    mut b: [[T; N]; M],
    entry: impl Fn(usize, &[T; N]) -> T,
) -> [[T; N]; M] {
    for column in &mut b {
        let old = *column;
        for (i, v) in column.iter_mut().enumerate() {
            *v = entry(i, &old);
        }
    }
    b
}

/// The 2×2 minor of columns `u` and `v` in rows `p` and `q`.
#[inline]
pub(super) fn minor<T: Field, const N: usize>(u: &[T; N], v: &[T; N], p: usize, q: usize) -> T {
    u[p] * v[q] - u[q] * v[p]
}

impl<T: Field> ClosedForm<T> for [[T; 1]; 1] {
    #[inline(always)]
    fn cofactors(&self, one: T) -> Self {
        [[one]]
    }

    #[inline]
    fn determinant(&self, _: &Self) -> T {
        self[0][0]
    }
}

impl<T: Field> ClosedForm<T> for [[T; 2]; 2] {
    #[inline(always)]
    fn cofactors(&self, _: T) -> Self {
        let [[a, b], [c, d]] = *self;
        [[d, -c], [-b, a]]
    }

    #[inline]
    fn determinant(&self, cofactors: &Self) -> T {
        product(self[0], &cofactors[0])
    }
}

impl<T: Field> ClosedForm<T> for [[T; 3]; 3] {
    /// The cross products of the columns.
    #[inline(always)]
    fn cofactors(&self, _: T) -> Self {
        let [x, y, z] = self;
        [cross(y, z), cross(z, x), cross(x, y)]
    }

    /// By the first row.
    #[inline]
    fn determinant(&self, cofactors: &Self) -> T {
        product(self.map(|column| column[0]), &cofactors.map(|column| column[0]))
    }
}

/// u × v.
#[inline]
fn cross<T: Field>(u: &[T; 3], v: &[T; 3]) -> [T; 3] {
    [minor(u, v, 1, 2), minor(u, v, 2, 0), minor(u, v, 0, 1)]
}

impl<T: Field> ClosedForm<T> for [[T; 4]; 4] {
    /// The first column, on which the determinant depends, term by term as in nalgebra; the others by 2×2 minors that
    /// they share.
    #[inline(always)]
    fn cofactors(&self, _: T) -> Self {
        let [w, x, y, z] = self;
        let wx = minors(w, x);
        [
            first_of_four(self),
            alternating(w, &minors(z, y)),
            alternating(z, &wx),
            alternating(y, &wx).map(|v| -v),
        ]
    }

    /// By the first column.
    #[inline]
    fn determinant(&self, cofactors: &Self) -> T {
        product(self[0], &cofactors[0])
    }
}

/// The first column of the cofactors of a 4×4 matrix, with the terms in nalgebra's order.
#[inline]
pub(super) fn first_of_four<T: Field>([_, x, y, z]: &[[T; 4]; 4]) -> [T; 4] {
    let triple = |p: usize, q: usize, r: usize| {
        x[p] * y[q] * z[r] - x[p] * y[r] * z[q] - y[p] * x[q] * z[r] + y[p] * x[r] * z[q] + z[p] * x[q] * y[r]
            - z[p] * x[r] * y[q]
    };
    [triple(1, 2, 3), -triple(0, 2, 3), triple(0, 1, 3), -triple(0, 1, 2)]
}

/// The 2×2 minors of columns `u` and `v` in rows 01, 02, 03, 12, 13 and 23.
#[inline]
fn minors<T: Field>(u: &[T; 4], v: &[T; 4]) -> [T; 6] {
    let m = |p, q| minor(u, v, p, q);
    [m(0, 1), m(0, 2), m(0, 3), m(1, 2), m(1, 3), m(2, 3)]
}

/// The determinants of column `s` and two columns with the given minors, less row 0, 1, 2 and 3, with signs + − + −.
#[inline]
fn alternating<T: Field>(s: &[T; 4], &[m01, m02, m03, m12, m13, m23]: &[T; 6]) -> [T; 4] {
    [
        s[1] * m23 - s[2] * m13 + s[3] * m12,
        s[2] * m03 - s[0] * m23 - s[3] * m02,
        s[0] * m13 - s[1] * m03 + s[3] * m01,
        s[1] * m02 - s[0] * m12 - s[2] * m01,
    ]
}
