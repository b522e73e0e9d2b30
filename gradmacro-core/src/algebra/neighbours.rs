//! Neighbouring factors of a matrix product that simplify.

use super::blocks::{block_after, block_before, entries_inner, placed_gram, times_blocks, unit_outer};
use super::inverses::inverted;
use super::kronecker::{
    commutation_after, commutation_before, kronecker_vector, kroneckers, row_kronecker, symmetrised_twice,
};
use super::rules;
use super::structure::over_terms;
use super::terms::{term, terms};
use crate::ir::{Dim, Expr, Ratio, Shape};
use crate::ops::exponential::LN;
use crate::ops::structure::{DIAGONAL, DIAGONAL_MATRIX, ENTRIES, SCATTER, TRANSPOSE};
use crate::ops::systems::{CHOLESKY, INVERSE, LN_DETERMINANT};

/// How many factors from `at` on are replaced, and by what.
pub(super) type Replacement<'g> = Option<(usize, Vec<Expr<'g>>)>;

type Neighbours = for<'g> fn(f: &[Expr<'g>], a: Expr<'g>, b: Expr<'g>) -> Replacement<'g>;

/// The rules about neighbours, each looking at the factors from the place in question on.
static NEIGHBOURS: &[Neighbours] = &[
    ones_inner,
    ones_of_sum,
    diagonals,
    diagonal_vector,
    row_diagonal,
    kroneckers,
    kronecker_vector,
    symmetrised_twice,
    entries_inner,
    placed_gram,
    unit_outer,
    times_blocks,
    block_before,
    block_after,
    commutation_before,
    commutation_after,
    entry_of_row,
    ln_diagonal,
    cholesky_factors,
];

/// What the factors at `at` and after it become.
pub(super) fn contract<'g>(f: &[Expr<'g>], at: usize) -> Replacement<'g> {
    if let Some((len, k)) = inverse_then_factors(f, at).or_else(|| factors_then_inverse(f, at)) {
        f[at].graph.fire(rules::INVERSE_CANCELS);
        let number = if k == Ratio::ONE { None } else { Some(f[at].graph.number(k.reciprocal())) };
        return Some((len, number.into_iter().collect()));
    }
    let (a, b) = (f[at], *f.get(at + 1)?);
    let rows = || (at == 0).then(|| row_kronecker(f, a, b)).flatten();
    NEIGHBOURS.iter().find_map(|rule| rule(&f[at..], a, b)).or_else(rows)
}

/// How many factors (k A)⁻¹A takes from `at` on, where A may be a product, and k.
fn inverse_then_factors(f: &[Expr<'_>], at: usize) -> Option<(usize, Ratio)> {
    let (k, list) = inverted(f[at])?;
    f[at + 1..].starts_with(&list).then_some((1 + list.len(), k))
}

/// How many factors A (k A)⁻¹ takes from `at` on, where A may be a product, and k.
fn factors_then_inverse(f: &[Expr<'_>], at: usize) -> Option<(usize, Ratio)> {
    let between = |j: usize| inverted(f[j]).filter(|(_, list)| f[at..j] == list[..]);
    (at + 1..f.len()).find_map(|j| Some((j + 1 - at, between(j)?.0)))
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

/// 1ᵀ(u − s 1) = 1ᵀu − n s: only where a term of the sum is the same in every entry.
fn ones_of_sum<'g>(_: &[Expr<'g>], a: Expr<'g>, b: Expr<'g>) -> Replacement<'g> {
    if !(a.is_ones() && a.shape().rows == Dim::ONE && b.shape().columns == Dim::ONE) {
        return None;
    }
    let list = terms(b)?;
    if list.len() < 2 || !list.iter().any(|(x, _)| term(*x).body.is_ones()) {
        return None;
    }
    a.graph.fire(rules::ONES_CANCEL);
    Some((2, vec![over_terms(list, Expr::sum, Shape::SCALAR)]))
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

/// Σ ln diagonal(chol S) = ½ ln|S|
fn ln_diagonal<'g>(_: &[Expr<'g>], a: Expr<'g>, b: Expr<'g>) -> Replacement<'g> {
    let row = a.is_ones() && a.shape().rows == Dim::ONE && b.shape().columns == Dim::ONE;
    if !(row && b.is(&LN) && b.operand(0).is(&DIAGONAL) && b.operand(0).operand(0).is(&CHOLESKY)) {
        return None;
    }
    a.graph.fire(rules::LN_DET_CHOLESKY);
    let s = b.operand(0).operand(0).operand(0);
    Some((2, vec![s.reduce(&LN_DETERMINANT).times(Ratio::HALF)]))
}

/// L Lᵀ = S and L⁻ᵀL⁻¹ = S⁻¹ for L = chol S
fn cholesky_factors<'g>(_: &[Expr<'g>], a: Expr<'g>, b: Expr<'g>) -> Replacement<'g> {
    let (product, inverse) = match () {
        () if b.is(&TRANSPOSE) && b.operand(0) == a => (a, false),
        () if a.is(&TRANSPOSE) && a.operand(0) == b && b.is(&INVERSE) => (b.operand(0), true),
        () => return None,
    };
    let s = if product.is(&CHOLESKY) { product.operand(0) } else { return None };
    a.graph.fire(rules::CHOLESKY_PRODUCT);
    Some((2, vec![if inverse { s.inverse() } else { s }]))
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
