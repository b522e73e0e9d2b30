//! The table of docs/panics.md.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

use crate::assembly::{Program, Reach};
use crate::sources::{Surveyed, about};
use crate::{PANIC, PLANTED};

/// A row: functions that are written alike and found alike.
struct Row {
    names: Vec<String>,
    cells: [String; 4],
}

/// All groups but that of the planted panics, each with a table, and how many functions are free of panics.
pub(crate) fn table(folder: &Path, programs: &[Program; 2], surveyed: &[Surveyed]) -> String {
    let functions: Vec<&Surveyed> = surveyed.iter().filter(|function| function.group != PLANTED).collect();
    let free = |program: &Program| {
        let is_free = |function: &&&Surveyed| program.reach(&function.name).way_to(PANIC).is_none();
        functions.iter().filter(is_free).count()
    };
    let [at_3, at_s] = [free(&programs[0]), free(&programs[1])];
    let mut text = format!(
        "Of {} functions, {at_3} are free of panics at `opt-level = 3`, {at_s} at `opt-level = \"s\"`.\n",
        functions.len()
    );
    for group in functions.chunk_by(|a, b| a.group == b.group) {
        let rows = rows(programs, group);
        write!(text, "\n### {}\n\n", about(folder, &group[0].group).trim_end_matches('.'))
            .expect("a string takes all");
        text += "| function | as written | 3 | \"s\" | `f64` inside |\n|---|---|---|---|---|\n";
        for row in rows {
            let [written, at_3, at_s, double] = &row.cells;
            writeln!(text, "| {} | `{written}` | {at_3} | {at_s} | {double} |", row.names.join(", "))
                .expect("a string takes all");
        }
    }
    text
}

fn rows(programs: &[Program; 2], functions: &[&Surveyed]) -> Vec<Row> {
    let mut rows: Vec<Row> = vec![];
    for function in functions {
        let reaches = programs.each_ref().map(|program| program.reach(&function.name));
        let double = if reaches.iter().any(|reach| !reach.in_double().is_empty()) { "yes" } else { "" };
        let [at_3, at_s] = reaches.each_ref().map(verdict);
        let cells = [function.body().replace('|', "\\|"), at_3, at_s, double.to_owned()];
        match rows.iter_mut().find(|row| row.cells == cells) {
            Some(row) => row.names.push(function.name.clone()),
            None => rows.push(Row { names: vec![function.name.clone()], cells }),
        }
    }
    rows.iter_mut().for_each(|row| row.names = shortened(&row.names));
    rows
}

/// The names as code, of those that differ in a size only the size: `inverse_2`, 3, 4.
fn shortened(names: &[String]) -> Vec<String> {
    let mut before = "";
    let mut short = vec![];
    for name in names {
        let (stem, size) = name.rsplit_once('_').unwrap_or((name, ""));
        let sized = !size.is_empty() && size.chars().all(|c| c.is_ascii_digit());
        short.push(if sized && stem == before { size.to_owned() } else { format!("`{name}`") });
        before = if sized { stem } else { "" };
    }
    short
}

/// What a cell says: whether the function is free of panics, or where the panics are.
fn verdict(reach: &Reach<'_>) -> String {
    if reach.way_to(PANIC).is_none() {
        "yes".to_owned()
    } else {
        format!("no: {}", culprits(reach).join(", "))
    }
}

/// The files that the panics within reach are of, without the paths of one machine.
pub(crate) fn culprits(reach: &Reach<'_>) -> Vec<String> {
    let files: BTreeSet<String> = reach.files_of_panics().into_iter().map(short_path).collect();
    files.into_iter().collect()
}

/// `nalgebra/src/linalg/svd.rs` for a file of a package; what is generated stands in the files of the survey itself.
fn short_path(path: &str) -> String {
    let Some((package, file)) = path.rsplit_once("/src/") else {
        return "generated code".to_owned();
    };
    let name = package.rsplit('/').next().unwrap_or(package);
    let version = |(name, version): (&str, &str)| {
        version.starts_with(|c: char| c.is_ascii_digit()).then(|| name.to_owned())
    };
    let name = name.rsplit_once('-').and_then(version).unwrap_or_else(|| name.to_owned());
    format!("{name}/src/{file}")
}
