//! Closures and functions as values: read again at every call, so there are no lambdas in the graph.
//!
//! Invariant: names in a closure mean what they meant where it was defined.
//!
//! Example: `let k = 2.0; let f = |v: f64| k * v; let k = 3.0; f(x)` is 2x.

use proc_macro2::Ident;
use syn::{Generics, Pat, Path, Type};

use super::scope::Scope;

/// A function that can be called in the body.
pub struct Closure<'g> {
    /// What is called.
    pub callee: Callee<'g>,
    /// The name it is bound to, for messages.
    pub name: Option<Ident>,
}

/// What a call of a function value runs.
pub enum Callee<'g> {
    /// A closure, or a function nested in the body.
    Body(Box<Body<'g>>),
    /// A function passed by its path, such as `f64::sin`.
    Path(Path),
}

/// What is written of a closure or a nested function.
pub struct Body<'g> {
    /// Patterns of the parameters, with the types that are written.
    pub parameters: Vec<(Pat, Option<Type>)>,
    /// The result type, if it is written.
    pub output: Option<Type>,
    /// What it computes.
    pub body: syn::Expr,
    /// The names it sees.
    pub names: Names<'g>,
    /// Its own parameters in angle brackets.
    pub generics: Generics,
    /// Is it a method, called on `self`?
    pub receiver: bool,
    /// Its number among the bodies read so far.
    pub number: u32,
}

/// The names that a body sees.
#[derive(Clone)]
pub enum Names<'g> {
    /// Those of its definition: a closure.
    At(Scope<'g>),
    /// The items of the frame of that number: a function.
    Items(usize),
}

impl Closure<'_> {
    /// Patterns of the parameters, with the types that are written; none for a function passed by its path.
    pub fn parameters(&self) -> &[(Pat, Option<Type>)] {
        match &self.callee {
            Callee::Body(body) => &body.parameters,
            Callee::Path(_) => &[],
        }
    }

    /// The number of the body, if there is one.
    pub fn number(&self) -> Option<u32> {
        match &self.callee {
            Callee::Body(body) => Some(body.number),
            Callee::Path(_) => None,
        }
    }

    /// Is it a method, called on `self`?
    pub fn is_method(&self) -> bool {
        matches!(&self.callee, Callee::Body(body) if body.receiver)
    }

    /// Do the types of its parameters mean the same outside of it?
    pub fn is_plain(&self) -> bool {
        matches!(&self.callee, Callee::Body(body) if body.generics.params.is_empty() && !body.receiver)
    }

    /// Number of parameters, if it is known here.
    pub fn arity(&self) -> Option<usize> {
        match &self.callee {
            Callee::Body(body) => Some(body.parameters.len()),
            Callee::Path(_) => None,
        }
    }
}
