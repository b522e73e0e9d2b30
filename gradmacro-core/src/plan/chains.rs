//! The order of a matrix product: dynamic programming over known sizes.

use super::cost::extent;
use crate::ir::{Expr, Shape};
use crate::ops::structure::{COMMUTATION, DIAGONAL_MATRIX};

/// Where the factors `i..=j` are cut, for all i < j.
pub(super) struct Order {
    cuts: Vec<Vec<usize>>,
}

impl Order {
    /// The factor after which the product of the factors i..=j is cut.
    pub(super) fn cut(&self, i: usize, j: usize) -> usize {
        self.cuts[i][j]
    }
}

/// The cheapest order, given which segments are at hand already. A trace needs only the diagonal of its last product.
pub(super) fn order<'g>(f: &[Expr<'g>], trace: bool, at_hand: impl Fn(usize, usize) -> bool) -> Order {
    let n = f.len();
    let (mut cost, mut cuts) = (vec![vec![0u64; n]; n], vec![vec![0; n]; n]);
    for len in 2..=n {
        for i in 0..=n - len {
            let j = i + len - 1;
            let whole = trace && len == n;
            let halves =
                |k: usize| if is_twin(f, i, k, j) { cost[k + 1][j] } else { cost[i][k] + cost[k + 1][j] };
            let options = (i..j).map(|k| (halves(k) + step(f, i, k, j, whole), k));
            // The first of equal costs: the right part is formed first, as `x.dot(&(a * x))` is written.
            let (least, cut) = options.min_by_key(|option| option.0).unwrap_or((0, i));
            cost[i][j] = if len < n && at_hand(i, j) { 0 } else { least };
            cuts[i][j] = cut;
        }
    }
    Order { cuts }
}

/// Is the product of i..=k the transpose of that of k+1..=j? Then one of them is enough: xᵀAᵀ A x is ‖A x‖².
pub(super) fn is_twin(f: &[Expr<'_>], i: usize, k: usize, j: usize) -> bool {
    let (left, right) = (&f[i..=k], &f[k + 1..=j]);
    left.len() == right.len() && left.iter().rev().zip(right).all(|(a, b)| a.t() == *b)
}

/// Operations of the product of the segments i..=k and k+1..=j.
fn step(f: &[Expr<'_>], i: usize, k: usize, j: usize, trace: bool) -> u64 {
    let (m, p, q) = (f[i].shape().rows, f[k].shape().columns, f[j].shape().columns);
    let diagonal = (i == k && f[i].is(&DIAGONAL_MATRIX)) || (k + 1 == j && f[j].is(&DIAGONAL_MATRIX));
    if diagonal {
        return extent(m) * extent(q);
    }
    let moves = (i == k && f[i].is(&COMMUTATION)) || (k + 1 == j && f[j].is(&COMMUTATION));
    if moves {
        return 0;
    }
    if trace { 2 * extent(m) * extent(p) } else { super::cost::product(Shape::of(m, p), q) }
}
