//! Carried variables that a loop only adds to, or writes to at places of which each step has its own.
//!
//! `x[i] = v` is x + scatter(v − x[i], i). If no other step writes to where a step reads, what it reads there is what
//! stood there before the loop, and the loop only collects: a matrix that is filled entry by entry is a sum.
//!
//! Example: `for i in 0..n { r[i] = a[i] * x - b[i]; }` on zeros is Σᵢ scatter(aᵢ x − bᵢ, i).

use super::entries::constant_index;
use super::rules;
use super::terms::{as_terms, term};
use crate::ir::region::OpenSum;
use crate::ir::{Carry, Data, Dim, Expr, Node, OpenBranch, OpenScan, Ratio, Shape, Weighted};
use crate::ops::index::AFFINE;
use crate::ops::structure::{SCATTER, SLICE};
use crate::ops::writing::UPDATE;

/// What each step adds to a carried variable, if that does not depend on the steps before.
pub(super) fn collected<'g>(open: &OpenScan<'g>, carry: Carry<'g>) -> Option<Expr<'g>> {
    let term = added(carry.next, carry.variable)?;
    if !mentions(term, carry.variable) {
        term.graph.fire(rules::CARRY_SUM);
        return Some(term);
    }
    let mut writes = vec![];
    places(term, &mut writes)?;
    let mut before = Before { index: open.index, writes, known: vec![(carry.variable, carry.initial)] };
    let term = before.reading(term)?;
    term.graph.fire(rules::CARRY_WRITES);
    Some(term)
}

/// The t of x + t.
fn added<'g>(next: Expr<'g>, x: Expr<'g>) -> Option<Expr<'g>> {
    if next == x {
        return Some(x.graph.zeros(x.shape()));
    }
    if next.is(&UPDATE) {
        let [inner, v, row, column] = next.operands()[..] else { return None };
        let term = added(inner, x)?;
        let before = inner.slice(row, column, v.shape());
        return Some(term + (v - before).scatter(row, column, x.shape()));
    }
    if let Node::Result(k, [region]) = &*next.node() {
        return added_in_branches(x.graph.expr(*region), *k as usize, x);
    }
    let (own, others): (Weighted<'g>, Weighted<'g>) =
        as_terms(next).into_iter().partition(|t| *t == (x, Ratio::ONE));
    if !own.is_empty() {
        return Some(x.graph.combination(&others, x.shape()));
    }
    // (x with something written) + t
    let base = others.iter().position(|(y, k)| *k == Ratio::ONE && mentions(*y, x) && is_written(*y))?;
    let (mut others, base) = (others.clone(), others[base].0);
    others.retain(|(y, _)| *y != base);
    Some(added(base, x)? + x.graph.combination(&others, x.shape()))
}

fn is_written(x: Expr<'_>) -> bool {
    x.is(&UPDATE) || matches!(&*x.node(), Node::Result(..))
}

/// if p { x + s } else { x + t } = x + if p { s } else { t }
fn added_in_branches<'g>(region: Expr<'g>, k: usize, x: Expr<'g>) -> Option<Expr<'g>> {
    let mut open = region.open_branch()?;
    let own = open.captured.iter().find(|(_, outer)| *outer == x)?.0;
    let (then, other) = (added(open.then[k], own)?, added(open.other[k], own)?);
    (open.then, open.other) = (vec![then], vec![other]);
    x.graph.fire(rules::BRANCH_ADDS);
    x.graph.branch(open).pop()
}

/// Does the node depend on a variable?
fn mentions(x: Expr<'_>, variable: Expr<'_>) -> bool {
    crate::ir::walk::needed(x.graph, &[x.id]).contains(&variable.id)
}

/// Where a block stands: first row, first column, shape.
type Place<'g> = (Expr<'g>, Expr<'g>, Shape);

