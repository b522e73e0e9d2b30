//! The twenty functions.

use nalgebra::{Cholesky, Matrix2x3, Matrix3, Matrix4, SMatrix, SVector, Vector2, Vector3, Vector4};

type Square<const N: usize> = SMatrix<f64, N, N>;

#[inline(never)]
pub(crate) fn quad_in_place<const N: usize>(
    x: &SVector<f64, N>,
    a: &Square<N>,
    b: &SVector<f64, N>,
) -> SVector<f64, N> {
    let mut g = *b;
    g.gemv(1.0, a, x, 1.0);
    g.gemv_tr(1.0, a, x, 1.0);
    g
}

#[inline(never)]
pub(crate) fn quad_products<const N: usize>(
    x: &SVector<f64, N>,
    a: &Square<N>,
    b: &SVector<f64, N>,
) -> SVector<f64, N> {
    a * x + a.tr_mul(x) + b
}

#[inline(never)]
pub(crate) fn quad_sum<const N: usize>(
    x: &SVector<f64, N>,
    a: &Square<N>,
    b: &SVector<f64, N>,
) -> SVector<f64, N> {
    (a + a.transpose()) * x + b
}

#[inline(never)]
pub(crate) fn fit_in_place<const M: usize, const N: usize>(
    w: &SVector<f64, N>,
    x: &SMatrix<f64, M, N>,
    y: &SVector<f64, M>,
) -> SVector<f64, N> {
    let mut r = *y;
    r.gemv(1.0, x, w, -1.0);
    let mut g = SVector::<f64, N>::zeros();
    g.gemv_tr(2.0, x, &r, 0.0);
    g
}

#[inline(never)]
pub(crate) fn fit_products<const M: usize, const N: usize>(
    w: &SVector<f64, N>,
    x: &SMatrix<f64, M, N>,
    y: &SVector<f64, M>,
) -> SVector<f64, N> {
    x.tr_mul(&(x * w - y)) * 2.0
}

#[inline(never)]
pub(crate) fn fit_data_in_place<const M: usize, const N: usize>(
    x: &SMatrix<f64, M, N>,
    w: &SVector<f64, N>,
    y: &SVector<f64, M>,
) -> SMatrix<f64, M, N> {
    let mut r = *y;
    r.gemv(1.0, x, w, -1.0);
    let mut g = SMatrix::<f64, M, N>::zeros();
    g.ger(2.0, &r, w, 0.0);
    g
}

#[inline(never)]
pub(crate) fn fit_data_columns<const M: usize, const N: usize>(
    x: &SMatrix<f64, M, N>,
    w: &SVector<f64, N>,
    y: &SVector<f64, M>,
) -> SMatrix<f64, M, N> {
    let r = (x * w - y) * 2.0;
    SMatrix::from_fn(|i, j| r[i] * w[j])
}

#[inline(never)]
pub(crate) fn fit_data_products<const M: usize, const N: usize>(
    x: &SMatrix<f64, M, N>,
    w: &SVector<f64, N>,
    y: &SVector<f64, M>,
) -> SMatrix<f64, M, N> {
    (x * w - y) * 2.0 * w.transpose()
}

#[inline(never)]
pub(crate) fn logistic_in_place<const M: usize, const N: usize>(
    w: &SVector<f64, N>,
    x: &SMatrix<f64, M, N>,
    y: &SVector<f64, M>,
) -> SVector<f64, N> {
    let mut z = SVector::<f64, M>::zeros();
    z.gemv(1.0, x, w, 0.0);
    z.zip_apply(y, |z, y| *z = -y / (1.0 + (y * *z).exp()));
    let mut g = *w;
    g.gemv_tr(1.0, x, &z, 0.1);
    g
}

#[inline(never)]
pub(crate) fn logistic_products<const M: usize, const N: usize>(
    w: &SVector<f64, N>,
    x: &SMatrix<f64, M, N>,
    y: &SVector<f64, M>,
) -> SVector<f64, N> {
    x.tr_mul(&(x * w).zip_map(y, |z, y| -y / (1.0 + (y * z).exp()))) + w * 0.1
}

