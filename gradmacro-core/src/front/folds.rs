//! Reductions of iterators besides the sum: products, folds.
//!
//! A fold is read with a variable for its accumulator; if what comes back is the accumulator plus something that does
//! not mention it, or the larger or smaller of the two, it is a sum or an extremum. Any other is a loop that carries
//! the accumulator, or written out step by step if that is short.
//!
//! Example: `x.iter().fold(1.0, |s, v| s + v * v)` gives the body s + x⊙x, hence 1 + Σ (x⊙x).

use quote::ToTokens;

use super::arithmetic::Operator;
use super::bounds::Loop;
use super::call::MethodCall;
use super::carried::{Header, Start};
use super::reader::Reader;
use super::sequence::{LISTED, Run, Sequence, Steps};
use super::value::Value;
use crate::ir::{Constant, Expr, Leaf, Ratio, Shape};
use crate::ops::{arithmetic, piecewise, reductions};

/// A fold of more operations than this stays a loop.
const UNROLLED: i64 = 60;

impl<'g> Reader<'g> {
    pub(super) fn product_of(&self, sequence: &Sequence<'g>, at: &dyn ToTokens) -> Option<Value<'g>> {
        if let Some((indexed, run)) = self.is_long(sequence, at) {
            return self.product_over(&indexed, run, at);
        }
        let listed = self.listed(sequence, at)?;
        let factors: Option<Vec<_>> =
            listed.elements().iter().map(|x| Some((self.scalar_of(x, at)?, Ratio::ONE))).collect();
        let factors = factors?;
        Some(Value::Scalar(match factors.is_empty() {
            true => self.graph.int(1),
            false => self.graph.powers(&factors, Shape::SCALAR),
        }))
    }

    /// The sequence over its index, if its elements are too many to be told apart.
    fn is_long(&self, sequence: &Sequence<'g>, at: &dyn ToTokens) -> Option<(Sequence<'g>, Run<'g>)> {
        if let Steps::Listed = sequence.steps {
            return None;
        }
        let indexed = self.indexed(sequence, at)?;
        let Steps::Indexed(run) = indexed.steps else { return None };
        let is_short = Value::Integer(run.trips).constant().is_some_and(|trips| trips <= LISTED);
        (!is_short && !run.is_endless()).then_some((indexed, run))
    }

    /// A product that is carried through a loop.
    fn product_over(&self, sequence: &Sequence<'g>, run: Run<'g>, at: &dyn ToTokens) -> Option<Value<'g>> {
        let header = Header {
            run,
            element: &sequence.element,
            name: sequence.name.clone(),
            statement: false,
            mask: self.mask_of(&sequence.element),
            at,
        };
        let start = Start { name: None, is_whole: true, value: Value::Scalar(self.graph.int(1)) };
        let after = self.carried_over(&header, &[start], &|reader, element, values| {
            let (factor, product) = (reader.scalar_of(element, at)?, values.first()?.scalar()?);
            Some(vec![reader.scalar_arithmetic(Operator::Mul, product, factor, at)])
        });
        after?.pop()
    }

