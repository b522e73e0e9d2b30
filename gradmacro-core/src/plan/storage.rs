//! What a generated function keeps on the stack beside its results.

use super::{Loop, Schedule, Step};
use crate::ir::Id;
use crate::plan::cost::size;

impl Schedule {
    /// Bytes of everything that loops carry from run to run and collect, stacks of states among it, for numbers of this
    /// many bytes. What runs one after the other counts together: a compiler need not reuse the space.
    pub fn stored_bytes(&self, of_a_number: u64) -> u64 {
        self.numbers(&self.steps).saturating_mul(of_a_number)
    }

    fn numbers(&self, steps: &[Step]) -> u64 {
        let of = |step: &Step| match step {
            Step::Compute(_) => 0,
            Step::Loop(inner) => self.held(inner).saturating_add(self.numbers(&inner.body)),
            Step::Choice(choice) => self.numbers(&choice.then).max(self.numbers(&choice.other)),
        };
        steps.iter().map(of).fold(0, u64::saturating_add)
    }

    fn held(&self, inner: &Loop) -> u64 {
        let sums = inner.sums.iter().map(|sum| sum.sum);
        let held = sums.chain(inner.carries.iter().map(|carry| carry.result));
        held.map(|x: Id| size(self.graph.shape(x))).fold(0, u64::saturating_add)
    }
}
