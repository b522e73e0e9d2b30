//! Derivatives: two loops, and no rule in sight.
//!
//! [`push`] applies the differential of each operation, oldest node first. [`pull`] transposes the linear map that push
//! has made: dy = ⟨G, dX⟩, read off G. Both call themselves on the bodies of regions. Every statement of calculus is
//! in a row of the table; this stage asks a row for its [`crate::ops::Derivative`] and never which operation it is.
//!
//! Example: for y = xᵀAx, push gives dxᵀAx + xᵀA dx, and pull reads (A + Aᵀ)x off it.

mod derived;
mod gradient;
mod matrix;
mod moving;
mod parts;
mod pull;
mod push;
mod reverse;
mod storage;

pub(crate) use derived::differentiated;
pub use derived::{Derived, NotDifferentiable, differentiate};
pub use gradient::gradient;
pub use matrix::jacobian;
pub use parts::Differentiated;
pub use pull::{NoStorage, Storage, pull};
pub use push::{Tangents, push};
