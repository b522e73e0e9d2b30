//! Integers that are negative, and loops without a run: derivatives take the way that the function takes, and do not fail
//! where it does not.
#![allow(missing_docs)]

use gradmacro::derive_grad;
use nalgebra::{Matrix2, Vector2, Vector4};

#[derive_grad(wrt(x))]
fn by_sign(x: &Vector4<f64>, n: i32) -> f64 {
    let mut sum = 0.0;
    for i in 0..4 {
        if n > 0 {
            sum += x[i];
        }
        if n == -1 {
            sum += x[i].sin();
        }
        if n >= -1 {
            sum += x[i] * x[i];
        }
        if i as i32 + 2 * n >= 1 - n {
            sum += x[i].cos() * 2.0;
        }
    }
    sum
}

#[derive_grad(wrt(x))]
fn weighted(x: &Vector4<f64>, n: i32) -> f64 {
    let mut sum = 0.0;
    for i in 0..4 {
        sum += (i as i32 - 2) as f64 * x[i] * x[i] + (i as i32 + n) as f64 * x[i];
    }
    sum
}

#[derive_grad(wrt(x))]
fn solved_again(x: &Vector2<f64>, a: &Matrix2<f64>, n: usize) -> f64 {
    let mut s = x[0];
    for _ in 0..n {
        let y = a.lu().solve(x).expect("a is singular");
        s = (s + y[0]).sin() * s;
    }
    s
}

#[derive_grad(wrt(x))]
fn neighbours(x: &Vector4<f64>) -> f64 {
    let mut sum = 0.0;
    for i in 0..4 {
        for j in 0..i {
            sum += (x[i - 1] * x[i]).sin() * x[j] * x[j];
        }
    }
    sum
}

/// Central differences.
fn slopes<const N: usize>(
    f: impl Fn(&nalgebra::SVector<f64, N>) -> f64,
    x: nalgebra::SVector<f64, N>,
) -> nalgebra::SVector<f64, N> {
    nalgebra::SVector::from_fn(|k, _| {
        let (mut ahead, mut behind) = (x, x);
        ahead[k] += 1e-6;
        behind[k] -= 1e-6;
        (f(&ahead) - f(&behind)) / 2e-6
    })
}

const X: Vector4<f64> = Vector4::new(0.3, -0.7, 1.1, 0.4);

#[test]
fn a_condition_on_a_negative_parameter_is_decided_as_in_the_function() {
    for n in -3..4 {
        let (value, gradient) = by_sign_value_and_grad(&X, n);
        assert!((value - by_sign(&X, n)).abs() < 1e-12, "n = {n}");
        assert!((gradient - slopes(|x| by_sign(x, n), X)).norm() < 1e-8, "n = {n}");
    }
}

#[test]
fn a_difference_of_integers_is_a_negative_number() {
    for n in [-5, 0, 2] {
        let (value, gradient) = weighted_value_and_grad(&X, n);
        assert!((value - weighted(&X, n)).abs() < 1e-12, "n = {n}");
        assert!((gradient - slopes(|x| weighted(x, n), X)).norm() < 1e-8, "n = {n}");
    }
}

#[test]
fn a_loop_without_a_run_does_not_fail() {
    let (x, singular) = (Vector2::new(0.3, 0.5), Matrix2::zeros());
    assert_eq!(solved_again_value_and_grad(&x, &singular, 0), (0.3, Vector2::new(1.0, 0.0)));
    let a = Matrix2::new(2.0, 0.3, -0.4, 1.5);
    let gradient = solved_again_grad(&x, &a, 3);
    assert!((gradient - slopes(|x| solved_again(x, &a, 3), x)).norm() < 1e-8);
}

#[test]
fn an_entry_before_the_first_is_not_read_by_a_loop_without_a_run() {
    let (value, gradient) = neighbours_value_and_grad(&X);
    assert!((value - neighbours(&X)).abs() < 1e-12);
    assert!((gradient - slopes(neighbours, X)).norm() < 1e-8);
}
