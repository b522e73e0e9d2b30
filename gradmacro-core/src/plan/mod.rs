//! Cost: how the requested roots of one generated function are evaluated, all of them together.
//!
//! Takes canonical nodes, which say what a formula is, and gives a [`Schedule`], which says what is computed, in what
//! order, in which loops. The order of products, whether a sum is multiplied out, and what is shared are decided here
//! by counting operations; nothing here knows calculus.
//!
//! Example: (A + Aᵀ) x is planned as a sum and one product for the gradient alone, and as A x + Aᵀ x where the value
//! xᵀA x is wanted too, because A x is then at hand.

mod chains;
pub mod cost;
mod factored;
mod lower;
mod monomials;
mod order;
mod products;
mod reach;
mod scaling;
pub mod sign;
mod stable;
mod sums;
mod systems;

use std::collections::{BTreeMap, HashSet};

use crate::algebra;
use crate::ir::walk::needed;
use crate::ir::{Demanded, Expr, Graph, Id};
use crate::ops::products::PRODUCT;
use lower::Lowering;

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
    /// Nodes of derivatives in which 0·∞ counts as 0.
    pub guarded: HashSet<Id>,
    /// Nodes that may be infinite where their operands are not, since something in them is divided by.
    pub unbounded: HashSet<Id>,
    /// Factorisations that are computed only because they may fail.
    pub tests: Vec<Id>,
    /// Operations per call, for sizes that are known.
    pub flops: u64,
}

/// One step of a schedule.
pub enum Step {
    /// Compute this node; its operands are at hand.
    Compute(Id),
    /// Run a loop.
    Loop(Loop),
}

/// Sums over one index.
pub struct Loop {
    /// The index, a variable that runs from 0.
    pub index: Id,
    /// How often the body runs.
    pub trips: Id,
    /// What every run computes.
    pub body: Vec<Step>,
    /// Variables that hold a sum, and what each run adds to it.
    pub sums: Vec<Accumulated>,
}

/// A sum that a loop accumulates.
#[derive(Clone, Copy, Debug)]
pub struct Accumulated {
    /// Variable that holds the sum.
    pub sum: Id,
    /// What every run adds.
    pub term: Id,
    /// Label of the index, if the user named it.
    pub index_label: Option<u32>,
}

/// What is to be planned.
pub struct Wanted<'a> {
    /// The canonical graph.
    pub graph: &'a Graph,
    /// The function's value, whether or not it is among the roots: its divisions are the user's own.
    pub value: Id,
    /// The results of the generated function.
    pub roots: &'a [Id],
    /// Factorisations that may fail; `Data::Demand(k)` is the k-th.
    pub demands: &'a [Demanded],
    /// Labels of nodes that the user named.
    pub labels: &'a BTreeMap<Id, u32>,
    /// Labels of indices that the user named, by sum.
    pub index_labels: &'a BTreeMap<Id, u32>,
}

/// Products with a sum among their factors that are tried multiplied out; more are left factored.
const CANDIDATES: usize = 16;

/// Has the product a sum among its factors that is no residual? A difference of vectors may be far smaller than its
/// terms, and multiplied out it would lose the digits.
fn may_be_multiplied_out(x: Expr<'_>) -> bool {
    let mut sums =
        x.operands().into_iter().map(|f| (f, algebra::as_terms(f))).filter(|(_, terms)| terms.len() > 1);
    sums.next().is_some_and(|(f, terms)| {
        let negative = terms.iter().filter(|term| term.1.is_negative()).count();
        !f.shape().is_vector() || negative == 0 || negative == terms.len()
    })
}

/// The cheapest schedule found: factored as the formula is, then whatever multiplied out makes the whole cheaper.
pub fn plan(wanted: &Wanted<'_>) -> Schedule {
    let mut open = HashSet::new();
    let mut best = Lowering::schedule(wanted, &open);
    let nodes = needed(wanted.graph, wanted.roots);
    let candidates = nodes.into_iter().filter(|x| {
        let x = wanted.graph.expr(*x);
        x.is(&PRODUCT) && may_be_multiplied_out(x)
    });
    for candidate in candidates.take(CANDIDATES) {
        open.insert(candidate);
        let trial = Lowering::schedule(wanted, &open);
        if trial.flops < best.flops {
            best = trial;
        } else {
            open.remove(&candidate);
        }
    }
    best
}
