//! Generated code under lints as strict as a test file can set.
#![forbid(unsafe_code)]
#![deny(warnings, missing_docs, missing_debug_implementations, unreachable_pub, unused_qualifications)]
#![deny(unused, nonstandard_style, unused_results)]
#![deny(
    clippy::all,
    clippy::unwrap_used,
    clippy::panic,
    clippy::std_instead_of_core,
    clippy::shadow_unrelated
)]

use gradmacro::derive_grad;
use nalgebra::{Matrix3, SMatrix, SVector, Vector3};

use crate::common::{check, definite, dominant, point};

/// Documented, and so is what is generated.
#[derive_grad(wrt(w, b))]
pub(crate) fn documented(
    w: &Vector3<f64>,
    b: f64,
    x: &SMatrix<f64, 6, 3>,
    y: &SVector<f64, 6>,
    lambda: f64,
) -> f64 {
    let z = (x * w).add_scalar(b);
    let loss = z.zip_map(y, |z, y| (1.0 + (-y * z).exp()).ln()).sum();
    loss / 6.0 + lambda * w.norm() + (0..3).map(|i| w[i].abs()).sum::<f64>()
}

/// Uses next to nothing of what it is given, with many parameters.
#[derive_grad]
#[expect(clippy::too_many_arguments, reason = "generated functions have as many")]
pub(crate) fn lazy(x: &Matrix3<f64>, _a: f64, _b: f64, _c: f64, _d: u8, _e: u8, _f: u8, k: &[f64]) -> f64 {
    let table: f64 = k.iter().sum();
    let unused_in_the_gradient = table.exp();
    x.trace() * 2.0 + unused_in_the_gradient
}

/// Factorisations that may fail, and decompositions.
#[derive_grad(wrt(x, s, a), spd(s))]
pub(crate) fn factorised(x: &Vector3<f64>, s: &Matrix3<f64>, a: &SMatrix<f64, 5, 5>) -> Option<f64> {
    let c = s.cholesky()?;
    let form = 0.5 * x.dot(&c.solve(x)) + 0.5 * c.ln_determinant();
    let terms = (0..3).map(|i| a[(i, i)] * x[i]).sum::<f64>();
    let spectrum = a.singular_values().sum() + a.symmetric_eigenvalues().max() + a.exp().trace().ln();
    Some(form + a.determinant().abs().ln() + a.lu().try_inverse()?.trace() + terms + spectrum)
}

#[test]
fn strict_lints_are_satisfied() {
    let (data, labels) = (point(2), point(3));
    check!(documented, documented_grad, documented_value_and_grad;
        (point(1), 0.4) => |(w, b)| (w, *b, &data, &labels, 0.1));
    check!(lazy, lazy_grad, lazy_value_and_grad; point(1) => |x| (x, 0.0, 0.0, 0.0, 0, 0, 0, &[0.5]));
    let (s, a) = (definite(2), dominant(3));
    crate::common::agree(
        &point(1),
        |x| factorised(x, &s, &a).unwrap_or(f64::NAN),
        |x| factorised_grad(x, &s, &a).map_or(Vector3::repeat(f64::NAN), |(by_x, _, _)| by_x),
        |x| {
            factorised_value_and_grad(x, &s, &a).map_or((f64::NAN, *x), |(value, (by_x, _, _))| (value, by_x))
        },
    );
}
