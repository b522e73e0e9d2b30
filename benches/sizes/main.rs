//! What an annotated function costs its compiler: expansion, code, rustc. `benches/README.md`.
mod rustc;

use std::path::{Path, PathBuf};
use std::time::Instant;

use benches::code::{Annotated, annotated, nested_lets, tokens};
use quote::ToTokens;

use rustc::Scratch;

/// Expansions of each function, of which the fastest counts.
const RUNS: u32 = 7;

/// The figures of one function.
struct Size {
    name: String,
    source: usize,
    generated: usize,
    lets: usize,
    milliseconds: f64,
    seconds: Option<f64>,
}

fn main() {
    let (mut wanted, mut file, mut shown, mut compiling) = (vec![], None, false, true);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--results" => file = arguments.next(),
            "--show" => (shown, compiling) = (true, false),
            "--expansion" => compiling = false,
            option if option.starts_with("--") => {}
            _ => wanted.push(argument),
        }
    }
    let mut functions: Vec<(Annotated, String)> = files().iter().flat_map(|file| of_file(file)).collect();
    functions
        .retain(|(function, _)| wanted.is_empty() || wanted.iter().any(|part| function.name.contains(part)));
    if shown {
        return functions.iter().for_each(|(function, _)| show(function));
    }
    let mut scratch = compiling.then(Scratch::new).flatten();
    println!("| function | tokens | generated | `let`s | expansion, ms | rustc, s |");
    println!("|---|---:|---:|---:|---:|---:|");
    let sizes: Vec<Size> =
        functions.iter().map(|(function, imports)| measured(function, imports, scratch.as_mut())).collect();
    let line = |size: &Size| {
        let Size { name, source, generated, lets, milliseconds, seconds } = size;
        let seconds = seconds.map_or(String::new(), |seconds| seconds.to_string());
        format!("{name}\t{source}\t{generated}\t{lets}\t{milliseconds}\t{seconds}\n")
    };
    if let Some(file) = file {
        std::fs::write(file, sizes.iter().map(line).collect::<String>()).expect("the results can be written");
    }
}

/// The files that hold the functions of the other benchmarks.
fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("gradients/functions");
    let names = ["twenty", "estimation", "geometry", "learning", "matrices", "polynomials", "rollouts"];
    names.iter().map(|name| folder.join(format!("{name}.rs"))).collect()
}

/// The functions of a file, each with what the file imports.
fn of_file(path: &Path) -> Vec<(Annotated, String)> {
    let text = std::fs::read_to_string(path).expect("the functions can be read");
    let imports: String =
        text.lines().filter(|line| line.starts_with("use ")).map(|line| format!("{line}\n")).collect();
    annotated(path).into_iter().map(|function| (function, imports.clone())).collect()
}

fn measured(function: &Annotated, imports: &str, scratch: Option<&mut Scratch>) -> Size {
    let (mut milliseconds, mut expanded) = (f64::INFINITY, None);
    for _ in 0..RUNS {
        let start = Instant::now();
        let expansion = function.expanded();
        milliseconds = milliseconds.min(start.elapsed().as_secs_f64() * 1e3);
        expanded = Some(expansion);
    }
    let expanded = expanded.unwrap_or_default();
    let source = tokens(function.function.clone());
    let seconds = scratch.and_then(|scratch| scratch.seconds(imports, function));
    let size = Size {
        name: function.name.clone(),
        source,
        // The user's own function is in the expansion.
        generated: tokens(expanded.clone()).saturating_sub(source),
        lets: nested_lets(expanded),
        milliseconds,
        seconds,
    };
    let Size { name, generated, lets, .. } = &size;
    let shown = seconds.map_or(String::new(), |seconds| format!("{seconds:.2}"));
    println!("| {name} | {source} | {generated} | {lets} | {milliseconds:.2} | {shown} |");
    size
}

fn show(function: &Annotated) {
    let file = syn::parse2(function.expanded().into_token_stream()).expect("an expansion is Rust");
    println!("{}", prettyplease::unparse(&file));
}
