//! The functions of the benchmarks as users of num-dual write them where speed counts: loops over numbers, data that is
//! not differentiated kept as `f64`, every common part computed once.
#![allow(missing_docs, reason = "each is named as the function it is")]

pub mod further;
pub mod rollouts;

use nalgebra::{SMatrix, SVector, Vector2, Vector3, Vector4};
use num_dual::DualNum;

/// A dual number that is copied as `f64` is.
pub trait Dual: DualNum<Primitive = f64> + Copy {}
impl<D: DualNum<Primitive = f64> + Copy> Dual for D {}

type Square<const N: usize> = SMatrix<f64, N, N>;

fn dot<D: Dual, const N: usize>(x: &SVector<D, N>, y: &SVector<D, N>) -> D {
    let mut sum = x[0] * y[0];
    for i in 1..N {
        sum += x[i] * y[i];
    }
    sum
}

fn square_sum<D: Dual, const N: usize>(x: &SVector<D, N>) -> D {
    let mut sum = x[0].powi(2);
    for i in 1..N {
        sum += x[i].powi(2);
    }
    sum
}

fn dot_data<D: Dual, const N: usize>(x: &SVector<D, N>, data: &SVector<f64, N>) -> D {
    let mut sum = x[0] * data[0];
    for i in 1..N {
        sum += x[i] * data[i];
    }
    sum
}

fn times<D: Dual, const M: usize, const N: usize>(
    a: &SMatrix<f64, M, N>,
    x: &SVector<D, N>,
) -> SVector<D, M> {
    SVector::from_fn(|i, _| {
        let mut sum = x[0] * a[(i, 0)];
        for j in 1..N {
            sum += x[j] * a[(i, j)];
        }
        sum
    })
}

pub fn quadratic<D: Dual, const N: usize>(x: &SVector<D, N>, a: &Square<N>, b: &SVector<f64, N>) -> D {
    dot(x, &times(a, x)) + dot_data(x, b)
}

pub fn least_squares<D: Dual, const M: usize, const N: usize>(
    w: &SVector<D, N>,
    x: &SMatrix<f64, M, N>,
    y: &SVector<f64, M>,
) -> D {
    let z = times(x, w);
    square_sum(&SVector::<D, M>::from_fn(|i, _| z[i] - y[i]))
}

pub fn logistic<D: Dual, const M: usize, const N: usize>(
    w: &SVector<D, N>,
    x: &SMatrix<f64, M, N>,
    y: &SVector<f64, M>,
) -> D {
    let z = times(x, w);
    let mut sum = square_sum(w) * 0.05;
    for i in 0..M {
        sum += (z[i] * -y[i]).exp().ln_1p();
    }
    sum
}

pub fn likelihood_mean<D: Dual, const N: usize>(mu: &SVector<D, N>, s: &Square<N>, x: &SVector<f64, N>) -> D {
    let factor = s.cholesky().expect("positive definite");
    let l = factor.l_dirty();
    let mut y = SVector::<D, N>::from_fn(|i, _| -mu[i] + x[i]);
    for i in 0..N {
        for j in 0..i {
            let known = y[j];
            y[i] -= known * l[(i, j)];
        }
        y[i] /= l[(i, i)];
    }
    square_sum(&y) * 0.5 + 0.5 * factor.ln_determinant()
}

pub fn log_sum_exp<D: Dual, const N: usize>(x: &SVector<D, N>) -> D {
    let mut sum = x[0].exp();
    for i in 1..N {
        sum += x[i].exp();
    }
    sum.ln()
}

pub fn norm<D: Dual, const N: usize>(x: &SVector<D, N>) -> D {
    square_sum(x).sqrt()
}

pub fn rayleigh<D: Dual, const N: usize>(x: &SVector<D, N>, a: &Square<N>) -> D {
    dot(x, &times(a, x)) / square_sum(x)
}

pub fn rosenbrock<D: Dual, const N: usize>(x: &SVector<D, N>) -> D {
    let term = |i: usize| (x[i + 1] - x[i].powi(2)).powi(2) * 100.0 + (-x[i] + 1.0).powi(2);
    let mut sum = term(0);
    for i in 1..N - 1 {
        sum += term(i);
    }
    sum
}

pub fn network_input<D: Dual, const H: usize, const N: usize>(
    x: &SVector<D, N>,
    w1: &SMatrix<f64, H, N>,
    w2: &SVector<f64, H>,
    t: &f64,
) -> D {
    let h = times(w1, x).map(|v| v.tanh());
    (dot_data(&h, w2) - *t).powi(2) * 0.5
}

