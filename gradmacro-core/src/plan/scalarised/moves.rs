//! Entries of operations that only move entries: nothing is computed.

use super::entry::Entry;
use super::rules::{Applied, EntryRule};
use crate::ops::OpDef;
use crate::ops::lowered::{COMMUTE_COLUMNS, COMMUTE_ROWS};
use crate::ops::structure::{
    COMMUTATION, DIAGONAL, DIAGONAL_MATRIX, ENTRIES, IDENTITY, LOWER, ONES, RESHAPE, SCATTER, SLICE,
    TRANSPOSE, UPPER, exchanged,
};
use crate::ops::systems::MIRROR;
use crate::ops::writing::UPDATE;

pub(super) static RULES: &[(&OpDef, EntryRule)] = &[
    (&ONES, |_, _, _| Some(Entry::ONE)),
    (&IDENTITY, |_, i, j| Some(if i == j { Entry::ONE } else { Entry::ZERO })),
    (&TRANSPOSE, |x, i, j| Some(x.at(0, j, i))),
    (&DIAGONAL, |x, i, _| Some(x.at(0, i, i))),
    (&DIAGONAL_MATRIX, |x, i, j| Some(if i == j { x.at(0, i, 0) } else { Entry::ZERO })),
    (&LOWER, |x, i, j| Some(if i >= j { x.at(0, i, j) } else { Entry::ZERO })),
    (&UPPER, |x, i, j| Some(if i <= j { x.at(0, i, j) } else { Entry::ZERO })),
    (&MIRROR, |x, i, j| Some(x.at(0, i.max(j), i.min(j)))),
    (&SLICE, |x, i, j| {
        let (row, column) = corner(x, 1)?;
        let (rows, columns) = x.size(0)?;
        (row + i < rows && column + j < columns).then(|| x.at(0, row + i, column + j))
    }),
    (&SCATTER, |x, i, j| Some(inside(x, (0, 1), (i, j))?.unwrap_or(Entry::ZERO))),
    (&UPDATE, |x, i, j| Some(inside(x, (1, 2), (i, j))?.unwrap_or_else(|| x.at(0, i, j)))),
    (&ENTRIES, |x, i, j| {
        let places = x.data.positions().iter().enumerate();
        let here = places.filter(|(_, place)| **place == (i as u32, j as u32));
        Some(x.of.total(here.map(|(k, _)| x.scalar(k))))
    }),
    (&RESHAPE, |x, i, j| {
        let k = j * x.shape.rows.known()? + i;
        let rows = x.size(0)?.0;
        Some(x.at(0, k % rows, k / rows))
    }),
    (&COMMUTATION, |x, i, j| {
        let places = exchanged(x.data, x.shape.rows.known()?);
        Some(if places.get(i) == Some(&j) { Entry::ONE } else { Entry::ZERO })
    }),
    (&COMMUTE_ROWS, |x, i, j| Some(x.at(0, *exchanged(x.data, x.shape.rows.known()?).get(i)?, j))),
    (&COMMUTE_COLUMNS, |x, i, j| {
        let places = exchanged(x.data, x.shape.columns.known()?);
        Some(x.at(0, i, places.iter().position(|place| *place == j)?))
    }),
];

/// The corner that two operands say, if they are constants.
fn corner(x: &Applied<'_, '_, '_>, from: usize) -> Option<(usize, usize)> {
    let of = |k: usize| usize::try_from(x.operands.get(k)?.index()?).ok();
    Some((of(from)?, of(from + 1)?))
}

/// The entry of a block, if this place lies in it; `None` if it is not known where the block is.
fn inside<'s>(
    x: &Applied<'_, '_, 's>,
    (block, from): (usize, usize),
    (i, j): (usize, usize),
) -> Option<Option<Entry<'s>>> {
    let ((row, column), (rows, columns)) = (corner(x, from)?, x.size(block)?);
    let is_inside = (row..row + rows).contains(&i) && (column..column + columns).contains(&j);
    Some(is_inside.then(|| x.at(block, i - row, j - column)))
}
