//! What every test of the front does: reads a function and gives its program, or what is wrong with it.

#![allow(dead_code, unreachable_pub, reason = "each test file uses a part of the laboratory")]

use gradmacro_core::diagnostics::{Diagnostic, Diagnostics};
use gradmacro_core::front::item::read_item;
use gradmacro_core::front::request::{check_options, read_options};
use gradmacro_core::front::signature::read_signature;
use gradmacro_core::front::surroundings::Surroundings;
use gradmacro_core::front::{Program, read_program};

/// The program of a function under the attribute without options.
pub fn read(function: &str) -> Result<Program, Vec<Diagnostic>> {
    read_with("", function)
}

/// The same with options. The head must be right; the mistakes are those of the body.
pub fn read_with(options: &str, function: &str) -> Result<Program, Vec<Diagnostic>> {
    let (head, body) = (Diagnostics::new(), Diagnostics::new());
    let options = read_options(options.parse().unwrap(), &head);
    let function = read_item(function.parse().unwrap(), &head).unwrap();
    let signature = read_signature(&function, &options.types, &head);
    let request = check_options(&options, &signature, &function, &head);
    head.finish();
    let program = read_program(&signature, &request, &Surroundings::default(), &function.body, &body);
    let errors = body.finish();
    program.ok_or(errors)
}
