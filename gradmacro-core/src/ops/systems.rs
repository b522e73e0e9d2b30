//! Inverses, determinants, and the Cholesky factor. Products with an inverse are solves; that, and which factorisation
//! is computed, is the planner's to decide.
//!
//! Sources: Petersen and Pedersen, *The Matrix Cookbook*, sections 2.1 and 2.2; Giles, *An extended collection of
//! matrix derivative results*, 2008; Murray, *Differentiation of the Cholesky decomposition*, 2016.

use super::matrix::Matrix;
use super::{
    Derivative::*, Form, Notation, OpDef, Value, Written, any, on, scalar, square, square_to_scalar, whole,
    within,
};
use crate::algebra;
use crate::ir::{Data, Expr, Properties, Ratio, Shape};
use crate::ops::predicates::holds;
use crate::ops::structure::{LOWER, commuted, vectorised};

/// Diagonally dominant, so that it has an inverse and its symmetric part is positive definite.
const INVERTIBLE: super::Sample = super::Sample { shape: (3, 3), range: (-0.2, 0.2), diagonal: 1.5 };

/// A row whose reference value needs its operands only.
const fn of(name: &'static str, value: fn(&[&Matrix]) -> Matrix) -> OpDef {
    OpDef {
        value: Value::Operands(value),
        written: Written::Form(Form::Planned),
        notation: Notation::Form,
        shape: square,
        example: on(&[INVERTIBLE]),
        ..whole(name, |_| Matrix::scalar(f64::NAN))
    }
}

/// The adjoint of a partial that is linear in none of its operands: nobody asks for it.
pub(super) fn none<'g>(_: Expr<'g>, _: usize, ct: Expr<'g>) -> Expr<'g> {
    ct
}

/// Y = X⁻¹, dY = −Y dX Y
pub static INVERSE: OpDef = OpDef {
    derivative: Partials(|y, _, dx| -(y * dx * y), none),
    properties: |_, x| x[0],
    fold: algebra::inverse,
    edge: "`try_inverse().unwrap()` panics at a singular matrix and `?` returns `None`, exactly as in the function",
    ..of("inverse", |x| x[0].inverse())
};

/// d|X| = ⟨cof X, dX⟩
pub static DETERMINANT: OpDef = OpDef {
    shape: square_to_scalar,
    derivative: Partials(|y, _, dx| y.operand(0).apply(&COFACTOR).inner(dx), none),
    fold: algebra::determinant,
    edge: "the gradient is the matrix of cofactors, which is right at singular matrices too",
    ..of("determinant", |x| Matrix::scalar(x[0].determinant()))
};

/// d ln|X| = tr(X⁻¹ dX)
pub static LN_DETERMINANT: OpDef = OpDef {
    shape: square_to_scalar,
    derivative: Partials(|y, _, dx| (y.operand(0).inverse() * dx).trace(), none),
    fold: algebra::ln_determinant,
    ..of("ln_determinant", |x| Matrix::scalar(x[0].determinant().ln()))
};

/// d ln|det X| = tr(X⁻¹ dX)
pub static LN_ABS_DETERMINANT: OpDef = OpDef {
    shape: square_to_scalar,
    derivative: Partials(|y, _, dx| (y.operand(0).inverse() * dx).trace(), none),
    fold: algebra::ln_determinant,
    ..of("ln_abs_determinant", |x| Matrix::scalar(x[0].determinant().abs().ln()))
};

/// Y = cof X = |X| X⁻ᵀ, dY = tr(X⁻¹dX) Y − X⁻ᵀ dXᵀ Y
pub static COFACTOR: OpDef = OpDef {
    derivative: Partials(|y, _, dx| cofactor_partial(y, dx), none),
    properties: |_, x| x[0].transposed(),
    fold: algebra::cofactor,
    ..of("cofactor", |x| x[0].cofactors())
};

/// For sizes 2 and 3 from Cayley and Hamilton's theorem, which gives the adjugate as a polynomial in X, so that singular
/// matrices have their second derivative: adj X = tr X I − X, and X² − tr X X + ½ ((tr X)² − tr X²) I.
fn cofactor_partial<'g>(y: Expr<'g>, dx: Expr<'g>) -> Expr<'g> {
    let x = y.operand(0);
    let rows = x.shape().rows;
    let identity = y.graph.identity(rows);
    match rows.known() {
        Some(2) => dx.trace() * identity - dx.t(),
        Some(3) => {
            let minors = x.trace() * dx.trace() - (x * dx).trace();
            (dx * x + x * dx - dx.trace() * x - x.trace() * dx + minors * identity).t()
        }
        _ => {
            let inverse = x.inverse();
            (inverse * dx).trace() * y - inverse.t() * dx.t() * y
        }
    }
}

