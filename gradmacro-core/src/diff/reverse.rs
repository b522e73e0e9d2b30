//! Reverse mode through regions.
//!
//! The adjoint of a linear loop runs the other way: cotangents are carried, and every moving capture collects a sum.
//! What the reverse loop reads of the primal states comes from stacks ([`super::storage`]).

use std::collections::HashMap;

use super::moving::{Moving, of_scan};
use super::pull::{Around, NoStorage, pull_all};
use super::storage::with_stored_states;
use crate::ir::region::OpenSum;
use crate::ir::{Carry, Expr, Id, Node, OpenBranch, OpenScan, Ratio};

/// Cotangents so far, by node; what is given several times is added.
#[derive(Default)]
pub(super) struct Given<'g>(HashMap<Id, Vec<Expr<'g>>>);

/// Operands, and what each gets.
pub(super) type Parts<'g> = Result<Vec<(Expr<'g>, Expr<'g>)>, NoStorage>;

impl<'g> Given<'g> {
    pub(super) fn add(&mut self, x: Expr<'g>, ct: Expr<'g>) {
        if !ct.is_zero() {
            self.0.entry(x.id).or_default().push(ct);
        }
    }

    /// All of it together.
    pub(super) fn take(&mut self, x: Expr<'g>) -> Option<Expr<'g>> {
        let list = self.0.remove(&x.id)?;
        Some(match list[..] {
            [only] => only,
            _ => {
                let terms: Vec<_> = list.into_iter().map(|t| (t, Ratio::ONE)).collect();
                x.graph.combination(&terms, x.shape())
            }
        })
    }

    /// The cotangents of a region's results.
    pub(super) fn of_results(&mut self, region: Expr<'g>) -> Vec<Option<Expr<'g>>> {
        let shapes = region.result_shapes().into_iter().enumerate();
        shapes.map(|(k, shape)| self.take(region.result(k, shape))).collect()
    }
}

/// A capture's cotangent is the sum of what every step gives it. Each capture that moves is a variable meanwhile: in
/// the body it might be no node of its own.
pub(super) fn through_sum<'g>(y: Expr<'g>, ct: Expr<'g>, moves: &Moving, around: &Around) -> Parts<'g> {
    let (operands, captures) = with_variables(y, 1, moves);
    let Some(open) = y.open_over(&operands) else { return Ok(vec![]) };
    let variables: Vec<Expr<'g>> = captures.iter().map(|c| c.0).collect();
    let parts = pull_all(&[(open.body, ct)], &variables, &around.within(open.index, open.trips))?;
    let sum = |body| y.graph.sum_over(OpenSum { body, ..open });
    Ok(captures.iter().zip(parts).map(|((_, x), part)| (*x, sum(part))).collect())
}

/// The operands of a region with a variable in the place of each that moves, from the k-th on; and those variables
/// with what they stand for.
fn with_variables<'g>(
    y: Expr<'g>,
    from: usize,
    moves: &Moving,
) -> (Vec<Expr<'g>>, Vec<(Expr<'g>, Expr<'g>)>) {
    let (mut operands, mut captures) = (y.operands(), vec![]);
    for x in operands.iter_mut().skip(from).filter(|x| moves.contains(x.id)) {
        let variable = y.graph.variable(x.shape());
        captures.push((variable, *x));
        *x = variable;
    }
    (operands, captures)
}

/// The adjoint of a loop: the loop the other way round.
pub(super) fn through_scan<'g>(
    y: Expr<'g>,
    cts: &[Option<Expr<'g>>],
    moves: &Moving,
    around: &Around,
) -> Parts<'g> {
    let (graph, node) = (y.graph, y.node());
    let Node::Scan(scan) = &*node else { return Ok(vec![]) };
    let linear = of_scan(graph, scan, &|x| moves.contains(x));
    let (operands, captures) = with_variables(y, 1 + linear.len(), moves);
    let Some(open) = y.open_scan_over(&operands) else { return Ok(vec![]) };
    let primal = graph.scope();
    let (moved, fixed): (Vec<_>, Vec<_>) =
        open.carries.iter().zip(cts).zip(linear).partition(|(_, linear)| *linear);
    let moved: Vec<(Carry<'g>, Option<Expr<'g>>)> = moved.into_iter().map(|((c, ct), _)| (*c, *ct)).collect();
    let fixed: Vec<Carry<'g>> = fixed.into_iter().map(|((c, _), _)| *c).collect();

    let bars: Vec<Expr<'g>> = moved.iter().map(|(c, _)| graph.variable(c.variable.shape())).collect();
    let roots: Vec<_> = moved.iter().zip(&bars).map(|((c, _), bar)| (c.next, *bar)).collect();
    let leaves: Vec<Expr<'g>> =
        moved.iter().map(|(c, _)| c.variable).chain(captures.iter().map(|c| c.0)).collect();
    let back = pull_all(&roots, &leaves, &around.within(open.index, open.trips))?;

    let mut carries = vec![];
    for (((c, ct), bar), next) in moved.iter().zip(&bars).zip(&back) {
        let initial = ct.unwrap_or_else(|| graph.zeros(bar.shape()));
        carries.push(Carry { variable: *bar, initial, next: *next, wanted: moves.contains(c.initial.id) });
    }
    for (variable, part) in leaves.iter().zip(&back).skip(moved.len()) {
        let sum = graph.variable(variable.shape());
        let initial = graph.zeros(variable.shape());
        carries.push(Carry { variable: sum, initial, next: sum + *part, wanted: true });
    }
    let reverse = OpenScan { reversed: !open.reversed, carries, ..open.clone() };
    let reverse = with_stored_states(&OpenScan { carries: fixed, ..open }, reverse, primal, around)?;
    let outer = moved.iter().map(|(c, _)| c.initial).chain(captures.iter().map(|c| c.1));
    let wanted: Vec<bool> = reverse.carries.iter().map(|c| c.wanted).collect();
    let found = outer.zip(graph.scan(reverse)).zip(wanted);
    Ok(found.filter(|(_, wanted)| *wanted).map(|(part, _)| part).collect())
}

/// The adjoint of a conditional: the conditional of the adjoints.
pub(super) fn through_branch<'g>(
    y: Expr<'g>,
    cts: &[Option<Expr<'g>>],
    moves: &Moving,
    around: &Around,
) -> Parts<'g> {
    let graph = y.graph;
    let Some(mut open) = y.open_branch() else { return Ok(vec![]) };
    let moved: Vec<(Expr<'g>, Expr<'g>)> =
        open.captured.iter().filter(|(_, outer)| moves.contains(outer.id)).copied().collect();
    let bars: Vec<Option<Expr<'g>>> = cts
        .iter()
        .map(|ct| {
            let ct = (*ct)?;
            let bar = graph.variable(ct.shape());
            open.captured.push((bar, ct));
            Some(bar)
        })
        .collect();
    let leaves: Vec<Expr<'g>> = moved.iter().map(|c| c.0).collect();
    let back = |body: &[Expr<'g>]| {
        let roots: Vec<_> = body.iter().zip(&bars).filter_map(|(x, bar)| Some((*x, (*bar)?))).collect();
        pull_all(&roots, &leaves, around)
    };
    let (then, other) = (back(&open.then)?, back(&open.other)?);
    let open = OpenBranch { then, other, ..open };
    Ok(moved.iter().map(|c| c.1).zip(graph.branch(open)).collect())
}
