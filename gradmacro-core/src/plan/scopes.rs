//! What varies with what: the scope of a node is the set of markers of those regions inside which it must be computed.
//!
//! The index of a loop marks what it computes, and so do the variables that it carries; a conditional has a marker of
//! its own, which everything that is computed from its captured values bears. What does not bear a region's marker is
//! outside of it: hoisting is no pass of its own.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::rc::Rc;

use super::regions::{Produced, Region};
use crate::ir::{Graph, Id};

/// Markers of regions.
pub(super) type Scope = BTreeSet<Id>;

/// Scopes of nodes and levels of regions.
pub(super) struct Scopes<'a> {
    graph: &'a Graph,
    regions: &'a [Region],
    /// Region by the variables that hold its results.
    by_result: HashMap<Id, usize>,
    /// What belongs to a result, by the variables that hold it.
    produced: HashMap<Id, Rc<Produced>>,
    scopes: HashMap<Id, Scope>,
    levels: HashMap<usize, i64>,
}

impl<'a> Scopes<'a> {
    pub(super) fn new(graph: &'a Graph, regions: &'a [Region]) -> Self {
        let (mut by_result, mut scopes, mut produced) = (HashMap::new(), HashMap::new(), HashMap::new());
        for (k, region) in regions.iter().enumerate() {
            by_result.extend(region.results().into_iter().map(|own| (own.result, k)));
            for own in region.results().into_iter().map(Rc::new) {
                produced.extend(own.variable.map(|variable| (variable, own.clone())));
                produced.insert(own.result, own);
            }
            scopes.extend(region.variables().into_iter().map(|v| (v, Scope::from([region.marker()]))));
        }
        Scopes { graph, regions, by_result, produced, scopes, levels: HashMap::new() }
    }

    /// The region of which this is a result.
    pub(super) fn region(&self, x: Id) -> Option<usize> {
        self.by_result.get(&x).copied()
    }

    /// The scope of a node.
    pub(super) fn of(&mut self, x: Id) -> Scope {
        if let Some(known) = self.scopes.get(&x) {
            return known.clone();
        }
        let scope: Scope = match self.region(x) {
            Some(k) => self.of_region(k),
            None => self.graph.node(x).operands().iter().flat_map(|o| self.of(*o)).collect(),
        };
        self.scopes.insert(x, scope.clone());
        scope
    }

    /// The scope in which a region runs.
    pub(super) fn of_region(&mut self, k: usize) -> Scope {
        let region = &self.regions[k];
        let mut scope: Scope = inside(region).into_iter().flat_map(|x| self.of(x)).collect();
        scope.remove(&region.marker());
        scope.extend(outside(region).into_iter().flat_map(|x| self.of(x)));
        scope
    }

    /// How many loops must have run before this region can, one after the other.
    pub(super) fn level(&mut self, k: usize) -> i64 {
        if let Some(known) = self.levels.get(&k) {
            return *known;
        }
        let before = self.read_from_outside(k).into_iter().map(|inner| self.level(inner)).max().unwrap_or(-1);
        // A conditional takes part in no fusion, so it does not count.
        let level = if matches!(self.regions[k], Region::Branch(_)) { before } else { before + 1 };
        self.levels.insert(k, level);
        level
    }

    /// Regions of which this one reads results that are not computed inside it.
    fn read_from_outside(&mut self, k: usize) -> Vec<usize> {
        let region = &self.regions[k];
        let (mut found, mut seen) = (vec![], HashSet::new());
        let mut stack = [inside(region), outside(region)].concat();
        while let Some(x) = stack.pop() {
            if !seen.insert(x) {
                continue;
            }
            match self.region(x) {
                Some(other) if self.of(x).contains(&region.marker()) => {
                    stack.extend(inside(&self.regions[other]));
                    stack.extend(outside(&self.regions[other]));
                }
                Some(other) => found.push(other),
                None => stack.extend(self.graph.node(x).operands()),
            }
        }
        found
    }

    /// The carried variables that a region reads and that no loop inside it carries. Loops that run alike share their
    /// marker, so these tell whose body the region belongs to.
    pub(super) fn states(&mut self, k: usize) -> HashSet<Id> {
        let region = &self.regions[k];
        let (mut found, mut seen) = (HashSet::new(), HashSet::new());
        let mut stack = [inside(region), outside(region)].concat();
        while let Some(x) = stack.pop() {
            if !seen.insert(x) {
                continue;
            }
            match self.produced.get(&x).cloned() {
                Some(own) => {
                    let is_state = own.variable == Some(x);
                    let here = self
                        .region(own.result)
                        .is_none_or(|r| r == k || self.of_region(r).contains(&region.marker()));
                    if is_state && !here {
                        found.insert(x);
                    } else {
                        stack.extend(own.inside.iter().chain(&own.outside));
                    }
                }
                None => stack.extend(self.graph.node(x).operands()),
            }
        }
        found
    }

    /// Everything that these nodes need, bodies of regions included as far as they are needed.
    pub(super) fn needed(&self, roots: &[Id]) -> HashSet<Id> {
        let (mut seen, mut stack) = (HashSet::new(), roots.to_vec());
        while let Some(x) = stack.pop() {
            if !seen.insert(x) {
                continue;
            }
            match self.produced.get(&x) {
                Some(own) => {
                    stack.extend(own.variable);
                    stack.extend(own.inside.iter().chain(&own.outside));
                }
                None => stack.extend(self.graph.node(x).operands()),
            }
        }
        seen
    }
}

/// What must be there before a region.
fn outside(region: &Region) -> Vec<Id> {
    region.results().into_iter().flat_map(|own| own.outside).collect()
}

/// What is computed inside a region.
fn inside(region: &Region) -> Vec<Id> {
    region.results().into_iter().flat_map(|own| own.inside).collect()
}
