//! Matrices that are built in statements: a variable that begins as one part, to which others are added or written.
//!
//! Example: `let mut m = a * b; for i in 0..3 { m[(i, i)] += s; }`.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::blocks::is_literal;
use super::entries::is_fused;
use super::{Piece, Writer};
use crate::ir::{Expr, Ratio, Weighted};
use crate::ops::arithmetic::SUM;
use crate::ops::lowered::ADD_DIAGONAL;
use crate::ops::structure::{ENTRIES, SCATTER};
use crate::ops::writing::UPDATE;
use crate::plan::cost::kernels;

impl<'a> Writer<'a> {
    /// Does it take statements to build this matrix?
    pub(super) fn is_built(&self, x: Expr<'a>) -> bool {
        match () {
            () if is_fused(self, x) || x.is(&ENTRIES) && is_literal(x) => false,
            () if x.is(&ADD_DIAGONAL) || x.is(&UPDATE) || x.is(&ENTRIES) || x.is(&SCATTER) => true,
            () if x.is(&SUM) && !x.is_scalar() => {
                let (placed, others) = self.apart(x);
                !placed.is_empty() || !self.added_by_kernels(others).0.is_empty()
            }
            () => kernels::is_moved(x),
        }
    }

    /// `let mut out = …;`, and what is added or written to it.
    pub(super) fn built(&mut self, out: &Ident, x: Expr<'a>) -> TokenStream {
        let (base, rest) = match () {
            () if x.is(&ADD_DIAGONAL) => (self.begun(out, x.operand(0)), self.diagonal_added(out, x)),
            () if x.is(&UPDATE) => (self.begun(out, x.operand(0)), self.write(out, x)),
            () if x.is(&SUM) || x.is(&ENTRIES) || x.is(&SCATTER) => return self.sum_in_parts(out, x),
            () => (self.begun(out, x), TokenStream::new()),
        };
        quote!(#base #rest)
    }

    /// The same as an expression.
    pub(super) fn built_inline(&mut self, x: Expr<'a>) -> Piece {
        let out = self.names.fresh("out");
        let built = self.built(&out, x);
        Piece::block(quote!(#built #out))
    }

    fn sum_in_parts(&mut self, out: &Ident, x: Expr<'a>) -> TokenStream {
        let (placed, others) = self.apart(x);
        let (added, others) = self.added_by_kernels(others);
        if others.is_empty() {
            let (zeros, writes) = (self.zeros(x).tokens, self.put_on_zeros(out, placed));
            return quote!(let mut #out = #zeros; #writes);
        }
        let mut tokens = match others[..] {
            [(only, Ratio::ONE)] => self.begun(out, only),
            _ => {
                let base = self.operators(others).tokens;
                quote!(let mut #out = #base;)
            }
        };
        for (y, k) in added.into_iter().chain(placed) {
            tokens.extend(self.put(out, y, k));
        }
        tokens
    }

    /// `let mut out = x;`
    fn begun(&mut self, out: &Ident, x: Expr<'a>) -> TokenStream {
        if kernels::is_moved(x) && !self.bound.contains_key(&x.id) {
            let outer = self.rank_one(out, x, (Ratio::ONE, Ratio::ZERO));
            if let Some(set) = outer.or_else(|| self.set_by_kernel(out, x)) {
                let zeros = self.zeros(x).tokens;
                return quote!(let mut #out = #zeros; #set);
            }
        }
        let base = self.copied(x).tokens;
        quote!(let mut #out = #base;)
    }

    fn operators(&mut self, terms: Weighted<'a>) -> Piece {
        self.combination(terms, &mut |writer, y| writer.operand(y))
    }
}
