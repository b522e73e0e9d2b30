//! Stubs of the generated functions: they exist where nothing was generated, so that callers are not reported too.
//!
//! Types are the user's own tokens wherever they can be, so that an alias which nobody explained serves as well. Only
//! Jacobians and Hessians are made of sizes. What cannot be written is `!`, which fits most places.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{FnArg, GenericArgument, Pat, PathArguments, ReturnType, Type};

use crate::diagnostics::source;
use crate::front::item::Function;
use crate::front::request::{Arity, Further, Output, Part, Request};
use crate::front::types::{self, Scalar, Scope};
use crate::front::{InputKind, kinds};
use crate::ir::Shape;

/// One stub for each generated function; of functions that would have the same name, one.
pub(super) fn stubs(function: &Function, request: &Request) -> TokenStream {
    let distinct = request.outputs.iter().enumerate().filter(|(k, (_, name))| {
        let earlier = request.outputs.iter().take(*k).any(|(_, earlier)| earlier == name);
        *name != function.signature.ident && !earlier
    });
    let seen = Seen::of(function, request);
    distinct.map(|(_, (output, name))| stub(function, name, *output, &seen)).collect()
}

fn stub(function: &Function, name: &Ident, output: Output, seen: &Seen<'_>) -> TokenStream {
    let Function { visibility, signature, .. } = function;
    let inputs = signature.inputs.iter();
    let further = seen.further(output);
    let result = seen.result(output).unwrap_or(quote!(!));
    let (generics, bounds) = (&signature.generics, &signature.generics.where_clause);
    quote! {
        #[allow(unused, clippy::too_many_arguments)]
        #visibility fn #name #generics (#(#inputs,)* #(#further),*) -> #result #bounds { ::core::unreachable!() }
    }
}

/// What the signature shows of the types that stubs are made of.
struct Seen<'a> {
    request: &'a Request,
    scope: Scope<'a>,
    /// The types of the differentiated parameters, as written.
    parameters: Vec<&'a Type>,
    /// The type of the result, as written, `Option` aside.
    value: Option<&'a Type>,
    optional: bool,
}

