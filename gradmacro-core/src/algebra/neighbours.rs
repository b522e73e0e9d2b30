//! Neighbouring factors of a matrix product that simplify.

use super::rules;
use crate::ir::{Dim, Expr, Shape};
use crate::ops::products::KRONECKER;
use crate::ops::structure::{DIAGONAL_MATRIX, ENTRIES, SCATTER};

/// How many factors from `at` on are replaced, and by what.
type Replacement<'g> = Option<(usize, Vec<Expr<'g>>)>;

type Neighbours = for<'g> fn(f: &[Expr<'g>], a: Expr<'g>, b: Expr<'g>) -> Replacement<'g>;

/// The rules about neighbours, each looking at the factors from the place in question on.
static NEIGHBOURS: &[Neighbours] =
    &[ones_inner, diagonals, diagonal_vector, row_diagonal, kroneckers, entry_of_row];

/// What the factors at `at` and after it become.
pub(super) fn contract<'g>(f: &[Expr<'g>], at: usize) -> Replacement<'g> {
    let (a, b) = (f[at], *f.get(at + 1)?);
    NEIGHBOURS.iter().find_map(|rule| rule(&f[at..], a, b))
}

fn ones_inner<'g>(_: &[Expr<'g>], a: Expr<'g>, b: Expr<'g>) -> Replacement<'g> {
    let inner = a.shape().columns;
    if !(a.is_ones() && b.is_ones()) || inner == Dim::ONE {
        return None;
    }
    a.graph.fire(rules::ONES_INNER);
    let shape = Shape::of(a.shape().rows, b.shape().columns);
    Some((2, vec![a.graph.extent(inner), a.graph.ones(shape)]))
}

fn diagonals<'g>(_: &[Expr<'g>], a: Expr<'g>, b: Expr<'g>) -> Replacement<'g> {
    if !(a.is(&DIAGONAL_MATRIX) && b.is(&DIAGONAL_MATRIX)) {
        return None;
    }
    a.graph.fire(rules::DIAGONALS);
    Some((2, vec![a.operand(0).hadamard(b.operand(0)).diagonal_matrix()]))
}

/// diag(u) A x = u ⊙ A x, up to the first cut of width one.
fn diagonal_vector<'g>(f: &[Expr<'g>], a: Expr<'g>, _: Expr<'g>) -> Replacement<'g> {
    if !a.is(&DIAGONAL_MATRIX) {
        return None;
    }
    let len = 2 + f[1..].iter().position(|x| x.shape().columns == Dim::ONE)?;
    a.graph.fire(rules::DIAGONAL_VECTOR);
    let v = a.graph.product(&f[1..len]);
    Some((len, vec![a.operand(0).hadamard(v)]))
}

/// xᵀA diag(u) = (u ⊙ Aᵀx)ᵀ, from the last cut of width one on.
fn row_diagonal<'g>(f: &[Expr<'g>], a: Expr<'g>, _: Expr<'g>) -> Replacement<'g> {
    if a.shape().rows != Dim::ONE {
        return None;
    }
    let end = f[1..].iter().position(|x| x.shape().rows == Dim::ONE).map_or(f.len(), |k| k + 1);
    let at = (1..end).find(|k| f[*k].is(&DIAGONAL_MATRIX))?;
    a.graph.fire(rules::DIAGONAL_VECTOR);
    let row = a.graph.product(&f[..at]);
    Some((at + 1, vec![f[at].operand(0).hadamard(row.t()).t()]))
}

fn kroneckers<'g>(_: &[Expr<'g>], a: Expr<'g>, b: Expr<'g>) -> Replacement<'g> {
    if !(a.is(&KRONECKER) && b.is(&KRONECKER)) {
        return None;
    }
    let [p, q, u, v] = [a.operand(0), a.operand(1), b.operand(0), b.operand(1)];
    if p.shape().columns != u.shape().rows || q.shape().columns != v.shape().rows {
        return None;
    }
    a.graph.fire(rules::KRONECKERS);
    let (left, right) = (p * u, q * v);
    let shape = Shape::of(a.shape().rows, b.shape().columns);
    Some((2, vec![a.graph.apply(&KRONECKER, crate::ir::Data::None, &[left, right], shape)]))
}

/// 1ᵀ (a eᵢ) = a: the sum of a matrix of entries is the sum of the entries, and of a block that of the block.
fn entry_of_row<'g>(_: &[Expr<'g>], a: Expr<'g>, b: Expr<'g>) -> Replacement<'g> {
    let row = a.is_ones() && a.shape().rows == Dim::ONE && b.shape().columns == Dim::ONE;
    match () {
        () if row && b.is(&ENTRIES) => {
            let sum = b.operands().into_iter().reduce(|s, x| s + x)?;
            a.graph.fire(rules::SLICE_OF_ENTRIES);
            Some((2, vec![sum]))
        }
        () if row && b.is(&SCATTER) => {
            a.graph.fire(rules::SLICE_OF_SCATTER);
            Some((2, vec![b.operand(0).sum()]))
        }
        () => None,
    }
}
