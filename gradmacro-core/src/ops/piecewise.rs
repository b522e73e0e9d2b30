//! Functions with kinks and steps. At a kink the two one-sided derivatives are averaged.

use super::{Derivative::*, Extra, Notation, OpDef, Parity, Written, any, entrywise, on, within};
use crate::algebra;
use crate::ir::Ratio;

/// |x|
pub static ABS: OpDef = OpDef {
    derivative: Entrywise(&[|_, x| x[0].apply(&SIGN)]),
    parity: Parity::Even,
    fold: algebra::abs,
    notation: Notation::Form,
    example: on(&[any(3, 2)]),
    edge: "the derivative at 0 is 0",
    work: 1,
    ..entrywise("abs", |x| x[0].abs())
};

/// −1, 0 or 1: the derivative of |x|
pub static SIGN: OpDef = OpDef {
    parity: Parity::Odd,
    written: Written::Kernel("sign", &[Extra::One]),
    notation: Notation::Function("sign", "\\operatorname{sign}"),
    example: on(&[any(3, 2)]),
    work: 1,
    ..entrywise("sign", |x| if x[0] == 0.0 { 0.0 } else { x[0].signum() })
};

/// Rust's signum, which is ±1 at ±0
pub static SIGNUM: OpDef = OpDef {
    notation: Notation::Function("signum", "\\operatorname{signum}"),
    example: on(&[any(3, 2)]),
    edge: "the derivative is 0 everywhere",
    work: 1,
    ..entrywise("signum", |x| x[0].signum())
};

/// 0 below 0, 1 above, ½ at 0: the derivative of max(x, 0)
pub static STEP: OpDef = OpDef {
    written: Written::Kernel("step", &[Extra::One]),
    notation: Notation::Function("step", "\\operatorname{step}"),
    example: on(&[any(3, 2)]),
    work: 1,
    ..entrywise("step", |x| if x[0] == 0.0 { 0.5 } else { f64::from(u8::from(x[0] > 0.0)) })
};

/// max(x, y)
pub static MAX: OpDef = OpDef {
    derivative: Entrywise(&[|_, x| (x[0] - x[1]).apply(&STEP), |_, x| (x[1] - x[0]).apply(&STEP)]),
    written: Written::Real("max"),
    notation: Notation::Function("max", "\\max"),
    example: on(&[any(3, 2), any(3, 2)]),
    edge: "at a tie each argument gets half",
    work: 1,
    ..entrywise("max", |x| x[0].max(x[1]))
};

/// min(x, y)
pub static MIN: OpDef = OpDef {
    derivative: Entrywise(&[|_, x| (x[1] - x[0]).apply(&STEP), |_, x| (x[0] - x[1]).apply(&STEP)]),
    written: Written::Real("min"),
    notation: Notation::Function("min", "\\min"),
    example: on(&[any(3, 2), any(3, 2)]),
    edge: "at a tie each argument gets half",
    work: 1,
    ..entrywise("min", |x| x[0].min(x[1]))
};

/// |x| with the sign of y
pub static COPYSIGN: OpDef = OpDef {
    derivative: Entrywise(&[
        |_, x| x[0].apply(&SIGN).hadamard(x[1].apply(&SIGNUM)),
        |_, x| x[0].graph.zeros(x[0].shape()),
    ]),
    written: Written::Real("copysign"),
    notation: Notation::Function("copysign", "\\operatorname{copysign}"),
    example: on(&[any(3, 2), any(3, 2)]),
    edge: "the derivative at 0 is 0",
    work: 1,
    ..entrywise("copysign", |x| x[0].copysign(x[1]))
};

/// x % y, the remainder with the sign of x
pub static REMAINDER: OpDef = OpDef {
    derivative: Entrywise(&[|_, x| x[0].ones(), |_, x| -x[0].over(x[1]).apply(&TRUNC)]),
    written: Written::Operator('%'),
    notation: Notation::Function("rem", "\\operatorname{rem}"),
    example: on(&[within(3, 2, 2.2, 2.8), within(3, 2, 0.9, 1.0)]),
    edge: "the derivative jumps where x/y is an integer; there it is that of the value taken",
    work: 4,
    ..entrywise("rem", |x| x[0] % x[1])
};

/// x.rem_euclid(y), the remainder in [0, |y|)
pub static REM_EUCLID: OpDef = OpDef {
    derivative: Entrywise(&[|_, x| x[0].ones(), |y, x| (y - x[0]).hadamard(x[1].power(Ratio::MINUS_ONE))]),
    written: Written::Kernel("rem_euclid", &[]),
    notation: Notation::Function("mod", "\\operatorname{mod}"),
    example: on(&[within(3, 2, 2.2, 2.8), within(3, 2, 0.9, 1.0)]),
    edge: "the derivative jumps where x/y is an integer; there it is that of the value taken",
    work: 4,
    ..entrywise("rem_euclid", |x| x[0].rem_euclid(x[1]))
};

/// Largest integer ≤ x
pub static FLOOR: OpDef = OpDef { ..steps("floor", |x| x[0].floor()) };

/// Smallest integer ≥ x
pub static CEIL: OpDef = OpDef { ..steps("ceil", |x| x[0].ceil()) };

/// Nearest integer, ties away from 0
pub static ROUND: OpDef = OpDef { ..steps("round", |x| x[0].round()) };

/// Integer part
pub static TRUNC: OpDef = OpDef { ..steps("trunc", |x| x[0].trunc()) };

/// x − trunc x
pub static FRACT: OpDef =
    OpDef { derivative: Entrywise(&[|_, x| x[0].ones()]), ..steps("fract", |x| x[0].fract()) };

const STEPS: &[super::Sample] = &[within(3, 2, 1.1, 1.4)];

const fn steps(name: &'static str, value: fn(&[f64]) -> f64) -> OpDef {
    OpDef { example: on(STEPS), edge: "jumps are ignored", work: 1, ..entrywise(name, value) }
}
