//! How long an expansion takes, certificate included: median, 90th percentile and maximum over a set of functions.
//!
//! `cargo bench -p gradmacro-core --bench expansion` uses the functions in `tests/fixtures/functions.rs`; with
//! `-- cases.json …` it takes those of case files (an array of objects with `rust` and `wrt`).

use std::path::Path;
use std::time::Instant;

use proc_macro2::TokenStream;

/// Runs per function, of which the fastest counts.
const RUNS: usize = 7;

struct Case {
    name: String,
    attribute: String,
    function: String,
}

fn fixtures() -> Vec<Case> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/functions.rs");
    let text = std::fs::read_to_string(&path).expect("the fixtures can be read");
    let file = syn::parse_file(&text).expect("the fixtures are Rust");
    let functions = file.items.into_iter().filter_map(|item| match item {
        syn::Item::Fn(function) => Some(function),
        _ => None,
    });
    functions
        .map(|mut function| {
            let attribute = function.attrs.pop().map(|a| match a.meta {
                syn::Meta::List(list) => list.tokens.to_string(),
                _ => String::new(),
            });
            function.attrs.clear();
            let name = function.sig.ident.to_string();
            let function = quote::ToTokens::to_token_stream(&function).to_string();
            Case { name, attribute: attribute.unwrap_or_default(), function }
        })
        .collect()
}

fn cases(path: &str) -> Vec<Case> {
    let text = std::fs::read_to_string(path).expect("the case file can be read");
    let list: Vec<serde_json::Value> = serde_json::from_str(&text).expect("the case file is an array");
    let text = |value: &serde_json::Value, key: &str| value[key].as_str().unwrap_or_default().to_owned();
    list.iter()
        .map(|case| {
            let names = case["wrt"].as_array().map(Vec::as_slice).unwrap_or_default();
            let names: Vec<&str> = names.iter().filter_map(|n| n.as_str()).collect();
            Case {
                name: text(case, "id"),
                attribute: format!("wrt({})", names.join(", ")),
                function: text(case, "rust"),
            }
        })
        .collect()
}

/// Milliseconds of the fastest run, and whether an expansion came out of it rather than an error.
fn measure(case: &Case) -> Option<(f64, bool)> {
    let tokens =
        || Some((case.attribute.parse::<TokenStream>().ok()?, case.function.parse::<TokenStream>().ok()?));
    let mut best = f64::INFINITY;
    let mut expanded = false;
    for _ in 0..RUNS {
        let (attribute, function) = tokens()?;
        let start = Instant::now();
        let out = gradmacro_core::expand(attribute, function);
        best = best.min(start.elapsed().as_secs_f64() * 1e3);
        expanded = !out.to_string().contains("compile_error");
    }
    Some((best, expanded))
}

fn main() {
    let files: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with('-')).collect();
    let all = if files.is_empty() { fixtures() } else { files.iter().flat_map(|f| cases(f)).collect() };
    let mut times: Vec<(f64, String)> = vec![];
    for case in &all {
        if let Some((time, true)) = measure(case) {
            times.push((time, case.name.clone()));
        }
    }
    times.sort_by(|a, b| a.0.total_cmp(&b.0));
    let at =
        |share: f64| times.get(((times.len().max(1) - 1) as f64 * share) as usize).map_or(f64::NAN, |t| t.0);
    println!("{} of {} functions expand", times.len(), all.len());
    println!("median {:.3} ms, 90th percentile {:.3} ms, maximum {:.3} ms", at(0.5), at(0.9), at(1.0));
    for (time, name) in times.iter().rev().take(5) {
        println!("  {time:8.3} ms  {name}");
    }
}
