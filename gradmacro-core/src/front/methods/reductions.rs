//! Sums, means, variances, products, extrema. As in nalgebra, `row_sum` is a row: each of its entries sums a column.

use super::super::sequence::Sequence;
use super::{Call, Method, Value, matrix, method, scalar};
use crate::ir::{Dim, Expr, Ratio, Shape};
use crate::ops::piecewise::ABS;
use crate::ops::reductions::{MAX_ENTRY, MIN_ENTRY};

pub(super) static METHODS: &[Method] = &[
    method("trace", 0, |call, x| scalar(call.square(x)?.trace())),
    method("sum", 0, |_, x| scalar(x.sum())),
    method("mean", 0, |_, x| scalar(mean(x))),
    method("variance", 0, |_, x| scalar(variance(x))),
    method("product", 0, product),
    method("row_sum", 0, |_, x| matrix(down(x))),
    method("row_sum_tr", 0, |_, x| matrix(down(x).t())),
    method("column_sum", 0, |_, x| matrix(across(x))),
    method("row_mean", 0, |_, x| matrix(row_mean(x))),
    method("row_mean_tr", 0, |_, x| matrix(row_mean(x).t())),
    method("column_mean", 0, |_, x| matrix(column_mean(x))),
    method("row_variance", 0, |_, x| matrix(row_variance(x))),
    method("row_variance_tr", 0, |_, x| matrix(row_variance(x).t())),
    method("column_variance", 0, |_, x| matrix(row_variance(x.t()).t())),
    method("max", 0, |_, x| scalar(x.reduce(&MAX_ENTRY))),
    method("min", 0, |_, x| scalar(x.reduce(&MIN_ENTRY))),
    method("amax", 0, |_, x| scalar(x.apply(&ABS).reduce(&MAX_ENTRY))),
    method("camax", 0, |_, x| scalar(x.apply(&ABS).reduce(&MAX_ENTRY))),
    method("amin", 0, |_, x| scalar(x.apply(&ABS).reduce(&MIN_ENTRY))),
    method("camin", 0, |_, x| scalar(x.apply(&ABS).reduce(&MIN_ENTRY))),
];

/// A product of more entries than this is not written out.
const FACTORS: usize = 24;

/// 1ᵀX, a row: the sum of each column.
pub(super) fn down(x: Expr<'_>) -> Expr<'_> {
    let rows = x.shape().rows;
    if rows == Dim::ONE { x } else { x.graph.ones(Shape::of(Dim::ONE, rows)) * x }
}

/// X1, a column: the sum of each row.
pub(super) fn across(x: Expr<'_>) -> Expr<'_> {
    let columns = x.shape().columns;
    if columns == Dim::ONE { x } else { x * x.graph.ones(Shape::column(columns)) }
}

fn mean(x: Expr<'_>) -> Expr<'_> {
    per(per(x.sum(), x.shape().rows), x.shape().columns)
}

fn row_mean(x: Expr<'_>) -> Expr<'_> {
    per(down(x), x.shape().rows)
}

fn column_mean(x: Expr<'_>) -> Expr<'_> {
    per(across(x), x.shape().columns)
}

/// Population variance: the mean of the squared deviations.
fn variance(x: Expr<'_>) -> Expr<'_> {
    let deviation = x - mean(x).fill(x.shape());
    mean(deviation.squared())
}

fn row_variance(x: Expr<'_>) -> Expr<'_> {
    let rows = x.shape().rows;
    let repeated = match rows {
        Dim::ONE => row_mean(x),
        _ => x.graph.ones(Shape::column(rows)) * row_mean(x),
    };
    row_mean((x - repeated).squared())
}

/// X divided by a size.
fn per(x: Expr<'_>, size: Dim) -> Expr<'_> {
    match size {
        Dim::ONE => x,
        Dim::Known(n) => x.times(Ratio::new(1, (n as i128).max(1))),
        _ => x / x.graph.extent(size),
    }
}

fn product<'g>(call: &Call<'_, 'g>, x: Expr<'g>) -> Option<Value<'g>> {
    let (rows, columns) = match x.shape().known() {
        Some((rows, columns)) if rows * columns <= FACTORS => (rows, columns),
        _ => {
            let entries = Sequence::lifted(x.shape(), Value::Scalar(x));
            return call.reader.product_of(&entries, call.whole);
        }
    };
    let places = (0..columns).flat_map(|j| (0..rows).map(move |i| (i, j)));
    let factors: Vec<_> = places.map(|(i, j)| (x.entry(i, j), Ratio::ONE)).collect();
    scalar(call.graph().powers(&factors, Shape::SCALAR))
}
