//! Regressions, likelihoods and filters.

use nalgebra::{Cholesky, SMatrix, SVector, Vector3};

/// `Xᵀ` of what a loss says to each residual.
fn regression<const M: usize, const N: usize>(
    w: &SVector<f64, N>,
    x: &SMatrix<f64, M, N>,
    y: &SVector<f64, M>,
    slope: impl Fn(f64) -> f64,
) -> SVector<f64, N> {
    let mut r = *y;
    r.gemv(1.0, x, w, -1.0);
    r.apply(|r| *r = slope(*r));
    x.tr_mul(&r)
}

#[inline(never)]
pub(crate) fn huber(w: &SVector<f64, 5>, x: &SMatrix<f64, 30, 5>, y: &SVector<f64, 30>) -> SVector<f64, 5> {
    regression(w, x, y, |r| r.clamp(-1.0, 1.0))
}

#[inline(never)]
pub(crate) fn huber_products(
    w: &SVector<f64, 5>,
    x: &SMatrix<f64, 30, 5>,
    y: &SVector<f64, 30>,
) -> SVector<f64, 5> {
    x.tr_mul(&(x * w).zip_map(y, |z, y| (z - y).clamp(-1.0, 1.0)))
}

#[inline(never)]
pub(crate) fn cauchy(w: &SVector<f64, 5>, x: &SMatrix<f64, 30, 5>, y: &SVector<f64, 30>) -> SVector<f64, 5> {
    regression(w, x, y, |r| 2.0 * r / (1.0 + r * r))
}

#[inline(never)]
pub(crate) fn cauchy_products(
    w: &SVector<f64, 5>,
    x: &SMatrix<f64, 30, 5>,
    y: &SVector<f64, 30>,
) -> SVector<f64, 5> {
    x.tr_mul(&(x * w - y).map(|r| 2.0 * r / (1.0 + r * r)))
}

#[inline(never)]
pub(crate) fn ridge(
    w: &SVector<f64, 6>,
    a: &SMatrix<f64, 20, 6>,
    y: &SVector<f64, 20>,
    lambda: &f64,
) -> SVector<f64, 6> {
    let mut r = *y;
    r.gemv(1.0, a, w, -1.0);
    let mut g = *w;
    g.gemv_tr(1.0, a, &r, *lambda);
    g
}

#[inline(never)]
pub(crate) fn ridge_products(
    w: &SVector<f64, 6>,
    a: &SMatrix<f64, 20, 6>,
    y: &SVector<f64, 20>,
    lambda: &f64,
) -> SVector<f64, 6> {
    a.tr_mul(&(a * w - y)) + w * *lambda
}

#[inline(never)]
pub(crate) fn poisson(w: &SVector<f64, 5>, x: &SMatrix<f64, 50, 5>, y: &SVector<f64, 50>) -> SVector<f64, 5> {
    x.tr_mul(&(x * w).zip_map(y, |z, y| z.exp() - y))
}

#[inline(never)]
pub(crate) fn mahalanobis(
    x: &SVector<f64, 8>,
    mu: &SVector<f64, 8>,
    s: &SMatrix<f64, 8, 8>,
) -> SVector<f64, 8> {
    let d = x - mu;
    let mut q = d;
    Cholesky::new(*s).expect("positive definite").solve_mut(&mut q);
    q / d.dot(&q).sqrt()
}

/// The distance from the first half of the solution.
#[inline(never)]
pub(crate) fn mahalanobis_halves(
    x: &SVector<f64, 8>,
    mu: &SVector<f64, 8>,
    s: &SMatrix<f64, 8, 8>,
) -> SVector<f64, 8> {
    let factor = Cholesky::new_unchecked(*s);
    let l = factor.l_dirty();
    let mut q = x - mu;
    l.solve_lower_triangular_unchecked_mut(&mut q);
    let distance = q.norm();
    l.ad_solve_lower_triangular_unchecked_mut(&mut q);
    q / distance
}

/// Each exponential once, for both triangles.
#[inline(never)]
pub(crate) fn process(p: &SVector<f64, 3>, t: &SVector<f64, 5>, y: &SVector<f64, 5>) -> SVector<f64, 3> {
    let (scale, rate) = (p[0] * p[0], 1.0 / (p[1] * p[1]));
    let mut e = SMatrix::<f64, 5, 5>::identity();
    let mut squares = SMatrix::<f64, 5, 5>::zeros();
    for j in 0..5 {
        for i in j + 1..5 {
            let square = (t[i] - t[j]) * (t[i] - t[j]) * rate;
            squares[(i, j)] = square;
            e[(i, j)] = (-0.5 * square).exp();
        }
    }
    let mut k = e * scale;
    for i in 0..5 {
        k[(i, i)] += p[2] * p[2];
    }
    let mut g = Cholesky::new(k).expect("positive definite").inverse();
    let q = g * y;
    g.ger(-0.5, &q, &q, 0.5);
    let (mut by_scale, mut by_length) = (0.0, 0.0);
    for j in 0..5 {
        for i in j + 1..5 {
            let weighed = 2.0 * g[(i, j)] * e[(i, j)];
            by_scale += weighed;
            by_length += weighed * squares[(i, j)];
        }
    }
    let trace = g.trace();
    Vector3::new(2.0 * p[0] * (by_scale + trace), scale / p[1] * by_length, 2.0 * p[2] * trace)
}

#[inline(never)]
pub(crate) fn innovation(
    x: &SVector<f64, 4>,
    p: &SMatrix<f64, 4, 4>,
    h: &SMatrix<f64, 2, 4>,
    r: &SMatrix<f64, 2, 2>,
    z: &SVector<f64, 2>,
) -> (SVector<f64, 4>, SMatrix<f64, 4, 4>) {
    let v = z - h * x;
    let s = h * p * h.transpose() + r;
    let mut inverse = s.try_inverse().expect("regular");
    let q = inverse * v;
    inverse.ger(-0.5, &q, &q, 0.5);
    (-h.tr_mul(&q), h.tr_mul(&(inverse * h)))
}

#[inline(never)]
pub(crate) fn mixture(p: &SVector<f64, 5>, t: &SVector<f64, 20>) -> SVector<f64, 5> {
    let weight = 1.0 / (1.0 + (-p[0]).exp());
    let (s, r) = ((-p[3]).exp(), (-p[4]).exp());
    let (first_scale, second_scale) = (weight * s, (1.0 - weight) * r);
    let mut g = SVector::<f64, 5>::zeros();
    for t in t {
        let (a, b) = ((t - p[1]) * s, (t - p[2]) * r);
        let first = first_scale * (-0.5 * a * a).exp();
        let second = second_scale * (-0.5 * b * b).exp();
        let share = first / (first + second);
        let other = 1.0 - share;
        g[0] -= share - weight;
        g[1] -= share * a;
        g[2] -= other * b;
        g[3] -= share * (a * a - 1.0);
        g[4] -= other * (b * b - 1.0);
    }
    g[1] *= s;
    g[2] *= r;
    g
}
