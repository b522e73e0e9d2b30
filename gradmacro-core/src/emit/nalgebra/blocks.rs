//! Entries and blocks: read, put together, accumulated.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::{Level, Piece, Writer, entries::is_fused, indices::extent};
use crate::ir::{Dim, Expr, Ratio, Shape, Weighted};
use crate::ops::Form;
use crate::ops::arithmetic::SUM;
use crate::ops::structure::{ENTRIES, SCATTER};

/// Entries up to which a matrix is written as a literal even if most of them are zero.
const LITERAL: usize = 16;

impl<'a> Writer<'a> {
    /// `x[i]`, `x[(i, j)]`, or a copy of a block.
    pub(super) fn slice(&mut self, x: Expr<'a>) -> Piece {
        if x.is_scalar() {
            let inner = x.operand(0);
            let whole = self.piece(inner);
            let source = whole.at(Level::Atom);
            let place = self.place(inner.shape(), x.operand(1), x.operand(2));
            return Piece { place: whole.place, ..Piece::atom(quote!(#source[#place])) };
        }
        if x.operand(0).shape().rows == x.shape().rows && x.shape().columns == Dim::ONE {
            return self.column(x);
        }
        self.block(x)
    }

    /// A whole column. An owned copy of a view would be checked for the number of its entries where it is not inlined,
    /// and panic if that were wrong; so is any other block copied entry by entry.
    fn column(&mut self, x: Expr<'a>) -> Piece {
        let source = self.piece(x.operand(0)).at(Level::Atom);
        let (column, ty) = (self.index(x.operand(2)).tokens, self.matrix_type(x.shape()));
        Piece::atom(quote!(#ty::from(#source.data.0[#column])))
    }

    fn block(&mut self, x: Expr<'a>) -> Piece {
        let (source, held) = self.held(x.operand(0));
        let source = source.at(Level::Atom);
        let (row, i) = self.moved("i", x.operand(1), x.shape().rows);
        let (column, j) = self.moved("j", x.operand(2), x.shape().columns);
        let (inner, ty) = (x.operand(0).shape(), self.matrix_type(x.shape()));
        let is_constant = |k: usize| x.operand(k).node().data().constant_index().is_some();
        let entry = match () {
            () if inner.columns == Dim::ONE => quote!(#source[#i]),
            () if inner.rows == Dim::ONE => quote!(#source[#j]),
            () if is_constant(1) && is_constant(2) => quote!(#source[(#i, #j)]),
            // nalgebra checks both indices in one condition, which an optimiser for size does not see through.
            () => quote!(#source.data.0[#j][#i]),
        };
        let made = quote!(#ty::from_fn(|#row, #column| #entry));
        if held.is_empty() { Piece::atom(made) } else { Piece::block(quote!(#held #made)) }
    }

    /// The index of a row or a column of a block, and `start + i`, its place.
    fn moved(&mut self, name: &str, start: Expr<'a>, size: Dim) -> (TokenStream, TokenStream) {
        let first = self.index(start).tokens;
        if size == Dim::ONE {
            return (quote!(_), first);
        }
        let i = self.names.fresh(name);
        match start.node().data().constant_index() {
            Some(0) => (quote!(#i), quote!(#i)),
            _ => (quote!(#i), quote!(#first + #i)),
        }
    }

    /// The block that is copied.
    pub(super) fn view(&mut self, x: Expr<'a>) -> Piece {
        let inner = x.operand(0);
        let source = self.piece(inner).at(Level::Atom);
        let (row, column) = (self.index(x.operand(1)).tokens, self.index(x.operand(2)).tokens);
        let (rows, columns) = (size(x.shape().rows), size(x.shape().columns));
        Piece::atom(match () {
            () if inner.shape().columns == Dim::ONE => quote!(#source.fixed_rows::<#rows>(#row)),
            () if inner.shape().rows == Dim::ONE => quote!(#source.fixed_columns::<#columns>(#column)),
            () => quote!(#source.fixed_view::<#rows, #columns>(#row, #column)),
        })
    }

    /// The index of one entry: `i` of a vector, `(i, j)` of a matrix.
    pub(super) fn place(&mut self, of: Shape, row: Expr<'a>, column: Expr<'a>) -> TokenStream {
        let (row, column) = (self.index(row).tokens, self.index(column).tokens);
        match () {
            () if of.columns == Dim::ONE => row,
            () if of.rows == Dim::ONE => column,
            () => quote!((#row, #column)),
        }
    }

    /// The terms of a sum that are written into place, and the others.
    pub(super) fn apart(&self, x: Expr<'a>) -> (Weighted<'a>, Weighted<'a>) {
        let terms = if x.is(&SUM) { self.terms(x) } else { vec![(x, Ratio::ONE)] };
        let put = |y: &Expr<'a>| (y.is(&ENTRIES) && !is_literal(*y)) || y.is(&SCATTER);
        terms.into_iter().partition(|(y, _)| put(y) && (self.bindings.is_inline(y.id) || *y == x))
    }

    /// The terms of a sum, and of sums that are written where it is.
    fn terms(&self, x: Expr<'a>) -> Weighted<'a> {
        let terms = x.weighted().into_iter().flat_map(|(y, k)| {
            let is_own = self.bindings.is_inline(y.id) && !is_fused(self, y);
            let is_part = is_own && y.is(&SUM) && k.absolute() == Ratio::ONE;
            let own = if is_part { self.terms(y) } else { vec![(y, Ratio::ONE)] };
            own.into_iter().map(move |(z, l)| (z, l.times(k)))
        });
        terms.collect()
    }

    /// A matrix by value, to be written into.
    pub(super) fn copied(&mut self, x: Expr<'a>) -> Piece {
        if x.is_ones() {
            return self.filled(x);
        }
        let piece = self.piece(x);
        let tokens = &piece.tokens;
        if piece.reference { Piece::new(quote!(*#tokens), Level::Unary) } else { piece }
    }

    /// A matrix from all its entries.
    pub(super) fn literal(&mut self, x: Expr<'a>) -> Piece {
        let ty = self.matrix_type(x.shape());
        let Some((rows, columns)) = x.shape().known() else { return self.zeros(x) };
        let zero = self.number(Ratio::ZERO).tokens;
        let mut entries = vec![zero; rows * columns];
        let node = x.node();
        for ((row, column), y) in node.data().positions().iter().zip(x.operands()) {
            if let Some(entry) = entries.get_mut(*column as usize * rows + *row as usize) {
                *entry = self.piece(y).tokens;
            }
        }
        if x.shape().is_column() && rows <= 6 {
            return Piece::atom(quote!(#ty::new(#(#entries),*)));
        }
        let lines = entries.chunks(rows).map(|column| quote!([#(#column),*]));
        let ty = self.array_type(x.shape());
        Piece::atom(quote!(#ty::from([#(#lines),*])))
    }

    /// `out += k·x`, written where x has entries.
    pub(super) fn put(&mut self, out: &Ident, x: Expr<'a>, k: Ratio) -> TokenStream {
        match () {
            () if x.is(&ENTRIES) => self.put_entries(out, x, k),
            () if x.is(&SCATTER) => self.put_block(out, x, k),
            () if x.is_ones() && !x.is_scalar() => {
                let number = self.signed_number(k);
                quote!(#out.add_scalar_mut(#number);)
            }
            () => {
                let written =
                    self.rank_one(out, x, (k, Ratio::ONE)).or_else(|| self.add_by_kernel(out, x, k));
                let target = self.target(out);
                written.unwrap_or_else(|| self.add(&target, x, k))
            }
        }
    }

    fn put_entries(&mut self, out: &Ident, x: Expr<'a>, k: Ratio) -> TokenStream {
        let node = x.node();
        let mut writes = TokenStream::new();
        for ((row, column), y) in node.data().positions().iter().zip(x.operands()) {
            let (row, column) = (y.graph.index(i64::from(*row)), y.graph.index(i64::from(*column)));
            let place = self.place(x.shape(), row, column);
            writes.extend(self.add(&quote!(#out[#place]), y, k));
        }
        writes
    }

    /// What is written to a matrix of zeros.
    pub(super) fn put_on_zeros(&mut self, out: &Ident, placed: Weighted<'a>) -> TokenStream {
        match placed[..] {
            // Nothing else is written to these entries.
            [(only, Ratio::ONE)] if only.is(&ENTRIES) => self.set_entries(out, only),
            _ => placed.into_iter().map(|(y, k)| self.put(out, y, k)).collect(),
        }
    }

    fn set_entries(&mut self, out: &Ident, x: Expr<'a>) -> TokenStream {
        let node = x.node();
        let mut writes = TokenStream::new();
        for ((row, column), y) in node.data().positions().iter().zip(x.operands()) {
            let (row, column) = (y.graph.index(i64::from(*row)), y.graph.index(i64::from(*column)));
            let (place, value) = (self.place(x.shape(), row, column), self.piece(y).tokens);
            writes.extend(quote!(#out[#place] = #value;));
        }
        writes
    }

    fn put_block(&mut self, out: &Ident, x: Expr<'a>, k: Ratio) -> TokenStream {
        let inner = x.operand(0);
        if inner.is_scalar() {
            let place = self.place(x.shape(), x.operand(1), x.operand(2));
            return self.add(&quote!(#out[#place]), inner, k);
        }
        let (row, column) = (self.index(x.operand(1)).tokens, self.index(x.operand(2)).tokens);
        let (rows, columns) = (size(inner.shape().rows), size(inner.shape().columns));
        let part = self.names.fresh("part");
        let write = self.add(&quote!(#part), inner, k);
        quote!({ let mut #part = #out.fixed_view_mut::<#rows, #columns>(#row, #column); #write })
    }

    /// `target += k·x;`
    pub(super) fn add(&mut self, target: &TokenStream, x: Expr<'a>, k: Ratio) -> TokenStream {
        if x.is_ones() && !x.is_scalar() {
            let (sign, number) = (k.is_negative().then(|| quote!(-)), self.number(k.absolute()).tokens);
            return quote!(#target.add_scalar_mut(#sign #number););
        }
        let sign = if k.is_negative() { quote!(-=) } else { quote!(+=) };
        let value = self.combination(vec![(x, k.absolute())], &mut |writer, y| writer.piece(y));
        let value = value.tokens;
        quote!(#target #sign #value;)
    }

    /// Sums over blocks, for the adjoints of the Kronecker product.
    pub(super) fn blockwise(&mut self, x: Expr<'a>, form: Form) -> Piece {
        let (g, held_g) = self.held(x.operand(0));
        let (b, held_b) = self.held(x.operand(1));
        let (i, j) = (self.names.fresh("i"), self.names.fresh("j"));
        let ty = self.matrix_type(x.shape());
        let block = if form == Form::BlockInner { x.operand(1).shape() } else { x.shape() };
        let (rows, columns) = (size(block.rows), size(block.columns));
        let (g, borrowed, b) = (g.tokens, b.borrowed(), b.tokens);
        let view = quote!(#g.fixed_view::<#rows, #columns>(#i * #rows, #j * #columns));
        if form == Form::BlockInner {
            return Piece::block(quote!(#held_g #held_b #ty::from_fn(|#i, #j| #view.dot(#borrowed))));
        }
        let [out, factor, sum, entry] = ["out", "factor", "sum", "entry"].map(|name| self.names.fresh(name));
        let of = x.operand(1).shape();
        let (m, n) = (extent(of.rows), extent(of.columns));
        Piece::block(quote! {
            #held_g #held_b
            let mut #out = #ty::zeros();
            for #i in 0..#m {
                for #j in 0..#n {
                    let #factor = #b[(#i, #j)];
                    #out.zip_apply(&#view, |#sum, #entry| *#sum += #entry * #factor);
                }
            }
            #out
        })
    }
}

/// A size as a generic argument.
pub(super) fn size(dim: Dim) -> TokenStream {
    match dim {
        Dim::Constant(name) if name.starts_with('{') => name.parse().unwrap_or_default(),
        _ => {
            let tokens = extent(dim);
            if tokens.clone().into_iter().count() == 1 { tokens } else { quote!({ #tokens }) }
        }
    }
}

/// Is a matrix of entries written as a literal?
pub(super) fn is_literal(x: Expr<'_>) -> bool {
    let entries = x.operands().len();
    x.shape().size().is_some_and(|n| n <= LITERAL || (n <= 2 * entries && n <= 64))
}
