//! Operations that are written with operators, literals and constructors.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};

use super::{Level, Piece, Writer, blocks::size, indices::extent};
use crate::front::types;
use crate::ir::{Expr, Shape};
use crate::ops::Form;

impl<'a> Writer<'a> {
    /// The type of a matrix in generated code, in a position where it can be followed by `::`.
    pub(super) fn matrix_type(&self, shape: Shape) -> TokenStream {
        let (nalgebra, scalar) = (self.nalgebra, self.scalar);
        let (rows, columns) = (size(shape.rows), size(shape.columns));
        match () {
            () if shape.is_column() => quote!(#nalgebra::SVector::<#scalar, #rows>),
            () if shape.is_row() => quote!(#nalgebra::RowSVector::<#scalar, #columns>),
            () => quote!(#nalgebra::SMatrix::<#scalar, #rows, #columns>),
        }
    }

    /// The same type by rows and columns, which is what is made from an array of columns.
    pub(super) fn array_type(&self, shape: Shape) -> TokenStream {
        let (nalgebra, scalar) = (self.nalgebra, self.scalar);
        let (rows, columns) = (size(shape.rows), size(shape.columns));
        quote!(#nalgebra::SMatrix::<#scalar, #rows, #columns>)
    }

    /// The type of a node in a signature.
    pub(super) fn type_of(&self, shape: Shape) -> TokenStream {
        types::spell(shape, self.scalar, self.nalgebra)
    }

    pub(super) fn zeros(&self, x: Expr<'a>) -> Piece {
        if x.is_scalar() {
            return self.number(crate::ir::Ratio::ZERO);
        }
        let ty = self.matrix_type(x.shape());
        Piece::atom(quote!(#ty::zeros()))
    }

    /// A method of the first operand, the others by reference.
    pub(super) fn method(&mut self, x: Expr<'a>, name: &str) -> Piece {
        if let Some(by_kernel) = self.product_by_kernel(x) {
            return by_kernel;
        }
        let operands = x.operands();
        let Some((first, rest)) = operands.split_first() else { return Piece::atom(quote!(())) };
        let receiver = self.piece(*first).at(Level::Atom);
        let arguments: Vec<TokenStream> = rest.iter().map(|y| self.piece(*y).borrowed()).collect();
        let name = Ident::new(name, Span::mixed_site());
        Piece::atom(quote!(#receiver.#name(#(#arguments),*)))
    }

    /// Everything that is not one call.
    pub(super) fn form(&mut self, x: Expr<'a>, form: Form) -> Piece {
        match form {
            Form::Sum if x.is_scalar() => self.scalar_sum(x),
            Form::Sum => self.matrix_sum(x),
            Form::Scale => self.scale(x),
            Form::Powers if x.is_scalar() => self.scalar_powers(x),
            Form::Powers => self.component_product(x),
            Form::Product => self.operator(x, quote!(*)),
            Form::MulTr => self.outer(x),
            Form::Ones | Form::Fill => self.filled(x),
            Form::Identity => {
                let ty = self.matrix_type(x.shape());
                Piece::atom(quote!(#ty::identity()))
            }
            Form::DiagonalMatrix => {
                let (ty, v) = (self.matrix_type(x.shape()), self.piece(x.operand(0)).borrowed());
                Piece::atom(quote!(#ty::from_diagonal(#v)))
            }
            Form::ScaleRows | Form::ScaleColumns => self.scaled_lines(x, form),
            Form::Slice => self.slice(x),
            Form::Entries => self.literal(x),
            Form::Reshape => {
                let (ty, inner) = (self.matrix_type(x.shape()), self.piece(x.operand(0)).at(Level::Atom));
                Piece::atom(quote!(#ty::from_column_slice(#inner.as_slice())))
            }
            Form::Kronecker | Form::Commutation | Form::CommuteRows | Form::CommuteColumns => {
                self.vectorised(x, form)
            }
            Form::BlockInner | Form::BlockSum => self.blockwise(x, form),
            Form::Affine => self.index(x),
            Form::AsReal => self.as_real(x),
            Form::KeptAt => self.kept_at(x),
            Form::Foreign => self.foreign_call(x),
            Form::IntegerPower => {
                let base = self.piece(x.operand(0));
                self.integer_power(&base, x.operand(1))
            }
            Form::Predicate => self.predicate(x),
            Form::LogSumExp | Form::Softmax | Form::ExtremumWeights => self.over_arrays(x, form),
            _ => self.decomposition(x, form),
        }
    }

    fn scalar_powers(&mut self, x: Expr<'a>) -> Piece {
        let guarded = self.schedule.guarded.contains(&x.id);
        self.monomial(&x.weighted(), guarded, &mut |writer, y| writer.piece(y))
    }

    fn scale(&mut self, x: Expr<'a>) -> Piece {
        let factor = self.piece(x.operand(0)).at(Level::Unary);
        let inner = self.operand(x.operand(1)).at(Level::Product);
        Piece::new(quote!(#inner * #factor), Level::Product)
    }

    fn operator(&mut self, x: Expr<'a>, sign: TokenStream) -> Piece {
        if let Some(by_kernel) = self.product_by_kernel(x) {
            return by_kernel;
        }
        let left = self.operand(x.operand(0)).at(Level::Product);
        let right = self.operand(x.operand(1)).at(Level::Unary);
        Piece::new(quote!(#left #sign #right), Level::Product)
    }

    fn outer(&mut self, x: Expr<'a>) -> Piece {
        if let Some(by_kernel) = self.product_by_kernel(x) {
            return by_kernel;
        }
        let left = self.operand(x.operand(0)).at(Level::Product);
        let right = self.piece(x.operand(1)).at(Level::Atom);
        Piece::new(quote!(#left * #right.transpose()), Level::Product)
    }

    pub(super) fn filled(&mut self, x: Expr<'a>) -> Piece {
        let value = match x.operands().first() {
            Some(s) => self.piece(*s),
            None => self.number(crate::ir::Ratio::ONE),
        };
        if x.is_scalar() {
            return value;
        }
        let (ty, value) = (self.matrix_type(x.shape()), value.tokens);
        Piece::atom(quote!(#ty::from_element(#value)))
    }

    /// What is added on the diagonal.
    pub(super) fn diagonal_added(&mut self, out: &Ident, x: Expr<'a>) -> TokenStream {
        let (added, held) = self.held(x.operand(1));
        let (i, n) = (self.names.fresh("i"), extent(x.shape().rows));
        let added = added.at(Level::Atom);
        let entry = if x.operand(1).is_scalar() { quote!(#added) } else { quote!(#added[#i]) };
        quote!(#held for #i in 0..#n { #out[(#i, #i)] += #entry; })
    }

    fn scaled_lines(&mut self, x: Expr<'a>, form: Form) -> Piece {
        let (matrix, vector) = if form == Form::ScaleRows { (1, 0) } else { (0, 1) };
        let (i, j) = (self.names.fresh("i"), self.names.fresh("j"));
        let (m, held_m) = self.held(x.operand(matrix));
        let (v, held_v) = self.held(x.operand(vector));
        let k = if form == Form::ScaleRows { &i } else { &j };
        let (ty, m, v) = (self.matrix_type(x.shape()), m.tokens, v.tokens);
        let made = quote!(#ty::from_fn(|#i, #j| #v[#k] * #m[(#i, #j)]));
        if held_m.is_empty() && held_v.is_empty() {
            return Piece::atom(made);
        }
        Piece::block(quote!(#held_m #held_v #made))
    }

    /// A node under a name: its own, or that of a `let` of which the tokens are given too.
    pub(super) fn held(&mut self, x: Expr<'a>) -> (Piece, TokenStream) {
        let piece = self.piece(x);
        if piece.place {
            return (piece, TokenStream::new());
        }
        let (name, tokens) = (self.names.fresh("m"), piece.tokens);
        (Piece::name(&name), quote!(let #name = #tokens;))
    }

    pub(super) fn integer_power(&mut self, base: &Piece, exponent: Expr<'a>) -> Piece {
        let nalgebra = self.nalgebra;
        let tokens = &base.tokens;
        let n = self.exponent(exponent).tokens;
        Piece::atom(quote!(#nalgebra::ComplexField::powi(#tokens, #n)))
    }

    /// An exponent, which unlike an index may be negative.
    fn exponent(&mut self, x: Expr<'a>) -> Piece {
        let node = x.node();
        let crate::ir::Data::Affine(factors, constant) = node.data() else {
            let n = self.piece(x).at(Level::Unary);
            return Piece::new(quote!(#n as i32), Level::Unary);
        };
        let literal = |k: i64| proc_macro2::Literal::i64_unsuffixed(k.abs());
        let mut terms = vec![];
        for (operand, k) in x.operands().into_iter().zip(factors) {
            let (n, factor) = (self.exponent(operand).at(Level::Unary), literal(*k));
            terms.push((if k.abs() == 1 { quote!(#n) } else { quote!(#factor * #n) }, *k < 0));
        }
        if *constant != 0 || terms.is_empty() {
            terms.push((literal(*constant).to_token_stream(), *constant < 0));
        }
        terms.sort_by_key(|term| term.1);
        let mut tokens = TokenStream::new();
        for (term, negative) in terms {
            tokens.extend(match (tokens.is_empty(), negative) {
                (true, true) => quote!(-(#term)),
                (true, false) => term,
                (false, true) => quote!(- #term),
                (false, false) => quote!(+ #term),
            });
        }
        Piece::new(tokens, Level::Sum)
    }

    fn over_arrays(&mut self, x: Expr<'a>, form: Form) -> Piece {
        let (nalgebra, gradmacro) = (self.nalgebra, self.gradmacro);
        let inner = self.piece(x.operand(0)).at(Level::Atom);
        let exp = quote!(#nalgebra::ComplexField::exp);
        match form {
            Form::LogSumExp => {
                let ln = quote!(#nalgebra::ComplexField::ln);
                Piece::atom(quote!(#gradmacro::kernels::log_sum_exp(&#inner.data.0, #exp, #ln)))
            }
            Form::Softmax => {
                let ty = self.array_type(x.shape());
                Piece::atom(quote!(#ty::from(#gradmacro::kernels::softmax(&#inner.data.0, #exp))))
            }
            _ => {
                let y = self.piece(x.operand(1)).tokens;
                let one = self.number(crate::ir::Ratio::ONE).tokens;
                let weights = quote!(#gradmacro::kernels::extremum_weights(&#inner.data.0, #y, #one));
                let ty = self.array_type(x.shape());
                Piece::atom(quote!(#ty::from(#weights)))
            }
        }
    }
}
