//! Operators whose operands do not fit: what was found, why, and what to write instead.
//!
//! Example: `a * x` with `a` 3×2 and `x` 3×1 gets "did you mean `a.transpose() * x` or `a.tr_mul(x)`?", because Aᵀx fits.

use quote::ToTokens;

use super::arithmetic::{Operand, Operator, symbol};
use super::reader::Reader;
use super::text;
use super::value::{Unknown, Value};
use crate::diagnostics::Report;
use crate::ir::{Dim, Shape};

/// An operator between operands that may not fit.
pub(super) struct Clash<'a, 'g> {
    pub(super) op: Operator,
    pub(super) left: &'a Operand<'a, 'g>,
    pub(super) right: &'a Operand<'a, 'g>,
    /// The whole expression.
    pub(super) at: &'a dyn ToTokens,
}

impl Clash<'_, '_> {
    fn texts(&self) -> (String, String) {
        (text::of(self.left.source), text::of(self.right.source))
    }

    fn receivers(&self) -> (String, String) {
        (text::as_receiver(self.left.source), text::as_receiver(self.right.source))
    }
}

impl<'g> Reader<'g> {
    pub(super) fn refuse_product(&self, a: Shape, b: Shape, clash: &Clash<'_, 'g>) -> Value<'g> {
        let message = format!("matrix product has incompatible shapes: left is {a}, right is {b}");
        let report = self.definite_error(clash.at, message);
        let (left, right) = clash.receivers();
        let report = if a.is_column() && b.is_column() {
            report.note("both operands are column vectors")
        } else {
            report.note(inner_dimensions(a, b))
        };
        let report = self.note_origins(report, clash);
        report.help(if a == b && a.is_column() {
            let rows = a.rows;
            format!(
                "for a scalar write `{left}.dot({right})`, for a {rows}×{rows} matrix `{left} * {right}.transpose()`, entry by entry `{left}.component_mul({right})`"
            )
        } else if a.rows.agree(b.rows).is_some() {
            format!("did you mean `{left}.transpose() * {right}` or `{left}.tr_mul({right})`?")
        } else if a.columns.agree(b.columns).is_some() {
            format!("did you mean `{left} * {right}.transpose()`?")
        } else {
            format!("`{left}` needs {} columns, or `{right}` needs {} rows", b.rows, a.columns)
        });
        Value::Poison
    }

    pub(super) fn refuse_sum(&self, a: Shape, b: Shape, clash: &Clash<'_, 'g>) -> Value<'g> {
        let verb = if clash.op == Operator::Add { "add" } else { "subtract" };
        let message = format!("cannot {verb} matrices of different shapes: left is {a}, right is {b}");
        let report = self.definite_error(clash.at, message);
        let turned = a == b.transposed();
        let report = match (a.is_column(), b.is_row(), a.is_row(), b.is_column()) {
            (true, true, ..) => report.note("a column vector meets a row vector"),
            (_, _, true, true) => report.note("a row vector meets a column vector"),
            _ => report.note("both sides of `+` and `-` must have the same shape"),
        };
        let report = self.note_origins(report, clash);
        if turned {
            let ((left, _), (_, right)) = (clash.texts(), clash.receivers());
            report.help(format!("write `{left} {} {right}.transpose()`", symbol(clash.op)));
        }
        Value::Poison
    }

    /// A scalar added to a matrix.
    pub(super) fn refuse_broadcast(&self, clash: &Clash<'_, 'g>) -> Value<'g> {
        let (left, right) = (&clash.left.value, &clash.right.value);
        let (left_text, right_text) = clash.texts();
        let (left_receiver, right_receiver) = clash.receivers();
        let (message, help) = match (clash.op, left.shape(), right.shape()) {
            (Operator::Add, Some(shape), _) => (
                format!("cannot add a scalar to a {shape} matrix"),
                format!("write `{left_receiver}.add_scalar({right_text})`"),
            ),
            (Operator::Add, _, Some(shape)) => (
                format!("cannot add a {shape} matrix to a scalar"),
                format!("write `{right_receiver}.add_scalar({left_text})`"),
            ),
            (Operator::Sub, Some(shape), _) => (
                format!("cannot subtract a scalar from a {shape} matrix"),
                format!("write `{left_receiver}.add_scalar(-{right_receiver})`"),
            ),
            (Operator::Sub, _, Some(shape)) => (
                format!("cannot subtract a {shape} matrix from a scalar"),
                format!(
                    "write `{right_receiver}.map(|v| {left_text} - v)` or `(-{right_receiver}).add_scalar({left_text})`"
                ),
            ),
            _ => return self.refuse_operands_plainly(clash),
        };
        let (matrix, text) =
            if left.shape().is_some() { (left, left_receiver) } else { (right, right_receiver) };
        let help = match matrix.shape() == Some(Shape::SCALAR) {
            true => format!("a 1×1 matrix is not a number for nalgebra; take its entry: `{text}[(0, 0)]`"),
            false => help,
        };
        self.definite_error(clash.at, message)
            .note("nalgebra does not broadcast scalars over `+` and `-`")
            .help(help);
        Value::Poison
    }

    /// Operands of kinds that do not go together.
    pub(super) fn refuse_operands(&self, clash: &Clash<'_, 'g>) -> Value<'g> {
        use Value::*;
        match (&clash.left.value, &clash.right.value) {
            (Scalar(_), Integer(_)) | (Matrix(_), Integer(_)) => self.refuse_integer(clash, clash.right),
            (Integer(_), Scalar(_)) | (Integer(_), Matrix(_)) => self.refuse_integer(clash, clash.left),
            (Scalar(_), Matrix(_)) if matches!(clash.op, Operator::Add | Operator::Sub) => {
                self.refuse_broadcast(clash)
            }
            _ => self.refuse_operands_plainly(clash),
        }
    }

    fn refuse_integer(&self, clash: &Clash<'_, 'g>, integer: &Operand<'_, 'g>) -> Value<'g> {
        let is_right = std::ptr::eq(integer, clash.right);
        let message = match (clash.op, is_right) {
            (Operator::Div, true) => "float divided by an integer",
            (Operator::Div, false) => "integer divided by a float",
            (Operator::Mul, _) => "float multiplied by an integer",
            (Operator::Add, _) => "float and integer added",
            (Operator::Sub, _) => "float and integer subtracted",
            (Operator::Rem, _) => "remainder of float and integer",
        };
        let text = text::of(integer.source);
        let note = match integer.value.constant() {
            Some(value) if value.to_string() != text => format!("`{text}` is an integer, here {value}"),
            _ => format!("`{text}` is an integer"),
        };
        self.definite_error(integer.source, message)
            .note(note)
            .help(format!("write {}", self.as_float(&integer.value, integer.source)));
        Value::Poison
    }

    fn refuse_operands_plainly(&self, clash: &Clash<'_, 'g>) -> Value<'g> {
        let (left, right) = (clash.left.value.describe(), clash.right.value.describe());
        self.definite_error(
            clash.at,
            format!("`{}` does not apply: left is {left}, right is {right}", symbol(clash.op)),
        )
        .maybe_help(quotient_help(clash).or_else(|| attempt_help(clash)));
        Value::Poison
    }

    pub(super) fn ask_scalar_or_matrix(&self, unknown: &Unknown, clash: &Clash<'_, 'g>) {
        let name = unknown.binding.as_ref().map_or_else(|| unknown.text.clone(), ToString::to_string);
        let product = crate::diagnostics::source(&clash.at);
        self.ask_for_type(
            unknown,
            format!("`{product}` is right for a scalar `{name}` and for a matrix `{name}`"),
        );
    }

    /// A matrix operation on a value that stands for every entry of a matrix.
    pub(super) fn refuse_lifted(&self, at: &dyn ToTokens) -> Value<'g> {
        self.error(at, "a matrix operation inside a closure over entries is not supported")
            .note("the closure is read once for all entries, so it may compute with scalars only")
            .help("compute the matrix outside the closure, or write a sum over `(0..n)`")
            .as_rustc_would();
        Value::Poison
    }

    /// Where the shapes of operands that are names come from.
    fn note_origins<'r>(&self, report: Report<'r>, clash: &Clash<'_, 'g>) -> Report<'r> {
        [clash.left, clash.right].into_iter().fold(report, |report, operand| {
            match (self.origin_of(operand), operand.value.shape()) {
                (Some((name, origin)), Some(shape)) => {
                    report.note(format!("`{name}` is {shape} because of `{origin}`"))
                }
                _ => report,
            }
        })
    }

    fn origin_of(&self, operand: &Operand<'_, 'g>) -> Option<(String, std::rc::Rc<str>)> {
        let name = text::name_of(operand.source)?.to_string();
        let origin = self.scope().find(&name)?.origin.clone()?;
        Some((name, origin))
    }
}

