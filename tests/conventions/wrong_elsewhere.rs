//! Programs that other tools differentiate wrongly without a word.

use gradmacro::derive_grad;
use nalgebra::{Matrix2, Matrix3, SMatrix, Vector2, Vector3};

use crate::common::{check, dominant, point, positive};

// symdiff 2.1 is silently wrong on four programs. Three are refused here (`a += ..`, casts of what is differentiated, an
// early return: tests/ui); the fourth is an index that is not below a dimension it was told, and ours is in the type.

#[derive_grad]
#[expect(clippy::let_and_return, reason = "as it was given to the other tool")]
fn last_entry(x: &Vector2<f64>) -> f64 {
    let a = x[0];
    let a = a + x[1] * x[1];
    a
}

#[test]
fn every_entry_of_the_vector_counts() {
    assert_eq!(last_entry_grad(&Vector2::new(1.0, 2.0)), Vector2::new(1.0, 4.0));
}

// SymPy's matrix derivatives are silently wrong on nine of 38 ordinary expressions, seven of them 0. The vectors among them
// are seen through the dot product with a constant vector.

#[derive_grad]
fn trace_and_one(x: &Matrix3<f64>) -> f64 {
    x.trace() + 1.0
}

#[derive_grad]
fn sum_of_traces(x: &Matrix3<f64>, a: &Matrix3<f64>) -> f64 {
    x.trace() + (a * x).trace() + (x * x.transpose()).trace()
}

#[test]
fn traces_with_constants_and_in_sums() {
    assert_eq!(trace_and_one_grad(&point(1)), Matrix3::identity());
    let a: Matrix3<f64> = point(2);
    check!(sum_of_traces, sum_of_traces_grad, sum_of_traces_value_and_grad; point(1) => |x| (x, &a));
    let x: Matrix3<f64> = point(1);
    let by_hand = Matrix3::identity() + a.transpose() + 2.0 * x;
    assert!((sum_of_traces_grad(&x, &a) - by_hand).norm() < 1e-14);
}

#[derive_grad]
fn exponential_of_a_form(x: &Vector3<f64>, a: &Matrix3<f64>) -> f64 {
    x.dot(&(a * x)).exp()
}

#[derive_grad]
fn entrywise_exponential(x: &Matrix3<f64>, w: &Matrix3<f64>) -> f64 {
    x.map(f64::exp).component_mul(w).sum()
}

#[derive_grad]
fn matrix_exponential(x: &Matrix3<f64>, w: &Matrix3<f64>) -> f64 {
    x.exp().dot(w)
}

#[derive_grad]
fn log_determinant(x: &Matrix3<f64>) -> f64 {
    x.determinant().ln()
}

#[test]
fn the_log_determinant_has_the_gradient_of_the_transposed_inverse() {
    check!(log_determinant, log_determinant_grad, log_determinant_value_and_grad; dominant(1) => |x| (x));
    let x = dominant::<3>(1);
    let by_hand = x.try_inverse().expect("invertible").transpose();
    assert!((log_determinant_grad(&x) - by_hand).norm() < 1e-14);
}

#[test]
fn exponentials_of_forms_of_entries_and_of_matrices() {
    let a: Matrix3<f64> = point(2) * 0.3;
    check!(exponential_of_a_form, exponential_of_a_form_grad, exponential_of_a_form_value_and_grad;
        point(1) => |x| (x, &a));
    check!(entrywise_exponential, entrywise_exponential_grad, entrywise_exponential_value_and_grad;
        point(1) => |x| (x, &a));
    check!(matrix_exponential, matrix_exponential_grad, matrix_exponential_value_and_grad;
        point(1) => |x| (x, &a));
    // The derivative in the direction E is the upper right block of exp [[X, E], [0, X]].
    let x: Matrix3<f64> = point(1);
    let mut doubled = SMatrix::<f64, 6, 6>::zeros();
    doubled.fixed_view_mut::<3, 3>(0, 0).copy_from(&x.transpose());
    doubled.fixed_view_mut::<3, 3>(0, 3).copy_from(&a);
    doubled.fixed_view_mut::<3, 3>(3, 3).copy_from(&x.transpose());
    let by_hand = doubled.exp().fixed_view::<3, 3>(0, 3).into_owned();
    assert!((matrix_exponential_grad(&x, &a) - by_hand).norm() < 1e-13);
}

