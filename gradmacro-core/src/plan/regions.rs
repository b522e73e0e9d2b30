//! Regions as the target graph has them: sums and loops that carry variables, and conditionals.
//!
//! Only what is asked for is lowered: a loop has those carried variables on which a result that somebody reads
//! depends. What is recorded here is put in order by `plan/order.rs`.
//!
//! Example: of the loop that carries a state and its cost, the gradient may need the state alone.

use super::lower::Lowering;
use super::{Carried, Chosen};
use crate::ir::region::IndexSum;
use crate::ir::{Expr, Id, Node, OpenScan, Scan};

/// A region of the target graph.
pub(super) enum Region {
    Sum(Sum),
    Scan(Steps),
    Branch(Arms),
}

/// A sum over an index that has become a loop.
pub(super) struct Sum {
    /// Variable that holds the result.
    pub(super) result: Id,
    /// Index variable of the loop.
    pub(super) index: Id,
    /// Trip count.
    pub(super) trips: Id,
    /// What every run adds.
    pub(super) term: Id,
    /// Label of the index.
    pub(super) label: Option<u32>,
}

/// A loop that carries variables.
pub(super) struct Steps {
    pub(super) index: Id,
    pub(super) trips: Id,
    pub(super) reversed: bool,
    /// By position in the canonical loop; those that nobody needs are missing.
    pub(super) carries: Vec<Option<Carried>>,
    /// Label of the index.
    pub(super) label: Option<u32>,
}

/// A conditional.
pub(super) struct Arms {
    /// A variable that stands for being in one of the two bodies.
    pub(super) inside: Id,
    pub(super) predicate: Id,
    /// Variables of the bodies, and what each stands for.
    pub(super) captured: Vec<(Id, Id)>,
    /// By position in the canonical conditional; those that nobody needs are missing.
    pub(super) results: Vec<Option<Chosen>>,
}

impl Region {
    /// The variable that whatever varies inside depends on.
    pub(super) fn marker(&self) -> Id {
        match self {
            Region::Sum(sum) => sum.index,
            Region::Scan(steps) => steps.index,
            Region::Branch(arms) => arms.inside,
        }
    }

    /// Variables that have a value inside only.
    pub(super) fn variables(&self) -> Vec<Id> {
        match self {
            Region::Sum(sum) => vec![sum.index],
            Region::Scan(steps) => steps.carried().map(|c| c.variable).chain([steps.index]).collect(),
            Region::Branch(arms) => arms.captured.iter().map(|c| c.0).collect(),
        }
    }

    /// Its results, each with the variable that holds it meanwhile, if there is one.
    pub(super) fn results(&self) -> Vec<Produced> {
        match self {
            Region::Sum(sum) => vec![Produced {
                result: sum.result,
                variable: None,
                outside: vec![sum.trips],
                inside: vec![sum.term],
            }],
            Region::Scan(steps) => steps
                .carried()
                .map(|c| Produced {
                    result: c.result,
                    variable: Some(c.variable),
                    outside: vec![c.initial, steps.trips],
                    inside: vec![c.next],
                })
                .collect(),
            Region::Branch(arms) => arms
                .chosen()
                .map(|c| Produced {
                    result: c.result,
                    variable: None,
                    outside: arms.captured.iter().map(|c| c.1).chain([arms.predicate]).collect(),
                    inside: vec![c.then, c.other],
                })
                .collect(),
        }
    }
}

/// What belongs to one result of a region.
pub(super) struct Produced {
    /// Variable that holds it afterwards.
    pub(super) result: Id,
    /// Variable that holds it from run to run.
    pub(super) variable: Option<Id>,
    /// What must be there before.
    pub(super) outside: Vec<Id>,
    /// What is computed inside.
    pub(super) inside: Vec<Id>,
}

impl Steps {
    /// The variables that are carried.
    pub(super) fn carried(&self) -> impl Iterator<Item = &Carried> {
        self.carries.iter().flatten()
    }
}

