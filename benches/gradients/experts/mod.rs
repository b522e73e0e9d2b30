//! The same gradients with nalgebra by someone who knows the formula: nothing computed twice, products in place, no
//! transposed copies. Where it is not plain which form is faster, there are several, and the fastest counts.

pub(crate) mod estimation;
pub(crate) mod geometry;
pub(crate) mod learning;
pub(crate) mod matrices;
pub(crate) mod polynomials;
pub(crate) mod rollouts;
pub(crate) mod twenty;
