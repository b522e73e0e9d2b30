//! Loops whose index only ever occurs with the same start added to it: they run from there.
//!
//! In `for j in i + 1..5`, read as 4 − i steps from 0, the index is read back as i + j + 1 alone. As a range from 0 its end
//! would be a difference that must not become negative, and no optimiser for size sees that i + j + 1 stays below 5.

use proc_macro2::TokenStream;
use quote::quote;

use super::Writer;
use crate::ir::{Data, Expr, Id};
use crate::ops::index::AFFINE;
use crate::ops::structure::{SCATTER, SLICE};
use crate::plan::Loop;

/// A loop that runs over another index than its own.
pub(super) struct Shifted {
    /// The index that occurs: start + own index.
    pub(super) index: Id,
    /// `start..end`
    pub(super) range: TokenStream,
}

impl<'a> Writer<'a> {
    /// The range from a start, where the number of steps is a difference.
    pub(super) fn shifted(&mut self, inner: &Loop) -> Option<Shifted> {
        let trips = self.expr(inner.trips);
        let (steps, number) = terms(trips)?;
        if number >= 0 && steps.iter().all(|(_, k)| *k > 0) || self.is_signed(trips) {
            return None;
        }
        let index = self.only_use(inner.index)?;
        let (mut start, first) = terms(index).filter(|_| !self.is_signed(index))?;
        let own = start.iter().position(|(x, k)| x.id == inner.index && *k == 1)?;
        start.remove(own);
        let end = sum(&start, &steps);
        let (Some(from), None) = self.sides_of(&start, first) else { return None };
        let (Some(to), None) = self.sides_of(&end, first + number) else { return None };
        let (from, to) = (from.tokens, to.tokens);
        Some(Shifted { index: index.id, range: quote!(#from..#to) })
    }

    /// The one node that an index occurs in, if that is an integer that is used as a place only.
    fn only_use(&self, index: Id) -> Option<Expr<'a>> {
        let uses = |of: Id| {
            let graph = &self.schedule.graph;
            (0..graph.len())
                .map(move |k| self.expr(Id(k as u32)))
                .filter(move |x| x.operands().iter().any(|y| y.id == of))
        };
        let mut own = uses(index);
        let only = own.next().filter(|x| x.is(&AFFINE))?;
        let is_place = |x: Expr<'a>| (x.is(&SLICE) || x.is(&SCATTER)) && x.operand(0) != only;
        (own.next().is_none() && uses(only.id).all(is_place)).then_some(only)
    }
}

type Terms<'a> = Vec<(Expr<'a>, i64)>;

/// Terms and constant of an integer.
fn terms(x: Expr<'_>) -> Option<(Terms<'_>, i64)> {
    let node = x.node();
    let Data::Affine(factors, constant) = node.data() else { return None };
    Some((x.operands().into_iter().zip(factors.iter().copied()).collect(), *constant))
}

/// All terms of both, equal ones together.
fn sum<'a>(a: &Terms<'a>, b: &Terms<'a>) -> Terms<'a> {
    let mut all = a.clone();
    for (x, k) in b {
        match all.iter_mut().find(|(y, _)| y.id == x.id) {
            Some((_, own)) => *own += k,
            None => all.push((*x, *k)),
        }
    }
    all.retain(|(_, k)| *k != 0);
    all
}
