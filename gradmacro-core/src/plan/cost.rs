//! Counting operations: one rule for the planner, the documentation and the tests.
//!
//! An addition, multiplication or division counts 1, an elementary function what its row says (10 for most), moving
//! entries nothing. Named sizes count as [`NOMINAL`].

mod systems;

use crate::ir::{Dim, Expr, Node, Ratio, Shape};
use crate::ops::arithmetic::{POWERS, SCALE, SUM};
use crate::ops::lowered::{
    COLUMN_SUM, INNER, MUL_TR, NORM, NORM_SQUARED, ROW_SUM, SCALE_COLUMNS, SCALE_ROWS, TOTAL, TR_INNER,
    TR_MUL,
};
use crate::ops::products::{BLOCK_INNER, BLOCK_SUM, KRONECKER, PRODUCT};
use crate::ops::reductions::{EXTREMUM_WEIGHTS, LOG_SUM_EXP, SOFTMAX};
use crate::ops::spectral::{EXPONENTIAL, EXPONENTIAL_DIRECTION};
use crate::ops::structure::{TRACE, TRANSPOSE};
use crate::ops::systems::{MIRROR, PSEUDO_INVERSE};
use crate::ops::{OpDef, Value};

/// What a size counts that is known only by name.
pub const NOMINAL: u64 = 16;

/// Operations of an elementary function.
pub const CALL: u64 = 10;

/// A dimension as a number.
pub fn extent(dim: Dim) -> u64 {
    dim.known().map_or(NOMINAL, |n| n as u64)
}

/// Entries of a matrix.
pub fn size(shape: Shape) -> u64 {
    extent(shape.rows) * extent(shape.columns)
}

/// Operations that a node takes, its operands being at hand.
pub fn flops(x: Expr<'_>) -> u64 {
    match &*x.node() {
        Node::Leaf(_) | Node::IndexSum(_) => 0,
        Node::Apply(op, ..) => {
            match COUNTS
                .iter()
                .chain(systems::COUNTS)
                .chain(systems::UNPLANNED)
                .find(|(row, _)| std::ptr::eq(*row, op.0))
            {
                Some((_, count)) => count(x),
                None if matches!(op.0.value, Value::Entry(_)) => u64::from(op.0.work) * size(x.shape()),
                None => 0,
            }
        }
    }
}

pub(super) type Count = for<'g> fn(Expr<'g>) -> u64;

/// Rows that compute something; all others move entries or are entrywise functions.
static COUNTS: &[(&OpDef, Count)] = &[
    (&SUM, sum),
    (&SCALE, |x| size(x.shape())),
    (&POWERS, powers),
    (&PRODUCT, |x| product(x.operand(0).shape(), x.shape().columns)),
    (&TR_MUL, |x| product(x.operand(0).shape().transposed(), x.shape().columns)),
    (&MUL_TR, |x| product(x.operand(0).shape(), x.shape().columns)),
    (&INNER, twice),
    (&TR_INNER, twice),
    (&NORM_SQUARED, twice),
    (&NORM, |x| twice(x) + CALL),
    (&TOTAL, once),
    (&ROW_SUM, once),
    (&COLUMN_SUM, once),
    (&SCALE_ROWS, |x| size(x.shape())),
    (&SCALE_COLUMNS, |x| size(x.shape())),
    (&TRACE, |x| extent(x.operand(0).shape().rows)),
    (&TRANSPOSE, |_| 0),
    (&KRONECKER, |x| size(x.shape())),
    (&BLOCK_INNER, twice),
    (&BLOCK_SUM, twice),
    (&LOG_SUM_EXP, |x| (CALL + 2) * size(x.operand(0).shape())),
    (&SOFTMAX, |x| (CALL + 2) * size(x.shape())),
    (&EXTREMUM_WEIGHTS, once),
    (&MIRROR, |_| 0),
    (&EXPONENTIAL, |x| 20 * cubed(x)),
    (&EXPONENTIAL_DIRECTION, |x| 160 * cubed(x)),
    (&PSEUDO_INVERSE, |x| 15 * size(x.shape()) * extent(x.shape().rows)),
];

/// n³ of a square matrix.
pub(super) fn cubed(x: Expr<'_>) -> u64 {
    extent(x.shape().rows).pow(3)
}

fn once(x: Expr<'_>) -> u64 {
    size(x.operand(0).shape())
}

fn twice(x: Expr<'_>) -> u64 {
    2 * once(x)
}

/// Operations of a product; an outer product has no additions.
pub fn product(left: Shape, columns: Dim) -> u64 {
    let inner = extent(left.columns);
    let per_entry = if inner == 1 { 1 } else { 2 * inner };
    extent(left.rows) * extent(columns) * per_entry
}

fn sum(x: Expr<'_>) -> u64 {
    let terms = x.weighted();
    let scaled = terms.iter().filter(|(y, k)| k.absolute() != Ratio::ONE && !y.is_ones()).count();
    size(x.shape()) * (terms.len().saturating_sub(1) + scaled) as u64
}

fn powers(x: Expr<'_>) -> u64 {
    let factors = x.weighted();
    let raised = |p: Ratio| match p.integer() {
        Some(n) => u64::from(n.unsigned_abs().saturating_sub(1)) + if n < 0 { 1 } else { 0 },
        None => CALL,
    };
    let work: u64 = factors.iter().map(|(_, p)| raised(*p)).sum();
    size(x.shape()) * (work + factors.len().saturating_sub(1) as u64)
}
