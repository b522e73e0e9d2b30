//! What `no_panic` promises: nothing that generated functions compute panics or needs the heap.
//!
//! What the compiler writes by itself does neither. So a panic is one that the user wrote: a factorisation whose failure is
//! unwrapped, `panic!`, an index that is not known to be in range, kept code. Assertions are not among them, since
//! generated functions leave them out.
//!
//! Invariant: a panic of inactive code is one too, so it is reported from a trial as well.
//!
//! Example: under `no_panic`, `a.cholesky().unwrap()` is an error whose help is to write `a.cholesky()?`.

mod kept;

use quote::ToTokens;
use syn::Expr as Source;

use super::bounds::{Around, Use};
use super::integers::Affine;
use super::program::Failure;
use super::reach::Walk;
use super::reader::Reader;
use super::text;
use super::types::Type;
use crate::diagnostics::{Diagnostics, Report, source};
use crate::ir::{Dim, Expr, Leaf, Node};
pub use kept::check_kept;

impl<'g> Reader<'g> {
    /// Reports a failure of a factorisation that is a panic.
    pub(super) fn check_failure(&self, failure: &Failure, result: bool, at: &dyn ToTokens) {
        if !self.request.no_panic || matches!(failure, Failure::Question) {
            return;
        }
        let returns_option = matches!(self.signature.result, Type::Option(_));
        let mark = if result { ".ok()?" } else { "?" };
        let help = match (attempted(at), returns_option) {
            (Some(attempted), true) => format!("write `{attempted}{mark}`"),
            (Some(attempted), false) => format!("return an `Option`, and write `{attempted}{mark}`"),
            (None, _) => "return `None` where it fails".to_owned(),
        };
        self.refuse_panic(at, "may panic").help(help);
    }

    /// Reports a panic that the user wrote.
    pub(super) fn check_panic(&self, call: &syn::Macro) {
        if self.request.no_panic {
            self.refuse_panic(call, "panics").help("return an `Option`, and `None` here");
        }
    }

    /// Reports an operation of nalgebra's own that may panic.
    pub(super) fn check_method(&self, at: &dyn ToTokens, reason: &str) {
        if self.request.no_panic {
            self.refuse_panic(at, "may panic").note(reason);
        }
    }

    /// Reports an index that is not known to lie in `0..extent`.
    pub(super) fn check_bounds(&self, index: Expr<'g>, extent: Dim, used: &Use<'_>) -> bool {
        if !self.request.no_panic || self.is_within(index, extent) {
            return true;
        }
        let Use { at, index, base, unit } = used;
        self.refuse_panic(*at, "may panic")
            .note(format!("`{base}` has {extent} {unit}, and `{index}` is not known to be less"))
            .help("write a loop over a range of numbers, or over the entries themselves");
        false
    }

    fn is_within(&self, index: Expr<'g>, extent: Dim) -> bool {
        let around = self.state.around.borrow();
        let index = Affine::of(index);
        match extent.known() {
            Some(extent) => Walk::new(&around, index).stays_within(extent as i64),
            None => around.iter().any(|around| match around {
                Around::Loop(inner) => runs_within(&index, inner.index, inner.trips, extent),
                Around::Branch(..) => false,
            }),
        }
    }

    fn refuse_panic(&self, at: &dyn ToTokens, what: &str) -> Report<'g> {
        refuse_panic(self.definite, at, what)
    }
}

fn refuse_panic<'d>(diagnostics: &'d Diagnostics, at: &dyn ToTokens, what: &str) -> Report<'d> {
    diagnostics.error(at, format!("`{}` {what}, and `no_panic` forbids it", source(at)))
}

/// What has no value where it fails, in an expression that unwraps it or looks into it.
fn attempted(at: &dyn ToTokens) -> Option<String> {
    match syn::parse2(at.to_token_stream()) {
        Ok(Source::MethodCall(call)) if call.method == "unwrap" || call.method == "expect" => {
            Some(text::as_receiver(&call.receiver))
        }
        Ok(looked_into) => Some(text::as_receiver(&looked_into)),
        Err(_) => None,
    }
}

/// Does `start + i` stay within the extent in a loop whose index `i` runs up to the extent, less a number?
fn runs_within<'g>(index: &Affine<'g>, variable: Expr<'g>, trips: Expr<'g>, extent: Dim) -> bool {
    let trips = Affine::of(trips);
    let [(size, 1)] = trips.terms[..] else { return false };
    let is_extent = matches!(&*size.node(), Node::Leaf(Leaf::Extent(dim)) if *dim == extent);
    is_extent && index.terms == [(variable, 1)] && index.constant >= 0 && trips.constant + index.constant <= 0
}
