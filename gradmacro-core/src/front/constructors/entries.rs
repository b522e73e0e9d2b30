//! Matrices from their entries.

use crate::ir::{Expr, Graph, Shape};

/// A matrix from its rows; a row that is too short ends with zeros.
pub fn from_row_major<'g>(graph: &'g Graph, rows: &[Vec<Expr<'g>>]) -> Expr<'g> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let entries: Vec<_> = (0u32..)
        .zip(rows)
        .flat_map(|(i, row)| (0u32..).zip(row).map(move |(j, entry)| ((i, j), *entry)))
        .collect();
    graph.entries(&entries, Shape::new(rows.len(), columns))
}

/// A matrix of this shape from its entries row by row.
pub(super) fn row_by_row<'g>(
    graph: &'g Graph,
    entries: &[Expr<'g>],
    (rows, columns): (usize, usize),
) -> Expr<'g> {
    let places = (0..rows as u32).flat_map(|i| (0..columns as u32).map(move |j| (i, j)));
    let list: Vec<_> = places.zip(entries.iter().copied()).collect();
    graph.entries(&list, Shape::new(rows, columns))
}

/// A matrix of this shape from its entries column by column.
pub(super) fn column_by_column<'g>(
    graph: &'g Graph,
    entries: &[Expr<'g>],
    (rows, columns): (usize, usize),
) -> Expr<'g> {
    let places = (0..columns as u32).flat_map(|j| (0..rows as u32).map(move |i| (i, j)));
    let list: Vec<_> = places.zip(entries.iter().copied()).collect();
    graph.entries(&list, Shape::new(rows, columns))
}
