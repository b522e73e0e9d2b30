//! Conditions and conditionals in print.
//!
//! On real numbers, x ≥ y is that x < y does not hold, and is so written. Conditions on indices have what is counted on
//! the left: that i − 1 is not negative is i ≥ 1. A conditional in the last body of another continues its cases.

use super::reading::Reader;
use super::tree::{Connective, Formula, Relation};
use crate::ir::rebuild::Rebuild;
use crate::ir::{Data, Expr, Node, OpenBranch};
use crate::ops::index::AFFINE;
use crate::ops::predicates::{AT_MOST, EQUAL, IS_ZERO, LESS, NOT_NEGATIVE};

impl<'g> Reader<'_, 'g> {
    pub(super) fn relation(&mut self, relation: Relation, x: Expr<'g>) -> Formula {
        let (left, right) = (self.read(x.operand(0)), self.read(x.operand(1)));
        Formula::Relation(relation, Box::new(left), Box::new(right))
    }

    /// k ≥ 0 for an index k.
    pub(super) fn not_negative(&mut self, x: Expr<'g>) -> Formula {
        self.compared(x.operand(0), Relation::AtLeast, Relation::AtMost)
    }

    /// k = 0 for an index k.
    pub(super) fn is_zero(&mut self, x: Expr<'g>) -> Formula {
        self.compared(x.operand(0), Relation::Equal, Relation::Equal)
    }

    pub(super) fn not(&mut self, x: Expr<'g>) -> Formula {
        let p = x.operand(0);
        match () {
            () if p.is(&LESS) => self.relation(Relation::AtLeast, p),
            () if p.is(&AT_MOST) => self.relation(Relation::More, p),
            () if p.is(&EQUAL) => self.relation(Relation::Unequal, p),
            () if p.is(&NOT_NEGATIVE) => self.compared(p.operand(0), Relation::Less, Relation::More),
            () if p.is(&IS_ZERO) => self.compared(p.operand(0), Relation::Unequal, Relation::Unequal),
            () => Formula::Not(Box::new(self.read(p))),
        }
    }

    pub(super) fn logic(&mut self, connective: Connective, x: Expr<'g>) -> Formula {
        let mut list = vec![];
        for p in x.operands() {
            match self.read(p) {
                Formula::Logic(own, inner) if own == connective => list.extend(inner),
                other => list.push(other),
            }
        }
        Formula::Logic(connective, list)
    }

    /// An index related to 0; `mirrored` is the relation with its sides exchanged. What is added stands on the left,
    /// what is taken off on the right, and a number alone on a side.
    fn compared(&mut self, k: Expr<'g>, relation: Relation, mirrored: Relation) -> Formula {
        let graph = k.graph;
        let (terms, constant) = linear(k);
        let (minus, plus): (Vec<_>, Vec<_>) = terms.into_iter().partition(|(_, factor)| *factor < 0);
        let minus: Vec<_> = minus.into_iter().map(|(x, factor)| (x, -factor)).collect();
        let (left, relation, right) = match plus.is_empty() {
            true => (graph.affine(&minus, 0), mirrored, graph.index(constant)),
            false => (graph.affine(&plus, 0), relation, graph.affine(&minus, -constant)),
        };
        Formula::Relation(relation, Box::new(self.read(left)), Box::new(self.read(right)))
    }

    /// The k-th result of a conditional.
    pub(super) fn cases(&mut self, k: usize, open: &OpenBranch<'g>) -> Formula {
        let (mut k, mut open, mut rows) = (k, open.clone(), vec![]);
        loop {
            let condition = self.read(open.predicate);
            let then = self.inside(&open, open.then[k]);
            rows.push((self.read(then), Some(condition)));
            let other = self.inside(&open, open.other[k]);
            match next_case(other).filter(|_| !self.is_full()) {
                Some(next) => (k, open) = next,
                None => {
                    rows.push((self.read(other), None));
                    return Formula::Cases(rows);
                }
            }
        }
    }

    /// A result of a body with what was captured in its place.
    fn inside(&mut self, open: &OpenBranch<'g>, result: Expr<'g>) -> Expr<'g> {
        let mut again = Rebuild::within(result.graph, open.scope);
        for (variable, outer) in &open.captured {
            again.replace(variable.id, *outer);
        }
        let result = again.expr(result.id);
        self.with_states(&[result])[0]
    }
}

fn next_case(x: Expr<'_>) -> Option<(usize, OpenBranch<'_>)> {
    let Node::Result(k, [region]) = &*x.node() else { return None };
    Some((*k as usize, x.graph.expr(*region).open_branch()?))
}

/// An index as a sum of multiples and a number.
pub(super) fn linear(x: Expr<'_>) -> (Vec<(Expr<'_>, i64)>, i64) {
    match x.node().data() {
        Data::Affine(factors, constant) if x.is(&AFFINE) => {
            (x.operands().into_iter().zip(factors.iter().copied()).collect(), *constant)
        }
        _ => (vec![(x, 1)], 0),
    }
}
