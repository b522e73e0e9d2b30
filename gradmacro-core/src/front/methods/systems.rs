//! Systems: determinants, inverses, solves; decompositions, eigenvalues, the matrix exponential.
//!
//! A row reads what is written: a solve is a product with an inverse. That no inverse is formed, and one factorisation
//! serves all uses of a matrix, is the planner's affair.

use super::factors::{Factors, Kind, eigenvalues, singular_values};
use super::unordered::Unordered;
use super::{Call, Method, Value, matrix, method, scalar};
use crate::front::attempt::{Attempt, Outcome};
use crate::ir::{Expr, Test};
use crate::ops::OpDef;
use crate::ops::spectral::EXPONENTIAL;
use crate::ops::structure::{LOWER, UPPER};
use crate::ops::systems::DETERMINANT;

pub(super) static METHODS: &[Method] = &[
    method("determinant", 0, |call, x| scalar(call.square(x)?.reduce(&DETERMINANT))),
    method("try_inverse", 0, |call, x| {
        let x = call.square(x)?;
        Some(Attempt::at(Value::Matrix(x.inverse()), x, Test::Inverse))
    }),
    method("pseudo_inverse", 1, pseudo_inverse),
    method("solve_lower_triangular", 1, |call, x| triangular(call, x, &LOWER)),
    method("solve_upper_triangular", 1, |call, x| triangular(call, x, &UPPER)),
    method("tr_solve_lower_triangular", 1, |call, x| triangular(call, x, &LOWER)),
    method("tr_solve_upper_triangular", 1, |call, x| triangular(call, x, &UPPER)),
    method("ad_solve_lower_triangular", 1, |call, x| triangular(call, x, &LOWER)),
    method("ad_solve_upper_triangular", 1, |call, x| triangular(call, x, &UPPER)),
    method("solve_lower_triangular_unchecked", 1, |call, x| triangular(call, x, &LOWER)),
    method("solve_upper_triangular_unchecked", 1, |call, x| triangular(call, x, &UPPER)),
    method("tr_solve_lower_triangular_unchecked", 1, |call, x| triangular(call, x, &LOWER)),
    method("tr_solve_upper_triangular_unchecked", 1, |call, x| triangular(call, x, &UPPER)),
    method("ad_solve_lower_triangular_unchecked", 1, |call, x| triangular(call, x, &LOWER)),
    method("ad_solve_upper_triangular_unchecked", 1, |call, x| triangular(call, x, &UPPER)),
    method("lu", 0, |call, x| Factors::of_square(call, x, Kind::Lu)),
    method("full_piv_lu", 0, |call, x| Factors::of_square(call, x, Kind::CompleteLu)),
    method("qr", 0, |call, x| Factors::of_square(call, x, Kind::Qr)),
    method("cholesky", 0, |call, x| {
        let matrix = call.square(x)?.mirrored();
        let factors = Value::Factors(Factors { kind: Kind::Cholesky, matrix });
        Some(Attempt::at(factors, matrix, Test::Cholesky))
    }),
    method("symmetric_eigen", 0, |call, x| {
        let matrix = call.square(x)?.mirrored();
        Some(Value::Factors(Factors { kind: Kind::Eigen, matrix }))
    }),
    method("symmetric_eigenvalues", 0, |call, x| Some(eigenvalues(call.square(x)?.mirrored()))),
    method("singular_values", 0, |call, x| matrix(thin(call, x)?)),
    method("singular_values_unordered", 0, |call, x| Some(Unordered::singular_values(thin(call, x)?))),
    method("svd", 2, |call, x| decomposed(call, x, Kind::Svd)),
    method("svd_unordered", 2, |call, x| decomposed(call, x, Kind::UnorderedSvd)),
    method("exp", 0, exponential),
];

/// Decompositions whose factors are all that they are for, and methods that are not differentiated.
pub(super) static REFUSED: &[Method] = &[
    method("col_piv_qr", 0, |call, x| not_read(call, x, "write `{x}.qr()` or `{x}.full_piv_lu()`")),
    method("udu", 0, |call, x| not_read(call, x, "write `{x}.cholesky()` or `{x}.lu()`")),
    method("lblt", 0, |call, x| not_read(call, x, "write `{x}.lu()`")),
    method("bidiagonalize", 0, |call, x| not_read(call, x, "write `{x}.singular_values()`")),
    method("polar", 0, |call, x| not_read(call, x, "write `{x}.singular_values()`")),
    method("schur", 0, |call, x| not_read(call, x, SYMMETRIC)),
    method("hessenberg", 0, |call, x| not_read(call, x, SYMMETRIC)),
    method("symmetric_tridiagonalize", 0, |call, x| not_read(call, x, SYMMETRIC)),
    method("eigenvalues", 0, |call, x| not_read(call, x, SYMMETRIC)),
    method("complex_eigenvalues", 0, |call, x| not_read(call, x, SYMMETRIC)),
    method("try_schur", 2, |call, x| not_read(call, x, SYMMETRIC)),
    method("try_symmetric_eigen", 2, |call, x| not_read(call, x, SYMMETRIC)),
    method("try_svd", 4, |call, x| not_read(call, x, "write `{x}.svd(true, true)`")),
    method("try_svd_unordered", 4, |call, x| not_read(call, x, "write `{x}.svd(true, true)`")),
    method("try_normalize", 1, try_normalize),
];

