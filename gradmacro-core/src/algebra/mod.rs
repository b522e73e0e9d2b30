//! Form: the canonical node for an operation and its operands.
//!
//! A node is simplified while it is made; a rule looks at the operands of the node about to be made and nowhere else.
//! The stage does not know whether an expression is a gradient, nor what anything costs. It may ask whether a
//! dimension is 1 and may use a dimension as a symbol (tr I = n); it never compares sizes.
//!
//! The normal form does most of the work: a sum is sorted, flat, with rational coefficients; a term is rational ·
//! scalar monomial · body; a matrix product is flat and holds no scalars; an entrywise product holds powers. Named
//! rules ([`rules`]) do the rest.
//!
//! Example: `x.dot(&(a * x))` differentiates to xᵀA + (Ax)ᵀ pieces that meet as (A + Aᵀ) x.

mod blocks;
mod branches;
mod complements;
mod determinants;
mod distribution;
mod entries;
mod factoring;
mod functions;
mod indices;
mod inverses;
mod kronecker;
mod merging;
mod monomials;
mod neighbours;
mod order;
mod powers;
mod predicates;
mod products;
pub mod rules;
mod scans;
mod softmax;
mod structure;
mod sums;
mod terms;
mod traces;
mod writes;
mod writing;

use crate::ir::{Algebra, Data, Expr, Wanted};
use crate::ops::{Derivative, Parity};

pub use determinants::{cofactor, determinant, ln_determinant, spelled};
pub use distribution::expand;
pub use entries::{entries, is_placed, scatter, slice};
pub use functions::{abs, exp, ln, ln_1p, logistic, softplus};
pub use indices::{affine, as_real};
pub use inverses::{
    cholesky, eigenvalues, eigenvectors, exponential, exponential_direction, inverse, mirror, singular_values,
};
pub use kronecker::{kronecker, projector};
pub use powers::{powers, scale};
pub use predicates::{and, is_zero_index, known, less, not, not_negative, or};
pub use products::product;
pub use softmax::{log_sum_exp, softmax};
pub use structure::{
    as_product, diagonal, diagonal_matrix, of_symmetric, project, reshaped, restricted, transpose, triangle,
};
pub use sums::sum;
pub use terms::as_terms;
pub use traces::trace;
pub use writing::update;

/// Canonical forms, for [`crate::ir::Graph::canonical`].
pub static ALGEBRA: Algebra =
    Algebra { apply, sum_over: indices::sum_over, scan: scans::scan, branch: branches::branch };

fn apply<'g>(wanted: Wanted<'g>) -> Expr<'g> {
    if is_zero(&wanted) {
        return wanted.graph.zeros(wanted.shape);
    }
    if let Some(known) = (wanted.op.fold)(&wanted) {
        return known;
    }
    let general = if wanted.op.entrywise { functions::entrywise(&wanted) } else { linear(&wanted) };
    general.unwrap_or_else(|| wanted.graph.keep(wanted))
}

/// Linear maps take zero to zero: no row states this for itself.
fn is_zero(wanted: &Wanted<'_>) -> bool {
    let zeros = |n: usize| wanted.operands.iter().take(n).filter(|x| x.is_zero()).count();
    match wanted.op.derivative {
        Derivative::Linear(n, _) => zeros(n) == n.min(wanted.operands.len()) && zeros(n) > 0,
        Derivative::Multilinear(_) => zeros(usize::MAX) > 0,
        _ => false,
    }
}

/// ℓ(k s X) = k s ℓ(X) for an operation that is linear in its first operand.
fn linear<'g>(wanted: &Wanted<'g>) -> Option<Expr<'g>> {
    let several = match wanted.op.derivative {
        Derivative::Linear(1, _) => 1,
        Derivative::Multilinear(_) => wanted.operands.len(),
        _ => return None,
    };
    let mut operands = wanted.operands.clone();
    let (mut k, mut scalars, mut changed) = (crate::ir::Ratio::ONE, vec![], false);
    for x in &mut operands[..several] {
        let term = terms::term(*x);
        if term.body != *x && !x.is_scalar() {
            changed = true;
            k = k.times(term.k);
            scalars.extend(term.scalars);
            *x = term.body;
        }
    }
    changed.then(|| {
        let inner = wanted.graph.apply(wanted.op, wanted.data.clone(), &operands, wanted.shape);
        terms::scaled(k, scalars, inner)
    })
}

/// f(−x) from f(x), for a function that is odd or even.
fn with_sign<'g>(wanted: &Wanted<'g>, x: Expr<'g>) -> Option<Expr<'g>> {
    if wanted.op.parity == Parity::None || !terms::is_negative(x) {
        return None;
    }
    x.graph.fire(rules::PARITY);
    let flipped = x.graph.apply(wanted.op, Data::None, &[-x], wanted.shape);
    Some(if wanted.op.parity == Parity::Odd { -flipped } else { flipped })
}
