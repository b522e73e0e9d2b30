//! Calls of closures and functions whose body is seen: it is read where it is called, its parameters bound to the
//! arguments.
//!
//! Invariant: reading ends. A function that is being read is not read again inside itself, calls are nested and
//! counted up to a limit, and a body in which a mistake was found is not read a second time.
//!
//! Example: `fn norm1<const N: usize>(v: &SVector<f64, N>) -> f64 { v.abs().sum() }` called with a 3×1 vector is read
//! with `N` bound to 3 and `v` to the argument.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use quote::ToTokens;
use syn::{Expr as Source, Pat};

use super::closure::{Body, Closure, Names};
use super::invoke::Argument;
use super::reader::Reader;
use super::scope::{Binding, Scope};
use super::types::{self, Type};
use super::value::Value;
use crate::diagnostics::list;
use crate::ir::Dim;

/// Calls nested deeper than this are refused.
const DEPTH: usize = 32;

/// More calls than this are not inlined into one function.
const CALLS: usize = 20_000;

/// How often a function may be entered from itself by way of a closure that it is passed.
const REENTERED: usize = 3;

/// A call that is being read.
pub(super) struct Inlined {
    /// The number of the body.
    body: u32,
    /// The name of a function; closures do not call themselves.
    function: Option<String>,
}

/// What is known of functions while a body is read.
#[derive(Default)]
pub(super) struct Functions<'g> {
    /// The items of every block that has been read, the module's first.
    pub(super) frames: RefCell<Vec<Scope<'g>>>,
    /// The associated functions that have been asked for, by path.
    pub(super) associated: RefCell<BTreeMap<String, Option<Value<'g>>>>,
    /// The calls that are being read, the outermost first.
    inlining: RefCell<Vec<Inlined>>,
    /// Calls read so far.
    count: Cell<usize>,
    /// Bodies of closures and functions found so far.
    bodies: Cell<u32>,
    /// Those in which a mistake has been reported.
    failed: RefCell<Vec<u32>>,
    /// How many rules are being read, one for a call in another.
    pub(super) rules: Cell<usize>,
}

