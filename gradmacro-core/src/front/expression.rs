//! Expressions.
//!
//! Invariant: an expression is read once, or, if it is inactive, once on trial and then kept. What is not understood
//! is reported at the smallest active expression, because reading goes from outside to inside and only an
//! expression whose parts are understood is reported itself.
//!
//! Example: of `self.gain * model(w)` with active `w`, `self.gain` is kept and `model(w)` is reported.

use quote::ToTokens;
use syn::{Expr, UnOp};

use super::effects::is_assignment;
use super::methods::Unordered;
use super::reader::Reader;
use super::types::Type;
use super::value::Value;

/// Expressions nested deeper than this are refused, so that no pass runs out of stack.
const DEPTH: usize = 128;

impl<'g> Reader<'g> {
    /// The meaning of an expression.
    pub fn read(&self, expr: &Expr) -> Value<'g> {
        self.read_expecting(expr, None)
    }

    /// The meaning of an expression where the context asks for a type.
    pub fn read_expecting(&self, expr: &Expr, expected: Option<&Type>) -> Value<'g> {
        let depth = &self.state.depth;
        if depth.get() >= DEPTH {
            self.refuse_depth(expr);
            return Value::Poison;
        }
        depth.set(depth.get() + 1);
        let value = self.read_any(expr, expected);
        depth.set(depth.get() - 1);
        value
    }

    fn read_any(&self, expr: &Expr, expected: Option<&Type>) -> Value<'g> {
        match expr {
            Expr::Paren(inner) => self.read_expecting(&inner.expr, expected),
            Expr::Group(inner) => self.read_expecting(&inner.expr, expected),
            Expr::Reference(inner) if inner.mutability.is_none() => {
                self.read_expecting(&inner.expr, expected)
            }
            Expr::Unary(inner) if matches!(inner.op, UnOp::Deref(_)) => {
                self.read_expecting(&inner.expr, expected)
            }
            _ if self.trial
                || is_read_in_parts(expr)
                || self.mentions_active(expr)
                || self.is_read_by_parts(expr) =>
            {
                self.read_understood(expr, expected)
            }
            _ => self.read_inactive(expr, expected),
        }
    }

    /// An inactive expression: nodes if all of it is understood, else kept.
    pub(super) fn read_inactive(&self, expr: &Expr, expected: Option<&Type>) -> Value<'g> {
        if let Some(found) = self.other_precision(expr) {
            let Expr::Cast(cast) = super::text::peel(expr) else { return Value::Poison };
            return self.refuse_precision(expr, found, self.cast_to_ours(&cast.expr));
        }
        let trial = self.as_trial();
        let (before, definite) = (self.scratch_errors(), self.definite.count());
        let (demands, scope) = (self.demands_so_far(), self.scope());
        let value = trial.read_understood(expr, expected);
        if self.definite.count() > definite {
            return Value::Poison;
        }
        match self.scratch_errors() == before && !value.is_poison() {
            true => value,
            false => {
                self.restore_demands(demands);
                self.state.scope.replace(scope);
                self.keep(expr, expected)
            }
        }
    }

    /// The float type that an expression is cast to, if the function computes with the other one.
    fn other_precision(&self, expr: &Expr) -> Option<&'static str> {
        let Expr::Cast(cast) = super::text::peel(expr) else { return None };
        match self.type_of(&cast.ty)? {
            Type::Scalar(scalar) if !self.signature.scalar.takes(scalar) => Some(scalar.name()),
            _ => None,
        }
    }

    fn read_understood(&self, expr: &Expr, expected: Option<&Type>) -> Value<'g> {
        match expr {
            Expr::Lit(literal) => self.read_literal(literal),
            Expr::Path(path) => self.read_path(path),
            Expr::Binary(binary) if is_assignment(&binary.op) => {
                self.read_effect(expr);
                Value::Tuple(Vec::new())
            }
            Expr::Binary(_) => self.read_binary(expr),
            Expr::Unary(unary) => self.read_unary(unary, expected),
            Expr::MethodCall(call) => self.read_method_call(call, expected),
            Expr::Call(call) => self.read_call(call, expected),
            Expr::Index(index) => self.read_index(index),
            Expr::Field(field) => self.read_field(field),
            Expr::Block(block) if block.label.is_none() => self.read_block(&block.block, expected),
            Expr::Closure(closure) => self.read_closure(closure),
            Expr::Tuple(tuple) => Value::Tuple(self.read_entries(tuple.elems.iter(), expected)),
            Expr::Array(array) => Value::Array(self.read_entries(array.elems.iter(), None)),
            Expr::Repeat(repeat) => self.read_repeat(repeat),
            Expr::Range(range) => self.read_range(range),
            Expr::Cast(cast) => self.read_cast(cast),
            Expr::Macro(call) => self.read_macro(&call.mac),
            Expr::Const(block) => self.read_block(&block.block, expected),
            Expr::Try(question) => self.read_question(question),
            Expr::If(_) | Expr::Match(_) | Expr::Return(_) => self.read_in_parts(expr, expected),
            Expr::Assign(_) | Expr::ForLoop(_) => {
                self.read_effect(expr);
                Value::Tuple(Vec::new())
            }
            _ => self.refuse(expr),
        }
    }

    /// What decides where one goes on. On trial it is understood only where it could not be kept.
    pub(super) fn read_in_parts(&self, expr: &Expr, expected: Option<&Type>) -> Value<'g> {
        match expr {
            _ if self.trial && !self.is_read_by_parts(expr) => self.refuse(expr),
            Expr::If(choice) => self.read_if(choice, expected),
            Expr::Match(choice) => self.read_match(choice, expected),
            Expr::Return(exit) if !self.trial => self.read_return(exit),
            Expr::Block(block) if block.label.is_none() => self.read_block(&block.block, expected),
            _ => self.refuse(expr),
        }
    }

    fn read_entries<'a>(
        &self,
        entries: impl Iterator<Item = &'a Expr>,
        expected: Option<&Type>,
    ) -> Vec<Value<'g>> {
        let types: &[Type] = if let Some(Type::Tuple(types)) = expected { types } else { &[] };
        entries.enumerate().map(|(k, entry)| self.read_expecting(entry, types.get(k))).collect()
    }

    fn read_repeat(&self, repeat: &syn::ExprRepeat) -> Value<'g> {
        let entry = self.read(&repeat.expr);
        match self.dim_of(&repeat.len).and_then(|length| length.known()) {
            Some(length) if length <= 64 => Value::Array(vec![entry; length]),
            _ => {
                self.error(repeat, "the length of this array is not known here, or is above 64")
                    .help("write a vector: `SVector::<f64, N>::repeat(..)`");
                Value::Poison
            }
        }
    }

    fn read_unary(&self, unary: &syn::ExprUnary, expected: Option<&Type>) -> Value<'g> {
        let value = self.read_expecting(&unary.expr, expected);
        match (&unary.op, value) {
            (_, Value::Poison) => Value::Poison,
            (UnOp::Not(_), Value::Truth(p)) => Value::Truth(self.negation(p)),
            (UnOp::Not(_), value @ Value::Unknown(_)) => {
                let p = self.truth_of(&value, &unary.expr);
                p.map_or(Value::Poison, |p| Value::Truth(self.negation(p)))
            }
            (UnOp::Neg(_), Value::Scalar(x)) => Value::Scalar(-x),
            (UnOp::Neg(_), Value::Matrix(x)) => Value::Matrix(-x),
            (UnOp::Neg(_), Value::Unordered(x)) => Value::Unordered(Unordered { values: -x.values, ..x }),
            (UnOp::Neg(_), Value::Geometry(x)) => self.negated_geometry(x, unary),
            (UnOp::Neg(_), Value::Integer(x)) => self.negated_integer(x, unary),
            (_, value) => {
                let found = value.describe();
                self.error(unary, format!("`{}` does not apply: its operand is {found}", op_text(&unary.op)))
                    .as_rustc_would();
                Value::Poison
            }
        }
    }

    fn refuse_depth(&self, expr: &Expr) {
        self.error(expr, format!("expressions nested deeper than {DEPTH} are not supported"))
            .help("name parts of it with `let`");
    }
}

/// Methods of iterators that only pass elements on: the data of an inactive iterator is kept, not the iterator.
const ADAPTERS: [&str; 12] = [
    "iter",
    "zip",
    "enumerate",
    "rev",
    "skip",
    "take",
    "step_by",
    "copied",
    "cloned",
    "windows",
    "chunks",
    "chunks_exact",
];

/// Is it read part by part even if it is inactive, so that no part is kept with more than itself?
fn is_read_in_parts(expr: &Expr) -> bool {
    match expr {
        Expr::Lit(_)
        | Expr::Path(_)
        | Expr::Closure(_)
        | Expr::Tuple(_)
        | Expr::Array(_)
        | Expr::Range(_)
        | Expr::Return(_) => true,
        Expr::MethodCall(call) => ADAPTERS.iter().any(|adapter| call.method == adapter),
        _ => false,
    }
}

fn op_text(op: &UnOp) -> String {
    op.to_token_stream().to_string()
}
