//! The walk through the loops and conditions around an index.
//!
//! Example: around `x[i - 1]` in `for i in 0..4 { if i > 0 { .. } }` stand a loop of 4 steps and a branch; the walk
//! goes through the steps, leaves out the first, and finds 0 to 2.

use std::collections::BTreeMap;

use super::bounds::{Around, Reach};
use super::integers::Affine;
use super::sequence::ENDLESS;
use crate::ir::{Expr, Id};
use crate::ops::predicates::{AND, FALSE, IS_ZERO, NOT, NOT_NEGATIVE, OR, TRUE};

/// More steps than this are not run through.
const STEPS: usize = 10_000;

/// A walk through every step that matters.
pub(super) struct Walk<'a, 'g> {
    around: &'a [Around<'g>],
    /// How each of them is walked.
    ways: Vec<Way>,
    index: Affine<'g>,
    values: BTreeMap<Id, i64>,
    steps: usize,
    found: Option<Reach>,
    certain: bool,
}

/// How a loop is walked.
#[derive(Clone, Copy, PartialEq)]
enum Way {
    /// Not at all: the index does not depend on it.
    Past,
    /// Its first and its last step.
    Ends,
    /// Step by step: a later loop or condition depends on it.
    Through,
}

impl<'a, 'g> Walk<'a, 'g> {
    pub(super) fn new(around: &'a [Around<'g>], index: Affine<'g>) -> Self {
        let ways = ways(around, &index);
        Walk { around, ways, index, values: BTreeMap::new(), steps: 0, found: None, certain: true }
    }

    /// What the index reaches; `None` if that is not known, or nothing.
    pub(super) fn reach(mut self) -> Option<Reach> {
        self.run(0)?;
        self.found.map(|found| Reach { certain: self.certain, ..found })
    }

    /// Is the index never outside of `0..extent`, for certain?
    pub(super) fn stays_within(mut self, extent: i64) -> bool {
        let within = |found: Reach| found.least >= 0 && found.most < extent;
        self.run(0).is_some() && self.found.is_none_or(within)
    }

    fn run(&mut self, depth: usize) -> Option<()> {
        self.steps += 1;
        if self.steps > STEPS {
            return None;
        }
        match self.around.get(depth) {
            None => self.arrive(),
            Some(Around::Loop(inner)) => self.run_loop(depth, inner.index, inner.trips),
            Some(Around::Branch(predicate, holds)) => {
                let truth = self.truth(*predicate);
                // A condition that is the same in every step only decides whether the place is reached at all.
                self.certain &= truth.is_some() || !self.varies(*predicate);
                if truth == Some(!holds) { Some(()) } else { self.run(depth + 1) }
            }
        }
    }

    fn arrive(&mut self) -> Option<()> {
        let value = self.value(&self.index)?;
        let found = self.found.unwrap_or(Reach { least: value, most: value, certain: true });
        self.found = Some(Reach { least: found.least.min(value), most: found.most.max(value), ..found });
        Some(())
    }

    fn run_loop(&mut self, depth: usize, index: Expr<'g>, trips: Expr<'g>) -> Option<()> {
        let way = self.ways[depth];
        let trips = match self.value(&Affine::of(trips)) {
            Some(ENDLESS) => return None,
            Some(trips) => trips,
            None if way == Way::Past => {
                self.certain &= !self.varies(trips);
                return self.run(depth + 1);
            }
            None => return None,
        };
        match way {
            _ if trips <= 0 => Some(()),
            Way::Past => self.run(depth + 1),
            Way::Through => (0..trips).try_for_each(|step| self.step(depth, index, step)),
            Way::Ends if trips == 1 => self.step(depth, index, 0),
            Way::Ends => [0, trips - 1].into_iter().try_for_each(|step| self.step(depth, index, step)),
        }
    }

    fn step(&mut self, depth: usize, index: Expr<'g>, step: i64) -> Option<()> {
        self.values.insert(index.id, step);
        self.run(depth + 1)
    }

    fn value(&self, affine: &Affine<'_>) -> Option<i64> {
        affine.terms.iter().try_fold(affine.constant, |sum, (x, k)| {
            sum.checked_add(self.values.get(&x.id)?.checked_mul(*k)?)
        })
    }

    /// Does a predicate hold, as far as that is known?
    fn truth(&self, predicate: Expr<'g>) -> Option<bool> {
        let operands = predicate.operands();
        let integer = || self.value(&Affine::of(operands[0]));
        match () {
            () if predicate.is(&TRUE) => Some(true),
            () if predicate.is(&FALSE) => Some(false),
            () if predicate.is(&NOT_NEGATIVE) => integer().map(|value| value >= 0),
            () if predicate.is(&IS_ZERO) => integer().map(|value| value == 0),
            () if predicate.is(&NOT) => self.truth(operands[0]).map(|holds| !holds),
            () if predicate.is(&AND) => decided(operands.iter().map(|x| self.truth(*x)), false),
            () if predicate.is(&OR) => decided(operands.iter().map(|x| self.truth(*x)), true),
            () => None,
        }
    }

    /// May the node differ from step to step?
    fn varies(&self, x: Expr<'g>) -> bool {
        let loops = self.around.iter().filter_map(|around| match around {
            Around::Loop(inner) => Some(inner.index.measure().newest),
            Around::Branch(..) => None,
        });
        loops.min().is_some_and(|oldest| x.measure().newest >= oldest)
    }
}

/// The `and` of what is known, if `deciding` is false; the `or` if it is true.
fn decided(truths: impl Iterator<Item = Option<bool>>, deciding: bool) -> Option<bool> {
    let truths: Vec<Option<bool>> = truths.collect();
    match truths.contains(&Some(deciding)) {
        true => Some(deciding),
        false => truths.iter().all(Option::is_some).then_some(!deciding),
    }
}

/// How each of the loops around an index is walked.
fn ways<'g>(around: &[Around<'g>], index: &Affine<'g>) -> Vec<Way> {
    let mut wanted: Vec<Id> = index.terms.iter().map(|(x, _)| x.id).collect();
    let mut deciding: Vec<Id> = vec![];
    let mut ways = vec![Way::Past; around.len()];
    for (way, around) in ways.iter_mut().zip(around).rev() {
        match around {
            Around::Loop(inner) => {
                *way = match () {
                    () if deciding.contains(&inner.index.id) => Way::Through,
                    () if wanted.contains(&inner.index.id) => Way::Ends,
                    () => Way::Past,
                };
                deciding.extend(Affine::of(inner.trips).terms.iter().map(|(x, _)| x.id));
            }
            Around::Branch(predicate, _) => integers_of(*predicate, &mut deciding),
        }
        wanted.extend(&deciding);
    }
    ways
}

/// The integers that a predicate compares.
fn integers_of(predicate: Expr<'_>, found: &mut Vec<Id>) {
    for x in predicate.operands() {
        match predicate.is(&NOT_NEGATIVE) || predicate.is(&IS_ZERO) {
            true => found.extend(Affine::of(x).terms.iter().map(|(x, _)| x.id)),
            false if predicate.is(&NOT) || predicate.is(&AND) || predicate.is(&OR) => integers_of(x, found),
            false => {}
        }
    }
}
