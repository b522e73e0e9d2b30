//! Functions of matrix types that are understood: one row per name.
//!
//! The type before the `::` and the type that the context asks for give a `Target`; a row fills in what they leave
//! open from its arguments. A row answers `None` if it has reported a mistake.
//!
//! Example: in `let d: Matrix3<f64> = SMatrix::from_diagonal(&v);` the path says "a matrix", the `let` says 3×3, and
//! `v` must have 3 entries.

mod array;
pub(super) mod entries;
mod generic;
mod lists;
mod plain;
mod target;

pub(super) use array::from_array;
pub use entries::from_row_major;
pub(super) use generic::{is_number, is_optional_number};
use target::Target;

use super::call::PathCall;
use super::geometry;
use super::methods;
use super::value::Value;
use crate::ir::{Expr, Shape};

/// What a row stands for; `None` if a mistake was reported.
type Read = for<'g> fn(&Target<'_, 'g>) -> Option<Value<'g>>;

/// A function of a matrix type.
struct Constructor {
    name: &'static str,
    /// Number of arguments; `None` if the shape decides it.
    arguments: Option<usize>,
    read: Read,
}

const fn constructor(name: &'static str, arguments: usize, read: Read) -> Constructor {
    Constructor { name, arguments: Some(arguments), read }
}

static CONSTRUCTORS: &[&[Constructor]] = &[plain::CONSTRUCTORS, lists::CONSTRUCTORS, array::CONSTRUCTORS];

/// The names that are understood, for the documentation.
pub(super) fn names() -> Vec<&'static str> {
    CONSTRUCTORS.iter().flat_map(|rows| rows.iter()).map(|row| row.name).collect()
}

/// What the call of a path stands for: a constructor, or a function of floats or matrices called by its path; `None`
/// if it is not known.
pub fn read<'g>(call: &PathCall<'_, 'g>) -> Option<Value<'g>> {
    if let Some(value) = geometry::constructed(call) {
        return Some(value);
    }
    let name = call.name();
    let row = CONSTRUCTORS.iter().flat_map(|rows| rows.iter()).find(|row| row.name == name);
    match (row, Target::of(call)) {
        (Some(row), Some(target)) => Some(target.read(row)),
        (None, Some(_)) => methods::read_path(call),
        (_, None) => generic::number(call).or_else(|| plain::of_float(call)),
    }
}

/// The shape of what a constructor makes, whatever its arguments are; `None` if it does not say.
pub(super) fn stated_shape(call: &PathCall<'_, '_>) -> Option<Shape> {
    let name = call.name();
    let known = CONSTRUCTORS.iter().flat_map(|rows| rows.iter()).any(|row| row.name == name);
    let target = Target::of(call).filter(|target| known && target.is_whole() && target.is_of_floats())?;
    Some(target.shape)
}

impl<'g> Target<'_, 'g> {
    fn read(&self, row: &Constructor) -> Value<'g> {
        let given = self.call.arguments.len();
        if let Some(wanted) = row.arguments.filter(|wanted| *wanted != given) {
            let arguments = if wanted == 1 { "argument" } else { "arguments" };
            let were = if given == 1 { "was" } else { "were" };
            self.error(format!("`{}` takes {wanted} {arguments}; {given} {were} given", self.written()))
                .as_rustc_would();
            return Value::Poison;
        }
        (row.read)(self).unwrap_or(Value::Poison)
    }
}

/// A matrix as the result of a row.
fn matrix(x: Expr<'_>) -> Option<Value<'_>> {
    Some(Value::Matrix(x))
}
