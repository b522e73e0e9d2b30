//! How much code there is: tokens, and `let`s that are in force at once. The tests of code size include this file.

use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;

/// An annotated function as it stands in a file.
pub struct Annotated {
    /// Its name.
    pub name: String,
    /// What stands in its attribute.
    pub options: TokenStream,
    /// The function without the attribute.
    pub function: TokenStream,
}

impl Annotated {
    /// The function and everything generated from it.
    #[must_use]
    pub fn expanded(&self) -> TokenStream {
        gradmacro_core::expand(self.options.clone(), self.function.clone())
    }
}

/// All annotated functions of a file, modules left out.
///
/// # Panics
/// If the file cannot be read, or if it is no Rust.
#[must_use]
pub fn annotated(path: &Path) -> Vec<Annotated> {
    let text = std::fs::read_to_string(path).expect("the functions can be read");
    let file = syn::parse_file(&text).expect("the functions are Rust");
    let functions = file.items.into_iter().filter_map(|item| match item {
        syn::Item::Fn(function) => of_function(function),
        _ => None,
    });
    functions.collect()
}

fn of_function(mut function: syn::ItemFn) -> Option<Annotated> {
    let place = function.attrs.iter().position(|attribute| attribute.path().is_ident("derive_grad"))?;
    let options = match function.attrs.remove(place).meta {
        syn::Meta::List(list) => list.tokens,
        _ => TokenStream::new(),
    };
    let name = function.sig.ident.to_string();
    Some(Annotated { name, options, function: function.into_token_stream() })
}

/// How many tokens; the text of documentation is one.
#[must_use]
pub fn tokens(stream: TokenStream) -> usize {
    let sizes = stream.into_iter().map(|token| match token {
        TokenTree::Group(group) => 2 + tokens(group.stream()),
        _ => 1,
    });
    sizes.sum()
}

/// The most `let`s that are in force at once: rustc nests a scope in another for each, and debug information follows it
/// by recursion.
#[must_use]
pub fn nested_lets(stream: TokenStream) -> usize {
    lets_within(stream, 0)
}

fn lets_within(stream: TokenStream, outer: usize) -> usize {
    let (mut here, mut most) = (outer, outer);
    for token in stream {
        match token {
            TokenTree::Ident(word) if word == "let" => here += 1,
            TokenTree::Group(group) => most = most.max(lets_within(group.stream(), here)),
            _ => {}
        }
    }
    most.max(here)
}
