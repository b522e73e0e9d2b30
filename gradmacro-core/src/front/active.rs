//! What depends on differentiated parameters.
//!
//! A node is active if it mentions a differentiated input; tokens are active if they mention a name whose value is.
//! Names count wherever they stand, format strings included, so nothing active is ever kept as it is.
//!
//! Example: with `x` differentiated, `let n = x.norm();` makes `n` active, and with it `format!("{n}")`.

use std::collections::BTreeMap;

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;

use super::attempt::Outcome;
use super::closure::{Callee, Closure, Names};
use super::reader::Reader;
use super::scope::Scope;
use super::value::Value;
use crate::ir::{Expr, Graph, Id, Leaf, Node, Shape};

/// Which parameters a node depends on, one bit each.
pub(super) type Mask = u128;

/// The masks of all nodes so far, in the order of the arena.
#[derive(Default)]
pub(super) struct Activity {
    masks: Vec<Mask>,
    /// What variables stand for depends on these.
    declared: BTreeMap<Id, Mask>,
}

impl Activity {
    fn mask(&mut self, x: Expr<'_>, differentiated: Mask) -> Mask {
        for k in self.masks.len()..x.graph.len() {
            let mask = self.of_node(x.graph, k) & differentiated;
            self.masks.push(mask);
        }
        self.masks.get(x.id.index()).copied().unwrap_or(0)
    }

    fn of_node(&self, graph: &Graph, k: usize) -> Mask {
        let node = graph.node(Id(k as u32));
        match &*node {
            Node::Leaf(Leaf::Input(position)) => bit(*position as usize),
            Node::Leaf(Leaf::Variable(_)) => self.declared.get(&Id(k as u32)).copied().unwrap_or(0),
            _ => {
                let operands = node.operands().iter().filter_map(|x| self.masks.get(x.index()));
                operands.fold(0, |all, mask| all | mask)
            }
        }
    }
}

/// Parameters beyond the last bit share it.
pub(super) fn bit(position: usize) -> Mask {
    1 << position.min(Mask::BITS as usize - 1)
}

impl<'g> Reader<'g> {
    /// Does the node mention a differentiated parameter?
    pub fn is_active(&self, x: Expr<'g>) -> bool {
        self.mask_of_node(x) != 0
    }

    /// Does the value mention a differentiated parameter?
    pub fn is_active_value(&self, value: &Value<'g>) -> bool {
        self.mask_of(value) != 0
    }

    /// The differentiated parameters that some source text depends on, for a message: "`x` and `y`".
    pub fn active_names(&self, tokens: &dyn ToTokens) -> Option<String> {
        self.names_of(self.mask_of_tokens(tokens, &self.scope()))
    }

    /// The differentiated parameters that a value depends on, for a message: "`x` and `y`".
    pub fn active_names_of(&self, value: &Value<'g>) -> Option<String> {
        self.names_of(self.mask_of(value))
    }

    /// Does some source text mention a name whose value is active?
    pub(super) fn mentions_active(&self, tokens: &dyn ToTokens) -> bool {
        self.mask_of_tokens(tokens, &self.scope()) != 0
    }

    fn names_of(&self, mask: Mask) -> Option<String> {
        let parameters = self.signature.parameters.iter().enumerate();
        let names: Vec<String> =
            parameters.filter(|(k, _)| mask & bit(*k) != 0).map(|(_, p)| format!("`{}`", p.name)).collect();
        (!names.is_empty()).then(|| names.join(" and "))
    }

    fn differentiated(&self) -> Mask {
        let parameters = self.signature.parameters.iter().enumerate();
        let wanted = parameters.filter(|(_, p)| self.request.wrt.contains(&p.name));
        wanted.fold(0, |all, (k, _)| all | bit(k))
    }

    /// A variable that stands for something that depends on these parameters: one that a loop carries.
    pub(super) fn variable_of(&self, shape: Shape, mask: Mask) -> Expr<'g> {
        let variable = self.graph.variable(shape);
        self.state.activity.borrow_mut().declared.insert(variable.id, mask);
        variable
    }

    /// The parameters that a node depends on.
    pub(super) fn mask_of_node(&self, x: Expr<'g>) -> Mask {
        self.state.activity.borrow_mut().mask(x, self.differentiated())
    }

    /// The parameters that a value depends on.
    pub(super) fn mask_of(&self, value: &Value<'g>) -> Mask {
        match value {
            Value::Scalar(x) | Value::Matrix(x) | Value::Truth(x) => self.mask_of_node(*x),
            Value::Tuple(entries) | Value::Array(entries) => {
                entries.iter().fold(0, |all, entry| all | self.mask_of(entry))
            }
            Value::Closure(closure) => self.mask_of_closure(closure),
            Value::Sequence(sequence) => self.mask_of(sequence.element()),
            Value::Attempt(attempt) => match &attempt.outcome {
                Outcome::Certain(value) => self.mask_of(value),
                Outcome::Tested(value, matrix, _) => self.mask_of(value) | self.mask_of_node(*matrix),
                Outcome::PseudoInverse(x, _) => self.mask_of_node(*x),
            },
            Value::Factors(factors) => self.mask_of_node(factors.matrix),
            Value::Unordered(unordered) => self.mask_of_node(unordered.values),
            Value::Geometry(geometry) => self.mask_of_node(geometry.node),
            Value::Integer(_) | Value::Unknown(_) | Value::Poison => 0,
        }
    }

    fn mask_of_closure(&self, closure: &Closure<'g>) -> Mask {
        match &closure.callee {
            Callee::Body(body) => match &body.names {
                Names::At(scope) => self.mask_of_tokens(&body.body, scope),
                // A function sees no variables.
                Names::Items(_) => 0,
            },
            Callee::Path(_) => 0,
        }
    }

    /// The parameters that some source text depends on.
    pub(super) fn mask_of_tokens(&self, tokens: &dyn ToTokens, scope: &Scope<'g>) -> Mask {
        let values = mentions(tokens).into_iter().filter_map(|name| scope.find(&name)?.value.as_ref());
        values.fold(0, |all, value| all | self.mask_of(value))
    }
}

/// Every name that some tokens mention, fields and methods aside; each once, in order.
pub(super) fn mentions(tokens: &dyn ToTokens) -> Vec<String> {
    let mut names = Vec::new();
    collect(tokens.to_token_stream(), &mut names);
    names
}

fn collect(tokens: TokenStream, names: &mut Vec<String>) {
    let (mut dots, mut found) = (0, Vec::new());
    for token in tokens {
        match &token {
            TokenTree::Group(group) => collect(group.stream(), names),
            // `.name` is a field or a method, `..name` the end of a range.
            TokenTree::Ident(name) if dots != 1 => found.push(name.to_string()),
            TokenTree::Literal(literal) => found.extend(captures(&literal.to_string())),
            _ => {}
        }
        dots = if matches!(&token, TokenTree::Punct(p) if p.as_char() == '.') { dots + 1 } else { 0 };
        for name in found.drain(..) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
}

/// The names in a format string: `"{x} {y:.3}"`.
fn captures(literal: &str) -> Vec<String> {
    if !literal.contains('"') {
        return Vec::new();
    }
    let openings = literal.split('{').skip(1);
    let names = openings.map(|rest| rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
    names.filter(|name: &String| syn::parse_str::<syn::Ident>(name).is_ok()).collect()
}
