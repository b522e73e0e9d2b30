//! Loops and conditionals: short loops of known length are written out, all others stay, with bodies taken apart.

use std::collections::HashSet;

use super::entry::Entry;
use super::value::Value;
use super::{LARGEST, Scalariser};
use crate::ir::{Expr, Id, Shape};
use crate::ops::predicates::{IS_ZERO, NOT, NOT_NEGATIVE};
use crate::plan::regions::{Arms, Region, Steps, Sum};
use crate::plan::{Carried, Chosen};

/// Runs up to which a loop is written out.
const RUNS: i64 = 32;

/// Loops that are written out together, since some read what others carry.
struct Together<'c> {
    marker: Id,
    reversed: bool,
    sums: Vec<&'c Sum>,
    scans: Vec<&'c Steps>,
}

impl<'c, 's> Scalariser<'c, 's> {
    /// Makes all results of a region.
    pub(super) fn region(&mut self, k: usize) -> Option<()> {
        let source = self.source;
        let trips = match &source.regions[k] {
            Region::Sum(sum) => sum.trips,
            Region::Scan(steps) => steps.trips,
            Region::Branch(arms) => {
                self.forget(arms.inside);
                return self.arms(arms);
            }
        };
        let runs = self.value(trips)?.index().filter(|n| self.pass.unrolled && *n <= RUNS);
        if let Some(runs) = runs {
            let together = self.together(k);
            return self.written_out(&together, runs);
        }
        // A loop that stays has one index, however often the loop around it is written out.
        (self.writing_out == 0).then_some(())?;
        match &source.regions[k] {
            Region::Sum(sum) => self.sum(sum),
            Region::Scan(steps) => self.scan(steps),
            Region::Branch(_) => None,
        }
    }

    /// The loop that carries this variable.
    pub(super) fn carrying(&self, variable: Id) -> Option<usize> {
        self.source.regions.iter().position(
            |region| matches!(region, Region::Scan(steps) if steps.carried().any(|c| c.variable == variable)),
        )
    }

    /// Forgets what varies inside a region.
    fn forget(&mut self, marker: Id) {
        let scopes = &mut self.scopes;
        self.made.retain(|x, _| *x != marker && !scopes.of(*x).contains(&marker));
    }

    fn shape(&self, x: Id) -> Shape {
        self.source.graph.shape(x)
    }

