//! Conditions: what decides a branch.
//!
//! A `bool` is a predicate node: a comparison of floats or integers, or a kept `bool` of the user's. Comparisons are
//! never folded, and are as Rust makes them: no comparison holds of NaN but `!=`. The right side of `&&` and `||` is
//! computed only where the left one leaves it open, as far as that can be told apart.
//!
//! Example: `x[0] > 0.0 && n >= 3` is the node and(less(0, x₀), not_negative(n − 3)).

use quote::ToTokens;
use syn::{BinOp, Expr as Source};

use super::arithmetic::Operand;
use super::call::MethodCall;
use super::kept::KeptType;
use super::reader::Reader;
use super::value::Value;
use crate::ir::{Data, Expr, Ratio, Shape};
use crate::ops::OpDef;
use crate::ops::index::KEPT_AT;
use crate::ops::piecewise::SIGNUM;
use crate::ops::predicates::{AND, AT_MOST, EQUAL, FALSE, IS_ZERO, LESS, NOT, NOT_NEGATIVE, OR, TRUE};
use crate::ops::structure::SLICE;
use crate::ops::systems::{DEMAND, REQUIRE};

/// A comparison.
#[derive(Clone, Copy, PartialEq)]
enum Order {
    Less,
    AtMost,
    Equal,
    Unequal,
    More,
    AtLeast,
}

impl Order {
    fn of(op: &BinOp) -> Option<Order> {
        match op {
            BinOp::Lt(_) => Some(Order::Less),
            BinOp::Le(_) => Some(Order::AtMost),
            BinOp::Eq(_) => Some(Order::Equal),
            BinOp::Ne(_) => Some(Order::Unequal),
            BinOp::Gt(_) => Some(Order::More),
            BinOp::Ge(_) => Some(Order::AtLeast),
            _ => None,
        }
    }
}

/// Is it `&&` or `||`?
pub(super) fn is_connective(op: &BinOp) -> bool {
    matches!(op, BinOp::And(_) | BinOp::Or(_))
}

