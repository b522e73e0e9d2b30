//! Cost: how the requested roots of one generated function are evaluated, all of them together.
//!
//! Takes canonical nodes, which say what a formula is, and gives a [`Schedule`], which says what is computed, in what
//! order, in which loops. The order of products, whether a sum is multiplied out, and what is shared are decided here
//! by an estimate of the time that all of it takes (`plan/cost/time.rs`); small irregular work becomes straight-line code
//! (`plan/scalarised.rs`). Nothing here knows calculus.
//!
//! Example: (A + Aᵀ) x is planned as A x + Aᵀ x: one more product takes less time than to transpose and add a matrix, and
//! beside the value xᵀA x the first is at hand.

mod chains;
mod choices;
pub mod cost;
mod decays;
mod factored;
mod fusion;
mod hazards;
mod lower;
mod monomials;
mod opened;
mod order;
mod products;
mod reach;
mod regions;
mod scalarised;
mod scaling;
mod scopes;
pub mod sign;
mod stable;
mod sums;
mod systems;
mod unrolled;

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::ir::{Data, Demanded, Graph, Id, Leaf, Node};
use crate::ops::index::KEPT_AT;
use choices::{Choices, candidates};
use fusion::Fused;
use lower::Lowering;
use opened::Opened;
use regions::Region;
use scalarised::scalarised;
pub use unrolled::unrolled;

/// What one generated function computes.
pub struct Schedule {
    /// A plain graph: every node is computed as it stands.
    pub graph: Graph,
    /// What is computed, in order.
    pub steps: Vec<Step>,
    /// The results.
    pub roots: Vec<Id>,
    /// Labels of nodes that the user named.
    pub labels: BTreeMap<Id, u32>,
    /// Entries of what the user named, with their places.
    pub entry_labels: BTreeMap<Id, (u32, String)>,
    /// Nodes of derivatives in which 0·∞ counts as 0.
    pub guarded: HashSet<Id>,
    /// Nodes that may be infinite where their operands are not, since something in them is divided by.
    pub unbounded: HashSet<Id>,
    /// Factorisations that are computed only because they may fail.
    pub tests: Vec<Id>,
    /// Operations per call, for sizes that are known.
    pub flops: u64,
    /// Is it straight-line code of scalars?
    pub straight: bool,
    /// Loops and conditionals, as they were put in order.
    regions: Vec<Region>,
}

impl Schedule {
    /// Serial numbers of the kept expressions that it reads.
    pub fn kept(&self) -> BTreeSet<u32> {
        let serial = |k: usize| match &*self.graph.node(Id(k as u32)) {
            Node::Leaf(Leaf::Kept(serial)) => Some(*serial),
            Node::Apply(op, Data::Kept(serial), _) if std::ptr::eq(op.0, &KEPT_AT) => Some(*serial),
            _ => None,
        };
        (0..self.graph.len()).filter_map(serial).collect()
    }

    /// Steps that compute a scalar.
    fn steps_of_scalars(&self) -> usize {
        fn of(graph: &Graph, steps: &[Step]) -> usize {
            let each = steps.iter().map(|step| match step {
                Step::Compute(x) => usize::from(graph.shape(*x).is_scalar()),
                Step::Loop(inner) => of(graph, &inner.body),
                Step::Choice(choice) => of(graph, &choice.then) + of(graph, &choice.other),
            });
            each.sum()
        }
        of(&self.graph, &self.steps)
    }
}

/// One step of a schedule.
pub enum Step {
    /// Compute this node; its operands are at hand.
    Compute(Id),
    /// Run a loop.
    Loop(Loop),
    /// Run one of two lists of steps.
    Choice(Choice),
}

/// Sums over one index, or a loop with carried variables.
pub struct Loop {
    /// The index, a variable that runs from 0, or down to it.
    pub index: Id,
    /// How often the body runs.
    pub trips: Id,
    /// Does the index run down?
    pub reversed: bool,
    /// What every run computes.
    pub body: Vec<Step>,
    /// Variables that hold a sum, and what each run adds to it.
    pub sums: Vec<Accumulated>,
    /// What is carried from run to run.
    pub carries: Vec<Carried>,
    /// Label of the index, if the user named it.
    pub index_label: Option<u32>,
}

