//! The annotated item.
//!
//! A [`Function`] is a free function, a method or an associated function with a body; anything else is refused
//! here. Its tokens are the user's: printing it gives back what was written.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned;

use crate::diagnostics::{Diagnostics, Place, source};

/// A function with a body.
pub struct Function {
    /// Its attributes, without any further `derive_grad`.
    pub attributes: Vec<syn::Attribute>,
    /// Its visibility.
    pub visibility: syn::Visibility,
    /// Its signature.
    pub signature: syn::Signature,
    /// Its body.
    pub body: syn::Block,
}

/// Reads the item that the attribute stands on; `None` if it is not a function that can be differentiated. A module is
/// taken apart before ([`super::module`]).
pub fn read_item(item: TokenStream, diagnostics: &Diagnostics) -> Option<Function> {
    match syn::parse2::<Function>(item.clone()) {
        Ok(function) => Some(check_function(function, diagnostics)),
        Err(error) => {
            refuse_item(item, error, diagnostics);
            None
        }
    }
}

impl Parse for Function {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let syn::ImplItemFn { attrs, vis, sig, block, .. } = input.parse()?;
        Ok(Function { attributes: attrs, visibility: vis, signature: sig, body: block })
    }
}

impl ToTokens for Function {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.extend(self.attributes.iter().map(ToTokens::to_token_stream));
        self.visibility.to_tokens(tokens);
        self.signature.to_tokens(tokens);
        self.body.to_tokens(tokens);
    }
}

fn check_function(mut function: Function, diagnostics: &Diagnostics) -> Function {
    let name = function.signature.ident.to_string();
    for attribute in function.attributes.extract_if(.., |attribute| is_derive_grad(attribute)) {
        diagnostics
            .error(&attribute, format!("`derive_grad` stands twice on `{name}`"))
            .note("each of them would generate the same functions")
            .help("write one attribute with all options: `#[derive_grad(wrt(x), hessian)]`");
    }
    refuse_cfg(function.body.to_token_stream(), diagnostics);
    function
}

/// `derive_grad`, under any path, also behind a `cfg_attr`.
pub(super) fn is_derive_grad(attribute: &syn::Attribute) -> bool {
    let path = attribute.path();
    let behind_cfg = path.is_ident("cfg_attr") && source(&attribute.meta).contains("derive_grad");
    behind_cfg || path.segments.last().is_some_and(|last| last.ident == "derive_grad")
}

/// Reports every `#[cfg(..)]` and `#[cfg_attr(..)]` in a body.
fn refuse_cfg(body: TokenStream, diagnostics: &Diagnostics) {
    let mut hash = None;
    for token in body {
        match (&token, hash) {
            (TokenTree::Group(group), Some(start)) if is_cfg(group) => {
                report_cfg(Place::between(start, group.span()), group, diagnostics);
            }
            (TokenTree::Group(group), _) => refuse_cfg(group.stream(), diagnostics),
            _ => {}
        }
        hash = match &token {
            TokenTree::Punct(punct) if punct.as_char() == '#' => Some(punct.span()),
            TokenTree::Punct(punct) if punct.as_char() == '!' => hash,
            _ => None,
        };
    }
}

/// Does a `#[cfg(..)]` or `#[cfg_attr(..)]` stand anywhere in it?
pub(super) fn holds_cfg(tokens: TokenStream) -> bool {
    let diagnostics = Diagnostics::new();
    refuse_cfg(tokens, &diagnostics);
    !diagnostics.finish().is_empty()
}

fn is_cfg(group: &proc_macro2::Group) -> bool {
    let Some(TokenTree::Ident(name)) = group.stream().into_iter().next() else {
        return false;
    };
    name == "cfg" || name == "cfg_attr"
}

fn report_cfg(place: Place, attribute: &proc_macro2::Group, diagnostics: &Diagnostics) {
    let content = source(&attribute.stream());
    let (keyword, help) = match content.strip_prefix("cfg_attr") {
        Some(_) => ("cfg_attr", "put `#[cfg_attr(..)]` on the function".to_owned()),
        None => ("cfg", format!("use `if cfg!{} {{ .. }} else {{ .. }}`", content.trim_start_matches("cfg"))),
    };
    diagnostics
        .error_at(place, format!("`{keyword}` inside the body is not supported"))
        .note(format!(
            "the attribute runs before this `{keyword}` is decided, so both readings would be differentiated"
        ))
        .help(help);
}

/// Says what was found instead of a function.
fn refuse_item(item: TokenStream, error: syn::Error, diagnostics: &Diagnostics) {
    if let Ok(method) = syn::parse2::<syn::TraitItemFn>(item.clone()) {
        return refuse_declaration(&method, diagnostics);
    }
    match syn::parse2::<syn::Item>(item.clone()) {
        Ok(syn::Item::Impl(block)) => refuse_impl(&block, diagnostics),
        Ok(found) => refuse_other(&found, diagnostics),
        Err(_) => {
            let place = Place::between(error.span(), error.span());
            diagnostics
                .error_at(place, format!("this item cannot be read: {error}"))
                .help("put `#[derive_grad]` on a function");
        }
    }
}

