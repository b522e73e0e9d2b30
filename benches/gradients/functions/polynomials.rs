//! Test functions of optimisation.

use gradmacro::derive_grad;
use nalgebra::{SVector, Vector2};

#[derive_grad]
#[inline(never)]
pub(crate) fn rosen20(x: &SVector<f64, 20>) -> f64 {
    (0..19).map(|i| 100.0 * (x[i + 1] - x[i].powi(2)).powi(2) + (1.0 - x[i]).powi(2)).sum()
}

#[derive_grad]
#[inline(never)]
pub(crate) fn himmelblau(x: &Vector2<f64>) -> f64 {
    (x[0] * x[0] + x[1] - 11.0).powi(2) + (x[0] + x[1] * x[1] - 7.0).powi(2)
}

/// Broyden's tridiagonal function.
#[derive_grad]
#[inline(never)]
pub(crate) fn broyden(x: &SVector<f64, 12>) -> f64 {
    let mut sum = 0.0;
    for i in 0..12 {
        let mut r = (3.0 - 2.0 * x[i]) * x[i] + 1.0;
        if i > 0 {
            r -= x[i - 1];
        }
        if i < 11 {
            r -= 2.0 * x[i + 1];
        }
        sum += 0.5 * r * r;
    }
    sum
}

/// Rastrigin's function.
#[derive_grad]
#[inline(never)]
pub(crate) fn rastrigin(x: &SVector<f64, 8>) -> f64 {
    80.0 + x.map(|v| v * v - 10.0 * (2.0 * std::f64::consts::PI * v).cos()).sum()
}
