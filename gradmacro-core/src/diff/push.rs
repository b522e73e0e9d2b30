//! Forward mode: the differential of every node, given those of some.

use std::collections::{BTreeSet, HashMap};

use crate::ir::region::OpenSum;
use crate::ir::{Carry, Expr, Id, Node, OpenBranch, OpenScan, Ratio};
use crate::ops::{Derivative, OpDef, unknown};

/// Differentials by node; what has none does not move.
pub type Tangents<'g> = HashMap<Id, Expr<'g>>;

/// The differential of `root`, or `None` if it does not move. The map gains those of everything in between.
pub fn push<'g>(root: Expr<'g>, tangents: &mut Tangents<'g>) -> Option<Expr<'g>> {
    let graph = root.graph;
    for id in carriers(root) {
        let y = graph.expr(id);
        if tangents.contains_key(&id) {
            continue;
        }
        match &*y.node() {
            Node::Scan(_) | Node::Branch(_) => of_region(y, tangents),
            _ => {
                if let Some(dy) = differential(y, tangents).filter(|dy| !dy.is_zero()) {
                    tangents.insert(id, dy);
                }
            }
        }
    }
    tangents.get(&root.id).copied()
}

/// Everything through which a change may reach the root, operands before users: not through slopes.
fn carriers(root: Expr<'_>) -> Vec<Id> {
    let graph = root.graph;
    let (mut seen, mut stack) = (BTreeSet::new(), vec![root.id]);
    while let Some(id) = stack.pop() {
        if seen.insert(id) {
            let node = graph.node(id);
            let operands = node.operands();
            let brings_slopes = node.op().is_some_and(|op| matches!(op.derivative, Derivative::Slopes));
            stack.extend(operands.iter().take(operands.len() / if brings_slopes { 2 } else { 1 }));
        }
    }
    seen.into_iter().collect()
}

fn differential<'g>(y: Expr<'g>, tangents: &Tangents<'g>) -> Option<Expr<'g>> {
    let moving: Vec<(usize, Expr<'g>)> =
        y.node().operands().iter().enumerate().filter_map(|(k, x)| Some((k, *tangents.get(x)?))).collect();
    if moving.is_empty() {
        return None;
    }
    match &*y.node() {
        // The results of a region move together with it.
        Node::Leaf(_) | Node::Scan(_) | Node::Branch(_) | Node::Result(..) => None,
        Node::Apply(op, ..) => of_operation(op.0, y, &moving),
        Node::IndexSum(_) => of_sum(y, tangents),
    }
}

fn of_operation<'g>(op: &'static OpDef, y: Expr<'g>, moving: &[(usize, Expr<'g>)]) -> Option<Expr<'g>> {
    let x = y.operands();
    match op.derivative {
        Derivative::Flat => None,
        Derivative::Slopes => {
            let arguments = x.len() / 2;
            let moving = moving.iter().filter(|(k, _)| *k < arguments);
            total(moving.filter_map(|(k, dx)| Some(spread(*x.get(arguments + k)?, *dx))))
        }
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

/// The differentials of a region's results.
fn of_region<'g>(region: Expr<'g>, tangents: &mut Tangents<'g>) {
    let moves = region.node().operands().iter().any(|x| tangents.contains_key(x));
    let Some(changes) = moves.then(|| of_scan(region, tangents).or_else(|| of_branch(region, tangents)))
    else {
        return;
    };
    for (k, dy) in changes.into_iter().flatten().enumerate().filter(|(_, dy)| !dy.is_zero()) {
        tangents.insert(region.result(k, dy.shape()).id, dy);
    }
}

/// The differential of a loop is the loop that carries differentials beside its variables.
fn of_scan<'g>(y: Expr<'g>, tangents: &Tangents<'g>) -> Option<Vec<Expr<'g>>> {
    let open = y.open_scan()?;
    let graph = y.graph;
    let mut inside = tangents.clone();
    let changes: Vec<Expr<'g>> = open.carries.iter().map(|c| graph.variable(c.variable.shape())).collect();
    inside.extend(open.carries.iter().zip(&changes).map(|(c, d)| (c.variable.id, *d)));
    let zero = |x: Expr<'g>| graph.zeros(x.shape());
    let mut carries: Vec<Carry<'g>> = open.carries.iter().map(|c| Carry { wanted: false, ..*c }).collect();
    for (c, variable) in open.carries.iter().zip(changes) {
        let initial = tangents.get(&c.initial.id).copied().unwrap_or_else(|| zero(c.initial));
        let next = push(c.next, &mut inside).unwrap_or_else(|| zero(c.next));
        carries.push(Carry { variable, initial, next, wanted: true });
    }
    let count = open.carries.len();
    Some(graph.scan(OpenScan { carries, ..open }).split_off(count))
}

/// The differential of a conditional is the conditional of the differentials.
fn of_branch<'g>(y: Expr<'g>, tangents: &Tangents<'g>) -> Option<Vec<Expr<'g>>> {
    let mut open = y.open_branch()?;
    let mut inside = tangents.clone();
    for (variable, outer) in open.captured.clone() {
        if let Some(change) = tangents.get(&outer.id) {
            let moved = y.graph.variable(variable.shape());
            open.captured.push((moved, *change));
            inside.insert(variable.id, moved);
        }
    }
    let mut along = |list: &[Expr<'g>]| -> Vec<Expr<'g>> {
        let change = |x: &Expr<'g>| push(*x, &mut inside).unwrap_or_else(|| y.graph.zeros(x.shape()));
        list.iter().map(change).collect()
    };
    let (then, other) = (along(&open.then), along(&open.other));
    Some(y.graph.branch(OpenBranch { then, other, ..open }))
}

fn total<'g>(terms: impl Iterator<Item = Expr<'g>>) -> Option<Expr<'g>> {
    let terms: Vec<(Expr<'g>, Ratio)> = terms.map(|t| (t, Ratio::ONE)).collect();
    let first = terms.first()?.0;
    if terms.len() == 1 {
        return Some(first);
    }
    Some(first.graph.combination(&terms, first.shape()))
}
