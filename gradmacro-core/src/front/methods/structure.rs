//! Diagonals, triangles, and vectors or matrices that are made larger or smaller.

use super::{Call, Method, Value, matrix, method, scalar};
use crate::front::constructors;
use crate::ir::{Dim, Expr, Ratio, Shape};
use crate::ops::structure::{LOWER, UPPER, reshape};

pub(super) static METHODS: &[Method] = &[
    method("diagonal", 0, |call, x| matrix(call.square(x)?.diagonal())),
    method("upper_triangle", 0, |_, x| matrix(x.apply(&UPPER))),
    method("lower_triangle", 0, |_, x| matrix(x.apply(&LOWER))),
    method("symmetric_part", 0, symmetric_part),
    method("hermitian_part", 0, symmetric_part),
    method("push", 1, |call, x| push(call, x, call.single(0)?)),
    method("to_homogeneous", 0, to_homogeneous),
    method("insert_row", 2, |call, x| insert(call, x, Side::Row)),
    method("insert_column", 2, |call, x| insert(call, x, Side::Column)),
    method("remove_row", 1, |call, x| remove(call, x, Side::Row)),
    method("remove_column", 1, |call, x| remove(call, x, Side::Column)),
    method("fixed_resize", 1, fixed_resize),
    method("into_scalar", 0, only_entry),
    method("to_scalar", 0, only_entry),
    method("as_scalar", 0, only_entry),
    method("clone", 0, |_, x| matrix(x)),
    method("clone_owned", 0, |_, x| matrix(x)),
    method("into_owned", 0, |_, x| matrix(x)),
    method("to_owned", 0, |_, x| matrix(x)),
    method("into_inner", 0, |_, x| matrix(x)),
    method("as_view", 0, |_, x| matrix(x)),
    method("as_ref", 0, |_, x| matrix(x)),
    method("as_slice", 0, as_slice),
    method("into", 0, |_, x| matrix(x)),
    method("nrows", 0, |call, x| integer(call.graph().index_extent(x.shape().rows))),
    method("ncols", 0, |call, x| integer(call.graph().index_extent(x.shape().columns))),
    method("len", 0, len),
    method("shape", 0, |call, x| {
        let sizes = [x.shape().rows, x.shape().columns];
        Some(Value::Tuple(sizes.map(|size| Value::Integer(call.graph().index_extent(size))).to_vec()))
    }),
];

/// What is inserted or removed.
#[derive(Clone, Copy)]
enum Side {
    Row,
    Column,
}

/// What an array has: `len`, and `into` where a type is asked for.
pub(super) fn of_array<'g>(call: &Call<'_, 'g>, entries: &[Value<'g>]) -> Option<Value<'g>> {
    match (call.name().as_str(), call.count()) {
        ("len", 0) => integer(call.graph().index(entries.len() as i64)),
        ("clone" | "to_owned" | "to_vec" | "as_slice", 0) => Some(Value::Array(entries.to_vec())),
        ("into", 0) => constructors::from_array(call.reader, entries, call.expected, call.whole),
        _ => None,
    }
}

fn integer(x: Expr<'_>) -> Option<Value<'_>> {
    Some(Value::Integer(x))
}

fn symmetric_part<'g>(call: &Call<'_, 'g>, x: Expr<'g>) -> Option<Value<'g>> {
    let x = call.square(x)?;
    matrix((x + x.t()).times(Ratio::HALF))
}

fn only_entry<'g>(call: &Call<'_, 'g>, x: Expr<'g>) -> Option<Value<'g>> {
    if x.shape().agree(Shape::SCALAR).is_some() {
        return scalar(x.entry(0, 0));
    }
    let (name, subject) = (call.name(), call.subject_text());
    let help = match x.shape() {
        shape if shape.is_vector() => format!("for one entry write `{}[0]`", call.receiver_text()),
        _ => format!("for one entry write `{}[(0, 0)]`", call.receiver_text()),
    };
    call.error(format!("`{name}` needs a 1×1 matrix, but `{subject}` is {}", x.shape()))
        .help(help)
        .as_rustc_would();
    None
}

fn len<'g>(call: &Call<'_, 'g>, x: Expr<'g>) -> Option<Value<'g>> {
    if let Some(length) = call.reader.length_of(x.shape()) {
        return integer(length);
    }
    let (x, Shape { rows, columns }) = (call.receiver_text(), x.shape());
    call.error(format!("the number of entries of `{x}`, {rows}·{columns}, is not supported"))
        .help(format!("write `{x}.nrows() as f64 * {x}.ncols() as f64` for it as a float"));
    None
}

/// All entries column by column, as a column.
fn as_slice<'g>(call: &Call<'_, 'g>, x: Expr<'g>) -> Option<Value<'g>> {
    let Shape { rows, columns } = x.shape();
    match x.shape().size() {
        _ if columns == Dim::ONE => matrix(x),
        _ if rows == Dim::ONE => matrix(x.t()),
        Some(size) => matrix(reshape(x, Shape::new(size, 1))),
        None => {
            let (subject, shape) = (call.subject_text(), x.shape());
            call.error(format!("the number of entries of `{subject}` is not known here; it is {shape}"));
            None
        }
    }
}

