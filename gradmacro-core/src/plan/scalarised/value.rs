//! What a node has become: one node, or a list of entries.

use std::rc::Rc;

use super::Scalariser;
use super::entry::Entry;
use crate::ir::{Expr, Shape};

/// A matrix as one node, or its entries column by column.
#[derive(Clone)]
pub(super) enum Value<'s> {
    Whole(Expr<'s>),
    Entries(Rc<[Entry<'s>]>),
}

impl<'s> Value<'s> {
    /// A node; a scalar is its own entry.
    pub(super) fn of(x: Expr<'s>) -> Value<'s> {
        if x.is_scalar() { Value::Entries([Entry::of(x)].into()) } else { Value::Whole(x) }
    }

    /// The nodes it consists of.
    pub(super) fn nodes(&self) -> Vec<Expr<'s>> {
        match self {
            Value::Whole(x) => vec![*x],
            Value::Entries(list) => list.iter().filter_map(|entry| entry.of).collect(),
        }
    }

    /// The constant that an index is.
    pub(super) fn index(&self) -> Option<i64> {
        let Value::Entries(list) = self else { return None };
        list.first()?.of?.node().data().constant_index()
    }
}

impl<'s> Scalariser<'_, 's> {
    /// The value as one node.
    pub(super) fn whole(&self, value: &Value<'s>, shape: Shape) -> Expr<'s> {
        let list = match value {
            Value::Whole(x) => return *x,
            Value::Entries(list) => list,
        };
        if let (true, [only]) = (shape.is_scalar(), &list[..]) {
            return self.node(*only);
        }
        let rows = shape.rows.known().unwrap_or(1).max(1);
        let nonzero = list.iter().enumerate().filter(|(_, entry)| !entry.is_zero());
        let placed: Vec<((u32, u32), Expr<'s>)> =
            nonzero.map(|(k, entry)| (((k % rows) as u32, (k / rows) as u32), self.node(*entry))).collect();
        if placed.is_empty() { self.target.zeros(shape) } else { self.target.entries(&placed, shape) }
    }

    /// One entry.
    pub(super) fn entry(&self, value: &Value<'s>, shape: Shape, row: usize, column: usize) -> Entry<'s> {
        match value {
            Value::Whole(x) if x.is_scalar() => Entry::of(*x),
            Value::Whole(x) => {
                let (row, column) = (self.target.index(row as i64), self.target.index(column as i64));
                Entry::of(x.slice(row, column, Shape::SCALAR))
            }
            Value::Entries(list) => {
                let rows = shape.rows.known().unwrap_or(1);
                list.get(column * rows + row).copied().unwrap_or(Entry::ZERO)
            }
        }
    }
}
