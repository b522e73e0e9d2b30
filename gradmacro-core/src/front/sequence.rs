//! Iterators as values.
//!
//! A sequence is *lifted* (all entries of a matrix at once), *indexed* (a function of an index that runs from 0) or
//! *listed* (known one by one). A lifted one becomes indexed where its elements must be told apart.
//!
//! Invariant: the index of a sequence occurs nowhere but in its element; it is a variable of its own, so a sum closes
//! over a fresh one.
//!
//! Example: `x.iter().map(|v| v * v)` is lifted with the element x⊙x; `.enumerate()` makes it indexed with the element
//! `(i, (x⊙x)[i])`.

use proc_macro2::Ident;
use quote::ToTokens;

use super::methods::{Factors, Unordered};
use super::reader::Reader;
use super::value::{Unknown, Value};
use crate::ir::rebuild::Rebuild;
use crate::ir::region::OpenSum;
use crate::ir::{Dim, Expr, Shape};
use crate::ops::structure::reshape;

/// An iterator.
#[derive(Clone)]
pub struct Sequence<'g> {
    pub(super) steps: Steps<'g>,
    pub(super) element: Value<'g>,
    /// What the user calls the index.
    pub(super) name: Option<Ident>,
    /// If its elements come in no fixed order: what they are.
    pub(super) unordered: Option<&'static str>,
}

/// What a sequence runs over.
#[derive(Clone)]
pub(super) enum Steps<'g> {
    /// The entries of matrices of this shape, column by column.
    Lifted(Shape),
    /// An index.
    Indexed(Run<'g>),
    /// The entries of the element, which is a tuple.
    Listed,
}

/// An index that runs from 0.
#[derive(Clone, Copy)]
pub(super) struct Run<'g> {
    /// Variables made before the index.
    pub(super) scope: u32,
    pub(super) index: Expr<'g>,
    pub(super) trips: Expr<'g>,
}

/// The number of steps of a range without an end.
pub(super) const ENDLESS: i64 = i64::MAX;

/// A sequence of more elements is not taken apart.
pub(super) const LISTED: i64 = 64;

impl Run<'_> {
    /// Is it a range without an end?
    pub(super) fn is_endless(&self) -> bool {
        Value::Integer(self.trips).constant() == Some(ENDLESS)
    }
}

impl<'g> Sequence<'g> {
    /// What every element is, or all of them.
    pub fn element(&self) -> &Value<'g> {
        &self.element
    }

    pub(super) fn lifted(shape: Shape, element: Value<'g>) -> Self {
        Sequence { steps: Steps::Lifted(shape), element, name: None, unordered: None }
    }

    pub(super) fn listed(elements: Vec<Value<'g>>) -> Self {
        Sequence { steps: Steps::Listed, element: Value::Tuple(elements), name: None, unordered: None }
    }

    pub(super) fn with(&self, element: Value<'g>) -> Self {
        Sequence { element, ..self.clone() }
    }

    /// The elements of a listed sequence.
    pub(super) fn elements(&self) -> &[Value<'g>] {
        match (&self.steps, &self.element) {
            (Steps::Listed, Value::Tuple(elements)) => elements,
            _ => &[],
        }
    }
}

impl<'g> Reader<'g> {
    /// A sequence over `0..trips`, whose element is made from the index.
    pub(super) fn indexed_by(
        &self,
        trips: Expr<'g>,
        element: impl FnOnce(Expr<'g>) -> Option<Value<'g>>,
    ) -> Option<Sequence<'g>> {
        let scope = self.graph.scope();
        let index = self.graph.variable(Shape::SCALAR);
        let element = element(index)?;
        let steps = Steps::Indexed(Run { scope, index, trips });
        Some(Sequence { steps, element, name: None, unordered: None })
    }

