//! Sensors, poses, mechanisms.

use gradmacro::derive_grad;
use nalgebra::{Matrix2, Matrix3, SMatrix, SVector, Vector2, Vector3, Vector4};

#[derive_grad]
#[inline(never)]
pub(crate) fn bearing(pose: &Vector3<f64>, landmark: &Vector2<f64>, seen: &Vector2<f64>) -> Vector2<f64> {
    let d = landmark - pose.fixed_rows::<2>(0);
    Vector2::new(d.norm(), d[1].atan2(d[0]) - pose[2]) - seen
}

#[derive_grad]
#[inline(never)]
pub(crate) fn pinhole(p: &Vector3<f64>, r: &Matrix3<f64>, t: &Vector3<f64>) -> Vector2<f64> {
    let c = r * p + t;
    Vector2::new(1.5 * c.x / c.z + 0.1, 1.4 * c.y / c.z + 0.2)
}

/// A pose in the plane after another.
#[derive_grad(wrt(a, b))]
#[inline(never)]
pub(crate) fn compose(a: &Vector3<f64>, b: &Vector3<f64>) -> Vector3<f64> {
    let (sin, cos) = a[2].sin_cos();
    Vector3::new(a[0] + cos * b[0] - sin * b[1], a[1] + sin * b[0] + cos * b[1], a[2] + b[2])
}

/// Kinetic energy of an arm with two links.
#[derive_grad(wrt(q, v))]
#[inline(never)]
pub(crate) fn two_links(q: &Vector2<f64>, v: &Vector2<f64>) -> f64 {
    let c = q[1].cos();
    let m = Matrix2::new(3.0 + 2.0 * c, 1.0 + c, 1.0 + c, 1.0);
    0.5 * v.dot(&(m * v))
}

/// How far a quaternion turns `a` from `b`.
#[derive_grad]
#[inline(never)]
pub(crate) fn turned(q: &Vector4<f64>, a: &Vector3<f64>, b: &Vector3<f64>) -> f64 {
    let w = q[0];
    let v = Vector3::new(q[1], q[2], q[3]);
    let turned = a * (w * w - v.norm_squared()) + v * (2.0 * v.dot(a)) + v.cross(a) * (2.0 * w);
    (turned / q.norm_squared() - b).norm_squared()
}

/// Energy of a chain of six points in the plane.
#[derive_grad]
#[inline(never)]
pub(crate) fn chain(p: &SMatrix<f64, 2, 6>, length: &f64) -> f64 {
    let mut energy = 0.0;
    for i in 0..5 {
        let d = p.column(i + 1) - p.column(i);
        energy += 0.5 * (d.norm() - length).powi(2) + 0.1 * p[(1, i)];
    }
    energy
}

/// Squared distance of points from a circle: centre and radius.
#[derive_grad]
#[inline(never)]
pub(crate) fn circle(c: &SVector<f64, 3>, points: &SMatrix<f64, 2, 15>) -> f64 {
    let mut sum = 0.0;
    for i in 0..15 {
        let d = points.column(i) - c.fixed_rows::<2>(0);
        sum += (d.norm() - c[2]).powi(2);
    }
    sum
}
