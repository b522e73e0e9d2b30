//! Integers: indices, sizes, casts.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::{Level, Piece, Writer};
use crate::ir::{Data, Dim, Expr, Leaf, Node};

/// The tokens of a dimension.
pub(super) fn extent(dim: Dim) -> TokenStream {
    match dim {
        Dim::Known(n) => {
            let literal = Literal::usize_unsuffixed(n);
            quote!(#literal)
        }
        Dim::Parameter(name) | Dim::Constant(name) => name.parse().unwrap_or_default(),
    }
}

impl<'a> Writer<'a> {
    /// An index expression of type `usize`.
    pub(super) fn index(&mut self, x: Expr<'a>) -> Piece {
        match &*x.node() {
            Node::Apply(_, Data::Affine(factors, constant), _) => self.affine(x, factors, *constant),
            Node::Leaf(Leaf::Input(_) | Leaf::Kept(_)) => {
                let piece = self.piece(x).at(Level::Unary);
                Piece::new(quote!(#piece as usize), Level::Unary)
            }
            _ => self.piece(x),
        }
    }

    fn affine(&mut self, x: Expr<'a>, factors: &[i64], constant: i64) -> Piece {
        let literal = |k: i64| Literal::i64_unsuffixed(k.abs());
        let mut tokens = TokenStream::new();
        let mut terms: Vec<(Expr<'a>, i64)> = x.operands().into_iter().zip(factors.iter().copied()).collect();
        terms.sort_by_key(|t| t.1 < 0);
        for (operand, k) in &terms {
            let inner = self.index(*operand).at(Level::Product);
            let sign = if *k < 0 { quote!(-) } else { quote!(+) };
            let sign = (!tokens.is_empty() || *k < 0).then_some(sign);
            let factor = literal(*k);
            tokens.extend(if k.abs() == 1 { quote!(#sign #inner) } else { quote!(#sign #factor * #inner) });
        }
        let number = literal(constant);
        match (terms.len(), constant) {
            (0, 0..) => return Piece::atom(quote!(#number)),
            (0, _) => return Piece::new(quote!(-#number), Level::Unary),
            (_, 0) => {}
            (_, 1..) => tokens.extend(quote!(+ #number)),
            (_, _) => tokens.extend(quote!(- #number)),
        }
        Piece::new(tokens, Level::Sum)
    }

    /// An integer as a float.
    pub(super) fn as_real(&mut self, x: Expr<'a>) -> Piece {
        let scalar = self.scalar;
        let inner = x.operand(0);
        let tokens = match &*inner.node() {
            Node::Leaf(Leaf::Input(_) | Leaf::Kept(_)) => self.piece(inner).at(Level::Unary),
            _ => self.index(inner).at(Level::Unary),
        };
        Piece::new(quote!(#tokens as #scalar), Level::Unary)
    }

    /// A kept expression that reads indices: each under the name by which it reads it.
    pub(super) fn kept_at(&mut self, x: Expr<'a>) -> Piece {
        let node = x.node();
        let Data::Kept(serial) = node.data() else { return Piece::atom(quote!(())) };
        let Some(kept) = self.program.kept.get(*serial as usize) else { return Piece::atom(quote!(())) };
        let written = &kept.written;
        let mut lets = TokenStream::new();
        for (name, index) in kept.indices.iter().zip(x.operands()) {
            let value = self.index(index).tokens;
            if value.to_string() != name.to_string() {
                lets.extend(quote!(let #name = #value;));
            }
        }
        let entry = (kept.matrix && x.is_scalar()).then(|| quote!([(0, 0)]));
        let whole = if lets.is_empty() { quote!((#written) #entry) } else { quote!({ #lets (#written) #entry }) };
        Piece::atom(whole)
    }
}
