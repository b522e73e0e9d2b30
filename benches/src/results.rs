//! Rows on paper: what is printed while they are measured, and files that another program makes tables of.

use std::path::Path;

use crate::measure::{Rival, Row};

/// The head of the table that is printed while rows are measured.
pub fn print_head() {
    println!("| function | n | derivative | ns | num-dual | differences | by hand | CasADi | value |");
    println!("|---|---:|---|---:|---:|---:|---:|---:|---:|");
}

/// A row of it.
pub fn print_row(row: &Row) {
    let ratios =
        Rival::ALL.map(|rival| row.ratio(rival).map_or(String::new(), |ratio| format!("{ratio:.2}")));
    let Row { function, variables, derivative, cost, .. } = row;
    println!("| {function} | {variables} | {derivative} | {cost:.1} | {} |", ratios.join(" | "));
}

/// Writes rows to a file, one a line.
///
/// # Errors
/// If the file cannot be written.
pub fn write(path: &Path, rows: &[Row]) -> std::io::Result<()> {
    let line = |row: &Row| {
        let ratios = row.ratios.map(|ratio| ratio.map_or(String::new(), |ratio| ratio.to_string()));
        let Row { function, variables, derivative, cost, .. } = row;
        format!("{function}\t{variables}\t{derivative}\t{cost}\t{}\n", ratios.join("\t"))
    };
    std::fs::write(path, rows.iter().map(line).collect::<String>())
}

/// Reads such a file.
///
/// # Errors
/// If it cannot be read, or if it is none.
pub fn read(path: &Path) -> std::io::Result<Vec<Row>> {
    let text = std::fs::read_to_string(path)?;
    let row = |line: &str| {
        let mut fields = line.split('\t');
        let mut next = || fields.next();
        let (function, variables) = (next()?.to_string(), next()?.parse().ok()?);
        let (derivative, cost) = (next()?.to_string(), next()?.parse().ok()?);
        let ratios = Rival::ALL.map(|_| next().and_then(|field| field.parse().ok()));
        Some(Row { function, variables, derivative, cost, ratios })
    };
    let rows: Option<Vec<Row>> = text.lines().map(row).collect();
    rows.ok_or_else(|| std::io::Error::other("not a file of rows"))
}
