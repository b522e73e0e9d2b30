//! Normal form of loops with carried variables.
//!
//! In this order: carried variables that provably keep their initial value go (tangents that are zero among them), those
//! that are provably equal merge, those that nobody needs go, and what is only added to or only written to becomes a sum
//! over the index, with all that is known of sums. What is left is closed: it captures what does not vary.
//!
//! Both proofs are optimistic: all are assumed, and what the body contradicts is withdrawn until nothing changes.
//!
//! Example: the differential of `s ← s + aᵀx; x ← A x` by x alone carries no tangent of A, and s becomes Σ aᵀxₜ.

use std::collections::{HashMap, HashSet};

use super::indices::{Alone, Summation, summed};
use super::rules;
use super::writes::collected;
use crate::ir::rebuild::Rebuild;
use crate::ir::region::OpenSum;
use crate::ir::scan::close_scan;
use crate::ir::walk::needed;
use crate::ir::{Carry, Expr, Id, OpenScan};
use crate::ops::structure::TRANSPOSE;

/// What became of a carried variable.
#[derive(Clone, Copy, PartialEq)]
enum Fate<'g> {
    /// It keeps this value.
    Known(Expr<'g>),
    /// It equals another.
    Twin(usize),
    /// Nobody needs it.
    Dead,
    /// It is carried.
    Carried,
}

/// The values after the last step.
pub(super) fn scan<'g>(mut open: OpenScan<'g>) -> Vec<Expr<'g>> {
    let turned = turn(&mut open);
    let finals = settled(open);
    finals.into_iter().zip(turned).map(|(x, turned)| if turned { x.t() } else { x }).collect()
}

/// Carries columns in the place of rows, and Xᵀ in the place of X where a step makes it as a transpose; says which.
fn turn<'g>(open: &mut OpenScan<'g>) -> Vec<bool> {
    let is_turned = |c: &Carry<'g>| {
        let shape = c.variable.shape();
        shape.is_row() || !shape.is_vector() && c.next.is(&TRANSPOSE)
    };
    let turned: Vec<bool> = open.carries.iter().map(is_turned).collect();
    if !turned.contains(&true) {
        return turned;
    }
    let graph = open.index.graph;
    graph.fire(rules::CARRY_UPRIGHT);
    let mut again = Rebuild::within(graph, open.scope);
    for (carry, _) in open.carries.iter_mut().zip(&turned).filter(|(_, turned)| **turned) {
        let upright = graph.variable(carry.variable.shape().transposed());
        again.replace(carry.variable.id, upright.t());
        (carry.variable, carry.initial) = (upright, carry.initial.t());
    }
    for (carry, turned) in open.carries.iter_mut().zip(&turned) {
        let next = again.expr(carry.next.id);
        carry.next = if *turned { next.t() } else { next };
    }
    turned
}

/// How often turning one variable may turn another.
const TURNS: usize = 4;

/// The loop as a node, once no step makes a transpose.
fn upright<'g>(mut open: OpenScan<'g>) -> Vec<Expr<'g>> {
    let mut turned = vec![false; open.carries.len()];
    for _ in 0..TURNS {
        let more = turn(&mut open);
        if !more.contains(&true) {
            break;
        }
        turned = turned.iter().zip(more).map(|(a, b)| *a != b).collect();
    }
    let finals = close_scan(&open);
    finals.into_iter().zip(turned).map(|(x, turned)| if turned { x.t() } else { x }).collect()
}

fn settled<'g>(open: OpenScan<'g>) -> Vec<Expr<'g>> {
    let mut body = Body::of(open);
    if super::entries::constant_index(body.open.trips).is_some_and(|trips| trips <= 0) {
        return body.open.carries.iter().map(|c| c.initial).collect();
    }
    body.find_constants();
    body.find_twins();
    body.find_dead();
    body.closed()
}

struct Body<'g> {
    open: OpenScan<'g>,
    fates: Vec<Fate<'g>>,
}

impl<'g> Body<'g> {
    fn of(open: OpenScan<'g>) -> Body<'g> {
        let fates = vec![Fate::Carried; open.carries.len()];
        Body { open, fates }
    }

    fn carry(&self, k: usize) -> Carry<'g> {
        self.open.carries[k]
    }

