//! Exponentials, logarithms, and the functions that keep them from overflowing.

use super::{Derivative::*, Extra, Notation, OpDef, Written, any, entrywise, on, within};
use crate::algebra;
use crate::ir::{Constant, Expr, Leaf, Ratio, Shape};

/// exp x
pub static EXP: OpDef = OpDef {
    derivative: Entrywise(&[|y, _| y]),
    fold: algebra::exp,
    notation: Notation::Function("exp", "\\exp"),
    example: on(&[any(3, 2)]),
    ..entrywise("exp", |x| x[0].exp())
};

/// eˣ − 1
pub static EXP_M1: OpDef = OpDef {
    derivative: Entrywise(&[|_, x| x[0].apply(&EXP)]),
    notation: Notation::Function("expm1", "\\operatorname{expm1}"),
    example: on(&[any(3, 2)]),
    ..entrywise("exp_m1", |x| x[0].exp_m1())
};

/// 2ˣ
pub static EXP2: OpDef = OpDef {
    derivative: Entrywise(&[|y, x| constant(x[0], "LN_2") * y]),
    notation: Notation::Function("exp₂", "\\exp_2"),
    example: on(&[any(3, 2)]),
    ..entrywise("exp2", |x| x[0].exp2())
};

/// ln x
pub static LN: OpDef = OpDef {
    derivative: Entrywise(&[|_, x| x[0].power(Ratio::MINUS_ONE)]),
    fold: algebra::ln,
    notation: Notation::Function("ln", "\\ln"),
    ..entrywise("ln", |x| x[0].ln())
};

/// ln(1 + x)
pub static LN_1P: OpDef = OpDef {
    derivative: Entrywise(&[|_, x| (x[0].ones() + x[0]).power(Ratio::MINUS_ONE)]),
    fold: algebra::ln_1p,
    notation: Notation::Function("log1p", "\\operatorname{log1p}"),
    ..entrywise("ln_1p", |x| x[0].ln_1p())
};

/// log₂ x
pub static LOG2: OpDef = OpDef {
    derivative: Entrywise(&[|_, x| constant(x[0], "LOG2_E") * x[0].power(Ratio::MINUS_ONE)]),
    notation: Notation::Function("log₂", "\\log_2"),
    ..entrywise("log2", |x| x[0].log2())
};

/// log₁₀ x
pub static LOG10: OpDef = OpDef {
    derivative: Entrywise(&[|_, x| constant(x[0], "LOG10_E") * x[0].power(Ratio::MINUS_ONE)]),
    notation: Notation::Function("log₁₀", "\\log_{10}"),
    ..entrywise("log10", |x| x[0].log10())
};

/// ∛x, which unlike the power ⅓ is defined for negative x
pub static CBRT: OpDef = OpDef {
    derivative: Entrywise(&[|y, _| y.power(Ratio::int(-2)).times(Ratio::new(1, 3))]),
    parity: super::Parity::Odd,
    notation: Notation::Function("cbrt", "\\operatorname{cbrt}"),
    edge: "the derivative is infinite at 0",
    ..entrywise("cbrt", |x| x[0].cbrt())
};

/// xᵃ with a real exponent
pub static POWF: OpDef = OpDef {
    derivative: Entrywise(&[
        |_, x| x[1].hadamard(x[0].apply_with(&POWF, x[1] - x[1].ones())),
        |y, x| y.hadamard(x[0].apply(&LN)),
    ]),
    example: on(&[within(3, 2, 0.2, 2.0), any(3, 2)]),
    edge: "the derivative by the exponent is 0 at base 0",
    notation: Notation::Form,
    work: 20,
    ..entrywise("powf", |x| x[0].powf(x[1]))
};

/// xⁿ with an integer exponent that is known only at run time
pub static POWI: OpDef = OpDef {
    shape: |s, _| Some(s[0]),
    derivative: Entrywise(&[|_, x| {
        let less = x[0].graph.affine(&[(x[1], 1)], -1);
        x[1].as_real() * x[0].apply_with(&POWI, less)
    }]),
    example: super::Example { operands: &[within(3, 2, 0.2, 2.0), super::at(3)], ..on(&[]) },
    edge: "x⁰ is 1 with derivative 0",
    notation: Notation::Form,
    written: Written::Form(super::Form::IntegerPower),
    ..entrywise("powi", |x| x[0].powi(x[1] as i32))
};

/// σ(x) = 1/(1 + e⁻ˣ), never ∞/∞
pub static LOGISTIC: OpDef = OpDef {
    derivative: Entrywise(&[|y, _| y.hadamard(y.ones() - y)]),
    fold: algebra::logistic,
    written: Written::Kernel("logistic", &[Extra::One, Extra::Complex("exp")]),
    notation: Notation::Function("σ", "\\sigma"),
    example: on(&[any(3, 2)]),
    ..entrywise("logistic", |x| {
        let e = (-x[0].abs()).exp();
        if x[0] < 0.0 { e / (1.0 + e) } else { 1.0 / (1.0 + e) }
    })
};

/// ln(1 + eˣ) = max(x, 0) + log1p e^(−|x|), never ∞
pub static SOFTPLUS: OpDef = OpDef {
    derivative: Entrywise(&[|_, x| x[0].apply(&LOGISTIC)]),
    fold: algebra::softplus,
    written: Written::Kernel("softplus", &[Extra::One, Extra::Complex("exp"), Extra::Complex("ln_1p")]),
    notation: Notation::Function("softplus", "\\operatorname{softplus}"),
    example: on(&[any(3, 2)]),
    work: 20,
    ..entrywise("softplus", |x| x[0].max(0.0) + (-x[0].abs()).exp().ln_1p())
};

/// A constant of core, as a scalar in the graph of `x`.
pub fn constant<'g>(x: Expr<'g>, name: &'static str) -> Expr<'g> {
    x.graph.leaf(Leaf::Constant(Constant::Named(name)), Shape::SCALAR)
}
