//! Assignments, branches and early returns as a user writes them: values and gradients against central differences.

use gradmacro::derive_grad;
use nalgebra::{Matrix2, Matrix3, SVector, Vector3};

type V4 = SVector<f64, 4>;

/// Central differences.
fn differences(f: impl Fn(&V4) -> f64, x: &V4) -> V4 {
    let h = 1e-6;
    V4::from_fn(|k, _| {
        let (mut up, mut down) = (*x, *x);
        up[k] += h;
        down[k] -= h;
        (f(&up) - f(&down)) / (2.0 * h)
    })
}

/// Points of both signs, so that every arm is taken somewhere.
fn points() -> Vec<V4> {
    (0..12).map(|k| V4::from_fn(|i, _| (1.7 * (k as f64) + 2.3 * (i as f64 + 1.0)).sin())).collect()
}

#[track_caller]
fn agree(f: impl Fn(&V4) -> f64, value_and_grad: impl Fn(&V4) -> (f64, V4)) {
    for x in points() {
        let (value, gradient) = value_and_grad(&x);
        let wanted = differences(&f, &x);
        assert!((value - f(&x)).abs() < 1e-12 * (1.0 + value.abs()), "{value} instead of {}", f(&x));
        assert!((gradient - wanted).norm() < 1e-6 * (1.0 + wanted.norm()), "{gradient} instead of {wanted}");
    }
}

#[derive_grad]
fn huber(x: &SVector<f64, 4>) -> f64 {
    let r = x.norm();
    if r < 1.0 { 0.5 * r * r } else { r - 0.5 }
}

#[derive_grad(hessian)]
fn written(x: &SVector<f64, 4>) -> f64 {
    let mut y = *x;
    y[1] = x[0] * x[2];
    y[3] += y[1];
    let mut m = Matrix2::zeros();
    m.set_row(0, &y.fixed_rows::<2>(0).transpose());
    m.set_row(1, &y.fixed_rows::<2>(2).transpose());
    m.column_mut(0).copy_from(&(2.0 * y.fixed_rows::<2>(1)));
    m *= m;
    m.norm_squared()
}

#[derive_grad]
fn lazy(x: &SVector<f64, 4>) -> f64 {
    let mut s = x[3];
    if x[0] > 0.0 && x[0].ln() < -0.5 {
        s += x[0].ln() * x[1];
    } else if x[1] > 0.0 {
        s = s * x[1].sqrt() + x[2];
    }
    s * s
}

#[derive_grad]
fn guarded(x: &SVector<f64, 4>, n: usize, table: &[f64]) -> f64 {
    if n == 0 {
        return x[3] * x[3];
    }
    let w = table[n - 1];
    if x[0] < 0.0 {
        return w * x[0] * x[1];
    }
    w * x[n - 1].exp()
}

#[derive_grad]
fn matched(x: &SVector<f64, 4>, mode: Mode) -> f64 {
    let scale = match mode {
        Mode::Plain => 1.0,
        Mode::Scaled(k) => k * x[1],
        Mode::Never => unreachable!(),
    };
    scale * x[0].sin()
}

#[derive(Clone, Copy)]
enum Mode {
    Plain,
    Scaled(f64),
    Never,
}

#[derive_grad]
fn demanded(a: &Matrix3<f64>, b: &Vector3<f64>) -> f64 {
    if a[(0, 0)] > 0.0 { a.try_inverse().unwrap().trace() } else { b.dot(&(a * b)) }
}

#[test]
fn branches_follow_the_function() {
    agree(huber, huber_value_and_grad);
    agree(lazy, lazy_value_and_grad);
}

#[test]
fn writes_are_differentiated() {
    agree(written, written_value_and_grad);
    for x in points() {
        let wanted = nalgebra::SMatrix::<f64, 4, 4>::from_columns(
            &[0, 1, 2, 3].map(|k| differences(|x| written_grad(x)[k], &x)),
        );
        assert!((written_hessian(&x) - wanted).norm() < 1e-5 * (1.0 + wanted.norm()));
    }
}

#[test]
fn guards_keep_what_they_guard_from_being_computed() {
    let table = [0.5, 2.0, 3.0];
    for n in 0..=3 {
        agree(|x| guarded(x, n, &table), |x| guarded_value_and_grad(x, n, &table));
    }
}

#[test]
fn enums_are_matched() {
    for mode in [Mode::Plain, Mode::Scaled(3.0)] {
        agree(|x| matched(x, mode), |x| matched_value_and_grad(x, mode));
    }
    assert!(std::panic::catch_unwind(|| matched_value_and_grad(&V4::zeros(), Mode::Never)).is_err());
}

#[test]
fn a_singular_matrix_panics_only_in_its_arm() {
    let b = Vector3::new(1.0, 2.0, 3.0);
    let singular = Matrix3::from_fn(|i, j| -((1 + i + j) as f64));
    let wanted = b * b.transpose();
    assert!((demanded_grad(&singular, &b) - wanted).norm() < 1e-12);
    let y = Matrix3::identity() * 2.0;
    assert!((demanded_grad(&y, &b) + Matrix3::identity() * 0.25).norm() < 1e-12);
    assert!(std::panic::catch_unwind(|| demanded_value_and_grad(&-singular, &b)).is_err());
}
