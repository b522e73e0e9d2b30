//! Values that a loop carries, apart and together: a tuple is carried entry by entry.
//!
//! Example: the leaves of `(s, [a, b])` are s, a and b; each of them is a carried variable or a counter of its own.

use std::rc::Rc;

use super::value::Value;
use crate::ir::Expr;

/// The values of which tuples and arrays consist.
pub(super) fn leaves<'g>(value: &Value<'g>) -> Vec<Value<'g>> {
    match value {
        Value::Tuple(list) | Value::Array(list) => list.iter().flat_map(leaves).collect(),
        value => vec![value.clone()],
    }
}

/// The leaves of a value that has the form of another; `None` if it has not.
pub(super) fn leaves_like<'g>(form: &Value<'g>, value: &Value<'g>) -> Option<Vec<Value<'g>>> {
    match (form, value) {
        (form, Value::Poison) => Some(leaves(form).iter().map(|_| Value::Poison).collect()),
        (Value::Tuple(a), Value::Tuple(b)) | (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            let each: Option<Vec<_>> = a.iter().zip(b).map(|(a, b)| leaves_like(a, b)).collect();
            each.map(|each| each.concat())
        }
        (Value::Tuple(_) | Value::Array(_), _) => None,
        (_, value) => Some(vec![value.clone()]),
    }
}

/// A value of this form that consists of other leaves.
pub(super) fn assembled<'g>(form: &Value<'g>, from: &mut impl Iterator<Item = Value<'g>>) -> Value<'g> {
    match form {
        Value::Tuple(list) => Value::Tuple(list.iter().map(|form| assembled(form, from)).collect()),
        Value::Array(list) => Value::Array(list.iter().map(|form| assembled(form, from)).collect()),
        _ => from.next().unwrap_or(Value::Poison),
    }
}

/// The initial value in the shape that a lifted scalar gets in the loop, if that is wider.
pub(super) fn grown<'g>(initial: &Value<'g>, after: &Value<'g>) -> Option<Value<'g>> {
    match (initial, after) {
        (Value::Scalar(x), Value::Scalar(y)) if x.is_scalar() && !y.is_scalar() => {
            Some(Value::Scalar(x.fill(y.shape())))
        }
        _ => None,
    }
}

/// A lifted scalar that is the same for all entries.
pub(super) fn widened<'g>(next: Expr<'g>, variable: Expr<'g>) -> Expr<'g> {
    if next.is_scalar() && !variable.is_scalar() { next.fill(variable.shape()) } else { next }
}

/// Can a value take the place of another?
pub(super) fn is_like(before: &Value<'_>, after: &Value<'_>) -> bool {
    match (before, after) {
        (Value::Scalar(x), Value::Scalar(y)) => y.is_scalar() || x.shape() == y.shape(),
        (Value::Matrix(x), Value::Matrix(y)) => x.shape().agree(y.shape()).is_some(),
        (Value::Truth(_), Value::Truth(_)) => true,
        (Value::Geometry(x), Value::Geometry(y)) => x.kind == y.kind,
        _ => false,
    }
}

/// Is it certainly the same value? What cannot be carried cannot change.
pub(super) fn is_same(before: &Value<'_>, after: &Value<'_>) -> bool {
    match (before, after) {
        (Value::Integer(x), Value::Integer(y)) => x == y,
        (Value::Unknown(x), Value::Unknown(y)) => x.serial == y.serial,
        (Value::Closure(x), Value::Closure(y)) => Rc::ptr_eq(x, y),
        (Value::Sequence(x), Value::Sequence(y)) => Rc::ptr_eq(x, y),
        (Value::Attempt(x), Value::Attempt(y)) => Rc::ptr_eq(x, y),
        (Value::Factors(x), Value::Factors(y)) => x.matrix == y.matrix,
        (Value::Unordered(x), Value::Unordered(y)) => x.values == y.values,
        (Value::Geometry(x), Value::Geometry(y)) => x.kind == y.kind && x.node == y.node,
        (Value::Tuple(a), Value::Tuple(b)) | (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| is_same(a, b))
        }
        (Value::Scalar(x), Value::Scalar(y))
        | (Value::Matrix(x), Value::Matrix(y))
        | (Value::Truth(x), Value::Truth(y)) => x == y,
        _ => false,
    }
}
