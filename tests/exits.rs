//! Functions that return `None` under conditions: `None` exactly where the function is `None`.

#![allow(clippy::question_mark, clippy::manual_map, reason = "each spelling of an exit is to be read")]

use gradmacro::derive_grad;
use nalgebra::{Matrix2, Vector2, Vector3};

/// The generated functions are `None` where the function is, and else the gradient is that of `part`, a function
/// without exits.
macro_rules! assert_exits {
    ($f:ident, $grad:ident, $both:ident, ($($argument:expr),*), $part:expr) => {{
        let value = $f($($argument),*);
        let gradient = $grad($($argument),*);
        assert_eq!(gradient.is_none(), value.is_none(), "{}", stringify!($grad));
        let both = $both($($argument),*);
        assert_eq!(both.is_none(), value.is_none(), "{}", stringify!($both));
        if let (Some(value), Some(gradient), Some(both)) = (value, gradient, both) {
            let wanted: Option<_> = $part;
            assert!((gradient - wanted.expect("the function has a value")).norm() < 1e-12);
            assert!((both.0 - value).abs() < 1e-12);
            assert!((both.1 - gradient).norm() < 1e-12);
        }
        value.is_none()
    }};
}

#[derive_grad]
fn length(x: &Vector3<f64>) -> Option<f64> {
    let n = x.norm();
    if n < 1e-12 {
        return None;
    }
    Some(1.0 / n)
}

#[test]
fn a_guard_on_what_is_differentiated() {
    for (x, missing) in [(Vector3::<f64>::zeros(), true), (Vector3::new(1.0, -2.0, 0.5), false)] {
        let wanted = Some(-x / x.norm().powi(3));
        assert_eq!(assert_exits!(length, length_grad, length_value_and_grad, (&x), wanted), missing);
    }
    // No comparison holds of NaN.
    let nan = Vector3::repeat(f64::NAN);
    assert!(length(&nan).is_some() && length_grad(&nan).is_some());
}

#[derive_grad(wrt(x))]
fn weighted(x: &Vector3<f64>, weights: &[f64], k: usize) -> Option<f64> {
    if weights.is_empty() || k > 2 {
        return None;
    }
    let first = weights[0];
    let last = weights[weights.len() - 1];
    Some(first * x[k] + last * x.norm_squared())
}

#[test]
fn a_guard_on_data_comes_before_what_reads_it() {
    let x = Vector3::new(1.0, -2.0, 0.5);
    for (weights, k) in [(&[][..], 0), (&[2.0, 3.0][..], 1), (&[2.0, 3.0][..], 3)] {
        let wanted = (k < 3 && !weights.is_empty()).then(|| Vector3::ith(k, 2.0) + 6.0 * x);
        let case = (&x, weights, k);
        let missing =
            assert_exits!(weighted, weighted_grad, weighted_value_and_grad, (case.0, case.1, case.2), wanted);
        assert_eq!(missing, weights.is_empty() || k > 2);
    }
}

#[derive_grad]
fn nested(x: &Vector2<f64>, strict: bool) -> Option<f64> {
    let mut s = x[0] * x[1];
    if x[0] < 0.0 {
        if strict {
            return None;
        }
        s *= 2.0;
        if x[1] < -1.0 {
            return None;
        } else if x[1] < 0.0 {
            return Some(7.0 * x[0]);
        }
    }
    Some(s + x[1])
}

#[test]
fn guards_within_arms() {
    let mut missing = 0;
    for x in [-2.0, 0.5].iter().flat_map(|a| [-2.0, -0.5, 3.0].map(|b| Vector2::new(*a, b))) {
        for strict in [false, true] {
            let factor = if x[0] < 0.0 { 2.0 } else { 1.0 };
            let wanted = match x[0] < 0.0 && x[1] < 0.0 {
                true => Vector2::new(7.0, 0.0),
                false => Vector2::new(factor * x[1], factor * x[0] + 1.0),
            };
            let none = assert_exits!(nested, nested_grad, nested_value_and_grad, (&x, strict), Some(wanted));
            assert_eq!(none, x[0] < 0.0 && (strict || x[1] < -1.0));
            missing += usize::from(none);
        }
    }
    assert_eq!(missing, 4);
}

#[derive_grad]
fn tail(x: &Vector2<f64>) -> Option<f64> {
    if x[0] > 1.0 {
        return Some(x[1]);
    }
    let scaled = if x[1] > 0.0 { x[0].ln() } else { return None };
    if x[0] > 0.0 { Some(scaled * x[1]) } else { None }
}

#[test]
fn a_body_may_end_in_none() {
    for x in [-2.0, 0.5, 2.0].iter().flat_map(|a: &f64| [-2.0, 0.7].map(|b: f64| Vector2::new(*a, b))) {
        let wanted = match x[0] > 1.0 {
            true => Vector2::new(0.0, 1.0),
            false => Vector2::new(x[1] / x[0], x[0].ln()),
        };
        let none = assert_exits!(tail, tail_grad, tail_value_and_grad, (&x), Some(wanted));
        assert_eq!(none, x[0] <= 1.0 && (x[1] <= 0.0 || x[0] <= 0.0));
    }
}

#[derive_grad]
fn only_where(x: &Vector2<f64>) -> Option<f64> {
    if x[0] < 0.0 {
        return Some(x[1]);
    }
    if x[1] < 0.0 {
        return Some(3.0 * x[0]);
    }
    None
}

#[test]
fn what_is_left_over_is_none() {
    for x in [-2.0, 0.5].iter().flat_map(|a| [-2.0, 0.7].map(|b| Vector2::new(*a, b))) {
        let wanted = if x[0] < 0.0 { Vector2::new(0.0, 1.0) } else { Vector2::new(3.0, 0.0) };
        let none = assert_exits!(only_where, only_where_grad, only_where_value_and_grad, (&x), Some(wanted));
        assert_eq!(none, x[0] >= 0.0 && x[1] >= 0.0);
    }
}

