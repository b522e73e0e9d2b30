//! Stubs of the generated functions: they exist where nothing was generated, so that callers are not reported too.
//!
//! Types are the user's own tokens wherever they can be, so that an alias which nobody explained serves as well. Only
//! Jacobians and Hessians are made of sizes. What cannot be written is `!`, which fits most places.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{FnArg, GenericArgument, Pat, PathArguments, ReturnType, Type};

use crate::diagnostics::source;
use crate::front::item::Function;
use crate::front::request::{Arity, Further, Output, Part, Request, has_matrix, into_name, places};
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
    let both = distinct.map(|(_, (output, name))| {
        let further = seen.further(*output);
        let result = seen.result(*output).unwrap_or(quote!(!));
        let own = stub(function, name, &further, &result);
        let into = seen
            .writing(*output)
            .map(|(places, result)| stub(function, &into_name(name), &[further, places].concat(), &result));
        quote!(#own #into)
    });
    both.collect()
}

fn stub(function: &Function, name: &Ident, further: &[TokenStream], result: &TokenStream) -> TokenStream {
    let Function { visibility, signature, .. } = function;
    let inputs = signature.inputs.iter();
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

    /// The places that a function writes to and what it returns, if it writes at all.
    fn writing(&self, output: Output) -> Option<(Vec<TokenStream>, TokenStream)> {
        let inputs: Option<Vec<InputKind>> = self.parameters.iter().map(|ty| self.kind(ty)).collect();
        let result = self.value.and_then(|ty| self.kind(ty));
        let known = inputs.filter(|inputs| !inputs.is_empty()).zip(result);
        if !self.request.into || known.is_some_and(|(inputs, result)| !has_matrix(output, &inputs, result)) {
            return None;
        }
        let mut names: Vec<String> = self.request.wrt.iter().map(Ident::to_string).collect();
        if names.is_empty() {
            names.push("unknown".to_owned());
        }
        let listed = places(output, result.unwrap_or(InputKind::Scalar), &names);
        let types = output.parts().iter().flat_map(|part| {
            let count = part.count(names.len());
            let list = self.list(*part).filter(|list| list.len() == count);
            list.map_or(vec![None; count], |list| list.into_iter().map(Some).collect())
        });
        let (mut written, mut returned) = (vec![], None);
        for (place, ty) in listed.into_iter().zip(types) {
            match place {
                Some(_) => {
                    let ty = ty.unwrap_or(quote!(impl ::core::marker::Sized));
                    written.push(quote!(_: &mut #ty));
                }
                None => returned = Some(ty.unwrap_or(quote!(!))),
            }
        }
        let returned = returned.unwrap_or(quote!(()));
        let optional = self.optional.then(|| quote!(::core::option::Option<#returned>));
        Some((written, optional.unwrap_or(returned)))
    }

    /// The type of a part.
    fn part(&self, part: Part) -> Option<TokenStream> {
        let list = self.list(part)?;
        let rows = if part.arity() == Arity::PerPair { self.parameters.len() } else { 1 };
        let lines = list.chunks(list.len().checked_div(rows).filter(|n| *n > 0)?).map(tuple);
        Some(tuple(&lines.collect::<Vec<_>>()))
    }

    /// The types of the results of a part: in the user's own words where it is a type that they wrote.
    fn list(&self, part: Part) -> Option<Vec<TokenStream>> {
        let own = |ty: &Type| Some(owned(ty)).filter(|ty| is_owned(ty)).map(|ty| quote!(#ty));
        match (part, part.arity()) {
            (Part::HalfSquare, _) => self.scalar().map(|scalar| vec![quote!(#scalar)]),
            (_, Arity::Once) => self.value.filter(|ty| is_owned(ty)).map(|ty| vec![quote!(#ty)]),
            (Part::Gradient | Part::HessianProduct | Part::Pullback, _) => {
                self.parameters.iter().map(|ty| own(ty)).collect()
            }
            _ => self.kinds(part)?.into_iter().map(|kind| self.spelled(kind)).collect(),
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
