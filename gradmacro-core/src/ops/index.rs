//! Integers: indices, trip counts, and kept expressions that read an index. None of them is ever differentiated.

use super::matrix::Matrix;
use super::{Example, Form, Notation, OpDef, Written, at, on, scalar, whole};
use crate::algebra;
use crate::ir::Data;

/// Σ kᵢ·indexᵢ + constant
pub static AFFINE: OpDef = OpDef {
    shape: scalar,
    fold: algebra::affine,
    written: Written::Form(Form::Affine),
    notation: Notation::Form,
    example: Example { data: || Data::Affine(vec![2], -1), ..on(&[at(3)]) },
    ..whole("affine", |call| {
        let Data::Affine(factors, constant) = call.data else { return Matrix::scalar(f64::NAN) };
        let terms = call.operands.iter().zip(factors).map(|(x, k)| x.value() * *k as f64);
        Matrix::scalar(*constant as f64 + terms.sum::<f64>())
    })
};

/// An integer as a real number: `i as f64`
pub static AS_REAL: OpDef = OpDef {
    shape: scalar,
    fold: algebra::as_real,
    written: Written::Form(Form::AsReal),
    notation: Notation::Form,
    example: on(&[at(3)]),
    ..whole("as_real", |call| call.operands[0].clone())
};

/// A kept expression that reads indices, such as `table[i]`; its reference value is any fixed function of them.
pub static KEPT_AT: OpDef = OpDef {
    shape: super::as_wanted,
    written: Written::Form(Form::KeptAt),
    notation: Notation::Form,
    example: Example { data: || Data::Kept(1), wanted: (2, 1), ..on(&[at(3)]) },
    ..whole("kept", |call| {
        let Data::Kept(serial) = call.data else { return Matrix::filled(call.shape, f64::NAN) };
        let seed = call.operands.iter().fold(f64::from(*serial) + 0.5, |s, x| s * 1.7 + x.value());
        Matrix::build(call.shape, |i, j| (seed * 12.9898 + (i + 7 * j) as f64).sin())
    })
};
