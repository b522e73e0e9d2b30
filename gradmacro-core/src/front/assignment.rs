//! Assignments: to variables, and to parts of them.
//!
//! A variable keeps its shape; a float stays a float. What does not depend on a differentiated value is kept as it is
//! where that is possible, and becomes a node otherwise.
//!
//! Example: `(a, b) = (b, a + b)` gives both variables new values, `t *= m` is `t = t * m`.

use quote::ToTokens;
use syn::Expr as Source;

use super::arithmetic::{Operand, Operator};
use super::bounds::Around;
use super::reader::Reader;
use super::scope::Binding;
use super::target::{Target, rewritten};
use super::text;
use super::types::Type;
use super::value::Value;
use crate::ir::Shape;

impl<'g> Reader<'g> {
    /// `target = e`
    pub(super) fn read_assignment(&self, assign: &syn::ExprAssign) {
        let value = self.read(&assign.right);
        self.assign_to(&assign.left, value, (&assign.right, assign));
    }

    fn assign_to(&self, left: &Source, value: Value<'g>, (right, at): (&Source, &dyn ToTokens)) {
        match (text::peel(left), value) {
            (Source::Infer(_), _) => {}
            (Source::Tuple(targets), Value::Tuple(parts)) if targets.elems.len() == parts.len() => {
                for (target, part) in targets.elems.iter().zip(parts) {
                    self.assign_to(target, part, (right, at));
                }
            }
            (Source::Tuple(_), Value::Poison) => self.poison_targets(left),
            (Source::Tuple(targets), value) => {
                self.error(at, format!("a tuple is assigned to, but the value is {}", value.describe()))
                    .as_rustc_would();
                self.poison_targets(&Source::Tuple(targets.clone()));
            }
            (_, value) => {
                if let Some(target) = self.target(left, at) {
                    self.write(target, value, (left, right, at));
                }
            }
        }
    }

    fn poison_targets(&self, left: &Source) {
        if let Source::Tuple(targets) = text::peel(left) {
            return targets.elems.iter().for_each(|target| self.poison_targets(target));
        }
        let name = super::effects::root_of(left).map(ToString::to_string).unwrap_or_default();
        if let Some(binding) = self.scope().find(&name).cloned() {
            self.assign(&binding, Value::Poison);
        }
    }

    /// `target += e`
    pub(super) fn read_compound(&self, binary: &syn::ExprBinary) {
        let right = self.read(&binary.right);
        let Some(target) = self.target(&binary.left, binary) else { return };
        let Some(op) = compound(&binary.op) else {
            let symbol = binary.op.to_token_stream();
            self.error(binary, format!("`{symbol}` is not supported on a value that is differentiated"))
                .help("write an assignment");
            return;
        };
        let left = Operand { value: target.value().unwrap_or(Value::Poison), source: &binary.left };
        let value = self.combine(op, left, Operand { value: right, source: &binary.right }, binary);
        self.write(target, value, (&binary.left, &binary.right, binary));
    }

    /// Gives a place another value.
    pub(super) fn write(
        &self,
        target: Target<'g>,
        value: Value<'g>,
        (left, right, at): (&Source, &Source, &dyn ToTokens),
    ) {
        let fitting = match target.value() {
            Some(old) => self.fitting(&old, value, (&target, left, right, at)),
            None => self.first_value(&target.binding, value, right),
        };
        let whole = target.binding.value.clone().unwrap_or(Value::Poison);
        let new = match fitting {
            Some(value) if !value.is_poison() => rewritten(&whole, &target.steps, value),
            _ => Value::Poison,
        };
        self.assign(&target.binding, new);
    }

    /// What a variable that was declared without a value is assigned first.
    fn first_value(&self, binding: &Binding<'g>, value: Value<'g>, right: &Source) -> Option<Value<'g>> {
        let declared: Option<Type> =
            binding.variable.and_then(|variable| self.state.declared.borrow().get(&variable).cloned());
        Some(match declared {
            Some(ty) => self.accept(value, &ty, right),
            None => value,
        })
    }

    /// The value as one of the kind that stood there.
    fn fitting(
        &self,
        old: &Value<'g>,
        new: Value<'g>,
        place: (&Target<'g>, &Source, &Source, &dyn ToTokens),
    ) -> Option<Value<'g>> {
        let (target, _, right, at) = place;
        match (old, new) {
            (_, Value::Poison) | (Value::Poison, _) => None,
            (Value::Matrix(x), new) => {
                let y = self.matrix_of(&new, right, Some(x.shape()))?;
                match x.shape().agree(y.shape()) {
                    Some(_) => Some(Value::Matrix(y)),
                    None => self.refuse_shape_change((x.shape(), y.shape()), place),
                }
            }
            (Value::Scalar(_), new) => {
                let x = self.scalar_of(&new, right)?;
                if !x.is_scalar() && !target.steps.is_empty() {
                    self.error(at, "an entry is assigned a value that stands for all entries of a matrix")
                        .help("write a `for` loop over the entries");
                    return None;
                }
                Some(Value::Scalar(x))
            }
            (Value::Integer(_), new) => self.integer_of(&new, right).map(Value::Integer),
            (Value::Truth(_), new) => self.truth_of(&new, right).map(Value::Truth),
            (Value::Geometry(old), new) => self.as_geometry(new, old.kind, right),
            (Value::Tuple(old), Value::Tuple(new)) if old.len() == new.len() => {
                let pairs = old.iter().zip(new);
                Some(Value::Tuple(pairs.map(|(a, b)| self.fitting(a, b, place)).collect::<Option<_>>()?))
            }
            (Value::Array(old), Value::Array(new)) if old.len() == new.len() => {
                let pairs = old.iter().zip(new);
                Some(Value::Array(pairs.map(|(a, b)| self.fitting(a, b, place)).collect::<Option<_>>()?))
            }
            (Value::Tuple(_) | Value::Array(_), new) if !matches!(new, Value::Unknown(_)) => {
                let message =
                    format!("the place is {}, but {} is assigned to it", old.describe(), new.describe());
                self.error(at, message).as_rustc_would();
                None
            }
            (_, new) => Some(new),
        }
    }

    fn refuse_shape_change(
        &self,
        (before, after): (Shape, Shape),
        (target, left, _, at): (&Target<'g>, &Source, &Source, &dyn ToTokens),
    ) -> Option<Value<'g>> {
        let name = text::of(left);
        let in_loop = self.state.around.borrow().iter().any(|around| matches!(around, Around::Loop(_)));
        let keeps = if in_loop {
            "a variable carried through a loop keeps its shape"
        } else {
            "a variable keeps its shape"
        };
        let note = match (&target.binding.origin, target.steps.is_empty()) {
            (Some(origin), true) => format!("{keeps}; `{name}` got its shape from `{origin}`"),
            (_, true) => keeps.to_owned(),
            (_, false) => "a part of a matrix keeps its shape".to_owned(),
        };
        self.error(at, format!("`{name}` is {before}, but {after} is assigned to it"))
            .note(note)
            .help(format!("compute {before} here, or bind the result with another `let`"))
            .as_rustc_would();
        None
    }
}

/// The operator of `+=` and its like.
fn compound(op: &syn::BinOp) -> Option<Operator> {
    match op {
        syn::BinOp::AddAssign(_) => Some(Operator::Add),
        syn::BinOp::SubAssign(_) => Some(Operator::Sub),
        syn::BinOp::MulAssign(_) => Some(Operator::Mul),
        syn::BinOp::DivAssign(_) => Some(Operator::Div),
        syn::BinOp::RemAssign(_) => Some(Operator::Rem),
        _ => None,
    }
}