impl<'g> Reader<'g> {
    fn predicate(&self, op: &'static OpDef, operands: &[Expr<'g>]) -> Expr<'g> {
        self.graph.apply(op, Data::None, operands, Shape::SCALAR)
    }

    /// A predicate that always holds, or never.
    pub(super) fn certain(&self, holds: bool) -> Expr<'g> {
        self.predicate(if holds { &TRUE } else { &FALSE }, &[])
    }

    /// p does not hold.
    pub(super) fn negation(&self, p: Expr<'g>) -> Expr<'g> {
        match () {
            () if p.is(&NOT) => p.operand(0),
            () if p.is(&TRUE) || p.is(&FALSE) => self.certain(p.is(&FALSE)),
            () => self.predicate(&NOT, &[p]),
        }
    }

    /// p and q, where q is computed only if p holds.
    pub(super) fn both(&self, p: Expr<'g>, q: Expr<'g>) -> Expr<'g> {
        match () {
            () if p.is(&TRUE) => q,
            () if q.is(&TRUE) => p,
            () if p.is(&FALSE) || q.is(&FALSE) => self.certain(false),
            () if self.may_fail(q) => self.chosen(p, q, self.certain(false)),
            () => self.predicate(&AND, &[p, q]),
        }
    }

    /// p or q, where q is computed only if p does not hold.
    pub(super) fn either(&self, p: Expr<'g>, q: Expr<'g>) -> Expr<'g> {
        match () {
            () if p.is(&FALSE) => q,
            () if q.is(&FALSE) => p,
            () if p.is(&TRUE) || q.is(&TRUE) => self.certain(true),
            () if self.may_fail(q) => self.chosen(p, self.certain(true), q),
            () => self.predicate(&OR, &[p, q]),
        }
    }

    /// `then` where p holds, else `other`; only the one that counts is computed.
    pub(super) fn chosen(&self, p: Expr<'g>, then: Expr<'g>, other: Expr<'g>) -> Expr<'g> {
        match () {
            () if p.is(&TRUE) => then,
            () if p.is(&FALSE) => other,
            () if then == other => then,
            () if then.is(&FALSE) && other.is(&TRUE) => self.negation(p),
            () if then.is(&TRUE) && !self.may_fail(other) => self.either(p, other),
            () if then.is(&FALSE) && !self.may_fail(other) => self.both(self.negation(p), other),
            () if other.is(&FALSE) && !self.may_fail(then) => self.both(p, then),
            () => {
                let pair = (truth_as_float(then), truth_as_float(other));
                self.branch(p, &[pair]).first().map_or(p, |x| float_as_truth(*x))
            }
        }
    }

    /// Is there anything in the node that may fail at some values, so that it must not be computed without need?
    fn may_fail(&self, x: Expr<'g>) -> bool {
        let bound = self.bound_nodes();
        let (mut seen, mut stack) = (std::collections::BTreeSet::new(), vec![x]);
        while let Some(x) = stack.pop() {
            if bound.contains(&x.id) || !seen.insert(x.id) {
                continue;
            }
            let constant = |k: usize| Value::Integer(x.operand(k)).constant().is_some();
            if x.is(&KEPT_AT)
                || x.is(&DEMAND)
                || x.is(&REQUIRE)
                || x.is(&SLICE) && !(constant(1) && constant(2))
            {
                return true;
            }
            stack.extend(x.operands());
        }
        false
    }

    /// The predicate that a `bool` is; reports anything else.
    pub(super) fn truth_of(&self, value: &Value<'g>, at: &dyn ToTokens) -> Option<Expr<'g>> {
        match value {
            Value::Truth(x) => Some(*x),
            Value::Unknown(unknown) => self.unify(unknown, KeptType::Truth),
            Value::Poison => None,
            _ => {
                let found = value.describe();
                self.error(at, format!("a condition is needed here, but this is {found}")).as_rustc_would();
                None
            }
        }
    }

    /// Reads a condition.
    pub(super) fn read_condition(&self, condition: &Source) -> Option<Expr<'g>> {
        self.truth_of(&self.read(condition), condition)
    }

    /// `left && right`, `left || right`: the right side is read where it is reached.
    pub(super) fn read_connective(&self, left: &Operand<'_, 'g>, binary: &syn::ExprBinary) -> Value<'g> {
        let and = matches!(binary.op, BinOp::And(_));
        let Some(p) = self.truth_of(&left.value, left.source) else { return Value::Poison };
        let first = self.count_demands();
        let q = self.assuming(p, and, || self.read_condition(&binary.right));
        self.bar_demands((p, and), &self.seal_demands(first, None));
        let Some(q) = q else { return Value::Poison };
        Value::Truth(if and { self.both(p, q) } else { self.either(p, q) })
    }

    /// `left < right` and its like; `None` if the operator is none of them.
    pub(super) fn read_comparison(
        &self,
        left: &Operand<'_, 'g>,
        right: &Operand<'_, 'g>,
        (op, at): (&BinOp, &Source),
    ) -> Option<Value<'g>> {
        let order = Order::of(op)?;
        let compared = match (&left.value, &right.value) {
            (Value::Poison, _) | (_, Value::Poison) => None,
            (Value::Integer(a), Value::Integer(b)) => self.compared_integers(order, *a, *b, at),
            (Value::Integer(a), Value::Unknown(_)) => self
                .integer_of(&right.value, right.source)
                .and_then(|b| self.compared_integers(order, *a, b, at)),
            (Value::Unknown(_), Value::Integer(b)) => self
                .integer_of(&left.value, left.source)
                .and_then(|a| self.compared_integers(order, a, *b, at)),
            (Value::Truth(p), other) | (other, Value::Truth(p))
                if matches!(order, Order::Equal | Order::Unequal) =>
            {
                self.truth_of(other, at).map(|q| self.same(order, *p, q))
            }
            (Value::Matrix(_), _) | (_, Value::Matrix(_)) => self.refuse_matrices(order, at),
            (a, b) => match (self.scalar_of(a, left.source), self.scalar_of(b, right.source)) {
                (Some(a), Some(b)) => self.compared(order, a, b, at),
                _ => None,
            },
        };
        Some(compared.map_or(Value::Poison, Value::Truth))
    }

    /// A comparison of floats.
    fn compared(&self, order: Order, a: Expr<'g>, b: Expr<'g>, at: &dyn ToTokens) -> Option<Expr<'g>> {
        if !a.is_scalar() || !b.is_scalar() {
            self.error(at, "a comparison inside a closure over all entries of a matrix")
                .note("which way it goes differs from entry to entry; this is read for at most 64 entries")
                .help("write a `for` loop over the entries");
            return None;
        }
        Some(match order {
            Order::Less => self.predicate(&LESS, &[a, b]),
            Order::More => self.predicate(&LESS, &[b, a]),
            Order::AtMost => self.predicate(&AT_MOST, &[a, b]),
            Order::AtLeast => self.predicate(&AT_MOST, &[b, a]),
            Order::Equal => self.predicate(&EQUAL, &[a, b]),
            Order::Unequal => self.negation(self.predicate(&EQUAL, &[a, b])),
        })
    }

    fn compared_integers(
        &self,
        order: Order,
        a: Expr<'g>,
        b: Expr<'g>,
        at: &dyn ToTokens,
    ) -> Option<Expr<'g>> {
        let (upper, lower, strict) = match order {
            Order::Less => (b, a, true),
            Order::AtMost => (b, a, false),
            Order::More => (a, b, true),
            Order::AtLeast | Order::Equal | Order::Unequal => (a, b, false),
        };
        let difference = self.integer_sum(upper, -1, lower);
        let difference = difference.and_then(|d| self.integer_shifted(d, -i64::from(strict)));
        let Some(difference) = difference else {
            self.error(at, "the integers of this comparison are too large");
            return None;
        };
        Some(match order {
            Order::Equal => self.predicate(&IS_ZERO, &[difference]),
            Order::Unequal => self.negation(self.predicate(&IS_ZERO, &[difference])),
            _ => self.predicate(&NOT_NEGATIVE, &[difference]),
        })
    }

    /// An integer is in a range whose bounds are numbers.
    pub(super) fn is_between(&self, x: Expr<'g>, least: Option<i64>, most: Option<i64>) -> Option<Expr<'g>> {
        let above = match least {
            Some(least) => self.predicate(&NOT_NEGATIVE, &[self.integer_shifted(x, least.checked_neg()?)?]),
            None => self.certain(true),
        };
        let below = match most {
            Some(most) => self.predicate(&NOT_NEGATIVE, &[self.integer_sum(self.graph.index(most), -1, x)?]),
            None => self.certain(true),
        };
        Some(self.both(above, below))
    }

    /// An integer is a number.
    pub(super) fn is_number(&self, x: Expr<'g>, number: i64) -> Option<Expr<'g>> {
        Some(self.predicate(&IS_ZERO, &[self.integer_shifted(x, number.checked_neg()?)?]))
    }

    fn same(&self, order: Order, p: Expr<'g>, q: Expr<'g>) -> Expr<'g> {
        let same = self.chosen(p, q, self.negation(q));
        if order == Order::Equal { same } else { self.negation(same) }
    }

    fn refuse_matrices(&self, order: Order, at: &Source) -> Option<Expr<'g>> {
        let report = self.error(at, "matrices are not compared here");
        match order {
            Order::Equal | Order::Unequal => report
                .note("two matrices are equal on a set without interior, where a branch has no derivative")
                .help("compare numbers: `(a - b).norm() < 1e-9`"),
            _ => report.help("compare numbers: an entry `x[i]`, or `x.norm()`, `x.max()`, `x.min()`"),
        };
        None
    }

    /// A method of a float that answers with a `bool`.
    pub(super) fn read_test(&self, call: &MethodCall<'_, 'g>) -> Option<Value<'g>> {
        let (Value::Scalar(x), true) = (&call.receiver, call.arguments.is_empty()) else { return None };
        let (x, at) = (*x, call.expr);
        let infinity = || self.float(f64::INFINITY);
        let zero = || self.graph.zeros(Shape::SCALAR);
        let size = || x.apply(&crate::ops::piecewise::ABS);
        let truth = match call.name().as_str() {
            "is_nan" => self.compared(Order::Unequal, x, x, at),
            "is_finite" => self.compared(Order::Less, size(), infinity(), at),
            "is_infinite" => self.compared(Order::Equal, size(), infinity(), at),
            "is_sign_negative" => self.compared(Order::Less, x.apply(&SIGNUM), zero(), at),
            "is_sign_positive" => self.compared(Order::More, x.apply(&SIGNUM), zero(), at),
            _ => return None,
        };
        Some(truth.map_or(Value::Poison, Value::Truth))
    }

    /// `matches!(e, pattern)`
    pub(super) fn read_matches(&self, call: &syn::Macro) -> Value<'g> {
        let parse = |input: syn::parse::ParseStream<'_>| {
            let scrutinee: Source = input.parse()?;
            input.parse::<syn::Token![,]>()?;
            let pattern = syn::Pat::parse_multi_with_leading_vert(input)?;
            let guard = match input.parse::<Option<syn::Token![if]>>()? {
                Some(_) => Some(input.parse::<Source>()?),
                None => None,
            };
            input.parse::<Option<syn::Token![,]>>()?;
            Ok((scrutinee, pattern, guard))
        };
        let parsed = syn::parse::Parser::parse2(parse, call.tokens.clone());
        let Ok((scrutinee, pattern, guard)) = parsed else {
            self.error(call, "this macro is not understood");
            return Value::Poison;
        };
        let test = self.read_pattern_test(&scrutinee, &pattern, guard.as_ref());
        test.map_or(Value::Poison, Value::Truth)
    }
}

/// 1 where the predicate holds, else 0: a number that loops and branches hand on.
pub(super) fn truth_as_float(p: Expr<'_>) -> Expr<'_> {
    let graph = p.graph;
    let results = graph.branch_over(p, &[], |_| vec![graph.int(1)], |_| vec![graph.int(0)]);
    results.first().copied().unwrap_or(p)
}

/// The predicate that such a number stands for.
pub(super) fn float_as_truth(x: Expr<'_>) -> Expr<'_> {
    let half = x.graph.number(Ratio::HALF);
    x.graph.apply(&LESS, Data::None, &[half, x], Shape::SCALAR)
}
