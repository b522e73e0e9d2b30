//! Reductions that are not products with 1: extrema, log-sum-exp and its derivative.

use super::matrix::Matrix;
use super::{Derivative::*, Form, Notation, OpDef, Written, any, first, on, scalar, whole};
use crate::algebra;
use crate::ir::{Expr, Wanted};

/// The largest entry
pub static MAX_ENTRY: OpDef = OpDef {
    shape: scalar,
    derivative: Partials(|y, _, dx| y.operand(0).apply_with(&EXTREMUM_WEIGHTS, y).inner(dx), |_, _, ct| ct),
    fold: of_scalar,
    written: Written::Method("max"),
    notation: Notation::Function("max", "\\max"),
    example: on(&[any(3, 2)]),
    edge: "k tied entries get 1/k each",
    ..whole("max_entry", |call| {
        Matrix::scalar(call.operands[0].entries.iter().copied().fold(f64::NEG_INFINITY, f64::max))
    })
};

/// The smallest entry
pub static MIN_ENTRY: OpDef = OpDef {
    shape: scalar,
    derivative: MAX_ENTRY.derivative,
    fold: of_scalar,
    written: Written::Method("min"),
    notation: Notation::Function("min", "\\min"),
    example: on(&[any(3, 2)]),
    edge: "k tied entries get 1/k each",
    ..whole("min_entry", |call| {
        Matrix::scalar(call.operands[0].entries.iter().copied().fold(f64::INFINITY, f64::min))
    })
};

/// 1/k at each of the k entries of X equal to y, 0 elsewhere: the derivative of an extremum
pub static EXTREMUM_WEIGHTS: OpDef = OpDef {
    shape: |s, _| Some(s[0]),
    fold: one_of_scalar,
    written: Written::Form(Form::ExtremumWeights),
    notation: Notation::Function("argmax", "\\operatorname{argmax}"),
    example: on(&[any(3, 2), any(1, 1)]),
    ..whole("extremum_weights", |call| {
        let hit = call.operands[0].map(|x| f64::from(u8::from(x == call.operands[1].value())));
        let count = hit.sum().max(1.0);
        hit.map(|h| h / count)
    })
};

/// ln Σ exp xᵢ, shifted by the largest entry
pub static LOG_SUM_EXP: OpDef = OpDef {
    shape: scalar,
    derivative: Partials(|y, _, dx| y.operand(0).apply(&SOFTMAX).inner(dx), |_, _, ct| ct),
    fold: algebra::log_sum_exp,
    written: Written::Form(Form::LogSumExp),
    notation: Notation::Function("lse", "\\operatorname{lse}"),
    example: on(&[any(3, 2)]),
    work: 12,
    ..whole("log_sum_exp", |call| {
        let top = call.operands[0].entries.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        Matrix::scalar(top + call.operands[0].map(|x| (x - top).exp()).sum().ln())
    })
};

/// exp xᵢ / Σ exp xⱼ, shifted by the largest entry; dy = y ⊙ dx − ⟨y, dx⟩ y
pub static SOFTMAX: OpDef = OpDef {
    shape: first,
    derivative: Partials(|y, _, dx| y.hadamard(dx) - y.inner(dx) * y, |_, _, ct| ct),
    fold: algebra::softmax,
    written: Written::Form(Form::Softmax),
    notation: Notation::Function("softmax", "\\operatorname{softmax}"),
    example: on(&[any(3, 2)]),
    work: 12,
    ..whole("softmax", |call| {
        let top = call.operands[0].entries.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let e = call.operands[0].map(|x| (x - top).exp());
        let sum = e.sum();
        e.map(|x| x / sum)
    })
};

/// The largest, smallest or log-sum-exp of one number is that number.
fn of_scalar<'g>(wanted: &Wanted<'g>) -> Option<Expr<'g>> {
    wanted.operands.first().copied().filter(|x| x.is_scalar())
}

/// The one entry has all the weight.
fn one_of_scalar<'g>(wanted: &Wanted<'g>) -> Option<Expr<'g>> {
    of_scalar(wanted).map(|x| x.ones())
}
