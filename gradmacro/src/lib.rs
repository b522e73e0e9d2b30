//! Compile-time symbolic gradients of nalgebra functions.
#![no_std]

pub use gradmacro_macros::derive_grad;
