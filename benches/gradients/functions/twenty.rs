//! Twenty functions from quadratic forms to bundle adjustment, whose costs were known before this project began.

use gradmacro::derive_grad;
use nalgebra::{Matrix4, SMatrix, SVector, Vector2, Vector3, Vector4};

#[derive_grad]
#[inline(never)]
pub(crate) fn quad3(x: &SVector<f64, 3>, a: &SMatrix<f64, 3, 3>, b: &SVector<f64, 3>) -> f64 {
    x.dot(&(a * x)) + b.dot(x)
}

#[derive_grad]
#[inline(never)]
pub(crate) fn quad6(x: &SVector<f64, 6>, a: &SMatrix<f64, 6, 6>, b: &SVector<f64, 6>) -> f64 {
    x.dot(&(a * x)) + b.dot(x)
}

#[derive_grad]
#[inline(never)]
pub(crate) fn quad12(x: &SVector<f64, 12>, a: &SMatrix<f64, 12, 12>, b: &SVector<f64, 12>) -> f64 {
    x.dot(&(a * x)) + b.dot(x)
}

#[derive_grad]
#[inline(never)]
pub(crate) fn quad32(x: &SVector<f64, 32>, a: &SMatrix<f64, 32, 32>, b: &SVector<f64, 32>) -> f64 {
    x.dot(&(a * x)) + b.dot(x)
}

#[derive_grad]
#[inline(never)]
pub(crate) fn lsa10x4(w: &SVector<f64, 4>, x: &SMatrix<f64, 10, 4>, y: &SVector<f64, 10>) -> f64 {
    (x * w - y).norm_squared()
}

#[derive_grad]
#[inline(never)]
pub(crate) fn lsa64x16(w: &SVector<f64, 16>, x: &SMatrix<f64, 64, 16>, y: &SVector<f64, 64>) -> f64 {
    (x * w - y).norm_squared()
}

#[derive_grad]
#[inline(never)]
pub(crate) fn lsx10x4(x: &SMatrix<f64, 10, 4>, w: &SVector<f64, 4>, y: &SVector<f64, 10>) -> f64 {
    (x * w - y).norm_squared()
}

#[derive_grad]
#[inline(never)]
pub(crate) fn lsx64x16(x: &SMatrix<f64, 64, 16>, w: &SVector<f64, 16>, y: &SVector<f64, 64>) -> f64 {
    (x * w - y).norm_squared()
}

#[derive_grad]
#[inline(never)]
pub(crate) fn logreg4(w: &SVector<f64, 4>, x: &SMatrix<f64, 100, 4>, y: &SVector<f64, 100>) -> f64 {
    (x * w).zip_map(y, |z, y| (-y * z).exp().ln_1p()).sum() + 0.05 * w.norm_squared()
}

#[derive_grad]
#[inline(never)]
pub(crate) fn logreg30(w: &SVector<f64, 30>, x: &SMatrix<f64, 100, 30>, y: &SVector<f64, 100>) -> f64 {
    (x * w).zip_map(y, |z, y| (-y * z).exp().ln_1p()).sum() + 0.05 * w.norm_squared()
}

#[derive_grad(spd(s))]
#[inline(never)]
pub(crate) fn nll_s3(s: &SMatrix<f64, 3, 3>, mu: &SVector<f64, 3>, x: &SVector<f64, 3>) -> f64 {
    let d = x - mu;
    let c = s.cholesky().unwrap();
    0.5 * d.dot(&c.solve(&d)) + 0.5 * c.ln_determinant()
}

#[derive_grad(spd(s))]
#[inline(never)]
pub(crate) fn nll_s6(s: &SMatrix<f64, 6, 6>, mu: &SVector<f64, 6>, x: &SVector<f64, 6>) -> f64 {
    let d = x - mu;
    let c = s.cholesky().unwrap();
    0.5 * d.dot(&c.solve(&d)) + 0.5 * c.ln_determinant()
}

#[derive_grad(spd(s))]
#[inline(never)]
pub(crate) fn nll_mu3(mu: &SVector<f64, 3>, s: &SMatrix<f64, 3, 3>, x: &SVector<f64, 3>) -> f64 {
    let d = x - mu;
    let c = s.cholesky().unwrap();
    0.5 * d.dot(&c.solve(&d)) + 0.5 * c.ln_determinant()
}

#[derive_grad(spd(s))]
#[inline(never)]
pub(crate) fn nll_mu6(mu: &SVector<f64, 6>, s: &SMatrix<f64, 6, 6>, x: &SVector<f64, 6>) -> f64 {
    let d = x - mu;
    let c = s.cholesky().unwrap();
    0.5 * d.dot(&c.solve(&d)) + 0.5 * c.ln_determinant()
}

#[derive_grad(wrt(s1, m1), spd(s1, s2))]
#[inline(never)]
pub(crate) fn kl4(s1: &Matrix4<f64>, m1: &Vector4<f64>, s2: &Matrix4<f64>, m2: &Vector4<f64>) -> f64 {
    let d = m2 - m1;
    let i2 = s2.try_inverse().unwrap();
    let ratio = s2.determinant() / s1.determinant();
    0.5 * (ratio.ln() - 4.0 + (i2 * s1).trace() + d.dot(&(i2 * d)))
}

#[derive_grad]
#[inline(never)]
pub(crate) fn trx4(x: &SMatrix<f64, 4, 4>, a: &SMatrix<f64, 4, 4>, b: &SMatrix<f64, 4, 4>) -> f64 {
    (x * a * x.transpose() * b).trace()
}

#[derive_grad]
#[inline(never)]
pub(crate) fn trx16(x: &SMatrix<f64, 16, 16>, a: &SMatrix<f64, 16, 16>, b: &SMatrix<f64, 16, 16>) -> f64 {
    (x * a * x.transpose() * b).trace()
}

#[derive_grad(wrt(c, p))]
#[inline(never)]
pub(crate) fn ba(c: &SVector<f64, 9>, p: &Vector3<f64>, seen: &Vector2<f64>) -> Vector2<f64> {
    let w = Vector3::new(c[0], c[1], c[2]);
    let angle = w.norm();
    let k = w / angle;
    let (sin, cos) = angle.sin_cos();
    let q = p * cos + k.cross(p) * sin + k * (k.dot(p) * (1.0 - cos)) + Vector3::new(c[3], c[4], c[5]);
    let uv = q.xy() * (-1.0 / q.z);
    let square = uv.norm_squared();
    uv * (c[6] * (1.0 + square * (c[7] + c[8] * square))) - seen
}

#[derive_grad(wrt(w1, w2))]
#[inline(never)]
pub(crate) fn mlp(w1: &SMatrix<f64, 16, 8>, w2: &SVector<f64, 16>, x: &SVector<f64, 8>, t: &f64) -> f64 {
    let h = (w1 * x).map(|v| v.tanh());
    0.5 * (w2.dot(&h) - t).powi(2)
}

#[derive_grad]
#[inline(never)]
pub(crate) fn rosen8(x: &SVector<f64, 8>) -> f64 {
    let mut sum = 0.0;
    for i in 0..7 {
        sum += 100.0 * (x[i + 1] - x[i].powi(2)).powi(2) + (1.0 - x[i]).powi(2);
    }
    sum
}
