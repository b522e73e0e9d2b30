//! Functions of numbers, lifted to matrices.

use gradmacro::derive_grad;
use nalgebra::{ComplexField, Matrix2x3, RealField, Vector3, Vector6};

/// What a number has with std only, under the same names.
trait OfStd {
    fn rem_euclid(self, other: Self) -> Self;
}

impl OfStd for f32 {
    fn rem_euclid(self, other: Self) -> Self {
        let r = self % other;
        if r < 0.0 { r + other.abs() } else { r }
    }
}

gradients! {
    #[derive_grad]
    fn entries_exp(x: &Vector6<f32>) -> f32 {
        x.map(|v| v.exp()).norm_squared()
    }

    #[derive_grad]
    fn entries_exp_m1(x: &Vector6<f32>) -> f32 {
        x.map(|v| v.exp_m1()).norm_squared()
    }

    #[derive_grad]
    fn entries_exp2(x: &Vector6<f32>) -> f32 {
        x.map(|v| v.exp2()).norm_squared()
    }

    #[derive_grad]
    fn entries_ln(x: &Vector6<f32>) -> f32 {
        x.map(|v| v.ln()).norm_squared()
    }

    #[derive_grad]
    fn entries_ln_1p(x: &Vector6<f32>) -> f32 {
        x.map(|v| v.ln_1p()).norm_squared()
    }

    #[derive_grad]
    fn entries_log2(x: &Vector6<f32>) -> f32 {
        x.map(|v| v.log2()).norm_squared()
    }

    #[derive_grad]
    fn entries_log10(x: &Vector6<f32>) -> f32 {
        x.map(|v| v.log10()).norm_squared()
    }

    #[derive_grad(wrt(x, base))]
    fn entries_log(x: &Vector6<f32>, base: f32) -> f32 {
        x.map(|v| v.log(base)).norm_squared()
    }

    #[derive_grad]
    fn entries_sqrt(x: &Vector6<f32>) -> f32 {
        x.map(|v| v.sqrt()).sum()
    }

    #[derive_grad]
    fn entries_cbrt(x: &Vector6<f32>) -> f32 {
        x.map(|v| v.cbrt()).sum()
    }

    #[derive_grad]
    fn entries_recip(x: &Vector6<f32>) -> f32 {
        x.map(|v| v.recip()).sum()
    }

    #[derive_grad]
    fn entries_powi(x: &Vector6<f32>) -> f32 {
        x.map(|v| v.powi(3) + v.powi(-2) + v.powi(0)).sum()
    }

    #[derive_grad(wrt(x))]
    fn entries_powi_open(x: &Vector6<f32>, n: i32) -> f32 {
        x.map(|v| v.powi(n)).sum()
    }

    #[derive_grad(wrt(x))]
    fn entries_powf_constant(x: &Vector6<f32>) -> f32 {
        x.map(|v| v.powf(2.5) + v.powf(-0.5)).sum()
    }

    #[derive_grad(wrt(x, p))]
    fn entries_powf(x: &Vector6<f32>, p: f32) -> f32 {
        x.map(|v| v.powf(p)).sum()
    }

    #[derive_grad]
    fn entries_sin(x: &Vector6<f32>) -> f32 {
        x.map(|v| v.sin()).norm_squared()
    }

    #[derive_grad]
    fn entries_cos(x: &Vector6<f32>) -> f32 {
        x.map(|v| v.cos()).norm_squared()
    }

    #[derive_grad]
    fn entries_tan(x: &Vector6<f32>) -> f32 {
        x.map(|v| v.tan()).norm_squared()
    }

    #[derive_grad]
    fn number_sin_cos(x: f32) -> f32 {
        let (s, c) = x.sin_cos();
        s * s * c
    }

    #[derive_grad]
    fn entries_asin(x: &Vector6<f32>) -> f32 {
        x.map(|v| v.asin()).norm_squared()
    }

    #[derive_grad]
    fn entries_acos(x: &Vector6<f32>) -> f32 {
        x.map(|v| v.acos()).norm_squared()
    }

    #[derive_grad]
    fn entries_atan(x: &Vector6<f32>) -> f32 {
        x.map(|v| v.atan()).norm_squared()
    }

    #[derive_grad(wrt(x, y))]
    fn entries_atan2(x: &Vector6<f32>, y: &Vector6<f32>) -> f32 {
        x.zip_map(y, |a, b| a.atan2(b)).norm_squared()
    }

    #[derive_grad(wrt(x, y))]
    fn entries_hypot(x: &Vector6<f32>, y: &Vector6<f32>) -> f32 {
        x.zip_map(y, |a, b| a.hypot(b)).norm_squared()
    }

    #[derive_grad]
    fn entries_sinh(x: &Vector6<f32>) -> f32 {
        x.map(|v| v.sinh()).norm_squared()
    }

    #[derive_grad]
    fn entries_cosh(x: &Vector6<f32>) -> f32 {
        x.map(|v| v.cosh()).norm_squared()
    }

    #[derive_grad]
    fn entries_tanh(x: &Vector6<f32>) -> f32 {
        x.map(|v| v.tanh()).norm_squared()
    }

    #[derive_grad]
    fn entries_asinh(x: &Vector6<f32>) -> f32 {
        x.map(|v| v.asinh()).norm_squared()
    }

    #[derive_grad]
    fn entries_acosh(x: &Vector6<f32>) -> f32 {
        x.map(|v| v.acosh()).norm_squared()
    }

    #[derive_grad]
    fn entries_atanh(x: &Vector6<f32>) -> f32 {
        x.map(|v| v.atanh()).norm_squared()
    }

    #[derive_grad]
    fn entries_abs(x: &Matrix2x3<f32>) -> f32 {
        x.map(|v| v.abs()).norm_squared() + x.abs().sum()
    }

    #[derive_grad]
    fn entries_signum(x: &Vector6<f32>) -> f32 {
        x.map(|v| v.signum() * v * v).sum()
    }

    #[derive_grad(wrt(x, y))]
    fn entries_max_min(x: &Vector6<f32>, y: &Vector6<f32>) -> f32 {
        x.zip_map(y, |a, b| a.max(b) * a.min(-b)).sum() + x.sup(y).dot(&x.inf(y)) + x.inf_sup(y).0.sum()
    }

    #[derive_grad]
    fn entries_clamp(x: &Vector6<f32>, low: f32) -> f32 {
        x.map(|v| v.clamp(low, 0.9)).norm_squared()
    }

    #[derive_grad(wrt(x, y))]
    fn entries_copysign(x: &Vector6<f32>, y: &Vector6<f32>) -> f32 {
        x.zip_map(y, |a, b| a.copysign(b)).norm_squared()
    }

    #[derive_grad(wrt(x, y))]
    fn entries_remainder(x: &Vector6<f32>, y: f32) -> f32 {
        x.map(|v| v % y).norm_squared()
    }

    #[derive_grad(wrt(x, y))]
    fn entries_rem_euclid(x: &Vector6<f32>, y: f32) -> f32 {
        x.map(|v| v.rem_euclid(y)).norm_squared()
    }

    #[derive_grad]
    fn entries_floor_ceil(x: &Vector6<f32>) -> f32 {
        x.map(|v| v.floor() * v + v.ceil() * v * v).sum()
    }

    #[derive_grad]
    fn entries_round_trunc_fract(x: &Vector6<f32>) -> f32 {
        x.map(|v| v.round() * v + v.trunc() * v * v + v.fract()).sum()
    }

    #[derive_grad]
    fn entries_mul_add(x: &Vector6<f32>, s: f32) -> f32 {
        x.map(|v| v.mul_add(s, 2.0).mul_add(v, 1.0)).sum()
    }

    #[derive_grad]
    fn entries_in_degrees(x: &Vector6<f32>) -> f32 {
        x.map(|v| v.to_radians() * v + v.to_degrees() * v * v).sum()
    }

    #[derive_grad]
    fn entries_modulus(x: &Vector6<f32>) -> f32 {
        x.map(|v| v.modulus() + v.norm1() * v.real() + v.modulus_squared() * v.conjugate()).sum()
    }

    #[derive_grad]
    fn functions_by_path(x: &Vector3<f32>) -> f32 {
        ComplexField::exp(x[0] * x[1]) + RealField::atan2(x[1], x[2]) + f32::max(x[0], 0.0)
    }

    #[derive_grad]
    fn numbers_passed_on(x: &Vector3<f32>) -> f32 {
        let y: f32 = x[0].clone().into();
        y * x[1] + ComplexField::scale(x[2], x[0]) - ComplexField::unscale(x[1], x[2])
    }

    #[derive_grad]
    fn entries_by_location(x: &Matrix2x3<f32>) -> f32 {
        x.map_with_location(|i, j, v| v * v * (i as f32 - 2.0 * j as f32)).sum()
    }

    #[derive_grad]
    fn softplus_of_entries(x: &Vector6<f32>) -> f32 {
        x.map(|v| (1.0 + v.exp()).ln()).sum()
    }

    #[derive_grad]
    fn logistic_of_entries(x: &Vector6<f32>) -> f32 {
        x.map(|v| 1.0 / (1.0 + (-v).exp())).sum()
    }

    #[derive_grad]
    fn log_sum_exp_of_vector(x: &Vector6<f32>) -> f32 {
        x.map(|v| v.exp()).sum().ln()
    }

    #[derive_grad(wrt(x, y))]
    fn softmax_of_vector(x: &Vector6<f32>, y: &Vector6<f32>) -> f32 {
        let e = x.map(|v| v.exp());
        (e / e.sum()).dot(y)
    }

    #[derive_grad]
    fn one_minus_cos_and_sinc(x: f32) -> f32 {
        (1.0 - x.cos()) / (x * x) + x.sin() / x
    }
}

jacobians! {
    #[derive_grad]
    fn jacobian_of_entries(x: &Vector6<f32>, s: f32) -> Vector6<f32> {
        x.map(|v| (s * v).tanh() + v.exp())
    }

    #[derive_grad]
    fn jacobian_of_softmax(x: &Vector6<f32>) -> Vector6<f32> {
        let e = x.map(|v| v.exp());
        e / e.sum()
    }
}
