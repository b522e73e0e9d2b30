//! The tables of the page.

use std::fmt::Write;

use benches::measure::{Rival, Row};

/// How many functions at the beginning are those that this project was measured by while it was built.
pub(crate) const FIRST: usize = 20;

/// What may be lost to noise: in time 5 % by the goal, and the same in instructions.
const NOISE: f64 = 1.05;

/// Replaces what stands between `<!-- name -->` and `<!-- /name -->`.
pub(crate) fn put(text: &mut String, name: &str, table: &str) {
    let (start, end) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
    let places = text.find(&start).map(|place| place + start.len()).zip(text.find(&end));
    if let Some((from, to)) = places {
        text.replace_range(from..to, table);
    }
}

fn cell(ratio: Option<f64>) -> String {
    match ratio {
        None => String::new(),
        Some(ratio) if ratio < 9.95 => format!("{ratio:.2}"),
        Some(ratio) => format!("{ratio:.0}"),
    }
}

/// Every gradient with its rivals' ratios.
pub(crate) fn gradients(rows: &[Row], counts: &[Row]) -> String {
    let head = "| function | n | ns | by hand | num-dual | differences | CasADi | gradient over value |";
    let (more, rule) = if counts.is_empty() { ("", "") } else { (" instructions | by hand |", "---:|---:|") };
    let mut table = format!("{head}{more}\n|---|---:|---:|---:|---:|---:|---:|---:|{rule}\n");
    for row in rows {
        let Row { function, variables, cost, .. } = row;
        let rivals = [Rival::Hand, Rival::NumDual, Rival::Differences, Rival::CasADi]
            .map(|rival| cell(row.ratio(rival)));
        let value = cell(row.ratio(Rival::Value).map(|ratio| 1.0 / ratio));
        let _ = write!(table, "| {function} | {variables} | {cost:.1} | {} | {value} |", rivals.join(" | "));
        if let Some(counted) = counts.iter().find(|counted| counted.function == *function) {
            let _ = write!(table, " {:.0} | {} |", counted.cost, cell(counted.ratio(Rival::Hand)));
        }
        table.push('\n');
    }
    table
}

/// Means, and what is not as fast as it should be.
pub(crate) fn verdict(rows: &[Row], counts: &[Row]) -> String {
    let mut text = String::new();
    let (first, further) = rows.split_at(FIRST.min(rows.len()));
    for (rows, which) in [(first, "The first twenty"), (further, "All others")] {
        let _ =
            writeln!(text, "- {which}: {:.2} times the time by hand, as a geometric mean.", 1.0 / mean(rows));
    }
    let slower = |rows: &[Row]| below(rows, Rival::Hand, 1.0 / NOISE);
    let _ = writeln!(text, "- Slower than by hand: {}.", slower(rows));
    if !counts.is_empty() {
        let _ = writeln!(text, "- More instructions than by hand: {}.", slower(counts));
    }
    let _ = writeln!(text, "- Slower than CasADi: {}.", below(rows, Rival::CasADi, 1.0 / NOISE));
    let _ = writeln!(text, "- Slower than num-dual: {}.", below(rows, Rival::NumDual, 1.0));
    let _ = writeln!(text, "- Gradients of more than 2.5 values: {}.", below(rows, Rival::Value, 1.0 / 2.5));
    text
}

/// The geometric mean of what code by hand takes over what ours does.
fn mean(rows: &[Row]) -> f64 {
    let logarithms: Vec<f64> = rows.iter().filter_map(|row| Some(row.ratio(Rival::Hand)?.ln())).collect();
    (logarithms.iter().sum::<f64>() / logarithms.len() as f64).exp()
}

fn below(rows: &[Row], rival: Rival, line: f64) -> String {
    let names = rows.iter().filter_map(|row| {
        let ratio = row.ratio(rival).filter(|ratio| *ratio < line)?;
        Some(format!("{} ({:.2})", row.function, 1.0 / ratio))
    });
    let names: Vec<String> = names.collect();
    if names.is_empty() { "none".to_string() } else { names.join(", ") }
}

/// The sizes of one column.
const COLUMNS: [(&str, usize); 4] = [("n = 3, 4", 4), ("6, 9", 9), ("12", 12), ("32, 36", usize::MAX)];

/// Hessians and Jacobians: a table for each rival.
pub(crate) fn derivatives(rows: &[Row]) -> String {
    let titles = [
        (Rival::NumDual, "Time of num-dual over ours"),
        (Rival::Hand, "Time of nalgebra by hand over ours"),
        (Rival::Differences, "Time of central differences over ours"),
    ];
    titles.iter().map(|(rival, title)| against(rows, *rival, title)).collect()
}

fn against(rows: &[Row], rival: Rival, title: &str) -> String {
    let head = COLUMNS.map(|(name, _)| name).join(" | ");
    let mut lines: Vec<(&Row, [String; 4])> = vec![];
    for row in rows.iter().filter(|row| row.ratio(rival).is_some()) {
        let same = |(first, _): &&mut (&Row, _)| {
            (&first.function, &first.derivative) == (&row.function, &row.derivative)
        };
        let column = COLUMNS.iter().position(|(_, most)| row.variables <= *most).unwrap_or_default();
        if !lines.iter_mut().any(|line| same(&line)) {
            lines.push((row, [const { String::new() }; 4]));
        }
        if let Some((_, cells)) = lines.iter_mut().find(same) {
            cells[column] = cell(row.ratio(rival));
        }
    }
    let line = |(row, cells): &(&Row, [String; 4])| {
        format!("| {} | `{}` | {} |\n", row.function, row.derivative, cells.join(" | "))
    };
    let lines: String = lines.iter().map(line).collect();
    format!("\n{title}:\n\n| function | derivative | {head} |\n|---|---|---:|---:|---:|---:|\n{lines}")
}

/// What functions cost the compiler.
pub(crate) fn sizes(results: &str) -> String {
    let mut table = String::from(
        "| function | tokens | generated | per token | nested `let`s | expansion, ms | rustc, s |\n|---|---:|---:|---:|---:|---:|---:|\n",
    );
    for line in results.lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        let [name, source, generated, lets, milliseconds, seconds] = fields[..] else { continue };
        let number = |text: &str| text.parse::<f64>().unwrap_or(f64::NAN);
        let seconds = if seconds.is_empty() { String::new() } else { format!("{:.2}", number(seconds)) };
        let (share, time) = (number(generated) / number(source), number(milliseconds));
        let _ = writeln!(
            table,
            "| {name} | {source} | {generated} | {share:.1} | {lets} | {time:.2} | {seconds} |"
        );
    }
    table
}
