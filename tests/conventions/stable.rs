//! Expressions that overflow as they are written, and are evaluated and differentiated in forms that do not.

use gradmacro::derive_grad;
use nalgebra::{RowVector3, SMatrix, SVector, Vector3};

use crate::common::same;

#[derive_grad]
fn softplus(x: f64) -> f64 {
    (1.0 + x.exp()).ln()
}

#[derive_grad]
fn softplus_of_entries(x: &SVector<f64, 5>) -> f64 {
    x.map(|v| v.exp().ln_1p()).sum()
}

#[test]
fn softplus_neither_overflows_nor_loses_its_tail() {
    assert_eq!(softplus_value_and_grad(800.0), (800.0, 1.0));
    let (value, slope) = softplus_value_and_grad(-800.0);
    assert!((0.0..1e-300).contains(&value) && (0.0..1e-300).contains(&slope));
    let (value, slope) = softplus_value_and_grad(-40.0);
    same(value / (-40.0f64).exp(), 1.0, 1e-15);
    same(slope / (-40.0f64).exp(), 1.0, 1e-15);
    let x = SVector::from([1e4, -1e4, 0.0, 750.0, -750.0]);
    assert_eq!(softplus_of_entries_grad(&x), SVector::from([1.0, 0.0, 0.5, 1.0, 0.0]));
}

#[derive_grad]
fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

#[derive_grad]
fn cross_entropy(z: &Vector3<f64>, y: &Vector3<f64>) -> f64 {
    let p = z.map(|z| 1.0 / (1.0 + (-z).exp()));
    -(y.component_mul(&p.map(|p| p.ln())) + y.zip_map(&p, |y, p| (1.0 - y) * (1.0 - p).ln())).sum()
}

#[test]
fn the_logistic_function_at_both_ends() {
    for x in [800.0, -800.0] {
        let (value, slope) = logistic_value_and_grad(x);
        assert!(
            (value == 0.0 || value == 1.0 || value < 1e-300) && (0.0..1e-300).contains(&slope),
            "{value} {slope}"
        );
    }
    assert_eq!(logistic_value_and_grad(0.0), (0.5, 0.25));
    let (z, y) = (Vector3::new(800.0, -800.0, 800.0), Vector3::new(1.0, 0.0, 0.0));
    let (value, gradient) = cross_entropy_value_and_grad(&z, &y);
    same(value, 800.0, 1e-15);
    assert_eq!(gradient, Vector3::new(0.0, 0.0, 1.0));
}

#[derive_grad]
fn log_sum_exp(x: &Vector3<f64>) -> f64 {
    x.map(|v| v.exp()).sum().ln()
}

#[derive_grad]
fn softmax_score(x: &Vector3<f64>, a: &Vector3<f64>) -> f64 {
    let e = x.map(f64::exp);
    (e / e.sum()).dot(a)
}

#[derive_grad]
fn negative_log_likelihood(x: &Vector3<f64>) -> f64 {
    let e = x.map(f64::exp);
    let p = e / e.sum();
    -p.map(f64::ln)[1]
}

#[test]
fn log_sum_exp_and_softmax_are_shifted() {
    let (value, gradient) = log_sum_exp_value_and_grad(&Vector3::new(1e4, 1e4, -1e4));
    same(value, 1e4 + 2.0f64.ln(), 1e-15);
    assert_eq!(gradient, Vector3::new(0.5, 0.5, 0.0));
    let x = Vector3::new(1e4, 1e4, -1e4);
    let (value, gradient) = softmax_score_value_and_grad(&x, &Vector3::new(1.0, 3.0, 7.0));
    assert_eq!((value, gradient), (2.0, Vector3::new(-0.5, 0.5, 0.0)));
    let (value, gradient) = negative_log_likelihood_value_and_grad(&Vector3::new(1e4, -1e4, 0.0));
    assert_eq!((value, gradient), (2e4, Vector3::new(1.0, -1.0, 0.0)));
}

