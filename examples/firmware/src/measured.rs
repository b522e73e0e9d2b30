//! The functions under names that the linker keeps, so that each is compiled for any arguments and its size can be read
//! off the image.
#![allow(unsafe_code, reason = "a name that is not mangled might clash with another")]

use functions::{Belief, Gradients, HORIZON, Model};
use nalgebra::{Matrix3, SVector, Vector2, Vector3};

use crate::Real;

/// Value and gradient of [`functions::quadratic`].
#[inline(never)]
#[unsafe(no_mangle)]
pub fn quadratic(x: &Vector3<Real>, a: &Matrix3<Real>, b: &Vector3<Real>) -> (Real, Vector3<Real>) {
    functions::quadratic_value_and_grad(x, a, b)
}

/// Value of [`functions::gaussian`], and its gradients by mean and covariance.
#[inline(never)]
#[unsafe(no_mangle)]
pub fn gaussian(
    x: &Vector3<Real>,
    mean: &Vector3<Real>,
    covariance: &Matrix3<Real>,
) -> Option<Gradients<Real>> {
    functions::gaussian_value_and_grad(x, mean, covariance)
}

/// Value and gradient of [`functions::logistic`].
#[inline(never)]
#[unsafe(no_mangle)]
pub fn logistic(w: &Vector3<Real>, x: &Vector3<Real>, y: Real) -> (Real, Vector3<Real>) {
    functions::logistic_value_and_grad(w, x, y)
}

/// [`functions::filter`].
#[inline(never)]
#[unsafe(no_mangle)]
pub fn filter(belief: &Belief<Real>, seen: &Vector2<Real>, model: &Model<Real>) -> Option<Belief<Real>> {
    functions::filter(belief, seen, model)
}

/// Value and gradient of [`functions::rollout`].
#[inline(never)]
#[unsafe(no_mangle)]
pub fn rollout(
    forces: &SVector<Real, HORIZON>,
    start: &Vector2<Real>,
    dt: Real,
) -> (Real, SVector<Real, HORIZON>) {
    functions::rollout_value_and_grad(forces, start, dt)
}
