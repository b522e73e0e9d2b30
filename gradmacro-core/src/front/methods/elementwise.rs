//! Entrywise functions of matrices. Most functions of scalars reach a matrix only through `map`.

use super::{Call, Method, Value, matrix, method};
use crate::diagnostics::source;
use crate::ir::Expr;
use crate::ops::piecewise::{ABS, MAX, MIN};

pub(super) static METHODS: &[Method] = &[
    method("abs", 0, |_, x| matrix(x.apply(&ABS))),
    method("inf", 1, |call, x| matrix(x.apply_with(&MIN, call.alike(0, x)?))),
    method("sup", 1, |call, x| matrix(x.apply_with(&MAX, call.alike(0, x)?))),
    method("inf_sup", 1, |call, x| {
        let y = call.alike(0, x)?;
        let (inf, sup) = (x.apply_with(&MIN, y), x.apply_with(&MAX, y));
        Some(Value::Tuple(vec![Value::Matrix(inf), Value::Matrix(sup)]))
    }),
];

/// Reports a function of scalars that is called on a matrix.
pub(super) fn report_function_of_scalars<'g>(call: &Call<'_, 'g>, x: Expr<'g>) -> Value<'g> {
    let (name, subject, shape) = (call.name(), call.subject_text(), x.shape());
    let squares = if name == "powi" && call.text(0) == "2" {
        format!(", or `{}.norm_squared()` for the sum of squares", call.receiver_text())
    } else {
        String::new()
    };
    call.error_at_name(format!("`{name}` is a function of a scalar, but `{subject}` is {shape}"))
        .note("elementwise functions reach a matrix through `map`")
        .help(format!("write `{}`{squares}", mapped(call)))
        .as_rustc_would();
    Value::Poison
}

/// The call with the function lifted to the entries: `x.map(|v| v.powi(2))`.
fn mapped(call: &Call<'_, '_>) -> String {
    let (name, subject) = (call.name(), call.receiver_text());
    let arguments: Vec<String> =
        (0..call.count()).filter_map(|k| call.written(k).map(|a| source(a))).collect();
    let arguments = arguments.join(", ");
    match (name.as_str(), call.value(0)) {
        ("max", Some(Value::Matrix(_))) => format!("{subject}.sup({arguments})"),
        ("min", Some(Value::Matrix(_))) => format!("{subject}.inf({arguments})"),
        (_, Some(Value::Matrix(_))) if call.count() == 1 => {
            format!("{subject}.zip_map({arguments}, |a, b| a.{name}(b))")
        }
        _ => format!("{subject}.map(|v| v.{name}({arguments}))"),
    }
}
