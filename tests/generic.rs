//! Functions of a type parameter: one source for `f64` and `f32`, with numbers that come in by `nalgebra::convert` and
//! the like.
#![deny(warnings)]

mod common;

use std::iter::Sum;

use gradmacro::derive_grad;
use nalgebra::{Matrix2, Matrix3, RealField, SMatrix, SVector, Vector2, Vector3};

use common::{check, point, positive, same};

/// Checks a gradient at f64, and that f32 gives the same numbers.
macro_rules! both {
    ($f:ident, $grad:ident, $both:ident; $x:expr) => {
        check!($f, $grad, $both; $x => |x| (x));
        let single = $x.map(|entry| entry as f32);
        check!($f, $grad, $both; single => |x| (x));
        for (wide, narrow) in $grad(&$x).iter().zip($grad(&single).iter()) {
            same(f64::from(*narrow), *wide, 1e-4);
        }
    };
}

#[derive_grad]
fn half_square<T: RealField + Copy>(x: &SVector<T, 3>) -> T {
    nalgebra::convert::<f64, T>(0.5) * x.norm_squared()
}

#[derive_grad]
fn spelt<T>(x: &SVector<T, 3>) -> T
where
    T: RealField + Copy,
{
    let third: T = nalgebra::convert(1.0 / 3.0);
    let tenth = T::from_f64(0.1).unwrap();
    let five = T::from_usize(5).expect("five is a number");
    let two = T::one() + T::one();
    let quarter = T::from_subset(&0.25);
    let angle = T::two_pi() * tenth + T::frac_pi_2() - <T as RealField>::pi() * quarter + T::ln_2();
    let zero = nalgebra::zero::<T>();
    (x.x * angle).sin() * third + two * x.y.powi(2) / five + (x.z - T::e()).tanh() + zero
}

#[derive_grad]
fn elementary<T: RealField + Copy>(x: &Vector3<T>) -> T {
    let (sin, cos) = x.x.sin_cos();
    let length = (x.x * x.x + x.y * x.y).sqrt() + x.z.abs();
    let angle = x.y.atan2(x.z) + x.x.hypot(x.y);
    let largest = x.x.max(x.y).min(x.z.exp());
    sin * cos + length.ln() + angle + largest + T::sin(x.x) + x.y.exp_m1() + x.z.powf(nalgebra::convert(1.5))
}

#[derive_grad]
fn mapped<T: RealField + Copy>(a: &Matrix3<T>) -> T {
    let one = T::one();
    let soft = a.map(|v| (one + v.exp()).ln());
    let shifted = a.add_scalar(nalgebra::convert(-0.75));
    soft.sum() + shifted.map(T::cos).norm() + a.component_mul(a).trace()
}

#[derive_grad]
fn system<T: RealField + Copy>(x: &Vector2<T>) -> T {
    let two: T = nalgebra::convert(2.0);
    let shift = Matrix2::identity() * two;
    let a = Matrix2::new(x.x, two, -two, x.y) + shift;
    let b = Vector2::new(T::one(), x.x * x.y);
    b.dot(&(a.try_inverse().unwrap() * b)) + a.determinant().abs().ln()
}

#[test]
fn literals_of_every_spelling() {
    both!(half_square, half_square_grad, half_square_value_and_grad; point::<3, 1>(1));
    both!(spelt, spelt_grad, spelt_value_and_grad; point::<3, 1>(2));
}

#[test]
fn functions_of_numbers_and_of_entries() {
    both!(elementary, elementary_grad, elementary_value_and_grad; positive::<3, 1>(3));
    both!(mapped, mapped_grad, mapped_value_and_grad; point::<3, 3>(4));
    both!(system, system_grad, system_value_and_grad; positive::<2, 1>(5));
}

#[derive_grad(wrt(w))]
fn ridge<T, const M: usize, const N: usize>(
    w: &SVector<T, N>,
    x: &SMatrix<T, M, N>,
    y: &SVector<T, M>,
    lambda: T,
) -> T
where
    T: RealField + Copy,
{
    let half: T = nalgebra::convert(0.5);
    let r = x * w - y;
    half * r.norm_squared() + half * lambda * w.norm_squared() / nalgebra::convert::<f64, T>(N as f64)
}

#[derive_grad]
fn weighted<T: RealField + Copy + Sum, const N: usize>(x: &SVector<T, N>) -> T {
    let weights: T = (0..N).fold(T::zero(), |s, i| s + x[i] * nalgebra::convert::<f64, T>(i as f64 + 0.5));
    weights * (0..N).map(|i| (x[i] * T::from_usize(i).unwrap()).sin()).sum::<T>()
}

#[test]
fn sizes_and_indices_as_numbers() {
    let (x, y) = (point::<5, 4>(1), point::<5, 1>(2));
    check!(ridge, ridge_grad, ridge_value_and_grad; point::<4, 1>(3) => |w| (w, &x, &y, 0.7));
    let (x, y) = (x.map(|v| v as f32), y.map(|v| v as f32));
    check!(ridge, ridge_grad, ridge_value_and_grad;
        point::<4, 1>(3).map(|v| v as f32) => |w| (w, &x, &y, 0.7));
    both!(weighted, weighted_grad, weighted_value_and_grad; point::<4, 1>(4));
}

struct Sensor {
    gain: f64,
    noise: Vec<f64>,
}

