//! Determinants, their logarithms, and cofactors. A and Aᵀ share one determinant.

use super::inverses::is_square;
use super::rules;
use super::structure::upright;
use super::terms::{keep, scaled};
use crate::ir::rebuild::Rebuild;
use crate::ir::walk::needed;
use crate::ir::{Data, Expr, Ratio, Shape, Wanted, Weighted};
use crate::ops::products::PRODUCT;
use crate::ops::structure::{IDENTITY, TRANSPOSE};
use crate::ops::systems::{CHOLESKY, COFACTOR, DETERMINANT, INVERSE};

/// Canonical form of |X|.
pub fn determinant<'g>(wanted: &Wanted<'g>) -> Option<Expr<'g>> {
    let x = wanted.operands[0];
    if x.is_scalar() {
        return Some(x);
    }
    let (body, k) = x.multiple();
    // kⁿ may be out of range where the determinant is not: then the number stays.
    match x.shape().rows.known().and_then(|n| harmless_power(k, n)) {
        Some(power) => Some(determinant_of(body).times(power)),
        None => Some(determinant_of(x)),
    }
}

/// kⁿ, if single precision has room for much more.
fn harmless_power(k: Ratio, n: usize) -> Option<Ratio> {
    const ROOM: f64 = 1e12;
    let power = k.power(n.try_into().ok()?);
    (1.0 / ROOM..=ROOM).contains(&power.absolute().value()).then_some(power)
}

fn determinant_of(x: Expr<'_>) -> Expr<'_> {
    let fire = |rule| x.graph.fire(rule);
    match () {
        () if x.is(&IDENTITY) => x.graph.int(1),
        () if x.is(&INVERSE) => {
            fire(rules::DET_INVERSE);
            x.operand(0).reduce(&DETERMINANT).power(Ratio::MINUS_ONE)
        }
        () if x.is(&PRODUCT) && x.operands().into_iter().all(is_square) => {
            fire(rules::DET_PRODUCT);
            let factors: Vec<_> = x.operands().into_iter().map(|f| f.reduce(&DETERMINANT)).collect();
            x.graph.product(&factors)
        }
        () if x.is(&CHOLESKY) => {
            fire(rules::DET_CHOLESKY);
            x.operand(0).reduce(&DETERMINANT).power(Ratio::HALF)
        }
        () => match diagonal_product(x) {
            Some(product) => product,
            None => keep(&DETERMINANT, Data::None, &[upright(x)], Shape::SCALAR),
        },
    }
}

/// The determinant of a triangular matrix.
fn diagonal_product(x: Expr<'_>) -> Option<Expr<'_>> {
    let n = x.shape().rows.known()?;
    if !(x.properties().lower || x.properties().upper) {
        return None;
    }
    x.graph.fire(rules::DET_DIAGONAL);
    let diagonal = x.diagonal();
    let factors: Weighted<'_> = (0..n).map(|i| (diagonal.entry(i, 0), Ratio::ONE)).collect();
    Some(x.graph.powers(&factors, Shape::SCALAR))
}

/// Canonical form of ln |X| and of ln |det X|.
pub fn ln_determinant<'g>(wanted: &Wanted<'g>) -> Option<Expr<'g>> {
    let x = wanted.operands[0];
    if x.is_scalar() || x.is(&IDENTITY) {
        let determinant = x.reduce(&DETERMINANT);
        let wanted_abs = std::ptr::eq(wanted.op, &crate::ops::systems::LN_ABS_DETERMINANT);
        let inner = if wanted_abs { determinant.apply(&crate::ops::piecewise::ABS) } else { determinant };
        return Some(inner.apply(&crate::ops::exponential::LN));
    }
    if let Some(known) = of_multiple(wanted, x) {
        return Some(known);
    }
    if x.is(&INVERSE) {
        x.graph.fire(rules::DET_INVERSE);
        return Some(-x.operand(0).reduce(wanted.op));
    }
    Some(keep(wanted.op, Data::None, &[upright(x)], Shape::SCALAR))
}

/// ln|k A| = n ln k + ln|A| for a number k > 0, which is never raised to the n-th power.
fn of_multiple<'g>(wanted: &Wanted<'g>, x: Expr<'g>) -> Option<Expr<'g>> {
    let (body, k) = x.multiple();
    if k == Ratio::ONE || k.is_negative() || k.is_zero() {
        return None;
    }
    x.graph.fire(rules::LN_DET_MULTIPLE);
    let n = x.graph.extent(x.shape().rows);
    Some(body.reduce(wanted.op) + n * x.graph.number(k).apply(&crate::ops::exponential::LN))
}

/// Canonical form of the matrix of cofactors.
pub fn cofactor<'g>(wanted: &Wanted<'g>) -> Option<Expr<'g>> {
    let x = wanted.operands[0];
    if x.is_scalar() {
        return Some(x.graph.int(1));
    }
    let u = upright(x);
    let y = keep(&COFACTOR, Data::None, &[u], x.shape());
    Some(if u == x { y } else { y.t() })
}

/// cof A / |A| = A⁻ᵀ, in a term k · scalars · body whose body is a product or the cofactors alone.
pub(super) fn absorb_cofactor<'g>(k: Ratio, scalars: &Weighted<'g>, body: Expr<'g>) -> Option<Expr<'g>> {
    let factors = if body.is(&PRODUCT) { body.operands() } else { vec![body] };
    let (at, of) = factors.iter().enumerate().find_map(|(at, f)| Some((at, of_cofactor(*f)?)))?;
    let divides = |(s, p): &(Expr<'g>, Ratio)| {
        s.is(&DETERMINANT) && s.operand(0) == of && p.is_integer() && p.is_negative()
    };
    let which = scalars.iter().position(divides)?;
    body.graph.fire(rules::COFACTOR);
    let mut scalars = scalars.clone();
    scalars[which].1 = scalars[which].1.plus(Ratio::ONE);
    let inverse = of.inverse();
    let mut factors = factors;
    factors[at] = if factors[at].is(&COFACTOR) { inverse.t() } else { inverse };
    let product = body.graph.product(&factors);
    Some(scaled(k, scalars, product))
}

/// The matrix whose cofactors a factor is, upright or turned.
fn of_cofactor(f: Expr<'_>) -> Option<Expr<'_>> {
    let upright = if f.is(&TRANSPOSE) { f.operand(0) } else { f };
    upright.is(&COFACTOR).then(|| upright.operand(0))
}

/// The same with |X| X⁻ᵀ in the place of cofactors: what a book prints, and right only where X has an inverse.
pub fn spelled(x: Expr<'_>) -> Expr<'_> {
    let nodes = needed(x.graph, &[x.id]).into_iter().map(|id| x.graph.expr(id));
    let cofactors: Vec<Expr<'_>> = nodes.filter(|y| y.is(&COFACTOR)).collect();
    if cofactors.is_empty() {
        return x;
    }
    let mut rebuild = Rebuild::into(x.graph, x.graph);
    for y in cofactors {
        let of = y.operand(0);
        rebuild.replace(y.id, of.reduce(&DETERMINANT) * of.inverse().t());
    }
    rebuild.expr(x.id)
}
