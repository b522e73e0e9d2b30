//! Generated gradients in a static library without std, allocator or unwinding, as firmware would hold them.
//!
//! The panic handler is the check: std brings its own, so the build stops at a duplicate lang item as soon as std gets
//! in through any dependency. Likewise, any use of `alloc` stops at the missing global allocator.
#![no_std]

use core::panic::PanicInfo;

use gradmacro::derive_grad;
use nalgebra::{ComplexField, Matrix2, Matrix3, Matrix6, SMatrix, SVector, Vector2, Vector3, Vector6};

#[cfg(feature = "leak")]
extern crate std;

#[panic_handler]
fn halt(_: &PanicInfo<'_>) -> ! {
    loop {
        core::hint::spin_loop();
    }
}

/// Half the squared misfit of a linear model to eight measurements.
#[derive_grad]
pub fn calibration(w: &Vector3<f32>, a: &SMatrix<f32, 8, 3>, b: &SVector<f32, 8>) -> f32 {
    0.5 * (a * w - b).norm_squared()
}

/// Logistic loss of one labelled sample (`y` is +1 or −1).
#[derive_grad]
pub fn detection(w: &SVector<f64, 6>, x: &SVector<f64, 6>, y: f64) -> f64 {
    (-y * w.dot(x)).exp().ln_1p()
}

/// Squared distance of the tip of a planar arm with two links (lengths `l`, joint angles `q` in radians) from a target.
#[derive_grad]
pub fn reach(q: &Vector2<f32>, l: &Vector2<f32>, target: &Vector2<f32>) -> f32 {
    let x = l[0] * q[0].cos() + l[1] * (q[0] + q[1]).cos() - target[0];
    let y = l[0] * q[0].sin() + l[1] * (q[0] + q[1]).sin() - target[1];
    x * x + y * y
}

/// Minus the logarithm of a normal density; the covariance may turn out not to be positive definite.
#[derive_grad(wrt(x, s), spd(s))]
pub fn normal(x: &Vector6<f64>, s: &Matrix6<f64>) -> Option<f64> {
    let c = s.cholesky()?;
    Some(0.5 * x.dot(&c.solve(x)) + 0.5 * c.ln_determinant())
}

/// A correction by inverted matrices of every kind: closed forms, factorisations, eigenvalues, singular values.
#[derive_grad(wrt(p, a))]
pub fn correction(p: &Matrix3<f32>, a: &SMatrix<f32, 5, 5>, z: &Vector2<f32>) -> f32 {
    let h = SMatrix::<f32, 2, 3>::identity();
    let s = h * p * h.transpose() + Matrix2::identity();
    let gain = p * h.transpose() * s.try_inverse().unwrap();
    let innovation = (gain * z).norm_squared() + a.determinant() + a.lu().try_inverse().unwrap().trace();
    innovation + p.symmetric_eigenvalues().max() + p.singular_values().sum()
}

/// One step of gradient descent in each of the first three, so that nothing generated stays without a caller.
pub fn descend(
    w: &mut Vector3<f32>,
    q: &mut Vector2<f32>,
    v: &mut SVector<f64, 6>,
    a: &SMatrix<f32, 8, 3>,
    b: &SVector<f32, 8>,
) -> (f32, f64, f32) {
    let (misfit, slope) = calibration_value_and_grad(w, a, b);
    *w -= slope * 0.1;
    let (loss, slope) = detection_value_and_grad(v, &SVector::repeat(0.5), 1.0);
    *v -= slope * 0.1;
    let (distance, slope) = reach_value_and_grad(q, &Vector2::new(0.4, 0.3), &Vector2::new(0.5, 0.1));
    *q -= slope * 0.1;
    (misfit, loss, distance)
}

/// One step for the functions with factorisations.
pub fn correct(
    x: &mut Vector6<f64>,
    s: &mut Matrix6<f64>,
    p: &mut Matrix3<f32>,
    a: &mut SMatrix<f32, 5, 5>,
) -> Option<f32> {
    let (_, (by_x, by_s)) = normal_value_and_grad(x, s)?;
    *x -= by_x * 0.1;
    *s -= by_s * 0.1;
    let (value, (by_p, by_a)) = correction_value_and_grad(p, a, &Vector2::new(0.4, 0.3));
    *p -= by_p * 0.1;
    *a -= by_a * 0.1;
    Some(value)
}
