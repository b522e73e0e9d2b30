//! Logarithms of products whose factors may leave the range of the number type together.

use super::edges::sign;
use super::{Field, magnitude, zero};

/// Whether the square of `v` is neither zero, infinite nor NaN.
///
/// This needs no constant of `T`, and keeps `v` far from the subnormal numbers, which have fewer digits.
#[inline]
pub(super) fn in_range<T: Field>(v: T) -> bool {
    let square = v * v;
    // False for 0 > 0, and for ∞ and NaN, where the right side is NaN.
    square > square + -square
}

/// ln |Π f|, with one logarithm wherever the product allows it.
///
/// Factors are gathered as long as their product is [`in_range`]. A factor that takes it out of there starts a new
/// product, and the logarithm of the old one is added to the sum.
///
/// Edge: −∞ where a factor is 0 (NaN if another is infinite), NaN where one is NaN.
#[inline]
pub(super) fn ln_abs_product<T: Field>(factors: impl Iterator<Item = T>, one: T, ln: impl Fn(T) -> T) -> T {
    let (sum, product) = factors.fold((zero(one), one), |(sum, product), factor| {
        let next = product * factor;
        if in_range(next) { (sum, next) } else { (sum + ln(magnitude(product)), factor) }
    });
    sum + ln(magnitude(product))
}

/// ln Π f as [`ln_abs_product`], NaN where the product is negative.
#[inline]
pub(super) fn ln_product<T: Field>(
    factors: impl Iterator<Item = T> + Clone,
    one: T,
    ln: impl Fn(T) -> T,
) -> T {
    let signs = factors.clone().fold(one, |product, factor| product * sign(factor, one));
    if signs < -signs { zero(one) / zero(one) } else { ln_abs_product(factors, one, ln) }
}
