//! Reverse mode: the transpose of a linear map.

use std::cell::Cell;

use super::matrix::forward_matrix;
use super::moving::{Moving, moving};
use super::reverse::{Given, through_branch, through_scan, through_sum};
use crate::ir::walk::needed;
use crate::ir::{Data, Expr, Id, Node};
use crate::ops::Derivative;

/// The states of a loop cannot be stored, or only in more numbers than allowed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NoStorage {
    /// How often the loop runs, if that is a number.
    pub trips: Option<u64>,
    /// Numbers to be stored per run.
    pub numbers: u64,
}

/// How much reverse mode may store, and whether that was too little.
pub struct Storage {
    /// Numbers that may be stored for one loop.
    pub limit: u64,
    refused: Cell<Option<NoStorage>>,
}

/// Entries up to which forward mode stands in for a reverse mode that may not store enough.
const FEW: usize = 16;

impl Storage {
    /// So many numbers for one loop.
    pub fn of(limit: u64) -> Storage {
        Storage { limit, refused: Cell::new(None) }
    }

    /// Why something could not be derived, if so.
    pub fn refused(&self) -> Option<NoStorage> {
        self.refused.get()
    }
}

/// What is known inside the regions that are open.
pub(super) struct Around {
    /// Numbers that may be stored for one loop.
    pub(super) limit: u64,
    /// How often the loops around run at most, by their indices.
    steps: Vec<(Id, i64)>,
}

impl Around {
    fn outside(limit: u64) -> Around {
        Around { limit, steps: vec![] }
    }

    /// Inside one loop more.
    pub(super) fn within(&self, index: Expr<'_>, trips: Expr<'_>) -> Around {
        let own = self.most(trips).map(|trips| (index.id, trips));
        Around { limit: self.limit, steps: self.steps.iter().copied().chain(own).collect() }
    }

    /// The greatest value that an index takes, if there is a bound.
    pub(super) fn most(&self, x: Expr<'_>) -> Option<i64> {
        let last = |y: Expr<'_>| self.steps.iter().find(|own| own.0 == y.id).map(|own| own.1 - 1);
        let node = x.node();
        let Data::Affine(factors, constant) = node.data() else { return last(x) };
        let mut terms = x.operands().into_iter().zip(factors);
        terms.try_fold(*constant, |sum, (y, k)| sum.checked_add(last(y)?.max(0).checked_mul((*k).max(0))?))
    }
}

impl Default for Storage {
    fn default() -> Storage {
        Storage::of(u64::MAX)
    }
}

/// Cotangents of `leaves` under the linear map leaves ↦ root, given the cotangent of `root`: ⟨ct, root(dx)⟩ = ⟨G, dx⟩.
/// A leaf on which `root` does not depend has the cotangent zero. Where reverse mode would store too much, the columns
/// of the map are computed forwards, if they are few.
pub fn pull<'g>(root: Expr<'g>, ct: Expr<'g>, leaves: &[Expr<'g>], storage: &Storage) -> Vec<Expr<'g>> {
    pull_all(&[(root, ct)], leaves, &Around::outside(storage.limit)).unwrap_or_else(|why| {
        let entries = leaves.iter().try_fold(0, |sum, x| Some(sum + x.shape().size()?));
        if entries.is_none_or(|entries| entries > FEW) {
            storage.refused.set(Some(why));
        }
        leaves.iter().map(|leaf| by_columns(root, ct, *leaf)).collect()
    })
}

/// Mᵀ vec ct for the matrix M of leaf ↦ root.
fn by_columns<'g>(root: Expr<'g>, ct: Expr<'g>, leaf: Expr<'g>) -> Expr<'g> {
    let Some(m) = forward_matrix(root, leaf) else { return root.graph.zeros(leaf.shape()) };
    (m.t() * ct.vec()).reshaped(leaf.shape())
}

/// The same of several roots, each with its cotangent.
pub(super) fn pull_all<'g>(
    roots: &[(Expr<'g>, Expr<'g>)],
    leaves: &[Expr<'g>],
    around: &Around,
) -> Result<Vec<Expr<'g>>, NoStorage> {
    let zeros = || leaves.iter().map(|x| x.graph.zeros(x.shape())).collect();
    let Some((first, _)) = roots.first() else { return Ok(zeros()) };
    let graph = first.graph;
    let ids: Vec<Id> = roots.iter().map(|root| root.0.id).collect();
    let moves = moving(graph, &ids, leaves);
    let mut given = Given::default();
    for (x, ct) in roots.iter().filter(|(x, _)| moves.contains(x.id)) {
        given.add(*x, *ct);
    }
    for id in needed(graph, &ids).into_iter().rev().filter(|id| moves.contains(*id)) {
        let y = graph.expr(id);
        if !leaves.contains(&y) {
            for (x, part) in cotangents(y, &mut given, &moves, around)? {
                given.add(x, part);
            }
        }
    }
    Ok(leaves.iter().map(|leaf| given.take(*leaf).unwrap_or_else(|| graph.zeros(leaf.shape()))).collect())
}

/// What each moving operand of `y` gets.
fn cotangents<'g>(
    y: Expr<'g>,
    given: &mut Given<'g>,
    moves: &Moving,
    around: &Around,
) -> Result<Vec<(Expr<'g>, Expr<'g>)>, NoStorage> {
    let node = y.node();
    match &*node {
        Node::Leaf(_) | Node::Result(..) => Ok(vec![]),
        Node::Scan(_) => through_scan(y, &given.of_results(y), moves, around),
        Node::Branch(_) => through_branch(y, &given.of_results(y), moves, around),
        Node::IndexSum(_) => match given.take(y) {
            Some(ct) => through_sum(y, ct, moves, around),
            None => Ok(vec![]),
        },
        Node::Apply(op, ..) => {
            let Some(ct) = given.take(y) else { return Ok(vec![]) };
            let moved = y.operands().into_iter().enumerate().filter(|(_, x)| moves.contains(x.id));
            Ok(moved.filter_map(|(k, x)| Some((x, adjoint(op.0.derivative, y, k, ct)?))).collect())
        }
    }
}

fn adjoint<'g>(derivative: Derivative, y: Expr<'g>, k: usize, ct: Expr<'g>) -> Option<Expr<'g>> {
    match derivative {
        Derivative::Linear(_, adjoint)
        | Derivative::Multilinear(adjoint)
        | Derivative::Partials(_, adjoint) => Some(adjoint(y, k, ct)),
        // A pushforward is linear, so neither occurs on the way from a differential to its root.
        Derivative::Entrywise(_) | Derivative::Slopes | Derivative::Flat | Derivative::Unknown => None,
    }
}
