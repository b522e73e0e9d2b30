//! What may be missing: the `Option` or `Result` that a factorisation answers with.
//!
//! An [`Attempt`] holds the value that is there if the factorisation succeeds. Taking it out records a demand, with
//! what the user wrote as the way in which it fails; anything else would be a branch on a differentiated value.
//!
//! Example: `a.try_inverse()` is an attempt at A⁻¹ that tests A; `.unwrap()` is A⁻¹, and the demand is recorded.

use std::rc::Rc;

use quote::ToTokens;
use syn::Expr as Source;

use super::program::Failure;
use super::reader::Reader;
use super::text;
use super::value::Value;
use crate::ir::{Expr, Test};
use crate::ops::systems::PSEUDO_INVERSE;

/// An `Option` or a `Result`.
pub struct Attempt<'g> {
    pub(super) outcome: Outcome<'g>,
    /// Is it a `Result`?
    pub(super) result: bool,
}

/// What is there if nothing fails.
#[derive(Clone)]
pub(super) enum Outcome<'g> {
    /// `Some(x)`: always there.
    Certain(Value<'g>),
    /// There if a matrix passes a test.
    Tested(Value<'g>, Expr<'g>, Test),
    /// The pseudo-inverse of a matrix, and the tolerance that must not be negative.
    PseudoInverse(Expr<'g>, Expr<'g>),
}

/// Methods that are a branch on whether there is a value.
const BRANCHES: [&str; 28] = [
    "unwrap_or",
    "unwrap_or_else",
    "unwrap_or_default",
    "map",
    "map_or",
    "map_or_else",
    "map_err",
    "and",
    "and_then",
    "ok_or",
    "ok_or_else",
    "or",
    "or_else",
    "xor",
    "zip",
    "filter",
    "inspect",
    "take",
    "replace",
    "insert",
    "get_or_insert",
    "is_some",
    "is_some_and",
    "is_none",
    "is_ok",
    "is_err",
    "err",
    "unwrap_err",
];

impl<'g> Attempt<'g> {
    /// An `Option` of a value that is there if a matrix passes a test.
    pub(super) fn at(value: Value<'g>, matrix: Expr<'g>, test: Test) -> Value<'g> {
        Attempt { outcome: Outcome::Tested(value, matrix, test), result: false }.into()
    }

    /// An `Option` of a value that is always there.
    pub(super) fn certain(value: Value<'g>) -> Value<'g> {
        Attempt { outcome: Outcome::Certain(value), result: false }.into()
    }

    /// What it is, for a message.
    pub(super) fn describe(&self) -> &'static str {
        if self.result { "a `Result`" } else { "an `Option`" }
    }

    /// The same with other values and nodes in it.
    pub(super) fn rebuilt(
        &self,
        value: impl Fn(&Value<'g>) -> Value<'g>,
        node: impl Fn(Expr<'g>) -> Expr<'g>,
    ) -> Value<'g> {
        let outcome = match &self.outcome {
            Outcome::Certain(x) => Outcome::Certain(value(x)),
            Outcome::Tested(x, matrix, test) => Outcome::Tested(value(x), node(*matrix), *test),
            Outcome::PseudoInverse(x, tolerance) => Outcome::PseudoInverse(node(*x), node(*tolerance)),
        };
        Attempt { outcome, result: self.result }.into()
    }
}

impl<'g> From<Attempt<'g>> for Value<'g> {
    fn from(attempt: Attempt<'g>) -> Value<'g> {
        Value::Attempt(Rc::new(attempt))
    }
}

