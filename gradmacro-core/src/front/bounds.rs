//! Which values an index takes.
//!
//! Invariant: an index is checked only where it is reached. So the loops around it are run through, with their trip
//! counts, instead of bounding each index by itself; where a trip count is not known nothing is claimed.
//!
//! Example: in `(0..4).map(|i| ((i + 1)..4).map(|j| x[j] - x[i]).sum::<f64>()).sum()` the index `j` reaches 3.

use std::collections::BTreeMap;

use quote::ToTokens;

use super::integers::Affine;
use super::reader::Reader;
use crate::ir::{Dim, Expr, Id};

/// The sum over an index whose body is being read.
#[derive(Clone)]
pub(super) struct Loop<'g> {
    pub(super) index: Expr<'g>,
    pub(super) trips: Expr<'g>,
}

/// Where an index is used, for messages.
pub(super) struct Use<'a> {
    /// The whole expression.
    pub(super) at: &'a dyn ToTokens,
    /// The index as written.
    pub(super) index: String,
    /// What is indexed, as written.
    pub(super) base: String,
    /// What it has so many of: `entries`, `rows`, `columns`.
    pub(super) unit: &'static str,
}

/// More steps than this are not run through.
const STEPS: usize = 10_000;

struct Walk<'a, 'g> {
    loops: &'a [Loop<'g>],
    index: Affine<'g>,
    values: BTreeMap<Id, i64>,
    steps: usize,
    found: Option<(i64, i64)>,
}

impl<'g> Reader<'g> {
    /// Reports an index that leaves `0..extent`.
    pub(super) fn check_index(&self, index: Expr<'g>, extent: Dim, used: &Use<'_>) -> bool {
        let (Some(extent), Some((least, most))) = (extent.known(), self.range_of(index)) else { return true };
        let out = if least < 0 { Some(least) } else { Some(most).filter(|most| *most >= extent as i64) };
        let Some(out) = out else { return true };
        let Use { at, index: text, base, unit } = used;
        match Affine::of(index).number() {
            Some(_) => self
                .error(at, format!("index {out} is out of range for `{base}`, which has {extent} {unit}"))
                .note("nalgebra compiles this and panics at run time"),
            None => self
                .error(at, format!("index `{text}` reaches {out}, but `{base}` has {extent} {unit}"))
                .note("nalgebra compiles this and panics at run time"),
        };
        false
    }

    /// The least and the greatest value that an integer takes; `None` if it is not known or never reached.
    pub(super) fn range_of(&self, index: Expr<'g>) -> Option<(i64, i64)> {
        let loops = self.state.loops.borrow();
        let index = Affine::of(index);
        let mut walk = Walk { loops: &loops, index, values: BTreeMap::new(), steps: 0, found: None };
        walk.run(0)?;
        walk.found
    }

    /// Reads the body of a sum over an index.
    pub(super) fn inside<T>(&self, inner: Loop<'g>, read: impl FnOnce() -> T) -> T {
        self.state.loops.borrow_mut().push(inner);
        let result = read();
        self.state.loops.borrow_mut().pop();
        result
    }
}

impl Walk<'_, '_> {
    fn run(&mut self, depth: usize) -> Option<()> {
        self.steps += 1;
        if self.steps > STEPS {
            return None;
        }
        let Some(inner) = self.loops.get(depth) else {
            let value = self.value(&self.index)?;
            let (least, most) = self.found.unwrap_or((value, value));
            self.found = Some((least.min(value), most.max(value)));
            return Some(());
        };
        let trips = self.value(&Affine::of(inner.trips))?;
        for step in 0..trips {
            self.values.insert(inner.index.id, step);
            self.run(depth + 1)?;
        }
        Some(())
    }

    fn value(&self, affine: &Affine<'_>) -> Option<i64> {
        affine.terms.iter().try_fold(affine.constant, |sum, (x, k)| {
            sum.checked_add(self.values.get(&x.id)?.checked_mul(*k)?)
        })
    }
}
