//! Eigenvalues, singular values, and the matrix exponential.
//!
//! Sources: Magnus and Neudecker, *Matrix Differential Calculus*, chapter 8; Higham, *Functions of Matrices*,
//! theorem 3.6 for the block form of the exponential's derivative.

use super::matrix::Matrix;
use super::systems::none;
use super::{Derivative::*, Example, Form, Notation, OpDef, Sample, Value, Written, any, on, square, whole};
use crate::algebra;
use crate::ir::{Data, Expr, Shape};

/// A square matrix with entries around 0.
const SQUARE: &[Sample] = &[any(3, 3)];

const fn of(name: &'static str, value: fn(&[&Matrix]) -> Matrix) -> OpDef {
    OpDef {
        value: Value::Operands(value),
        written: Written::Form(Form::Planned),
        shape: square,
        example: on(SQUARE),
        ..whole(name, |_| Matrix::scalar(f64::NAN))
    }
}

/// λ of the symmetric matrix S, in no order that is promised: dλ = diagonal(VᵀdS V)
pub static SYMMETRIC_EIGENVALUES: OpDef = OpDef {
    shape: |s, w| square(s, w).map(|s| Shape::column(s.rows)),
    derivative: Partials(
        |y, _, dx| {
            let v = y.operand(0).apply(&EIGENVECTORS);
            (v.t() * dx.mirrored() * v).diagonal()
        },
        none,
    ),
    fold: algebra::eigenvalues,
    notation: Notation::Function("eigenvalues", "\\operatorname{eigenvalues}"),
    edge: "only for uses that do not depend on an order, which are exact at repeated eigenvalues too",
    ..of("symmetric_eigenvalues", |x| x[0].symmetric_eigen().0)
};

/// V with S = V diag(λ) Vᵀ, in the order of the eigenvalues. Only derivatives have it, and its own is not known.
pub static EIGENVECTORS: OpDef = OpDef {
    derivative: Unknown,
    fold: algebra::eigenvectors,
    notation: Notation::Function("eigenvectors", "\\operatorname{eigenvectors}"),
    ..of("eigenvectors", |x| x[0].symmetric_eigen().1)
};

/// σ of X, largest first, as many as the wanted shape has rows: dσ = diagonal(UᵀdX V)
pub static SINGULAR_VALUES: OpDef = OpDef {
    shape: super::as_wanted,
    derivative: Partials(
        |y, _, dx| {
            let (x, k) = (y.operand(0), y.shape().rows);
            let part = |op, rows| x.graph.apply(op, Data::None, &[x], Shape::of(rows, k));
            let u: Expr<'_> = part(&LEFT_SINGULAR_VECTORS, x.shape().rows);
            (u.t() * dx * part(&RIGHT_SINGULAR_VECTORS, x.shape().columns)).diagonal()
        },
        none,
    ),
    fold: algebra::singular_values,
    notation: Notation::Function("singular", "\\operatorname{singular}"),
    example: Example { wanted: (2, 1), ..on(&[any(3, 2)]) },
    edge: "a sum over all of them is differentiated exactly where some are equal, and not where one is 0",
    ..of("singular_values", |x| x[0].svd().1)
};

/// U with X = U diag(σ) Vᵀ. Only derivatives have it, and its own is not known.
pub static LEFT_SINGULAR_VECTORS: OpDef = OpDef {
    shape: super::as_wanted,
    derivative: Unknown,
    notation: Notation::Function("left", "\\operatorname{left}"),
    example: Example { wanted: (3, 2), ..on(&[any(3, 2)]) },
    ..of("left_singular_vectors", |x| x[0].svd().0)
};

/// V with X = U diag(σ) Vᵀ. Only derivatives have it, and its own is not known.
pub static RIGHT_SINGULAR_VECTORS: OpDef = OpDef {
    shape: super::as_wanted,
    derivative: Unknown,
    notation: Notation::Function("right", "\\operatorname{right}"),
    example: Example { wanted: (2, 2), ..on(&[any(3, 2)]) },
    ..of("right_singular_vectors", |x| x[0].svd().2)
};

/// eˣ of a square matrix
pub static EXPONENTIAL: OpDef = OpDef {
    derivative: Partials(|y, _, dx| y.operand(0).apply_with(&EXPONENTIAL_DIRECTION, dx), none),
    fold: algebra::exponential,
    written: Written::Method("exp"),
    notation: Notation::Function("expm", "\\operatorname{expm}"),
    ..of("matrix_exponential", |x| x[0].exponential())
};

/// The derivative of the matrix exponential at A in the direction E: the upper right block of exp [[A, E], [0, A]].
/// Its adjoint in E is the same at Aᵀ.
pub static EXPONENTIAL_DIRECTION: OpDef = OpDef {
    shape: super::first,
    derivative: Partials(
        |y, k, dx| match k {
            1 => y.operand(0).apply_with(&EXPONENTIAL_DIRECTION, dx),
            _ => second_direction(y, dx),
        },
        |y, _, ct| y.operand(0).t().apply_with(&EXPONENTIAL_DIRECTION, ct),
    ),
    fold: algebra::exponential_direction,
    written: Written::Form(Form::ExponentialDirection),
    notation: Notation::Function("dexpm", "\\operatorname{dexpm}"),
    example: on(&[any(3, 3), any(3, 3)]),
    ..of("matrix_exponential_direction", |x| x[0].exponential_direction(x[1]))
};

/// The derivative in A: the same for block matrices of twice the size.
fn second_direction<'g>(y: Expr<'g>, da: Expr<'g>) -> Expr<'g> {
    let (a, e) = (y.operand(0), y.operand(1));
    let Some(n) = a.shape().rows.known() else { return super::unknown(y) };
    let twice = Shape::new(2 * n, 2 * n);
    let graph = y.graph;
    let at = |x: Expr<'g>, i: usize, j: usize| {
        x.scatter(graph.index((i * n) as i64), graph.index((j * n) as i64), twice)
    };
    let (base, step) = (at(a, 0, 0) + at(a, 1, 1) + at(e, 0, 1), at(da, 0, 0) + at(da, 1, 1));
    base.apply_with(&EXPONENTIAL_DIRECTION, step).block(0, n, a.shape())
}
