//! Central differences.

use nalgebra::{SMatrix, SVector};

/// How far a number is moved.
#[must_use]
pub fn step(x: f64) -> f64 {
    6e-6 * x.abs().max(1.0)
}

/// The numbers of a result.
pub trait Entries {
    /// In the order in which nalgebra stores them.
    fn entries(&self) -> &[f64];
}

impl Entries for f64 {
    fn entries(&self) -> &[f64] {
        std::slice::from_ref(self)
    }
}

impl<const R: usize, const C: usize> Entries for SMatrix<f64, R, C> {
    fn entries(&self) -> &[f64] {
        self.as_slice()
    }
}

/// Puts a difference quotient where the derivative belongs.
pub fn quotient<V: Entries>(column: &mut [f64], above: &V, below: &V, step: f64) {
    let pairs = above.entries().iter().zip(below.entries());
    for (entry, (above, below)) in column.iter_mut().zip(pairs) {
        *entry = (above - below) * (0.5 / step);
    }
}

/// The gradient by a symmetric matrix, of differences that moved one entry of it at a time.
pub fn symmetrise(entries: &mut [f64], side: usize) {
    for i in 0..side {
        for j in 0..i {
            let mean = 0.5 * (entries[i + side * j] + entries[j + side * i]);
            entries[i + side * j] = mean;
            entries[j + side * i] = mean;
        }
    }
}

/// Central differences of a gradient, one column for each variable.
pub fn differences<const R: usize, const C: usize, const V: usize>(
    x: &SMatrix<f64, R, C>,
    gradient: impl Fn(&SMatrix<f64, R, C>) -> SMatrix<f64, R, C>,
) -> SMatrix<f64, V, V> {
    let mut hessian = SMatrix::<f64, V, V>::zeros();
    let mut at = *x;
    for (j, mut column) in hessian.column_iter_mut().enumerate() {
        let step = step(x[j]);
        at[j] = x[j] + step;
        let above = gradient(&at);
        at[j] = x[j] - step;
        let below = gradient(&at);
        at[j] = x[j];
        column.copy_from_slice(((above - below) * (0.5 / step)).as_slice());
    }
    hessian
}

/// A difference of gradients along a direction.
pub fn difference_along<const R: usize, const C: usize>(
    x: &SMatrix<f64, R, C>,
    v: &SMatrix<f64, R, C>,
    gradient: impl Fn(&SMatrix<f64, R, C>) -> SMatrix<f64, R, C>,
) -> SMatrix<f64, R, C> {
    let step = v * 6e-6;
    (gradient(&(x + step)) - gradient(&(x - step))) * (0.5 / 6e-6)
}

/// Central differences of a function with many results.
pub fn vector_differences<const M: usize, const V: usize>(
    x: &SVector<f64, V>,
    function: impl Fn(&SVector<f64, V>) -> SVector<f64, M>,
) -> SMatrix<f64, M, V> {
    let mut jacobian = SMatrix::<f64, M, V>::zeros();
    let mut at = *x;
    for (j, mut column) in jacobian.column_iter_mut().enumerate() {
        let step = step(x[j]);
        at[j] = x[j] + step;
        let above = function(&at);
        at[j] = x[j] - step;
        let below = function(&at);
        at[j] = x[j];
        column.copy_from(&((above - below) * (0.5 / step)));
    }
    jacobian
}
