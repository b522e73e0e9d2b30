//! Functions with kinks and steps, away from their kinks; `tests/edges.rs` has the kinks.

use gradmacro::derive_grad;
use nalgebra::{Matrix2x3, SVector, Vector3};

use crate::common::{check, point, positive};

#[derive_grad(wrt(x, y))]
fn kinks(x: &Vector3<f64>, y: &Vector3<f64>) -> f64 {
    let pairs = x.zip_map(y, |a, b| a.max(b) * a.min(-b) + a.copysign(b));
    let huber = x.map(|v| v.abs().min(1.0) * v.abs().max(0.2));
    pairs.sum() + huber.sum() + x.abs().dot(y) + f64::max(x[0], 0.0) - x[1].min(y[1]).max(x[2])
}

#[test]
fn abs_max_min_copysign() {
    check!(kinks, kinks_grad, kinks_value_and_grad; (point(1), point(2)) => |(x, y)| (x, y));
}

#[derive_grad]
fn bounded(x: &SVector<f64, 5>, low: f64) -> f64 {
    let clamped = x.map(|v| v.clamp(low, 0.9));
    clamped.norm_squared() + x.map(|v| v.mul_add(2.0, low).mul_add(v, 1.0)).sum() + x[3].clamp(-2.0, 2.0)
}

#[test]
fn clamp_and_mul_add() {
    check!(bounded, bounded_grad, bounded_value_and_grad; point(1) => |x| (x, -0.7));
}

#[derive_grad]
fn steps(x: &Vector3<f64>) -> f64 {
    let flat = x.map(|v| v.floor() + v.ceil() * v - v.round() + v.trunc() * v);
    flat.sum() + x.map(|v| v.signum() * v * v + v.fract() * v).sum() + x[0].signum()
}

#[test]
fn floor_ceil_round_trunc_fract_signum() {
    check!(steps, steps_grad, steps_value_and_grad; point(1) * 2.0 => |x| (x));
}

#[derive_grad(wrt(x, y))]
fn remainders(x: &Vector3<f64>, y: f64) -> f64 {
    let wrapped = x.map(|v| (v - 3.0) % y + v.rem_euclid(y));
    wrapped.norm_squared() + (5.0 * y).rem_euclid(0.7) + (x[0] * 9.0) % x[1]
}

#[test]
fn remainders_in_both_sides() {
    check!(remainders, remainders_grad, remainders_value_and_grad; (positive(1), 0.83) => |(x, y)| (x, *y));
}

#[derive_grad(wrt(a, b))]
fn bounds(a: &Matrix2x3<f64>, b: &Matrix2x3<f64>) -> f64 {
    (a.sup(b) - 2.0 * a.inf(b)).component_mul(a).sum() + a.map(|v| v.max(0.0)).sum() * b.abs().sum()
}

#[test]
fn entrywise_bounds_of_matrices() {
    check!(bounds, bounds_grad, bounds_value_and_grad; (point(1), point(2)) => |(a, b)| (a, b));
}
