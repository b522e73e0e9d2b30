//! Hyperbolic functions and their inverses.

use super::{Derivative::*, Notation, OpDef, Parity, any, entrywise, on, within};
use crate::ir::Ratio;

/// sinh x
pub static SINH: OpDef = OpDef {
    derivative: Entrywise(&[|_, x| x[0].apply(&COSH)]),
    parity: Parity::Odd,
    notation: Notation::Function("sinh", "\\sinh"),
    example: on(&[any(3, 2)]),
    ..entrywise("sinh", |x| x[0].sinh())
};

/// cosh x
pub static COSH: OpDef = OpDef {
    derivative: Entrywise(&[|_, x| x[0].apply(&SINH)]),
    parity: Parity::Even,
    notation: Notation::Function("cosh", "\\cosh"),
    example: on(&[any(3, 2)]),
    ..entrywise("cosh", |x| x[0].cosh())
};

/// tanh x
pub static TANH: OpDef = OpDef {
    derivative: Entrywise(&[|y, _| y.ones() - y.squared()]),
    parity: Parity::Odd,
    notation: Notation::Function("tanh", "\\tanh"),
    example: on(&[any(3, 2)]),
    ..entrywise("tanh", |x| x[0].tanh())
};

/// arsinh x
pub static ASINH: OpDef = OpDef {
    derivative: Entrywise(&[|_, x| (x[0].ones() + x[0].squared()).power(Ratio::new(-1, 2))]),
    parity: Parity::Odd,
    notation: Notation::Function("arsinh", "\\operatorname{arsinh}"),
    example: on(&[any(3, 2)]),
    ..entrywise("asinh", |x| x[0].asinh())
};

/// arcosh x
pub static ACOSH: OpDef = OpDef {
    derivative: Entrywise(&[|_, x| (x[0].squared() - x[0].ones()).power(Ratio::new(-1, 2))]),
    notation: Notation::Function("arcosh", "\\operatorname{arcosh}"),
    example: on(&[within(3, 2, 1.2, 3.0)]),
    ..entrywise("acosh", |x| x[0].acosh())
};

/// artanh x
pub static ATANH: OpDef = OpDef {
    derivative: Entrywise(&[|_, x| (x[0].ones() - x[0].squared()).power(Ratio::MINUS_ONE)]),
    parity: Parity::Odd,
    notation: Notation::Function("artanh", "\\operatorname{artanh}"),
    ..entrywise("atanh", |x| x[0].atanh())
};