    /// `a..b`, and `a..` for a `zip`
    pub(super) fn read_range(&self, range: &syn::ExprRange) -> Value<'g> {
        let start = range.start.as_ref().map_or_else(|| Some(self.graph.index(0)), |start| self.bound(start));
        let inclusive = matches!(range.limits, syn::RangeLimits::Closed(_));
        let end = range.end.as_ref().map(|end| self.bound(end));
        let (Some(start), false) = (start, matches!(end, Some(None))) else { return Value::Poison };
        let trips = match end.flatten() {
            Some(end) => {
                self.integer_sum(end, -1, start).and_then(|n| self.integer_shifted(n, i64::from(inclusive)))
            }
            None => Some(self.graph.index(ENDLESS)),
        };
        let sequence = trips.and_then(|trips| {
            let trips = self.at_least_zero(trips);
            self.indexed_by(trips, |index| self.integer_sum(index, 1, start).map(Value::Integer))
        });
        sequence.map(Value::from).unwrap_or_else(|| {
            self.error(range, "the bounds of this range are too large");
            Value::Poison
        })
    }

    /// A number of steps: an empty range such as `3..1` has none.
    pub(super) fn at_least_zero(&self, trips: Expr<'g>) -> Expr<'g> {
        match Value::Integer(trips).constant() {
            Some(number) if number < 0 => self.graph.index(0),
            _ => trips,
        }
    }

    fn bound(&self, bound: &syn::Expr) -> Option<Expr<'g>> {
        self.integer_of(&self.read(bound), bound)
    }

    /// The same sequence over an index.
    pub(super) fn indexed(&self, sequence: &Sequence<'g>, at: &dyn ToTokens) -> Option<Sequence<'g>> {
        match &sequence.steps {
            Steps::Indexed(_) => Some(sequence.clone()),
            Steps::Lifted(shape) => {
                let trips = self.length_of(*shape).or_else(|| self.refuse_length(at))?;
                let indexed = self.indexed_by(trips, |index| Some(entry_of(&sequence.element, index)))?;
                Some(Sequence { unordered: sequence.unordered, ..indexed })
            }
            Steps::Listed => {
                self.error(at, "an array is not read over an index").help("write a vector");
                None
            }
        }
    }

    pub(super) fn refuse_endless(&self, at: &dyn ToTokens) -> Value<'g> {
        self.error(at, "this iterator has no end").help("give its range an end: `0..n`");
        Value::Poison
    }

    fn refuse_length<T>(&self, at: &dyn ToTokens) -> Option<T> {
        self.error(at, "the number of entries of this matrix is not known here");
        None
    }

    /// The same sequence element by element, if it is short.
    pub(super) fn listed(&self, sequence: &Sequence<'g>, at: &dyn ToTokens) -> Option<Sequence<'g>> {
        if let Steps::Listed = sequence.steps {
            return Some(sequence.clone());
        }
        let indexed = self.indexed(sequence, at)?;
        let Steps::Indexed(run) = indexed.steps else { return None };
        let Some(trips) = Value::Integer(run.trips).constant().filter(|trips| *trips <= LISTED) else {
            self.error(at, "the elements of this iterator cannot be told apart here")
                .note(format!("that is done for at most {LISTED} elements"));
            return None;
        };
        let elements = (0..trips).map(|k| self.replaced(&indexed.element, &run, self.graph.index(k)));
        let listed = Sequence::listed(elements.collect());
        self.list_demands(&run, trips);
        Some(listed)
    }

    /// A value in which the index of a run is another expression.
    pub(super) fn replaced(&self, value: &Value<'g>, run: &Run<'g>, with: Expr<'g>) -> Value<'g> {
        let node = |x: Expr<'g>| {
            let mut rebuild = Rebuild::within(self.graph, run.scope);
            rebuild.replace(run.index.id, with);
            rebuild.expr(x.id)
        };
        match value {
            Value::Scalar(x) => Value::Scalar(node(*x)),
            Value::Matrix(x) => Value::Matrix(node(*x)),
            Value::Integer(x) => Value::Integer(self.affine_again(node(*x))),
            Value::Truth(x) => Value::Truth(node(*x)),
            Value::Tuple(list) => Value::Tuple(list.iter().map(|x| self.replaced(x, run, with)).collect()),
            Value::Array(list) => Value::Array(list.iter().map(|x| self.replaced(x, run, with)).collect()),
            Value::Unknown(unknown) => self.kept_again(unknown, &node),
            Value::Attempt(attempt) => attempt.rebuilt(|x| self.replaced(x, run, with), node),
            Value::Factors(factors) => Value::Factors(Factors { matrix: node(factors.matrix), ..*factors }),
            Value::Unordered(unordered) => {
                Value::Unordered(Unordered { values: node(unordered.values), ..*unordered })
            }
            Value::Geometry(geometry) => geometry.of_node(node(geometry.node)),
            other => other.clone(),
        }
    }

    /// A kept expression that reads other indices.
    pub(super) fn kept_again(&self, unknown: &Unknown, node: &dyn Fn(Expr<'g>) -> Expr<'g>) -> Value<'g> {
        let serial = self.state.keeper.borrow_mut().again(unknown.serial, node);
        Value::Unknown(std::rc::Rc::new(Unknown {
            serial,
            tokens: unknown.tokens.clone(),
            text: unknown.text.clone(),
            binding: unknown.binding.clone(),
            ty: unknown.ty,
        }))
    }

    /// Σ of the elements.
    pub(super) fn sum_of(&self, sequence: &Sequence<'g>, at: &dyn ToTokens) -> Value<'g> {
        match &sequence.steps {
            Steps::Lifted(shape) => self
                .entries_of(&sequence.element, *shape, at)
                .map_or(Value::Poison, |x| Value::Scalar(x.sum())),
            Steps::Indexed(run) if run.is_endless() => self.refuse_endless(at),
            Steps::Indexed(run) => match &sequence.element {
                Value::Matrix(x) => Value::Matrix(self.close(sequence, run, *x)),
                element => {
                    let x = self.scalar_of(element, at);
                    x.map_or(Value::Poison, |x| Value::Scalar(self.close(sequence, run, x)))
                }
            },
            Steps::Listed => self.sum_of_list(sequence.elements(), at),
        }
    }

    fn close(&self, sequence: &Sequence<'g>, run: &Run<'g>, element: Expr<'g>) -> Expr<'g> {
        let sum = self.sum_over(run, element);
        self.change_demands(run, |node| self.sum_over(run, node));
        if let Some(name) = &sequence.name {
            self.state.indices.borrow_mut().entry(sum.id).or_insert_with(|| name.clone());
        }
        sum
    }

    /// Σ of a node over the index of a run.
    fn sum_over(&self, run: &Run<'g>, element: Expr<'g>) -> Expr<'g> {
        let scope = self.graph.scope();
        let index = self.graph.variable(Shape::SCALAR);
        let mut rebuild = Rebuild::within(self.graph, run.scope);
        rebuild.replace(run.index.id, index);
        let body = rebuild.expr(element.id);
        self.graph.sum_over(OpenSum { scope, index, trips: run.trips, body })
    }

    fn sum_of_list(&self, elements: &[Value<'g>], at: &dyn ToTokens) -> Value<'g> {
        let mut sum: Option<Value<'g>> = None;
        for element in elements {
            sum = Some(match (sum, element) {
                (None, element) => element.clone(),
                (Some(Value::Matrix(a)), Value::Matrix(b)) if a.shape().agree(b.shape()).is_some() => {
                    Value::Matrix(a + *b)
                }
                (Some(a), b) => match (self.scalar_of(&a, at), self.scalar_of(b, at)) {
                    (Some(a), Some(b)) => self.scalar_arithmetic(super::arithmetic::Operator::Add, a, b, at),
                    _ => Value::Poison,
                },
            });
        }
        sum.unwrap_or_else(|| Value::Scalar(self.graph.zeros(Shape::SCALAR)))
    }

    /// The number of entries of a matrix, as an integer.
    pub(super) fn length_of(&self, shape: Shape) -> Option<Expr<'g>> {
        match (shape.rows, shape.columns, shape.size()) {
            (_, _, Some(size)) => Some(self.graph.index(size as i64)),
            (n, Dim::ONE, _) | (Dim::ONE, n, _) => Some(self.graph.index_extent(n)),
            _ => None,
        }
    }
}

/// The entry at an index of values that stand for all entries of a matrix.
pub(super) fn entry_of<'g>(value: &Value<'g>, index: Expr<'g>) -> Value<'g> {
    match value {
        Value::Scalar(x) if !x.is_scalar() => {
            let (graph, shape) = (x.graph, x.shape());
            let zero = graph.index(0);
            Value::Scalar(match (shape.rows, shape.columns, shape.size()) {
                (_, Dim::ONE, _) => x.slice(index, zero, Shape::SCALAR),
                (Dim::ONE, ..) => x.slice(zero, index, Shape::SCALAR),
                (_, _, size) => {
                    let column = Shape::column(size.map_or(shape.rows, Dim::Known));
                    reshape(*x, column).slice(index, zero, Shape::SCALAR)
                }
            })
        }
        Value::Tuple(list) => Value::Tuple(list.iter().map(|x| entry_of(x, index)).collect()),
        Value::Array(list) => Value::Array(list.iter().map(|x| entry_of(x, index)).collect()),
        other => other.clone(),
    }
}

impl<'g> From<Sequence<'g>> for Value<'g> {
    fn from(sequence: Sequence<'g>) -> Value<'g> {
        Value::Sequence(std::rc::Rc::new(sequence))
    }
}
