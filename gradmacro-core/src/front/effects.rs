//! Statements that are not `let`: items, assignments, loops, macros.
//!
//! An inactive statement is kept, and the variables that it may change are read anew after it. An active one would
//! change a differentiated value; such statements are refused, each kind once, and what they may change is poisoned.
//!
//! Example: `let mut s = 0.0; for t in table { s += t; } s * x` keeps the loop, and `s` after it is a kept float.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::spanned::Spanned;
use syn::{Expr as Source, Item, Stmt};

use super::active::mentions;
use super::closure::{Body, Callee, Closure};
use super::kept::{KeptType, Source as Reading};
use super::reader::Reader;
use super::scope::Binding;
use super::text;
use super::value::Value;
use crate::ir::node::NAMED;

impl<'g> Reader<'g> {
    /// An expression for its effect.
    pub(super) fn read_effect(&self, expr: &Source) {
        let touched = self.touched(expr);
        if touched.iter().any(|binding| matches!(binding.value, Some(Value::Poison))) {
            return self.poison_all(&touched);
        }
        if self.trial {
            self.error(expr, "a statement is not understood in a trial");
        } else if self.mentions_active(expr) || touched.iter().any(|binding| self.is_active_binding(binding))
        {
            self.refuse_effect(expr);
            self.poison_all(&touched);
        } else if !self.refuse_exit(expr) {
            self.keep_effect(expr, &touched);
        }
    }

    /// Reports code that would be kept but may leave the function.
    pub(super) fn refuse_exit(&self, expr: &Source) -> bool {
        let Some(exit) = exit_in(expr.to_token_stream()) else { return false };
        let scope = self.scope();
        let names = mentions(expr);
        let mut bindings = names.iter().filter_map(|name| scope.find(name));
        if bindings.any(|binding| matches!(binding.value, Some(Value::Poison))) {
            // What is wrong with it has been said.
            return true;
        }
        let construct = exit.to_string();
        let help = match construct.as_str() {
            "?" => "understood is `?` after a factorisation: `a.cholesky()?`",
            _ => "write `return` at the end only",
        };
        self.error(expr, format!("an early exit (`{construct}`) is not yet available"))
            .note("a generated function returns something else than this one")
            .help(help);
        true
    }

