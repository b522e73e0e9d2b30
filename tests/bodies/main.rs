//! What may stand in the body of a function besides operations: sums over an index, closures and nested functions, and
//! expressions that are kept as they are.

#[path = "../common/mod.rs"]
mod common;

mod closures;
mod kept;
mod sums;
