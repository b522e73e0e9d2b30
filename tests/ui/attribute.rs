//! Options that do not fit, each at the option.
#![allow(unused)]

use gradmacro::derive_grad;
use nalgebra::*;

#[derive_grad(gradient)]
fn unknown(x: f64) -> f64 {
    x * x
}

#[derive_grad(wrt(r))]
fn local(x: &SVector<f64, 3>, b: &SVector<f64, 3>) -> f64 {
    let r = x - b;
    r.norm_squared()
}

#[derive_grad("x")]
fn string(x: f64) -> f64 {
    x * x
}

#[derive_grad(wrt(x), wrt(y))]
fn twice(x: f64, y: f64) -> f64 {
    x * y
}

#[derive_grad(into)]
fn later(x: f64) -> f64 {
    x * x
}

#[derive_grad(rename(grad = clash, value_and_grad = clash))]
fn renamed(x: f64) -> f64 {
    x * x
}

#[derive_grad]
#[derive_grad(wrt(y))]
fn nested(x: f64, y: f64) -> f64 {
    x * y
}

// A caller of what could not be generated gets no error of its own.
fn caller() -> f64 {
    let gradient = local_grad(&Vector3::zeros(), &Vector3::zeros());
    let (value, slope) = later_value_and_grad(2.0);
    unknown_grad(1.0) + slope * value
}

fn main() {}
