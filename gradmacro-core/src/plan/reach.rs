//! The nodes that the function's value consists of, bodies of regions included.

use std::collections::{BTreeMap, HashSet};

use super::opened::Opened;
use crate::ir::{Expr, Id};

/// Everything the value needs, with the bodies of its regions open.
pub(super) fn reach<'g>(value: Expr<'g>, opened: &mut Opened<'g>) -> HashSet<Id> {
    reach_instead(&[value], &BTreeMap::new(), opened)
}

/// The same of several roots, where some nodes are computed as others.
pub(super) fn reach_instead<'g>(
    roots: &[Expr<'g>],
    instead: &BTreeMap<Id, Id>,
    opened: &mut Opened<'g>,
) -> HashSet<Id> {
    let mut seen = HashSet::new();
    let mut stack = roots.to_vec();
    while let Some(x) = stack.pop() {
        let x = instead.get(&x.id).map_or(x, |other| x.graph.expr(*other));
        if seen.insert(x.id) {
            stack.extend(opened.needs(x));
        }
    }
    seen
}
