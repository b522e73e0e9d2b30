//! Sensors, poses, mechanisms.

use nalgebra::{Matrix2x3, Matrix3, SMatrix, SVector, Vector2, Vector3, Vector4};

#[inline(never)]
pub(crate) fn bearing(pose: &Vector3<f64>, landmark: &Vector2<f64>, _seen: &Vector2<f64>) -> Matrix2x3<f64> {
    let (x, y) = (landmark.x - pose.x, landmark.y - pose.y);
    let square = x * x + y * y;
    let (near, turn) = (1.0 / square.sqrt(), 1.0 / square);
    Matrix2x3::new(-x * near, -y * near, 0.0, y * turn, -x * turn, -1.0)
}

#[inline(never)]
pub(crate) fn pinhole(p: &Vector3<f64>, r: &Matrix3<f64>, t: &Vector3<f64>) -> Matrix2x3<f64> {
    let c = r * p + t;
    let near = 1.0 / c.z;
    let (u, v) = (c.x * near, c.y * near);
    let (a, b) = (1.5 * near, 1.4 * near);
    Matrix2x3::new(
        a * (r.m11 - u * r.m31),
        a * (r.m12 - u * r.m32),
        a * (r.m13 - u * r.m33),
        b * (r.m21 - v * r.m31),
        b * (r.m22 - v * r.m32),
        b * (r.m23 - v * r.m33),
    )
}

#[inline(never)]
pub(crate) fn compose(a: &Vector3<f64>, b: &Vector3<f64>) -> (Matrix3<f64>, Matrix3<f64>) {
    let (sin, cos) = a.z.sin_cos();
    let by_a = Matrix3::new(1.0, 0.0, -sin * b.x - cos * b.y, 0.0, 1.0, cos * b.x - sin * b.y, 0.0, 0.0, 1.0);
    (by_a, Matrix3::new(cos, -sin, 0.0, sin, cos, 0.0, 0.0, 0.0, 1.0))
}

#[inline(never)]
pub(crate) fn two_links(q: &Vector2<f64>, v: &Vector2<f64>) -> (Vector2<f64>, Vector2<f64>) {
    let (sin, cos) = q.y.sin_cos();
    let off = (1.0 + cos) * v.x;
    (
        Vector2::new(0.0, -sin * v.x * (v.x + v.y)),
        Vector2::new((3.0 + 2.0 * cos) * v.x + (1.0 + cos) * v.y, off + v.y),
    )
}

#[inline(never)]
pub(crate) fn turned(q: &Vector4<f64>, a: &Vector3<f64>, b: &Vector3<f64>) -> Vector4<f64> {
    let (w, v) = (q[0], Vector3::new(q[1], q[2], q[3]));
    let scale = 1.0 / q.norm_squared();
    let (va, cross) = (v.dot(a), v.cross(a));
    let turned = (a * (w * w - v.norm_squared()) + v * (2.0 * va) + cross * (2.0 * w)) * scale;
    let e = turned - b;
    let ae = a.dot(&e);
    let by_v = v * -ae + e * va + a * v.dot(&e) + a.cross(&e) * w;
    let by_w = w * ae + e.dot(&cross);
    (Vector4::new(by_w, by_v.x, by_v.y, by_v.z) - q * turned.dot(&e)) * (4.0 * scale)
}

#[inline(never)]
pub(crate) fn chain(p: &SMatrix<f64, 2, 6>, length: &f64) -> SMatrix<f64, 2, 6> {
    let mut g = SMatrix::<f64, 2, 6>::zeros();
    for i in 0..5 {
        let (x, y) = (p[(0, i + 1)] - p[(0, i)], p[(1, i + 1)] - p[(1, i)]);
        let pull = 1.0 - length / (x * x + y * y).sqrt();
        g[(0, i)] -= pull * x;
        g[(1, i)] += 0.1 - pull * y;
        g[(0, i + 1)] = pull * x;
        g[(1, i + 1)] = pull * y;
    }
    g
}

#[inline(never)]
pub(crate) fn chain_of_columns(p: &SMatrix<f64, 2, 6>, length: &f64) -> SMatrix<f64, 2, 6> {
    let mut g = SMatrix::<f64, 2, 6>::zeros();
    for i in 0..5 {
        let d = p.column(i + 1) - p.column(i);
        let pull = d * (1.0 - length / d.norm());
        let mut before = g.column_mut(i);
        before -= pull;
        before[1] += 0.1;
        g.set_column(i + 1, &pull);
    }
    g
}

#[inline(never)]
pub(crate) fn circle(c: &SVector<f64, 3>, points: &SMatrix<f64, 2, 15>) -> SVector<f64, 3> {
    let mut g = SVector::<f64, 3>::zeros();
    for point in points.column_iter() {
        let (x, y) = (point[0] - c[0], point[1] - c[1]);
        let distance = (x * x + y * y).sqrt();
        let off = distance - c[2];
        let pull = off / distance;
        g -= Vector3::new(pull * x, pull * y, off);
    }
    g * 2.0
}
