//! Functions that may fail: `None` leaves the places as they were.

use gradmacro::derive_grad;
use nalgebra::{SMatrix, SVector};

use crate::common::{definite, point};
use crate::{Spoilt, written};

#[derive_grad(wrt(s, d), spd(s), into, hessian)]
fn gaussian(s: &SMatrix<f64, 5, 5>, d: &SVector<f64, 5>) -> Option<f64> {
    let c = s.cholesky()?;
    Some(0.5 * d.dot(&c.solve(d)) + 0.5 * c.ln_determinant())
}

#[test]
fn some() {
    let (s, d) = (&definite(1), &point(2));
    let (by_s, by_d) = gaussian_grad(s, d).expect("definite");
    assert_eq!(written!(gaussian_grad_into[s, d] => a, b), (Some(()), by_s, by_d));
    let (value, (by_s, by_d)) = gaussian_value_and_grad(s, d).expect("definite");
    assert_eq!(written!(gaussian_value_and_grad_into[s, d] => a, b), (Some(value), by_s, by_d));
    let ((ss, sd), (ds, dd)) = gaussian_hessian(s, d).expect("definite");
    assert_eq!(written!(gaussian_hessian_into[s, d] => a, b, c, e), (Some(()), ss, sd, ds, dd));
}

/// The first loop has run before it is known whether the matrix is definite, and with it the function.
#[derive_grad(into)]
fn late(w: &SVector<f64, 20>, points: &[SVector<f64, 20>], shift: f64) -> Option<f64> {
    let mut m = SMatrix::<f64, 20, 20>::identity() * shift;
    let mut loss = 0.0;
    for x in points {
        let x: SVector<f64, 20> = *x;
        let e = x.component_mul(w);
        m += e * e.transpose();
        loss += (x.dot(w) - 1.0).powi(2);
    }
    let c = m.cholesky()?;
    if loss > 1e6 {
        return None;
    }
    Some(c.ln_determinant() + loss)
}

#[derive_grad(into)]
fn triangular(b: &SVector<f64, 18>, l: &SMatrix<f64, 18, 18>) -> Option<SVector<f64, 18>> {
    let y = l.solve_lower_triangular(b)?;
    Some(y.map(|v| v * v))
}

#[derive_grad(into)]
fn inverted(a: &SMatrix<f64, 5, 5>) -> Option<SMatrix<f64, 5, 5>> {
    let b = a.qr().try_inverse()?;
    Some(b * a.trace() + a.try_inverse()?)
}

#[test]
fn none_writes_nothing() {
    let kept = SVector::<f64, 20>::repeat(7.0);
    let (w, points) = (&point(1), &[point(2), point(3)][..]);
    let mut out = kept;
    assert_eq!(late_grad_into(w, points, -1.0, &mut out), None);
    assert_eq!(late_value_and_grad_into(&(w * 1e4), points, 1.0, &mut out), None);
    assert_eq!(out, kept);
    let (value, gradient) = late_value_and_grad(w, points, 1.0).expect("definite");
    assert_eq!(written!(late_value_and_grad_into[w, points, 1.0] => g), (Some(value), gradient));

    let (b, mut l) = (&point(1), definite::<18>(2));
    let (value, jacobian) = triangular_value_and_jacobian(b, &l).expect("invertible");
    assert_eq!(written!(triangular_value_and_jacobian_into[b, &l] => y, j), (Some(()), value, jacobian));
    l[(3, 3)] = 0.0;
    let (mut y, mut j) = (SMatrix::<f64, 18, 1>::repeat(7.0), SMatrix::<f64, 18, 18>::repeat(7.0));
    assert_eq!(triangular_value_and_jacobian_into(b, &l, &mut y, &mut j), None);
    assert!(y.iter().chain(j.iter()).all(|entry| *entry == 7.0));

    let (value, jacobian) = inverted_value_and_jacobian(&definite(1)).expect("invertible");
    let found = written!(inverted_value_and_jacobian_into[&definite(1)] => y, j);
    assert_eq!(found, (Some(()), value, jacobian));
    let (mut y, mut j) = (SMatrix::<f64, 5, 5>::repeat(7.0), SMatrix::<f64, 25, 25>::repeat(7.0));
    assert_eq!(inverted_value_and_jacobian_into(&SMatrix::zeros(), &mut y, &mut j), None);
    assert!(y.iter().chain(j.iter()).all(|entry| *entry == 7.0));
}

#[derive_grad(into)]
fn certain(a: &SMatrix<f64, 5, 5>, b: &SVector<f64, 5>) -> f64 {
    let lu = a.lu();
    b.dot(&lu.solve(b).expect("invertible")) + lu.determinant().abs().ln() + a.try_inverse().unwrap().trace()
}

#[test]
fn what_panics_returns_what_f_returns() {
    let (a, b) = (&definite(1), &point(2));
    let (value, gradient) = certain_value_and_grad(a, b);
    assert_eq!(written!(certain_value_and_grad_into[a, b] => g), (value, gradient));
    assert_eq!(written!(certain_grad_into[a, b] => g), ((), certain_grad(a, b)));
    let failed = std::panic::catch_unwind(|| certain_grad_into(&SMatrix::zeros(), b, &mut Spoilt::spoilt()));
    assert!(failed.is_err(), "as `certain` does");
}
