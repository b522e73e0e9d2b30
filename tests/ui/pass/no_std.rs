//! A library without std, without unsafe code, with every public item documented.
#![no_std]
#![forbid(unsafe_code)]
#![deny(warnings, missing_docs)]

extern crate std;

use gradmacro::derive_grad;
use nalgebra::{SMatrix, SVector, Vector2};

/// Half the squared distance of predictions and observations.
#[derive_grad]
pub fn misfit(w: &SVector<f64, 3>, a: &SMatrix<f64, 8, 3>, b: &SVector<f64, 8>) -> f64 {
    0.5 * (a * w - b).norm_squared()
}

/// Logistic loss with an offset.
#[derive_grad(wrt(w, b))]
pub fn logistic(w: &SVector<f32, 4>, b: f32, x: &SMatrix<f32, 30, 4>, y: &SVector<f32, 30>) -> f32 {
    let z = (x * w).add_scalar(b);
    z.zip_map(y, |z, y| (1.0 + (-y * z).exp()).ln()).sum() / 30.0
}

/// Any number of entries.
#[derive_grad]
pub fn quadratic<const N: usize>(x: &SVector<f64, N>, a: &SMatrix<f64, N, N>) -> f64 {
    0.5 * x.dot(&(a * x))
}

/// A spring.
pub struct Spring {
    /// Its stiffness.
    pub stiffness: f64,
}

impl Spring {
    /// Its energy.
    #[derive_grad]
    pub fn energy(&self, at: &Vector2<f64>) -> f64 {
        let k: f64 = self.stiffness;
        0.5 * k * at.norm_squared()
    }
}

fn main() {
    let spring = Spring { stiffness: 2.0 };
    let force = spring.energy_grad(&Vector2::new(1.0, 2.0));
    assert!((force - Vector2::new(2.0, 4.0)).norm() < 1e-12);
}
