//! The nodes that the function's value consists of, bodies of sums included.

use std::collections::{BTreeMap, HashSet};

use super::lower::Indices;
use crate::ir::{Expr, Id, Node};

/// Everything the value needs, with the bodies of its sums open over the given indices.
pub(super) fn reach<'g>(value: Expr<'g>, indices: &mut Indices<'g>) -> HashSet<Id> {
    reach_instead(&[value], &BTreeMap::new(), indices)
}

/// The same of several roots, where some nodes are computed as others.
pub(super) fn reach_instead<'g>(
    roots: &[Expr<'g>],
    instead: &BTreeMap<Id, Id>,
    indices: &mut Indices<'g>,
) -> HashSet<Id> {
    let mut seen = HashSet::new();
    for root in roots {
        visit(*root, 0, &mut Reach { instead, indices, seen: &mut seen });
    }
    seen
}

struct Reach<'a, 'g> {
    instead: &'a BTreeMap<Id, Id>,
    indices: &'a mut Indices<'g>,
    seen: &'a mut HashSet<Id>,
}

fn visit<'g>(root: Expr<'g>, depth: usize, reach: &mut Reach<'_, 'g>) {
    let mut stack = vec![root];
    while let Some(x) = stack.pop() {
        let x = reach.instead.get(&x.id).map_or(x, |other| x.graph.expr(*other));
        if !reach.seen.insert(x.id) {
            continue;
        }
        stack.extend(x.operands());
        if let Node::IndexSum(sum) = &*x.node() {
            let (_, body) = reach.indices.open(x, sum, depth);
            visit(body, depth + 1, reach);
        }
    }
}
