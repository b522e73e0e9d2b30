//! What is assigned to: a variable and a way into its value.
//!
//! The way leads through parts of tuples and arrays to blocks of matrices. A write to a part gives the whole variable
//! a new value, in which the block is overwritten.
//!
//! Example: `pair.0[(i, 1)] += 2.0` gives `pair` a new value, whose part 0 has the entry (i, 1) overwritten by that
//! entry plus 2.

use quote::ToTokens;
use syn::{Expr as Source, Member};

use super::call::MethodCall;
use super::kept::Source as Reading;
use super::methods;
use super::place::component;
use super::reader::Reader;
use super::scope::Binding;
use super::text;
use super::types::Passed;
use super::value::Value;
use crate::ir::{Expr, Shape};
use crate::ops::structure::{SLICE, reshape};
use crate::ops::writing::update;

/// Something that can be assigned to.
pub(super) struct Target<'g> {
    pub(super) binding: Binding<'g>,
    pub(super) steps: Vec<Step<'g>>,
}

/// A step into a value.
#[derive(Clone, Copy)]
pub(super) enum Step<'g> {
    /// A part of a tuple or an array.
    Part(usize),
    /// A block of a matrix, or an entry.
    Block { row: Expr<'g>, column: Expr<'g>, shape: Shape, is_entry: bool },
    /// An entry by its place in the column of all entries.
    Place(Expr<'g>),
}

/// Views that can be written to.
const VIEWS: [&str; 10] = [
    "row_mut",
    "column_mut",
    "rows_mut",
    "columns_mut",
    "fixed_rows_mut",
    "fixed_columns_mut",
    "fixed_view_mut",
    "fixed_slice_mut",
    "view_mut",
    "slice_mut",
];

/// Is it a method that gives a view to be written to?
pub(super) fn is_view(call: &syn::ExprMethodCall) -> bool {
    VIEWS.iter().any(|view| call.method == view)
}

impl<'g> Step<'g> {
    /// The part of a value.
    fn part(self, value: &Value<'g>) -> Value<'g> {
        match (self, value) {
            (Step::Part(k), Value::Tuple(list) | Value::Array(list)) => {
                list.get(k).cloned().unwrap_or(Value::Poison)
            }
            (Step::Block { row, column, shape, is_entry }, Value::Matrix(x)) => {
                let block = x.slice(row, column, shape);
                if is_entry { Value::Scalar(block) } else { Value::Matrix(block) }
            }
            (Step::Place(k), Value::Matrix(x)) => {
                Value::Scalar(in_column(*x).slice(k, x.graph.index(0), Shape::SCALAR))
            }
            _ => Value::Poison,
        }
    }

    /// The value with another part.
    fn with_part(self, value: &Value<'g>, part: Value<'g>) -> Value<'g> {
        let replaced = |list: &[Value<'g>], k: usize| {
            let entries = list.iter().enumerate();
            entries.map(|(j, entry)| if j == k { part.clone() } else { entry.clone() }).collect()
        };
        match (self, value, &part) {
            (Step::Part(k), Value::Tuple(list), _) => Value::Tuple(replaced(list, k)),
            (Step::Part(k), Value::Array(list), _) => Value::Array(replaced(list, k)),
            (Step::Block { row, column, .. }, Value::Matrix(x), Value::Scalar(v) | Value::Matrix(v)) => {
                Value::Matrix(update(*x, *v, row, column))
            }
            (Step::Place(k), Value::Matrix(x), Value::Scalar(v)) => {
                Value::Matrix(reshape(update(in_column(*x), *v, k, x.graph.index(0)), x.shape()))
            }
            _ => Value::Poison,
        }
    }
}

/// All entries in one column.
fn in_column(x: Expr<'_>) -> Expr<'_> {
    x.shape().size().map_or(x, |size| reshape(x, Shape::new(size, 1)))
}

impl<'g> Target<'g> {
    /// What stands there now; `None` for a variable that has no value yet.
    pub(super) fn value(&self) -> Option<Value<'g>> {
        let whole = self.binding.value.clone()?;
        Some(self.steps.iter().fold(whole, |value, step| step.part(&value)))
    }

    fn with(self, step: Step<'g>) -> Target<'g> {
        let steps = self.steps.into_iter().chain([step]).collect();
        Target { steps, ..self }
    }
}

/// The value in which the part at the end of these steps is another one.
pub(super) fn rewritten<'g>(value: &Value<'g>, steps: &[Step<'g>], new: Value<'g>) -> Value<'g> {
    match steps.split_first() {
        None => new,
        Some((step, rest)) => step.with_part(value, rewritten(&step.part(value), rest, new)),
    }
}

