//! One command for every figure of `benches/README.md`: runs the benchmarks for the default target and for this machine's
//! own, counts instructions, measures sizes, writes tables between the marks of the page, and draws `docs/speed.svg`.
//!
//! `--tables` makes tables and plot from the results of the last run.
mod plot;
mod tables;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use benches::measure::Row;
use benches::results;

/// The targets: what files and tables are named after, and the flags of the compiler.
const TARGETS: [(&str, &str); 2] = [("default", ""), ("native", "-C target-cpu=native")];

fn main() -> ExitCode {
    let only_tables = std::env::args().any(|argument| argument == "--tables");
    if !only_tables && !measured() {
        println!("A benchmark failed: the page stays as it is.");
        return ExitCode::FAILURE;
    }
    match written() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("The page cannot be written: {error}");
            ExitCode::FAILURE
        }
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Where results are kept from one run to the next.
fn results_of(benchmark: &str, target: &str) -> PathBuf {
    root().join("../target/benches").join(format!("{benchmark}-{target}.tsv"))
}

fn measured() -> bool {
    let folder = root().join("../target/benches");
    if std::fs::create_dir_all(&folder).is_err() {
        return false;
    }
    let timed = TARGETS.iter().all(|(target, flags)| {
        ["gradients", "derivatives"].iter().all(|benchmark| run(benchmark, target, flags, &[], target))
    });
    timed
        && run("gradients", "default", "", &["--instructions"], "instructions")
        && run("sizes", "default", "", &[], "default")
}

/// One benchmark; the results of a target are compiled apart, so that nothing is compiled again next time.
fn run(benchmark: &str, target: &str, flags: &str, arguments: &[&str], results: &str) -> bool {
    println!("\n{benchmark}, {target} target {}\n", arguments.join(" "));
    let status = Command::new("cargo")
        .args(["bench", "--quiet", "--package", "benches", "--bench", benchmark, "--target-dir"])
        .arg(root().join("../target/benches").join(target))
        .arg("--")
        .args(arguments)
        .arg("--results")
        .arg(results_of(benchmark, results))
        .env("RUSTFLAGS", flags)
        .status();
    status.is_ok_and(|status| status.success())
}

/// What has no results keeps its table.
fn written() -> std::io::Result<()> {
    let page = root().join("README.md");
    let mut text = std::fs::read_to_string(&page)?;
    let read = |benchmark, target| results::read(&results_of(benchmark, target)).ok();
    let counted: Vec<Row> = read("gradients", "instructions").unwrap_or_default();
    for (target, _) in TARGETS {
        let counts: &[Row] = if target == "default" { &counted } else { &[] };
        if let Some(rows) = read("gradients", target) {
            tables::put(&mut text, &format!("gradients-{target}"), &tables::gradients(&rows, counts));
            tables::put(&mut text, &format!("verdict-{target}"), &tables::verdict(&rows, counts));
        }
        if let Some(rows) = read("derivatives", target) {
            tables::put(&mut text, &format!("derivatives-{target}"), &tables::derivatives(&rows));
        }
    }
    if let Ok(sizes) = std::fs::read_to_string(results_of("sizes", "default")) {
        tables::put(&mut text, "sizes", &tables::sizes(&sizes));
    }
    std::fs::write(&page, text)?;
    let plotted = read("gradients", "native").unwrap_or_default();
    plot::draw(&root().join("../docs/speed.svg"), &plotted).map_err(std::io::Error::other)
}
