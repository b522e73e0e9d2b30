//! Lanes: a few numbers that are worked on side by side, passed by value so that they stay in registers.

use core::hint::black_box;

use crate::kernels::Field;
use crate::kernels::fused::FUSED;

/// Whether instructions name a place for their result. Where they overwrite an operand, as SSE does, a factor that is
/// used for several columns costs a copy for each, and is better loaded again.
pub(in crate::kernels) const THREE_OPERANDS: bool =
    cfg!(any(target_feature = "avx", target_arch = "aarch64"));

/// How many sums the registers hold beside what they are made of: half of what fits into 16 registers of two or four.
pub(super) const SUMS: usize = if cfg!(target_feature = "avx") { 32 } else { 16 };

/// The rows of a tile of four columns: as many sums.
pub(super) const ROWS: usize = SUMS / 4;

/// `a * b + c`, by `mul_add` where that is an instruction.
#[inline(always)]
pub(super) fn multiply_add<T: Field>(a: T, b: T, c: T, mul_add: &impl Fn(T, T, T) -> T) -> T {
    if FUSED { mul_add(a, b, c) } else { a * b + c }
}

/// Keeps the steps of a loop apart: no instruction, but compilers neither mix nor vectorise across it.
///
/// The entries of one column lie side by side, those of a row do not. Once the inner loop over a column of known length
/// is unrolled, LLVM vectorises the outer loop over columns instead, with scattered stores and shuffles that cost 2 to
/// 6 times the time.
#[inline(always)]
pub(super) fn keep_apart() {
    black_box(());
}

/// `a` as it is, stored.
///
/// A small transposed matrix would otherwise be seen through, and what is made of it computed number by number. From
/// four by four on a store and a load cost less.
#[inline(always)]
pub(super) fn in_memory<T, const R: usize, const C: usize>(a: &[[T; R]; C]) -> &[[T; R]; C] {
    if R * C < 16 { a } else { black_box(a) }
}

/// `a` as it is, stored where registers are few: an operand that is seen through would leave nothing to vectorise.
#[inline(always)]
pub(super) fn operand<T, const R: usize, const C: usize>(a: &[[T; R]; C]) -> &[[T; R]; C] {
    if THREE_OPERANDS || C == 1 || R * C != 16 { a } else { black_box(a) }
}

/// `L` numbers side by side.
#[derive(Clone, Copy)]
pub(super) struct Lanes<T, const L: usize>([T; L]);

impl<T: Field, const L: usize> Lanes<T, L> {
    /// The numbers of `entries`.
    #[inline(always)]
    pub(super) fn new(entries: [T; L]) -> Self {
        Self(entries)
    }

    /// The entries `from..from + L` of `column`.
    #[inline(always)]
    pub(super) fn load<const M: usize>(column: &[T; M], from: usize) -> Self {
        // Always some: the other arm keeps the check from being a panic where the compiler does not see that.
        let lanes = column.get(from..).and_then(<[T]>::first_chunk);
        Self(lanes.copied().unwrap_or([column[0]; L]))
    }

    /// Overwrites the entries `from..from + L` of `column`.
    #[inline(always)]
    pub(super) fn store<const M: usize>(self, column: &mut [T; M], from: usize) {
        for (l, v) in self.0.into_iter().enumerate() {
            column[from + l] = v;
        }
    }

    /// Each lane times `factor`.
    #[inline(always)]
    pub(super) fn scale(mut self, factor: T) -> Self {
        for v in &mut self.0 {
            *v = *v * factor;
        }
        self
    }

    /// `a * factor` added lane by lane.
    #[inline(always)]
    pub(super) fn add_scaled(mut self, a: Self, factor: T, mul_add: &impl Fn(T, T, T) -> T) -> Self {
        for (v, a) in self.0.iter_mut().zip(a.0) {
            *v = multiply_add(a, factor, *v, mul_add);
        }
        self
    }

    /// The products with `other`, lane by lane.
    #[inline(always)]
    pub(super) fn times(mut self, other: Self) -> Self {
        for (v, w) in self.0.iter_mut().zip(other.0) {
            *v = *v * w;
        }
        self
    }

    /// `a * b` added lane by lane.
    #[inline(always)]
    pub(super) fn add_products(mut self, a: Self, b: Self, mul_add: &impl Fn(T, T, T) -> T) -> Self {
        for (v, (a, b)) in self.0.iter_mut().zip(a.0.into_iter().zip(b.0)) {
            *v = multiply_add(a, b, *v, mul_add);
        }
        self
    }

    /// The first half of the lanes plus the second, `H` of 2 `H`.
    #[inline(always)]
    pub(super) fn halve<const H: usize>(self) -> Lanes<T, H> {
        let mut v = self.0;
        for l in 0..H {
            v[l] = v[l] + v[l + H];
        }
        Lanes(v.first_chunk().copied().unwrap_or([v[0]; H]))
    }
}

impl<T: Field> Lanes<T, 1> {
    /// The only lane.
    #[inline(always)]
    pub(super) fn single(self) -> T {
        self.0[0]
    }
}
