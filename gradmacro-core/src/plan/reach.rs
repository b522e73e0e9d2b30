//! The nodes that the function's value consists of, bodies of sums included.

use std::collections::HashSet;

use super::lower::Indices;
use crate::ir::{Expr, Id, Node};

/// Everything the value needs, with the bodies of its sums open over the given indices.
pub(super) fn reach<'g>(value: Expr<'g>, indices: &mut Indices<'g>) -> HashSet<Id> {
    let mut seen = HashSet::new();
    visit(value, 0, indices, &mut seen);
    seen
}

fn visit<'g>(root: Expr<'g>, depth: usize, indices: &mut Indices<'g>, seen: &mut HashSet<Id>) {
    let mut stack = vec![root];
    while let Some(x) = stack.pop() {
        if !seen.insert(x.id) {
            continue;
        }
        stack.extend(x.operands());
        if let Node::IndexSum(sum) = &*x.node() {
            let (_, body) = indices.open(x, sum, depth);
            visit(body, depth + 1, indices, seen);
        }
    }
}
