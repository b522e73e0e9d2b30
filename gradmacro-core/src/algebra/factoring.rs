//! Common factors of the terms of a sum.

use super::rules;
use super::terms::{Term, as_terms, scaled, term};
use crate::ir::{Expr, Ratio, Weighted};
use crate::ops::products::{KRONECKER, PRODUCT};
use crate::ops::structure::{ENTRIES, SCATTER};

fn parts<'g>(list: &Weighted<'g>) -> Vec<Term<'g>> {
    let split = |(x, k): &(Expr<'g>, Ratio)| {
        let own = term(*x);
        Term { k: own.k.times(*k), ..own }
    };
    list.iter().map(split).collect()
}

/// s x + s y = s (x + y) for scalars; of powers the one nearest to zero is common.
pub(super) fn common_scalar<'g>(list: &Weighted<'g>) -> Option<Expr<'g>> {
    let parts = parts(list);
    // Blocks that stand at places stay apart, so that those at one place meet.
    if parts.iter().any(|part| part.body.is(&SCATTER)) {
        return None;
    }
    let mut common = parts[0].scalars.clone();
    for part in &parts[1..] {
        common = common.into_iter().filter_map(|(x, p)| shared_power(x, p, &part.scalars)).collect();
    }
    let first = common.first()?;
    first.0.graph.fire(rules::COMMON_SCALAR);
    let inverse = || common.iter().map(|(x, p)| (*x, p.negated()));
    let rest: Vec<(Expr<'g>, Ratio)> = parts
        .into_iter()
        .map(|part| {
            let scalars = part.scalars.into_iter().chain(inverse()).collect();
            (scaled(part.k, scalars, part.body), Ratio::ONE)
        })
        .collect();
    let rest = first.0.graph.combination(&rest, list[0].0.shape());
    Some(scaled(Ratio::ONE, common, rest))
}

fn shared_power<'g>(x: Expr<'g>, p: Ratio, others: &Weighted<'g>) -> Option<(Expr<'g>, Ratio)> {
    let q = others.iter().find(|other| other.0 == x)?.1;
    let alike = p.is_negative() == q.is_negative() && p.plus(q.negated()).is_integer();
    alike.then(|| (x, if q.absolute() < p.absolute() { q } else { p }))
}

struct Group<'g> {
    right: bool,
    edge: Expr<'g>,
    members: Vec<usize>,
}

/// A C + B C = (A + B) C and C A + C B = C (A + B): the largest group first, ties in canonical order.
pub(super) fn common_edge<'g>(list: &Weighted<'g>) -> Option<Weighted<'g>> {
    if list[0].0.is_scalar() {
        return None;
    }
    let parts = parts(list);
    let factors: Vec<Vec<Expr<'g>>> = parts
        .iter()
        .map(|part| if part.body.is(&PRODUCT) { part.body.operands() } else { vec![part.body] })
        .collect();
    let group = largest_group(&factors)?;
    let graph = group.edge.graph;
    graph.fire(if group.right { rules::COMMON_RIGHT } else { rules::COMMON_LEFT });
    let mut rests = vec![];
    for member in &group.members {
        let part = &parts[*member];
        let rest = without_edge(&factors[*member], &group);
        rests.push((scaled(part.k, part.scalars.clone(), rest), Ratio::ONE));
    }
    let rest = graph.combination(&rests, rests[0].0.shape());
    let new = if group.right { rest * group.edge } else { group.edge * rest };
    let others = list.iter().enumerate().filter(|(k, _)| !group.members.contains(k)).map(|(_, t)| *t);
    Some(others.chain(as_terms(new)).collect())
}

fn without_edge<'g>(factors: &[Expr<'g>], group: &Group<'g>) -> Expr<'g> {
    let graph = group.edge.graph;
    let rest = if group.right { &factors[..factors.len() - 1] } else { &factors[1..] };
    match rest {
        [] => graph.identity(group.edge.shape().rows),
        _ => graph.product(rest),
    }
}

fn largest_group<'g>(factors: &[Vec<Expr<'g>>]) -> Option<Group<'g>> {
    let mut best: Option<Group<'g>> = None;
    for right in [true, false] {
        let edge_of = |f: &Vec<Expr<'g>>| if right { f[f.len() - 1] } else { f[0] };
        for edge in factors.iter().map(edge_of) {
            // Entries of a matrix stay entries; (K + I)(A ⊗ B) is what books print, but A x + x is left alone.
            if edge.is(&ENTRIES) || edge.is(&SCATTER) {
                continue;
            }
            let alone = edge.is(&KRONECKER);
            let is_member = |f: &Vec<Expr<'g>>| edge_of(f) == edge && (f.len() > 1 || alone);
            let members: Vec<usize> = (0..factors.len()).filter(|k| is_member(&factors[*k])).collect();
            if members.len() > best.as_ref().map_or(1, |b| b.members.len()) {
                best = Some(Group { right, edge, members });
            }
        }
    }
    best
}
