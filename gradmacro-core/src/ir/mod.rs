//! The graph that every stage shares.
pub mod shape;
