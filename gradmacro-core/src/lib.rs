//! The compiler behind gradmacro: reads a function written in nalgebra's matrix algebra, differentiates it as a matrix
//! expression, and writes Rust. An ordinary library, so that tests, examples and tools can call it.
//!
//! ```text
//! TokenStream ─ front ─► Program ─ diff ─► Derived ─ plan ─► Schedule ─ certify ─► Schedule ─ emit ─► TokenStream
//!                           └──────── one graph: ir · ops (one row per operation) · algebra (named rules) ────────┘
//! ```

pub mod algebra;
pub mod certify;
pub mod diagnostics;
pub mod diff;
pub mod emit;
mod explain;
pub mod front;
pub mod ir;
pub mod ops;
mod pipeline;
pub mod plan;

pub use explain::{Explanation, explain, explain_function};
pub use pipeline::{Expansion, Failure, expand, mistakes, read};
