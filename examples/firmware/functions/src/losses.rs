//! Three small functions whose gradients an embedded programmer would write by hand.

use gradmacro::derive_grad;
use nalgebra::{Matrix3, RealField, Vector3, convert};

/// xᵀAx + bᵀx.
#[derive_grad(no_panic)]
pub fn quadratic<T: RealField + Copy>(x: &Vector3<T>, a: &Matrix3<T>, b: &Vector3<T>) -> T {
    x.dot(&(a * x)) + b.dot(x)
}

/// Minus the logarithm of a normal density, up to a constant; `None` unless the covariance is positive definite.
#[derive_grad(no_panic, wrt(mean, covariance), spd(covariance))]
pub fn gaussian<T: RealField + Copy>(
    x: &Vector3<T>,
    mean: &Vector3<T>,
    covariance: &Matrix3<T>,
) -> Option<T> {
    let half: T = convert(0.5);
    let factor = covariance.cholesky()?;
    let d = x - mean;
    Some(half * d.dot(&factor.solve(&d)) + half * factor.ln_determinant())
}

/// Logistic loss of one labelled sample (`y` is +1 or −1).
#[derive_grad(no_panic)]
pub fn logistic<T: RealField + Copy>(w: &Vector3<T>, x: &Vector3<T>, y: T) -> T {
    (-y * w.dot(x)).exp().ln_1p()
}
