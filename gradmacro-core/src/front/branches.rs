//! Branches: `if` as a statement and as an expression.
//!
//! An arm is read with the names of outside as they are. When both arms have been read, what they hand on is computed
//! again from fresh variables that stand for what is known outside, so that it stays in the arm: it is computed only
//! where the arm is taken. What an arm hands on is its value, the variables that it assigns to, and its demands.
//!
//! Example: `if x[0] < 0.0 { s += 1.0; 0.0 } else { x[0].ln() }` is one conditional with two results: s, and the value.

use std::collections::BTreeSet;

use quote::ToTokens;
use syn::Expr as Source;

use super::exits::Exit;
use super::joining::Joined;
use super::reader::Reader;
use super::scope::Scope;
use super::types::Type;
use super::value::Value;
use super::variables::assigned_since;
use crate::ir::branch::OpenBranch;
use crate::ir::rebuild::Rebuild;
use crate::ir::{Expr, Id, Leaf, Node};

/// An arm that has been read.
pub(super) struct Arm<'g> {
    pub(super) value: Value<'g>,
    /// The names at its end.
    pub(super) scope: Scope<'g>,
    /// How it leaves the function, if it may.
    pub(super) exit: Option<Exit<'g>>,
    /// Its demands, by number.
    pub(super) demands: Vec<usize>,
}

impl<'g> Arm<'g> {
    /// Does it go on after the conditional?
    pub(super) fn goes_on(&self) -> bool {
        self.exit.as_ref().is_none_or(|exit| exit.when.is_some())
    }

    /// How it leaves the function: an arm that does so for certain with its demands.
    fn into_exit(self) -> Option<Exit<'g>> {
        let (goes_on, demands) = (self.goes_on(), self.demands);
        self.exit.map(|exit| match goes_on {
            true => exit,
            false => Exit { demands: [exit.demands, demands].concat(), ..exit },
        })
    }
}

