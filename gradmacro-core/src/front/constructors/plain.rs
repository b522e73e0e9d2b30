//! Constant matrices, matrices of one value, unit vectors; and floats from numbers.

use super::entries::row_by_row;
use super::{Constructor, Target, constructor, matrix};
use crate::front::call::PathCall;
use crate::front::methods;
use crate::front::value::Value;
use crate::ir::{Dim, Expr, Ratio, Shape};

pub(super) static CONSTRUCTORS: &[Constructor] = &[
    constructor("zeros", 0, |of| matrix(of.graph().zeros(of.whole()?))),
    constructor("zero", 0, |of| matrix(of.graph().zeros(of.whole()?))),
    constructor("identity", 0, |of| diagonal(of, of.graph().number(Ratio::ONE))),
    constructor("from_diagonal_element", 1, |of| diagonal(of, of.single(0)?)),
    constructor("from_element", 1, |of| matrix(of.single(0)?.fill(of.whole()?))),
    constructor("repeat", 1, |of| matrix(of.single(0)?.fill(of.whole()?))),
    constructor("from_fn", 1, from_fn),
    Constructor { name: "new", arguments: None, read: new },
    constructor("x", 0, |of| unit(of, 0)),
    constructor("y", 0, |of| unit(of, 1)),
    constructor("z", 0, |of| unit(of, 2)),
    constructor("w", 0, |of| unit(of, 3)),
    constructor("a", 0, |of| unit(of, 4)),
    constructor("b", 0, |of| unit(of, 5)),
    constructor("x_axis", 0, |of| unit(of, 0)),
    constructor("y_axis", 0, |of| unit(of, 1)),
    constructor("z_axis", 0, |of| unit(of, 2)),
    constructor("w_axis", 0, |of| unit(of, 3)),
    constructor("ith", 2, |of| at(of, of.single(1)?)),
    constructor("ith_axis", 1, |of| at(of, of.graph().number(Ratio::ONE))),
];

/// `f64::from(n)`, `f64::exp(x)`, `ComplexField::powi(x, 2)`.
pub(super) fn of_float<'g>(call: &PathCall<'_, 'g>) -> Option<Value<'g>> {
    let front = call.path.segments.iter().rev().nth(1)?.ident.to_string();
    let float =
        matches!(front.as_str(), "f64" | "f32" | "ComplexField" | "RealField" | "SimdComplexField" | "Float");
    if !float && front != call.reader.signature.scalar.name() {
        return None;
    }
    match (call.name().as_str(), &call.arguments[..]) {
        ("from", [Value::Integer(n)]) => Some(Value::Scalar(call.reader.as_real(*n))),
        ("from", [Value::Scalar(x)]) => Some(Value::Scalar(*x)),
        _ => methods::read_path(call),
    }
}

/// One value on the diagonal, also of a rectangle.
fn diagonal<'g>(of: &Target<'_, 'g>, value: Expr<'g>) -> Option<Value<'g>> {
    let shape = of.whole()?;
    if let (Some((rows, columns)), true) = (shape.known(), shape.rows != shape.columns) {
        let places: Vec<_> = (0..rows.min(columns) as u32).map(|k| ((k, k), value)).collect();
        return matrix(of.graph().entries(&places, shape));
    }
    let identity = of.graph().identity(of.side()?);
    matrix(if value.number() == Some(Ratio::ONE) { identity } else { value * identity })
}

/// Entries row by row.
fn new<'g>(of: &Target<'_, 'g>) -> Option<Value<'g>> {
    let ((rows, columns), given) = (of.known()?, of.call.arguments.len());
    if given != rows * columns {
        report_count(of, rows, columns, given);
        return None;
    }
    let entries: Option<Vec<_>> = (0..given).map(|k| of.single(k)).collect();
    matrix(row_by_row(of.graph(), &entries?, (rows, columns)))
}

fn report_count(of: &Target<'_, '_>, rows: usize, columns: usize, given: usize) {
    let wanted = rows * columns;
    let order = if rows.min(columns) > 1 { ", row by row" } else { "" };
    let note = match (rows, columns) {
        (rows, 1) => format!("a vector of {rows} entries is {rows}×1"),
        (1, columns) => format!("a row vector of {columns} entries is 1×{columns}"),
        _ => format!("a {rows}×{columns} matrix has {rows} rows of {columns} entries"),
    };
    let help = match (wanted.saturating_sub(given), given.saturating_sub(wanted)) {
        (1, _) => "add the missing entry".to_owned(),
        (_, 1) => "remove one entry".to_owned(),
        (0, surplus) => format!("remove {surplus} entries"),
        (missing, _) => format!("add the {missing} missing entries"),
    };
    let were = if given == 1 { "was" } else { "were" };
    of.error(format!("`{}` takes {wanted} entries{order}; {given} {were} given", of.written()))
        .note(note)
        .help(help)
        .as_rustc_would();
}

fn from_fn<'g>(of: &Target<'_, 'g>) -> Option<Value<'g>> {
    let shape = of.whole()?;
    let (reader, graph, at) = (of.call.reader, of.graph(), of.call.expr);
    let function = of.call.arguments.first()?;
    matrix(reader.each_entry(shape, at, |row, column| {
        let place = [row, column].map(|k| Value::Integer(graph.index(k as i64)));
        reader.scalar_of(&reader.call(function, place.to_vec(), at), at)
    })?)
}

/// The unit vector along the k-th axis.
fn unit<'g>(of: &Target<'_, 'g>, k: usize) -> Option<Value<'g>> {
    let shape = of.whole()?;
    let rows = shape.rows.known().unwrap_or(usize::MAX);
    if shape.columns.agree(Dim::ONE).is_none() || k >= rows {
        of.error(format!("`{}` needs a vector of at least {} entries; this is {shape}", of.written(), k + 1))
            .as_rustc_would();
        return None;
    }
    matrix(of.graph().entries(&[((k as u32, 0), of.graph().number(Ratio::ONE))], shape))
}

/// A vector with one value at a place, zeros elsewhere.
fn at<'g>(of: &Target<'_, 'g>, value: Expr<'g>) -> Option<Value<'g>> {
    let shape = of.with(Shape::column(of.shape.rows)).and_then(|_| of.whole())?;
    let index = of.call.reader.integer_of(of.call.arguments.first()?, of.argument(0)?)?;
    let number = Value::Integer(index).constant();
    if let (Some(k), Some(rows)) = (number, shape.rows.known())
        && !(0..rows as i64).contains(&k)
    {
        of.error(format!("entry {k} is out of range for a vector of {rows} entries"))
            .note("nalgebra compiles this and panics at run time");
        return None;
    }
    matrix(value.scatter(index, of.graph().index(0), shape))
}
