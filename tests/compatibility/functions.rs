//! Functions whose generated gradients build and agree on every supported version of nalgebra.
//!
//! The packages beside this file compile it, each with another nalgebra.

use gradmacro::derive_grad;
use nalgebra::{Matrix2x3, Matrix3, SMatrix, SVector, Vector2, Vector3};

/// A quadratic form.
#[derive_grad]
pub fn quadratic(x: &Vector3<f64>, a: &Matrix3<f64>, b: &Vector3<f64>) -> f64 {
    0.5 * x.dot(&(a * x)) - b.dot(x)
}

/// Ridge regression, its offset apart from the weights.
#[derive_grad(wrt(w, offset))]
pub fn ridge(
    w: &SVector<f64, 3>,
    offset: f64,
    a: &SMatrix<f64, 4, 3>,
    b: &SVector<f64, 4>,
    lambda: f64,
) -> f64 {
    let r = (a * w).add_scalar(offset) - b;
    r.norm_squared() / 4.0 + lambda * w.norm_squared()
}

/// A gradient in the shape of a matrix.
#[derive_grad]
pub fn bilinear(x: &Matrix2x3<f64>, u: &Vector2<f64>, v: &Vector3<f64>) -> f64 {
    u.dot(&(x * v)) + (x * x.transpose()).trace()
}

/// An elementwise closure and a stable form.
#[derive_grad]
pub fn softplus_sum(x: &SVector<f64, 4>, y: &SVector<f64, 4>) -> f64 {
    x.zip_map(y, |a, b| (-a * b).exp().ln_1p()).sum()
}

/// A norm, which has no derivative at zero.
#[derive_grad]
pub fn distance(x: &Vector3<f64>, y: &Vector3<f64>) -> f64 {
    (x - y).norm()
}

/// Components, trigonometry, single precision.
#[derive_grad]
pub fn planar_arm(q: &Vector2<f32>, target: &Vector2<f32>) -> f32 {
    let x = q.x.cos() + (q.x + q.y).cos();
    let y = q[0].sin() + (q[0] + q[1]).sin();
    (Vector2::new(x, y) - target).norm_squared()
}

#[cfg(test)]
mod tests {
    use gradmacro::{GradientMismatch, check_gradient};

    use super::*;

    type Checked = Result<(), GradientMismatch>;

    const X: Vector3<f64> = Vector3::new(0.3, -1.2, 2.0);

    #[test]
    fn quadratic_form() -> Checked {
        let (a, b) = (Matrix3::from_fn(|i, j| (i + 2 * j) as f64), Vector3::new(1.0, 2.0, 3.0));
        check_gradient(|x| quadratic(x, &a, &b), |x| quadratic_grad(x, &a, &b), &X, 1e-7)?;
        // Beside the value the gradient is planned in another order, so the two may round differently.
        assert!((quadratic_value_and_grad(&X, &a, &b).1 - quadratic_grad(&X, &a, &b)).norm() < 1e-12);
        Ok(())
    }

    #[test]
    fn ridge_with_offset() -> Checked {
        let (a, b) = (SMatrix::from_fn(|i, j| (i * i + j) as f64), SVector::from([1.0, -1.0, 0.5, 2.0]));
        check_gradient(
            |(w, offset)| ridge(w, *offset, &a, &b, 0.1),
            |(w, offset)| ridge_grad(w, *offset, &a, &b, 0.1),
            &(X, 0.7),
            1e-6,
        )
    }

    #[test]
    fn matrix_shaped_gradient() -> Checked {
        let (u, x) = (Vector2::new(1.0, -2.0), Matrix2x3::from_fn(|i, j| i as f64 - 0.5 * j as f64));
        check_gradient(|x| bilinear(x, &u, &X), |x| bilinear_grad(x, &u, &X), &x, 1e-7)
    }

    #[test]
    fn stable_form() -> Checked {
        let (x, y) = (SVector::from([0.2, -0.4, 3.0, -2.0]), SVector::from([1.0, -1.0, 1.0, 1.0]));
        check_gradient(|x| softplus_sum(x, &y), |x| softplus_sum_grad(x, &y), &x, 1e-7)?;
        assert_eq!(softplus_sum_grad(&(x * 1e4), &y), SVector::from([0.0, 0.0, 0.0, -1.0]));
        Ok(())
    }

    #[test]
    fn norm_and_its_edge() -> Checked {
        check_gradient(
            |x| distance(x, &Vector3::zeros()),
            |x| distance_grad(x, &Vector3::zeros()),
            &X,
            1e-7,
        )?;
        assert_eq!(distance_grad(&X, &X), Vector3::zeros());
        Ok(())
    }

    #[test]
    fn single_precision() -> Checked {
        let (q, target) = (Vector2::new(0.4, 0.9), Vector2::new(1.0, 0.5));
        check_gradient(|q| planar_arm(q, &target), |q| planar_arm_grad(q, &target), &q, 1e-2)
    }
}