#[derive_grad]
fn single_precision(x: &SVector<f32, 3>) -> f32 {
    (1.0 + x[0].exp()).ln() + x.map(|v| v.exp()).sum().ln()
}

#[test]
fn the_same_in_single_precision() {
    let (value, gradient) = single_precision_value_and_grad(&SVector::from([100.0, 100.0, -100.0]));
    assert!((value - (200.0 + 2.0f32.ln())).abs() < 1e-4 && gradient == SVector::from([1.5, 0.5, 0.0]));
}

#[derive_grad]
fn squared_norm(x: &Vector3<f64>) -> f64 {
    x.norm().powi(2) / 2.0
}

#[test]
fn a_squared_norm_is_not_divided_by_the_norm() {
    let x = Vector3::new(0.1, -0.7, 1e-300);
    assert_eq!(squared_norm_grad(&x), x);
    assert_eq!(squared_norm_grad(&Vector3::zeros()), Vector3::zeros());
}

#[derive_grad]
fn hinge_of_logits(z: f64, t: f64) -> f64 {
    z.max(0.0) - z * t + (-z.abs()).exp().ln_1p()
}

/// ln(1 + e^−|z|) was turned into softplus|z| − |z|, and lost all digits of a confident prediction.
#[test]
fn a_spelling_that_is_stable_stays_so() {
    let (_, slope) = hinge_of_logits_value_and_grad(50.0, 1.0);
    same(hinge_of_logits_value_and_grad(-50.0, 0.0).0 / (-50.0f64).exp(), 1.0, 1e-14);
    same(slope / (-50.0f64).exp(), -1.0, 1e-14);
}

#[derive_grad]
fn attention(z: &RowVector3<f64>, v: &Vector3<f64>) -> f64 {
    let e = z.map(|z| z.exp());
    (e / e.sum() * v)[0] + z.map(|z| z.exp()).sum().ln()
}

#[test]
fn softmax_of_a_row_does_not_overflow_either() {
    let (z, v) = (RowVector3::new(800.0, 800.0, -800.0), Vector3::new(1.0, 3.0, 7.0));
    let (value, gradient) = attention_value_and_grad(&z, &v);
    same(value, 2.0 + 800.0 + 2.0f64.ln(), 1e-14);
    assert!((gradient - RowVector3::new(0.0, 1.0, 0.0)).norm() < 1e-13);
}

#[derive_grad]
fn process(x: &SMatrix<f64, 45, 2>) -> f64 {
    let k = x * x.transpose() + SMatrix::<f64, 45, 45>::identity() * 1e-8;
    k.cholesky().unwrap().ln_determinant()
}

#[derive_grad]
fn scaled(x: &SMatrix<f64, 45, 45>) -> f64 {
    (x * 1e8).determinant().abs().ln()
}

/// |10⁻⁸A| was taken for 10⁻³⁶⁰|A|, which is 0, and the gradient came out as zeros.
#[test]
fn a_number_never_leaves_a_determinant_as_its_power() {
    let x = SMatrix::from_fn(|i, j| ((i * 7 + j * 3) % 11) as f64 / 11.0);
    let (value, gradient) = process_value_and_grad(&x);
    let small = x.transpose() * x + SMatrix::<f64, 2, 2>::identity() * 1e-8;
    same(value, 43.0 * 1e-8f64.ln() + small.determinant().ln(), 1e-9);
    let wanted = 2.0 * x * small.try_inverse().unwrap();
    assert!((gradient - wanted).norm() < 1e-6 * wanted.norm());
    let diagonal = SMatrix::<f64, 45, 45>::from_diagonal_element(2.0);
    same(scaled_value_and_grad(&diagonal).0, 45.0 * 2e8f64.ln(), 1e-12);
    assert!((scaled_grad(&diagonal) - diagonal * 0.25).norm() < 1e-12);
}
