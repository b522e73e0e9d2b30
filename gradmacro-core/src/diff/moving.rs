//! What depends linearly on some leaves, results of regions one by one.

use std::collections::HashSet;

use crate::ir::region::parameter;
use crate::ir::walk::needed;
use crate::ir::{Branch, Expr, Graph, Id, Node, Scan};

/// Nodes that move when the leaves do.
#[derive(Default)]
pub(super) struct Moving(HashSet<Id>);

impl Moving {
    pub(super) fn contains(&self, x: Id) -> bool {
        self.0.contains(&x)
    }
}

/// What moves among everything that the roots need.
pub(super) fn moving(graph: &Graph, roots: &[Id], leaves: &[Expr<'_>]) -> Moving {
    let mut moves = Moving(leaves.iter().map(|x| x.id).collect());
    for id in needed(graph, roots) {
        let node = graph.node(id);
        let results = match &*node {
            Node::Scan(scan) => of_scan(graph, scan, &|x| moves.contains(x)),
            Node::Branch(branch) => of_branch(graph, branch, &|x| moves.contains(x)),
            Node::Result(..) => continue,
            _ => {
                if node.operands().iter().any(|x| moves.contains(*x)) {
                    moves.0.insert(id);
                }
                continue;
            }
        };
        let region = graph.expr(id);
        for (k, shape) in region.result_shapes().into_iter().enumerate().filter(|(k, _)| results[*k]) {
            moves.0.insert(region.result(k, shape).id);
            moves.0.insert(id);
        }
    }
    moves
}

/// Which carried variables move: those that start moving, or become so in some step.
pub(super) fn of_scan(graph: &Graph, scan: &Scan, moves: &dyn Fn(Id) -> bool) -> Vec<bool> {
    let count = scan.next.len();
    let mut carried: Vec<bool> = scan.operands[1..=count].iter().map(|x| moves(*x)).collect();
    loop {
        let is_moving = |k: usize, x: Id| if k < count { carried[k] } else { moves(x) };
        let inside = moving(graph, &scan.next, &parameters(graph, &scan.operands[1..], &is_moving));
        let next: Vec<bool> = (0..count).map(|k| carried[k] || inside.contains(scan.next[k])).collect();
        if next == carried {
            return carried;
        }
        carried = next;
    }
}

/// Which results of a conditional move.
pub(super) fn of_branch(graph: &Graph, branch: &Branch, moves: &dyn Fn(Id) -> bool) -> Vec<bool> {
    let leaves = parameters(graph, &branch.operands[1..], &|_, x| moves(x));
    let roots: Vec<Id> = branch.then.iter().chain(&branch.other).copied().collect();
    let inside = moving(graph, &roots, &leaves);
    branch.then.iter().zip(&branch.other).map(|(a, b)| inside.contains(*a) || inside.contains(*b)).collect()
}

/// The parameters of a closed body that move.
fn parameters<'g>(graph: &'g Graph, operands: &[Id], moves: &dyn Fn(usize, Id) -> bool) -> Vec<Expr<'g>> {
    let all = operands.iter().enumerate().filter(|(k, x)| moves(*k, **x));
    all.map(|(k, x)| parameter(graph, k + 1, graph.shape(*x))).collect()
}
