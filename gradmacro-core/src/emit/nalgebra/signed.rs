//! Integers that may be negative: parameters and kept integers of the user's, and differences of indices.
//!
//! An index is written as a `usize`; what need not be one is computed as an `i64`, so that neither a negative parameter
//! nor a difference that is negative on the way wraps around.
//!
//! Example: with `n: i32`, the condition `i as i32 + n > 0` becomes `(i as i64 + n as i64) >= 1`.

use proc_macro2::{Delimiter, Literal, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::FnArg;

use super::{Level, Piece, Writer};
use crate::front::Program;
use crate::front::signature::Signature;
use crate::ir::{Data, Expr, Leaf, Node};
use crate::ops::index::KEPT_AT;

/// Methods that give a `usize`.
const SIZES: [&str; 3] = ["len", "nrows", "ncols"];

/// The parameters, by position, and the kept integers, by serial number, that cannot be negative.
#[derive(Default)]
pub(super) struct Unsigned {
    inputs: Vec<bool>,
    kept: Vec<bool>,
}

impl Unsigned {
    pub(super) fn of(signature: &Signature, program: &Program) -> Unsigned {
        let unsigned = |name: &syn::Ident| {
            signature.source.inputs.iter().any(|argument| match argument {
                FnArg::Typed(own) => *name == own.pat.to_token_stream().to_string() && is_unsigned(&own.ty),
                FnArg::Receiver(_) => false,
            })
        };
        let held = |serial: usize| program.prelude.iter().find(|own| own.kept == Some(serial as u32));
        let kept = program.kept.iter().enumerate().map(|(serial, own)| {
            is_size(&own.written) || held(serial).is_some_and(|statement| is_size(&statement.tokens))
        });
        Unsigned {
            inputs: program.inputs.iter().map(|input| unsigned(&input.name)).collect(),
            kept: kept.collect(),
        }
    }
}

impl<'a> Writer<'a> {
    /// May the integer be negative, or may a part of it?
    pub(super) fn is_signed(&self, x: Expr<'a>) -> bool {
        let kept = |serial: u32| !self.unsigned.kept.get(serial as usize).copied().unwrap_or(false);
        let node = x.node();
        match (&*node, node.data()) {
            (Node::Leaf(Leaf::Input(k)), _) => {
                !self.unsigned.inputs.get(*k as usize).copied().unwrap_or(false)
            }
            (Node::Leaf(Leaf::Kept(serial)), _) => kept(*serial),
            (_, Data::Kept(serial)) if x.is(&KEPT_AT) => kept(*serial),
            (_, Data::Affine(..)) => x.operands().into_iter().any(|y| self.is_signed(y)),
            _ => false,
        }
    }

    /// What is added, what is subtracted, and the number.
    fn signed_sides(&mut self, x: Expr<'a>) -> (Vec<TokenStream>, Vec<TokenStream>, i64) {
        let (node, mut sides) = (x.node(), (vec![], vec![], 0));
        let Data::Affine(factors, constant) = node.data() else {
            return (vec![self.signed(x).at(Level::Unary)], vec![], 0);
        };
        for (operand, k) in x.operands().into_iter().zip(factors) {
            let inner = self.signed(operand).at(Level::Unary);
            let factor = Literal::i64_unsuffixed(k.abs());
            let side = if *k < 0 { &mut sides.1 } else { &mut sides.0 };
            side.push(if k.abs() == 1 { inner } else { quote!(#factor * (#inner)) });
        }
        sides.2 = *constant;
        sides
    }

    /// An integer as an `i64`.
    pub(super) fn signed(&mut self, x: Expr<'a>) -> Piece {
        let node = x.node();
        if !matches!(node.data(), Data::Affine(..)) {
            let inner = match &*node {
                Node::Leaf(Leaf::Input(_) | Leaf::Kept(_)) => self.piece(x),
                _ => self.index(x),
            };
            let inner = inner.at(Level::Unary);
            return Piece::new(quote!(#inner as i64), Level::Unary);
        }
        let (plus, minus, constant) = self.signed_sides(x);
        let (mut plus, mut minus) = (plus, minus);
        match constant {
            0 => {}
            _ if constant < 0 => minus.push(number(constant)),
            _ => plus.push(number(constant)),
        }
        let alone = plus.len() == 1 && minus.is_empty() && x.operands().is_empty();
        let plus = if plus.is_empty() { quote!(0) } else { quote!(#(#plus)+*) };
        Piece::new(quote!(#plus #(- #minus)*), if alone { Level::Atom } else { Level::Sum })
    }

    /// k ≥ 0
    pub(super) fn signed_not_negative(&mut self, k: Expr<'a>) -> Piece {
        let (plus, minus, constant) = self.signed_sides(k);
        let tokens = match (&plus[..], &minus[..]) {
            ([], []) => {
                let holds = constant >= 0;
                quote!(#holds)
            }
            (plus, []) => {
                let bound = negative(constant);
                quote!((#(#plus)+*) >= #bound)
            }
            ([], minus) => {
                let bound = negative(-constant);
                quote!((#(#minus)+*) <= #bound)
            }
            (plus, minus) => match constant {
                0 => quote!((#(#minus)+*) <= #(#plus)+*),
                -1 => quote!((#(#minus)+*) < #(#plus)+*),
                _ if constant > 0 => {
                    let more = number(constant);
                    quote!((#(#minus)+*) <= #(#plus)+* + #more)
                }
                _ => {
                    let more = number(constant);
                    quote!((#(#minus)+* + #more) <= #(#plus)+*)
                }
            },
        };
        Piece::new(tokens, Level::Comparison)
    }

    /// k = 0
    pub(super) fn signed_is_zero(&mut self, k: Expr<'a>) -> Piece {
        let (mut plus, mut minus, mut constant) = self.signed_sides(k);
        if plus.is_empty() {
            (plus, minus, constant) = (minus, plus, -constant);
        }
        let bound = negative(constant);
        let tokens = match (&minus[..], constant) {
            ([], _) => quote!((#(#plus)+*) == #bound),
            (minus, 0) => quote!((#(#plus)+*) == #(#minus)+*),
            (minus, _) => quote!((#(#plus)+*) == #(#minus)+* + #bound),
        };
        Piece::new(tokens, Level::Comparison)
    }
}

fn number(k: i64) -> TokenStream {
    Literal::u64_unsuffixed(k.unsigned_abs()).to_token_stream()
}

/// −k
fn negative(k: i64) -> TokenStream {
    let digits = number(k);
    if k > 0 { quote!(-#digits) } else { digits }
}

fn is_unsigned(ty: &syn::Type) -> bool {
    match ty {
        syn::Type::Reference(inner) => is_unsigned(&inner.elem),
        syn::Type::Path(path) => {
            path.path.segments.last().is_some_and(|name| name.ident.to_string().starts_with('u'))
        }
        _ => false,
    }
}

/// Does it end with a call that gives a size, `x.len()`?
fn is_size(tokens: &TokenStream) -> bool {
    let mut list: Vec<TokenTree> = tokens.clone().into_iter().collect();
    list.retain(|token| !matches!(token, TokenTree::Punct(mark) if mark.as_char() == ';'));
    match &list[..] {
        [.., TokenTree::Ident(name), TokenTree::Group(call)] => {
            let empty = call.delimiter() == Delimiter::Parenthesis && call.stream().is_empty();
            empty && SIZES.iter().any(|size| name == size)
        }
        [.., TokenTree::Ident(cast), TokenTree::Ident(ty)] => cast == "as" && ty == "usize",
        _ => false,
    }
}
