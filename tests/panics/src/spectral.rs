//! Eigenvalues and singular values.

use gradmacro::derive_grad;
use nalgebra::{ComplexField, Matrix2, Matrix3, Matrix4, Matrix6, SMatrix};

gradients! {
    #[derive_grad]
    fn symmetric_eigenvalues_sum_of_map_2(a: &Matrix2<f32>) -> f32 {
        a.symmetric_eigenvalues().map(|v| v * v * v).sum()
    }

    #[derive_grad]
    fn symmetric_eigenvalues_sum_of_map_3(a: &Matrix3<f32>) -> f32 {
        a.symmetric_eigenvalues().map(|v| v * v * v).sum()
    }

    #[derive_grad]
    fn symmetric_eigenvalues_sum_of_map_4(a: &Matrix4<f32>) -> f32 {
        a.symmetric_eigenvalues().map(|v| v * v * v).sum()
    }

    #[derive_grad]
    fn symmetric_eigenvalues_sum_of_map_6(a: &Matrix6<f32>) -> f32 {
        a.symmetric_eigenvalues().map(|v| v * v * v).sum()
    }

    #[derive_grad]
    fn symmetric_eigenvalues_extrema_2(a: &Matrix2<f32>) -> f32 {
        let e = a.symmetric_eigen().eigenvalues;
        e.max() - e.min()
    }

    #[derive_grad]
    fn symmetric_eigenvalues_extrema_3(a: &Matrix3<f32>) -> f32 {
        let e = a.symmetric_eigen().eigenvalues;
        e.max() - e.min()
    }

    #[derive_grad]
    fn symmetric_eigenvalues_extrema_4(a: &Matrix4<f32>) -> f32 {
        let e = a.symmetric_eigen().eigenvalues;
        e.max() - e.min()
    }

    #[derive_grad]
    fn symmetric_eigenvalues_extrema_6(a: &Matrix6<f32>) -> f32 {
        let e = a.symmetric_eigen().eigenvalues;
        e.max() - e.min()
    }

    #[derive_grad(wrt(a), symmetric(a))]
    fn symmetric_eigenvalues_stated_3(a: &Matrix3<f32>) -> f32 {
        a.symmetric_eigenvalues().map(|v| v.exp()).sum()
    }

    #[derive_grad]
    fn singular_values_sum_2(a: &Matrix2<f32>) -> f32 {
        a.singular_values().sum()
    }

    #[derive_grad]
    fn singular_values_sum_3(a: &Matrix3<f32>) -> f32 {
        a.singular_values().sum()
    }

    #[derive_grad]
    fn singular_values_sum_4(a: &Matrix4<f32>) -> f32 {
        a.singular_values().sum()
    }

    #[derive_grad]
    fn singular_values_sum_6(a: &Matrix6<f32>) -> f32 {
        a.singular_values().sum()
    }

    #[derive_grad]
    fn singular_values_largest_2(a: &Matrix2<f32>) -> f32 {
        a.singular_values().max()
    }

    #[derive_grad]
    fn singular_values_largest_3(a: &Matrix3<f32>) -> f32 {
        a.singular_values().max()
    }

    #[derive_grad]
    fn singular_values_largest_4(a: &Matrix4<f32>) -> f32 {
        a.singular_values().max()
    }

    #[derive_grad]
    fn singular_values_largest_6(a: &Matrix6<f32>) -> f32 {
        a.singular_values().max()
    }

    #[derive_grad]
    fn singular_values_tall(a: &SMatrix<f32, 5, 3>) -> f32 {
        a.singular_values().norm_squared() + a.singular_values().sum()
    }

    #[derive_grad]
    fn singular_values_wide(a: &SMatrix<f32, 2, 4>) -> f32 {
        a.singular_values().norm_squared() + a.singular_values().sum()
    }

    #[derive_grad]
    fn singular_values_by_svd_3(a: &Matrix3<f32>) -> f32 {
        a.svd(true, true).singular_values.product()
    }

    #[derive_grad]
    fn singular_values_unordered_3(a: &Matrix3<f32>) -> f32 {
        a.singular_values_unordered().sum() + a.svd_unordered(false, false).singular_values.max()
    }

    #[derive_grad]
    fn singular_values_by_index_3(a: &Matrix3<f32>) -> f32 {
        let s = a.singular_values();
        s[0] / s[2]
    }
}
