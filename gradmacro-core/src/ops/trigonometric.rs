//! Trigonometric functions and their inverses.

use super::{Derivative::*, Notation, OpDef, Parity, Written, any, entrywise, on, within};
use crate::ir::{Expr, Ratio};

/// sin x
pub static SIN: OpDef = OpDef {
    derivative: Entrywise(&[|_, x| x[0].apply(&COS)]),
    parity: Parity::Odd,
    notation: Notation::Function("sin", "\\sin"),
    example: on(&[any(3, 2)]),
    ..entrywise("sin", |x| x[0].sin())
};

/// cos x
pub static COS: OpDef = OpDef {
    derivative: Entrywise(&[|_, x| -x[0].apply(&SIN)]),
    parity: Parity::Even,
    notation: Notation::Function("cos", "\\cos"),
    example: on(&[any(3, 2)]),
    ..entrywise("cos", |x| x[0].cos())
};

/// tan x
pub static TAN: OpDef = OpDef {
    derivative: Entrywise(&[|y, _| y.ones() + y.squared()]),
    parity: Parity::Odd,
    notation: Notation::Function("tan", "\\tan"),
    example: on(&[any(3, 2)]),
    ..entrywise("tan", |x| x[0].tan())
};

/// arcsin x
pub static ASIN: OpDef = OpDef {
    derivative: Entrywise(&[|_, x| complement(x[0])]),
    parity: Parity::Odd,
    notation: Notation::Function("arcsin", "\\arcsin"),
    ..entrywise("asin", |x| x[0].asin())
};

/// arccos x
pub static ACOS: OpDef = OpDef {
    derivative: Entrywise(&[|_, x| -complement(x[0])]),
    notation: Notation::Function("arccos", "\\arccos"),
    ..entrywise("acos", |x| x[0].acos())
};

/// (1 − x²)^(−½)
fn complement(x: Expr<'_>) -> Expr<'_> {
    (x.ones() - x.squared()).power(Ratio::new(-1, 2))
}

/// arctan x
pub static ATAN: OpDef = OpDef {
    derivative: Entrywise(&[|_, x| (x[0].ones() + x[0].squared()).power(Ratio::MINUS_ONE)]),
    parity: Parity::Odd,
    notation: Notation::Function("arctan", "\\arctan"),
    example: on(&[any(3, 2)]),
    ..entrywise("atan", |x| x[0].atan())
};

/// The angle of the point (x, y): atan2(y, x)
pub static ATAN2: OpDef = OpDef {
    derivative: Entrywise(&[
        |_, x| x[1].over(x[0].squared() + x[1].squared()),
        |_, x| -x[0].over(x[0].squared() + x[1].squared()),
    ]),
    written: Written::Real("atan2"),
    notation: Notation::Function("atan2", "\\operatorname{atan2}"),
    example: on(&[within(3, 2, 0.2, 1.0), within(3, 2, 0.2, 1.0)]),
    edge: "the derivative at (0, 0) is 0",
    work: 20,
    ..entrywise("atan2", |x| x[0].atan2(x[1]))
};

/// √(x² + y²) without overflow
pub static HYPOT: OpDef = OpDef {
    derivative: Entrywise(&[|y, x| x[0].over(y), |y, x| x[1].over(y)]),
    notation: Notation::Function("hypot", "\\operatorname{hypot}"),
    example: on(&[within(3, 2, 0.2, 1.0), within(3, 2, 0.2, 1.0)]),
    edge: "the derivative at (0, 0) is 0",
    ..entrywise("hypot", |x| x[0].hypot(x[1]))
};
