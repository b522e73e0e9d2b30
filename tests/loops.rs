//! Loops that carry values from step to step: rollouts, networks, recurrences, data of any length. Gradients against
//! central differences, Jacobians against the dual numbers of num-dual.
#[allow(unused_imports, unused_macros, reason = "jacobians have their own comparison")]
mod common;
#[path = "common/oracle.rs"]
mod oracle;
#[macro_use]
#[path = "common/cases.rs"]
mod cases;

use common::{check, dominant, point, positive};
use gradmacro::derive_grad;
use nalgebra::{SMatrix, SVector, Vector2, Vector3, Vector4};

#[derive_grad(wrt(u, a, b, x0))]
fn rollout(
    u: &SVector<f64, 8>,
    a: &SMatrix<f64, 3, 3>,
    b: &Vector3<f64>,
    x0: &Vector3<f64>,
    q: &SMatrix<f64, 3, 3>,
) -> f64 {
    let mut x = *x0;
    let mut cost = 0.0;
    for k in 0..8 {
        x = a * x + b * u[k];
        cost += (x.transpose() * q * x)[(0, 0)] + 0.1 * u[k].powi(2);
    }
    cost + 10.0 * x.norm_squared()
}

#[test]
fn a_rollout_of_linear_dynamics() {
    let q = dominant(5);
    let at = (point(1), dominant(2) * 0.4, point(3), point(4));
    check!(rollout, rollout_grad, rollout_value_and_grad; at => |(u, a, b, x0)| (u, a, b, x0, &q));
}

#[derive_grad(wrt(w, v, out))]
fn recurrent(
    w: &SMatrix<f64, 4, 4>,
    v: &SMatrix<f64, 4, 2>,
    out: &Vector4<f64>,
    inputs: &SMatrix<f64, 2, 10>,
    targets: &SVector<f64, 10>,
) -> f64 {
    let mut h = Vector4::zeros();
    let mut loss = 0.0;
    for t in 0..10 {
        h = (w * h + v * inputs.column(t)).map(|z| z.tanh());
        loss += (out.dot(&h) - targets[t]).powi(2);
    }
    loss / 10.0
}

#[test]
fn a_recurrent_net() {
    let (inputs, targets) = (point(4), point(5));
    check!(recurrent, recurrent_grad, recurrent_value_and_grad;
        (point(1) * 0.5, point(2), point(3)) => |(w, v, out)| (w, v, out, &inputs, &targets));
}

#[derive_grad]
fn rosenbrock(x: &SVector<f64, 7>) -> f64 {
    let mut f = 0.0;
    for i in 0..6 {
        let (a, b) = (1.0 - x[i], x[i + 1] - x[i] * x[i]);
        f += a * a + 100.0 * b * b;
    }
    f
}

#[derive_grad]
fn lennard_jones(p: &SMatrix<f64, 3, 5>) -> f64 {
    let mut energy = 0.0;
    for i in 0..5 {
        for j in (i + 1)..5 {
            let d = p.column(i) - p.column(j);
            let s = 1.0 / d.norm_squared();
            energy += 4.0 * (s.powi(6) - s.powi(3));
        }
    }
    energy
}

#[test]
fn sums_by_loops() {
    check!(rosenbrock, rosenbrock_grad, rosenbrock_value_and_grad; point(1) => |x| (x));
    check!(lennard_jones, lennard_jones_grad, lennard_jones_value_and_grad; point(2) * 2.0 => |p| (p));
}

#[derive_grad(wrt(centers, weights))]
fn mixture(centers: &SMatrix<f64, 2, 3>, weights: &Vector3<f64>, points: &[(Vector2<f64>, f64)]) -> f64 {
    let mut loss = 0.0;
    for (p, y) in points {
        let mut density = 0.0;
        for k in 0..3 {
            density += weights[k] * (-0.5 * (p - centers.column(k)).norm_squared()).exp();
        }
        loss += (density - y).powi(2);
    }
    loss / points.len() as f64
}

