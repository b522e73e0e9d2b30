//! Hessians and Hessian-vector products against the second-order dual numbers of num-dual.
#[allow(unused_imports, unused_macros, reason = "these tests have their own comparison")]
mod common;
#[path = "common/oracle.rs"]
mod oracle;
#[macro_use]
#[path = "common/cases.rs"]
mod cases;

hessians! {
    quadratic_form[4](hvp, jvp, jacobian):
        (x: &SVector<f64, 4> = point; a: &Matrix4<f64> = point, b: &Vector4<f64> = point) -> f64 {
        x.dot(&(a * x)) * 0.5 - b.dot(x) + 1.0
    }
    ridge_regression[3](hvp):
        (w: &Vector3<f64> = point; x: &SMatrix<f64, 8, 3> = point, y: &SVector<f64, 8> = point) -> f64 {
        let r = x * w - y;
        r.norm_squared() * 0.5 + w.norm_squared() * 0.05
    }
    logistic_regression[3](hvp):
        (w: &Vector3<f64> = point; x: &SMatrix<f64, 6, 3> = point, y: &SVector<f64, 6> = point) -> f64 {
        (x * w).zip_map(y, |z, y| ((-y * z).exp() + 1.0).ln()).sum()
    }
    likelihood_by_mean[3](hvp):
        (mu: &Vector3<f64> = point; sigma: &Matrix3<f64> = dominant, x: &Vector3<f64> = point) -> f64 {
        let d = x - mu;
        d.dot(&(sigma.try_inverse().unwrap() * d)) * 0.5 + sigma.determinant().ln() * 0.5
    }
    likelihood_by_covariance[9](hvp): (sigma: &Matrix3<f64> = dominant; d: &Vector3<f64> = point) -> f64 {
        d.dot(&(sigma.try_inverse().unwrap() * d)) * 0.5 + sigma.determinant().ln() * 0.5
    }
    likelihood_by_both[6](hvp):
        (mu: &Vector2<f64> = point, sigma: &Matrix2<f64> = dominant; x: &Vector2<f64> = point) -> f64 {
        let d = x - mu;
        d.dot(&(sigma.try_inverse().unwrap() * d)) * 0.5 + sigma.determinant().ln() * 0.5
    }
    likelihood_of_five[25](hvp): (sigma: &SMatrix<f64, 5, 5> = dominant; d: &SVector<f64, 5> = point) -> f64 {
        d.dot(&sigma.lu().solve(d).unwrap()) * 0.5 + sigma.determinant().ln() * 0.5
    }
    trace_form[6](hvp):
        (x: &Matrix3x2<f64> = point; a: &Matrix3<f64> = point, b: &Matrix2<f64> = point) -> f64 {
        (x.transpose() * a * x * b).trace()
    }
    trace_of_cube[9](hvp): (x: &Matrix3<f64> = point; a: &Matrix3<f64> = point) -> f64 {
        (x * x * x).trace() + (a * x).trace()
    }
    log_determinant[9](hvp): (x: &Matrix3<f64> = dominant) -> f64 {
        x.determinant().ln()
    }
    determinant[16](hvp): (x: &Matrix4<f64> = point) -> f64 {
        x.determinant()
    }
    trace_of_inverse[4](hvp): (x: &Matrix2<f64> = dominant) -> f64 {
        x.try_inverse().unwrap().trace()
    }
    frobenius_misfit[6](hvp):
        (x: &Matrix3x2<f64> = point; a: &Matrix3<f64> = point, b: &Matrix3x2<f64> = point) -> f64 {
        (a * x - b).norm_squared() * 0.5 + (a * x).norm()
    }
    norm[4](hvp, jvp): (x: &Vector4<f64> = point) -> f64 {
        x.norm()
    }
    rayleigh_quotient[4](hvp): (x: &Vector4<f64> = point; a: &Matrix4<f64> = point) -> f64 {
        x.dot(&(a * x)) / x.norm_squared()
    }
    cosine[6](hvp): (x: &Vector3<f64> = point, y: &Vector3<f64> = positive) -> f64 {
        x.dot(y) / (x.norm() * y.norm())
    }
    log_sum_exp[5](hvp): (x: &SVector<f64, 5> = point) -> f64 {
        x.map(|v| v.exp()).sum().ln()
    }
    cross_entropy[6](hvp): (w: &Matrix2x3<f64> = point; x: &Vector3<f64> = point) -> f64 {
        let z = w * x;
        z.map(|v| v.exp()).sum().ln() - z[1]
    }
    network[12](hvp):
        (w: &Matrix3x2<f64> = point, b: &Vector3<f64> = point, v: &Vector3<f64> = point;
         x: &Vector2<f64> = point) -> f64 {
        v.dot(&(w * x + b).map(|z| z.tanh()))
    }
    network_loss[5](hvp):
        (x: &SVector<f64, 5> = point; w: &SMatrix<f64, 4, 5> = point, t: &Vector4<f64> = point) -> f64 {
        ((w * x).map(|z| ((-z).exp() + 1.0).recip()) - t).norm_squared()
    }
    rosenbrock[6](hvp): (x: &SVector<f64, 6> = point) -> f64 {
        (0..5).map(|i| (x[i + 1] - x[i] * x[i]).powi(2) * 100.0 + (-x[i] + 1.0).powi(2)).sum::<f64>()
    }
    of_a_number[1](hvp, jvp, jacobian): (x: f64 = point) -> f64 {
        (x * x).sin() + x.exp() * x
    }
    of_two_numbers[2](hvp, jvp): (x: f64 = positive, y: f64 = positive) -> f64 {
        x.ln() * y.powi(3) + (x / y).atan() + x.powf(y)
    }
    of_number_and_vector[4](hvp, jvp, jacobian): (s: f64 = positive, x: &Vector3<f64> = point) -> f64 {
        x.norm_squared() * s + s.powi(3) + (x * s).map(|v| v.sin()).sum()
    }
    of_vector_and_matrix[6](hvp, jacobian): (x: &Vector2<f64> = point, a: &Matrix2<f64> = point) -> f64 {
        x.dot(&(a * x)) + (a * x).norm()
    }
    of_rows[6](hvp):
        (r: &RowVector3<f64> = point, q: RowVector3<f64> = point; a: &Matrix3<f64> = point) -> f64 {
        (r * a * q.transpose())[0].sin() + r.norm_squared() * q[1]
    }
    of_four[8](hvp):
        (p: &Vector2<f64> = point, s: f64 = point, q: Vector2<f64> = point,
         m: &Matrix3x1<f64> = point) -> f64 {
        p.dot(&q) * s + m.norm_squared() * p[0] * s * s
    }
    bilinear[5](hvp):
        (x: &Vector2<f64> = point, y: &Vector3<f64> = point; a: &Matrix2x3<f64> = point) -> f64 {
        x.dot(&(a * y))
    }
    partly_unused[5](hvp, jvp, jacobian):
        (x: &Vector2<f64> = point, y: &Vector2<f64> = point, s: f64 = point) -> f64 {
        x.norm_squared() * x[0]
    }
    linear[3](hvp, jvp): (x: &Vector3<f64> = point; c: &Vector3<f64> = point) -> f64 {
        c.dot(x) + 2.0
    }
    constant[3](hvp, jvp): (x: &Vector3<f64> = point; c: &Vector3<f64> = point) -> f64 {
        c.norm()
    }
    volume[9](hvp): (m: &Matrix3<f64> = point) -> f64 {
        let (a, b, c) = (m.column(0), m.column(1), m.column(2));
        let volume = a.dot(&b.cross(&c));
        volume * volume
    }
    springs[10](hvp): (p: &SMatrix<f64, 2, 5> = point; rest: &Vector4<f64> = positive) -> f64 {
        (0..4).map(|i| ((p.column(i + 1) - p.column(i)).norm() - rest[i]).powi(2)).sum::<f64>() * 0.5
    }
    potential[9](hvp): (p: &Matrix3<f64> = point) -> f64 {
        let inverse = |i: usize, j: usize| (p.column(i) - p.column(j)).norm().recip();
        inverse(0, 1) + inverse(1, 2) + inverse(0, 2)
    }
    robust_loss[2](hvp):
        (w: &Vector2<f64> = point; x: &SMatrix<f64, 5, 2> = point, y: &SVector<f64, 5> = point) -> f64 {
        let r = x * w - y;
        r.map(|v| (v * v + 1.0).sqrt() - 1.0).sum() + r.map(|v| (v * v).ln_1p()).sum()
    }
    arm_energy[3](hvp):
        (q: &Vector3<f64> = point; l: &Vector3<f64> = point, target: &Vector2<f64> = point) -> f64 {
        let (a, b, c) = (q[0], q[0] + q[1], q[0] + q[1] + q[2]);
        let tip = Vector2::new(
            l[0] * a.cos() + l[1] * b.cos() + l[2] * c.cos(),
            l[0] * a.sin() + l[1] * b.sin() + l[2] * c.sin(),
        );
        (tip - target).norm_squared() * 0.5
    }
    gaussian_process[2](hvp):
        (theta: &Vector2<f64> = positive; t: &Vector4<f64> = point, y: &Vector4<f64> = point) -> f64 {
        let kernel = Matrix4::<f64>::from_fn(|i, j| (-(t[i] - t[j]).powi(2) * theta[0]).exp());
        let c = (kernel + Matrix4::<f64>::identity() * theta[1]).cholesky().unwrap();
        y.dot(&c.solve(y)) * 0.5 + c.ln_determinant() * 0.5
    }
    spread[5](hvp): (x: &SVector<f64, 5> = point; y: &SVector<f64, 5> = point) -> f64 {
        let mean = x.sum() / 5.0;
        let centred = x.map(|v| v - mean);
        centred.dot(y) / centred.norm() + x.variance()
    }
    product_of_entries[4](hvp): (x: &Vector4<f64> = positive) -> f64 {
        x.product() + x.mean() * x.max()
    }
    entropy[3](hvp): (p: &Vector3<f64> = positive; q: &Vector3<f64> = positive) -> f64 {
        p.zip_map(q, |p, q| p * (p / q).ln()).sum() - p.sum().ln()
    }
    perhaps[12](hvp, jvp): (a: &Matrix3<f64> = dominant, b: &Vector3<f64> = point) -> Option<f64> {
        let x = a.lu().solve(b)?;
        Some(x.norm_squared() + a.cholesky()?.ln_determinant())
    }
    kronecker_form[4](hvp):
        (a: &Matrix2<f64> = point; b: &Matrix2<f64> = point, x: &Vector4<f64> = point) -> f64 {
        (a.kronecker(b) * x).norm_squared() + a.kronecker(a).sum()
    }
    gram_powers[6](hvp): (x: &Matrix3x2<f64> = point; u: &Vector2<f64> = point) -> f64 {
        let g = x.transpose() * x;
        u.dot(&(g * g * u)) + g.determinant()
    }
    sharpe_ratio[3](hvp, jvp):
        (w: &Vector3<f64> = positive; mu: &Vector3<f64> = positive, s: &Matrix3<f64> = dominant) -> f64 {
        w.dot(mu) / w.dot(&(s * w)).sqrt()
    }
}
