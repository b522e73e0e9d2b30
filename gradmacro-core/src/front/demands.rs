//! Factorisations that may fail, as they are met while reading.
//!
//! Invariant: a demand is recorded where the user takes a value out of an `Option`, with what happens if there is none;
//! equal ones are recorded once. What a trial records is forgotten if the trial is given up. Inside a sum the node of a
//! demand may mention the index; whoever replaces or closes over an index does so in the demands too, so that none is
//! open in the end.
//!
//! Example: `(0..n).map(|i| (a + i as f64 * b).try_inverse().unwrap().trace()).sum()` demands Σᵢ demand(a + i·b).

use super::exits::Exit;
use super::program::{Demand, Failure};
use super::reader::Reader;
use super::sequence::Run;
use crate::ir::rebuild::Rebuild;
use crate::ir::{Data, Expr, Id, Shape, Test};
use crate::ops::OpDef;
use crate::ops::systems::{DEMAND, REQUIRE};

/// A demand while the body is being read.
#[derive(Clone)]
pub(super) struct Pending<'g> {
    node: Expr<'g>,
    /// What is tested, as it was recorded; nothing after an index in it was replaced.
    operands: Vec<Id>,
    test: Test,
    failure: Failure,
}

impl Failure {
    fn is(&self, other: &Failure) -> bool {
        match (self, other) {
            (Failure::Unwrap, Failure::Unwrap) | (Failure::Question, Failure::Question) => true,
            (Failure::Expect(a), Failure::Expect(b)) => a.to_string() == b.to_string(),
            _ => false,
        }
    }
}

impl<'g> Reader<'g> {
    /// Records that a matrix must pass a test, or that a predicate must hold.
    pub(super) fn demand(&self, matrix: Expr<'g>, test: Test, failure: Failure) {
        let op = if test == Test::Holds { &REQUIRE } else { &DEMAND };
        self.demanded(op, &[matrix], Shape::SCALAR, (test, failure));
    }

    /// Records a demand whose node is this operation; its node.
    pub(super) fn demanded(
        &self,
        op: &'static OpDef,
        operands: &[Expr<'g>],
        shape: Shape,
        (test, failure): (Test, Failure),
    ) -> Expr<'g> {
        let mut demands = self.state.demands.borrow_mut();
        let ids: Vec<Id> = operands.iter().map(|x| x.id).collect();
        let known = demands.iter().find(|d| d.operands == ids && d.test == test && d.failure.is(&failure));
        if let Some(known) = known {
            return known.node;
        }
        let node = self.graph.apply(op, Data::Demand(demands.len() as u32), operands, shape);
        demands.push(Pending { node, operands: ids, test, failure });
        node
    }

    /// How many demands there are so far.
    pub(super) fn count_demands(&self) -> usize {
        self.state.demands.borrow().len()
    }

    /// The demands since, aside from those that are made where the body is left. They stand in an arm of a
    /// conditional, so the same demand elsewhere is another one.
    pub(super) fn seal_demands(&self, first: usize, exit: Option<&Exit<'g>>) -> Vec<usize> {
        let mut demands = self.state.demands.borrow_mut();
        demands.iter_mut().skip(first).for_each(|pending| pending.operands.clear());
        let left = exit.map_or(&[][..], |exit| &exit.demands);
        (first..demands.len()).filter(|k| !left.contains(k)).collect()
    }

    /// The node of a demand.
    pub(super) fn demand_node(&self, k: usize) -> Option<Expr<'g>> {
        self.state.demands.borrow().get(k).map(|pending| pending.node)
    }

    /// The demand is made by another node.
    pub(super) fn set_demand(&self, k: usize, node: Expr<'g>) {
        if let Some(pending) = self.state.demands.borrow_mut().get_mut(k) {
            pending.node = node;
        }
    }

    /// The demands so far, to be put back if what follows is given up.
    pub(super) fn demands_so_far(&self) -> Vec<Pending<'g>> {
        self.state.demands.borrow().clone()
    }

    /// Forgets what was recorded since.
    pub(super) fn restore_demands(&self, demands: Vec<Pending<'g>>) {
        self.state.demands.replace(demands);
    }

    /// Puts something else in the place of every demand that mentions the index of a run.
    pub(super) fn change_demands(&self, run: &Run<'g>, change: impl Fn(Expr<'g>) -> Expr<'g>) {
        for pending in self.state.demands.borrow_mut().iter_mut() {
            if mentions(pending.node, run) {
                pending.node = change(pending.node);
                pending.operands.clear();
            }
        }
    }

    /// Puts something else in the place of every demand that depends on a variable newer than `scope`.
    pub(super) fn change_demands_since(&self, scope: u32, mut change: impl FnMut(Expr<'g>) -> Expr<'g>) {
        for pending in self.state.demands.borrow_mut().iter_mut().filter(|d| !d.node.is_fixed(scope)) {
            let changed = change(pending.node);
            if changed != pending.node {
                pending.node = changed;
                pending.operands.clear();
            }
        }
    }

    /// The demands with another index in the place of that of a run.
    pub(super) fn replace_in_demands(&self, run: &Run<'g>, with: Expr<'g>) {
        self.change_demands(run, |node| replaced(node, run, with));
    }

    /// The demands of a run whose elements are taken one by one.
    pub(super) fn list_demands(&self, run: &Run<'g>, trips: i64) {
        self.change_demands(run, |node| {
            let each = (0..trips).map(|k| replaced(node, run, self.graph.index(k)));
            each.reduce(|sum, next| sum + next).unwrap_or_else(|| self.graph.zeros(node.shape()))
        });
    }

    /// What the program demands. A demand of elements that nobody asked for is none.
    pub(super) fn finish_demands(&self) -> Vec<Demand> {
        let finish = |pending: &Pending<'g>| Demand {
            node: if pending.node.is_fixed(0) { pending.node.id } else { self.graph.int(0).id },
            test: pending.test,
            failure: pending.failure.clone(),
        };
        self.state.demands.borrow().iter().map(finish).collect()
    }
}

fn replaced<'g>(node: Expr<'g>, run: &Run<'g>, with: Expr<'g>) -> Expr<'g> {
    let mut rebuild = Rebuild::within(node.graph, run.scope);
    rebuild.replace(run.index.id, with);
    rebuild.expr(node.id)
}

/// Does the node mention the index?
fn mentions<'g>(node: Expr<'g>, run: &Run<'g>) -> bool {
    let (mut seen, mut stack) = (std::collections::BTreeSet::new(), vec![node]);
    while let Some(x) = stack.pop() {
        if x == run.index {
            return true;
        }
        if !x.is_fixed(run.scope) && seen.insert(x.id) {
            stack.extend(x.operands());
        }
    }
    false
}
