//! What must not be computed unless a loop runs: it does not vary with the loop, so it is computed before it, but it may
//! fail, and a loop without a run does not fail.
//!
//! A loop that may have no run goes into a conditional then, together with what it needs that may fail.
//!
//! Example: `for _ in 0..n { s += a.lu().solve(x).expect("singular")[0]; }` becomes
//! `let s = if n >= 1 { let factors = …; for _ in 0..n { … } s } else { s0 };`.

use std::collections::{HashMap, HashSet};

use super::regions::{Region, Steps, Sum};
use super::{Choice, Chosen, Loop, Step};
use crate::ir::{Data, Dim, Expr, Graph, Id, Leaf, Node};
use crate::ops::factors::REQUIRED;
use crate::ops::index::KEPT_AT;
use crate::ops::predicates::NOT_NEGATIVE;
use crate::ops::structure::SLICE;

/// Trip counts of the loops of a graph, by index.
pub(super) struct Hazards<'a> {
    graph: &'a Graph,
    trips: HashMap<Id, Id>,
}

impl<'a> Hazards<'a> {
    pub(super) fn of(graph: &'a Graph, regions: &[Region]) -> Self {
        let trips = regions.iter().filter_map(|region| match region {
            Region::Sum(Sum { index, trips, .. }) | Region::Scan(Steps { index, trips, .. }) => {
                Some((*index, *trips))
            }
            Region::Branch(_) => None,
        });
        Hazards { graph, trips: trips.collect() }
    }

    /// Does a loop that often run for certain?
    pub(super) fn runs(&self, trips: Id) -> bool {
        self.graph.expr(trips).node().data().constant_index().is_some_and(|n| n > 0)
    }

    /// May one of these steps fail? An entry is read where it is used, so alone it does nothing.
    pub(super) fn any(&self, steps: &[Step]) -> bool {
        let mut failing = HashSet::new();
        steps.iter().any(|step| match step {
            Step::Compute(id) => {
                let x = self.graph.expr(*id);
                let own = self.may_fail(x);
                if own {
                    failing.insert(*id);
                }
                own && !is_entry(x) || x.operands().iter().any(|y| failing.contains(&y.id))
            }
            Step::Loop(inner) => self.any(&inner.body) && self.runs(inner.trips),
            Step::Choice(_) => false,
        })
    }

    fn may_fail(&self, x: Expr<'_>) -> bool {
        if x.is(&SLICE) {
            let inner = x.operand(0).shape();
            let inside = self.is_inside(x.operand(1), inner.rows, x.shape().rows);
            return !(inside && self.is_inside(x.operand(2), inner.columns, x.shape().columns));
        }
        x.is(&REQUIRED) || x.is(&KEPT_AT) || matches!(x.node().data(), Data::Demand(_))
    }

    /// Is a block of this size at this place inside, whatever the indices are?
    fn is_inside(&self, place: Expr<'_>, of: Dim, block: Dim) -> bool {
        if let Some(trips) = self.trips.get(&place.id) {
            // The index of a loop over the whole range.
            let trips = self.graph.node(*trips);
            if block == Dim::ONE && matches!(&*trips, Node::Leaf(Leaf::Extent(dim)) if *dim == of) {
                return true;
            }
        }
        match (self.range(place), of, block) {
            (Some((0, 0)), _, _) => true,
            (Some((least, most)), Dim::Known(all), Dim::Known(own)) => {
                least >= 0 && most.saturating_add(own as i64) <= all as i64
            }
            (Some((least, most)), _, _) => least == most,
            _ => false,
        }
    }

    /// The least and the largest value, if they are known.
    fn range(&self, x: Expr<'_>) -> Option<(i64, i64)> {
        if let Some(trips) = self.trips.get(&x.id) {
            let trips = self.graph.expr(*trips).node().data().constant_index()?;
            return Some((0, (trips - 1).max(0)));
        }
        let node = x.node();
        let Data::Affine(factors, number) = node.data() else { return None };
        let (mut least, mut most) = (*number, *number);
        for (operand, k) in x.operands().into_iter().zip(factors) {
            let (low, high) = self.range(operand)?;
            let (a, b) = (low.checked_mul(*k)?, high.checked_mul(*k)?);
            least = least.checked_add(a.min(b))?;
            most = most.checked_add(a.max(b))?;
        }
        Some((least, most))
    }

    /// The condition that a loop runs.
    pub(super) fn condition(&self, trips: Id) -> Id {
        self.graph.affine(&[(self.graph.expr(trips), 1)], -1).reduce(&NOT_NEGATIVE).id
    }

    /// The loop, after these steps, if the condition holds.
    pub(super) fn guarded(&self, predicate: Id, mut before: Vec<Step>, mut inner: Loop) -> Choice {
        let (mut results, mut zeros) = (vec![], vec![]);
        for sum in &mut inner.sums {
            let x = self.graph.expr(sum.sum);
            let zero = self.graph.zeros(x.shape()).id;
            let own = self.graph.variable(x.shape()).id;
            results.push(Chosen { result: sum.sum, then: own, other: zero });
            zeros.push(Step::Compute(zero));
            sum.sum = own;
        }
        for carry in &mut inner.carries {
            let own = self.graph.variable(self.graph.shape(carry.result)).id;
            results.push(Chosen { result: carry.result, then: own, other: carry.initial });
            carry.result = own;
        }
        before.push(Step::Loop(inner));
        Choice { predicate, captured: vec![], then: before, other: zeros, results }
    }
}

/// One entry of something that has a name.
fn is_entry(x: Expr<'_>) -> bool {
    x.is(&SLICE) && x.is_scalar() && matches!(&*x.operand(0).node(), Node::Leaf(_))
}
