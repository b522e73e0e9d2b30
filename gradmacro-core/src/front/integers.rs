//! Integers: indices, sizes, trip counts, exponents. Never differentiated.
//!
//! Invariant: an integer that is affine in the integers known here is one `AFFINE` node, so that constants fold and
//! the range of an index can be computed.
//!
//! Example: `2 * (i + 1) - 1` is the node 2·i + 1.

use quote::ToTokens;

use super::arithmetic::Operator;
use super::reader::Reader;
use super::text;
use super::types::Type;
use super::value::Value;
use crate::ir::{Data, Expr};
use crate::ops::index::AFFINE;

/// Σ kᵢ·indexᵢ + constant.
#[derive(Clone, Default)]
pub(super) struct Affine<'g> {
    pub(super) terms: Vec<(Expr<'g>, i64)>,
    pub(super) constant: i64,
}

impl<'g> Affine<'g> {
    /// What an integer node is.
    pub(super) fn of(x: Expr<'g>) -> Affine<'g> {
        match x.node().data() {
            Data::Affine(factors, constant) if x.is(&AFFINE) => Affine {
                terms: x.operands().into_iter().zip(factors.iter().copied()).collect(),
                constant: *constant,
            },
            _ => Affine { terms: vec![(x, 1)], constant: 0 },
        }
    }

    /// self + k·other; `None` if a number does not fit.
    pub(super) fn plus(mut self, k: i64, other: &Affine<'g>) -> Option<Affine<'g>> {
        self.constant = self.constant.checked_add(other.constant.checked_mul(k)?)?;
        for (x, factor) in &other.terms {
            let factor = factor.checked_mul(k)?;
            match self.terms.iter_mut().find(|(known, _)| known == x) {
                Some(term) => term.1 = term.1.checked_add(factor)?,
                None => self.terms.push((*x, factor)),
            }
        }
        self.terms.retain(|term| term.1 != 0);
        Some(self)
    }

    /// The number it is, if it is one.
    pub(super) fn number(&self) -> Option<i64> {
        self.terms.is_empty().then_some(self.constant)
    }

    pub(super) fn node(&self, reader: &Reader<'g>) -> Expr<'g> {
        match (&self.terms[..], self.constant) {
            ([(x, 1)], 0) => *x,
            (terms, constant) => reader.graph.affine(terms, constant),
        }
    }
}

impl<'g> Reader<'g> {
    /// a + k·b
    pub(super) fn integer_sum(&self, a: Expr<'g>, k: i64, b: Expr<'g>) -> Option<Expr<'g>> {
        Affine::of(a).plus(k, &Affine::of(b)).map(|sum| sum.node(self))
    }

    /// An index after substitution: one affine node again.
    pub(super) fn affine_again(&self, x: Expr<'g>) -> Expr<'g> {
        let outer = Affine::of(x);
        let start = Affine { terms: vec![], constant: outer.constant };
        let flat = outer.terms.iter().try_fold(start, |sum, (y, k)| sum.plus(*k, &Affine::of(*y)));
        flat.map_or(x, |flat| flat.node(self))
    }

    /// a + k
    pub(super) fn integer_shifted(&self, a: Expr<'g>, k: i64) -> Option<Expr<'g>> {
        self.integer_sum(a, 1, self.graph.index(k))
    }

    pub(super) fn integer_arithmetic(
        &self,
        op: Operator,
        a: Expr<'g>,
        b: Expr<'g>,
        at: &dyn ToTokens,
    ) -> Value<'g> {
        let (left, right) = (Affine::of(a), Affine::of(b));
        let value = match (op, left.number(), right.number()) {
            (Operator::Add, ..) => left.plus(1, &right),
            (Operator::Sub, ..) => left.plus(-1, &right),
            (Operator::Mul, Some(k), _) => Affine::default().plus(k, &right),
            (Operator::Mul, _, Some(k)) => Affine::default().plus(k, &left),
            (Operator::Div, Some(m), Some(n)) => folded(m.checked_div(n)),
            (Operator::Rem, Some(m), Some(n)) => folded(m.checked_rem(n)),
            _ => None,
        };
        match value {
            Some(value) => Value::Integer(value.node(self)),
            None => {
                self.error(at, "this integer cannot be computed here")
                    .note("integers are sums of indices with constant factors");
                Value::Poison
            }
        }
    }

    pub(super) fn negated_integer(&self, x: Expr<'g>, at: &dyn ToTokens) -> Value<'g> {
        self.integer_arithmetic(Operator::Sub, self.graph.index(0), x, at)
    }

    /// `e as T`
    pub(super) fn read_cast(&self, cast: &syn::ExprCast) -> Value<'g> {
        let value = self.read(&cast.expr);
        match (&value, self.type_of(&cast.ty)) {
            (Value::Poison, _) => Value::Poison,
            (Value::Integer(_), Some(Type::Scalar(scalar)))
                if !self.trial && !self.signature.scalar.takes(scalar) =>
            {
                self.refuse_precision(cast, scalar.name(), self.cast_to_ours(&cast.expr))
            }
            (Value::Integer(x), Some(Type::Scalar(_))) => Value::Scalar(self.as_real(*x)),
            (Value::Integer(_), Some(Type::Integer(_))) => value,
            (Value::Scalar(_), Some(Type::Scalar(scalar))) if self.signature.scalar.takes(scalar) => value,
            (Value::Scalar(_), Some(ty)) => self.refuse_cast(cast, &value, &ty),
            _ => {
                self.error(cast, format!("this cast is not understood: {} is cast", value.describe()));
                Value::Poison
            }
        }
    }

    /// How an integer is cast to the scalar type of the function, for a message.
    pub(super) fn cast_to_ours(&self, integer: &syn::Expr) -> String {
        let (text, scalar) = (text::of(integer), self.signature.scalar);
        match scalar.is_parameter() {
            true => format!("nalgebra::convert::<f64, {}>({text} as f64)", scalar.name()),
            false => format!("{text} as {}", scalar.name()),
        }
    }

    /// An integer as a float.
    pub fn as_real(&self, x: Expr<'g>) -> Expr<'g> {
        match (Affine::of(x).number(), &*x.node()) {
            (Some(number), _) => self.graph.int(number),
            (_, crate::ir::Node::Leaf(crate::ir::Leaf::Extent(dim))) => self.graph.extent(*dim),
            _ => x.as_real(),
        }
    }

    fn refuse_cast(&self, cast: &syn::ExprCast, value: &Value<'g>, ty: &Type) -> Value<'g> {
        let Some(names) = self.active_names_of(value) else {
            self.error(cast, "not understood");
            return Value::Poison;
        };
        match ty {
            Type::Integer(integer) => self
                .error(cast, format!("`as {integer}` turns a value that depends on {names} into an integer"))
                .note(format!("the integer jumps with {names}, so the derivative is lost"))
                .help("pass the index as a parameter of its own: `i: usize`"),
            _ => self
                .error(cast, format!("`as {ty}` rounds a value that depends on {names}"))
                .note("a rounded value is a step function, so its derivative is lost")
                .help("remove the cast"),
        };
        Value::Poison
    }
}

fn folded<'g>(number: Option<i64>) -> Option<Affine<'g>> {
    number.map(|constant| Affine { terms: vec![], constant })
}
