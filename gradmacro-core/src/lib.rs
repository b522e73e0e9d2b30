//! The compiler behind gradmacro.
pub mod algebra;
pub mod certify;
pub mod diff;
pub mod ir;
pub mod ops;
pub mod plan;
