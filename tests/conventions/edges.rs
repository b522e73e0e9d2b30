//! Points without a derivative: each gets what its operation documents.

use gradmacro::derive_grad;
use nalgebra::{Matrix2, Matrix4, SVector, Vector2, Vector3, Vector4};

#[derive_grad(wrt(x, y))]
fn distance(x: &Vector3<f64>, y: &Vector3<f64>) -> f64 {
    (x - y).norm() + x.metric_distance(y)
}

#[derive_grad]
fn regularised(x: &Vector3<f64>, b: &Vector3<f64>) -> f64 {
    b.dot(x) + 0.5 * x.norm() + x.norm_squared() + x.norm().powi(2)
}

#[derive_grad]
fn lengths(m: &Matrix2<f64>) -> f64 {
    (0..2).map(|i| m.row(i).norm()).sum::<f64>() + m.norm() * 3.0
}

#[test]
fn a_norm_has_slope_zero_at_zero() {
    let x = Vector3::new(0.3, -1.0, 2.0);
    assert_eq!(distance_grad(&x, &x), (Vector3::zeros(), Vector3::zeros()));
    assert_eq!(distance_value_and_grad(&x, &x), (0.0, (Vector3::zeros(), Vector3::zeros())));
    assert_eq!(regularised_grad(&Vector3::zeros(), &x), x);
    assert_eq!(regularised_value_and_grad(&Vector3::zeros(), &x), (0.0, x));
    assert_eq!(lengths_grad(&Matrix2::zeros()), Matrix2::zeros());
    assert!(
        (lengths_grad(&Matrix2::new(3.0, 4.0, 0.0, 0.0)) - Matrix2::new(2.4, 3.2, 0.0, 0.0)).norm() < 1e-14
    );
}

#[derive_grad]
fn absolute(x: &Vector3<f64>) -> f64 {
    x.abs().sum() + x.map(|v| 2.0 * v.abs()).sum() + x.lp_norm(1)
}

#[test]
fn an_absolute_value_has_slope_zero_at_zero() {
    for zero in [0.0, -0.0] {
        assert_eq!(absolute_grad(&Vector3::new(zero, 1.5, -2.0)), Vector3::new(0.0, 4.0, -4.0));
    }
}

#[derive_grad]
fn hinges(x: &Vector4<f64>) -> f64 {
    x.map(|v| v.max(0.0)).sum() + 2.0 * x.map(|v| v.min(0.0)).sum()
}

#[derive_grad(wrt(a, b))]
fn larger(a: f64, b: f64) -> f64 {
    a.max(b) + 4.0 * a.min(b)
}

#[derive_grad]
fn clamped(x: &Vector4<f64>) -> f64 {
    x.map(|v| v.clamp(-1.0, 1.0)).sum()
}

#[test]
fn a_tie_is_split_in_halves() {
    assert_eq!(hinges_grad(&Vector4::new(-1.0, 0.0, -0.0, 1.0)), Vector4::new(2.0, 1.5, 1.5, 1.0));
    assert_eq!(larger_grad(1.5, 1.5), (2.5, 2.5));
    assert_eq!(larger_grad(1.5, 1.0), (1.0, 4.0));
    assert_eq!(clamped_grad(&Vector4::new(-1.0, 1.0, 0.3, 1.5)), Vector4::new(0.5, 0.5, 1.0, 0.0));
}

#[derive_grad]
fn extremes(x: &SVector<f64, 5>) -> f64 {
    x.max() + 6.0 * x.min()
}

#[derive_grad]
fn largest_size(x: &SVector<f64, 4>) -> f64 {
    x.amax()
}

#[test]
fn tied_entries_share_an_extremum() {
    let x = SVector::from([2.0, -1.0, 2.0, -1.0, -1.0]);
    assert_eq!(extremes_value_and_grad(&x), (-4.0, SVector::from([0.5, 2.0, 0.5, 2.0, 2.0])));
    assert_eq!(
        largest_size_grad(&SVector::from([2.0, -2.0, 1.0, 0.0])),
        SVector::from([0.5, -0.5, 0.0, 0.0])
    );
}

#[derive_grad(wrt(x, w))]
fn weighted_root(x: f64, w: f64) -> f64 {
    w * x.sqrt()
}

#[derive_grad]
fn root_of_square(x: &Vector2<f64>) -> f64 {
    (x.x * x.x + x.y * x.y).sqrt() + x.norm_squared().sqrt()
}

#[derive_grad(wrt(x, s))]
fn scaled_roots(x: &Vector2<f64>, s: f64) -> f64 {
    s * x.map(|v| v.sqrt()).sum() + x.norm() * s + x.norm_squared()
}

#[derive_grad]
fn cube_root_of_cube(x: f64) -> f64 {
    (x * x * x).cbrt()
}

