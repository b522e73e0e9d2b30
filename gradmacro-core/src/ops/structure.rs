//! Operations that move entries: transposes, diagonals, blocks, constructors.

use super::matrix::Matrix;
use super::{
    Call, Derivative::*, Example, Form, Notation, OpDef, Written, any, as_wanted, at, on, square,
    square_to_scalar, whole, within,
};
use crate::algebra;
use crate::ir::region::over_index;
use crate::ir::{Data, Dim, Expr, Graph, Properties, Shape};

/// Every entry 1.
pub static ONES: OpDef = OpDef {
    shape: as_wanted,
    written: Written::Form(Form::Ones),
    notation: Notation::Form,
    example: Example { wanted: (3, 2), ..on(&[]) },
    ..whole("ones", |call| Matrix::filled(call.shape, 1.0))
};

/// I
pub static IDENTITY: OpDef = OpDef {
    shape: as_wanted,
    properties: |_, _| Properties { definite: true, ..Properties::DIAGONAL },
    fold: |wanted| wanted.shape.is_scalar().then(|| wanted.graph.ones(Shape::SCALAR)),
    written: Written::Form(Form::Identity),
    notation: Notation::Form,
    example: Example { wanted: (3, 3), ..on(&[]) },
    ..whole("identity", |call| Matrix::build(call.shape, |i, j| f64::from(u8::from(i == j))))
};

/// Xᵀ
pub static TRANSPOSE: OpDef = OpDef {
    shape: |s, _| Some(s[0].transposed()),
    derivative: Linear(1, |_, _, ct| ct.t()),
    as_matrix: |y, _, m| Some(commuted(y.operand(0).shape(), m)),
    properties: |_, x| x[0].transposed(),
    fold: algebra::transpose,
    notation: Notation::Form,
    example: on(&[any(3, 2)]),
    ..whole("transpose", |call| call.operands[0].transposed())
};

/// tr X
pub static TRACE: OpDef = OpDef {
    shape: square_to_scalar,
    derivative: Linear(1, |y, _, ct| ct * y.graph.identity(y.operand(0).shape().rows)),
    as_matrix: |y, _, m| {
        let n = y.operand(0).shape().rows;
        vectorised(Shape::of(n, n))?;
        Some(y.graph.identity(n).vec().t() * m)
    },
    fold: algebra::trace,
    notation: Notation::Function("tr", "\\operatorname{tr}"),
    example: on(&[any(3, 3)]),
    ..whole("trace", |call| {
        let x = call.operands[0];
        Matrix::scalar((0..x.rows.min(x.columns)).map(|i| x.at(i, i)).sum())
    })
};

/// diag(v), a square matrix from a vector
pub static DIAGONAL_MATRIX: OpDef = OpDef {
    shape: |s, _| (s[0].columns == Dim::ONE).then(|| Shape::of(s[0].rows, s[0].rows)),
    derivative: Linear(1, |_, _, ct| ct.diagonal()),
    as_matrix: |y, _, m| {
        let (n, rows) = (y.shape().rows, vectorised(y.shape())?);
        moved_rows(m, n, rows, |i, along| (i, along))
    },
    properties: |_, _| Properties::DIAGONAL,
    fold: algebra::diagonal_matrix,
    written: Written::Form(Form::DiagonalMatrix),
    notation: Notation::Function("diag", "\\operatorname{diag}"),
    example: on(&[any(3, 1)]),
    ..whole("diagonal_matrix", |call| {
        Matrix::build(call.shape, |i, j| if i == j { call.operands[0].entries[i] } else { 0.0 })
    })
};

/// The diagonal of a square matrix, as a column
pub static DIAGONAL: OpDef = OpDef {
    shape: |s, w| square(s, w).map(|s| Shape::column(s.rows)),
    derivative: Linear(1, |_, _, ct| ct.diagonal_matrix()),
    as_matrix: |y, _, m| {
        let n = y.shape().rows;
        moved_rows(m, n, n, |i, along| (along, i))
    },
    fold: algebra::diagonal,
    notation: Notation::Function("diagonal", "\\operatorname{diagonal}"),
    example: on(&[any(3, 3)]),
    ..whole("diagonal", |call| Matrix::build(call.shape, |i, _| call.operands[0].at(i, i)))
};

/// The block of the wanted shape whose first entry is at (row, column): X, row, column
pub static SLICE: OpDef = OpDef {
    is_part: true,
    shape: as_wanted,
    derivative: Linear(1, |y, _, ct| ct.scatter(y.operand(1), y.operand(2), y.operand(0).shape())),
    as_matrix: |y, _, m| {
        let (whole, block) = (y.operand(0).shape(), y.shape());
        let (start, turned) = contiguous(whole, block, y.operand(1), y.operand(2))?;
        let m = if turned { commuted(whole, m) } else { m };
        let part = m.slice(start, y.graph.index(0), Shape::of(vectorised(block)?, m.shape().columns));
        Some(if turned { commuted(block.transposed(), part) } else { part })
    },
    fold: algebra::slice,
    written: Written::Form(Form::Slice),
    notation: Notation::Form,
    example: Example { wanted: (2, 2), ..on(&[any(4, 3), at(1), at(0)]) },
    ..whole("slice", |call| {
        let (x, corner) = (call.operands[0], corner(call));
        if !x.holds(corner, call.shape) {
            return Matrix::filled(call.shape, f64::NAN);
        }
        Matrix::build(call.shape, |i, j| x.at(corner.0 + i, corner.1 + j))
    })
};

