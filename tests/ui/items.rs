//! Items that are no functions, and functions that cannot be differentiated.
#![allow(unused)]

use gradmacro::derive_grad;
use nalgebra::*;

#[derive_grad]
struct Point {
    x: f64,
}

struct Model;

#[derive_grad]
impl Model {
    fn energy(&self, x: f64) -> f64 {
        x * x
    }
}

trait Cost {
    #[derive_grad]
    fn cost(&self, x: f64) -> f64;
}

#[derive_grad]
mod inline {}

#[derive_grad]
unsafe fn not_safe(x: f64) -> f64 {
    x * x
}

#[derive_grad]
async fn not_now(x: f64) -> f64 {
    x * x
}

#[derive_grad]
fn no_parameter() -> f64 {
    1.0
}

#[derive_grad]
fn destructured((x, y): (f64, f64)) -> f64 {
    x * y
}

fn main() {}