#[derive_grad]
fn measured<T: RealField + Copy>(x: &Vector3<T>, sensor: &Sensor, dt: f64, scales: &[T]) -> T {
    let gain: f64 = sensor.gain;
    let drift = nalgebra::convert::<f64, T>(gain * dt);
    let noise: T = nalgebra::convert(sensor.noise.iter().sum::<f64>());
    let tiny = T::default_epsilon();
    let largest = T::from_f64(sensor.gain.max(dt)).unwrap();
    let waves = scales.iter().fold(T::zero(), |sum, scale| sum + (x.y * *scale).cos());
    x.norm_squared() * drift + noise * largest * x.sum() + tiny * x.x + waves
}

#[test]
fn data_is_kept_and_converted() {
    let sensor = Sensor { gain: 0.7, noise: vec![0.1, 0.4] };
    check!(measured, measured_grad, measured_value_and_grad;
        point::<3, 1>(1) => |x| (x, &sensor, 0.3, &[0.5, 2.0]));
    check!(measured, measured_grad, measured_value_and_grad;
        point::<3, 1>(1).map(|v| v as f32) => |x| (x, &sensor, 0.3, &[0.5, 2.0]));
}

#[derive_grad(wrt(x, _unused))]
fn partly<T: RealField + Copy>(x: &Vector2<T>, _unused: &Matrix2<T>, k: T) -> Option<T> {
    let a = Matrix2::new(x.x, k, k, x.y);
    let l = a.cholesky()?;
    Some(l.ln_determinant())
}

#[test]
fn what_is_not_used_gives_zeros_and_what_fails_gives_none() {
    let x = Vector2::new(2.0, 3.0);
    let (g, zeros) = partly_grad(&x, &Matrix2::identity(), 1.0).expect("the matrix is positive definite");
    assert_eq!(zeros, Matrix2::zeros());
    same(g.x, 3.0 / 5.0, 1e-14);
    same(g.y, 2.0 / 5.0, 1e-14);
    assert!(partly_grad(&x, &Matrix2::identity(), 9.0).is_none());
    let (value, (again, _)) =
        partly_value_and_grad(&x.map(|v| v as f32), &Matrix2::identity(), 1.0).expect("the same");
    same(f64::from(value), 5.0_f64.ln(), 1e-6);
    same(f64::from(again.x), g.x, 1e-6);
}

#[derive_grad(jvp, vjp, gauss_newton)]
fn residual<T: RealField + Copy, const N: usize>(
    x: &SVector<T, N>,
    a: &SMatrix<T, 3, N>,
    b: &Vector3<T>,
) -> Vector3<T> {
    (a * x - b).map(|v| v.sin()) * nalgebra::convert::<f64, T>(0.5)
}

#[derive_grad(wrt(x, k), hessian, hvp, jvp, jacobian)]
fn energy<T: RealField + Copy>(x: &Vector3<T>, k: T) -> T {
    k * x.norm_squared() + k * k * x.x
}

#[test]
fn jacobians_and_hessians() {
    let (x, a, b) = (point::<2, 1>(1), point::<3, 2>(2), point::<3, 1>(3));
    let (y, j) = residual_value_and_jacobian(&x, &a, &b);
    let step = Vector2::new(1e-6, -2e-6);
    let change = (residual(&(x + step), &a, &b) - residual(&(x - step), &a, &b)) / 2.0;
    assert!((residual_jvp(&x, &a, &b, &step).1 - change).norm() < 1e-14);
    assert!((j * step - change).norm() < 1e-14);
    assert!((residual_vjp(&x, &a, &b, &b).1 - j.tr_mul(&b)).norm() < 1e-14);
    let (cost, right, normal) = residual_gauss_newton(&x, &a, &b);
    same(cost, 0.5 * y.norm_squared(), 1e-14);
    assert!((right - j.tr_mul(&y)).norm() < 1e-14 && (normal - j.tr_mul(&j)).norm() < 1e-14);
    let single = residual_jacobian(&x.map(|v| v as f32), &a.map(|v| v as f32), &b.map(|v| v as f32));
    assert!((single.map(f64::from) - j).norm() < 1e-5);

    let x = Vector3::new(1.0, 2.0, 3.0);
    let ((xx, xk), (kx, kk)) = energy_hessian(&x, 2.0);
    assert_eq!((xx, kk), (Matrix3::identity() * 4.0, 2.0));
    assert_eq!((xk, kx), (x * 2.0 + Vector3::x() * 4.0, xk.transpose()));
    assert_eq!(energy_hvp(&x, 2.0, &Vector3::y(), 1.0), (xx * Vector3::y() + xk, kx[1] + kk));
    let (row, by_k) = energy_jacobian(&x, 2.0);
    assert_eq!(energy_jvp(&x, 2.0, &Vector3::y(), 1.0).1, row[1] + by_k);
    assert_eq!((row.transpose(), by_k), energy_grad(&x, 2.0));
}

/// Everything that generated code calls beside nalgebra.
#[derive_grad]
fn stable<T: RealField + Copy>(a: &Matrix3<T>) -> T {
    let soft = a.map(|v| (T::one() + v.exp()).ln()).sum() + a.map(|v| v.exp()).sum().ln();
    let edges = a.abs().sum() + a.norm() + a.max();
    let s = a * a.transpose() + Matrix3::identity();
    let values = s.symmetric_eigenvalues();
    soft + edges
        + s.cholesky().unwrap().ln_determinant()
        + values.sum()
        + a.singular_values().sum()
        + s.determinant()
}

#[test]
fn kernels_of_a_type_parameter() {
    both!(stable, stable_grad, stable_value_and_grad; point::<3, 3>(6));
}