/// Zeros of the wanted shape in which a block stands at (row, column): X, row, column
pub static SCATTER: OpDef = OpDef {
    shape: as_wanted,
    derivative: Linear(1, |y, _, ct| ct.slice(y.operand(1), y.operand(2), y.operand(0).shape())),
    as_matrix: |y, _, m| {
        let (whole, block) = (y.shape(), y.operand(0).shape());
        let (start, turned) = contiguous(whole, block, y.operand(1), y.operand(2))?;
        let m = if turned { commuted(block, m) } else { m };
        let whole_of = m.scatter(start, y.graph.index(0), Shape::of(vectorised(whole)?, m.shape().columns));
        Some(if turned { commuted(whole.transposed(), whole_of) } else { whole_of })
    },
    fold: algebra::scatter,
    written: Written::Form(Form::Scatter),
    notation: Notation::Form,
    example: Example { wanted: (4, 3), ..on(&[any(2, 2), at(1), at(0)]) },
    ..whole("scatter", |call| {
        let (x, corner) = (call.operands[0], corner(call));
        let mut out = Matrix::filled(call.shape, 0.0);
        if !out.holds(corner, x.shape()) {
            return Matrix::filled(call.shape, f64::NAN);
        }
        for j in 0..x.columns {
            for i in 0..x.rows {
                out.entries[(corner.1 + j) * call.shape.0 + corner.0 + i] = x.at(i, j);
            }
        }
        out
    })
};

fn corner(call: &Call<'_>) -> (usize, usize) {
    (call.operands[1].value() as usize, call.operands[2].value() as usize)
}

/// A matrix from scalars, each at its place, zeros elsewhere.
pub static ENTRIES: OpDef = OpDef {
    shape: as_wanted,
    derivative: Linear(usize::MAX, |y, k, ct| {
        let (row, column) = y.node().data().positions()[k];
        ct.entry(row as usize, column as usize)
    }),
    as_matrix: |y, k, m| {
        let (row, column) = y.node().data().positions()[k];
        let place = y.graph.index(i64::from(row) + i64::from(column) * y.shape().rows.known()? as i64);
        Some(m.scatter(place, y.graph.index(0), Shape::of(vectorised(y.shape())?, m.shape().columns)))
    },
    fold: algebra::entries,
    written: Written::Form(Form::Entries),
    notation: Notation::Form,
    example: Example {
        data: || Data::Positions(vec![(0, 0), (2, 1)]),
        wanted: (3, 2),
        ..on(&[any(1, 1), any(1, 1)])
    },
    ..whole("entries", |call| {
        let mut out = Matrix::filled(call.shape, 0.0);
        for (x, (row, column)) in call.operands.iter().zip(call.data.positions()) {
            let place = *column as usize * call.shape.0 + *row as usize;
            if let Some(entry) = out.entries.get_mut(place) {
                *entry += x.value();
            }
        }
        out
    })
};

/// The same entries, column by column, in another shape.
pub static RESHAPE: OpDef = OpDef {
    shape: as_wanted,
    derivative: Linear(1, |y, _, ct| reshape(ct, y.operand(0).shape())),
    as_matrix: |_, _, m| Some(m),
    fold: algebra::reshaped,
    written: Written::Form(Form::Reshape),
    notation: Notation::Function("reshape", "\\operatorname{reshape}"),
    example: Example { wanted: (2, 6), ..on(&[any(4, 3)]) },
    ..whole("reshape", |call| Matrix {
        rows: call.shape.0,
        columns: call.shape.1,
        entries: call.operands[0].entries.clone(),
    })
};

/// The matrix K of vec Xᵀ = K vec X for X of the given shape.
pub static COMMUTATION: OpDef = OpDef {
    shape: as_wanted,
    written: Written::Form(Form::Commutation),
    notation: Notation::Form,
    example: Example { data: || Data::Shape(Shape::new(3, 2)), wanted: (6, 6), ..on(&[]) },
    ..whole("commutation", |call| {
        let places = exchanged(call.data, call.shape.0);
        Matrix::build(call.shape, |p, q| f64::from(u8::from(places[p] == q)))
    })
};

