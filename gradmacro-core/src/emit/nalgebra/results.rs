//! What a generated function returns: nested tuples of values and derivatives, and their types.

use proc_macro2::TokenStream;
use quote::quote;

use super::bindings::is_trivial;
use super::{Generated, Writer};
use crate::front::InputKind;
use crate::front::request::{Arity, Part};
use crate::ir::Expr;

/// Things that belong to the parts of a result, as the tuple that the function returns.
fn nested(generated: &Generated<'_>, list: Vec<TokenStream>, parameters: usize) -> TokenStream {
    let mut list = list.into_iter();
    let parts = generated.output.parts().iter().map(|part| {
        let own: Vec<TokenStream> = list.by_ref().take(part.count(parameters)).collect();
        match part.arity() {
            Arity::PerPair => tuple(own.chunks(parameters.max(1)).map(tuple).collect::<Vec<_>>().as_slice()),
            _ => tuple(&own),
        }
    });
    tuple(&parts.collect::<Vec<_>>())
}

fn tuple(list: &[TokenStream]) -> TokenStream {
    if let [only] = list { only.clone() } else { quote!((#(#list),*)) }
}

impl<'a> Writer<'a> {
    /// The type of the result.
    pub(super) fn result_type(&self, generated: &Generated<'_>) -> TokenStream {
        let kinds = self.kinds(generated);
        let types = kinds.iter().map(|(_, kind)| self.type_of_kind(*kind)).collect();
        let whole = nested(generated, types, self.program.differentiated.len());
        if self.program.optional { quote!(::core::option::Option<#whole>) } else { whole }
    }

    /// The value and the derivatives, each by value in its type; what is not a name gets one first.
    pub(super) fn results(&mut self, generated: &Generated<'_>, tokens: &mut TokenStream) -> TokenStream {
        let kinds = self.kinds(generated);
        let roots = self.schedule.roots.clone();
        let several = roots.len() > 1;
        let mut results = vec![];
        for ((wish, kind), root) in kinds.into_iter().zip(roots) {
            let root = self.expr(root);
            if several && !self.bound.contains_key(&root.id) && !is_trivial(root) {
                self.bind(root, &wish, tokens);
            }
            results.push(self.result(root, kind));
        }
        let whole = nested(generated, results, self.program.differentiated.len());
        if self.program.optional { quote!(::core::option::Option::Some(#whole)) } else { whole }
    }

    /// What each root is called and what it is.
    pub(super) fn kinds(&self, generated: &Generated<'_>) -> Vec<(String, InputKind)> {
        let names = self.parameter_names();
        let parts = generated.output.parts().iter();
        parts
            .flat_map(|part| {
                let kinds = self.program.kinds(*part, generated.layout);
                kinds
                    .into_iter()
                    .enumerate()
                    .map(|(k, kind)| (called(*part, k, &names), kind))
                    .collect::<Vec<_>>()
            })
            .collect()
    }

    fn parameter_names(&self) -> Vec<String> {
        let inputs = self.program.differentiated.iter().map(|k| &self.program.inputs[*k]);
        inputs.map(|input| input.name.to_string().replace("r#", "")).collect()
    }

    pub(super) fn type_of_kind(&self, kind: InputKind) -> TokenStream {
        match kind {
            InputKind::Matrix(shape) if shape.is_scalar() => {
                let (nalgebra, scalar) = (self.nalgebra, self.scalar);
                quote!(#nalgebra::SMatrix<#scalar, 1, 1>)
            }
            kind => self.type_of(kind.shape()),
        }
    }

    pub(super) fn result(&mut self, root: Expr<'a>, kind: InputKind) -> TokenStream {
        let piece = self.piece(root);
        let tokens = piece.tokens;
        match kind {
            InputKind::Matrix(_) if root.is_scalar() => {
                let (nalgebra, scalar) = (self.nalgebra, self.scalar);
                quote!(#nalgebra::SMatrix::<#scalar, 1, 1>::new(#tokens))
            }
            _ if piece.reference => quote!(*#tokens),
            _ => tokens,
        }
    }
}

/// A name for a result that has none.
fn called(part: Part, k: usize, parameters: &[String]) -> String {
    let own = match part {
        Part::Value => "value",
        Part::Gradient | Part::Pullback => "gradient",
        Part::Hessian => "hessian",
        Part::HessianProduct => "product",
        Part::Pushforward => "change",
        Part::Jacobian => "jacobian",
        Part::HalfSquare => "cost",
        Part::NormalRight => "right",
        Part::NormalMatrix => "normal",
    };
    let n = parameters.len();
    match part.arity() {
        Arity::Once => own.to_owned(),
        _ if n == 1 => own.to_owned(),
        Arity::PerParameter => format!("{own}_{}", parameters[k]),
        Arity::PerPair => format!("{own}_{}_{}", parameters[k / n], parameters[k % n]),
    }
}
