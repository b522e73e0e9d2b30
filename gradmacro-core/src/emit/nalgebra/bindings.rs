//! Which nodes get a `let`: those that are used twice, that the user named, that a loop reads from outside, and
//! scalars that a closure would otherwise compute for every entry. Everything else is written where it is used.

use std::collections::{HashMap, HashSet};

use super::by_kernel::adds_products;
use crate::ir::{Expr, Id, Node, Ratio};
use crate::ops::arithmetic::SUM;
use crate::ops::factors::{FACTORISATIONS, LOWER_FACTORS, REQUIRED, TESTED, UPPER_FACTORS};
use crate::ops::index::{AFFINE, AS_REAL};
use crate::ops::lowered::MUL_TR;
use crate::ops::structure::{IDENTITY, ONES, SLICE, TRANSPOSE};
use crate::ops::writing::UPDATE;
use crate::plan::{Schedule, Step};

/// Nesting of inlined expressions beyond which a name makes the code easier to read.
const DEPTH: usize = 5;

/// Nodes that get a `let`.
pub(super) struct Bindings {
    named: HashSet<Id>,
    /// Uses of each node, for fusion.
    uses: HashMap<Id, usize>,
}

impl Bindings {
    pub(super) fn of(schedule: &Schedule) -> Bindings {
        let mut survey = Survey {
            schedule,
            uses: HashMap::new(),
            blocks: HashMap::new(),
            named: HashSet::new(),
            added: HashSet::new(),
        };
        survey.count(&schedule.steps, 0);
        schedule.roots.iter().for_each(|root| survey.add(*root, 0));
        survey.name();
        Bindings { named: survey.named, uses: survey.uses }
    }

    /// Does the node get a `let`?
    pub(super) fn is_named(&self, id: Id) -> bool {
        self.named.contains(&id)
    }

    /// These get one too.
    pub(super) fn name_all(&mut self, list: Vec<Id>) {
        self.named.extend(list);
    }

    /// Is the node read at one place at most?
    pub(super) fn is_used_once(&self, id: Id) -> bool {
        self.uses.get(&id).copied().unwrap_or(0) <= 1
    }

    /// Is the node written where it is used, and only there?
    pub(super) fn is_inline(&self, id: Id) -> bool {
        !self.named.contains(&id) && self.is_used_once(id)
    }
}

struct Survey<'a> {
    schedule: &'a Schedule,
    uses: HashMap<Id, usize>,
    /// Depth of the block in which a node is computed.
    blocks: HashMap<Id, usize>,
    named: HashSet<Id>,
    /// What loops add to their sums.
    added: HashSet<Id>,
}

