//! Solutions of triangular systems, and pseudo-inverses.

use gradmacro::derive_grad;
use nalgebra::{Matrix2, Matrix3, Matrix4, Matrix6, SMatrix, Vector2, Vector3, Vector4, Vector6};

gradients! {
    #[derive_grad(wrt(a, b))]
    fn lower_triangular_solution_2(a: &Matrix2<f32>, b: &Vector2<f32>) -> Option<f32> {
        Some(a.solve_lower_triangular(b)?.norm_squared())
    }

    #[derive_grad(wrt(a, b))]
    fn lower_triangular_solution_3(a: &Matrix3<f32>, b: &Vector3<f32>) -> Option<f32> {
        Some(a.solve_lower_triangular(b)?.norm_squared())
    }

    #[derive_grad(wrt(a, b))]
    fn lower_triangular_solution_4(a: &Matrix4<f32>, b: &Vector4<f32>) -> Option<f32> {
        Some(a.solve_lower_triangular(b)?.norm_squared())
    }

    #[derive_grad(wrt(a, b))]
    fn lower_triangular_solution_6(a: &Matrix6<f32>, b: &Vector6<f32>) -> Option<f32> {
        Some(a.solve_lower_triangular(b)?.norm_squared())
    }

    #[derive_grad(wrt(a, b))]
    fn upper_triangular_solution_2(a: &Matrix2<f32>, b: &Vector2<f32>) -> Option<f32> {
        Some(a.solve_upper_triangular(b)?.norm_squared())
    }

    #[derive_grad(wrt(a, b))]
    fn upper_triangular_solution_3(a: &Matrix3<f32>, b: &Vector3<f32>) -> Option<f32> {
        Some(a.solve_upper_triangular(b)?.norm_squared())
    }

    #[derive_grad(wrt(a, b))]
    fn upper_triangular_solution_4(a: &Matrix4<f32>, b: &Vector4<f32>) -> Option<f32> {
        Some(a.solve_upper_triangular(b)?.norm_squared())
    }

    #[derive_grad(wrt(a, b))]
    fn upper_triangular_solution_6(a: &Matrix6<f32>, b: &Vector6<f32>) -> Option<f32> {
        Some(a.solve_upper_triangular(b)?.norm_squared())
    }

    #[derive_grad(wrt(a, b))]
    fn transposed_triangular_solutions_3(a: &Matrix3<f32>, b: &Vector3<f32>) -> Option<f32> {
        Some(a.tr_solve_lower_triangular(b)?.dot(&a.tr_solve_upper_triangular(b)?))
    }

    #[derive_grad(wrt(a, b))]
    fn transposed_triangular_solutions_6(a: &Matrix6<f32>, b: &Vector6<f32>) -> Option<f32> {
        Some(a.tr_solve_lower_triangular(b)?.dot(&a.tr_solve_upper_triangular(b)?))
    }

    #[derive_grad(wrt(a, b))]
    fn adjoint_triangular_solutions_3(a: &Matrix3<f32>, b: &Vector3<f32>) -> Option<f32> {
        Some(a.ad_solve_lower_triangular(b)?.dot(&a.ad_solve_upper_triangular(b)?))
    }

    #[derive_grad(wrt(a, b))]
    fn unchecked_triangular_solutions_4(a: &Matrix4<f32>, b: &Vector4<f32>) -> f32 {
        a.solve_lower_triangular_unchecked(b).dot(&a.solve_upper_triangular_unchecked(b))
    }

    #[derive_grad(wrt(a, b))]
    fn unchecked_transposed_triangular_solutions_4(a: &Matrix4<f32>, b: &Vector4<f32>) -> f32 {
        a.tr_solve_lower_triangular_unchecked(b).dot(&a.tr_solve_upper_triangular_unchecked(b))
            + a.ad_solve_lower_triangular_unchecked(b).dot(&a.ad_solve_upper_triangular_unchecked(b))
    }

    #[derive_grad]
    fn pseudo_inverse_tall(a: &SMatrix<f32, 6, 3>, y: &Vector6<f32>) -> Option<f32> {
        Some((a.pseudo_inverse(1e-6).ok()? * y).norm_squared())
    }

    #[derive_grad]
    fn pseudo_inverse_wide(a: &SMatrix<f32, 2, 5>, y: &Vector2<f32>) -> Option<f32> {
        Some((a.pseudo_inverse(1e-6).ok()? * y).norm_squared())
    }
}
