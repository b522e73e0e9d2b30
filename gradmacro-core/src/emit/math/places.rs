//! Parts of a matrix and what is put together from parts: indices, blocks, literals.

use super::reading::Reader;
use super::tree::{Formula, Raise};
use super::unicode::Unicode;
use super::writing::write;
use crate::ir::{Data, Dim, Expr, Shape};
use crate::ops::writing::UPDATE;

impl<'g> Reader<'_, 'g> {
    pub(super) fn kept_at(&mut self, x: Expr<'g>) -> Formula {
        let Data::Kept(serial) = x.node().data().clone() else { return Formula::Text("?".to_owned()) };
        let indices: Vec<String> =
            x.operands().into_iter().map(|i| write::<Unicode>(&self.read(i)).replace(' ', "")).collect();
        Formula::Source(self.names.kept_at(serial, &indices))
    }

    pub(super) fn affine(&mut self, x: Expr<'g>) -> Formula {
        let node = x.node();
        let Data::Affine(factors, constant) = node.data() else { return Formula::Text("?".to_owned()) };
        let mut terms: Vec<(bool, Formula)> = vec![];
        for (index, k) in x.operands().into_iter().zip(factors) {
            let index = self.read(index);
            let factor = Formula::Text(k.unsigned_abs().to_string());
            let term = if k.unsigned_abs() == 1 { index } else { Formula::Product(vec![factor, index]) };
            terms.push((*k < 0, term));
        }
        if *constant != 0 || terms.is_empty() {
            terms.push((*constant < 0, Formula::Text(constant.unsigned_abs().to_string())));
        }
        terms.sort_by_key(|(minus, _)| *minus);
        Formula::sum(terms)
    }

    pub(super) fn slice(&mut self, x: Expr<'g>) -> Formula {
        let base = self.read(x.operand(0));
        let places = self.places((x.operand(1), x.operand(2)), x.operand(0).shape(), x.shape());
        Formula::Part(Box::new(base), places)
    }

    /// Where a block stands that begins in this row and column.
    fn places(&mut self, start: (Expr<'g>, Expr<'g>), whole: Shape, block: Shape) -> Vec<Formula> {
        let mut places = vec![];
        if whole.rows != Dim::ONE {
            places.push(self.place(start.0, whole.rows, block.rows));
        }
        if whole.columns != Dim::ONE {
            places.push(self.place(start.1, whole.columns, block.columns));
        }
        places
    }

    /// x with x[i] ← v; what is written first stands first.
    pub(super) fn update(&mut self, x: Expr<'g>) -> Formula {
        let (mut base, mut written) = (x, vec![]);
        while base.is(&UPDATE) {
            written.push(base);
            base = base.operand(0);
        }
        let formula = self.read(base);
        let name = match formula {
            Formula::Name(_) | Formula::Source(_) | Formula::State(..) => formula.clone(),
            _ => Formula::Symbol("·", "\\cdot"),
        };
        let writes = written.into_iter().rev().map(|y| {
            let value = y.operand(1);
            let places = self.places((y.operand(2), y.operand(3)), y.shape(), value.shape());
            (Formula::Part(Box::new(name.clone()), places), self.read(value))
        });
        let writes = writes.collect();
        Formula::With(Box::new(formula), writes)
    }

    /// One index, or a range, of which the whole is not written.
    fn place(&mut self, start: Expr<'g>, whole: Dim, length: Dim) -> Formula {
        if length == Dim::ONE {
            return self.read(start);
        }
        if length == whole {
            return Formula::Range(None);
        }
        let graph = start.graph;
        let end = graph.affine(&[(start, 1), (graph.index_extent(length), 1)], 0);
        Formula::Range(Some((Box::new(self.read(start)), Box::new(self.read(end)))))
    }

    /// A block in zeros: a scalar, a column or a row times unit vectors, anything else as a matrix of blocks.
    pub(super) fn scatter(&mut self, x: Expr<'g>) -> Formula {
        let (block, own, whole) = (x.operand(0), x.operand(0).shape(), x.shape());
        let is_strip = (own.rows == whole.rows && own.columns == Dim::ONE)
            || (own.columns == whole.columns && own.rows == Dim::ONE);
        if !own.is_scalar() && !is_strip {
            if let Some(formula) = self.among_zeros(x) {
                return formula;
            }
            let operands = x.operands().into_iter().map(|y| self.read(y)).collect();
            return Formula::Call("scatter", "\\operatorname{scatter}", operands);
        }
        let mut factors = if block.is_ones() { vec![] } else { self.read(block).into_factors() };
        if own.rows != whole.rows {
            let unit = self.unit(x.operand(1));
            factors.insert(if own.is_scalar() { factors.len() } else { 0 }, unit);
        }
        if own.columns != whole.columns {
            factors.push(self.unit(x.operand(2)).raised(Raise::Transpose));
        }
        Formula::product(factors)
    }

    /// `[0₁ₓ₃; A]`, if it is known where the block stands.
    fn among_zeros(&mut self, x: Expr<'g>) -> Option<Formula> {
        let (block, own) = (x.operand(0), x.operand(0).shape());
        let rows = around(x.operand(1), own.rows, x.shape().rows)?;
        let columns = around(x.operand(2), own.columns, x.shape().columns)?;
        let inner = self.read(block);
        let cell = |(height, is_row): (Dim, bool), (width, is_column): (Dim, bool)| {
            let shape = Shape::of(height, width);
            match is_row && is_column {
                true => inner.clone(),
                false if shape.is_scalar() => Formula::int(0),
                false => Formula::Sized('0', shape),
            }
        };
        let row = |row: &(Dim, bool)| columns.iter().map(|column| cell(*row, *column)).collect();
        Some(Formula::Grid(rows.iter().map(row).collect()))
    }

    fn unit(&mut self, place: Expr<'g>) -> Formula {
        Formula::Unit(Box::new(self.read(place)))
    }

    /// A matrix literal, or unit vectors if most of it is zero.
    pub(super) fn entries(&mut self, x: Expr<'g>) -> Formula {
        let (node, operands) = (x.node(), x.operands());
        let list: Vec<((u32, u32), Expr<'g>)> =
            node.data().positions().iter().copied().zip(operands).collect();
        let is_unit = x.shape().is_vector() && matches!(list[..], [(_, entry)] if entry.is_ones());
        match x.shape().known() {
            Some((rows, columns)) if !is_unit && list.len() * 2 >= rows * columns => {
                self.grid(&list, rows, columns)
            }
            _ => self.units(&list, x),
        }
    }

    fn grid(&mut self, list: &[((u32, u32), Expr<'g>)], rows: usize, columns: usize) -> Formula {
        let mut grid = vec![vec![Formula::int(0); columns]; rows];
        for ((row, column), entry) in list {
            if let Some(cell) = grid.get_mut(*row as usize).and_then(|r| r.get_mut(*column as usize)) {
                *cell = self.read(*entry);
            }
        }
        Formula::Grid(grid)
    }

    fn units(&mut self, list: &[((u32, u32), Expr<'g>)], x: Expr<'g>) -> Formula {
        let mut terms = vec![];
        for ((row, column), entry) in list {
            let (row, column) = (x.graph.index(i64::from(*row)), x.graph.index(i64::from(*column)));
            let mut factors = if entry.is_ones() { vec![] } else { self.read(*entry).into_factors() };
            if x.shape().rows != Dim::ONE {
                factors.push(self.unit(row));
            }
            if x.shape().columns != Dim::ONE {
                factors.push(self.unit(column).raised(Raise::Transpose));
            }
            terms.push((false, Formula::product(factors)));
        }
        Formula::sum(terms)
    }
}

/// The lengths of what is before a block, of the block itself (true) and of what is behind it, where there is any.
fn around(start: Expr<'_>, own: Dim, whole: Dim) -> Option<Vec<(Dim, bool)>> {
    if own == whole {
        return Some(vec![(own, true)]);
    }
    let before = usize::try_from(start.node().data().constant_index()?).ok()?;
    let behind = whole.known()?.checked_sub(before + own.known()?)?;
    let parts = [(Dim::Known(before), false), (own, true), (Dim::Known(behind), false)];
    Some(parts.into_iter().filter(|(length, is_own)| *is_own || *length != Dim::Known(0)).collect())
}
