//! No stage knows what it must not: the table of ARCHITECTURE.md, as far as a search can hold the code to it.

use std::fs;
use std::path::{Path, PathBuf};

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = vec![];
    let Ok(entries) = fs::read_dir(folder) else { return files };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            files.push(path);
        }
    }
    files
}

/// Code without comments, so that prose may name what code may not.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).expect("a source file can be read");
    text.lines().map(|line| line.split("//").next().unwrap_or("")).collect::<Vec<_>>().join("\n")
}

fn forbids(stage: &str, words: &[&str]) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(stage);
    let files = sources(&folder);
    assert!(!files.is_empty(), "no sources in {}", folder.display());
    for file in files {
        let code = code(&file);
        for word in words {
            assert!(!code.contains(word), "{} mentions `{word}`", file.display());
        }
    }
}

#[test]
fn only_front_and_emit_know_tokens() {
    for stage in ["ir", "ops", "algebra", "diff", "plan", "certify"] {
        forbids(stage, &["syn::", "quote::", "proc_macro2", "quote!"]);
    }
}

#[test]
fn the_front_knows_no_derivatives() {
    forbids(
        "front",
        &["crate::diff", "crate::certify", "crate::plan", "crate::emit", "crate::algebra", "Derivative::"],
    );
}

#[test]
fn the_table_knows_no_pass() {
    forbids("ops", &["crate::diff", "crate::plan", "crate::emit", "crate::front", "crate::certify"]);
}

#[test]
fn the_algebra_knows_no_cost() {
    forbids("algebra", &["crate::plan", "crate::diff", "crate::emit", "crate::front", "flops"]);
}

#[test]
fn differentiation_names_no_operation() {
    forbids("diff", &["ops::arithmetic", "ops::products", "ops::structure", "ops::exponential", "name =="]);
}

#[test]
fn emission_reads_no_rule() {
    forbids("emit", &["Derivative", "crate::algebra", "crate::diff"]);
}

#[test]
fn files_stay_small() {
    for file in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
        let lines = fs::read_to_string(&file).expect("a source file can be read").lines().count();
        assert!(lines <= 400, "{} has {lines} lines", file.display());
    }
}
