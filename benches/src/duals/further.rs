//! Functions of which only gradients are compared.

use std::f64::consts::PI;

use nalgebra::{Matrix4, SMatrix, SVector, Vector2, Vector3, Vector4};

use super::{Dual, dot, dot_data, eliminate, square_sum, times};

type Square<const N: usize> = SMatrix<f64, N, N>;

/// The variables as a matrix.
fn matrix<D: Dual, const V: usize, const R: usize, const C: usize>(
    x: &SVector<D, V>,
    first: usize,
) -> SMatrix<D, R, C> {
    SMatrix::from_fn(|i, j| x[first + i + R * j])
}

/// A sum over the residuals of a regression.
fn residuals<D: Dual, const M: usize, const N: usize>(
    w: &SVector<D, N>,
    x: &SMatrix<f64, M, N>,
    y: &SVector<f64, M>,
    loss: impl Fn(D) -> D,
) -> D {
    let z = times(x, w);
    let mut sum = loss(z[0] - y[0]);
    for i in 1..M {
        sum += loss(z[i] - y[i]);
    }
    sum
}

pub fn least_squares_data<D: Dual, const V: usize, const M: usize, const N: usize>(
    x: &SVector<D, V>,
    w: &SVector<f64, N>,
    y: &SVector<f64, M>,
) -> D {
    let mut sum = D::from(0.0);
    for i in 0..M {
        let mut r = x[i] * w[0];
        for j in 1..N {
            r += x[i + M * j] * w[j];
        }
        sum += (r - y[i]).powi(2);
    }
    sum
}

pub fn divergence<D: Dual>(x: &SVector<D, 20>, s2: &Matrix4<f64>, m2: &Vector4<f64>) -> D {
    let factor = s2.cholesky().expect("positive definite");
    let inverse = factor.inverse();
    let (_, determinant) = eliminate(matrix::<D, 20, 4, 4>(x, 0), m2);
    let d = Vector4::from_fn(|i, _| -x[16 + i] + m2[i]);
    let mut sum = dot(&d, &times(&inverse, &d)) - 4.0;
    for j in 0..4 {
        for i in 0..4 {
            sum += x[i + 4 * j] * inverse[(j, i)];
        }
    }
    (sum - determinant.ln() + factor.ln_determinant()) * 0.5
}

pub fn network<D: Dual>(w: &SVector<D, 144>, x: &SVector<f64, 8>, t: &f64) -> D {
    let mut sum = D::from(-*t);
    for i in 0..16 {
        let mut z = w[i] * x[0];
        for j in 1..8 {
            z += w[i + 16 * j] * x[j];
        }
        sum += z.tanh() * w[128 + i];
    }
    sum.powi(2) * 0.5
}

pub fn huber<D: Dual, const M: usize, const N: usize>(
    w: &SVector<D, N>,
    x: &SMatrix<f64, M, N>,
    y: &SVector<f64, M>,
) -> D {
    residuals(w, x, y, |r| if r.re().abs() <= 1.0 { r * r * 0.5 } else { r.abs() - 0.5 })
}

pub fn cauchy<D: Dual, const M: usize, const N: usize>(
    w: &SVector<D, N>,
    x: &SMatrix<f64, M, N>,
    y: &SVector<f64, M>,
) -> D {
    residuals(w, x, y, |r| (r * r).ln_1p())
}

pub fn ridge<D: Dual, const M: usize, const N: usize>(
    w: &SVector<D, N>,
    x: &SMatrix<f64, M, N>,
    y: &SVector<f64, M>,
    lambda: &f64,
) -> D {
    (residuals(w, x, y, |r| r * r) + square_sum(w) * *lambda) * 0.5
}

pub fn poisson<D: Dual, const M: usize, const N: usize>(
    w: &SVector<D, N>,
    x: &SMatrix<f64, M, N>,
    y: &SVector<f64, M>,
) -> D {
    let z = times(x, w);
    let mut sum = z[0].exp() - z[0] * y[0];
    for i in 1..M {
        sum += z[i].exp() - z[i] * y[i];
    }
    sum
}