fn push<'g>(call: &Call<'_, 'g>, x: Expr<'g>, last: Expr<'g>) -> Option<Value<'g>> {
    let x = call.column(x)?;
    let shape = Shape::column(call.writable(x.shape().rows.plus(1))?);
    let zero = call.graph().index(0);
    let end = call.graph().index_extent(x.shape().rows);
    matrix(x.scatter(zero, zero, shape) + last.scatter(end, zero, shape))
}

/// A vector gets a 0, a square matrix a 1 in the corner.
fn to_homogeneous<'g>(call: &Call<'_, 'g>, x: Expr<'g>) -> Option<Value<'g>> {
    if x.shape().columns == Dim::ONE {
        return push(call, x, call.graph().number(Ratio::ZERO));
    }
    let rows = call.square(x)?.shape().rows;
    let size = call.writable(rows.plus(1))?;
    let (zero, end) = (call.graph().index(0), call.graph().index_extent(rows));
    let shape = Shape::of(size, size);
    matrix(x.scatter(zero, zero, shape) + call.graph().number(Ratio::ONE).scatter(end, end, shape))
}

impl Side {
    fn name(self) -> &'static str {
        match self {
            Side::Row => "row",
            Side::Column => "column",
        }
    }

    fn extent(self, shape: Shape) -> Dim {
        match self {
            Side::Row => shape.rows,
            Side::Column => shape.columns,
        }
    }

    /// The shape with another extent on this side.
    fn resized(self, shape: Shape, extent: Dim) -> Shape {
        match self {
            Side::Row => Shape { rows: extent, ..shape },
            Side::Column => Shape { columns: extent, ..shape },
        }
    }

    /// X from `from` on, `count` rows or columns of it, moved to `to` in a matrix of zeros.
    fn moved<'g>(self, x: Expr<'g>, from: usize, to: usize, count: usize, shape: Shape) -> Expr<'g> {
        let place = |k: usize| match self {
            Side::Row => (x.graph.index(k as i64), x.graph.index(0)),
            Side::Column => (x.graph.index(0), x.graph.index(k as i64)),
        };
        let ((row, column), (to_row, to_column)) = (place(from), place(to));
        let part = x.slice(row, column, self.resized(x.shape(), Dim::Known(count)));
        part.scatter(to_row, to_column, shape)
    }
}

/// A row or column of one value before the k-th.
fn insert<'g>(call: &Call<'_, 'g>, x: Expr<'g>, side: Side) -> Option<Value<'g>> {
    let value = call.single(1)?;
    let (k, extent) = place(call, x, side, 0)?;
    let shape = side.resized(x.shape(), Dim::Known(extent + 1));
    let line = value.fill(side.resized(x.shape(), Dim::ONE));
    let mut sum = side.moved(line, 0, k, 1, shape);
    if k > 0 {
        sum = side.moved(x, 0, 0, k, shape) + sum;
    }
    if k < extent {
        sum = sum + side.moved(x, k, k + 1, extent - k, shape);
    }
    matrix(sum)
}

fn remove<'g>(call: &Call<'_, 'g>, x: Expr<'g>, side: Side) -> Option<Value<'g>> {
    let (k, extent) = place(call, x, side, 1)?;
    let shape = side.resized(x.shape(), Dim::Known(extent - 1));
    let before = (k > 0).then(|| side.moved(x, 0, 0, k, shape));
    let after = (k + 1 < extent).then(|| side.moved(x, k + 1, k, extent - k - 1, shape));
    match (before, after) {
        (Some(before), Some(after)) => matrix(before + after),
        (Some(part), None) | (None, Some(part)) => matrix(part),
        (None, None) => matrix(call.graph().zeros(shape)),
    }
}

/// The constant place of an insertion or removal, at least `reserve` before the end, and the extent.
fn place<'g>(call: &Call<'_, 'g>, x: Expr<'g>, side: Side, reserve: usize) -> Option<(usize, usize)> {
    let (name, unit, subject) = (call.name(), side.name(), call.subject_text());
    let constant = Value::Integer(call.index(0)?).constant().and_then(|k| usize::try_from(k).ok());
    let (Some(k), Some(extent)) = (constant, side.extent(x.shape()).known()) else {
        call.error(format!("`{name}` needs a place and a size that are numbers")).note(format!(
            "`{subject}` is {}, the place is `{}`",
            x.shape(),
            call.text(0)
        ));
        return None;
    };
    if k + reserve > extent {
        call.error(format!("{unit} {k} is out of range for `{subject}`, which has {extent} {unit}s"))
            .note("nalgebra compiles this and panics at run time");
        return None;
    }
    Some((k, extent))
}

/// The corner that both sizes share, and one value elsewhere.
fn fixed_resize<'g>(call: &Call<'_, 'g>, x: Expr<'g>) -> Option<Value<'g>> {
    let value = call.single(0)?;
    let wanted = Shape::of(call.size(0)?, call.size(1)?);
    let (Some((rows, columns)), Some((new_rows, new_columns))) = (x.shape().known(), wanted.known()) else {
        call.error(format!("`fixed_resize` from {} to {wanted} needs sizes that are numbers", x.shape()));
        return None;
    };
    let common = Shape::new(rows.min(new_rows), columns.min(new_columns));
    let zero = call.graph().index(0);
    let kept = x.block(0, 0, common).scatter(zero, zero, wanted);
    if common == wanted {
        return matrix(kept);
    }
    let elsewhere = call.graph().ones(wanted) - call.graph().ones(common).scatter(zero, zero, wanted);
    matrix(kept + value * elsewhere)
}
