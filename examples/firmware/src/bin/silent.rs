//! The image that links only if no panic is left in it.
#![no_std]
#![no_main]

#[path = "../silence.rs"]
mod silence;

use firmware::{Verdict, run};

#[cortex_m_rt::entry]
fn main() -> ! {
    let mut verdict = Verdict(true);
    run(&mut verdict);
    #[cfg(feature = "panic")]
    assert!(core::hint::black_box(verdict.0));
    silence::exit(verdict.0)
}
