//! What is generated, token by token: the functions of `fixtures/functions.rs`, each against a file of its own.
//! `BLESS=1` writes what is found. The benchmark of the same name times these functions.

use std::path::{Path, PathBuf};

use proc_macro2::TokenStream;
use quote::ToTokens;

/// A function and the arguments of its attribute.
struct Fixture {
    name: String,
    attribute: TokenStream,
    function: TokenStream,
}

#[test]
fn functions_expand_as_they_did() {
    for fixture in fixtures() {
        let path = folder().join(format!("{}.expanded.rs", fixture.name));
        compare(&path, &printed(expand(&fixture)));
    }
}

#[test]
fn an_expansion_depends_on_nothing_but_its_function() {
    let fixtures = fixtures();
    let alone: Vec<String> = fixtures.iter().map(|fixture| expand(fixture).to_string()).collect();
    for (k, fixture) in fixtures.iter().enumerate().rev() {
        assert_eq!(expand(fixture).to_string(), alone[k], "expanded again, after others");
    }
    let elsewhere = std::thread::scope(|scope| {
        let thread = scope.spawn(|| expand(&self::fixtures()[0]).to_string());
        thread.join().expect("the expansion does not panic")
    });
    assert_eq!(elsewhere, alone[0], "expanded in a process that has expanded nothing else on this thread");
}

#[test]
fn every_expansion_is_certified() {
    for fixture in fixtures() {
        let expanded = expand(&fixture).to_string();
        assert!(!expanded.contains("compile_error"), "{expanded}");
        assert!(expanded.contains("Certified: "), "{expanded}");
    }
}

/// Compares an expansion with what is kept in a file, or writes it.
fn compare(path: &Path, found: &str) {
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(path, found).expect("the expansion can be written");
    }
    let wanted = std::fs::read_to_string(path).expect("the expansion can be read");
    let differing = wanted.lines().zip(found.lines()).position(|(wanted, found)| wanted != found);
    assert!(
        wanted == found,
        "{}, line {}: BLESS=1 accepts the new expansion",
        path.display(),
        differing.unwrap_or_else(|| wanted.lines().count().min(found.lines().count())) + 1
    );
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

fn fixtures() -> Vec<Fixture> {
    let text = std::fs::read_to_string(folder().join("functions.rs")).expect("the fixtures can be read");
    let file = syn::parse_file(&text).expect("the fixtures are Rust");
    let functions = file.items.into_iter().filter_map(|item| match item {
        syn::Item::Fn(function) => Some(function),
        _ => None,
    });
    functions.map(fixture).collect()
}

/// Takes the attribute off a function.
fn fixture(mut function: syn::ItemFn) -> Fixture {
    let attribute = function.attrs.pop().and_then(|attribute| match attribute.meta {
        syn::Meta::List(list) => Some(list.tokens),
        _ => None,
    });
    Fixture {
        name: function.sig.ident.to_string(),
        attribute: attribute.unwrap_or_default(),
        function: function.into_token_stream(),
    }
}

fn expand(fixture: &Fixture) -> TokenStream {
    gradmacro_core::expand(fixture.attribute.clone(), fixture.function.clone())
}

fn printed(tokens: TokenStream) -> String {
    prettyplease::unparse(&syn::parse2(tokens).expect("an expansion is Rust"))
}
