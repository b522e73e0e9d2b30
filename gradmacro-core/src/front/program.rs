//! What the front hands on: the function as a plain graph, with the user's names beside it.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use syn::Ident;

use crate::ir::{Expr, Graph, Id, Leaf, Shape};

/// A function as it was read.
pub struct Program {
    /// Every node exactly as the source has it: no rule has been applied.
    pub graph: Graph,
    /// The parameters after `self`; the k-th is the leaf `Input(k)`.
    pub inputs: Vec<Input>,
    /// Positions in `inputs` of the differentiated parameters, in the order of the request.
    pub differentiated: Vec<usize>,
    /// The result.
    pub value: Id,
    /// Inactive expressions that are kept, by serial number.
    pub kept: Vec<Kept>,
    /// Statements that kept expressions need, in source order.
    pub prelude: Vec<Statement>,
    /// The first `let` that named a node.
    pub names: BTreeMap<Id, Ident>,
    /// What the user called the index of a sum, by the node of the sum.
    pub indices: BTreeMap<Id, Ident>,
}

/// A parameter.
pub struct Input {
    /// Its name.
    pub name: Ident,
    /// What it is.
    pub kind: InputKind,
    /// Is it passed by reference?
    pub by_reference: bool,
}

/// What a parameter is.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum InputKind {
    /// A float.
    Scalar,
    /// A matrix of nalgebra's, 1×1 included.
    Matrix(Shape),
    /// An integer; only ever an index.
    Integer,
    /// Anything else: only kept expressions read it, and no leaf stands for it.
    Other,
}

/// An inactive expression of the user's.
pub struct Kept {
    /// What generated code writes where the value is used: the name of a `let` of the prelude, or, for an expression
    /// that reads an index, the expression itself.
    pub written: TokenStream,
    /// Is it an integer?
    pub integer: bool,
    /// Is it a matrix (1×1 included) rather than a float?
    pub matrix: bool,
    /// The names by which `written` reads indices, in the order of the node's operands.
    pub indices: Vec<Ident>,
    /// Every identifier that `written` mentions: the statements of the prelude that define one are needed.
    pub reads: Vec<Ident>,
}

/// A statement of the prelude.
pub struct Statement {
    /// The statement.
    pub tokens: TokenStream,
    /// Names that it defines; none for an item that changes what other names mean: `use model::*;`, an `impl`.
    pub defines: Vec<Ident>,
    /// Every identifier that it mentions.
    pub reads: Vec<Ident>,
    /// The kept expression whose value it holds.
    pub kept: Option<u32>,
}

impl Program {
    /// The leaves of the differentiated parameters, in the order of the request.
    pub fn differentiated_inputs(&self) -> Vec<Expr<'_>> {
        self.differentiated.iter().filter_map(|k| self.input(*k)).collect()
    }

    /// The leaf of a parameter that is a number or a matrix.
    pub fn input(&self, k: usize) -> Option<Expr<'_>> {
        let shape = match self.inputs.get(k)?.kind {
            InputKind::Scalar | InputKind::Integer => Shape::SCALAR,
            InputKind::Matrix(shape) => shape,
            InputKind::Other => return None,
        };
        Some(self.graph.leaf(Leaf::Input(k as u32), shape))
    }
}
