//! Writing into a matrix.

use super::matrix::Matrix;
use super::{Derivative::Linear, Example, Form, Notation, OpDef, Written, any, at, on, whole};
use crate::algebra;
use crate::ir::{Data, Dim, Expr, Shape};

/// X with the block at (row, column) overwritten by V: `x[(i, j)] = v`
pub static UPDATE: OpDef = OpDef {
    shape: |operands, _| Some(operands[0]),
    derivative: Linear(2, |y, k, ct| {
        let (block, row, column) = (y.operand(1).shape(), y.operand(2), y.operand(3));
        match k {
            0 => update(ct, y.graph.zeros(block), row, column),
            _ => ct.slice(row, column, block),
        }
    }),
    as_matrix: |y, k, m| {
        // Of a column's block the rows of vec y are those of y.
        let (whole, block, row, zero) = (y.shape(), y.operand(1).shape(), y.operand(2), y.graph.index(0));
        if whole.columns != Dim::ONE {
            return None;
        }
        let rows = Shape::of(block.rows, m.shape().columns);
        Some(match k {
            0 => update(m, y.graph.zeros(rows), row, zero),
            _ => m.scatter(row, zero, Shape::of(whole.rows, m.shape().columns)),
        })
    },
    fold: algebra::update,
    written: Written::Form(Form::Update),
    notation: Notation::Form,
    example: Example { wanted: (4, 1), ..on(&[any(4, 1), any(2, 1), at(1), at(0)]) },
    ..whole("update", |call| {
        let (mut out, v) = (call.operands[0].clone(), call.operands[1]);
        let corner = (call.operands[2].value() as usize, call.operands[3].value() as usize);
        if !out.holds(corner, v.shape()) {
            return Matrix::filled(call.shape, f64::NAN);
        }
        for j in 0..v.columns {
            for i in 0..v.rows {
                out.entries[(corner.1 + j) * call.shape.0 + corner.0 + i] = v.at(i, j);
            }
        }
        out
    })
};

/// X with the block at (row, column) overwritten by V.
pub fn update<'g>(x: Expr<'g>, v: Expr<'g>, row: Expr<'g>, column: Expr<'g>) -> Expr<'g> {
    x.graph.apply(&UPDATE, Data::None, &[x, v, row, column], x.shape())
}
