//! Schedules as Rust, expressions as formulas, and what is emitted when an expansion fails.

pub mod documentation;
pub mod fallback;
pub mod formulas;
pub mod math;
pub mod nalgebra;
