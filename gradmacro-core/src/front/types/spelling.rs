//! Types written out: fully qualified for generated code, in the user's words for messages.

use std::fmt;

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, quote};

use super::{Scalar, Type};
use crate::ir::shape::{Dim, Shape};

/// The type of a value, for generated code: `::nalgebra::SVector<f64, 3>`.
pub fn spell(shape: Shape, scalar: Scalar, nalgebra: &syn::Path) -> TokenStream {
    let (rows, columns) = (spell_size(shape.rows), spell_size(shape.columns));
    if shape.is_scalar() {
        scalar.to_token_stream()
    } else if shape.is_column() {
        quote!(#nalgebra::SVector<#scalar, #rows>)
    } else if shape.is_row() {
        quote!(#nalgebra::RowSVector<#scalar, #columns>)
    } else {
        quote!(#nalgebra::SMatrix<#scalar, #rows, #columns>)
    }
}

/// The type of a value, for messages: `SVector<f64, 3>`.
pub fn describe(shape: Shape, scalar: Scalar) -> String {
    let (rows, columns, scalar) = (shape.rows, shape.columns, scalar.name());
    if shape.is_scalar() {
        scalar.to_owned()
    } else if shape.is_column() {
        format!("SVector<{scalar}, {rows}>")
    } else if shape.is_row() {
        format!("RowSVector<{scalar}, {columns}>")
    } else {
        format!("SMatrix<{scalar}, {rows}, {columns}>")
    }
}

/// The message about two scalar types that meet.
pub fn mixture(a: Scalar, b: Scalar) -> String {
    let mut both = [a, b];
    both.sort_by_key(|scalar| (scalar.is_parameter(), scalar.name()));
    format!("`{}` and `{}` in one function", both[0].name(), both[1].name())
}

/// Only a number or a name may stand alone as a generic argument.
fn spell_size(size: Dim) -> TokenStream {
    let text = match size {
        Dim::Known(n) => return Literal::usize_unsuffixed(n).to_token_stream(),
        Dim::Parameter(text) | Dim::Constant(text) => text,
    };
    // The text comes from tokens, so it parses again.
    let tokens: TokenStream = text.parse().unwrap_or_default();
    let alone = text.starts_with('{') || text == "_" || syn::parse2::<Ident>(tokens.clone()).is_ok();
    if alone { tokens } else { quote!({ #tokens }) }
}

impl ToTokens for Scalar {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        Ident::new(self.name(), Span::call_site()).to_tokens(tokens);
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::Scalar(scalar) => f.write_str(scalar.name()),
            Type::Matrix { scalar, shape } => f.write_str(&describe(*shape, *scalar)),
            Type::Integer(name) => f.write_str(name),
            Type::Bool => f.write_str("bool"),
            Type::Tuple(entries) => {
                let entries: Vec<String> = entries.iter().map(Type::to_string).collect();
                write!(f, "({})", entries.join(", "))
            }
            Type::Array(entry, length) => write!(f, "[{entry}; {length}]"),
            Type::Option(inner) => write!(f, "Option<{inner}>"),
            Type::Geometry { scalar, kind } => write!(f, "{}<{}>", kind.name(), scalar.name()),
            Type::Unit => f.write_str("()"),
            Type::Other => f.write_str("_"),
        }
    }
}
