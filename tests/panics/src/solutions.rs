//! Solutions of systems, by every factorisation.

use gradmacro::derive_grad;
use nalgebra::{
    Matrix2, Matrix3, Matrix4, Matrix5, Matrix6, SMatrix, SVector, Vector2, Vector3, Vector4, Vector5,
    Vector6,
};

gradients! {
    #[derive_grad(wrt(a, b))]
    fn solution_by_lu_2(a: &Matrix2<f32>, b: &Vector2<f32>) -> Option<f32> {
        Some(a.lu().solve(b)?.norm_squared())
    }

    #[derive_grad(wrt(a, b))]
    fn solution_by_lu_3(a: &Matrix3<f32>, b: &Vector3<f32>) -> Option<f32> {
        Some(a.lu().solve(b)?.norm_squared())
    }

    #[derive_grad(wrt(a, b))]
    fn solution_by_lu_4(a: &Matrix4<f32>, b: &Vector4<f32>) -> Option<f32> {
        Some(a.lu().solve(b)?.norm_squared())
    }

    #[derive_grad(wrt(a, b))]
    fn solution_by_lu_5(a: &Matrix5<f32>, b: &Vector5<f32>) -> Option<f32> {
        Some(a.lu().solve(b)?.norm_squared())
    }

    #[derive_grad(wrt(a, b))]
    fn solution_by_lu_6(a: &Matrix6<f32>, b: &Vector6<f32>) -> Option<f32> {
        Some(a.lu().solve(b)?.norm_squared())
    }

    #[derive_grad(wrt(a, b))]
    fn solution_by_lu_8(a: &SMatrix<f32, 8, 8>, b: &SVector<f32, 8>) -> Option<f32> {
        Some(a.lu().solve(b)?.norm_squared())
    }

    #[derive_grad(wrt(a, b))]
    fn solution_by_full_piv_lu_2(a: &Matrix2<f32>, b: &Vector2<f32>) -> Option<f32> {
        Some(a.full_piv_lu().solve(b)?.norm_squared())
    }

    #[derive_grad(wrt(a, b))]
    fn solution_by_full_piv_lu_3(a: &Matrix3<f32>, b: &Vector3<f32>) -> Option<f32> {
        Some(a.full_piv_lu().solve(b)?.norm_squared())
    }

    #[derive_grad(wrt(a, b))]
    fn solution_by_full_piv_lu_6(a: &Matrix6<f32>, b: &Vector6<f32>) -> Option<f32> {
        Some(a.full_piv_lu().solve(b)?.norm_squared())
    }

    #[derive_grad(wrt(a, b))]
    fn solution_by_qr_2(a: &Matrix2<f32>, b: &Vector2<f32>) -> Option<f32> {
        Some(a.qr().solve(b)?.norm_squared())
    }

    #[derive_grad(wrt(a, b))]
    fn solution_by_qr_3(a: &Matrix3<f32>, b: &Vector3<f32>) -> Option<f32> {
        Some(a.qr().solve(b)?.norm_squared())
    }

    #[derive_grad(wrt(a, b))]
    fn solution_by_qr_4(a: &Matrix4<f32>, b: &Vector4<f32>) -> Option<f32> {
        Some(a.qr().solve(b)?.norm_squared())
    }

    #[derive_grad(wrt(a, b))]
    fn solution_by_qr_6(a: &Matrix6<f32>, b: &Vector6<f32>) -> Option<f32> {
        Some(a.qr().solve(b)?.norm_squared())
    }

    #[derive_grad]
    fn inverse_by_qr_3(a: &Matrix3<f32>, b: &Matrix3<f32>) -> Option<f32> {
        Some(a.qr().try_inverse()?.dot(b))
    }

    #[derive_grad(wrt(a, b))]
    fn solution_by_inverse_5(a: &Matrix5<f32>, b: &Vector5<f32>) -> Option<f32> {
        Some((a.try_inverse()? * b).norm_squared())
    }

    #[derive_grad(wrt(a, b))]
    fn solution_of_many_right_sides_5(a: &Matrix5<f32>, b: &SMatrix<f32, 5, 3>) -> Option<f32> {
        Some(a.lu().solve(b)?.norm_squared())
    }

    #[derive_grad(wrt(a, b))]
    fn solution_by_reference_3(a: &Matrix3<f32>, b: &Vector3<f32>) -> Option<f32> {
        Some(a.cholesky().as_ref()?.solve(b).norm_squared())
    }

    #[derive_grad(wrt(a, b))]
    fn solution_by_cholesky_2(a: &Matrix2<f32>, b: &Vector2<f32>) -> Option<f32> {
        Some(a.cholesky()?.solve(b).norm_squared())
    }

    #[derive_grad(wrt(a, b))]
    fn solution_by_cholesky_3(a: &Matrix3<f32>, b: &Vector3<f32>) -> Option<f32> {
        Some(a.cholesky()?.solve(b).norm_squared())
    }

    #[derive_grad(wrt(a, b))]
    fn solution_by_cholesky_4(a: &Matrix4<f32>, b: &Vector4<f32>) -> Option<f32> {
        Some(a.cholesky()?.solve(b).norm_squared())
    }

    #[derive_grad(wrt(a, b))]
    fn solution_by_cholesky_6(a: &Matrix6<f32>, b: &Vector6<f32>) -> Option<f32> {
        Some(a.cholesky()?.solve(b).norm_squared())
    }

    #[derive_grad(wrt(a, b))]
    fn solution_by_cholesky_8(a: &SMatrix<f32, 8, 8>, b: &SVector<f32, 8>) -> Option<f32> {
        Some(a.cholesky()?.solve(b).norm_squared())
    }

    #[derive_grad(wrt(a), spd(a))]
    fn inverse_by_cholesky_2(a: &Matrix2<f32>, b: &Matrix2<f32>) -> Option<f32> {
        Some(a.cholesky()?.inverse().dot(b))
    }

    #[derive_grad(wrt(a), spd(a))]
    fn inverse_by_cholesky_3(a: &Matrix3<f32>, b: &Matrix3<f32>) -> Option<f32> {
        Some(a.cholesky()?.inverse().dot(b))
    }

    #[derive_grad(wrt(a), spd(a))]
    fn inverse_by_cholesky_4(a: &Matrix4<f32>, b: &Matrix4<f32>) -> Option<f32> {
        Some(a.cholesky()?.inverse().dot(b))
    }

    #[derive_grad(wrt(a), spd(a))]
    fn inverse_by_cholesky_6(a: &Matrix6<f32>, b: &Matrix6<f32>) -> Option<f32> {
        Some(a.cholesky()?.inverse().dot(b))
    }

    #[derive_grad(wrt(a), spd(a))]
    fn logarithm_of_determinant_by_cholesky_2(a: &Matrix2<f32>) -> Option<f32> {
        let c = a.cholesky()?;
        Some(c.ln_determinant() + c.determinant())
    }

    #[derive_grad(wrt(a), spd(a))]
    fn logarithm_of_determinant_by_cholesky_3(a: &Matrix3<f32>) -> Option<f32> {
        let c = a.cholesky()?;
        Some(c.ln_determinant() + c.determinant())
    }

    #[derive_grad(wrt(a), spd(a))]
    fn logarithm_of_determinant_by_cholesky_4(a: &Matrix4<f32>) -> Option<f32> {
        let c = a.cholesky()?;
        Some(c.ln_determinant() + c.determinant())
    }

    #[derive_grad(wrt(a), spd(a))]
    fn logarithm_of_determinant_by_cholesky_6(a: &Matrix6<f32>) -> Option<f32> {
        let c = a.cholesky()?;
        Some(c.ln_determinant() + c.determinant())
    }

    #[derive_grad]
    fn cholesky_factor_2(a: &Matrix2<f32>, b: &Matrix2<f32>) -> Option<f32> {
        Some(a.cholesky()?.l().dot(b))
    }

    #[derive_grad]
    fn cholesky_factor_3(a: &Matrix3<f32>, b: &Matrix3<f32>) -> Option<f32> {
        Some(a.cholesky()?.l().dot(b))
    }

    #[derive_grad]
    fn cholesky_factor_4(a: &Matrix4<f32>, b: &Matrix4<f32>) -> Option<f32> {
        Some(a.cholesky()?.l().dot(b))
    }

    #[derive_grad]
    fn cholesky_factor_6(a: &Matrix6<f32>, b: &Matrix6<f32>) -> Option<f32> {
        Some(a.cholesky()?.l().dot(b))
    }

    #[derive_grad(wrt(x, s), spd(s))]
    fn gaussian_density_3(x: &Vector3<f32>, s: &Matrix3<f32>) -> Option<f32> {
        let c = s.cholesky()?;
        Some(0.5 * x.dot(&c.solve(x)) + 0.5 * c.ln_determinant())
    }

    #[derive_grad(wrt(x, s), spd(s))]
    fn gaussian_density_6(x: &Vector6<f32>, s: &Matrix6<f32>) -> Option<f32> {
        let c = s.cholesky()?;
        Some(0.5 * x.dot(&c.solve(x)) + 0.5 * c.ln_determinant())
    }
}