impl<'g> Reader<'g> {
    /// The value inside, whose absence is a failure.
    pub(super) fn taken_out(&self, attempt: &Attempt<'g>, failure: Failure, at: &dyn ToTokens) -> Value<'g> {
        match &attempt.outcome {
            Outcome::Certain(value) => value.clone(),
            Outcome::Tested(value, matrix, test) => {
                self.check_failure(&failure, attempt.result, at);
                self.demand(*matrix, *test, failure);
                value.clone()
            }
            Outcome::PseudoInverse(..) if self.is_conditional() => {
                self.error(at, "`pseudo_inverse` under a condition is not supported")
                    .help("compute it before the condition");
                Value::Poison
            }
            Outcome::PseudoInverse(x, tolerance) => {
                self.check_failure(&failure, attempt.result, at);
                let shape = x.shape().transposed();
                let reason = (Test::PseudoInverse, failure);
                Value::Matrix(self.demanded(&PSEUDO_INVERSE, &[*x, *tolerance], shape, reason))
            }
        }
    }

    /// A method of an `Option` or a `Result`.
    pub(super) fn read_of_attempt(&self, attempt: &Rc<Attempt<'g>>, call: &syn::ExprMethodCall) -> Value<'g> {
        let name = call.method.to_string();
        match (name.as_str(), call.args.len()) {
            ("unwrap", 0) => self.taken_out(attempt, Failure::Unwrap, call),
            ("expect", 1) => self.read_expect(attempt, call),
            ("ok", 0) if attempt.result => Attempt { outcome: attempt.outcome.clone(), result: false }.into(),
            ("clone" | "as_ref" | "copied" | "cloned", 0) => Value::Attempt(attempt.clone()),
            _ => self.refuse_of_attempt(attempt, call, &name),
        }
    }

    fn read_expect(&self, attempt: &Attempt<'g>, call: &syn::ExprMethodCall) -> Value<'g> {
        let Some(message) = call.args.first() else { return Value::Poison };
        let is_text = match text::peel(message) {
            Source::Lit(literal) => matches!(literal.lit, syn::Lit::Str(_)),
            Source::Path(path) => {
                let bound =
                    path.path.get_ident().and_then(|name| self.scope().find(&name.to_string()).cloned());
                bound.is_none()
            }
            _ => false,
        };
        if is_text {
            return self.taken_out(attempt, Failure::Expect(message.to_token_stream()), call);
        }
        self.error(message, "the message of `expect` must be a text or a constant outside of the function")
            .note("generated functions fail with the same message, and do not know what is computed here")
            .help("write the text: `.expect(\"the matrix has no inverse\")`");
        Value::Poison
    }

    /// `attempt?`
    pub(super) fn read_question(&self, question: &syn::ExprTry) -> Value<'g> {
        let value = self.read(&question.expr);
        let Value::Attempt(attempt) = &value else {
            if !value.is_poison() {
                let found = value.describe();
                self.error(question, format!("`?` needs an `Option`, but this is {found}")).as_rustc_would();
            }
            return Value::Poison;
        };
        let returns_option = matches!(self.signature.result, super::types::Type::Option(_));
        match () {
            () if self.state.calls.get() > 0 => {
                self.error(question, "`?` in a closure or a nested function is not supported")
                    .note("it leaves that function, not this one")
                    .help("return the `Option` itself, and write `?` where the function is called");
            }
            () if !returns_option => {
                self.definite_error(question, "`?` needs a function that returns `Option`")
                    .note(format!("`{}` returns `{}`", self.signature.name, self.result_text()))
                    .help("write `.unwrap()`, or return an `Option`");
            }
            () if attempt.result => {
                let inner = text::as_receiver(&question.expr);
                self.definite_error(question, "`?` on a `Result` needs a function that returns `Result`")
                    .note(format!("`{}` returns `{}`", self.signature.name, self.result_text()))
                    .help(format!("write `{inner}.ok()?`"));
            }
            () => return self.taken_out(attempt, Failure::Question, question),
        }
        Value::Poison
    }

    fn result_text(&self) -> String {
        self.signature.result_source().map(|ty| crate::diagnostics::source(ty)).unwrap_or_default()
    }

    fn refuse_of_attempt(
        &self,
        attempt: &Rc<Attempt<'g>>,
        call: &syn::ExprMethodCall,
        name: &str,
    ) -> Value<'g> {
        let kind = attempt.describe();
        let receiver = text::as_receiver(&call.receiver);
        if !BRANCHES.contains(&name) {
            let arguments = if call.args.is_empty() { "()" } else { "(..)" };
            self.error(&call.method, format!("`{name}` is called on {kind}"))
                .note(format!("`{receiver}` is {kind}, because there may be no such value"))
                .help(format!("take the value out first: `{receiver}.unwrap().{name}{arguments}`"))
                .as_rustc_would();
            return Value::Poison;
        }
        let names = self.active_names_of(&Value::Attempt(attempt.clone()));
        let names = names.unwrap_or_else(|| "a matrix".to_owned());
        self.error(call, format!("`{name}` of {kind} that depends on {names} is not supported"))
            .note("whether there is a value decides a branch")
            .help(instead(&receiver, attempt));
        Value::Poison
    }

    /// Reports a branch on an `Option`: `match a.try_inverse() { .. }`.
    pub(super) fn refuse_branch_on_attempt(
        &self,
        attempt: &Rc<Attempt<'g>>,
        scrutinee: &Source,
        (at, construct): (&dyn ToTokens, &str),
    ) {
        let names = self.active_names_of(&Value::Attempt(attempt.clone()));
        let names = names.unwrap_or_else(|| "a matrix".to_owned());
        let kind = attempt.describe();
        self.error(at, format!("{construct} on {kind} that depends on {names} is not supported"))
            .note("whether there is a value decides a branch")
            .help(instead(&text::as_receiver(scrutinee), attempt));
    }
}

/// How the value is taken out of an attempt.
fn instead(receiver: &str, attempt: &Attempt<'_>) -> String {
    let question = if attempt.result { ".ok()?" } else { "?" };
    format!(
        "write `{receiver}.unwrap()`, `{receiver}.expect(\"..\")`, or `{receiver}{question}` in a function that returns `Option`"
    )
}
