//! Leaving a function with `None`.
//!
//! Where a function returns `None` nothing else of it matters. So an arm that does so hands on what the other one does,
//! and that it is not taken is a demand; what follows is no part of a conditional. Where the body ends, a plain `None`
//! is a `return None`.
//!
//! Example: `if n == 0.0 { return None; } Some(x / n)` is x / n, with the demand that n is not 0.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Expr as Source, Stmt};

use super::branches::Arm;
use super::exits::Exit;
use super::program::Failure;
use super::reader::Reader;
use super::text;
use super::types::Type;
use super::value::Value;
use crate::ir::{Expr, Test};

impl<'g> Exit<'g> {
    /// `return None`
    pub(super) fn missing(at: TokenStream) -> Exit<'g> {
        Exit {
            when: None,
            value: Value::Tuple(Vec::new()),
            demands: Vec::new(),
            panics: false,
            missing: true,
            at,
        }
    }

    /// Is the function left for certain, and with `None`?
    pub(super) fn is_missing(&self) -> bool {
        self.missing && self.when.is_none()
    }
}

impl<'g> Reader<'g> {
    /// Is it `None`, as what the function under the attribute returns?
    pub(super) fn is_missing(&self, value: &Source) -> bool {
        let frame = self.state.frame.borrow();
        is_none(value) && self.state.calls.get() == 0 && matches!(frame.expected, Some(Type::Option(_)))
    }

    /// Records that the function returns `None` unless the predicate holds.
    pub(super) fn require(&self, predicate: Expr<'g>) {
        self.demand(predicate, Test::Holds, Failure::Question);
    }

    /// The arms of a conditional, of which one that returns `None` is like the other.
    pub(super) fn without_missing(&self, predicate: Expr<'g>, arms: [Arm<'g>; 2]) -> [Arm<'g>; 2] {
        let [then, other] = arms;
        let missing = [&then, &other].map(|arm| arm.exit.as_ref().is_some_and(Exit::is_missing));
        match missing {
            [true, false] => {
                self.require(self.negation(predicate));
                self.state.passed.replace(Some((predicate, false)));
                [like(then, &other), other]
            }
            [false, true] => {
                self.require(predicate);
                self.state.passed.replace(Some((predicate, true)));
                let other = like(other, &then);
                [then, other]
            }
            _ => [then, other],
        }
    }

    /// Where the body has been left under a condition, and returns `None` otherwise, it is left for certain.
    pub(super) fn left_or_missing(&self, when: Expr<'g>, exit: Exit<'g>) -> Exit<'g> {
        self.bar_demands((when, true), &exit.demands);
        self.require(when);
        Exit { when: None, demands: Vec::new(), ..exit }
    }

    /// Reads what is reached only where a statement has not left the function with `None`.
    pub(super) fn after_passing<T>(&self, passed: (Expr<'g>, bool), read: impl FnOnce() -> T) -> T {
        let value = self.assuming(passed.0, passed.1, read);
        self.state.passed.replace(Some((self.certain(true), true)));
        value
    }
}

/// An arm that is left with `None` hands on what the other one does.
fn like<'g>(arm: Arm<'g>, other: &Arm<'g>) -> Arm<'g> {
    let own = arm.exit.map(|exit| exit.demands).unwrap_or_default();
    Arm {
        value: other.value.clone(),
        scope: other.scope.clone(),
        exit: other.exit.as_ref().map(|exit| Exit { demands: Vec::new(), ..exit.clone() }),
        demands: [own, arm.demands].concat(),
    }
}

pub(super) fn is_none(value: &Source) -> bool {
    text::name_of(text::peel(value)).is_some_and(|name| name == "None")
}

/// The body with `return None` for every `None` that it ends with.
pub(super) fn with_returns(block: &syn::Block) -> syn::Block {
    let mut block = block.clone();
    if let Some(Stmt::Expr(end, None)) = block.stmts.last_mut() {
        *end = returned(end);
    }
    block
}

fn returned(end: &Source) -> Source {
    let mut end = end.clone();
    match &mut end {
        Source::If(choice) => {
            choice.then_branch = with_returns(&choice.then_branch);
            if let Some((_, other)) = &mut choice.else_branch {
                **other = returned(other);
            }
        }
        Source::Match(choice) => choice.arms.iter_mut().for_each(|arm| *arm.body = returned(&arm.body)),
        Source::Block(inner) => inner.block = with_returns(&inner.block),
        none if is_none(none) => {
            let tokens = none.to_token_stream();
            if let Ok(exit) = syn::parse2(quote::quote!(return #tokens)) {
                return exit;
            }
        }
        _ => {}
    }
    end
}
