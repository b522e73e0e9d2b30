//! Entries and blocks: what is taken from a matrix that was put together is what was put there.

use super::rules;
use super::structure::over_terms;
use super::terms::{scaled, term, terms};
use super::writing::{is_apart, slice_of_update};
use crate::ir::{Data, Expr, Shape, Wanted};
use crate::ops::products::PRODUCT;
use crate::ops::structure::{DIAGONAL_MATRIX, ENTRIES, IDENTITY, SCATTER, SLICE, TRANSPOSE};
use crate::ops::writing::UPDATE;

/// The number that a constant index is.
pub(super) fn constant_index(x: Expr<'_>) -> Option<i64> {
    x.node().data().constant_index()
}

/// Canonical form of a block of X.
pub fn slice<'g>(wanted: &Wanted<'g>) -> Option<Expr<'g>> {
    let [x, row, column] = wanted.operands[..] else { return None };
    let (graph, shape) = (wanted.graph, wanted.shape);
    if x.is_scalar() || (x.shape() == shape && shape.known().is_some()) {
        return Some(x);
    }
    if x.is_ones() {
        return Some(graph.ones(shape));
    }
    let split = term(x);
    if split.body != x {
        return Some(scaled(split.k, split.scalars, split.body.slice(row, column, shape)));
    }
    if x.is(&SLICE) {
        graph.fire(rules::SLICE_OF_SLICE);
        let both = |a: Expr<'g>, b: Expr<'g>| graph.affine(&[(a, 1), (b, 1)], 0);
        return Some(x.operand(0).slice(both(x.operand(1), row), both(x.operand(2), column), shape));
    }
    if x.is(&TRANSPOSE) {
        return Some(x.operand(0).slice(column, row, shape.transposed()).t());
    }
    if x.is(&ENTRIES) {
        return slice_of_entries(x, row, column, shape);
    }
    if x.is(&SCATTER) {
        return slice_of_scatter(x, row, column, shape);
    }
    if x.is(&UPDATE)
        && let Some(part) = slice_of_update(x, row, column, shape)
    {
        return Some(part);
    }
    if let Some(rows) = slice_of_identity(x, row, column, shape) {
        return Some(rows);
    }
    slice_of_sum(x, row, column, shape).or_else(|| slice_of_product(x, row, column, shape))
}

fn slice_of_entries<'g>(x: Expr<'g>, row: Expr<'g>, column: Expr<'g>, shape: Shape) -> Option<Expr<'g>> {
    let (i, j) = (constant_index(row)?, constant_index(column)?);
    let (rows, columns) = shape.known()?;
    let node = x.node();
    let within = |p: u32, start: i64, len: usize| {
        let at = i64::from(p) - start;
        (0..len as i64).contains(&at).then_some(at as u32)
    };
    let places = node.data().positions().iter().zip(x.operands());
    let list: Vec<_> =
        places.filter_map(|((r, c), e)| Some(((within(*r, i, rows)?, within(*c, j, columns)?), e))).collect();
    x.graph.fire(rules::SLICE_OF_ENTRIES);
    Some(match list[..] {
        [] => x.graph.zeros(shape),
        [(_, e)] if shape.is_scalar() => e,
        _ => x.graph.entries(&list, shape),
    })
}

fn slice_of_scatter<'g>(x: Expr<'g>, row: Expr<'g>, column: Expr<'g>, shape: Shape) -> Option<Expr<'g>> {
    let inner = x.operand(0);
    if inner.shape() == shape && row == x.operand(1) && column == x.operand(2) {
        x.graph.fire(rules::SLICE_OF_SCATTER);
        return Some(inner);
    }
    if is_apart(row, column, shape, x.operand(1), x.operand(2), inner.shape()) {
        x.graph.fire(rules::SLICE_OF_SCATTER);
        return Some(x.graph.zeros(shape));
    }
    let [i, j, p, q] = [row, column, x.operand(1), x.operand(2)].map(constant_index);
    let (rows, columns) = shape.known()?;
    let (m, n) = inner.shape().known()?;
    let within = |a: i64, len: usize, b: i64, other: usize| b <= a && a + len as i64 <= b + other as i64;
    let inside = within(i?, rows, p?, m) && within(j?, columns, q?, n);
    if !inside {
        return None;
    }
    x.graph.fire(rules::SLICE_OF_SCATTER);
    Some(inner.slice(x.graph.index(i? - p?), x.graph.index(j? - q?), shape))
}

