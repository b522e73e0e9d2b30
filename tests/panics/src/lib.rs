//! One function for each operation, as a user writes it, in single precision, with what is generated for it kept in the
//! program. `tests/panics.rs` looks at the assembly of the whole program after link-time optimisation: from which of
//! them is the panic handler within reach?
#![no_std]
#![allow(clippy::style, clippy::complexity, reason = "each spelling of an operation is to be read")]

use core::panic::PanicInfo;
use core::ptr::{from_ref, null};

#[macro_use]
mod survey;

mod elementwise;
mod geometry;
mod loops;
mod planted;
mod products;
mod reductions;
mod second_order;
mod solutions;
mod spectral;
mod structure;
mod systems;
mod triangular;

unsafe extern "C" {
    /// Defined nowhere: the program is looked at, and never linked. The place of the panic is passed on so that it stays
    /// in the program.
    safe fn a_panic_is_left(place: *const ()) -> !;
}

#[panic_handler]
fn panic(info: &PanicInfo<'_>) -> ! {
    a_panic_is_left(info.location().map_or(null(), |place| from_ref(place).cast()))
}
