//! Functions whose generated gradients build and agree on every supported version of nalgebra.
//!
//! The packages beside this file compile it, each with another nalgebra.

use gradmacro::derive_grad;
use nalgebra::{Matrix2x3, Matrix3, Matrix6, SMatrix, SVector, Vector2, Vector3, Vector6};

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

/// Minus the logarithm of a normal density, and a solve: factorisations that may fail.
#[derive_grad(wrt(x, s), spd(s))]
pub fn normal(x: &Vector6<f64>, s: &Matrix6<f64>, a: &Matrix3<f64>) -> Option<f64> {
    let c = s.cholesky()?;
    let shift = a.try_inverse()?.trace() + a.lu().solve(&x.fixed_rows::<3>(0).into_owned())?.norm();
    Some(0.5 * x.dot(&c.solve(x)) + 0.5 * c.ln_determinant() + shift)
}

/// What is left to nalgebra's own decompositions, and the gradient of a determinant.
#[derive_grad]
pub fn spectra(a: &Matrix3<f64>, x: &Vector3<f64>) -> f64 {
    let spread = a.symmetric_eigenvalues().max() - a.symmetric_eigen().eigenvalues.min();
    let solutions = a.qr().solve(x).unwrap() + a.pseudo_inverse(1e-9).unwrap() * x;
    spread + a.singular_values().sum() + (a.exp() * x).norm() + solutions.norm() + a.determinant()
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
    fn factorisations_that_may_fail() -> Checked {
        let a = Matrix3::new(2.0, 0.1, -0.3, 0.4, 1.5, 0.2, -0.1, 0.5, 1.0);
        let g = Matrix6::from_fn(|i, j| ((2 * i + 3 * j) as f64).sin());
        let (x, s) = (Vector6::from_fn(|i, _| (i as f64).cos()), g * g.transpose() + Matrix6::identity());
        check_gradient(
            |x| normal(x, &s, &a).unwrap_or(f64::NAN),
            |x| normal_grad(x, &s, &a).map_or(Vector6::zeros(), |(by_x, _)| by_x),
            &x,
            1e-7,
        )?;
        let solution = s.cholesky().map(|c| c.solve(&x)).unwrap_or_default();
        let by_hand = 0.5 * (s.try_inverse().unwrap_or_default() - solution * solution.transpose());
        let (value, (_, by_s)) = normal_value_and_grad(&x, &s, &a).unwrap_or_default();
        assert!((by_s - by_hand).norm() < 1e-12);
        assert!((value - normal(&x, &s, &a).unwrap_or(f64::NAN)).abs() < 1e-12);
        assert_eq!(normal_grad(&x, &-s, &a), None);
        assert_eq!(normal_value_and_grad(&x, &s, &Matrix3::zeros()), None);
        Ok(())
    }

    #[test]
    fn decompositions_of_nalgebra() -> Checked {
        let a = Matrix3::new(2.0, 0.1, -0.3, 0.4, 1.5, 0.2, -0.1, 0.5, 1.0);
        check_gradient(|a| spectra(a, &X), |a| spectra_grad(a, &X), &a, 1e-7)?;
        check_gradient(|a| spectra(a, &X), |a| spectra_value_and_grad(a, &X).1, &a, 1e-7)
    }

    #[test]
    fn single_precision() -> Checked {
        let (q, target) = (Vector2::new(0.4, 0.9), Vector2::new(1.0, 0.5));
        check_gradient(|q| planar_arm(q, &target), |q| planar_arm_grad(q, &target), &q, 1e-2)
    }
}