    /// The mutable variables that a statement mentions.
    fn touched(&self, expr: &Source) -> Vec<Binding<'g>> {
        let scope = self.scope();
        let found = mentions(expr).into_iter().filter_map(|name| scope.find(&name).cloned());
        found.filter(|binding| binding.mutable || matches!(binding.value, Some(Value::Poison))).collect()
    }

    fn is_active_binding(&self, binding: &Binding<'g>) -> bool {
        binding.value.as_ref().is_some_and(|value| self.is_active_value(value))
    }

    fn poison_all(&self, bindings: &[Binding<'g>]) {
        for binding in bindings {
            self.add(Binding { value: Some(Value::Poison), ..binding.clone() });
        }
    }

    fn keep_effect(&self, expr: &Source, touched: &[Binding<'g>]) {
        if touched.is_empty() {
            return;
        }
        let kept_in_prelude = |binding: &Binding<'g>| matches!(binding.source, Reading::Prelude(_));
        if !touched.iter().all(kept_in_prelude) {
            self.error(expr, "a statement that changes a variable is not yet available here")
                .help("compute the value in one expression");
            return self.poison_all(touched);
        }
        let names = touched.iter().map(|binding| binding.name.clone()).collect();
        let source = self.keep_item(quote!(#expr;), names);
        for binding in touched {
            self.read_anew(binding, &source);
        }
    }

    /// A variable after a kept statement.
    fn read_anew(&self, binding: &Binding<'g>, source: &Reading<'g>) {
        let name = &binding.name;
        self.add(Binding { source: source.clone(), ..binding.clone() });
        let Ok(path) = syn::parse2::<Source>(name.to_token_stream()) else { return };
        let value = match (self.keep(&path, None), binding.value.as_ref().and_then(KeptType::of_value)) {
            (Value::Unknown(unknown), Some(ty)) => {
                self.unify(&unknown, ty).map_or(Value::Poison, |x| ty.value(x))
            }
            (value, _) => value,
        };
        self.add(Binding { value: Some(value), source: source.clone(), ..binding.clone() });
    }

    fn refuse_effect(&self, expr: &Source) {
        match expr {
            Source::Assign(assign) => self.refuse_assignment(expr, &assign.left),
            Source::Binary(binary) if is_assignment(&binary.op) => self.refuse_assignment(expr, &binary.left),
            Source::Return(_) => {
                self.error(expr, "an early `return` is not yet available")
                    .help("write `return` at the end only");
            }
            Source::MethodCall(call) if call.method.to_string().ends_with("_mut") || is_writer(call) => {
                self.error(
                    expr,
                    format!("`{}` changes a differentiated value; this is not yet available", call.method),
                )
                .help("compute the changed value in one expression");
            }
            _ => {
                self.read(expr);
            }
        }
    }

    fn refuse_assignment(&self, expr: &Source, target: &Source) {
        let name = root_of(target).map(ToString::to_string).unwrap_or_default();
        let level = self.scope().find(&name).map_or(0, |binding| binding.level);
        if level < self.state.calls.get() {
            self.error(expr, "a closure that changes a variable is not supported")
                .note(format!("`{name}` is changed from inside the closure, so the order of calls matters"))
                .help(format!("write a `for` loop that carries `{name}`"));
            return;
        }
        self.error(expr, format!("an assignment to `{name}` is not yet available"))
            .note("variables that change carry differentiated values from step to step")
            .help("bind the new value with another `let`");
    }

    /// Items of a block are visible in all of it.
    pub(super) fn read_items(&self, statements: &[Stmt]) {
        for statement in statements {
            if let Stmt::Item(item) = statement {
                self.read_item(item);
            }
        }
    }

    fn read_item(&self, item: &Item) {
        match item {
            Item::Const(constant) => {
                let declared = self.type_of(&constant.ty);
                let value = self.read_expecting(&constant.expr, declared.as_ref());
                let value = match &declared {
                    Some(ty) if !value.is_poison() && !self.trial => self.accept(value, ty, &constant.expr),
                    _ => value,
                };
                self.add_item(item, &constant.ident, Some(value));
            }
            Item::Fn(function) => self.add_item(item, &function.sig.ident, self.function(function)),
            Item::Use(imports) => self.read_use(item, &imports.tree),
            _ => {
                self.keep_named_item(item, item_name(item).cloned().into_iter().collect());
            }
        }
    }

    fn keep_named_item(&self, item: &Item, names: Vec<syn::Ident>) -> Reading<'g> {
        let allow = matches!(item, Item::Use(_)).then(|| quote!(#[allow(unused_imports)]));
        if self.trial { Reading::Missing } else { self.keep_item(quote!(#allow #item), names) }
    }

    fn add_item(&self, item: &Item, name: &syn::Ident, value: Option<Value<'g>>) {
        let source = self.keep_named_item(item, vec![name.clone()]);
        self.add(Binding { item: true, ..Binding::of(name.clone(), value, source) });
    }

    /// A nested function: a closure that sees no variables.
    fn function(&self, function: &syn::ItemFn) -> Option<Value<'g>> {
        let parameters = function.sig.inputs.iter().map(|input| match input {
            syn::FnArg::Typed(typed) => Some(((*typed.pat).clone(), Some((*typed.ty).clone()))),
            syn::FnArg::Receiver(_) => None,
        });
        let output = match &function.sig.output {
            syn::ReturnType::Default => None,
            syn::ReturnType::Type(_, ty) => Some((**ty).clone()),
        };
        let block = &function.block;
        let callee = Callee::Body(Box::new(Body {
            parameters: parameters.collect::<Option<Vec<_>>>()?,
            output,
            body: syn::parse2(quote!(#block)).ok()?,
            scope: self.items_scope(),
        }));
        let name = Some(function.sig.ident.clone());
        Some(Value::Closure(std::rc::Rc::new(Closure { callee, name })))
    }

    /// The items that are visible, without variables.
    fn items_scope(&self) -> super::scope::Scope<'g> {
        let scope = self.scope();
        let items: Vec<_> = scope.iter().filter(|binding| binding.item).cloned().collect();
        items.into_iter().rev().fold(super::scope::Scope::default(), |items, item| items.with(item))
    }

    /// Imported constants of core are read; other names are looked up where they are used. The statement is kept once.
    fn read_use(&self, item: &Item, tree: &syn::UseTree) {
        let mut imports = Vec::new();
        self.imports(tree, &[], &mut imports);
        let names = imports.iter().map(|(name, _)| name.clone()).collect();
        let source = self.keep_named_item(item, names);
        for (name, constant) in imports.into_iter().filter(|(_, constant)| constant.is_some()) {
            self.add(Binding { item: true, ..Binding::of(name, constant, source.clone()) });
        }
    }

    /// The names that a tree brings into scope, as far as they can be seen, and what is known of them.
    fn imports(
        &self,
        tree: &syn::UseTree,
        path: &[String],
        found: &mut Vec<(syn::Ident, Option<Value<'g>>)>,
    ) {
        let of_core = path.last().is_some_and(|last| last == "consts");
        let constant = |name: &str| self.named_constant(name).filter(|_| of_core);
        match tree {
            syn::UseTree::Path(step) => {
                let path: Vec<String> = path.iter().cloned().chain([step.ident.to_string()]).collect();
                self.imports(&step.tree, &path, found);
            }
            syn::UseTree::Group(group) => {
                group.items.iter().for_each(|tree| self.imports(tree, path, found));
            }
            syn::UseTree::Name(name) => found.push((name.ident.clone(), constant(&name.ident.to_string()))),
            syn::UseTree::Rename(name) => {
                found.push((name.rename.clone(), constant(&name.ident.to_string())));
            }
            // What the body itself defines hides what a glob imports.
            syn::UseTree::Glob(star) if of_core => {
                let names =
                    NAMED.iter().map(|(name, _)| *name).filter(|name| self.scope().find(name).is_none());
                found.extend(names.map(|name| (syn::Ident::new(name, star.span()), constant(name))));
            }
            syn::UseTree::Glob(_) => {}
        }
    }
}

impl KeptType {
    /// What a value that is understood would be kept as.
    pub(super) fn of_value(value: &Value<'_>) -> Option<KeptType> {
        match value {
            Value::Scalar(_) => Some(KeptType::Scalar),
            Value::Matrix(x) => Some(KeptType::Matrix(x.shape())),
            Value::Integer(_) => Some(KeptType::Integer),
            _ => None,
        }
    }
}

/// The first token that may leave the function: `return` or `?`.
fn exit_in(tokens: TokenStream) -> Option<TokenTree> {
    tokens.into_iter().find_map(|token| match &token {
        TokenTree::Group(group) => exit_in(group.stream()),
        TokenTree::Ident(name) if name == "return" => Some(token),
        TokenTree::Punct(mark) if mark.as_char() == '?' => Some(token),
        _ => None,
    })
}

/// The variable that an assignment changes: the `x` of `x[i].0`.
pub(super) fn root_of(target: &Source) -> Option<&syn::Ident> {
    match text::peel(target) {
        Source::Index(index) => root_of(&index.expr),
        Source::Field(field) => root_of(&field.base),
        Source::MethodCall(call) => root_of(&call.receiver),
        other => text::name_of(other),
    }
}

/// Methods that write to their receiver.
const WRITERS: [&str; 14] = [
    "copy_from",
    "fill",
    "set_row",
    "set_column",
    "set_diagonal",
    "gemv",
    "gemm",
    "ger",
    "axpy",
    "push",
    "swap",
    "normalize_mut",
    "for_each",
    "apply",
];

pub(super) fn is_assignment(op: &syn::BinOp) -> bool {
    let op = op.to_token_stream().to_string();
    op.ends_with('=') && !matches!(op.as_str(), "==" | "!=" | "<=" | ">=")
}

pub(super) fn is_writer(call: &syn::ExprMethodCall) -> bool {
    WRITERS.iter().any(|writer| call.method == writer)
}

fn item_name(item: &Item) -> Option<&syn::Ident> {
    match item {
        Item::Struct(item) => Some(&item.ident),
        Item::Enum(item) => Some(&item.ident),
        Item::Static(item) => Some(&item.ident),
        Item::Type(item) => Some(&item.ident),
        Item::Trait(item) => Some(&item.ident),
        _ => None,
    }
}
