//! The image that prints results, instructions and stack of the gradients that are written by hand. They have an image of
//! their own, so that neither side's code depends on what the other calls. Its exit code is the verdict.
#![no_std]
#![no_main]

#[path = "../reporting.rs"]
mod reporting;

use firmware::{GAUSSIAN, LOGISTIC, Observer, QUADRATIC, Real};
use functions::Gradients;
use nalgebra::{Matrix3, Vector3};

#[inline(never)]
#[unsafe(no_mangle)]
fn quadratic_by_hand(x: &Vector3<Real>, a: &Matrix3<Real>, b: &Vector3<Real>) -> (Real, Vector3<Real>) {
    functions::quadratic_by_hand(x, a, b)
}

#[inline(never)]
#[unsafe(no_mangle)]
fn gaussian_by_hand(
    x: &Vector3<Real>,
    mean: &Vector3<Real>,
    covariance: &Matrix3<Real>,
) -> Option<Gradients<Real>> {
    functions::gaussian_by_hand(x, mean, covariance)
}

#[inline(never)]
#[unsafe(no_mangle)]
fn logistic_by_hand(w: &Vector3<Real>, x: &Vector3<Real>, y: Real) -> (Real, Vector3<Real>) {
    functions::logistic_by_hand(w, x, y)
}

#[cortex_m_rt::entry]
fn main() -> ! {
    let on = functions::losses();
    reporting::report(|report| {
        report.observe("quadratic_by_hand", &QUADRATIC, || quadratic_by_hand(&on.x, &on.a, &on.b));
        report.observe("gaussian_by_hand", &GAUSSIAN, || gaussian_by_hand(&on.x, &on.b, &on.covariance));
        report.observe("logistic_by_hand", &LOGISTIC, || logistic_by_hand(&on.b, &on.x, on.y));
    })
}
