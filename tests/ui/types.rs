//! Floats, integers and matrices mixed up. rustc would say the same of all of them.
#![allow(unused)]

use gradmacro::derive_grad;
use nalgebra::*;

#[derive_grad]
fn whole(x: &SVector<f64, 3>) -> f64 {
    2 * x.norm()
}

#[derive_grad]
fn length(x: &SVector<f64, 3>) -> f64 {
    x.norm_squared() / x.len()
}

#[derive_grad]
fn exponent(x: f64) -> f64 {
    x.powi(0.5)
}

#[derive_grad]
fn caret(x: f64) -> f64 {
    x ^ 2
}

#[derive_grad]
fn scalar_function(x: &SVector<f64, 3>) -> f64 {
    x.powi(2).sum()
}

#[derive_grad]
fn matrix_method(x: &SVector<f64, 3>) -> f64 {
    x.norm().transpose()
}

#[derive_grad]
fn parentheses(x: &SVector<f64, 3>) -> f64 {
    x.sum
}

#[derive_grad]
fn arity(x: &SVector<f64, 3>) -> f64 {
    x.map(|a, b| a * b).sum()
}

#[derive_grad]
fn misspelt(x: &SVector<f64, 3>) -> f64 {
    x.norm_sqared()
}

#[derive_grad]
fn free_function(x: f64) -> f64 {
    sqrt(x)
}

#[derive_grad]
fn precision(x: f32) -> f32 {
    x * 2.0f64
}

fn main() {}