impl<'g> Reader<'g> {
    /// What a body computes of these arguments.
    pub(super) fn inlined(
        &self,
        closure: &Closure<'g>,
        body: &Body<'g>,
        arguments: Vec<Argument<'g>>,
        at: &dyn ToTokens,
    ) -> Value<'g> {
        let call = Inlined::of(closure, body);
        if self.has_failed(&call) || !self.may_enter(&call, at) {
            return Value::Poison;
        }
        let Some(sizes) = self.const_arguments(closure, body, &arguments, at) else { return Value::Poison };
        let state = &self.state;
        state.calls.set(state.calls.get() + 1);
        state.functions.count.set(state.functions.count.get() + 1);
        state.functions.inlining.borrow_mut().push(call);
        let value = self.within(self.names_of_body(body), || {
            for (name, size) in sizes {
                let size = Argument::of(Value::Integer(self.graph.index_extent(size)));
                self.add(Binding::of(name, Some(size.value), size.source));
            }
            self.read_inlined(body, arguments, at)
        });
        state.functions.inlining.borrow_mut().pop();
        state.calls.set(state.calls.get() - 1);
        value
    }

    fn read_inlined(&self, body: &Body<'g>, arguments: Vec<Argument<'g>>, at: &dyn ToTokens) -> Value<'g> {
        for ((pattern, ty), argument) in body.parameters.iter().zip(arguments) {
            self.bind_parameter(pattern, ty.as_ref(), argument, at);
        }
        let before = self.diagnostics.count();
        let output = body.output.as_ref().and_then(|ty| self.type_of(ty));
        let value = match &body.body {
            Source::Block(block) if block.label.is_none() => self.read_body(&block.block, output.as_ref()),
            expr => self.framed(output.as_ref(), || self.read_expecting(expr, output.as_ref())),
        };
        if self.reports() && self.diagnostics.count() > before {
            self.state.functions.failed.borrow_mut().push(body.number);
        }
        match output {
            Some(output) if matches!(value, Value::Unknown(_)) && !self.trial => {
                self.accept(value, &output, &body.body)
            }
            _ => value,
        }
    }

    /// A number for a body that has just been found.
    pub(super) fn fresh_body(&self) -> u32 {
        let bodies = &self.state.functions.bodies;
        bodies.set(bodies.get() + 1);
        bodies.get()
    }

    fn names_of_body(&self, body: &Body<'g>) -> Scope<'g> {
        match &body.names {
            Names::At(scope) => scope.clone(),
            Names::Items(frame) => {
                self.state.functions.frames.borrow().get(*frame).cloned().unwrap_or_default()
            }
        }
    }

    /// Has a mistake been reported in this function? Then it is not reported again.
    fn has_failed(&self, call: &Inlined) -> bool {
        self.reports() && call.function.is_some() && self.state.functions.failed.borrow().contains(&call.body)
    }

    /// Does the user see what is reported here?
    fn reports(&self) -> bool {
        ![self.scratch, self.probing].iter().any(|unseen| std::ptr::eq(self.diagnostics, *unseen))
    }

    /// May the body be read here? If it may not, that is reported.
    fn may_enter(&self, call: &Inlined, at: &dyn ToTokens) -> bool {
        if let Some(circle) = self.circle(call) {
            self.refuse_recursion(&circle, at);
        } else if self.state.calls.get() >= DEPTH {
            self.error(at, format!("more than {DEPTH} calls, each inside the one before"))
                .note("every call is written out where it stands")
                .help("write the innermost steps as one function, or as a `for` loop");
        } else if self.state.functions.count.get() >= CALLS {
            self.error(at, format!("this function makes more than {CALLS} calls"))
                .note("every call is written out where it stands")
                .help("write the calls as a `for` loop");
        } else {
            return true;
        }
        false
    }

    /// The functions through which a function comes to call itself, itself first.
    fn circle(&self, call: &Inlined) -> Option<Vec<String>> {
        let inlining = self.state.functions.inlining.borrow();
        let name = call.function.clone()?;
        let from = match inlining.iter().rposition(|open| open.body == call.body) {
            Some(last) => last,
            None if self.is_root(call) => 0,
            None => return None,
        };
        let between = inlining.get(from..).unwrap_or_default();
        let through_closure = between.iter().any(|open| open.function.is_none());
        let entered = inlining.iter().filter(|open| open.body == call.body).count();
        let circle = between.iter().filter_map(|open| open.function.clone());
        let others: Vec<String> = circle.filter(|other| *other != name).collect();
        (!through_closure || entered >= REENTERED).then(|| [vec![name], others].concat())
    }

    /// Is it the annotated function, which is seen in its module as any other?
    fn is_root(&self, call: &Inlined) -> bool {
        let Some(path) = self.surroundings.root() else { return false };
        let own = match path.get_ident() {
            Some(name) => {
                let frames = self.state.functions.frames.borrow();
                frames.first().and_then(|items| items.find(&name.to_string())?.value.clone())
            }
            None => self.associated(path),
        };
        matches!(own, Some(Value::Closure(own)) if own.number() == Some(call.body))
    }

    fn refuse_recursion(&self, circle: &[String], at: &dyn ToTokens) {
        let report = self
            .error(at, "functions that call themselves are not supported")
            .note("every call is written out where it stands, so there is no last one")
            .help("write a fixed number of steps");
        if let [first, others @ ..] = circle
            && !others.is_empty()
        {
            report.note(format!("`{first}` is called again inside of {}", list(others)));
        }
    }

    /// The sizes that const parameters of the body are, which follow from the arguments.
    fn const_arguments(
        &self,
        closure: &Closure<'g>,
        body: &Body<'g>,
        arguments: &[Argument<'g>],
        at: &dyn ToTokens,
    ) -> Option<Vec<(syn::Ident, Dim)>> {
        let scope = types::Scope::new(&self.request.types, &body.generics);
        let mut sizes = Vec::new();
        for ((_, ty), argument) in body.parameters.iter().zip(arguments) {
            let Some(ty) = ty else { continue };
            pair(&scope.read(ty), &argument.value, &mut sizes);
        }
        let parameters = body.generics.const_params().map(|parameter| parameter.ident.clone());
        parameters
            .map(|parameter| {
                let size = sizes.iter().find(|(name, _)| parameter == name).map(|(_, size)| *size);
                if size.is_none() {
                    self.refuse_size(closure, &parameter, at);
                }
                Some((parameter, size?))
            })
            .collect()
    }

    fn refuse_size(&self, closure: &Closure<'g>, parameter: &syn::Ident, at: &dyn ToTokens) {
        let name = closure.name.as_ref().map(ToString::to_string).unwrap_or_default();
        self.error(at, format!("the size `{parameter}` of `{name}` does not follow from its arguments here"))
            .note("it is read from the shapes of vectors and matrices that are passed")
            .help(format!("write `{name}` for one size, or pass a vector of `{parameter}` entries"));
    }

    fn bind_parameter(
        &self,
        pattern: &Pat,
        ty: Option<&syn::Type>,
        argument: Argument<'g>,
        at: &dyn ToTokens,
    ) {
        let declared = ty.and_then(|ty| self.type_of(ty));
        let value = match declared {
            Some(ty) if !self.trial || !matches!(argument.value, Value::Unknown(_)) => {
                self.accept(argument.value, &ty, at)
            }
            _ => argument.value,
        };
        self.bind(pattern, value, &argument.source, None);
    }
}

impl Inlined {
    fn of(closure: &Closure<'_>, body: &Body<'_>) -> Inlined {
        let is_function = matches!(body.names, Names::Items(_));
        let function = closure.name.as_ref().filter(|_| is_function).map(ToString::to_string);
        Inlined { body: body.number, function }
    }
}

/// Which sizes the const parameters in a type are, if a value has this type.
fn pair(ty: &Type, value: &Value<'_>, sizes: &mut Vec<(&'static str, Dim)>) {
    let mut note = |parameter: Dim, size: Dim| {
        if let Dim::Parameter(name) = parameter {
            sizes.push((name, size));
        }
    };
    match (ty, value) {
        (Type::Matrix { shape, .. }, Value::Matrix(x)) => {
            note(shape.rows, x.shape().rows);
            note(shape.columns, x.shape().columns);
        }
        (Type::Array(entry, length), Value::Array(entries)) => {
            note(*length, Dim::Known(entries.len()));
            entries.iter().for_each(|value| pair(entry, value, sizes));
        }
        (Type::Tuple(types), Value::Tuple(entries)) => {
            types.iter().zip(entries).for_each(|(ty, value)| pair(ty, value, sizes));
        }
        _ => {}
    }
}
