//! Several parameters, Jacobians, Hessians and products.

use gradmacro::derive_grad;
use nalgebra::{Matrix2, Matrix4, SMatrix, SVector, Vector2, vector};

use crate::common::point;
use crate::written;

#[derive_grad(wrt(x, w), into, hessian, hvp)]
fn misfit(x: &SMatrix<f64, 6, 4>, w: &SVector<f64, 4>, y: &SVector<f64, 6>) -> f64 {
    0.5 * (x * w - y).norm_squared()
}

#[test]
fn several_parameters_have_a_place_each() {
    let (x, w, y) = (&point(1), &point(2), &point(3));
    let (by_x, by_w) = misfit_grad(x, w, y);
    assert_eq!(written!(misfit_grad_into[x, w, y] => a, b), ((), by_x, by_w));
    let (value, (by_x, by_w)) = misfit_value_and_grad(x, w, y);
    assert_eq!(written!(misfit_value_and_grad_into[x, w, y] => a, b), (value, by_x, by_w));
    let ((xx, xw), (wx, ww)) = misfit_hessian(x, w, y);
    assert_eq!(written!(misfit_hessian_into[x, w, y] => a, b, c, d), ((), xx, xw, wx, ww));
    let (value, (by_x, by_w), ((xx, xw), (wx, ww))) = misfit_value_grad_hessian(x, w, y);
    assert_eq!(
        written!(misfit_value_grad_hessian_into[x, w, y] => a, b, c, d, e, f),
        (value, by_x, by_w, xx, xw, wx, ww)
    );
    let (v_x, v_w) = (&point(4), &point(5));
    let (by_x, by_w) = misfit_hvp(x, w, y, v_x, v_w);
    assert_eq!(written!(misfit_hvp_into[x, w, y, v_x, v_w] => a, b), ((), by_x, by_w));
}

#[derive_grad(into, jvp, vjp, gauss_newton)]
fn residuals(x: &SVector<f64, 5>, a: &SMatrix<f64, 20, 5>, b: &SVector<f64, 20>) -> SVector<f64, 20> {
    let z = a * x;
    z.map(|v| v.sin()) - b
}

#[test]
fn a_vector_is_written_too() {
    let (x, a, b) = (&point(1), &point(2), &point(3));
    assert_eq!(written!(residuals_jacobian_into[x, a, b] => j), ((), residuals_jacobian(x, a, b)));
    let (value, jacobian) = residuals_value_and_jacobian(x, a, b);
    assert_eq!(written!(residuals_value_and_jacobian_into[x, a, b] => y, j), ((), value, jacobian));
    let (value, change) = residuals_jvp(x, a, b, &point(4));
    assert_eq!(written!(residuals_jvp_into[x, a, b, &point(4)] => y, d), ((), value, change));
    let (value, gradient) = residuals_vjp(x, a, b, &point(5));
    assert_eq!(written!(residuals_vjp_into[x, a, b, &point(5)] => y, g), ((), value, gradient));
    let (half, right, normal) = residuals_gauss_newton(x, a, b);
    assert_eq!(written!(residuals_gauss_newton_into[x, a, b] => g, n), (half, right, normal));
}

#[derive_grad(into, layout = "denominator", wrt(x, t))]
fn sandwich(x: &SMatrix<f64, 3, 4>, t: f64, a: &SMatrix<f64, 2, 3>, b: &Matrix4<f64>) -> SMatrix<f64, 4, 2> {
    let y = a * x * b;
    y.transpose() * t.exp()
}

#[derive_grad(into, gauss_newton)]
fn turned(x: &SMatrix<f64, 5, 6>) -> SMatrix<f64, 6, 5> {
    x.transpose() + x.transpose().component_mul(&x.transpose())
}

#[test]
fn jacobians_of_matrices() {
    let (x, a, b) = (&point(1), &point(2), &point(3));
    let (value, (by_x, by_t)) = sandwich_value_and_jacobian(x, 0.3, a, b);
    assert_eq!(written!(sandwich_value_and_jacobian_into[x, 0.3, a, b] => y, j, k), ((), value, by_x, by_t));
    let (by_x, by_t) = sandwich_jacobian(x, 0.3, a, b);
    assert_eq!(written!(sandwich_jacobian_into[x, 0.3, a, b] => j, k), ((), by_x, by_t));
    let x = &point(4);
    let (value, jacobian) = turned_value_and_jacobian(x);
    assert_eq!(written!(turned_value_and_jacobian_into[x] => y, j), ((), value, jacobian));
    let (half, right, normal) = turned_gauss_newton(x);
    assert_eq!(written!(turned_gauss_newton_into[x] => g, n), (half, right, normal));
}

#[derive_grad(wrt(center, radius), into, jacobian, jvp)]
fn off_circle(at: &Vector2<f64>, center: &Vector2<f64>, radius: f64) -> f64 {
    ((at - center).norm() - radius).powi(2)
}

#[test]
fn derivatives_by_numbers_are_written_and_values_returned() {
    let (at, center) = (&vector![3.0, 1.0], &vector![0.2, -0.4]);
    let (value, (by_center, by_radius)) = off_circle_value_and_grad(at, center, 2.0);
    assert_eq!(
        written!(off_circle_value_and_grad_into[at, center, 2.0] => c, r),
        (value, by_center, by_radius)
    );
    let (by_center, by_radius) = off_circle_jacobian(at, center, 2.0);
    assert_eq!(written!(off_circle_jacobian_into[at, center, 2.0] => c, r), ((), by_center, by_radius));
    let (_, change): (f64, f64) = off_circle_jvp(at, center, 2.0, &Vector2::x(), 0.0);
    assert!((change - by_center[0]).abs() < 1e-12, "a function of numbers only has no other form");
}

#[derive_grad(into, wrt(a, a_a), hessian)]
fn alike(a: f64, a_a: &Vector2<f64>) -> f64 {
    a * a_a.norm_squared() + a * a
}

#[test]
fn blocks_whose_names_would_clash() {
    let x = &vector![1.0, 2.0];
    let ((p, q), (r, s)): ((f64, _), (_, Matrix2<f64>)) = alike_hessian(3.0, x);
    assert_eq!(written!(alike_hessian_into[3.0, x] => a, b, c, d), ((), p, q, r, s));
}
