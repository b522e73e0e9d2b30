//! Programs that other tools differentiate wrongly without a word.

use gradmacro::derive_grad;
use nalgebra::{Matrix3, Vector2, Vector3};

use crate::common::{check, point, positive};

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

// SymPy's matrix derivatives are silently wrong on nine of 38 ordinary expressions, seven of them 0. Eight can be
// written with the operations that there are; ln |X| needs a determinant.

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

#[test]
fn exponentials_of_forms_and_of_entries() {
    let a: Matrix3<f64> = point(2) * 0.3;
    check!(exponential_of_a_form, exponential_of_a_form_grad, exponential_of_a_form_value_and_grad;
        point(1) => |x| (x, &a));
    check!(entrywise_exponential, entrywise_exponential_grad, entrywise_exponential_value_and_grad;
        point(1) => |x| (x, &a));
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
