//! Substitution in triangular matrices that share one array: L below the diagonal, U on it and above.
//!
//! Every function overwrites the right-hand side with the solution. A zero on the diagonal gives infinite or NaN entries.

use super::{Field, zero};

/// What stands on the diagonal of a lower triangular matrix.
#[derive(Clone, Copy)]
pub(super) enum Diagonal {
    /// Ones, which are not stored.
    Unit,
    /// The entries of the array.
    Stored,
}

impl Diagonal {
    /// `x` divided by entry `i` of the diagonal.
    #[inline]
    fn divide<T: Field, const N: usize>(self, x: T, a: &[[T; N]; N], i: usize) -> T {
        match self {
            Self::Unit => x,
            Self::Stored => x / a[i][i],
        }
    }
}

/// Takes the steps 0, 1, …, N − 1.
///
/// Up to eight are written out, with constant numbers: LLVM unrolls a loop over columns only if it is short itself, and then
/// has loops of unknown length inside.
macro_rules! each_step {
    ($n:ident, |$j:ident| $step:expr) => {
        if $n <= 8 {
            $crate::kernels::triangular::each_step!(@ $n, |$j| $step, 0 1 2 3 4 5 6 7);
        } else {
            for $j in 0..$n {
                $step;
            }
        }
    };
    (@ $n:ident, |$j:ident| $step:expr, $($number:literal)*) => {
        $(if $number < $n {
            let $j = $number;
            $step;
        })*
    };
}
pub(super) use each_step;

/// The entries from `k` on. An index may panic as far as an optimiser for size can tell; this cannot.
#[inline(always)]
pub(super) fn after<T>(x: &[T], k: usize) -> &[T] {
    x.get(k..).unwrap_or_default()
}

/// The same, to be written.
#[inline(always)]
pub(super) fn after_mut<T>(x: &mut [T], k: usize) -> &mut [T] {
    x.get_mut(k..).unwrap_or_default()
}

/// The entries before `k`.
#[inline(always)]
pub(super) fn before<T>(x: &[T], k: usize) -> &[T] {
    x.get(..k).unwrap_or_default()
}

/// The same, to be written.
#[inline(always)]
pub(super) fn before_mut<T>(x: &mut [T], k: usize) -> &mut [T] {
    x.get_mut(..k).unwrap_or_default()
}

/// Column `j` and those after it, if there is such a column.
#[inline(always)]
pub(super) fn column_and_rest<T, const N: usize>(
    a: &mut [[T; N]; N],
    j: usize,
) -> Option<(&mut [T; N], &mut [[T; N]])> {
    after_mut(a, j).split_first_mut()
}

/// `y -= c x`, as far as both reach.
#[inline]
pub(super) fn subtract<T: Field>(y: &mut [T], c: T, x: &[T]) {
    for (y, &x) in y.iter_mut().zip(x) {
        *y = *y - c * x;
    }
}

/// WᵀV, exactly symmetric, for lower triangular W and V by rows, of which each row of V is a multiple of that of W.
#[inline]
pub(super) fn symmetric_product<T: Field, const N: usize>(
    w: &[[T; N]; N],
    v: &[[T; N]; N],
    one: T,
) -> [[T; N]; N] {
    let mut x = [[zero(one); N]; N];
    // Only down to the diagonal. As sums of rows of W, not as dot products, whose order would forbid vectors.
    for j in 0..N {
        let column = before_mut(&mut x[j], j + 1);
        for (row, multiple) in after(w, j).iter().zip(after(v, j)) {
            subtract(column, -multiple[j], row);
        }
    }
    for j in 0..N {
        let Some((column, rest)) = column_and_rest(&mut x, j) else { break };
        for (v, later) in after_mut(column, j + 1).iter_mut().zip(rest) {
            *v = later[j];
        }
    }
    x
}

/// `start` minus the sum of the products of `pairs`.
#[inline]
fn minus_dot<'a, T: Field + 'a>(start: T, pairs: impl Iterator<Item = (&'a T, &'a T)>) -> T {
    pairs.fold(start, |sum, (&x, &y)| sum - x * y)
}

/// L x = b, for a `b` that is zero above row `from`.
#[inline]
pub(super) fn lower<T: Field, const N: usize>(
    a: &[[T; N]; N],
    b: &mut [T; N],
    from: usize,
    diagonal: Diagonal,
) {
    for i in from..N {
        b[i] = diagonal.divide(b[i], a, i);
        let c = b[i];
        subtract(after_mut(b, i + 1), c, after(&a[i], i + 1));
    }
}

/// Lᵀ x = b.
#[inline]
pub(super) fn tr_lower<T: Field, const N: usize>(a: &[[T; N]; N], b: &mut [T; N], diagonal: Diagonal) {
    for i in (0..N).rev() {
        // Backwards, so that only the last term waits for the entry that was found last.
        let pairs = after(&a[i], i + 1).iter().zip(after(b, i + 1)).rev();
        b[i] = diagonal.divide(minus_dot(b[i], pairs), a, i);
    }
}

/// The reciprocals of the diagonal, so that no substitution waits for a division.
#[inline]
pub(super) fn reciprocals<T: Field, const N: usize>(a: &[[T; N]; N], one: T) -> [T; N] {
    let mut reciprocals = [one; N];
    for (i, (reciprocal, column)) in reciprocals.iter_mut().zip(a).enumerate() {
        if let Some(&pivot) = column.get(i) {
            *reciprocal = one / pivot;
        }
    }
    reciprocals
}

/// U x = b, with the reciprocals of the diagonal of U.
#[inline]
pub(super) fn upper<T: Field, const N: usize>(a: &[[T; N]; N], reciprocals: &[T; N], b: &mut [T; N]) {
    for i in (0..N).rev() {
        b[i] = b[i] * reciprocals[i];
        let c = b[i];
        subtract(b, c, before(&a[i], i));
    }
}

/// Uᵀ x = b, with the reciprocals of the diagonal of U.
#[inline]
pub(super) fn tr_upper<T: Field, const N: usize>(a: &[[T; N]; N], reciprocals: &[T; N], b: &mut [T; N]) {
    for i in 0..N {
        b[i] = minus_dot(b[i], before(&a[i], i).iter().zip(&*b)) * reciprocals[i];
    }
}
