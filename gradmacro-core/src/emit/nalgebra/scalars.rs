//! Scalars: calls, powers, and the same for one entry of a matrix.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;

use super::{Level, Piece, Writer};
use crate::ir::{Expr, Ratio, Weighted};
use crate::ops::{Extra, Written};
use crate::plan::sign::is_nonzero;

impl<'a> Writer<'a> {
    /// A call of an elementary function with pieces as arguments.
    pub(super) fn call(&self, written: Written, arguments: &[Piece]) -> Piece {
        let (nalgebra, gradmacro) = (self.nalgebra, self.gradmacro);
        let list = arguments.iter().map(|a| &a.tokens);
        let ident = |name: &str| Ident::new(name, Span::mixed_site());
        let tokens = match written {
            Written::Complex(name) => {
                let name = ident(name);
                quote!(#nalgebra::ComplexField::#name(#(#list),*))
            }
            Written::Real(name) => {
                let name = ident(name);
                quote!(#nalgebra::RealField::#name(#(#list),*))
            }
            Written::Kernel(name, extras) => {
                let name = ident(name);
                let extras = extras.iter().map(|extra| self.extra(*extra));
                quote!(#gradmacro::kernels::#name(#(#list,)* #(#extras),*))
            }
            _ => {
                let sides: Vec<TokenStream> = arguments.iter().map(|a| a.at(Level::Unary)).collect();
                return Piece::new(quote!(#(#sides)%*), Level::Product);
            }
        };
        Piece::atom(tokens)
    }

    pub(super) fn extra(&self, extra: Extra) -> TokenStream {
        let nalgebra = self.nalgebra;
        match extra {
            Extra::One => self.number(Ratio::ONE).tokens,
            Extra::Complex(name) => {
                let name = Ident::new(name, Span::mixed_site());
                quote!(#nalgebra::ComplexField::#name)
            }
        }
    }

    /// An elementary function of scalars.
    pub(super) fn scalar_call(&mut self, x: Expr<'a>, written: Written) -> Piece {
        let arguments: Vec<Piece> = x.operands().into_iter().map(|o| self.argument(o)).collect();
        self.call(written, &arguments)
    }

    /// A scalar as an argument of a generic function: literals carry their type.
    fn argument(&mut self, x: Expr<'a>) -> Piece {
        match x.number() {
            Some(k) if k.is_negative() => {
                let literal = self.typed_number(k.absolute());
                Piece::new(quote!(-#literal), Level::Unary)
            }
            Some(k) => Piece::atom(self.typed_number(k)),
            None => self.piece(x),
        }
    }

    /// xⁿ, √x, xᵖ for p > 0.
    pub(super) fn power(&self, base: &Piece, p: Ratio) -> Piece {
        let nalgebra = self.nalgebra;
        let tokens = &base.tokens;
        match p.integer() {
            Some(1) => base.clone(),
            Some(2) if base.place => Piece::new(quote!(#tokens * #tokens), Level::Product),
            Some(n) => {
                let (gradmacro, n) = (self.gradmacro, Literal::i32_unsuffixed(n));
                Piece::atom(quote!(#gradmacro::kernels::power(#tokens, #n)))
            }
            None if p == Ratio::HALF => Piece::atom(quote!(#nalgebra::ComplexField::sqrt(#tokens))),
            None if base.place && p == Ratio::new(3, 2) => {
                Piece::new(quote!(#tokens * #nalgebra::ComplexField::sqrt(#tokens)), Level::Product)
            }
            None => {
                let p = self.typed_number(p);
                Piece::atom(quote!(#nalgebra::ComplexField::powf(#tokens, #p)))
            }
        }
    }

    /// ⊙ bases^p as a product over a product, given how a base is written. `guarded`: 0·∞ counts as 0.
    pub(super) fn monomial(
        &mut self,
        factors: &Weighted<'a>,
        guarded: bool,
        write: &mut dyn FnMut(&mut Self, Expr<'a>) -> Piece,
    ) -> Piece {
        let (mut over, mut unbounded, mut under) = (vec![], vec![], vec![]);
        let mut safe = true;
        for (base, p) in factors {
            let piece = write(self, *base);
            safe &= !p.is_negative() || is_nonzero(*base);
            let side = match () {
                () if p.is_negative() => &mut under,
                () if guarded && self.schedule.unbounded.contains(&base.id) => &mut unbounded,
                () => &mut over,
            };
            side.push(self.power(&piece, p.absolute()));
        }
        let plain_top = over.is_empty() && unbounded.is_empty();
        let top = match (&over[..], &unbounded[..]) {
            ([], []) => self.number(Ratio::ONE),
            (only, []) | ([], only) => product(only),
            (over, unbounded) => {
                let (gradmacro, over, unbounded) =
                    (self.gradmacro, product(over).tokens, product(unbounded).tokens);
                Piece::atom(quote!(#gradmacro::kernels::product_or_zero(#over, #unbounded)))
            }
        };
        if under.is_empty() {
            return top;
        }
        let under = product(&under);
        if guarded && !safe && !plain_top {
            let gradmacro = self.gradmacro;
            let (top, under) = (top.tokens, under.tokens);
            return Piece::atom(quote!(#gradmacro::kernels::quotient_or_zero(#top, #under)));
        }
        let (top, under) = (top.at(Level::Product), under.at(Level::Unary));
        Piece::new(quote!(#top / #under), Level::Product)
    }
}

/// a * b * c
pub(super) fn product(factors: &[Piece]) -> Piece {
    match factors {
        [only] => only.clone(),
        _ => {
            // Only the first may be a product itself: `a * (b / c)` rounds differently from `a * b / c`.
            let level = |k: usize| if k == 0 { Level::Product } else { Level::Unary };
            let mut tokens = TokenStream::new();
            for (k, factor) in factors.iter().enumerate() {
                let factor = factor.at(level(k));
                tokens.extend(if k == 0 { factor } else { quote!(* #factor) });
            }
            Piece::new(tokens, Level::Product)
        }
    }
}
