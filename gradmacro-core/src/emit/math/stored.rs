//! States that a loop stores for another, and reads back: they are printed as states, not as places in a stack.
//!
//! A stack is a sum of scattered blocks, one for each step, and a slice of it takes one of them. Which step it is
//! is found by solving for the index. Where the first state is not in the
//! stack but added to it, a slice is the state less that, and the algebra cancels it.

use super::loops::{Around, Role};
use super::reading::Reader;
use super::relations::linear;
use super::tree::Formula;
use crate::ir::rebuild::Rebuild;
use crate::ir::walk::needed;
use crate::ir::{Expr, Id, Node, OpenScan};
use crate::ops::structure::{SCATTER, SLICE};

/// What is read back.
#[derive(Clone, Copy)]
pub(super) struct Stored<'g> {
    /// Stands for it in formulas.
    pub(super) variable: Expr<'g>,
    /// The loop that stored it.
    from: usize,
    what: Block<'g>,
    /// The step after which.
    at: Expr<'g>,
}

/// What a step stores.
#[derive(Clone, Copy)]
enum Block<'g> {
    /// What this carried variable becomes.
    State(usize),
    /// Something else.
    Value(Expr<'g>),
}

impl<'g> Reader<'_, 'g> {
    /// The same with what is read back from stacks named, within the indices that are open.
    pub(super) fn with_states(&mut self, bodies: &[Expr<'g>]) -> Vec<Expr<'g>> {
        let (Some(outer), Some(first)) = (self.around.first(), bodies.first()) else {
            return bodies.to_vec();
        };
        let graph = first.graph;
        let mut again = Rebuild::within(graph, outer.scope);
        let roots: Vec<Id> = bodies.iter().map(|x| x.id).collect();
        let slices = needed(graph, &roots).into_iter().map(|id| graph.expr(id)).filter(|x| x.is(&SLICE));
        let named: Vec<_> = slices.filter_map(|x| Some((x.id, self.state_of(x)?))).collect();
        if named.is_empty() {
            return bodies.to_vec();
        }
        named.into_iter().for_each(|(id, state)| again.replace(id, state));
        roots.into_iter().map(|id| again.expr(id)).collect()
    }

    /// A slice of what an earlier loop collected by what it stored there.
    fn state_of(&mut self, x: Expr<'g>) -> Option<Expr<'g>> {
        let [stack, row, column] = x.operands()[..] else { return None };
        let (node, graph) = (stack.node(), x.graph);
        let Node::Result(k, [region]) = &*node else { return None };
        let region = graph.expr(*region);
        let is_before = self.around.last().is_some_and(|a| region.is_fixed(a.scope));
        if !is_before || !matches!(&*region.node(), Node::Scan(_)) {
            return None;
        }
        let from = self.opened(region)?;
        let own = &self.loops.opened[from];
        let Role::Total(term) = &own.roles[*k as usize] else { return None };
        if !term.is(&SCATTER) || term.operand(0).shape() != x.shape() {
            return None;
        }
        let (block, open) = (term.operand(0), &own.open);
        let (top, left) = (term.operand(1), term.operand(2));
        let (place, read) = match (top == row, left == column) {
            (true, _) => (left, column),
            (_, true) => (top, row),
            _ => return None,
        };
        let at = step(open.index, place, read)?;
        let state = open.carries.iter().position(|c| c.next == block);
        let state = state.filter(|k| matches!(own.roles[*k], Role::States(..)));
        let first = state.and_then(|_| first_place(open, place));
        if !self.is_stored(open, at, first.is_some()) {
            return None;
        }
        let first = state.zip(first).map(|(k, first)| {
            let first = graph.index(first);
            let (top, left) = if top == row { (top, first) } else { (first, left) };
            open.carries[k].initial.scatter(top, left, stack.shape())
        });
        let held = [Some(open.carries[*k as usize].initial), first];
        let [held, first] = held.map(|y| y.map(|y| y.slice(row, column, x.shape())));
        let variable = graph.variable(x.shape());
        let what = state.map_or(Block::Value(block), Block::State);
        self.loops.reads.push(Stored { variable, from, what, at });
        let plus = held.map_or(variable, |held| variable + held);
        Some(first.map_or(plus, |first| plus - first))
    }

    /// Is this always a step of the loop, or what it starts with if that is known?
    fn is_stored(&self, open: &OpenScan<'g>, at: Expr<'g>, starts: bool) -> bool {
        let (terms, constant) = linear(at);
        let (before, behind) = match open.reversed {
            false => (-i64::from(starts), 0),
            true => (0, i64::from(starts)),
        };
        let trips_of = |x: Expr<'g>| self.around.iter().find(|a| a.index == x).map(|a| a.trips);
        if let [(index, 1)] = terms[..]
            && trips_of(index) == Some(open.trips)
        {
            return (before..=behind).contains(&constant);
        }
        let last = |trips: Expr<'g>| {
            let (named, trips) = linear(trips);
            named.is_empty().then_some(trips - 1)
        };
        let Some(end) = last(open.trips) else { return false };
        let (mut least, mut most) = (constant, constant);
        for (index, factor) in terms {
            let Some(last) = trips_of(index).and_then(last) else { return false };
            least += (factor * last).min(0);
            most += (factor * last).max(0);
        }
        before <= least && most <= end + behind
    }

    /// What was stored, at the step after which it was.
    pub(super) fn read_back(&mut self, stored: Stored<'g>) -> Formula {
        let own = &self.loops.opened[stored.from];
        let after = i64::from(!own.open.reversed);
        let place = Around { at: Some(stored.at), ..Around::of_loop(&own.open, own.name.clone()) };
        self.around.push(place);
        let formula = match stored.what {
            Block::State(k) => self.state_at(stored.from, k, after),
            Block::Value(x) => self.read(x),
        };
        self.around.pop();
        formula
    }
}

/// The step in which what stands in `column` was put in `place`, which counts steps.
fn step<'g>(index: Expr<'g>, place: Expr<'g>, column: Expr<'g>) -> Option<Expr<'g>> {
    let (pace, offset) = pace(index, place)?;
    let (terms, constant) = linear(column);
    let whole = |n: i64| (n % pace == 0).then_some(n / pace);
    let terms: Option<Vec<_>> = terms.into_iter().map(|(x, k)| Some((x, whole(k)?))).collect();
    Some(index.graph.affine(&terms?, whole(constant - offset)?))
}

/// Where the first state stands, if it is before what the steps put into place.
fn first_place(open: &OpenScan<'_>, place: Expr<'_>) -> Option<i64> {
    let (pace, offset) = pace(open.index, place)?;
    let before = match (open.reversed, linear(open.trips)) {
        (false, _) => -1,
        (true, (terms, trips)) if terms.is_empty() => trips,
        (true, _) => return None,
    };
    Some(pace * before + offset).filter(|place| *place >= 0)
}

/// k and c of k·index + c.
fn pace(index: Expr<'_>, place: Expr<'_>) -> Option<(i64, i64)> {
    let (terms, offset) = linear(place);
    match terms[..] {
        [(own, pace)] if own == index && pace != 0 => Some((pace, offset)),
        _ => None,
    }
}