/// Every block that is added; none if something is added as a whole.
fn places<'g>(added: Expr<'g>, found: &mut Vec<Place<'g>>) -> Option<()> {
    for (x, _) in as_terms(added) {
        let body = term(x).body;
        match &*body.node() {
            _ if body.is_zero() => {}
            _ if body.is(&SCATTER) => {
                found.push((body.operand(1), body.operand(2), body.operand(0).shape()));
            }
            Node::IndexSum(_) => places(body.open()?.body, found)?,
            Node::Result(k, [region]) => {
                let open = x.graph.expr(*region).open_branch()?;
                places(open.then[*k as usize], found)?;
                places(open.other[*k as usize], found)?;
            }
            _ => return None,
        }
    }
    Some(())
}

/// What was there before the loop, in the place of what a step reads of it.
struct Before<'g> {
    index: Expr<'g>,
    writes: Vec<Place<'g>>,
    /// The variable and what it was before; the same of variables that stand for it in branches.
    known: Vec<(Expr<'g>, Expr<'g>)>,
}

impl<'g> Before<'g> {
    /// The node with reads of the value before the loop; `None` if a read may meet another step's write.
    fn reading(&mut self, x: Expr<'g>) -> Option<Expr<'g>> {
        if !self.known.iter().any(|(variable, _)| mentions(x, *variable)) {
            return Some(x);
        }
        match &*x.node() {
            Node::Apply(op, data, _) => {
                let first = x.operand(0);
                let initial = self.known.iter().find(|(variable, _)| *variable == first).map(|k| k.1);
                if let (true, Some(initial)) = (x.is(&SLICE), initial) {
                    return self.is_own(x).then(|| initial.slice(x.operand(1), x.operand(2), x.shape()));
                }
                let operands: Option<Vec<_>> = x.operands().into_iter().map(|y| self.reading(y)).collect();
                Some(x.graph.apply(op.0, data.clone(), &operands?, x.shape()))
            }
            Node::IndexSum(_) => {
                let open = x.open()?;
                let body = self.reading(open.body)?;
                Some(x.graph.sum_over(OpenSum { body, ..open }))
            }
            Node::Result(k, [region]) => self.reading_in_branch(x.graph.expr(*region), *k as usize),
            _ => None,
        }
    }

    fn reading_in_branch(&mut self, region: Expr<'g>, k: usize) -> Option<Expr<'g>> {
        let open = region.open_branch()?;
        let mut captured = vec![];
        for (own, outer) in open.captured {
            match self.known.iter().find(|(variable, _)| *variable == outer) {
                Some((_, initial)) => {
                    let before = own.graph.variable(own.shape());
                    captured.push((before, *initial));
                    self.known.push((own, before));
                }
                None => captured.push((own, self.reading(outer)?)),
            }
        }
        let (then, other) = (vec![self.reading(open.then[k])?], vec![self.reading(open.other[k])?]);
        region.graph.branch(OpenBranch { captured, then, other, ..open }).pop()
    }

    /// Is the place that is read no other step's?
    fn is_own(&self, read: Expr<'g>) -> bool {
        let place = (read.operand(1), read.operand(2), read.shape());
        self.writes.iter().all(|write| {
            self.is_apart(place.0, place.2.rows, write.0, write.2.rows)
                || self.is_apart(place.1, place.2.columns, write.1, write.2.columns)
        })
    }

    /// Do two ranges keep apart whenever the loop's index differs? They must move with the index alike and together
    /// fit into what it moves them by.
    fn is_apart(&self, a: Expr<'g>, len: Dim, b: Expr<'g>, other: Dim) -> bool {
        let (Some(k), Some(q)) = (self.pace(a), self.pace(b)) else { return false };
        let ahead = constant_index(a.graph.affine(&[(b, 1), (a, -1)], 0));
        let (Some(ahead), Some(len), Some(other)) = (ahead, len.known(), other.known()) else { return false };
        k == q && k.abs() >= (ahead + other as i64).max(len as i64 - ahead)
    }

    /// How far an index moves with the loop's.
    fn pace(&self, x: Expr<'g>) -> Option<i64> {
        if x == self.index {
            return Some(1);
        }
        let node = x.node();
        let Data::Affine(factors, _) = node.data() else { return None };
        let place = x.operands().iter().position(|y| *y == self.index).filter(|_| x.is(&AFFINE))?;
        Some(factors[place])
    }
}
