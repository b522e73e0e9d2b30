//! Instructions of one call, counted by callgrind. The benchmark runs itself under it: every subject makes so many calls,
//! then twice as many, and a mark after each lets callgrind write down what has been executed since the last one. The
//! difference of the two counts is that of the calls alone.

use std::hint::black_box;
use std::path::Path;
use std::process::Command;

use crate::measure::{Comparison, Rival, Row, smaller};

const CALLS: u32 = 20;
/// The argument of a run under callgrind.
pub const COUNTED: &str = "--counted";

/// Where callgrind writes a part of its profile; named in its arguments.
#[inline(never)]
pub fn mark(place: u64) {
    black_box(place);
}

/// Runs all subjects between marks, and says which they are.
pub(crate) fn run(comparison: &mut Comparison<'_>) {
    let Comparison { function, variables, derivative, ours, rivals } = comparison;
    let all = std::iter::once((None, ours)).chain(rivals.iter_mut().map(|(r, subject)| (Some(*r), subject)));
    for (rival, subject) in all {
        let skipped = [Rival::Differences, Rival::CasADi, Rival::NumDual];
        if rival.is_some_and(|rival| skipped.contains(&rival)) {
            continue;
        }
        // The first calls resolve symbols and choose versions of library functions.
        subject.run(CALLS);
        mark(0);
        subject.run(CALLS);
        mark(1);
        subject.run(2 * CALLS);
        mark(2);
        let name = rival.map_or("Ours".to_string(), |rival| format!("{rival:?}"));
        println!("{function}\t{variables}\t{derivative}\t{name}");
    }
}

/// Runs this program under callgrind. Nothing if there is none.
#[must_use]
pub fn counted(wanted: &[String]) -> Option<Vec<Row>> {
    let folder = std::env::temp_dir().join(format!("gradmacro-callgrind-{}", std::process::id()));
    std::fs::create_dir_all(&folder).ok()?;
    let rows = profile(&folder, wanted);
    std::fs::remove_dir_all(&folder).ok()?;
    rows
}

fn profile(folder: &Path, wanted: &[String]) -> Option<Vec<Row>> {
    let out = folder.join("profile");
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--combine-dumps=yes", "--dump-after=benches::instructions::mark*"])
        // The threads that run comparisons have large stacks.
        .args(["--max-stackframe=300000000", "--main-stacksize=300000000"])
        .arg(format!("--callgrind-out-file={}", out.display()))
        .arg(std::env::current_exe().ok()?)
        .arg(COUNTED)
        .args(wanted)
        .output()
        .ok()?;
    if !output.status.success() {
        eprintln!("{}", String::from_utf8_lossy(&output.stderr));
        return None;
    }
    let profile = std::fs::read_to_string(&out).ok()?;
    let totals = profile.lines().filter_map(|line| line.strip_prefix("summary: ")?.trim().parse().ok());
    let totals: Vec<f64> = totals.collect();
    let names = String::from_utf8_lossy(&output.stdout);
    Some(rows(names.lines(), &totals))
}

fn rows<'a>(names: impl Iterator<Item = &'a str>, totals: &[f64]) -> Vec<Row> {
    let mut rows: Vec<Row> = vec![];
    for (name, counts) in names.zip(totals.chunks_exact(3)) {
        let cost = (counts[2] - counts[1]) / f64::from(CALLS);
        let fields: Vec<&str> = name.split('\t').collect();
        let [function, variables, derivative, subject] = fields[..] else { continue };
        let rival = Rival::ALL.into_iter().find(|rival| format!("{rival:?}") == subject);
        match (rival, rows.last_mut()) {
            (Some(rival), Some(row)) => smaller(&mut row.ratios[rival as usize], cost / row.cost),
            _ => rows.push(Row {
                function: function.to_string(),
                variables: variables.parse().unwrap_or_default(),
                derivative: derivative.to_string(),
                cost,
                ratios: [None; 5],
            }),
        }
    }
    rows
}
