//! Products of matrices that are zero but for some blocks or entries.

use super::entries::constant_index;
use super::neighbours::Replacement;
use super::rules;
use super::structure::over_terms;
use super::terms::{scaled, term, terms};
use crate::ir::{Dim, Expr, Ratio, Shape, Weighted};
use crate::ops::structure::{ENTRIES, SCATTER, TRANSPOSE, reshape};

/// A block in zeros times B: the block times the rows of B that it meets.
pub(super) fn block_before<'g>(_: &[Expr<'g>], a: Expr<'g>, b: Expr<'g>) -> Replacement<'g> {
    if !a.is(&SCATTER) {
        return None;
    }
    let (block, zero) = (a.operand(0), a.graph.index(0));
    a.graph.fire(rules::BLOCK_TIMES);
    let rows = b.slice(a.operand(2), zero, Shape::of(block.shape().columns, b.shape().columns));
    let shape = Shape::of(a.shape().rows, b.shape().columns);
    Some((2, vec![(block * rows).scatter(a.operand(1), zero, shape)]))
}

/// A times a block in zeros: the columns of A that it meets times the block.
pub(super) fn block_after<'g>(_: &[Expr<'g>], a: Expr<'g>, b: Expr<'g>) -> Replacement<'g> {
    if !b.is(&SCATTER) {
        return None;
    }
    let (block, zero) = (b.operand(0), a.graph.index(0));
    a.graph.fire(rules::BLOCK_TIMES);
    let columns = a.slice(zero, b.operand(1), Shape::of(a.shape().rows, block.shape().rows));
    let shape = Shape::of(a.shape().rows, b.shape().columns);
    Some((2, vec![(columns * block).scatter(zero, b.operand(2), shape)]))
}

/// Products with a sum of blocks whose places depend on an index: each block alone.
pub(super) fn times_blocks<'g>(_: &[Expr<'g>], a: Expr<'g>, b: Expr<'g>) -> Replacement<'g> {
    let shape = Shape::of(a.shape().rows, b.shape().columns);
    let product = match (moving_blocks(a), moving_blocks(b)) {
        (Some(list), _) => over_terms(list, |x| x * b, shape),
        (None, Some(list)) => over_terms(list, |x| a * x, shape),
        (None, None) => return None,
    };
    a.graph.fire(rules::TIMES_BLOCKS);
    Some((2, vec![product]))
}

/// The terms of a sum of blocks, some of which stand at places that depend on an index.
fn moving_blocks<'g>(x: Expr<'g>) -> Option<Weighted<'g>> {
    let list = terms(x).filter(|list| list.len() > 1)?;
    let block = |y: Expr<'g>| {
        let body = term(y).body;
        if body.is(&TRANSPOSE) { body.operand(0) } else { body }
    };
    let moves = |y: Expr<'g>| [1, 2].iter().any(|k| constant_index(block(y).operand(*k)).is_none());
    let blocks = list.iter().all(|(y, _)| block(*y).is(&SCATTER));
    (blocks && list.iter().any(|(y, _)| moves(*y))).then_some(list)
}

/// Is it a sum of blocks, none of them a whole vector? Its transpose is a sum of blocks again, not a transpose.
pub(super) fn is_of_blocks(list: &Weighted<'_>, shape: Shape) -> bool {
    !shape.is_vector() && list.iter().all(|(y, _)| term(*y).body.is(&SCATTER))
}

/// The vector of all entries of a matrix that is zero but for blocks of whole columns, or parts of one column.
pub(super) fn placed_vector<'g>(x: Expr<'g>, shape: Shape) -> Option<Expr<'g>> {
    if !shape.is_column() || x.shape().is_vector() {
        return None;
    }
    if x.is(&SCATTER) {
        let (block, rows) = (x.operand(0), x.shape().rows.known()? as i64);
        let whole = block.shape().rows == x.shape().rows || block.shape().columns == Dim::ONE;
        return whole.then(|| {
            x.graph.fire(rules::BLOCK_VECTOR);
            let place = x.graph.affine(&[(x.operand(1), 1), (x.operand(2), rows)], 0);
            block.vec().scatter(place, x.graph.index(0), shape)
        });
    }
    let list = terms(x).filter(|list| list.iter().all(|(y, _)| term(*y).body.is(&SCATTER)))?;
    Some(over_terms(list, |y| reshape(y, shape), shape))
}

