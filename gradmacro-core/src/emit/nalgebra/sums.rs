//! Linear combinations, of scalars and of matrices.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Level, Piece, Writer};
use crate::ir::{Expr, Ratio, Weighted};
use crate::plan::cost::size;

/// Entries up to which a matrix is passed by value where an operator would take either.
const BY_VALUE: u64 = 16;

impl<'a> Writer<'a> {
    /// Σ kᵢ·xᵢ, given how an operand is written. Positive terms come first.
    pub(super) fn combination(
        &mut self,
        mut terms: Weighted<'a>,
        write: &mut dyn FnMut(&mut Self, Expr<'a>) -> Piece,
    ) -> Piece {
        terms.sort_by_key(|t| t.1.is_negative());
        let mut tokens = TokenStream::new();
        let alone = terms.len() == 1;
        for (k, (x, coefficient)) in terms.into_iter().enumerate() {
            if alone && !x.is_scalar() && !x.is_ones() && coefficient.absolute() != Ratio::ONE {
                // The sign goes into the number: negating a matrix would be another pass over it.
                return self.scaled_by_number(x, coefficient, write);
            }
            let term = self.term(x, coefficient.absolute(), write);
            if k == 0 && alone && !coefficient.is_negative() {
                return term;
            }
            let inner = term.at(if coefficient.is_negative() { Level::Product } else { Level::Sum });
            tokens.extend(match (k, coefficient.is_negative()) {
                (0, true) => quote!(-#inner),
                (0, false) => inner,
                (_, true) => quote!(- #inner),
                (_, false) => quote!(+ #inner),
            });
        }
        Piece::new(tokens, if alone { Level::Unary } else { Level::Sum })
    }

    fn scaled_by_number(
        &mut self,
        x: Expr<'a>,
        k: Ratio,
        write: &mut dyn FnMut(&mut Self, Expr<'a>) -> Piece,
    ) -> Piece {
        let (inner, number) = (write(self, x).at(Level::Product), self.number(k.absolute()));
        let sign = k.is_negative().then(|| quote!(-));
        let bare = number.level == Level::Atom;
        let number = number.tokens;
        let number = if bare { quote!(#sign #number) } else { quote!((#sign #number)) };
        Piece::new(quote!(#inner * #number), Level::Product)
    }

    fn term(&mut self, x: Expr<'a>, k: Ratio, write: &mut dyn FnMut(&mut Self, Expr<'a>) -> Piece) -> Piece {
        if x.is_ones() {
            return self.number(k);
        }
        let piece = write(self, x);
        if k == Ratio::ONE {
            return piece;
        }
        let number = self.number(k);
        let factor = number.at(Level::Atom);
        // nalgebra has `matrix * scalar` for every scalar type.
        let tokens = match x.is_scalar() {
            true => {
                let inner = piece.at(Level::Unary);
                quote!(#factor * #inner)
            }
            false => {
                let inner = piece.at(Level::Product);
                quote!(#inner * #factor)
            }
        };
        Piece::new(tokens, Level::Product)
    }

    /// A linear combination of matrices with operators.
    pub(super) fn matrix_sum(&mut self, x: Expr<'a>) -> Piece {
        if x.is_zero() {
            return self.zeros(x);
        }
        self.combination(x.weighted(), &mut |writer, y| writer.operand(y))
    }

    /// A matrix as the operand of an operator: large ones by reference.
    pub(super) fn operand(&mut self, x: Expr<'a>) -> Piece {
        let piece = self.piece(x);
        if piece.place && !piece.reference && !x.is_scalar() && size(x.shape()) > BY_VALUE {
            let tokens = piece.tokens;
            return Piece { reference: true, place: false, ..Piece::new(quote!(&#tokens), Level::Unary) };
        }
        piece
    }
}
