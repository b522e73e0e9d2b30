//! Run-time kernels: what generated code calls where one expression of core's operators would be wrong or unreadable.
//!
//! Generated code is the only intended caller, so the module is hidden and follows the compiler's version, not semver.
//! Two rules keep it free of dependencies:
//!
//! - Numbers are bound by `Copy`, `PartialOrd` and core's operators, so `f32` and `f64` both fit. Elementary functions
//!   come in as `impl Fn(T) -> T`, which generated code fills with `::nalgebra::ComplexField::exp` and the like, and the
//!   number one comes in as `one` where it cannot be had otherwise.
//! - Matrices are column-major arrays `[[T; R]; C]`, which is what `x.data.0` of a static nalgebra matrix is. So nothing
//!   here is tied to one version of nalgebra.
//!
//! No kernel allocates or panics. A NaN that goes in comes out: an edge convention never hides one.

use core::ops::{Add, Div, Mul, Neg, Sub};

mod cholesky;
mod cofactors;
mod complete_lu;
mod definite_inverse;
mod edges;
mod elimination;
mod fused;
mod jacobi;
mod ldlt;
mod logarithm;
mod lu;
mod orthonormal;
mod powers;
mod products;
mod pseudo_inverse;
mod qr;
mod rotations;
mod stable;
mod svd;
mod symmetric_cofactors;
mod symmetric_eigen;
mod triangular;

pub use cholesky::Cholesky;
pub use cofactors::{ClosedForm, Cofactors};
pub use complete_lu::CompleteLu;
pub use definite_inverse::{DefiniteForm, DefiniteInverse};
pub use edges::{extremum_weights, product_or_zero, quotient_or_zero, rem_euclid, sign, step};
pub use fused::fused;
pub use ldlt::Ldlt;
pub use lu::Lu;
pub use powers::power;
pub use products::{
    add_product, add_product_tr, add_tr_product, gram, inner, product, product_tr, set_product,
    set_product_tr, set_tr_product, tr_product,
};
pub use pseudo_inverse::pseudo_inverse;
pub use qr::Qr;
pub use rotations::{polar, stumpff};
pub use stable::{
    decay, log_sum_exp, logistic, logistic_from, logistic_slope, logistic_slope_from, softmax, softplus,
    softplus_from,
};
pub use svd::{SingularValues, Svd};
pub use symmetric_cofactors::{SymmetricCofactors, SymmetricForm};
pub use symmetric_eigen::{SymmetricEigen, SymmetricEigenvalues};

/// The arithmetic that factorisations need: ordered numbers with negation and the four operations of core.
pub trait Field:
    Copy
    + PartialOrd
    + Neg<Output = Self>
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
{
}

impl<T> Field for T where
    T: Copy
        + PartialOrd
        + Neg<Output = T>
        + Add<Output = T>
        + Sub<Output = T>
        + Mul<Output = T>
        + Div<Output = T>
{
}

/// Whether `v` is NaN: the only value that has no order with itself.
#[inline]
fn is_nan<T: PartialOrd>(v: T) -> bool {
    v.partial_cmp(&v).is_none()
}

/// Zero, from the number one.
#[inline]
fn zero<T: Copy + Neg<Output = T> + Add<Output = T>>(one: T) -> T {
    one + -one
}

/// Whether `v` is +0 or −0, the only numbers that equal their negation.
#[inline]
fn is_zero<T: Copy + PartialEq + Neg<Output = T>>(v: T) -> bool {
    v == -v
}

/// |v|.
#[inline]
fn magnitude<T: Copy + PartialOrd + Neg<Output = T>>(v: T) -> T {
    if v < -v { -v } else { v }
}

/// The matrix with entry (i, j) = `entry(i, j)`, in loops: an optimiser for size does not inline the closures of `from_fn`, and
/// then keeps checks of the indices.
#[inline(always)]
#[expect(clippy::needless_range_loop, reason = "of an index from an iterator the range is not known")]
fn built<T: Copy, const N: usize>(start: T, entry: impl Fn(usize, usize) -> T) -> [[T; N]; N] {
    let mut matrix = [[start; N]; N];
    for j in 0..N {
        for i in 0..N {
            matrix[j][i] = entry(i, j);
        }
    }
    matrix
}

/// The identity matrix.
#[inline]
fn identity<T, const N: usize>(one: T) -> [[T; N]; N]
where
    T: Copy + Neg<Output = T> + Add<Output = T>,
{
    built(one, |i, j| if i == j { one } else { zero(one) })
}

/// The transpose of `a`.
#[inline]
fn transposed<T: Copy, const N: usize>(a: &[[T; N]; N]) -> [[T; N]; N] {
    built(a[0][0], |i, j| a[i][j])
}

/// The symmetric matrix with the lower triangle of `a`.
#[inline]
fn mirrored<T: Copy, const N: usize>(a: &[[T; N]; N]) -> [[T; N]; N] {
    built(a[0][0], |i, j| if i < j { a[i][j] } else { a[j][i] })
}

/// `c` times the transpose of `a`: with `a` an inverse and `c` the determinant, the cofactor matrix.
#[inline]
fn scaled_transpose<T: Copy + Mul<Output = T>, const N: usize>(c: T, a: &[[T; N]; N]) -> [[T; N]; N] {
    built(c, |i, j| c * a[i][j])
}
