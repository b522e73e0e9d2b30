//! Calls of foreign functions, by the path that the rule has.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Piece, Writer};
use crate::ir::{Data, Expr};

impl<'a> Writer<'a> {
    /// `libm::erf(x)`
    pub(super) fn foreign_call(&mut self, x: Expr<'a>) -> Piece {
        let arguments: Vec<Piece> = x.operands().into_iter().map(|y| self.piece(y)).collect();
        call(x, &arguments)
    }
}

/// The function that a node calls, of these arguments.
pub(super) fn call(x: Expr<'_>, arguments: &[Piece]) -> Piece {
    let node = x.node();
    let Data::Foreign(path) = node.data() else { return Piece::atom(quote!(())) };
    let path: TokenStream = path.parse().unwrap_or_default();
    let arguments = arguments.iter().map(|argument| &argument.tokens);
    Piece::atom(quote!(#path(#(#arguments),*)))
}
