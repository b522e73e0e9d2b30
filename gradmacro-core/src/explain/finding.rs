//! The functions of a source text that are to be explained.

use proc_macro2::TokenStream;
use quote::ToTokens;

/// A function, and what stands in its attribute if it has one.
struct Found {
    attribute: Option<TokenStream>,
    function: TokenStream,
}

/// Annotated functions with what stands in their attributes; a function that is alone needs none.
pub(super) fn functions(items: Vec<syn::Item>) -> Vec<(TokenStream, TokenStream)> {
    let mut found = vec![];
    items.into_iter().for_each(|item| collect(item, &mut found));
    let alone = found.len() == 1;
    let chosen = found.into_iter().filter(|f| f.attribute.is_some() || alone);
    chosen.map(|f| (f.attribute.unwrap_or_default(), f.function)).collect()
}

fn collect(item: syn::Item, found: &mut Vec<Found>) {
    match item {
        syn::Item::Fn(mut function) => {
            let attribute = take_attribute(&mut function.attrs);
            found.push(Found { attribute, function: function.into_token_stream() });
        }
        syn::Item::Mod(module) => {
            let items = module.content.map(|(_, items)| items).unwrap_or_default();
            items.into_iter().for_each(|item| collect(item, found));
        }
        syn::Item::Impl(block) => block.items.into_iter().for_each(|item| collect_method(item, found)),
        syn::Item::Trait(block) => block.items.into_iter().for_each(|item| collect_default(item, found)),
        _ => {}
    }
}

fn collect_method(item: syn::ImplItem, found: &mut Vec<Found>) {
    if let syn::ImplItem::Fn(mut function) = item {
        let attribute = take_attribute(&mut function.attrs);
        found.push(Found { attribute, function: function.into_token_stream() });
    }
}

fn collect_default(item: syn::TraitItem, found: &mut Vec<Found>) {
    if let syn::TraitItem::Fn(mut function) = item
        && function.default.is_some()
    {
        let attribute = take_attribute(&mut function.attrs);
        found.push(Found { attribute, function: function.into_token_stream() });
    }
}

/// What stands in `#[derive_grad(..)]`, which is taken away.
fn take_attribute(attributes: &mut Vec<syn::Attribute>) -> Option<TokenStream> {
    let is_own =
        |a: &syn::Attribute| a.path().segments.last().is_some_and(|last| last.ident == "derive_grad");
    let own = attributes.remove(attributes.iter().position(is_own)?);
    Some(if let syn::Meta::List(list) = own.meta { list.tokens } else { TokenStream::new() })
}
