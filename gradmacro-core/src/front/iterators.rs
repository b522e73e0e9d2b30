//! Methods of iterators, and the methods that make iterators.
//!
//! Example: `x.iter().zip(y.iter()).map(|(a, b)| a * b).sum::<f64>()` is the sum of x ⊙ y.

use std::rc::Rc;

use super::bounds::{Loop, Written};
use super::call::MethodCall;
use super::invoke::Argument;
use super::loops::index_in;
use super::reader::Reader;
use super::sequence::{LISTED, Run, Sequence, Steps, entry_of};
use super::value::Value;
use crate::ir::{Dim, Expr, Shape};

type Read = for<'g> fn(&Reader<'g>, &Sequence<'g>, &MethodCall<'_, 'g>) -> Option<Value<'g>>;

/// Methods of iterators: name, number of arguments, meaning.
static METHODS: &[(&str, usize, Read)] = &[
    ("iter", 0, |_, sequence, _| Some(sequence.clone().into())),
    ("into_iter", 0, |_, sequence, _| Some(sequence.clone().into())),
    ("by_ref", 0, |_, sequence, _| Some(sequence.clone().into())),
    ("copied", 0, |reader, sequence, _| Some(reader.copied(sequence).into())),
    ("cloned", 0, |reader, sequence, _| Some(reader.copied(sequence).into())),
    ("clone", 0, |_, sequence, _| Some(sequence.clone().into())),
    ("map", 1, |reader, sequence, call| reader.mapped(sequence, call).map(Value::from)),
    ("zip", 1, |reader, sequence, call| reader.zipped(sequence, call).map(Value::from)),
    ("enumerate", 0, |reader, sequence, call| reader.enumerated(sequence, call).map(Value::from)),
    ("rev", 0, |reader, sequence, call| reader.reversed(sequence, call).map(Value::from)),
    ("skip", 1, |reader, sequence, call| reader.skipped(sequence, call).map(Value::from)),
    ("take", 1, |reader, sequence, call| reader.taken(sequence, call).map(Value::from)),
    ("step_by", 1, |reader, sequence, call| reader.stepped(sequence, call).map(Value::from)),
    ("sum", 0, |reader, sequence, call| Some(reader.sum_of(sequence, call.expr))),
    ("product", 0, |reader, sequence, call| reader.product_of(sequence, call.expr)),
    ("fold", 2, |reader, sequence, call| reader.folded(sequence, call)),
    ("count", 0, |reader, sequence, call| reader.counted(sequence, call)),
    ("len", 0, |reader, sequence, call| reader.counted(sequence, call)),
];

/// The names that are understood, for the documentation.
pub(super) fn names() -> Vec<&'static str> {
    METHODS.iter().map(|row| row.0).collect()
}

