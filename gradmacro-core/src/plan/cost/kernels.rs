//! Which products are computed by kernels of the gradmacro library, and which by nalgebra.
//!
//! The limits come from timing each kernel beside nalgebra's ways to the same product, for sizes from 3 to 100, with
//! AVX2 and AVX-512; where nalgebra is as fast, nalgebra is called.

use super::{extent, size};
use crate::ir::Expr;
use crate::ops::lowered::{MUL_TR, TR_MUL};
use crate::ops::products::PRODUCT;

/// Products of so many rows are summed in lanes: AᵀB of a vector.
const LANES_FROM: u64 = 8;

/// Rows from which a matrix times a vector is summed in lanes, A x, if it has so many columns.
const BLOCKS_FROM: (u64, u64) = (8, 4);

/// Entries from which an outer product is written by a kernel.
const OUTER_FROM: u64 = 64;

/// Entries from which a product of matrices is computed in tiles.
const TILES_FROM: u64 = 16;

/// Entries from which a product is written where it stays: what a function gives by value is moved, at the cost of
/// another pass over it.
const MOVED_FROM: u64 = 512;

/// The kernel that computes this product faster than nalgebra does.
pub fn of(x: Expr<'_>) -> Option<&'static str> {
    let (left, columns) = (x.operands().first()?.shape(), extent(x.shape().columns));
    let is_long = extent(left.rows) >= BLOCKS_FROM.0 && extent(left.columns) >= BLOCKS_FROM.1;
    let is_row = extent(x.shape().rows) == 1;
    let large = columns > 1 && !is_row && size(x.shape()) >= TILES_FROM;
    match () {
        () if is_row => None,
        () if x.is(&TR_MUL) && columns == 1 => (extent(left.rows) >= LANES_FROM).then_some("tr_product"),
        () if x.is(&TR_MUL) && large => Some("tr_product"),
        () if x.is(&MUL_TR) && left.is_column() => (size(x.shape()) >= OUTER_FROM).then_some("product_tr"),
        () if x.is(&MUL_TR) && large => Some("product_tr"),
        () if x.is(&PRODUCT) && (large || columns == 1 && is_long) => Some("product"),
        () => None,
    }
}

/// The kernel that adds this product to a matrix that is there.
pub fn added(x: Expr<'_>) -> Option<&'static str> {
    let operands = x.operands();
    let [left, right] = operands[..] else { return None };
    let is_plain = !left.is_scalar() && !right.is_scalar() && extent(x.shape().rows) > 1;
    match () {
        () if !is_plain => None,
        () if x.is(&TR_MUL) => Some("tr_product"),
        () if x.is(&MUL_TR) && !left.shape().is_column() => Some("product_tr"),
        () if x.is(&PRODUCT) && !left.shape().is_column() => Some("product"),
        () => None,
    }
}

/// Is the product of a kernel so large that moving it costs more than filling a matrix first?
pub fn is_moved(x: Expr<'_>) -> bool {
    of(x).is_some() && size(x.shape()) >= MOVED_FROM
}
