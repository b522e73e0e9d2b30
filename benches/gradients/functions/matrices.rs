//! Functions of matrices.

use gradmacro::derive_grad;
use nalgebra::{SMatrix, SVector};

#[derive_grad]
#[inline(never)]
pub(crate) fn inverse_trace(a: &SMatrix<f64, 5, 5>) -> f64 {
    a.try_inverse().unwrap().trace()
}

#[derive_grad]
#[inline(never)]
pub(crate) fn sylvester(x: &SMatrix<f64, 5, 5>, a: &SMatrix<f64, 5, 5>, b: &SMatrix<f64, 5, 5>) -> f64 {
    (a * x - x * b).norm_squared()
}

#[derive_grad(symmetric(a))]
#[inline(never)]
pub(crate) fn rayleigh(x: &SVector<f64, 6>, a: &SMatrix<f64, 6, 6>) -> f64 {
    x.dot(&(a * x)) / x.norm_squared()
}

/// How little an experiment with these weights says.
#[derive_grad]
#[inline(never)]
pub(crate) fn design(w: &SVector<f64, 12>, x: &SMatrix<f64, 12, 3>) -> f64 {
    -(x.transpose() * SMatrix::<f64, 12, 12>::from_diagonal(w) * x).determinant().ln()
}

#[derive_grad]
#[inline(never)]
pub(crate) fn barrier(
    x: &SVector<f64, 4>,
    c: &SVector<f64, 4>,
    a: &SMatrix<f64, 12, 4>,
    b: &SVector<f64, 12>,
) -> f64 {
    c.dot(x) - 0.1 * (b - a * x).map(|s| s.ln()).sum()
}

/// A quadratic form of a solution.
#[derive_grad]
#[inline(never)]
pub(crate) fn solution(a: &SMatrix<f64, 4, 4>, b: &SVector<f64, 4>, q: &SMatrix<f64, 4, 4>) -> f64 {
    let x = a.lu().solve(b).unwrap();
    x.dot(&(q * x))
}
