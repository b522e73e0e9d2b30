//! Eigenvalues of symmetric matrices, singular values, and the matrix exponential.

use gradmacro::derive_grad;
use nalgebra::{Matrix2, Matrix3, Matrix4, SMatrix, SVector, Vector3};

use crate::common::{check, dominant, point};

numbers! {
    sum_of_eigenvalues[2 3 4 6]: |a| a.symmetric_eigenvalues().sum();
    product_of_eigenvalues[2 3 5]: |a| a.symmetric_eigen().eigenvalues.product();
    largest_eigenvalue[2 3 4 5]: |a| a.symmetric_eigenvalues().max();
    smallest_eigenvalue[2 3 5]: |a| a.symmetric_eigen().eigenvalues.min();
    condition_number[2 3 5]: |a| {
        let eigen = a.symmetric_eigen();
        eigen.eigenvalues.max() / eigen.eigenvalues.min()
    };
    function_of_the_eigenvalues[2 3 4 6]: |a| a.symmetric_eigenvalues().map(|v| v.ln() * v).sum();
    iterator_over_the_eigenvalues[3]: |a| a.symmetric_eigenvalues().iter().map(|v| v.sqrt()).sum();
    norm_of_the_eigenvalues[3 4]: |a| a.symmetric_eigenvalues().norm() + a.symmetric_eigenvalues().mean();
    nuclear_norm[2 3 4 5]: |a| a.singular_values().sum();
    spectral_norm[2 3 4 5]: |a| a.singular_values().max();
    largest_singular_value[2 3 5]: |a| a.singular_values()[0];
    singular_value_decomposition[3 4]: |a| {
        let svd = a.svd(true, true);
        svd.singular_values.map(|s| s.ln()).sum() + svd.singular_values[1]
    };
    unordered_singular_values[3]: |a| {
        a.singular_values_unordered().product() + a.svd_unordered(false, false).singular_values.norm()
    };
    matrix_exponential[1 2 3 4 5]: |a| (a * 0.3).exp().trace() + (a * 0.2).exp()[(0, 0)];
    logarithm_of_an_exponential[2 3]: |a| (a * 0.3).exp().determinant().ln();
}

#[derive_grad]
fn of_a_tall_matrix(a: &SMatrix<f64, 5, 3>, w: &Vector3<f64>) -> f64 {
    a.singular_values().dot(w) + a.singular_values().map(|s| s.sin()).sum()
}

#[derive_grad]
fn of_a_wide_matrix(a: &SMatrix<f64, 2, 4>) -> f64 {
    let s = a.singular_values();
    s[0] / s[1] + a.svd(true, true).singular_values.product()
}

#[test]
fn singular_values_of_matrices_that_are_not_square() {
    check!(of_a_tall_matrix, of_a_tall_matrix_grad, of_a_tall_matrix_value_and_grad;
        point(1) => |a| (a, &point(2)));
    check!(of_a_wide_matrix, of_a_wide_matrix_grad, of_a_wide_matrix_value_and_grad; point(1) => |a| (a));
}

#[derive_grad(wrt(a, t))]
fn flow(a: &Matrix3<f64>, t: f64, x: &Vector3<f64>, y: &Vector3<f64>) -> f64 {
    let state = (a * t).exp() * x;
    state.dot(y) + (state - y).norm_squared() + (a.transpose() * t).exp().norm()
}

#[derive_grad(wrt(q, k))]
fn of_expressions(q: &Matrix4<f64>, k: &Matrix4<f64>) -> f64 {
    let gram = q * k * q.transpose() + k.transpose() * k;
    let eigenvalues = (gram + gram.transpose()).symmetric_eigenvalues();
    eigenvalues.map(|v| (v * v + 1.0).ln()).sum() + (q * k).singular_values().sum()
}

#[test]
fn flows_and_spectra_of_expressions() {
    let (x, y) = (point(2), point(3));
    check!(flow, flow_grad, flow_value_and_grad; (point(1), 0.7) => |(a, t)| (a, *t, &x, &y));
    check!(of_expressions, of_expressions_grad, of_expressions_value_and_grad;
        (dominant::<4>(1) * 0.5, dominant::<4>(2) * 0.4) => |(q, k)| (q, k));
}

#[test]
fn the_nuclear_norm_has_the_gradient_u_vt() {
    #[derive_grad]
    fn nuclear(a: &SMatrix<f64, 4, 2>) -> f64 {
        a.singular_values().sum()
    }
    let a: SMatrix<f64, 4, 2> = point(1);
    let svd = a.svd(true, true);
    let polar = svd.u.unwrap() * svd.v_t.unwrap();
    assert!((nuclear_grad(&a) - polar).norm() < 1e-13);
}

#[derive_grad(wrt(a, b))]
fn in_single_precision(a: &SMatrix<f32, 3, 3>, b: &SMatrix<f32, 2, 2>) -> f32 {
    a.symmetric_eigenvalues().map(|v| v.sqrt()).sum() + a.singular_values().max() + b.exp().trace()
}

#[test]
fn single_precision() {
    check!(in_single_precision, in_single_precision_grad, in_single_precision_value_and_grad;
        (dominant::<3>(1).cast::<f32>(), point::<2, 2>(2).cast::<f32>()) => |(a, b)| (a, b));
}

#[derive_grad(symmetric(s))]
fn of_a_symmetric_matrix(s: &Matrix2<f64>) -> f64 {
    s.symmetric_eigenvalues().map(|v| v.powi(3)).sum()
}

#[test]
fn eigenvalues_under_a_stated_symmetry_have_the_symmetric_gradient() {
    let s = Matrix2::new(1.5, 0.4, 0.4, -0.7);
    assert!((of_a_symmetric_matrix_grad(&s) - 3.0 * s * s).norm() < 1e-13);
    assert_eq!(of_a_symmetric_matrix_value_and_grad(&s).1, of_a_symmetric_matrix_grad(&s));
}

#[derive_grad]
fn heat(a: &SMatrix<f64, 6, 6>, x: &SVector<f64, 6>) -> f64 {
    (-(a.transpose() * a)).exp().dot(&(x * x.transpose()))
}

#[test]
fn the_exponential_of_a_larger_matrix() {
    check!(heat, heat_grad, heat_value_and_grad; point::<6, 6>(1) * 0.4 => |a| (a, &point(2)));
}