impl Arms {
    /// The results that somebody needs.
    pub(super) fn chosen(&self) -> impl Iterator<Item = &Chosen> {
        self.results.iter().flatten()
    }
}

impl<'c, 's> Lowering<'c, 's> {
    pub(super) fn sum_over(&mut self, x: Expr<'c>, sum: &IndexSum) -> Expr<'s> {
        let trips = self.lower(x.operand(0));
        let body = self.opened.sum(x, sum);
        let index = self.lower(body.index);
        let term = self.lower(body.term);
        let result = self.target.variable(x.shape());
        let label = self.index_labels.get(&x.id).copied();
        self.regions.push(Region::Sum(Sum {
            result: result.id,
            index: index.id,
            trips: trips.id,
            term: term.id,
            label,
        }));
        result
    }

    /// The k-th result of a loop or a conditional.
    pub(super) fn result_of(&mut self, region: Expr<'c>, k: usize) -> Option<Expr<'s>> {
        if let Node::Scan(scan) = &*region.node() {
            return self.carried(region, scan, k);
        }
        self.chosen(region, k)
    }

    fn carried(&mut self, x: Expr<'c>, scan: &Scan, k: usize) -> Option<Expr<'s>> {
        let open = self.opened.scan(x, scan)?;
        let at = match self.region_of.get(&x.id) {
            Some(known) => *known,
            None => self.steps(x, &open),
        };
        let mut needed = vec![k];
        while let Some(k) = needed.pop() {
            if self.carry(at, k).is_some() {
                continue;
            }
            let own = open.carries[k];
            let initial = self.lower(own.initial).id;
            let (variable, next) = (self.lower(own.variable).id, self.lower(own.next).id);
            let result = self.target.variable(own.variable.shape()).id;
            if let Some(Region::Scan(steps)) = self.regions.get_mut(at) {
                steps.carries[k] = Some(Carried { variable, result, initial, next });
            }
            let read = |k: &usize| self.made.contains_key(&open.carries[*k].variable.id);
            needed.extend((0..open.carries.len()).filter(read));
        }
        Some(self.target.expr(self.carry(at, k)?.result))
    }

    fn carry(&self, at: usize, k: usize) -> Option<Carried> {
        match &self.regions[at] {
            Region::Scan(steps) => steps.carries[k],
            _ => None,
        }
    }

    fn steps(&mut self, x: Expr<'c>, open: &OpenScan<'c>) -> usize {
        let (index, trips) = (self.lower(open.index).id, self.lower(open.trips).id);
        let label = self.index_labels.get(&x.id).copied();
        let carries = vec![None; open.carries.len()];
        self.regions.push(Region::Scan(Steps { index, trips, reversed: open.reversed, carries, label }));
        self.region_of.insert(x.id, self.regions.len() - 1);
        self.regions.len() - 1
    }

    fn chosen(&mut self, x: Expr<'c>, k: usize) -> Option<Expr<'s>> {
        let open = self.opened.branch(x)?;
        let at = match self.region_of.get(&x.id) {
            Some(known) => *known,
            None => {
                let (predicate, inside) =
                    (self.lower(open.predicate).id, self.target.variable(crate::ir::Shape::SCALAR).id);
                let results = vec![None; open.then.len()];
                self.regions.push(Region::Branch(Arms { inside, predicate, captured: vec![], results }));
                self.region_of.insert(x.id, self.regions.len() - 1);
                self.regions.len() - 1
            }
        };
        let (then, other) = (self.lower(open.then[k]).id, self.lower(open.other[k]).id);
        let result = self.target.variable(open.then[k].shape());
        let read = open.captured.iter().filter_map(|(v, outer)| Some((self.made.get(&v.id)?.id, *outer)));
        let read: Vec<(Id, Expr<'c>)> = read.collect();
        let captured = read.into_iter().map(|(v, outer)| (v, self.lower(outer).id)).collect();
        if let Some(Region::Branch(arms)) = self.regions.get_mut(at) {
            arms.captured = captured;
            arms.results[k] = Some(Chosen { result: result.id, then, other });
        }
        Some(result)
    }
}
