//! a (b + c) = a b + a c, where terms then cancel at once.

use super::rules;
use super::sums::{flattened, merge, weight};
use super::terms::terms;
use crate::ir::{Expr, Ratio, Weighted};
use crate::ops::arithmetic::{POWERS, SCALE};
use crate::ops::products::PRODUCT;
use crate::ops::structure::TRANSPOSE;

/// A sum that mentions inputs this often is not read as a formula, and to multiply it out takes long.
const HEAVY: u64 = 5_000;

/// The terms with some products multiplied out, if the merged sum is lighter and has no more terms.
pub(super) fn expand_if_cancels<'g>(list: &Weighted<'g>) -> Option<Weighted<'g>> {
    let (terms, leaves) = (list.len(), weight(list));
    if leaves > HEAVY {
        return None;
    }
    let open: Vec<Option<Weighted<'g>>> = list.iter().map(|t| multiplied_out(*t)).collect();
    let each: Vec<usize> = (0..list.len()).filter(|k| open[*k].is_some()).collect();
    let all = if each.len() > 1 { vec![each.clone()] } else { vec![] };
    for choice in each.into_iter().map(|k| vec![k]).chain(all) {
        let mut spread = Weighted::new();
        for (k, term) in list.iter().enumerate() {
            match &open[k] {
                Some(parts) if choice.contains(&k) => spread.extend(parts),
                _ => spread.push(*term),
            }
        }
        let left = not_cancelled(spread);
        if left.len() <= terms && weight(&left) < leaves {
            list[0].0.graph.fire(rules::EXPAND);
            return Some(merge(left));
        }
    }
    None
}

fn multiplied_out<'g>((x, q): (Expr<'g>, Ratio)) -> Option<Weighted<'g>> {
    let parts = expand(x)?.into_iter().map(|(y, r)| (y, r.times(q)));
    Some(flattened(parts.collect()))
}

/// Like terms merged in any order: most sums are only weighed.
fn not_cancelled(mut list: Weighted<'_>) -> Weighted<'_> {
    list.sort_by_key(|t| t.0.id);
    list.dedup_by(|next, kept| {
        let alike = next.0 == kept.0;
        kept.1 = if alike { kept.1.plus(next.1) } else { kept.1 };
        alike
    });
    list.retain(|t| !t.1.is_zero());
    list
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
