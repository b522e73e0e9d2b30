//! What is emitted where an expansion fails: the errors, the user's function, and stubs that keep callers quiet.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::diagnostics::Diagnostic;
use crate::front::item::Function;

/// The errors alone: for what is no function.
pub fn errors(list: &[Diagnostic]) -> TokenStream {
    list.iter().map(Diagnostic::to_compile_error).collect()
}

/// The function as written and the errors about it. Where rustc would repeat an error the body is hidden from it, not
/// from rust-analyzer; where it would repeat one about the signature, nothing of the function is left.
pub fn function(function: &Function, list: &[Diagnostic], generated: &[Ident]) -> TokenStream {
    let errors = errors(list);
    if list.iter().any(|d| d.repeated_for_signature) {
        return errors;
    }
    let repeated = list.iter().any(|d| d.repeated_by_rustc);
    let item = if repeated { hidden(function) } else { quoted(function) };
    let clash = |k: usize, name: &Ident| *name == function.signature.ident || generated[..k].contains(name);
    let distinct = generated.iter().enumerate().filter(|(k, name)| !clash(*k, name));
    let stubs = distinct.map(|(_, name)| stub(function, name));
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

/// A generated function that exists, so that its callers are not reported too. Its result fits anything.
fn stub(function: &Function, name: &Ident) -> TokenStream {
    let Function { visibility, signature, .. } = function;
    let inputs = &signature.inputs;
    let (generics, bounds) = (&signature.generics, &signature.generics.where_clause);
    quote! {
        #[allow(unused)]
        #visibility fn #name #generics (#inputs) -> ! #bounds { ::core::unreachable!() }
    }
}
