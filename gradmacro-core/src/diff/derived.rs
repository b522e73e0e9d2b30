//! From a program to its derivatives: the canonical graph, and what the user called things in it.

use std::collections::BTreeMap;

use super::gradient;
use crate::algebra::ALGEBRA;
use crate::front::Program;
use crate::ir::rebuild::Rebuild;
use crate::ir::{Expr, Graph, Id};

/// Named roots in one canonical graph.
pub struct Derived {
    /// Where all roots live.
    pub graph: Graph,
    /// The function's value.
    pub value: Id,
    /// Its gradient by each differentiated parameter, in the order of the request.
    pub gradients: Vec<Id>,
    /// The user's names; a label is a position in this list.
    pub names: Vec<String>,
    /// Labels of nodes.
    pub labels: BTreeMap<Id, u32>,
    /// Labels of indices, by sum.
    pub index_labels: BTreeMap<Id, u32>,
}

/// Brings a program to canonical form and differentiates it.
pub fn differentiate(program: &Program) -> Derived {
    let graph = Graph::canonical(&ALGEBRA);
    let mut canonical = Rebuild::into(&program.graph, &graph);
    let value = canonical.expr(program.value);
    let x: Vec<Expr<'_>> = program.differentiated_inputs().iter().map(|x| canonical.expr(x.id)).collect();
    let gradients = gradient(value, &x).iter().map(|g| g.id).collect();
    let mut names = vec![];
    let labels = labelled(&program.names, &canonical, &mut names);
    let index_labels = labelled(&program.indices, &canonical, &mut names);
    let value = value.id;
    Derived { graph, value, gradients, names, labels, index_labels }
}

fn labelled<N: ToString>(
    named: &BTreeMap<Id, N>,
    canonical: &Rebuild<'_, '_>,
    names: &mut Vec<String>,
) -> BTreeMap<Id, u32> {
    let mut labels = BTreeMap::new();
    for (id, name) in named {
        if let Some(made) = canonical.made(*id) {
            labels.entry(made.id).or_insert(names.len() as u32);
            names.push(name.to_string());
        }
    }
    labels
}