const SYMMETRIC: &str = "of a symmetric matrix write `{x}.symmetric_eigenvalues()`";

/// The receiver, which must be square to be factorised for solves and determinants.
pub(super) fn square<'g>(call: &Call<'_, 'g>, x: Expr<'g>) -> Option<Expr<'g>> {
    if x.shape().rows.agree(x.shape().columns).is_some() {
        return Some(x);
    }
    let (name, subject, x) = (call.name(), call.subject_text(), (call.receiver_text(), x.shape()));
    call.error(format!("`{name}` of a matrix that is not square is not supported; `{subject}` is {}", x.1))
        .note("only its factors could be read, and factors are not differentiated")
        .help(format!(
            "for least squares write `({0}.transpose() * {0}).cholesky().unwrap().solve(&{0}.tr_mul(&b))`",
            x.0
        ));
    None
}

/// The product of an inverse and the argument.
pub(super) fn product<'g>(call: &Call<'_, 'g>, inverse: Expr<'g>) -> Option<Expr<'g>> {
    let b = call.matrix(0, None)?;
    if inverse.shape().rows.agree(b.shape().rows).is_some() {
        return Some(inverse * b);
    }
    let (left, right) = (inverse.shape(), b.shape());
    call.error(format!(
        "`{}` has incompatible shapes: the matrix is {left}, the right side is {right}",
        call.name()
    ))
    .note(format!("both need the same number of rows: {} against {}", left.rows, right.rows))
    .as_rustc_would();
    None
}

fn triangular<'g>(call: &Call<'_, 'g>, x: Expr<'g>, part: &'static OpDef) -> Option<Value<'g>> {
    let (name, triangle) = (call.name(), call.square(x)?.apply(part));
    let turned = name.starts_with("tr_") || name.starts_with("ad_");
    let inverse = if turned { triangle.inverse().t() } else { triangle.inverse() };
    let solution = product(call, inverse)?;
    match name.ends_with("_unchecked") {
        true => matrix(solution),
        false => Some(Attempt::at(Value::Matrix(solution), triangle, Test::Triangular)),
    }
}

fn pseudo_inverse<'g>(call: &Call<'_, 'g>, x: Expr<'g>) -> Option<Value<'g>> {
    let tolerance = call.single(0)?;
    if let Some(names) = call.reader.active_names_of(&Value::Scalar(tolerance)) {
        call.error(format!("the tolerance of `pseudo_inverse` depends on {names}"))
            .note("the rank, and with it the result, jumps where a singular value passes the tolerance")
            .help("write a number: `1e-9`");
        return None;
    }
    let outcome = Outcome::PseudoInverse(x, tolerance);
    Some(Attempt { outcome, result: true }.into())
}

fn thin<'g>(call: &Call<'_, 'g>, x: Expr<'g>) -> Option<Expr<'g>> {
    let values = singular_values(x);
    if values.is_none() {
        let (name, subject, shape) = (call.name(), call.subject_text(), x.shape());
        call.error(format!(
            "`{name}` of a matrix whose sizes are not known is not supported; `{subject}` is {shape}"
        ))
        .note("there are as many singular values as the smaller of the two sizes");
    }
    values
}

fn decomposed<'g>(call: &Call<'_, 'g>, x: Expr<'g>, kind: Kind) -> Option<Value<'g>> {
    thin(call, x)?;
    Some(Value::Factors(Factors { kind, matrix: x }))
}

/// The matrix exponential, often mistaken for the elementwise one.
fn exponential<'g>(call: &Call<'_, 'g>, x: Expr<'g>) -> Option<Value<'g>> {
    if x.shape().rows.agree(x.shape().columns).is_some() {
        call.reader
            .check_method(call.whole, "nalgebra's exponential of a matrix unwraps the solution of a system");
        return matrix(x.apply(&EXPONENTIAL));
    }
    let subject = call.subject_text();
    call.error_at_name(format!(
        "`exp` of a matrix is the matrix exponential and needs a square matrix; `{subject}` is {}",
        x.shape()
    ))
    .note("nalgebra's `Matrix::exp` is not elementwise")
    .help(format!("for the elementwise exponential write `{}.map(|v| v.exp())`", call.receiver_text()))
    .as_rustc_would();
    None
}

fn try_normalize<'g>(call: &Call<'_, 'g>, _: Expr<'g>) -> Option<Value<'g>> {
    call.error("`try_normalize` of a differentiated value is not yet available")
        .note("whether there is a value decides a branch")
        .help(format!("where the norm is not 0 write `{}.normalize()`", call.receiver_text()));
    None
}

fn not_read<'g>(call: &Call<'_, 'g>, x: Expr<'g>, instead: &str) -> Option<Value<'g>> {
    let names = call.reader.active_names_of(&Value::Matrix(x));
    let (name, names) = (call.name(), names.unwrap_or_else(|| format!("`{}`", call.subject_text())));
    call.error(format!("`{name}` of a value that depends on {names} is not supported"))
        .note("determinants, inverses, solves, symmetric eigenvalues and singular values are differentiated")
        .help(instead.replace("{x}", &call.receiver_text()));
    None
}
