//! What decides between branches: 1 where it holds, 0 where it does not; never differentiated.
//!
//! Comparisons of floats are as Rust makes them, so none holds of NaN but its negation does. A kept condition of the
//! user's is a leaf, and holds if its value is positive.

use super::matrix::Matrix;
use super::{Form, Notation, OpDef, Sample, Value, Written, any, at, on, scalar, whole};
use crate::algebra;

const TWO: &[Sample] = &[any(1, 1), any(1, 1)];

const fn predicate(name: &'static str, value: fn(&[&Matrix]) -> Matrix) -> OpDef {
    OpDef {
        shape: scalar,
        value: Value::Operands(value),
        written: Written::Form(Form::Predicate),
        notation: Notation::Form,
        example: on(TWO),
        ..whole(name, |_| Matrix::scalar(f64::NAN))
    }
}

fn truth(holds: bool) -> Matrix {
    Matrix::scalar(f64::from(u8::from(holds)))
}

/// Does a predicate with this value hold?
pub fn holds(value: f64) -> bool {
    value > 0.0
}

/// x < y
pub static LESS: OpDef =
    OpDef { fold: algebra::less, ..predicate("less", |x| truth(x[0].value() < x[1].value())) };

/// x ≤ y
pub static AT_MOST: OpDef = predicate("at_most", |x| truth(x[0].value() <= x[1].value()));

/// x = y
pub static EQUAL: OpDef = predicate("equal", |x| truth(x[0].value() == x[1].value()));

/// k ≥ 0 for an integer
pub static NOT_NEGATIVE: OpDef = OpDef {
    fold: algebra::not_negative,
    example: on(&[at(3)]),
    ..predicate("not_negative", |x| truth(x[0].value() >= 0.0))
};

/// k = 0 for an integer
pub static IS_ZERO: OpDef = OpDef {
    fold: algebra::is_zero_index,
    example: on(&[at(3)]),
    ..predicate("is_zero", |x| truth(x[0].value() == 0.0))
};

/// Neither more nor less than that p does not hold.
pub static NOT: OpDef = OpDef {
    fold: algebra::not,
    example: on(&[any(1, 1)]),
    ..predicate("not", |x| truth(!holds(x[0].value())))
};

/// p and q
pub static AND: OpDef =
    OpDef { fold: algebra::and, ..predicate("and", |x| truth(holds(x[0].value()) && holds(x[1].value()))) };

/// p or q
pub static OR: OpDef =
    OpDef { fold: algebra::or, ..predicate("or", |x| truth(holds(x[0].value()) || holds(x[1].value()))) };

/// It always holds.
pub static TRUE: OpDef = OpDef { example: on(&[]), ..predicate("true", |_| truth(true)) };

/// It never holds.
pub static FALSE: OpDef = OpDef { example: on(&[]), ..predicate("false", |_| truth(false)) };
