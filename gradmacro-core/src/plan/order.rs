//! The order of steps, and which sums and carried variables share a loop.

use std::collections::HashSet;

use super::cost::{flops, runs as cost_runs};
use super::hazards::Hazards;
use super::regions::{Arms, Produced, Region};
use super::scopes::{Scope, Scopes};
use super::{Accumulated, Carried, Choice, Chosen, Loop, Step};
use crate::ir::{Graph, Id, Node};

struct Ordering<'a> {
    graph: &'a Graph,
    regions: &'a [Region],
    scopes: Scopes<'a>,
    hazards: Hazards<'a>,
    /// Everything that the results need; within an arm, that the arm's results need.
    needed: HashSet<Id>,
    placed: HashSet<Id>,
    /// Carried variables of the loops whose bodies are being placed.
    open: HashSet<Id>,
    flops: u64,
}

/// Steps that compute the roots, operands before users, and how many operations they take.
pub(super) fn ordered(graph: &Graph, roots: &[Id], regions: &[Region]) -> (Vec<Step>, u64) {
    let scopes = Scopes::new(graph, regions);
    let needed = scopes.needed(roots);
    let hazards = Hazards::of(graph, regions);
    let (placed, open) = (HashSet::new(), HashSet::new());
    let mut ordering = Ordering { graph, regions, scopes, hazards, needed, placed, open, flops: 0 };
    let mut steps = vec![];
    for root in roots {
        ordering.place(*root, &Scope::new(), 1, &mut steps);
    }
    (steps, ordering.flops)
}

