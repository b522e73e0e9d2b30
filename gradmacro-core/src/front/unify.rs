//! Asking a value for what a place needs: a float, a matrix, an integer.
//!
//! This is where the type of a kept expression is decided: by its first use that leaves no choice. If a use leaves a
//! choice, the error asks for a `let` with a type.
//!
//! Example: in `x.dot(&self.target)` with a 3×1 `x`, `self.target` must be a 3×1 matrix.

use quote::ToTokens;

use super::kept::KeptType;
use super::reader::Reader;
use super::value::{Unknown, Value};
use crate::ir::{Data, Dim, Expr, Leaf, Node, Shape};
use crate::ops::index::AFFINE;

impl<'g> Reader<'g> {
    /// The node of a float, lifted or not; reports anything else.
    pub fn scalar_of(&self, value: &Value<'g>, at: &dyn ToTokens) -> Option<Expr<'g>> {
        match value {
            Value::Scalar(x) => Some(*x),
            Value::Unknown(unknown) => self.unify(unknown, KeptType::Scalar),
            Value::Poison => None,
            Value::Integer(_) => {
                self.error(at, "a float is needed here, but this is an integer")
                    .help(format!("write {}", self.as_float(value, at)))
                    .as_rustc_would();
                None
            }
            _ => {
                self.mismatch(at, "a scalar", value);
                None
            }
        }
    }

    /// The node of a matrix; reports anything else. `shape` is what a matrix of unknown type must have here.
    pub fn matrix_of(&self, value: &Value<'g>, at: &dyn ToTokens, shape: Option<Shape>) -> Option<Expr<'g>> {
        match (value, shape) {
            (Value::Matrix(x), _) => Some(*x),
            (Value::Unknown(unknown), Some(shape)) => self.unify(unknown, KeptType::Matrix(shape)),
            (Value::Unknown(unknown), None) => {
                self.ask_for_type(unknown, "its size does not follow from its use");
                None
            }
            (Value::Poison, _) => None,
            (Value::Unordered(unordered), _) => {
                self.refuse_order(unordered, "an entry", at);
                None
            }
            _ => {
                self.mismatch(at, "a matrix", value);
                None
            }
        }
    }

    /// The node of an integer; reports anything else.
    pub fn integer_of(&self, value: &Value<'g>, at: &dyn ToTokens) -> Option<Expr<'g>> {
        match value {
            Value::Integer(x) => Some(*x),
            Value::Unknown(unknown) => self.unify(unknown, KeptType::Integer),
            Value::Poison => None,
            _ => {
                self.mismatch(at, "an integer", value);
                None
            }
        }
    }

    /// The number that an integer is, if it is known here.
    pub fn constant_of(&self, value: &Value<'g>) -> Option<i64> {
        value.constant()
    }

    /// How an integer is written as a float, for a message: `2.0` or `n as f64`.
    pub(super) fn as_float(&self, value: &Value<'g>, at: &dyn ToTokens) -> String {
        let text = crate::diagnostics::source(at);
        let scalar = self.signature.scalar.name();
        if self.signature.scalar.is_parameter() {
            let number = match text.contains(' ') && !text.ends_with(')') {
                _ if text.parse::<i64>().is_ok() => format!("{text}.0"),
                true => format!("({text}) as f64"),
                false => format!("{text} as f64"),
            };
            return format!("`nalgebra::convert::<f64, {scalar}>({number})`");
        }
        match value.constant() {
            Some(_) if text.parse::<i64>().is_ok() => format!("`{text}.0`"),
            Some(_) if text.contains('/') => format!("its numbers as floats: `{}`", with_points(&text)),
            _ if text.contains(' ') && !text.ends_with(')') => format!("`({text}) as {scalar}`"),
            _ => format!("`{text} as {scalar}`"),
        }
    }

    fn mismatch(&self, at: &dyn ToTokens, wanted: &str, found: &Value<'g>) {
        let text = crate::diagnostics::source(at);
        let whole =
            text.strip_suffix(".0").filter(|whole| wanted == "an integer" && whole.parse::<i64>().is_ok());
        let part =
            matches!(found, Value::Sequence(_)).then(|| "for a part write `x.fixed_rows::<K>(i)`".to_owned());
        let inside = || match found {
            Value::Attempt(_) => {
                Some(format!("take the value out first: `{}.unwrap()`", text.trim_start_matches('&')))
            }
            _ => None,
        };
        self.error(at, format!("{wanted} is needed here, but `{text}` is {}", found.describe()))
            .maybe_help(whole.map(|whole| format!("write `{whole}`")).or(part).or_else(inside))
            .as_rustc_would();
    }

    /// The node of a kept expression whose type is now known; reports it if it was used as something else before.
    pub(super) fn unify(&self, unknown: &Unknown, ty: KeptType) -> Option<Expr<'g>> {
        if self.trial {
            self.error(&unknown.tokens, "not decided in a trial");
            return None;
        }
        let before = self.state.keeper.borrow_mut().decide(unknown.serial, ty)?;
        if before != ty {
            self.report_two_types(unknown, before, ty);
            return None;
        }
        Some(self.kept_node(unknown.serial, ty))
    }

    fn report_two_types(&self, unknown: &Unknown, before: KeptType, now: KeptType) {
        self.error(&unknown.tokens, format!("`{}` is used as {before} and as {now}", unknown.text))
            .note("its type is not written, so it follows from its uses")
            .help(self.typed_let(unknown));
    }

    /// Asks for a `let` with a type.
    pub fn ask_for_type(&self, unknown: &Unknown, note: impl Into<String>) {
        if !self.trial && !self.state.keeper.borrow_mut().refuse(unknown.serial) {
            return;
        }
        self.error(&unknown.tokens, format!("the type of `{}` is not known here", unknown.text))
            .note(note)
            .help(self.typed_let(unknown));
    }

    fn typed_let(&self, unknown: &Unknown) -> String {
        let name = match &unknown.binding {
            Some(name) => name.to_string(),
            None => super::text::last_name(&unknown.text).unwrap_or_else(|| "value".to_owned()),
        };
        let scalar = self.signature.scalar.name();
        format!("write the type: `let {name}: {scalar} = {};`", unknown.text)
    }
}

/// `1 / 2` as `1.0 / 2.0`.
fn with_points(text: &str) -> String {
    let mut written = String::new();
    for (k, letter) in text.char_indices() {
        written.push(letter);
        let next = text.get(k + 1..).and_then(|rest| rest.chars().next());
        if letter.is_ascii_digit() && !next.is_some_and(|next| next.is_ascii_digit()) {
            written.push_str(".0");
        }
    }
    written
}

impl<'g> Value<'g> {
    /// The size that an integer is: a number, or a name that sizes have.
    pub(super) fn size(&self) -> Option<Dim> {
        let Value::Integer(x) = self else { return None };
        match (self.constant(), &*x.node()) {
            (Some(number), _) => usize::try_from(number).ok().map(Dim::Known),
            (None, Node::Leaf(Leaf::Extent(dim))) => Some(*dim),
            _ => None,
        }
    }

    /// The number that an integer is, if it is known here.
    pub fn constant(&self) -> Option<i64> {
        let Value::Integer(x) = self else { return None };
        match &*x.node() {
            Node::Apply(op, Data::Affine(_, value), operands)
                if operands.is_empty() && std::ptr::eq(op.0, &AFFINE) =>
            {
                Some(*value)
            }
            _ => None,
        }
    }

    /// What it is, for a message: `3×1`, `a scalar`, `a closure`.
    pub fn describe(&self) -> String {
        match self {
            Value::Scalar(_) => "a scalar".to_owned(),
            Value::Matrix(x) => x.shape().to_string(),
            Value::Integer(_) => "an integer".to_owned(),
            Value::Truth(_) => "a `bool`".to_owned(),
            Value::Tuple(entries) => format!("a tuple of {}", entries.len()),
            Value::Array(entries) => format!("an array of {}", entries.len()),
            Value::Closure(_) => "a function".to_owned(),
            Value::Sequence(_) => "an iterator".to_owned(),
            Value::Attempt(attempt) => attempt.describe().to_owned(),
            Value::Factors(_) => "a factorisation".to_owned(),
            Value::Unordered(unordered) => format!("{} in no fixed order", unordered.values.shape()),
            Value::Geometry(geometry) => geometry.kind.describe(),
            Value::Unknown(_) | Value::Poison => "of unknown type".to_owned(),
        }
    }
}