#[test]
fn data_of_any_length() {
    for count in [1, 2, 7] {
        let data: Vec<_> = (0..count).map(|k| (point(k), 0.3 * f64::from(k))).collect();
        check!(mixture, mixture_grad, mixture_value_and_grad;
            (point(1), point(2)) => |(centers, weights)| (centers, weights, &data));
    }
}

#[derive_grad]
fn smoothed(x: &SVector<f64, 6>) -> f64 {
    let mut y = *x;
    for i in 1..6 {
        y[i] = 0.7 * y[i - 1] * x[i] + 0.3 * x[i];
    }
    for i in (0..5).rev() {
        y[i] += 0.5 * y[i + 1].sin();
    }
    y.norm_squared()
}

#[test]
fn recurrences_in_place() {
    check!(smoothed, smoothed_grad, smoothed_value_and_grad; point(1) => |x| (x));
}

#[derive_grad(wrt(state, length))]
fn pendulum(state: &Vector2<f64>, length: f64, steps: usize) -> f64 {
    let slope = |s: Vector2<f64>| Vector2::new(s[1], -9.81 / length * s[0].sin());
    let h = 0.05;
    let mut s = *state;
    for _ in 0..20 {
        let k1 = slope(s);
        let k2 = slope(s + k1 * (h / 2.0));
        let k3 = slope(s + k2 * (h / 2.0));
        let k4 = slope(s + k3 * h);
        s += (k1 + k2 * 2.0 + k3 * 2.0 + k4) * (h / 6.0);
    }
    s[0] + 0.5 * s[1] + steps as f64 * 0.0
}

#[derive_grad(wrt(a))]
fn square_root(a: f64) -> f64 {
    let mut y = a;
    for _ in 0..6 {
        y = 0.5 * (y + a / y);
    }
    y
}

#[derive_grad]
fn largest_eigenvalue(a: &SMatrix<f64, 3, 3>) -> f64 {
    let mut v = Vector3::new(1.0, 0.5, 0.25);
    for _ in 0..12 {
        let w = a * v;
        v = w / w.norm();
    }
    v.dot(&(a * v))
}

#[derive_grad]
fn reach(q: &SVector<f64, 5>) -> f64 {
    let mut t = SMatrix::<f64, 3, 3>::identity();
    for i in 0..5 {
        let (s, c) = (q[i].sin(), q[i].cos());
        t *= SMatrix::<f64, 3, 3>::new(c, -s, 0.6, s, c, 0.0, 0.0, 0.0, 1.0);
    }
    (t[(0, 2)] - 1.0).powi(2) + (t[(1, 2)] - 0.5).powi(2)
}

#[test]
fn iterations() {
    check!(pendulum, pendulum_grad, pendulum_value_and_grad; (point(1), 0.8) => |(s, l)| (s, *l, 3));
    check!(square_root, square_root_grad, square_root_value_and_grad; 3.7 => |a| (*a));
    check!(largest_eigenvalue, largest_eigenvalue_grad, largest_eigenvalue_value_and_grad;
        dominant(3) => |a| (a));
    check!(reach, reach_grad, reach_value_and_grad; point(4) => |q| (q));
}

#[derive_grad]
fn horner(x: f64, c: &[f64]) -> f64 {
    let mut value = 0.0;
    for a in c.iter().rev() {
        value = value * x + a;
    }
    value
}

#[derive_grad]
fn products(x: &SVector<f64, 5>) -> f64 {
    let all: f64 = (0..5).map(|i| 1.0 + x[i] * x[i]).product();
    let (mean, last) = x.iter().fold((0.0, 1.0), |(mean, last), v| (mean + v * last, 0.9 * last + v));
    let mut seen = 0.0;
    x.iter().enumerate().for_each(|(k, v)| seen = seen * v + k as f64);
    all * mean + last * seen
}

#[test]
fn folds() {
    for degree in [0, 1, 4] {
        let c: Vec<f64> = (0..degree).map(|k| f64::from(k) - 1.5).collect();
        check!(horner, horner_grad, horner_value_and_grad; 0.7 => |x| (*x, &c));
    }
    check!(products, products_grad, products_value_and_grad; positive(1) => |x| (x));
}

