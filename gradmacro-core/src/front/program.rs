//! What the front hands on: the function as a plain graph, with the user's names beside it.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use proc_macro2::TokenStream;
use syn::Ident;

use crate::ir::rebuild::Rebuild;
use crate::ir::{Expr, Fact, Graph, Id, Leaf, Shape, Test};

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
    /// What the result is, `Option` aside.
    pub result: InputKind,
    /// Inactive expressions that are kept, by serial number.
    pub kept: Vec<Kept>,
    /// Factorisations that may fail, in source order; `Data::Demand(k)` is the k-th.
    pub demands: Vec<Demand>,
    /// Does the function return `Option`?
    pub optional: bool,
    /// Statements that kept expressions need, in source order.
    pub prelude: Vec<Statement>,
    /// The first `let` that named a node.
    pub names: BTreeMap<Id, Ident>,
    /// What the user called the index of a sum or a loop, by its node.
    pub indices: BTreeMap<Id, Ident>,
    /// The heads of loops, `for k in 0..n`, and their trip counts.
    pub loops: Vec<(TokenStream, Id)>,
}

/// A parameter.
#[derive(Clone)]
pub struct Input {
    /// Its name.
    pub name: Ident,
    /// What it is.
    pub kind: InputKind,
    /// Is it passed by reference?
    pub by_reference: bool,
    /// What the attribute says of it.
    pub facts: Vec<Fact>,
}

/// A factorisation that may fail.
#[derive(Clone)]
pub struct Demand {
    /// What has to be computed for the test to be made: a node that carries the demand, or a sum of such over an index.
    pub node: Id,
    /// What the factorisation is tested for.
    pub test: Test,
    /// What happens if it fails.
    pub failure: Failure,
}

impl Demand {
    /// Is it tested even if nothing needs the factorisation? A `?` is never dropped.
    pub fn is_required(&self) -> bool {
        matches!(self.failure, Failure::Question)
    }
}

/// What the user wrote after a factorisation that may fail.
#[derive(Clone)]
pub enum Failure {
    /// `.unwrap()`
    Unwrap,
    /// `.expect(..)`, with its argument.
    Expect(TokenStream),
    /// `?`, which is never dropped.
    Question,
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
#[derive(Clone)]
pub struct Kept {
    /// What generated code writes where the value is used: the name of a `let` of the prelude, or, for an expression
    /// that reads an index, the expression itself.
    pub written: TokenStream,
    /// Is it an integer?
    pub integer: bool,
    /// Is it a matrix (1×1 included) rather than a float?
    pub matrix: bool,
    /// Is it a `bool`? Then its node is a predicate.
    pub truth: bool,
    /// The names by which `written` reads indices, in the order of the node's operands.
    pub indices: Vec<Ident>,
    /// Every identifier that `written` mentions: the statements of the prelude that define one are needed.
    pub reads: Vec<Ident>,
}

/// A statement of the prelude.
#[derive(Clone)]
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
    /// The statements of the prelude that kept expressions with these serial numbers read, in source order.
    pub fn needed(&self, read: &BTreeSet<u32>) -> Vec<&Statement> {
        let kept = read.iter().filter_map(|serial| self.kept.get(*serial as usize));
        let mut names: BTreeSet<String> = kept.flat_map(|kept| &kept.reads).map(Ident::to_string).collect();
        let mut needed = vec![];
        for statement in self.prelude.iter().rev() {
            let defines = statement.defines.iter().any(|name| names.contains(&name.to_string()));
            let held = statement.kept.is_some_and(|serial| read.contains(&serial));
            let unnamed = statement.defines.is_empty() && statement.kept.is_none() && !read.is_empty();
            if defines || held || unnamed {
                names.extend(statement.reads.iter().map(Ident::to_string));
                needed.push(statement);
            }
        }
        needed.reverse();
        needed
    }

    /// The same function with every node made again: loops whose trip counts are numbers run at most `longest` times, if
    /// that is set, and the loops named are written out step by step.
    pub fn again(&self, longest: Option<i64>, unrolled: &HashSet<Id>) -> Program {
        let graph = Graph::plain();
        let mut walk = Rebuild::into(&self.graph, &graph).unrolling(unrolled);
        if let Some(longest) = longest {
            walk = walk.shortened(longest);
        }
        let value = walk.expr(self.value).id;
        let demands =
            self.demands.iter().map(|d| Demand { node: walk.expr(d.node).id, ..d.clone() }).collect();
        let moved = |names: &BTreeMap<Id, Ident>| -> BTreeMap<Id, Ident> {
            names.iter().filter_map(|(id, name)| Some((walk.made(*id)?.id, name.clone()))).collect()
        };
        let (names, indices) = (moved(&self.names), moved(&self.indices));
        Program {
            graph,
            value,
            demands,
            names,
            indices,
            inputs: self.inputs.clone(),
            differentiated: self.differentiated.clone(),
            result: self.result,
            kept: self.kept.clone(),
            optional: self.optional,
            prelude: self.prelude.clone(),
            loops: Vec::new(),
        }
    }

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
