//! a σ(u) − a = −a (1 − σ(u)): the stable complement of the logistic function is kept visible.

use super::rules;
use crate::ir::{Expr, Ratio, Weighted};
use crate::ops::arithmetic::POWERS;
use crate::ops::exponential::LOGISTIC;
use crate::ops::structure::TRANSPOSE;

pub(super) fn complement<'g>(list: &Weighted<'g>) -> Option<Expr<'g>> {
    let [(a, k), (b, l)] = list[..] else { return None };
    if k != l.negated() {
        return None;
    }
    [(a, b, l), (b, a, k)].into_iter().find_map(|(x, y, l)| {
        let (rest, sigma) = without_logistic(x).filter(|(rest, _)| *rest == y)?;
        rest.graph.fire(rules::COMPLEMENT);
        Some(rest.hadamard(sigma.ones() - sigma).times(l))
    })
}

/// An entrywise product without one factor σ(u), and that factor; also where the whole is transposed.
fn without_logistic(x: Expr<'_>) -> Option<(Expr<'_>, Expr<'_>)> {
    if x.is(&TRANSPOSE) {
        let (rest, sigma) = without_logistic(x.operand(0))?;
        return Some((rest.t(), sigma.t()));
    }
    let mut factors = if x.is(&POWERS) { x.weighted() } else { return None };
    let at = factors.iter().position(|f| f.1 == Ratio::ONE && f.0.is(&LOGISTIC))?;
    let sigma = factors.remove(at).0;
    Some((x.graph.powers(&factors, x.shape()), sigma))
}
