//! Regressions, likelihoods and filters.

use gradmacro::derive_grad;
use nalgebra::{SMatrix, SVector};

/// Regression with Huber's loss, whose square ends at a residual of 1.
#[derive_grad]
#[inline(never)]
pub(crate) fn huber(w: &SVector<f64, 5>, x: &SMatrix<f64, 30, 5>, y: &SVector<f64, 30>) -> f64 {
    (x * w - y).map(|r| if r.abs() <= 1.0 { 0.5 * r * r } else { r.abs() - 0.5 }).sum()
}

/// Regression with Cauchy's loss.
#[derive_grad]
#[inline(never)]
pub(crate) fn cauchy(w: &SVector<f64, 5>, x: &SMatrix<f64, 30, 5>, y: &SVector<f64, 30>) -> f64 {
    (x * w - y).map(|r| (r * r).ln_1p()).sum()
}

#[derive_grad]
#[inline(never)]
pub(crate) fn ridge(w: &SVector<f64, 6>, a: &SMatrix<f64, 20, 6>, y: &SVector<f64, 20>, lambda: &f64) -> f64 {
    0.5 * (a * w - y).norm_squared() + 0.5 * lambda * w.norm_squared()
}

#[derive_grad]
#[inline(never)]
pub(crate) fn poisson(w: &SVector<f64, 5>, x: &SMatrix<f64, 50, 5>, y: &SVector<f64, 50>) -> f64 {
    let eta = x * w;
    eta.map(|e| e.exp()).sum() - y.dot(&eta)
}

#[derive_grad(spd(s))]
#[inline(never)]
pub(crate) fn mahalanobis(x: &SVector<f64, 8>, mu: &SVector<f64, 8>, s: &SMatrix<f64, 8, 8>) -> f64 {
    let d = x - mu;
    d.dot(&s.cholesky().unwrap().solve(&d)).sqrt()
}

/// Marginal likelihood of a Gaussian process in scale, length and noise of its kernel.
#[derive_grad]
#[inline(never)]
pub(crate) fn process(p: &SVector<f64, 3>, t: &SVector<f64, 5>, y: &SVector<f64, 5>) -> f64 {
    let k = SMatrix::<f64, 5, 5>::from_fn(|i, j| {
        let noise = if i == j { p[2] * p[2] } else { 0.0 };
        p[0] * p[0] * (-0.5 * ((t[i] - t[j]) / p[1]).powi(2)).exp() + noise
    });
    let c = k.cholesky().unwrap();
    0.5 * y.dot(&c.solve(y)) + 0.5 * c.ln_determinant()
}

/// Likelihood of what a Kalman filter measures, in its state and its covariance.
#[derive_grad(wrt(x, p), spd(p, r))]
#[inline(never)]
pub(crate) fn innovation(
    x: &SVector<f64, 4>,
    p: &SMatrix<f64, 4, 4>,
    h: &SMatrix<f64, 2, 4>,
    r: &SMatrix<f64, 2, 2>,
    z: &SVector<f64, 2>,
) -> f64 {
    let v = z - h * x;
    let s = h * p * h.transpose() + r;
    0.5 * v.dot(&(s.try_inverse().unwrap() * v)) + 0.5 * s.determinant().ln()
}

/// Two Gaussian peaks on a line, fitted to points by likelihood: a weight, two centres, two logarithms of widths.
#[derive_grad]
#[inline(never)]
pub(crate) fn mixture(p: &SVector<f64, 5>, t: &SVector<f64, 20>) -> f64 {
    let weight = 1.0 / (1.0 + (-p[0]).exp());
    let mut sum = 0.0;
    for i in 0..20 {
        let a = (t[i] - p[1]) * (-p[3]).exp();
        let b = (t[i] - p[2]) * (-p[4]).exp();
        let first = weight * (-0.5 * a * a - p[3]).exp();
        let second = (1.0 - weight) * (-0.5 * b * b - p[4]).exp();
        sum -= (first + second).ln();
    }
    sum
}