fn refuse_declaration(method: &syn::TraitItemFn, diagnostics: &Diagnostics) {
    let place = Place::between(method.sig.fn_token.span, end_of(method));
    diagnostics
        .error_at(place, format!("`{}` has no body to differentiate", method.sig.ident))
        .note("a trait declares it, an `impl` defines it")
        .help("annotate an inherent method and call it from the `impl`");
}

fn refuse_impl(block: &syn::ItemImpl, diagnostics: &Diagnostics) {
    let place = Place::between(block.impl_token.span, end_of(&block.self_ty));
    let method = block.items.iter().find_map(|item| match item {
        syn::ImplItem::Fn(method) => Some(method.sig.ident.to_string()),
        _ => None,
    });
    let method = method.unwrap_or_else(|| "f".to_owned());
    diagnostics
        .error_at(place, MISPLACED)
        .note("found an `impl` block")
        .help(format!("put it on the method: `#[derive_grad] fn {method}(..)`"));
}

fn refuse_other(item: &syn::Item, diagnostics: &Diagnostics) {
    let (found, place) = describe_item(item);
    diagnostics
        .error_at(place, MISPLACED)
        .note(format!("found {found}"))
        .help("put it on the function whose derivative is wanted");
}

const MISPLACED: &str = "`derive_grad` goes on a function, a method or an inline module";

/// What an item is, and the place of its keyword and name.
fn describe_item(item: &syn::Item) -> (&'static str, Place) {
    use syn::Item::*;
    let named = |keyword: Span, name: &syn::Ident| Place::between(keyword, name.span());
    match item {
        Struct(item) => ("a struct", named(item.struct_token.span, &item.ident)),
        Enum(item) => ("an enum", named(item.enum_token.span, &item.ident)),
        Union(item) => ("a union", named(item.union_token.span, &item.ident)),
        Trait(item) => ("a trait", named(item.trait_token.span, &item.ident)),
        Const(item) => ("a constant", named(item.const_token.span, &item.ident)),
        Static(item) => ("a static", named(item.static_token.span, &item.ident)),
        Type(item) => ("a type alias", named(item.type_token.span, &item.ident)),
        Mod(item) if item.content.is_some() => ("a module", named(item.mod_token.span, &item.ident)),
        Mod(item) => ("a module in another file", named(item.mod_token.span, &item.ident)),
        Use(item) => ("a `use`", Place::of(item)),
        Macro(item) => ("a macro call", Place::of(&item.mac)),
        ForeignMod(item) => ("an `extern` block", Place::of(&item.abi)),
        _ => ("another item", Place::of(item)),
    }
}

/// The span of the last token.
pub(super) fn end_of(tokens: &impl ToTokens) -> Span {
    tokens.to_token_stream().into_iter().last().map_or_else(|| tokens.span(), |token| token.span())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn errors(item: &str) -> Vec<String> {
        let diagnostics = Diagnostics::new();
        let function = read_item(item.parse().unwrap(), &diagnostics);
        assert!(function.is_some() || !diagnostics.is_empty());
        diagnostics.finish().iter().map(|diagnostic| diagnostic.text()).collect()
    }

    #[test]
    fn functions_are_read() {
        for item in [
            "fn f(x: f64) -> f64 { x }",
            "#[inline] pub(crate) fn f(&self, x: f64) -> f64 { if cfg!(test) { x } else { 2.0 * x } }",
        ] {
            assert!(errors(item).is_empty(), "{item}");
        }
    }

    #[test]
    fn other_items_are_refused() {
        for (item, wanted) in [
            ("impl Spring { fn energy(&self) -> f64 { 0.0 } }", "#[derive_grad] fn energy(..)"),
            ("impl Cost for Spring {}", "found an `impl` block"),
            ("fn cost(&self) -> f64;", "`cost` has no body"),
            ("struct Spring;", "found a struct"),
            ("const K: f64 = 1.0;", "found a constant"),
            ("mod physics;", "found a module in another file"),
            ("use a::b;", "found a `use`"),
            ("#[gradmacro::derive_grad(hessian)] fn f(x: f64) -> f64 { x }", "stands twice on `f`"),
            ("fn f(x: f64) -> f64 { #[cfg(unix)] let x = 1.0; x }", "if cfg!(unix) {"),
            ("fn f(x: f64) -> f64 { m!(#[cfg_attr(a, b)] x) }", "`cfg_attr` inside"),
        ] {
            let errors = errors(item);
            assert_eq!(errors.len(), 1, "{item}: {errors:?}");
            assert!(errors[0].contains(wanted), "{item}: {errors:?}");
        }
    }
}
