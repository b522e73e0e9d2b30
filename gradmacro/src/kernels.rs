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

use core::ops::{Add, Neg};

mod edges;
mod stable;

pub use edges::{extremum_weights, product_or_zero, quotient_or_zero, rem_euclid, sign, step};
pub use stable::{log_sum_exp, logistic, softmax, softplus};

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
