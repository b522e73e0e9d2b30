//! The quickstart fits its model, and says what is wrong with a table that it cannot read.

use std::path::PathBuf;
use std::process::{Command, Output};

const TABLE: &str = include_str!("../examples/data/breast_cancer.csv");

fn quickstart(arguments: &[PathBuf]) -> Output {
    Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--example", "quickstart", "--"])
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs")
}

/// The error and the exit code for a table of this content.
fn refusal(name: &str, content: &str) -> (String, Option<i32>) {
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&file, content).expect("the target directory is writable");
    let run = quickstart(&[file]);
    (String::from_utf8_lossy(&run.stderr).into_owned(), run.status.code())
}

#[test]
fn fits_the_shipped_table() {
    let run = quickstart(&[]);
    let out = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    assert!(out.contains("Solver converged"), "{out}");
    assert!(out.contains("accuracy          98."), "{out}");
}

#[test]
fn names_the_missing_file() {
    let run = quickstart(&[PathBuf::from("nowhere.csv")]);
    let message = String::from_utf8_lossy(&run.stderr);
    assert_eq!(run.status.code(), Some(1));
    assert!(message.contains("cannot read nowhere.csv"), "{message}");
}

#[test]
fn names_line_and_expectation() {
    let header = TABLE.lines().next().expect("the table has a header");
    let wrong_word = TABLE.replacen("17.99", "high", 1);
    let wrong_class = format!("{header}\n{}2\n", "1.5,".repeat(30));
    for (name, content, expected) in [
        (
            "header.csv",
            "a,b\n",
            "header.csv, line 1: expected the header `569,30,malignant,benign`, found `a,b`",
        ),
        ("width.csv", &format!("{header}\n1,2,3\n"), "width.csv, line 2: expected 31 numbers, found 3"),
        ("word.csv", &wrong_word, "word.csv, line 2: number 1: expected a finite number, found `high`"),
        ("class.csv", &wrong_class, "class.csv, line 2: number 31: expected the class 0 or 1, found `2`"),
        ("short.csv", header, "short.csv: expected 569 samples, found 0"),
    ] {
        let (message, code) = refusal(name, content);
        assert_eq!(code, Some(1), "{message}");
        assert!(message.contains(expected), "{message}");
    }
}
