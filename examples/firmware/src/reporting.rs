//! What the images that print share: each function's result, instructions and stack, through semihosting.

use core::ptr::addr_of_mut;

use cortex_m::Peripherals;
use cortex_m::peripheral::SYST;
use cortex_m::peripheral::syst::SystClkSource;
use cortex_m_semihosting::{debug, hprint, hprintln};
use firmware::{Entries, Observer, Real, agrees};

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    debug::exit(debug::EXIT_FAILURE);
    loop {}
}

unsafe extern "C" {
    /// The first word above all statics, from the linker script: the lowest that the stack may reach.
    static mut __sheap: u32;
}

/// What no function writes by chance.
const PAINT: u32 = 0xa5a5_5a5a;

/// Ticks of the timer and bytes of stack.
#[derive(Clone, Copy)]
struct Cost {
    ticks: u32,
    stack: usize,
}

/// Calls `function`, on painted stack. The frame of this function, which receives the result, is not counted.
#[inline(never)]
fn measure<R>(timer: &mut SYST, function: impl FnOnce() -> R) -> (R, Cost) {
    let bottom = addr_of_mut!(__sheap);
    let top = (cortex_m::register::msp::read() & !3) as *mut u32;
    let mut word = bottom;
    while word < top {
        // SAFETY: between all statics and the stack pointer; no interrupt is enabled that could use this meanwhile.
        word = unsafe {
            word.write_volatile(PAINT);
            word.add(1)
        };
    }
    timer.clear_current();
    let before = SYST::get_current();
    let result = function();
    let after = SYST::get_current();
    let mut word = bottom;
    // SAFETY: as above, and each word has been written.
    while word < top && unsafe { word.read_volatile() } == PAINT {
        word = unsafe { word.add(1) };
    }
    // The timer counts down in 24 bits.
    let ticks = before.wrapping_sub(after) & 0x00ff_ffff;
    (result, Cost { ticks, stack: top as usize - word as usize })
}

/// Measures, prints and compares.
pub struct Report {
    timer: SYST,
    nothing: Cost,
    good: bool,
}

impl Report {
    fn new(mut timer: SYST) -> Self {
        timer.set_clock_source(SystClkSource::Core);
        timer.set_reload(0x00ff_ffff);
        timer.clear_current();
        timer.enable_counter();
        let ((), nothing) = measure(&mut timer, || ());
        Self { timer, nothing, good: true }
    }
}

impl Observer for Report {
    fn observe<R: Entries>(&mut self, name: &str, wanted: &[Real], function: impl FnOnce() -> R) {
        let (result, cost) = measure(&mut self.timer, function);
        let good = agrees(&result, wanted);
        self.good &= good;
        // An instruction takes 256 ns under `-icount shift=8`, a tick 40 ns: 6.4 ticks.
        let instructions = ((cost.ticks - self.nothing.ticks) * 10 + 32) / 64;
        let verdict = if good { "agrees" } else { "DIFFERS" };
        hprint!("{} {} {} {}", name, instructions, cost.stack - self.nothing.stack, verdict);
        result.visit(&mut |v| hprint!(" {:e}", v));
        hprintln!();
    }
}

/// Runs the image, and ends it with the verdict.
pub fn report(run: impl FnOnce(&mut Report)) -> ! {
    let good = Peripherals::take().is_some_and(|board| {
        let mut report = Report::new(board.SYST);
        run(&mut report);
        report.good
    });
    debug::exit(if good { debug::EXIT_SUCCESS } else { debug::EXIT_FAILURE });
    loop {
        cortex_m::asm::wfi();
    }
}