#[derive_grad]
fn ordered(a: &Matrix2<f64>, guard: f64) -> Option<f64> {
    if guard < 0.0 {
        return None;
    }
    let inverse = a.try_inverse().unwrap();
    if guard > 10.0 {
        return None;
    }
    Some(inverse.trace() * guard)
}

#[test]
fn what_fails_first_fails_first() {
    let a = Matrix2::new(2.0, 1.0, 0.5, -3.0);
    let inverse = a.try_inverse().unwrap();
    for guard in [-1.0, 3.0, 20.0] {
        let wanted = Some(-(inverse * inverse).transpose() * guard);
        let none = assert_exits!(ordered, ordered_grad, ordered_value_and_grad, (&a, guard), wanted);
        assert_eq!(none, guard != 3.0);
    }
    let zero = Matrix2::zeros();
    assert!(ordered_grad(&zero, -1.0).is_none());
    for guard in [3.0, 20.0] {
        assert!(std::panic::catch_unwind(|| ordered(&zero, guard)).is_err());
        assert!(std::panic::catch_unwind(|| ordered_grad(&zero, guard)).is_err());
    }
}

#[derive_grad]
fn in_an_arm(a: &Matrix2<f64>, invert: bool) -> Option<f64> {
    let y = if invert { a.try_inverse()?.trace() } else { a.determinant() };
    if a[(0, 0)] > 5.0 {
        return Some(3.0 * y);
    }
    let factors = a.cholesky()?;
    Some(y + factors.ln_determinant())
}

#[test]
fn a_question_mark_counts_where_it_is_reached() {
    let regular = Matrix2::new(2.0, 0.5, 0.5, 1.0);
    let singular = Matrix2::new(1.0, 1.0, 1.0, 1.0);
    let cofactors = |a: &Matrix2<f64>| Matrix2::new(a[(1, 1)], -a[(1, 0)], -a[(0, 1)], a[(0, 0)]);
    for a in [regular, singular, regular * 4.0, singular * 6.0, -regular] {
        for invert in [false, true] {
            let wanted = a.try_inverse().map(|inverse| {
                let of_y = if invert { -(inverse * inverse).transpose() } else { cofactors(&a) };
                let lower = inverse[(0, 0)];
                let logarithm = Matrix2::new(lower, 0.0, 2.0 * inverse[(1, 0)], inverse[(1, 1)]);
                if a[(0, 0)] > 5.0 { 3.0 * of_y } else { of_y + logarithm }
            });
            let wanted = wanted.or_else(|| (a[(0, 0)] > 5.0).then(|| 3.0 * cofactors(&a)));
            let none =
                assert_exits!(in_an_arm, in_an_arm_grad, in_an_arm_value_and_grad, (&a, invert), wanted);
            assert!(none == in_an_arm(&a, invert).is_none());
        }
    }
    assert!(in_an_arm_grad(&(singular * 6.0), false).is_some());
    assert!(in_an_arm_grad(&(singular * 6.0), true).is_none());
}

#[derive_grad(wrt(x))]
fn looked_into(a: &Matrix2<f64>, x: &Vector2<f64>, weights: &[f64]) -> Option<f64> {
    let scaled = a * (1.0 + x.norm_squared());
    let Some(inverse) = scaled.try_inverse() else { return None };
    let logarithm = match scaled.cholesky() {
        Some(factors) => factors.ln_determinant(),
        None => return None,
    };
    let Some(weight) = weights.first() else {
        return None;
    };
    let weight: f64 = *weight;
    if let Some(y) = scaled.lu().solve(x) {
        Some(weight * y.dot(x) + logarithm + inverse.trace())
    } else {
        None
    }
}

#[derive_grad(wrt(x))]
fn asked(a: &Matrix2<f64>, x: &Vector2<f64>, weights: &[f64]) -> Option<f64> {
    let scaled = a * (1.0 + x.norm_squared());
    let inverse = scaled.try_inverse()?;
    let logarithm = scaled.cholesky()?.ln_determinant();
    if weights.is_empty() {
        return None;
    }
    let weight: f64 = weights[0];
    Some(weight * scaled.lu().solve(x)?.dot(x) + logarithm + inverse.trace())
}

#[test]
fn an_arm_that_returns_none_is_a_question_mark() {
    let x = Vector2::new(0.3, -0.7);
    for a in [Matrix2::new(2.0, 0.5, 0.5, 1.0), Matrix2::zeros(), -Matrix2::identity()] {
        for weights in [&[][..], &[3.0, 4.0][..]] {
            let wanted = asked_grad(&a, &x, weights);
            let none = assert_exits!(
                looked_into,
                looked_into_grad,
                looked_into_value_and_grad,
                (&a, &x, weights),
                wanted
            );
            assert_eq!(none, weights.is_empty() || a.cholesky().is_none());
            assert_eq!(asked(&a, &x, weights), looked_into(&a, &x, weights));
        }
    }
}

#[derive_grad]
fn insisting(a: &Matrix2<f64>) -> f64 {
    match a.cholesky() {
        None => panic!("not definite"),
        Some(factors) => factors.ln_determinant(),
    }
}

#[test]
fn an_arm_that_panics_is_an_expectation() {
    assert!(insisting_grad(&Matrix2::identity()).norm() > 0.0);
    let panic = std::panic::catch_unwind(|| insisting_grad(&-Matrix2::identity())).err().unwrap();
    assert_eq!(
        panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref().copied()),
        Some("not definite")
    );
}
