//! Sums: sorted, like terms merged, common factors found.

use super::blocks::is_of_blocks;
use super::complements::complement;
use super::distribution::expand_if_cancels;
use super::factoring::{common_edge, common_scalar};
use super::merging::merged;
use super::order::{order, prefers_transpose};
use super::rules;
use super::terms::{as_terms, keep, terms};
use crate::ir::{Data, Expr, Ratio, Shape, Wanted, Weighted};
use crate::ops::arithmetic::SUM;

/// Canonical form of a linear combination.
pub fn sum<'g>(wanted: &Wanted<'g>) -> Option<Expr<'g>> {
    let weights = wanted.data.coefficients();
    let mut list = vec![];
    for (x, k) in wanted.operands.iter().zip(weights) {
        let own = if weights.len() == 1 { vec![(*x, Ratio::ONE)] } else { as_terms(*x) };
        list.extend(own.into_iter().map(|(y, q)| (y, q.times(*k))));
    }
    match list[..] {
        [] => None,
        [(x, k)] => Some(super::terms::scaled(k, vec![], x)),
        _ => Some(sum_terms(list, wanted.shape)),
    }
}

/// The sum of any terms.
pub(super) fn sum_terms<'g>(list: Weighted<'g>, shape: Shape) -> Expr<'g> {
    let Some(graph) = list.first().map(|t| t.0.graph) else { unreachable!("a sum to be made has terms") };
    let list = merge(list);
    match list[..] {
        [] => return graph.zeros(shape),
        [(x, k)] => return x.times(k),
        _ => {}
    }
    if shape.is_row() {
        graph.fire(rules::UPRIGHT_SUM);
        return sum_terms(turned(&list), shape.transposed()).t();
    }
    if let Some(list) = merged(&list, shape).or_else(|| expand_if_cancels(&list)) {
        return if list.is_empty() { graph.zeros(shape) } else { sum_terms(list, shape) };
    }
    if let Some(known) = common_scalar(&list) {
        return known;
    }
    if let Some(list) = common_edge(&list) {
        return if list.is_empty() { graph.zeros(shape) } else { sum_terms(list, shape) };
    }
    complement(&list).unwrap_or_else(|| oriented(list, shape))
}

/// Like terms: c x + d x = (c + d) x. Sorted.
pub(super) fn merge(mut list: Weighted<'_>) -> Weighted<'_> {
    list.sort_by(|a, b| order(a.0, b.0));
    let mut out = Weighted::new();
    for (x, k) in list {
        match out.last_mut() {
            Some(last) if last.0 == x => {
                last.1 = last.1.plus(k);
                x.graph.fire(rules::LIKE_TERMS);
            }
            _ => out.push((x, k)),
        }
    }
    out.retain(|t| !t.1.is_zero());
    out
}

/// A sum and its transpose are one node and a transpose: the form with fewer transposes is kept.
pub(super) fn oriented<'g>(list: Weighted<'g>, shape: Shape) -> Expr<'g> {
    match list[..] {
        [(x, Ratio::ONE)] => return x,
        [_] => return keep_sum(list, shape),
        _ if shape.is_scalar() || is_of_blocks(&list, shape) => return keep_sum(list, shape),
        _ => {}
    }
    let turned = merge(turned(&list));
    if turned.len() < list.len() {
        return sum_terms(turned, shape.transposed()).t();
    }
    let operands = |list: &Weighted<'g>| list.iter().map(|t| t.0).collect::<Vec<_>>();
    let (p, q) = (operands(&list), operands(&turned));
    // 2X − Xᵀ comes before X − 2Xᵀ, whose operands are the same.
    let differs = || list.iter().zip(&turned).find(|(a, b)| a.1 != b.1);
    let tie = p == q && differs().is_some_and(|(a, b)| a.1 < b.1);
    if tie || (p != q && prefers_transpose(shape, &p, &q)) || (shape.is_row() && p == q) {
        list[0].0.graph.fire(rules::UPRIGHT_SUM);
        let upright = keep_sum(turned, shape.transposed());
        return keep(&crate::ops::structure::TRANSPOSE, Data::None, &[upright], shape);
    }
    keep_sum(list, shape)
}

/// The terms transposed, each in normal form again.
pub(super) fn turned<'g>(list: &Weighted<'g>) -> Weighted<'g> {
    flattened(list.iter().map(|(x, k)| (x.t(), *k)).collect())
}

fn keep_sum<'g>(list: Weighted<'g>, shape: Shape) -> Expr<'g> {
    let (operands, weights): (Vec<_>, Vec<_>) = list.into_iter().unzip();
    keep(&SUM, Data::Coefficients(weights), &operands, shape)
}

/// How many inputs the terms mention.
pub(super) fn weight(list: &Weighted<'_>) -> u64 {
    list.iter().fold(0, |sum, (x, _)| sum.saturating_add(x.measure().leaves))
}

/// Flattens terms that are sums themselves.
pub(super) fn flattened(list: Weighted<'_>) -> Weighted<'_> {
    let open = |(x, k): (_, Ratio)| -> Weighted<'_> {
        match terms(x) {
            Some(inner) => inner.into_iter().map(|(y, q): (Expr<'_>, Ratio)| (y, q.times(k))).collect(),
            None => vec![(x, k)],
        }
    };
    list.into_iter().flat_map(open).collect()
}
