//! What a root needs.

use std::collections::BTreeSet;

use super::graph::{Graph, Id};

/// Everything that the roots need, operands before users. Bodies of regions are not entered.
pub fn needed(graph: &Graph, roots: &[Id]) -> Vec<Id> {
    let (mut seen, mut stack) = (BTreeSet::new(), roots.to_vec());
    while let Some(x) = stack.pop() {
        if seen.insert(x) {
            stack.extend(graph.node(x).operands());
        }
    }
    seen.into_iter().collect()
}
