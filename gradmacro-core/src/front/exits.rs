//! Leaving a function before its end: `return`, and panics.
//!
//! While a body is read, the reader remembers under which condition it has been left, and with what. What follows is
//! read under the negation, and where the body ends both meet in a conditional. So a guard is an `if` whose other arm
//! is the rest of the body.
//!
//! Example: `if n == 0.0 { return 0.0; } x / n` is read as `if n == 0.0 { 0.0 } else { x / n }`.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Expr as Source, Stmt};

use super::attempt::{Attempt, Outcome};
use super::bounds::Around;
use super::branches::Arm;
use super::joining::Joined;
use super::kept::KeptType;
use super::missing::is_none;
use super::reader::Reader;
use super::scope::{Binding, Scope};
use super::types::Type;
use super::value::Value;
use super::variables::assigned_since;
use crate::ir::Expr;

/// How a body is left before its end.
#[derive(Clone)]
pub(super) struct Exit<'g> {
    /// The condition under which it is left; `None` if it is left for certain.
    pub(super) when: Option<Expr<'g>>,
    /// What it is left with, computed only where it is.
    pub(super) value: Value<'g>,
    /// Demands that are made only where it is left.
    pub(super) demands: Vec<usize>,
    /// Is it left by a panic?
    pub(super) panics: bool,
    /// Is it left with `None`?
    pub(super) missing: bool,
    /// Where it is left.
    pub(super) at: TokenStream,
}

/// The body of a function or a closure.
#[derive(Clone, Default)]
pub(super) struct Frame {
    /// Loops and branches outside of it.
    around: usize,
    /// What it returns.
    pub(super) expected: Option<Type>,
}

/// Macros that never return.
const PANICS: [&str; 4] = ["panic", "unreachable", "todo", "unimplemented"];

/// Is it a macro that never returns?
pub(super) fn is_panic(call: &syn::Macro) -> bool {
    call.path.segments.last().is_some_and(|last| PANICS.iter().any(|name| last.ident == name))
}

impl<'g> Reader<'g> {
    /// The value of a body that `return` may leave.
    pub(super) fn framed(&self, expected: Option<&Type>, read: impl FnOnce() -> Value<'g>) -> Value<'g> {
        let around = self.state.around.borrow().len();
        let frame = self.state.frame.replace(Frame { around, expected: expected.cloned() });
        let pending = self.state.exit.take();
        let value = read();
        let exit = self.state.exit.replace(pending);
        self.state.frame.replace(frame);
        match exit {
            None => value,
            Some(exit) => match exit.when {
                None => exit.value,
                Some(when) => self.meet(when, &exit, (&value, &[])),
            },
        }
    }

    /// Is what is being read computed only under a condition?
    pub(super) fn is_conditional(&self) -> bool {
        self.state.around.borrow().iter().any(|around| matches!(around, Around::Branch(..)))
    }

    /// The value of a list of statements. The body of a function as a whole is where its exits meet.
    pub(super) fn read_list(
        &self,
        statements: &[Stmt],
        expected: Option<&Type>,
        is_whole: bool,
    ) -> Value<'g> {
        for (k, statement) in statements.iter().enumerate() {
            match statements.get(k + 1..) {
                None | Some([]) => return self.read_last(statement, expected),
                Some(rest) => {
                    let before = self.scope();
                    self.state.passed.take();
                    self.read_statement(statement);
                    let passed = self.state.passed.take();
                    let read = || match self.state.exit.take() {
                        Some(exit) => Some(self.read_rest(rest, exit, (before, expected, is_whole))),
                        None if passed.is_some() => Some(self.read_list(rest, expected, is_whole)),
                        None => None,
                    };
                    let value = match passed {
                        Some(passed) => self.after_passing(passed, read),
                        None => read(),
                    };
                    if let Some(value) = value {
                        return value;
                    }
                }
            }
        }
        Value::Tuple(Vec::new())
    }

