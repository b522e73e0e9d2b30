//! Parameters that a generated function has besides those of the user's function: directions and cotangents, passed
//! as the parameter that they belong to is passed, and named after it.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::{Generated, Level, Piece, Writer, names};
use crate::front::InputKind;
use crate::front::request::{Further, Output};
use crate::ir::Expr;

impl<'a> Writer<'a> {
    /// The further parameters with their types, each after a comma.
    pub(super) fn further_parameters(&self, generated: &Generated<'_>) -> Vec<TokenStream> {
        match generated.output.further() {
            Further::None => vec![],
            Further::Cotangent => {
                let (name, ty) = (names::identifier("ybar"), self.type_of_kind(self.program.result));
                let reference = matches!(self.program.result, InputKind::Matrix(_)).then(|| quote!(&));
                vec![quote!(#name: #reference #ty)]
            }
            Further::Directions(_) => {
                let places = 0..self.program.differentiated.len();
                places.map(|place| self.direction_parameter(place)).collect()
            }
        }
    }

    fn direction_parameter(&self, place: usize) -> TokenStream {
        let input = &self.program.inputs[self.program.differentiated[place]];
        let (name, ty) = (self.direction_name(place), self.type_of_kind(input.kind));
        let reference = input.by_reference.then(|| quote!(&));
        quote!(#name: #reference #ty)
    }

    fn direction_name(&self, place: usize) -> Ident {
        let own = &self.program.inputs[self.program.differentiated[place]].name;
        names::identifier(&self.output.direction(&own.to_string()))
    }

    /// The direction in which the parameter at this place of the request moves.
    pub(super) fn direction(&self, x: Expr<'a>, place: usize) -> Piece {
        let input = &self.program.inputs[self.program.differentiated[place]];
        parameter(&self.direction_name(place), input.kind, input.by_reference, x)
    }

    /// The cotangent of the result.
    pub(super) fn cotangent(&self, x: Expr<'a>) -> Piece {
        let kind = self.program.result;
        parameter(&names::identifier("ybar"), kind, matches!(kind, InputKind::Matrix(_)), x)
    }
}

/// A parameter where it is used.
pub(super) fn parameter(name: &Ident, kind: InputKind, by_reference: bool, x: Expr<'_>) -> Piece {
    match (kind, by_reference) {
        (InputKind::Matrix(_), _) if x.is_scalar() => Piece::atom(quote!(#name[(0, 0)])),
        (InputKind::Matrix(_), reference) => Piece { reference, ..Piece::name(name) },
        (_, true) => Piece::new(quote!(*#name), Level::Unary),
        (_, false) => Piece::name(name),
    }
}

/// The names of all further parameters, which nothing else may have.
pub(super) fn taken(output: Output, parameters: impl Iterator<Item = String>) -> Vec<String> {
    match output.further() {
        Further::None => vec![],
        Further::Cotangent => vec!["ybar".to_owned()],
        Further::Directions(_) => parameters.map(|own| output.direction(&own)).collect(),
    }
}