/// u e_jᵀ and e_i vᵀ: a column or a row in zeros.
pub(super) fn unit_outer<'g>(_: &[Expr<'g>], a: Expr<'g>, b: Expr<'g>) -> Replacement<'g> {
    if !(a.shape().is_column() && b.shape().is_row()) {
        return None;
    }
    let (graph, shape) = (a.graph, Shape::of(a.shape().rows, b.shape().columns));
    let (placed, i, j) = match (unit(a), unit(b.t())) {
        (Some((i, s)), _) => (s * b, i, 0),
        (None, Some((j, s))) => (s * a, 0, j),
        (None, None) => return None,
    };
    graph.fire(rules::UNIT_OUTER);
    Some((2, vec![placed.scatter(graph.index(i), graph.index(j), shape)]))
}

/// The place and the entry of a column that has only one.
fn unit(x: Expr<'_>) -> Option<(i64, Expr<'_>)> {
    let node = x.node();
    match (node.data().positions(), x.is(&ENTRIES)) {
        ([(row, _)], true) => Some((i64::from(*row), x.operand(0))),
        _ => None,
    }
}

/// JᵀJ of a J that is put together from columns: one inner product for each pair.
pub(super) fn placed_gram<'g>(_: &[Expr<'g>], a: Expr<'g>, b: Expr<'g>) -> Replacement<'g> {
    let (left, right) = (columns(a.t())?, columns(b)?);
    let mut list = vec![];
    for (i, x) in &left {
        for (j, y) in &right {
            list.push(((*i, *j), x.t() * *y));
        }
    }
    a.graph.fire(rules::PLACED_GRAM);
    Some((2, vec![a.graph.entries(&list, Shape::of(a.shape().rows, b.shape().columns))]))
}

/// The columns of a sum of columns in zeros, each with its place.
fn columns<'g>(x: Expr<'g>) -> Option<Vec<(u32, Expr<'g>)>> {
    let list = terms(x).filter(|list| list.len() > 1)?;
    let mut out: Vec<(u32, Expr<'g>)> = vec![];
    for (y, k) in list {
        let split = term(y);
        let column = split.body.operands().first().copied().filter(|_| split.body.is(&SCATTER))?;
        let whole = column.shape() == Shape::column(x.shape().rows);
        let place = constant_index(split.body.operand(2)).filter(|_| whole)?;
        let scaled = scaled(split.k.times(k), split.scalars, column);
        let place = u32::try_from(place).ok()?;
        // Two terms at one place are one column.
        if out.iter().any(|(other, _)| *other == place) {
            return None;
        }
        out.push((place, scaled));
    }
    Some(out)
}

/// xᵀy for vectors of entries: only places that both have count.
pub(super) fn entries_inner<'g>(_: &[Expr<'g>], a: Expr<'g>, b: Expr<'g>) -> Replacement<'g> {
    let row = a.is(&TRANSPOSE).then(|| a.operand(0)).filter(|x| x.is(&ENTRIES) && x.shape().is_column())?;
    if !(b.is(&ENTRIES) && b.shape().is_column()) {
        return None;
    }
    a.graph.fire(rules::ENTRIES_INNER);
    let (left, right) = (row.node(), b.node());
    let meeting = |(place, x): (&(u32, u32), Expr<'g>)| {
        let at = right.data().positions().iter().position(|other| other == place)?;
        Some((x * b.operand(at), Ratio::ONE))
    };
    let terms: Weighted<'g> =
        left.data().positions().iter().zip(row.operands()).filter_map(meeting).collect();
    Some((2, vec![a.graph.combination(&terms, Shape::SCALAR)]))
}
