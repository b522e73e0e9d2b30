//! Counting operations: one rule for the planner, the documentation and the tests.
//!
//! An addition, multiplication or division counts 1, an elementary function what its row says (10 for most), moving
//! and comparing entries nothing. Named sizes count as [`NOMINAL`].

pub mod kernels;
mod systems;
pub mod time;

use std::collections::HashSet;

use crate::ir::{Dim, Expr, Node, Ratio, Shape, Weighted};
use crate::ops::arithmetic::{POWERS, SCALE, SUM};
use crate::ops::lowered::{
    ADD_DIAGONAL, COLUMN_SUM, INNER, MUL_TR, NORM, NORM_SQUARED, ROW_SUM, SCALE_COLUMNS, SCALE_ROWS, TOTAL,
    TR_INNER, TR_MUL,
};
use crate::ops::products::{BLOCK_INNER, BLOCK_SUM, KRONECKER, PRODUCT};
use crate::ops::reductions::{EXTREMUM_WEIGHTS, LOG_SUM_EXP, SOFTMAX};
use crate::ops::spectral::{EXPONENTIAL, EXPONENTIAL_DIRECTION};
use crate::ops::structure::{ENTRIES, IDENTITY, SCATTER, TRACE, TRANSPOSE};
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

/// How often a loop with this trip count runs.
pub fn runs(trips: Expr<'_>) -> u64 {
    trips.node().data().constant_index().map_or(NOMINAL, |n| u64::try_from(n).unwrap_or(0))
}

/// Operations that a node takes, its operands being at hand.
pub fn flops(x: Expr<'_>) -> u64 {
    match &*x.node() {
        Node::Leaf(_) | Node::IndexSum(_) | Node::Scan(_) | Node::Branch(_) | Node::Result(..) => 0,
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
    (&ADD_DIAGONAL, |x| extent(x.shape().rows)),
    (&TRACE, |x| extent(x.operand(0).shape().rows)),
    (&TRANSPOSE, |_| 0),
    (&KRONECKER, kronecker),
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

/// Copies if a factor is I.
fn kronecker(x: Expr<'_>) -> u64 {
    if x.operands().iter().any(|y| y.is(&IDENTITY)) { 0 } else { size(x.shape()) }
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
    let is_placed = |(y, _): &(Expr<'_>, Ratio)| y.is(&ENTRIES) || y.is(&SCATTER);
    let (placed, dense): (Weighted<'_>, Weighted<'_>) = x.weighted().into_iter().partition(is_placed);
    let scaled = dense.iter().filter(|(y, k)| k.absolute() != Ratio::ONE && !y.is_ones()).count();
    size(x.shape()) * (dense.len().saturating_sub(1) + scaled) as u64 + written(&placed, dense.is_empty())
}

/// Additions by which a loop adds a term to its sum.
pub fn added(term: Expr<'_>) -> u64 {
    match () {
        () if term.is(&ENTRIES) => term.operands().len() as u64,
        () if term.is(&SCATTER) => size(term.operand(0).shape()),
        () if term.is(&SUM) && term.operands().into_iter().all(|y| y.is(&ENTRIES) || y.is(&SCATTER)) => {
            term.operands().into_iter().map(added).sum()
        }
        () => size(term.shape()),
    }
}

/// Is it a sum of entries and blocks, which a loop writes into its own sum one by one?
pub fn is_in_parts(x: Expr<'_>) -> bool {
    x.is(&SUM) && x.operands().into_iter().all(|y| y.is(&ENTRIES) || y.is(&SCATTER))
}

/// What such a sum counts for its additions, coefficients aside.
pub fn additions_within(x: Expr<'_>) -> u64 {
    let plain: Weighted<'_> = x.operands().into_iter().map(|y| (y, Ratio::ONE)).collect();
    written(&plain, true)
}

/// Additions of entries and blocks that are written into place: the first write to a place adds nothing if there is
/// nothing to add to.
fn written(placed: &Weighted<'_>, onto_zeros: bool) -> u64 {
    let (mut seen, mut count) = (HashSet::new(), 0);
    for (y, k) in placed {
        let entries = if y.is(&SCATTER) { size(y.operand(0).shape()) } else { y.operands().len() as u64 };
        count += if k.absolute() == Ratio::ONE { 0 } else { entries };
        count += match places(*y).filter(|_| onto_zeros) {
            Some(places) => places.into_iter().filter(|place| !seen.insert(*place)).count() as u64,
            None => entries,
        };
    }
    count
}

/// Rows and columns where a matrix of entries, or of one block, is not zero.
fn places(y: Expr<'_>) -> Option<Vec<(u64, u64)>> {
    if y.is(&ENTRIES) {
        let node = y.node();
        return Some(node.data().positions().iter().map(|(i, j)| (u64::from(*i), u64::from(*j))).collect());
    }
    let corner = |k: usize| u64::try_from(y.operand(k).node().data().constant_index()?).ok();
    let (row, column) = (corner(1)?, corner(2)?);
    let (rows, columns) = y.operand(0).shape().known()?;
    let block = (0..columns as u64).flat_map(|j| (0..rows as u64).map(move |i| (i, j)));
    Some(block.map(|(i, j)| (row + i, column + j)).collect())
}

fn powers(x: Expr<'_>) -> u64 {
    let factors = x.weighted();
    let raised = |p: Ratio| match p.integer() {
        Some(n) => u64::from(n.unsigned_abs().saturating_sub(1)),
        None => CALL,
    };
    let work: u64 = factors.iter().map(|(_, p)| raised(*p)).sum();
    // a / b is one operation, and 1 / b too.
    let reciprocal = u64::from(!factors.is_empty() && factors.iter().all(|(_, p)| p.is_negative()));
    size(x.shape()) * (work + factors.len().saturating_sub(1) as u64 + reciprocal)
}