#[inline(never)]
pub(crate) fn likelihood_s_cholesky<const N: usize>(
    s: &Square<N>,
    mu: &SVector<f64, N>,
    x: &SVector<f64, N>,
) -> Square<N> {
    let mut g = Cholesky::new(*s).expect("positive definite").inverse();
    let q = g * (x - mu);
    g.ger(-0.5, &q, &q, 0.5);
    g
}

#[inline(never)]
pub(crate) fn likelihood_s_inverse<const N: usize>(
    s: &Square<N>,
    mu: &SVector<f64, N>,
    x: &SVector<f64, N>,
) -> Square<N> {
    let mut g = s.try_inverse().expect("regular");
    let q = g * (x - mu);
    g.ger(-0.5, &q, &q, 0.5);
    g
}

#[inline(never)]
pub(crate) fn likelihood_mu_cholesky<const N: usize>(
    mu: &SVector<f64, N>,
    s: &Square<N>,
    x: &SVector<f64, N>,
) -> SVector<f64, N> {
    let mut d = mu - x;
    Cholesky::new(*s).expect("positive definite").solve_mut(&mut d);
    d
}

#[inline(never)]
pub(crate) fn likelihood_mu_unchecked<const N: usize>(
    mu: &SVector<f64, N>,
    s: &Square<N>,
    x: &SVector<f64, N>,
) -> SVector<f64, N> {
    let mut d = mu - x;
    Cholesky::new_unchecked(*s).solve_mut(&mut d);
    d
}

#[inline(never)]
pub(crate) fn likelihood_mu_inverse<const N: usize>(
    mu: &SVector<f64, N>,
    s: &Square<N>,
    x: &SVector<f64, N>,
) -> SVector<f64, N> {
    s.try_inverse().expect("regular") * (mu - x)
}

#[inline(never)]
pub(crate) fn divergence_inverse(
    s1: &Matrix4<f64>,
    m1: &Vector4<f64>,
    s2: &Matrix4<f64>,
    m2: &Vector4<f64>,
) -> (Matrix4<f64>, Vector4<f64>) {
    let (i1, i2) = (s1.try_inverse().expect("regular"), s2.try_inverse().expect("regular"));
    ((i2 - i1) * 0.5, i2 * (m1 - m2))
}

#[inline(never)]
pub(crate) fn divergence_cholesky(
    s1: &Matrix4<f64>,
    m1: &Vector4<f64>,
    s2: &Matrix4<f64>,
    m2: &Vector4<f64>,
) -> (Matrix4<f64>, Vector4<f64>) {
    let inverse = |s: &Matrix4<f64>| Cholesky::new(*s).expect("positive definite").inverse();
    let (i1, i2) = (inverse(s1), inverse(s2));
    ((i2 - i1) * 0.5, i2 * (m1 - m2))
}

#[inline(never)]
pub(crate) fn trace_in_place<const N: usize>(x: &Square<N>, a: &Square<N>, b: &Square<N>) -> Square<N> {
    let mut g = b * x * a;
    g.gemm_tr(1.0, b, &(x * a.transpose()), 1.0);
    g
}

#[inline(never)]
pub(crate) fn trace_transposed<const N: usize>(x: &Square<N>, a: &Square<N>, b: &Square<N>) -> Square<N> {
    let mut g = b * x * a;
    g.gemm(1.0, &b.transpose(), &(x * a.transpose()), 1.0);
    g
}

#[inline(never)]
pub(crate) fn trace_products<const N: usize>(x: &Square<N>, a: &Square<N>, b: &Square<N>) -> Square<N> {
    b.transpose() * x * a.transpose() + b * x * a
}

