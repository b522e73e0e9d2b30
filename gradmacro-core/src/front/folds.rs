//! Reductions of iterators besides the sum: products, folds.
//!
//! A fold is read with a variable for its accumulator; if what comes back is the accumulator plus something that does
//! not mention it, or the larger or smaller of the two, it is a sum or an extremum. Any other is written out step by step.
//!
//! Example: `x.iter().fold(1.0, |s, v| s + v * v)` gives the body s + x⊙x, hence 1 + Σ (x⊙x).

use quote::ToTokens;

use super::bounds::Loop;
use super::call::MethodCall;
use super::reader::Reader;
use super::sequence::{Run, Sequence, Steps};
use super::value::Value;
use crate::ir::{Constant, Expr, Leaf, Ratio, Shape};
use crate::ops::{arithmetic, piecewise, reductions};

impl<'g> Reader<'g> {
    pub(super) fn product_of(&self, sequence: &Sequence<'g>, at: &dyn ToTokens) -> Option<Value<'g>> {
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
        let sum = self.attempt(|reader| reader.folded_over(&indexed, run, init, function, call));
        let steps = || self.attempt(|reader| reader.folded_in_steps(&indexed, init, function, call));
        sum.or_else(steps).or_else(|| self.folded_over(&indexed, run, init, function, call))
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
        let sum = self.graph.variable(start.shape());
        let body = self.inside(Loop { index: run.index, trips: run.trips }, || {
            self.call(function, vec![wrap(sum), sequence.element.clone()], call.expr)
        });
        let body = match &body {
            Value::Matrix(x) => *x,
            other => self.scalar_of(other, call.expr)?,
        };
        let Some(terms) = terms_beside(body, sum, scope) else {
            self.error(call.expr, "this `fold` is not yet available")
                .note("a fold that adds something to its accumulator is a sum, another one is read over 64 elements at most")
                .help("write it as a sum, a product, a maximum or a minimum");
            return None;
        };
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
