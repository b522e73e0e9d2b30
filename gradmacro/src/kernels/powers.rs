//! Powers with whole exponents.

use core::ops::Mul;

/// xⁿ by squaring, for n of at least 1: without std, `powi` of nalgebra is a `powf`, which takes ten times as long.
///
/// The relative error is at most γ_(n − 1), as for n − 1 products one after the other. (Higham, Accuracy and Stability of
/// Numerical Algorithms, 2nd ed., § 3.1)
#[inline(always)]
#[must_use]
pub fn power<T: Copy + Mul<Output = T>>(x: T, n: u32) -> T {
    match n {
        ..=1 => x,
        2 => x * x,
        3 => x * x * x,
        _ => {
            let (mut square, mut left) = (x * x, n / 2 - 1);
            let mut power = if n % 2 == 1 { x * square } else { square };
            while left > 0 {
                if left % 2 == 1 {
                    power = power * square;
                }
                square = square * square;
                left /= 2;
            }
            power
        }
    }
}

#[cfg(test)]
mod tests {
    use super::power;

    #[test]
    fn powers_are_products() {
        for n in 1..=200_i32 {
            for x in [-1.5_f64, -1.0, 0.0, 0.3, 1.01, 3.0] {
                let product = (0..n).fold(1.0, |product, _| product * x);
                let bound = 2.0 * f64::from(n) * f64::EPSILON * product.abs();
                let error = (power(x, n.unsigned_abs()) - product).abs();
                assert!(error <= bound, "{x} to the {n}: off by {error:e}");
            }
        }
        assert_eq!(power(-2.0, 31), f64::from(i32::MIN), "exact where products are");
    }
}
