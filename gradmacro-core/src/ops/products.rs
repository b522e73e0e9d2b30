//! Products of matrices.

use super::matrix::Matrix;
use super::{Call, Derivative::*, Form, Notation, OpDef, Written, any, on, whole};
use crate::algebra;
use crate::ir::{Expr, Properties, Shape};

/// X₁X₂⋯Xₙ, d = Σ X₁⋯dXᵢ⋯Xₙ
pub static PRODUCT: OpDef = OpDef {
    shape: |s, _| {
        let fit = s.windows(2).all(|w| w[0].columns.agree(w[1].rows).is_some());
        fit.then(|| Shape::of(s[0].rows, s[s.len() - 1].columns))
    },
    derivative: Multilinear(product_adjoint),
    as_matrix: product_matrix,
    properties: |_, x| x.iter().copied().reduce(Properties::and).unwrap_or_default().triangles(),
    fold: algebra::product,
    written: Written::Form(Form::Product),
    notation: Notation::Form,
    example: on(&[any(3, 2), any(2, 4), any(4, 2)]),
    ..whole("product", |call| {
        let product = call
            .operands
            .iter()
            .skip(1)
            .fold(None, |p: Option<Matrix>, x| Some(p.as_ref().unwrap_or(call.operands[0]).product(x)));
        product.unwrap_or_else(|| call.operands[0].clone())
    })
};

/// Lᵀ Ȳ Rᵀ for y = L X R
fn product_adjoint<'g>(y: Expr<'g>, k: usize, ct: Expr<'g>) -> Expr<'g> {
    let x = y.operands();
    let left = x[..k].iter().rev().map(|f| f.t());
    let right = x[k + 1..].iter().rev().map(|f| f.t());
    let rest: Vec<_> = left.chain(std::iter::once(ct)).chain(right).collect();
    y.graph.product(&rest)
}

/// vec(L X R) = (Rᵀ ⊗ L) vec X
fn product_matrix<'g>(y: Expr<'g>, k: usize, m: Expr<'g>) -> Option<Expr<'g>> {
    let x = y.operands();
    let Shape { rows, columns } = x[k].shape();
    let side = |factors: &[Expr<'g>], size| match factors {
        [] => y.graph.identity(size),
        _ => y.graph.product(factors),
    };
    let (left, right) = (side(&x[..k], rows), side(&x[k + 1..], columns));
    Some(kronecker(right.t(), left)? * m)
}

/// A ⊗ B, unless its size cannot be written.
pub fn kronecker<'g>(a: Expr<'g>, b: Expr<'g>) -> Option<Expr<'g>> {
    let rows = a.shape().rows.times(b.shape().rows).ok()?;
    let columns = a.shape().columns.times(b.shape().columns).ok()?;
    Some(a.graph.apply(&KRONECKER, crate::ir::Data::None, &[a, b], Shape::of(rows, columns)))
}

/// a × b for vectors of three entries, d = da × b + a × db
pub static CROSS: OpDef = OpDef {
    shape: super::first,
    derivative: Multilinear(|y, k, ct| match k {
        0 => y.operand(1).apply_with(&CROSS, ct),
        _ => ct.apply_with(&CROSS, y.operand(0)),
    }),
    as_matrix: |y, k, m| {
        let a = y.operand(1 - k);
        let crossed = skew(if a.shape().is_row() { a.t() } else { a });
        Some(if k == 1 { crossed * m } else { -(crossed * m) })
    },
    written: Written::Method("cross"),
    notation: Notation::Form,
    example: on(&[any(3, 1), any(3, 1)]),
    work: 3,
    ..whole("cross", |call| {
        let (a, b) = (&call.operands[0].entries, &call.operands[1].entries);
        let entry = |i: usize| a[(i + 1) % 3] * b[(i + 2) % 3] - a[(i + 2) % 3] * b[(i + 1) % 3];
        Matrix { rows: call.shape.0, columns: call.shape.1, entries: (0..3).map(entry).collect() }
    })
};

