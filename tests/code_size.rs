//! How much code there is: `let`s that are in force at once, tokens for those that were written, and that a debug build
//! with full debug information gets through the longest of it. rustc follows nested scopes by recursion, and dies of
//! 2500 `let`s in one. Nothing is timed here; `benches/README.md` has the figures.
#[path = "../benches/src/code.rs"]
#[allow(unreachable_pub, reason = "a module of the benchmarks")]
mod code;

use std::path::{Path, PathBuf};
use std::process::Command;

use code::{Annotated, annotated, nested_lets, tokens};
use quote::ToTokens;

/// The most `let`s that may be in force at once.
const MOST_LETS: usize = 500;

/// How many tokens a generated function may have for each that the user wrote.
const TOKENS_PER_TOKEN: usize = 60;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Functions that others measure, those whose expansions are kept, and long ones.
fn files() -> Vec<PathBuf> {
    let measured =
        std::fs::read_dir(root().join("benches/gradients/functions")).expect("the functions are there");
    let mut files: Vec<PathBuf> = measured.map(|file| file.expect("a file").path()).collect();
    let fixtures = ["functions", "second_order", "counts", "large"];
    files.extend(fixtures.map(|name| root().join(format!("gradmacro-core/tests/fixtures/{name}.rs"))));
    files
}

fn functions() -> Vec<(Annotated, syn::File)> {
    let all = files().into_iter().flat_map(|file| annotated(&file));
    let expanded = all.map(|function| {
        let file = syn::parse2(function.expanded()).expect("an expansion is Rust");
        (function, file)
    });
    expanded.collect()
}

#[test]
fn scopes_are_shallow_and_code_is_in_proportion_to_its_source() {
    let all = functions();
    assert!(all.len() > 60, "the functions have gone");
    for (function, file) in &all {
        let written = tokens(function.function.clone());
        // The first item is the user's own function.
        for item in &file.items[1..] {
            let lets = nested_lets(item.to_token_stream());
            assert!(lets <= MOST_LETS, "{}: {lets} lets in force at once", function.name);
            let generated = tokens(item.to_token_stream());
            let most = TOKENS_PER_TOKEN * written;
            assert!(generated <= most, "{}: {generated} tokens for {written}", function.name);
        }
    }
}

/// In a crate of its own, since how this one is compiled is not for it to say.
#[test]
fn debug_information_of_the_longest_code_is_written() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("large");
    std::fs::create_dir_all(folder.join("src")).expect("a folder for the crate");
    let fixtures = root().join("gradmacro-core/tests/fixtures/large.rs");
    let large = std::fs::read_to_string(fixtures).expect("the fixtures can be read");
    let (_, functions) = large.split_once("\n\n").expect("documentation before the functions");
    let text = format!("#![allow(dead_code)]\nuse gradmacro::derive_grad;\nuse nalgebra::*;\n\n{functions}");
    let manifest = format!(
        "[package]\nname = \"large\"\nedition = \"2024\"\n[workspace]\n[dependencies]\n\
         gradmacro = {{ path = {:?} }}\n\
         nalgebra = {{ version = \"0.35\", default-features = false, features = [\"std\"] }}\n\
         [profile.dev]\ndebug = 2\n",
        root().join("gradmacro")
    );
    std::fs::write(folder.join("src/lib.rs"), text).expect("the crate can be written");
    std::fs::write(folder.join("Cargo.toml"), manifest).expect("the crate can be written");
    std::fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock")).expect("versions as everywhere");
    let output = Command::new(env!("CARGO"))
        .args(["build", "--target-dir", "target"])
        .current_dir(&folder)
        .env("CARGO_PROFILE_DEV_DEBUG", "2")
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
