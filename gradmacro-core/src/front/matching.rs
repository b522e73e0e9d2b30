//! `match` and `if let`.
//!
//! An arm is taken if its pattern fits and its guard holds: a predicate. So a `match` is a chain of conditionals, of
//! which the last arm needs no test. Patterns of integers and `bool`s become predicates here; a pattern of anything
//! else, an enum of the user's say, is a kept condition `matches!(e, pattern)`, and what it binds is read by kept code.
//!
//! Example: `match k { 0 => x[0], 1 | 2 => x[1], _ => 0.0 }` is `if k == 0 { x[0] } else if k == 1 || k == 2 { x[1] }
//! else { 0.0 }`.

use std::rc::Rc;

use quote::{ToTokens, quote};
use syn::{Expr as Source, Pat};

use super::invoke::names_in;
use super::kept::{Local, Source as Reading};
use super::options::Looked;
use super::reader::Reader;
use super::scope::Binding;
use super::text;
use super::types::Type;
use super::value::Value;
use crate::ir::Expr;
use crate::ops::predicates::TRUE;

/// What is matched on.
struct Scrutinee<'a, 'g> {
    source: &'a Source,
    value: Value<'g>,
}

impl<'g> Reader<'g> {
    /// `match e { .. }`
    pub(super) fn read_match(&self, choice: &syn::ExprMatch, expected: Option<&Type>) -> Value<'g> {
        let head = text::together(&[&choice.match_token, &choice.expr]);
        let scrutinee = match self.read(&choice.expr) {
            Value::Attempt(attempt) => {
                let looked = Looked { attempt: &attempt, source: &choice.expr, at: (&head, "`match`") };
                return self.or_poisoned(self.read_match_of_attempt(&looked, &choice.arms, expected), choice);
            }
            Value::Poison => return self.or_poisoned(None, choice),
            value => Scrutinee { source: &choice.expr, value },
        };
        let arms: Vec<&syn::Arm> = choice.arms.iter().collect();
        self.read_match_arms(&scrutinee, &arms, (choice, expected))
    }

    /// `if let pattern = e { .. } else { .. }`
    pub(super) fn read_if_let(
        &self,
        choice: &syn::ExprIf,
        condition: &syn::ExprLet,
        expected: Option<&Type>,
    ) -> Value<'g> {
        let head = text::together(&[&choice.if_token, &choice.cond]);
        let scrutinee = match self.read(&condition.expr) {
            Value::Attempt(attempt) => {
                let looked = Looked { attempt: &attempt, source: &condition.expr, at: (&head, "`if let`") };
                let parts = (choice, &*condition.pat);
                return self.or_poisoned(self.read_if_let_of_attempt(&looked, parts, expected), choice);
            }
            Value::Poison => return self.or_poisoned(None, choice),
            value => Scrutinee { source: &condition.expr, value },
        };
        let Some(predicate) = self.pattern_test(&scrutinee, &condition.pat) else {
            self.poison_assigned(choice);
            return Value::Poison;
        };
        let then = self.read_arm((predicate, true), || {
            self.within_block(|| {
                self.bind_matched(&scrutinee, &condition.pat);
                self.read_block(&choice.then_branch, expected)
            })
        });
        let other = self.read_arm((predicate, false), || match &choice.else_branch {
            Some((_, other)) => self.read_expecting(other, expected),
            None => Value::Tuple(Vec::new()),
        });
        self.join(predicate, [then, other], (choice, choice.else_branch.is_some()))
    }

    /// What could not be read leaves nothing known of what it assigns to.
    fn or_poisoned(&self, value: Option<Value<'g>>, code: &dyn ToTokens) -> Value<'g> {
        value.unwrap_or_else(|| {
            self.poison_assigned(code);
            Value::Poison
        })
    }

    /// Whether a pattern fits, and a guard holds: `matches!`.
    pub(super) fn read_pattern_test(
        &self,
        source: &Source,
        pattern: &Pat,
        guard: Option<&Source>,
    ) -> Option<Expr<'g>> {
        let scrutinee = self.scrutinee(source, (source, "`matches!`"))?;
        self.arm_test(&scrutinee, pattern, guard)
    }

    fn scrutinee<'a>(
        &self,
        source: &'a Source,
        (at, construct): (&dyn ToTokens, &str),
    ) -> Option<Scrutinee<'a, 'g>> {
        let value = self.read(source);
        match &value {
            Value::Poison => None,
            Value::Attempt(attempt) => {
                self.refuse_branch_on_attempt(attempt, source, (at, construct));
                None
            }
            _ => Some(Scrutinee { source, value }),
        }
    }

    fn read_match_arms(
        &self,
        scrutinee: &Scrutinee<'_, 'g>,
        arms: &[&syn::Arm],
        (choice, expected): (&syn::ExprMatch, Option<&Type>),
    ) -> Value<'g> {
        let Some((arm, rest)) = arms.split_first() else {
            self.error(choice, "a `match` without arms is not supported");
            return Value::Poison;
        };
        let read = |arm: &syn::Arm| {
            self.within_block(|| {
                self.bind_matched(scrutinee, &arm.pat);
                self.read_arm_body(&arm.body, expected)
            })
        };
        // The arms of a `match` leave no case out, so the last one fits if no other does.
        if rest.is_empty() {
            return read(arm);
        }
        let guard = arm.guard.as_ref().map(|(_, guard)| &**guard);
        let Some(predicate) = self.arm_test(scrutinee, &arm.pat, guard) else {
            self.poison_assigned(choice);
            return Value::Poison;
        };
        if predicate.is(&TRUE) {
            return read(arm);
        }
        let then = self.read_arm((predicate, true), || read(arm));
        let other =
            self.read_arm((predicate, false), || self.read_match_arms(scrutinee, rest, (choice, expected)));
        self.join(predicate, [then, other], (choice, true))
    }

    pub(super) fn read_arm_body(&self, body: &Source, expected: Option<&Type>) -> Value<'g> {
        match body {
            Source::Macro(call) if super::exits::is_panic(&call.mac) => self.read_panic(&call.mac),
            body if self.is_for_effect(body) => {
                self.read_effect(body);
                Value::Tuple(Vec::new())
            }
            body => self.read_expecting(body, expected),
        }
    }

    /// Does the pattern fit, and does the guard hold?
    fn arm_test(
        &self,
        scrutinee: &Scrutinee<'_, 'g>,
        pattern: &Pat,
        guard: Option<&Source>,
    ) -> Option<Expr<'g>> {
        let fits = self.pattern_test(scrutinee, pattern)?;
        let Some(guard) = guard else { return Some(fits) };
        let first = self.count_demands();
        let holds = self.assuming(fits, true, || {
            self.within(self.scope(), || {
                self.bind_matched(scrutinee, pattern);
                self.read_condition(guard)
            })
        })?;
        self.bar_demands((fits, true), &self.seal_demands(first, None));
        Some(self.both(fits, holds))
    }

    /// Does the pattern fit?
    fn pattern_test(&self, scrutinee: &Scrutinee<'_, 'g>, pattern: &Pat) -> Option<Expr<'g>> {
        match &scrutinee.value {
            Value::Unknown(_) if !self.is_of_numbers(pattern) => self.kept_test(scrutinee.source, pattern),
            value => self.test(value, pattern, scrutinee.source),
        }
    }

    /// Is it a pattern of integers?
    fn is_of_numbers(&self, pattern: &Pat) -> bool {
        match pattern {
            Pat::Lit(literal) => matches!(literal.lit, syn::Lit::Int(_)),
            Pat::Range(_) => true,
            Pat::Or(cases) => cases.cases.iter().any(|case| self.is_of_numbers(case)),
            Pat::Paren(inner) => self.is_of_numbers(&inner.pat),
            Pat::Ident(name) => name.subpat.as_ref().is_some_and(|(_, inner)| self.is_of_numbers(inner)),
            _ => false,
        }
    }

    fn test(&self, value: &Value<'g>, pattern: &Pat, at: &Source) -> Option<Expr<'g>> {
        match (pattern, value) {
            (Pat::Wild(_) | Pat::Rest(_), _) => Some(self.certain(true)),
            (Pat::Ident(name), value) => match &name.subpat {
                Some((_, inner)) => self.test(value, inner, at),
                None if is_binding(&name.ident) => Some(self.certain(true)),
                None => self.test_constant(value, &name.ident),
            },
            (Pat::Paren(inner), value) => self.test(value, &inner.pat, at),
            (Pat::Reference(inner), value) => self.test(value, &inner.pat, at),
            (Pat::Or(cases), value) => {
                let tests: Option<Vec<_>> =
                    cases.cases.iter().map(|case| self.test(value, case, at)).collect();
                tests?.into_iter().reduce(|p, q| self.either(p, q))
            }
            (Pat::Tuple(patterns), Value::Tuple(values)) if patterns.elems.len() == values.len() => {
                let pairs = values.iter().zip(&patterns.elems);
                let tests: Option<Vec<_>> =
                    pairs.map(|(value, pattern)| self.test(value, pattern, at)).collect();
                tests?.into_iter().reduce(|p, q| self.both(p, q)).or_else(|| Some(self.certain(true)))
            }
            (Pat::Lit(literal), Value::Truth(p)) => match &literal.lit {
                syn::Lit::Bool(holds) => Some(if holds.value { *p } else { self.negation(*p) }),
                _ => self.refuse_pattern(pattern, value),
            },
            (Pat::Lit(_) | Pat::Range(_), Value::Integer(_) | Value::Unknown(_)) => {
                let x = self.integer_of(value, at)?;
                self.test_integer(x, pattern).or_else(|| self.refuse_pattern(pattern, value))
            }
            _ => self.refuse_pattern(pattern, value),
        }
    }

    fn test_integer(&self, x: Expr<'g>, pattern: &Pat) -> Option<Expr<'g>> {
        match pattern {
            Pat::Lit(literal) => self.is_number(x, self.number_in(&Source::Lit(literal.clone()))?),
            Pat::Range(range) => {
                let bound = |end: &Option<Box<Source>>| match end {
                    Some(end) => self.number_in(end).map(Some),
                    None => Some(None),
                };
                let (least, most) = (bound(&range.start)?, bound(&range.end)?);
                let most = match range.limits {
                    syn::RangeLimits::Closed(_) => most,
                    syn::RangeLimits::HalfOpen(_) => most.map(|end| end - 1),
                };
                self.is_between(x, least, most)
            }
            _ => None,
        }
    }

    fn number_in(&self, source: &Source) -> Option<i64> {
        self.attempt(|reader| reader.read(source).constant())
    }

    /// A constant in a pattern.
    fn test_constant(&self, value: &Value<'g>, name: &syn::Ident) -> Option<Expr<'g>> {
        let number =
            self.scope().find(&name.to_string()).and_then(|binding| binding.value.as_ref()?.constant());
        match (value, number) {
            (Value::Integer(x), Some(number)) => self.is_number(*x, number),
            _ => {
                self.error(name, format!("the value of `{name}` is not known here"))
                    .help(format!("write a guard: `k if k == {name}`"));
                None
            }
        }
    }

    fn refuse_pattern(&self, pattern: &Pat, value: &Value<'g>) -> Option<Expr<'g>> {
        let found = value.describe();
        match self.active_names_of(value) {
            Some(names) => self
                .error(
                    pattern,
                    format!("this pattern is not supported: the value is {found} that depends on {names}"),
                )
                .help("compare in a condition: `if x < 1.0 { .. }`"),
            None => self.error(pattern, format!("this pattern is not supported: the value is {found}")),
        };
        None
    }

    /// A pattern that only kept code can test.
    fn kept_test(&self, source: &Source, pattern: &Pat) -> Option<Expr<'g>> {
        if matches!(pattern, Pat::Wild(_))
            || matches!(pattern, Pat::Ident(name) if is_binding(&name.ident) && name.subpat.is_none())
        {
            return Some(self.certain(true));
        }
        let tested = without_names(pattern);
        let test: Source = syn::parse2(quote!(::core::matches!(#source, #tested))).ok()?;
        self.truth_of(&self.keep(&test, None), source)
    }

    /// Binds the names of a pattern that fits.
    fn bind_matched(&self, scrutinee: &Scrutinee<'_, 'g>, pattern: &Pat) {
        match (&scrutinee.value, pattern) {
            (_, Pat::Wild(_) | Pat::Lit(_) | Pat::Range(_) | Pat::Path(_)) => {}
            (value, Pat::Ident(name)) if is_binding(&name.ident) && name.subpat.is_none() => {
                let source = match value {
                    Value::Integer(x) => Reading::Index(*x),
                    Value::Unknown(_) => return self.bind_kept(scrutinee.source, pattern),
                    _ => Reading::Missing,
                };
                self.bind(pattern, value.clone(), &source, None);
            }
            (Value::Unknown(_), _) => self.bind_kept(scrutinee.source, pattern),
            (Value::Tuple(values), Pat::Tuple(patterns)) if values.len() == patterns.elems.len() => {
                for (value, pattern) in values.iter().zip(&patterns.elems) {
                    let part = Scrutinee { source: scrutinee.source, value: value.clone() };
                    self.bind_matched(&part, pattern);
                }
            }
            (value, Pat::Ident(name)) if is_binding(&name.ident) => {
                let binding = Pat::Ident(syn::PatIdent { subpat: None, ..name.clone() });
                let part = Scrutinee { source: scrutinee.source, value: value.clone() };
                self.bind_matched(&part, &binding);
            }
            _ => {}
        }
    }

    /// Names that only kept code can read: it takes them out of the value again.
    fn bind_kept(&self, source: &Source, pattern: &Pat) {
        let names = names_in(pattern);
        let names: Vec<_> = names.into_iter().filter(is_binding).collect();
        if names.is_empty() {
            return;
        }
        let Some(needs) = self.needs_in_arm(source) else { return self.poison(pattern) };
        let tokens = match is_certain(pattern) {
            true => quote!(let #pattern = #source;),
            false => quote!(let #pattern = #source else { ::core::unreachable!() };),
        };
        let local = Rc::new(Local { tokens, needs });
        for name in names {
            self.add(Binding::of(name, None, Reading::Local(local.clone())));
        }
    }
}

/// Does a name in a pattern bind, rather than stand for a constant?
fn is_binding(name: &syn::Ident) -> bool {
    !name.to_string().starts_with(char::is_uppercase)
}

/// Does the pattern fit whatever the value is, as far as its form tells?
fn is_certain(pattern: &Pat) -> bool {
    match pattern {
        Pat::Ident(name) => name.subpat.is_none() && is_binding(&name.ident),
        Pat::Wild(_) => true,
        Pat::Tuple(tuple) => tuple.elems.iter().all(is_certain),
        _ => false,
    }
}

/// The pattern with `_` for every name that it binds.
fn without_names(pattern: &Pat) -> Pat {
    let all = |list: &mut syn::punctuated::Punctuated<Pat, syn::Token![,]>| {
        list.iter_mut().for_each(|pattern| *pattern = without_names(pattern));
    };
    let mut pattern = pattern.clone();
    match &mut pattern {
        Pat::Ident(name) if is_binding(&name.ident) => {
            return match &name.subpat {
                Some((_, inner)) => without_names(inner),
                None => Pat::Verbatim(quote!(_)),
            };
        }
        Pat::Tuple(inner) => all(&mut inner.elems),
        Pat::TupleStruct(inner) => all(&mut inner.elems),
        Pat::Slice(inner) => all(&mut inner.elems),
        Pat::Paren(inner) => *inner.pat = without_names(&inner.pat),
        Pat::Reference(inner) => *inner.pat = without_names(&inner.pat),
        Pat::Or(cases) => cases.cases.iter_mut().for_each(|case| *case = without_names(case)),
        Pat::Struct(inner) => {
            for field in &mut inner.fields {
                *field.pat = without_names(&field.pat);
                field.colon_token.get_or_insert_with(Default::default);
            }
        }
        _ => {}
    }
    pattern
}
