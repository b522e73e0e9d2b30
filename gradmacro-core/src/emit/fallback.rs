//! What is emitted where an expansion fails: the errors, the user's function, and stubs that keep callers quiet.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{FnArg, GenericArgument, Pat, PathArguments, ReturnType, Type};

use crate::diagnostics::{Diagnostic, source};
use crate::front::item::Function;
use crate::front::request::{Output, Request};

/// The errors alone: for what is no function.
pub fn errors(list: &[Diagnostic]) -> TokenStream {
    list.iter().map(Diagnostic::to_compile_error).collect()
}

/// The function as written and the errors about it. Where rustc would repeat an error the body is hidden from it, not
/// from rust-analyzer; where it would repeat one about the signature, nothing of the function is left.
pub fn function(function: &Function, list: &[Diagnostic], request: &Request) -> TokenStream {
    let errors = errors(list);
    if list.iter().any(|d| d.repeated_for_signature) {
        return errors;
    }
    let repeated = list.iter().any(|d| d.repeated_by_rustc);
    let item = if repeated { hidden(function) } else { quoted(function) };
    let outputs = request.outputs.iter().enumerate();
    let distinct = outputs.filter(|(k, (_, name))| {
        let earlier = request.outputs.iter().take(*k).any(|(_, earlier)| earlier == name);
        *name != function.signature.ident && !earlier
    });
    let stubs =
        distinct.map(|(_, (output, name))| stub(function, name, &result(function, *output, &request.wrt)));
    quote!(#errors #item #(#stubs)*)
}

/// The function as written.
pub fn quoted(function: &Function) -> TokenStream {
    let Function { attributes, visibility, signature, body } = function;
    quote! {
        #(#attributes)*
        #[allow(dead_code)]
        #visibility #signature #body
    }
}

fn hidden(function: &Function) -> TokenStream {
    let Function { attributes, visibility, signature, body } = function;
    quote! {
        #(#attributes)*
        #[allow(unexpected_cfgs, unused)]
        #visibility #signature {
            #[cfg(rust_analyzer)]
            #body
            #[cfg(not(rust_analyzer))]
            { ::core::unreachable!() }
        }
    }
}

/// A generated function that exists, so that its callers are not reported too.
fn stub(function: &Function, name: &Ident, result: &TokenStream) -> TokenStream {
    let Function { visibility, signature, .. } = function;
    let inputs = &signature.inputs;
    let (generics, bounds) = (&signature.generics, &signature.generics.where_clause);
    quote! {
        #[allow(unused)]
        #visibility fn #name #generics (#inputs) -> #result #bounds { ::core::unreachable!() }
    }
}

/// What a generated function would return; `!`, which fits most places, if that cannot be written from what is seen.
fn result(function: &Function, output: Output, wrt: &[Ident]) -> TokenStream {
    let never = quote!(!);
    let gradients: Option<Vec<&Type>> = wrt.iter().map(|name| owned_type(function, name)).collect();
    let gradient = match gradients.as_deref() {
        Some([one]) => quote!(#one),
        Some(several @ [_, _, ..]) => quote!((#(#several),*)),
        _ => return never,
    };
    let ReturnType::Type(_, value) = &function.signature.output else {
        return if output == Output::Grad { gradient } else { never };
    };
    let inside = inside_of_option(value);
    let value = inside.unwrap_or(value);
    let result = match output {
        Output::Grad => gradient,
        Output::ValueAndGrad if is_owned(value) => quote!((#value, #gradient)),
        _ => return never,
    };
    if inside.is_some() { quote!(::core::option::Option<#result>) } else { result }
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

/// The type of a parameter, references aside, if a function can return it.
fn owned_type<'a>(function: &'a Function, name: &Ident) -> Option<&'a Type> {
    let typed = function.signature.inputs.iter().find_map(|input| match input {
        FnArg::Typed(typed) if matches!(&*typed.pat, Pat::Ident(pattern) if pattern.ident == *name) => {
            Some(&*typed.ty)
        }
        _ => None,
    })?;
    let ty = if let Type::Reference(reference) = typed { &*reference.elem } else { typed };
    is_owned(ty).then_some(ty)
}

/// Is it a type with nothing borrowed, left out or unsized in it?
fn is_owned(ty: &Type) -> bool {
    let text = source(ty);
    matches!(ty, Type::Path(_))
        && !["'", "&", "impl ", "dyn ", "str", "View", "Slice"].iter().any(|part| text.contains(part))
}
