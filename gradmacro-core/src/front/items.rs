//! Items: the constants, functions and imports of a body, and those of the module around it.
//!
//! An item is visible in all of its block, so functions may call each other in any order: what a function sees is
//! looked up in a *frame*, which is complete when all items of the block have been read.
//!
//! Example: of `fn twice(v: f64) -> f64 { 2.0 * once(v) } fn once(v: f64) -> f64 { v + SHIFT }` both see both, and
//! `SHIFT` too, but no variable.

use std::rc::Rc;

use quote::quote;
use syn::spanned::Spanned;
use syn::{Item, Stmt};

use super::closure::{Body, Callee, Closure, Names};
use super::kept::Source as Reading;
use super::reader::Reader;
use super::scope::{Binding, Scope};
use super::value::Value;
use crate::ir::node::NAMED;

/// The frame of the module around the function.
const OUTER: usize = 0;

impl<'g> Reader<'g> {
    /// Items of a block are visible in all of it.
    pub(super) fn read_items(&self, statements: &[Stmt]) {
        let items = statements.iter().filter_map(|statement| match statement {
            Stmt::Item(item) => Some(item),
            _ => None,
        });
        self.in_frame(|frame| items.for_each(|item| self.read_item(item, frame)));
    }

    /// Items of the module around the function: what is not understood is read by its name.
    pub(super) fn read_surroundings(&self) {
        self.in_frame(|frame| {
            for item in self.surroundings.items() {
                self.read_outer_item(item, frame);
            }
        });
    }

    /// Runs `read`, which adds items, as the reading of one frame.
    fn in_frame(&self, read: impl FnOnce(usize)) {
        let frames = &self.state.functions.frames;
        let frame = frames.borrow().len();
        frames.borrow_mut().push(Scope::default());
        read(frame);
        let items = self.items_scope();
        if let Some(own) = frames.borrow_mut().get_mut(frame) {
            *own = items;
        }
    }

    fn read_outer_item(&self, item: &Item, frame: usize) {
        let given = |name: &syn::Ident, value| {
            self.add(Binding { item: true, ..Binding::of(name.clone(), value, Reading::Given) });
        };
        match item {
            Item::Const(constant) => given(&constant.ident, self.outer_constant(constant)),
            Item::Fn(function) => {
                given(&function.sig.ident, self.function_of(&function.sig, &function.block, frame));
            }
            Item::Use(imports) => {
                let mut found = Vec::new();
                self.imports(&imports.tree, &[], &mut found);
                let constants = found.into_iter().filter(|(_, constant)| constant.is_some());
                constants.for_each(|(name, constant)| given(&name, constant));
            }
            _ => item_name(item).into_iter().for_each(|name| given(name, None)),
        }
    }

    /// A constant of the module, if it is understood: otherwise kept code reads it by its name.
    fn outer_constant(&self, constant: &syn::ItemConst) -> Option<Value<'g>> {
        let declared = self.type_of(&constant.ty)?;
        self.attempt(|reader| {
            let value = reader.as_trial().read_expecting(&constant.expr, Some(&declared));
            let understood = !matches!(value, Value::Poison | Value::Unknown(_));
            understood.then(|| reader.accept(value, &declared, &constant.expr))
        })
    }

    /// The functions of the `impl` around the function, and of others in the module, by their path.
    pub(super) fn associated(&self, path: &syn::Path) -> Option<Value<'g>> {
        let key = crate::diagnostics::source(path);
        if let Some(known) = self.state.functions.associated.borrow().get(&key) {
            return known.clone();
        }
        let function = self.surroundings.associated(path);
        let value = function.and_then(|(signature, block)| self.function_of(signature, block, OUTER));
        self.state.functions.associated.borrow_mut().insert(key, value.clone());
        value
    }

    fn read_item(&self, item: &Item, frame: usize) {
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
            Item::Fn(function) => {
                let value = self.function_of(&function.sig, &function.block, frame);
                self.add_item(item, &function.sig.ident, value);
            }
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

    /// A function as a value: what a call of it computes.
    fn function_of(&self, signature: &syn::Signature, block: &syn::Block, frame: usize) -> Option<Value<'g>> {
        let parameters = signature.inputs.iter().filter_map(|input| match input {
            syn::FnArg::Typed(typed) => Some(((*typed.pat).clone(), Some((*typed.ty).clone()))),
            syn::FnArg::Receiver(_) => None,
        });
        let output = match &signature.output {
            syn::ReturnType::Default => None,
            syn::ReturnType::Type(_, ty) => Some((**ty).clone()),
        };
        let callee = Callee::Body(Box::new(Body {
            parameters: parameters.collect(),
            output,
            body: syn::parse2(quote!(#block)).ok()?,
            names: Names::Items(frame),
            generics: signature.generics.clone(),
            receiver: signature.receiver().is_some(),
            number: self.fresh_body(),
        }));
        Some(Value::Closure(Rc::new(Closure { callee, name: Some(signature.ident.clone()) })))
    }

    /// The items that are visible, without variables.
    fn items_scope(&self) -> Scope<'g> {
        let scope = self.scope();
        let items: Vec<_> = scope.iter().filter(|binding| binding.item).cloned().collect();
        items.into_iter().rev().fold(Scope::default(), |items, item| items.with(item))
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
