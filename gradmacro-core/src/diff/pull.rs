//! Reverse mode: the transpose of a linear map.

use std::collections::{HashMap, HashSet};

use crate::ir::region::OpenSum;
use crate::ir::walk::needed;
use crate::ir::{Expr, Id, Node, Ratio};
use crate::ops::Derivative;

/// Cotangents of `leaves` under the linear map leaves ↦ root, given the cotangent of `root`: ⟨ct, root(dx)⟩ = ⟨G, dx⟩.
/// A leaf on which `root` does not depend has the cotangent zero.
pub fn pull<'g>(root: Expr<'g>, ct: Expr<'g>, leaves: &[Expr<'g>]) -> Vec<Expr<'g>> {
    let mut terms: HashMap<Id, Vec<Expr<'g>>> = HashMap::from([(root.id, vec![ct])]);
    let order = needed(root.graph, &[root.id]);
    let moving = moving(root, &order, leaves);
    for id in order.into_iter().rev().filter(|id| moving.contains(id)) {
        let y = root.graph.expr(id);
        if leaves.contains(&y) {
            continue;
        }
        let Some(ct) = terms.remove(&id).map(|list| total(y, list)) else { continue };
        for (x, part) in cotangents(y, ct, &moving) {
            terms.entry(x.id).or_default().push(part);
        }
    }
    leaves.iter().map(|leaf| total(*leaf, terms.remove(&leaf.id).unwrap_or_default())).collect()
}

fn moving<'g>(root: Expr<'g>, order: &[Id], leaves: &[Expr<'g>]) -> HashSet<Id> {
    let mut moving: HashSet<Id> = leaves.iter().map(|x| x.id).collect();
    for id in order {
        if root.graph.node(*id).operands().iter().any(|x| moving.contains(x)) {
            moving.insert(*id);
        }
    }
    moving
}

/// What each moving operand of `y` gets, given y's cotangent.
fn cotangents<'g>(y: Expr<'g>, ct: Expr<'g>, moving: &HashSet<Id>) -> Vec<(Expr<'g>, Expr<'g>)> {
    let operands = y.operands();
    let moved = operands.iter().enumerate().filter(|(_, x)| moving.contains(&x.id));
    match &*y.node() {
        Node::Leaf(_) => vec![],
        Node::IndexSum(_) => through_sum(y, ct, &moved.map(|(k, x)| (k, *x)).collect::<Vec<_>>()),
        Node::Apply(op, ..) => {
            moved.filter_map(|(k, x)| Some((*x, adjoint(op.0.derivative, y, k, ct)?))).collect()
        }
    }
}

fn adjoint<'g>(derivative: Derivative, y: Expr<'g>, k: usize, ct: Expr<'g>) -> Option<Expr<'g>> {
    match derivative {
        Derivative::Linear(_, adjoint)
        | Derivative::Multilinear(adjoint)
        | Derivative::Partials(_, adjoint) => Some(adjoint(y, k, ct)),
        // A pushforward is linear, so neither occurs on the way from a differential to its root.
        Derivative::Entrywise(_) | Derivative::Flat | Derivative::Unknown => None,
    }
}

/// A capture's cotangent is the sum of what every step gives it. Each capture that moves is a variable meanwhile: in
/// the body it might be no node of its own.
fn through_sum<'g>(y: Expr<'g>, ct: Expr<'g>, captures: &[(usize, Expr<'g>)]) -> Vec<(Expr<'g>, Expr<'g>)> {
    let variables: Vec<Expr<'g>> = captures.iter().map(|(_, x)| y.graph.variable(x.shape())).collect();
    let mut operands = y.operands();
    for ((k, _), variable) in captures.iter().zip(&variables) {
        operands[*k] = *variable;
    }
    let Some(open) = y.open_over(&operands) else { return vec![] };
    let parts = pull(open.body, ct, &variables);
    let sum = |body| y.graph.sum_over(OpenSum { body, ..open });
    captures.iter().zip(parts).map(|((_, x), part)| (*x, sum(part))).collect()
}

fn total<'g>(of: Expr<'g>, list: Vec<Expr<'g>>) -> Expr<'g> {
    match list[..] {
        [] => of.graph.zeros(of.shape()),
        [only] => only,
        _ => {
            let terms: Vec<_> = list.into_iter().map(|t| (t, Ratio::ONE)).collect();
            of.graph.combination(&terms, of.shape())
        }
    }
}