/// Whole rows, or whole columns, of I.
fn slice_of_identity<'g>(x: Expr<'g>, row: Expr<'g>, column: Expr<'g>, shape: Shape) -> Option<Expr<'g>> {
    let (graph, zero, n) = (x.graph, x.graph.index(0), x.shape().rows);
    let made = match () {
        () if !x.is(&IDENTITY) => return None,
        () if column == zero && shape.columns == n => graph.identity(shape.rows).scatter(zero, row, shape),
        () if row == zero && shape.rows == n => graph.identity(shape.columns).scatter(column, zero, shape),
        () => return None,
    };
    graph.fire(rules::SLICE_OF_IDENTITY);
    Some(made)
}

/// (A + B)[i] = A[i] + B[i] where a term is made of entries, so that they meet.
fn slice_of_sum<'g>(x: Expr<'g>, row: Expr<'g>, column: Expr<'g>, shape: Shape) -> Option<Expr<'g>> {
    let list = terms(x)?;
    let made = |y: Expr<'_>| {
        let body = term(y).body;
        body.is(&ENTRIES) || body.is(&SCATTER) || body.is(&IDENTITY)
    };
    if !list.iter().any(|(y, _)| made(*y)) {
        return None;
    }
    x.graph.fire(rules::SLICE_OF_SUM);
    Some(over_terms(list, |y| y.slice(row, column, shape), shape))
}

/// An entry of a rank-one product is a product of entries; an entry of a diagonal matrix is an entry or 0.
fn slice_of_product<'g>(x: Expr<'g>, row: Expr<'g>, column: Expr<'g>, shape: Shape) -> Option<Expr<'g>> {
    if !shape.is_scalar() {
        return None;
    }
    let zero = x.graph.index(0);
    if x.is(&IDENTITY) || x.is(&DIAGONAL_MATRIX) {
        let (i, j) = (constant_index(row)?, constant_index(column)?);
        return Some(match () {
            () if i != j => x.graph.zeros(shape),
            () if x.is(&IDENTITY) => x.graph.ones(shape),
            () => x.operand(0).slice(row, zero, shape),
        });
    }
    let factors = if x.is(&PRODUCT) { x.operands() } else { return None };
    match factors[..] {
        [a, b] if a.shape().is_column() && b.shape().is_row() => {
            Some(a.slice(row, zero, shape) * b.slice(zero, column, shape))
        }
        _ => None,
    }
}

/// Canonical form of a block in a matrix of zeros.
pub fn scatter<'g>(wanted: &Wanted<'g>) -> Option<Expr<'g>> {
    let [x, row, column] = wanted.operands[..] else { return None };
    if x.shape() == wanted.shape && wanted.shape.known().is_some() {
        return Some(x);
    }
    if let Some(placed) = scatter_of_placed(x, row, column, wanted.shape) {
        return Some(placed);
    }
    let (i, j) = (constant_index(row), constant_index(column));
    if let (true, Some(i), Some(j)) = (x.is_scalar(), i, j) {
        let place = (u32::try_from(i).ok()?, u32::try_from(j).ok()?);
        return Some(wanted.graph.entries(&[(place, x)], wanted.shape));
    }
    let (i, j) = (u32::try_from(i?).ok()?, u32::try_from(j?).ok()?);
    let turned = x.is(&TRANSPOSE) && x.operand(0).is(&ENTRIES);
    if !turned && !x.is(&ENTRIES) {
        return None;
    }
    let made = if turned { x.operand(0) } else { x };
    let node = made.node();
    let places = node.data().positions().iter().map(|(r, c)| if turned { (*c, *r) } else { (*r, *c) });
    let moved = places.map(|(r, c)| (r + i, c + j));
    let list: Vec<_> = moved.zip(made.operands()).collect();
    Some(wanted.graph.entries(&list, wanted.shape))
}

