//! a (b + c) = a b + a c, where terms then cancel at once.

use super::rules;
use super::sums::{flattened, merge, weight};
use super::terms::terms;
use crate::ir::{Expr, Ratio, Weighted};
use crate::ops::arithmetic::{POWERS, SCALE};
use crate::ops::products::PRODUCT;
use crate::ops::structure::TRANSPOSE;

/// The terms with some products multiplied out, if the merged sum is lighter and has no more terms.
pub(super) fn expand_if_cancels<'g>(list: &Weighted<'g>) -> Option<Weighted<'g>> {
    let open: Vec<Option<Weighted<'g>>> = list.iter().map(|(x, _)| expand(*x)).collect();
    let mut choices: Vec<Vec<usize>> =
        (0..list.len()).filter(|k| open[*k].is_some()).map(|k| vec![k]).collect();
    if choices.len() > 1 {
        choices.push(choices.concat());
    }
    for choice in choices {
        let mut spread = Weighted::new();
        for (k, (x, q)) in list.iter().enumerate() {
            match &open[k] {
                Some(parts) if choice.contains(&k) => {
                    spread.extend(parts.iter().map(|(y, r)| (*y, r.times(*q))));
                }
                _ => spread.push((*x, *q)),
            }
        }
        let merged = merge(flattened(spread));
        if merged.len() <= list.len() && weight(&merged) < weight(list) {
            list[0].0.graph.fire(rules::EXPAND);
            return Some(merged);
        }
    }
    None
}

/// One factor that is a sum, multiplied out.
pub fn expand(x: Expr<'_>) -> Option<Weighted<'_>> {
    if x.is(&TRANSPOSE) {
        return Some(expand(x.operand(0))?.into_iter().map(|(y, k)| (y.t(), k)).collect());
    }
    if x.is(&PRODUCT) {
        let factors = x.operands();
        let (at, list) = factors.iter().enumerate().find_map(|(k, f)| Some((k, terms(*f)?)))?;
        let with = |y| {
            let mut factors = factors.clone();
            factors[at] = y;
            x.graph.product(&factors)
        };
        return Some(list.into_iter().map(|(y, k)| (with(y), k)).collect());
    }
    if x.is(&POWERS) {
        let factors = x.weighted();
        let mut whole = factors.iter().enumerate().filter(|(_, f)| f.1 == Ratio::ONE);
        let (at, list) = whole.find_map(|(k, f)| Some((k, terms(f.0)?)))?;
        let with = |y| {
            let mut factors = factors.clone();
            factors[at].0 = y;
            x.graph.powers(&factors, x.shape())
        };
        return Some(list.into_iter().map(|(y, k)| (with(y), k)).collect());
    }
    if x.is(&SCALE) {
        let list = terms(x.operand(1))?;
        return Some(list.into_iter().map(|(y, k)| (x.operand(0) * y, k)).collect());
    }
    None
}
