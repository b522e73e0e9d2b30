//! Rotations, quaternions, isometries and points that are made of differentiated vectors and angles.

use gradmacro::derive_grad;
use nalgebra::{
    Isometry2, Isometry3, IsometryMatrix3, Matrix2, Matrix3, Point2, Point3, Quaternion, Rotation2,
    Rotation3, Translation2, Translation3, Unit, UnitComplex, UnitQuaternion, Vector2, Vector3, Vector4,
};

gradients! {
    #[derive_grad]
    fn rotation_of_plane(angle: f32, p: &Vector2<f32>) -> f32 {
        let r = Rotation2::new(angle);
        (r * p).x * (r.inverse() * p).y + r.angle() + r.angle_to(&Rotation2::new(0.3)) + r.matrix()[(0, 1)]
    }

    #[derive_grad]
    fn unit_complex(angle: f32, p: &Vector2<f32>) -> f32 {
        let z = UnitComplex::from_angle(angle);
        let w = z * UnitComplex::new(0.2) * UnitComplex::from_cos_sin_unchecked(0.6, 0.8);
        (w * p).x
            + w.cos_angle() * w.sin_angle()
            + z.to_rotation_matrix().matrix()[(0, 1)]
            + w.angle()
            + UnitComplex::from_rotation_matrix(&Rotation2::new(angle)).conjugate().re
    }

    #[derive_grad]
    fn isometry_of_plane(x: &Vector3<f32>, p: &Point2<f32>) -> f32 {
        let m = Isometry2::new(Vector2::new(x[0], x[1]), x[2]);
        let q = m * Translation2::new(x[1], 0.5) * p;
        (q - p).norm_squared() + m.inverse_transform_point(&q).y + (m.inverse() * m.rotation * p).x
    }

    #[derive_grad(wrt(v))]
    fn rotation_by_scaled_axis(v: &Vector3<f32>, p: &Vector3<f32>, q: &Vector3<f32>) -> f32 {
        (Rotation3::from_scaled_axis(*v) * p - q).norm_squared() + (Rotation3::new(*v).transpose() * p).x
    }

    #[derive_grad(wrt(v))]
    fn quaternion_by_scaled_axis(v: &Vector3<f32>, p: &Vector3<f32>, q: &Vector3<f32>) -> f32 {
        let r = UnitQuaternion::from_scaled_axis(*v);
        (r * p).dot(q) + r.transform_vector(p).x - r.inverse_transform_vector(p).z + (r.inverse() * q).y
    }

    #[derive_grad(wrt(a, b))]
    fn composed_rotations(a: &Vector3<f32>, b: &Vector3<f32>, m: &Matrix3<f32>) -> f32 {
        let (r, s) = (Rotation3::new(*a), UnitQuaternion::new(*b));
        let product = r * s.to_rotation_matrix().transpose() / r.inverse();
        let q = s * UnitQuaternion::from_scaled_axis(*a) / s;
        (product.matrix() * m).trace() + q.w * q.i - q.coords.norm_squared() * q.vector().sum()
            + (q.to_homogeneous() * product.to_homogeneous())[(1, 2)]
            + (product.into_inner() * m).sum()
    }

    #[derive_grad]
    fn rotation_by_euler_angles(x: &Vector4<f32>, p: &Vector3<f32>) -> f32 {
        let r = Rotation3::from_euler_angles(x[0], x[1], x[2]);
        let q = UnitQuaternion::from_euler_angles(x[2], x[0], x[1]);
        (r * p).x + (q * p).y
    }

    #[derive_grad]
    fn rotation_by_axis_and_angle(x: &Vector4<f32>, p: &Vector3<f32>) -> f32 {
        let about = Rotation3::from_axis_angle(&Vector3::y_axis(), x[3]);
        let axis = Unit::new_normalize(Vector3::new(x[0], 1.0, x[1]));
        let other = UnitQuaternion::from_axis_angle(&axis, x[3]);
        (other * p).dot(&(about * p))
    }

    #[derive_grad(wrt(v))]
    fn scaled_axis_of_quaternion(v: &Vector3<f32>, q: &UnitQuaternion<f32>) -> f32 {
        (q.inverse() * UnitQuaternion::from_scaled_axis(*v)).scaled_axis().norm_squared()
    }

    #[derive_grad(wrt(v))]
    fn scaled_axis_of_rotation(v: &Vector3<f32>, r: &Rotation3<f32>) -> f32 {
        r.rotation_to(&Rotation3::from_scaled_axis(*v)).scaled_axis().norm_squared()
    }

    #[derive_grad]
    fn angle_of_quaternion(x: &Vector4<f32>, v: &Vector3<f32>) -> f32 {
        let u = UnitQuaternion::from_quaternion(Quaternion::new(x[0], x[1], x[2], x[3]));
        (u * v).x
            + u.angle()
            + u.angle_to(&UnitQuaternion::identity())
            + UnitQuaternion::new_normalize(Quaternion::from(*x)).w
    }

    #[derive_grad]
    fn plain_quaternions(x: &Vector4<f32>, v: &Vector3<f32>) -> f32 {
        let q = Quaternion::new(x[0], x[1], x[2], x[3]);
        let product = q * Quaternion::from_parts(x[1], *v) - q.conjugate() * Quaternion::from_imag(*v)
            + Quaternion::from_real(x[0]);
        product.norm()
            + product.dot(&q)
            + (-q).scalar()
            + q.imag().sum() / q.norm_squared()
            + q.normalize().w
            + q.magnitude() * q.magnitude_squared()
            + q.as_vector().sum()
    }

    #[derive_grad]
    fn rotations_taken_as_they_are(x: &Vector4<f32>, m: &Matrix3<f32>, p: &Vector3<f32>) -> f32 {
        let r = Rotation3::from_matrix_unchecked(m * x[0]);
        let u = UnitQuaternion::new_unchecked(Quaternion::from(*x));
        (r * p).x
            + (u.quaternion().clone() * Quaternion::from_real(x[1])).w
            + UnitQuaternion::from_rotation_matrix(&Rotation3::new(*p)).w * x[0]
    }

    #[derive_grad(wrt(t, v))]
    fn isometry_of_space(t: &Vector3<f32>, v: &Vector3<f32>, other: &Isometry3<f32>, p: &Point3<f32>) -> f32 {
        let m = Isometry3::from_parts(Translation3::from(*t), UnitQuaternion::from_scaled_axis(*v));
        let back = m.inv_mul(other) * Point3::from(*v);
        (m.inverse() * other * m * p - p).norm_squared()
            + nalgebra::distance(&back, &(IsometryMatrix3::new(*v, *t) * p))
            + m.to_homogeneous()[(1, 3)]
            + m.translation.vector.dot(t)
            + m.to_matrix()[(0, 3)]
    }

    #[derive_grad]
    fn projected_point(x: &nalgebra::Vector6<f32>, p: &Point3<f32>, seen: &Point2<f32>) -> f32 {
        let pose = Isometry3::new(Vector3::new(x[0], x[1], x[2] + 4.0), Vector3::new(x[3], x[4], x[5]));
        let q = pose.transform_point(p) - Point3::origin();
        (Point2::new(q.x / q.z, q.y / q.z) - seen).norm_squared()
    }

    #[derive_grad(wrt(v, t))]
    fn registration_of_points(
        v: &Vector3<f32>,
        t: &Vector3<f32>,
        from: &[Point3<f32>],
        to: &[Point3<f32>],
    ) -> f32 {
        let pose = Isometry3::from_parts(Translation3::from(*t), UnitQuaternion::from_scaled_axis(*v));
        from.iter().zip(to.iter()).map(|(p, q)| (pose * p - q).norm_squared()).sum::<f32>()
    }
}

jacobians! {
    #[derive_grad(wrt(v))]
    fn jacobian_of_rotated_vector(v: &Vector3<f32>, p: &Vector3<f32>) -> Vector3<f32> {
        Rotation3::new(*v) * p
    }

    #[derive_grad]
    fn jacobian_of_plane_rotation(angle: f32) -> Matrix2<f32> {
        Rotation2::new(angle).into_inner()
    }
}
