//! Loops whose states cannot be stored.

use proc_macro2::TokenStream;

use super::program::Program;
use super::request::Request;
use super::signature::Signature;
use crate::diagnostics::Diagnostics;

/// What reverse mode would have to store for a loop.
#[derive(Clone, Copy)]
pub struct Stored {
    /// How often the loop runs, if that is a number.
    pub trips: Option<u64>,
    /// Numbers per run.
    pub numbers: u64,
}

/// Reports a loop whose gradient stores more than the option `stack` allows, at its head.
pub fn refuse_storage(
    program: &Program,
    stored: Stored,
    signature: &Signature,
    request: &Request,
    diagnostics: &Diagnostics,
) {
    let report = |message: String| match head(program, stored.trips) {
        Some(head) => diagnostics.error(&head, message),
        None => diagnostics.error_at(signature.head(), message),
    };
    let bytes = stored.numbers.saturating_mul(signature.scalar.bytes());
    match stored.trips {
        Some(trips) => {
            report(format!("the gradient of this loop stores {trips} states of {bytes} bytes on the stack"))
                .note(format!(
                    "{}; without a heap the limit is {} (option `stack`)",
                    in_units(trips.saturating_mul(bytes)),
                    in_units(request.stack as u64)
                ))
                .help("fewer steps, or `jvp`, which stores no states")
        }
        None => report("the number of steps of this loop is only known when it runs".to_owned())
            .note("its gradient reads the states of all steps, for which there is no storage of a fixed size")
            .help("a constant number of steps, or `jvp`, which stores no states"),
    };
}

/// The head of the first loop that runs so often.
fn head(program: &Program, trips: Option<u64>) -> Option<&TokenStream> {
    let is_it = |node| match program.graph.node(node).data().constant_index() {
        Some(n) => u64::try_from(n).ok() == trips,
        None => trips.is_none(),
    };
    program.loops.iter().find(|(_, node)| is_it(*node)).map(|(head, _)| head)
}

/// Bytes in the unit that people use: `45.8 MiB`.
fn in_units(bytes: u64) -> String {
    let scaled = |unit: u64| {
        let tenths = (bytes * 10 + unit / 2) / unit;
        if tenths.is_multiple_of(10) {
            format!("{}", tenths / 10)
        } else {
            format!("{}.{}", tenths / 10, tenths % 10)
        }
    };
    match bytes {
        0..1024 => format!("{bytes} bytes"),
        1024..0x10_0000 => format!("{} KiB", scaled(1024)),
        _ => format!("{} MiB", scaled(0x10_0000)),
    }
}
