//! The image that links only if no panic is left in it: its panic handler calls what does not exist. It can print nothing,
//! since formatting may panic; its verdict is the exit code.
#![no_std]
#![no_main]

use cortex_m_semihosting::debug;
use firmware::{Verdict, run};

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
    run(&mut verdict);
    #[cfg(feature = "panic")]
    assert!(core::hint::black_box(verdict.0));
    debug::exit(if verdict.0 { debug::EXIT_SUCCESS } else { debug::EXIT_FAILURE });
    loop {
        cortex_m::asm::wfi();
    }
}
