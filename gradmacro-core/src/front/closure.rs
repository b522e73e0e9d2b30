//! Closures and functions as values: read again at every call, so there are no lambdas in the graph.
//!
//! Invariant: names in a closure mean what they meant where it was defined.
//!
//! Example: `let k = 2.0; let f = |v: f64| k * v; let k = 3.0; f(x)` is 2x.

use proc_macro2::Ident;
use syn::{Pat, Path, Type};

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
    pub scope: Scope<'g>,
}

impl Closure<'_> {
    /// Patterns of the parameters, with the types that are written; none for a function passed by its path.
    pub fn parameters(&self) -> &[(Pat, Option<Type>)] {
        match &self.callee {
            Callee::Body(body) => &body.parameters,
            Callee::Path(_) => &[],
        }
    }

    /// Number of parameters, if it is known here.
    pub fn arity(&self) -> Option<usize> {
        match &self.callee {
            Callee::Body(body) => Some(body.parameters.len()),
            Callee::Path(_) => None,
        }
    }
}
