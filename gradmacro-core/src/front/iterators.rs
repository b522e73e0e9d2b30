//! Methods of iterators, and the methods that make iterators.
//!
//! Example: `x.iter().zip(y.iter()).map(|(a, b)| a * b).sum::<f64>()` is the sum of x ⊙ y.

use quote::ToTokens;
use syn::{Expr as Source, Pat};

use super::arithmetic::Operator;
use super::bounds::Loop;
use super::call::MethodCall;
use super::closure::{Callee, Closure};
use super::invoke::{Argument, names_in};
use super::reader::Reader;
use super::sequence::{Run, Sequence, Steps};
use super::text;
use super::value::Value;
use crate::diagnostics::source;
use crate::ir::{Dim, Expr, Ratio, Shape};
use crate::ops::{piecewise, reductions};

type Read = for<'g> fn(&Reader<'g>, &Sequence<'g>, &MethodCall<'_, 'g>) -> Option<Value<'g>>;

/// Methods of iterators: name, number of arguments, meaning.
static METHODS: &[(&str, usize, Read)] = &[
    ("iter", 0, |_, sequence, _| Some(sequence.clone().into())),
    ("into_iter", 0, |_, sequence, _| Some(sequence.clone().into())),
    ("by_ref", 0, |_, sequence, _| Some(sequence.clone().into())),
    ("copied", 0, |_, sequence, _| Some(sequence.clone().into())),
    ("cloned", 0, |_, sequence, _| Some(sequence.clone().into())),
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
            (Value::Array(entries), "map") => Some(self.mapped_array(entries, call)),
            (Value::Sequence(sequence), _) => Some(self.read_adapter(sequence, call)),
            _ => None,
        }
    }

    fn read_adapter(&self, sequence: &Sequence<'g>, call: &MethodCall<'_, 'g>) -> Value<'g> {
        let name = call.name();
        let row = METHODS.iter().find(|row| row.0 == name && row.1 == call.arguments.len());
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

    fn mapped_array(&self, entries: &[Value<'g>], call: &MethodCall<'_, 'g>) -> Value<'g> {
        let Some(function) = call.arguments.first() else { return Value::Poison };
        Value::Array(entries.iter().map(|entry| self.call(function, vec![entry.clone()], call.expr)).collect())
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
        let body = Loop { index: run.index, trips: run.trips };
        let element = self.inside(body, || self.call_with(function, vec![argument], call.expr));
        let name = sequence.name.clone().or_else(|| index_name(function, &sequence.element));
        (!element.is_poison()).then(|| Sequence { name, ..sequence.with(element) })
    }

    fn zipped(&self, sequence: &Sequence<'g>, call: &MethodCall<'_, 'g>) -> Option<Sequence<'g>> {
        let other = match call.arguments.first()? {
            Value::Sequence(other) => (**other).clone(),
            Value::Matrix(x) => Sequence::lifted(x.shape(), Value::Scalar(*x)),
            Value::Array(entries) => Sequence::listed(entries.clone()),
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
                let (left, right) = (self.listed(sequence, call.expr)?, self.listed(&other, call.expr)?);
                let pairs = left.elements().iter().zip(right.elements());
                Some(Sequence::listed(pairs.map(|(a, b)| Value::Tuple(vec![a.clone(), b.clone()])).collect()))
            }
            _ => self.zipped_over(self.indexed(sequence, call.expr)?, self.indexed(&other, call.expr)?, call),
        }
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
            _ => {
                self.error(call.expr, "it is not known which of these two iterators is shorter");
                return None;
            }
        };
        // The later index is replaced, so that it occurs nowhere else.
        let second = self.replaced(&right.element, other, run.index);
        let element = Value::Tuple(vec![left.element.clone(), second]);
        let run = Run { trips, scope: run.scope.min(other.scope), ..*run };
        Some(Sequence { steps: Steps::Indexed(run), element, name: left.name })
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
            return Some(Sequence::listed(sequence.elements().iter().skip(count as usize).cloned().collect()));
        }
        self.reindexed(sequence, call, |run| {
            Some((self.integer_shifted(run.trips, -count)?, self.integer_shifted(run.index, count)?))
        })
    }

    fn taken(&self, sequence: &Sequence<'g>, call: &MethodCall<'_, 'g>) -> Option<Sequence<'g>> {
        let count = self.count_argument(call)?;
        if let Steps::Listed = sequence.steps {
            return Some(Sequence::listed(sequence.elements().iter().take(count as usize).cloned().collect()));
        }
        self.reindexed(sequence, call, |run| {
            let trips = Value::Integer(run.trips).constant().or_else(|| self.refuse_trips(call))?;
            Some((self.graph.index(trips.min(count)), run.index))
        })
    }

    fn stepped(&self, sequence: &Sequence<'g>, call: &MethodCall<'_, 'g>) -> Option<Sequence<'g>> {
        let step = self.count_argument(call).filter(|step| *step > 0)?;
        self.reindexed(sequence, call, |run| {
            let trips = Value::Integer(run.trips).constant().or_else(|| self.refuse_trips(call))?;
            let index = self.integer_sum(self.graph.index(0), step, run.index)?;
            Some((self.graph.index((trips.max(0) + step - 1) / step), index))
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
        Some(Sequence { steps: Steps::Indexed(Run { trips, ..*run }), element, name: indexed.name.clone() })
    }

    fn counted(&self, sequence: &Sequence<'g>, call: &MethodCall<'_, 'g>) -> Option<Value<'g>> {
        Some(Value::Integer(match &sequence.steps {
            Steps::Lifted(shape) => self.length_of(*shape).or_else(|| self.refuse_trips(call))?,
            Steps::Indexed(run) => run.trips,
            Steps::Listed => self.graph.index(sequence.elements().len() as i64),
        }))
    }

    fn product_of(&self, sequence: &Sequence<'g>, at: &dyn ToTokens) -> Option<Value<'g>> {
        let listed = self.listed(sequence, at)?;
        let factors: Option<Vec<_>> =
            listed.elements().iter().map(|x| Some((self.scalar_of(x, at)?, Ratio::ONE))).collect();
        let factors = factors?;
        Some(Value::Scalar(match factors.is_empty() {
            true => self.graph.int(1),
            false => self.graph.powers(&factors, Shape::SCALAR),
        }))
    }

    /// A fold that adds something to its accumulator, or takes the larger or smaller.
    fn folded(&self, sequence: &Sequence<'g>, call: &MethodCall<'_, 'g>) -> Option<Value<'g>> {
        let [init, function] = &call.arguments[..] else { return None };
        let lifted = match &sequence.steps {
            Steps::Lifted(shape) => self.attempt(|reader| reader.folded_lifted(sequence, *shape, init, function, call)),
            _ => None,
        };
        if lifted.is_some() {
            return lifted;
        }
        if let Steps::Listed = sequence.steps {
            let step = |sum: Value<'g>, x: &Value<'g>| self.call(function, vec![sum, x.clone()], call.expr);
            return Some(sequence.elements().iter().fold(init.clone(), step));
        }
        let indexed = self.indexed(sequence, call.expr)?;
        let Steps::Indexed(run) = &indexed.steps else { return None };
        self.folded_over(&indexed, run, init, function, call)
    }

    fn folded_lifted(
        &self,
        sequence: &Sequence<'g>,
        shape: Shape,
        init: &Value<'g>,
        function: &Value<'g>,
        call: &MethodCall<'_, 'g>,
    ) -> Option<Value<'g>> {
        let scope = self.graph.scope();
        let start = self.scalar_of(init, call.expr).filter(|start| start.is_scalar())?;
        let sum = self.graph.variable(shape);
        let arguments = vec![Value::Scalar(sum), sequence.element.clone()];
        let body = self.lifted(|| self.call(function, arguments, call.expr)).scalar()?;
        if let Some(value) = extremum(body, sum, start) {
            return Some(Value::Scalar(value));
        }
        let terms = terms_beside(body, sum, scope)?;
        let total = self.graph.combination(&terms, shape).sum();
        Some(Value::Scalar(if start.is_zero() { total } else { start + total }))
    }

    fn folded_over(
        &self,
        sequence: &Sequence<'g>,
        run: &Run<'g>,
        init: &Value<'g>,
        function: &Value<'g>,
        call: &MethodCall<'_, 'g>,
    ) -> Option<Value<'g>> {
        let start = match init {
            Value::Matrix(x) => *x,
            init => self.scalar_of(init, call.expr)?,
        };
        let wrap = |x: Expr<'g>| if let Value::Matrix(_) = init { Value::Matrix(x) } else { Value::Scalar(x) };
        let scope = self.graph.scope();
        let sum = self.graph.variable(start.shape());
        let body = self.inside(Loop { index: run.index, trips: run.trips }, || {
            self.call(function, vec![wrap(sum), sequence.element.clone()], call.expr)
        });
        let body = match &body {
            Value::Scalar(x) | Value::Matrix(x) => *x,
            _ => return None,
        };
        let Some(terms) = terms_beside(body, sum, scope) else {
            self.error(call.expr, "this `fold` is not yet available")
                .note("only a fold that adds something to its accumulator is read as a sum")
                .help("write it as a sum, a product, a maximum or a minimum");
            return None;
        };
        let step = self.graph.combination(&terms, start.shape());
        match self.sum_of(&sequence.with(wrap(step)), call.expr) {
            Value::Scalar(total) | Value::Matrix(total) => Some(wrap(start + total)),
            _ => None,
        }
    }

    fn refuse_adapter(&self, call: &MethodCall<'_, 'g>) -> Value<'g> {
        let Some(names) = self.active_names(call.expr) else {
            self.error(call.expr, "not understood");
            return Value::Poison;
        };
        match call.name().as_str() {
            "filter" => self.refuse_filter(call, &names),
            "collect" => {
                self.error(call.method(), "`collect` allocates or needs a type that cannot be seen")
                    .note(format!("the collected values depend on {names}"))
                    .maybe_help(collected(call.expr).map(|map| format!("write `{map}`")));
            }
            name => {
                self.error(call.method(), format!("the iterator method `{name}` is not supported"))
                    .note(format!("it sees values that depend on {names}"))
                    .help("write it with `map`, `zip`, `enumerate`, `sum` or `fold`");
            }
        }
        Value::Poison
    }

    fn refuse_filter(&self, call: &MethodCall<'_, 'g>, names: &str) {
        let arguments = &call.expr.args;
        let place = text::together(&[call.method(), arguments]);
        let help = arguments.first().and_then(|argument| match argument {
            Source::Closure(closure) => {
                let (parameter, body) = (closure.inputs.first()?, source(&closure.body).replace("**", "*"));
                let name = source(parameter);
                Some(format!("write `.map(|{name}| if {body} {{ *{name} }} else {{ 0.0 }})`"))
            }
            _ => None,
        });
        self.error(&place, "`filter` on differentiated values is not supported")
            .note(format!("which entries remain depends on {names}"))
            .maybe_help(help);
    }

    /// Reports `let v: Vec<f64> = ..` of differentiated values.
    pub(super) fn refuse_vector_type(&self, ty: &syn::Type, init: &Source) -> bool {
        let syn::Type::Path(path) = ty else { return false };
        let is_vector = path.path.segments.last().is_some_and(|last| last.ident == "Vec");
        let Some(names) = self.active_names(init).filter(|_| is_vector) else { return false };
        let help = match text::peel(init) {
            Source::MethodCall(call) => collected(call),
            _ => None,
        };
        self.error(ty, "`Vec` allocates and has no size at compile time")
            .note(format!("the collected values depend on {names}"))
            .help(match help {
                Some(map) => format!("write `let v = {map};`"),
                None => "use a vector of static size".to_owned(),
            });
        true
    }

    /// `into()`, whose meaning is the type that the context asks for.
    pub(super) fn read_conversion(&self, call: &MethodCall<'_, 'g>) -> Option<Value<'g>> {
        if call.name() != "into" || !call.arguments.is_empty() || call.expected.is_some() {
            return None;
        }
        let names = self.active_names_of(&call.receiver)?;
        self.error(call.expr, format!("the result of `into()` depends on {names} and its type is not known here"))
            .note("an attribute cannot see which `From` is chosen")
            .help("write the type: `let p: Vector3<f64> = ..`, or call a constructor: `Vector3::new(..)`");
        Some(Value::Poison)
    }

    /// The sum of two scalars, for tables.
    pub fn sum(&self, a: Expr<'g>, b: Expr<'g>, at: &dyn ToTokens) -> Value<'g> {
        self.scalar_arithmetic(Operator::Add, a, b, at)
    }
}

/// `x.map(f)` for `x.iter().map(f).collect()`.
fn collected(call: &syn::ExprMethodCall) -> Option<String> {
    let Source::MethodCall(map) = text::peel(&call.receiver) else { return None };
    let Source::MethodCall(iter) = text::peel(&map.receiver) else { return None };
    let function = map.args.first().filter(|_| map.method == "map" && iter.method == "iter")?;
    Some(format!("{}.map({})", text::as_receiver(&iter.receiver), source(function)))
}

/// Is it made of scalars, so that it can stand for all entries at once?
fn is_scalars(value: &Value<'_>) -> bool {
    match value {
        Value::Scalar(_) => true,
        Value::Tuple(entries) | Value::Array(entries) => entries.iter().all(is_scalars),
        _ => false,
    }
}

/// The maximum or minimum that `body = max(sum, x)` folds to.
fn extremum<'g>(body: Expr<'g>, sum: Expr<'g>, start: Expr<'g>) -> Option<Expr<'g>> {
    let (pair, whole, neutral) = match () {
        () if body.is(&piecewise::MAX) => (&piecewise::MAX, &reductions::MAX_ENTRY, f64::NEG_INFINITY),
        () if body.is(&piecewise::MIN) => (&piecewise::MIN, &reductions::MIN_ENTRY, f64::INFINITY),
        () => return None,
    };
    let entries = match body.operands()[..] {
        [a, b] if a == sum && b != sum => b,
        [a, b] if b == sum && a != sum => a,
        _ => return None,
    };
    let top = entries.reduce(whole);
    let is_neutral = start == start.graph.leaf(float(neutral), Shape::SCALAR);
    Some(if is_neutral { top } else { start.apply_with(pair, top) })
}

fn float(value: f64) -> crate::ir::Leaf {
    crate::ir::Leaf::Constant(crate::ir::Constant::Float(value.to_bits()))
}

/// The terms of `body = sum + …`, if no other one mentions a variable newer than `scope`.
fn terms_beside<'g>(body: Expr<'g>, sum: Expr<'g>, scope: u32) -> Option<Vec<(Expr<'g>, Ratio)>> {
    if body == sum {
        return Some(Vec::new());
    }
    if !body.is(&crate::ops::arithmetic::SUM) {
        return None;
    }
    let mut rest = Vec::new();
    let mut inner = None;
    for (x, k) in body.weighted() {
        match x.is_fixed(scope) {
            true => rest.push((x, k)),
            false if k == Ratio::ONE && inner.is_none() => inner = Some(x),
            false => return None,
        }
    }
    rest.extend(terms_beside(inner?, sum, scope)?);
    Some(rest)
}

/// The name of the parameter that is an index.
fn index_name(function: &Value<'_>, element: &Value<'_>) -> Option<syn::Ident> {
    let Value::Closure(closure) = function else { return None };
    let Closure { callee: Callee::Body { parameters, .. }, .. } = &**closure else { return None };
    let (pattern, _) = parameters.first()?;
    let pattern = match (pattern, element) {
        (Pat::Tuple(tuple), Value::Tuple(entries)) => {
            let k = entries.iter().position(|entry| matches!(entry, Value::Integer(_)))?;
            tuple.elems.iter().nth(k)?
        }
        (pattern, Value::Integer(_)) => pattern,
        _ => return None,
    };
    names_in(pattern).into_iter().next()
}
