//! Functions of floats that only their path is known of, and a rule for their derivative.
//!
//! The front reads the rule where the function is called, so a call brings its own slopes: its operands are the
//! arguments, then as many slopes, which move nothing. The rule may hold further calls; what it says of them is read up
//! to the order of derivative that is asked for.
//!
//! Example: with `rule(erf(x: f64) -> f64 = slope(x))` the call `erf(v)` is `foreign(v, call(v))`, and its differential
//! is call(v) ⊙ dv.
//!
//! The rows are not in the table of all operations: their slopes are the user's word, so the law that ties a slope to a
//! value does not hold for them. The reference value is any fixed function of the arguments.

use super::matrix::Matrix;
use super::{Call, Derivative::*, Form, Notation, OpDef, Value, Written, first, whole};
use crate::ir::Data;

/// f(x, y), with its slopes behind the arguments.
pub static FOREIGN: OpDef = OpDef {
    derivative: Slopes,
    written: Written::Form(Form::Planned),
    value: Value::Whole(|call| value(call, call.operands.len() / 2)),
    ..CALL
};

/// f(x, y) alone, of which no derivative is needed.
pub static CALL: OpDef = OpDef {
    entrywise: true,
    shape: first,
    derivative: Unknown,
    work: 20,
    written: Written::Form(Form::Foreign),
    notation: Notation::Form,
    ..whole("foreign", |call| value(call, call.operands.len()))
};

fn value(call: &Call<'_>, arguments: usize) -> Matrix {
    let Data::Foreign(name) = call.data else { return Matrix::filled(call.shape, f64::NAN) };
    let seed = name.bytes().fold(0.5, |seed, byte| (seed * 1.7 + f64::from(byte) / 64.0).sin());
    Matrix::build(call.shape, |i, j| {
        let place = |x: &Matrix| if x.entries.len() == 1 { 0 } else { j * call.shape.0 + i };
        let entry = |x: &Matrix| x.entries.get(place(x)).copied().unwrap_or(f64::NAN);
        let arguments = call.operands.iter().take(arguments);
        let sum = arguments.fold(seed, |sum, x| sum * 1.3 + 0.9 * entry(x));
        1.5 + 0.5 * sum.sin()
    })
}
