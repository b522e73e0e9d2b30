//! What the loops of a generated function store for each other, and whether comparisons decide what it computes.
//!
//! A loop that runs back reads states of one that ran before from a stack: a matrix that the first fills block by
//! block, of which the second takes blocks. Example: the gradient of ten steps of x ← sin(A x) stores eleven states.

use std::collections::BTreeMap;

use crate::ir::walk::needed;
use crate::ir::{Expr, Id};
use crate::ops::arithmetic::SUM;
use crate::ops::predicates::{AT_MOST, EQUAL, LESS};
use crate::ops::structure::{SCATTER, SLICE, TRANSPOSE};
use crate::plan::{Loop, Schedule, Step};

/// How many numbers are in stacks; a size that is known by name only counts as none.
pub(super) fn numbers_stored(schedule: &Schedule) -> u64 {
    let mut loops = vec![];
    collect(&schedule.steps, &mut loops);
    let read: Vec<Expr<'_>> = loops.iter().flat_map(|l| read_in(schedule, l)).collect();
    let mut stacks: BTreeMap<Id, u64> = BTreeMap::new();
    for id in loops.iter().flat_map(|l| filled_by(schedule, l)) {
        let size = schedule.graph.shape(id).size().map_or(0, |n| n as u64);
        if read.iter().any(|x| holds(*x, id)) {
            stacks.insert(id, size);
        }
    }
    stacks.values().sum()
}

/// Does a comparison of numbers decide what is computed?
pub(super) fn decides(schedule: &Schedule) -> bool {
    let compares = |p: Id| {
        let inside = needed(&schedule.graph, &[p]);
        inside
            .into_iter()
            .map(|x| schedule.graph.expr(x))
            .any(|x| x.is(&LESS) || x.is(&AT_MOST) || x.is(&EQUAL))
    };
    any_choice(&schedule.steps, &compares)
}

fn any_choice(steps: &[Step], is: &dyn Fn(Id) -> bool) -> bool {
    steps.iter().any(|step| match step {
        Step::Compute(_) => false,
        Step::Loop(inner) => any_choice(&inner.body, is),
        Step::Choice(c) => is(c.predicate) || any_choice(&c.then, is) || any_choice(&c.other, is),
    })
}

fn collect<'s>(steps: &'s [Step], found: &mut Vec<&'s Loop>) {
    for step in steps {
        match step {
            Step::Compute(_) => {}
            Step::Loop(inner) => {
                found.push(inner);
                collect(&inner.body, found);
            }
            Step::Choice(choice) => {
                collect(&choice.then, found);
                collect(&choice.other, found);
            }
        }
    }
}

/// What a loop collects block by block.
fn filled_by(schedule: &Schedule, inner: &Loop) -> Vec<Id> {
    let is_block = |x: Id| {
        let x = schedule.graph.expr(x);
        let upright = if x.is(&TRANSPOSE) { x.operand(0) } else { x };
        upright.is(&SCATTER)
    };
    let sums = inner.sums.iter().filter(|sum| is_block(sum.term)).map(|sum| sum.sum);
    let carries = inner.carries.iter().filter(|carry| {
        let next = schedule.graph.expr(carry.next);
        let terms = next.weighted();
        next.is(&SUM)
            && terms.iter().any(|t| t.0.id == carry.variable)
            && terms.iter().all(|t| t.0.id == carry.variable || is_block(t.0.id))
    });
    sums.chain(carries.map(|carry| carry.result)).collect()
}

/// What the body of a loop takes blocks of.
fn read_in<'s>(schedule: &'s Schedule, inner: &Loop) -> Vec<Expr<'s>> {
    let made =
        inner.body.iter().filter_map(|step| if let Step::Compute(id) = step { Some(*id) } else { None });
    let slices = made.map(|id| schedule.graph.expr(id)).filter(|x| x.is(&SLICE));
    slices.map(|x| x.operand(0)).collect()
}

/// Is it this, or a sum with it?
fn holds(x: Expr<'_>, stack: Id) -> bool {
    let x = if x.is(&TRANSPOSE) { x.operand(0) } else { x };
    x.id == stack || (x.is(&SUM) && x.weighted().iter().any(|t| t.0.id == stack))
}
