//! Rotations, quaternions, isometries and points that are made of differentiated vectors and angles, and given ones that
//! are not differentiated. Values are nalgebra's, derivatives agree with central differences, and nothing is special
//! about the angle 0.

mod common;

use common::{check, point, same};
use gradmacro::derive_grad;
use nalgebra::{
    Isometry2, Isometry3, IsometryMatrix3, Matrix3, Point2, Point3, Quaternion, RealField, Rotation2,
    Rotation3, SVector, Translation2, Translation3, Unit, UnitComplex, UnitQuaternion, Vector2, Vector3,
    Vector4,
};

/// Vectors to turn by: some, small ones, 0, and angles about π and 2π.
fn axes() -> Vec<Vector3<f64>> {
    let direction = Vector3::new(2.0, -1.0, 2.0) / 3.0;
    let angles = [0.0, 1e-300, 1e-160, 1e-9, 1e-4, 0.1, 1.0, 3.0, 3.13, 3.3, 6.2, 6.4, 12.0];
    let mut axes: Vec<_> = angles.iter().map(|angle| direction * *angle).collect();
    axes.extend([point(1), point(2), Vector3::new(0.0, 0.0, -0.7), Vector3::new(1e-9, 0.0, 1.0)]);
    axes
}

/// The Hessian is the derivative of the gradient.
fn hessian_agrees<const N: usize>(
    x: &SVector<f64, N>,
    gradient: impl Fn(&SVector<f64, N>) -> SVector<f64, N>,
    hessian: nalgebra::SMatrix<f64, N, N>,
) {
    let h = 1e-5;
    for k in 0..N {
        let mut step = SVector::<f64, N>::zeros();
        step[k] = h;
        let want = (gradient(&(x + step)) - gradient(&(x - step))) / (2.0 * h);
        for i in 0..N {
            same(hessian[(i, k)], want[i], 2e-9 * (1.0 + want.norm()));
        }
    }
}

#[derive_grad(wrt(v), hessian)]
fn misfit(v: &Vector3<f64>, p: &Vector3<f64>, q: &Vector3<f64>) -> f64 {
    let r = Rotation3::from_scaled_axis(*v);
    (r * p - q).norm_squared()
}

#[test]
fn a_rotation_by_a_vector() {
    for v in axes() {
        check!(misfit, misfit_grad, misfit_value_and_grad; v => |v| (v, &point(3), &point(4)));
        let gradient = |v: &Vector3<f64>| misfit_grad(v, &point(3), &point(4));
        hessian_agrees(&v, gradient, misfit_hessian(&v, &point(3), &point(4)));
    }
}

#[test]
fn at_zero_the_gradient_is_the_cross_product() {
    let (p, q): (Vector3<f64>, Vector3<f64>) = (point(3), point(4));
    let want = p.cross(&(p - q)) * 2.0;
    let got = misfit_grad(&Vector3::zeros(), &p, &q);
    (0..3).for_each(|i| same(got[i], want[i], 1e-15));
}

#[derive_grad(wrt(v), hessian)]
fn turned(v: &Vector3<f64>, p: &Vector3<f64>, q: &Vector3<f64>) -> f64 {
    let r = UnitQuaternion::from_scaled_axis(*v);
    let back = r.inverse() * q;
    (r * p).dot(q) + r.transform_vector(p).x * back.y - r.inverse_transform_vector(p).z
}

#[test]
fn a_unit_quaternion_by_a_vector() {
    for v in axes() {
        check!(turned, turned_grad, turned_value_and_grad; v => |v| (v, &point(3), &point(4)));
        let gradient = |v: &Vector3<f64>| turned_grad(v, &point(3), &point(4));
        hessian_agrees(&v, gradient, turned_hessian(&v, &point(3), &point(4)));
    }
}

