//! The signature of the annotated function.
//!
//! A [`Signature`] is read whole: every parameter has a name, every type a meaning ([`Type::Other`] if it cannot
//! be computed with). Which types must be differentiable is not asked here; that depends on the options.

mod attributes;
mod refusals;

use proc_macro2::Ident;
use syn::FnArg;

use super::item::Function;
use super::types::{Aliases, Passed, Scalar, Scope, Type};
use crate::diagnostics::{Diagnostics, Place};

/// A parameter.
pub struct Parameter {
    /// Its name.
    pub name: Ident,
    /// What its type means, references aside.
    pub ty: Type,
    /// By value or by reference.
    pub passed: Passed,
    /// Is it `mut`?
    pub mutable: bool,
    /// As written.
    pub source: syn::PatType,
    /// Was it refused? Then nothing else is reported about it.
    pub refused: bool,
}

/// A signature.
pub struct Signature {
    /// The name of the function.
    pub name: Ident,
    /// `self`, if it is a method.
    pub receiver: Option<syn::Receiver>,
    /// The parameters after `self`.
    pub parameters: Vec<Parameter>,
    /// What the return type means.
    pub result: Type,
    /// The floating-point type that the function computes with.
    pub scalar: Scalar,
    /// `N` in `const N: usize`.
    pub const_parameters: Vec<Ident>,
    /// As written.
    pub source: syn::Signature,
    /// The visibility.
    pub visibility: syn::Visibility,
    /// The attributes, as written.
    pub attributes: Vec<syn::Attribute>,
    /// Those that generated functions get too.
    pub copied_attributes: Vec<syn::Attribute>,
}

/// Reads the signature of `function`; reports everything in it that rules differentiation out.
pub fn read_signature(function: &Function, aliases: &Aliases, diagnostics: &Diagnostics) -> Signature {
    let source = &function.signature;
    let scope = Scope::new(aliases, &source.generics);
    refusals::refuse_qualifiers(source, diagnostics);
    refusals::refuse_missing_result(function, diagnostics);
    let parameters = read_parameters(source, scope, diagnostics);
    let signature = Signature {
        name: source.ident.clone(),
        receiver: source.receiver().cloned(),
        result: read_result(&source.output, scope),
        scalar: Scalar::F64,
        const_parameters: source.generics.const_params().map(|parameter| parameter.ident.clone()).collect(),
        source: source.clone(),
        visibility: function.visibility.clone(),
        attributes: function.attributes.clone(),
        copied_attributes: attributes::copied(&function.attributes),
        parameters,
    };
    let scalar = refusals::read_scalar(&signature, diagnostics);
    Signature { scalar, ..signature }.with_floats_as_data()
}

impl Signature {
    /// Beside a type parameter, `f64` and `f32` are not computed with: only kept expressions read them.
    fn with_floats_as_data(mut self) -> Signature {
        let scalar = self.scalar;
        let foreign = |ty: &Type| ty.scalar().is_some_and(|found| scalar.is_parameter() && found != scalar);
        self.parameters.iter_mut().filter(|p| foreign(&p.ty)).for_each(|p| p.ty = Type::Other);
        self
    }

    /// The parameter of that name.
    pub fn parameter(&self, name: &Ident) -> Option<&Parameter> {
        self.parameters.iter().find(|parameter| parameter.name == *name)
    }

    /// The names of the parameters.
    pub fn parameter_names(&self) -> impl Iterator<Item = String> {
        self.parameters.iter().map(|parameter| parameter.name.to_string())
    }

    /// The return type as written.
    pub fn result_source(&self) -> Option<&syn::Type> {
        match &self.source.output {
            syn::ReturnType::Default => None,
            syn::ReturnType::Type(_, ty) => Some(ty),
        }
    }

    /// The place of `fn f(x: f64)`.
    pub fn head(&self) -> Place {
        head(&self.source)
    }

    /// The scope in which types of this function are read.
    pub fn scope<'a>(&'a self, aliases: &'a Aliases) -> Scope<'a> {
        Scope::new(aliases, &self.source.generics)
    }
}

fn read_parameters(source: &syn::Signature, scope: Scope<'_>, diagnostics: &Diagnostics) -> Vec<Parameter> {
    let typed = source.inputs.iter().filter_map(|input| match input {
        FnArg::Typed(typed) => Some(typed),
        FnArg::Receiver(_) => None,
    });
    typed.map(|typed| read_parameter(typed, scope, diagnostics)).collect()
}

fn read_parameter(typed: &syn::PatType, scope: Scope<'_>, diagnostics: &Diagnostics) -> Parameter {
    let before = diagnostics.count();
    let (name, mutable) = refusals::read_name(typed, diagnostics);
    refusals::refuse_parameter(typed, &name, scope, diagnostics);
    let (ty, passed) = scope.read_passed(&typed.ty);
    let refused = diagnostics.count() > before;
    Parameter { name, ty, passed, mutable, source: typed.clone(), refused }
}

fn read_result(output: &syn::ReturnType, scope: Scope<'_>) -> Type {
    match output {
        syn::ReturnType::Default => Type::Unit,
        syn::ReturnType::Type(_, ty) => scope.read(ty),
    }
}

/// The place of `fn f(x: f64)`.
fn head(signature: &syn::Signature) -> Place {
    Place::between(signature.fn_token.span, signature.paren_token.span.close())
}

#[cfg(test)]
mod tests;