pub fn mahalanobis<D: Dual, const N: usize>(x: &SVector<D, N>, mu: &SVector<f64, N>, s: &Square<N>) -> D {
    let factor = s.cholesky().expect("positive definite");
    let l = factor.l_dirty();
    let mut y = SVector::<D, N>::from_fn(|i, _| x[i] - mu[i]);
    for i in 0..N {
        for j in 0..i {
            let known = y[j];
            y[i] -= known * l[(i, j)];
        }
        y[i] /= l[(i, i)];
    }
    square_sum(&y).sqrt()
}

pub fn process<D: Dual>(p: &SVector<D, 3>, t: &SVector<f64, 5>, y: &SVector<f64, 5>) -> D {
    let (scale, noise) = (p[0] * p[0], p[2] * p[2]);
    let rate = (p[1] * p[1]).recip() * -0.5;
    let mut k = SMatrix::<D, 5, 5>::from_diagonal_element(scale + noise);
    for j in 0..5 {
        for i in j + 1..5 {
            k[(i, j)] = scale * (rate * (t[i] - t[j]).powi(2)).exp();
            k[(j, i)] = k[(i, j)];
        }
    }
    let (x, determinant) = eliminate(k, y);
    (dot_data(&x, y) + determinant.ln()) * 0.5
}

pub fn innovation<D: Dual>(
    x: &SVector<D, 20>,
    h: &SMatrix<f64, 2, 4>,
    r: &SMatrix<f64, 2, 2>,
    z: &SVector<f64, 2>,
) -> D {
    let hx = |i: usize| x[0] * h[(i, 0)] + x[1] * h[(i, 1)] + x[2] * h[(i, 2)] + x[3] * h[(i, 3)];
    let v = [-hx(0) + z[0], -hx(1) + z[1]];
    let s = |i: usize, j: usize| {
        let mut sum = D::from(r[(i, j)]);
        for b in 0..4 {
            let p = |a: usize| x[4 + a + 4 * b] * h[(i, a)];
            sum += (p(0) + p(1) + p(2) + p(3)) * h[(j, b)];
        }
        sum
    };
    let (a, b, c, d) = (s(0, 0), s(0, 1), s(1, 0), s(1, 1));
    let determinant = a * d - b * c;
    let form = v[0] * (d * v[0] - b * v[1]) + v[1] * (a * v[1] - c * v[0]);
    (form / determinant + determinant.ln()) * 0.5
}

pub fn mixture<D: Dual, const M: usize>(p: &SVector<D, 5>, t: &SVector<f64, M>) -> D {
    let weight = ((-p[0]).exp() + 1.0).recip();
    let (s, r) = ((-p[3]).exp(), (-p[4]).exp());
    let (first_scale, second_scale) = (weight * s, (-weight + 1.0) * r);
    let mut sum = D::from(0.0);
    for i in 0..M {
        let (a, b) = ((-p[1] + t[i]) * s, (-p[2] + t[i]) * r);
        sum -= (first_scale * (a * a * -0.5).exp() + second_scale * (b * b * -0.5).exp()).ln();
    }
    sum
}

pub fn bearing<D: Dual>(pose: &SVector<D, 3>, landmark: &Vector2<f64>, seen: &Vector2<f64>) -> Vector2<D> {
    let (x, y) = (-pose[0] + landmark[0], -pose[1] + landmark[1]);
    Vector2::new((x * x + y * y).sqrt() - seen[0], y.atan2(x) - pose[2] - seen[1])
}

pub fn compose<D: Dual>(x: &SVector<D, 6>) -> Vector3<D> {
    let (sin, cos) = x[2].sin_cos();
    Vector3::new(x[0] + cos * x[3] - sin * x[4], x[1] + sin * x[3] + cos * x[4], x[2] + x[5])
}

pub fn two_links<D: Dual>(x: &SVector<D, 4>) -> D {
    let c = x[1].cos();
    let (v, w) = (x[2], x[3]);
    ((c * 2.0 + 3.0) * v * v + (c + 1.0) * v * w * 2.0 + w * w) * 0.5
}