/// d(residual)/d(rotation, shift, lens, point), entry by entry along the chain.
#[inline(never)]
pub(crate) fn bundle(
    c: &SVector<f64, 9>,
    p: &Vector3<f64>,
    _seen: &Vector2<f64>,
) -> (SMatrix<f64, 2, 9>, SMatrix<f64, 2, 3>) {
    let w = Vector3::new(c[0], c[1], c[2]);
    let angle = w.norm();
    let inverse = 1.0 / angle;
    let k = w * inverse;
    let (sin, cos) = angle.sin_cos();
    let rest = 1.0 - cos;
    let along = k.dot(p);
    let across = k.cross(p);
    let q = p * cos + across * sin + k * (along * rest) + Vector3::new(c[3], c[4], c[5]);
    let depth = -1.0 / q.z;
    let (u, v) = (q.x * depth, q.y * depth);
    let square = u * u + v * v;
    let lens = 1.0 + square * (c[7] + c[8] * square);
    let slope = 2.0 * (c[7] + 2.0 * c[8] * square);
    let (uu, uv, vv) = (c[6] * (lens + slope * u * u), c[6] * slope * u * v, c[6] * (lens + slope * v * v));
    let moved = Matrix2x3::new(
        uu * depth,
        uv * depth,
        (uu * u + uv * v) * depth,
        uv * depth,
        vv * depth,
        (uv * u + vv * v) * depth,
    );
    let (s, m) = (sin * inverse, rest * inverse);
    // What turning does: along k by `turned`, across it by `other`.
    let turned = across * cos + k * (sin * along) - p * sin;
    let mut other = k * p.transpose() * m;
    for i in 0..3 {
        other[(i, i)] += m * along;
    }
    other += Matrix3::new(0.0, p.z, -p.y, -p.z, 0.0, p.x, p.y, -p.x, 0.0) * s;
    let twice = across * s + k * (2.0 * m * along);
    let by_rotation = moved * other + (moved * (turned - twice)) * k.transpose();
    let rotation = Matrix3::new(
        cos + rest * k.x * k.x,
        rest * k.x * k.y - sin * k.z,
        rest * k.x * k.z + sin * k.y,
        rest * k.x * k.y + sin * k.z,
        cos + rest * k.y * k.y,
        rest * k.y * k.z - sin * k.x,
        rest * k.x * k.z - sin * k.y,
        rest * k.y * k.z + sin * k.x,
        cos + rest * k.z * k.z,
    );
    let mut jacobian = SMatrix::<f64, 2, 9>::zeros();
    jacobian.fixed_columns_mut::<3>(0).copy_from(&by_rotation);
    jacobian.fixed_columns_mut::<3>(3).copy_from(&moved);
    for (i, x) in [u, v].into_iter().enumerate() {
        jacobian[(i, 6)] = lens * x;
        jacobian[(i, 7)] = c[6] * square * x;
        jacobian[(i, 8)] = c[6] * square * square * x;
    }
    (jacobian, moved * rotation)
}

#[inline(never)]
pub(crate) fn network_in_place(
    w1: &SMatrix<f64, 16, 8>,
    w2: &SVector<f64, 16>,
    x: &SVector<f64, 8>,
    t: &f64,
) -> (SMatrix<f64, 16, 8>, SVector<f64, 16>) {
    let mut h = SVector::<f64, 16>::zeros();
    h.gemv(1.0, w1, x, 0.0);
    h.apply(|v| *v = v.tanh());
    let e = w2.dot(&h) - t;
    let d = w2.zip_map(&h, |w, h| e * w * (1.0 - h * h));
    let mut g = SMatrix::<f64, 16, 8>::zeros();
    g.ger(1.0, &d, x, 0.0);
    (g, h * e)
}

#[inline(never)]
pub(crate) fn network_products(
    w1: &SMatrix<f64, 16, 8>,
    w2: &SVector<f64, 16>,
    x: &SVector<f64, 8>,
    t: &f64,
) -> (SMatrix<f64, 16, 8>, SVector<f64, 16>) {
    let h = (w1 * x).map(f64::tanh);
    let e = w2.dot(&h) - t;
    (w2.zip_map(&h, |w, h| e * w * (1.0 - h * h)) * x.transpose(), h * e)
}
