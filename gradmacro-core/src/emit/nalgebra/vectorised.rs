//! Operations on matrices that act on vectorised matrices: Kronecker products, exchanged rows and columns.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::blocks::size;
use super::indices::extent;
use super::{Level, Piece, Writer};
use crate::ir::{Data, Expr, Ratio};
use crate::ops::Form;
use crate::ops::structure::IDENTITY;

impl<'a> Writer<'a> {
    pub(super) fn vectorised(&mut self, x: Expr<'a>, form: Form) -> Piece {
        match form {
            Form::Kronecker if x.operand(0).is(&IDENTITY) => self.blocks_on_diagonal(x),
            Form::Kronecker if x.operand(1).is(&IDENTITY) => self.diagonal_blocks(x),
            Form::Kronecker => {
                let (a, b) = (self.piece(x.operand(0)).at(Level::Atom), self.piece(x.operand(1)).borrowed());
                Piece::atom(quote!(#a.kronecker(#b)))
            }
            _ => self.exchanged(x, form),
        }
    }

    /// I ⊗ B: copies of B along the diagonal.
    fn blocks_on_diagonal(&mut self, x: Expr<'a>) -> Piece {
        let (zeros, out) = (self.zeros(x).tokens, self.names.fresh("out"));
        let writes = self.put_on_diagonal(&out, x);
        Piece::block(quote!(let mut #out = #zeros; #writes #out))
    }

    /// The blocks of I ⊗ B that are not 0.
    pub(super) fn put_on_diagonal(&mut self, out: &Ident, x: Expr<'a>) -> TokenStream {
        let (b, held) = self.held(x.operand(1));
        let shape = x.operand(1).shape();
        let (rows, columns) = (size(shape.rows), size(shape.columns));
        let n = extent(x.operand(0).shape().rows);
        let (k, b) = (self.names.fresh("k"), b.borrowed());
        quote! {
            #held
            for #k in 0..#n {
                #out.fixed_view_mut::<#rows, #columns>(#k * #rows, #k * #columns).copy_from(#b);
            }
        }
    }

    /// A ⊗ I: every entry of A along the diagonal of a block.
    fn diagonal_blocks(&mut self, x: Expr<'a>) -> Piece {
        let (zeros, out) = (self.zeros(x).tokens, self.names.fresh("out"));
        let writes = self.put_diagonal_blocks(&out, x);
        Piece::block(quote!(let mut #out = #zeros; #writes #out))
    }

    /// The entries of A ⊗ I that are not 0.
    pub(super) fn put_diagonal_blocks(&mut self, out: &Ident, x: Expr<'a>) -> TokenStream {
        let (a, held) = self.held(x.operand(0));
        let shape = x.operand(0).shape();
        let (rows, columns) = (extent(shape.rows), extent(shape.columns));
        let n = extent(x.operand(1).shape().rows);
        let [i, j, k] = ["i", "j", "k"].map(|name| self.names.fresh(name));
        let a = a.tokens;
        quote! {
            #held
            for #j in 0..#columns { for #i in 0..#rows { for #k in 0..#n {
                #out[(#i * #n + #k, #j * #n + #k)] = #a[(#i, #j)];
            } } }
        }
    }

    /// K alone, K X, or X K: the p-th entry of vec Xᵀ is the one at (p % columns) · rows + p / columns of vec X.
    fn exchanged(&mut self, x: Expr<'a>, form: Form) -> Piece {
        let node = x.node();
        let Data::Shape(of) = node.data() else { return self.zeros(x) };
        let ty = self.matrix_type(x.shape());
        let (i, j) = (self.names.fresh("i"), self.names.fresh("j"));
        let (rows, columns) = (extent(of.rows), extent(of.columns));
        let place = |p: &TokenStream, rows: &TokenStream, columns: &TokenStream| quote!((#p % #columns) * #rows + #p / #columns);
        if form == Form::Commutation {
            let (one, zero) = (self.number(Ratio::ONE).tokens, self.number(Ratio::ZERO).tokens);
            let from = place(&quote!(#i), &rows, &columns);
            return Piece::atom(quote!(#ty::from_fn(|#i, #j| if #j == #from { #one } else { #zero })));
        }
        let (m, held) = self.held(x.operand(0));
        let m = m.at(Level::Atom);
        let entry = match form {
            Form::CommuteRows => {
                let from = place(&quote!(#i), &rows, &columns);
                quote!(#m[(#from, #j)])
            }
            _ => {
                // Columns move the other way: (X K) eq = X K eq.
                let from = place(&quote!(#j), &columns, &rows);
                quote!(#m[(#i, #from)])
            }
        };
        let made = quote!(#ty::from_fn(|#i, #j| #entry));
        if held.is_empty() { Piece::atom(made) } else { Piece::block(quote!(#held #made)) }
    }
}