/// Where each of the n entries of vec Xᵀ stands in vec X. Of two sizes one may be a name, which n then tells.
pub fn exchanged(data: &Data, n: usize) -> Vec<usize> {
    let Data::Shape(of) = data else { return Vec::new() };
    let (rows, columns) = match (of.rows.known(), of.columns.known()) {
        (Some(rows), _) => (rows, n / rows.max(1)),
        (None, columns) => (n / columns.unwrap_or(1).max(1), columns.unwrap_or(1)),
    };
    // The p-th entry of Xᵀ is at (i, j) there, and at (j, i) in X.
    (0..n).map(|p| (p % columns) * rows + p / columns).collect()
}

/// K m, where K takes vec X to vec Xᵀ for X of this shape.
pub fn commuted(of: Shape, m: Expr<'_>) -> Expr<'_> {
    if of.rows == Dim::ONE || of.columns == Dim::ONE {
        m
    } else {
        commutation(m.graph, of, m.shape().rows) * m
    }
}

/// K of order `n` for matrices of this shape.
pub fn commutation(graph: &Graph, of: Shape, n: Dim) -> Expr<'_> {
    graph.apply(&COMMUTATION, Data::Shape(of), &[], Shape::of(n, n))
}

/// Where the entries of a block begin in the vector of all entries, if they follow one another there, or (true) in
/// that of the transpose.
fn contiguous<'g>(whole: Shape, block: Shape, row: Expr<'g>, column: Expr<'g>) -> Option<(Expr<'g>, bool)> {
    let place = |size: Dim, inner: Expr<'g>, outer: Expr<'g>| {
        let size = size.known()? as i64;
        Some(row.graph.affine(&[(inner, 1), (outer, size)], 0))
    };
    match () {
        () if whole.columns == Dim::ONE => Some((row, false)),
        () if whole.rows == Dim::ONE => Some((column, false)),
        () if block.columns == Dim::ONE || block.rows == whole.rows => {
            Some((place(whole.rows, row, column)?, false))
        }
        () if block.rows == Dim::ONE || block.columns == whole.columns => {
            Some((place(whole.columns, column, row)?, true))
        }
        () => None,
    }
}

/// The rows of m that belong to a vector and to the diagonal of a square matrix, from one of the two to the other:
/// `places` says from which row to which, given an entry's place in the vector and along the diagonal.
fn moved_rows<'g>(
    m: Expr<'g>,
    n: Dim,
    rows: Dim,
    places: impl FnOnce(Expr<'g>, Expr<'g>) -> (Expr<'g>, Expr<'g>),
) -> Option<Expr<'g>> {
    let (graph, columns, step) = (m.graph, m.shape().columns, n.known()? as i64 + 1);
    over_index(graph, n, |i| {
        let (from, to) = places(i, graph.affine(&[(i, step)], 0));
        let row = m.slice(from, graph.index(0), Shape::of(Dim::ONE, columns));
        Some(row.scatter(to, graph.index(0), Shape::of(rows, columns)))
    })
}

/// diag(vec t) m, where t has ones in the triangle that y takes.
fn masked<'g>(y: Expr<'g>, m: Expr<'g>) -> Option<Expr<'g>> {
    vectorised(y.shape())?;
    let triangle = y.graph.apply(y.node().op()?, Data::None, &[y.ones()], y.shape());
    Some(triangle.vec().diagonal_matrix() * m)
}

/// The number of all entries, if it can be written.
pub fn vectorised(shape: Shape) -> Option<Dim> {
    shape.entries().ok()
}

/// X column by column in another shape; X itself in its own.
pub fn reshape(x: Expr<'_>, shape: Shape) -> Expr<'_> {
    if x.shape() == shape {
        return x;
    }
    x.graph.apply(&RESHAPE, Data::None, &[x], shape)
}

/// The lower triangle with the diagonal, zeros above
pub static LOWER: OpDef = OpDef {
    shape: super::first,
    derivative: Linear(1, |_, _, ct| ct.apply(&LOWER)),
    as_matrix: |y, _, m| masked(y, m),
    properties: |_, x| Properties { lower: true, upper: x[0].upper, ..Properties::NONE },
    fold: algebra::triangle,
    written: Written::Method("lower_triangle"),
    notation: Notation::Function("tril", "\\operatorname{tril}"),
    example: on(&[any(3, 3)]),
    ..whole("lower_triangle", |call| {
        Matrix::build(call.shape, |i, j| if i >= j { call.operands[0].at(i, j) } else { 0.0 })
    })
};

/// The upper triangle with the diagonal, zeros below
pub static UPPER: OpDef = OpDef {
    shape: super::first,
    derivative: Linear(1, |_, _, ct| ct.apply(&UPPER)),
    as_matrix: |y, _, m| masked(y, m),
    properties: |_, x| Properties { upper: true, lower: x[0].lower, ..Properties::NONE },
    fold: algebra::triangle,
    written: Written::Method("upper_triangle"),
    notation: Notation::Function("triu", "\\operatorname{triu}"),
    example: on(&[within(3, 3, -1.0, 1.0)]),
    ..whole("upper_triangle", |call| {
        Matrix::build(call.shape, |i, j| if i <= j { call.operands[0].at(i, j) } else { 0.0 })
    })
};
