//! Reads attribute and function into a plain graph.
pub mod item;
pub mod program;
pub mod request;
pub mod signature;
pub mod types;

pub use program::{Input, InputKind, Kept, Program, Statement};

/// Placeholder until the body reader is in place.
pub fn read_program(
    _: &signature::Signature,
    _: &request::Request,
    _: &syn::Block,
    _: &crate::diagnostics::Diagnostics,
) -> Option<Program> {
    None
}
