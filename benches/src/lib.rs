//! What the benchmarks share: data, ways to take differences, timing side by side, instruction counts, tables.

pub mod code;
pub mod differences;
pub mod duals;
pub mod instructions;
pub mod measure;
pub mod random;
pub mod results;

use std::path::Path;

use measure::{Report, Row};

/// Dual numbers of 36 variables are ten kilobytes each, and live on the stack.
const STACK: usize = 256 << 20;

/// Runs the comparisons that the command line asks for: times them or, with `--instructions`, counts what they execute,
/// and with `--results FILE` writes the rows to a file. Other arguments are parts of names of functions.
///
/// # Panics
/// If results differ, or if the file cannot be written.
pub fn run(comparisons: fn(&mut Report)) {
    let (mut wanted, mut counting, mut counted, mut file) = (vec![], false, false, None);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--instructions" => counting = true,
            instructions::COUNTED => counted = true,
            "--results" => file = arguments.next(),
            option if option.starts_with("--") => {}
            _ => wanted.push(argument),
        }
    }
    let rows = match counting {
        true => count(&wanted),
        false => on_a_large_stack(move || {
            let mut report = Report::asked_for(wanted, counted);
            comparisons(&mut report);
            report.rows
        }),
    };
    if let Some(file) = file {
        results::write(Path::new(&file), &rows).expect("the results can be written");
    }
}

fn count(wanted: &[String]) -> Vec<Row> {
    let rows = instructions::counted(wanted).unwrap_or_default();
    if rows.is_empty() {
        println!("No instructions were counted: is valgrind installed?");
    }
    results::print_head();
    rows.iter().for_each(results::print_row);
    rows
}

fn on_a_large_stack(work: impl FnOnce() -> Vec<Row> + Send + 'static) -> Vec<Row> {
    let worker = std::thread::Builder::new().stack_size(STACK).spawn(work);
    worker.expect("a thread").join().expect("equal results")
}
