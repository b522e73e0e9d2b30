//! Terms of a sum that become one because they have their entries at the same places.

use super::rules;
use super::terms::{scaled, term};
use crate::ir::{Expr, Id, Ratio, Shape, Weighted};
use crate::ops::structure::{DIAGONAL_MATRIX, ENTRIES, SCATTER};

/// The sum with terms merged, if there are any to merge.
pub(super) fn merged<'g>(list: &Weighted<'g>, shape: Shape) -> Option<Weighted<'g>> {
    let by_row = || merge_diagonals(list).or_else(|| merge_blocks(list));
    merge_entries(list, shape).or_else(by_row)
}

/// What stands before the body of a term, as one scalar.
fn factor<'g>(x: Expr<'g>, k: Ratio) -> Expr<'g> {
    let split = term(x);
    scaled(k.times(split.k), split.scalars, x.graph.ones(Shape::SCALAR))
}

/// diag u + diag v = diag(u + v)
fn merge_diagonals<'g>(list: &Weighted<'g>) -> Option<Weighted<'g>> {
    let (diagonals, mut others): (Weighted<'g>, Weighted<'g>) =
        list.iter().copied().partition(|(x, _)| term(*x).body.is(&DIAGONAL_MATRIX));
    let first = diagonals.first().filter(|_| diagonals.len() > 1)?.0;
    first.graph.fire(rules::MERGED_DIAGONALS);
    let vectors = diagonals.into_iter().map(|(x, k)| (factor(x, k) * term(x).body.operand(0), Ratio::ONE));
    let vectors: Weighted<'g> = vectors.collect();
    let sum = first.graph.combination(&vectors, vectors[0].0.shape());
    others.push((sum.diagonal_matrix(), Ratio::ONE));
    Some(others)
}

/// Blocks at the same place, which may depend on an index.
fn merge_blocks<'g>(list: &Weighted<'g>) -> Option<Weighted<'g>> {
    let (at, other) = list.iter().enumerate().find_map(|(at, (x, _))| {
        let place = place(*x)?;
        let other = list[at + 1..].iter().position(|(y, _)| self::place(*y) == Some(place))?;
        Some((at, at + 1 + other))
    })?;
    let ((x, k), (y, q)) = (list[at], list[other]);
    let block = term(x).body;
    x.graph.fire(rules::MERGED_BLOCKS);
    let inside = |x: Expr<'g>, k| factor(x, k) * term(x).body.operand(0);
    let sum = inside(x, k) + inside(y, q);
    let both = sum.scatter(block.operand(1), block.operand(2), block.shape());
    let rest = list.iter().enumerate().filter(|(j, _)| *j != at && *j != other).map(|(_, t)| *t);
    Some(rest.chain([(both, Ratio::ONE)]).collect())
}

/// Where the block of a term stands, and its shape.
fn place(x: Expr<'_>) -> Option<(Id, Id, Shape)> {
    let body = term(x).body;
    body.is(&SCATTER).then(|| (body.operand(1).id, body.operand(2).id, body.operand(0).shape()))
}

/// Terms that are matrices of entries become one.
fn merge_entries<'g>(list: &Weighted<'g>, shape: Shape) -> Option<Weighted<'g>> {
    let (made, mut others): (Weighted<'g>, Weighted<'g>) =
        list.iter().copied().partition(|(x, _)| term(*x).body.is(&ENTRIES));
    if made.len() < 2 {
        return None;
    }
    let graph = made[0].0.graph;
    graph.fire(rules::MERGED_ENTRIES);
    let mut all: Vec<((u32, u32), Expr<'g>)> = vec![];
    for (x, k) in made {
        let (body, factor) = (term(x).body, factor(x, k));
        let node = body.node();
        for (place, e) in node.data().positions().iter().zip(body.operands()) {
            match all.iter_mut().find(|(other, _)| other == place) {
                Some((_, sum)) => *sum = *sum + factor * e,
                None => all.push((*place, factor * e)),
            }
        }
    }
    others.push((graph.entries(&all, shape), Ratio::ONE));
    Some(others)
}
