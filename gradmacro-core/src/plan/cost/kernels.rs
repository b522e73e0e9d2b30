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

/// Entries from which an outer product is written by a kernel.
const OUTER_FROM: u64 = 64;

/// Entries from which a product of matrices is computed in tiles.
const TILES_FROM: u64 = 16;

/// The kernel that computes this product faster than nalgebra does.
pub fn of(x: Expr<'_>) -> Option<&'static str> {
    let (left, columns) = (x.operands().first()?.shape(), extent(x.shape().columns));
    let is_row = extent(x.shape().rows) == 1;
    let large = columns > 1 && !is_row && size(x.shape()) >= TILES_FROM;
    match () {
        () if is_row => None,
        () if x.is(&TR_MUL) && columns == 1 => (extent(left.rows) >= LANES_FROM).then_some("tr_product"),
        () if x.is(&TR_MUL) && large => Some("tr_product"),
        () if x.is(&MUL_TR) && left.is_column() => (size(x.shape()) >= OUTER_FROM).then_some("product_tr"),
        () if x.is(&MUL_TR) && large => Some("product_tr"),
        () if x.is(&PRODUCT) && large => Some("product"),
        () => None,
    }
}
