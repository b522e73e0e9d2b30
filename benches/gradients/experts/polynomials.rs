//! Test functions of optimisation.

use std::f64::consts::PI;

use nalgebra::{SVector, Vector2};

#[inline(never)]
pub(crate) fn rosenbrock<const N: usize>(x: &SVector<f64, N>) -> SVector<f64, N> {
    let mut g = SVector::zeros();
    for i in 0..N - 1 {
        let a = x[i + 1] - x[i] * x[i];
        g[i] -= 400.0 * a * x[i] + 2.0 * (1.0 - x[i]);
        g[i + 1] += 200.0 * a;
    }
    g
}

/// Every entry written once.
#[inline(never)]
pub(crate) fn rosenbrock_once<const N: usize>(x: &SVector<f64, N>) -> SVector<f64, N> {
    let mut g = SVector::zeros();
    let mut from_before = 0.0;
    for i in 0..N - 1 {
        let a = 200.0 * (x[i + 1] - x[i] * x[i]);
        g[i] = from_before - 2.0 * a * x[i] - 2.0 * (1.0 - x[i]);
        from_before = a;
    }
    g[N - 1] = from_before;
    g
}

#[inline(never)]
pub(crate) fn himmelblau(x: &Vector2<f64>) -> Vector2<f64> {
    let a = 2.0 * (x[0] * x[0] + x[1] - 11.0);
    let b = 2.0 * (x[0] + x[1] * x[1] - 7.0);
    Vector2::new(2.0 * x[0] * a + b, a + 2.0 * x[1] * b)
}

#[inline(never)]
pub(crate) fn broyden(x: &SVector<f64, 12>) -> SVector<f64, 12> {
    let mut g = SVector::<f64, 12>::zeros();
    for i in 0..12 {
        let before = if i > 0 { x[i - 1] } else { 0.0 };
        let after = if i < 11 { x[i + 1] } else { 0.0 };
        let r = (3.0 - 2.0 * x[i]) * x[i] + 1.0 - before - 2.0 * after;
        g[i] += r * (3.0 - 4.0 * x[i]);
        if i > 0 {
            g[i - 1] -= r;
        }
        if i < 11 {
            g[i + 1] -= 2.0 * r;
        }
    }
    g
}

/// Residuals first, then the gradient.
#[inline(never)]
pub(crate) fn broyden_two_passes(x: &SVector<f64, 12>) -> SVector<f64, 12> {
    let mut r = x.map(|x| (3.0 - 2.0 * x) * x + 1.0);
    for i in 0..11 {
        r[i + 1] -= x[i];
        r[i] -= 2.0 * x[i + 1];
    }
    let mut g = r.zip_map(x, |r, x| r * (3.0 - 4.0 * x));
    for i in 0..11 {
        g[i] -= r[i + 1];
        g[i + 1] -= 2.0 * r[i];
    }
    g
}

#[inline(never)]
pub(crate) fn rastrigin(x: &SVector<f64, 8>) -> SVector<f64, 8> {
    x.map(|x| 2.0 * x + 20.0 * PI * (2.0 * PI * x).sin())
}
