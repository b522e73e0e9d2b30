//! Products that kernels of the gradmacro library compute: by value, to a place, or added to a matrix that is there.
//!
//! Example: `b + a * x + a.tr_mul(&x)` becomes `let mut out = *b; add_product(&mut out.data.0, …); …`,
//! which reads and writes the sum in registers or where it belongs, and needs no matrix for each of its terms.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use super::{Level, Piece, Writer};
use crate::ir::{Expr, Leaf, Node, Ratio, Weighted};
use crate::ops::arithmetic::SUM;
use crate::plan::cost::kernels;

impl<'a> Writer<'a> {
    /// A product by value, where a kernel is faster than nalgebra's.
    pub(super) fn product_by_kernel(&mut self, x: Expr<'a>) -> Option<Piece> {
        let (product, ty) = (self.kernel_product(x)?, self.array_type(x.shape()));
        Some(Piece::atom(quote!(#ty::from(#product))))
    }

    /// `*out = x;`
    pub(super) fn set_by_kernel(&mut self, out: &Ident, x: Expr<'a>) -> Option<TokenStream> {
        let kernel = kernels::of(x)?;
        Some(self.written_by(&format!("set_{kernel}"), out, x))
    }

    /// `*out += k·x;`
    pub(super) fn add_by_kernel(&mut self, out: &Ident, x: Expr<'a>, k: Ratio) -> Option<TokenStream> {
        if k != Ratio::ONE || self.bound.contains_key(&x.id) {
            return None;
        }
        let kernel = kernels::added(x)?;
        Some(self.written_by(&format!("add_{kernel}"), out, x))
    }

    /// The terms that kernels add to the others, and the others, with which the sum begins.
    pub(super) fn added_by_kernels(&self, terms: Weighted<'a>) -> (Weighted<'a>, Weighted<'a>) {
        split(terms, |y| self.bindings.is_inline(y.id))
    }

    fn written_by(&mut self, kernel: &str, out: &Ident, x: Expr<'a>) -> TokenStream {
        let [left, right] = [0, 1].map(|k| self.entries_by_reference(x.operand(k)));
        let (gradmacro, mul_add) = (self.gradmacro, self.mul_add_name());
        let name = Ident::new(kernel, Span::mixed_site());
        quote!(#gradmacro::kernels::#name(&mut #out.data.0, #left, #right, #mul_add);)
    }

    /// The array of entries that a kernel gives.
    fn kernel_product(&mut self, x: Expr<'a>) -> Option<TokenStream> {
        let name = Ident::new(kernels::of(x)?, Span::mixed_site());
        let [left, right] = [0, 1].map(|k| self.entries_by_reference(x.operand(k)));
        let (gradmacro, mul_add) = (self.gradmacro, self.mul_add_name());
        Some(quote!(#gradmacro::kernels::#name(#left, #right, #mul_add)))
    }

    /// `&x.data.0`; what a kernel gives is such an array as it is.
    fn entries_by_reference(&mut self, x: Expr<'a>) -> TokenStream {
        let x = self.expr(self.unaliased(x.id));
        let product = if self.bound.contains_key(&x.id) { None } else { self.kernel_product(x) };
        match product {
            Some(product) => quote!(&#product),
            None => {
                let matrix = self.piece(x).at(Level::Atom);
                quote!(&#matrix.data.0)
            }
        }
    }
}

/// What is added to the other terms of a sum, if products are that kernels add, and the others, with which the sum begins.
///
/// A sum does not begin with a negation, which would be a pass over a matrix: it begins with a product then. What is
/// computed becomes the sum, and inputs are added last: v and v + b would both have to be kept in registers otherwise.
fn split<'g>(terms: Weighted<'g>, is_inline: impl Fn(Expr<'g>) -> bool) -> (Weighted<'g>, Weighted<'g>) {
    if terms.len() < 2 {
        return (vec![], terms);
    }
    let is_added =
        |(y, k): &(Expr<'g>, Ratio)| *k == Ratio::ONE && is_inline(*y) && kernels::added(*y).is_some();
    let (mut added, mut others): (Weighted<'g>, Weighted<'g>) = terms.into_iter().partition(is_added);
    if !added.is_empty() && others.iter().all(|(_, k)| k.is_negative()) {
        let by_value = added.iter().position(|(y, _)| kernels::of(*y).is_some());
        others.insert(0, added.remove(by_value.unwrap_or(0)));
    }
    let is_input =
        |(y, k): &(Expr<'g>, Ratio)| *k == Ratio::ONE && matches!(&*y.node(), Node::Leaf(Leaf::Input(_)));
    if !added.is_empty() && others.iter().any(|(y, k)| *k == Ratio::ONE && !is_input(&(*y, *k))) {
        let (last, first) = others.into_iter().partition(is_input);
        added.extend::<Weighted<'g>>(last);
        others = first;
    }
    (added, others)
}

/// Do kernels add products to this sum, if they are written where it is?
pub(super) fn adds_products(x: Expr<'_>) -> bool {
    x.is(&SUM) && !x.is_scalar() && !split(x.weighted(), |_| true).0.is_empty()
}