pub fn turned<D: Dual>(q: &SVector<D, 4>, a: &Vector3<f64>, b: &Vector3<f64>) -> D {
    let (w, v) = (q[0], [q[1], q[2], q[3]]);
    let vv = v[0] * v[0] + v[1] * v[1] + v[2] * v[2];
    let along = (v[0] * a[0] + v[1] * a[1] + v[2] * a[2]) * 2.0;
    let keep = w * w - vv;
    let cross = [v[1] * a[2] - v[2] * a[1], v[2] * a[0] - v[0] * a[2], v[0] * a[1] - v[1] * a[0]];
    let scale = (w * w + vv).recip();
    let e = |i: usize| ((keep * a[i] + v[i] * along + cross[i] * w * 2.0) * scale - b[i]).powi(2);
    e(0) + e(1) + e(2)
}

pub fn chain<D: Dual>(p: &SVector<D, 12>, length: &f64) -> D {
    let mut energy = D::from(0.0);
    for i in 0..5 {
        let (x, y) = (p[2 * i + 2] - p[2 * i], p[2 * i + 3] - p[2 * i + 1]);
        energy += ((x * x + y * y).sqrt() - *length).powi(2) * 0.5 + p[2 * i + 1] * 0.1;
    }
    energy
}

pub fn circle<D: Dual>(c: &SVector<D, 3>, points: &SMatrix<f64, 2, 15>) -> D {
    let mut sum = D::from(0.0);
    for i in 0..15 {
        let (x, y) = (-c[0] + points[(0, i)], -c[1] + points[(1, i)]);
        sum += ((x * x + y * y).sqrt() - c[2]).powi(2);
    }
    sum
}

pub fn entropy<D: Dual>(w: &SVector<D, 40>, x: &SVector<f64, 8>, y: &SVector<f64, 5>) -> D {
    let z = times_data(&matrix::<D, 40, 5, 8>(w, 0), x);
    z.map(|z| z.exp()).sum().ln() - dot_data(&z, y)
}

fn times_data<D: Dual, const R: usize, const C: usize>(
    a: &SMatrix<D, R, C>,
    x: &SVector<f64, C>,
) -> SVector<D, R> {
    SVector::from_fn(|i, _| {
        let mut sum = a[(i, 0)] * x[0];
        for j in 1..C {
            sum += a[(i, j)] * x[j];
        }
        sum
    })
}

pub fn principal<D: Dual>(w: &SVector<D, 12>, x: &SMatrix<f64, 20, 6>) -> D {
    let mut sum = D::from(0.0);
    for k in 0..20 {
        let z = |c: usize| {
            let mut z = w[6 * c] * x[(k, 0)];
            for j in 1..6 {
                z += w[j + 6 * c] * x[(k, j)];
            }
            z
        };
        let (first, second) = (z(0), z(1));
        for j in 0..6 {
            sum += (-first * w[j] - second * w[j + 6] + x[(k, j)]).powi(2);
        }
    }
    sum
}

pub fn factors<D: Dual>(x: &SVector<D, 42>, r: &SMatrix<f64, 8, 6>) -> D {
    let mut sum = square_sum(x) * 0.1;
    for j in 0..6 {
        for i in 0..8 {
            let product = |k: usize| x[i + 8 * k] * x[24 + j + 6 * k];
            sum += (product(0) + product(1) + product(2) - r[(i, j)]).powi(2);
        }
    }
    sum
}

pub fn tied<D: Dual>(w: &SVector<D, 18>, x: &SVector<f64, 6>) -> D {
    let h = times_data(&matrix::<D, 18, 3, 6>(w, 0), x).map(|z| z.tanh());
    let mut sum = D::from(0.0);
    for j in 0..6 {
        sum += (w[3 * j] * h[0] + w[3 * j + 1] * h[1] + w[3 * j + 2] * h[2] - x[j]).powi(2);
    }
    sum
}

pub fn batch<D: Dual>(w: &SVector<D, 36>, x: &SMatrix<f64, 4, 10>, y: &SMatrix<f64, 2, 10>) -> D {
    let mut sum = D::from(0.0);
    for k in 0..10 {
        let mut out = [D::from(-y[(0, k)]), D::from(-y[(1, k)])];
        for i in 0..6 {
            let h = w[i] * x[(0, k)] + w[i + 6] * x[(1, k)] + w[i + 12] * x[(2, k)] + w[i + 18] * x[(3, k)];
            if h.re() > 0.0 {
                out[0] += h * w[24 + 2 * i];
                out[1] += h * w[25 + 2 * i];
            }
        }
        sum += out[0] * out[0] + out[1] * out[1];
    }
    sum * 0.5
}

