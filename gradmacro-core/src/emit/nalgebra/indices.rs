//! Integers: indices, sizes, casts.

use proc_macro2::{Delimiter, Group, Ident, Literal, Span, TokenStream, TokenTree};
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
        // A block at the end of a range would be read as the body of the loop.
        Dim::Parameter(name) | Dim::Constant(name) => match name.starts_with('{') {
            true => parenthesised(name),
            false => name.parse().unwrap_or_default(),
        },
    }
}

/// `({ A + B })`, which is an expression anywhere.
fn parenthesised(text: &str) -> TokenStream {
    let tokens: TokenStream = text.parse().unwrap_or_default();
    quote!((#tokens))
}

impl<'a> Writer<'a> {
    /// An index expression of type `usize`.
    pub(super) fn index(&mut self, x: Expr<'a>) -> Piece {
        if let Some(name) = self.bound.get(&x.id) {
            return Piece::atom(quote!(#name));
        }
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
        if self.is_signed(x) {
            let whole = self.signed(x).at(Level::Unary);
            return Piece::new(quote!(#whole as usize), Level::Unary);
        }
        match self.sides(x, factors, constant) {
            (plus, None) => plus.unwrap_or_else(|| Piece::atom(quote!(0))),
            (None, Some(minus)) => {
                let minus = minus.at(Level::Unary);
                Piece::new(quote!(-#minus), Level::Unary)
            }
            (Some(plus), Some(minus)) => {
                let (plus, minus) = (plus.at(Level::Sum), minus.at(Level::Product));
                Piece::new(quote!(#plus - #minus), Level::Sum)
            }
        }
    }

    /// A trip count: what is negative counts as 0.
    pub(super) fn trips(&mut self, x: Expr<'a>) -> TokenStream {
        if self.is_signed(x) {
            let whole = self.signed(x).tokens;
            return quote!(::core::cmp::max(#whole, 0) as usize);
        }
        let node = x.node();
        if let Data::Affine(factors, constant) = node.data()
            && let (Some(plus), Some(minus)) = self.sides(x, factors, *constant)
        {
            let (plus, minus) = (plus.tokens, minus.tokens);
            return quote!(::core::primitive::usize::saturating_sub(#plus, #minus));
        }
        self.index(x).tokens
    }

    /// What is added and what is subtracted: an index is unsigned, so the first must come first.
    pub(super) fn sides(
        &mut self,
        x: Expr<'a>,
        factors: &[i64],
        constant: i64,
    ) -> (Option<Piece>, Option<Piece>) {
        let terms: Vec<(Expr<'a>, i64)> = x.operands().into_iter().zip(factors.iter().copied()).collect();
        self.sides_of(&terms, constant)
    }

    /// The same of a list of terms.
    pub(super) fn sides_of(
        &mut self,
        terms: &[(Expr<'a>, i64)],
        constant: i64,
    ) -> (Option<Piece>, Option<Piece>) {
        let mut side = |sign: i64| {
            let mut pieces = vec![];
            for (operand, k) in terms.iter().filter(|t| t.1 * sign > 0) {
                let (inner, factor) =
                    (self.index(*operand).at(Level::Product), Literal::i64_unsuffixed(k.abs()));
                pieces.push(if k.abs() == 1 { inner } else { quote!(#factor * #inner) });
            }
            if constant * sign > 0 {
                let number = Literal::i64_unsuffixed(constant.abs());
                pieces.push(quote!(#number));
            }
            let level = match &pieces[..] {
                [_, _, ..] => Level::Sum,
                _ if terms.is_empty() => Level::Atom,
                _ => Level::Product,
            };
            (!pieces.is_empty()).then(|| Piece::new(quote!(#(#pieces)+*), level))
        };
        (side(1), side(-1))
    }

    /// An integer as a float.
    pub(super) fn as_real(&mut self, x: Expr<'a>) -> Piece {
        let scalar = self.scalar;
        let inner = x.operand(0);
        let tokens = match &*inner.node() {
            Node::Leaf(Leaf::Input(_) | Leaf::Kept(_)) => self.piece(inner).at(Level::Unary),
            // A difference may be negative.
            Node::Apply(_, Data::Affine(factors, constant), _)
                if *constant < 0 || factors.iter().any(|k| *k < 0) || self.is_signed(inner) =>
            {
                self.signed(inner).at(Level::Unary)
            }
            _ => self.index(inner).at(Level::Unary),
        };
        if scalar.is_parameter() {
            return Piece::atom(self.converted(&quote!(#tokens as ::core::primitive::f64)));
        }
        Piece::new(quote!(#tokens as #scalar), Level::Unary)
    }

    /// A condition of the user's that reads indices.
    pub(super) fn kept_condition(&mut self, x: Expr<'a>) -> Piece {
        let (written, lets) = self.kept_under_names(x);
        if lets.is_empty() { Piece::atom(quote!((#written))) } else { Piece::block(quote!(#lets #written)) }
    }

    /// A kept expression that reads indices: each under the name by which it reads it.
    pub(super) fn kept_at(&mut self, x: Expr<'a>) -> Piece {
        let (written, lets) = self.kept_under_names(x);
        let node = x.node();
        let Data::Kept(serial) = node.data() else { return Piece::atom(quote!(())) };
        let Some(kept) = self.program.kept.get(*serial as usize) else { return Piece::atom(quote!(())) };
        if x.is_scalar() && !kept.matrix && !kept.integer && !kept.truth && is_block(&written) {
            // The names that a pattern binds may be references; as an argument of `clone` either is coerced.
            let (scalar, value) = (self.scalar, self.names.fresh("value"));
            return Piece::block(quote! {
                #lets
                let #value = #written;
                <#scalar as ::core::clone::Clone>::clone(&#value)
            });
        }
        if kept.integer && is_block(&written) {
            let value = self.names.fresh("value");
            return Piece::block(quote!(#lets let #value = #written; #value.clone()));
        }
        let entry = (kept.matrix && x.is_scalar()).then(|| quote!([(0, 0)]));
        let whole = quote!((#written) #entry);
        if lets.is_empty() { Piece::atom(whole) } else { Piece::block(quote!(#lets #whole)) }
    }

    /// The user's expression, and a `let` for each index that it reads under another name.
    fn kept_under_names(&mut self, x: Expr<'a>) -> (TokenStream, TokenStream) {
        let (node, program) = (x.node(), self.program);
        let kept = match node.data() {
            Data::Kept(serial) => program.kept.get(*serial as usize),
            _ => None,
        };
        let Some(kept) = kept else { return (quote!(()), TokenStream::new()) };
        let mut written = kept.written.clone();
        let mut lets = TokenStream::new();
        for (name, index) in kept.indices.iter().zip(x.operands()) {
            let value = self.index(index).tokens;
            if *name == value.to_string() {
                written = as_ours(written, name);
            } else {
                lets.extend(quote!(let #name = #value;));
            }
        }
        (written, lets)
    }
}

/// The tokens with the user's name as ours: a loop's index is spelled alike, but hygiene tells the two apart.
fn as_ours(tokens: TokenStream, name: &Ident) -> TokenStream {
    let token = |token| match token {
        TokenTree::Ident(ident) if ident == *name => {
            let mut ours = ident.clone();
            ours.set_span(ident.span().resolved_at(Span::mixed_site()));
            TokenTree::Ident(ours)
        }
        TokenTree::Group(group) => {
            let mut inner = Group::new(group.delimiter(), as_ours(group.stream(), name));
            inner.set_span(group.span());
            TokenTree::Group(inner)
        }
        other => other,
    };
    tokens.into_iter().map(token).collect()
}

/// Is it one block in braces?
fn is_block(tokens: &TokenStream) -> bool {
    let mut list = tokens.clone().into_iter();
    let first = list.next();
    let braced = |token| matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
    first.is_some_and(braced) && list.next().is_none()
}
