//! What an expression of the body means while it is being read.
//!
//! Invariant: an active value (one that mentions a differentiated parameter) is never `Unknown`.

use std::rc::Rc;

use proc_macro2::{Ident, TokenStream};

use super::attempt::Attempt;
use super::closure::Closure;
use super::geometry::Geometry;
use super::kept::KeptType;
use super::methods::{Factors, Unordered};
use super::sequence::Sequence;
use crate::ir::{Expr, Shape};

/// The meaning of an expression.
#[derive(Clone)]
pub enum Value<'g> {
    /// A float. Inside a closure that is lifted over a matrix its node may have that matrix's shape.
    Scalar(Expr<'g>),
    /// A matrix of nalgebra's, 1×1 included.
    Matrix(Expr<'g>),
    /// An integer: an index node, never active.
    Integer(Expr<'g>),
    /// A `bool`: a predicate, never differentiated.
    Truth(Expr<'g>),
    /// A tuple.
    Tuple(Vec<Value<'g>>),
    /// An array whose entries are known one by one.
    Array(Vec<Value<'g>>),
    /// A closure or a nested function, read where it is called.
    Closure(Rc<Closure<'g>>),
    /// An iterator.
    Sequence(Rc<Sequence<'g>>),
    /// An `Option` or a `Result`.
    Attempt(Rc<Attempt<'g>>),
    /// A decomposition of a matrix.
    Factors(Factors<'g>),
    /// A vector whose entries come in no fixed order.
    Unordered(Unordered<'g>),
    /// A rotation, a quaternion, an isometry, a translation or a point.
    Geometry(Geometry<'g>),
    /// An inactive expression that is not understood: kept as it is, its type decided by its uses.
    Unknown(Rc<Unknown>),
    /// An error has been reported about it; whatever uses it stays silent.
    Poison,
}

/// An inactive expression that is not understood.
pub struct Unknown {
    /// Its number among the kept expressions.
    pub serial: u32,
    /// Where it stands, for a message that asks for its type.
    pub tokens: TokenStream,
    /// Its source text.
    pub text: String,
    /// The variable it is bound to by a `let` without type, if any.
    pub binding: Option<Ident>,
    /// What the signature says that it is: an element of `&[f64]`.
    pub ty: Option<KeptType>,
}

impl<'g> Value<'g> {
    /// The node of a scalar.
    pub fn scalar(&self) -> Option<Expr<'g>> {
        if let Value::Scalar(x) = self { Some(*x) } else { None }
    }

    /// The node of a matrix.
    pub fn matrix(&self) -> Option<Expr<'g>> {
        if let Value::Matrix(x) = self { Some(*x) } else { None }
    }

    /// The shape of a matrix.
    pub fn shape(&self) -> Option<Shape> {
        self.matrix().map(Expr::shape)
    }

    /// Has an error been reported about it?
    pub fn is_poison(&self) -> bool {
        matches!(self, Value::Poison)
    }
}
