//! Trigonometric functions, their inverses, angles and distances.

use gradmacro::derive_grad;
use nalgebra::{Matrix2, SVector, Vector2, Vector3};

use crate::common::{check, point, positive};

#[derive_grad]
fn waves(x: &Vector3<f64>, omega: f64) -> f64 {
    let phases = x.map(|v| (omega * v).sin() * v.cos() - v.tan());
    let (sin, cos) = x.sum().sin_cos();
    phases.sum() * sin + cos * f64::sin(x[0]) / x[1].cos() + (x[2].sin().powi(2) + x[2].cos().powi(2))
}

#[test]
fn sin_cos_tan() {
    check!(waves, waves_grad, waves_value_and_grad; point(1) * 0.8 => |x| (x, 1.7));
}

#[derive_grad]
fn inverses(x: &SVector<f64, 4>) -> f64 {
    x.map(|v| (0.5 * v).asin() * (0.3 * v).acos() + v.atan()).sum() + f64::acos(0.4 * x[0])
        - x[1].tan().atan()
}

#[test]
fn asin_acos_atan() {
    check!(inverses, inverses_grad, inverses_value_and_grad; point(1) => |x| (x));
}

#[derive_grad(wrt(p, q))]
fn directions(p: &Vector2<f64>, q: &Vector2<f64>) -> f64 {
    let turn = p.y.atan2(p.x) - f64::atan2(q.y, q.x);
    let reach = p.x.hypot(q.y) + p.zip_map(q, |a, b| a.hypot(b) * b.atan2(a)).sum();
    turn * turn * reach + p.x.to_radians() * q.x.to_degrees() + 1.0_f64.atan2(p.y) + p.x.hypot(2.0)
}

#[test]
fn atan2_hypot_and_degrees() {
    check!(directions, directions_grad, directions_value_and_grad;
        (positive(1), point(2)) => |(p, q)| (p, q));
}

#[derive_grad]
fn rotated(angle: f64, p: &Vector2<f64>, target: &Vector2<f64>) -> f64 {
    let (s, c) = angle.sin_cos();
    let rotation = Matrix2::new(c, -s, s, c);
    (rotation * p - target).norm_squared() + (1.0 - angle.cos()) + angle.sin() / angle
}

#[test]
fn a_rotation_by_an_angle() {
    check!(rotated, rotated_grad, rotated_value_and_grad; 0.8 => |angle| (*angle, &point(1), &point(2)));
}
