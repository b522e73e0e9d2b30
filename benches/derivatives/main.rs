//! Generated Jacobians and Hessians against num-dual, central differences and code by hand: `benches/README.md`.
#[macro_use]
mod cases;
mod experts;
mod scalars;
mod vectors;

use benches::measure::Report;
use benches::run;

fn main() {
    run(|report: &mut Report| {
        scalars::vectors_of_3(report);
        scalars::vectors_of_6(report);
        scalars::vectors_of_12(report);
        scalars::vectors_of_32(report);
        scalars::matrices(report);
        vectors::of_3(report);
        vectors::of_6(report);
        vectors::of_12(report);
        vectors::of_32(report);
        vectors::models(report);
    });
}