impl<'g> Reader<'g> {
    /// `if c { .. } else { .. }`
    pub(super) fn read_if(&self, choice: &syn::ExprIf, expected: Option<&Type>) -> Value<'g> {
        if let Source::Let(condition) = &*choice.cond {
            return self.read_if_let(choice, condition, expected);
        }
        let before = self.diagnostics.count();
        let Some(predicate) = self.read_condition(&choice.cond) else {
            if self.diagnostics.count() == before && !self.trial {
                self.poison_assigned(choice);
            }
            return Value::Poison;
        };
        let then = self.read_arm((predicate, true), || self.read_block(&choice.then_branch, expected));
        let other = self.read_arm((predicate, false), || match &choice.else_branch {
            Some((_, other)) => self.read_expecting(other, expected),
            None => Value::Tuple(Vec::new()),
        });
        let is_value = choice.else_branch.is_some();
        self.join(predicate, [then, other], (choice, is_value))
    }

    /// After a condition that cannot be read nothing is said about what depends on it.
    pub(super) fn poison_assigned(&self, code: &dyn ToTokens) {
        for binding in self.assigned_in(code) {
            self.assign(&binding, Value::Poison);
        }
    }

    /// Reads what runs only if the predicate holds, or only if it does not. The scope is what it was before.
    pub(super) fn read_arm(
        &self,
        (predicate, holds): (Expr<'g>, bool),
        read: impl FnOnce() -> Value<'g>,
    ) -> Arm<'g> {
        let outer = self.scope();
        let pending = self.state.exit.take();
        let first = self.count_demands();
        let value = self.assuming(predicate, holds, read);
        let scope = self.state.scope.replace(outer);
        let exit = self.state.exit.replace(pending);
        let demands = self.seal_demands(first, exit.as_ref());
        if let Some(passed) = self.state.passed.borrow_mut().as_mut() {
            // What it is in the arm is nothing that holds after it.
            *passed = (self.certain(true), true);
        }
        Arm { value, scope, exit, demands }
    }

    /// The value of a conditional; assigns the variables that its arms assign to.
    pub(super) fn join(
        &self,
        predicate: Expr<'g>,
        [then, other]: [Arm<'g>; 2],
        (at, is_value): (&dyn ToTokens, bool),
    ) -> Value<'g> {
        let outer = self.scope();
        let arms = self.without_missing(predicate, [then, other]);
        let [then, other] = self.without_panics(arms, &outer);
        let variables = changed(&[&then.scope, &other.scope], &outer);
        let (a, b) = (then.goes_on(), other.goes_on());
        let value = match (a, b) {
            (true, true) => {
                let mut joined = Joined::default();
                let parts = variables.iter().map(|variable| {
                    let values = [&then, &other].map(|arm| value_in(&arm.scope, *variable));
                    self.pair(&mut joined, values, at)
                });
                let parts: Vec<_> = parts.collect();
                let value = match is_value {
                    true => self.pair(&mut joined, [Some(&then.value), Some(&other.value)], at),
                    false => joined.unit(),
                };
                self.pair_demands(&mut joined, [&then.demands, &other.demands]);
                let results = self.branch(predicate, &joined.pairs);
                self.set_demands(&joined, &results);
                for (variable, part) in variables.iter().zip(&parts) {
                    self.assign_joined(&outer, *variable, part.built(&results));
                }
                value.build(&results)
            }
            (false, false) => Value::Tuple(Vec::new()),
            _ => {
                let live = if a { &then } else { &other };
                for variable in &variables {
                    if let Some(value) = value_in(&live.scope, *variable) {
                        self.assign_joined(&outer, *variable, Some(value.clone()));
                    }
                }
                // What goes on is computed only where it does; its demands, too.
                self.bar_demands((predicate, a), &live.demands);
                live.value.clone()
            }
        };
        self.leave_either(predicate, [then, other].map(Arm::into_exit));
        value
    }

    fn assign_joined(&self, outer: &Scope<'g>, variable: u32, value: Option<Value<'g>>) {
        let binding = outer.iter().find(|binding| binding.variable == Some(variable));
        if let (Some(binding), Some(value)) = (binding, value) {
            self.assign(binding, value);
        }
    }

    /// Nodes that are bound to names: what an arm sees of the outside.
    pub(super) fn bound_nodes(&self) -> BTreeSet<Id> {
        let mut nodes = BTreeSet::new();
        for binding in self.scope().iter() {
            if let Some(value) = &binding.value {
                collect(value, &mut nodes);
            }
        }
        nodes
    }

    /// A conditional with one result for each pair: the first where the predicate holds, else the second.
    pub(super) fn branch(&self, predicate: Expr<'g>, pairs: &[(Expr<'g>, Expr<'g>)]) -> Vec<Expr<'g>> {
        if pairs.is_empty() {
            return Vec::new();
        }
        let graph = self.graph;
        let scope = graph.scope();
        let roots: Vec<Expr<'g>> = pairs.iter().flat_map(|(a, b)| [*a, *b]).collect();
        let mut inside = Rebuild::into(graph, graph);
        let mut captured = Vec::new();
        for outer in self.captures(&roots) {
            let variable = graph.variable_with(outer.shape(), outer.properties());
            inside.replace(outer.id, variable);
            captured.push((variable, outer));
        }
        let mut body = |arm: fn(&(Expr<'g>, Expr<'g>)) -> Expr<'g>| {
            pairs.iter().map(|pair| inside.expr(arm(pair).id)).collect::<Vec<_>>()
        };
        let (then, other) = (body(|pair| pair.0), body(|pair| pair.1));
        graph.branch(OpenBranch { scope, predicate, captured, then, other })
    }

    /// What the arms of a conditional see of the outside: nodes bound to names, and all that varies.
    fn captures(&self, roots: &[Expr<'g>]) -> Vec<Expr<'g>> {
        let bound = self.bound_nodes();
        let (mut found, mut seen) = (Vec::new(), BTreeSet::new());
        let mut stack: Vec<Expr<'g>> = roots.iter().rev().copied().collect();
        while let Some(x) = stack.pop() {
            if x.measure().leaves == 0 || !seen.insert(x.id) {
                continue;
            }
            let is_leaf = matches!(&*x.node(), Node::Leaf(leaf) if leaf.is_unknown());
            match is_leaf || bound.contains(&x.id) {
                true => found.push(x),
                false => stack.extend(x.operands().into_iter().rev()),
            }
        }
        found
    }
}

/// The variables of `outer` that one of these scopes has assigned to, oldest first.
fn changed<'g>(scopes: &[&Scope<'g>], outer: &Scope<'g>) -> BTreeSet<u32> {
    let assigned = scopes.iter().flat_map(|scope| assigned_since(scope, outer));
    assigned.filter_map(|binding| binding.variable).collect()
}

/// The value of a variable; `None` if it has none yet.
fn value_in<'a, 'g>(scope: &'a Scope<'g>, variable: u32) -> Option<&'a Value<'g>> {
    scope.iter().find(|binding| binding.variable == Some(variable))?.value.as_ref()
}

fn is_constant(x: Expr<'_>) -> bool {
    matches!(&*x.node(), Node::Leaf(Leaf::Constant(_)))
}

/// Floats, matrices and conditions of which a value consists. Integers are computed anew where they are used.
fn collect(value: &Value<'_>, nodes: &mut BTreeSet<Id>) {
    match value {
        Value::Scalar(x) | Value::Matrix(x) | Value::Truth(x) if is_constant(*x) => {}
        Value::Scalar(x) | Value::Matrix(x) | Value::Truth(x) => _ = nodes.insert(x.id),
        Value::Tuple(list) | Value::Array(list) => list.iter().for_each(|x| collect(x, nodes)),
        Value::Factors(factors) => {
            nodes.insert(factors.matrix.id);
        }
        Value::Unordered(unordered) => {
            nodes.insert(unordered.values.id);
        }
        Value::Geometry(geometry) => {
            nodes.insert(geometry.node.id);
        }
        _ => {}
    }
}
