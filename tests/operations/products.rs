//! Products: matrix, inner, outer, entrywise, Kronecker, cross, and powers of a matrix.

use gradmacro::derive_grad;
use nalgebra::{Matrix2, Matrix3, Matrix4x3, RowVector3, SMatrix, SVector, Vector2, Vector3};

use crate::common::{check, point, positive};

#[derive_grad(wrt(a, x))]
fn chain(a: &Matrix4x3<f64>, x: &Vector3<f64>, b: &SMatrix<f64, 4, 4>, y: SVector<f64, 4>) -> f64 {
    let ax = a * x;
    let gram = a.tr_mul(a);
    let same = a.transpose() * a - a.ad_mul(&a);
    let form = x.dot(&(gram * x)) + (x.transpose() * same * x)[0];
    let side = (y.transpose() * b * &ax).into_scalar() + y.tr_dot(&ax.transpose());
    form - 0.5 * side + (x.adjoint() * x)[(0, 0)] * ax.dotc(&y) + (x.transpose() * x).x
}

#[test]
fn matrix_products_and_their_transposed_spellings() {
    let (b, y) = (point(3), point(4));
    check!(chain, chain_grad, chain_value_and_grad; (point(1), point(2)) => |(a, x)| (a, x, &b, y));
}

#[derive_grad(wrt(u, v))]
fn outer(u: &Vector3<f64>, v: &Vector2<f64>, m: &SMatrix<f64, 3, 2>) -> f64 {
    let uv = u * v.transpose();
    let moved = m + 0.3 * &uv;
    (moved.transpose() * &moved).trace() + (uv.component_mul(m) - m.component_div(&uv)).sum()
}

#[test]
fn outer_and_entrywise_products() {
    check!(outer, outer_grad, outer_value_and_grad;
        (positive(1), positive(2)) => |(u, v)| (u, v, &point(3)));
}

#[derive_grad(wrt(x, y))]
fn zipped(x: &Vector3<f64>, y: &Vector3<f64>, z: &Vector3<f64>) -> f64 {
    let two = x.zip_map(y, |a, b| a * a - 2.0 * a * b);
    let three = x.zip_zip_map(z, y, |a, c, b| (a + c) * (b - c) / (1.0 + c * c));
    two.dot(&three)
}

#[test]
fn zip_maps_of_two_and_three() {
    check!(zipped, zipped_grad, zipped_value_and_grad; (point(1), point(2)) => |(x, y)| (x, y, &point(3)));
}

#[derive_grad(wrt(a, b, x))]
fn kronecker(a: &Matrix2<f64>, b: &Matrix3<f64>, x: &SVector<f64, 6>) -> f64 {
    let product = a.kronecker(b);
    x.dot(&(product * x))
        + a.transpose().kronecker(b).trace()
        + b.column(0).kronecker(&a.row(1)).norm_squared()
}

#[test]
fn kronecker_products_before_a_vector_and_alone() {
    check!(kronecker, kronecker_grad, kronecker_value_and_grad;
        (point(1), point(2), point(3)) => |(a, b, x)| (a, b, x));
}

#[derive_grad]
fn powers(x: &Matrix3<f64>, u: &Vector3<f64>) -> f64 {
    let squared = x.pow(2);
    u.dot(&(x.pow(5) * u)) + (squared * x.pow(3)).trace() - (x.pow(1) * 2.0).sum() + x.pow(0).sum()
}

#[test]
fn powers_of_a_matrix() {
    let x = point::<3, 3>(1) * 0.5;
    check!(powers, powers_grad, powers_value_and_grad; x => |x| (x, &point(2)));
}

#[derive_grad(wrt(a, b))]
fn crossed(a: &Vector3<f64>, b: &Vector3<f64>, m: &Matrix3<f64>) -> f64 {
    let normal = a.cross(b);
    let double = a.cross(&normal.cross(&(m * b)));
    let skew = a.cross_matrix() * m * b.cross_matrix();
    normal.dot(&double) + skew.trace() + (m * a).cross(b).x
}

#[test]
fn cross_products_and_the_cross_matrix() {
    let m = point(3);
    check!(crossed, crossed_grad, crossed_value_and_grad; (point(1), point(2)) => |(a, b)| (a, b, &m));
}

#[derive_grad(wrt(p, q, t))]
fn plane(p: &Vector2<f64>, q: &Vector2<f64>, t: f64) -> f64 {
    p.perp(q) * p.lerp(q, t).norm_squared() + (p.transpose() * q).to_scalar().powi(3)
}

#[test]
fn perp_and_lerp() {
    check!(plane, plane_grad, plane_value_and_grad; (point(1), point(2), 0.3) => |(p, q, t)| (p, q, *t));
}

#[derive_grad(wrt(a, b))]
fn traces(a: &SMatrix<f64, 3, 4>, b: &SMatrix<f64, 4, 3>, c: &Matrix3<f64>) -> f64 {
    let ab = a * b;
    (&ab * c).trace() + (ab * &ab * c.transpose()).trace() - (c * a * a.transpose()).trace() + a.tr_dot(b)
}

#[test]
fn traces_of_products() {
    check!(traces, traces_grad, traces_value_and_grad; (point(1), point(2)) => |(a, b)| (a, b, &point(3)));
}

#[derive_grad]
fn row(x: &RowVector3<f64>, a: &Matrix3<f64>, b: &Vector3<f64>) -> f64 {
    let y = x * a;
    (x * a * b)[0] * y.dot(x) + (&y * a.transpose() * x.transpose())[(0, 0)]
}

#[test]
fn a_row_vector_gets_a_row_vector() {
    let (a, b) = (point(2), point(3));
    check!(row, row_grad, row_value_and_grad; point(1) => |x| (x, &a, &b));
}