pub fn network_weights<D: Dual, const V: usize, const H: usize, const N: usize>(
    w1: &SVector<D, V>,
    w2: &SVector<f64, H>,
    x: &SVector<f64, N>,
    t: &f64,
) -> D {
    let h = SVector::<D, H>::from_fn(|i, _| {
        let mut sum = w1[i] * x[0];
        for j in 1..N {
            sum += w1[i + H * j] * x[j];
        }
        sum.tanh()
    });
    (dot_data(&h, w2) - *t).powi(2) * 0.5
}

pub fn trace_form<D: Dual, const V: usize, const R: usize, const C: usize>(
    x: &SVector<D, V>,
    a: &Square<C>,
    b: &Square<R>,
) -> D {
    // tr(X A Xᵀ B) is the sum of (X A)∘(Bᵀ X), and both factors are linear.
    let mut sum = D::from(0.0);
    for j in 0..C {
        for i in 0..R {
            let mut left = x[i] * a[(0, j)];
            for k in 1..C {
                left += x[i + R * k] * a[(k, j)];
            }
            let mut right = x[R * j] * b[(0, i)];
            for k in 1..R {
                right += x[k + R * j] * b[(k, i)];
            }
            sum += left * right;
        }
    }
    sum
}

/// Solves with the matrix whose columns are stacked in `s` and gives the determinant as well; no pivots are needed for
/// positive definite matrices.
fn solve<D: Dual, const V: usize, const N: usize>(
    s: &SVector<D, V>,
    b: &SVector<f64, N>,
) -> (SVector<D, N>, D) {
    eliminate(SMatrix::<D, N, N>::from_fn(|i, j| s[i + N * j]), b)
}

fn eliminate<D: Dual, const N: usize>(mut m: SMatrix<D, N, N>, b: &SVector<f64, N>) -> (SVector<D, N>, D) {
    let mut x = SVector::<D, N>::from_fn(|i, _| D::from(b[i]));
    let mut determinant = m[(0, 0)];
    for k in 0..N {
        if k > 0 {
            determinant *= m[(k, k)];
        }
        let pivot = m[(k, k)].recip();
        for i in k + 1..N {
            let factor = m[(i, k)] * pivot;
            for j in k + 1..N {
                let entry = m[(k, j)];
                m[(i, j)] -= factor * entry;
            }
            let known = x[k];
            x[i] -= factor * known;
        }
    }
    for i in (0..N).rev() {
        for j in i + 1..N {
            let known = x[j];
            x[i] -= m[(i, j)] * known;
        }
        x[i] /= m[(i, i)];
    }
    (x, determinant)
}

pub fn likelihood_covariance<D: Dual, const V: usize, const N: usize>(
    s: &SVector<D, V>,
    d: &SVector<f64, N>,
) -> D {
    let (x, determinant) = solve(s, d);
    (dot_data(&x, d) + determinant.ln()) * 0.5
}

pub fn divergence<D: Dual, const V: usize, const N: usize>(
    s1: &SVector<D, V>,
    s2: &Square<N>,
    d: &SVector<f64, N>,
) -> D {
    let factor = s2.cholesky().expect("positive definite");
    let inverse = factor.inverse();
    let (_, determinant) = solve(s1, d);
    let mut trace = D::from(d.dot(&(inverse * d)) - N as f64);
    for j in 0..N {
        for i in 0..N {
            trace += s1[i + N * j] * inverse[(j, i)];
        }
    }
    (trace - determinant.ln() + factor.ln_determinant()) * 0.5
}

pub fn layer<D: Dual, const M: usize, const N: usize>(
    x: &SVector<D, N>,
    a: &SMatrix<f64, M, N>,
) -> SVector<D, M> {
    times(a, x).map(|v| v.tanh())
}

pub fn softmax<D: Dual, const N: usize>(x: &SVector<D, N>) -> SVector<D, N> {
    let e = x.map(|v| v.exp());
    let mut sum = e[0];
    for i in 1..N {
        sum += e[i];
    }
    let scale = sum.recip();
    e.map(|v| v * scale)
}

pub fn exponential_model<D: Dual, const M: usize, const N: usize>(
    w: &SVector<D, N>,
    x: &SMatrix<f64, M, N>,
    y: &SVector<f64, M>,
) -> SVector<D, M> {
    let z = times(x, w);
    SVector::from_fn(|i, _| z[i].exp() - y[i])
}

