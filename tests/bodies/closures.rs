//! Closures, nested functions, blocks, tuples and shadowing: all are read where they are used.

use gradmacro::derive_grad;
use nalgebra::{Matrix2, Vector2, Vector3};

use crate::common::{check, point, positive};

#[derive_grad]
fn called(x: &Vector3<f64>, k: f64) -> f64 {
    let square = |v: f64| v * v;
    let energy = |a: &Vector3<f64>, b: f64| a.norm_squared() * b + square(b);
    fn hinge(v: f64) -> f64 {
        const MARGIN: f64 = 0.25;
        (MARGIN - v).max(0.0)
    }
    energy(x, k) + x.map(square).sum() + hinge(x[0]) + x.map(hinge).sum() * energy(&(x * 2.0), x[1])
}

#[test]
fn closures_and_functions_are_inlined_where_they_are_called_or_passed() {
    check!(called, called_grad, called_value_and_grad; point(1) => |x| (x, 0.7));
}

#[derive_grad]
fn shadowed(x: &Vector2<f64>) -> f64 {
    let y = x.x * 2.0;
    let f = |v: f64| v * y;
    let y = x.y + y;
    let x = {
        let x = x.map(|x| x * y);
        let y = x.sum();
        x * y
    };
    f(y) + x.norm_squared() * y
}

#[test]
fn a_closure_sees_the_names_where_it_is_defined_and_blocks_shadow() {
    check!(shadowed, shadowed_grad, shadowed_value_and_grad; point(1) => |x| (x));
    let x = Vector2::new(0.5, -1.0);
    // y = 2·0.5 = 1, then −1 + 1 = 0: everything but f(0) vanishes.
    assert_eq!(shadowed(&x), 0.0);
    assert!(shadowed_value_and_grad(&x).0.abs() < 1e-15);
}

#[derive_grad]
fn destructured(m: &Matrix2<f64>) -> f64 {
    let (a, (b, _), [c, d]) = (m.m11, (m.m12, 3.0), [m.m21, m.m22]);
    let minors = |p: f64, q: f64| (p * q, p - q);
    let (product, difference) = minors(a, d);
    let (_, other): (f64, f64) = minors(b, c);
    product * difference - other * (a * d - b * c)
}

#[test]
fn tuples_and_arrays_are_taken_apart() {
    check!(destructured, destructured_grad, destructured_value_and_grad; point(1) => |m| (m));
}

#[derive_grad(wrt(a, b))]
fn nested(a: &Vector3<f64>, b: &Vector3<f64>) -> f64 {
    let affinity = |s: f64| a.zip_map(b, |p, q| (s * p * q).tanh()).sum();
    let doubled = |g: f64| {
        let twice = 2.0 * g;
        affinity(twice) - affinity(g)
    };
    doubled(0.5) * doubled(a.dot(b))
}

#[test]
fn closures_within_closures_capture_what_is_differentiated() {
    check!(nested, nested_grad, nested_value_and_grad; (point(1), point(2)) => |(a, b)| (a, b));
}

#[derive_grad]
fn paths(x: &Vector3<f64>) -> f64 {
    use std::f64::consts::PI;
    let wave = f64::sin;
    x.map(f64::sqrt).sum()
        + x.map(wave).dot(&x.map(f64::ln)) * PI / f64::hypot(x[0], x[1])
        + f64::powi(x[2], 3)
}

#[test]
fn functions_are_passed_by_name() {
    check!(paths, paths_grad, paths_value_and_grad; positive(1) => |x| (x));
}
