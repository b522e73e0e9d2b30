//! Loops: sums, and variables that are carried from run to run.
//!
//! A carried variable and its value after the loop are one variable in Rust, and so are a sum and what it has collected.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::quote;

use super::Writer;
use crate::ir::{Expr, Id, Ratio};
use crate::ops::arithmetic::SUM;
use crate::ops::structure::SCATTER;
use crate::plan::{Accumulated, Carried, Loop, Step};

impl<'a> Writer<'a> {
    pub(super) fn run(&mut self, inner: &'a Loop, labels: &[String], tokens: &mut TokenStream) {
        for sum in &inner.sums {
            if let Some(whole) = self.onto.remove(&sum.sum) {
                self.bound.insert(sum.sum, whole);
                continue;
            }
            let x = self.expr(sum.sum);
            if self.begins_in_place(x, tokens) {
                continue;
            }
            let zero = self.zeros(x).tokens;
            self.declare(x, &self.label(&[sum.sum], labels).unwrap_or("sum".into()), zero, tokens);
        }
        for carry in &inner.carries {
            let initial = self.copied(self.expr(carry.initial)).tokens;
            let own = self.label(&[carry.result, carry.variable], labels);
            let wish = own.unwrap_or(default_name(self, carry).into());
            self.declare(self.expr(carry.result), &wish, initial, tokens);
        }
        let shifted = self.shifted(inner);
        let range = match &shifted {
            Some(shifted) => shifted.range.clone(),
            None => {
                let trips = self.trips(self.expr(inner.trips));
                quote!(0..#trips)
            }
        };
        let index = match inner.index_label.and_then(|k| labels.get(k as usize)) {
            Some(own) => self.index_name(own),
            None => self.names.fresh("i"),
        };
        let outside = self.bound.clone();
        self.bound.insert(shifted.map_or(inner.index, |shifted| shifted.index), index.clone());
        for carry in &inner.carries {
            if let Some(name) = outside.get(&carry.result) {
                self.bound.insert(carry.variable, name.clone());
            }
        }
        let (parts, own): (Vec<Accumulated>, Vec<Accumulated>) =
            inner.sums.iter().copied().partition(|sum| self.is_part(inner, sum.term));
        for sum in &parts {
            self.onto.extend(self.bound.get(&sum.sum).map(|whole| (sum.term, whole.clone())));
        }
        let mut body = TokenStream::new();
        self.steps(&inner.body, labels, None, &mut body);
        for sum in &own {
            let Some(name) = self.bound.get(&sum.sum).cloned() else { continue };
            body.extend(self.accumulate(&name, sum.term));
        }
        self.assign(&inner.carries, &mut body);
        // What a loop binds is out of scope after it.
        self.bound = outside;
        let index = if mentions(&body, &index) { quote!(#index) } else { quote!(_) };
        tokens.extend(match inner.reversed {
            true => quote!(for #index in (#range).rev() { #body }),
            false => quote!(for #index in #range { #body }),
        });
        inner.sums.iter().for_each(|sum| self.borrow_place(sum.sum, tokens));
    }

    /// Is it the sum of a loop in this one's body that nobody else reads? Then that loop adds to the whole at once.
    fn is_part(&self, outer: &Loop, term: Id) -> bool {
        let sums = outer
            .body
            .iter()
            .filter_map(|step| if let Step::Loop(own) = step { Some(&own.sums) } else { None });
        self.bindings.is_inline(term) && sums.flatten().any(|sum| sum.sum == term)
    }

    /// `let mut x = …;`
    fn declare(&mut self, x: Expr<'a>, wish: &str, value: TokenStream, tokens: &mut TokenStream) {
        let name = self.names.fresh(wish);
        let scalar = self.scalar;
        let ty = x.is_scalar().then(|| quote!(: #scalar));
        tokens.extend(quote!(let mut #name #ty = #value;));
        self.bound.insert(x.id, name);
    }

    /// What the user calls one of these.
    pub(super) fn label(&self, nodes: &[Id], labels: &[String]) -> Option<String> {
        let own = nodes.iter().find_map(|id| self.schedule.labels.get(id));
        let whole = own.and_then(|k| labels.get(*k as usize)).cloned();
        let entry = || {
            let (k, place) = nodes.iter().find_map(|id| self.schedule.entry_labels.get(id))?;
            Some(format!("{}_{place}", labels.get(*k as usize)?))
        };
        whole.or_else(entry)
    }

    /// The user's name of an index serves loops that follow one another, but not one within the other.
    fn index_name(&mut self, own: &str) -> Ident {
        let parameter = self.program.inputs.iter().any(|input| input.name == own);
        let active = self.bound.values().any(|name| name == own);
        if parameter || active { self.names.fresh(own) } else { self.names.claim(own) }
    }

    pub(super) fn accumulate(&mut self, out: &Ident, term: Id) -> TokenStream {
        let x = self.expr(term);
        let apart = x.is(&SUM) && !self.bound.contains_key(&term) && !x.is_scalar();
        let terms = if apart { x.weighted() } else { vec![(x, Ratio::ONE)] };
        terms.into_iter().map(|(y, k)| self.add_to(out, y, k)).collect()
    }

    /// `out += k·x;`
    pub(super) fn add_to(&mut self, out: &Ident, x: Expr<'a>, k: Ratio) -> TokenStream {
        if !self.bound.contains_key(&x.id) {
            return self.put(out, x, k);
        }
        let sign = if k.is_negative() { quote!(-=) } else { quote!(+=) };
        let value = self.combination(vec![(x, k.absolute())], &mut |writer, y| writer.operand(y)).tokens;
        let target = self.target(out);
        quote!(#target #sign #value;)
    }
}

/// A name for what is carried: a stack collects blocks, each in its place.
fn default_name(writer: &Writer<'_>, carry: &Carried) -> &'static str {
    let next = writer.expr(carry.next);
    let collects = next.is(&SUM) && next.operands().into_iter().any(|x| x.id == carry.variable);
    let places = next.operands().into_iter().any(|x| x.is(&SCATTER));
    match (collects, places) {
        (true, true) => "stack",
        (true, false) => "sum",
        _ => "state",
    }
}

/// Do the tokens hold this name?
fn mentions(tokens: &TokenStream, name: &Ident) -> bool {
    tokens.clone().into_iter().any(|token| match token {
        TokenTree::Ident(own) => own == *name,
        TokenTree::Group(group) => mentions(&group.stream(), name),
        _ => false,
    })
}