#[derive_grad]
fn one_entry(x: &Matrix3<f64>) -> f64 {
    x[(0, 1)]
}

#[test]
fn an_entry_has_a_derivative_at_its_place() {
    let mut unit = Matrix3::zeros();
    unit[(0, 1)] = 1.0;
    assert_eq!(one_entry_grad(&point(1)), unit);
}

#[derive_grad]
fn share(x: &Vector3<f64>, w: &Vector3<f64>) -> f64 {
    (x / x.sum()).dot(w)
}

#[derive_grad]
fn form_times_vector(x: &Vector3<f64>, a: &Matrix3<f64>, w: &Vector3<f64>) -> f64 {
    (x.dot(&(a * x)) * x).dot(w)
}

#[test]
fn a_scalar_of_x_times_x_follows_the_product_rule() {
    let w = point(3);
    check!(share, share_grad, share_value_and_grad; positive(1) => |x| (x, &w));
    check!(form_times_vector, form_times_vector_grad, form_times_vector_value_and_grad;
        point(1) => |x| (x, &point(2), &w));
}

// On norms, Kronecker products, diagonals and blocks it raises.

#[derive_grad]
fn length(x: &Vector3<f64>) -> f64 {
    x.norm()
}

#[derive_grad(wrt(x, y))]
fn kronecker(x: &Matrix2<f64>, y: &Matrix3<f64>, w: &SMatrix<f64, 6, 6>) -> f64 {
    x.kronecker(y).dot(w)
}

#[derive_grad(wrt(x, m))]
fn diagonals(x: &Vector3<f64>, m: &Matrix3<f64>, w: &Matrix3<f64>) -> f64 {
    (Matrix3::from_diagonal(x) * m).dot(w) + m.diagonal().norm_squared() * x.sum()
}

#[derive_grad(wrt(x, s))]
fn schur_complement(x: &SMatrix<f64, 5, 5>, s: f64) -> f64 {
    let corner = x.fixed_view::<2, 2>(0, 0);
    let (right, below) = (x.fixed_view::<2, 3>(0, 2), x.fixed_view::<3, 2>(2, 0));
    let rest = x.fixed_view::<3, 3>(2, 2) - below * corner.try_inverse().unwrap() * right;
    rest.determinant() * corner.determinant() * s
}

#[test]
fn lengths_kronecker_products_diagonals_and_blocks() {
    let x = point(1);
    assert!((length_grad(&x) - x.normalize()).norm() < 1e-15);
    check!(kronecker, kronecker_grad, kronecker_value_and_grad; (point(1), point(2)) => |(x, y)| (x, y, &point(3)));
    check!(diagonals, diagonals_grad, diagonals_value_and_grad; (point(1), point(2)) => |(x, m)| (x, m, &point(3)));
    check!(schur_complement, schur_complement_grad, schur_complement_value_and_grad;
        (dominant(1), 0.5) => |(x, s)| (x, *s));
    // The product of the two determinants is that of the whole matrix.
    let x = dominant::<5>(1);
    let whole = x.try_inverse().expect("invertible").transpose() * x.determinant();
    assert!((schur_complement_grad(&x, 1.0).0 - whole).norm() < 1e-11 * whole.norm());
}

// From the trackers: the gradient of a norm at 0 is NaN in jax, pytorch and autograd.

#[derive_grad]
fn chained_norm(x: &Vector3<f64>, a: &Matrix3<f64>) -> f64 {
    let d = a * x;
    d.norm() * x.sum().cos() + (d.norm() + 1.0).ln()
}

#[test]
fn a_norm_at_zero_stays_finite_down_the_chain() {
    assert_eq!(chained_norm_grad(&Vector3::zeros(), &point(1)), Vector3::zeros());
    check!(chained_norm, chained_norm_grad, chained_norm_value_and_grad; point(1) => |x| (x, &point(2)));
}
