//! Results that are written to places of the caller's, `out: &mut G`, instead of being returned.
//!
//! A small result is computed by value, in registers, and stored once. A large one is written where it belongs: the sum of
//! a loop is collected there, a named result is computed there, everything else is written at the end
//! ([`super::in_place`]).
//!
//! Where a function returns `Option`, nothing is written before its last `?`: `None` leaves all places as they were.
//! So what may fail is a statement of its own, and only steps after it know the places.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::{Generated, Writer, names};
use crate::front::request::places;
use crate::front::{Failure, Program};
use crate::ir::{Expr, Id, Ratio, Shape};
use crate::ops::factors::{LOWER_FACTORS, REQUIRED, TESTED, UPPER_FACTORS};
use crate::plan::Step;

/// Entries up to which a result is computed by value.
const BY_VALUE: usize = 16;

/// The places, and what is computed in them.
pub(super) struct Destinations {
    /// Of each result its place, or none if it is returned.
    places: Vec<Option<Ident>>,
    /// Nodes that are computed in a place.
    within: BTreeMap<Id, Ident>,
    /// Those of them that are read through a reference.
    borrowed: BTreeSet<Id>,
}

impl Destinations {
    pub(super) fn of(program: &Program, generated: &Generated<'_>) -> Destinations {
        let own = program.differentiated.iter().map(|k| program.inputs[*k].name.to_string());
        let own: Vec<String> = own.collect();
        let list = if generated.into { places(generated.output, program.result, &own) } else { vec![] };
        let places = list.into_iter().map(|place| place.map(|name| names::identifier(&name))).collect();
        Destinations { places, within: BTreeMap::new(), borrowed: BTreeSet::new() }
    }

    /// Names that nothing else may have.
    pub(super) fn names(&self) -> impl Iterator<Item = String> {
        self.places.iter().flatten().map(Ident::to_string)
    }

    /// Is the name of this node that of a reference?
    pub(super) fn is_borrowed(&self, id: Id) -> bool {
        self.borrowed.contains(&id)
    }

    /// Is the node computed in this place?
    pub(super) fn is_within(&self, id: Id, out: &Ident) -> bool {
        self.within.get(&id) == Some(out)
    }
}

