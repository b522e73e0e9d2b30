//! What is not read: later, or never. rustc has nothing against it.
#![allow(unused)]

use gradmacro::derive_grad;
use nalgebra::*;

#[derive_grad]
fn repeated(a: f64) -> f64 {
    let mut y = a;
    while (y * y - a).abs() > 1e-12 {
        y = 0.5 * (y + a / y);
    }
    y
}

#[derive_grad]
fn steps(x: &SVector<f64, 3>) -> f64 {
    let mut s = 0.0;
    for i in 0..3 {
        if x[i] < 0.0 {
            break;
        }
        s += x[i];
    }
    s
}

#[derive_grad]
fn branch(x: f64) -> f64 {
    match x {
        0.0 => 1.0,
        _ => x.sin() / x,
    }
}

fn helper(x: f64) -> f64 {
    x
}

#[derive_grad]
fn foreign(x: f64) -> f64 {
    helper(x)
}

#[derive_grad]
fn printed(x: &SVector<f64, 2>) -> f64 {
    println!("norm = {}", x.norm());
    x.norm_squared()
}

#[derive_grad]
fn conditional(x: f64) -> f64 {
    #[cfg(unix)]
    let x = 2.0 * x;
    x * x
}

#[derive_grad]
fn pointer(x: &SVector<f64, 3>, g: fn(f64) -> f64) -> f64 {
    x.map(g).sum()
}

struct Gain {
    k: f64,
}

impl Gain {
    #[derive_grad]
    fn force(&self, x: &SVector<f64, 3>) -> f64 {
        let k = self.k;
        (k * x).norm()
    }
}

fn main() {}