#[test]
fn an_infinite_slope_times_zero_is_zero() {
    assert_eq!(weighted_root_grad(0.0, 0.0), (0.0, 0.0));
    assert_eq!(weighted_root_grad(0.0, 1.0), (f64::INFINITY, 0.0));
    assert_eq!(scaled_roots_grad(&Vector2::zeros(), 0.0), (Vector2::zeros(), 0.0));
    assert_eq!(root_of_square_grad(&Vector2::zeros()), Vector2::zeros());
    assert_eq!(cube_root_of_cube_grad(0.0), 0.0);
}

#[derive_grad]
fn powers(x: f64, n: i32) -> f64 {
    x.powi(0) + x.powi(n)
}

#[derive_grad(wrt(x, p))]
fn real_power(x: f64, p: f64) -> f64 {
    x.powf(p)
}

#[test]
fn powers_with_exponent_zero_and_base_zero() {
    assert_eq!(powers_value_and_grad(0.0, 0), (2.0, 0.0));
    assert_eq!(powers_value_and_grad(0.0, 1), (1.0, 1.0));
    assert_eq!(powers_value_and_grad(2.0, -1), (1.5, -0.25));
    assert_eq!(real_power_grad(0.0, 2.0), (0.0, 0.0));
    assert_eq!(real_power_grad(0.0, 1.0), (1.0, 0.0));
}

#[derive_grad(wrt(x, y))]
fn polar(x: f64, y: f64) -> f64 {
    x.hypot(y) + 2.0 * y.atan2(x)
}

#[derive_grad(wrt(x, y))]
fn reach(x: f64, y: f64) -> f64 {
    x.hypot(y)
}

#[test]
fn hypot_and_atan2_have_slope_zero_at_the_origin() {
    assert_eq!(polar_grad(0.0, 0.0), (0.0, 0.0));
    assert_eq!(polar_value_and_grad(0.0, 0.0), (0.0, (0.0, 0.0)));
    // Squares of these overflow.
    let (across, up) = reach_grad(3e200, 4e200);
    assert!((across - 0.6).abs() < 1e-15 && (up - 0.8).abs() < 1e-15, "{across} {up}");
}

#[derive_grad(wrt(x, y))]
fn remainders(x: f64, y: f64) -> f64 {
    x % y + 10.0 * x.rem_euclid(y)
}

#[test]
fn remainders_have_slope_one_on_the_left_and_minus_the_quotient_on_the_right() {
    assert_eq!(remainders_grad(7.5, 2.0), (11.0, -33.0));
    assert_eq!(remainders_grad(-7.5, 2.0), (11.0, 3.0 + 40.0));
    assert_eq!(remainders_grad(6.0, 2.0), (11.0, -33.0));
}

#[derive_grad]
fn stepped(x: f64) -> f64 {
    x.floor() + x.ceil() + x.round() + x.trunc() + x.signum() + 3.0 * x.fract()
}

#[test]
fn steps_are_flat_and_fractions_rise() {
    for x in [-1.5, -1.0, 0.0, 0.5, 2.0] {
        assert_eq!(stepped_grad(x), 3.0);
    }
}

#[derive_grad(wrt(x, y))]
fn signed(x: f64, y: f64) -> f64 {
    x.copysign(y)
}

#[test]
fn copysign_flips_the_slope_and_does_not_follow_the_sign() {
    assert_eq!(signed_grad(2.0, -3.0), (-1.0, 0.0));
    assert_eq!(signed_grad(-2.0, -3.0), (1.0, 0.0));
    assert_eq!(signed_grad(0.0, 1.0), (0.0, 0.0));
}

#[derive_grad]
fn logarithm_of(x: &Vector2<f64>, y: f64) -> f64 {
    x.x * y.ln() + x.map(|v| v.abs()).sum() + x.norm()
}

#[test]
fn the_conventions_never_turn_nan_into_a_number() {
    assert!(logarithm_of_grad(&Vector2::new(1.0, 0.0), -1.0).x.is_nan());
    assert!(absolute_grad(&Vector3::new(f64::NAN, 1.0, 1.0)).x.is_nan());
    assert!(hinges_grad(&Vector4::new(f64::NAN, 1.0, 1.0, 1.0)).x.is_nan());
    assert!(regularised_grad(&Vector3::new(f64::NAN, 0.0, 0.0), &Vector3::zeros()).x.is_nan());
    assert!(weighted_root_grad(-1.0, 0.0).0.is_nan());
}

#[derive_grad]
fn autoregression(r: f64) -> f64 {
    Matrix4::from_fn(|i, j| r.powf((i as f64 - j as f64).abs())).determinant()
}

/// |i − j| was not seen to be 0 on the diagonal, and 0·0⁻¹ spoilt the rest.
#[test]
fn a_power_of_zero_with_exponent_zero_is_flat() {
    assert_eq!(autoregression_value_and_grad(0.0), (1.0, 0.0));
}