impl<'g> Reader<'g> {
    /// A method that makes or takes an iterator; `None` if it is another one.
    pub(super) fn read_iterator(&self, call: &MethodCall<'_, 'g>) -> Option<Value<'g>> {
        let name = call.name();
        match (&call.receiver, name.as_str()) {
            (Value::Matrix(x), "iter" | "into_iter") => {
                Some(Sequence::lifted(x.shape(), Value::Scalar(*x)).into())
            }
            (Value::Matrix(x), "row_iter") => self.blocks(*x, x.shape().rows, true),
            (Value::Matrix(x), "column_iter") => self.blocks(*x, x.shape().columns, false),
            (Value::Array(entries), "iter" | "into_iter") => Some(Sequence::listed(entries.clone()).into()),
            (Value::Matrix(x), "fold") => Some(
                self.folded(&Sequence::lifted(x.shape(), Value::Scalar(*x)), call).unwrap_or(Value::Poison),
            ),
            (Value::Unordered(unordered), "iter" | "into_iter") => Some(unordered.sequence().into()),
            (Value::Unordered(unordered), "fold") => Some(self.read_adapter(&unordered.sequence(), call)),
            (Value::Array(entries), "map") => Some(self.mapped_array(entries, call)),
            (Value::Sequence(sequence), _) => Some(self.read_adapter(sequence, call)),
            (Value::Unknown(_), "iter") if !self.trial => {
                self.data_sequence(&call.expr.receiver).map(Value::from)
            }
            (Value::Unknown(_), "windows" | "chunks" | "chunks_exact") if !self.trial => {
                Some(self.windows_in(call.expr).map_or(Value::Poison, Value::from))
            }
            (Value::Matrix(x), "windows") if x.shape().is_vector() => Some(self.windows_of(*x, call)),
            _ => None,
        }
    }

    fn read_adapter(&self, sequence: &Sequence<'g>, call: &MethodCall<'_, 'g>) -> Value<'g> {
        let name = call.name();
        let row = METHODS.iter().find(|row| row.0 == name && row.1 == call.arguments.len());
        if let Some(what) = sequence.unordered.filter(|_| !is_free_of_order(&name)) {
            self.refuse_order_of(
                what,
                &format!("`{name}`"),
                &Value::Sequence(Rc::new(sequence.clone())),
                call.expr,
            );
            return Value::Poison;
        }
        match row {
            Some((_, _, read)) => read(self, sequence, call).unwrap_or(Value::Poison),
            None => self.refuse_adapter(call),
        }
    }

    /// The rows or the columns of a matrix.
    fn blocks(&self, x: Expr<'g>, count: Dim, rows: bool) -> Option<Value<'g>> {
        let zero = self.graph.index(0);
        let sequence = self.indexed_by(self.graph.index_extent(count), |index| {
            Some(Value::Matrix(match rows {
                true => x.slice(index, zero, Shape::of(Dim::ONE, x.shape().columns)),
                false => x.slice(zero, index, Shape::column(x.shape().rows)),
            }))
        });
        sequence.map(Value::from)
    }

    /// Neighbouring entries of a vector.
    fn windows_of(&self, x: Expr<'g>, call: &MethodCall<'_, 'g>) -> Value<'g> {
        let size =
            call.arguments.first().and_then(Value::constant).filter(|size| (1..=LISTED).contains(size));
        let Some((size, length)) = size.zip(self.length_of(x.shape())) else {
            self.error(
                call.expr,
                format!("the length of these windows is not known here, or is above {LISTED}"),
            )
            .help("write a number: `.windows(2)`");
            return Value::Poison;
        };
        let entry = |index: Expr<'g>, k| Some(entry_of(&Value::Scalar(x), self.integer_shifted(index, k)?));
        let trips = self.integer_shifted(length, 1 - size).map(|trips| self.at_least_zero(trips));
        let windows = trips.and_then(|trips| {
            self.indexed_by(trips, |index| {
                (0..size).map(|k| entry(index, k)).collect::<Option<_>>().map(Value::Array)
            })
        });
        windows.map_or(Value::Poison, Value::from)
    }

    fn mapped_array(&self, entries: &[Value<'g>], call: &MethodCall<'_, 'g>) -> Value<'g> {
        let Some(function) = call.arguments.first() else { return Value::Poison };
        Value::Array(
            entries.iter().map(|entry| self.call(function, vec![entry.clone()], call.expr)).collect(),
        )
    }

    fn mapped(&self, sequence: &Sequence<'g>, call: &MethodCall<'_, 'g>) -> Option<Sequence<'g>> {
        let function = call.arguments.first()?;
        match &sequence.steps {
            Steps::Listed => {
                let apply = |x: &Value<'g>| self.call(function, vec![x.clone()], call.expr);
                Some(Sequence::listed(sequence.elements().iter().map(apply).collect()))
            }
            Steps::Indexed(run) => self.mapped_over(sequence, run, function, call),
            Steps::Lifted(_) => {
                let lifted = self.attempt(|reader| reader.mapped_lifted(sequence, function, call));
                lifted.or_else(|| {
                    let indexed = self.indexed(sequence, call.expr)?;
                    self.mapped(&indexed, call)
                })
            }
        }
    }

    fn mapped_lifted(
        &self,
        sequence: &Sequence<'g>,
        function: &Value<'g>,
        call: &MethodCall<'_, 'g>,
    ) -> Option<Sequence<'g>> {
        let element = self.lifted(|| self.call(function, vec![sequence.element.clone()], call.expr));
        is_scalars(&element).then(|| sequence.with(element))
    }

    fn mapped_over(
        &self,
        sequence: &Sequence<'g>,
        run: &Run<'g>,
        function: &Value<'g>,
        call: &MethodCall<'_, 'g>,
    ) -> Option<Sequence<'g>> {
        let argument = Argument::of(sequence.element.clone());
        let name = sequence.name.clone().or_else(|| index_name(function, &sequence.element));
        let written = Written::of(name.as_ref(), &sequence.element, (run.index, run.trips), false);
        let body = Loop { index: run.index, trips: run.trips, written };
        let element = self.inside(body, || self.call_with(function, vec![argument], call.expr));
        (!element.is_poison()).then(|| Sequence { name, ..sequence.with(element) })
    }

    fn zipped(&self, sequence: &Sequence<'g>, call: &MethodCall<'_, 'g>) -> Option<Sequence<'g>> {
        let other = match call.arguments.first()? {
            Value::Sequence(other) if other.unordered.is_some() => {
                let what = other.unordered.unwrap_or_default();
                self.refuse_order_of(what, "`zip`", &Value::Sequence(other.clone()), call.expr);
                return None;
            }
            Value::Unordered(other) => {
                self.refuse_order(other, "`zip`", call.expr);
                return None;
            }
            Value::Sequence(other) => (**other).clone(),
            Value::Matrix(x) => Sequence::lifted(x.shape(), Value::Scalar(*x)),
            Value::Array(entries) => Sequence::listed(entries.clone()),
            Value::Unknown(_) if !self.trial => self.data_in(call.expr.args.first()?)?,
            _ => {
                self.error(call.expr, "this `zip` is not understood: its argument is not a known iterator");
                return None;
            }
        };
        match (&sequence.steps, &other.steps) {
            (Steps::Lifted(a), Steps::Lifted(b)) if a.agree(*b).is_some() => {
                Some(sequence.with(Value::Tuple(vec![sequence.element.clone(), other.element])))
            }
            (Steps::Listed, _) | (_, Steps::Listed) => {
                let (left, right) = self.listed_together(sequence, &other, call)?;
                let pairs = left.elements().iter().zip(right.elements());
                Some(Sequence::listed(pairs.map(|(a, b)| Value::Tuple(vec![a.clone(), b.clone()])).collect()))
            }
            _ => self.zipped_over(self.indexed(sequence, call.expr)?, self.indexed(&other, call.expr)?, call),
        }
    }

    /// Both element by element; an iterator without an end is as long as the other one.
    fn listed_together(
        &self,
        left: &Sequence<'g>,
        right: &Sequence<'g>,
        call: &MethodCall<'_, 'g>,
    ) -> Option<(Sequence<'g>, Sequence<'g>)> {
        let cut = |endless: &Sequence<'g>, other: &Sequence<'g>| match endless.steps {
            Steps::Indexed(run) if run.is_endless() => {
                let trips = self.graph.index(other.elements().len() as i64);
                Sequence { steps: Steps::Indexed(Run { trips, ..run }), ..endless.clone() }
            }
            _ => endless.clone(),
        };
        Some((self.listed(&cut(left, right), call.expr)?, self.listed(&cut(right, left), call.expr)?))
    }

    fn zipped_over(
        &self,
        left: Sequence<'g>,
        right: Sequence<'g>,
        call: &MethodCall<'_, 'g>,
    ) -> Option<Sequence<'g>> {
        let (Steps::Indexed(run), Steps::Indexed(other)) = (&left.steps, &right.steps) else { return None };
        let constant = |x: Expr<'g>| Value::Integer(x).constant();
        let trips = match (constant(run.trips), constant(other.trips)) {
            (Some(a), Some(b)) => self.graph.index(a.min(b)),
            _ if run.trips == other.trips => run.trips,
            _ => self.shorter(run, other).or_else(|| {
                self.error(call.expr, "it is not known which of these two iterators is shorter");
                None
            })?,
        };
        // The later index is replaced, so that it occurs nowhere else.
        let second = self.replaced(&right.element, other, run.index);
        self.replace_in_demands(other, run.index);
        let element = Value::Tuple(vec![left.element.clone(), second]);
        let run = Run { trips, scope: run.scope.min(other.scope), ..*run };
        Some(Sequence { steps: Steps::Indexed(run), element, name: left.name, unordered: None })
    }

    fn enumerated(&self, sequence: &Sequence<'g>, call: &MethodCall<'_, 'g>) -> Option<Sequence<'g>> {
        if let Steps::Listed = sequence.steps {
            let numbered = sequence.elements().iter().enumerate();
            let pair = |(k, x): (usize, &Value<'g>)| {
                Value::Tuple(vec![Value::Integer(self.graph.index(k as i64)), x.clone()])
            };
            return Some(Sequence::listed(numbered.map(pair).collect()));
        }
        let indexed = self.indexed(sequence, call.expr)?;
        let Steps::Indexed(run) = indexed.steps else { return None };
        Some(indexed.with(Value::Tuple(vec![Value::Integer(run.index), indexed.element.clone()])))
    }

    fn reversed(&self, sequence: &Sequence<'g>, call: &MethodCall<'_, 'g>) -> Option<Sequence<'g>> {
        if let Steps::Listed = sequence.steps {
            return Some(Sequence::listed(sequence.elements().iter().rev().cloned().collect()));
        }
        self.reindexed(sequence, call, |run| {
            let last = self.integer_shifted(run.trips, -1)?;
            Some((run.trips, self.integer_sum(last, -1, run.index)?))
        })
    }

    fn skipped(&self, sequence: &Sequence<'g>, call: &MethodCall<'_, 'g>) -> Option<Sequence<'g>> {
        let count = self.count_argument(call)?;
        if let Steps::Listed = sequence.steps {
            return Some(Sequence::listed(
                sequence.elements().iter().skip(count as usize).cloned().collect(),
            ));
        }
        self.reindexed(sequence, call, |run| {
            let trips = self.at_least_zero(self.integer_shifted(run.trips, -count)?);
            Some((trips, self.integer_shifted(run.index, count)?))
        })
    }

    fn taken(&self, sequence: &Sequence<'g>, call: &MethodCall<'_, 'g>) -> Option<Sequence<'g>> {
        let count = self.count_argument(call)?;
        if let Steps::Listed = sequence.steps {
            return Some(Sequence::listed(
                sequence.elements().iter().take(count as usize).cloned().collect(),
            ));
        }
        self.reindexed(sequence, call, |run| {
            let trips = Value::Integer(run.trips).constant().or_else(|| self.refuse_trips(call))?;
            Some((self.graph.index(trips.min(count)), run.index))
        })
    }

    fn stepped(&self, sequence: &Sequence<'g>, call: &MethodCall<'_, 'g>) -> Option<Sequence<'g>> {
        let step = self.count_argument(call)?;
        if step == 0 {
            self.error(call.expr, "`step_by(0)` never ends")
                .note("Rust compiles this and panics at run time");
            return None;
        }
        self.reindexed(sequence, call, |run| {
            let trips = Value::Integer(run.trips).constant().or_else(|| self.refuse_trips(call))?;
            let index = self.integer_sum(self.graph.index(0), step, run.index)?;
            Some((self.graph.index(trips.max(0).unsigned_abs().div_ceil(step.unsigned_abs()) as i64), index))
        })
    }

    fn count_argument(&self, call: &MethodCall<'_, 'g>) -> Option<i64> {
        let count = call.arguments.first().and_then(Value::constant).filter(|count| *count >= 0);
        count.or_else(|| {
            self.error(call.expr, format!("`{}` needs a number that is known here", call.name()));
            None
        })
    }

    fn refuse_trips<T>(&self, call: &MethodCall<'_, 'g>) -> Option<T> {
        self.error(call.expr, format!("`{}` needs an iterator whose length is known here", call.name()));
        None
    }

    /// The sequence over another index: `change` gives the new number of trips and the old index in the new one.
    fn reindexed(
        &self,
        sequence: &Sequence<'g>,
        call: &MethodCall<'_, 'g>,
        change: impl FnOnce(&Run<'g>) -> Option<(Expr<'g>, Expr<'g>)>,
    ) -> Option<Sequence<'g>> {
        let indexed = self.indexed(sequence, call.expr)?;
        let Steps::Indexed(run) = &indexed.steps else { return None };
        let (trips, index) = change(run)?;
        let element = self.replaced(&indexed.element, run, index);
        self.replace_in_demands(run, index);
        Some(Sequence { steps: Steps::Indexed(Run { trips, ..*run }), element, ..indexed.clone() })
    }

    fn counted(&self, sequence: &Sequence<'g>, call: &MethodCall<'_, 'g>) -> Option<Value<'g>> {
        Some(Value::Integer(match &sequence.steps {
            Steps::Lifted(shape) => self.length_of(*shape).or_else(|| self.refuse_trips(call))?,
            Steps::Indexed(run) => run.trips,
            Steps::Listed => self.graph.index(sequence.elements().len() as i64),
        }))
    }
}

/// Methods of iterators that do not care in which order the elements come.
fn is_free_of_order(name: &str) -> bool {
    let free = [
        "iter",
        "into_iter",
        "by_ref",
        "copied",
        "cloned",
        "clone",
        "map",
        "sum",
        "product",
        "fold",
        "count",
        "len",
    ];
    free.contains(&name)
}

/// Is it made of scalars, so that it can stand for all entries at once?
fn is_scalars(value: &Value<'_>) -> bool {
    match value {
        Value::Scalar(_) => true,
        Value::Tuple(entries) | Value::Array(entries) => entries.iter().all(is_scalars),
        _ => false,
    }
}

/// The name of the parameter that is an index.
fn index_name(function: &Value<'_>, element: &Value<'_>) -> Option<syn::Ident> {
    let Value::Closure(closure) = function else { return None };
    let (pattern, _) = closure.parameters().first()?;
    index_in(pattern, element)
}
