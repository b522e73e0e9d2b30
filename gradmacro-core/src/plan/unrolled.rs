//! Short loops, written out step by step before anything is derived.
//!
//! With known indices a small loop that carries a state is a formula: nothing is stored, entries that are overwritten are
//! seen through, and what is zero drops out. Loops that become sums stay sums. The size of what is written out is
//! bounded by [`UNROLLED`].
//!
//! Example: a Cholesky factor of order 3, written by hand with three nested loops, becomes its six entries.

use std::collections::{HashMap, HashSet};

use super::cost::flops;
use crate::algebra::ALGEBRA;
use crate::front::Program;
use crate::ir::rebuild::Rebuild;
use crate::ir::region::parameter;
use crate::ir::walk::needed;
use crate::ir::{Data, Graph, Id, Node, Scan, Shape};
use crate::ops::index::AFFINE;
use crate::ops::predicates::{IS_ZERO, NOT, NOT_NEGATIVE};

/// Operations up to which a loop is written out, all its steps together.
const UNROLLED: u64 = 60;

/// The program with its short loops written out, if it has any.
pub fn unrolled(program: &Program) -> Option<Program> {
    let roots: Vec<Id> =
        std::iter::once(program.value).chain(program.demands.iter().map(|d| d.node)).collect();
    let graph = &program.graph;
    let loops = needed(graph, &roots).into_iter().filter(|id| match &*graph.node(*id) {
        Node::Scan(scan) => is_short(graph, scan) && is_carried(graph, *id),
        _ => false,
    });
    let loops: HashSet<Id> = loops.collect();
    (!loops.is_empty()).then(|| program.again(None, &loops))
}

/// Does it take few operations, all steps together?
fn is_short(graph: &Graph, scan: &Scan) -> bool {
    let mut count = Count { graph, left: UNROLLED };
    count.scan(scan, &HashMap::new()).is_some()
}

/// Does the canonical loop carry a state, so that it is no sum?
fn is_carried(graph: &Graph, region: Id) -> bool {
    let target = Graph::canonical(&ALGEBRA);
    let mut walk = Rebuild::into(graph, &target);
    let outside: HashSet<Id> = graph.node(region).operands().iter().map(|x| walk.expr(*x).id).collect();
    let made: Vec<Id> = walk.results(region).into_iter().map(|x| x.id).collect();
    let before: HashSet<Id> = needed(&target, &outside.into_iter().collect::<Vec<_>>()).into_iter().collect();
    let inside = needed(&target, &made).into_iter().filter(|x| !before.contains(x));
    inside.into_iter().any(|x| matches!(&*target.node(x), Node::Scan(_)))
}

/// Indices that are known: numbers of parameters of a closed body.
type Known = HashMap<Id, i64>;

/// Counts operations until none are left.
struct Count<'a> {
    graph: &'a Graph,
    left: u64,
}

impl Count<'_> {
    fn bodies(&mut self, roots: &[Id], known: &Known) -> Option<()> {
        for id in needed(self.graph, roots) {
            match &*self.graph.node(id) {
                Node::Scan(scan) => self.scan(scan, known)?,
                Node::IndexSum(sum) => {
                    for step in 0..self.index(sum.operands[0], known)? {
                        let inside = self.inside(&sum.operands, step, known);
                        self.bodies(&[sum.body], &inside)?;
                    }
                }
                Node::Branch(branch) => {
                    let inside = self.inside(&branch.operands, 0, known);
                    let holds = self.holds(branch.operands[0], known);
                    let then = branch.then.iter().filter(|_| holds != Some(false));
                    let other = branch.other.iter().filter(|_| holds != Some(true));
                    let chosen: Vec<Id> = then.chain(other).copied().collect();
                    self.bodies(&chosen, &inside)?;
                }
                _ => self.left = self.left.checked_sub(flops(self.graph.expr(id)))?,
            }
        }
        Some(())
    }

    fn scan(&mut self, scan: &Scan, known: &Known) -> Option<()> {
        let trips = self.index(scan.operands[0], known)?;
        for step in 0..trips {
            // A step that costs nothing is written out too.
            self.left = self.left.checked_sub(1)?;
            let index = if scan.reversed { trips - 1 - step } else { step };
            let inside = self.inside(&scan.operands, index, known);
            self.bodies(&scan.next, &inside)?;
        }
        Some(())
    }

    /// What is known in a body: the index, and captured indices that are known outside.
    fn inside(&self, operands: &[Id], index: i64, known: &Known) -> Known {
        let of = |k: usize, shape: Shape| parameter(self.graph, k, shape).id;
        let captured = operands.iter().enumerate().skip(1).filter_map(|(k, x)| {
            let shape = self.graph.shape(*x);
            Some((of(k, shape), self.index(*x, known).filter(|_| shape.is_scalar())?))
        });
        captured.chain([(of(0, Shape::SCALAR), index)]).collect()
    }

    /// Does a predicate of integers hold, if they are known?
    fn holds(&self, p: Id, known: &Known) -> Option<bool> {
        let node = self.graph.node(p);
        let operand = *node.operands().first()?;
        match () {
            () if node.is(&NOT_NEGATIVE) => Some(self.index(operand, known)? >= 0),
            () if node.is(&IS_ZERO) => Some(self.index(operand, known)? == 0),
            () if node.is(&NOT) => Some(!self.holds(operand, known)?),
            () => None,
        }
    }

    fn index(&self, x: Id, known: &Known) -> Option<i64> {
        if let Some(number) = known.get(&x) {
            return Some(*number);
        }
        let node = self.graph.node(x);
        let Data::Affine(factors, constant) = node.data() else { return None };
        let mut terms = node.operands().iter().zip(factors);
        let sum =
            terms.try_fold(*constant, |sum, (y, k)| sum.checked_add(self.index(*y, known)?.checked_mul(*k)?));
        sum.filter(|_| node.is(&AFFINE))
    }
}
