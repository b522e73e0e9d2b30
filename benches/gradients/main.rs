//! Generated gradients against other ways to get them: `benches/README.md`.
#[macro_use]
mod cases;
mod casadi;
mod experts;
mod functions;
mod further;
mod twenty;

use benches::measure::{Numbers, Report};
use benches::run;

/// Central differences of all variables, in the order of a Jacobian's entries.
struct Flat<const N: usize>([f64; N], usize);

/// No function has more results.
const MOST_RESULTS: usize = 3;

impl<const N: usize> Numbers for Flat<N> {
    fn append(&self, list: &mut Vec<f64>) {
        list.extend_from_slice(&self.0[..self.1]);
    }
}

fn main() {
    run(|report: &mut Report| {
        twenty::products(report);
        twenty::statistics(report);
        twenty::models(report);
        further::estimations(report);
        further::geometries(report);
        further::learnings(report);
        further::of_matrices(report);
        further::optimisations(report);
        further::of_rollouts(report);
    });
}
