//! Jacobians of functions with vector results.

use std::hint::black_box;

use benches::differences::vector_differences;
use benches::duals;
use benches::measure::{Comparison, Report, Rival, Subject};
use benches::random::Random;
use gradmacro::derive_grad;
use nalgebra::{Matrix3, SMatrix, SVector, Vector2, Vector3, Vector4, stack};
use num_dual::jacobian;

use crate::experts;

macro_rules! of_any_size {
    ($report:ident, $n:tt, $rows:tt) => {
        jacobians!($report, "layer" [$n x $n] (), num-dual: duals::layer,
            (x: SVector<f64, $n> = Random::matrix, a: SMatrix<f64, $n, $n> = Random::matrix)
            { (a * x).map(|v| v.tanh()) });
        jacobians!($report, "softmax" [$n x $n] (), num-dual: duals::softmax,
            (x: SVector<f64, $n> = Random::matrix)
            {
                let e = x.map(|v| v.exp());
                e / e.sum()
            });
        jacobians!($report, "exponential model" [$rows x $n] (), num-dual: duals::exponential_model,
            (w: SVector<f64, $n> = Random::matrix, x: SMatrix<f64, $rows, $n> = Random::matrix,
             y: SVector<f64, $rows> = Random::matrix)
            { (x * w).map(|z| z.exp()) - y },
            jacobian by hand: experts::exponential_model_jacobian(black_box(&w), black_box(&x)),
            gauss_newton by hand:
                experts::exponential_model_gauss_newton(black_box(&w), black_box(&x), black_box(&y)));
    };
}

pub(crate) fn of_3(report: &mut Report) {
    of_any_size!(report, 3, 9);
}

pub(crate) fn of_6(report: &mut Report) {
    of_any_size!(report, 6, 18);
}

pub(crate) fn of_12(report: &mut Report) {
    of_any_size!(report, 12, 36);
}

pub(crate) fn of_32(report: &mut Report) {
    of_any_size!(report, 32, 96);
}

#[expect(clippy::toplevel_ref_arg, reason = "nalgebra's `stack!` expands to `let ref`")]
pub(crate) fn models(report: &mut Report) {
    jacobians!(report, "decay" [20 x 3] (), num-dual: duals::decay,
        (p: SVector<f64, 3> = Random::positive, t: SVector<f64, 20> = Random::positive, y: SVector<f64, 20> = Random::matrix)
        { SVector::<f64, 20>::from_fn(|i, _| p[0] * (-p[1] * t[i]).exp() + p[2] - y[i]) });
    jacobians!(report, "two peaks" [20 x 6] (), num-dual: duals::two_peaks,
    (p: SVector<f64, 6> = Random::positive, t: SVector<f64, 20> = Random::positive, y: SVector<f64, 20> = Random::matrix)
    {
        let peak = |h: f64, c: f64, w: f64, t: f64| h * (-((t - c) / w).powi(2)).exp();
        SVector::<f64, 20>::from_fn(|i, _| {
            peak(p[0], p[1], p[2], t[i]) + peak(p[3], p[4], p[5], t[i]) - y[i]
        })
    });
    jacobians!(report, "pinhole" [2 x 3] (), num-dual: duals::pinhole,
    (p: SVector<f64, 3> = Random::positive, r: Matrix3<f64> = Random::definite, t: Vector3<f64> = Random::positive)
    {
        let c = r * p + t;
        Vector2::new(c.x / c.z * 1.5 + 0.1, c.y / c.z * 1.4 + 0.2)
    });
    jacobians!(report, "range and bearing" [2 x 4] (), num-dual: duals::range_bearing,
    (s: SVector<f64, 4> = Random::positive, beacon: Vector2<f64> = Random::matrix)
    {
        let d = s.fixed_rows::<2>(0) - beacon;
        Vector2::new(d.norm(), d[1].atan2(d[0]) - s[2])
    });
    jacobians!(report, "cart-pole" [4 x 4] (), num-dual: duals::cart_pole,
    (s: SVector<f64, 4> = Random::matrix, u: f64 = Random::number)
    {
        let (speed, angle, rate) = (s[1], s[2], s[3]);
        let (sin, cos) = angle.sin_cos();
        let push = (u + rate * rate * sin * 0.05) / 1.1;
        let turn = (sin * 9.8 - cos * push) / ((-cos * cos * 0.1 / 1.1 + 4.0 / 3.0) * 0.5);
        Vector4::new(speed, push - turn * cos * 0.05 / 1.1, rate, turn)
    });
    jacobians!(report, "quadrotor" [12 x 12] (), num-dual: duals::quadrotor,
    (s: SVector<f64, 12> = Random::matrix, u: Vector4<f64> = Random::positive, i: Vector3<f64> = Random::positive)
    {
        let (sr, cr) = s[6].sin_cos();
        let (sp, cp) = s[7].sin_cos();
        let (sy, cy) = s[8].sin_cos();
        let up = Vector3::new(cy * sp * cr + sy * sr, sy * sp * cr - cy * sr, cp * cr);
        let w = s.fixed_rows::<3>(9);
        let lift = up * u[0];
        let rates = Vector3::new(
            w[0] + (w[1] * sr + w[2] * cr) * sp / cp,
            w[1] * cr - w[2] * sr,
            (w[1] * sr + w[2] * cr) / cp,
        );
        let spin = (u.fixed_rows::<3>(1) - w.cross(&i.component_mul(&w))).component_div(i);
        stack![s.fixed_rows::<3>(3); Vector3::new(lift[0], lift[1], lift[2] - 9.81); rates; spin]
    });
    jacobians!(report, "camera" [2 x 12] (), num-dual: duals::camera,
    (x: SVector<f64, 12> = Random::positive, seen: Vector2<f64> = Random::matrix)
    {
        let w = Vector3::new(x[0], x[1], x[2]);
        let p = Vector3::new(x[9], x[10], x[11]);
        let angle = w.norm();
        let k = w / angle;
        let (sin, cos) = angle.sin_cos();
        let q = p * cos + k.cross(&p) * sin + k * (k.dot(&p) * (1.0 - cos)) + Vector3::new(x[3], x[4], x[5]);
        let uv = q.xy() * (-1.0 / q.z);
        let square = uv.norm_squared();
        uv * (x[6] * (1.0 + square * (x[7] + x[8] * square))) - seen
    });
}
