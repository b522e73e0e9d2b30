//! The QR factorisation.

use super::logarithm::{ln_abs_product, ln_product};
use super::triangular::{each_step, reciprocals, tr_upper, upper};
use super::{Field, identity, is_zero, scaled_transpose, zero};

/// A = QR for an N×N matrix A by columns, with Qᵀ of Householder's reflections ±(I − 2vvᵀ), whose signs leave no entry
/// below zero on the diagonal of R.
///
/// Reflections, sums of products and their order are those of nalgebra's `QR`, so an entry on the diagonal of R is exactly
/// zero here where it is there. (Golub and Van Loan, Matrix Computations, 4th ed., § 5.2)
#[derive(Clone, Copy, Debug)]
pub struct Qr<T, const N: usize> {
    /// The reflections.
    reflections: [Reflection<T, N>; N],
    /// R, with entries of no meaning below the diagonal.
    r: [[T; N]; N],
    /// The number one.
    one: T,
}

impl<T: Field, const N: usize> Qr<T, N> {
    /// Factorises `a`.
    #[inline]
    #[must_use]
    pub fn new(a: &[[T; N]; N], one: T, sqrt: impl Fn(T) -> T) -> Self {
        let mut r = *a;
        let mut reflections = [Reflection { v: [zero(one); N], sign: one }; N];
        each_step!(N, |i| {
            let (reflection, entry) = Reflection::of(&r[i], i, one, &sqrt);
            for column in r.iter_mut().skip(i + 1) {
                reflection.apply(column, i, one);
            }
            r[i][i] = entry;
            reflections[i] = reflection;
        });
        Self { reflections, r, one }
    }

    /// The factorisation, unless an entry on the diagonal of R is exactly zero: where nalgebra's `qr().solve` and
    /// `.try_inverse` give `None`.
    #[inline]
    #[must_use]
    pub fn invertible(self) -> Option<Self> {
        if self.diagonal().any(is_zero) { None } else { Some(self) }
    }

    /// det A, which overflows or underflows where a product of the first factors does.
    #[inline]
    #[must_use]
    pub fn determinant(&self) -> T {
        self.factors().fold(self.one, |product, factor| product * factor)
    }

    /// ln det A, also where the determinant itself is out of range.
    ///
    /// Edge: −∞ where the determinant is 0, NaN where it is negative.
    #[inline]
    #[must_use]
    pub fn ln_determinant(&self, ln: impl Fn(T) -> T) -> T {
        ln_product(self.factors(), self.one, ln)
    }

    /// ln |det A|, also where the determinant itself is out of range.
    ///
    /// Edge: −∞ where the determinant is 0.
    #[inline]
    #[must_use]
    pub fn ln_abs_determinant(&self, ln: impl Fn(T) -> T) -> T {
        ln_abs_product(self.factors(), self.one, ln)
    }

    /// A⁻¹ = R⁻¹Qᵀ.
    ///
    /// Edge: infinite and NaN entries where A is singular.
    #[inline]
    #[must_use]
    pub fn inverse(&self) -> [[T; N]; N] {
        self.solve(identity(self.one))
    }

    /// The cofactor matrix det(A) A⁻ᵀ of an invertible matrix.
    ///
    /// Edge: NaN entries where A is singular; there [`CompleteLu`](super::CompleteLu) is right.
    #[inline]
    #[must_use]
    pub fn cofactors(&self) -> [[T; N]; N] {
        scaled_transpose(self.determinant(), &self.inverse())
    }

    /// X = A⁻¹B for an N×M matrix B by columns.
    ///
    /// Edge: infinite and NaN entries where A is singular.
    #[inline]
    #[must_use]
    pub fn solve<const M: usize>(&self, mut b: [[T; N]; M]) -> [[T; N]; M] {
        let reciprocals = reciprocals(&self.r, self.one);
        for column in &mut b {
            each_step!(N, |i| self.reflections[i].apply(column, i, self.one));
            upper(&self.r, &reciprocals, column);
        }
        b
    }

    /// X = A⁻ᵀB for an N×M matrix B by columns, as QR⁻ᵀB.
    ///
    /// Edge: infinite and NaN entries where A is singular.
    #[inline]
    #[must_use]
    pub fn tr_solve<const M: usize>(&self, mut b: [[T; N]; M]) -> [[T; N]; M] {
        let reciprocals = reciprocals(&self.r, self.one);
        for column in &mut b {
            tr_upper(&self.r, &reciprocals, column);
            for (i, reflection) in self.reflections.iter().enumerate().rev() {
                reflection.apply(column, i, self.one);
            }
        }
        b
    }