    fn carried(&self) -> Vec<usize> {
        (0..self.fates.len()).filter(|k| self.fates[*k] == Fate::Carried).collect()
    }

    /// A walk that puts other expressions in the place of variables.
    fn replacing(&self, with: impl Iterator<Item = (Expr<'g>, Expr<'g>)>) -> Rebuild<'g, 'g> {
        let mut again = Rebuild::within(self.open.index.graph, self.open.scope);
        for (variable, other) in with {
            again.replace(variable.id, other);
        }
        again
    }

    fn rewrite(&mut self, mut again: Rebuild<'g, 'g>) {
        for carry in &mut self.open.carries {
            carry.next = again.expr(carry.next.id);
        }
    }

    fn find_constants(&mut self) {
        let mut same: Vec<usize> = (0..self.fates.len()).collect();
        loop {
            let constant = |k: &usize| (self.carry(*k).variable, self.carry(*k).initial);
            let mut trial = self.replacing(same.iter().map(constant));
            let before = same.len();
            let stays = |k: &usize| trial.expr(self.carry(*k).next.id) == self.carry(*k).initial;
            same = same.iter().copied().filter(stays).collect();
            if same.len() < before {
                continue;
            }
            if !same.is_empty() {
                self.open.index.graph.fire(rules::CARRY_KEEPS);
                for k in same {
                    self.fates[k] = Fate::Known(self.carry(k).initial);
                }
                self.rewrite(trial);
            }
            return;
        }
    }

    /// Carried variables that start equal are equal until the body tells them apart.
    fn find_twins(&mut self) {
        let all = self.carried();
        let mut first = grouped(&all, |k| (self.carry(k).initial.id, None::<usize>));
        loop {
            let pairs = all.iter().map(|k| (self.carry(*k).variable, self.carry(first[k]).variable));
            let mut trial = self.replacing(pairs);
            let next: HashMap<usize, Id> =
                all.iter().map(|k| (*k, trial.expr(self.carry(*k).next.id).id)).collect();
            let finer = grouped(&all, |k| (next[&k], first.get(&k).copied()));
            if finer != first {
                first = finer;
                continue;
            }
            let twins: Vec<usize> = all.iter().copied().filter(|k| first[k] != *k).collect();
            if !twins.is_empty() {
                self.open.index.graph.fire(rules::CARRY_TWINS);
                self.rewrite(trial);
            }
            for k in twins {
                self.fates[k] = Fate::Twin(first[&k]);
                self.open.carries[first[&k]].wanted |= self.carry(k).wanted;
            }
            return;
        }
    }

    fn find_dead(&mut self) {
        let mut live: HashSet<usize> = self.carried().into_iter().filter(|k| self.carry(*k).wanted).collect();
        loop {
            let roots: Vec<Id> = live.iter().map(|k| self.carry(*k).next.id).collect();
            let used: HashSet<Id> = needed(self.open.index.graph, &roots).into_iter().collect();
            let more = self.carried().into_iter().filter(|k| used.contains(&self.carry(*k).variable.id));
            let before = live.len();
            live.extend(more.collect::<Vec<_>>());
            if live.len() == before {
                break;
            }
        }
        for k in self.carried() {
            if !live.contains(&k) {
                self.fates[k] = Fate::Dead;
            }
        }
    }

