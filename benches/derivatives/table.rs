//! What the README holds: a table for each rival, and what is below the line.

use crate::measure::{Rival, Row};

/// The sizes of one column.
const COLUMNS: [(&str, usize); 4] = [("n = 3, 4", 4), ("6, 9", 9), ("12", 12), ("32, 36", 36)];

pub(crate) fn print_tables(rows: &[Row]) {
    let target = if cfg!(target_feature = "fma") { "a target with FMA" } else { "a target without FMA" };
    let titles = ["num-dual", "central differences", "nalgebra by hand"];
    for (rival, title) in Rival::ALL.into_iter().zip(titles) {
        println!("\n### Time of {title} over ours, {target}\n");
        println!("| function | derivative | {} |", COLUMNS.map(|(name, _)| name).join(" | "));
        println!("|---|---|---:|---:|---:|---:|");
        let mut lines: Vec<(&Row, [String; 4])> = vec![];
        for row in rows {
            let Some(ratio) = row.ratio(rival) else { continue };
            let same = |(first, _): &&mut (&Row, _)| {
                (first.function, first.derivative) == (row.function, row.derivative)
            };
            let column = COLUMNS.iter().position(|(_, most)| row.variables <= *most).expect("a column");
            let cell = if ratio < 9.95 { format!("{ratio:.2}") } else { format!("{ratio:.0}") };
            match lines.iter_mut().find(same) {
                Some((_, cells)) => cells[column] = cell,
                None => {
                    let mut cells = [const { String::new() }; 4];
                    cells[column] = cell;
                    lines.push((row, cells));
                }
            }
        }
        for (row, cells) in lines {
            println!("| {} | `{}` | {} |", row.function, row.derivative, cells.join(" | "));
        }
    }
}

/// As fast as num-dual everywhere, ten times as fast where a Hessian has twelve variables; not slower than by hand.
pub(crate) fn print_failures(rows: &[Row]) {
    println!("\n### Below the line\n");
    let line = |row: &Row| if row.derivative.contains("hessian") && row.variables >= 12 { 10.0 } else { 1.0 };
    for row in rows {
        if let Some(ratio) = row.ratio(Rival::NumDual).filter(|ratio| *ratio < line(row)) {
            println!("- num-dual: {}, n = {}, `{}`: {ratio:.2}", row.function, row.variables, row.derivative);
        }
        if let Some(ratio) = row.ratio(Rival::Hand).filter(|ratio| *ratio < 0.9) {
            println!("- by hand: {}, n = {}, `{}`: {ratio:.2}", row.function, row.variables, row.derivative);
        }
    }
}
