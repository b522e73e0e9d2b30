//! Losses of classifiers, networks and factorisations.

use gradmacro::derive_grad;
use nalgebra::{SMatrix, SVector};

/// Cross entropy of a softmax with a linear layer before it.
#[derive_grad]
#[inline(never)]
pub(crate) fn entropy(w: &SMatrix<f64, 5, 8>, x: &SVector<f64, 8>, y: &SVector<f64, 5>) -> f64 {
    let z = w * x;
    z.map(|v| v.exp()).sum().ln() - y.dot(&z)
}

/// What a projection loses.
#[derive_grad]
#[inline(never)]
pub(crate) fn principal(w: &SMatrix<f64, 6, 2>, x: &SMatrix<f64, 20, 6>) -> f64 {
    (x - x * w * w.transpose()).norm_squared()
}

#[derive_grad(wrt(u, v))]
#[inline(never)]
pub(crate) fn factors(u: &SMatrix<f64, 8, 3>, v: &SMatrix<f64, 6, 3>, r: &SMatrix<f64, 8, 6>) -> f64 {
    (r - u * v.transpose()).norm_squared() + 0.1 * (u.norm_squared() + v.norm_squared())
}

/// A network that returns its input, with the weights of one layer in the other.
#[derive_grad]
#[inline(never)]
pub(crate) fn tied(w: &SMatrix<f64, 3, 6>, x: &SVector<f64, 6>) -> f64 {
    let h = (w * x).map(|v| v.tanh());
    (w.transpose() * h - x).norm_squared()
}

/// Two layers on ten inputs at once.
#[derive_grad(wrt(w1, w2))]
#[inline(never)]
pub(crate) fn batch(
    w1: &SMatrix<f64, 6, 4>,
    w2: &SMatrix<f64, 2, 6>,
    x: &SMatrix<f64, 4, 10>,
    y: &SMatrix<f64, 2, 10>,
) -> f64 {
    let h = (w1 * x).map(|v| v.max(0.0));
    0.5 * (w2 * h - y).norm_squared()
}

#[derive_grad]
#[inline(never)]
pub(crate) fn cosine(a: &SVector<f64, 12>, b: &SVector<f64, 12>) -> f64 {
    a.dot(b) / (a.norm() * b.norm())
}
