//! Rows, columns and blocks. A block has a size that is known and a first entry that may depend on an index; what is
//! certain to lie outside is refused, because nalgebra would compile it and panic.

use super::{Call, Method, Value, matrix, method};
use crate::front::bounds::Use;
use crate::ir::{Dim, Expr, Leaf, Node, Shape};

pub(super) static METHODS: &[Method] = &[
    method("row", 1, |call, x| line(call, x, Axis::Rows)),
    method("column", 1, |call, x| line(call, x, Axis::Columns)),
    method("rows", 2, |call, x| lines(call, x, Axis::Rows, call.run_time_size(1)?)),
    method("columns", 2, |call, x| lines(call, x, Axis::Columns, call.run_time_size(1)?)),
    method("fixed_rows", 1, |call, x| lines(call, x, Axis::Rows, call.size(0)?)),
    method("fixed_columns", 1, |call, x| lines(call, x, Axis::Columns, call.size(0)?)),
    method("fixed_view", 2, fixed_view),
    method("fixed_slice", 2, fixed_view),
    method("view", 2, view),
    method("slice", 2, view),
];

const NOTE: &str = "nalgebra compiles this and panics at run time";

/// What runs along a view.
#[derive(Clone, Copy)]
enum Axis {
    Rows,
    Columns,
}

impl Axis {
    fn extent(self, shape: Shape) -> Dim {
        match self {
            Axis::Rows => shape.rows,
            Axis::Columns => shape.columns,
        }
    }

    /// "rows", "columns"
    fn units(self) -> &'static str {
        match self {
            Axis::Rows => "rows",
            Axis::Columns => "columns",
        }
    }
}

/// A range of rows or columns.
#[derive(Clone, Copy)]
struct Run<'g> {
    first: Expr<'g>,
    size: Dim,
    /// Number of rows or columns that there are.
    extent: Dim,
}

impl<'g> Run<'g> {
    /// First and one past the last, and the extent, if they are numbers and the range reaches too far.
    fn outside(&self) -> Option<(i64, i64, i64)> {
        let first = Value::Integer(self.first).constant()?;
        let (size, extent) = (self.size.known()? as i64, self.extent.known()? as i64);
        (first < 0 || first + size > extent).then_some((first, first + size, extent))
    }

    fn last_start(&self) -> Option<i64> {
        let start = self.extent.known()? as i64 - self.size.known()? as i64;
        (start >= 0).then_some(start)
    }
}

/// `xy()`, `zyx()`: entries of a column, by the letters of its coordinates.
pub(super) fn swizzle<'g>(call: &Call<'_, 'g>, x: Expr<'g>) -> Option<Value<'g>> {
    let name = call.name();
    let places: Vec<usize> = name.chars().map(|letter| "xyz".find(letter)).collect::<Option<_>>()?;
    if !(2..=3).contains(&places.len()) || call.count() > 0 {
        return None;
    }
    let needed = places.iter().max()? + 1;
    let fits = x.shape().columns == Dim::ONE && x.shape().rows.known().is_none_or(|rows| rows >= needed);
    if !fits {
        let subject = call.subject_text();
        call.error(format!(
            "`{name}` needs a vector of at least {needed} entries, but `{subject}` is {}",
            x.shape()
        ))
        .as_rustc_would();
        return Some(Value::Poison);
    }
    let (first, count) = (*places.first()?, places.len());
    let shape = Shape::new(count, 1);
    if places.iter().copied().eq(first..first + count) {
        return matrix(x.block(first, 0, shape));
    }
    let entries: Vec<_> = (0u32..).zip(&places).map(|(k, place)| ((k, 0), x.entry(*place, 0))).collect();
    matrix(call.graph().entries(&entries, shape))
}

fn line<'g>(call: &Call<'_, 'g>, x: Expr<'g>, axis: Axis) -> Option<Value<'g>> {
    let (index, extent) = (call.index(0)?, axis.extent(x.shape()));
    let run = Run { first: index, size: Dim::ONE, extent };
    if let Some((k, _, extent)) = run.outside() {
        let (name, subject) = (call.name(), call.receiver_text());
        let report = call
            .error(format!("{name} {k} is out of range for `{subject}`, which has {extent} {}", axis.units()))
            .note(NOTE);
        report.help(format!(
            "{} are counted from 0: the last one is `{subject}.{name}({})`",
            axis.units(),
            extent - 1
        ));
        return None;
    }
    call.reaches(index, call.text(0), extent, axis)?;
    cut(x, axis, run)
}

/// Several rows or columns from one place on.
fn lines<'g>(call: &Call<'_, 'g>, x: Expr<'g>, axis: Axis, size: Dim) -> Option<Value<'g>> {
    let run = Run { first: call.index(0)?, size, extent: axis.extent(x.shape()) };
    let Some((first, end, extent)) = run.outside() else {
        call.reaches_range(&run, call.text(0), axis)?;
        return cut(x, axis, run);
    };
    let (units, subject) = (axis.units(), call.receiver_text());
    let help = run.last_start().map(|start| {
        let call = call.rewritten(0, &start.to_string());
        format!("did you mean `{call}`?")
    });
    call.error(format!(
        "{units} {first}..{end} are out of range for `{subject}`, which has {extent} {units}"
    ))
    .note(NOTE)
    .maybe_help(help);
    None
}

