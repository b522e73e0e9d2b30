//! Sums, differences, scaling, and their operators on values and references in any mix.

use gradmacro::derive_grad;
use nalgebra::{Matrix2x3, Matrix3x2, RowVector3, SVector, Vector3};

use crate::common::{check, point};

#[derive_grad(wrt(a, b))]
fn mixed_operands(a: &Matrix2x3<f64>, b: Matrix2x3<f64>, c: &Matrix2x3<f64>) -> f64 {
    let sum = a + b - c;
    let other = &b - a + c * 2.0;
    let more = -a + &b - &sum - (c - &other);
    let product = (sum + other).component_mul(&-more);
    (product - a - b).sum()
}

#[test]
fn operators_take_values_and_references() {
    let c = point(3);
    check!(mixed_operands, mixed_operands_grad, mixed_operands_value_and_grad;
        (point(1), point(2)) => |(a, b)| (a, *b, &c));
}

#[derive_grad(wrt(x, s))]
fn scaled(x: &Vector3<f64>, s: f64, y: &Vector3<f64>) -> f64 {
    let stretched = s * x + x * (2.0 * s) - 0.5 * y;
    let shrunk = (x / s).scale(1.5) + y.unscale(s * s);
    let shifted = stretched.add_scalar(s).add_scalar(-1.0);
    shifted.dot(&shrunk) / 3.0 + s / (1.0 + x.norm_squared()) - -s
}

#[test]
fn scaling_and_division_by_a_scalar_that_is_differentiated_too() {
    check!(scaled, scaled_grad, scaled_value_and_grad; (point(1), 0.7) => |(x, s)| (x, *s, &point(2)));
}

#[derive_grad(wrt(p, q, r))]
fn of_numbers(p: f64, q: f64, r: &f64) -> f64 {
    let ratio = (p * p - 3.0 * q) / (q * q + *r * r);
    let cubic = p * q * r - ratio * ratio * ratio + 4.0;
    cubic - (p - q) * (q - r) / 7.0 + (1.0 - p) * (1.0 - p)
}

#[test]
fn numbers_alone() {
    check!(of_numbers, of_numbers_grad, of_numbers_value_and_grad; (0.4, -1.3, 0.9) => |(p, q, r)| (*p, *q, r));
}

#[derive_grad]
fn cancelling(x: &RowVector3<f64>, y: &RowVector3<f64>) -> f64 {
    let a = 2.0 * x - (x + x) + 3.0 * (x - y) - 3.0 * (x - y);
    let b = x / 2.0 + 0.5 * x - x;
    (a + b).sum() + (2.0 * (x + y) - x - y - y).dot(x)
}

#[test]
fn terms_that_cancel_leave_nothing_behind() {
    let (x, y) = (point(1), point(2));
    check!(cancelling, cancelling_grad, cancelling_value_and_grad; x => |x| (x, &y));
    assert!((cancelling_grad(&x, &y) - (2.0 * x)).norm() < 1e-12);
}

#[derive_grad]
fn unused(_x: &Matrix3x2<f64>, y: &Vector3<f64>) -> f64 {
    y.norm_squared()
}

#[test]
fn a_parameter_that_is_not_used_has_a_gradient_of_zeros() {
    assert_eq!(unused_grad(&point(1), &point(2)), Matrix3x2::zeros());
    let (value, gradient) = unused_value_and_grad(&point(1), &point(2));
    assert_eq!((value, gradient), (unused(&point(1), &point(2)), Matrix3x2::zeros()));
}

#[derive_grad]
fn linear(x: &SVector<f64, 5>) -> f64 {
    3.0 * x.sum() - x[4] - 2.0
}

#[test]
fn a_constant_gradient_is_exact() {
    assert_eq!(linear_grad(&point(1)), SVector::from([3.0, 3.0, 3.0, 3.0, 2.0]));
}
