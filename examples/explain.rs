//! Prints what the compiler makes of annotated functions: value and derivatives as formulas in three notations, what they
//! cost, and the rewrites that led there.
//!
//! `cargo run --example explain -- file.rs`; without a file it explains a ridge regression.

use std::process::ExitCode;

use gradmacro_core::explain;

const SAMPLE: &str = "
#[derive_grad(hessian)]
fn ridge(w: &SVector<f64, 4>, x: &SMatrix<f64, 100, 4>, y: &SVector<f64, 100>, lambda: f64) -> f64 {
    let r = x * w - y;
    0.5 * r.norm_squared() + 0.5 * lambda * w.norm_squared()
}";

fn main() -> ExitCode {
    let source = match std::env::args().nth(1) {
        None => SAMPLE.to_owned(),
        Some(path) => match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) => {
                eprintln!("cannot read {path}: {error}");
                return ExitCode::FAILURE;
            }
        },
    };
    match explain(&source) {
        Ok(explanations) => {
            explanations.iter().for_each(|explanation| println!("{explanation}\n"));
            ExitCode::SUCCESS
        }
        Err(errors) => {
            errors.iter().for_each(|error| eprintln!("error: {error}\n"));
            ExitCode::FAILURE
        }
    }
}
