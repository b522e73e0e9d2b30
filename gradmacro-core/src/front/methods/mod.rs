//! The methods that are understood: one row per name.
//!
//! A row says what a method is called on, how many arguments it takes and which nodes it stands for. By the time its
//! function runs, the receiver is a node and the number of arguments is right; the function answers `None` if it has
//! reported a mistake. Rows build plain nodes: no evaluation order is chosen and nothing is simplified here.
//!
//! Example: `x.trace()` on a matrix finds `method("trace", 0, trace)` in `reductions`; the same row reads
//! `Matrix3::trace(&x)`. Functions of scalars have rows only where `ops::named` does not know them.

mod call;
mod closures;
mod elementwise;
mod factors;
mod integers;
mod norms;
mod products;
mod reductions;
mod refused;
mod scalars;
mod shapes;
mod structure;
mod systems;
mod unordered;
mod views;

use super::call::{MethodCall, PathCall};
use super::geometry;
use super::value::{Unknown, Value};
use crate::ir::Expr;
use crate::ops;
use call::Call;
pub use factors::{Factors, made_by as decomposition_made_by, part as part_of_factors};
pub use unordered::Unordered;

/// What a row stands for, given the node of its receiver; `None` if a mistake was reported.
type Read = for<'g> fn(&Call<'_, 'g>, Expr<'g>) -> Option<Value<'g>>;

/// A method.
struct Method {
    name: &'static str,
    /// Number of arguments besides the receiver.
    arguments: usize,
    read: Read,
}

const fn method(name: &'static str, arguments: usize, read: Read) -> Method {
    Method { name, arguments, read }
}

/// Rows for matrices.
static OF_MATRICES: &[&[Method]] = &[
    products::METHODS,
    elementwise::METHODS,
    closures::METHODS,
    reductions::METHODS,
    norms::METHODS,
    structure::METHODS,
    views::METHODS,
    systems::METHODS,
    systems::REFUSED,
    refused::OF_MATRICES,
];

/// Rows for scalars, which come before the table of operations.
static OF_SCALARS: &[&[Method]] = &[scalars::METHODS, refused::OF_SCALARS];

/// Rows for integers.
static OF_INTEGERS: &[&[Method]] = &[integers::METHODS];

/// What a method call stands for; `None` if the method is not known for this receiver.
pub fn read<'g>(call: &MethodCall<'_, 'g>) -> Option<Value<'g>> {
    if let Value::Geometry(geometry) = &call.receiver {
        return geometry::method(call, *geometry);
    }
    Call::of_method(call).read(&call.receiver)
}

/// What a method called by its path stands for: `f64::exp(x)`, `ComplexField::powi(x, 2)`, `Vector3::dot(&x, &y)`.
pub(super) fn read_path<'g>(call: &PathCall<'_, 'g>) -> Option<Value<'g>> {
    Call::of_path(call)?.read(call.arguments.first()?)
}

/// Every name that is known for some receiver, for "did you mean".
pub fn known_names() -> Vec<&'static str> {
    let tables = [OF_MATRICES, OF_SCALARS, OF_INTEGERS].into_iter().flatten().copied();
    let rows = tables.flatten().map(|row| row.name);
    let mut names: Vec<_> =
        rows.chain(factors::names()).chain(scalars::names()).chain(geometry::method_names()).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Is there a method of matrices of that name?
fn is_method_of_matrices(name: &str) -> bool {
    !rows_named(OF_MATRICES, name).is_empty()
}

/// Is it a method of decompositions?
pub(super) fn is_method_of_factors(name: &str) -> bool {
    factors::is_method(name)
}

/// Is there a function of scalars of that name, with so many arguments, the first of them the scalar?
pub(super) fn is_function_of_scalars(name: &str, arguments: usize) -> bool {
    arguments.checked_sub(1).is_some_and(|others| scalars::is_function(name, others))
}

/// What is understood, by section and each name once, for the documentation.
pub fn sections() -> Vec<(&'static str, Vec<&'static str>)> {
    let of = |rows: &[Method]| rows.iter().map(|row| row.name).collect::<Vec<_>>();
    let sections = vec![
        ("products", of(products::METHODS)),
        ("entry by entry", [of(closures::METHODS), of(elementwise::METHODS)].concat()),
        ("sums and extrema", of(reductions::METHODS)),
        ("norms", of(norms::METHODS)),
        ("structure", of(structure::METHODS)),
        ("parts", of(views::METHODS)),
        ("systems", [of(systems::METHODS), factors::names()].concat()),
        ("constructors", super::constructors::names()),
        ("rotations and points", [geometry::constructor_names(), geometry::method_names()].concat()),
        ("iterators", super::iterators::names()),
        ("numbers", [of(scalars::METHODS), scalars::names().collect()].concat()),
    ];
    let mut seen = Vec::new();
    let mut once = |mut names: Vec<&'static str>| {
        seen.clear();
        names.retain(|name| {
            !seen.contains(name) && {
                seen.push(*name);
                true
            }
        });
        names
    };
    sections.into_iter().map(|(section, names)| (section, once(names))).collect()
}

