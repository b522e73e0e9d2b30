//! Differences that lose digits, evaluated without one: 1 − σ(u) is printed so, and computed as σ(−u); softplus(u) − u
//! is computed as softplus(−u).

use crate::algebra::as_terms;
use crate::ir::{Data, Expr, Ratio, Wanted, Weighted};
use crate::ops::OpDef;
use crate::ops::arithmetic::POWERS;
use crate::ops::exponential::{LOGISTIC, SOFTPLUS};

/// The same sum over terms that are safe to add.
pub(super) fn stable(list: Weighted<'_>) -> Weighted<'_> {
    let found = list.iter().enumerate().find_map(|(at, (x, k))| {
        let rest: Weighted<'_> = list.iter().enumerate().filter(|(j, _)| *j != at).map(|(_, t)| *t).collect();
        let (shift, term) = shifted(*x, *k)?;
        Some((without(rest, shift)?, term))
    });
    match found {
        Some((rest, term)) => {
            let mut rest = stable(rest);
            rest.push(term);
            rest
        }
        None => list,
    }
}

/// What a term forms a stable pair with, and the term that both become.
fn shifted(x: Expr<'_>, k: Ratio) -> Option<(Weighted<'_>, (Expr<'_>, Ratio))> {
    let minus = k.negated();
    if x.is(&LOGISTIC) {
        return Some((vec![(x.ones(), minus)], (mirrored(&LOGISTIC, x.operand(0)), minus)));
    }
    if let Some((rest, u)) = without_logistic(x) {
        return Some((vec![(rest, minus)], (rest.hadamard(mirrored(&LOGISTIC, u)), minus)));
    }
    if x.is(&SOFTPLUS) {
        let shift = as_terms(x.operand(0)).into_iter().map(|(u, c)| (u, c.times(minus))).collect();
        return Some((shift, (mirrored(&SOFTPLUS, x.operand(0)), k)));
    }
    None
}

/// a and u of a ⊙ σ(u).
fn without_logistic(x: Expr<'_>) -> Option<(Expr<'_>, Expr<'_>)> {
    let mut factors = if x.is(&POWERS) { x.weighted() } else { return None };
    let at = factors.iter().position(|(f, p)| f.is(&LOGISTIC) && *p == Ratio::ONE)?;
    let (sigma, _) = factors.remove(at);
    Some((x.graph.powers(&factors, x.shape()), sigma.operand(0)))
}

/// f(−u) as it stands: the algebra would turn it back.
fn mirrored<'g>(op: &'static OpDef, u: Expr<'g>) -> Expr<'g> {
    let operands = vec![-u];
    u.graph.keep(Wanted { graph: u.graph, op, data: Data::None, operands, shape: u.shape() })
}

/// The list without these terms, all of which must be there.
fn without<'g>(mut list: Weighted<'g>, shift: Weighted<'g>) -> Option<Weighted<'g>> {
    for term in shift {
        let at = list.iter().position(|t| *t == term)?;
        list.remove(at);
    }
    Some(list)
}
