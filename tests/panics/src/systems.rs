//! Determinants and inverses.

use gradmacro::derive_grad;
use nalgebra::{
    ComplexField, Matrix1, Matrix2, Matrix3, Matrix4, Matrix5, Matrix6, SMatrix, Vector3, Vector4, Vector6,
};

gradients! {
    #[derive_grad]
    fn determinant_1(a: &Matrix1<f32>) -> f32 {
        a.determinant()
    }

    #[derive_grad]
    fn determinant_2(a: &Matrix2<f32>) -> f32 {
        a.determinant()
    }

    #[derive_grad]
    fn determinant_3(a: &Matrix3<f32>) -> f32 {
        a.determinant()
    }

    #[derive_grad]
    fn determinant_4(a: &Matrix4<f32>) -> f32 {
        a.determinant()
    }

    #[derive_grad]
    fn determinant_5(a: &Matrix5<f32>) -> f32 {
        a.determinant()
    }

    #[derive_grad]
    fn determinant_6(a: &Matrix6<f32>) -> f32 {
        a.determinant()
    }

    #[derive_grad]
    fn determinant_8(a: &SMatrix<f32, 8, 8>) -> f32 {
        a.determinant()
    }

    #[derive_grad]
    fn determinant_by_lu_3(a: &Matrix3<f32>) -> f32 {
        a.lu().determinant() + a.full_piv_lu().determinant()
    }

    #[derive_grad]
    fn determinant_by_lu_5(a: &Matrix5<f32>) -> f32 {
        a.lu().determinant() + a.full_piv_lu().determinant()
    }

    #[derive_grad]
    fn logarithm_of_determinant_3(a: &Matrix3<f32>) -> f32 {
        a.determinant().ln()
    }

    #[derive_grad]
    fn logarithm_of_determinant_5(a: &Matrix5<f32>) -> f32 {
        a.determinant().ln()
    }

    #[derive_grad]
    fn logarithm_of_abs_determinant_3(a: &Matrix3<f32>) -> f32 {
        a.determinant().abs().ln()
    }

    #[derive_grad]
    fn logarithm_of_abs_determinant_5(a: &Matrix5<f32>) -> f32 {
        a.determinant().abs().ln()
    }

    #[derive_grad]
    fn inverse_2(a: &Matrix2<f32>, b: &Matrix2<f32>) -> Option<f32> {
        Some(a.try_inverse()?.dot(b))
    }

    #[derive_grad]
    fn inverse_3(a: &Matrix3<f32>, b: &Matrix3<f32>) -> Option<f32> {
        Some(a.try_inverse()?.dot(b))
    }

    #[derive_grad]
    fn inverse_4(a: &Matrix4<f32>, b: &Matrix4<f32>) -> Option<f32> {
        Some(a.try_inverse()?.dot(b))
    }

    #[derive_grad]
    fn inverse_5(a: &Matrix5<f32>, b: &Matrix5<f32>) -> Option<f32> {
        Some(a.try_inverse()?.dot(b))
    }

    #[derive_grad]
    fn inverse_6(a: &Matrix6<f32>, b: &Matrix6<f32>) -> Option<f32> {
        Some(a.try_inverse()?.dot(b))
    }

    #[derive_grad]
    fn inverse_8(a: &SMatrix<f32, 8, 8>, b: &SMatrix<f32, 8, 8>) -> Option<f32> {
        Some(a.try_inverse()?.dot(b))
    }

    #[derive_grad(wrt(a), symmetric(a))]
    fn inverse_of_symmetric_3(a: &Matrix3<f32>, b: &Matrix3<f32>) -> Option<f32> {
        Some(a.try_inverse()?.dot(b))
    }

    #[derive_grad(wrt(a), symmetric(a))]
    fn inverse_of_symmetric_6(a: &Matrix6<f32>, b: &Matrix6<f32>) -> Option<f32> {
        Some(a.try_inverse()?.dot(b))
    }

    #[derive_grad(wrt(a), spd(a))]
    fn inverse_of_definite_3(a: &Matrix3<f32>, b: &Matrix3<f32>) -> Option<f32> {
        Some(a.try_inverse()?.dot(b) + a.determinant().ln())
    }

    #[derive_grad(wrt(a), spd(a))]
    fn inverse_of_definite_6(a: &Matrix6<f32>, b: &Matrix6<f32>) -> Option<f32> {
        Some(a.try_inverse()?.dot(b) + a.determinant().ln())
    }

    #[derive_grad(wrt(a), lower(a))]
    fn inverse_of_triangular_4(a: &Matrix4<f32>, b: &Vector4<f32>) -> Option<f32> {
        Some((a.try_inverse()? * b).norm_squared())
    }

    #[derive_grad(wrt(a), diagonal(a))]
    fn inverse_of_diagonal_4(a: &Matrix4<f32>, b: &Vector4<f32>) -> Option<f32> {
        Some((a.try_inverse()? * b).norm_squared())
    }

    #[derive_grad]
    fn inverse_by_lu_2(a: &Matrix2<f32>, b: &Matrix2<f32>) -> Option<f32> {
        Some(a.lu().try_inverse()?.dot(b))
    }

    #[derive_grad]
    fn inverse_by_lu_3(a: &Matrix3<f32>, b: &Matrix3<f32>) -> Option<f32> {
        Some(a.lu().try_inverse()?.dot(b))
    }

    #[derive_grad]
    fn inverse_by_lu_4(a: &Matrix4<f32>, b: &Matrix4<f32>) -> Option<f32> {
        Some(a.lu().try_inverse()?.dot(b))
    }

    #[derive_grad]
    fn inverse_by_lu_5(a: &Matrix5<f32>, b: &Matrix5<f32>) -> Option<f32> {
        Some(a.lu().try_inverse()?.dot(b))
    }

    #[derive_grad]
    fn inverse_by_lu_6(a: &Matrix6<f32>, b: &Matrix6<f32>) -> Option<f32> {
        Some(a.lu().try_inverse()?.dot(b))
    }
}

jacobians! {
    #[derive_grad]
    fn jacobian_of_inverse_2(a: &Matrix2<f32>) -> Option<Matrix2<f32>> {
        a.try_inverse()
    }

    #[derive_grad]
    fn jacobian_of_inverse_4(a: &Matrix4<f32>) -> Option<Matrix4<f32>> {
        a.try_inverse()
    }

    #[derive_grad]
    fn jacobian_of_inverse_5(a: &Matrix5<f32>) -> Option<Matrix5<f32>> {
        a.try_inverse()
    }

    #[derive_grad(wrt(a, b))]
    fn jacobian_of_solution_3(a: &Matrix3<f32>, b: &Vector3<f32>) -> Option<Vector3<f32>> {
        a.lu().solve(b)
    }

    #[derive_grad(wrt(b))]
    fn jacobian_of_solution_6(a: &Matrix6<f32>, b: &Vector6<f32>) -> Option<Vector6<f32>> {
        a.lu().solve(b)
    }
}
