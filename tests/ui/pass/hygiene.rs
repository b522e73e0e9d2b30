//! Names of the user's that generated code might use itself, and names of nalgebra's and core's that mean otherwise here.
#![deny(warnings)]
#![allow(non_camel_case_types, clippy::all)]

use gradmacro::derive_grad;
use nalgebra as na;

#[allow(dead_code)]
mod core {}
#[allow(dead_code)]
struct Option;
#[allow(dead_code)]
struct f64x;

#[derive_grad(wrt(v, value))]
fn names(v: f64, value: f64, gradient: f64, v_2: f64, kept_0: f64, i: f64) -> f64 {
    let v_1 = v * value;
    let gradient_v = v_1.exp() + gradient * v_2 * kept_0;
    let total = gradient_v * i;
    total.tanh() * v_1
}

#[derive_grad(nalgebra = na)]
fn through_another_name(x: &na::SVector<f64, 2>) -> f64 {
    let nalgebra = x.norm_squared();
    let gradmacro = nalgebra + 1.0;
    gradmacro.ln()
}

macro_rules! annotated {
    ($name:ident, $n:literal, $power:expr) => {
        #[derive_grad]
        fn $name(x: &na::SVector<f64, $n>) -> f64 {
            x.map(|v| v.powi($power)).sum()
        }
    };
}

annotated!(cubes, 3, 3);

fn main() {
    let (a, b) = names_grad(0.5, 0.25, 1.0, 1.0, 1.0, 1.0);
    assert!(a.is_finite() && b.is_finite());
    assert!(names(0.5, 0.25, 1.0, 1.0, 1.0, 1.0).is_finite());
    assert!((through_another_name_grad(&na::Vector2::new(1.0, 0.0)).x - 1.0).abs() < 1e-12);
    assert_eq!(through_another_name(&na::Vector2::zeros()), 0.0);
    assert_eq!(cubes_grad(&na::Vector3::new(1.0, 2.0, 3.0)), na::Vector3::new(3.0, 12.0, 27.0));
    assert_eq!(cubes(&na::Vector3::zeros()), 0.0);
}
