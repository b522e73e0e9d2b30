//! Large results written where they belong, entry by entry in one pass or by nalgebra's methods that write to a matrix.
//!
//! What is written is what the expression by value computes, with the same operations in the same order. Nothing reads
//! what was in the place before. An expression that has no such form is assigned.
//!
//! Example: `x.tr_mul(&r) + w * lambda` becomes `x.tr_mul_to(&r, out); out.zip_apply(w, |entry, w| *entry += w * lambda);`.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::destinations::is_large;
use super::entries::is_fused;
use super::indices::extent;
use super::{Level, Piece, Writer};
use crate::ir::{Expr, Id, Ratio, Weighted};
use crate::ops::arithmetic::{POWERS, SCALE, SUM};
use crate::ops::lowered::{ADD_DIAGONAL, FILL, MUL_TR, SCALE_COLUMNS, SCALE_ROWS, TR_MUL};
use crate::ops::products::{KRONECKER, PRODUCT};
use crate::ops::structure::{ENTRIES, IDENTITY, ONES, SCATTER, SLICE, TRANSPOSE};
use crate::ops::writing::UPDATE;
impl<'a> Writer<'a> {
    /// `*out = x;`
    pub(super) fn write_into(&mut self, out: &Ident, x: Expr<'a>) -> TokenStream {
        let x = self.expr(self.unaliased(x.id));
        let is_bound = self.bound.contains_key(&x.id);
        if is_bound && self.destinations.is_within(x.id, out) {
            return TokenStream::new();
        }
        let written = if is_bound || !is_large(x.shape()) { None } else { self.in_place(out, x) };
        written.unwrap_or_else(|| {
            let value = self.copied(x).tokens;
            quote!(*#out = #value;)
        })
    }

    fn in_place(&mut self, out: &Ident, x: Expr<'a>) -> Option<TokenStream> {
        if is_fused(self, x) || x.is(&POWERS) {
            return Some(self.pass_into(out, x));
        }
        Some(match () {
            () if x.is(&SUM) || x.is(&ENTRIES) || x.is(&SCATTER) => return self.sum_into(out, x),
            () if x.is(&SCALE) => self.scaled_into(out, x),
            () if x.is(&PRODUCT) || x.is(&TR_MUL) || x.is(&MUL_TR) => return self.product_into(out, x),
            () if x.is(&TRANSPOSE) => {
                let inner = self.piece(x.operand(0)).at(Level::Atom);
                quote!(#inner.transpose_to(#out);)
            }
            () if x.is(&ONES) || x.is(&FILL) => {
                let value = match x.operands().first() {
                    Some(s) => self.piece(*s).tokens,
                    None => self.number(Ratio::ONE).tokens,
                };
                quote!(#out.fill(#value);)
            }
            () if x.is(&IDENTITY) => quote!(#out.fill_with_identity();),
            () if x.is(&SLICE) => {
                let view = self.view(x).tokens;
                quote!(#out.copy_from(&#view);)
            }
            () if x.is(&ADD_DIAGONAL) => {
                let (base, added) = (self.write_into(out, x.operand(0)), self.diagonal_added(out, x));
                quote!(#base #added)
            }
            () if x.is(&UPDATE) => {
                let (base, write) = (self.write_into(out, x.operand(0)), self.write(out, x));
                quote!(#base #write)
            }
            () if x.is(&SCALE_ROWS) || x.is(&SCALE_COLUMNS) => self.scaled_lines_into(out, x),
            () if x.is(&KRONECKER) => return self.blocks_into(out, x),
            () => return None,
        })
    }

    /// The operands that may be computed in place first, before the rest is done to them.
    fn firsts(&self, x: Expr<'a>) -> Vec<Expr<'a>> {
        let list = match () {
            () if is_fused(self, x) => vec![],
            () if x.is(&SUM) => {
                let others = in_order(self.added_by_kernels(self.apart(x).1).1);
                // A sum of two is the same in either order.
                let first = others.iter().take(1);
                first
                    .chain(others.iter().skip(1).take(1).filter(|t| !t.1.is_negative()))
                    .map(|t| t.0)
                    .collect()
            }
            () if x.is(&SCALE) => vec![x.operand(1)],
            () if x.is(&ADD_DIAGONAL) || x.is(&UPDATE) => vec![x.operand(0)],
            () => vec![],
        };
        list.into_iter().filter(|y| self.bindings.is_inline(y.id)).collect()
    }

    /// The node like this that `x` begins with, if it can be computed where `x` belongs.
    pub(super) fn first_of(&self, x: Expr<'a>, is: &dyn Fn(Id) -> bool) -> Option<Id> {
        if is(x.id) {
            return Some(x.id);
        }
        self.firsts(x).into_iter().find_map(|y| self.first_of(y, is))
    }

    /// A linear combination: one term, and the others added to it.
    fn sum_into(&mut self, out: &Ident, x: Expr<'a>) -> Option<TokenStream> {
        let (placed, others) = self.apart(x);
        if placed.is_empty() && !x.is(&SUM) {
            return None;
        }
        let (added, others) = self.added_by_kernels(others);
        let mut others = in_order(others);
        if others.is_empty() {
            let zero = self.number(Ratio::ZERO).tokens;
            let writes = self.put_on_zeros(out, placed);
            return Some(quote!(#out.fill(#zero); #writes));
        }
        let is_there = |(y, _): &(Expr<'a>, Ratio)| {
            self.first_of(*y, &|id| self.destinations.is_within(id, out)).is_some()
        };
        let (first, k) = others.remove(others.iter().take(2).position(is_there).unwrap_or(0));
        let mut tokens = self.multiple_into(out, first, k);
        for (y, k) in others.into_iter().chain(added) {
            tokens.extend(self.add_multiple(out, y, k));
        }
        tokens.extend(placed.into_iter().map(|(y, k)| self.put(out, y, k)).collect::<TokenStream>());
        Some(tokens)
    }

    /// `*out = k·x;`
    fn multiple_into(&mut self, out: &Ident, x: Expr<'a>, k: Ratio) -> TokenStream {
        if k == Ratio::ONE {
            return self.write_into(out, x);
        }
        let factor = self.signed_number(k);
        if self.is_elsewhere(out, x) && k == Ratio::MINUS_ONE {
            return self.entrywise(out, x, |entry, v| quote!(*#entry = -#v));
        }
        if self.is_elsewhere(out, x) {
            return self.entrywise(out, x, |entry, v| quote!(*#entry = #v * #factor));
        }
        let base = self.write_into(out, x);
        if k == Ratio::MINUS_ONE { quote!(#base #out.neg_mut();) } else { quote!(#base *#out *= #factor;) }
    }

    /// `*out += k·x;`
    fn add_multiple(&mut self, out: &Ident, x: Expr<'a>, k: Ratio) -> TokenStream {
        let negative = k.is_negative();
        let sign = if negative { quote!(-=) } else { quote!(+=) };
        let k = k.absolute();
        if k != Ratio::ONE && self.is_elsewhere(out, x) {
            let factor = self.number(k).at(Level::Unary);
            return self.entrywise(out, x, |entry, v| quote!(*#entry #sign #v * #factor));
        }
        let is_scaled = x.is(&SCALE) && !self.bound.contains_key(&x.id) && !is_fused(self, x);
        if is_scaled && k == Ratio::ONE && self.is_elsewhere(out, x.operand(1)) {
            let factor = self.piece(x.operand(0)).at(Level::Unary);
            return self.entrywise(out, x.operand(1), |entry, v| quote!(*#entry #sign #v * #factor));
        }
        let k = if negative { k.negated() } else { k };
        if k.absolute() == Ratio::ONE {
            return self.add_to(out, x, k);
        }
        let target = self.target(out);
        self.add(&target, x, k)
    }

    fn scaled_into(&mut self, out: &Ident, x: Expr<'a>) -> TokenStream {
        let (factor, inner) = (self.piece(x.operand(0)), x.operand(1));
        if self.is_elsewhere(out, inner) {
            let factor = factor.at(Level::Unary);
            return self.entrywise(out, inner, |entry, v| quote!(*#entry = #v * #factor));
        }
        let (base, factor) = (self.write_into(out, inner), factor.tokens);
        quote!(#base *#out *= #factor;)
    }

    fn product_into(&mut self, out: &Ident, x: Expr<'a>) -> Option<TokenStream> {
        let (left, right) = (x.operand(0), x.operand(1));
        if left.is_scalar() || right.is_scalar() {
            return None;
        }
        if let Some(outer) = self.rank_one(out, x, (Ratio::ONE, Ratio::ZERO)) {
            return Some(outer);
        }
        if let Some(set) = self.set_by_kernel(out, x) {
            return Some(set);
        }
        let left = self.piece(left).at(Level::Atom);
        let right = self.piece(right);
        Some(match () {
            () if x.is(&MUL_TR) => {
                let right = right.at(Level::Atom);
                quote!(#left.mul_to(&#right.transpose(), #out);)
            }
            () => {
                let (right, method) =
                    (right.borrowed(), if x.is(&TR_MUL) { quote!(tr_mul_to) } else { quote!(mul_to) });
                quote!(#left.#method(#right, #out);)
            }
        })
    }

    /// `*out = k·u vᵀ + l·*out;` for a product of a column and a row.
    pub(super) fn rank_one(
        &mut self,
        out: &Ident,
        x: Expr<'a>,
        (k, l): (Ratio, Ratio),
    ) -> Option<TokenStream> {
        let columns = x.is(&MUL_TR) && x.operands().iter().all(|y| y.shape().is_column() && !y.is_scalar());
        if !columns || !is_large(x.shape()) {
            return None;
        }
        let [left, right] = [0, 1].map(|i| self.piece(x.operand(i)).borrowed());
        let (k, l) = (self.signed_number(k), self.number(l).tokens);
        Some(quote!(#out.ger(#k, #left, #right, #l);))
    }

    /// One pass over the entries of what is at hand.
    fn entrywise(
        &mut self,
        out: &Ident,
        x: Expr<'a>,
        write: impl FnOnce(&Ident, &Ident) -> TokenStream,
    ) -> TokenStream {
        let source = self.piece(x).borrowed();
        let [entry, v] = ["entry", "v"].map(|name| self.names.fresh(name));
        let write = write(&entry, &v);
        quote!(#out.zip_apply(#source, |#entry, #v| #write);)
    }

    /// An entrywise expression.
    fn pass_into(&mut self, out: &Ident, x: Expr<'a>) -> TokenStream {
        let (sources, names, body) = self.pass(x);
        let entry = self.names.fresh("entry");
        match (&sources[..], &names[..]) {
            ([a], [p]) => {
                let a = a.borrowed();
                quote!(#out.zip_apply(#a, |#entry, #p| *#entry = #body);)
            }
            ([a, b], [p, q]) => {
                let (a, b) = (a.borrowed(), b.borrowed());
                quote!(#out.zip_zip_apply(#a, #b, |#entry, #p, #q| *#entry = #body);)
            }
            _ => {
                let (i, j) = (self.names.fresh("i"), self.names.fresh("j"));
                let (outside, inside) = self.entries_of(&sources, &names, (&i, &j));
                let entry = self.each_entry(out, x, (&i, &j), &quote!({ #inside #body }));
                quote!(#outside #entry)
            }
        }
    }

    /// Every entry, column by column.
    fn each_entry(
        &mut self,
        out: &Ident,
        x: Expr<'a>,
        (i, j): (&Ident, &Ident),
        body: &TokenStream,
    ) -> TokenStream {
        let (rows, columns) = (extent(x.shape().rows), extent(x.shape().columns));
        let body = super::function::without_braces(body.clone());
        quote!(for #j in 0..#columns { for #i in 0..#rows { #out[(#i, #j)] = { #body }; } })
    }

    fn scaled_lines_into(&mut self, out: &Ident, x: Expr<'a>) -> TokenStream {
        let by_rows = x.is(&SCALE_ROWS);
        let (matrix, vector) = if by_rows { (1, 0) } else { (0, 1) };
        let (i, j) = (self.names.fresh("i"), self.names.fresh("j"));
        let (m, held_m) = self.held(x.operand(matrix));
        let (v, held_v) = self.held(x.operand(vector));
        let k = if by_rows { &i } else { &j };
        let (m, v) = (m.tokens, v.tokens);
        let (rows, columns) = (extent(x.shape().rows), extent(x.shape().columns));
        quote! {
            #held_m #held_v
            for #j in 0..#columns { for #i in 0..#rows { #out[(#i, #j)] = #v[#k] * #m[(#i, #j)]; } }
        }
    }

    /// A ⊗ B where one of them is I: everything else is 0.
    fn blocks_into(&mut self, out: &Ident, x: Expr<'a>) -> Option<TokenStream> {
        let zero = self.number(Ratio::ZERO).tokens;
        let writes = match () {
            () if x.operand(0).is(&IDENTITY) => self.put_on_diagonal(out, x),
            () if x.operand(1).is(&IDENTITY) => self.put_diagonal_blocks(out, x),
            () => return None,
        };
        Some(quote!(#out.fill(#zero); #writes))
    }

    /// Is the matrix at hand, but not in this place?
    fn is_elsewhere(&mut self, out: &Ident, x: Expr<'a>) -> bool {
        !x.is_scalar() && self.piece_is_place(x) && !self.destinations.is_within(x.id, out)
    }

    fn piece_is_place(&mut self, x: Expr<'a>) -> bool {
        let x = self.expr(self.unaliased(x.id));
        let leaf = matches!(&*x.node(), crate::ir::Node::Leaf(_));
        self.bound.contains_key(&x.id) || leaf && self.piece(x).place
    }

    pub(super) fn signed_number(&mut self, k: Ratio) -> TokenStream {
        let number: Piece = self.number(k.absolute());
        let number = number.at(Level::Unary);
        if k.is_negative() { quote!(-#number) } else { number }
    }
}

/// As a linear combination is written: what is added before what is subtracted.
fn in_order(mut terms: Weighted<'_>) -> Weighted<'_> {
    terms.sort_by_key(|term| term.1.is_negative());
    terms
}
