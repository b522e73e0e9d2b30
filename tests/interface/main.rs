//! What the attribute goes on, what it takes and what it generates.

#[path = "../common/mod.rs"]
mod common;

mod facts;
mod fallible;
mod hygiene;
mod options;
mod signatures;
mod strict;
