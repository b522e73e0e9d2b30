//! The silent image with the three losses only, so that their code can be weighed.
#![no_std]
#![no_main]

#[path = "../silence.rs"]
mod silence;

use firmware::{Verdict, run_losses};

#[cortex_m_rt::entry]
fn main() -> ! {
    let mut verdict = Verdict(true);
    run_losses(&mut verdict);
    silence::exit(verdict.0)
}
