//! Operators on values.
//!
//! nalgebra's types decide what an operator means: a scalar is never broadcast over `+` and `-`, and a 1×1 matrix is
//! not a scalar. Inside a lifted closure a scalar may have the shape of a matrix; there arithmetic is entrywise, and a
//! plain scalar meets it by `fill`.
//!
//! Example: in `x.map(|v| v * a + b)` the node of `v` is `x`, and the result is `a·x + b·1`.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{BinOp, Expr as Source};

use super::methods::Unordered;
use super::mismatch::Clash;
use super::predicates::is_connective;
use super::reader::Reader;
use super::value::Value;
use crate::ir::{Expr, Ratio, Shape};
use crate::ops::{OpDef, piecewise};

/// An arithmetic operator.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "each is the operator of that name")]
pub enum Operator {
    Add,
    Sub,
    Mul,
    Div,
    Rem,
}

/// An operand together with its source.
pub(super) struct Operand<'a, 'g> {
    pub(super) value: Value<'g>,
    pub(super) source: &'a Source,
}

impl Operator {
    pub(super) fn of(op: &BinOp) -> Option<Operator> {
        match op {
            BinOp::Add(_) => Some(Operator::Add),
            BinOp::Sub(_) => Some(Operator::Sub),
            BinOp::Mul(_) => Some(Operator::Mul),
            BinOp::Div(_) => Some(Operator::Div),
            BinOp::Rem(_) => Some(Operator::Rem),
            _ => None,
        }
    }
}

