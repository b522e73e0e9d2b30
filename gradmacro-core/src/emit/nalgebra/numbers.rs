//! Literals and constants.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;

use super::{Level, Piece, Writer};
use crate::ir::{Constant, Ratio};

impl Writer<'_> {
    /// A nonnegative number; a fraction that no short decimal is becomes a quotient, which rounds once.
    pub(super) fn number(&self, k: Ratio) -> Piece {
        match k.integer() {
            Some(n) => Piece::atom(float(f64::from(n))),
            None if !k.value().is_finite() => {
                let scalar = self.scalar;
                Piece::atom(quote!(::core::#scalar::INFINITY))
            }
            None if is_decimal(k) => Piece::atom(float(k.value())),
            None => {
                let (n, d) = (float(k.numerator() as f64), float(k.denominator() as f64));
                Piece::new(quote!(#n / #d), Level::Product)
            }
        }
    }

    /// A nonnegative number with its type, for places where inference has nothing to go by.
    pub(super) fn typed_number(&self, k: Ratio) -> TokenStream {
        if !k.value().is_finite() {
            return self.number(k).tokens;
        }
        let text = format!("{:?}_{}", k.value(), self.scalar.name());
        let suffixed: Option<Literal> = text.parse().ok();
        suffixed.map_or_else(|| float(k.value()), |literal| quote!(#literal))
    }

    pub(super) fn constant(&self, constant: Constant) -> Piece {
        let scalar = self.scalar;
        match constant {
            Constant::Named(name) => {
                let name = Ident::new(name, Span::mixed_site());
                Piece::atom(quote!(::core::#scalar::consts::#name))
            }
            Constant::Float(bits) => match f64::from_bits(bits) {
                value if value.is_nan() => Piece::atom(quote!(#scalar::NAN)),
                value if value == f64::INFINITY => Piece::atom(quote!(#scalar::INFINITY)),
                value if value == f64::NEG_INFINITY => Piece::atom(quote!(#scalar::NEG_INFINITY)),
                value => {
                    let literal = float(value.abs());
                    let sign = value.is_sign_negative().then(|| quote!(-));
                    Piece::new(quote!(#sign #literal), Level::Unary)
                }
            },
        }
    }
}

/// Does the number have a short decimal form that is exactly it?
fn is_decimal(k: Ratio) -> bool {
    let mut d = k.denominator();
    for p in [2, 5] {
        while d % p == 0 {
            d /= p;
        }
    }
    d == 1
}

fn float(value: f64) -> TokenStream {
    let literal = Literal::f64_unsuffixed(value);
    quote!(#literal)
}
