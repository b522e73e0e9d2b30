//! Operations of factorisations and of what is computed from one: leading terms, as in Golub and Van Loan, *Matrix
//! Computations*, sections 3.2, 4.2, 5.2, 8.3 and 8.6. The square roots of a Cholesky factorisation and the divisions of an
//! LDLᵀ are counted too: each waits for the one before it, so that they take most of the time of a small matrix.
//! Spectral factorisations count as by the QR algorithm, whatever method computes them.

use super::{CALL, Count, cubed, extent, size};
use crate::ir::Expr;
use crate::ops::OpDef;
use crate::ops::factors::*;
use crate::ops::spectral::{
    EIGENVECTORS, LEFT_SINGULAR_VECTORS, RIGHT_SINGULAR_VECTORS, SINGULAR_VALUES, SYMMETRIC_EIGENVALUES,
};
use crate::ops::systems::{CHOLESKY, COFACTOR, DETERMINANT, INVERSE, LN_ABS_DETERMINANT, LN_DETERMINANT};

/// Rows that only the planner makes.
pub(super) static COUNTS: &[(&OpDef, Count)] = &[
    (&LU, |x| 2 * cubed(x) / 3),
    (&COMPLETE_LU, |x| 2 * cubed(x) / 3),
    (&COFACTORS, |x| CLOSED_FORM.get(order(x)).copied().unwrap_or(0)),
    (&SYMMETRIC_COFACTORS, |x| SYMMETRIC_FORM.get(order(x)).copied().unwrap_or(0)),
    (&DEFINITE_INVERSE, |x| DEFINITE_FORM.get(order(x)).copied().unwrap_or(0)),
    (&CHOLESKY_FACTORS, |x| cubed(x) / 3 + CALL * extent(x.shape().rows)),
    (&LDLT, |x| cubed(x) / 3 + extent(x.shape().rows)),
    (&FACTOR_INVERSE, inverse),
    (&SOLVE, |x| solve(x)),
    (&TR_SOLVE, |x| solve(x)),
    (&FACTOR_DETERMINANT, determinant),
    (&FACTOR_LN_DETERMINANT, |x| determinant(x) + CALL),
    (&FACTOR_LN_ABS_DETERMINANT, |x| determinant(x) + CALL),
    (&FACTOR_COFACTORS, |x| if is_closed_form(x.operand(0)) { 0 } else { inverse(x) + size(x.shape()) }),
    (&QR, |x| 4 * cubed(x) / 3),
    (&EIGEN, |x| 9 * cubed(x)),
    (&EIGENVALUES_ALONE, |x| 4 * cubed(x) / 3),
    (&SVD, |x| 12 * size(x.shape()) * extent(x.shape().columns)),
    (&SINGULAR_VALUES_ALONE, |x| 4 * size(x.shape()) * extent(x.shape().columns)),
];

/// Rows before planning, each as if nothing were shared: for comparison only.
pub(super) static UNPLANNED: &[(&OpDef, Count)] = &[
    (&INVERSE, |x| 2 * cubed(x)),
    (&DETERMINANT, |x| 2 * cubed(x.operand(0)) / 3),
    (&LN_DETERMINANT, |x| 2 * cubed(x.operand(0)) / 3 + CALL),
    (&LN_ABS_DETERMINANT, |x| 2 * cubed(x.operand(0)) / 3 + CALL),
    (&COFACTOR, |x| 2 * cubed(x)),
    (&CHOLESKY, |x| cubed(x) / 3 + CALL * extent(x.shape().rows)),
    (&SYMMETRIC_EIGENVALUES, |x| 4 * cubed(x.operand(0)) / 3),
    (&EIGENVECTORS, |x| 9 * cubed(x)),
    (&SINGULAR_VALUES, |x| 4 * size(x.operand(0).shape()) * extent(x.shape().rows)),
    (&LEFT_SINGULAR_VECTORS, |x| 12 * size(x.shape()) * extent(x.shape().columns)),
    (&RIGHT_SINGULAR_VECTORS, |x| 12 * size(x.shape()) * extent(x.shape().columns)),
];

/// Operations of all cofactors and the determinant, by size.
static CLOSED_FORM: &[u64] = &[0, 0, 3, 32, 100];

/// Likewise of a symmetric matrix: 3, 6 and 10 cofactors of 4, 9 and 16.
static SYMMETRIC_FORM: &[u64] = &[0, 0, 3, 23, 80];

/// Likewise of the inverse of a positive definite matrix.
static DEFINITE_FORM: &[u64] = &[0, 1, 7, 28, 62];

fn order(x: Expr<'_>) -> usize {
    x.shape().rows.known().unwrap_or(0)
}

fn is_triangle(factors: Expr<'_>) -> bool {
    factors.is(&LOWER_FACTORS) || factors.is(&UPPER_FACTORS)
}

fn is_closed_form(factors: Expr<'_>) -> bool {
    factors.is(&COFACTORS) || factors.is(&SYMMETRIC_COFACTORS)
}

fn inverse(x: Expr<'_>) -> u64 {
    let factors = x.operand(0);
    match () {
        () if is_closed_form(factors) => size(x.shape()) + 1,
        () if factors.is(&DEFINITE_INVERSE) => 0,
        () if factors.is(&CHOLESKY_FACTORS) || factors.is(&LDLT) => 2 * cubed(x) / 3,
        () if is_triangle(factors) => cubed(x) / 3,
        () if factors.is(&QR) => 3 * cubed(x),
        () => 4 * cubed(x) / 3,
    }
}

fn solve(x: Expr<'_>) -> u64 {
    let n = extent(x.shape().rows);
    let columns = extent(x.shape().columns);
    match () {
        () if is_triangle(x.operand(0)) => n * n * columns,
        () if x.operand(0).is(&QR) => 3 * n * n * columns,
        () => 2 * n * n * columns,
    }
}

/// The product of the pivots; cofactors have the determinant at hand.
fn determinant(x: Expr<'_>) -> u64 {
    if is_closed_form(x.operand(0)) || x.operand(0).is(&DEFINITE_INVERSE) {
        0
    } else {
        extent(x.operand(0).shape().rows)
    }
}
