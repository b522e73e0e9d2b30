//! Hessians of scalar functions.

use std::hint::black_box;

use benches::differences::{difference_along, differences};
use benches::duals;
use benches::measure::{Comparison, Report, Rival, Subject};
use benches::random::Random;
use gradmacro::derive_grad;
use nalgebra::{SMatrix, SVector};
use num_dual::{Dual64, gradient as gradient_of, hessian};

use crate::experts;

macro_rules! functions_of_vectors {
    ($report:ident, $n:literal, $rows:literal) => {
        hessians!($report, "quadratic form" [$n] (), num-dual: duals::quadratic,
            (x, v: SVector<f64, $n> = Random::matrix, a: SMatrix<f64, $n, $n> = Random::matrix,
             b: SVector<f64, $n> = Random::matrix)
            { x.dot(&(a * x)) + b.dot(x) },
            hessian by hand: experts::quadratic_hessian(black_box(&a)),
            hvp by hand: experts::quadratic_hvp(black_box(&a), black_box(&v)),
            value_grad_hessian by hand: experts::quadratic_all(black_box(&x), black_box(&a), black_box(&b)));
        hessians!($report, "least squares" [$n] (), num-dual: duals::least_squares,
            (w, v: SVector<f64, $n> = Random::matrix, x: SMatrix<f64, $rows, $n> = Random::matrix,
             y: SVector<f64, $rows> = Random::matrix)
            { (x * w - y).norm_squared() },
            hessian by hand: experts::least_squares_hessian(black_box(&x)));
        hessians!($report, "logistic regression" [$n] (), num-dual: duals::logistic,
            (w, v: SVector<f64, $n> = Random::matrix, x: SMatrix<f64, 100, $n> = Random::matrix,
             y: SVector<f64, 100> = Random::signs)
            { (x * w).zip_map(y, |z, y| (-y * z).exp().ln_1p()).sum() + 0.05 * w.norm_squared() },
            hessian by hand: experts::logistic_hessian(black_box(&w), black_box(&x), black_box(&y)));
        hessians!($report, "Gaussian likelihood, mean" [$n] (, spd(s)), num-dual: duals::likelihood_mean,
            (mu, v: SVector<f64, $n> = Random::matrix, s: SMatrix<f64, $n, $n> = Random::definite,
             x: SVector<f64, $n> = Random::matrix)
            {
                let d = x - mu;
                let c = s.cholesky().unwrap();
                0.5 * d.dot(&c.solve(&d)) + 0.5 * c.ln_determinant()
            },
            hessian by hand: experts::likelihood_mean_hessian(black_box(&s)));
        hessians!($report, "log-sum-exp" [$n] (), num-dual: duals::log_sum_exp,
            (x, v: SVector<f64, $n> = Random::matrix)
            { x.map(|v| v.exp()).sum().ln() });
        hessians!($report, "norm" [$n] (), num-dual: duals::norm,
            (x, v: SVector<f64, $n> = Random::matrix)
            { x.norm() });
        hessians!($report, "Rayleigh quotient" [$n] (), num-dual: duals::rayleigh,
            (x, v: SVector<f64, $n> = Random::matrix, a: SMatrix<f64, $n, $n> = Random::matrix)
            { x.dot(&(a * x)) / x.norm_squared() });
        hessians!($report, "Rosenbrock" [$n] (), num-dual: duals::rosenbrock,
            (x, v: SVector<f64, $n> = Random::matrix)
            {
                (0..$n - 1).map(|i| 100.0 * (x[i + 1] - x[i].powi(2)).powi(2) + (1.0 - x[i]).powi(2)).sum::<f64>()
            });
        hessians!($report, "network, input" [$n] (), num-dual: duals::network_input,
            (x, v: SVector<f64, $n> = Random::matrix, w1: SMatrix<f64, 16, $n> = Random::matrix,
             w2: SVector<f64, 16> = Random::matrix, t: f64 = Random::number)
            { 0.5 * (w2.dot(&(w1 * x).map(|v| v.tanh())) - t).powi(2) });
    };
}

macro_rules! functions_of_matrices {
    ($report:ident, $n:literal, $rows:literal, $columns:literal) => {
        hessians!($report, "network, weights" [$n] (), num-dual: duals::network_weights,
            (w1, v: SMatrix<f64, $rows, $columns> = Random::matrix, w2: SVector<f64, $rows> = Random::matrix,
             x: SVector<f64, $columns> = Random::matrix, t: f64 = Random::number)
            { 0.5 * (w2.dot(&(w1 * x).map(|v| v.tanh())) - t).powi(2) });
        hessians!($report, "trace form" [$n] (), num-dual: duals::trace_form::<_, $n, $rows, $columns>,
            (x, v: SMatrix<f64, $rows, $columns> = Random::matrix,
             a: SMatrix<f64, $columns, $columns> = Random::matrix,
             b: SMatrix<f64, $rows, $rows> = Random::matrix)
            { (x * a * x.transpose() * b).trace() });
    };
}

macro_rules! functions_of_covariances {
    ($report:ident, $n:literal, $side:literal) => {
        hessians!($report, "Gaussian likelihood, covariance" [$n] (), num-dual: duals::likelihood_covariance,
            (s, v: SMatrix<f64, $side, $side> = Random::definite, d: SVector<f64, $side> = Random::matrix)
            { 0.5 * d.dot(&(s.try_inverse().unwrap() * d)) + 0.5 * s.determinant().ln() });
        hessians!($report, "Kullback-Leibler, covariance" [$n] (, spd(s2)), num-dual: duals::divergence,
            (s1, v: SMatrix<f64, $side, $side> = Random::definite, s2: SMatrix<f64, $side, $side> = Random::definite,
             d: SVector<f64, $side> = Random::matrix)
            {
                let i2 = s2.try_inverse().unwrap();
                let ratio = s2.determinant() / s1.determinant();
                0.5 * (ratio.ln() - f64::from($side) + (i2 * s1).trace() + d.dot(&(i2 * d)))
            });
    };
}

pub(crate) fn vectors_of_3(report: &mut Report) {
    functions_of_vectors!(report, 3, 9);
}

pub(crate) fn vectors_of_6(report: &mut Report) {
    functions_of_vectors!(report, 6, 18);
}

pub(crate) fn vectors_of_12(report: &mut Report) {
    functions_of_vectors!(report, 12, 36);
}

pub(crate) fn vectors_of_32(report: &mut Report) {
    functions_of_vectors!(report, 32, 96);
}

pub(crate) fn matrices(report: &mut Report) {
    functions_of_matrices!(report, 3, 3, 1);
    functions_of_matrices!(report, 6, 3, 2);
    functions_of_matrices!(report, 12, 4, 3);
    functions_of_matrices!(report, 32, 8, 4);
    functions_of_covariances!(report, 9, 3);
    functions_of_covariances!(report, 36, 6);
}
