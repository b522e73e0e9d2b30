//! Shapes that do not fit, in numbers. rustc would say the same of all but the last two in nalgebra's trait language.
#![allow(unused)]

use gradmacro::derive_grad;
use nalgebra::*;

#[derive_grad]
fn product(x: &SVector<f64, 3>, a: &SMatrix<f64, 3, 2>) -> f64 {
    (a * x).norm_squared()
}

#[derive_grad]
fn columns(x: &SVector<f64, 3>, y: &SVector<f64, 3>) -> f64 {
    (x * y).sum()
}

#[derive_grad]
fn named<const N: usize, const P: usize>(w: &SVector<f64, P>, x: &SMatrix<f64, P, N>) -> f64 {
    (x * w).norm_squared()
}

#[derive_grad]
fn broadcast(w: &SVector<f64, 3>, b: f64) -> f64 {
    (w + b).norm_squared()
}

#[derive_grad]
fn one_by_one(x: &SVector<f64, 3>) -> f64 {
    x.transpose() * x
}

#[derive_grad]
fn declared(x: &SVector<f64, 3>, a: &SMatrix<f64, 2, 3>) -> f64 {
    let r: SVector<f64, 3> = a * x;
    r.norm()
}

#[derive_grad]
fn rectangular(x: &SMatrix<f64, 3, 2>) -> f64 {
    x.trace()
}

#[derive_grad]
fn view(s: &SVector<f64, 6>) -> f64 {
    s.fixed_rows::<3>(4).norm()
}

#[derive_grad]
fn entry(a: &SMatrix<f64, 3, 4>) -> f64 {
    a[(0, 5)]
}

// A caller of what could not be generated gets no error of its own.
fn caller(x: &SVector<f64, 3>) -> f64 {
    let gradient = broadcast_grad(x, 1.0);
    gradient.norm() + x.dot(&gradient)
}

fn main() {}
