//! Normal form of conditionals: what is decided is no branch, and what is the same in both bodies is outside.

use super::predicates::known;
use super::rules;
use crate::ir::branch::close_branch;
use crate::ir::rebuild::Rebuild;
use crate::ir::{Expr, OpenBranch};
use crate::ops::structure::TRANSPOSE;

/// The results of the body that is chosen.
pub(super) fn branch<'g>(mut open: OpenBranch<'g>) -> Vec<Expr<'g>> {
    let turned = turn(&mut open);
    let results = settled(open);
    results.into_iter().zip(turned).map(|(x, turned)| if turned { x.t() } else { x }).collect()
}

/// X is captured in the place of Xᵀ, and a result that both bodies make as a transpose, or that is a row, is turned
/// outside; says which.
fn turn<'g>(open: &mut OpenBranch<'g>) -> Vec<bool> {
    let graph = open.predicate.graph;
    if open.captured.iter().any(|(_, outer)| outer.is(&TRANSPOSE)) {
        let mut again = Rebuild::within(graph, open.scope);
        for (variable, outer) in open.captured.iter_mut().filter(|(_, outer)| outer.is(&TRANSPOSE)) {
            let inner = outer.operand(0);
            let upright = graph.variable_with(inner.shape(), inner.properties());
            again.replace(variable.id, upright.t());
            (*variable, *outer) = (upright, inner);
        }
        for x in open.then.iter_mut().chain(&mut open.other) {
            *x = again.expr(x.id);
        }
    }
    let is_turned = |(a, b): (&Expr<'g>, &Expr<'g>)| {
        let shape = a.shape();
        shape.is_row() || !shape.is_vector() && a.is(&TRANSPOSE) && b.is(&TRANSPOSE)
    };
    let turned: Vec<bool> = open.then.iter().zip(&open.other).map(is_turned).collect();
    for list in [&mut open.then, &mut open.other] {
        for (x, _) in list.iter_mut().zip(&turned).filter(|(_, turned)| **turned) {
            *x = x.t();
        }
    }
    turned
}

fn settled<'g>(open: OpenBranch<'g>) -> Vec<Expr<'g>> {
    let graph = open.predicate.graph;
    if let Some(holds) = known(open.predicate) {
        graph.fire(rules::BRANCH_KNOWN);
        let chosen = if holds { &open.then } else { &open.other };
        let mut outside = outside(&open);
        return chosen.iter().map(|x| outside.expr(x.id)).collect();
    }
    let open = with_numbers(open);
    let mut again = outside(&open);
    let mut open_pairs: Vec<(Expr<'g>, Expr<'g>)> = vec![];
    let mut places: Vec<Result<Expr<'g>, usize>> = vec![];
    for pair in open.then.iter().copied().zip(open.other.iter().copied()) {
        places.push(match open_pairs.iter().position(|known| *known == pair) {
            _ if pair.0 == pair.1 && is_given(pair.0, &open) => {
                graph.fire(rules::BRANCH_SAME);
                Ok(again.expr(pair.0.id))
            }
            Some(place) => Err(place),
            None => {
                open_pairs.push(pair);
                Err(open_pairs.len() - 1)
            }
        });
    }
    if open_pairs.is_empty() {
        return places.into_iter().filter_map(Result::ok).collect();
    }
    let (then, other) = open_pairs.into_iter().unzip();
    let results = close_branch(&OpenBranch { then, other, ..open });
    places.into_iter().map(|place| place.unwrap_or_else(|place| results[place])).collect()
}

/// Numbers need not be captured.
fn with_numbers<'g>(open: OpenBranch<'g>) -> OpenBranch<'g> {
    let is_number = |x: Expr<'g>| x.number().is_some() || x.is_zero() || x.is_ones();
    let (numbers, captured): (Vec<_>, Vec<_>) =
        open.captured.iter().partition(|(_, outer)| is_number(*outer));
    if numbers.is_empty() {
        return open;
    }
    let mut again = Rebuild::within(open.predicate.graph, open.scope);
    for (variable, outer) in numbers {
        again.replace(variable.id, outer);
    }
    let mut all = |list: &[Expr<'g>]| list.iter().map(|x| again.expr(x.id)).collect();
    let (then, other) = (all(&open.then), all(&open.other));
    OpenBranch { captured, then, other, ..open }
}

/// A walk that puts what was captured in the place of the variables that stand for it.
fn outside<'g>(open: &OpenBranch<'g>) -> Rebuild<'g, 'g> {
    let mut again = Rebuild::within(open.predicate.graph, open.scope);
    for (variable, outer) in &open.captured {
        again.replace(variable.id, *outer);
    }
    again
}

/// Is it there without any computation of the branch's?
fn is_given<'g>(x: Expr<'g>, open: &OpenBranch<'g>) -> bool {
    x.is_fixed(open.scope) || open.captured.iter().any(|(variable, _)| *variable == x)
}