    /// The diagonal of R.
    #[inline]
    fn diagonal(&self) -> impl Iterator<Item = T> + Clone {
        self.r.iter().enumerate().filter_map(|(i, column)| column.get(i).copied())
    }

    /// The diagonal of R with the determinants of the reflections, whose product is the determinant of A.
    #[inline]
    fn factors(&self) -> impl Iterator<Item = T> + Clone {
        let signed = self.diagonal().zip(&self.reflections).enumerate();
        // ±(I − 2vvᵀ) of N − i entries has the determinant −1, or 1 for a minus and an odd number of them.
        signed.map(|(i, (v, reflection))| if (N - i) % 2 == 1 { -v * reflection.sign } else { -v })
    }
}

/// ±(I − 2vvᵀ) on the entries from one on, where v begins.
#[derive(Clone, Copy, Debug)]
struct Reflection<T, const N: usize> {
    /// v.
    v: [T; N],
    /// The sign, as 1 or −1.
    sign: T,
}

impl<T: Field, const N: usize> Reflection<T, N> {
    /// The reflection that makes the entries of `x` after entry `i` zero, leaving those before, and what entry `i` becomes.
    ///
    /// v is brought to length 1 twice, as in nalgebra.
    #[inline]
    fn of(x: &[T; N], i: usize, one: T, sqrt: &impl Fn(T) -> T) -> (Self, T) {
        let mut reflection = Self { v: [zero(one); N], sign: one };
        let (Some(x), Some(v)) = (x.get(i..), reflection.v.get_mut(i..)) else { return (reflection, one) };
        let square = dot(x, x, one);
        let length = sqrt(square);
        for (v, &x) in v.iter_mut().zip(x) {
            *v = x;
        }
        let Some(first) = v.first_mut() else { return (reflection, one) };
        let below = *first < zero(one);
        let size = if below { -*first } else { *first };
        let half = square + size * length;
        let factor = half + half;
        if is_zero(factor) {
            return (reflection, length);
        }
        *first = *first + if below { -length } else { length };
        divide(v, sqrt(factor));
        let again = sqrt(dot(v, v, one));
        divide(v, again);
        reflection.sign = if below { one } else { -one };
        (reflection, length)
    }

    /// Reflects `b`, from entry `from` on.
    #[inline]
    fn apply(&self, b: &mut [T; N], from: usize, one: T) {
        let (Some(v), Some(rest)) = (self.v.get(from..), b.get(from..)) else { return };
        let part = dot(v, rest, one);
        let factor = (part + part) * -self.sign;
        // All entries, for a loop of known length has no remainder.
        for (k, (b, &v)) in b.iter_mut().zip(&self.v).enumerate() {
            *b = if k < from { *b } else { factor * v + self.sign * *b };
        }
    }
}

/// x ← x / c.
#[inline]
fn divide<T: Field>(x: &mut [T], c: T) {
    for v in x {
        *v = *v / c;
    }
}

/// ⟨x, y⟩ in nalgebra's order: eight sums side by side, then what is left.
#[inline]
fn dot<T: Field>(x: &[T], y: &[T], one: T) -> T {
    let ((x, x_rest), (y, y_rest)) = (x.as_chunks::<8>(), y.as_chunks::<8>());
    let mut sums = [zero(one); 8];
    for (x, y) in x.iter().zip(y) {
        for (sum, (&x, &y)) in sums.iter_mut().zip(x.iter().zip(y)) {
            *sum = *sum + x * y;
        }
    }
    let [a, b, c, d, e, f, g, h] = sums;
    let sum = (((a + e) + (b + f)) + (c + g)) + (d + h);
    x_rest.iter().zip(y_rest).fold(sum, |sum, (&x, &y)| sum + x * y)
}

#[cfg(test)]
mod tests {
    use super::*;
    use nalgebra::SMatrix;

    type Square<const N: usize> = SMatrix<f64, N, N>;

    fn factor<const N: usize>(a: &Square<N>) -> Qr<f64, N> {
        Qr::new(&a.data.0, 1.0, f64::sqrt)
    }

    fn wave<const N: usize>(seed: f64) -> Square<N> {
        SMatrix::from_fn(|i, j| (seed + i as f64 * 1.7 + j as f64 * 0.6 + (i * j) as f64 * 1.1).sin())
    }

