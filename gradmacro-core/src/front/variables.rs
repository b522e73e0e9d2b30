//! Variables that change.
//!
//! An assignment makes a new binding of the same variable, so a scope is still a list that only grows, and what a
//! variable is depends on where one stands in it. A block that ends hands what it assigned to the block around it.
//! Where control flow meets, the values of variables are *flattened* to nodes, merged, and put together again.
//!
//! Example: after `let mut s = 0.0; { s += x[0]; }` the scope holds `s` twice; the newer one, which the block has
//! handed on, is x₀.

use quote::ToTokens;
use syn::visit::{self, Visit};
use syn::{Expr as Source, Ident};

use super::effects::{is_assignment, is_writer, root_of};
use super::kept::Source as Reading;
use super::predicates::{float_as_truth, truth_as_float};
use super::reader::Reader;
use super::scope::{Binding, Scope};
use super::value::Value;
use crate::ir::Expr;

impl<'g> Reader<'g> {
    /// A number for a variable that is about to be declared.
    pub(super) fn fresh_variable(&self) -> u32 {
        let next = self.state.variables.get() + 1;
        self.state.variables.set(next);
        next
    }

    /// Gives a variable another value from here on: it is a node now, which kept code cannot read.
    pub(super) fn assign(&self, binding: &Binding<'g>, value: Value<'g>) {
        self.add(Binding { value: Some(value), source: Reading::Missing, ..binding.clone() });
    }

    /// Runs `read` in a scope of its own; assignments to outer variables outlive it.
    pub(super) fn within_block<T>(&self, read: impl FnOnce() -> T) -> T {
        let outer = self.scope();
        let result = read();
        let inner = self.state.scope.replace(outer.clone());
        for binding in assigned_since(&inner, &outer) {
            self.add(binding);
        }
        result
    }

    /// The variables of the scope that some code may assign to, in the order in which it does.
    pub(super) fn assigned_in(&self, code: &dyn ToTokens) -> Vec<Binding<'g>> {
        let scope = self.scope();
        let mut targets = Targets::default();
        match syn::parse2::<syn::Block>(code.to_token_stream()) {
            Ok(block) => targets.visit_block(&block),
            Err(_) => {
                if let Ok(expr) = syn::parse2::<Source>(code.to_token_stream()) {
                    targets.visit_expr(&expr);
                }
            }
        }
        let found = targets.0.iter().filter_map(|name| scope.find(&name.to_string()));
        found.filter(|binding| binding.variable.is_some()).cloned().collect()
    }
}

/// The newest binding of every variable of `outer` that `inner` has assigned to, oldest variable first.
pub(super) fn assigned_since<'g>(inner: &Scope<'g>, outer: &Scope<'g>) -> Vec<Binding<'g>> {
    let mut found: Vec<Binding<'g>> = vec![];
    for binding in inner.since(outer).filter(|binding| binding.variable.is_some()) {
        let is_outer = outer.iter().any(|own| own.variable == binding.variable);
        if is_outer && found.iter().all(|known| known.variable != binding.variable) {
            found.push(binding.clone());
        }
    }
    found.sort_by_key(|binding| binding.variable);
    found
}

impl<'g> Value<'g> {
    /// The nodes of which the value consists; `None` if it does not consist of nodes alone.
    pub(super) fn flattened(&self) -> Option<Vec<Expr<'g>>> {
        match self {
            Value::Scalar(x) | Value::Matrix(x) => Some(vec![*x]),
            Value::Geometry(geometry) => Some(vec![geometry.node]),
            Value::Truth(x) => Some(vec![truth_as_float(*x)]),
            Value::Tuple(list) | Value::Array(list) => {
                let parts: Option<Vec<Vec<Expr<'g>>>> = list.iter().map(Value::flattened).collect();
                Some(parts?.concat())
            }
            _ => None,
        }
    }

    /// A value like this one, of other nodes.
    pub(super) fn rebuilt_of(&self, nodes: &mut impl Iterator<Item = Expr<'g>>) -> Value<'g> {
        match self {
            Value::Scalar(_) => nodes.next().map_or(Value::Poison, Value::Scalar),
            Value::Matrix(_) => nodes.next().map_or(Value::Poison, Value::Matrix),
            Value::Geometry(geometry) => nodes.next().map_or(Value::Poison, |node| geometry.of_node(node)),
            Value::Truth(_) => nodes.next().map_or(Value::Poison, |x| Value::Truth(float_as_truth(x))),
            Value::Tuple(list) => Value::Tuple(list.iter().map(|x| x.rebuilt_of(nodes)).collect()),
            Value::Array(list) => Value::Array(list.iter().map(|x| x.rebuilt_of(nodes)).collect()),
            other => other.clone(),
        }
    }
}

/// Names that are assigned to, each once, in order.
#[derive(Default)]
struct Targets(Vec<Ident>);

impl Targets {
    fn add(&mut self, target: &Source) {
        if let Some(name) = root_of(target)
            && !self.0.contains(name)
        {
            self.0.push(name.clone());
        }
    }
}

impl<'ast> Visit<'ast> for Targets {
    fn visit_expr_assign(&mut self, assign: &'ast syn::ExprAssign) {
        self.visit_expr(&assign.right);
        match &*assign.left {
            Source::Tuple(tuple) => tuple.elems.iter().for_each(|target| self.add(target)),
            target => self.add(target),
        }
    }

    fn visit_expr_binary(&mut self, binary: &'ast syn::ExprBinary) {
        visit::visit_expr_binary(self, binary);
        if is_assignment(&binary.op) {
            self.add(&binary.left);
        }
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        visit::visit_expr_method_call(self, call);
        if is_writer(call) || call.method.to_string().ends_with("_mut") {
            self.add(&call.receiver);
        }
    }

    fn visit_expr_reference(&mut self, reference: &'ast syn::ExprReference) {
        visit::visit_expr_reference(self, reference);
        if reference.mutability.is_some() {
            self.add(&reference.expr);
        }
    }
}
