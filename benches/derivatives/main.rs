//! Generated Jacobians and Hessians against num-dual, central differences and code by hand: `benches/README.md`.
#[macro_use]
mod cases;
mod duals;
mod experts;
mod measure;
mod scalars;
mod table;
mod vectors;

use measure::{Report, print_head};
use table::{print_failures, print_tables};

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
    print_tables(&report.rows);
    print_failures(&report.rows);
}
