//! Entrywise expressions over matrices: one pass over the entries, as `map`, `zip_map` or `from_fn`.

use std::collections::{BTreeMap, HashSet};

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::{Level, Piece, Writer};
use crate::ir::{Expr, Id, Ratio};
use crate::ops::arithmetic::{POWERS, SCALE, SUM};
use crate::ops::lowered::FILL;
use crate::ops::structure::{ONES, SLICE, TRANSPOSE};
use crate::ops::{Form, Written};

/// Is the node computed entry by entry in a closure?
pub(super) fn is_fused(writer: &Writer<'_>, x: Expr<'_>) -> bool {
    if x.is_scalar() {
        return false;
    }
    let inside = |y: Expr<'_>| writer.bindings.is_inline(y.id) && is_fused(writer, y);
    match () {
        () if x.is(&POWERS) => !is_component_product(writer, x),
        () if x.is(&SUM) => {
            let lifted = x.operands().iter().any(|y| y.is(&ONES) || y.is(&FILL));
            lifted && x.operands().len() > 1 || x.operands().into_iter().any(inside)
        }
        () if x.is(&SCALE) => inside(x.operand(1)) || writer.schedule.guarded.contains(&x.id),
        () => x.node().op().is_some_and(|op| op.entrywise),
    }
}

/// a ⊙ b and a ⊘ b of two matrices that are at hand, for which nalgebra has a method.
fn is_component_product(writer: &Writer<'_>, x: Expr<'_>) -> bool {
    let guarded = writer.schedule.guarded.contains(&x.id);
    match x.weighted()[..] {
        [(a, Ratio::ONE), (b, Ratio::ONE)] => {
            [a, b].iter().all(|y| !(writer.bindings.is_inline(y.id) && is_fused(writer, *y)))
        }
        [(a, Ratio::ONE), (b, Ratio::MINUS_ONE)] => {
            !guarded && [a, b].iter().all(|y| !(writer.bindings.is_inline(y.id) && is_fused(writer, *y)))
        }
        _ => false,
    }
}

/// The matrices that a fused expression reads, with the names of their entries.
struct Fused<'a> {
    /// Matrices of which the expression reads single entries too, under their own names.
    indexed: HashSet<Id>,
    sources: Vec<(Expr<'a>, Ident)>,
    by_id: BTreeMap<Id, Ident>,
}

