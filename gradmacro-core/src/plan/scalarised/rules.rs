//! Entries of operations, given those of their operands: sums, powers, entrywise functions. Other rows say theirs in
//! `moves.rs` and `products.rs`; what has no rule stays an operation on matrices.

use super::Scalariser;
use super::entry::Entry;
use super::value::Value;
use crate::ir::{Data, Expr, Ratio, Shape};
use crate::ops::OpDef;
use crate::ops::arithmetic::{POWERS, SCALE, SUM};
use crate::ops::index::AFFINE;
use crate::ops::lowered::{ADD_DIAGONAL, FILL, SCALE_COLUMNS, SCALE_ROWS};

/// An operation whose operands have been taken apart.
pub(super) struct Applied<'a, 'c, 's> {
    pub(super) of: &'a Scalariser<'c, 's>,
    pub(super) shape: Shape,
    pub(super) data: &'a Data,
    pub(super) operands: &'a [Value<'s>],
    pub(super) shapes: &'a [Shape],
}

/// One entry of an operation, by row and column; `None` if it has none here.
pub(super) type EntryRule =
    for<'a, 'c, 's> fn(x: &Applied<'a, 'c, 's>, row: usize, column: usize) -> Option<Entry<'s>>;

impl<'s> Applied<'_, '_, 's> {
    /// An entry of the k-th operand.
    pub(super) fn at(&self, k: usize, row: usize, column: usize) -> Entry<'s> {
        self.of.entry(&self.operands[k], self.shapes[k], row, column)
    }

    /// A scalar operand.
    pub(super) fn scalar(&self, k: usize) -> Entry<'s> {
        self.at(k, 0, 0)
    }

    /// Rows and columns of the k-th operand.
    pub(super) fn size(&self, k: usize) -> Option<(usize, usize)> {
        self.shapes[k].known()
    }

    /// An entry of a vector that stands upright or lies.
    pub(super) fn along(&self, k: usize, i: usize) -> Entry<'s> {
        if self.shapes[k].is_row() { self.at(k, 0, i) } else { self.at(k, i, 0) }
    }
}

static RULES: &[(&OpDef, EntryRule)] = &[
    (&SUM, |x, i, j| {
        let terms = x.data.coefficients().iter().enumerate();
        Some(x.of.total(terms.map(|(k, q)| x.at(k, i, j).times(*q))))
    }),
    (&SCALE, |x, i, j| Some(x.of.product(x.scalar(0), x.at(1, i, j)))),
    (&POWERS, |x, i, j| {
        let factors = x.data.exponents().iter().enumerate();
        let factors: Vec<(Entry<'_>, Ratio)> = factors.map(|(k, p)| (x.at(k, i, j), *p)).collect();
        Some(x.of.monomial(&factors))
    }),
    (&SCALE_ROWS, |x, i, j| Some(x.of.product(x.along(0, i), x.at(1, i, j)))),
    (&SCALE_COLUMNS, |x, i, j| Some(x.of.product(x.along(1, j), x.at(0, i, j)))),
    (&ADD_DIAGONAL, |x, i, j| {
        let added = match (i == j, x.shapes[1].is_scalar()) {
            (false, _) => Entry::ZERO,
            (true, true) => x.scalar(1),
            (true, false) => x.along(1, i),
        };
        Some(x.of.total([x.at(0, i, j), added]))
    }),
    (&FILL, |x, _, _| Some(x.scalar(0))),
    (&AFFINE, |x, _, _| Some(Entry::of(affine(x)?))),
];

/// An index; constants are taken together.
fn affine<'s>(x: &Applied<'_, '_, 's>) -> Option<Expr<'s>> {
    let Data::Affine(factors, constant) = x.data else { return None };
    let (mut terms, mut sum) = (vec![], *constant);
    for (k, factor) in factors.iter().enumerate() {
        match x.operands[k].index() {
            Some(n) => sum = sum.checked_add(n.checked_mul(*factor)?)?,
            None => terms.push((x.of.node(x.scalar(k)), *factor)),
        }
    }
    Some(x.of.target.affine(&terms, sum))
}

impl<'c, 's> Scalariser<'c, 's> {
    /// All entries of an operation, column by column, if it can be taken apart.
    pub(super) fn apart(
        &self,
        x: Expr<'c>,
        op: &'static OpDef,
        data: &Data,
        operands: &[Value<'s>],
    ) -> Option<Vec<Entry<'s>>> {
        let shapes: Vec<Shape> = x.operands().into_iter().map(Expr::shape).collect();
        if !shapes.iter().all(|shape| shape.known().is_some()) {
            return None;
        }
        let applied = Applied { of: self, shape: x.shape(), data, operands, shapes: &shapes };
        let (rows, columns) = x.shape().known()?;
        let of = |rule: &dyn Fn(usize, usize) -> Option<Entry<'s>>| {
            (0..columns).flat_map(|j| (0..rows).map(move |i| (i, j))).map(|(i, j)| rule(i, j)).collect()
        };
        let tables = RULES.iter().chain(super::moves::RULES).chain(super::products::RULES);
        if let Some((_, rule)) = tables.into_iter().find(|(row, _)| std::ptr::eq(*row, op)) {
            return of(&|i, j| rule(&applied, i, j));
        }
        op.entrywise.then(|| of(&|i, j| Some(applied.call(op, i, j))))?
    }
}

impl<'s> Applied<'_, '_, 's> {
    /// An entrywise function of the entries at one place.
    fn call(&self, op: &'static OpDef, row: usize, column: usize) -> Entry<'s> {
        let arguments: Vec<Expr<'s>> =
            (0..self.operands.len()).map(|k| self.of.node(self.at(k, row, column))).collect();
        Entry::of(self.of.target.apply(op, self.data.clone(), &arguments, Shape::SCALAR))
    }
}