impl<'a> Seen<'a> {
    fn of(function: &'a Function, request: &'a Request) -> Seen<'a> {
        let signature = &function.signature;
        let written = match &signature.output {
            ReturnType::Type(_, ty) => Some(&**ty),
            ReturnType::Default => None,
        };
        let inside = written.and_then(inside_of_option);
        Seen {
            request,
            scope: Scope::new(&request.types, &signature.generics),
            parameters: request.wrt.iter().filter_map(|name| type_of(function, name)).collect(),
            value: inside.or(written),
            optional: inside.is_some(),
        }
    }

    /// The parameters that come after the user's.
    fn further(&self, output: Output) -> Vec<TokenStream> {
        match output.further() {
            Further::None => vec![],
            Further::Directions(_) => self.parameters.iter().map(|ty| quote!(_: #ty)).collect(),
            Further::Cotangent => self.value.iter().map(|ty| self.cotangent(ty)).collect(),
        }
    }

    fn cotangent(&self, ty: &Type) -> TokenStream {
        if self.kind(ty) == Some(InputKind::Scalar) { quote!(_: #ty) } else { quote!(_: &#ty) }
    }

    /// The type of the result, if it can be written.
    fn result(&self, output: Output) -> Option<TokenStream> {
        let parts: Option<Vec<TokenStream>> = output.parts().iter().map(|part| self.part(*part)).collect();
        let whole = tuple(&parts?);
        Some(if self.optional { quote!(::core::option::Option<#whole>) } else { whole })
    }

    /// The type of a part: in the user's own words where it is a type that they wrote.
    fn part(&self, part: Part) -> Option<TokenStream> {
        let own = |ty: &Type| Some(owned(ty)).filter(|ty| is_owned(ty)).map(|ty| quote!(#ty));
        match (part, part.arity()) {
            (Part::HalfSquare, _) => self.scalar().map(|scalar| quote!(#scalar)),
            (_, Arity::Once) => self.value.filter(|ty| is_owned(ty)).map(|ty| quote!(#ty)),
            (Part::Gradient | Part::HessianProduct | Part::Pullback, _) => {
                each(self.parameters.iter().map(|ty| own(ty)))
            }
            (_, arity) => {
                let list: Option<Vec<TokenStream>> =
                    self.kinds(part)?.into_iter().map(|kind| self.spelled(kind)).collect();
                let rows = if arity == Arity::PerPair { self.parameters.len() } else { 1 };
                let list = list?;
                let lines = list.chunks(list.len().checked_div(rows).filter(|n| *n > 0)?).map(tuple);
                Some(tuple(&lines.collect::<Vec<_>>()))
            }
        }
    }

    /// What the results of a part are, if stable Rust can write their sizes.
    fn kinds(&self, part: Part) -> Option<Vec<InputKind>> {
        let inputs: Vec<InputKind> = self.parameters.iter().map(|ty| self.kind(ty)).collect::<Option<_>>()?;
        let result = self.kind(self.value?)?;
        let sizes = inputs.iter().chain([&result]).all(|kind| kind.shape().entries().is_ok());
        sizes.then(|| kinds(&inputs, result, part, self.request.layout))
    }

    fn kind(&self, ty: &Type) -> Option<InputKind> {
        match self.scope.read(ty) {
            types::Type::Scalar(_) => Some(InputKind::Scalar),
            types::Type::Matrix { shape, .. } => Some(InputKind::Matrix(shape)),
            _ => None,
        }
    }

    fn spelled(&self, kind: InputKind) -> Option<TokenStream> {
        let (scalar, nalgebra) = (self.scalar()?, &self.request.nalgebra);
        Some(match kind {
            InputKind::Matrix(Shape::SCALAR) => quote!(#nalgebra::SMatrix<#scalar, 1, 1>),
            InputKind::Matrix(shape) => types::spell(shape, scalar, nalgebra),
            _ => quote!(#scalar),
        })
    }

    fn scalar(&self) -> Option<Scalar> {
        let mut types = self.parameters.iter().copied().chain(self.value);
        types.find_map(|ty| self.scope.read(ty).scalar())
    }
}

fn each(list: impl Iterator<Item = Option<TokenStream>>) -> Option<TokenStream> {
    let list: Vec<TokenStream> = list.collect::<Option<_>>()?;
    (!list.is_empty()).then(|| tuple(&list))
}

fn tuple(list: &[TokenStream]) -> TokenStream {
    if let [only] = list { only.clone() } else { quote!((#(#list),*)) }
}

/// The `T` of `Option<T>`.
fn inside_of_option(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last().filter(|last| last.ident == "Option")?;
    let PathArguments::AngleBracketed(list) = &last.arguments else { return None };
    match list.args.first()? {
        GenericArgument::Type(inside) => Some(inside),
        _ => None,
    }
}

/// The type of a parameter.
fn type_of<'a>(function: &'a Function, name: &Ident) -> Option<&'a Type> {
    function.signature.inputs.iter().find_map(|input| match input {
        FnArg::Typed(typed) if matches!(&*typed.pat, Pat::Ident(pattern) if pattern.ident == *name) => {
            Some(&*typed.ty)
        }
        _ => None,
    })
}

/// A type without the reference before it.
fn owned(ty: &Type) -> &Type {
    if let Type::Reference(reference) = ty { &reference.elem } else { ty }
}

/// Is it a type with nothing borrowed, left out or unsized in it?
fn is_owned(ty: &Type) -> bool {
    let text = source(ty);
    matches!(ty, Type::Path(_))
        && !["'", "&", "impl ", "dyn ", "str", "View", "Slice"].iter().any(|part| text.contains(part))
}
