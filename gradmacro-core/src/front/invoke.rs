//! Calls: methods, functions by path, closures.
//!
//! What a closure or a nested function computes is read where it is called, with its parameters bound to the
//! arguments. Everything else is looked up in the tables of methods and constructors.
//!
//! Example: `let sq = |v: f64| v * v; sq(x.norm())` reads `v * v` with `v` bound to the node of the norm.

use std::rc::Rc;

use quote::{ToTokens, quote};
use syn::{Expr as Source, Pat};

use super::attempt::Attempt;
use super::call::{MethodCall, PathCall};
use super::closure::{Body, Callee, Closure, Names};
use super::kept::{Binder, Source as Reading};
use super::reader::Reader;
use super::types::Type;
use super::value::Value;
use super::{constructors, methods, text};
use crate::diagnostics::closest;

/// What is called otherwise elsewhere.
const ELSEWHERE: &[(&str, &str)] = &[
    ("cwise_product", "component_mul"),
    ("det", "determinant"),
    ("hadamard", "component_mul"),
    ("inv", "try_inverse"),
    ("inverse", "try_inverse"),
    ("l2_norm", "norm"),
    ("square", "powi(2)"),
    ("squared_norm", "norm_squared"),
    ("t", "transpose"),
];

/// What a parameter is bound to.
pub(super) struct Argument<'g> {
    pub(super) value: Value<'g>,
    /// How a kept expression can read it.
    pub(super) source: Reading<'g>,
}

impl<'g> Argument<'g> {
    /// A value that kept expressions can read only if it is an integer.
    pub(super) fn of(value: Value<'g>) -> Argument<'g> {
        let source = if let Value::Integer(x) = &value { Reading::Index(*x) } else { Reading::Missing };
        Argument { value, source }
    }
}

impl<'g> Reader<'g> {
    pub(super) fn read_closure(&self, closure: &syn::ExprClosure) -> Value<'g> {
        let parameters = closure.inputs.iter().map(|input| match input {
            Pat::Type(typed) => ((*typed.pat).clone(), Some((*typed.ty).clone())),
            pattern => (pattern.clone(), None),
        });
        let output = match &closure.output {
            syn::ReturnType::Default => None,
            syn::ReturnType::Type(_, ty) => Some((**ty).clone()),
        };
        let callee = Callee::Body(Box::new(Body {
            parameters: parameters.collect(),
            output,
            body: (*closure.body).clone(),
            names: Names::At(self.scope()),
            generics: syn::Generics::default(),
            receiver: false,
            number: self.fresh_body(),
        }));
        Value::Closure(Rc::new(Closure { callee, name: None }))
    }