fn find(tables: &[&'static [Method]], name: &str, arguments: usize) -> Option<&'static Method> {
    let mut rows = tables.iter().flat_map(|rows| rows.iter());
    rows.find(|row| row.name == name && row.arguments == arguments)
}

fn rows_named(tables: &[&'static [Method]], name: &str) -> Vec<&'static Method> {
    tables.iter().flat_map(|rows| rows.iter()).filter(|row| row.name == name).collect()
}

impl<'g> Call<'_, 'g> {
    fn read(&self, receiver: &Value<'g>) -> Option<Value<'g>> {
        match receiver {
            Value::Matrix(x) => self.on_matrix(*x),
            Value::Scalar(x) => self.on_scalar(*x),
            Value::Integer(x) => self.on_integer(*x),
            Value::Array(entries) => structure::of_array(self, entries),
            Value::Factors(factors) => Some(factors::read(self, *factors).unwrap_or(Value::Poison)),
            Value::Unordered(values) => unordered::read(self, *values),
            Value::Unknown(unknown) => self.on_unknown(unknown, receiver),
            _ => None,
        }
    }

    fn on_matrix(&self, x: Expr<'g>) -> Option<Value<'g>> {
        let (name, count) = (self.name(), self.count());
        if let Some(row) = find(OF_MATRICES, &name, count) {
            return Some((row.read)(self, x).unwrap_or(Value::Poison));
        }
        if let Some(swizzled) = views::swizzle(self, x) {
            return Some(swizzled);
        }
        if scalars::is_function(&name, count) {
            return Some(elementwise::report_function_of_scalars(self, x));
        }
        self.report_count(&rows_named(OF_MATRICES, &name))
    }

    fn on_scalar(&self, x: Expr<'g>) -> Option<Value<'g>> {
        let (name, count) = (self.name(), self.count());
        if let Some(row) = find(OF_SCALARS, &name, count) {
            return Some((row.read)(self, x).unwrap_or(Value::Poison));
        }
        if let Some(op) = scalars::operation(&name, count) {
            return Some(scalars::apply(self, op, x).unwrap_or(Value::Poison));
        }
        let counts = rows_named(OF_SCALARS, &name);
        match find(OF_MATRICES, &name, count) {
            Some(_) => Some(scalars::report_method_of_matrices(self)),
            None => self.report_count(&counts).or_else(|| scalars::report_count(self)),
        }
    }

    fn on_integer(&self, x: Expr<'g>) -> Option<Value<'g>> {
        let row = find(OF_INTEGERS, &self.name(), self.count())?;
        Some((row.read)(self, x).unwrap_or(Value::Poison))
    }

    /// A receiver of unknown type is what its arguments make of it: `self.target.dot(&x)`, `self.limit.min(x)`.
    fn on_unknown(&self, unknown: &Unknown, receiver: &Value<'g>) -> Option<Value<'g>> {
        let (name, count) = (self.name(), self.count());
        let shape = (0..count).find_map(|k| self.value(k)?.shape());
        let of_matrices = find(OF_MATRICES, &name, count).is_some();
        match (of_matrices, scalars::is_function(&name, count), shape) {
            (true, _, Some(shape)) => {
                let same = shapes::takes_same_shape(&name).then_some(shape);
                let x = self.reader.matrix_of(receiver, self.subject, same);
                Some(x.and_then(|x| self.on_matrix(x)).unwrap_or(Value::Poison))
            }
            (false, true, None) => {
                let x = self.reader.scalar_of(receiver, self.subject);
                Some(x.and_then(|x| self.on_scalar(x)).unwrap_or(Value::Poison))
            }
            (true, _, None) => {
                self.reader.ask_for_type(unknown, format!("`{name}` does not tell what it is called on"));
                Some(Value::Poison)
            }
            _ => None,
        }
    }

    /// Reports a wrong number of arguments, if the name has rows.
    fn report_count(&self, rows: &[&Method]) -> Option<Value<'g>> {
        let row = rows.first()?;
        self.report_arguments(row.arguments);
        Some(Value::Poison)
    }
}

/// A float as the result of a row.
fn scalar(x: Expr<'_>) -> Option<Value<'_>> {
    Some(Value::Scalar(x))
}

/// A matrix as the result of a row.
fn matrix(x: Expr<'_>) -> Option<Value<'_>> {
    Some(Value::Matrix(x))
}
