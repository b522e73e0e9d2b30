//! Sums over a range of indices, which stay loops in generated code.

use gradmacro::derive_grad;
use nalgebra::{Matrix3, SMatrix, SVector, Vector2, Vector3};

use crate::common::{check, point};

#[derive_grad]
fn rosenbrock(x: &SVector<f64, 6>) -> f64 {
    (0..5).map(|i| 100.0 * (x[i + 1] - x[i].powi(2)).powi(2) + (1.0 - x[i]).powi(2)).sum()
}

#[test]
fn neighbours_in_a_vector() {
    check!(rosenbrock, rosenbrock_grad, rosenbrock_value_and_grad; point(1) => |x| (x));
}

#[derive_grad(wrt(w, b))]
fn logistic(w: &Vector3<f64>, b: f64, x: &SMatrix<f64, 7, 3>, y: &SVector<f64, 7>) -> f64 {
    let n = 7;
    let loss: f64 = (0..n).map(|i| (-y[i] * ((x.row(i) * w)[0] + b)).exp().ln_1p()).sum();
    loss / n as f64 + 0.5 * w.norm_squared()
}

#[test]
fn rows_of_data() {
    let (x, y) = (point(3), point::<7, 1>(4).map(f64::signum));
    check!(logistic, logistic_grad, logistic_value_and_grad; (point(1), 0.3) => |(w, b)| (w, *b, &x, &y));
}

#[derive_grad(wrt(a, x))]
fn double(a: &Matrix3<f64>, x: &Vector3<f64>) -> f64 {
    let pairs: f64 = (0..3).map(|i| (0..3).map(|j| a[(i, j)] * (x[i] - x[j]).cos()).sum::<f64>()).sum();
    let triangle: f64 = (0..3).map(|i| (0..=i).map(|j| a[(i, j)] * x[j]).sum::<f64>().powi(2)).sum();
    pairs * x.norm() + triangle
}

#[test]
fn sums_within_sums() {
    check!(double, double_grad, double_value_and_grad; (point(1), point(2)) => |(a, x)| (a, x));
}

#[derive_grad(wrt(p, k))]
fn springs(p: &SMatrix<f64, 2, 5>, k: f64, rest: &[f64; 4]) -> f64 {
    let energy = (0..4)
        .map(|i| {
            let edge = p.column(i + 1) - p.column(i);
            0.5 * k * (edge.norm() - rest[i]).powi(2)
        })
        .sum::<f64>();
    let gravity: f64 = (1..5).map(|i| 9.81 * p[(1, i)]).sum();
    energy + gravity
}

#[test]
fn columns_and_a_table_of_data() {
    let rest = [0.5, 0.7, 0.9, 1.1];
    check!(springs, springs_grad, springs_value_and_grad; (point(1), 2.0) => |(p, k)| (p, *k, &rest));
}

#[derive_grad]
fn series(t: f64, c: &SVector<f64, 6>) -> f64 {
    let polynomial: f64 = (0..6).map(|k| c[k] * t.powi(k as i32)).sum();
    let fourier: f64 = (1..4).map(|k| c[2 * k - 1] * (k as f64 * t).sin() / k as f64).sum();
    polynomial * fourier
}

#[test]
fn the_index_in_exponents_strides_and_as_a_number() {
    for t in [0.7, -0.4] {
        check!(series, series_grad, series_value_and_grad; t => |t| (*t, &point(1)));
    }
    // 0⁰ is 1 with slope 0, for an exponent that is an index too.
    let c = point(1);
    assert!((series_grad(0.0, &c) - (c[0] * (c[1] + c[3] + c[5]))).abs() < 1e-12);
}

#[derive_grad(wrt(x))]
fn weighted_dynamic(x: &Vector2<f64>, points: &[(Vector2<f64>, f64)]) -> f64 {
    points.iter().map(|(p, weight)| weight * (x - p).norm_squared()).sum()
}

#[test]
fn a_slice_of_data_of_any_length() {
    let points: Vec<(Vector2<f64>, f64)> = (1..6).map(|k| (point(k), f64::from(k))).collect();
    check!(weighted_dynamic, weighted_dynamic_grad, weighted_dynamic_value_and_grad; point(9) => |x| (x, &points));
    assert_eq!(weighted_dynamic_value_and_grad(&point(9), &[]), (0.0, Vector2::zeros()));
}

#[derive_grad]
fn counted(x: &Vector3<f64>, n: usize) -> f64 {
    (0..n).map(|i| (x.sum() * i as f64).sin() / (i + 1) as f64).sum::<f64>() + x.norm_squared()
}

#[test]
fn a_number_of_terms_that_is_known_at_run_time_only() {
    for n in [0, 1, 5] {
        check!(counted, counted_grad, counted_value_and_grad; point(1) => |x| (x, n));
    }
}

#[derive_grad]
fn matrix_terms(u: &Vector3<f64>, a: &SMatrix<f64, 3, 4>) -> f64 {
    let scatter: Matrix3<f64> = (0..4).map(|i| a.column(i) * a.column(i).transpose() * u[0]).sum();
    let centre: Vector3<f64> = (0..4).map(|i| a.column(i).component_mul(u)).sum();
    u.dot(&(scatter * u)) + centre.norm_squared()
}

#[test]
fn sums_of_matrices_and_vectors() {
    check!(matrix_terms, matrix_terms_grad, matrix_terms_value_and_grad; point(1) => |u| (u, &point(2)));
}

#[derive_grad]
fn over_a_generic_size<const N: usize>(x: &SVector<f64, N>, c: &SVector<f64, N>) -> f64 {
    (0..N).map(|i| c[i] * x[i].sin()).sum::<f64>() / N as f64 + x.len() as f64 * x.mean()
}

#[test]
fn a_number_of_terms_that_is_a_generic_parameter() {
    let (x, c) = (point::<4, 1>(1), point::<4, 1>(2));
    check!(over_a_generic_size, over_a_generic_size_grad, over_a_generic_size_value_and_grad; x => |x| (x, &c));
}
