//! The image that prints results, instructions and stack of what is generated. Its exit code is the verdict.
#![no_std]
#![no_main]

#[path = "../reporting.rs"]
mod reporting;

#[cortex_m_rt::entry]
fn main() -> ! {
    reporting::report(|report| firmware::run(report))
}
