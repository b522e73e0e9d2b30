//! Sums over data, loops that carry a state, branches.

use gradmacro::derive_grad;
use nalgebra::{SMatrix, SVector, Vector3};

use crate::common::point;
use crate::written;

type Sample = (SVector<f64, 20>, f64);

fn samples() -> Vec<Sample> {
    (1..6_u32).map(|k| (point(k), f64::from(k % 2) * 2.0 - 1.0)).collect()
}

#[derive_grad(into, hessian, hvp)]
fn fit(w: &SVector<f64, 20>, points: &[Sample], n: f64) -> f64 {
    let mut loss = 0.0;
    for point in points {
        let x: SVector<f64, 20> = point.0;
        let y: f64 = point.1;
        loss += (1.0 + (-y * x.dot(w)).exp()).ln();
    }
    loss / n + 0.5 * w.norm_squared()
}

#[test]
fn sums_over_data() {
    let (w, points) = (&point(7), &samples()[..]);
    assert_eq!(written!(fit_grad_into[w, points, 5.0] => g), ((), fit_grad(w, points, 5.0)));
    let (value, gradient) = fit_value_and_grad(w, points, 5.0);
    assert_eq!(written!(fit_value_and_grad_into[w, points, 5.0] => g), (value, gradient));
    assert_eq!(written!(fit_hessian_into[w, points, 5.0] => h), ((), fit_hessian(w, points, 5.0)));
    let (value, gradient, hessian) = fit_value_grad_hessian(w, points, 5.0);
    assert_eq!(written!(fit_value_grad_hessian_into[w, points, 5.0] => g, h), (value, gradient, hessian));
    let v = &point(8);
    assert_eq!(written!(fit_hvp_into[w, points, 5.0, v] => p), ((), fit_hvp(w, points, 5.0, v)));
    assert_eq!(written!(fit_grad_into[w, &[], 5.0] => g), ((), fit_grad(w, &[], 5.0)), "without data");
}

#[derive_grad(into, wrt(w, b))]
fn layer(w: &SMatrix<f64, 8, 5>, b: &SVector<f64, 8>, points: &[(SVector<f64, 5>, SVector<f64, 8>)]) -> f64 {
    let mut loss = 0.0;
    for point in points {
        let x: SVector<f64, 5> = point.0;
        let y: SVector<f64, 8> = point.1;
        loss += ((w * x + b).map(|v| v.tanh()) - y).norm_squared();
    }
    2.0 * loss + w.norm_squared()
}

#[derive_grad(into, wrt(a))]
fn rollout(a: &SMatrix<f64, 5, 5>, start: &SVector<f64, 5>, gain: f64) -> f64 {
    let mut x = *start;
    let mut cost = 0.0;
    for _ in 0..20 {
        x = (a * x).map(|v| v.sin());
        cost += x.norm_squared();
    }
    cost + gain * (0..5).map(|k| a[(k, 0)] * k as f64).sum::<f64>()
}

#[derive_grad(into)]
fn filled(x: &SVector<f64, 20>) -> SMatrix<f64, 20, 20> {
    let mut m = SMatrix::<f64, 20, 20>::zeros();
    for i in 0..20 {
        for j in 0..i {
            m[(i, j)] = x[i] * x[j].sin();
        }
    }
    m
}

#[derive_grad(into)]
fn stepped(x: &Vector3<f64>) -> SVector<f64, 30> {
    let mut y = SVector::<f64, 30>::repeat(0.5);
    let mut state = *x;
    for k in 0..10 {
        state = state.map(|v| v.cos());
        y.fixed_rows_mut::<3>(3 * k).copy_from(&state);
    }
    y
}

#[test]
fn loops_with_a_state() {
    let (w, b, points) = (&point(1), &point(2), &[(point(3), point(4)), (point(5), point(6))][..]);
    let (by_w, by_b) = layer_grad(w, b, points);
    assert_eq!(written!(layer_grad_into[w, b, points] => g, h), ((), by_w, by_b));
    let (value, (by_w, by_b)) = layer_value_and_grad(w, b, points);
    assert_eq!(written!(layer_value_and_grad_into[w, b, points] => g, h), (value, by_w, by_b));
    let (a, start) = (&point(7), &point(8));
    assert_eq!(written!(rollout_grad_into[a, start, 0.5] => g), ((), rollout_grad(a, start, 0.5)));
    let (value, gradient) = rollout_value_and_grad(a, start, 0.5);
    assert_eq!(written!(rollout_value_and_grad_into[a, start, 0.5] => g), (value, gradient));
    let (value, jacobian) = filled_value_and_jacobian(&point(9));
    assert!(written!(filled_value_and_jacobian_into[&point(9)] => y, j) == ((), value, jacobian));
    let (value, jacobian) = stepped_value_and_jacobian(&point(10));
    assert_eq!(written!(stepped_value_and_jacobian_into[&point(10)] => y, j), ((), value, jacobian));
}

#[derive_grad(into)]
fn branched(x: &SVector<f64, 20>, a: &SMatrix<f64, 20, 20>, limit: f64) -> f64 {
    if x.norm() < limit {
        return 0.5 * x.dot(&(a * x));
    }
    let mut y = a.tr_mul(x);
    if x[0] > 0.0 {
        y *= 2.0;
    }
    y.norm()
}

#[test]
fn branches() {
    let a = &point(1);
    for x in [&point(2), &-point::<20, 1>(2)] {
        for limit in [0.0, 100.0] {
            let (value, gradient) = branched_value_and_grad(x, a, limit);
            assert_eq!(written!(branched_value_and_grad_into[x, a, limit] => g), (value, gradient));
            assert_eq!(written!(branched_grad_into[x, a, limit] => g), ((), branched_grad(x, a, limit)));
        }
    }
}