impl<'a> Survey<'a> {
    fn expr(&self, id: Id) -> Expr<'a> {
        self.schedule.graph.expr(id)
    }

    fn count(&mut self, steps: &[Step], depth: usize) {
        for step in steps {
            match step {
                Step::Compute(id) => {
                    self.blocks.insert(*id, depth);
                    for operand in self.expr(*id).operands() {
                        self.add(operand.id, depth);
                    }
                }
                Step::Loop(inner) => {
                    self.count(&inner.body, depth + 1);
                    for sum in &inner.sums {
                        self.add(sum.term, depth + 1);
                        self.added.insert(sum.term);
                    }
                    for carry in &inner.carries {
                        self.add(carry.initial, depth);
                        self.add(carry.next, depth + 1);
                        self.added.insert(carry.next);
                    }
                    self.add(inner.trips, depth);
                }
                Step::Choice(choice) => {
                    self.add(choice.predicate, depth);
                    choice.captured.iter().for_each(|(_, outer)| self.add(*outer, depth + 1));
                    self.count(&choice.then, depth + 1);
                    self.count(&choice.other, depth + 1);
                    for chosen in &choice.results {
                        self.add(chosen.then, depth + 1);
                        self.add(chosen.other, depth + 1);
                    }
                }
            }
        }
    }

    /// One use of `id` in a block of this depth; a use in a deeper block counts as several.
    fn add(&mut self, id: Id, depth: usize) {
        let deeper = self.blocks.get(&id).is_some_and(|own| *own < depth);
        *self.uses.entry(id).or_default() += if deeper { 2 } else { 1 };
    }

    fn name(&mut self) {
        let mut heights: HashMap<Id, usize> = HashMap::new();
        for id in crate::ir::walk::needed(&self.schedule.graph, &self.computed()) {
            let x = self.expr(id);
            let inner = x.operands().iter().filter_map(|o| heights.get(&o.id)).max().copied().unwrap_or(0);
            let deep = inner + 1 > DEPTH && !is_trivial(x) && !self.is_written_away(x);
            let own = self.needs_name(x) || deep;
            if own {
                self.named.insert(id);
            }
            heights.insert(id, if own || is_trivial(x) { 0 } else { inner + 1 });
        }
    }

    /// Is it a result, or added to a sum part by part? Then it has its place.
    fn is_written_away(&self, x: Expr<'a>) -> bool {
        let in_parts = x.is(&SUM) || x.is(&UPDATE) || x.is(&MUL_TR);
        self.schedule.roots.contains(&x.id) || self.added.contains(&x.id) && in_parts
    }

    /// Is it computed because it may fail? What only tells that a factorisation was computed says nothing itself.
    fn is_test(&self, x: Expr<'a>) -> bool {
        self.schedule.tests.contains(&x.id) && !x.is(&TESTED)
    }

    fn computed(&self) -> Vec<Id> {
        let mut list: Vec<Id> = self.blocks.keys().copied().collect();
        list.sort();
        list
    }

    fn needs_name(&mut self, x: Expr<'a>) -> bool {
        for operand in x.operands() {
            if !x.is_scalar() && is_captured(x) && operand.is_scalar() && !is_trivial(operand) {
                self.named.insert(operand.id);
            }
            // Such a sum takes statements, unless it is part of a sum or of a pass over entries.
            if adds_products(operand) && !takes_parts_of(x, operand) {
                self.named.insert(operand.id);
            }
        }
        if matches!(&*x.node(), Node::Leaf(_)) || !self.blocks.contains_key(&x.id) {
            return false;
        }
        if x.is(&REQUIRED) {
            return true;
        }
        if is_factorisation(x) {
            // What is factorised is read through a reference to its entries.
            let computed = x.operands().into_iter().filter(|o| self.blocks.contains_key(&o.id));
            self.named.extend(computed.map(|o| o.id).collect::<Vec<_>>());
        }
        let labelled = self.schedule.labels.contains_key(&x.id) || is_factorisation(x) || self.is_test(x);
        let repeated = self.uses.get(&x.id).is_some_and(|n| *n > 1) && !is_trivial(x);
        labelled || repeated || self.named.contains(&x.id)
    }
}

/// Does the node capture its scalar operands in a closure over entries?
fn is_captured(x: Expr<'_>) -> bool {
    x.node().op().is_some_and(|op| op.entrywise)
        || x.is(&SUM)
        || x.is(&crate::ops::lowered::FILL)
        || x.is(&crate::ops::arithmetic::SCALE)
}

/// Does the node take the terms of this sum one by one, or its entries?
fn takes_parts_of(x: Expr<'_>, sum: Expr<'_>) -> bool {
    let as_it_is = |(y, k): (Expr<'_>, Ratio)| y.id != sum.id || k.absolute() == Ratio::ONE;
    x.is(&SUM) && x.weighted().into_iter().all(as_it_is) || x.node().op().is_some_and(|op| op.entrywise)
}

/// A factorisation is a statement: nothing else may compute it again.
fn is_factorisation(x: Expr<'_>) -> bool {
    x.node().op().is_some_and(|op| FACTORISATIONS.iter().any(|row| std::ptr::eq(*row, op)))
}

/// Nothing to compute: numbers, entries of what has a name, indices, constructors.
pub(super) fn is_trivial(x: Expr<'_>) -> bool {
    let leaf = matches!(&*x.node(), Node::Leaf(_));
    let entry = x.is(&SLICE) && x.is_scalar() && matches!(&*x.operand(0).node(), Node::Leaf(_));
    let turned = x.is(&TRANSPOSE) && matches!(&*x.operand(0).node(), Node::Leaf(_));
    leaf || entry
        || turned
        || x.is(&AFFINE)
        || x.is(&TESTED)
        || x.is(&LOWER_FACTORS)
        || x.is(&UPPER_FACTORS)
        || x.is(&AS_REAL)
        || x.is(&ONES)
        || x.is(&IDENTITY)
        || x.number().is_some()
}
