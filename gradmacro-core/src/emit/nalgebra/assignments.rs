//! What a run makes of the carried variables: `x += …`, `x[(i, j)] = …`, `x = …`.
//!
//! All of it is meant to happen at once, from the values before. So a variable is assigned after everything that reads
//! its old value is written; what reads each other is held under further names first.
//!
//! Example: the swap x, y ← y, x becomes `let next = y; y = x; x = next;`.

use std::collections::HashSet;

use proc_macro2::{Ident, Punct, Spacing, TokenStream, TokenTree};
use quote::quote;

use super::{Level, Piece, Writer, blocks::size};
use crate::ir::{Expr, Id, Leaf, Node, Ratio};
use crate::ops::arithmetic::SUM;
use crate::ops::structure::SLICE;
use crate::ops::writing::UPDATE;
use crate::plan::Carried;

impl<'a> Writer<'a> {
    /// Assigns all carried variables, as if at once.
    pub(super) fn assign(&mut self, carries: &[Carried], tokens: &mut TokenStream) {
        let changes = carries.iter().filter(|c| c.next != c.variable);
        let mut open: Vec<(Carried, Option<Ident>)> = changes.map(|c| (*c, None)).collect();
        while !open.is_empty() {
            let read = |(carry, held): &(Carried, Option<Ident>)| match held {
                Some(_) => HashSet::new(),
                None => self.reads(carry.next),
            };
            let reads: Vec<HashSet<Id>> = open.iter().map(read).collect();
            let waits =
                |k: &usize| (0..open.len()).any(|m| m != *k && reads[m].contains(&open[*k].0.variable));
            if let Some(free) = (0..open.len()).find(|k| !waits(k)) {
                let (carry, held) = open.remove(free);
                let own = self.bound.get(&carry.variable).cloned();
                tokens.extend(match (own, held) {
                    (Some(own), Some(next)) => quote!(#own = #next;),
                    _ => self.assignment(&carry),
                });
                continue;
            }
            let Some(first) = open.iter().position(|(_, held)| held.is_none()) else { return };
            let value = self.copied(self.expr(open[first].0.next)).tokens;
            let name = self.names.fresh("next");
            tokens.extend(quote!(let #name = #value;));
            open[first].1 = Some(name);
        }
    }

    /// Computes a node now, under a name of its own.
    fn hold(&mut self, x: Expr<'a>, tokens: &mut TokenStream) {
        let value = self.copied(x).tokens;
        let name = self.names.fresh("next");
        tokens.extend(quote!(let #name = #value;));
        self.bound.insert(x.id, name);
    }

    /// Variables that an expression reads where it is written.
    fn reads(&self, x: Id) -> HashSet<Id> {
        let (mut found, mut stack) = (HashSet::new(), vec![x]);
        while let Some(x) = stack.pop() {
            let x = self.unaliased(x);
            let node = self.schedule.graph.node(x);
            match &*node {
                Node::Leaf(Leaf::Variable(_)) => _ = found.insert(x),
                _ if self.bound.contains_key(&x) => {}
                _ => stack.extend(node.operands()),
            }
        }
        found
    }

    fn assignment(&mut self, carry: &Carried) -> TokenStream {
        let Some(name) = self.bound.get(&carry.variable).cloned() else { return TokenStream::new() };
        let next = self.expr(carry.next);
        if !self.bound.contains_key(&carry.next) {
            if let Some(added) = self.added(carry, &name) {
                return added;
            }
            if let Some(written) = self.written(carry, &name) {
                return written;
            }
        }
        let value = self.copied(next);
        let commutes = next.is_scalar();
        match combined(&name, &value, commutes) {
            Some(assignment) => assignment,
            None => {
                let value = value.tokens;
                quote!(#name = #value;)
            }
        }
    }

    /// `x += …`, if the next value is the old one and something more.
    fn added(&mut self, carry: &Carried, name: &Ident) -> Option<TokenStream> {
        let next = self.expr(carry.next);
        let rest = without(next, carry.variable)?;
        let reads_own = rest.iter().any(|(x, _)| self.reads(x.id).contains(&carry.variable));
        if reads_own && !next.is_scalar() {
            // What is added entry by entry must not see the entries that were added to already.
            return None;
        }
        if let [(only, k)] = rest[..] {
            return Some(self.add_to(name, only, k));
        }
        if !next.is_scalar() {
            return Some(rest.into_iter().map(|(x, k)| self.add_to(name, x, k)).collect());
        }
        let sum = next.graph.combination(&rest, next.shape());
        Some(self.add_to(name, sum, Ratio::ONE))
    }

    /// `x[(i, j)] = …`, if the next value is the old one with some blocks overwritten.
    fn written(&mut self, carry: &Carried, name: &Ident) -> Option<TokenStream> {
        let mut chain = vec![];
        let mut base = self.expr(carry.next);
        while base.is(&UPDATE) && !self.bound.contains_key(&base.id) {
            chain.push(base);
            base = base.operand(0);
        }
        if base.id != carry.variable {
            return None;
        }
        chain.reverse();
        let mut tokens = TokenStream::new();
        // What is written later must not see what is written earlier, and a block is not written while it is read.
        for (place, update) in chain.iter().enumerate() {
            for k in 1..4 {
                let x = update.operand(k);
                let early = place == 0 && x.is_scalar();
                if !early && self.reads(x.id).contains(&carry.variable) {
                    self.hold(x, &mut tokens);
                }
            }
        }
        for update in chain {
            tokens.extend(self.write(name, update));
        }
        Some(tokens)
    }

    /// One block overwritten.
    pub(super) fn write(&mut self, name: &Ident, update: Expr<'a>) -> TokenStream {
        let [_, value, row, column] = update.operands()[..] else { return TokenStream::new() };
        let old = |y: Expr<'a>| y.is(&SLICE) && y.operands()[1..] == [row, column];
        let own = update.operand(0).id;
        let more = value.operands().into_iter().find(|y| old(*y) && self.unaliased(y.operand(0).id) == own);
        let more = more.filter(|y| y.shape() == value.shape() && !self.bound.contains_key(&value.id));
        if let Some(rest) = more.and_then(|y| without(value, y.id)) {
            let sum = value.graph.combination(&rest, value.shape());
            return self.put(name, sum.scatter(row, column, update.shape()), Ratio::ONE);
        }
        if value.is_scalar() {
            let (place, value) = (self.place(update.shape(), row, column), self.piece(value).tokens);
            return quote!(#name[#place] = #value;);
        }
        let (row, column) = (self.index(row).tokens, self.index(column).tokens);
        let (rows, columns) = (size(value.shape().rows), size(value.shape().columns));
        let value = self.piece(value).borrowed();
        quote!(#name.fixed_view_mut::<#rows, #columns>(#row, #column).copy_from(#value);)
    }
}

/// `x *= …` for what is written as `x * …`, where only one operator is.
fn combined(name: &Ident, value: &Piece, commutes: bool) -> Option<TokenStream> {
    let marks: &[char] = match value.level {
        Level::Sum => &['+', '-'],
        Level::Product => &['*', '/'],
        _ => return None,
    };
    let tokens: Vec<TokenTree> = value.tokens.clone().into_iter().collect();
    let is_mark = |token: &TokenTree| matches!(token, TokenTree::Punct(p) if marks.contains(&p.as_char()));
    let mut places = (0..tokens.len()).filter(|k| is_mark(&tokens[*k]));
    let (Some(place), None) = (places.next(), places.next()) else { return None };
    let (left, right) = (&tokens[..place], &tokens[place + 1..]);
    let is_own = |side: &[TokenTree]| matches!(side, [TokenTree::Ident(own)] if own == name);
    let TokenTree::Punct(mark) = &tokens[place] else { return None };
    let other = match () {
        () if is_own(left) => right,
        () if commutes && is_own(right) && matches!(mark.as_char(), '+' | '*') => left,
        () => return None,
    };
    let mark = Punct::new(mark.as_char(), Spacing::Joint);
    let other: TokenStream = other.iter().cloned().collect();
    Some(quote!(#name #mark= #other;))
}

/// The other terms of a sum in which `variable` stands once.
fn without(sum: Expr<'_>, variable: Id) -> Option<crate::ir::Weighted<'_>> {
    if !sum.is(&SUM) {
        return None;
    }
    let (own, rest): (Vec<_>, Vec<_>) = sum.weighted().into_iter().partition(|(x, _)| x.id == variable);
    (own.len() == 1 && own[0].1 == Ratio::ONE && !rest.is_empty()).then_some(rest)
}
