//! a σ(u) − a = −a (1 − σ(u)): the stable complement of the logistic function is kept visible.

use super::rules;
use crate::ir::{Expr, Ratio, Shape, Weighted};
use crate::ops::arithmetic::POWERS;
use crate::ops::exponential::LOGISTIC;

pub(super) fn complement<'g>(list: &Weighted<'g>, shape: Shape) -> Option<Expr<'g>> {
    let [a, b] = list[..] else { return None };
    if a.1 != b.1.negated() {
        return None;
    }
    [(a, b), (b, a)].into_iter().find_map(|((x, _), (y, l))| {
        let mut rest = if x.is(&POWERS) { x.weighted() } else { return None };
        let at = rest.iter().position(|f| f.1 == Ratio::ONE && f.0.is(&LOGISTIC))?;
        let sigma = rest.remove(at).0;
        if x.graph.powers(&rest, shape) != y {
            return None;
        }
        x.graph.fire(rules::COMPLEMENT);
        Some(y.hadamard(sigma.ones() - sigma).times(l))
    })
}
