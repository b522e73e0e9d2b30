//! What each part of a result is, given the parameters and the result of the function.

use super::program::{InputKind, Program};
use super::request::{Arity, Layout, Part};
use crate::ir::{Dim, Shape};

impl InputKind {
    /// Rows and columns; a float is 1×1.
    pub fn shape(self) -> Shape {
        match self {
            InputKind::Matrix(shape) => shape,
            _ => Shape::SCALAR,
        }
    }

    /// Number of entries. A size that stable Rust cannot write was refused with the request.
    pub fn entries(self) -> Dim {
        self.shape().entries().unwrap_or(Dim::Constant("_"))
    }

    fn transposed(self) -> InputKind {
        match self {
            InputKind::Matrix(shape) => InputKind::Matrix(shape.transposed()),
            other => other,
        }
    }
}

impl Program {
    /// The kinds of the differentiated parameters, in the order of the request.
    pub fn differentiated_kinds(&self) -> Vec<InputKind> {
        self.differentiated.iter().map(|k| self.inputs[*k].kind).collect()
    }

    /// What the results of a part are, in order.
    pub fn kinds(&self, part: Part, layout: Layout) -> Vec<InputKind> {
        kinds(&self.differentiated_kinds(), self.result, part, layout)
    }
}

/// What the results of a part are, in order, for differentiated parameters and a result of these kinds.
pub fn kinds(inputs: &[InputKind], result: InputKind, part: Part, layout: Layout) -> Vec<InputKind> {
    let one = |x: &InputKind| match part {
        Part::Jacobian => jacobian(result, *x, layout),
        Part::NormalRight => between(*x, InputKind::Scalar),
        _ => *x,
    };
    match part.arity() {
        Arity::Once if part == Part::HalfSquare => vec![InputKind::Scalar],
        Arity::Once => vec![result],
        Arity::PerParameter => inputs.iter().map(one).collect(),
        Arity::PerPair => inputs.iter().flat_map(|a| inputs.iter().map(|b| between(*a, *b))).collect(),
    }
}

/// Rows are outputs and columns inputs; by a scalar it has the shape of the result.
fn jacobian(result: InputKind, x: InputKind, layout: Layout) -> InputKind {
    let numerator = match x {
        InputKind::Matrix(_) => InputKind::Matrix(Shape::of(result.entries(), x.entries())),
        _ => result,
    };
    if layout == Layout::Denominator { numerator.transposed() } else { numerator }
}

/// The kind of a block that belongs to two parameters.
fn between(a: InputKind, b: InputKind) -> InputKind {
    match (a, b) {
        (InputKind::Matrix(_), _) | (_, InputKind::Matrix(_)) => {
            InputKind::Matrix(Shape::of(a.entries(), b.entries()))
        }
        _ => InputKind::Scalar,
    }
}
