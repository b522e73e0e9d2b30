//! Which values an index takes.
//!
//! Invariant: an index is checked only where it is reached. So the loops and the conditions around it are run through,
//! instead of bounding each index by itself; where a number is not known nothing is claimed. Of a loop on whose index
//! nothing else depends only the first and the last step are looked at, so long loops cost nothing.
//!
//! Example: in `(0..4).map(|i| ((i + 1)..4).map(|j| x[j] - x[i]).sum::<f64>()).sum()` the index `j` reaches 3.

use proc_macro2::Ident;
use quote::ToTokens;

use super::integers::Affine;
use super::reach::Walk;
use super::reader::Reader;
use super::value::Value;
use crate::diagnostics::Report;
use crate::ir::{Dim, Expr};

/// What surrounds the place that is being read.
#[derive(Clone)]
pub(super) enum Around<'g> {
    /// A loop, or a sum over an index.
    Loop(Loop<'g>),
    /// A branch that is taken if the predicate holds, or if it does not.
    Branch(Expr<'g>, bool),
}

/// A loop whose body is being read.
#[derive(Clone)]
pub(super) struct Loop<'g> {
    pub(super) index: Expr<'g>,
    pub(super) trips: Expr<'g>,
    /// The range that is written, for messages.
    pub(super) written: Option<Written>,
}

/// A range of numbers that is written.
#[derive(Clone)]
pub(super) struct Written {
    name: Ident,
    start: i64,
    end: i64,
    /// Is it a `for` loop?
    statement: bool,
}

impl Written {
    /// The range that an index runs over, if its bounds are numbers.
    pub(super) fn of<'g>(
        name: Option<&Ident>,
        element: &Value<'g>,
        (index, trips): (Expr<'g>, Expr<'g>),
        statement: bool,
    ) -> Option<Written> {
        let entries =
            if let Value::Tuple(entries) = element { entries } else { std::slice::from_ref(element) };
        let integer = entries.iter().find_map(|entry| match entry {
            Value::Integer(x) => Some(Affine::of(*x)),
            _ => None,
        })?;
        let trips = Value::Integer(trips).constant()?;
        let start = (integer.terms == [(index, 1)]).then_some(integer.constant)?;
        Some(Written { name: name?.clone(), start, end: start.checked_add(trips)?, statement })
    }

    fn range(&self, start: i64, end: i64) -> String {
        let (name, range) = (&self.name, format!("{start}..{end}"));
        if self.statement { format!("`for {name} in {range}`") } else { format!("`{range}`") }
    }
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

/// The values that an integer takes.
#[derive(Clone, Copy)]
pub(super) struct Reach {
    pub(super) least: i64,
    pub(super) most: i64,
    /// Is each of the two reached for certain, if the place is reached at all?
    pub(super) certain: bool,
}

impl Reach {
    /// A value outside of `0..extent` that is taken for certain.
    fn outside(self, extent: i64) -> Option<i64> {
        let all = self.most < 0 || self.least >= extent;
        let out =
            if self.least < 0 { Some(self.least) } else { Some(self.most).filter(|most| *most >= extent) };
        out.filter(|_| self.certain || all)
    }
}

impl<'g> Reader<'g> {
    /// Reports an index that leaves `0..extent`.
    pub(super) fn check_index(&self, index: Expr<'g>, extent: Dim, used: &Use<'_>) -> bool {
        let outside = extent
            .known()
            .zip(self.reach_of(index))
            .and_then(|(extent, reach)| Some((extent, reach.outside(extent as i64)?)));
        let Some((extent, out)) = outside else { return self.check_bounds(index, extent, used) };
        let Use { at, index: text, base, unit } = used;
        if Affine::of(index).number().is_some() {
            self.error(at, format!("index {out} is out of range for `{base}`, which has {extent} {unit}"))
                .note("nalgebra compiles this and panics at run time");
            return false;
        }
        let report =
            self.error(at, format!("index `{text}` reaches {out}, but `{base}` has {extent} {unit}"));
        self.suggest_range(report, index, out, extent as i64);
        false
    }

    /// Says over which range the loop of an index should run.
    fn suggest_range(&self, report: Report<'g>, index: Expr<'g>, out: i64, extent: i64) {
        let around = self.state.around.borrow();
        let [(variable, 1)] = Affine::of(index).terms[..] else {
            report.note("nalgebra compiles this and panics at run time");
            return;
        };
        let written = around.iter().find_map(|around| match around {
            Around::Loop(inner) if inner.index == variable => inner.written.as_ref(),
            _ => None,
        });
        let Some(written) = written else {
            report.note("nalgebra compiles this and panics at run time");
            return;
        };
        let (end, which) = if out < 0 { ("first", (-out, 0)) } else { ("last", (0, out - extent + 1)) };
        let (start, stop) = (written.start + which.0, written.end - which.1);
        let Written { name, .. } = written;
        report
            .note(format!(
                "`{name}` runs over {}..{}, so the {end} index is out of range",
                written.start, written.end
            ))
            .maybe_help((start < stop).then(|| format!("did you mean {}?", written.range(start, stop))));
    }

    /// The values that an integer takes; `None` if they are not known or it is never reached.
    pub(super) fn reach_of(&self, index: Expr<'g>) -> Option<Reach> {
        Walk::new(&self.state.around.borrow(), Affine::of(index)).reach()
    }

    /// Reads the body of a loop.
    pub(super) fn inside<T>(&self, inner: Loop<'g>, read: impl FnOnce() -> T) -> T {
        self.surrounded(Around::Loop(inner), read)
    }

    /// Reads what runs only if a predicate holds, or only if it does not.
    pub(super) fn assuming<T>(&self, predicate: Expr<'g>, holds: bool, read: impl FnOnce() -> T) -> T {
        self.surrounded(Around::Branch(predicate, holds), read)
    }

    fn surrounded<T>(&self, around: Around<'g>, read: impl FnOnce() -> T) -> T {
        self.state.around.borrow_mut().push(around);
        let result = read();
        self.state.around.borrow_mut().pop();
        result
    }
}
