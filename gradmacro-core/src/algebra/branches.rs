//! Normal form of conditionals.

use crate::ir::branch::close_branch;
use crate::ir::{Expr, OpenBranch};

/// The results of the body that is chosen.
pub(super) fn branch<'g>(open: OpenBranch<'g>) -> Vec<Expr<'g>> {
    close_branch(&open)
}