/// What to write instead of a quotient by a matrix.
fn quotient_help(clash: &Clash<'_, '_>) -> Option<String> {
    let (left, right) = clash.receivers();
    match (clash.op, &clash.left.value, &clash.right.value) {
        (Operator::Div, Value::Matrix(a), Value::Matrix(b)) if a.shape().agree(b.shape()).is_some() => {
            Some(format!("for the quotients of the entries write `{left}.component_div(&{right})`"))
        }
        (Operator::Div, Value::Scalar(_), Value::Matrix(_)) => Some(format!(
            "for the quotients by the entries write `{right}.map(|v| {} / v)`",
            text::of(clash.left.source)
        )),
        _ => None,
    }
}

/// How the value is taken out of an operand that is an `Option`.
fn attempt_help(clash: &Clash<'_, '_>) -> Option<String> {
    let mut operands = [clash.left, clash.right].into_iter();
    let operand = operands.find(|operand| matches!(operand.value, Value::Attempt(_)))?;
    Some(format!("take the value out first: `{}.unwrap()`", text::as_receiver(operand.source)))
}

fn inner_dimensions(a: Shape, b: Shape) -> String {
    let note = format!("inner dimensions must agree: {} columns against {} rows", a.columns, b.rows);
    match (a.columns, b.rows) {
        (Dim::Parameter(m), Dim::Parameter(n)) => format!("{note}; `{m}` and `{n}` are different parameters"),
        _ => note,
    }
}