    /// The loop, and those whose carried variables it reads.
    fn together(&mut self, k: usize) -> Together<'c> {
        let source = self.source;
        let marker = source.regions[k].marker();
        let mut together = Together { marker, reversed: false, sums: vec![], scans: vec![] };
        let (mut members, mut next) = (vec![k], 0);
        while let Some(k) = members.get(next).copied() {
            next += 1;
            for scan in self.read_by(k) {
                if !members.contains(&scan) {
                    members.push(scan);
                }
            }
            match &source.regions[k] {
                Region::Sum(sum) => together.sums.push(sum),
                Region::Scan(steps) => {
                    together.reversed = steps.reversed;
                    together.scans.push(steps);
                }
                Region::Branch(_) => {}
            }
        }
        together
    }

    /// Loops over the same index whose carried variables this one's body reads: those that run beside it, not those whose
    /// results it reads.
    fn read_by(&mut self, k: usize) -> Vec<usize> {
        let source = self.source;
        let marker = source.regions[k].marker();
        let inside = |k: usize| source.regions[k].results().into_iter().flat_map(|own| own.inside);
        let (mut found, mut seen, mut stack) = (vec![], HashSet::new(), inside(k).collect::<Vec<_>>());
        while let Some(x) = stack.pop() {
            if !seen.insert(x) || !self.scopes.of(x).contains(&marker) {
                continue;
            }
            match (self.scopes.region(x), self.carrying(x)) {
                (Some(nested), _) => stack.extend(inside(nested)),
                (None, Some(scan)) if source.regions[scan].marker() == marker => found.push(scan),
                _ => stack.extend(source.graph.node(x).operands()),
            }
        }
        found
    }

    fn written_out(&mut self, together: &Together<'c>, runs: i64) -> Option<()> {
        let Together { marker, reversed, sums, scans } = together;
        let carried: Vec<Carried> = scans.iter().flat_map(|steps| steps.carried().copied()).collect();
        let initial: Option<Vec<Value<'s>>> = carried.iter().map(|c| self.value(c.initial)).collect();
        let (mut states, mut terms) = (initial?, vec![vec![]; sums.len()]);
        let inside = sums.iter().map(|sum| sum.term).chain(carried.iter().map(|c| c.next)).collect();
        self.made_before(inside, *marker)?;
        self.writing_out += 1;
        self.entered.insert(*marker);
        for run in 0..runs {
            self.forget(*marker);
            let index = if *reversed { runs - 1 - run } else { run };
            self.made.insert(*marker, Value::of(self.target.index(index)));
            self.made.extend(carried.iter().map(|c| c.variable).zip(states));
            for (sum, list) in sums.iter().zip(&mut terms) {
                list.push(self.value(sum.term)?);
            }
            let next: Option<Vec<Value<'s>>> = carried.iter().map(|c| self.value(c.next)).collect();
            states = next?;
            (self.target.len() <= LARGEST).then_some(())?;
        }
        self.writing_out -= 1;
        self.entered.remove(marker);
        self.forget(*marker);
        self.made.extend(carried.iter().map(|c| c.result).zip(states));
        for (sum, list) in sums.iter().zip(terms) {
            let total = self.entrywise_total(&list, self.shape(sum.result))?;
            self.made.insert(sum.result, total);
        }
        Some(())
    }

    /// Makes what a body reads from outside: other loops over the same index among it, which may not come between runs.
    fn made_before(&mut self, inside: Vec<Id>, marker: Id) -> Option<()> {
        let (mut seen, mut stack) = (HashSet::new(), inside);
        while let Some(x) = stack.pop() {
            if !seen.insert(x) {
                continue;
            }
            let scope = self.scopes.of(x);
            match self.scopes.region(x) {
                _ if scope.is_subset(&self.entered) => _ = self.value(x)?,
                _ if !scope.contains(&marker) => {}
                Some(nested) => {
                    let own = self.source.regions[nested].results().into_iter();
                    stack.extend(own.flat_map(|own| [own.inside, own.outside].concat()));
                }
                None => stack.extend(self.source.graph.node(x).operands()),
            }
        }
        Some(())
    }

    /// The sum of matrices, entry by entry.
    fn entrywise_total(&self, list: &[Value<'s>], shape: Shape) -> Option<Value<'s>> {
        let (rows, columns) = shape.known()?;
        let of = |k: usize| self.total(list.iter().map(|y| self.entry(y, shape, k % rows, k / rows)));
        Some(Value::Entries((0..rows * columns).map(of).collect()))
    }

    /// A new variable for one of the source's.
    fn renewed(&mut self, variable: Id) -> Expr<'s> {
        let own = self.target.variable(self.shape(variable));
        self.made.insert(variable, Value::of(own));
        own
    }

    fn sum(&mut self, sum: &'c Sum) -> Option<()> {
        let trips = self.whole_of(sum.trips)?.id;
        let index = self.whole_of(sum.index)?.id;
        self.entered.insert(sum.index);
        let term = self.whole_of(sum.term)?.id;
        self.entered.remove(&sum.index);
        let result = self.renewed(sum.result).id;
        self.regions.push(Region::Sum(Sum { result, index, trips, term, label: sum.label }));
        Some(())
    }

    fn scan(&mut self, steps: &'c Steps) -> Option<()> {
        let carried: Vec<Carried> = steps.carried().copied().collect();
        let (trips, index) = (self.whole_of(steps.trips)?.id, self.whole_of(steps.index)?.id);
        let mut carries = vec![];
        for c in &carried {
            let initial = self.whole_of(c.initial)?.id;
            let (variable, result) = (self.renewed(c.variable).id, self.renewed(c.result).id);
            carries.push(Carried { variable, result, initial, next: initial });
        }
        self.entered.insert(steps.index);
        for (c, own) in carried.iter().zip(&mut carries) {
            own.next = self.whole_of(c.next)?.id;
        }
        self.entered.remove(&steps.index);
        let (reversed, label) = (steps.reversed, steps.label);
        let carries = carries.into_iter().map(Some).collect();
        self.regions.push(Region::Scan(Steps { index, trips, reversed, carries, label }));
        Some(())
    }

    /// Does a condition on integers hold, if they are known?
    fn holds(&mut self, p: Id) -> Option<bool> {
        let node = self.source.graph.node(p);
        let operands = node.operands();
        let first = *operands.first()?;
        match () {
            () if node.is(&NOT_NEGATIVE) => Some(self.value(first)?.index()? >= 0),
            () if node.is(&IS_ZERO) => Some(self.value(first)?.index()? == 0),
            () if node.is(&NOT) => Some(!self.holds(first)?),
            () => None,
        }
    }

    /// Of a conditional that is decided already only the one arm is left.
    fn decided(&mut self, arms: &'c Arms, holds: bool) -> Option<()> {
        for (variable, outer) in &arms.captured {
            let outer = self.value(*outer)?;
            self.made.insert(*variable, outer);
        }
        for chosen in arms.chosen() {
            let value = self.value(if holds { chosen.then } else { chosen.other })?;
            self.made.insert(chosen.result, value);
        }
        Some(())
    }

    fn arms(&mut self, arms: &'c Arms) -> Option<()> {
        if let Some(holds) = self.holds(arms.predicate) {
            return self.decided(arms, holds);
        }
        let predicate = self.whole_of(arms.predicate)?.id;
        let inside = self.target.variable(Shape::SCALAR).id;
        let mut captured = vec![];
        for (variable, outer) in &arms.captured {
            let outer = self.value(*outer)?;
            let own = self.captured(&outer, self.shape(*variable), &mut captured);
            self.made.insert(*variable, own);
        }
        let mut results = vec![];
        self.entered.insert(arms.inside);
        for chosen in arms.chosen() {
            let (then, other) = (self.whole_of(chosen.then)?.id, self.whole_of(chosen.other)?.id);
            results.push(Chosen { result: chosen.result, then, other });
        }
        self.entered.remove(&arms.inside);
        for chosen in &mut results {
            chosen.result = self.renewed(chosen.result).id;
        }
        let results = results.into_iter().map(Some).collect();
        self.regions.push(Region::Branch(Arms { inside, predicate, captured, results }));
        Some(())
    }

    /// Variables for what a conditional captures: one for a whole matrix, or one for each entry.
    fn captured(&self, outer: &Value<'s>, shape: Shape, captured: &mut Vec<(Id, Id)>) -> Value<'s> {
        let mut renamed = |x: Expr<'s>, shape: Shape| {
            let own = self.target.variable(shape);
            captured.push((own.id, x.id));
            own
        };
        match outer {
            Value::Whole(x) => Value::Whole(renamed(*x, shape)),
            Value::Entries(list) => {
                let own = list
                    .iter()
                    .map(|entry| Entry { of: entry.of.map(|x| renamed(x, Shape::SCALAR)), ..*entry });
                Value::Entries(own.collect())
            }
        }
    }
}