/// A variable that a loop carries.
#[derive(Clone, Copy, Debug)]
pub struct Carried {
    /// Variable that holds it during a run.
    pub variable: Id,
    /// Variable that holds it after the last.
    pub result: Id,
    /// What it is before the first.
    pub initial: Id,
    /// What a run makes of it; all at once, after everything else.
    pub next: Id,
}

/// A conditional.
pub struct Choice {
    /// What decides.
    pub predicate: Id,
    /// Variables of the two lists, and what each stands for outside.
    pub captured: Vec<(Id, Id)>,
    /// Where the predicate holds.
    pub then: Vec<Step>,
    /// Where it does not.
    pub other: Vec<Step>,
    /// What comes out.
    pub results: Vec<Chosen>,
}

/// A result of a conditional.
#[derive(Clone, Copy, Debug)]
pub struct Chosen {
    /// Variable that holds it afterwards.
    pub result: Id,
    /// What it is where the predicate holds.
    pub then: Id,
    /// What it is where it does not.
    pub other: Id,
}

/// A sum that a loop accumulates.
#[derive(Clone, Copy, Debug)]
pub struct Accumulated {
    /// Variable that holds the sum.
    pub sum: Id,
    /// What every run adds.
    pub term: Id,
}

/// What is to be planned.
pub struct Wanted<'a> {
    /// The canonical graph.
    pub graph: &'a Graph,
    /// The function's value, whether or not it is among the roots: its divisions are the user's own.
    pub value: Id,
    /// The results of the generated function.
    pub roots: &'a [Id],
    /// Nodes that may as well be computed as others.
    pub others: &'a BTreeMap<Id, Id>,
    /// Factorisations that may fail; `Data::Demand(k)` is the k-th.
    pub demands: &'a [Demanded],
    /// Labels of nodes that the user named.
    pub labels: &'a BTreeMap<Id, u32>,
    /// Labels of indices that the user named, by sum.
    pub index_labels: &'a BTreeMap<Id, u32>,
    /// May short loops be written out?
    pub written_out: bool,
}

/// How often the choices are gone through.
const ROUNDS: usize = 2;

/// The cheapest schedule found, of regions fused as far as they can be.
pub fn plan(wanted: &Wanted<'_>) -> Schedule {
    let Wanted { graph, value, roots, others, demands, labels, index_labels, written_out } = wanted;
    let alternatives = others.iter().flat_map(|(x, y)| [*x, *y]);
    let demanded = demands.iter().map(|demand| demand.node);
    let all: Vec<Id> = roots.iter().copied().chain([*value]).chain(alternatives).chain(demanded).collect();
    let fused = Fused::of(graph, &all);
    let roots: Vec<Id> = roots.iter().map(|x| fused.id(*x)).collect();
    let demands: Vec<Demanded> = demands.iter().map(|d| Demanded { node: fused.id(d.node), ..*d }).collect();
    let schedule = cheapest(&Wanted {
        graph,
        value: fused.id(*value),
        roots: &roots,
        others: &others.iter().map(|(x, y)| (fused.id(*x), fused.id(*y))).collect(),
        demands: &demands,
        labels: &fused.labels(labels),
        index_labels: &fused.labels(index_labels),
        written_out: *written_out,
    });
    scalarised(schedule, *written_out)
}

/// What decides: the time that a schedule is estimated to take, then its operations.
fn cost(schedule: &Schedule) -> (u64, u64) {
    (cost::time::of(schedule), schedule.flops)
}

/// Factored as the formula is, then whatever choice makes the whole cheaper.
fn cheapest(wanted: &Wanted<'_>) -> Schedule {
    let mut choices = Choices::default();
    let mut opened = Opened::new(wanted.graph);
    let mut best = Lowering::schedule(wanted, &choices, &mut opened);
    let candidates = candidates(wanted, &mut opened);
    // What one choice makes possible another may take up: in a second round, if the first has found anything.
    for _ in 0..ROUNDS {
        let before = cost(&best);
        for choice in &candidates {
            let trial = choices.with(choice);
            let schedule = Lowering::schedule(wanted, &trial, &mut opened);
            if cost(&schedule) < cost(&best) {
                (choices, best) = (trial, schedule);
            }
        }
        if cost(&best) == before {
            break;
        }
    }
    best
}
