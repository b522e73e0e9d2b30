//! `stack!`: a matrix of blocks.
//!
//! Example: `stack![a, 0; 0, b]` with `a` 2×2 and `b` 1×1 is the 3×3 matrix with `a` and `b` along its diagonal; a `0` is
//! as large as the blocks beside, above and below it say.

use syn::{Expr as Source, Lit, Macro};

use super::macros::entries_of_matrix;
use super::reader::Reader;
use super::text;
use super::value::Value;
use crate::ir::{Expr, Shape};

/// A row of blocks, as written; `None` for a `0`.
type Row<'g> = Vec<(Source, Option<Expr<'g>>)>;

impl<'g> Reader<'g> {
    /// `stack![a, b; c, d]`
    pub(super) fn read_stack(&self, call: &Macro) -> Value<'g> {
        let rows = match entries_of_matrix(call) {
            Ok(rows) => rows,
            Err(error) => return self.refuse_syntax(call, &error),
        };
        let first = rows.first().map_or(0, Vec::len);
        if let Some(ragged) = rows.iter().position(|row| row.len() != first) {
            return self.refuse_ragged(call, ragged, first, rows.get(ragged).map_or(0, Vec::len));
        }
        let blocks: Vec<Row<'g>> = rows.into_iter().map(|row| self.blocks_of(row)).collect();
        if blocks.iter().flatten().any(|(source, block)| block.is_none() && !is_zero(source)) {
            return Value::Poison;
        }
        self.stacked(call, &blocks).map_or(Value::Poison, Value::Matrix)
    }

    fn blocks_of(&self, row: Vec<Source>) -> Row<'g> {
        let read = |source: &Source| match is_zero(source) {
            true => None,
            false => self.matrix_of(&self.read(source), source, None),
        };
        row.into_iter()
            .map(|source| {
                let block = read(&source);
                (source, block)
            })
            .collect()
    }

    fn stacked(&self, call: &Macro, blocks: &[Row<'g>]) -> Option<Expr<'g>> {
        let columns = blocks.first().map_or(0, Vec::len);
        let heights = blocks.iter().map(|row| self.extent(call, row.iter(), Along::Row));
        let heights: Vec<usize> = heights.collect::<Option<_>>()?;
        let widths = (0..columns).map(|j| {
            let column = blocks.iter().filter_map(|row| row.get(j));
            self.extent(call, column, Along::Column)
        });
        let widths: Vec<usize> = widths.collect::<Option<_>>()?;
        let shape = Shape::new(heights.iter().sum(), widths.iter().sum());
        let place =
            |extents: &[usize], k: usize| self.graph.index(extents.iter().take(k).sum::<usize>() as i64);
        let mut parts = Vec::new();
        for (i, row) in blocks.iter().enumerate() {
            for (j, (_, block)) in row.iter().enumerate() {
                parts.extend(block.map(|x| x.scatter(place(&heights, i), place(&widths, j), shape)));
            }
        }
        Some(parts.into_iter().reduce(|sum, part| sum + part).unwrap_or_else(|| self.graph.zeros(shape)))
    }

    /// The extent that the blocks of a row or of a column share.
    fn extent<'a>(
        &self,
        call: &Macro,
        blocks: impl Iterator<Item = &'a (Source, Option<Expr<'g>>)>,
        along: Along,
    ) -> Option<usize>
    where
        'g: 'a,
    {
        let mut shared: Option<(usize, String)> = None;
        for (source, block) in blocks.filter_map(|(source, block)| Some((source, (*block)?))) {
            let (rows, columns) = block.shape().known().or_else(|| self.refuse_named_sizes(source, block))?;
            let (extent, unit) = match along {
                Along::Row => (rows, "rows"),
                Along::Column => (columns, "columns"),
            };
            match &shared {
                Some((known, other)) if *known != extent => {
                    self.error(
                        source,
                        format!("blocks of `stack!` do not fit: `{}` is {}", text::of(source), block.shape()),
                    )
                    .note(format!("it stands beside `{other}`, which has {known} {unit}, not {extent}"))
                    .as_rustc_would();
                    return None;
                }
                _ => shared = Some((extent, text::of(source))),
            }
        }
        if shared.is_none() {
            self.error(call, "a row or a column of `stack!` holds nothing but `0`")
                .note("so its size is not known")
                .help("write `SMatrix::<f64, R, C>::zeros()` for one of them")
                .as_rustc_would();
        }
        shared.map(|(extent, _)| extent)
    }

    fn refuse_named_sizes<T>(&self, source: &Source, block: Expr<'g>) -> Option<T> {
        self.error(source, "the blocks of `stack!` need sizes that are numbers").note(format!(
            "`{}` is {}",
            text::of(source),
            block.shape()
        ));
        None
    }
}

/// What shares an extent.
#[derive(Clone, Copy)]
enum Along {
    Row,
    Column,
}

/// Is it the literal `0`?
fn is_zero(source: &Source) -> bool {
    matches!(source, Source::Lit(literal) if matches!(&literal.lit, Lit::Int(n) if n.base10_digits() == "0"))
}