/// A block in zeros that stands in zeros again, or a sum of such.
fn scatter_of_placed<'g>(x: Expr<'g>, row: Expr<'g>, column: Expr<'g>, shape: Shape) -> Option<Expr<'g>> {
    let upright = if x.is(&TRANSPOSE) { x.operand(0).t() } else { x };
    if upright.is(&SCATTER) {
        x.graph.fire(rules::SCATTER_OF_SCATTER);
        let both = |a: Expr<'g>, b: Expr<'g>| x.graph.affine(&[(a, 1), (b, 1)], 0);
        let (i, j) = (both(row, upright.operand(1)), both(column, upright.operand(2)));
        return Some(upright.operand(0).scatter(i, j, shape));
    }
    let list = terms(x).filter(|list| list.len() > 1 && is_placed(x))?;
    x.graph.fire(rules::SCATTER_OF_SUM);
    Some(over_terms(list, |y| y.scatter(row, column, shape), shape))
}

/// Is it made of blocks and entries in zeros, and of nothing else?
pub fn is_placed(x: Expr<'_>) -> bool {
    let body = term(x).body;
    let body = if body.is(&TRANSPOSE) { body.operand(0) } else { body };
    let made = body.is(&SCATTER) || body.is(&ENTRIES);
    made || terms(body).is_some_and(|list| list.iter().all(|(y, _)| is_placed(*y)))
}

/// Canonical form of a matrix of entries: sorted column by column, without zeros.
pub fn entries<'g>(wanted: &Wanted<'g>) -> Option<Expr<'g>> {
    let places = wanted.data.positions();
    let mut list: Vec<_> = places.iter().copied().zip(wanted.operands.iter().copied()).collect();
    list.retain(|(_, x)| !x.is_zero());
    list.sort_by_key(|((row, column), _)| (*column, *row));
    if list.is_empty() {
        return Some(wanted.graph.zeros(wanted.shape));
    }
    if wanted.shape.is_scalar() {
        return list.into_iter().map(|(_, x)| x).reduce(|a, b| a + b);
    }
    if wanted.shape.is_row() {
        let turned: Vec<_> = list.into_iter().map(|((row, column), x)| ((column, row), x)).collect();
        return Some(wanted.graph.entries(&turned, wanted.shape.transposed()).t());
    }
    if let Some(whole) = whole_of(&list, wanted.shape) {
        return Some(whole);
    }
    let (places, operands): (Vec<_>, Vec<_>) = list.into_iter().unzip();
    if places == wanted.data.positions() {
        return None;
    }
    Some(wanted.graph.apply(&ENTRIES, Data::Positions(places), &operands, wanted.shape))
}

/// A vector put together from all entries of one vector, in order, is that vector.
fn whole_of<'g>(list: &[((u32, u32), Expr<'g>)], shape: Shape) -> Option<Expr<'g>> {
    let source = list.first().filter(|(_, x)| x.is(&SLICE)).map(|(_, x)| x.operand(0))?;
    let same = source.shape() == shape && shape.size() == Some(list.len());
    let in_place = |((row, column), x): &((u32, u32), Expr<'g>)| {
        let at = |k: usize| constant_index(x.operand(k));
        x.is(&SLICE)
            && x.operand(0) == source
            && at(1) == Some(i64::from(*row))
            && at(2) == Some(i64::from(*column))
    };
    (same && list.iter().all(in_place)).then_some(source)
}
