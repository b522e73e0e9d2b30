//! Types that cannot be differentiated, at the type.
#![allow(unused)]

use gradmacro::derive_grad;
use nalgebra::*;

type State = SVector<f64, 4>;

#[derive_grad]
fn alias(s: &State) -> f64 {
    s.norm_squared()
}

#[derive_grad]
fn dynamic(w: &DVector<f64>, x: &DMatrix<f64>) -> f64 {
    (x * w).norm_squared()
}

#[derive_grad]
fn misspelt(w: &Svector<f64, 3>) -> f64 {
    w.norm()
}

#[derive_grad]
fn sized<const N: usize>(w: &SVector<f64, { N + 1 }>) -> f64 {
    w.norm()
}

#[derive_grad]
fn mixed(x: f32, y: f64) -> f32 {
    x * y as f32
}

#[derive_grad]
fn integer_first(degree: i32, x: f64) -> f64 {
    x.powi(degree)
}

#[derive_grad]
fn nothing(x: f64) {
    x * x;
}

#[derive_grad]
fn tuple(x: f64) -> (f64, f64) {
    (x, x)
}

fn main() {}