fn cut<'g>(x: Expr<'g>, axis: Axis, run: Run<'g>) -> Option<Value<'g>> {
    let zero = x.graph.index(0);
    let shape = x.shape();
    match axis {
        Axis::Rows => matrix(x.slice(run.first, zero, Shape { rows: run.size, ..shape })),
        Axis::Columns => matrix(x.slice(zero, run.first, Shape { columns: run.size, ..shape })),
    }
}

fn fixed_view<'g>(call: &Call<'_, 'g>, x: Expr<'g>) -> Option<Value<'g>> {
    let rows = Run { first: call.index(0)?, size: call.size(0)?, extent: x.shape().rows };
    let columns = Run { first: call.index(1)?, size: call.size(1)?, extent: x.shape().columns };
    block(call, x, rows, columns, [call.text(0), call.text(1)])
}

/// `view((i, j), (r, c))`
fn view<'g>(call: &Call<'_, 'g>, x: Expr<'g>) -> Option<Value<'g>> {
    let (Some(Value::Tuple(start)), Some(Value::Tuple(size))) = (call.value(0), call.value(1)) else {
        call.error(format!("`{}` needs two tuples here: the first entry and the shape", call.name()))
            .help(format!("write `{}.fixed_view::<2, 2>(0, 0)`", call.receiver_text()));
        return None;
    };
    let ([i, j], [rows, columns]) = (&start[..], &size[..]) else {
        call.error(format!("`{}` takes two pairs", call.name())).as_rustc_would();
        return None;
    };
    let index = |value| call.reader.integer_of(value, call.whole);
    let rows = Run { first: index(i)?, size: call.run_time_size_of(rows)?, extent: x.shape().rows };
    let columns = Run { first: index(j)?, size: call.run_time_size_of(columns)?, extent: x.shape().columns };
    block(call, x, rows, columns, [call.text(0), call.text(0)])
}

fn block<'g>(
    call: &Call<'_, 'g>,
    x: Expr<'g>,
    rows: Run<'g>,
    columns: Run<'g>,
    texts: [String; 2],
) -> Option<Value<'g>> {
    if rows.outside().is_some() || columns.outside().is_some() {
        report_block(call, x, rows, columns);
        return None;
    }
    let [row_text, column_text] = texts;
    call.reaches_range(&rows, row_text, Axis::Rows)?;
    call.reaches_range(&columns, column_text, Axis::Columns)?;
    matrix(x.slice(rows.first, columns.first, Shape::of(rows.size, columns.size)))
}

fn report_block<'g>(call: &Call<'_, 'g>, x: Expr<'g>, rows: Run<'g>, columns: Run<'g>) {
    let range = |run: &Run<'g>| match (Value::Integer(run.first).constant(), run.size.known()) {
        (Some(first), Some(size)) => format!("{first}..{}", first + size as i64),
        _ => format!("of {}", run.size),
    };
    let shape = Shape::of(rows.size, columns.size);
    let help = match (rows.last_start(), columns.last_start()) {
        (Some(i), Some(j)) => format!("the last {shape} view starts at ({i}, {j})"),
        _ => format!("a view of {} is at most {}", x.shape(), x.shape()),
    };
    let (subject, rows, columns) = (call.receiver_text(), range(&rows), range(&columns));
    call.error(format!(
        "view of rows {rows} and columns {columns} is out of range for `{subject}`, which is {}",
        x.shape()
    ))
    .note(NOTE)
    .help(help);
}

impl<'g> Call<'_, 'g> {
    /// The k-th argument as the size of a view.
    fn run_time_size(&self, k: usize) -> Option<Dim> {
        self.run_time_size_of(self.value(k)?)
    }

    /// A number, or the size of a matrix; anything else is known at run time only.
    fn run_time_size_of(&self, value: &Value<'g>) -> Option<Dim> {
        let size = self.reader.integer_of(value, self.whole)?;
        if let Some(number) = value.constant().and_then(|number| usize::try_from(number).ok()) {
            return Some(Dim::Known(number));
        }
        let node = size.node();
        if let Node::Leaf(Leaf::Extent(dim)) = &*node {
            return Some(*dim);
        }
        let (n, first) = (self.text(1), self.text(0));
        let note = match &*node {
            Node::Leaf(Leaf::Input(_)) => format!("`{n}` is a parameter"),
            _ => format!("`{n}` is not a constant"),
        };
        let fixed = match self.name().as_str() {
            "rows" => format!("`fixed_rows::<K>({first})`"),
            "columns" => format!("`fixed_columns::<K>({first})`"),
            _ => "`fixed_view::<R, C>(i, j)`".to_owned(),
        };
        self.error("the size of this view is known only at run time")
            .note(note)
            .help(format!("use {fixed} with a constant K, or sum in a loop `for i in 0..{n}`"));
        None
    }

    /// Checks an index that runs.
    fn reaches(&self, index: Expr<'g>, text: String, extent: Dim, axis: Axis) -> Option<()> {
        let base = self.receiver_text();
        let used = Use { at: self.whole, index: text, base, unit: axis.units() };
        self.reader.check_index(index, extent, &used).then_some(())
    }

    /// Checks the last index of a range that runs.
    fn reaches_range(&self, run: &Run<'g>, text: String, axis: Axis) -> Option<()> {
        let Some(size) = run.size.known().filter(|size| *size > 0) else { return Some(()) };
        let Some(last) = self.reader.integer_shifted(run.first, size as i64 - 1) else { return Some(()) };
        self.reaches(last, format!("{text} + {}", size - 1), run.extent, axis)
    }
}
