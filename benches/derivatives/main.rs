//! Generated Jacobians and Hessians against num-dual, central differences and code by hand: `benches/README.md`.
#[macro_use]
mod cases;
mod duals;
mod experts;
mod measure;
mod scalars;
mod vectors;

use measure::{Report, Rival, Row, print_head};

/// Dual numbers of 36 variables are ten kilobytes each, and live on the stack.
const STACK: usize = 256 << 20;

fn main() {
    let wanted = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let worker = std::thread::Builder::new().stack_size(STACK).spawn(move || run(wanted));
    worker.expect("a thread").join().expect("equal results");
}

fn run(wanted: Vec<String>) {
    let mut report = Report { wanted, ..Report::default() };
    print_head();
    scalars::vectors_of_3(&mut report);
    scalars::vectors_of_6(&mut report);
    scalars::vectors_of_12(&mut report);
    scalars::vectors_of_32(&mut report);
    scalars::matrices(&mut report);
    vectors::of_3(&mut report);
    vectors::of_6(&mut report);
    vectors::of_12(&mut report);
    vectors::of_32(&mut report);
    vectors::models(&mut report);
    summarise(&report.rows);
}

/// What is below the line: as fast as num-dual everywhere, ten times as fast where a Hessian has twelve variables.
fn summarise(rows: &[Row]) {
    println!("\n{}", if cfg!(target_feature = "fma") { "with FMA" } else { "without FMA" });
    let line = |row: &Row| if row.derivative.contains("hessian") && row.variables >= 12 { 10.0 } else { 1.0 };
    for row in rows {
        if let Some(ratio) = row.ratio(Rival::NumDual).filter(|ratio| *ratio < line(row)) {
            println!("num-dual: {} n = {} {}: {ratio:.2}", row.function, row.variables, row.derivative);
        }
        if let Some(ratio) = row.ratio(Rival::Hand).filter(|ratio| *ratio < 0.9) {
            println!("by hand: {} n = {} {}: {ratio:.2}", row.function, row.variables, row.derivative);
        }
    }
}
