//! Matrices from arrays: `Vector3::from([a, b, c])`, `[a, b, c].into()`. An array of arrays is a list of columns.

use quote::ToTokens;

use super::entries::column_by_column;
use super::{Constructor, Target, constructor, matrix};
use crate::front::reader::Reader;
use crate::front::types::{Type, describe};
use crate::front::value::Value;
use crate::ir::{Expr, Shape};

pub(super) static CONSTRUCTORS: &[Constructor] = &[constructor("from", 1, from)];

fn from<'g>(of: &Target<'_, 'g>) -> Option<Value<'g>> {
    match of.call.arguments.first()? {
        Value::Matrix(x) => {
            of.with(x.shape())?;
            matrix(*x)
        }
        Value::Array(values) => {
            let array = Entries::of(of.call.reader, values, of.argument(0)?)?;
            let shape = of.with(array.shape(of.shape.is_row()))?;
            array.matrix(of.call.reader, shape)
        }
        other => {
            of.error(format!("`{}` of {} is not supported", of.written(), other.describe()))
                .help(format!("write `{}([a, b, c])`", of.written()));
            None
        }
    }
}

/// `[a, b, c].into()`, if a matrix or an array is asked for.
pub(in crate::front) fn from_array<'g>(
    reader: &Reader<'g>,
    values: &[Value<'g>],
    expected: Option<&Type>,
    at: &dyn ToTokens,
) -> Option<Value<'g>> {
    let shape = match expected {
        Some(Type::Matrix { shape, .. }) => *shape,
        Some(Type::Array(..)) => return Some(Value::Array(values.to_vec())),
        _ => return report_untyped(reader, values, at),
    };
    let value = Entries::of(reader, values, at).and_then(|array| {
        let found = array.shape(shape.is_row());
        match shape.agree(found) {
            Some(shape) => array.matrix(reader, shape),
            None => {
                reader
                    .error(at, format!("a {found} matrix is made, but {shape} is asked for"))
                    .as_rustc_would();
                None
            }
        }
    });
    Some(value.unwrap_or(Value::Poison))
}

fn report_untyped<'g>(reader: &Reader<'g>, values: &[Value<'g>], at: &dyn ToTokens) -> Option<Value<'g>> {
    let names = reader.active_names_of(&Value::Array(values.to_vec()))?;
    let ty = describe(Shape::new(values.len(), 1), reader.signature.scalar);
    reader
        .error(at, format!("the result of `into()` depends on {names} and its type is not known here"))
        .note("an attribute cannot see which `From` is chosen")
        .help(format!("write `let p: {ty} = ..` or `SVector::from([..])`"));
    Some(Value::Poison)
}

/// The entries of an array, column by column.
struct Entries<'g> {
    list: Vec<Expr<'g>>,
    /// Number of inner arrays, if it is an array of arrays.
    columns: Option<usize>,
}

impl<'g> Entries<'g> {
    fn of(reader: &Reader<'g>, values: &[Value<'g>], at: &dyn ToTokens) -> Option<Self> {
        let nested = values.iter().all(|value| matches!(value, Value::Array(_))) && !values.is_empty();
        let flat = values.iter().flat_map(|value| match value {
            Value::Array(inner) => inner.clone(),
            other => vec![other.clone()],
        });
        let list: Option<Vec<_>> = flat.map(|value| reader.scalar_of(&value, at)).collect();
        let list = list?;
        if list.iter().any(|x| !x.is_scalar()) {
            reader.refuse_lifted(at);
            return None;
        }
        Some(Entries { list, columns: nested.then_some(values.len()) })
    }

    /// The shape they make: a vector unless the array is nested.
    fn shape(&self, is_row: bool) -> Shape {
        match self.columns {
            Some(columns) => Shape::new(self.list.len() / columns.max(1), columns),
            None if is_row => Shape::new(1, self.list.len()),
            None => Shape::new(self.list.len(), 1),
        }
    }

    fn matrix(&self, reader: &Reader<'g>, shape: Shape) -> Option<Value<'g>> {
        matrix(column_by_column(reader.graph, &self.list, shape.known()?))
    }
}
