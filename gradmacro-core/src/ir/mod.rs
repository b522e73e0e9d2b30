//! The graph that every stage shares: nodes, shapes, exact coefficients, regions.
//!
//! Invariant: an id names the same node for the life of its graph, and operands are older than their users.

pub mod branch;
pub mod expr;
pub mod graph;
mod hash;
pub mod node;
pub mod properties;
pub mod ratio;
pub mod rebuild;
pub mod region;
pub mod scan;
pub mod shape;
mod sizes;
pub mod walk;

pub use branch::{Branch, OpenBranch};
pub use expr::{Expr, Weighted};
pub use graph::{Algebra, Graph, Id, Wanted};
pub use node::{Constant, Data, Leaf, Node, Op};
pub use properties::{Demanded, Fact, Properties, Test};
pub use ratio::Ratio;
pub use scan::{Carry, OpenScan, Scan};
pub use shape::{Dim, Shape};
