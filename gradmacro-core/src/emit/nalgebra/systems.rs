//! Factorisations: kernels of the gradmacro library, and what follows if one fails.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use super::{Piece, Writer, blocks::size};
use crate::front::{Demand, Failure};
use crate::ir::{Data, Expr, Shape, Test};
use crate::ops::factors::{
    CHOLESKY_FACTORS, DEFINITE_INVERSE, FACTOR_INVERSE, FACTOR_LN_DETERMINANT, LDLT, LOWER_FACTORS, SOLVE,
    TR_SOLVE, UPPER_FACTORS,
};
use crate::ops::{Extra, Form};

impl<'a> Writer<'a> {
    /// A factorisation, and what the user wrote to be done if it fails.
    pub(super) fn factorisation(&mut self, x: Expr<'a>, kernel: &str, extras: &[Extra]) -> Piece {
        let gradmacro = self.gradmacro;
        let array = self.array(x.operand(0));
        let extras = extras.iter().map(|extra| self.extra(*extra));
        let kernel = Ident::new(kernel, Span::mixed_site());
        let kernel = quote!(#gradmacro::kernels::#kernel);
        let arguments = quote!(&#array, #(#extras),*);
        let made = quote!(#kernel::new(#arguments));
        let Some(demand) = self.demand(x) else { return Piece::atom(made) };
        let of_pivots = x.is(&CHOLESKY_FACTORS) || x.is(&LDLT);
        let failure = after(&demand.failure);
        Piece::atom(match demand.test {
            // Whether a closed form serves depends on what is asked for.
            Test::Cholesky if x.is(&DEFINITE_INVERSE) => {
                quote!(#kernel::positive_definite(#arguments)#failure)
            }
            _ if of_pivots || demand.test == Test::Cholesky => quote!(#made.positive_definite()#failure),
            _ => quote!(#made.invertible()#failure),
        })
    }

    /// What is computed from a factorisation.
    pub(super) fn of_factors(&mut self, x: Expr<'a>, method: &str, extras: &[Extra]) -> Piece {
        let factors = x.operand(0);
        if factors.is(&LOWER_FACTORS) || factors.is(&UPPER_FACTORS) {
            return self.of_triangle(x, factors);
        }
        let from = self.piece(factors).at(super::Level::Atom);
        let mut arguments: Vec<TokenStream> =
            x.operands().into_iter().skip(1).map(|b| self.array(b)).collect();
        arguments.extend(extras.iter().map(|extra| self.extra(*extra)));
        let method = Ident::new(method, Span::mixed_site());
        let made = quote!(#from.#method(#(#arguments),*));
        if x.is_scalar() && arguments.len() == extras.len() && !x.is(&FACTOR_INVERSE) {
            return Piece::atom(made);
        }
        let ty = self.matrix_type(x.shape());
        Piece::atom(quote!(#ty::from(#made)))
    }

    /// A triangular matrix solves without being factorised.
    fn of_triangle(&mut self, x: Expr<'a>, factors: Expr<'a>) -> Piece {
        let of = self.piece(factors.operand(0)).at(super::Level::Atom);
        let (solves, turned) = (x.is(&SOLVE) || x.is(&TR_SOLVE), x.is(&TR_SOLVE));
        if !solves && !x.is(&FACTOR_INVERSE) {
            let nalgebra = self.nalgebra;
            let product = quote!(#of.diagonal().product());
            return Piece::atom(match x.is(&FACTOR_LN_DETERMINANT) {
                true => quote!(#nalgebra::ComplexField::ln(#product)),
                false => product,
            });
        }
        let right = match x.operands().get(1) {
            Some(b) => self.piece(*b).borrowed(),
            None => {
                let ty = self.matrix_type(x.shape());
                quote!(&#ty::identity())
            }
        };
        let side = if factors.is(&LOWER_FACTORS) { "lower" } else { "upper" };
        let name = format!("{}solve_{side}_triangular", if turned { "tr_" } else { "" });
        Piece::atom(match self.failure(factors) {
            Some(failure) => {
                let (name, failure) = (Ident::new(&name, Span::mixed_site()), after(failure));
                quote!(#of.#name(#right)#failure)
            }
            None => {
                let name = Ident::new(&format!("{name}_unchecked"), Span::mixed_site());
                quote!(#of.#name(#right))
            }
        })
    }

    /// A matrix as a column-major array.
    fn array(&mut self, x: Expr<'a>) -> TokenStream {
        let piece = self.piece(x);
        if x.is_scalar() {
            let tokens = piece.tokens;
            return quote!([[#tokens]]);
        }
        let matrix = piece.at(super::Level::Atom);
        quote!(#matrix.data.0)
    }

    pub(super) fn failure(&self, x: Expr<'a>) -> Option<&'a Failure> {
        self.demand(x).map(|demand| &demand.failure)
    }

    fn demand(&self, x: Expr<'a>) -> Option<&'a Demand> {
        let node = x.node();
        let Data::Demand(k) = node.data() else { return None };
        self.program.demands.get(*k as usize)
    }

    /// Operations of factorisations that are not one call of a kernel.
    pub(super) fn decomposition(&mut self, x: Expr<'a>, form: Form) -> Piece {
        match form {
            Form::Mirror => self.mirror(x),
            Form::ExponentialDirection => self.exponential_direction(x),
            Form::PseudoInverse => self.pseudo_inverse(x),
            // A test has no value of its own.
            Form::Tested => self.number(crate::ir::Ratio::ZERO),
            // The others never reach emission; if one did, its code should not compile.
            _ => Piece::atom(quote!(())),
        }
    }

    fn pseudo_inverse(&mut self, x: Expr<'a>) -> Piece {
        let gradmacro = self.gradmacro;
        let array = self.array(x.operand(0));
        let tolerance = self.piece(x.operand(1)).tokens;
        let (one, sqrt) = (self.extra(Extra::One), self.extra(Extra::Complex("sqrt")));
        let failure = self.failure(x).map(after);
        let made = quote!(#gradmacro::kernels::pseudo_inverse(&#array, #tolerance, #one, #sqrt)#failure);
        if x.is_scalar() {
            return Piece::atom(quote!(#made[0][0]));
        }
        let ty = self.matrix_type(x.shape());
        Piece::atom(quote!(#ty::from(#made)))
    }

    fn mirror(&mut self, x: Expr<'a>) -> Piece {
        let (i, j) = (self.names.fresh("i"), self.names.fresh("j"));
        let (m, held) = self.held(x.operand(0));
        let (ty, m) = (self.matrix_type(x.shape()), m.tokens);
        let made = quote!(#ty::from_fn(|#i, #j| if #i >= #j { #m[(#i, #j)] } else { #m[(#j, #i)] }));
        if held.is_empty() { Piece::atom(made) } else { Piece::block(quote!(#held #made)) }
    }

    /// The upper right block of exp [[A, E], [0, A]].
    fn exponential_direction(&mut self, x: Expr<'a>) -> Piece {
        let Some((n, _)) = x.shape().known() else { return self.zeros(x) };
        let (a, held) = self.held(x.operand(0));
        let (a, e) = (a.borrowed(), self.piece(x.operand(1)).borrowed());
        let (ty, part) = (self.matrix_type(Shape::new(2 * n, 2 * n)), size(x.shape().rows));
        let block = self.names.fresh("block");
        Piece::block(quote! {
            #held
            let mut #block = #ty::zeros();
            #block.fixed_view_mut::<#part, #part>(0, 0).copy_from(#a);
            #block.fixed_view_mut::<#part, #part>(0, #part).copy_from(#e);
            #block.fixed_view_mut::<#part, #part>(#part, #part).copy_from(#a);
            #block.exp().fixed_view::<#part, #part>(0, #part).into_owned()
        })
    }
}

/// What the user wrote after a factorisation that may fail.
pub(super) fn after(failure: &Failure) -> TokenStream {
    match failure {
        Failure::Unwrap => quote!(.unwrap()),
        Failure::Expect(message) => quote!(.expect(#message)),
        Failure::Question => quote!(?),
    }
}
