//! What the attribute sees around the function: nothing, unless it stands on the module.
//!
//! `#[derive_grad] mod model { .. }` shows the items of the module to every function in it that carries the attribute
//! itself, and to methods the functions of their `impl`. What stands under a `cfg` is not looked at: the attribute
//! runs before it is decided.
//!
//! Example: in `mod model { type State = Vector3<f64>; const N: usize = 3; fn sq(v: f64) -> f64 { v * v } .. }` the
//! alias and the constant are known in signatures too, and `sq` is read where it is called.

use proc_macro2::TokenTree;
use quote::{ToTokens, quote};
use syn::{Item, Signature};

use super::item::holds_cfg;
use super::types::{Alias, Aliases, Constants, Scope, Type};

/// What stands around a function.
#[derive(Clone, Default)]
pub struct Surroundings {
    items: Vec<Item>,
    /// Where the function is found there: `loss`, or `Self::loss`.
    root: Option<syn::Path>,
    /// The names of functions that stand under a `cfg`, or hold one.
    conditional: Vec<syn::Ident>,
    /// The functions of its `impl`; none of a trait, which an `impl` may replace.
    siblings: Vec<Item>,
}

impl Surroundings {
    /// The items of a module.
    pub fn of_module(items: &[Item]) -> Self {
        let (conditional, plain): (Vec<&Item>, _) = items.iter().partition(|item| is_conditional(item));
        let functions = conditional.into_iter().filter_map(|item| match item {
            Item::Fn(function) => Some(function.sig.ident.clone()),
            _ => None,
        });
        let conditional = functions.collect();
        Surroundings { items: plain.into_iter().cloned().collect(), conditional, ..Surroundings::default() }
    }

    /// The same for a function of that name which stands among the items.
    pub fn of_function(&self, name: &syn::Ident) -> Self {
        Surroundings { root: Some(name.clone().into()), ..self.clone() }
    }

    /// The same for a function of that name in an `impl`.
    pub fn of_method(&self, name: &syn::Ident, block: &syn::ItemImpl) -> Self {
        let root = syn::parse2(quote!(Self::#name)).ok();
        let siblings = if block.trait_.is_none() { vec![Item::Impl(block.clone())] } else { Vec::new() };
        Surroundings { root, siblings, ..self.clone() }
    }

    /// The items of the module.
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// Does a function of that name stand under a `cfg`?
    pub fn is_conditional(&self, path: &syn::Path) -> bool {
        self.conditional.iter().any(|name| path.is_ident(name))
    }

    /// The path by which the function is found.
    pub fn root(&self) -> Option<&syn::Path> {
        self.root.as_ref()
    }

    /// The type of a constant or a static.
    pub fn constant(&self, name: &str) -> Option<&syn::Type> {
        self.items.iter().find_map(|item| match item {
            Item::Const(constant) if constant.ident == name => Some(&*constant.ty),
            Item::Static(constant) if constant.ident == name => Some(&*constant.ty),
            _ => None,
        })
    }

    /// The function behind `Self::f`, or behind `Model::f` if its `impl` can be seen and says nothing of `Self`.
    pub fn associated(&self, path: &syn::Path) -> Option<(&Signature, &syn::Block)> {
        let segments: Vec<&syn::Ident> = path.segments.iter().map(|segment| &segment.ident).collect();
        let [ty, function] = segments[..] else { return None };
        if ty == "Self" {
            return self.siblings.iter().find_map(|item| function_in(item, function));
        }
        let of_type = self.items.iter().filter(|item| is_plain_impl_of(item, ty));
        let mut found = of_type.filter_map(|item| function_in(item, function));
        found.find(|(signature, block)| !mentions_self(&quote!(#signature #block)))
    }

    /// The method behind `self.f()`.
    pub fn method(&self, name: &syn::Ident) -> Option<syn::Path> {
        let (signature, _) = self.siblings.iter().find_map(|item| function_in(item, name))?;
        signature.receiver()?;
        syn::parse2(quote!(Self::#name)).ok()
    }

    /// What names of types and sizes stand for, as far as the module says.
    pub fn name_in(&self, aliases: Aliases) -> Aliases {
        let own: Vec<Alias> = self.items.iter().filter_map(alias_of).collect();
        let mut constants = Constants::new();
        // A constant may stand before those it is made of.
        loop {
            let before = constants.len();
            let known = aliases.clone().within(&own, &constants);
            let more = self.items.iter().filter_map(|item| size_of(item, &known));
            constants.extend(more.collect::<Vec<_>>());
            if constants.len() == before {
                return known;
            }
        }
    }
}

/// `type State = Vector3<f64>;`
fn alias_of(item: &Item) -> Option<Alias> {
    match item {
        Item::Type(alias) if alias.generics.params.is_empty() => {
            Some(Alias { path: vec![alias.ident.clone()], ty: (*alias.ty).clone() })
        }
        _ => None,
    }
}

/// `const N: usize = 2 * M;`, if what it is made of is known.
fn size_of(item: &Item, known: &Aliases) -> Option<(String, crate::ir::Dim)> {
    let Item::Const(constant) = item else { return None };
    let generics = syn::Generics::default();
    let scope = Scope::new(known, &generics);
    let Type::Integer(_) = scope.read(&constant.ty) else { return None };
    let size = scope.size(&constant.expr).ok()?;
    size.known().map(|_| (constant.ident.to_string(), size))
}

fn is_plain_impl_of(item: &Item, ty: &syn::Ident) -> bool {
    let Item::Impl(block) = item else { return false };
    let plain = block.trait_.is_none() && block.generics.params.is_empty();
    plain && matches!(&*block.self_ty, syn::Type::Path(path) if path.path.is_ident(ty))
}

fn function_in<'a>(item: &'a Item, name: &syn::Ident) -> Option<(&'a Signature, &'a syn::Block)> {
    let Item::Impl(block) = item else { return None };
    block.items.iter().find_map(|item| match item {
        syn::ImplItem::Fn(function)
            if function.sig.ident == *name && !holds_cfg(function.to_token_stream()) =>
        {
            Some((&function.sig, &function.block))
        }
        _ => None,
    })
}

/// Does it stand under a `cfg`, or hold one? The methods of an `impl` are looked at one by one.
fn is_conditional(item: &Item) -> bool {
    match item {
        Item::Impl(block) => holds_cfg(block.attrs.iter().map(ToTokens::to_token_stream).collect()),
        item => holds_cfg(item.to_token_stream()),
    }
}

fn mentions_self(tokens: &dyn ToTokens) -> bool {
    tokens.to_token_stream().into_iter().any(|token| match token {
        TokenTree::Group(group) => mentions_self(&group.stream()),
        TokenTree::Ident(name) => name == "self" || name == "Self",
        _ => false,
    })
}
