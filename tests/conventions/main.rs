//! Where there is no derivative, where naive formulas overflow, and what other tools get wrong.

#[path = "../common/mod.rs"]
mod common;

mod edges;
mod singular;
mod stable;
mod wrong_elsewhere;