#[derive_grad(wrt(a, b))]
fn composed(a: &Vector3<f64>, b: &Vector3<f64>, m: &Matrix3<f64>) -> f64 {
    let (r, s) = (Rotation3::new(*a), UnitQuaternion::new(*b));
    let product = r * s.to_rotation_matrix().transpose() / r.inverse();
    let q = s * UnitQuaternion::from_scaled_axis(*a) / s;
    (product.matrix() * m).trace() + q.w * q.i - q.coords.norm_squared() * q.vector().sum()
        + product[(0, 1)]
        + (q.to_homogeneous() * product.to_homogeneous())[(1, 2)]
        + (m * r * m).sum()
}

#[test]
fn products_inverses_and_matrices() {
    check!(composed, composed_grad, composed_value_and_grad; (point(1), point(2)) => |(a, b)| (a, b, &point(3)));
    let start = (Vector3::zeros(), Vector3::zeros());
    check!(composed, composed_grad, composed_value_and_grad; start => |(a, b)| (a, b, &point(3)));
}

#[derive_grad]
fn euler(x: &SVector<f64, 4>, p: &Vector3<f64>) -> f64 {
    let r = Rotation3::from_euler_angles(x[0], x[1], x[2]);
    let q = UnitQuaternion::from_euler_angles(x[2], x[0], x[1]);
    let about = Rotation3::from_axis_angle(&Vector3::y_axis(), x[3]);
    let other = UnitQuaternion::from_axis_angle(&Unit::new_normalize(Vector3::new(x[0], 1.0, x[1])), x[3]);
    (r * about * p).x + (q * other * p).dot(&(about * p)) + r.into_inner()[(2, 1)]
}

#[test]
fn euler_angles_axes_and_angles() {
    for x in [point(1), point(2), SVector::zeros()] {
        check!(euler, euler_grad, euler_value_and_grad; x => |x| (x, &point(3)));
    }
}

#[derive_grad(hessian)]
fn plane(x: &Vector3<f64>, p: &Point2<f64>, v: &Vector2<f64>) -> f64 {
    let (r, z) = (Rotation2::new(x[0]), UnitComplex::new(x[1]));
    let m = Isometry2::new(Vector2::new(x[0], x[2]), x[1]);
    let moved = m * Translation2::new(x[1], 0.5) * (r * p);
    let w = z * UnitComplex::from_angle(x[2]) * z.inverse();
    (moved - p).norm_squared()
        + (w * v).x
        + z.angle()
        + w.re * w.im
        + r.angle_to(&Rotation2::new(0.3))
        + m.inverse_transform_point(&moved).y
        + (m.inverse() * m.rotation * v).y
        + z.to_rotation_matrix().matrix()[(0, 1)]
}

#[test]
fn rotations_and_isometries_of_the_plane() {
    for x in [point(1), point(2), Vector3::zeros()] {
        let (p, v) = (Point2::new(0.3, -0.8), point(4));
        check!(plane, plane_grad, plane_value_and_grad; x => |x| (x, &p, &v));
        hessian_agrees(&x, |x| plane_grad(x, &p, &v), plane_hessian(&x, &p, &v));
    }
}

#[derive_grad]
fn camera(x: &SVector<f64, 6>, p: &Point3<f64>, seen: &Point2<f64>) -> f64 {
    let pose = Isometry3::new(Vector3::new(x[0], x[1], x[2] + 4.0), Vector3::new(x[3], x[4], x[5]));
    let q = pose.transform_point(p);
    let projected = Point2::new(q.x / q.z, q.y / q.z);
    (projected - seen).norm_squared()
}

#[test]
fn a_camera_sees_a_point() {
    for x in [point(1), point(2), SVector::zeros()] {
        let (p, seen) = (Point3::new(0.3, -0.8, 0.2), Point2::new(0.1, 0.2));
        check!(camera, camera_grad, camera_value_and_grad; x => |x| (x, &p, &seen));
    }
}