pub fn decay<D: Dual, const M: usize>(
    p: &SVector<D, 3>,
    t: &SVector<f64, M>,
    y: &SVector<f64, M>,
) -> SVector<D, M> {
    SVector::from_fn(|i, _| p[0] * (p[1] * -t[i]).exp() + p[2] - y[i])
}

fn peak<D: Dual>(height: D, centre: D, width: D, t: f64) -> D {
    height * (-((-centre + t) / width).powi(2)).exp()
}

pub fn two_peaks<D: Dual, const M: usize>(
    p: &SVector<D, 6>,
    t: &SVector<f64, M>,
    y: &SVector<f64, M>,
) -> SVector<D, M> {
    SVector::from_fn(|i, _| peak(p[0], p[1], p[2], t[i]) + peak(p[3], p[4], p[5], t[i]) - y[i])
}

pub fn pinhole<D: Dual>(p: &SVector<D, 3>, r: &Square<3>, t: &Vector3<f64>) -> Vector2<D> {
    let c = times(r, p);
    let depth = (c[2] + t[2]).recip();
    Vector2::new((c[0] + t[0]) * depth * 1.5 + 0.1, (c[1] + t[1]) * depth * 1.4 + 0.2)
}

pub fn range_bearing<D: Dual>(s: &SVector<D, 4>, beacon: &Vector2<f64>) -> Vector2<D> {
    let (x, y) = (s[0] - beacon[0], s[1] - beacon[1]);
    Vector2::new((x * x + y * y).sqrt(), y.atan2(x) - s[2])
}

pub fn cart_pole<D: Dual>(s: &SVector<D, 4>, u: &f64) -> Vector4<D> {
    let (speed, angle, rate) = (s[1], s[2], s[3]);
    let (sin, cos) = angle.sin_cos();
    let push = (rate * rate * sin * 0.05 + *u) / 1.1;
    let turn = (sin * 9.8 - cos * push) / ((-cos * cos * (0.1 / 1.1) + 4.0 / 3.0) * 0.5);
    Vector4::new(speed, push - turn * cos * (0.05 / 1.1), rate, turn)
}

pub fn quadrotor<D: Dual>(s: &SVector<D, 12>, u: &Vector4<f64>, i: &Vector3<f64>) -> SVector<D, 12> {
    let (sr, cr) = s[6].sin_cos();
    let (sp, cp) = s[7].sin_cos();
    let (sy, cy) = s[8].sin_cos();
    let (w, v) = ([s[9], s[10], s[11]], [s[3], s[4], s[5]]);
    let lift = [(cy * sp * cr + sy * sr) * u[0], (sy * sp * cr - cy * sr) * u[0], cp * cr * u[0] - 9.81];
    let around = w[1] * sr + w[2] * cr;
    let rates = [w[0] + around * sp / cp, w[1] * cr - w[2] * sr, around / cp];
    let spin = [
        (-w[1] * w[2] * (i[2] - i[1]) + u[1]) / i[0],
        (-w[2] * w[0] * (i[0] - i[2]) + u[2]) / i[1],
        (-w[0] * w[1] * (i[1] - i[0]) + u[3]) / i[2],
    ];
    let all = [v, lift, rates, spin];
    SVector::from_fn(|k, _| all[k / 3][k % 3])
}

/// A point seen by a camera with a rotation vector, a translation, a focal length and two distortions.
pub fn camera<D: Dual>(x: &SVector<D, 12>, seen: &Vector2<f64>) -> Vector2<D> {
    let p = [x[9], x[10], x[11]];
    let angle = (x[0] * x[0] + x[1] * x[1] + x[2] * x[2]).sqrt();
    let scale = angle.recip();
    let k = [x[0] * scale, x[1] * scale, x[2] * scale];
    let (sin, cos) = angle.sin_cos();
    let along = (k[0] * p[0] + k[1] * p[1] + k[2] * p[2]) * (-cos + 1.0);
    let cross = [k[1] * p[2] - k[2] * p[1], k[2] * p[0] - k[0] * p[2], k[0] * p[1] - k[1] * p[0]];
    let q = |i: usize| p[i] * cos + cross[i] * sin + k[i] * along + x[3 + i];
    let depth = -q(2).recip();
    let (u, v) = (q(0) * depth, q(1) * depth);
    let square = u * u + v * v;
    let focal = x[6] * (square * (x[7] + x[8] * square) + 1.0);
    Vector2::new(u * focal - seen[0], v * focal - seen[1])
}