#[derive_grad]
fn guarded(x: &SVector<f64, 6>) -> f64 {
    let (mut s, mut best) = (0.0, x[0]);
    for i in 0..6 {
        if i > 0 {
            s += (x[i] - x[i - 1]).powi(3);
        }
        if x[i] > best {
            best = x[i] * 1.5;
        } else {
            s = s * 0.5 + best;
        }
    }
    s * best
}

#[test]
fn conditionals_in_loops() {
    for seed in 1..6 {
        check!(guarded, guarded_grad, guarded_value_and_grad; point(seed) => |x| (x));
    }
}

/// Every entry of the next state reads entries of the last: once it was written entry by entry, over what was still read.
#[derive_grad(wrt(u, start))]
fn heun(u: &SVector<f64, 12>, start: &Vector2<f64>) -> f64 {
    let mut state = *start;
    let mut cost = 0.0;
    for k in 0..12 {
        let a = Vector2::new(state[1], u[k] - state[0].sin());
        let half = state + a * 0.1;
        let b = Vector2::new(half[1], u[k] - half[0].sin());
        state += (a + b) * 0.05;
        cost += state.norm_squared() + 0.1 * u[k] * u[k];
    }
    cost
}

/// The way back has inner loops of the same range as the way forth: they are no loops of its body.
#[derive_grad]
fn forward_algorithm(u: &SMatrix<f64, 2, 20>) -> f64 {
    let mut la = u.column(0).into_owned();
    for t in 1..20 {
        let mut next = Vector2::zeros();
        for j in 0..2 {
            next[j] = la[0].sin() * la[1] + u[(j, t)];
        }
        la = next;
    }
    la[0] * la[1]
}

/// An entry in each arm, by a condition on what two names of integers mean.
#[derive_grad(wrt(q))]
fn mass_matrix(q: &Vector3<f64>, v: &Vector3<f64>) -> f64 {
    let mut m = SMatrix::<f64, 3, 3>::zeros();
    for i in 0..3 {
        for j in 0..3 {
            let (lo, hi) = if i < j { (i, j) } else { (j, i) };
            m[(i, j)] = if lo == hi { 3.0 - lo as f64 } else { 0.4 * (q[lo] - q[hi]).cos() };
        }
    }
    0.5 * v.dot(&(m * v))
}

#[test]
fn what_users_found() {
    check!(heun, heun_grad, heun_value_and_grad; (point(1), point(2)) => |(u, x)| (u, x));
    check!(forward_algorithm, forward_algorithm_grad, forward_algorithm_value_and_grad; point(3) => |u| (u));
    let v = point(2);
    check!(mass_matrix, mass_matrix_grad, mass_matrix_value_and_grad; point(1) => |q| (q, &v));
}

jacobians! {
    summed[6](jvp, vjp): (x: &SVector<f64, 6> = point) -> SVector<f64, 6> {
        let mut y = *x;
        for i in 1..6 {
            let before = y[i - 1] * x[0];
            y[i] += before;
        }
        y
    }
    lorenz[3](jvp, vjp): (x: &Vector3<f64> = point) -> Vector3<f64> {
        let mut s = *x;
        for _ in 0..20 {
            let (a, b) = ((s.y - s.x) * 0.1, (s.x * (-s.z + 28.0) - s.y) * 0.01);
            s += Vector3::new(a, b, (s.x * s.y - s.z * 2.5) * 0.01);
        }
        s
    }
    filled[4](jvp, vjp, gauss_newton): (x: &Vector4<f64> = point) -> Vector4<f64> {
        let mut r = *x;
        for i in 1..4 {
            r[i] = x[i] * x[i - 1] + r[i - 1] * 0.5;
        }
        r
    }
    simulated[3](jvp, vjp): (x: &Vector3<f64> = point; a: &Matrix3<f64> = point) -> Vector3<f64> {
        let mut s = *x;
        for _ in 0..5 {
            s = (a * s).map(|v| v.sin());
        }
        s
    }
}
