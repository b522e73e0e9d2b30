//! Sums, means, extrema and norms.

use gradmacro::derive_grad;
use nalgebra::{ComplexField, EuclideanNorm};
use nalgebra::{LpNorm, Matrix3, Matrix3x4, UniformNorm, Vector3, Vector4, Vector6};

gradients! {
    #[derive_grad]
    fn sum_and_mean(x: &Matrix3x4<f32>) -> f32 {
        x.sum() * x.mean()
    }

    #[derive_grad]
    fn variance_of_entries(x: &Matrix3x4<f32>) -> f32 {
        x.variance()
    }

    #[derive_grad]
    fn product_of_entries(x: &Vector6<f32>) -> f32 {
        x.product()
    }

    #[derive_grad]
    fn trace_of_matrix(x: &Matrix3<f32>) -> f32 {
        x.trace() * x.trace()
    }

    #[derive_grad]
    fn sums_of_rows_and_columns(x: &Matrix3x4<f32>, u: &Vector3<f32>, v: &Vector4<f32>) -> f32 {
        x.column_sum().dot(u) * x.row_sum().dot(&v.transpose()) + x.row_sum_tr().norm_squared()
    }

    #[derive_grad]
    fn means_of_rows_and_columns(x: &Matrix3x4<f32>, u: &Vector3<f32>, v: &Vector4<f32>) -> f32 {
        x.column_mean().dot(u) * x.row_mean().dot(&v.transpose()) + x.row_mean_tr().norm_squared()
    }

    #[derive_grad]
    fn variances_of_rows_and_columns(x: &Matrix3x4<f32>, u: &Vector3<f32>) -> f32 {
        x.column_variance().dot(u) * x.row_variance().sum() + x.row_variance_tr().norm_squared()
    }

    #[derive_grad]
    fn euclidean_norm(x: &Vector6<f32>) -> f32 {
        x.norm() * x.magnitude() * x.magnitude()
    }

    #[derive_grad]
    fn squared_norm(x: &Vector6<f32>) -> f32 {
        x.norm_squared() * x.magnitude_squared() + x.norm().powi(2)
    }

    #[derive_grad(wrt(x, y))]
    fn distance_of_vectors(x: &Vector6<f32>, y: &Vector6<f32>) -> f32 {
        x.metric_distance(y) + x.apply_metric_distance(y, &EuclideanNorm)
    }

    #[derive_grad]
    fn one_norm_of_entries(x: &Matrix3x4<f32>) -> f32 {
        x.apply_norm(&LpNorm(1)) + x.one_norm() + x.abs().sum()
    }

    #[derive_grad]
    fn p_norm_of_entries(x: &Matrix3x4<f32>) -> f32 {
        x.lp_norm(3) + x.apply_norm(&LpNorm(4))
    }

    #[derive_grad]
    fn max_norm_of_entries(x: &Matrix3x4<f32>) -> f32 {
        x.apply_norm(&UniformNorm) + x.amax()
    }

    #[derive_grad]
    fn normalised_vector(x: &Vector6<f32>, y: &Vector6<f32>) -> f32 {
        x.normalize().dot(y)
    }

    #[derive_grad]
    fn largest_and_smallest_entry(x: &Matrix3x4<f32>) -> f32 {
        x.max() * x.min()
    }

    #[derive_grad]
    fn extreme_moduli(x: &Matrix3x4<f32>) -> f32 {
        x.amax() * x.amin() + x.camax() - x.camin()
    }
}