    /// What follows where the body may have been left. `before` are the names that were known before that: what has
    /// been bound since is computed only where the body goes on.
    fn read_rest(
        &self,
        rest: &[Stmt],
        exit: Exit<'g>,
        (before, expected, is_whole): (Scope<'g>, Option<&Type>, bool),
    ) -> Value<'g> {
        let Some(when) = exit.when else {
            self.state.exit.replace(Some(exit));
            return Value::Tuple(Vec::new());
        };
        let first = self.count_demands();
        let value = self.assuming(when, false, || self.read_list(rest, expected, false));
        let later = self.state.exit.take();
        let demands = self.seal_demands(first, later.as_ref());
        if later.is_none() && is_whole {
            return self.within(before, || self.meet(when, &exit, (&value, &demands)));
        }
        let exit = self.within(before, || {
            self.bar_demands((when, false), &demands);
            match later {
                None => Some(exit),
                Some(later) if later.is_missing() => Some(self.left_or_missing(when, exit)),
                Some(later) => self.left_either(when, [Some(exit), Some(later)], Some(when)),
            }
        });
        self.state.exit.replace(exit);
        value
    }

    /// The value of a body that is left under a condition: what it is left with, or what it ends with.
    fn meet(&self, when: Expr<'g>, exit: &Exit<'g>, (value, demands): (&Value<'g>, &[usize])) -> Value<'g> {
        let mut joined = Joined::default();
        let left = if exit.panics { self.panic_like(&exit.value, value) } else { exit.value.clone() };
        let part = self.pair(&mut joined, [Some(&left), Some(value)], &exit.at);
        self.pair_demands(&mut joined, [&exit.demands, demands]);
        let results = self.branch(when, &joined.pairs);
        self.set_demands(&joined, &results);
        part.build(&results)
    }

    /// Notes that the arms of a conditional may leave the body.
    pub(super) fn leave_either(&self, predicate: Expr<'g>, exits: [Option<Exit<'g>>; 2]) {
        let exit = self.left_either(predicate, exits, None);
        if let Some(exit) = exit {
            self.leave(exit);
        }
    }

    /// Notes that the body is left, unless it has been before.
    fn leave(&self, exit: Exit<'g>) {
        let exit = match self.state.exit.take() {
            Some(before) => match before.when {
                Some(when) => self.left_either(when, [Some(before), Some(exit)], Some(when)),
                None => Some(before),
            },
            None => Some(exit),
        };
        self.state.exit.replace(exit);
    }

    /// The exit that two are: the first where the predicate holds, else the second. `first` is the condition under
    /// which the first leaves, if that is known to be the predicate.
    fn left_either(
        &self,
        predicate: Expr<'g>,
        [then, other]: [Option<Exit<'g>>; 2],
        first: Option<Expr<'g>>,
    ) -> Option<Exit<'g>> {
        let condition = |exit: &Option<Exit<'g>>| match exit {
            None => Some(self.certain(false)),
            Some(exit) => exit.when,
        };
        let certain = |when: Option<Expr<'g>>| when.unwrap_or_else(|| self.certain(true));
        let when = match (first.map_or_else(|| condition(&then), |_| None), condition(&other)) {
            (None, None) => None,
            (a, b) => Some(self.chosen(predicate, certain(a), certain(b))),
        };
        let (then, other) = match (then, other) {
            (Some(then), Some(other)) => (then, other),
            (only, None) | (None, only) => return only.map(|only| Exit { when, ..only }),
        };
        let mut joined = Joined::default();
        let a = if then.panics { self.panic_like(&then.value, &other.value) } else { then.value };
        let b = if other.panics { self.panic_like(&other.value, &a) } else { other.value };
        let part = self.pair(&mut joined, [Some(&a), Some(&b)], &then.at);
        self.pair_demands(&mut joined, [&then.demands, &other.demands]);
        let results = self.branch(predicate, &joined.pairs);
        self.set_demands(&joined, &results);
        let demands = if when.is_some() { [then.demands, other.demands].concat() } else { Vec::new() };
        let (panics, missing) = (then.panics && other.panics, then.missing && other.missing);
        Some(Exit { when, value: part.build(&results), demands, panics, missing, at: then.at })
    }

