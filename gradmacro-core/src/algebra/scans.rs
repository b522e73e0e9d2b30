//! Normal form of loops with carried variables.

use crate::ir::scan::close_scan;
use crate::ir::{Expr, OpenScan};

/// The values after the last step.
pub(super) fn scan<'g>(open: OpenScan<'g>) -> Vec<Expr<'g>> {
    close_scan(&open)
}
