//! An inline module that carries the attribute: its functions that carry it too, and what stands around each.
//!
//! A [`Module`] is a list of pieces in source order. A piece is either a function to be expanded, which is given back
//! with its surroundings, or tokens that are emitted as they are: printing all of them gives the module again.
//!
//! Example: `mod m { #[derive_grad(hessian)] fn f(x: f64) -> f64 { g(x) } fn g(v: f64) -> f64 { v * v } }` has the
//! pieces `mod m {`, the function `f` with the options `hessian`, and `fn g(..) { .. } }`.

use proc_macro2::{Delimiter, Group, TokenStream};
use quote::{ToTokens, quote};
use syn::{Attribute, Item};

use super::item::is_derive_grad;
use super::surroundings::Surroundings;
use crate::diagnostics::{Diagnostics, Place};

/// An inline module.
pub struct Module(syn::ItemMod);

/// A function to be expanded.
pub struct Annotated {
    /// What stands in its attribute.
    pub options: TokenStream,
    /// The function without the attribute.
    pub function: TokenStream,
    /// What stands around it.
    pub surroundings: Surroundings,
}

/// Reads an inline module; `None` for any other item.
pub fn read_module(item: TokenStream) -> Option<Module> {
    match syn::parse2::<Item>(item) {
        Ok(Item::Mod(module)) if module.content.is_some() => Some(Module(module)),
        _ => None,
    }
}

impl Module {
    /// Reports what makes the attribute on the module meaningless.
    pub fn check(&self, diagnostics: &Diagnostics) {
        let Module(module) = self;
        let place = Place::between(module.mod_token.span, module.ident.span());
        if let Some(again) = module.attrs.iter().find(|attribute| is_derive_grad(attribute)) {
            diagnostics
                .error(again, format!("`derive_grad` stands twice on `{}`", module.ident))
                .help("write one attribute with all options");
        } else if !self.items().iter().any(holds_annotated) {
            diagnostics
                .error_at(place, format!("no function in `{}` carries `#[derive_grad]`", module.ident))
                .note("the attribute on a `mod` shows its items to the functions in it that carry it themselves")
                .help("put `#[derive_grad]` on each function in it whose derivative is wanted");
        }
    }

    /// The module with every annotated function replaced by what it expands to.
    pub fn expanded(&self, expand: Expand<'_>) -> TokenStream {
        let Module(module) = self;
        let around = Surroundings::of_module(self.items());
        let mut inside: TokenStream = inner(&module.attrs).map(ToTokens::to_token_stream).collect();
        for item in self.items() {
            inside.extend(expanded_item(item, &around, expand));
        }
        let outer = module.attrs.iter().filter(|attribute| is_outer(attribute));
        let syn::ItemMod { vis, unsafety, mod_token, ident, .. } = module;
        quote!(#(#outer)* #vis #unsafety #mod_token #ident { #inside })
    }

    fn items(&self) -> &[Item] {
        self.0.content.as_ref().map_or(&[], |(_, items)| items)
    }
}

type Expand<'a> = &'a mut dyn FnMut(Annotated) -> TokenStream;

fn expanded_item(item: &Item, around: &Surroundings, expand: Expand<'_>) -> TokenStream {
    match item {
        Item::Fn(function) => {
            let mut function = function.clone();
            let Some(options) = taken(&mut function.attrs) else { return item.to_token_stream() };
            let surroundings = around.of_function(&function.sig.ident);
            expand(Annotated { options, function: function.into_token_stream(), surroundings })
        }
        Item::Impl(block) => {
            let header = syn::ItemImpl { items: Vec::new(), ..block.clone() };
            let items = block.items.iter().map(|item| expanded_method(item, block, around, expand));
            refilled(&header, items.collect())
        }
        Item::Trait(block) => {
            let header = syn::ItemTrait { items: Vec::new(), ..block.clone() };
            let items = block.items.iter().map(|item| expanded_default(item, around, expand));
            refilled(&header, items.collect())
        }
        // What imports the attribute is not used any more.
        Item::Use(imports) if names_attribute(&imports.tree) => quote!(#[allow(unused_imports)] #item),
        _ => item.to_token_stream(),
    }
}

/// Does it import `derive_grad`?
fn names_attribute(tree: &syn::UseTree) -> bool {
    match tree {
        syn::UseTree::Path(step) => names_attribute(&step.tree),
        syn::UseTree::Name(name) => name.ident == "derive_grad",
        syn::UseTree::Rename(name) => name.ident == "derive_grad",
        syn::UseTree::Group(group) => group.items.iter().any(names_attribute),
        syn::UseTree::Glob(_) => true,
    }
}

fn expanded_method(
    item: &syn::ImplItem,
    block: &syn::ItemImpl,
    around: &Surroundings,
    expand: Expand<'_>,
) -> TokenStream {
    let syn::ImplItem::Fn(function) = item else { return item.to_token_stream() };
    let mut function = function.clone();
    let Some(options) = taken(&mut function.attrs) else { return item.to_token_stream() };
    let surroundings = around.of_method(&function.sig.ident, block);
    expand(Annotated { options, function: function.into_token_stream(), surroundings })
}

fn expanded_default(item: &syn::TraitItem, around: &Surroundings, expand: Expand<'_>) -> TokenStream {
    let syn::TraitItem::Fn(function) = item else { return item.to_token_stream() };
    let mut function = function.clone();
    let Some(options) = taken(&mut function.attrs) else { return item.to_token_stream() };
    expand(Annotated { options, function: function.into_token_stream(), surroundings: around.clone() })
}

/// A block with items between its braces, which are the last tokens of its header.
fn refilled(header: &dyn ToTokens, items: TokenStream) -> TokenStream {
    let mut tokens: Vec<_> = header.to_token_stream().into_iter().collect();
    if let Some(proc_macro2::TokenTree::Group(braces)) = tokens.pop() {
        let mut filled = Group::new(Delimiter::Brace, braces.stream().into_iter().chain(items).collect());
        filled.set_span(braces.span());
        tokens.push(filled.into());
    }
    tokens.into_iter().collect()
}

/// What stands in the first `#[derive_grad(..)]`, which is taken away; one behind a `cfg_attr` is left to rustc.
fn taken(attributes: &mut Vec<Attribute>) -> Option<TokenStream> {
    let own = attributes.remove(attributes.iter().position(is_plain)?);
    Some(match own.meta {
        syn::Meta::List(list) => list.tokens,
        syn::Meta::NameValue(value) => quote!(= #value),
        syn::Meta::Path(_) => TokenStream::new(),
    })
}

fn is_plain(attribute: &Attribute) -> bool {
    is_derive_grad(attribute) && !attribute.path().is_ident("cfg_attr")
}

fn holds_annotated(item: &Item) -> bool {
    match item {
        Item::Fn(function) => function.attrs.iter().any(is_derive_grad),
        Item::Impl(block) => block.items.iter().any(
            |item| matches!(item, syn::ImplItem::Fn(function) if function.attrs.iter().any(is_derive_grad)),
        ),
        Item::Trait(block) => block.items.iter().any(
            |item| matches!(item, syn::TraitItem::Fn(function) if function.attrs.iter().any(is_derive_grad)),
        ),
        _ => false,
    }
}

fn is_outer(attribute: &Attribute) -> bool {
    matches!(attribute.style, syn::AttrStyle::Outer)
}

fn inner(attributes: &[Attribute]) -> impl Iterator<Item = &Attribute> {
    attributes.iter().filter(|attribute| !is_outer(attribute))
}