    /// What each step adds to a carried variable that only collects, if it does.
    fn term(&self, k: usize, states: &[usize]) -> Option<Expr<'g>> {
        let carry = self.carry(k);
        let others = states.iter().filter(|n| **n != k).map(|n| self.carry(*n).next.id);
        let mut roots: Vec<Id> = others.collect();
        let is_read =
            |roots: &[Id]| needed(carry.next.graph, roots).into_iter().any(|x| x == carry.variable.id);
        if is_read(&roots) {
            return None;
        }
        let term = collected(&self.open, carry)?;
        roots.push(term.id);
        (!is_read(&roots)).then_some(term)
    }

    /// Sums leave the loop as far as they do not depend on what it carries; the others are carried, but start at 0 and
    /// have lost what does not vary.
    fn closed(self) -> Vec<Expr<'g>> {
        let states = self.carried();
        let collecting: Vec<(usize, Expr<'g>)> =
            states.iter().filter_map(|k| Some((*k, self.term(*k, &states)?))).collect();
        let kept: Vec<usize> =
            states.iter().copied().filter(|k| collecting.iter().all(|(own, _)| own != k)).collect();
        let mut totals = Totals { open: &self.open, carried: self.variables(&kept), sums: vec![] };
        let collected: HashMap<usize, Expr<'g>> =
            collecting.into_iter().map(|(k, term)| (k, totals.from(self.carry(k).initial, term))).collect();
        let sums = totals.sums;
        let own = kept.len();
        let carries: Vec<Carry<'g>> =
            kept.iter().map(|k| self.carry(*k)).chain(sums.iter().map(|s| s.carry)).collect();
        let results = match carries.is_empty() {
            true => vec![],
            false => upright(OpenScan { carries, ..self.open.clone() }),
        };
        let placeholders =
            sums.iter().map(|s| s.total).zip(results[own.min(results.len())..].iter().copied());
        let mut finals = self.replacing(placeholders);
        let value = |k: usize, finals: &mut Rebuild<'g, 'g>| match collected.get(&k) {
            Some(sum) => finals.expr(sum.id),
            None => match kept.iter().position(|n| *n == k) {
                Some(place) => results[place],
                None => self.carry(k).initial,
            },
        };
        (0..self.fates.len())
            .map(|k| match self.fates[k] {
                Fate::Known(x) => x,
                Fate::Twin(first) => value(first, &mut finals),
                _ => value(k, &mut finals),
            })
            .collect()
    }

    fn variables(&self, states: &[usize]) -> HashSet<Id> {
        states.iter().map(|k| self.carry(*k).variable.id).collect()
    }
}

/// A sum that stays in the loop, because its terms depend on what is carried.
struct Kept<'g> {
    carry: Carry<'g>,
    /// Stands for the sum after the loop until the loop is closed.
    total: Expr<'g>,
}

struct Totals<'a, 'g> {
    open: &'a OpenScan<'g>,
    carried: HashSet<Id>,
    sums: Vec<Kept<'g>>,
}

impl<'g> Totals<'_, 'g> {
    /// An initial value and what is added to it. What starts with something and stays in the loop stays as it is: a
    /// stack of states holds the first one too.
    fn from(&mut self, initial: Expr<'g>, term: Expr<'g>) -> Expr<'g> {
        if initial.is_zero() || !self.is_carried(term) {
            return initial + self.of(term);
        }
        self.keep(initial, term)
    }

    /// Does the term depend on what is carried?
    fn is_carried(&self, term: Expr<'g>) -> bool {
        needed(term.graph, &[term.id]).iter().any(|x| self.carried.contains(x))
    }

    /// Carries a sum; what is given back stands for it.
    fn keep(&mut self, initial: Expr<'g>, term: Expr<'g>) -> Expr<'g> {
        let graph = term.graph;
        let (variable, total) = (graph.variable(term.shape()), graph.variable(term.shape()));
        self.sums
            .push(Kept { carry: Carry { variable, initial, next: variable + term, wanted: true }, total });
        total
    }

    /// Σ of a term over the loop.
    fn of(&mut self, term: Expr<'g>) -> Expr<'g> {
        let sum =
            OpenSum { scope: self.open.scope, index: self.open.index, trips: self.open.trips, body: term };
        summed(sum, self)
    }
}

impl<'g> Summation<'g> for Totals<'_, 'g> {
    fn irreducible(&mut self, sum: OpenSum<'g>) -> Expr<'g> {
        if !self.is_carried(sum.body) {
            return Alone.irreducible(sum);
        }
        let mut plain = self.sums.iter().filter(|s| s.carry.initial.is_zero());
        if let Some(known) = plain.find(|s| s.carry.next == s.carry.variable + sum.body) {
            return known.total;
        }
        self.keep(sum.body.graph.zeros(sum.body.shape()), sum.body)
    }
}

/// The first member of each group of equal keys.
fn grouped<K: PartialEq>(all: &[usize], key: impl Fn(usize) -> K) -> HashMap<usize, usize> {
    let first = |k: usize| all.iter().copied().find(|n| key(*n) == key(k)).unwrap_or(k);
    all.iter().map(|k| (*k, first(*k))).collect()
}
