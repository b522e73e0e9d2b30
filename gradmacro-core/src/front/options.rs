//! `match`, `if let` and `let .. else` on an `Option` of a factorisation.
//!
//! Where the arm without a value leaves the function, taking the value out is a demand, like `?` and `expect`; the
//! other arm is what goes on. Any other arm would be a branch on whether the factorisation exists, and is refused.
//!
//! Example: `match a.cholesky() { Some(c) => c.ln_determinant(), None => return None }` is `a.cholesky()?.ln_determinant()`.

use std::rc::Rc;

use quote::{ToTokens, quote};
use syn::{Expr as Source, Pat, Stmt};

use super::attempt::{Attempt, Outcome};
use super::invoke::names_in;
use super::kept::Source as Reading;
use super::program::Failure;
use super::reader::Reader;
use super::text;
use super::types::Type;
use super::value::Value;

/// An `Option` and where it is looked into.
pub(super) struct Looked<'a, 'g> {
    pub(super) attempt: &'a Rc<Attempt<'g>>,
    pub(super) source: &'a Source,
    /// What is reported, and its name.
    pub(super) at: (&'a dyn ToTokens, &'a str),
}

impl<'g> Reader<'g> {
    /// `match attempt { Some(x) => .., None => .. }`
    pub(super) fn read_match_of_attempt(
        &self,
        looked: &Looked<'_, 'g>,
        arms: &[syn::Arm],
        expected: Option<&Type>,
    ) -> Option<Value<'g>> {
        let [first, second] = arms else { return self.refuse_look(looked) };
        if first.guard.is_some() || second.guard.is_some() {
            return self.refuse_look(looked);
        }
        let result = looked.attempt.result;
        let (pattern, there, missing) = match (inside(&first.pat, result), inside(&second.pat, result)) {
            (Some(pattern), None) if is_otherwise(&second.pat, result) => (pattern, first, second),
            (None, Some(pattern)) if is_absent(&first.pat, result) => (pattern, second, first),
            _ => return self.refuse_look(looked),
        };
        let value = self.looked_into(looked, Some(&missing.body))?;
        Some(self.within_block(|| {
            self.bind(pattern, value, &Reading::Missing, None);
            self.read_arm_body(&there.body, expected)
        }))
    }

    /// `if let Some(x) = attempt { .. } else { .. }`
    pub(super) fn read_if_let_of_attempt(
        &self,
        looked: &Looked<'_, 'g>,
        (choice, pattern): (&syn::ExprIf, &Pat),
        expected: Option<&Type>,
    ) -> Option<Value<'g>> {
        let Some(pattern) = inside(pattern, looked.attempt.result) else { return self.refuse_look(looked) };
        let value = self.looked_into(looked, choice.else_branch.as_ref().map(|(_, other)| &**other))?;
        Some(self.within_block(|| {
            self.bind(pattern, value, &Reading::Missing, None);
            self.read_block(&choice.then_branch, expected)
        }))
    }

    /// `let pattern = e else { .. };` is a `let` of a `match` that hands on what the pattern binds.
    pub(super) fn read_let_else(&self, local: &syn::Local, init: &Source, other: &Source) {
        let pattern = match &local.pat {
            Pat::Type(typed) => &*typed.pat,
            pattern => pattern,
        };
        if let Some(value) = self.attempt(|reader| match reader.read(init) {
            Value::Attempt(attempt) => Some(attempt),
            _ => None,
        }) {
            return self.read_let_else_of_attempt(&value, (pattern, init, other));
        }
        let names = names_in(pattern);
        let (bound, value) = match &names[..] {
            [only] => (quote!(#only), quote!(#only)),
            names => (quote!((#(#names),*)), quote!((#(#names),*))),
        };
        let bound: syn::Result<Stmt> = syn::parse2(quote! {
            let #bound = match #init { #pattern => #value, _ => #other };
        });
        match bound {
            Ok(statement) => self.read_statement(&statement),
            Err(_) => {
                self.error(local, "this `let .. else` is not supported");
                self.poison(pattern);
            }
        }
    }

    fn read_let_else_of_attempt(
        &self,
        attempt: &Rc<Attempt<'g>>,
        (pattern, source, other): (&Pat, &Source, &Source),
    ) {
        let head = quote!(#pattern = #source);
        let looked = Looked { attempt, source, at: (&head, "`let .. else`") };
        let value = match inside(pattern, attempt.result) {
            Some(_) => self.looked_into(&looked, Some(other)),
            None => self.refuse_look(&looked),
        };
        match (inside(pattern, attempt.result), value) {
            (Some(inside), Some(value)) => self.bind(inside, value, &Reading::Missing, None),
            _ => self.poison(pattern),
        }
    }

    /// The value inside; where there is none, the other arm leaves the function.
    fn looked_into(&self, looked: &Looked<'_, 'g>, other: Option<&Source>) -> Option<Value<'g>> {
        if let Outcome::Certain(value) = &looked.attempt.outcome {
            return Some(value.clone());
        }
        let failure = other.and_then(|other| self.failure_of(only_expression(other)));
        match failure {
            Some(failure) => Some(self.taken_out(looked.attempt, failure, looked.source)),
            None => self.refuse_look(looked),
        }
    }

    /// How an arm leaves the function, if it does nothing else.
    fn failure_of(&self, arm: &Source) -> Option<Failure> {
        match arm {
            Source::Return(exit) if self.is_missing(exit.expr.as_deref()?) => Some(Failure::Question),
            Source::Macro(call) if call.mac.path.is_ident("panic") => {
                if call.mac.tokens.is_empty() {
                    return Some(Failure::Expect(quote!("explicit panic")));
                }
                let message: syn::LitStr = call.mac.parse_body().ok()?;
                let is_plain = !message.value().contains(['{', '}']);
                is_plain.then(|| Failure::Expect(message.to_token_stream()))
            }
            _ => None,
        }
    }

    fn refuse_look<T>(&self, looked: &Looked<'_, 'g>) -> Option<T> {
        self.refuse_branch_on_attempt(looked.attempt, looked.source, looked.at);
        None
    }
}

/// The pattern of what is there: the `x` of `Some(x)`.
fn inside(pattern: &Pat, result: bool) -> Option<&Pat> {
    match pattern {
        Pat::Paren(inner) => inside(&inner.pat, result),
        Pat::TupleStruct(some) if some.path.is_ident(if result { "Ok" } else { "Some" }) => {
            some.elems.first().filter(|_| some.elems.len() == 1)
        }
        _ => None,
    }
}

/// `None`, or `Err(..)` of anything
fn is_absent(pattern: &Pat, result: bool) -> bool {
    match pattern {
        Pat::Ident(name) => !result && name.ident == "None",
        Pat::Path(path) => !result && path.path.is_ident("None"),
        Pat::TupleStruct(err) => {
            result && err.path.is_ident("Err") && matches!(err.elems.first(), Some(Pat::Wild(_)))
        }
        _ => false,
    }
}

fn is_otherwise(pattern: &Pat, result: bool) -> bool {
    matches!(pattern, Pat::Wild(_)) || is_absent(pattern, result)
}

/// The expression of which a block consists.
fn only_expression(arm: &Source) -> &Source {
    match text::peel(arm) {
        Source::Block(block) => match &block.block.stmts[..] {
            [Stmt::Expr(only, _)] => only_expression(only),
            _ => arm,
        },
        other => other,
    }
}
