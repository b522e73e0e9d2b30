//! Hyperbolic functions and their inverses.

use gradmacro::derive_grad;
use nalgebra::{Matrix2x3, Vector2, Vector3};

use crate::common::{check, point, positive};

#[derive_grad]
fn forward(x: &Vector3<f64>) -> f64 {
    let ratio = x.map(|v| v.sinh() / v.cosh() - v.tanh() * v);
    ratio.norm_squared() + f64::tanh(x.sum()) * x[0].cosh() - (2.0 * x[1]).sinh()
}

#[test]
fn sinh_cosh_tanh() {
    check!(forward, forward_grad, forward_value_and_grad; point(1) => |x| (x));
}

#[derive_grad]
fn backward(x: &Vector3<f64>) -> f64 {
    x.map(|v| v.asinh() * (1.5 + v).acosh()).sum() + (x / 2.0).map(|v| v.atanh()).sum().asinh()
}

#[test]
fn asinh_acosh_atanh() {
    check!(backward, backward_grad, backward_value_and_grad; positive(1) => |x| (x));
}

#[derive_grad(wrt(w, b, v))]
fn layer(w: &Matrix2x3<f64>, b: &Vector2<f64>, v: &Vector2<f64>, x: &Vector3<f64>, y: f64) -> f64 {
    let hidden = (w * x + b).map(|z| z.tanh());
    let out = v.dot(&hidden);
    0.5 * (out - y).powi(2)
}

#[test]
fn a_layer_of_a_network() {
    let x = point(4);
    check!(layer, layer_grad, layer_value_and_grad;
        (point(1), point(2), point(3)) => |(w, b, v)| (w, b, v, &x, 0.4));
}
