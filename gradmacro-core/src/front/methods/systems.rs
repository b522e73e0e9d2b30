//! Systems and factorisations: so far only what shape they need. Everything else is refused until they are available;
//! an expression that does not depend on a differentiated parameter is kept as it is.

use super::{Call, Method, Value, method};
use crate::front::reader::Reader;
use crate::front::text;
use crate::ir::Expr;

pub(super) static METHODS: &[Method] = &[
    method("determinant", 0, of_square),
    method("try_inverse", 0, of_square),
    method("cholesky", 0, of_square),
    method("symmetric_eigen", 0, of_square),
    method("symmetric_eigenvalues", 0, of_square),
    method("eigenvalues", 0, of_square),
    method("complex_eigenvalues", 0, of_square),
    method("schur", 0, of_square),
    method("hessenberg", 0, of_square),
    method("udu", 0, of_square),
    method("lblt", 0, of_square),
    method("exp", 0, exponential),
    method("solve_lower_triangular", 1, triangular),
    method("solve_upper_triangular", 1, triangular),
    method("tr_solve_lower_triangular", 1, triangular),
    method("tr_solve_upper_triangular", 1, triangular),
    method("ad_solve_lower_triangular", 1, triangular),
    method("ad_solve_upper_triangular", 1, triangular),
    method("pseudo_inverse", 1, |call, _| not_yet(call)),
    method("singular_values", 0, |call, _| not_yet(call)),
    method("singular_values_unordered", 0, |call, _| not_yet(call)),
    method("svd", 2, |call, _| not_yet(call)),
    method("svd_unordered", 2, |call, _| not_yet(call)),
    method("lu", 0, |call, _| not_yet(call)),
    method("full_piv_lu", 0, |call, _| not_yet(call)),
    method("qr", 0, |call, _| not_yet(call)),
    method("col_piv_qr", 0, |call, _| not_yet(call)),
    method("bidiagonalize", 0, |call, _| not_yet(call)),
    method("try_normalize", 1, |call, _| not_yet(call)),
];

/// Methods whose entries come in no fixed order, and what the entries are.
static UNORDERED: &[(&str, &str)] = &[
    ("symmetric_eigenvalues", "symmetric eigenvalues"),
    ("singular_values_unordered", "singular values here"),
];

/// What can be written instead of a method that is not available yet: `{x}` is the receiver.
static INSTEAD: &[(&str, &str)] = &[
    ("determinant", "for a 3×3 matrix write `{x}.column(0).dot(&{x}.column(1).cross(&{x}.column(2)))`"),
    ("try_normalize", "where the norm is not 0 write `{x}.normalize()`"),
    ("exp", "for the elementwise exponential write `{x}.map(|v| v.exp())`"),
];

/// Refuses one entry of values in no fixed order, `s.symmetric_eigenvalues()[0]`; `None` if it is another entry or
/// one that does not depend on a differentiated parameter.
pub fn refuse_entry<'g>(reader: &Reader<'g>, expr: &syn::ExprIndex) -> Option<Value<'g>> {
    let syn::Expr::MethodCall(call) = text::peel(&expr.expr) else { return None };
    let (_, values) = UNORDERED.iter().find(|(name, _)| call.method == name)?;
    reader.active_names(&call.receiver)?;
    let (index, receiver) = (reader.text(&expr.index), reader.text(&call.receiver));
    reader
        .error(
            expr,
            format!("nalgebra does not order {values}, so entry {index} is not one function of `{receiver}`"),
        )
        .note("the order may change from one matrix to the next")
        .help("write `.min()` or `.max()`, or a sum over all of them");
    Some(Value::Poison)
}

fn of_square<'g>(call: &Call<'_, 'g>, x: Expr<'g>) -> Option<Value<'g>> {
    call.square(x)?;
    not_yet(call)
}

/// The matrix exponential, often mistaken for the elementwise one.
fn exponential<'g>(call: &Call<'_, 'g>, x: Expr<'g>) -> Option<Value<'g>> {
    if x.shape().rows.agree(x.shape().columns).is_some() {
        return not_yet(call);
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

fn triangular<'g>(call: &Call<'_, 'g>, x: Expr<'g>) -> Option<Value<'g>> {
    let x = call.square(x)?;
    let b = call.matrix(0, None)?;
    if x.shape().rows.agree(b.shape().rows).is_none() {
        let (left, right) = (x.shape(), b.shape());
        call.error(format!(
            "`{}` has incompatible shapes: the matrix is {left}, the right side is {right}",
            call.name()
        ))
        .note(format!("both need the same number of rows: {} against {}", left.rows, right.rows))
        .as_rustc_would();
        return None;
    }
    not_yet(call)
}

fn not_yet<'g>(call: &Call<'_, 'g>) -> Option<Value<'g>> {
    let name = call.name();
    let instead = INSTEAD.iter().find(|(of, _)| *of == name);
    let help = instead.map(|(_, help)| help.replace("{x}", &call.receiver_text()));
    call.error(format!("`{name}` of a differentiated value is not yet available"))
        .note("factorisations come with a later version; products, norms, entries and elementwise functions are available")
        .maybe_help(help);
    None
}
