//! Matrices from rows, columns, slices and diagonals.

use super::entries::{column_by_column, row_by_row};
use super::{Constructor, Target, constructor, matrix};
use crate::front::text;
use crate::front::value::Value;
use crate::ir::{Dim, Expr, Shape};

pub(super) static CONSTRUCTORS: &[Constructor] = &[
    constructor("from_diagonal", 1, from_diagonal),
    constructor("from_rows", 1, |of| joined(of, Along::Rows)),
    constructor("from_columns", 1, |of| joined(of, Along::Columns)),
    constructor("from_row_slice", 1, |of| from_slice(of, row_by_row)),
    constructor("from_column_slice", 1, |of| from_slice(of, column_by_column)),
    constructor("from_row_iterator", 1, |of| from_iterator(of, row_by_row)),
    constructor("from_iterator", 1, |of| from_iterator(of, column_by_column)),
];

/// What is joined.
#[derive(Clone, Copy)]
enum Along {
    Rows,
    Columns,
}

impl Along {
    fn name(self) -> &'static str {
        match self {
            Along::Rows => "row",
            Along::Columns => "column",
        }
    }

    /// The shape of one of them in a matrix of this shape.
    fn part(self, whole: Shape) -> Shape {
        match self {
            Along::Rows => Shape { rows: Dim::ONE, ..whole },
            Along::Columns => Shape { columns: Dim::ONE, ..whole },
        }
    }

    /// The shape of so many of them.
    fn whole(self, part: Shape, count: usize) -> Shape {
        match self {
            Along::Rows => Shape { rows: Dim::Known(count), ..part },
            Along::Columns => Shape { columns: Dim::Known(count), ..part },
        }
    }

    fn place(self, k: usize) -> (i64, i64) {
        match self {
            Along::Rows => (k as i64, 0),
            Along::Columns => (0, k as i64),
        }
    }
}

fn from_diagonal<'g>(of: &Target<'_, 'g>) -> Option<Value<'g>> {
    let (value, written) = (of.call.arguments.first()?, of.argument(0)?);
    let size = of.side()?;
    let v = of.call.reader.matrix_of(value, written, Some(Shape::column(size)))?;
    if v.shape().columns.agree(Dim::ONE).is_none() {
        let text = of.call.reader.text(written);
        of.error(format!("`{}` needs a column vector, but `{text}` is {}", of.written(), v.shape()))
            .as_rustc_would();
        return None;
    }
    of.with(Shape::of(v.shape().rows, v.shape().rows))?;
    matrix(v.diagonal_matrix())
}

/// Rows or columns side by side: each is moved to its place, and all are added.
fn joined<'g>(of: &Target<'_, 'g>, along: Along) -> Option<Value<'g>> {
    let Some(Value::Array(values)) = of.call.arguments.first() else {
        of.error(format!("`{}` needs an array written in the call", of.written()))
            .help(format!("write `{}(&[a, b])`", of.written()));
        return None;
    };
    let written = of.argument(0)?;
    let part = along.part(of.shape);
    let parts: Option<Vec<Expr<'g>>> =
        values.iter().map(|value| of.call.reader.matrix_of(value, written, Some(part))).collect();
    let parts = parts?;
    let shape = shape_of_parts(of, &parts, along)?;
    let moved = (0..).zip(parts).map(|(k, part)| {
        let (row, column) = along.place(k);
        part.scatter(of.graph().index(row), of.graph().index(column), shape)
    });
    matrix(moved.reduce(|sum, part| sum + part).unwrap_or_else(|| of.graph().zeros(shape)))
}

fn shape_of_parts<'g>(of: &Target<'_, 'g>, parts: &[Expr<'g>], along: Along) -> Option<Shape> {
    let first = parts.first().map_or(along.part(of.shape), |part| part.shape());
    let fits = |shape: Shape| shape.agree(along.part(shape)).is_some() && shape.agree(first).is_some();
    if let Some((k, part)) = (0..).zip(parts).find(|(_, part)| !fits(part.shape())) {
        let (name, shape) = (along.name(), part.shape());
        let k: usize = k;
        of.error(format!("{name} {k} of `{}` is {shape}, but {name} 0 is {first}", of.written()))
            .note(format!("all must be {name}s of one size"))
            .as_rustc_would();
        return None;
    }
    let shape = along.whole(first, parts.len());
    if of.shape.agree(shape).is_none() {
        of.error(format!(
            "`{}` makes {}, but {} {}s of shape {first} are given",
            of.written(),
            of.shape,
            parts.len(),
            along.name()
        ))
        .note("nalgebra compiles a wrong number of them and panics at run time");
        return None;
    }
    of.with(shape)
}

/// A way to lay out entries.
type Layout = for<'g> fn(&'g crate::ir::Graph, &[Expr<'g>], (usize, usize)) -> Expr<'g>;

fn from_slice<'g>(of: &Target<'_, 'g>, layout: Layout) -> Option<Value<'g>> {
    let (rows, columns) = of.known()?;
    let values = match of.call.arguments.first() {
        Some(Value::Array(values)) => values.clone(),
        Some(Value::Matrix(x)) if of.argument(0).is_some_and(is_slice) => {
            let count = x.shape().rows.known().unwrap_or(0);
            (0..count).map(|k| Value::Scalar(x.entry(k, 0))).collect()
        }
        _ => {
            of.error(format!("`{}` needs an array written in the call", of.written()))
                .help(format!("write `{}(&[a, b, c])`", of.written()));
            return None;
        }
    };
    if values.len() != rows * columns {
        let (written, given, wanted) = (of.written(), values.len(), rows * columns);
        of.error(format!(
            "`{written}` of a {rows}×{columns} matrix takes {wanted} entries; {given} are given"
        ))
        .note("nalgebra compiles this and panics at run time");
        return None;
    }
    let at = of.argument(0)?;
    let entries: Option<Vec<_>> = values.iter().map(|value| of.float(value, at)).collect();
    matrix(layout(of.graph(), &entries?, (rows, columns)))
}

/// Is it `v.as_slice()`, which is read as a column?
fn is_slice(argument: &syn::Expr) -> bool {
    matches!(text::peel(argument), syn::Expr::MethodCall(call) if call.method == "as_slice")
}

/// The first elements of an iterator; as in nalgebra, it may have more.
fn from_iterator<'g>(of: &Target<'_, 'g>, layout: Layout) -> Option<Value<'g>> {
    let ((rows, columns), at) = (of.known()?, of.argument(0)?);
    let values = match of.call.arguments.first() {
        Some(Value::Sequence(sequence)) if sequence.unordered.is_some() => {
            let what = sequence.unordered.unwrap_or_default();
            of.call.reader.refuse_order_of(what, "an entry", &Value::Sequence(sequence.clone()), at);
            return None;
        }
        Some(Value::Sequence(sequence)) => of.call.reader.listed(sequence, at)?.elements().to_vec(),
        Some(Value::Array(values)) => values.clone(),
        _ => {
            of.error(format!("`{}` needs an iterator over floats", of.written()))
                .help(format!("write `{}(x.iter().copied())`", of.written()));
            return None;
        }
    };
    let wanted = rows * columns;
    if values.len() < wanted {
        let (written, given) = (of.written(), values.len());
        of.error(format!(
            "`{written}` of a {rows}×{columns} matrix takes {wanted} entries; {given} are given"
        ))
        .note("nalgebra compiles this and panics at run time");
        return None;
    }
    let entries: Option<Vec<_>> = values.iter().take(wanted).map(|value| of.float(value, at)).collect();
    matrix(layout(of.graph(), &entries?, (rows, columns)))
}