    pub(super) fn read_method_call(&self, expr: &syn::ExprMethodCall, expected: Option<&Type>) -> Value<'g> {
        if let Some(value) = self.read_own_method(expr) {
            return value;
        }
        let receiver = self.read(&expr.receiver);
        if let Value::Attempt(attempt) = &receiver {
            return self.read_of_attempt(attempt, expr);
        }
        let arguments: Vec<Value<'g>> = expr.args.iter().map(|argument| self.read(argument)).collect();
        if receiver.is_poison() || arguments.iter().any(Value::is_poison) {
            return Value::Poison;
        }
        let call = MethodCall { reader: self, expr, receiver, arguments, expected: expected.cloned() };
        let value = self.read_iterator(&call).or_else(|| self.read_conversion(&call));
        let value = value.or_else(|| self.read_test(&call));
        value
            .or_else(|| methods::read(&call))
            .unwrap_or_else(|| self.refuse_write(expr).unwrap_or_else(|| self.refuse_method(&call)))
    }

    pub(super) fn read_call(&self, expr: &syn::ExprCall, expected: Option<&Type>) -> Value<'g> {
        if let (Some(value), Source::Path(path)) = (expr.args.first(), text::peel(&expr.func))
            && path.path.segments.last().is_some_and(|last| last.ident == "Some")
        {
            return self.read_some(value, expected);
        }
        if let Some(method) = methods::decomposition_made_by(expr) {
            return self.read_method_call(&method, expected);
        }
        let function = match text::peel(&expr.func) {
            Source::Path(path) => self.bound_function(path, expr.args.first()),
            _ => Some(self.read(&expr.func)),
        };
        if let Some(function) = function {
            let is_method = matches!(&function, Value::Closure(closure) if closure.is_method());
            let arguments: Vec<&Source> = expr.args.iter().skip(usize::from(is_method)).collect();
            return self.call_written(&function, &arguments, expr);
        }
        let arguments: Vec<Value<'g>> = expr.args.iter().map(|argument| self.read(argument)).collect();
        if arguments.iter().any(Value::is_poison) {
            return Value::Poison;
        }
        match text::peel(&expr.func) {
            Source::Path(path) => {
                let path = &path.path;
                let call = PathCall { reader: self, expr, path, arguments, expected: expected.cloned() };
                self.read_foreign(path, &call.arguments, expr)
                    .or_else(|| constructors::read(&call))
                    .or_else(|| self.read_in_rule(path, &call.arguments, expr))
                    .unwrap_or_else(|| self.refuse_function(&call))
            }
            _ => Value::Poison,
        }
    }

    /// `Some(x)`
    fn read_some(&self, inside: &Source, expected: Option<&Type>) -> Value<'g> {
        let expected = match expected {
            Some(Type::Option(inside)) => Some(&**inside),
            _ => None,
        };
        match self.read_expecting(inside, expected) {
            Value::Poison => Value::Poison,
            value => Attempt::certain(value),
        }
    }

    /// The function that a path names, if its body is seen: by a name of the body or of the module, or by its type.
    fn bound_function(&self, path: &syn::ExprPath, first: Option<&Source>) -> Option<Value<'g>> {
        let segments = &path.path.segments;
        if let Some(only) = segments.first().filter(|_| segments.len() == 1 && path.qself.is_none()) {
            self.scope().find(&only.ident.to_string()).filter(|binding| !self.is_ruled(binding))?;
            let name = syn::ExprPath { path: only.ident.clone().into(), ..path.clone() };
            return Some(self.read_path(&name));
        }
        let function = self.associated(&path.path)?;
        let is_method = matches!(&function, Value::Closure(closure) if closure.is_method());
        (!is_method || first.is_some_and(is_self)).then_some(function)
    }

    /// `self.f(x)`, where the `impl` that defines `f` is seen.
    fn read_own_method(&self, expr: &syn::ExprMethodCall) -> Option<Value<'g>> {
        let path = self.surroundings.method(&expr.method).filter(|_| is_self(&expr.receiver))?;
        let function = self.associated(&path)?;
        let arguments: Vec<&Source> = expr.args.iter().collect();
        Some(self.call_written(&function, &arguments, expr))
    }

    /// A call whose arguments are written there; inactive ones can be read by kept expressions inside.
    fn call_written(&self, function: &Value<'g>, written: &[&Source], at: &dyn ToTokens) -> Value<'g> {
        let values: Vec<Value<'g>> = written.iter().map(|argument| self.read(argument)).collect();
        if values.iter().any(Value::is_poison) {
            return Value::Poison;
        }
        let parameters = match function {
            Value::Closure(closure) => closure.parameters(),
            _ => &[],
        };
        let is_plain = matches!(function, Value::Closure(closure) if closure.is_plain());
        let parameters = parameters.iter().map(Some).chain(std::iter::repeat(None));
        let arguments = values.into_iter().zip(written.iter().zip(parameters));
        let arguments = arguments.map(|(value, (source, to))| self.argument(value, source, to, is_plain));
        self.call_with(function, arguments.collect(), at)
    }

    fn argument(
        &self,
        value: Value<'g>,
        source: &Source,
        to: Option<&(Pat, Option<syn::Type>)>,
        is_plain: bool,
    ) -> Argument<'g> {
        match to {
            Some((pattern, ty))
                if !self.trial && !matches!(value, Value::Closure(_)) && !self.mentions_active(source) =>
            {
                // Outside of the function its own generics and `Self` may mean nothing.
                let colon = ty.as_ref().filter(|_| is_plain).map(|ty| quote!(: #ty));
                let names = names_in(pattern);
                let binder = Binder { head: quote!(#pattern #colon), init: source.to_token_stream(), names };
                Argument { source: self.keep_let(binder, &value), value }
            }
            _ => Argument::of(value),
        }
    }

    /// Reads what a function value computes of these arguments.
    pub fn call(&self, function: &Value<'g>, arguments: Vec<Value<'g>>, at: &dyn ToTokens) -> Value<'g> {
        self.call_with(function, arguments.into_iter().map(Argument::of).collect(), at)
    }

    pub(super) fn call_with(
        &self,
        function: &Value<'g>,
        arguments: Vec<Argument<'g>>,
        at: &dyn ToTokens,
    ) -> Value<'g> {
        let closure = match function {
            Value::Closure(closure) => closure,
            Value::Poison => return Value::Poison,
            other => return self.refuse_callee(other, at),
        };
        match &closure.callee {
            Callee::Path(path) => self.call_path(path, arguments, at),
            Callee::Body(body) if body.parameters.len() == arguments.len() => {
                self.inlined(closure, body, arguments, at)
            }
            Callee::Body(body) => {
                let (takes, given) = (body.parameters.len(), arguments.len());
                let name =
                    closure.name.as_ref().map_or("this closure".to_owned(), |name| format!("`{name}`"));
                let arguments = if takes == 1 { "argument" } else { "arguments" };
                let are = if given == 1 { "is" } else { "are" };
                self.error(at, format!("{name} takes {takes} {arguments}, but {given} {are} given"))
                    .as_rustc_would();
                Value::Poison
            }
        }
    }

    /// A function passed by its path.
    fn call_path(&self, path: &syn::Path, arguments: Vec<Argument<'g>>, at: &dyn ToTokens) -> Value<'g> {
        let places = arguments.iter().map(|_| quote!(..));
        let Ok(expr) = syn::parse2::<syn::ExprCall>(quote!(#path(#(#places),*))) else {
            return Value::Poison;
        };
        let arguments: Vec<Value<'g>> = arguments.into_iter().map(|argument| argument.value).collect();
        if arguments.iter().any(Value::is_poison) {
            return Value::Poison;
        }
        if let Some(value) = self.read_foreign(path, &arguments, at) {
            return value;
        }
        let call = PathCall { reader: self, expr: &expr, path, arguments, expected: None };
        constructors::read(&call).unwrap_or_else(|| {
            self.error(at, format!("the function `{}` is not known", call.name()))
                .note("nothing is guessed about code the macro cannot see")
                .help("write its body here as a closure");
            Value::Poison
        })
    }

    fn refuse_callee(&self, value: &Value<'g>, at: &dyn ToTokens) -> Value<'g> {
        let Value::Unknown(unknown) = value else {
            self.error(at, format!("a function is needed here, but this is {}", value.describe()))
                .as_rustc_would();
            return Value::Poison;
        };
        let name = &unknown.text;
        match self.signature.parameters.iter().find(|parameter| parameter.name == name) {
            Some(parameter) => self
                .error(
                    &unknown.tokens,
                    format!(
                        "cannot differentiate through `{name}`, a function that is not known at compile time"
                    ),
                )
                .note(format!("`{name}` has type `{}`", crate::diagnostics::source(&parameter.source.ty)))
                .help(format!(
                    "write the function as a closure in the body, or one annotated function for each `{name}`"
                )),
            None => self
                .error(&unknown.tokens, format!("the function `{name}` is not known"))
                .note("nothing is guessed about code the macro cannot see")
                .help("write its body here as a closure"),
        };
        Value::Poison
    }

    fn refuse_method(&self, call: &MethodCall<'_, 'g>) -> Value<'g> {
        let (name, receiver) = (call.name(), call.receiver_text());
        let message = format!("the method `{name}` is not known");
        let elsewhere =
            ELSEWHERE.iter().find(|(other, _)| *other == name).map(|(_, ours)| (*ours).to_owned());
        let close = || closest(&name, methods::known_names()).map(ToOwned::to_owned);
        let meant = elsewhere.or_else(close).map(|meant| format!("did you mean `{meant}`?"));
        match (self.active_names_of(&call.receiver), self.active_arguments(&call.arguments)) {
            (Some(names), _) if meant.is_none() => self
                .error(call.expr, format!("{message}, and its receiver depends on {names}"))
                .note("nothing is guessed about code the macro cannot see")
                .help(format!("write what `{name}` computes with operators and known methods"))
                .as_rustc_would(),
            (Some(_), _) => self
                .error(call.method(), message)
                .note(format!("its receiver `{receiver}` is differentiated"))
                .maybe_help(meant)
                .as_rustc_would(),
            (None, Some(names)) => self
                .error(call.expr, format!("{message}, and its argument depends on {names}"))
                .note("nothing is guessed about code the macro cannot see")
                .help(match methods::is_method_of_factors(&name) {
                    false if is_self(&call.expr.receiver) => format!(
                        "put the `impl` into a `mod {{ .. }}` with `#[derive_grad]` on it; or write the body of `{name}` here"
                    ),
                    true => "give the matrix a type, `let s: Matrix3<f64> = self.s;`, and decompose it here"
                        .to_owned(),
                    false => format!("write the body of `{name}` here, or pass what it reads as parameters"),
                }),
            (None, None) => self.error(call.method(), message).maybe_help(meant),
        };
        Value::Poison
    }

    fn refuse_function(&self, call: &PathCall<'_, 'g>) -> Value<'g> {
        let name = crate::diagnostics::source(call.path);
        let message = format!("the function `{name}` is not known");
        match self.active_arguments(&call.arguments) {
            Some(_) if self.signature.name == name => self
                .error(call.expr, "functions that call themselves are not supported")
                .note("every call is written out where it stands, so there is no last one")
                .help("write a fixed number of steps"),
            Some(_) if methods::is_function_of_scalars(&name, call.arguments.len()) => self
                .error(call.expr, format!("{message}; it is a method"))
                .help(format!("write `{}`", as_method(&name, call.expr)))
                .as_rustc_would(),
            Some(names) => {
                let (note, help) = self.why_unseen(call.path);
                self.error(call.expr, format!("{message}, and its argument depends on {names}"))
                    .note(note)
                    .help(help)
            }
            None => self.error(call.expr, message),
        };
        Value::Poison
    }

    /// Why the body of a function is not seen, and what to write instead.
    fn why_unseen(&self, path: &syn::Path) -> (&'static str, String) {
        let name = crate::diagnostics::source(path);
        let of_impl = path.segments.first().is_some_and(|first| first.ident == "Self");
        let unseen = "nothing is guessed about code the macro cannot see";
        if self.surroundings.is_conditional(path) {
            let note = "a `cfg` stands on it or in it, and the attribute runs before that is decided";
            (note, format!("write `if cfg!(..) {{ .. }} else {{ .. }}` in the body of `{name}`"))
        } else if of_impl {
            let help = "put the `impl` into a `mod { .. }` with `#[derive_grad]` on it";
            (unseen, format!("{help}; or write the body of `{name}` here"))
        } else {
            (unseen, format!("write the body of `{name}` here, or as a `fn` inside this function"))
        }
    }

    fn active_arguments(&self, arguments: &[Value<'g>]) -> Option<String> {
        self.active_names_of(&Value::Tuple(arguments.to_vec()))
    }
}

/// Is it `self`, or a reference to it?
fn is_self(expr: &Source) -> bool {
    text::name_of(expr).is_some_and(|name| name == "self")
}

/// `f(x, y)` as `x.f(y)`.
fn as_method(name: &str, call: &syn::ExprCall) -> String {
    let mut arguments = call.args.iter();
    let receiver = arguments.next().map(text::as_receiver).unwrap_or_default();
    let rest: Vec<String> = arguments.map(text::of).collect();
    format!("{receiver}.{name}({})", rest.join(", "))
}

/// The names that a pattern binds.
pub(super) fn names_in(pattern: &Pat) -> Vec<syn::Ident> {
    match pattern {
        Pat::Ident(name) => vec![name.ident.clone()],
        Pat::Type(typed) => names_in(&typed.pat),
        Pat::Reference(reference) => names_in(&reference.pat),
        Pat::Paren(paren) => names_in(&paren.pat),
        Pat::Tuple(tuple) => tuple.elems.iter().flat_map(names_in).collect(),
        Pat::Slice(slice) => slice.elems.iter().flat_map(names_in).collect(),
        Pat::TupleStruct(tuple) => tuple.elems.iter().flat_map(names_in).collect(),
        Pat::Struct(fields) => fields.fields.iter().flat_map(|field| names_in(&field.pat)).collect(),
        _ => Vec::new(),
    }
}