impl Ordering<'_> {
    /// Places everything that `x` needs, then `x`, as far as it lives in this scope.
    fn place(&mut self, x: Id, scope: &Scope, runs: u64, steps: &mut Vec<Step>) {
        if self.placed.contains(&x) || !self.scopes.of(x).is_subset(scope) {
            return;
        }
        if let Some(k) = self.scopes.region(x) {
            return match &self.regions[k] {
                Region::Branch(arms) => self.place_choice(k, arms, scope, runs, steps),
                _ => self.place_loop(k, scope, runs, steps),
            };
        }
        let node = self.graph.node(x);
        for operand in node.operands() {
            self.place(*operand, scope, runs, steps);
        }
        if self.placed.insert(x) && !matches!(&*node, Node::Leaf(_)) {
            self.add(runs.saturating_mul(flops(self.graph.expr(x))));
            steps.push(Step::Compute(x));
        }
    }

    fn add(&mut self, flops: u64) {
        self.flops = self.flops.saturating_add(flops);
    }

    /// One loop for all that run alike: same index, scope and level, and of what carries variables the same direction.
    fn together(&mut self, k: usize) -> (Vec<usize>, bool) {
        let regions = self.regions;
        let (marker, level, own) = (regions[k].marker(), self.scopes.level(k), self.scopes.of_region(k));
        let mut alike: Vec<usize> = vec![];
        for (m, region) in regions.iter().enumerate() {
            let open = self.wanted(m).iter().any(|own| !self.placed.contains(&own.result));
            let same = open && !matches!(region, Region::Branch(_)) && region.marker() == marker;
            let alike_here = same && self.scopes.level(m) == level && self.scopes.of_region(m) == own;
            if alike_here && (m == k || self.scopes.states(m).is_subset(&self.open)) {
                alike.push(m);
            }
        }
        let direction =
            |m: usize| if let Region::Scan(steps) = &regions[m] { Some(steps.reversed) } else { None };
        let reversed = direction(k).or_else(|| alike.iter().find_map(|m| direction(*m))).unwrap_or(false);
        alike.retain(|m| direction(*m).is_none_or(|own| own == reversed));
        (alike, reversed)
    }

    /// Results of a region that somebody needs.
    fn wanted(&self, k: usize) -> Vec<Produced> {
        let own = self.regions[k].results().into_iter();
        own.filter(|own| {
            self.needed.contains(&own.result) || own.variable.is_some_and(|v| self.needed.contains(&v))
        })
        .collect()
    }

    fn place_loop(&mut self, k: usize, scope: &Scope, runs: u64, steps: &mut Vec<Step>) {
        let regions = self.regions;
        let (together, reversed) = self.together(k);
        for m in &together {
            self.place_operands(*m, scope, runs, steps);
        }
        let known = self.placed.clone();
        let mut before = vec![];
        for m in &together {
            self.place_before(*m, scope, runs, &mut before);
        }
        let (Region::Sum(super::regions::Sum { trips, .. })
        | Region::Scan(super::regions::Steps { trips, .. })) = &regions[k]
        else {
            return;
        };
        let all = runs.saturating_mul(cost_runs(self.graph.expr(*trips)));
        let mut inner = self.scopes.of_region(k);
        inner.extend(scope.iter().copied());
        inner.insert(regions[k].marker());
        let outside = self.placed.clone();
        let states: Vec<Id> = together.iter().flat_map(|m| regions[*m].variables()).collect();
        self.open.extend(&states);
        let (mut body, mut sums, mut carries) = (vec![], vec![], vec![]);
        for m in &together {
            for own in self.wanted(*m) {
                own.inside.into_iter().for_each(|x| self.place(x, &inner, all, &mut body));
            }
            match &regions[*m] {
                Region::Sum(sum) => {
                    self.add(all.saturating_mul(self.additions(sum.term)));
                    sums.push(Accumulated { sum: sum.result, term: sum.term });
                }
                Region::Scan(scan) => {
                    let read = |c: &&Carried| [c.result, c.variable].iter().any(|x| self.needed.contains(x));
                    carries.extend(scan.carried().filter(read).copied());
                }
                Region::Branch(_) => {}
            }
        }
        states.iter().for_each(|x| _ = self.open.remove(x));
        // What a loop computes is gone after it: another loop over the same index computes its own.
        let guarded = !self.hazards.runs(*trips) && self.hazards.any(&before);
        self.placed = if guarded { known } else { outside };
        self.placed
            .extend(together.iter().flat_map(|m| self.wanted(*m)).map(|own| own.result).collect::<Vec<_>>());
        let index = regions[k].marker();
        let index_label = together.iter().find_map(|m| label(&regions[*m]));
        let inner = Loop { index, trips: *trips, reversed, body, sums, carries, index_label };
        if guarded {
            let predicate = self.hazards.condition(*trips);
            self.place(predicate, scope, runs, steps);
            steps.push(Step::Choice(self.hazards.guarded(predicate, before, inner)));
        } else {
            steps.append(&mut before);
            steps.push(Step::Loop(inner));
        }
    }

    /// What the region starts from.
    fn place_operands(&mut self, k: usize, scope: &Scope, runs: u64, steps: &mut Vec<Step>) {
        for x in self.wanted(k).iter().flat_map(|own| &own.outside) {
            self.place(*x, scope, runs, steps);
        }
    }

    /// What the region reads from outside.
    fn place_before(&mut self, k: usize, scope: &Scope, runs: u64, steps: &mut Vec<Step>) {
        self.place_operands(k, scope, runs, steps);
        let wanted = self.wanted(k);
        self.place_outside(wanted.into_iter().flat_map(|own| own.inside).collect(), scope, runs, steps);
    }

    /// Both bodies; the dearer one counts.
    fn place_choice(&mut self, k: usize, arms: &Arms, scope: &Scope, runs: u64, steps: &mut Vec<Step>) {
        self.place_before(k, scope, runs, steps);
        let mut inner = scope.clone();
        inner.insert(arms.inside);
        let results: Vec<Chosen> =
            arms.chosen().filter(|c| self.needed.contains(&c.result)).copied().collect();
        let (then, first) = self.arm(results.iter().map(|c| c.then).collect(), &inner, runs);
        let (other, second) = self.arm(results.iter().map(|c| c.other).collect(), &inner, runs);
        self.add(first.max(second));
        self.placed.extend(results.iter().map(|c| c.result));
        let (predicate, captured) = (arms.predicate, arms.captured.clone());
        steps.push(Step::Choice(Choice { predicate, captured, then, other, results }));
    }

    /// One body with what it takes.
    fn arm(&mut self, results: Vec<Id>, inner: &Scope, runs: u64) -> (Vec<Step>, u64) {
        let own = self.scopes.needed(&results);
        let needed = std::mem::replace(&mut self.needed, own);
        let (placed, flops) = (self.placed.clone(), self.flops);
        let mut body = vec![];
        results.into_iter().for_each(|x| self.place(x, inner, runs, &mut body));
        (self.needed, self.placed) = (needed, placed);
        (body, std::mem::replace(&mut self.flops, flops) - flops)
    }

    /// Additions by which a loop adds its term. A sum of blocks that only the loop needs is written part by part, and what
    /// was counted for the sum itself is what its parts take.
    fn additions(&self, term: Id) -> u64 {
        let x = self.graph.expr(term);
        let own = super::cost::added(x);
        if super::cost::is_in_parts(x) { own.saturating_sub(super::cost::additions_within(x)) } else { own }
    }

    /// What a body reads from outside its region must be there before the region.
    fn place_outside(&mut self, inside: Vec<Id>, scope: &Scope, runs: u64, steps: &mut Vec<Step>) {
        let (mut seen, mut stack) = (HashSet::new(), inside);
        while let Some(x) = stack.pop() {
            if !seen.insert(x) {
                continue;
            }
            if self.scopes.of(x).is_subset(scope) {
                self.place(x, scope, runs, steps);
                continue;
            }
            match self.scopes.region(x) {
                Some(k) => {
                    let all = self.wanted(k).into_iter();
                    stack.extend(all.flat_map(|own| [own.inside, own.outside].concat()));
                }
                None => stack.extend(self.graph.node(x).operands()),
            }
        }
    }
}

/// Label of a loop's index.
fn label(region: &Region) -> Option<u32> {
    match region {
        Region::Sum(sum) => sum.label,
        Region::Scan(steps) => steps.label,
        Region::Branch(_) => None,
    }
}
