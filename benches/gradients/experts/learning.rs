//! Losses of classifiers, networks and factorisations.

use nalgebra::{SMatrix, SVector};

#[inline(never)]
pub(crate) fn entropy(
    w: &SMatrix<f64, 5, 8>,
    x: &SVector<f64, 8>,
    y: &SVector<f64, 5>,
) -> SMatrix<f64, 5, 8> {
    let e = (w * x).map(f64::exp);
    (e / e.sum() - y) * x.transpose()
}

#[inline(never)]
pub(crate) fn entropy_in_place(
    w: &SMatrix<f64, 5, 8>,
    x: &SVector<f64, 8>,
    y: &SVector<f64, 5>,
) -> SMatrix<f64, 5, 8> {
    let mut e = w * x;
    e.apply(|z| *z = z.exp());
    let scale = 1.0 / e.sum();
    e.zip_apply(y, |e, y| *e = *e * scale - y);
    let mut g = SMatrix::<f64, 5, 8>::zeros();
    g.ger(1.0, &e, x, 0.0);
    g
}

/// In products with two columns only.
#[inline(never)]
pub(crate) fn principal(w: &SMatrix<f64, 6, 2>, x: &SMatrix<f64, 20, 6>) -> SMatrix<f64, 6, 2> {
    let z = x * w;
    let mut middle = w.tr_mul(w);
    middle[(0, 0)] -= 2.0;
    middle[(1, 1)] -= 2.0;
    (x.tr_mul(&z) * middle + w * z.tr_mul(&z)) * 2.0
}

#[inline(never)]
pub(crate) fn principal_residual(w: &SMatrix<f64, 6, 2>, x: &SMatrix<f64, 20, 6>) -> SMatrix<f64, 6, 2> {
    let z = x * w;
    let r = x - z * w.transpose();
    (x.tr_mul(&(r * w)) + r.tr_mul(&z)) * -2.0
}

type Factors = (SMatrix<f64, 8, 3>, SMatrix<f64, 6, 3>);

#[inline(never)]
pub(crate) fn factors(u: &SMatrix<f64, 8, 3>, v: &SMatrix<f64, 6, 3>, r: &SMatrix<f64, 8, 6>) -> Factors {
    let e = (u * v.transpose() - r) * 2.0;
    (e * v + u * 0.2, e.tr_mul(u) + v * 0.2)
}

#[inline(never)]
pub(crate) fn factors_in_place(
    u: &SMatrix<f64, 8, 3>,
    v: &SMatrix<f64, 6, 3>,
    r: &SMatrix<f64, 8, 6>,
) -> Factors {
    let mut e = *r;
    e.gemm(1.0, u, &v.transpose(), -1.0);
    let (mut by_u, mut by_v) = (*u, *v);
    by_u.gemm(2.0, &e, v, 0.2);
    by_v.gemm_tr(2.0, &e, u, 0.2);
    (by_u, by_v)
}

/// In products with three columns only.
#[inline(never)]
pub(crate) fn factors_thin(
    u: &SMatrix<f64, 8, 3>,
    v: &SMatrix<f64, 6, 3>,
    r: &SMatrix<f64, 8, 6>,
) -> Factors {
    let (mut vv, mut uu) = (v.tr_mul(v), u.tr_mul(u));
    for i in 0..3 {
        vv[(i, i)] += 0.1;
        uu[(i, i)] += 0.1;
    }
    ((u * vv - r * v) * 2.0, (v * uu - r.tr_mul(u)) * 2.0)
}

#[inline(never)]
pub(crate) fn tied(w: &SMatrix<f64, 3, 6>, x: &SVector<f64, 6>) -> SMatrix<f64, 3, 6> {
    let h = (w * x).map(f64::tanh);
    let e = (w.tr_mul(&h) - x) * 2.0;
    let d = (w * e).zip_map(&h, |d, h| d * (1.0 - h * h));
    h * e.transpose() + d * x.transpose()
}

#[inline(never)]
pub(crate) fn tied_in_place(w: &SMatrix<f64, 3, 6>, x: &SVector<f64, 6>) -> SMatrix<f64, 3, 6> {
    let h = (w * x).map(f64::tanh);
    let e = w.tr_mul(&h) - x;
    let d = (w * e).zip_map(&h, |d, h| d * (1.0 - h * h));
    let mut g = SMatrix::<f64, 3, 6>::zeros();
    g.ger(2.0, &h, &e, 0.0);
    g.ger(2.0, &d, x, 1.0);
    g
}

type Layers = (SMatrix<f64, 6, 4>, SMatrix<f64, 2, 6>);

#[inline(never)]
pub(crate) fn batch(
    w1: &SMatrix<f64, 6, 4>,
    w2: &SMatrix<f64, 2, 6>,
    x: &SMatrix<f64, 4, 10>,
    y: &SMatrix<f64, 2, 10>,
) -> Layers {
    let h = (w1 * x).map(|v| v.max(0.0));
    let e = w2 * h - y;
    let d = w2.tr_mul(&e).zip_map(&h, |d, h| if h > 0.0 { d } else { 0.0 });
    (d * x.transpose(), e * h.transpose())
}

#[inline(never)]
pub(crate) fn batch_in_place(
    w1: &SMatrix<f64, 6, 4>,
    w2: &SMatrix<f64, 2, 6>,
    x: &SMatrix<f64, 4, 10>,
    y: &SMatrix<f64, 2, 10>,
) -> Layers {
    let mut h = w1 * x;
    h.apply(|v| *v = v.max(0.0));
    let mut e = *y;
    e.gemm(1.0, w2, &h, -1.0);
    let mut d = w2.transpose() * e;
    d.zip_apply(&h, |d, h| *d = if h > 0.0 { *d } else { 0.0 });
    let (mut by_w1, mut by_w2) = (SMatrix::<f64, 6, 4>::zeros(), SMatrix::<f64, 2, 6>::zeros());
    by_w1.gemm(1.0, &d, &x.transpose(), 0.0);
    by_w2.gemm(1.0, &e, &h.transpose(), 0.0);
    (by_w1, by_w2)
}

#[inline(never)]
pub(crate) fn cosine(a: &SVector<f64, 12>, b: &SVector<f64, 12>) -> SVector<f64, 12> {
    let square = a.norm_squared();
    let scale = 1.0 / (square * b.norm_squared()).sqrt();
    b * scale - a * (a.dot(b) * scale / square)
}