impl<'g> Reader<'g> {
    /// A chain of operators, from left to right: `a - b * c - d` is read without a recursion per term.
    pub(super) fn read_binary(&self, expr: &Source) -> Value<'g> {
        let (base, chain) = spine(expr);
        let (first, rest) = self.inactive_start(base, &chain);
        let mut value = self.read(first);
        let mut left = first;
        for binary in rest {
            value = self.read_step(binary, Operand { value, source: left });
            left = binary.0;
        }
        value
    }

    /// The longest inactive start of a chain, and the steps after it.
    fn inactive_start<'a, 'b>(
        &self,
        base: &'a Source,
        chain: &'b [(&'a Source, &'a syn::ExprBinary)],
    ) -> (&'a Source, &'b [(&'a Source, &'a syn::ExprBinary)]) {
        if self.trial || self.mentions_active(base) {
            return (base, chain);
        }
        let fixed = chain.iter().take_while(|(_, step)| !self.mentions_active(&step.right)).count();
        match (fixed.checked_sub(1).and_then(|k| chain.get(k)), chain.get(fixed..)) {
            (Some((start, _)), Some(rest)) if !rest.is_empty() => (start, rest),
            _ => (base, chain),
        }
    }

    fn read_step(&self, (expr, binary): &(&Source, &syn::ExprBinary), left: Operand<'_, 'g>) -> Value<'g> {
        if is_connective(&binary.op) {
            return self.read_connective(&left, binary);
        }
        let right = Operand { value: self.read(&binary.right), source: &binary.right };
        if let Some(compared) = self.read_comparison(&left, &right, (&binary.op, expr)) {
            return compared;
        }
        match Operator::of(&binary.op) {
            Some(op) => self.combine(op, left, right, expr),
            None if left.value.is_poison() || right.value.is_poison() => Value::Poison,
            None => self.refuse(expr),
        }
    }

    /// The value of `left op right`; `at` is the whole expression.
    pub fn binary(
        &self,
        op: Operator,
        (left, left_source): (Value<'g>, &Source),
        (right, right_source): (Value<'g>, &Source),
        at: &dyn ToTokens,
    ) -> Value<'g> {
        let left = Operand { value: left, source: left_source };
        let right = Operand { value: right, source: right_source };
        self.combine(op, left, right, at)
    }

    pub(super) fn combine(
        &self,
        op: Operator,
        left: Operand<'_, 'g>,
        right: Operand<'_, 'g>,
        at: &dyn ToTokens,
    ) -> Value<'g> {
        use Value::*;
        let clash = Clash { op, left: &left, right: &right, at };
        match (&left.value, &right.value) {
            (Poison, _) | (_, Poison) => Poison,
            (Integer(a), Integer(b)) => self.integer_arithmetic(op, *a, *b, at),
            (Scalar(a), Scalar(b)) => self.scalar_arithmetic(op, *a, *b, at),
            (Matrix(a), Matrix(b)) => self.matrix_arithmetic(*a, *b, &clash),
            (Matrix(a), Scalar(b)) => self.scaling(*a, *b, &clash),
            (Scalar(a), Matrix(b)) if op == Operator::Mul => self.scaling(*b, *a, &clash),
            (Unordered(a), Scalar(b)) if matches!(op, Operator::Mul | Operator::Div) => {
                self.scaling_of(*a, *b, &clash)
            }
            (Scalar(a), Unordered(b)) if op == Operator::Mul => self.scaling_of(*b, *a, &clash),
            (Geometry(_), _) | (_, Geometry(_)) => self.geometry_arithmetic(&clash),
            (Unknown(_), _) | (_, Unknown(_)) => self.unknown_arithmetic(&clash),
            (Unordered(x), Matrix(_)) | (Matrix(_), Unordered(x)) | (Unordered(x), Unordered(_)) => {
                self.refuse_order(x, "an entry", at);
                Poison
            }
            _ => self.refuse_operands(&clash),
        }
    }

    /// Entrywise arithmetic; at least one operand may be lifted.
    pub fn scalar_arithmetic(&self, op: Operator, a: Expr<'g>, b: Expr<'g>, at: &dyn ToTokens) -> Value<'g> {
        let one_is_plain = a.is_scalar() || b.is_scalar();
        let value = match op {
            Operator::Mul if one_is_plain => a * b,
            Operator::Div if one_is_plain && a.is_scalar() && b.is_scalar() => a.over(b),
            Operator::Div if one_is_plain => a * b.power(Ratio::MINUS_ONE),
            _ => {
                let Some([a, b]) = self.broadcast([a, b], at) else { return Value::Poison };
                entrywise(op, a, b)
            }
        };
        Value::Scalar(value)
    }

    /// Scalars brought to one shape: plain ones are repeated where another is lifted.
    pub fn broadcast<const N: usize>(&self, list: [Expr<'g>; N], at: &dyn ToTokens) -> Option<[Expr<'g>; N]> {
        let lifted = list.iter().map(|x| x.shape()).filter(|shape| !shape.is_scalar());
        let Some(shape) = lifted.clone().next() else { return Some(list) };
        if lifted.clone().any(|other| other.agree(shape).is_none()) {
            self.error(at, "entries of matrices of different shapes meet here");
            return None;
        }
        Some(list.map(|x| if x.is_scalar() { x.fill(shape) } else { x }))
    }

    /// An entrywise function of several scalars, any of which may be lifted.
    pub fn entrywise<const N: usize>(
        &self,
        op: &'static OpDef,
        list: [Expr<'g>; N],
        at: &dyn ToTokens,
    ) -> Value<'g> {
        let Some(list) = self.broadcast(list, at) else { return Value::Poison };
        let shape = list.first().map_or(Shape::SCALAR, |x| x.shape());
        Value::Scalar(self.graph.apply(op, crate::ir::Data::None, &list, shape))
    }

    fn matrix_arithmetic(&self, a: Expr<'g>, b: Expr<'g>, clash: &Clash<'_, 'g>) -> Value<'g> {
        match clash.op {
            Operator::Add | Operator::Sub => match a.shape().agree(b.shape()) {
                Some(shape) => {
                    Value::Matrix(self.graph.combination(&[(a, Ratio::ONE), (b, sign(clash.op))], shape))
                }
                None => self.refuse_sum(a.shape(), b.shape(), clash),
            },
            Operator::Mul => match a.shape().columns.agree(b.shape().rows) {
                Some(_) => Value::Matrix(a * b),
                None => self.refuse_product(a.shape(), b.shape(), clash),
            },
            Operator::Div | Operator::Rem => self.refuse_operands(clash),
        }
    }

    fn scaling(&self, x: Expr<'g>, s: Expr<'g>, clash: &Clash<'_, 'g>) -> Value<'g> {
        if !s.is_scalar() {
            return self.refuse_lifted(clash.at);
        }
        match clash.op {
            Operator::Mul => Value::Matrix(s * x),
            Operator::Div => Value::Matrix(x / s),
            _ => self.refuse_broadcast(clash),
        }
    }

    /// Entries in no fixed order, all multiplied by one number.
    fn scaling_of(&self, x: Unordered<'g>, s: Expr<'g>, clash: &Clash<'_, 'g>) -> Value<'g> {
        match self.scaling(x.values, s, clash) {
            Value::Matrix(values) => Value::Unordered(Unordered { values, ..x }),
            other => other,
        }
    }

    /// An operand of unknown type is what the other one leaves it to be.
    fn unknown_arithmetic(&self, clash: &Clash<'_, 'g>) -> Value<'g> {
        use Value::*;
        let (left, right) = (&clash.left.value, &clash.right.value);
        let decided = match (left, clash.op, right) {
            (Matrix(x), Operator::Add | Operator::Sub, Unknown(_)) => {
                self.matrix_of(right, clash.right.source, Some(x.shape())).map(|b| (left.clone(), Matrix(b)))
            }
            (Unknown(_), Operator::Add | Operator::Sub, Matrix(x)) => {
                self.matrix_of(left, clash.left.source, Some(x.shape())).map(|a| (Matrix(a), right.clone()))
            }
            (Matrix(_), Operator::Mul, Unknown(unknown)) | (Unknown(unknown), Operator::Mul, Matrix(_)) => {
                self.ask_scalar_or_matrix(unknown, clash);
                None
            }
            (_, _, Unknown(_)) => {
                self.scalar_of(right, clash.right.source).map(|b| (left.clone(), Scalar(b)))
            }
            _ => self.scalar_of(left, clash.left.source).map(|a| (Scalar(a), right.clone())),
        };
        let Some((left, right)) = decided else { return Poison };
        let left = Operand { value: left, source: clash.left.source };
        let right = Operand { value: right, source: clash.right.source };
        self.combine(clash.op, left, right, clash.at)
    }
}

