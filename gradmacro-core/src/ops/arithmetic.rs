//! Linear combinations, scaling, and entrywise products of powers: the operations that carry the normal form.

use super::{Derivative::*, Form, Notation, OpDef, Value, Written, any, first, on, whole, within};
use crate::algebra;
use crate::ir::{Data, Expr, Properties, Ratio};
use crate::ops::matrix::Matrix;
use crate::ops::{Call, Example};

/// Σ kᵢ·Xᵢ, d = Σ kᵢ·dXᵢ
pub static SUM: OpDef = OpDef {
    shape: |operands, wanted| operands.iter().try_fold(wanted, |s, t| s.agree(*t)),
    derivative: Linear(usize::MAX, |y, k, ct| ct.times(y.node().data().coefficients()[k])),
    as_matrix: |y, k, m| Some(m.times(y.node().data().coefficients()[k])),
    properties: |data, x| {
        let positive = data.coefficients().iter().all(|k| !k.is_negative());
        let all = x.iter().copied().reduce(Properties::and).unwrap_or_default();
        Properties { definite: all.definite && positive, ..all }
    },
    fold: algebra::sum,
    written: Written::Form(Form::Sum),
    notation: Notation::Form,
    example: Example {
        data: || Data::Coefficients(vec![Ratio::int(2), Ratio::MINUS_ONE]),
        wanted: (3, 2),
        ..on(&[any(3, 2), any(3, 2)])
    },
    ..whole("sum", |call| {
        let zero = Matrix::filled(call.shape, 0.0);
        let terms = call.operands.iter().zip(call.data.coefficients());
        terms.fold(zero, |sum, (x, k)| sum.zip(x, |a, b| a + k.value() * b))
    })
};

/// s·X, d = ds·X + s·dX
pub static SCALE: OpDef = OpDef {
    shape: |s, _| s[0].is_scalar().then(|| s[1]),
    derivative: Multilinear(|y, k, ct| if k == 0 { ct.inner(y.operand(1)) } else { y.operand(0) * ct }),
    as_matrix: |y, k, m| Some(if k == 0 { y.operand(1).vec() * m } else { y.operand(0) * m }),
    properties: |_, x| Properties { definite: false, ..x[1] },
    fold: algebra::scale,
    written: Written::Form(Form::Scale),
    notation: Notation::Form,
    example: on(&[any(1, 1), any(3, 2)]),
    ..whole("scale", |call| call.operands[1].map(|x| call.operands[0].value() * x))
};

/// ⊙ Xᵢ^pᵢ with rational pᵢ, d xᵖ = p xᵖ⁻¹ dx
pub static POWERS: OpDef = OpDef {
    shape: first,
    entrywise: true,
    derivative: Partials(power_partial, |y, k, ct| replace_factor(y, k, Ratio::ONE, ct)),
    as_matrix: |y, k, m| {
        let rest = replace_factor(y, k, Ratio::ONE, y.ones());
        Some(if y.is_scalar() { rest * m } else { rest.vec().diagonal_matrix() * m })
    },
    fold: algebra::powers,
    written: Written::Form(Form::Powers),
    notation: Notation::Form,
    example: Example {
        data: || Data::Exponents(vec![Ratio::int(3), Ratio::ONE, Ratio::new(-1, 2)]),
        ..on(&[any(3, 2), any(3, 2), within(3, 2, 0.5, 2.0)])
    },
    edge: "x⁰ is 1 with derivative 0; √x has an infinite derivative at 0, and 0·∞ counts as 0 in a derivative",
    value: Value::Whole(entrywise_product),
    ..whole("powers", entrywise_product)
};

fn entrywise_product(call: &Call<'_>) -> Matrix {
    let one = Matrix::filled(call.shape, 1.0);
    let factors = call.operands.iter().zip(call.data.exponents());
    factors.fold(one, |product, (x, p)| product.zip(x, |a, b| a * raised(b, *p)))
}

fn raised(base: f64, exponent: Ratio) -> f64 {
    match exponent.integer() {
        Some(n) => base.powi(n),
        None if exponent == Ratio::HALF => base.sqrt(),
        None => base.powf(exponent.value()),
    }
}

fn power_partial<'g>(y: Expr<'g>, k: usize, dx: Expr<'g>) -> Expr<'g> {
    let exponent = y.node().data().exponents()[k];
    replace_factor(y, k, exponent, dx).times(exponent)
}

/// The product with the k-th exponent `p` lowered by one and `other` as a further factor.
fn replace_factor<'g>(y: Expr<'g>, k: usize, p: Ratio, other: Expr<'g>) -> Expr<'g> {
    let mut factors = y.weighted();
    factors[k].1 = p.plus(Ratio::MINUS_ONE);
    factors.push((other, Ratio::ONE));
    factors.retain(|factor| !factor.1.is_zero());
    y.graph.powers(&factors, y.shape())
}
