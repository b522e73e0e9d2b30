//! Literals and constants. A type parameter has no literals: its numbers are converted from `f64`.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;

use super::{Level, Piece, Writer};
use crate::ir::{Constant, Ratio};

/// Constants of core that `RealField` has too, and what it calls them.
const OF_REAL_FIELD: [(&str, &str); 15] = [
    ("PI", "pi"),
    ("TAU", "two_pi"),
    ("E", "e"),
    ("LN_2", "ln_2"),
    ("LN_10", "ln_10"),
    ("LOG2_E", "log2_e"),
    ("LOG10_E", "log10_e"),
    ("FRAC_1_PI", "frac_1_pi"),
    ("FRAC_2_PI", "frac_2_pi"),
    ("FRAC_2_SQRT_PI", "frac_2_sqrt_pi"),
    ("FRAC_PI_2", "frac_pi_2"),
    ("FRAC_PI_3", "frac_pi_3"),
    ("FRAC_PI_4", "frac_pi_4"),
    ("FRAC_PI_6", "frac_pi_6"),
    ("FRAC_PI_8", "frac_pi_8"),
];

impl Writer<'_> {
    /// A nonnegative number; a fraction that no short decimal is becomes a quotient, which rounds once.
    pub(super) fn number(&self, k: Ratio) -> Piece {
        match k.integer() {
            Some(n) => self.short(f64::from(n)),
            None if !k.value().is_finite() => self.infinity(),
            None if is_decimal(k) => self.short(k.value()),
            None => {
                let sides = [k.numerator(), k.denominator()].map(|side| self.short(side as f64).tokens);
                let [n, d] = sides;
                Piece::new(quote!(#n / #d), Level::Product)
            }
        }
    }

    /// A nonnegative number with its type, for places where inference has nothing to go by.
    pub(super) fn typed_number(&self, k: Ratio) -> TokenStream {
        if self.scalar.is_parameter() || !k.value().is_finite() {
            return self.number(k).at(Level::Atom);
        }
        let text = format!("{:?}_{}", k.value(), self.scalar.name());
        let suffixed: Option<Literal> = text.parse().ok();
        suffixed.map_or_else(|| float(k.value()), |literal| quote!(#literal))
    }

    pub(super) fn constant(&self, constant: Constant) -> Piece {
        match constant {
            Constant::Named(name) => self.named(name),
            Constant::Float(bits) => match f64::from_bits(bits) {
                value if value.is_nan() => self.limit("NAN"),
                value if value.is_infinite() && value < 0.0 => self.limit("NEG_INFINITY"),
                value if value.is_infinite() => self.infinity(),
                value => {
                    let literal = self.short(value.abs()).tokens;
                    let sign = value.is_sign_negative().then(|| quote!(-));
                    Piece::new(quote!(#sign #literal), Level::Unary)
                }
            },
        }
    }

    fn short(&self, value: f64) -> Piece {
        let (nalgebra, scalar) = (self.nalgebra, self.scalar);
        Piece::atom(match value {
            _ if !scalar.is_parameter() => float(value),
            0.0 => quote!(#nalgebra::zero::<#scalar>()),
            1.0 => quote!(#nalgebra::one::<#scalar>()),
            _ => self.converted(&float(value)),
        })
    }

    /// A constant of `core::f64::consts`.
    fn named(&self, name: &str) -> Piece {
        let (nalgebra, scalar) = (self.nalgebra, self.scalar);
        let own = OF_REAL_FIELD.iter().find(|(core, _)| *core == name).map(|(_, own)| mixed(own));
        let name = mixed(name);
        Piece::atom(match own {
            _ if !scalar.is_parameter() => quote!(::core::#scalar::consts::#name),
            Some(own) => quote!(<#scalar as #nalgebra::RealField>::#own()),
            None => self.converted(&quote!(::core::f64::consts::#name)),
        })
    }

    fn infinity(&self) -> Piece {
        self.limit("INFINITY")
    }

    /// An associated constant of floats.
    fn limit(&self, name: &str) -> Piece {
        let (scalar, name) = (self.scalar, mixed(name));
        Piece::atom(match scalar.is_parameter() {
            true => self.converted(&quote!(::core::primitive::f64::#name)),
            false => quote!(::core::primitive::#scalar::#name),
        })
    }

    /// An `f64` as a number of the type parameter.
    pub(super) fn converted(&self, value: &TokenStream) -> TokenStream {
        let (nalgebra, scalar) = (self.nalgebra, self.scalar);
        quote!(#nalgebra::convert::<::core::primitive::f64, #scalar>(#value))
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

fn mixed(name: &str) -> Ident {
    Ident::new(name, Span::mixed_site())
}
