//! Hessians, products with derivatives, Gauss-Newton matrices, and results written into place.

use gradmacro::derive_grad;
use nalgebra::{ComplexField, Matrix3, RealField, Rotation3, SMatrix, SVector, Vector2, Vector3, Vector6};

survey! { [f_grad f_value_and_grad f_hessian f_value_grad_hessian f_hvp f_jvp]:
    #[derive_grad(hessian, hvp, jvp)]
    fn hessian_of_logistic_loss(w: &SVector<f32, 4>, x: &SMatrix<f32, 30, 4>, y: &SVector<f32, 30>) -> f32 {
        (x * w).zip_map(y, |z, y| (1.0 + (-y * z).exp()).ln()).sum()
    }

    #[derive_grad(wrt(x, a), hessian, hvp, jvp)]
    fn hessian_of_quadratic_form(x: &Vector3<f32>, a: &Matrix3<f32>) -> f32 {
        x.dot(&(a * x)).sin()
    }

    #[derive_grad(hessian, hvp, jvp)]
    fn hessian_of_norms(x: &Vector6<f32>, y: &Vector6<f32>) -> f32 {
        (x - y).norm() + x.normalize().dot(y)
    }

    #[derive_grad(wrt(a), hessian, hvp, jvp)]
    fn hessian_of_determinant_3(a: &Matrix3<f32>) -> f32 {
        a.determinant()
    }

    #[derive_grad(wrt(x), hessian, hvp, jvp)]
    fn hessian_of_solution_3(x: &Vector3<f32>, a: &Matrix3<f32>) -> Option<f32> {
        let m = a + Matrix3::identity() * x.norm_squared();
        Some(x.dot(&m.lu().solve(x)?))
    }

    #[derive_grad(wrt(x), hessian, hvp, jvp)]
    fn hessian_of_gaussian_density(x: &Vector3<f32>, s: &Matrix3<f32>) -> Option<f32> {
        let m = s + x * x.transpose();
        let c = m.cholesky()?;
        Some(x.dot(&c.solve(x)) + c.ln_determinant())
    }

    #[derive_grad(wrt(v), hessian, hvp, jvp)]
    fn hessian_of_rotation(v: &Vector3<f32>, p: &Vector3<f32>, q: &Vector3<f32>) -> f32 {
        (Rotation3::new(*v) * p - q).norm_squared()
    }

    #[derive_grad(wrt(u), hessian, hvp, jvp)]
    fn hessian_of_rollout(u: &SVector<f32, 8>, x0: &Vector2<f32>) -> f32 {
        let mut x = *x0;
        for k in 0..8 {
            x = Vector2::new(x[0] + 0.1 * x[1], x[1] - 0.1 * x[0].sin() + u[k]);
        }
        x.norm_squared()
    }
}

survey! { [f_jacobian f_value_and_jacobian f_jvp f_vjp f_gauss_newton]:
    #[derive_grad(jvp, vjp, gauss_newton)]
    fn gauss_newton_of_decay(
        p: &Vector2<f32>,
        t: &SVector<f32, 20>,
        y: &SVector<f32, 20>,
    ) -> SVector<f32, 20> {
        t.map(|t| p[0] * (-p[1] * t).exp()) - y
    }

    #[derive_grad(jvp, vjp, gauss_newton)]
    fn gauss_newton_of_range_and_bearing(pose: &Vector3<f32>, landmark: &Vector2<f32>) -> Vector2<f32> {
        let d = landmark - pose.fixed_rows::<2>(0);
        Vector2::new(d.norm(), d[1].atan2(d[0]) - pose[2])
    }
}

survey! { [f_grad_into f_value_and_grad_into]:
    #[derive_grad(wrt(w, b), into)]
    fn gradient_into_place(
        w: &SMatrix<f32, 8, 16>,
        b: &SVector<f32, 8>,
        x: &SVector<f32, 16>,
        y: &SVector<f32, 8>,
    ) -> f32 {
        0.5 * ((w * x + b).map(|v| v.tanh()) - y).norm_squared()
    }

    #[derive_grad(wrt(x, s), spd(s), into)]
    fn gaussian_into_place(x: &Vector6<f32>, s: &SMatrix<f32, 6, 6>) -> Option<f32> {
        let c = s.cholesky()?;
        Some(0.5 * x.dot(&c.solve(x)) + 0.5 * c.ln_determinant())
    }
}
