//! Calls, as the tables of methods and constructors see them.
//!
//! Everything has been read when a table is asked: the receiver and the arguments are values, none of them
//! `Poison`. A table answers `None` if it does not know the name for that receiver; if it knows it and finds a
//! mistake, it reports the mistake and answers `Poison`.
//!
//! Example: for `x.dot(&y)` the receiver is `Matrix(x)`, the arguments are `[Matrix(y)]`: references are transparent.

use proc_macro2::Ident;

use super::reader::Reader;
use super::types::Type;
use super::value::Value;

/// A method call being read.
pub struct MethodCall<'a, 'g> {
    /// What to ask and where to report.
    pub reader: &'a Reader<'g>,
    /// As written: place, generic arguments, the source of receiver and arguments.
    pub expr: &'a syn::ExprMethodCall,
    /// What it is called on.
    pub receiver: Value<'g>,
    /// What it is called with.
    pub arguments: Vec<Value<'g>>,
    /// The type that the context asks for, from a typed `let` or the return type.
    pub expected: Option<Type>,
}

/// A call of a path: `Vector3::new(..)`, `SMatrix::<f64, 3, 3>::identity()`, `f64::sin(x)`.
pub struct PathCall<'a, 'g> {
    /// What to ask and where to report.
    pub reader: &'a Reader<'g>,
    /// As written; for a function passed by name (`x.map(f64::sin)`) a call made up for it.
    pub expr: &'a syn::ExprCall,
    /// What is called.
    pub path: &'a syn::Path,
    /// What it is called with.
    pub arguments: Vec<Value<'g>>,
    /// The type that the context asks for, from a typed `let` or the return type.
    pub expected: Option<Type>,
}

impl MethodCall<'_, '_> {
    /// The method's name.
    pub fn name(&self) -> String {
        self.expr.method.to_string()
    }

    /// The method's identifier, for a place.
    pub fn method(&self) -> &Ident {
        &self.expr.method
    }

    /// The receiver as written.
    pub fn receiver_text(&self) -> String {
        self.reader.text(&self.expr.receiver)
    }

    /// The k-th argument as written, without the `&` before it.
    pub fn argument_text(&self, k: usize) -> String {
        self.expr.args.iter().nth(k).map(|argument| self.reader.text(argument)).unwrap_or_default()
    }
}

impl PathCall<'_, '_> {
    /// The path's last segment.
    pub fn name(&self) -> String {
        self.path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default()
    }

    /// The k-th argument as written, without the `&` before it.
    pub fn argument_text(&self, k: usize) -> String {
        self.expr.args.iter().nth(k).map(|argument| self.reader.text(argument)).unwrap_or_default()
    }
}
