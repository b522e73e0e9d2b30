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

#[derive_grad(no_panic)]
fn unwrapped(x: &SVector<f64, 3>, a: &SMatrix<f64, 3, 3>) -> f64 {
    x.dot(&(a.try_inverse().unwrap() * x))
}

#[derive_grad(into)]
fn number(x: f64) -> f64 {
    x * x
}

#[derive_grad(into, wrt(x))]
fn taken(x: &SVector<f64, 3>, out: f64) -> f64 {
    x.norm() * out
}

#[derive_grad(into, wrt(r))]
fn missing(x: &SVector<f64, 3>) -> Option<f64> {
    Some(x.norm())
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
    let mut place = Vector3::zeros();
    taken_grad_into(&Vector3::x(), 2.0, &mut place);
    let norm = taken_value_and_grad_into(&Vector3::x(), 2.0, &mut place);
    let written: Option<f64> = missing_value_and_grad_into(&Vector3::x(), &mut place);
    unknown_grad(1.0) + slope * value + norm
}

fn main() {}
