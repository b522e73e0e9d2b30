//! The order of steps, and which sums share a loop.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::cost::{NOMINAL, flops};
use super::lower::LoweredSum;
use super::{Accumulated, Loop, Step};
use crate::ir::{Graph, Id, Node};
use crate::ops::index::AFFINE;

/// Index variables that a node varies with.
type Scope = BTreeSet<Id>;

struct Ordering<'a> {
    graph: &'a Graph,
    sums: &'a [LoweredSum],
    /// Sum by the variable that holds it.
    by_result: HashMap<Id, usize>,
    scopes: HashMap<Id, Scope>,
    /// How many loops of its own scope must have run before a sum's loop can.
    levels: HashMap<Id, usize>,
    placed: HashSet<Id>,
    flops: u64,
}

/// Steps that compute the roots, operands before users, and how many operations they take.
pub(super) fn ordered(graph: &Graph, roots: &[Id], sums: &[LoweredSum]) -> (Vec<Step>, u64) {
    let by_result = sums.iter().enumerate().map(|(k, s)| (s.result, k)).collect();
    let mut ordering = Ordering {
        graph,
        sums,
        by_result,
        scopes: HashMap::new(),
        levels: HashMap::new(),
        placed: HashSet::new(),
        flops: 0,
    };
    for sum in sums {
        ordering.scopes.insert(sum.index, Scope::from([sum.index]));
    }
    // Sums are recorded inner before outer, operands before users.
    for sum in sums {
        ordering.measure(sum);
    }
    let mut steps = vec![];
    for root in roots {
        ordering.place(*root, &Scope::new(), 1, &mut steps);
    }
    (steps, ordering.flops)
}

impl Ordering<'_> {
    fn scope(&mut self, x: Id) -> Scope {
        if let Some(known) = self.scopes.get(&x) {
            return known.clone();
        }
        let operands = self.graph.node(x).operands().to_vec();
        let scope: Scope = operands.into_iter().flat_map(|o| self.scope(o)).collect();
        self.scopes.insert(x, scope.clone());
        scope
    }

    fn measure(&mut self, sum: &LoweredSum) {
        let mut scope = self.scope(sum.term);
        scope.remove(&sum.index);
        scope.extend(self.scope(sum.trips));
        self.scopes.insert(sum.result, scope);
        let before = self.inner_sums(sum);
        let own = before.iter().filter_map(|s| self.levels.get(s)).max().map_or(0, |level| level + 1);
        self.levels.insert(sum.result, own);
    }

    /// Results that the sum's term reads and that are not computed inside its own loop.
    fn inner_sums(&self, sum: &LoweredSum) -> Vec<Id> {
        let (mut found, mut seen, mut stack) = (vec![], HashSet::new(), vec![sum.term, sum.trips]);
        while let Some(x) = stack.pop() {
            if !seen.insert(x) {
                continue;
            }
            match self.by_result.get(&x) {
                Some(k) => {
                    let inner = &self.sums[*k];
                    let outside = !self.scopes.get(&x).is_some_and(|s| s.contains(&sum.index));
                    if outside { found.push(x) } else { stack.extend([inner.term, inner.trips]) }
                }
                None => stack.extend(self.graph.node(x).operands()),
            }
        }
        found
    }

    /// Places everything that `x` needs, then `x`, as far as it lives in this scope.
    fn place(&mut self, x: Id, scope: &Scope, runs: u64, steps: &mut Vec<Step>) {
        let own = self.scope(x);
        if self.placed.contains(&x) || !own.is_subset(scope) {
            return;
        }
        if let Some(k) = self.by_result.get(&x).copied() {
            return self.place_loop(k, scope, runs, steps);
        }
        let node = self.graph.node(x);
        for operand in node.operands() {
            self.place(*operand, scope, runs, steps);
        }
        if self.placed.insert(x) && !matches!(&*node, Node::Leaf(_)) {
            self.flops += runs * flops(self.graph.expr(x));
            steps.push(Step::Compute(x));
        }
    }

    /// One loop for all sums of the same index, scope and level.
    fn place_loop(&mut self, k: usize, scope: &Scope, runs: u64, steps: &mut Vec<Step>) {
        let first = &self.sums[k];
        let (level, own) = (self.levels[&first.result], self.scope(first.result));
        let mut together = vec![];
        for sum in self.sums {
            let alike = sum.index == first.index && self.levels[&sum.result] == level;
            if alike && self.scope(sum.result) == own && !self.placed.contains(&sum.result) {
                together.push(sum);
            }
        }
        self.place(first.trips, scope, runs, steps);
        for sum in &together {
            self.place_outside(sum.term, scope, runs, steps);
        }
        let trips = self.trips(first.trips);
        let mut inner = own.clone();
        inner.extend(scope.iter().copied());
        inner.insert(first.index);
        let mut body = vec![];
        let outside = self.placed.clone();
        for sum in &together {
            self.place(sum.term, &inner, runs * trips, &mut body);
            self.flops += runs * trips * self.additions(sum.term);
        }
        // What a loop computes is gone after it: another loop over the same index computes its own.
        self.placed = outside;
        self.placed.extend(together.iter().map(|sum| sum.result));
        let sums = together
            .iter()
            .map(|s| Accumulated { sum: s.result, term: s.term, index_label: s.label })
            .collect();
        steps.push(Step::Loop(Loop { index: first.index, trips: first.trips, reversed: false, body, sums, carries: vec![] }));
    }

    /// Additions by which a loop adds its term. A sum of blocks that only the loop needs is written part by part, and what
    /// was counted for the sum itself is what its parts take.
    fn additions(&self, term: Id) -> u64 {
        let x = self.graph.expr(term);
        let own = super::cost::added(x);
        if super::cost::is_in_parts(x) { own.saturating_sub(super::cost::additions_within(x)) } else { own }
    }

    /// What a term reads from outside its loop must be there before the loop.
    fn place_outside(&mut self, term: Id, scope: &Scope, runs: u64, steps: &mut Vec<Step>) {
        let (mut seen, mut stack) = (HashSet::new(), vec![term]);
        while let Some(x) = stack.pop() {
            if !seen.insert(x) {
                continue;
            }
            if self.scope(x).is_subset(scope) {
                self.place(x, scope, runs, steps);
                continue;
            }
            match self.by_result.get(&x).copied() {
                Some(k) => stack.extend([self.sums[k].term, self.sums[k].trips]),
                None => stack.extend(self.graph.node(x).operands()),
            }
        }
    }

    fn trips(&self, trips: Id) -> u64 {
        let x = self.graph.expr(trips);
        match x.node().data() {
            crate::ir::Data::Affine(f, n) if f.is_empty() && x.is(&AFFINE) => u64::try_from(*n).unwrap_or(0),
            _ => NOMINAL,
        }
    }
}
