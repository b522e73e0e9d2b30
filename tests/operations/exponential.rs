//! Exponentials, logarithms, powers and roots; as methods, as paths, and lifted through `map`.

use gradmacro::derive_grad;
use nalgebra::{ComplexField, Matrix2x3, SVector, Vector3};

use crate::common::{check, point, positive};

#[derive_grad]
fn exponentials(x: &Vector3<f64>, s: f64) -> f64 {
    let e = x.map(|v| (s * v).exp());
    let small = x.map(|v| v.exp_m1() - v.exp2());
    e.dot(&small) + f64::exp(x[0]) * ComplexField::exp(x[1] * x[2]) + (-x.norm_squared()).exp2()
}

#[test]
fn exp_exp_m1_exp2() {
    check!(exponentials, exponentials_grad, exponentials_value_and_grad; point(1) => |x| (x, 0.6));
}

#[derive_grad]
fn logarithms(x: &Matrix2x3<f64>, base: f64) -> f64 {
    let entropy = x.map(|v| v * v.ln() - v.ln_1p());
    let scales = x.map(f64::log2).component_mul(&x.map(|v| v.log10() + v.log(base)));
    entropy.sum() - scales.sum() + x.sum().ln() * f64::ln_1p(x[(1, 2)])
}

#[test]
fn ln_ln_1p_log2_log10_and_log_of_a_base() {
    check!(logarithms, logarithms_grad, logarithms_value_and_grad; positive(1) => |x| (x, 3.0));
}

#[derive_grad]
fn of_the_base(base: f64, x: f64) -> f64 {
    x.log(base) + base.log(x) + (base * x).log(10.0)
}

#[test]
fn the_base_of_a_logarithm_may_be_differentiated() {
    check!(of_the_base, of_the_base_grad, of_the_base_value_and_grad; 2.5 => |base| (*base, 1.7));
}

#[derive_grad]
fn roots(x: &SVector<f64, 4>) -> f64 {
    let inverse = x.map(|v| v.recip() + 1.0 / v.sqrt());
    inverse.sum() * x.map(f64::sqrt).sum() + x.map(|v| v.cbrt() / v).sum() + (x[0] - 2.0).cbrt()
}

#[test]
fn sqrt_cbrt_recip() {
    check!(roots, roots_grad, roots_value_and_grad; positive(1) => |x| (x));
}

#[derive_grad(wrt(x, p))]
fn raised(x: &Vector3<f64>, p: f64, n: i32) -> f64 {
    let fixed = x.map(|v| v.powi(3) - v.powi(-2) + v.powf(2.5) + v.powi(1) + v.powi(0));
    let open = x.map(|v| v.powf(p) + v.powi(n));
    fixed.dot(&open) + p.powf(x[0]) + x.norm().powf(1.5) + x.sum().powi(n) + (1.0 + p).powf(-0.5)
}

#[test]
fn powi_and_powf_by_constants_parameters_and_differentiated_exponents() {
    for n in [-3, 0, 1, 4] {
        check!(raised, raised_grad, raised_value_and_grad; (positive(1), 1.3) => |(x, p)| (x, *p, n));
    }
}

#[derive_grad]
fn recognised(w: &Vector3<f64>, x: &Vector3<f64>, y: f64) -> f64 {
    let z = w.dot(x);
    let logistic = 1.0 / (1.0 + (-z).exp());
    let loss = (1.0 + (-y * z).exp()).ln() + (y * z).exp().ln_1p();
    let e = w.map(|v| v.exp());
    let softmax = &e / e.sum();
    loss * logistic + e.sum().ln() + softmax.dot(x) + w.map(|v| 1.0 / (1.0 + (-v).exp())).norm_squared()
}

#[test]
fn forms_that_are_rewritten_for_stability_keep_their_value() {
    check!(recognised, recognised_grad, recognised_value_and_grad; point(1) => |w| (w, &point(2), -1.0));
}
