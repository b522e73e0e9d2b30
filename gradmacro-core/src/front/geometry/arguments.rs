//! The arguments of a constructor or a method, as a row asks for them.
//!
//! Everything here answers `None` after reporting a mistake.

use quote::ToTokens;

use super::{Geometry, Kind};
use crate::front::reader::Reader;
use crate::front::value::Value;
use crate::ir::{Expr, Graph, Shape};

/// The arguments of a call.
pub(super) struct Arguments<'a, 'g> {
    /// What to ask and where to report.
    pub(super) reader: &'a Reader<'g>,
    /// The whole call as written.
    pub(super) whole: &'a dyn ToTokens,
    /// Each as written, and what it means.
    pub(super) list: Vec<(&'a syn::Expr, &'a Value<'g>)>,
}

impl<'g> Arguments<'_, 'g> {
    /// Where nodes are made.
    pub(super) fn graph(&self) -> &'g Graph {
        self.reader.graph
    }

    /// The k-th as one float.
    pub(super) fn float(&self, k: usize) -> Option<Expr<'g>> {
        let (written, value) = self.list.get(k)?;
        let x = self.reader.scalar_of(value, written)?;
        if !x.is_scalar() {
            self.reader.refuse_lifted(self.whole);
            return None;
        }
        Some(x)
    }

    /// All of them as floats.
    pub(super) fn floats(&self) -> Option<Vec<Expr<'g>>> {
        (0..self.list.len()).map(|k| self.float(k)).collect()
    }

    /// All of them, as the entries of a column.
    pub(super) fn column(&self) -> Option<Expr<'g>> {
        Some(column(self.graph(), &self.floats()?))
    }

    /// The k-th as a matrix of this shape.
    pub(super) fn matrix(&self, k: usize, shape: Shape) -> Option<Expr<'g>> {
        let (written, value) = self.list.get(k)?;
        let x = self.reader.matrix_of(value, written, Some(shape))?;
        if x.shape().agree(shape).is_none() {
            let found = x.shape();
            self.reader
                .error(written, format!("{shape} is needed here, but this is {found}"))
                .as_rustc_would();
            return None;
        }
        Some(x)
    }

    /// The k-th as a vector: an array, the coordinates of a point and the vector of a translation count too.
    pub(super) fn vector(&self, k: usize, n: usize) -> Option<Expr<'g>> {
        match self.list.get(k)? {
            (_, Value::Geometry(Geometry { kind: Kind::Point(m) | Kind::Translation(m), node }))
                if *m == n =>
            {
                Some(*node)
            }
            (written, Value::Array(entries)) if entries.len() == n => {
                let entries: Option<Vec<_>> = entries
                    .iter()
                    .map(|entry| self.reader.scalar_of(entry, written).filter(|x| x.is_scalar()))
                    .collect();
                Some(column(self.graph(), &entries?))
            }
            _ => self.matrix(k, Shape::new(n, 1)),
        }
    }

    /// The k-th as one of these kinds.
    pub(super) fn geometry(&self, k: usize, kind: Kind) -> Option<Expr<'g>> {
        let (written, value) = self.list.get(k)?;
        match self.reader.as_geometry((*value).clone(), kind, written)? {
            Value::Geometry(geometry) => Some(geometry.node),
            _ => None,
        }
    }
}

/// A column of these entries.
pub(super) fn column<'g>(graph: &'g Graph, entries: &[Expr<'g>]) -> Expr<'g> {
    let list: Vec<_> = (0u32..).zip(entries).map(|(i, x)| ((i, 0), *x)).collect();
    graph.entries(&list, Shape::new(entries.len(), 1))
}
