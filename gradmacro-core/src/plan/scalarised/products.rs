//! Entries of products: each a sum of products of entries, of which zeros take no part.

use super::entry::Entry;
use super::rules::{Applied, EntryRule};
use crate::ops::OpDef;
use crate::ops::lowered::{COLUMN_SUM, INNER, MUL_TR, NORM, NORM_SQUARED, ROW_SUM, TOTAL, TR_INNER, TR_MUL};
use crate::ops::products::{CROSS, KRONECKER, PRODUCT};
use crate::ops::structure::TRACE;

pub(super) static RULES: &[(&OpDef, EntryRule)] = &[
    (&PRODUCT, |x, i, j| {
        let inner = x.size(0)?.1;
        Some(dot(x, (0..inner).map(|k| (x.at(0, i, k), x.at(1, k, j)))))
    }),
    (&TR_MUL, |x, i, j| {
        let inner = x.size(0)?.0;
        Some(dot(x, (0..inner).map(|k| (x.at(0, k, i), x.at(1, k, j)))))
    }),
    (&MUL_TR, |x, i, j| {
        let inner = x.size(0)?.1;
        Some(dot(x, (0..inner).map(|k| (x.at(0, i, k), x.at(1, j, k)))))
    }),
    (&INNER, |x, _, _| Some(dot(x, places(x)?.into_iter().map(|(i, j)| (x.at(0, i, j), x.at(1, i, j)))))),
    (&TR_INNER, |x, _, _| Some(dot(x, places(x)?.into_iter().map(|(i, j)| (x.at(0, i, j), x.at(1, j, i)))))),
    (&NORM_SQUARED, |x, _, _| squares(x)),
    (&NORM, |x, _, _| Some(x.of.root(squares(x)?))),
    (&TOTAL, |x, _, _| Some(x.of.total(places(x)?.into_iter().map(|(i, j)| x.at(0, i, j))))),
    (&ROW_SUM, |x, _, j| Some(x.of.total((0..x.size(0)?.0).map(|i| x.at(0, i, j))))),
    (&COLUMN_SUM, |x, i, _| Some(x.of.total((0..x.size(0)?.1).map(|j| x.at(0, i, j))))),
    (&TRACE, |x, _, _| Some(x.of.total((0..x.size(0)?.0).map(|i| x.at(0, i, i))))),
    (&CROSS, |x, i, j| {
        let i = i.max(j);
        let (next, last) = ((i + 1) % 3, (i + 2) % 3);
        let back = x.of.product(x.along(0, last), x.along(1, next));
        Some(x.of.total([x.of.product(x.along(0, next), x.along(1, last)), negated(back)]))
    }),
    (&KRONECKER, |x, i, j| {
        let (rows, columns) = x.size(1)?;
        Some(x.of.product(x.at(0, i / rows, j / columns), x.at(1, i % rows, j % columns)))
    }),
];

fn dot<'s>(x: &Applied<'_, '_, 's>, pairs: impl Iterator<Item = (Entry<'s>, Entry<'s>)>) -> Entry<'s> {
    x.of.total(pairs.map(|(a, b)| x.of.product(a, b)))
}

fn squares<'s>(x: &Applied<'_, '_, 's>) -> Option<Entry<'s>> {
    Some(dot(x, places(x)?.into_iter().map(|(i, j)| (x.at(0, i, j), x.at(0, i, j)))))
}

/// Places of the first operand.
fn places(x: &Applied<'_, '_, '_>) -> Option<Vec<(usize, usize)>> {
    let (rows, columns) = x.size(0)?;
    Some((0..columns).flat_map(|j| (0..rows).map(move |i| (i, j))).collect())
}

fn negated(entry: Entry<'_>) -> Entry<'_> {
    entry.times(crate::ir::Ratio::MINUS_ONE)
}
