//! What the firmware computes, in any precision: annotated functions, a filter made of them, and their arguments.
//!
//! Sine and cosine are missing on purpose: those of `libm` compute in double precision even for `f32`.
#![no_std]

mod arguments;
mod by_hand;
mod filter;
mod losses;
#[rustfmt::skip]
pub mod references;
mod rollout;

pub use arguments::*;
pub use by_hand::*;
pub use filter::*;
pub use losses::*;
pub use rollout::*;
