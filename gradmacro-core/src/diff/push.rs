//! Forward mode: the differential of every node, given those of some.

use std::collections::HashMap;

use crate::ir::region::OpenSum;
use crate::ir::walk::needed;
use crate::ir::{Expr, Id, Node, Ratio};
use crate::ops::{Derivative, OpDef, unknown};

/// Differentials by node; what has none does not move.
pub type Tangents<'g> = HashMap<Id, Expr<'g>>;

/// The differential of `root`, or `None` if it does not move. The map gains those of everything in between.
pub fn push<'g>(root: Expr<'g>, tangents: &mut Tangents<'g>) -> Option<Expr<'g>> {
    let graph = root.graph;
    for id in needed(graph, &[root.id]) {
        let y = graph.expr(id);
        if tangents.contains_key(&id) {
            continue;
        }
        if let Some(dy) = differential(y, tangents).filter(|dy| !dy.is_zero()) {
            tangents.insert(id, dy);
        }
    }
    tangents.get(&root.id).copied()
}

fn differential<'g>(y: Expr<'g>, tangents: &Tangents<'g>) -> Option<Expr<'g>> {
    let moving: Vec<(usize, Expr<'g>)> =
        y.node().operands().iter().enumerate().filter_map(|(k, x)| Some((k, *tangents.get(x)?))).collect();
    if moving.is_empty() {
        return None;
    }
    match &*y.node() {
        Node::Leaf(_) => None,
        Node::Apply(op, ..) => of_operation(op.0, y, &moving),
        Node::IndexSum(_) => of_sum(y, tangents),
    }
}

fn of_operation<'g>(op: &'static OpDef, y: Expr<'g>, moving: &[(usize, Expr<'g>)]) -> Option<Expr<'g>> {
    let x = y.operands();
    match op.derivative {
        Derivative::Flat => None,
        Derivative::Unknown => Some(unknown(y)),
        Derivative::Linear(several, _) => {
            let is_zero = |k: usize| k < several && !moving.iter().any(|m| m.0 == k);
            let at = |k: usize| moving.iter().find(|m| m.0 == k).map_or(x[k], |m| m.1);
            let zero = |k: usize| y.graph.zeros(x[k].shape());
            let operands: Vec<_> = (0..x.len()).map(|k| if is_zero(k) { zero(k) } else { at(k) }).collect();
            Some(y.graph.apply(op, y.node().data().clone(), &operands, y.shape()))
        }
        Derivative::Multilinear(_) => total(moving.iter().map(|(k, dx)| {
            let mut operands = x.clone();
            operands[*k] = *dx;
            y.graph.apply(op, y.node().data().clone(), &operands, y.shape())
        })),
        Derivative::Partials(partial, _) => total(moving.iter().map(|(k, dx)| partial(y, *k, *dx))),
        Derivative::Entrywise(slopes) => {
            total(moving.iter().filter_map(|(k, dx)| Some(spread(slopes.get(*k)?(y, &x), *dx))))
        }
    }
}

/// slope ⊙ dx; a slope may be a scalar that is the same for all entries.
fn spread<'g>(slope: Expr<'g>, dx: Expr<'g>) -> Expr<'g> {
    if slope.is_scalar() { slope * dx } else { slope.hadamard(dx) }
}

/// The differential of a sum over an index is the sum of the differentials of its body.
fn of_sum<'g>(y: Expr<'g>, tangents: &Tangents<'g>) -> Option<Expr<'g>> {
    let open = y.open()?;
    let body = push(open.body, &mut tangents.clone())?;
    Some(y.graph.sum_over(OpenSum { body, ..open }))
}

fn total<'g>(terms: impl Iterator<Item = Expr<'g>>) -> Option<Expr<'g>> {
    let terms: Vec<(Expr<'g>, Ratio)> = terms.map(|t| (t, Ratio::ONE)).collect();
    let first = terms.first()?.0;
    if terms.len() == 1 {
        return Some(first);
    }
    Some(first.graph.combination(&terms, first.shape()))
}
