//! Blocks and statements.
//!
//! Invariant: after a block the scope is what it was before. Every `let` of an inactive value is also kept as it
//! stands, because kept expressions may read it; whether the prelude needs it is decided when it is emitted.
//!
//! Example: `let n = 3.0; let r = a * x; r.norm() / n` binds `n` to 3 (and keeps its `let`), `r` to a product.

use std::rc::Rc;

use quote::{ToTokens, quote};
use syn::{Expr as Source, Pat, Stmt};

use super::effects::{is_assignment, is_writer};
use super::exits::is_panic;
use super::invoke::names_in;
use super::kept::{Binder, Source as Reading};
use super::reader::Reader;
use super::scope::Binding;
use super::text;
use super::types::Type;
use super::value::{Unknown, Value};
use crate::diagnostics::source;

impl<'g> Reader<'g> {
    /// The value of a block.
    pub(super) fn read_block(&self, block: &syn::Block, expected: Option<&Type>) -> Value<'g> {
        self.within_block(|| self.read_statements(&block.stmts, expected))
    }

    /// The value of a block that is the body of a function, which may end in `return e`.
    pub(super) fn read_body(&self, block: &syn::Block, expected: Option<&Type>) -> Value<'g> {
        self.framed(expected, || {
            self.within(self.scope(), || {
                self.read_items(&block.stmts);
                self.read_list(&block.stmts, expected, true)
            })
        })
    }

    fn read_statements(&self, statements: &[Stmt], expected: Option<&Type>) -> Value<'g> {
        self.read_items(statements);
        self.read_list(statements, expected, false)
    }

    /// The statement that a block ends with.
    pub(super) fn read_last(&self, statement: &Stmt, expected: Option<&Type>) -> Value<'g> {
        match statement {
            Stmt::Expr(expr, None) if !self.is_for_effect(expr) => self.read_expecting(expr, expected),
            Stmt::Macro(call) if call.semi_token.is_none() && !is_panic(&call.mac) => {
                let expr = Source::Macro(syn::ExprMacro { attrs: Vec::new(), mac: call.mac.clone() });
                self.read_expecting(&expr, expected)
            }
            statement => {
                let before = self.errors();
                self.read_statement(statement);
                if self.errors() > before { Value::Poison } else { Value::Tuple(Vec::new()) }
            }
        }
    }

    pub(super) fn read_statement(&self, statement: &Stmt) {
        match statement {
            Stmt::Local(local) => self.read_let(local),
            Stmt::Item(_) => {}
            Stmt::Expr(expr, _) => self.read_effect(expr),
            Stmt::Macro(call) => self.read_macro_statement(&call.mac),
        }
    }

    fn read_let(&self, local: &syn::Local) {
        let (pattern, ty) = match &local.pat {
            Pat::Type(typed) => (&*typed.pat, Some(&*typed.ty)),
            pattern => (pattern, None),
        };
        match &local.init {
            Some(init) => match &init.diverge {
                None => self.read_binding_let(pattern, ty, &init.expr),
                Some((_, other)) => self.read_let_else(local, &init.expr, other),
            },
            None => self.declare(pattern, ty),
        }
    }

    /// `let x;`, which is assigned later.
    fn declare(&self, pattern: &Pat, ty: Option<&syn::Type>) {
        let Pat::Ident(name) = pattern else { return self.poison(pattern) };
        let variable = self.fresh_variable();
        if let Some(declared) = ty.and_then(|ty| self.type_of(ty)) {
            self.state.declared.borrow_mut().insert(variable, declared);
        }
        let binding = Binding::of(name.ident.clone(), None, Reading::Missing);
        let level = self.state.calls.get();
        self.add(Binding { variable: Some(variable), mutable: true, level, ..binding });
    }

    fn read_binding_let(&self, pattern: &Pat, ty: Option<&syn::Type>, init: &Source) {
        if !self.trial && ty.is_some_and(|ty| self.refuse_vector_type(ty, init)) {
            return self.poison(pattern);
        }
        let declared = ty.and_then(|ty| self.type_of(ty));
        let value = self.read_expecting(init, declared.as_ref());
        let value = match &declared {
            Some(declared) => self.check_let(value, declared, pattern, ty, init),
            None => self.named(value, pattern),
        };
        if let (Some(syn::Type::Reference(_)), Value::Scalar(x) | Value::Matrix(x)) = (ty, &value)
            && let Some(serial) = self.kept_serial(*x)
        {
            self.state.keeper.borrow_mut().dereference(serial, &init.to_token_stream());
        }
        let source = match self.trial || self.is_active_value(&value) || value.is_poison() {
            true => Reading::Missing,
            false => self.keep_let(binder(pattern, ty, init), &value),
        };
        self.name_node(pattern, &value);
        let origin = format!("let {} = {}", source_of(pattern), text::shortened(init));
        self.bind(pattern, value, &source, Some(origin.into()));
    }

    /// A kept expression remembers the variable that holds it.
    fn named(&self, value: Value<'g>, pattern: &Pat) -> Value<'g> {
        match (&value, pattern) {
            (Value::Unknown(unknown), Pat::Ident(name)) if unknown.binding.is_none() => {
                Value::Unknown(Rc::new(Unknown {
                    serial: unknown.serial,
                    tokens: unknown.tokens.clone(),
                    text: unknown.text.clone(),
                    binding: Some(name.ident.clone()),
                    ty: unknown.ty,
                }))
            }
            _ => value,
        }
    }

    fn check_let(
        &self,
        value: Value<'g>,
        declared: &Type,
        pattern: &Pat,
        ty: Option<&syn::Type>,
        init: &Source,
    ) -> Value<'g> {
        let (Type::Matrix { shape: wanted, scalar }, Value::Matrix(found)) = (declared, &value) else {
            return self.accept(value, declared, init);
        };
        if found.shape().agree(*wanted).is_some() {
            return value;
        }
        let (name, found) = (source_of(pattern), found.shape());
        let written = ty.map(|ty| source(ty)).unwrap_or_default();
        let described = super::types::describe(found, *scalar);
        self.error(
            text::peel(init),
            format!("`{name}` is declared {wanted}, but this expression is {found}"),
        )
        .note(format!("the declared type is `{written}`"))
        .help(format!("write `let {name}: {described}`, or leave the type out"))
        .as_rustc_would();
        Value::Poison
    }

    /// A value where a type is written: unknown ones get it, others must have it.
    pub(super) fn accept(&self, value: Value<'g>, ty: &Type, at: &dyn ToTokens) -> Value<'g> {
        let accepted = match (ty, value) {
            (_, Value::Poison) => None,
            (ty, value @ Value::Unknown(_)) if ty.scalar().is_some_and(|s| s != self.signature.scalar) => {
                Some(value)
            }
            (Type::Scalar(_), value) => self.scalar_of(&value, at).map(Value::Scalar),
            (Type::Matrix { shape, .. }, Value::Unordered(x)) if x.values.shape().agree(*shape).is_some() => {
                Some(Value::Unordered(x))
            }
            (Type::Matrix { shape, .. }, value) => self.accept_matrix(&value, *shape, at).map(Value::Matrix),
            (Type::Integer(_), value) => self.integer_of(&value, at).map(Value::Integer),
            (Type::Bool, value) => self.truth_of(&value, at).map(Value::Truth),
            (Type::Geometry { kind, .. }, value) => self.as_geometry(value, *kind, at),
            (Type::Tuple(types), Value::Tuple(entries)) if types.len() == entries.len() => {
                let pairs = entries.into_iter().zip(types);
                Some(Value::Tuple(pairs.map(|(entry, ty)| self.accept(entry, ty, at)).collect()))
            }
            (Type::Array(ty, _), Value::Array(entries)) => {
                Some(Value::Array(entries.into_iter().map(|entry| self.accept(entry, ty, at)).collect()))
            }
            (_, value) => Some(value),
        };
        accepted.unwrap_or(Value::Poison)
    }

    fn accept_matrix(
        &self,
        value: &Value<'g>,
        wanted: crate::ir::Shape,
        at: &dyn ToTokens,
    ) -> Option<crate::ir::Expr<'g>> {
        let x = self.matrix_of(value, at, Some(wanted))?;
        if x.shape().agree(wanted).is_none() {
            let found = x.shape();
            self.error(at, format!("a {wanted} matrix is needed here, but this expression is {found}"))
                .as_rustc_would();
            return None;
        }
        Some(x)
    }

    /// Binds the names of a pattern.
    pub(super) fn bind(
        &self,
        pattern: &Pat,
        value: Value<'g>,
        source: &Reading<'g>,
        origin: Option<Rc<str>>,
    ) {
        match (pattern, value) {
            (Pat::Wild(_), _) => {}
            (Pat::Ident(name), value) if name.subpat.is_none() => self.bind_name(name, value, source, origin),
            (Pat::Paren(inner), value) => self.bind(&inner.pat, value, source, origin),
            (Pat::Type(inner), value) => self.bind(&inner.pat, value, source, origin),
            (Pat::Reference(inner), Value::Unknown(unknown)) if !matches!(*inner.pat, Pat::Ident(_)) => {
                self.bind_opaque(pattern, &unknown, source)
            }
            (Pat::Reference(inner), value) => self.bind(&inner.pat, value, source, origin),
            (Pat::Tuple(inner), Value::Tuple(entries)) if inner.elems.len() == entries.len() => {
                self.bind_each(inner.elems.iter(), entries, source)
            }
            (Pat::Slice(inner), Value::Array(entries)) if inner.elems.len() == entries.len() => {
                self.bind_each(inner.elems.iter(), entries, source)
            }
            (pattern, Value::Unknown(unknown)) => self.bind_opaque(pattern, &unknown, source),
            (pattern, Value::Poison) => self.poison(pattern),
            (pattern, value) => {
                self.error(pattern, format!("this pattern does not fit: the value is {}", value.describe()));
                self.poison(pattern);
            }
        }
    }

    fn bind_each<'a>(
        &self,
        patterns: impl Iterator<Item = &'a Pat>,
        values: Vec<Value<'g>>,
        source: &Reading<'g>,
    ) {
        for (pattern, value) in patterns.zip(values) {
            let source = match (source, &value) {
                (Reading::Missing, Value::Integer(x)) => Reading::Index(*x),
                (source, _) => source.clone(),
            };
            self.bind(pattern, value, &source, None);
        }
    }

    fn bind_name(
        &self,
        name: &syn::PatIdent,
        value: Value<'g>,
        source: &Reading<'g>,
        origin: Option<Rc<str>>,
    ) {
        let element = match (source, &value) {
            (Reading::Missing, Value::Unknown(unknown)) => self.keep_element(unknown, name),
            _ => None,
        };
        let source = element.as_ref().unwrap_or(source);
        self.add(Binding {
            name: name.ident.clone(),
            value: Some(self.as_declared(value)),
            source: source.clone(),
            lift: self.state.lift.get(),
            level: self.state.calls.get(),
            mutable: name.mutability.is_some(),
            variable: name.mutability.map(|_| self.fresh_variable()),
            item: false,
            origin,
        });
    }

    /// A kept value whose type the signature says.
    fn as_declared(&self, value: Value<'g>) -> Value<'g> {
        match &value {
            Value::Unknown(unknown) if !self.trial => match unknown.ty {
                Some(ty) => self.unify(unknown, ty).map_or(Value::Poison, |x| ty.value(x)),
                None => value,
            },
            _ => value,
        }
    }

    /// The first `let` of a node names it.
    fn name_node(&self, pattern: &Pat, value: &Value<'g>) {
        match (pattern, value) {
            (Pat::Ident(name), Value::Scalar(x) | Value::Matrix(x))
                if !x.operands().is_empty() && x.measure().leaves > 0 =>
            {
                self.state.names.borrow_mut().entry(x.id).or_insert_with(|| name.ident.clone());
            }
            (Pat::Tuple(tuple), Value::Tuple(entries)) => {
                for (pattern, entry) in tuple.elems.iter().zip(entries) {
                    self.name_node(pattern, entry);
                }
            }
            _ => {}
        }
    }

    /// Parts of a kept value: only kept expressions read them.
    fn bind_opaque(&self, pattern: &Pat, unknown: &Unknown, source: &Reading<'g>) {
        let element = match source {
            Reading::Missing => self.keep_element(unknown, pattern),
            _ => None,
        };
        let source = element.as_ref().unwrap_or(source);
        for name in names_in(pattern) {
            self.add(Binding::of(name, None, source.clone()));
        }
    }

    /// Names of which an error has been reported.
    pub(super) fn poison(&self, pattern: &Pat) {
        for name in names_in(pattern) {
            self.add(Binding::of(name, Some(Value::Poison), Reading::Missing));
        }
    }

    /// Is it an expression without a value?
    pub(super) fn is_for_effect(&self, expr: &Source) -> bool {
        match expr {
            Source::Assign(_) | Source::ForLoop(_) | Source::While(_) | Source::Loop(_) => true,
            Source::Binary(binary) => is_assignment(&binary.op),
            Source::If(choice) => choice
                .else_branch
                .as_ref()
                .is_none_or(|(_, other)| matches!(**other, Source::If(_)) && self.is_for_effect(other)),
            // A vector's `push` is a longer vector.
            Source::MethodCall(call) if call.method == "push" => self.is_list(&call.receiver),
            Source::MethodCall(call) => is_writer(call),
            _ => false,
        }
    }

    /// Is it a variable that is no vector?
    fn is_list(&self, receiver: &Source) -> bool {
        let scope = self.scope();
        let binding = text::name_of(text::peel(receiver)).and_then(|name| scope.find(&name.to_string()));
        binding.is_some_and(|b| b.variable.is_some() && !matches!(b.value, Some(Value::Matrix(_))))
    }

    pub(super) fn add(&self, binding: Binding<'g>) {
        let wider = self.scope().with(binding);
        self.state.scope.replace(wider);
    }
}

fn binder(pattern: &Pat, ty: Option<&syn::Type>, init: &Source) -> Binder {
    let colon = ty.map(|ty| quote!(: #ty));
    Binder { head: quote!(#pattern #colon), init: init.to_token_stream(), names: names_in(pattern) }
}

fn source_of(pattern: &Pat) -> String {
    source(pattern)
}