/// The matrix of b ↦ a × b
fn skew(a: Expr<'_>) -> Expr<'_> {
    let [x, y, z] = [0, 1, 2].map(|i| a.entry(i, 0));
    let list = [((1, 0), z), ((2, 0), -y), ((0, 1), -z), ((2, 1), x), ((0, 2), y), ((1, 2), -x)];
    a.graph.entries(&list, Shape::new(3, 3))
}

/// A ⊗ B, d = dA ⊗ B + A ⊗ dB
pub static KRONECKER: OpDef = OpDef {
    shape: super::as_wanted,
    derivative: Multilinear(|y, k, ct| {
        let (a, b) = (y.operand(0), y.operand(1));
        match k {
            0 => y.graph.apply(&BLOCK_INNER, crate::ir::Data::None, &[ct, b], a.shape()),
            _ => y.graph.apply(&BLOCK_SUM, crate::ir::Data::None, &[ct, a], b.shape()),
        }
    }),
    fold: algebra::kronecker,
    written: Written::Form(Form::Kronecker),
    notation: Notation::Form,
    example: super::Example { wanted: (4, 6), ..on(&[any(2, 3), any(2, 2)]) },
    ..whole("kronecker", |call| {
        let (a, b) = (call.operands[0], call.operands[1]);
        Matrix::build(call.shape, |i, j| a.at(i / b.rows, j / b.columns) * b.at(i % b.rows, j % b.columns))
    })
};

/// The matrix of ⟨Gᵢⱼ, B⟩ over the blocks Gᵢⱼ of G that have B's shape: the adjoint of A ↦ A ⊗ B.
pub static BLOCK_INNER: OpDef = OpDef {
    shape: super::as_wanted,
    derivative: Multilinear(|y, k, ct| match k {
        0 => ct.graph.apply(&KRONECKER, crate::ir::Data::None, &[ct, y.operand(1)], y.operand(0).shape()),
        _ => {
            let operands = [y.operand(0), ct];
            ct.graph.apply(&BLOCK_SUM, crate::ir::Data::None, &operands, y.operand(1).shape())
        }
    }),
    written: Written::Form(Form::BlockInner),
    notation: Notation::Function("blockinner", "\\operatorname{blockinner}"),
    example: super::Example { wanted: (2, 3), ..on(&[any(4, 6), any(2, 2)]) },
    ..whole("block_inner", |call| {
        let b = call.operands[1];
        Matrix::build(call.shape, |i, j| block(call, b.shape(), i, j).inner(b))
    })
};

/// Σ Aᵢⱼ Gᵢⱼ over the blocks Gᵢⱼ of G: the adjoint of B ↦ A ⊗ B.
pub static BLOCK_SUM: OpDef = OpDef {
    shape: super::as_wanted,
    derivative: Multilinear(|y, k, ct| match k {
        0 => ct.graph.apply(&KRONECKER, crate::ir::Data::None, &[y.operand(1), ct], y.operand(0).shape()),
        _ => {
            let operands = [y.operand(0), ct];
            ct.graph.apply(&BLOCK_INNER, crate::ir::Data::None, &operands, y.operand(1).shape())
        }
    }),
    written: Written::Form(Form::BlockSum),
    notation: Notation::Function("blocksum", "\\operatorname{blocksum}"),
    example: super::Example { wanted: (2, 2), ..on(&[any(4, 6), any(2, 3)]) },
    ..whole("block_sum", |call| {
        let a = call.operands[1];
        let places = (0..a.rows * a.columns).map(|k| (k % a.rows, k / a.rows));
        places.fold(Matrix::filled(call.shape, 0.0), |sum, (i, j)| {
            sum.zip(&block(call, call.shape, i, j), |s, g| s + a.at(i, j) * g)
        })
    })
};

/// The block (i, j) of the first operand, divided into blocks of this shape.
fn block(call: &Call<'_>, shape: (usize, usize), i: usize, j: usize) -> Matrix {
    Matrix::build(shape, |p, q| call.operands[0].at(i * shape.0 + p, j * shape.1 + q))
}