    /// `return e`
    pub(super) fn read_return(&self, exit: &syn::ExprReturn) -> Value<'g> {
        let frame = self.state.frame.borrow().clone();
        let in_loop =
            self.state.around.borrow().iter().skip(frame.around).any(|a| matches!(a, Around::Loop(_)));
        if in_loop {
            self.error(exit, "a `return` inside of a loop is not supported")
                .note("the number of steps would depend on what is computed in them")
                .help("carry the result in a variable, and return it after the loop");
            return Value::Poison;
        }
        let value = match &exit.expr {
            Some(value) if self.is_conditional() && self.is_missing(value) => {
                return self.leave_missing(exit);
            }
            Some(value) if self.is_conditional() && is_none(value) => {
                self.error(exit, "`return None` in a closure or a nested function is not supported")
                    .note("it leaves that function, not this one")
                    .help("write the condition in the function itself");
                Value::Poison
            }
            Some(value) => {
                let read = self.read_expecting(value, frame.expected.as_ref());
                match frame.expected.as_ref() {
                    Some(ty) if matches!(read, Value::Unknown(_)) => self.accept(read, ty, value),
                    _ => read,
                }
            }
            None => Value::Tuple(Vec::new()),
        };
        let at = exit.to_token_stream();
        self.leave(Exit { when: None, value, demands: Vec::new(), panics: false, missing: false, at });
        Value::Tuple(Vec::new())
    }

    fn leave_missing(&self, exit: &syn::ExprReturn) -> Value<'g> {
        self.leave(Exit::missing(exit.to_token_stream()));
        Value::Tuple(Vec::new())
    }

    /// `panic!(..)` in an arm of a conditional.
    pub(super) fn read_panic(&self, call: &syn::Macro) -> Value<'g> {
        if let Some(names) = self.active_names(call) {
            self.error(call, format!("the message of this panic depends on {names}"))
                .note("generated functions fail with the same message, and do not compute what it reads")
                .help("write a message that is a text");
            return Value::Poison;
        }
        self.check_panic(call);
        let expr = Source::Macro(syn::ExprMacro { attrs: Vec::new(), mac: call.clone() });
        let value = self.keep(&expr, None);
        if !value.is_poison() {
            let at = call.to_token_stream();
            self.leave(Exit { when: None, value, demands: Vec::new(), panics: true, missing: false, at });
        }
        Value::Tuple(Vec::new())
    }

    /// An arm that panics hands on values like those of the other one, which are a panic when they are computed.
    pub(super) fn without_panics(&self, arms: [Arm<'g>; 2], outer: &Scope<'g>) -> [Arm<'g>; 2] {
        let panics = |arm: &Arm<'g>| arm.exit.as_ref().is_some_and(|exit| exit.panics && exit.when.is_none());
        match arms {
            [a, b] if panics(&a) && b.exit.is_none() => {
                let a = self.in_place_of_panic(a, &b, outer);
                [a, b]
            }
            [a, b] if panics(&b) && a.exit.is_none() => {
                let b = self.in_place_of_panic(b, &a, outer);
                [a, b]
            }
            arms => arms,
        }
    }

    fn in_place_of_panic(&self, arm: Arm<'g>, other: &Arm<'g>, outer: &Scope<'g>) -> Arm<'g> {
        let Some(panic) = arm.exit.as_ref().map(|exit| exit.value.clone()) else { return arm };
        let assigned = assigned_since(&other.scope, outer);
        if assigned.is_empty() && matches!(&other.value, Value::Tuple(list) if list.is_empty()) {
            return arm;
        }
        let scope = assigned.iter().fold(outer.clone(), |scope, binding| {
            let value = binding.value.as_ref().map(|value| self.panic_like(&panic, value));
            scope.with(Binding { value, ..binding.clone() })
        });
        let demands = arm.exit.map_or(arm.demands, |exit| exit.demands);
        Arm { value: self.panic_like(&panic, &other.value), scope, exit: None, demands }
    }

    /// A value like this one that is a panic when it is computed.
    fn panic_like(&self, panic: &Value<'g>, value: &Value<'g>) -> Value<'g> {
        let all = |list: &[Value<'g>]| list.iter().map(|x| self.panic_like(panic, x)).collect();
        match (panic, value) {
            (_, Value::Tuple(list)) => Value::Tuple(all(list)),
            (_, Value::Array(list)) => Value::Array(all(list)),
            (_, Value::Attempt(attempt)) => match &attempt.outcome {
                Outcome::Certain(inside) => Attempt::certain(self.panic_like(panic, inside)),
                _ => value.clone(),
            },
            (
                Value::Unknown(panic),
                Value::Scalar(_) | Value::Matrix(_) | Value::Truth(_) | Value::Geometry(_),
            ) => {
                let Some(ty) = KeptType::of_value(value) else { return Value::Poison };
                let again = self.kept_again(panic, &|x| x);
                let Value::Unknown(again) = again else { return Value::Poison };
                self.unify(&again, ty).map_or(Value::Poison, |x| ty.value(x))
            }
            _ => value.clone(),
        }
    }
}