fn entrywise<'g>(op: Operator, a: Expr<'g>, b: Expr<'g>) -> Expr<'g> {
    match op {
        Operator::Add => a + b,
        Operator::Sub => a - b,
        Operator::Mul => a.hadamard(b),
        Operator::Div => a.over(b),
        Operator::Rem => a.apply_with(&piecewise::REMAINDER, b),
    }
}

fn sign(op: Operator) -> Ratio {
    if op == Operator::Sub { Ratio::MINUS_ONE } else { Ratio::ONE }
}

/// The leftmost operand of a chain of operators, and the chain from inside to outside.
fn spine(expr: &Source) -> (&Source, Vec<(&Source, &syn::ExprBinary)>) {
    let (mut base, mut chain) = (expr, Vec::new());
    while let Source::Binary(binary) = base {
        chain.push((base, binary));
        base = &binary.left;
    }
    chain.reverse();
    (base, chain)
}

/// The tokens of an operator, for messages.
pub(super) fn symbol(op: Operator) -> TokenStream {
    match op {
        Operator::Add => quote::quote!(+),
        Operator::Sub => quote::quote!(-),
        Operator::Mul => quote::quote!(*),
        Operator::Div => quote::quote!(/),
        Operator::Rem => quote::quote!(%),
    }
}
