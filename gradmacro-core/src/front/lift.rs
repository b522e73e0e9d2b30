//! Closures over all entries at once.
//!
//! A *lifted* closure is read once, with its parameter bound to a whole matrix that counts as a scalar. So there are
//! no lambdas in the graph: `x.map(|v| (v * a).exp())` is exp(a·X).
//!
//! Invariant: while a closure is being lifted, only scalars of its own lift may have the shape of a matrix; entries of
//! an outer closure are refused where they are named.

use quote::ToTokens;

use super::reader::Reader;
use super::value::Value;
use crate::ir::{Expr, Shape};

impl<'g> Reader<'g> {
    /// What a closure computes of the entries of these matrices, which have one shape: of all at once if that can be
    /// read, else of one after the other.
    pub fn lift(&self, function: &Value<'g>, matrices: &[Expr<'g>], at: &dyn ToTokens) -> Option<Expr<'g>> {
        let at_once = self.attempt(|reader| reader.lift_at_once(function, matrices, at));
        // What is inactive is kept rather than taken apart.
        let one_by_one = || {
            let read = |reader: &Reader<'g>| reader.lift_one_by_one(function, matrices, at);
            if self.trial { None } else { self.attempt(read) }
        };
        at_once.or_else(one_by_one).or_else(|| self.lift_at_once(function, matrices, at))
    }

    fn lift_one_by_one(
        &self,
        function: &Value<'g>,
        matrices: &[Expr<'g>],
        at: &dyn ToTokens,
    ) -> Option<Expr<'g>> {
        self.each_entry(matrices.first()?.shape(), at, |row, column| {
            let arguments = matrices.iter().map(|x| Value::Scalar(x.entry(row, column))).collect();
            self.scalar_of(&self.call(function, arguments, at), at)
        })
    }

    fn lift_at_once(
        &self,
        function: &Value<'g>,
        matrices: &[Expr<'g>],
        at: &dyn ToTokens,
    ) -> Option<Expr<'g>> {
        let shape = matrices.first()?.shape();
        let arguments = matrices.iter().map(|x| Value::Scalar(*x)).collect();
        let value = self.lifted(|| self.call(function, arguments, at));
        self.entries_of(&value, shape, at)
    }

    /// What a closure of row, column and entry computes, entry by entry.
    pub fn lift_with_location(
        &self,
        function: &Value<'g>,
        x: Expr<'g>,
        at: &dyn ToTokens,
    ) -> Option<Expr<'g>> {
        self.each_entry(x.shape(), at, |row, column| {
            let place = [row, column].map(|k| Value::Integer(self.graph.index(k as i64)));
            let arguments = place.into_iter().chain([Value::Scalar(x.entry(row, column))]).collect();
            self.scalar_of(&self.call(function, arguments, at), at)
        })
    }

    /// A small matrix whose entries are computed one by one from row and column.
    pub fn each_entry(
        &self,
        shape: Shape,
        at: &dyn ToTokens,
        entry: impl Fn(usize, usize) -> Option<Expr<'g>>,
    ) -> Option<Expr<'g>> {
        let Some((rows, columns)) =
            shape.known().filter(|(rows, columns)| rows.saturating_mul(*columns) <= 64)
        else {
            self.error(at, "this closure is read entry by entry, for at most 64 entries")
                .note(format!("here it is {shape}"))
                .help("build a matrix of what does not depend on a differentiated parameter first, and write `map` on it");
            return None;
        };
        let mut list = Vec::new();
        for (row, column) in (0..columns).flat_map(|j| (0..rows).map(move |i| (i, j))) {
            let value = entry(row, column)?;
            if !value.is_scalar() {
                self.refuse_lifted(at);
                return None;
            }
            list.push(((row as u32, column as u32), value));
        }
        Some(self.graph.entries(&list, shape))
    }

    /// Runs `read` as the reading of a lifted closure.
    pub(super) fn lifted<T>(&self, read: impl FnOnce() -> T) -> T {
        let (lift, lifts) = (&self.state.lift, &self.state.lifts);
        lifts.set(lifts.get() + 1);
        let outer = lift.replace(lifts.get());
        let result = read();
        lift.set(outer);
        result
    }

    /// The matrix of the entries that a lifted closure computes; a closure that ignores its parameter fills it.
    pub(super) fn entries_of(&self, value: &Value<'g>, shape: Shape, at: &dyn ToTokens) -> Option<Expr<'g>> {
        let x = self.scalar_of(value, at)?;
        Some(if x.is_scalar() { x.fill(shape) } else { x })
    }
}
