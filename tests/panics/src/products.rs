//! Products of matrices, sums, and products entry by entry.

use core::ops::Neg;

use gradmacro::derive_grad;
use nalgebra::{
    Matrix2, Matrix2x3, Matrix3, Matrix3x2, Matrix6, SMatrix, SVector, Vector2, Vector3, Vector6,
};

gradients! {
    #[derive_grad(wrt(a, b))]
    fn sum_and_difference(a: &Matrix3<f32>, b: &Matrix3<f32>, c: &Matrix3<f32>) -> f32 {
        (a + b * 2.0 - c / 3.0).dot(&(a - b))
    }

    #[derive_grad(wrt(a, s))]
    fn scaling(a: &Matrix2x3<f32>, s: f32, c: &Matrix2x3<f32>) -> f32 {
        (s * a).dot(c) + a.scale(s).dot(a) - a.unscale(s).dot(c) + a.add_scalar(s).neg().norm_squared()
    }

    #[derive_grad(wrt(a, b))]
    fn matrix_product(a: &SMatrix<f32, 3, 4>, b: &SMatrix<f32, 4, 2>, c: &Matrix3x2<f32>) -> f32 {
        (a * b).dot(c)
    }

    #[derive_grad(wrt(a, b))]
    fn matrix_product_6(a: &Matrix6<f32>, b: &Matrix6<f32>, c: &Matrix6<f32>) -> f32 {
        (a * b * c).norm_squared()
    }

    #[derive_grad(wrt(a, b))]
    fn matrix_product_12(a: &SMatrix<f32, 12, 12>, b: &SMatrix<f32, 12, 12>) -> f32 {
        (a * b).norm_squared()
    }

    #[derive_grad(wrt(a, x))]
    fn matrix_vector_product(a: &SMatrix<f32, 8, 3>, x: &Vector3<f32>, y: &SVector<f32, 8>) -> f32 {
        0.5 * (a * x - y).norm_squared()
    }

    #[derive_grad(wrt(a, b))]
    fn transposed_products(a: &Matrix3x2<f32>, b: &Matrix3x2<f32>, c: &Matrix2<f32>) -> f32 {
        a.tr_mul(b).dot(c) + (a.transpose() * b).trace() + a.ad_mul(b).tr_dot(c) + (a * b.adjoint()).trace()
    }

    #[derive_grad(wrt(a))]
    #[allow(deprecated)]
    fn conjugates_of_reals(a: &Matrix3<f32>, b: &Matrix3<f32>) -> f32 {
        a.conjugate().dotc(b) + a.conjugate_transpose().dot(b)
    }

    #[derive_grad(wrt(x, y))]
    fn inner_product(x: &Vector6<f32>, y: &Vector6<f32>) -> f32 {
        x.dot(y) * (x.transpose() * y)[0]
            + (x.transpose() * y).into_scalar() * (x.transpose() * x).to_scalar()
            + (y.transpose() * y).as_scalar()
    }

    #[derive_grad(wrt(x, y))]
    fn outer_product(x: &Vector3<f32>, y: &Vector2<f32>, a: &Matrix3x2<f32>) -> f32 {
        (x * y.transpose() - a).norm_squared()
    }

    #[derive_grad(wrt(x, a))]
    fn quadratic_form(x: &Vector3<f32>, a: &Matrix3<f32>) -> f32 {
        x.dot(&(a * x)) + (x.transpose() * a * x)[0]
    }

    #[derive_grad(wrt(a, b))]
    fn entrywise_products(a: &Matrix2x3<f32>, b: &Matrix2x3<f32>) -> f32 {
        (a.component_mul(b) - a.component_div(b)).norm_squared()
    }

    #[derive_grad(wrt(a, b))]
    fn zipped_entries(a: &Vector6<f32>, b: &Vector6<f32>, c: &Vector6<f32>) -> f32 {
        a.zip_map(b, |x, y| x * x * y).sum() + a.zip_zip_map(b, c, |x, y, z| x * y / z).sum()
    }

    #[derive_grad(wrt(a, b))]
    fn kronecker_product(a: &Matrix2<f32>, b: &Matrix3<f32>, c: &Matrix6<f32>) -> f32 {
        a.kronecker(b).dot(c)
    }

    #[derive_grad(wrt(a, b, x))]
    fn kronecker_product_times_vector(a: &Matrix2<f32>, b: &Matrix3<f32>, x: &Vector6<f32>) -> f32 {
        (a.kronecker(b) * x).norm_squared()
    }

    #[derive_grad]
    fn matrix_power(a: &Matrix3<f32>, x: &Vector3<f32>) -> f32 {
        x.dot(&(a.pow(5) * x)) + a.pow(2).trace() + a.pow(0).sum()
    }

    #[derive_grad(wrt(a, b))]
    fn cross_product(a: &Vector3<f32>, b: &Vector3<f32>, c: &Vector3<f32>) -> f32 {
        a.cross(b).dot(c)
    }

    #[derive_grad(wrt(a))]
    fn cross_matrix_of_vector(a: &Vector3<f32>, b: &Matrix3<f32>) -> f32 {
        (a.cross_matrix() * b).trace()
    }

    #[derive_grad(wrt(p, q, t))]
    fn perp_and_lerp(p: &Vector2<f32>, q: &Vector2<f32>, t: f32) -> f32 {
        p.perp(q) * p.lerp(q, t).norm_squared()
    }

    #[derive_grad(wrt(a, b))]
    fn traces_of_products(a: &Matrix3x2<f32>, b: &Matrix2x3<f32>, c: &Matrix3<f32>) -> f32 {
        (a * b).trace() * (a * b * c).trace() + (a * b * c * a * b).trace()
    }
}

jacobians! {
    #[derive_grad(wrt(a))]
    fn jacobian_of_product(a: &Matrix3x2<f32>, b: &Matrix2x3<f32>) -> Matrix3<f32> {
        a * b
    }

    #[derive_grad]
    fn jacobian_of_cross_product(a: &Vector3<f32>, b: &Vector3<f32>) -> Vector3<f32> {
        a.cross(b)
    }

    #[derive_grad(wrt(a, b))]
    fn jacobian_of_kronecker_product(a: &Matrix2<f32>, b: &Vector2<f32>) -> SMatrix<f32, 4, 2> {
        a.kronecker(b)
    }
}
