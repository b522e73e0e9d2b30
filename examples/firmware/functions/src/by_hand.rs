//! The gradients of the three losses as one would write them by hand with nalgebra, to compare with what is generated.

use nalgebra::{Matrix3, RealField, Vector3, convert};

/// Value and gradient of [`crate::quadratic`].
pub fn quadratic_by_hand<T: RealField + Copy>(
    x: &Vector3<T>,
    a: &Matrix3<T>,
    b: &Vector3<T>,
) -> (T, Vector3<T>) {
    let product = a * x;
    (x.dot(&product) + x.dot(b), product + a.tr_mul(x) + b)
}

/// A value, and its gradients by a vector and a matrix.
pub type Gradients<T> = (T, (Vector3<T>, Matrix3<T>));

/// Value of [`crate::gaussian`], and its gradients by mean and covariance.
pub fn gaussian_by_hand<T: RealField + Copy>(
    x: &Vector3<T>,
    mean: &Vector3<T>,
    covariance: &Matrix3<T>,
) -> Option<Gradients<T>> {
    let half: T = convert(0.5);
    let factor = covariance.cholesky()?;
    let deviation = x - mean;
    let weighted = factor.solve(&deviation);
    let value = half * (deviation.dot(&weighted) + factor.ln_determinant());
    let slope = (factor.inverse() - weighted * weighted.transpose()) * half;
    Some((value, (-weighted, slope)))
}

/// Value and gradient of [`crate::logistic`], with one exponential, which does not overflow.
pub fn logistic_by_hand<T: RealField + Copy>(w: &Vector3<T>, x: &Vector3<T>, y: T) -> (T, Vector3<T>) {
    let z = -y * w.dot(x);
    let decay = (-z.abs()).exp();
    let value = z.max(T::zero()) + decay.ln_1p();
    let weight = if z > T::zero() { T::one() } else { decay } / (T::one() + decay);
    (value, x * (-y * weight))
}