impl<'a> Writer<'a> {
    /// The parameters that are written to, with their types.
    pub(super) fn places(&self, generated: &Generated<'_>) -> Vec<TokenStream> {
        let typed = self.destinations.places.iter().zip(self.kinds(generated));
        let written = typed.filter_map(|(place, (_, kind))| {
            let ty = self.type_of_kind(kind);
            place.as_ref().map(|place| quote!(#place: &mut #ty))
        });
        written.collect()
    }

    /// The type of what is returned beside what is written, if there is anything.
    pub(super) fn returned_type(&self, generated: &Generated<'_>) -> Option<TokenStream> {
        let kinds = self.kinds(generated).into_iter().zip(&self.destinations.places);
        let mut returned = kinds.filter(|(_, place)| place.is_none());
        let number = returned.next().map(|((_, kind), _)| self.type_of_kind(kind));
        match (number, self.program.optional) {
            (number, false) => number,
            (None, true) => Some(quote!(::core::option::Option<()>)),
            (Some(number), true) => Some(quote!(::core::option::Option<#number>)),
        }
    }

    /// The steps, and then every result where it belongs.
    pub(super) fn body_into(
        &mut self,
        labels: &[String],
        generated: &Generated<'_>,
        mut tokens: TokenStream,
    ) -> TokenStream {
        let failing: Vec<Id> = (0..self.schedule.graph.len())
            .map(|k| Id(k as u32))
            .filter(|id| self.may_leave(self.expr(*id)))
            .collect();
        self.bindings.name_all(failing);
        let steps = &self.schedule.steps;
        let last = steps.iter().rposition(|step| self.leaves(step)).map_or(0, |k| k + 1);
        let (early, late) = steps.split_at(last);
        self.steps(early, labels, None, &mut tokens);
        let places = self.destinations.places.clone();
        let roots = self.schedule.roots.iter().zip(places).filter_map(|(root, out)| Some((*root, out?)));
        let large = roots.filter(|(root, _)| is_large(self.schedule.graph.shape(*root)));
        self.claim(late, &large.collect::<Vec<_>>());
        self.steps(late, labels, None, &mut tokens);
        let returned = self.deliver(generated, &mut tokens);
        let result = match (returned, self.program.optional) {
            (number, false) => number,
            (None, true) => Some(quote!(::core::option::Option::Some(()))),
            (Some(number), true) => Some(quote!(::core::option::Option::Some(#number))),
        };
        quote!(#tokens #result)
    }

    /// Writes what is not in its place yet; gives what is returned.
    fn deliver(&mut self, generated: &Generated<'_>, tokens: &mut TokenStream) -> Option<TokenStream> {
        let mut returned = None;
        let roots = self.kinds(generated).into_iter().zip(self.schedule.roots.clone());
        for (((_, kind), root), place) in roots.zip(self.destinations.places.clone()) {
            let root = self.expr(root);
            match place {
                Some(out) if is_large(root.shape()) => tokens.extend(self.write_into(&out, root)),
                Some(out) => {
                    let value = self.result(root, kind);
                    tokens.extend(quote!(*#out = #value;));
                }
                None => returned = Some(self.result(root, kind)),
            }
        }
        returned
    }

    /// Decides what the steps compute in a place: large results that loops add up or conditionals choose, that begin
    /// with such, or that have a name.
    pub(super) fn claim(&mut self, steps: &[Step], large: &[(Id, Ident)]) {
        let mut made: BTreeSet<Id> = BTreeSet::new();
        let mut computed: BTreeSet<Id> = BTreeSet::new();
        for step in steps {
            match step {
                Step::Compute(id) => _ = computed.insert(*id),
                Step::Loop(inner) => made.extend(inner.sums.iter().map(|sum| sum.sum)),
                Step::Choice(choice) => made.extend(choice.results.iter().map(|chosen| chosen.result)),
            }
        }
        for (k, (root, out)) in large.iter().enumerate() {
            if large[..k].iter().any(|(earlier, _)| earlier == root) {
                continue;
            }
            if computed.contains(root) && self.bindings.is_named(*root) {
                self.destinations.within.insert(*root, out.clone());
            }
            if let Some(first) = self.first_of(self.expr(*root), &|id| made.contains(&id)) {
                self.destinations.within.insert(first, out.clone());
            }
        }
    }

    /// A result of a conditional that both arms write to a place.
    pub(super) fn is_made_in_place(&mut self, result: Id) -> bool {
        let Some(out) = self.destinations.within.get(&result).cloned() else { return false };
        self.bound.insert(result, out);
        true
    }

    /// What an arm of a conditional writes to a place, and the rest of what comes out of it.
    pub(super) fn with_places(&self, chosen: impl Iterator<Item = (Id, Id)>) -> (Vec<(Id, Ident)>, Vec<Id>) {
        let (mut placed, mut others) = (vec![], vec![]);
        for (result, here) in chosen {
            match self.destinations.within.get(&result) {
                Some(out) => placed.push((here, out.clone())),
                None => others.push(here),
            }
        }
        (placed, others)
    }

    /// A sum of a loop that is collected in a place: what was there goes.
    pub(super) fn begins_in_place(&mut self, sum: Expr<'a>, tokens: &mut TokenStream) -> bool {
        let Some(out) = self.destinations.within.get(&sum.id).cloned() else { return false };
        let zero = self.number(Ratio::ZERO).tokens;
        tokens.extend(quote!(#out.fill(#zero);));
        self.bound.insert(sum.id, out);
        true
    }

    /// A named result that is computed in its place.
    pub(super) fn computed_in_place(&mut self, x: Expr<'a>, tokens: &mut TokenStream) -> bool {
        let Some(out) = self.destinations.within.get(&x.id).cloned() else { return false };
        tokens.extend(self.write_into(&out, x));
        self.bound.insert(x.id, out);
        self.borrow_place(x.id, tokens);
        true
    }

    /// What is in its place and read by something else is read through a reference.
    pub(super) fn borrow_place(&mut self, id: Id, tokens: &mut TokenStream) {
        let Some(out) = self.destinations.within.get(&id).cloned() else { return };
        if self.bindings.is_used_once(id) {
            return;
        }
        let name = self.names.fresh("written");
        tokens.extend(quote!(let #name = &*#out;));
        self.bound.insert(id, name);
        self.destinations.borrowed.insert(id);
    }

    /// A variable as the left side of an assignment: what it refers to, if it is a place of the caller's.
    pub(super) fn target(&self, name: &Ident) -> TokenStream {
        let is_place = self.destinations.places.iter().flatten().any(|place| place == name);
        if is_place { quote!(*#name) } else { quote!(#name) }
    }

    fn leaves(&self, step: &Step) -> bool {
        match step {
            Step::Compute(id) => self.may_leave(self.expr(*id)),
            Step::Loop(inner) => inner.body.iter().any(|step| self.leaves(step)),
            Step::Choice(choice) => choice.then.iter().chain(&choice.other).any(|step| self.leaves(step)),
        }
    }

    /// May the function return `None` where this node is computed? A triangular matrix fails where it is used.
    fn may_leave(&self, x: Expr<'a>) -> bool {
        let is_triangle = |y: Expr<'a>| y.is(&LOWER_FACTORS) || y.is(&UPPER_FACTORS);
        let asks = |y: Expr<'a>| matches!(self.failure(y), Some(Failure::Question));
        let within = x.operands().first().is_some_and(|y| is_triangle(*y) && asks(*y));
        (asks(x) && !is_triangle(x) || within && !x.is(&TESTED)) || x.is(&REQUIRED) && asks(x)
    }
}

/// More than is computed by value?
pub(super) fn is_large(shape: Shape) -> bool {
    !shape.is_scalar() && shape.size().is_none_or(|n| n > BY_VALUE)
}
