//! Sums of products in straight-line code, by fused multiplications and additions; kernels are given the same function.
//!
//! Compilers may not contract `a * b + c` by themselves, and without that straight-line code is about half as fast on
//! targets that could.
//!
//! Example: `a * b + c * d - e` becomes `mul_add(a, b, mul_add(c, d, -e))`.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::scalars::product;
use super::{Level, Piece, Writer};
use crate::ir::{Expr, Ratio, Weighted};
use crate::ops::arithmetic::POWERS;

impl<'a> Writer<'a> {
    /// A linear combination of scalars.
    pub(super) fn scalar_sum(&mut self, x: Expr<'a>) -> Piece {
        if x.is_zero() {
            return self.zeros(x);
        }
        let is_product = |(y, k): &(Expr<'a>, Ratio)| self.has_factors(*y, *k);
        let (mut products, mut rest): (Weighted<'a>, Weighted<'a>) =
            x.weighted().into_iter().partition(is_product);
        if !self.schedule.straight || products.is_empty() || products.len() + rest.len() < 2 {
            return self.combination(x.weighted(), &mut |writer, y| writer.piece(y));
        }
        if rest.is_empty() {
            let first = products.iter().position(|(_, k)| !k.is_negative()).unwrap_or(0);
            rest.push(products.remove(first));
        }
        let start = self.combination(rest, &mut |writer, y| writer.piece(y));
        products.into_iter().rev().fold(start, |sum, (y, k)| {
            let [a, b] = self.factors(y, k).map(|side| side.tokens);
            let (mul_add, sum) = (self.mul_add_name(), sum.tokens);
            Piece::atom(quote!(#mul_add(#a, #b, #sum)))
        })
    }

    /// Is k·y a product that is written where it is used?
    fn has_factors(&self, y: Expr<'a>, k: Ratio) -> bool {
        k.absolute() != Ratio::ONE && !y.is_ones() || self.is_open_product(y)
    }

    fn is_open_product(&self, y: Expr<'a>) -> bool {
        let positive = |(_, p): &(Expr<'a>, Ratio)| p.is_integer() && !p.is_negative();
        y.is(&POWERS)
            && !self.bound.contains_key(&y.id)
            && !self.schedule.guarded.contains(&y.id)
            && y.weighted().iter().all(positive)
    }

    /// k·y as a product of two.
    fn factors(&mut self, y: Expr<'a>, k: Ratio) -> [Piece; 2] {
        let sign = |piece: Piece| match k.is_negative() {
            true => {
                // The sign binds more tightly than `as`.
                let level = if piece.level == Level::Product { Level::Product } else { Level::Atom };
                let inner = piece.at(level);
                Piece::new(quote!(-#inner), Level::Unary)
            }
            false => piece,
        };
        if k.absolute() != Ratio::ONE {
            let number = self.typed_number(k.absolute());
            return [sign(Piece::atom(number)), self.piece(y)];
        }
        let mut list: Vec<Piece> = vec![];
        for (base, p) in y.weighted() {
            let piece = self.piece(base);
            match p.integer() {
                Some(n @ 2..=3) if piece.place => list.extend((0..n).map(|_| piece.clone())),
                _ => list.push(self.power(&piece, p)),
            }
        }
        match list.pop() {
            Some(last) if !list.is_empty() => [sign(product(&list)), last],
            Some(last) => [sign(self.number(Ratio::ONE)), last],
            None => [sign(self.number(Ratio::ONE)), self.number(Ratio::ONE)],
        }
    }

    pub(super) fn mul_add_name(&mut self) -> Ident {
        let known = self.mul_add.clone();
        let name = known.unwrap_or_else(|| self.names.fresh("mul_add"));
        self.mul_add = Some(name.clone());
        name
    }

    /// What defines the function that multiplies and adds, if it is used.
    pub(super) fn mul_add_definition(&self) -> TokenStream {
        let (gradmacro, nalgebra) = (self.gradmacro, self.nalgebra);
        let define = |name| quote!(let #name = #gradmacro::kernels::fused(#nalgebra::ComplexField::mul_add););
        self.mul_add.as_ref().map(define).unwrap_or_default()
    }
}
