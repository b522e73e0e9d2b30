//! The functions, written as users write them. `sizes` and the tests of code size read these files too.

pub(crate) mod estimation;
pub(crate) mod geometry;
pub(crate) mod learning;
pub(crate) mod matrices;
pub(crate) mod polynomials;
pub(crate) mod rollouts;
pub(crate) mod twenty;
