//! Entries, rows, columns, views, triangles and constructors.

use gradmacro::derive_grad;
use nalgebra::{
    Matrix2, Matrix2x3, Matrix3, Matrix3x4, Matrix4, RowVector3, SMatrix, SVector, Vector2, Vector3, Vector4,
    matrix, vector,
};

use crate::common::{check, point};

#[derive_grad(wrt(x, a))]
fn entries(x: &Vector4<f64>, a: &Matrix3<f64>) -> f64 {
    let named = x.x * x.y - x.z / (2.0 + x.w.cos()) + a.m12 * a.m31;
    let numbered = x[0] * a[(1, 2)] + x[3] * a[4] - a[(2, 0)].sin();
    named * numbered + x.xy().dot(&x.yz()) + x.xyz().norm() + a[(0, 0)]
}

#[test]
fn entries_by_name_and_by_number() {
    check!(entries, entries_grad, entries_value_and_grad; (point(1), point(2)) => |(x, a)| (x, a));
}

#[derive_grad]
fn blocks(a: &Matrix3x4<f64>, u: &Vector3<f64>) -> f64 {
    let rows = a.row(1).norm_squared() + a.rows(0, 2).sum() + a.fixed_rows::<2>(1).norm();
    let columns = a.column(2).dot(u) * a.columns(1, 2).sum() - a.fixed_columns::<3>(1).trace();
    let inner = a.fixed_view::<2, 3>(1, 0);
    let other = a.view((0, 1), (2, 3));
    rows * columns + inner.dot(&other) + inner[(0, 2)]
}

#[test]
fn rows_columns_and_views() {
    check!(blocks, blocks_grad, blocks_value_and_grad; point(1) => |a| (a, &point(2)));
}

#[derive_grad]
fn triangles(a: &Matrix3<f64>, u: &Vector3<f64>) -> f64 {
    let split = a.lower_triangle() * a.upper_triangle();
    let sym = a.symmetric_part() * u;
    let scaled = Matrix3::from_diagonal(&a.diagonal()) * a;
    split.trace()
        + sym.dot(u) * a.diagonal().sum()
        + scaled.norm_squared()
        + a.trace().exp() * a.map_diagonal(f64::sin).sum()
}

#[test]
fn triangles_diagonals_and_the_symmetric_part() {
    check!(triangles, triangles_grad, triangles_value_and_grad; point(1) => |a| (a, &point(2)));
}

#[derive_grad(wrt(x, s))]
fn constructed(x: &Vector3<f64>, s: f64, u: &Vector4<f64>) -> f64 {
    let grid = Matrix2x3::new(x[0], s, x[1] * s, 1.0, x[2], -s);
    let listed = matrix![x.x, 2.0; s, x.y.sin()] * vector![s, x.z];
    let filled = Vector3::from_element(s) + Vector3::repeat(x.sum()) + Vector3::zeros();
    let from_array = Vector4::from([x.x, s, x.y, 0.5]);
    let eye = Matrix3::identity() * s + Matrix3::from_diagonal_element(x[0]) - SMatrix::<f64, 3, 3>::zeros();
    let hilbert = Matrix3::from_fn(|i, j| s / ((i + j) as f64 + 1.0 + x[i] * x[i]));
    (grid * &filled).norm_squared() + listed.sum() + from_array.dot(u) + (eye * hilbert * x).dot(&filled)
}

#[test]
fn constructors_of_differentiated_entries() {
    check!(constructed, constructed_grad, constructed_value_and_grad;
        (point(1), 0.6) => |(x, s)| (x, *s, &point(2)));
}

#[derive_grad]
fn joined(x: &Vector3<f64>, y: &Vector3<f64>) -> f64 {
    let wide = Matrix3::from_columns(&[*x, x.component_mul(y), *y]);
    let tall = Matrix2x3::from_rows(&[x.transpose(), RowVector3::new(1.0, x[0], y[0])]);
    let listed = Matrix2::from_row_slice(&[x[0], x[1], y[0], x[2] * x[2]]);
    let stacked = SMatrix::<f64, 2, 2>::from_column_slice(&[x[0], x[1], y[0], 3.0]);
    (wide * tall.transpose() * listed * stacked).sum() + (Vector3::x() * x.y + Vector3::z()).dot(x)
}

#[test]
fn constructors_from_rows_columns_and_slices() {
    check!(joined, joined_grad, joined_value_and_grad; point(1) => |x| (x, &point(2)));
}

#[derive_grad]
fn resized(x: &Vector3<f64>, m: &Matrix4<f64>) -> f64 {
    let homogeneous = x.push(1.0);
    let moved = m * homogeneous + x.to_homogeneous();
    let inserted = x.insert_row(1, 2.0).remove_row(3);
    moved.norm_squared() + inserted.dot(x) + x.fixed_resize::<5, 1>(0.5).norm_squared()
}

#[test]
fn pushed_inserted_removed_and_resized() {
    check!(resized, resized_grad, resized_value_and_grad; point(1) => |x| (x, &point(2)));
}

#[derive_grad]
fn placed(x: &SMatrix<f64, 2, 3>, weights: &Matrix3<f64>) -> f64 {
    let graded = x.map_with_location(|i, j, v| v * v * (i as f64 - 2.0 * j as f64));
    let unit = SVector::<f64, 3>::ith(1, x[(0, 0)]);
    graded.sum() + (weights * unit).norm_squared()
}

#[test]
fn entries_with_their_places_and_unit_vectors() {
    check!(placed, placed_grad, placed_value_and_grad; point(1) => |x| (x, &point(2)));
}

#[derive_grad]
fn nested(p: &Vector2<f64>) -> f64 {
    let [x, y] = [p.x, p.y];
    let (sum, (difference, _)) = (x + y, (x - y, 1.0));
    let points = [vector![x, 1.0], vector![sum, y]];
    points[0].dot(&points[1]) * difference
}

#[test]
fn arrays_and_tuples_of_values() {
    check!(nested, nested_grad, nested_value_and_grad; point(1) => |p| (p));
}
