//! The silent image with the three losses only, so that their code can be weighed.
#![no_std]
#![no_main]

use cortex_m_semihosting::debug;
use firmware::{Verdict, run_losses};

unsafe extern "C" {
    fn a_panic_is_left() -> !;
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    // SAFETY: an image that calls this does not link.
    unsafe { a_panic_is_left() }
}

#[cortex_m_rt::entry]
fn main() -> ! {
    let mut verdict = Verdict(true);
    run_losses(&mut verdict);
    debug::exit(if verdict.0 { debug::EXIT_SUCCESS } else { debug::EXIT_FAILURE });
    loop {
        cortex_m::asm::wfi();
    }
}