#[derive_grad(wrt(t, v))]
fn moved(t: &Vector3<f64>, v: &Vector3<f64>, other: &Isometry3<f64>, p: &Point3<f64>) -> f64 {
    let m = Isometry3::from_parts(Translation3::from(*t), UnitQuaternion::from_scaled_axis(*v));
    let n = IsometryMatrix3::new(*v, *t);
    let chain = m.inverse() * other * m;
    let q = chain * p;
    let back = m.inv_mul(other) * Point3::from(*v);
    (q - p).norm_squared() + nalgebra::distance(&back, &(n * p)) + (n.rotation * t).x
        - (m.translation.vector + other.translation.vector).dot(t)
        + m.to_homogeneous()[(1, 3)]
        + (m * v).x
        + (Translation3::from(*v) * m * other.rotation * Translation3::new(1.0, 2.0, t.x) * p).coords.sum()
}

#[test]
fn isometries_of_space() {
    let other = Isometry3::new(point(5), point(6));
    let p = Point3::new(0.3, -0.8, 0.2);
    check!(moved, moved_grad, moved_value_and_grad; (point(1), point(2)) => |(t, v)| (t, v, &other, &p));
    let start = (point(1), Vector3::zeros());
    check!(moved, moved_grad, moved_value_and_grad; start => |(t, v)| (t, v, &other, &p));
}

#[derive_grad]
fn quaternions(x: &Vector4<f64>, v: &Vector3<f64>) -> f64 {
    let q = Quaternion::new(x[0], x[1], x[2], x[3]);
    let u = UnitQuaternion::from_quaternion(q);
    let product = q * Quaternion::from_parts(x[1], *v) - q.conjugate() * 2.0;
    (u * v).x
        + product.norm()
        + product.dot(&q)
        + (-q).scalar()
        + q.imag().sum() / q.norm_squared()
        + u.angle()
        + u.angle_to(&UnitQuaternion::identity())
        + Quaternion::from(*x).normalize().w
}

#[test]
fn quaternions_of_coordinates() {
    for x in [point(1), point(2), Vector4::new(0.9, 0.1, -0.2, 0.3)] {
        check!(quaternions, quaternions_grad, quaternions_value_and_grad; x => |x| (x, &point(3)));
    }
}

#[derive_grad(wrt(v), hessian)]
fn by_quaternion(v: &Vector3<f64>, q: &UnitQuaternion<f64>, weight: &Matrix3<f64>) -> f64 {
    let between = (q.inverse() * UnitQuaternion::from_scaled_axis(*v)).scaled_axis();
    between.dot(&(weight * between)) + between.x
}

#[derive_grad(wrt(v), hessian)]
fn by_matrix(v: &Vector3<f64>, r: &Rotation3<f64>, weight: &Matrix3<f64>) -> f64 {
    let between = (r.inverse() * Rotation3::from_scaled_axis(*v)).scaled_axis();
    between.dot(&(weight * between)) + between.x
}

#[test]
fn the_way_back_to_the_vector() {
    let start: Vector3<f64> = point(1);
    let (r, q) = (Rotation3::from_scaled_axis(start), UnitQuaternion::from_scaled_axis(start));
    let weight = Matrix3::identity() + point::<3, 3>(2) * 0.1;
    // By the angle 0, by small ones, by others up to almost π.
    for angle in [0.0, 1e-9, 1e-4, 0.3, 1.0, 2.0, 3.0] {
        let turn = UnitQuaternion::from_scaled_axis(Vector3::new(2.0, -1.0, 2.0) / 3.0 * angle);
        let v = (q * turn).scaled_axis();
        check!(by_quaternion, by_quaternion_grad, by_quaternion_value_and_grad; v => |v| (v, &q, &weight));
        let gradient = |v: &Vector3<f64>| by_quaternion_grad(v, &q, &weight);
        hessian_agrees(&v, gradient, by_quaternion_hessian(&v, &q, &weight));
        // nalgebra loses half of the digits of a small angle of a matrix, so differences of its values say nothing.
        let (value, slope) = by_matrix_value_and_grad(&v, &r, &weight);
        same(value, by_quaternion(&v, &q, &weight), 1e-12);
        (0..3).for_each(|k| same(slope[k], gradient(&v)[k], 1e-10));
        hessian_agrees(&v, gradient, by_matrix_hessian(&v, &r, &weight));
    }
}