pub fn cosine<D: Dual, const N: usize>(a: &SVector<D, N>, b: &SVector<f64, N>) -> D {
    dot_data(a, b) / (square_sum(a) * b.norm_squared()).sqrt()
}

pub fn inverse_trace<D: Dual>(a: &SVector<D, 25>) -> D {
    let mut sum = D::from(0.0);
    let mut m = matrix::<D, 25, 5, 5>(a, 0);
    let mut inverse = SMatrix::<D, 5, 5>::from_diagonal_element(D::from(1.0));
    for k in 0..5 {
        let pivot = m[(k, k)].recip();
        for j in 0..5 {
            m[(k, j)] *= pivot;
            inverse[(k, j)] *= pivot;
        }
        for i in (0..5).filter(|i| *i != k) {
            let factor = m[(i, k)];
            for j in 0..5 {
                let (known, other) = (m[(k, j)], inverse[(k, j)]);
                m[(i, j)] -= factor * known;
                inverse[(i, j)] -= factor * other;
            }
        }
    }
    for k in 0..5 {
        sum += inverse[(k, k)];
    }
    sum
}

pub fn sylvester<D: Dual>(x: &SVector<D, 25>, a: &Square<5>, b: &Square<5>) -> D {
    let mut sum = D::from(0.0);
    for j in 0..5 {
        for i in 0..5 {
            let mut entry = x[5 * j] * a[(i, 0)] - x[i] * b[(0, j)];
            for k in 1..5 {
                entry += x[k + 5 * j] * a[(i, k)] - x[i + 5 * k] * b[(k, j)];
            }
            sum += entry * entry;
        }
    }
    sum
}

pub fn design<D: Dual>(w: &SVector<D, 12>, x: &SMatrix<f64, 12, 3>) -> D {
    let entry = |i: usize, j: usize| {
        let mut sum = w[0] * (x[(0, i)] * x[(0, j)]);
        for k in 1..12 {
            sum += w[k] * (x[(k, i)] * x[(k, j)]);
        }
        sum
    };
    let (a, b, c, d, e, f) = (entry(0, 0), entry(0, 1), entry(0, 2), entry(1, 1), entry(1, 2), entry(2, 2));
    -(a * (d * f - e * e) - b * (b * f - c * e) + c * (b * e - c * d)).ln()
}

pub fn barrier<D: Dual>(
    x: &SVector<D, 4>,
    c: &SVector<f64, 4>,
    a: &SMatrix<f64, 12, 4>,
    b: &SVector<f64, 12>,
) -> D {
    let ax = times(a, x);
    let mut sum = (-ax[0] + b[0]).ln();
    for i in 1..12 {
        sum += (-ax[i] + b[i]).ln();
    }
    dot_data(x, c) - sum * 0.1
}

pub fn solution<D: Dual>(a: &SVector<D, 16>, b: &SVector<f64, 4>, q: &Square<4>) -> D {
    let (x, _) = eliminate(matrix::<D, 16, 4, 4>(a, 0), b);
    dot(&x, &times(q, &x))
}

pub fn himmelblau<D: Dual>(x: &SVector<D, 2>) -> D {
    (x[0] * x[0] + x[1] - 11.0).powi(2) + (x[0] + x[1] * x[1] - 7.0).powi(2)
}

pub fn broyden<D: Dual>(x: &SVector<D, 12>) -> D {
    let mut sum = D::from(0.0);
    for i in 0..12 {
        let mut r = (-x[i] * 2.0 + 3.0) * x[i] + 1.0;
        if i > 0 {
            r -= x[i - 1];
        }
        if i < 11 {
            r -= x[i + 1] * 2.0;
        }
        sum += r * r * 0.5;
    }
    sum
}

pub fn rastrigin<D: Dual>(x: &SVector<D, 8>) -> D {
    let mut sum = D::from(80.0);
    for i in 0..8 {
        sum += x[i] * x[i] - (x[i] * (2.0 * PI)).cos() * 10.0;
    }
    sum
}
