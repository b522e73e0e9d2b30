//! The functions of the survey, read from their source.

use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};

/// A surveyed function.
pub(crate) struct Surveyed {
    /// The file that it stands in, without its ending.
    pub(crate) group: String,
    /// Its name, which is that of its symbol.
    pub(crate) name: String,
    /// The arguments of its attribute.
    pub(crate) options: TokenStream,
    /// The function without attributes.
    pub(crate) function: syn::ItemFn,
}

/// All functions, file by file in the order in which lib.rs lists them.
pub(crate) fn surveyed(folder: &Path) -> Vec<Surveyed> {
    let file = |name: &str| parsed(&folder.join(name).with_extension("rs"));
    let modules = file("lib").items.into_iter().filter_map(|item| match item {
        syn::Item::Mod(module) if module.content.is_none() => Some(module.ident.to_string()),
        _ => None,
    });
    modules.flat_map(|group| of_file(&group, file(&group))).collect()
}

/// The documentation of a file of functions: what its group is about.
pub(crate) fn about(folder: &Path, group: &str) -> String {
    let text = read(&folder.join(group).with_extension("rs"));
    let lines = text.lines().map_while(|line| line.strip_prefix("//!"));
    lines.map(str::trim).collect::<Vec<_>>().join(" ")
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn parsed(path: &Path) -> syn::File {
    syn::parse_file(&read(path)).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The functions in the macros of a file.
fn of_file(group: &str, file: syn::File) -> Vec<Surveyed> {
    let macros = file.items.into_iter().filter_map(|item| match item {
        syn::Item::Macro(item) if item.ident.is_none() => Some(item.mac.tokens),
        _ => None,
    });
    let functions = macros.flat_map(|tokens| functions(group, tokens));
    functions.map(|function| of_function(group, function)).collect()
}

/// The functions in a macro, behind the list of what is kept of them.
fn functions(group: &str, tokens: TokenStream) -> Vec<syn::ItemFn> {
    let listed = matches!(tokens.clone().into_iter().next(), Some(TokenTree::Group(_)));
    let items: TokenStream = tokens.into_iter().skip(if listed { 2 } else { 0 }).collect();
    let file: syn::File = syn::parse2(items).unwrap_or_else(|error| panic!("{group}: {error}"));
    let function = |item| match item {
        syn::Item::Fn(function) => function,
        other => panic!("{group}: `{}` is no function", other.to_token_stream()),
    };
    file.items.into_iter().map(function).collect()
}

fn of_function(group: &str, mut function: syn::ItemFn) -> Surveyed {
    let mut attributes = std::mem::take(&mut function.attrs).into_iter();
    let attribute = attributes.find(|attribute| attribute.path().is_ident("derive_grad"));
    let options = match attribute.expect("a surveyed function is differentiated").meta {
        syn::Meta::List(list) => list.tokens,
        _ => TokenStream::new(),
    };
    Surveyed { group: group.to_owned(), name: function.sig.ident.to_string(), options, function }
}

impl Surveyed {
    /// The body on one line, as it is formatted.
    pub(crate) fn body(&self) -> String {
        let block = &self.function.block;
        let file = syn::parse2(quote!(fn body() #block)).expect("a function is a file");
        let text = prettyplease::unparse(&file);
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        let [_, body @ .., _] = &lines[..] else { panic!("{text}") };
        body.join(" ").replace(" .", ".").replace("( ", "(").replace(", )", ")").replace(" )", ")")
    }

    /// Every identifier in the body.
    pub(crate) fn words(&self) -> Vec<String> {
        let mut words = vec![];
        collect(self.function.block.to_token_stream(), &mut words);
        words
    }
}

fn collect(tokens: TokenStream, words: &mut Vec<String>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => collect(group.stream(), words),
            TokenTree::Ident(word) => words.push(word.to_string()),
            _ => {}
        }
    }
}