    /// A fold that adds something to its accumulator, or takes the larger or smaller.
    pub(super) fn folded(&self, sequence: &Sequence<'g>, call: &MethodCall<'_, 'g>) -> Option<Value<'g>> {
        let [init, function] = &call.arguments[..] else { return None };
        let lifted = match &sequence.steps {
            Steps::Lifted(shape) => {
                self.attempt(|reader| reader.folded_lifted(sequence, *shape, init, function, call))
            }
            _ => None,
        };
        if lifted.is_some() {
            return lifted;
        }
        if let Some(what) = sequence.unordered {
            let values = Value::Sequence(std::rc::Rc::new(sequence.clone()));
            self.refuse_order_of(what, "this `fold`", &values, call.expr);
            return None;
        }
        if let Steps::Listed = sequence.steps {
            return self.folded_in_steps(sequence, init, function, call);
        }
        let indexed = self.indexed(sequence, call.expr)?;
        let Steps::Indexed(run) = &indexed.steps else { return None };
        if run.is_endless() {
            return Some(self.sum_of(&indexed, call.expr));
        }
        let before = self.graph.len();
        let sum = self.attempt(|reader| reader.folded_over(&indexed, run, init, function, call));
        let work = self.graph.len() - before;
        let is_short =
            Value::Integer(run.trips).constant().is_some_and(|trips| trips <= UNROLLED / work.max(1) as i64);
        let steps = || self.attempt(|reader| reader.folded_in_steps(&indexed, init, function, call));
        let short = || if is_short { steps() } else { None };
        sum.or_else(short).or_else(|| self.folded_scan(&indexed, *run, init, function, call))
    }

    /// Any other fold: a loop that carries its accumulator.
    fn folded_scan(
        &self,
        sequence: &Sequence<'g>,
        run: Run<'g>,
        init: &Value<'g>,
        function: &Value<'g>,
        call: &MethodCall<'_, 'g>,
    ) -> Option<Value<'g>> {
        let values = [init, function, &sequence.element];
        let header = Header {
            run,
            element: &sequence.element,
            name: sequence.name.clone(),
            statement: false,
            mask: values.into_iter().fold(0, |all, value| all | self.mask_of(value)),
            at: call.expr,
        };
        let start = Start { name: None, is_whole: true, value: init.clone() };
        let after = self.carried_over(&header, &[start], &|reader, element, values| {
            let arguments = values.iter().chain([element]).cloned().collect();
            let value = reader.call(function, arguments, call.expr);
            (!value.is_poison()).then(|| vec![value])
        });
        after?.pop()
    }

    /// A fold whose steps are written out, such as Horner's rule.
    fn folded_in_steps(
        &self,
        sequence: &Sequence<'g>,
        init: &Value<'g>,
        function: &Value<'g>,
        call: &MethodCall<'_, 'g>,
    ) -> Option<Value<'g>> {
        let listed = self.listed(sequence, call.expr)?;
        let step = |sum: Value<'g>, x: &Value<'g>| self.call(function, vec![sum, x.clone()], call.expr);
        Some(listed.elements().iter().fold(init.clone(), step))
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
        if let Some(value) = extremum(body, sum, start, scope) {
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
        let wrap =
            |x: Expr<'g>| if let Value::Matrix(_) = init { Value::Matrix(x) } else { Value::Scalar(x) };
        let scope = self.graph.scope();
        let sum = self.variable_of(start.shape(), self.mask_of(function) | self.mask_of(&sequence.element));
        let body = self.inside(Loop { index: run.index, trips: run.trips, written: None }, || {
            self.call(function, vec![wrap(sum), sequence.element.clone()], call.expr)
        });
        let body = match &body {
            Value::Matrix(x) => *x,
            other => self.scalar_of(other, call.expr)?,
        };
        let terms = terms_beside(body, sum, scope)?;
        let step = self.graph.combination(&terms, start.shape());
        match self.sum_of(&sequence.with(wrap(step)), call.expr) {
            Value::Scalar(total) | Value::Matrix(total) => Some(wrap(start + total)),
            _ => None,
        }
    }
}

/// The maximum or minimum that `body = max(sum, x)` folds to.
fn extremum<'g>(body: Expr<'g>, sum: Expr<'g>, start: Expr<'g>, scope: u32) -> Option<Expr<'g>> {
    let (pair, whole, neutral) = match () {
        () if body.is(&piecewise::MAX) => (&piecewise::MAX, &reductions::MAX_ENTRY, f64::NEG_INFINITY),
        () if body.is(&piecewise::MIN) => (&piecewise::MIN, &reductions::MIN_ENTRY, f64::INFINITY),
        () => return None,
    };
    let entries = match body.operands()[..] {
        [a, b] if a == sum && b.is_fixed(scope) => b,
        [a, b] if b == sum && a.is_fixed(scope) => a,
        _ => return None,
    };
    let top = entries.reduce(whole);
    let is_neutral = start == start.graph.leaf(float(neutral), Shape::SCALAR);
    Some(if is_neutral { top } else { start.apply_with(pair, top) })
}

fn float(value: f64) -> Leaf {
    Leaf::Constant(Constant::Float(value.to_bits()))
}

/// The terms of `body = sum + …`, if no other one mentions a variable newer than `scope`.
fn terms_beside<'g>(body: Expr<'g>, sum: Expr<'g>, scope: u32) -> Option<Vec<(Expr<'g>, Ratio)>> {
    if body == sum {
        return Some(Vec::new());
    }
    if !body.is(&arithmetic::SUM) {
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
