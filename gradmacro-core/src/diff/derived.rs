//! From a program to its derivatives: the canonical graph, and what the user called things in it.

use std::collections::BTreeMap;

use super::gradient;
use crate::algebra::{ALGEBRA, project, restricted, spelled};
use crate::front::Program;
use crate::ir::rebuild::Rebuild;
use crate::ir::{Demanded, Expr, Graph, Id, Leaf, Properties};

/// Named roots in one canonical graph.
pub struct Derived {
    /// Where all roots live.
    pub graph: Graph,
    /// The function's value.
    pub value: Id,
    /// Its gradient by each differentiated parameter, in the order of the request.
    pub gradients: Vec<Id>,
    /// The value and the gradients as they are printed: cofactors as |X| X⁻ᵀ.
    pub printed: Vec<Id>,
    /// Factorisations that may fail, by demand.
    pub demands: Vec<Demanded>,
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
    let known = state_facts(program, &mut canonical, &graph);
    let value = canonical.expr(program.value);
    let inputs = program.differentiated.iter();
    let x: Vec<Expr<'_>> =
        inputs.filter_map(|k| Some(graph.leaf(Leaf::Input(*k as u32), program.input(*k)?.shape()))).collect();
    let onto = program.differentiated.iter().map(|k| known[*k]);
    let gradients: Vec<Expr<'_>> =
        gradient(value, &x).into_iter().zip(onto).map(|(g, onto)| project(g, onto)).collect();
    let printed = std::iter::once(value).chain(gradients.iter().copied()).map(|x| spelled(x).id).collect();
    let gradients = gradients.iter().map(|g| g.id).collect();
    let demands = demands(program, &mut canonical);
    let mut names = vec![];
    let labels = labelled(&program.names, &canonical, &mut names);
    let index_labels = labelled(&program.indices, &canonical, &mut names);
    let value = value.id;
    Derived { graph, value, gradients, printed, demands, names, labels, index_labels }
}

/// States what is known of the inputs, except of those whose restriction says it already.
fn state_facts<'g>(program: &Program, canonical: &mut Rebuild<'_, 'g>, graph: &'g Graph) -> Vec<Properties> {
    let mut known = vec![Properties::NONE; program.inputs.len()];
    for (k, input) in program.inputs.iter().enumerate().filter(|(_, input)| !input.facts.is_empty()) {
        let stated = Properties::stated(&input.facts);
        let Some(x) = program.input(k) else { continue };
        let leaf = Leaf::Input(k as u32);
        if stated.is_diagonal() {
            canonical.replace(x.id, restricted(graph.leaf(leaf, x.shape()), stated));
        } else {
            graph.state(leaf, stated);
            known[k] = stated;
        }
    }
    known
}

fn demands(program: &Program, canonical: &mut Rebuild<'_, '_>) -> Vec<Demanded> {
    let of = |demand: &crate::front::Demand| Demanded {
        node: canonical.expr(demand.node).id,
        test: demand.test,
        required: demand.is_required(),
    };
    program.demands.iter().map(of).collect()
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
