//! Conditionals, and what decides them.
//!
//! What a conditional captures is written as what it is outside: only the arm that is chosen computes from it.

use proc_macro2::{Delimiter, Literal, TokenStream, TokenTree};
use quote::quote;

use super::systems::after;
use super::{Level, Piece, Writer};
use crate::front::Failure;
use crate::ir::{Data, Expr, Id};
use crate::ops::index::KEPT_AT;
use crate::ops::predicates::{AND, AT_MOST, EQUAL, FALSE, IS_ZERO, LESS, NOT, NOT_NEGATIVE, OR, TRUE};
use crate::plan::{Choice, Step};

impl<'a> Writer<'a> {
    /// `let (a, b) = if p { … } else { … };`
    pub(super) fn choose(&mut self, choice: &'a Choice, labels: &[String], tokens: &mut TokenStream) {
        let value = self.conditional(choice, labels);
        let mut names = vec![];
        for chosen in &choice.results {
            if self.is_made_in_place(chosen.result) {
                continue;
            }
            let x = self.expr(chosen.result);
            let own = self.label(&[chosen.result], labels);
            let name = self.names.fresh(&own.unwrap_or(super::function::default_name(x).into()));
            self.bound.insert(chosen.result, name.clone());
            names.push(name);
        }
        tokens.extend(match &names[..] {
            [] => value,
            [only] => quote!(let #only = #value;),
            _ => quote!(let (#(#names),*) = #value;),
        });
        choice.results.iter().for_each(|chosen| self.borrow_place(chosen.result, tokens));
    }

    /// `if p { … } else { … }`
    fn conditional(&mut self, choice: &'a Choice, labels: &[String]) -> TokenStream {
        let predicate = without_parentheses(self.predicate(self.expr(choice.predicate)).tokens);
        self.aliases.extend(choice.captured.iter().copied());
        let then = self.arm(&choice.then, choice.results.iter().map(|c| (c.result, c.then)), labels);
        let other = self.arm(&choice.other, choice.results.iter().map(|c| (c.result, c.other)), labels);
        let other = if is_conditional(&other) { other } else { quote!({ #other }) };
        quote!(if #predicate { #then } else #other)
    }

    /// One list of steps and what comes out of it: each result and what it is here.
    fn arm(
        &mut self,
        steps: &'a [Step],
        chosen: impl Iterator<Item = (Id, Id)>,
        labels: &[String],
    ) -> TokenStream {
        let outside = self.bound.clone();
        let (placed, results) = self.with_places(chosen);
        self.claim(steps, &placed);
        let mut tokens = TokenStream::new();
        let alone = if let ([only], []) = (&results[..], &placed[..]) { Some(*only) } else { None };
        let tail = match (steps.split_last(), alone) {
            (Some((Step::Choice(last), before)), Some(result))
                if last.results.iter().map(|c| c.result).eq([result]) =>
            {
                self.steps(before, labels, None, &mut tokens);
                self.conditional(last, labels)
            }
            _ => {
                self.steps(steps, labels, alone, &mut tokens);
                for (x, out) in placed {
                    tokens.extend(self.write_into(&out, self.expr(x)));
                }
                let values: Vec<TokenStream> =
                    results.iter().map(|x| self.copied(self.expr(*x)).tokens).collect();
                match &values[..] {
                    [] => TokenStream::new(),
                    [only] => super::function::without_braces(only.clone()),
                    _ => quote!((#(#values),*)),
                }
            }
        };
        self.bound = outside;
        quote!(#tokens #tail)
    }

    /// The statement that leaves the function unless a condition holds.
    pub(super) fn required(&mut self, x: Expr<'a>) -> TokenStream {
        let condition = x.operand(0);
        match self.failure(x) {
            Some(Failure::Question) => {
                let fails = match condition.is(&NOT) {
                    true => without_parentheses(self.predicate(condition.operand(0)).tokens),
                    false => {
                        let holds = self.predicate(condition).at(Level::Unary);
                        quote!(!#holds)
                    }
                };
                quote!(if #fails { return ::core::option::Option::None; })
            }
            Some(failure) => {
                let (holds, failure) = (self.predicate(condition).at(Level::Atom), after(failure));
                quote!(#holds.then_some(())#failure;)
            }
            None => TokenStream::new(),
        }
    }

    /// A condition.
    pub(super) fn predicate(&mut self, x: Expr<'a>) -> Piece {
        if self.bound.contains_key(&x.id) {
            return self.piece(x);
        }
        match () {
            () if x.is(&LESS) || x.is(&AT_MOST) || x.is(&EQUAL) => self.comparison(x),
            () if x.is(&NOT) => {
                let inner = self.predicate(x.operand(0)).at(Level::Unary);
                Piece::new(quote!(!#inner), Level::Unary)
            }
            () if x.is(&AND) => {
                let [p, q] = [0, 1].map(|k| self.predicate(x.operand(k)).at(Level::And));
                Piece::new(quote!(#p && #q), Level::And)
            }
            () if x.is(&OR) => {
                let [p, q] = [0, 1].map(|k| self.predicate(x.operand(k)).at(Level::Or));
                Piece::new(quote!(#p || #q), Level::Or)
            }
            () if x.is(&NOT_NEGATIVE) => self.not_negative(x.operand(0)),
            () if x.is(&IS_ZERO) => self.is_zero(x.operand(0)),
            () if x.is(&TRUE) => Piece::atom(quote!(true)),
            () if x.is(&FALSE) => Piece::atom(quote!(false)),
            () if x.is(&KEPT_AT) => self.kept_condition(x),
            () => self.piece(x),
        }
    }

    fn comparison(&mut self, x: Expr<'a>) -> Piece {
        let (left, right) = (self.piece(x.operand(0)), self.piece(x.operand(1)));
        let right = right.at(Level::Sum);
        // `i as f64 < x` would begin a list of type arguments.
        let left = match ends_with_cast(&left.tokens) {
            true => {
                let left = left.tokens;
                quote!((#left))
            }
            false => left.at(Level::Sum),
        };
        Piece::new(
            match () {
                () if x.is(&LESS) => quote!(#left < #right),
                () if x.is(&AT_MOST) => quote!(#left <= #right),
                () => quote!(#left == #right),
            },
            Level::Comparison,
        )
    }

    /// k ≥ 0, where k may be a difference: indices are unsigned.
    fn not_negative(&mut self, k: Expr<'a>) -> Piece {
        if self.is_signed(k) {
            return self.signed_not_negative(k);
        }
        let node = k.node();
        let Data::Affine(factors, constant) = node.data() else { return Piece::atom(quote!(true)) };
        let strict = *constant == -1 && factors.iter().any(|f| *f < 0);
        let (plus, minus) = self.sides(k, factors, if strict { 0 } else { *constant });
        let tokens = match (plus, minus) {
            (_, None) => return Piece::atom(quote!(true)),
            (None, Some(_)) if *constant < 0 => return Piece::atom(quote!(false)),
            (None, Some(minus)) => {
                let minus = uncast(minus.tokens);
                quote!(#minus == 0)
            }
            (Some(plus), Some(minus)) => match (strict, factors.iter().all(|f| *f > 0)) {
                (true, _) => {
                    let (minus, plus) = (uncast(minus.tokens), plus.tokens);
                    quote!(#minus < #plus)
                }
                (_, true) => {
                    let (minus, plus) = (minus.tokens, uncast(plus.tokens));
                    quote!(#plus >= #minus)
                }
                _ => {
                    let (minus, plus) = (uncast(minus.tokens), plus.tokens);
                    quote!(#minus <= #plus)
                }
            },
        };
        Piece::new(tokens, Level::Comparison)
    }

    fn is_zero(&mut self, k: Expr<'a>) -> Piece {
        if self.is_signed(k) {
            return self.signed_is_zero(k);
        }
        let node = k.node();
        let (plus, minus) = match node.data() {
            Data::Affine(factors, constant) => self.sides(k, factors, *constant),
            _ => (Some(self.index(k)), None),
        };
        let zero = || {
            let zero = Literal::i64_unsuffixed(0);
            quote!(#zero)
        };
        let [plus, minus] = [plus, minus].map(|side| side.map(|piece| uncast(piece.tokens)));
        let (left, right) = match (plus, minus) {
            (None, Some(only)) => (only, zero()),
            (plus, minus) => (plus.unwrap_or_else(zero), minus.unwrap_or_else(zero)),
        };
        Piece::new(quote!(#left == #right), Level::Comparison)
    }
}

/// An integer expression as the left side of a comparison.
fn uncast(tokens: TokenStream) -> TokenStream {
    if ends_with_cast(&tokens) { quote!((#tokens)) } else { tokens }
}

/// Is there an `as` outside of all parentheses?
fn ends_with_cast(tokens: &TokenStream) -> bool {
    tokens.clone().into_iter().any(|token| matches!(token, TokenTree::Ident(name) if name == "as"))
}

/// Is it an `if` and nothing else?
fn is_conditional(tokens: &TokenStream) -> bool {
    let list: Vec<TokenTree> = tokens.clone().into_iter().collect();
    let is_word =
        |token: Option<&TokenTree>, word: &str| matches!(token, Some(TokenTree::Ident(name)) if name == word);
    let is_block =
        |token: &TokenTree| matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
    let ends = (0..list.len()).filter(|k| is_block(&list[*k]) && !is_word(list.get(k + 1), "else"));
    // A statement of ours that is no conditional ends with a semicolon.
    let is_statement =
        list.iter().any(|token| matches!(token, TokenTree::Punct(mark) if mark.as_char() == ';'));
    is_word(list.first(), "if") && !is_statement && ends.eq([list.len() - 1])
}

/// A condition needs no parentheses around the whole of it.
fn without_parentheses(tokens: TokenStream) -> TokenStream {
    let mut list = tokens.clone().into_iter();
    match (list.next(), list.next()) {
        (Some(TokenTree::Group(group)), None) if group.delimiter() == Delimiter::Parenthesis => {
            group.stream()
        }
        _ => tokens,
    }
}
