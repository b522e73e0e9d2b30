//! Inverses of positive definite matrices in closed form, up to 4×4.

use super::cholesky::Cholesky;
use super::cofactors::{ClosedForm, each_column, row_product};
use super::ldlt::Ldlt;
use super::logarithm::in_range;
use super::products::THREE_OPERANDS;
use super::symmetric_cofactors::SymmetricForm;
use super::{Field, mirrored, scaled_transpose, transposed, zero};

/// What the closed form says of a symmetric matrix.
#[derive(Clone, Copy, Debug)]
pub struct Inverted<T, M> {
    /// A⁻¹, of which the lower triangle is read.
    inverse: M,
    /// det A.
    determinant: T,
    /// Whether A is positive definite (Sylvester), and so far from singular that no factorisation fails by rounding.
    clear: bool,
    /// Whether nothing on the way has left the range of numbers.
    in_range: bool,
}

/// What a factorisation says of it.
struct Factorised<T, const N: usize> {
    /// A⁻¹, exactly symmetric.
    inverse: [[T; N]; N],
    /// det A.
    determinant: T,
    /// The fourth root of det A, which does not leave the range of numbers.
    fourth_root: T,
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
/// Accuracy: the determinant comes from leading minors (Bareiss, Sylvester's identity and integer-preserving Gaussian
/// elimination, 1968) and blocks, as in an elimination without pivots. On random matrices A⁻¹ is as good as by Cholesky, where
/// the expansion of the determinant by a row loses four times as much. On multiples of the Hilbert matrix its error is at most
/// twice that of Cholesky to N = 3; at N = 4 it is up to fifteen times that, still less
/// than that of nalgebra's `try_inverse`.
///
/// Always inlined: a call would pass all of it through memory, at twice the time.
#[derive(Clone, Copy, Debug)]
pub struct DefiniteInverse<T, const N: usize> {
    /// A, to be tested as it is.
    a: [[T; N]; N],
    /// A⁻¹, of which the lower triangle is read.
    inverse: [[T; N]; N],
    /// det A.
    determinant: T,
    /// `base` and `power`, with ln det A = power · ln base also where det A is out of range.
    base: T,
    power: T,
    /// The number one.
    one: T,
}

impl<T: Field, const N: usize> DefiniteInverse<T, N>
where
    [[T; N]; N]: DefiniteForm<T>,
{
    /// Inverts `a`; by LDLᵀ where the closed form leaves the range of numbers.
    #[inline(always)]
    #[must_use]
    pub fn new(a: &[[T; N]; N], one: T, sqrt: impl Fn(T) -> T) -> Self {
        let fast = a.inverted(one);
        if fast.in_range {
            return Self::closed(a, fast, one);
        }
        Self::factorised(a, by_pivots(transposed(a), one, sqrt), one)
    }

    /// Inverts `a`, unless a pivot of a Cholesky factorisation is zero, negative or NaN: where nalgebra's `cholesky()` gives
    /// `None`, at singular matrices too.
    ///
    /// To N = 3 only, where the error of the determinant is below 8 u Π Aᵢᵢ, u being the unit roundoff. Let H be A scaled to
    /// ones on the diagonal: its eigenvalues have the sum N, so λ_min ≥ det H (1 − 1/N)^(N − 1) > 0.4 det H. Rounding cannot make
    /// a Cholesky factorisation fail if λ_min > N (N + 1) u or so (Demmel 1989; Higham, Theorem 10.7), which is below 2⁻²⁰ in
    /// single precision too. Hence a positive definite A with det H above 2⁻¹⁶ is clear; anything else is decided, and inverted,
    /// by the factorisation itself.
    #[inline(always)]
    #[must_use]
    pub fn positive_definite(a: &[[T; N]; N], one: T, sqrt: impl Fn(T) -> T) -> Option<Self> {
        const { assert!(N <= 3, "the bound on the error of the determinant is for N up to 3") };
        let fast = a.inverted(one);
        if fast.clear & fast.in_range {
            return Some(Self::closed(a, fast, one));
        }
        Some(Self::factorised(a, by_roots(transposed(a), one, sqrt)?, one))
    }

    #[inline(always)]
    fn closed(a: &[[T; N]; N], found: Inverted<T, [[T; N]; N]>, one: T) -> Self {
        let Inverted { inverse, determinant, .. } = found;
        Self { a: *a, inverse, determinant, base: determinant, power: one, one }
    }

    #[inline(always)]
    fn factorised(a: &[[T; N]; N], found: Factorised<T, N>, one: T) -> Self {
        // Entry by entry: a copy as a whole would be made in memory.
        let inverse = mirrored(&found.inverse);
        let power = one + one + one + one;
        Self { a: *a, inverse, determinant: found.determinant, base: found.fourth_root, power, one }
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
        self.determinant
    }

    /// ln det A, also where the determinant itself is out of range.
    ///
    /// Edge: NaN where the determinant is negative; where it is out of range, also where A is not positive definite.
    #[inline]
    #[must_use]
    pub fn ln_determinant(&self, ln: impl Fn(T) -> T) -> T {
        self.power * ln(self.base)
    }

    /// ln |det A|, which is [`ln_determinant`](Self::ln_determinant).
    #[inline]
    #[must_use]
    pub fn ln_abs_determinant(&self, ln: impl Fn(T) -> T) -> T {
        self.ln_determinant(ln)
    }

    /// A⁻¹, exactly symmetric.
    #[inline(always)]
    #[must_use]
    pub fn inverse(&self) -> [[T; N]; N] {
        mirrored(&self.inverse)
    }

    /// The cofactor matrix det(A) A⁻¹ of a positive definite matrix.
    #[inline]
    #[must_use]
    pub fn cofactors(&self) -> [[T; N]; N] {
        scaled_transpose(self.determinant, &self.inverse())
    }

    /// X = A⁻¹B for an N×M matrix B by columns.
    #[inline(always)]
    #[must_use]
    pub fn solve<const M: usize>(&self, b: [[T; N]; M]) -> [[T; N]; M] {
        let inverse = self.inverse();
        if THREE_OPERANDS {
            // LLVM leaves what `map` gives in single numbers, which take less time than vectors made of so few.
            b.map(|old| each_column([old], |i, b| row_product(&inverse, i, b))[0])
        } else {
            each_column(b, |i, b| row_product(&inverse, i, b))
        }
    }

    /// X = A⁻ᵀB, which is [`solve`](Self::solve): A is symmetric.
    #[inline(always)]
    #[must_use]
    pub fn tr_solve<const M: usize>(&self, b: [[T; N]; M]) -> [[T; N]; M] {
        self.solve(b)
    }
}

/// The smaller one of two numbers.
#[inline(always)]
fn smaller<T: Field>(a: T, b: T) -> T {
    if a < b { a } else { b }
}

/// 2⁻¹⁶.
#[inline]
fn small<T: Field>(one: T) -> T {
    let squared = |v: T| v * v;
    squared(squared(squared(squared(one / (one + one)))))
}

/// By LDLᵀ. It takes the transpose for the reason that the guards of [`Cofactors`](super::Cofactors) do.
#[cold]
#[inline(never)]
fn by_pivots<T: Field, const N: usize>(rows: [[T; N]; N], one: T, sqrt: impl Fn(T) -> T) -> Factorised<T, N> {
    let factors = Ldlt::new(&transposed(&rows), one);
    let fourth_root = factors.pivots().into_iter().fold(one, |product, pivot| product * sqrt(sqrt(pivot)));
    Factorised { inverse: factors.inverse(), determinant: factors.determinant(), fourth_root }
}

/// By the Cholesky factorisation, if there is one.
#[cold]
#[inline(never)]
fn by_roots<T: Field, const N: usize>(
    rows: [[T; N]; N],
    one: T,
    sqrt: impl Fn(T) -> T,
) -> Option<Factorised<T, N>> {
    let factors = Cholesky::new(&transposed(&rows), one, &sqrt).positive_definite()?;
    let fourth_root = factors.diagonal().into_iter().fold(one, |product, root| product * sqrt(root));
    Some(Factorised { inverse: factors.inverse(), determinant: factors.determinant(), fourth_root })
}

impl<T: Field> DefiniteForm<T> for [[T; 1]; 1] {
    #[inline(always)]
    fn inverted(&self, one: T) -> Inverted<T, Self> {
        let [[a]] = *self;
        Inverted { inverse: [[one / a]], determinant: a, clear: a > zero(one), in_range: in_range(a) }
    }
}

impl<T: Field> DefiniteForm<T> for [[T; 2]; 2] {
    #[inline(always)]
    fn inverted(&self, one: T) -> Inverted<T, Self> {
        let [[a, b], [_, c]] = *self;
        let product = a * c;
        let determinant = product - b * b;
        let reciprocal = one / determinant;
        let inverse = [[c * reciprocal, -b * reciprocal], [zero(one), a * reciprocal]];
        let definite = (a > zero(one)) & (determinant > zero(one));
        let clear = definite & (determinant > product * small(one));
        Inverted { inverse, determinant, clear, in_range: in_range(determinant) }
    }
}

impl<T: Field> DefiniteForm<T> for [[T; 3]; 3] {
    /// With C the cofactors, C₁₁ C₂₂ − C₂₁² = A₀₀ det A.
    #[inline(always)]
    fn inverted(&self, one: T) -> Inverted<T, Self> {
        let a = mirrored(self);
        let [[c00, c10, c20], [_, c11, c21], [_, _, c22]] = a.symmetric_cofactors(one);
        let first = a[0][0];
        let product = c11 * c22 - c21 * c21;
        let definite = (first > zero(one)) & (c22 > zero(one)) & (product > zero(one));
        let scale = (first * a[1][1]) * (first * a[2][2]) * small(one);
        // The cube of A₀₀ is not infinite, so det A is not subnormal. Nor is any of the cofactors.
        let largest = first * first * first + c00;
        let least = smaller(smaller(c00, c11), c22);
        let r = first / product;
        let determinant = product / first;
        Inverted {
            inverse: [[c00 * r, c10 * r, c20 * r], [c10 * r, c11 * r, c21 * r], [c20 * r, c21 * r, c22 * r]],
            determinant,
            clear: definite & (product > scale),
            in_range: in_range(least) & in_range(product + (largest + -largest)),
        }
    }
}

impl<T: Field> DefiniteForm<T> for [[T; 4]; 4] {
    /// In 2×2 blocks, A = [P Qᵀ; Q R]: with W = QP⁻¹ and S = R − WQᵀ, the inverse is [P⁻¹ + WᵀS⁻¹W, −WᵀS⁻¹; −S⁻¹W, S⁻¹].
    #[inline(always)]
    fn inverted(&self, one: T) -> Inverted<T, Self> {
        let [[a00, a10, a20, a30], [_, a11, a21, a31], [_, _, a22, a32], [.., a33]] = *self;
        let p = [[a00, a10], [a10, a11]].inverted(one);
        let [[p00, p10], [_, p11]] = p.inverse;
        let (w20, w21) = (a20 * p00 + a21 * p10, a20 * p10 + a21 * p11);
        let (w30, w31) = (a30 * p00 + a31 * p10, a30 * p10 + a31 * p11);
        let s22 = a22 - (w20 * a20 + w21 * a21);
        let s32 = a32 - (w30 * a20 + w31 * a21);
        let s33 = a33 - (w30 * a30 + w31 * a31);
        let s = [[s22, s32], [s32, s33]].inverted(one);
        let [[i22, i32], [_, i33]] = s.inverse;
        let (i20, i30) = (-(i22 * w20 + i32 * w30), -(i32 * w20 + i33 * w30));
        let (i21, i31) = (-(i22 * w21 + i32 * w31), -(i32 * w21 + i33 * w31));
        let i00 = p00 - (w20 * i20 + w30 * i30);
        let i10 = p10 - (w21 * i20 + w31 * i30);
        let i11 = p11 - (w21 * i21 + w31 * i31);
        let determinant = p.determinant * s.determinant;
        Inverted {
            inverse: [[i00, i10, i20, i30], [i10, i11, i21, i31], [i20, i21, i22, i32], [i30, i31, i32, i33]],
            determinant,
            clear: false,
            in_range: p.in_range & s.in_range & in_range(determinant),
        }
    }
}
