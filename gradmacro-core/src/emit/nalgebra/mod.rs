//! A schedule as nalgebra code.
//!
//! Fully qualified paths and inherent methods only, so no trait needs to be in scope and `no_std` is no obstacle. The
//! user's names are kept; what we invent has mixed-site hygiene. This stage reads no syntax of the user's and knows no
//! rule of calculus.
//!
//! Example: the schedule of ½‖Xw − y‖² by `w` becomes `let r = x * w - y; x.tr_mul(&r)`.

mod assignments;
mod bindings;
mod blocks;
mod built;
mod by_kernel;
mod conditions;
mod destinations;
mod entries;
mod foreign;
mod forms;
mod function;
mod further;
mod in_place;
mod indices;
mod loops;
mod multiply_add;
mod names;
mod numbers;
mod ranges;
mod results;
mod scalars;
mod signed;
mod sums;
mod systems;
mod vectorised;

pub use function::{Generated, Style, function};

use std::collections::BTreeMap;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::front::Program;
use crate::front::request::Output;
use crate::front::types::Scalar;
use crate::ir::{Expr, Id, Leaf, Node};
use crate::ops::Written;
use crate::plan::Schedule;
use bindings::Bindings;
use destinations::Destinations;
use names::Names;

/// How tightly a piece of code binds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Level {
    /// `{ … }`, which would be a statement where an expression begins with it.
    Block,
    /// `p || q`
    Or,
    /// `p && q`
    And,
    /// `a < b`
    Comparison,
    /// `a + b`
    Sum,
    /// `a * b`
    Product,
    /// `-a`, `a as f64`
    Unary,
    /// A name, a call, a literal.
    Atom,
}

/// An expression in Rust.
#[derive(Clone)]
struct Piece {
    tokens: TokenStream,
    level: Level,
    /// Is it a reference already?
    reference: bool,
    /// Is it the name of something that lives on?
    place: bool,
}

impl Piece {
    fn new(tokens: TokenStream, level: Level) -> Piece {
        Piece { tokens, level, reference: false, place: false }
    }

    fn block(tokens: TokenStream) -> Piece {
        Piece::new(quote!({ #tokens }), Level::Block)
    }

    fn atom(tokens: TokenStream) -> Piece {
        Piece::new(tokens, Level::Atom)
    }

    fn name(name: &Ident) -> Piece {
        Piece { tokens: quote!(#name), level: Level::Atom, reference: false, place: true }
    }

    /// In parentheses unless it binds at least as tightly as asked.
    fn at(&self, level: Level) -> TokenStream {
        let tokens = &self.tokens;
        if self.level < level { quote!((#tokens)) } else { tokens.clone() }
    }

    /// As an argument that is taken by reference.
    fn borrowed(&self) -> TokenStream {
        let tokens = self.at(Level::Unary);
        if self.reference { tokens } else { quote!(&#tokens) }
    }
}

/// Writes the nodes of one schedule.
struct Writer<'a> {
    output: Output,
    schedule: &'a Schedule,
    program: &'a Program,
    scalar: Scalar,
    nalgebra: &'a syn::Path,
    gradmacro: &'a syn::Path,
    bindings: Bindings,
    names: Names,
    /// Integers that cannot be negative.
    unsigned: signed::Unsigned,
    /// Names of nodes that are bound already.
    bound: BTreeMap<Id, Ident>,
    /// What the variables of conditionals stand for outside.
    aliases: BTreeMap<Id, Id>,
    /// Sums that are added to another's variable at once.
    onto: BTreeMap<Id, Ident>,
    /// The function that multiplies and adds, if it is used.
    mul_add: Option<Ident>,
    /// Where results belong that are not returned.
    destinations: Destinations,
}

impl<'a> Writer<'a> {
    fn expr(&self, id: Id) -> Expr<'a> {
        self.schedule.graph.expr(id)
    }

    /// What a variable of a conditional is outside of it; any other node itself.
    fn unaliased(&self, mut id: Id) -> Id {
        while let Some(outer) = self.aliases.get(&id) {
            id = *outer;
        }
        id
    }

    /// A node where it is used: its name if it has one, else its expression.
    fn piece(&mut self, x: Expr<'a>) -> Piece {
        let x = self.expr(self.unaliased(x.id));
        if let Some(name) = self.bound.get(&x.id) {
            return Piece { reference: self.destinations.is_borrowed(x.id), ..Piece::name(name) };
        }
        match &*x.node() {
            Node::Leaf(leaf) => self.leaf(x, leaf),
            _ => self.expression(x),
        }
    }

    /// The expression that computes a node.
    fn expression(&mut self, x: Expr<'a>) -> Piece {
        if entries::is_fused(self, x) {
            return self.fused(x);
        }
        if self.is_built(x) {
            return self.built_inline(x);
        }
        let Some(op) = x.node().op() else { return Piece::atom(quote!(())) };
        match op.written {
            Written::Form(form) => self.form(x, form),
            Written::Method(name) => self.method(x, name),
            Written::Factors(kernel, extras) => self.factorisation(x, kernel, extras),
            Written::OfFactors(name, extras) => self.of_factors(x, name, extras),
            _ => self.scalar_call(x, op.written),
        }
    }

    fn leaf(&mut self, x: Expr<'a>, leaf: &Leaf) -> Piece {
        match leaf {
            Leaf::Input(k) => self.input(x, *k as usize),
            Leaf::Direction(k) => self.direction(x, *k as usize),
            Leaf::Cotangent => self.cotangent(x),
            Leaf::Kept(serial) => self.kept(x, *serial),
            Leaf::Constant(constant) => self.constant(*constant),
            Leaf::Extent(dim) => Piece::atom(indices::extent(*dim)),
            // Variables are bound by the loops they belong to.
            Leaf::Variable(_) | Leaf::Parameter(_) => Piece::atom(quote!(())),
        }
    }

    fn input(&self, x: Expr<'a>, k: usize) -> Piece {
        let input = &self.program.inputs[k];
        further::parameter(&input.name, input.kind, input.by_reference, x)
    }

    fn kept(&self, x: Expr<'a>, serial: u32) -> Piece {
        let Some(kept) = self.program.kept.get(serial as usize) else { return Piece::atom(quote!(())) };
        let written = &kept.written;
        let whole =
            if written.clone().into_iter().count() > 1 { quote!((#written)) } else { quote!(#written) };
        let piece = Piece { place: true, ..Piece::atom(whole.clone()) };
        if kept.matrix && x.is_scalar() { Piece::atom(quote!(#whole[(0, 0)])) } else { piece }
    }
}
