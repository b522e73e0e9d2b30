//! Multiply and add in one instruction, where the target has one.

use core::ops::{Add, Mul};

/// Whether the target multiplies and adds in one instruction. Elsewhere `mul_add` would be a call of the library for
/// every product.
pub(super) const FUSED: bool = cfg!(any(target_feature = "fma", target_arch = "aarch64"));

/// `a * b + c` as a function of the three: by `mul_add` where that is an instruction, which rounds once instead of
/// twice, by a product and a sum elsewhere.
#[inline]
pub fn fused<T>(mul_add: impl Fn(T, T, T) -> T + Copy) -> impl Fn(T, T, T) -> T + Copy
where
    T: Mul<Output = T> + Add<Output = T>,
{
    move |a, b, c| if FUSED { mul_add(a, b, c) } else { a * b + c }
}
