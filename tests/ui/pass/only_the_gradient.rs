//! Whoever calls only one of the functions gets no warning about the others.
#![deny(warnings)]

use gradmacro::derive_grad;
use nalgebra::Vector2;

#[derive_grad]
fn bowl(x: &Vector2<f64>) -> f64 {
    x.norm_squared()
}

#[derive_grad(wrt(y), rename(grad = slope))]
fn unused_parameter(_x: f64, y: f64, _scale: f64) -> f64 {
    y.powi(3)
}

#[derive_grad]
fn nobody_calls(x: f64) -> f64 {
    x.sin()
}

fn main() {
    assert_eq!(bowl_grad(&Vector2::new(1.0, 2.0)), Vector2::new(2.0, 4.0));
    assert_eq!(slope(0.0, 2.0, 1.0), 12.0);
}
