//! The attribute of `gradmacro`. Use it through the `gradmacro` crate, which documents it.

use proc_macro::TokenStream;

/// Generates derivatives of the annotated function; see the documentation of the `gradmacro` crate.
#[proc_macro_attribute]
pub fn derive_grad(attribute: TokenStream, item: TokenStream) -> TokenStream {
    gradmacro_core::expand(attribute.into(), item.into()).into()
}