impl<'g> Reader<'g> {
    /// What an expression on the left side of an assignment refers to.
    pub(super) fn target(&self, left: &Source, at: &dyn ToTokens) -> Option<Target<'g>> {
        match text::peel(left) {
            Source::Index(index) => self.target_of_index(index, at),
            Source::Field(field) => self.target_of_field(field, at),
            Source::MethodCall(call) if is_view(call) => self.target_of_view(call, at),
            other => match text::name_of(other) {
                Some(name) => self.target_of_name(name, at),
                None => {
                    self.error(left, "this cannot be assigned to here").help(
                        "assign to a variable, an entry, a component, or a view such as `x.row_mut(i)`",
                    );
                    None
                }
            },
        }
    }

    fn target_of_name(&self, name: &syn::Ident, at: &dyn ToTokens) -> Option<Target<'g>> {
        let Some(binding) = self.scope().find(&name.to_string()).cloned() else {
            self.error(name, format!("`{name}` is not a variable of this function")).as_rustc_would();
            return None;
        };
        match () {
            () if matches!(binding.value, Some(Value::Poison)) => None,
            () if binding.level < self.state.calls.get() => {
                self.error(at, "a closure that changes a variable is not supported")
                    .note(format!(
                        "`{name}` is changed from inside the closure, so the order of calls matters"
                    ))
                    .help(format!("write a `for` loop that carries `{name}`"));
                None
            }
            () if binding.variable.is_none() => self.refuse_constant(&binding, at),
            () => Some(Target { binding, steps: Vec::new() }),
        }
    }

    fn refuse_constant(&self, binding: &Binding<'g>, at: &dyn ToTokens) -> Option<Target<'g>> {
        let name = &binding.name;
        let parameter = self.signature.parameters.iter().find(|parameter| parameter.name == *name);
        match parameter.filter(|_| matches!(binding.source, Reading::Given)) {
            Some(parameter) => {
                let copy = match parameter.passed {
                    Passed::ByReference => format!("*{name}"),
                    _ => name.to_string(),
                };
                self.error(at, format!("`{name}` is a parameter, and parameters are not changed"))
                    .note("derivatives are taken at the value that is passed")
                    .help(format!("write `let mut {name} = {copy};` before it"))
            }
            None => self
                .error(at, format!("`{name}` is changed, but it is not declared `mut`"))
                .help(format!("write `let mut {name} = ..`"))
                .as_rustc_would(),
        };
        None
    }

    fn target_of_index(&self, index: &syn::ExprIndex, at: &dyn ToTokens) -> Option<Target<'g>> {
        let target = self.target(&index.expr, at)?;
        let place = self.read(&index.index);
        match (target.value()?, place) {
            (Value::Poison, _) | (_, Value::Poison) => None,
            (Value::Matrix(x), place) => {
                let (y, row, column) = self.place_in(x, &place, index)?;
                let whole = y.shape() == x.shape();
                Some(target.with(match whole {
                    true => Step::Block { row, column, shape: Shape::SCALAR, is_entry: true },
                    false => Step::Place(row),
                }))
            }
            (Value::Array(entries), Value::Integer(k)) => {
                let number = Value::Integer(k).constant();
                match number.and_then(|k| usize::try_from(k).ok()).filter(|k| *k < entries.len()) {
                    Some(k) => Some(target.with(Step::Part(k))),
                    None => {
                        self.error(index, "an array of differentiated values is indexed by a number only")
                            .note(format!("it has {} entries", entries.len()))
                            .help("write a vector: `SVector::<f64, N>::from([..])`");
                        None
                    }
                }
            }
            (base, _) => {
                let base = base.describe();
                self.error(
                    index,
                    format!("`{}` cannot be indexed here: it is {base}", text::of(&index.expr)),
                );
                None
            }
        }
    }

    fn target_of_field(&self, field: &syn::ExprField, at: &dyn ToTokens) -> Option<Target<'g>> {
        let target = self.target(&field.base, at)?;
        let value = target.value()?;
        match (&value, &field.member) {
            (Value::Poison, _) => None,
            (Value::Tuple(entries), Member::Unnamed(k)) if (k.index as usize) < entries.len() => {
                Some(target.with(Step::Part(k.index as usize)))
            }
            (Value::Matrix(x), Member::Named(name)) => match component(x.shape(), &name.to_string()) {
                Some((row, column)) => {
                    let [row, column] = [row, column].map(|k| self.graph.index(k as i64));
                    Some(target.with(Step::Block { row, column, shape: Shape::SCALAR, is_entry: true }))
                }
                None => {
                    self.read_field(field);
                    None
                }
            },
            _ => {
                self.read_field(field);
                None
            }
        }
    }

    /// `x.row_mut(i)` is where `x.row(i)` stands.
    fn target_of_view(&self, call: &syn::ExprMethodCall, at: &dyn ToTokens) -> Option<Target<'g>> {
        let target = self.target(&call.receiver, at)?;
        let receiver = target.value()?;
        let mut view = call.clone();
        let name = call.method.to_string();
        view.method = syn::Ident::new(name.trim_end_matches("_mut"), call.method.span());
        let arguments: Vec<Value<'g>> = call.args.iter().map(|argument| self.read(argument)).collect();
        if receiver.is_poison() || arguments.iter().any(Value::is_poison) {
            return None;
        }
        let whole = receiver.matrix();
        let read = MethodCall { reader: self, expr: &view, receiver, arguments, expected: None };
        let (block, x) = match (methods::read(&read), whole) {
            (Some(Value::Matrix(block)), Some(x)) => (block, x),
            (Some(Value::Poison), _) => return None,
            _ => {
                self.error(call, format!("`{name}` is not understood here"));
                return None;
            }
        };
        if !block.is(&SLICE) || block.operand(0) != x {
            self.error(call, format!("`{name}` is not understood here"));
            return None;
        }
        let (row, column, shape) = (block.operand(1), block.operand(2), block.shape());
        Some(target.with(Step::Block { row, column, shape, is_entry: false }))
    }
}
