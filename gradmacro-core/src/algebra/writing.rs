//! Writing into a matrix: what is known of the place is put together at once.

use std::collections::BTreeMap;

use super::entries::{constant_index, is_placed};
use super::rules;
use super::terms::{as_terms, term};
use crate::ir::{Expr, Ratio, Shape, Wanted, Weighted};
use crate::ops::structure::{ENTRIES, SCATTER, SLICE};
use crate::ops::writing::{UPDATE, update as updated};

/// Canonical form of X with a block overwritten by V.
pub fn update<'g>(wanted: &Wanted<'g>) -> Option<Expr<'g>> {
    let [x, v, row, column] = wanted.operands[..] else { return None };
    if x.shape() == v.shape() && x.shape().known().is_some() {
        return Some(v);
    }
    if x.is_zero() {
        wanted.graph.fire(rules::UPDATE_OF_ZERO);
        return Some(v.scatter(row, column, x.shape()));
    }
    if let Some(known) = forgotten(x, v, row, column).or_else(|| all_written(x, v, row, column)) {
        return Some(known);
    }
    let before = x.slice(row, column, v.shape());
    if let Some(rest) = without(v, before) {
        wanted.graph.fire(rules::UPDATE_ADDS);
        return Some(x + rest.scatter(row, column, x.shape()));
    }
    // What stands there is known, so that it cancels.
    let constant = constant_index(row).is_some() && constant_index(column).is_some();
    if constant && as_terms(x).iter().all(|(y, _)| is_placed(*y)) && !before.is(&SLICE) {
        wanted.graph.fire(rules::UPDATE_OF_PLACED);
        return Some(x + (v - before).scatter(row, column, x.shape()));
    }
    if x.is(&UPDATE) && x.operand(1).shape() == v.shape() && x.operand(2) == row && x.operand(3) == column {
        wanted.graph.fire(rules::UPDATE_OF_UPDATE);
        return Some(updated(x.operand(0), v, row, column));
    }
    None
}

/// What was added where something else is written now is forgotten.
fn forgotten<'g>(x: Expr<'g>, v: Expr<'g>, row: Expr<'g>, column: Expr<'g>) -> Option<Expr<'g>> {
    let list = as_terms(x);
    let is_covered = |y: Expr<'g>| {
        let body = term(y).body;
        let same = || body.operand(1) == row && body.operand(2) == column;
        match () {
            () if body.is(&SCATTER) => body.operand(0).shape() == v.shape() && same(),
            () if body.is(&ENTRIES) && v.is_scalar() => {
                let place = constant_index(row).zip(constant_index(column));
                let node = body.node();
                let mut places = node.data().positions().iter();
                places.all(|(i, j)| place == Some((i64::from(*i), i64::from(*j))))
            }
            () => false,
        }
    };
    let kept: Weighted<'g> = list.iter().copied().filter(|(y, _)| !is_covered(*y)).collect();
    if kept.len() == list.len() {
        return None;
    }
    x.graph.fire(rules::UPDATE_OF_UPDATE);
    Some(updated(x.graph.combination(&kept, x.shape()), v, row, column))
}

/// A matrix of which every entry has been written, one by one, is its entries.
fn all_written<'g>(x: Expr<'g>, v: Expr<'g>, row: Expr<'g>, column: Expr<'g>) -> Option<Expr<'g>> {
    let size = x.shape().size()?;
    let mut entries: BTreeMap<(u32, u32), Expr<'g>> = BTreeMap::new();
    let (mut base, mut write) = (x, (v, row, column));
    loop {
        let (v, row, column) = write;
        let (i, j) = constant_index(row).zip(constant_index(column)).filter(|_| v.is_scalar())?;
        entries.entry((u32::try_from(i).ok()?, u32::try_from(j).ok()?)).or_insert(v);
        if entries.len() == size {
            break;
        }
        if !base.is(&UPDATE) {
            return None;
        }
        write = (base.operand(1), base.operand(2), base.operand(3));
        base = base.operand(0);
    }
    x.graph.fire(rules::UPDATE_ALL);
    let list: Vec<_> = entries.into_iter().collect();
    Some(x.graph.entries(&list, x.shape()))
}

/// v − before, if v is a sum that holds `before` once.
fn without<'g>(v: Expr<'g>, before: Expr<'g>) -> Option<Expr<'g>> {
    if before.is_zero() {
        return None;
    }
    let (own, others): (Weighted<'g>, Weighted<'g>) =
        as_terms(v).into_iter().partition(|t| *t == (before, Ratio::ONE));
    (!own.is_empty()).then(|| v.graph.combination(&others, v.shape()))
}

/// A block of a matrix of which another, or the same, was overwritten.
pub(super) fn slice_of_update<'g>(
    x: Expr<'g>,
    row: Expr<'g>,
    column: Expr<'g>,
    shape: Shape,
) -> Option<Expr<'g>> {
    let (v, i, j) = (x.operand(1), x.operand(2), x.operand(3));
    let part = match () {
        () if v.shape() == shape && i == row && j == column => v,
        () if is_apart(row, column, shape, i, j, v.shape()) => x.operand(0).slice(row, column, shape),
        () => return None,
    };
    x.graph.fire(rules::SLICE_OF_UPDATE);
    Some(part)
}

/// Do two blocks, given where they begin and their shapes, have no entry in common for certain?
pub(super) fn is_apart<'g>(
    row: Expr<'g>,
    column: Expr<'g>,
    shape: Shape,
    other_row: Expr<'g>,
    other_column: Expr<'g>,
    other: Shape,
) -> bool {
    let apart = |a: Expr<'g>, len: Option<usize>, b: Expr<'g>, of: Option<usize>| {
        let ahead = constant_index(a.graph.affine(&[(b, 1), (a, -1)], 0));
        let (Some(ahead), Some(len), Some(of)) = (ahead, len, of) else { return false };
        ahead >= len as i64 || -ahead >= of as i64
    };
    apart(row, shape.rows.known(), other_row, other.rows.known())
        || apart(column, shape.columns.known(), other_column, other.columns.known())
}