    macro_rules! each_size {
        ($check:ident: $($n:literal)+) => { $($check::<$n>();)+ };
    }

    #[test]
    fn the_diagonal_is_that_of_nalgebra_to_the_last_bit() {
        fn check<const N: usize>()
        where
            nalgebra::Const<N>: nalgebra::DimMin<nalgebra::Const<N>, Output = nalgebra::Const<N>>,
        {
            for k in 0..20 {
                let a = wave::<N>(f64::from(k) * 0.7);
                let theirs = a.qr().r();
                for (i, entry) in factor(&a).diagonal().enumerate() {
                    assert_eq!(entry, theirs[(i, i)], "{N}, {k}, {i}");
                }
            }
        }
        each_size!(check: 1 2 3 4 5 6 7 8 9 10 12 16 17 20 25);
    }

    #[test]
    fn invertible_where_nalgebra_finds_an_inverse() {
        fn check<const N: usize>()
        where
            nalgebra::Const<N>: nalgebra::DimMin<nalgebra::Const<N>, Output = nalgebra::Const<N>>,
        {
            // Small whole numbers, so that ranks are low and some remainders are exactly zero.
            let mut state = 0x2545_F491_u32;
            let mut entry = || {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                f64::from((state >> 24) % 3) - 1.0
            };
            let (mut some, mut none) = (0, 0);
            for k in 0..400 {
                let mut a = Square::<N>::from_fn(|_, _| entry());
                if k % 4 == 0 {
                    a.column_mut(N - 1).fill(0.0);
                }
                let (ours, theirs) = (factor(&a).invertible(), a.qr().try_inverse());
                assert_eq!(ours.is_some(), theirs.is_some(), "{a}");
                *(if ours.is_some() { &mut some } else { &mut none }) += 1;
            }
            assert!(some > 10 && none > 10, "{N}: {some} and {none}");
        }
        each_size!(check: 1 2 3 4 5 6 9);
    }

    #[test]
    fn solves_inverse_and_determinants() {
        fn check<const N: usize>()
        where
            nalgebra::Const<N>:
                nalgebra::DimMin<nalgebra::Const<N>, Output = nalgebra::Const<N>> + nalgebra::ToTypenum,
        {
            let a = wave::<N>(0.4) + Square::identity() * 3.0;
            let b = SMatrix::<f64, N, 2>::from_fn(|i, j| (i as f64 - j as f64 * 0.7).cos());
            let qr = factor(&a).invertible().expect("dominant");
            let x = SMatrix::<f64, N, 2>::from(qr.solve(b.data.0));
            assert!((a * x - b).amax() < 1e-14);
            let x = SMatrix::<f64, N, 2>::from(qr.tr_solve(b.data.0));
            assert!((a.tr_mul(&x) - b).amax() < 1e-14);
            let inverse = Square::from(qr.inverse());
            assert!((a * inverse - Square::identity()).amax() < 1e-14);
            let determinant = a.lu().determinant();
            assert!((qr.determinant() / determinant - 1.0).abs() < 1e-13);
            assert!((qr.ln_abs_determinant(f64::ln) - determinant.abs().ln()).abs() < 1e-13);
            let cofactors = Square::from(qr.cofactors());
            assert!((cofactors - inverse.transpose() * determinant).amax() < 1e-12 * determinant.abs());
        }
        each_size!(check: 1 2 3 4 5 6 9 12);
    }

    #[test]
    fn logarithms_keep_their_range() {
        let a = wave::<5>(0.4) + Square::identity() * 3.0;
        let want = a.determinant().ln() + 500.0 * 10_f64.ln();
        assert!((factor(&(a * 1e100)).ln_determinant(f64::ln) - want).abs() < 1e-12 * want);
        assert!((factor(&(a * -1e100)).ln_abs_determinant(f64::ln) - want).abs() < 1e-12 * want);
        assert!(factor(&(a * -1e100)).ln_determinant(f64::ln).is_nan());
    }

    #[test]
    fn a_singular_matrix_shows() {
        let qr = factor(&Square::<3>::zeros());
        assert!(qr.invertible().is_none());
        assert_eq!(qr.determinant(), 0.0);
        assert_eq!(qr.ln_abs_determinant(f64::ln), f64::NEG_INFINITY);
        assert!(factor(&wave::<3>(f64::NAN)).determinant().is_nan());
    }
}
