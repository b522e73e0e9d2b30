//! Sums, means, variances, products and extrema; of matrices, their rows and columns, and of iterators.

use gradmacro::derive_grad;
use nalgebra::{Matrix3, Matrix3x4, SVector, Vector3, Vector4};

use crate::common::{check, point, positive};

#[derive_grad]
fn overall(x: &Matrix3x4<f64>, y: &Matrix3x4<f64>) -> f64 {
    x.sum() * x.mean() + x.variance() * x.component_mul(y).sum() + x.product() - (x - y).mean()
}

#[test]
fn sum_mean_variance_product() {
    check!(overall, overall_grad, overall_value_and_grad; positive(1) => |x| (x, &point(2)));
}

#[derive_grad]
fn by_rows_and_columns(x: &Matrix3x4<f64>, u: &Vector3<f64>, v: &Vector4<f64>) -> f64 {
    let rows = x.row_sum().dot(&v.transpose()) + x.row_mean().norm_squared() + x.row_variance().sum();
    let columns = x.column_sum().dot(u) - x.column_mean().norm_squared() * x.column_variance().dot(u);
    rows * columns + x.row_sum_tr().dot(v)
}

#[test]
fn sums_means_and_variances_of_rows_and_columns() {
    let (u, v) = (point(2), point(3));
    check!(by_rows_and_columns, by_rows_and_columns_grad, by_rows_and_columns_value_and_grad;
        point(1) => |x| (x, &u, &v));
}

#[derive_grad]
fn extremes(x: &Matrix3<f64>, y: &Matrix3<f64>) -> f64 {
    let spread = x.max() - x.min();
    spread * spread + x.amax() * x.amin() + (x + y).camax() - x.component_mul(y).camin() + (x * y).max()
}

#[test]
fn largest_and_smallest_entries() {
    check!(extremes, extremes_grad, extremes_value_and_grad; point(1) => |x| (x, &point(2)));
}

#[derive_grad(wrt(x, y))]
fn iterated(x: &SVector<f64, 5>, y: &SVector<f64, 5>) -> f64 {
    let total: f64 = x.iter().sum();
    let squares = x.iter().map(|v| v * v).sum::<f64>();
    let paired: f64 = x.iter().zip(y.iter()).map(|(a, b)| (a - b).powi(2) * b).sum();
    let folded = y.iter().fold(1.0, |sum, v| sum + v.exp());
    total * squares + paired - folded.ln() + x.iter().copied().fold(f64::NEG_INFINITY, f64::max)
}

#[test]
fn iterators_over_entries() {
    check!(iterated, iterated_grad, iterated_value_and_grad; (point(1), point(2)) => |(x, y)| (x, y));
}

#[derive_grad]
fn weighted(x: &SVector<f64, 5>, m: &Matrix3<f64>) -> f64 {
    let ranked: f64 = x.iter().enumerate().map(|(i, v)| (i as f64 + 1.0) * v * v).sum();
    let neighbours: f64 = x.iter().zip(x.iter().skip(1)).map(|(a, b)| (b - a).powi(2)).sum();
    let scores: f64 = m.row_iter().map(|row| row.norm_squared() * x[0]).sum();
    let sizes: f64 = m.column_iter().map(|column| column.dot(&x.fixed_rows::<3>(1))).sum();
    ranked + neighbours * scores - sizes + x.iter().map(|v| 1.0 + v * v).product::<f64>()
}

#[test]
fn iterators_with_positions_neighbours_rows_and_columns() {
    check!(weighted, weighted_grad, weighted_value_and_grad; point(1) => |x| (x, &point(2)));
}

#[derive_grad]
fn rows_of_the_differentiated(m: &Matrix3<f64>, u: &Vector3<f64>) -> f64 {
    let lengths: f64 = m.row_iter().map(|row| row.norm()).sum();
    m.column_iter().map(|column| column.dot(u).sin()).sum::<f64>() + lengths
}

#[test]
fn iterators_over_rows_of_what_is_differentiated() {
    check!(rows_of_the_differentiated, rows_of_the_differentiated_grad,
        rows_of_the_differentiated_value_and_grad; point(1) => |m| (m, &point(2)));
}
