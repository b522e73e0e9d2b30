//! Gradients of a scalar: one pushforward, one transposition.

use super::{Storage, Tangents, pull, push};
use crate::ir::{Expr, Properties};

/// Gradients of the scalar `y` by each of `x`; zero where `y` does not depend on it.
pub fn gradient<'g>(y: Expr<'g>, x: &[Expr<'g>]) -> Vec<Expr<'g>> {
    gradient_within(y, x, &Storage::default())
}

/// The same with a limit of what loops may store.
pub(super) fn gradient_within<'g>(y: Expr<'g>, x: &[Expr<'g>], storage: &Storage) -> Vec<Expr<'g>> {
    // A change of a symmetric matrix is symmetric, but need not be positive definite.
    let moves = |x: &Expr<'g>| Properties { definite: false, ..x.properties() };
    let differentials: Vec<Expr<'g>> = x.iter().map(|x| y.graph.variable_with(x.shape(), moves(x))).collect();
    let mut tangents: Tangents<'g> = x.iter().map(|x| x.id).zip(differentials.iter().copied()).collect();
    match push(y, &mut tangents) {
        Some(dy) => pull(dy, y.graph.int(1), &differentials, storage),
        None => x.iter().map(|x| y.graph.zeros(x.shape())).collect(),
    }
}