struct Rig {
    mount: Isometry3<f64>,
    turn: UnitQuaternion<f64>,
}

impl Rig {
    #[derive_grad(wrt(x), types(self.mount = Isometry3<f64>))]
    fn reach(
        &self,
        x: &Vector3<f64>,
        plane: &Isometry2<f64>,
        z: &UnitComplex<f64>,
        r: Rotation3<f64>,
    ) -> f64 {
        let turn: UnitQuaternion<f64> = self.turn;
        let flat = plane * Point2::new(x.x, x.y) + z * Vector2::new(x.z, x.x);
        let tip = self.mount * (turn * Point3::from(*x));
        tip.coords.norm() + flat.x * flat.y + (r * x).z * r.angle() + (turn.to_rotation_matrix() * x).x
    }
}

#[test]
fn given_rotations_are_not_differentiated() {
    let rig = Rig { mount: Isometry3::new(point(5), point(6)), turn: UnitQuaternion::new(point(7)) };
    let (plane, z) = (Isometry2::new(point(3), 0.7), UnitComplex::new(0.4));
    let r = Rotation3::new(point(8));
    common::agree(
        &point(1),
        |x| rig.reach(x, &plane, &z, r),
        |x| rig.reach_grad(x, &plane, &z, r),
        |x| rig.reach_value_and_grad(x, &plane, &z, r),
    );
}

#[derive_grad(wrt(v, t))]
fn registration(v: &Vector3<f64>, t: &Vector3<f64>, from: &[Point3<f64>], to: &[Point3<f64>]) -> f64 {
    let pose = Isometry3::from_parts(Translation3::from(*t), UnitQuaternion::from_scaled_axis(*v));
    from.iter().zip(to.iter()).map(|(p, q)| (pose * p - q).norm_squared()).sum::<f64>()
}

#[test]
fn a_cloud_of_points() {
    let cloud = |seed: u32| (seed..seed + 4).map(|k| Point3::from(point::<3, 1>(k))).collect::<Vec<_>>();
    let (from, to) = (cloud(1), cloud(5));
    for v in [point(1), Vector3::zeros()] {
        check!(registration, registration_grad, registration_value_and_grad;
            (v, point(2)) => |(v, t)| (v, t, &from, &to));
    }
}

#[derive_grad]
fn carried(v: &Vector3<f64>, p: &Vector3<f64>) -> Vector3<f64> {
    Rotation3::new(*v) * p
}

#[test]
fn the_jacobian_at_zero_is_the_negative_cross_matrix() {
    let p: Vector3<f64> = point(2);
    let jacobian = carried_jacobian(&Vector3::zeros(), &p);
    let want = -p.cross_matrix();
    (0..9).for_each(|k| same(jacobian[k], want[k], 1e-15));
}

#[derive_grad(wrt(v))]
fn single(v: &Vector3<f32>, r: &Rotation3<f32>, p: &Vector3<f32>) -> f32 {
    (r * UnitQuaternion::from_scaled_axis(*v).to_rotation_matrix() * p).norm_squared() + (r * v).x
}

#[derive_grad(wrt(v))]
fn generic<T: RealField + Copy>(v: &Vector3<T>, q: &UnitQuaternion<T>, p: &Vector3<T>) -> T {
    let r = Rotation3::from_scaled_axis(*v);
    (q * (r * p)).x
}

#[test]
fn other_types_of_floats() {
    let (r, p) = (Rotation3::new(Vector3::new(0.1, 0.2, 0.3)), Vector3::new(1.0, -2.0, 0.5));
    for v in [Vector3::new(0.4, -0.3, 0.2), Vector3::zeros()] {
        check!(single, single_grad, single_value_and_grad; v => |v| (v, &r, &p));
    }
    let q = UnitQuaternion::new(point(5));
    for v in axes() {
        check!(generic, generic_grad, generic_value_and_grad; v => |v| (v, &q, &point(3)));
    }
}
