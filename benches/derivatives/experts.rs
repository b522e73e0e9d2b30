//! The same derivatives written with nalgebra by someone who knows the formulas.

use nalgebra::{SMatrix, SVector};

type Square<const N: usize> = SMatrix<f64, N, N>;

pub(crate) fn quadratic_hessian<const N: usize>(a: &Square<N>) -> Square<N> {
    a + a.transpose()
}

pub(crate) fn quadratic_hvp<const N: usize>(a: &Square<N>, v: &SVector<f64, N>) -> SVector<f64, N> {
    a * v + a.tr_mul(v)
}

pub(crate) fn quadratic_all<const N: usize>(
    x: &SVector<f64, N>,
    a: &Square<N>,
    b: &SVector<f64, N>,
) -> (f64, SVector<f64, N>, Square<N>) {
    let ax = a * x;
    (x.dot(&ax) + b.dot(x), ax + a.tr_mul(x) + b, a + a.transpose())
}

pub(crate) fn least_squares_hessian<const M: usize, const N: usize>(x: &SMatrix<f64, M, N>) -> Square<N> {
    x.tr_mul(x) * 2.0
}

/// `Xᵀ diag(s(1 − s)) X` and the ridge.
pub(crate) fn logistic_hessian<const M: usize, const N: usize>(
    w: &SVector<f64, N>,
    x: &SMatrix<f64, M, N>,
    y: &SVector<f64, M>,
) -> Square<N> {
    let weights = (x * w).zip_map(y, |z, y| {
        let s = 1.0 / (1.0 + (y * z).exp());
        s * (1.0 - s)
    });
    let mut scaled = *x;
    for mut column in scaled.column_iter_mut() {
        column.component_mul_assign(&weights);
    }
    let mut hessian = x.tr_mul(&scaled);
    for i in 0..N {
        hessian[(i, i)] += 0.1;
    }
    hessian
}

pub(crate) fn likelihood_mean_hessian<const N: usize>(s: &Square<N>) -> Square<N> {
    s.cholesky().expect("positive definite").inverse()
}

pub(crate) fn exponential_model_jacobian<const M: usize, const N: usize>(
    w: &SVector<f64, N>,
    x: &SMatrix<f64, M, N>,
) -> SMatrix<f64, M, N> {
    let e = (x * w).map(f64::exp);
    let mut jacobian = *x;
    for mut column in jacobian.column_iter_mut() {
        column.component_mul_assign(&e);
    }
    jacobian
}

pub(crate) fn exponential_model_gauss_newton<const M: usize, const N: usize>(
    w: &SVector<f64, N>,
    x: &SMatrix<f64, M, N>,
    y: &SVector<f64, M>,
) -> (f64, SVector<f64, N>, Square<N>) {
    let e = (x * w).map(f64::exp);
    let r = e - y;
    let mut jacobian = *x;
    for mut column in jacobian.column_iter_mut() {
        column.component_mul_assign(&e);
    }
    (r.norm_squared() * 0.5, jacobian.tr_mul(&r), jacobian.tr_mul(&jacobian))
}
