//! What has no derivative. rustc has nothing against it.
#![allow(unused)]

use gradmacro::derive_grad;
use nalgebra::*;

#[derive_grad]
fn lookup(x: f64, table: &SVector<f64, 16>) -> f64 {
    table[x as usize] * x
}

#[derive_grad]
fn peak(x: &SVector<f64, 5>) -> f64 {
    x[x.imax()]
}

#[derive_grad]
fn rank(a: &SMatrix<f64, 3, 3>) -> f64 {
    a.rank(1e-9) as f64 * a.norm()
}

#[derive_grad]
fn bits(x: f64) -> f64 {
    f64::from_bits(x.to_bits() + 1)
}

#[derive_grad]
fn rounded(x: f64) -> f64 {
    (x as f32) as f64
}

fn main() {}
