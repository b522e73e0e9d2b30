//! A panic where a value is needed.
//!
//! rustc calls what follows an expression of type `!` unreachable, and generated code computes with the value of every
//! arm; so a panic is written as the call of a closure that returns the type that is needed.
//!
//! Example: in `match mode { Mode::Plain => 1.0, Mode::Never => unreachable!() }` the second arm becomes
//! `{ let never = || -> f64 { unreachable!() }; never() }`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::{Expr, Stmt};

use super::exits::is_panic;
use super::kept::KeptType;
use super::reader::Reader;

impl Reader<'_> {
    /// A panic as a value of a type.
    pub(super) fn typed_panic(&self, written: &TokenStream, ty: Option<KeptType>) -> TokenStream {
        let Some(ty) = self.spell_kept(ty) else { return written.clone() };
        let never = Ident::new("never", Span::mixed_site());
        quote!({ let #never = || -> #ty { #written }; #never() })
    }
}

/// Is it a panic, with or without a block around it?
pub(super) fn never_returns(written: &TokenStream) -> bool {
    match syn::parse2(written.clone()) {
        Ok(Expr::Macro(call)) => is_panic(&call.mac),
        Ok(Expr::Block(block)) => match block.block.stmts.last() {
            Some(Stmt::Macro(call)) => is_panic(&call.mac),
            Some(Stmt::Expr(Expr::Macro(call), _)) => is_panic(&call.mac),
            _ => false,
        },
        _ => false,
    }
}