/// The symmetric matrix with the lower triangle of X: what nalgebra's symmetric decompositions read.
pub static MIRROR: OpDef = OpDef {
    derivative: Linear(1, |_, _, ct| (ct + ct.t()).apply(&LOWER) - ct.diagonal().diagonal_matrix()),
    as_matrix: |y, _, m| {
        let x = y.operand(0);
        vectorised(x.shape())?;
        let lower = x.ones().apply(&LOWER);
        let strict = lower - y.graph.identity(x.shape().rows);
        let [lower, strict] = [lower, strict].map(|mask| mask.vec().diagonal_matrix() * m);
        Some(lower + commuted(x.shape(), strict))
    },
    properties: |_, x| if x[0].lower { Properties::DIAGONAL } else { Properties { symmetric: true, ..x[0] } },
    fold: algebra::mirror,
    written: Written::Form(Form::Mirror),
    notation: Notation::Function("sym", "\\operatorname{sym}"),
    example: on(&[any(3, 3)]),
    ..of("mirror", |x| Matrix::build(x[0].shape(), |i, j| x[0].at(i.max(j), i.min(j))))
};

/// S = LLᵀ, dL = L Φ(L⁻¹ dS L⁻ᵀ), where Φ takes the lower triangle and half of the diagonal
pub static CHOLESKY: OpDef = OpDef {
    derivative: Partials(
        |y, _, dx| {
            let inverse = y.inverse();
            let inner = inverse * dx.mirrored() * inverse.t();
            let half = inner.diagonal().diagonal_matrix().times(Ratio::HALF);
            y * (inner.apply(&LOWER) - half)
        },
        none,
    ),
    properties: |_, _| Properties { lower: true, ..Properties::NONE },
    fold: algebra::cholesky,
    notation: Notation::Function("chol", "\\operatorname{chol}"),
    edge: "only the lower triangle is read, so without `spd(..)` the gradient is zero above the diagonal",
    ..of("cholesky", |x| x[0].cholesky())
};

/// Y = X⁺, dY = −Y dX Y + Y Yᵀ dXᵀ (I − X Y) + (I − Y X) dXᵀ Yᵀ Y, for a rank that stays the same
pub static PSEUDO_INVERSE: OpDef = OpDef {
    shape: |s, _| s[1].is_scalar().then(|| s[0].transposed()),
    derivative: Partials(
        |y, k, dx| match k {
            0 => pseudo_inverse_partial(y, dx),
            _ => y.graph.zeros(y.shape()),
        },
        none,
    ),
    written: Written::Form(Form::PseudoInverse),
    example: on(&[any(4, 2), within(1, 1, 1e-9, 1e-9)]),
    edge: "the rank is taken to be constant; the tolerance is not differentiated",
    ..of("pseudo_inverse", |x| x[0].pseudo_inverse(x[1].value()))
};

fn pseudo_inverse_partial<'g>(y: Expr<'g>, dx: Expr<'g>) -> Expr<'g> {
    let x = y.operand(0);
    let Shape { rows, columns } = x.shape();
    let left = y.graph.identity(rows) - x * y;
    let right = y.graph.identity(columns) - y * x;
    y * y.t() * dx.t() * left + right * dx.t() * y.t() * y - y * dx * y
}

/// That a matrix can be factorised: nothing to compute, but something that may fail. Its value is 0.
pub static DEMAND: OpDef = OpDef {
    shape: square_to_scalar,
    derivative: Flat,
    example: super::Example { data: || Data::Demand(0), ..on(&[INVERTIBLE]) },
    ..of("demand", |_| Matrix::scalar(0.0))
};

/// That a predicate holds, or else the function has no value: 0 where it does.
pub static REQUIRE: OpDef = OpDef {
    shape: scalar,
    derivative: Flat,
    example: super::Example { data: || Data::Demand(0), ..on(&[within(1, 1, 0.5, 1.0)]) },
    ..of("require", |x| Matrix::scalar(if holds(x[0].value()) { 0.0 } else { f64::NAN }))
};
