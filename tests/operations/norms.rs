//! Norms, distances and normalised vectors.

use gradmacro::derive_grad;
use nalgebra::{LpNorm, Matrix2x3, UniformNorm, Vector3, Vector4};

use crate::common::{check, point};

#[derive_grad]
fn euclidean(x: &Vector3<f64>, y: &Vector3<f64>) -> f64 {
    let length = x.norm() * (x - y).magnitude() + x.metric_distance(y).powi(3);
    length + x.norm_squared().sqrt() - (x + y).magnitude_squared() / (1.0 + y.norm() + x.norm())
}

#[test]
fn euclidean_norms_and_distances() {
    check!(euclidean, euclidean_grad, euclidean_value_and_grad; point(1) => |x| (x, &point(2)));
}

#[derive_grad]
fn others(x: &Matrix2x3<f64>, y: &Matrix2x3<f64>) -> f64 {
    let ones = x.abs().sum() + x.apply_norm(&LpNorm(1)) + x.lp_norm(1);
    let powers = x.lp_norm(3) * x.apply_norm(&LpNorm(4));
    ones * powers + (x - y).apply_norm(&UniformNorm) + x.norm().powi(2)
}

#[test]
fn entrywise_norms() {
    check!(others, others_grad, others_value_and_grad; point(1) => |x| (x, &point(2)));
}

#[derive_grad]
fn angle(x: &Vector4<f64>, y: &Vector4<f64>) -> f64 {
    let unit = x.normalize();
    let cosine = x.dot(y) / (x.norm() * y.norm());
    unit.dot(y) + cosine.acos() + (unit - y.normalize()).norm_squared() + (x / x.sum()).norm()
}

#[test]
fn normalised_vectors_and_the_angle_between_two() {
    check!(angle, angle_grad, angle_value_and_grad; point(1) => |x| (x, &point(2)));
}
