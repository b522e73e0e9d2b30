//! From a program to its derivatives: the canonical graph, and what the user called things in it.

use std::collections::{BTreeMap, BTreeSet};

use super::{Differentiated, NoStorage, Storage};
use crate::algebra::{ALGEBRA, restricted, spelled};
use crate::front::Program;
use crate::front::request::{Layout, Output, Part};
use crate::ir::rebuild::Rebuild;
use crate::ir::{Demanded, Expr, Graph, Id, Leaf, Node, Properties};
use crate::ops::Derivative;

/// Named roots in one canonical graph.
pub struct Derived {
    /// Where all roots live.
    pub graph: Graph,
    /// The function's value.
    pub value: Id,
    /// What the generated functions return, part by part.
    pub parts: BTreeMap<Part, Vec<Id>>,
    /// The same as they are printed: cofactors as |X| X⁻ᵀ.
    pub printed: BTreeMap<Part, Vec<Id>>,
    /// Matrices without a closed form, and the same computed another way.
    pub others: BTreeMap<Id, Id>,
    /// Factorisations that may fail, by demand.
    pub demands: Vec<Demanded>,
    /// The user's names; a label is a position in this list.
    pub names: Vec<String>,
    /// Labels of nodes.
    pub labels: BTreeMap<Id, u32>,
    /// Labels of indices, by sum.
    pub index_labels: BTreeMap<Id, u32>,
}

/// Something that cannot be derived.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NotDifferentiable {
    /// The derivative of this operation is not known, and this part of a result needs it.
    Unknown(Part, &'static str),
    /// A loop would have to store too much.
    Storage(NoStorage),
}

impl Derived {
    /// The results of a generated function, in order.
    pub fn roots(&self, output: Output) -> Vec<Id> {
        output.parts().iter().flat_map(|part| self.parts[part].iter().copied()).collect()
    }
}

/// Brings a program to canonical form and differentiates it; reverse mode may store so much.
pub fn differentiate(
    program: &Program,
    wanted: &BTreeSet<Part>,
    layout: Layout,
    storage: Storage,
) -> Result<Derived, NotDifferentiable> {
    let graph = Graph::canonical(&ALGEBRA);
    let mut canonical = Rebuild::into(&program.graph, &graph);
    let known = state_facts(program, &mut canonical, &graph);
    let value = canonical.expr(program.value);
    let of = differentiated(program, layout, value, &known).within(storage);
    let before = graph.len();
    let (mut parts, mut printed) = (BTreeMap::new(), BTreeMap::new());
    for part in wanted.iter().copied() {
        let made = of.part(part);
        if let Some(row) = unknown_since(&graph, before) {
            return Err(NotDifferentiable::Unknown(part, row));
        }
        if let Some(why) = of.refused() {
            return Err(NotDifferentiable::Storage(why));
        }
        printed.insert(part, made.iter().map(|x| spelled(*x).id).collect());
        parts.insert(part, made.iter().map(|x| x.id).collect());
    }
    let demands = demands(program, &mut canonical);
    let mut names = vec![];
    let labels = labelled(&program.names, &canonical, &mut names);
    let index_labels = labelled(&program.indices, &canonical, &mut names);
    let value = value.id;
    let others = of.others();
    Ok(Derived { graph, value, parts, printed, others, demands, names, labels, index_labels })
}

/// The operation whose derivative was needed but is not known: NaN stands for it among the nodes made since then.
fn unknown_since(graph: &Graph, before: usize) -> Option<&'static str> {
    let nodes = || (0..graph.len()).map(|k| graph.node(Id(k as u32)));
    let is_nan = |node: &Node| matches!(node, Node::Leaf(Leaf::Constant(c)) if c.value().is_nan());
    nodes().skip(before).find(|node| is_nan(node))?;
    nodes()
        .filter_map(|node| node.op())
        .find(|op| matches!(op.derivative, Derivative::Unknown))
        .map(|op| op.name)
}

/// The value in this graph, and what it is differentiated by.
pub(crate) fn differentiated<'g>(
    program: &Program,
    layout: Layout,
    value: Expr<'g>,
    known: &[Properties],
) -> Differentiated<'g> {
    let leaf = |k: &usize| Some(value.graph.leaf(Leaf::Input(*k as u32), program.input(*k)?.shape()));
    let x = program.differentiated.iter().filter_map(leaf).collect();
    let known = program.differentiated.iter().map(|k| known[*k]).collect();
    Differentiated::new(value, x, program.differentiated_kinds(), known, layout)
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
