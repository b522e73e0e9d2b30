//! An estimate of how long a schedule takes, in multiplications: what decides between operations on matrices and
//! straight-line code.
//!
//! The constants are rough: they were chosen so that the functions of the benchmarks come out on the faster side, and are
//! to be set anew when a benchmark shows otherwise.

use super::{extent, flops, runs, size};
use crate::ir::{Expr, Graph};
use crate::ops::arithmetic::POWERS;
use crate::ops::lowered::{COMMUTE_COLUMNS, COMMUTE_ROWS};
use crate::ops::structure::{ENTRIES, SLICE, TRANSPOSE};
use crate::plan::{Schedule, Step};

/// What a division takes beyond a multiplication, and a square root too.
const DIVISION: u64 = 3;

/// Entries that an operation on matrices computes at once.
const LANES: u64 = 4;

/// What a matrix costs that is stored to be read again.
const STORED: u64 = 4;

/// What it costs to move an entry to another place.
const MOVED: u64 = 1;

/// What a run of a loop costs beyond its body.
const RUN: u64 = 2;

/// The estimate for a whole schedule.
pub fn of(schedule: &Schedule) -> u64 {
    steps(&schedule.graph, &schedule.steps)
}

fn steps(graph: &Graph, list: &[Step]) -> u64 {
    let each = list.iter().map(|step| match step {
        Step::Compute(x) => step_time(graph.expr(*x)),
        Step::Loop(inner) => {
            let added = inner.sums.iter().map(|sum| super::added(graph.expr(sum.term)));
            let once = steps(graph, &inner.body) + added.sum::<u64>() + RUN;
            runs(graph.expr(inner.trips)).saturating_mul(once)
        }
        Step::Choice(choice) => steps(graph, &choice.then).max(steps(graph, &choice.other)) + RUN,
    });
    each.fold(0, u64::saturating_add)
}

fn step_time(x: Expr<'_>) -> u64 {
    if x.is(&ENTRIES) {
        return x.operands().into_iter().map(|y| if y.is(&SLICE) { MOVED } else { 0 }).sum();
    }
    if [&TRANSPOSE, &COMMUTE_ROWS, &COMMUTE_COLUMNS].iter().any(|row| x.is(row)) {
        return MOVED * size(x.shape());
    }
    let divisions = if x.is(&POWERS) { DIVISION * size(x.shape()) * quotients(x) } else { 0 };
    let operations = flops(x) + divisions;
    if x.is_scalar() && x.operands().into_iter().all(Expr::is_scalar) {
        return operations;
    }
    let rows = x.operands().into_iter().map(|y| extent(y.shape().rows)).chain([extent(x.shape().rows)]);
    let lanes = rows.max().unwrap_or(1).clamp(1, LANES);
    operations / lanes + if operations > 0 || size(x.shape()) > 1 { STORED } else { 0 }
}

/// How often a product of powers divides or takes a root.
fn quotients(x: Expr<'_>) -> u64 {
    let factors = x.weighted();
    let under = factors.iter().any(|(_, p)| p.is_negative());
    let roots = factors.iter().filter(|(_, p)| !p.is_integer()).count();
    u64::from(under) + roots as u64
}
