//! Inverses, and what reads one triangle only. A and Aᵀ share one inverse.

use super::rules;
use super::structure::upright;
use super::terms::{Term, content, keep, scaled, term};
use crate::ir::{Data, Expr, Ratio, Wanted};
use crate::ops::products::{KRONECKER, PRODUCT};
use crate::ops::spectral::EXPONENTIAL;
use crate::ops::structure::{DIAGONAL_MATRIX, IDENTITY, TRANSPOSE};
use crate::ops::systems::{CHOLESKY, INVERSE};

/// Canonical form of X⁻¹.
pub fn inverse<'g>(wanted: &Wanted<'g>) -> Option<Expr<'g>> {
    let x = wanted.operands[0];
    if x.is_scalar() {
        return Some(x.power(Ratio::MINUS_ONE));
    }
    if x.is_zero() {
        return None;
    }
    // A number stays in a sum: A + 10⁻⁸I is what the user wrote, and what his determinant is of.
    let Term { k, scalars, body } = term(x);
    let scalars = scalars.into_iter().map(|(s, p)| (s, p.negated())).collect();
    Some(scaled(k.reciprocal(), scalars, inverse_of_body(body)))
}

fn inverse_of_body(x: Expr<'_>) -> Expr<'_> {
    let fire = |rule| x.graph.fire(rule);
    match () {
        () if x.is(&IDENTITY) => x,
        () if x.is(&INVERSE) => {
            fire(rules::INVERSE_INVERSE);
            x.operand(0)
        }
        () if x.is(&DIAGONAL_MATRIX) => {
            fire(rules::INVERSE_DIAGONAL);
            x.operand(0).power(Ratio::MINUS_ONE).diagonal_matrix()
        }
        () if x.is(&PRODUCT) && x.operands().into_iter().all(is_square) => {
            fire(rules::INVERSE_PRODUCT);
            let factors: Vec<_> = x.operands().into_iter().rev().map(Expr::inverse).collect();
            x.graph.product(&factors)
        }
        () if x.is(&KRONECKER) && x.operands().into_iter().all(is_square) => {
            fire(rules::INVERSE_KRONECKER);
            let factors: Vec<_> = x.operands().into_iter().map(Expr::inverse).collect();
            x.graph.apply(&KRONECKER, Data::None, &factors, x.shape())
        }
        () => {
            let u = upright(x);
            let y = keep(&INVERSE, Data::None, &[u], x.shape());
            if u == x { y } else { y.t() }
        }
    }
}

pub(super) fn is_square(x: Expr<'_>) -> bool {
    x.shape().rows == x.shape().columns
}

/// The factors whose product this node inverts, and the number beside them: in a product a sum is without its content.
pub(super) fn inverted(x: Expr<'_>) -> Option<(Ratio, Vec<Expr<'_>>)> {
    let of = match () {
        () if x.is(&INVERSE) => x.operand(0),
        () if x.is(&TRANSPOSE) && x.operand(0).is(&INVERSE) => x.operand(0).operand(0).t(),
        () => return None,
    };
    let (k, of) = content(of);
    Some((k, if of.is(&PRODUCT) { of.operands() } else { vec![of] }))
}

/// Canonical form of the symmetric matrix with the lower triangle of X.
pub fn mirror<'g>(wanted: &Wanted<'g>) -> Option<Expr<'g>> {
    let x = wanted.operands[0];
    if x.t() == x {
        x.graph.fire(rules::MIRROR);
        return Some(x);
    }
    x.properties().lower.then(|| x + x.t() - x.diagonal().diagonal_matrix())
}

/// Canonical form of the Cholesky factor.
pub fn cholesky<'g>(wanted: &Wanted<'g>) -> Option<Expr<'g>> {
    let x = wanted.operands[0];
    if x.is_scalar() {
        return Some(x.power(Ratio::HALF));
    }
    // Only one triangle is read, so L Lᵀ is sym(X) and not X.
    let symmetric = x.mirrored();
    (symmetric != x).then(|| symmetric.apply(&CHOLESKY))
}

/// Canonical form of eigenvalues: a number is its own.
pub fn eigenvalues<'g>(wanted: &Wanted<'g>) -> Option<Expr<'g>> {
    let x = wanted.operands[0];
    x.is_scalar().then_some(x)
}

/// Canonical form of eigenvectors: those of a number are 1.
pub fn eigenvectors<'g>(wanted: &Wanted<'g>) -> Option<Expr<'g>> {
    let x = wanted.operands[0];
    x.is_scalar().then(|| x.ones())
}

/// Canonical form of singular values: a vector has one, its norm.
pub fn singular_values<'g>(wanted: &Wanted<'g>) -> Option<Expr<'g>> {
    let x = wanted.operands[0];
    wanted.shape.is_scalar().then(|| x.inner(x).power(Ratio::HALF))
}

/// Canonical form of the matrix exponential.
pub fn exponential<'g>(wanted: &Wanted<'g>) -> Option<Expr<'g>> {
    let x = wanted.operands[0];
    match () {
        () if x.is_scalar() => Some(x.apply(&crate::ops::exponential::EXP)),
        () if x.is_zero() => Some(x.graph.identity(x.shape().rows)),
        () if upright(x) != x => Some(upright(x).apply(&EXPONENTIAL).t()),
        () => None,
    }
}

/// Canonical form of the exponential's derivative at A in the direction E: exp(A) E where A and E commute.
pub fn exponential_direction<'g>(wanted: &Wanted<'g>) -> Option<Expr<'g>> {
    let (a, e) = (wanted.operands[0], wanted.operands[1]);
    if a.is_scalar() {
        return Some(a.apply(&crate::ops::exponential::EXP) * e);
    }
    if e.is_zero() {
        return Some(e);
    }
    let Term { k, scalars, body } = term(e);
    let commutes = body.is(&IDENTITY) || body == a;
    if commutes {
        a.graph.fire(rules::EXP_COMMUTES);
        return Some(scaled(k, scalars, a.apply(&EXPONENTIAL) * body));
    }
    (body != e).then(|| {
        let inner = wanted.graph.apply(wanted.op, Data::None, &[a, body], wanted.shape);
        scaled(k, scalars, inner)
    })
}
