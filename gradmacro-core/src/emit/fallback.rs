//! What is emitted where an expansion fails: the errors, the user's function, and stubs that keep callers quiet.

mod stubs;

use proc_macro2::TokenStream;
use quote::quote;

use crate::diagnostics::Diagnostic;
use crate::front::item::Function;
use crate::front::request::Request;
use stubs::stubs;

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
    let stubs = stubs(function, request);
    quote!(#errors #item #stubs)
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
