//! Methods that have no derivative: positions, ranks, bits.

use super::{Call, Method, Value, method};
use crate::ir::Expr;

pub(super) static OF_MATRICES: &[Method] = &[
    method("imax", 0, position),
    method("imin", 0, position),
    method("iamax", 0, position),
    method("iamin", 0, position),
    method("icamax", 0, position),
    method("iamax_full", 0, position),
    method("icamax_full", 0, position),
    method("argmax", 0, position),
    method("argmin", 0, position),
    method("rank", 1, rank),
];

pub(super) static OF_SCALARS: &[Method] = &[method("to_bits", 0, bits)];

/// The extremum itself, for the position of one.
static EXTREMA: &[(&str, &str)] = &[
    ("imax", "max"),
    ("imin", "min"),
    ("iamax", "amax"),
    ("iamin", "amin"),
    ("icamax", "camax"),
    ("iamax_full", "amax"),
    ("icamax_full", "camax"),
    ("argmax", "max"),
    ("argmin", "min"),
];

fn position<'g>(call: &Call<'_, 'g>, x: Expr<'g>) -> Option<Value<'g>> {
    let (name, names) = (call.name(), dependence(call, Value::Matrix(x)));
    let extremum = EXTREMA.iter().find(|(of, _)| *of == name);
    let help = extremum.map(|(_, extremum)| format!("write `{}.{extremum}()`", call.receiver_text()));
    call.error(format!("`{name}` is an index that depends on {names}"))
        .note(format!("the index jumps with {names}"))
        .maybe_help(help);
    None
}

fn rank<'g>(call: &Call<'_, 'g>, x: Expr<'g>) -> Option<Value<'g>> {
    let names = dependence(call, Value::Matrix(x));
    call.error(format!("`rank` is an integer that depends on {names}"))
        .note("an integer is a step function, so its derivative is lost")
        .help("compute the rank at the caller and pass it as a parameter");
    None
}

fn bits<'g>(call: &Call<'_, 'g>, x: Expr<'g>) -> Option<Value<'g>> {
    let names = dependence(call, Value::Scalar(x));
    call.error(format!("`to_bits` of a value that depends on {names} has no derivative"))
        .note("the bits of a float are an integer")
        .help(format!("for the inverse square root write `{}.sqrt().recip()`", call.receiver_text()));
    None
}

/// What a value depends on, in words.
fn dependence<'g>(call: &Call<'_, 'g>, value: Value<'g>) -> String {
    call.reader.active_names_of(&value).unwrap_or_else(|| format!("`{}`", call.subject_text()))
}