impl<'a> Writer<'a> {
    /// `x.component_mul(&y)`, `x.component_div(&y)`
    pub(super) fn component_product(&mut self, x: Expr<'a>) -> Piece {
        let factors = x.weighted();
        let [(a, _), (b, p)] = factors[..] else { return self.fused(x) };
        let (left, right) = (self.piece(a).at(Level::Atom), self.piece(b).borrowed());
        let name = if p.is_negative() { quote!(component_div) } else { quote!(component_mul) };
        Piece::atom(quote!(#left.#name(#right)))
    }

    /// One pass over the entries.
    pub(super) fn fused(&mut self, x: Expr<'a>) -> Piece {
        let (receivers, names, body) = self.pass(x);
        let tokens = match (&receivers[..], &names[..]) {
            ([a], [p]) => {
                let a = a.at(Level::Atom);
                quote!(#a.map(|#p| #body))
            }
            ([a, b], [p, q]) => {
                let (a, b) = (a.at(Level::Atom), b.borrowed());
                quote!(#a.zip_map(#b, |#p, #q| #body))
            }
            ([a, b, c], [p, q, r]) => {
                let (a, b, c) = (a.at(Level::Atom), b.borrowed(), c.borrowed());
                quote!(#a.zip_zip_map(#b, #c, |#p, #q, #r| #body))
            }
            _ => return self.entry_by_entry(x, &receivers, &names, &body),
        };
        Piece::atom(tokens)
    }

    /// The matrices that a pass over the entries reads, the names of their entries, and what it makes of them.
    pub(super) fn pass(&mut self, x: Expr<'a>) -> (Vec<Piece>, Vec<Ident>, TokenStream) {
        let mut fused = Fused { indexed: self.indexed(x), sources: vec![], by_id: BTreeMap::new() };
        self.collect(x, true, &mut fused);
        let body = self.entry(x, true, &fused.by_id).tokens;
        let receivers = fused.sources.iter().map(|(y, _)| self.piece(*y)).collect();
        (receivers, fused.sources.into_iter().map(|(_, name)| name).collect(), body)
    }

    fn entry_by_entry(
        &mut self,
        x: Expr<'a>,
        receivers: &[Piece],
        names: &[Ident],
        body: &TokenStream,
    ) -> Piece {
        let ty = self.matrix_type(x.shape());
        let (i, j) = (self.names.fresh("i"), self.names.fresh("j"));
        let (outside, inside) = self.entries_of(receivers, names, (&i, &j));
        let (i, j) = if names.is_empty() { (quote!(_), quote!(_)) } else { (quote!(#i), quote!(#j)) };
        let made = quote!(#ty::from_fn(|#i, #j| { #inside #body }));
        if outside.is_empty() { Piece::atom(made) } else { Piece::block(quote!(#outside #made)) }
    }

    /// What stands before a pass and at the beginning of each of its steps: `let m = …;`, `let p = m[(i, j)];`.
    pub(super) fn entries_of(
        &mut self,
        receivers: &[Piece],
        names: &[Ident],
        (i, j): (&Ident, &Ident),
    ) -> (TokenStream, TokenStream) {
        let mut outside = TokenStream::new();
        let mut inside = TokenStream::new();
        for (piece, name) in receivers.iter().zip(names) {
            let source = &piece.tokens;
            if piece.place {
                inside.extend(quote!(let #name = #source[(#i, #j)];));
            } else {
                let held = self.names.fresh("m");
                outside.extend(quote!(let #held = #source;));
                inside.extend(quote!(let #name = #held[(#i, #j)];));
            }
        }
        (outside, inside)
    }

    /// Finds the matrices that the entries of `x` are computed from.
    fn collect(&mut self, x: Expr<'a>, root: bool, fused: &mut Fused<'a>) {
        if x.is_scalar() || x.is(&ONES) || x.is(&FILL) {
            return;
        }
        if root || (self.bindings.is_inline(x.id) && is_entrywise(x)) {
            for operand in x.operands() {
                self.collect(operand, false, fused);
            }
            return;
        }
        if fused.by_id.contains_key(&x.id) {
            return;
        }
        let name = match self.bound.get(&x.id) {
            Some(bound) if fused.indexed.contains(&self.unaliased(x.id)) => {
                let wish = bound.to_string();
                self.names.fresh(&wish)
            }
            Some(bound) => bound.clone(),
            None => self.entry_name(x, &fused.indexed),
        };
        fused.by_id.insert(x.id, name.clone());
        fused.sources.push((x, name));
    }

    /// Matrices of which single entries are read where the expression is written.
    fn indexed(&self, x: Expr<'a>) -> HashSet<Id> {
        let (mut found, mut stack) = (HashSet::new(), vec![x]);
        while let Some(y) = stack.pop() {
            if y.is(&SLICE) && y.is_scalar() {
                found.insert(self.unaliased(y.operand(0).id));
            }
            let inside = y.operands().into_iter();
            stack.extend(
                inside.filter(|z| z.is_scalar() && !self.bound.contains_key(&z.id) || is_entrywise(*z)),
            );
        }
        found
    }

    /// The name of an entry: that of the matrix, where it has one and is not read by that name.
    fn entry_name(&mut self, x: Expr<'a>, indexed: &HashSet<Id>) -> Ident {
        match &*x.node() {
            crate::ir::Node::Leaf(crate::ir::Leaf::Input(k)) => {
                let name = self.program.inputs[*k as usize].name.to_string();
                if indexed.contains(&x.id) {
                    self.names.fresh(&name)
                } else {
                    super::names::identifier(&name)
                }
            }
            _ => self.names.fresh("v"),
        }
    }

    /// One entry of `x`, given the names of entries of the matrices it reads.
    fn entry(&mut self, x: Expr<'a>, root: bool, names: &BTreeMap<Id, Ident>) -> Piece {
        if let (Some(name), false) = (names.get(&x.id), root) {
            return Piece { place: true, ..Piece::atom(quote!(#name)) };
        }
        if x.is_scalar() {
            return self.piece(x);
        }
        let guarded = self.schedule.guarded.contains(&x.id);
        match () {
            () if x.is_zero() => self.number(Ratio::ZERO),
            () if x.is(&ONES) => self.number(Ratio::ONE),
            () if x.is(&FILL) => self.piece(x.operand(0)),
            () if x.is(&SUM) => {
                self.combination(x.weighted(), &mut |writer, y| writer.entry(y, false, names))
            }
            () if x.is(&POWERS) => {
                self.monomial(&x.weighted(), guarded, &mut |writer, y| writer.entry(y, false, names))
            }
            () if x.is(&SCALE) => self.scaled_entry(x, guarded, names),
            () => self.entry_call(x, names),
        }
    }

    fn scaled_entry(&mut self, x: Expr<'a>, guarded: bool, names: &BTreeMap<Id, Ident>) -> Piece {
        let factor = self.piece(x.operand(0));
        let inner = self.entry(x.operand(1), false, names);
        if guarded {
            let gradmacro = self.gradmacro;
            let (factor, inner) = (factor.tokens, inner.tokens);
            let (zero, infinite) = match self.schedule.unbounded.contains(&x.operand(0).id) {
                true => (inner, factor),
                false => (factor, inner),
            };
            return Piece::atom(quote!(#gradmacro::kernels::product_or_zero(#zero, #infinite)));
        }
        super::scalars::product(&[factor, inner])
    }

    fn entry_call(&mut self, x: Expr<'a>, names: &BTreeMap<Id, Ident>) -> Piece {
        let Some(op) = x.node().op() else { return Piece::atom(quote!(())) };
        if op.written == Written::Form(Form::IntegerPower) {
            let base = self.entry(x.operand(0), false, names);
            return self.integer_power(&base, x.operand(1));
        }
        let arguments: Vec<Piece> = x.operands().into_iter().map(|y| self.entry(y, false, names)).collect();
        if op.written == Written::Form(Form::Foreign) {
            return super::foreign::call(x, &arguments);
        }
        self.call(op.written, &arguments)
    }
}

/// Is the node computed from entries at the same place?
fn is_entrywise(x: Expr<'_>) -> bool {
    x.is(&SUM) || x.is(&SCALE) || x.node().op().is_some_and(|op| op.entrywise) && !x.is(&TRANSPOSE)
}
