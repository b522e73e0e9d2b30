//! A hundred steps of dynamics each.

use gradmacro::derive_grad;
use nalgebra::{SMatrix, SVector, Vector2, Vector4};

/// A pendulum that is pushed: cost of its way in all pushes.
#[derive_grad]
#[inline(never)]
pub(crate) fn pendulum(u: &SVector<f64, 100>, start: &Vector2<f64>) -> f64 {
    let (mut angle, mut rate) = (start[0], start[1]);
    let mut cost = 0.0;
    for k in 0..100 {
        let turn = -9.81 * angle.sin() - 0.1 * rate + u[k];
        angle += 0.02 * rate;
        rate += 0.02 * turn;
        cost += angle * angle + 0.1 * rate * rate + 0.01 * u[k] * u[k];
    }
    cost
}

/// Linear dynamics: a fit of their matrix to what was seen.
#[derive_grad]
#[inline(never)]
pub(crate) fn linear(a: &SMatrix<f64, 4, 4>, start: &Vector4<f64>, seen: &SMatrix<f64, 4, 100>) -> f64 {
    let mut x = *start;
    let mut cost = 0.0;
    for k in 0..100 {
        x = a * x;
        cost += (x - seen.column(k)).norm_squared();
    }
    cost
}

/// Predator and prey: a fit of four rates.
#[derive_grad]
#[inline(never)]
pub(crate) fn prey(p: &Vector4<f64>, start: &Vector2<f64>, seen: &SMatrix<f64, 2, 100>) -> f64 {
    let (mut x, mut y) = (start[0], start[1]);
    let mut cost = 0.0;
    for k in 0..100 {
        let dx = p[0] * x - p[1] * x * y;
        let dy = p[2] * x * y - p[3] * y;
        x += 0.01 * dx;
        y += 0.01 * dy;
        cost += (x - seen[(0, k)]).powi(2) + (y - seen[(1, k)]).powi(2);
    }
    cost
}
