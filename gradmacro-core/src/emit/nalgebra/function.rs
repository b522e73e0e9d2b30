//! One generated function: signature, documentation, prelude, steps, result.

use std::collections::BTreeMap;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::Writer;
use super::bindings::Bindings;
use super::destinations::Destinations;
use super::further;
use super::names::Names;
use super::signed::Unsigned;
use crate::front::Program;
use crate::front::request::{Layout, Output};
use crate::front::signature::Signature;
use crate::ir::{Expr, Id};
use crate::ops::factors::{EIGEN, REQUIRED, SVD};
use crate::ops::{Form, Written};
use crate::plan::{Schedule, Step};

/// How a function is to be written.
pub struct Style<'a> {
    /// The signature of the user's function.
    pub signature: &'a Signature,
    /// The function as it was read, for parameters and kept expressions.
    pub program: &'a Program,
    /// The user's names, by label.
    pub labels: &'a [String],
    /// Where nalgebra is found.
    pub nalgebra: &'a syn::Path,
    /// Where gradmacro is found.
    pub gradmacro: &'a syn::Path,
}

/// A function to be generated.
pub struct Generated<'a> {
    /// Its name.
    pub name: &'a Ident,
    /// What it computes.
    pub schedule: &'a Schedule,
    /// Which of the derivatives it is.
    pub output: Output,
    /// The orientation of Jacobians.
    pub layout: Layout,
    /// Does it write its results to places of the caller's?
    pub into: bool,
    /// Its documentation, line by line.
    pub documentation: &'a [String],
}

/// The function.
pub fn function(style: &Style<'_>, generated: &Generated<'_>) -> TokenStream {
    let mut writer = writer(style, generated);
    let result = match generated.into {
        true => writer.returned_type(generated),
        false => Some(writer.result_type(generated)),
    };
    let must_use = result.is_some().then(|| quote!(#[must_use]));
    let result = result.map(|ty| quote!(-> #ty));
    let body = writer.body(style, generated);
    let further = writer.further_parameters(generated).into_iter().chain(writer.places(generated));
    let Signature { source, visibility, copied_attributes, .. } = style.signature;
    let name = generated.name;
    let (generics, inputs, bounds) = (&source.generics, source.inputs.iter(), &source.generics.where_clause);
    let documentation = generated.documentation;
    // The lint goes by where tokens stand in the source, which ours do not.
    let straight = generated.schedule.straight.then(|| quote!(, clippy::possible_missing_comma));
    quote! {
        #(#[doc = #documentation])*
        #(#copied_attributes)*
        #[allow(dead_code, unused_variables, clippy::too_many_arguments #straight)]
        #must_use
        #visibility fn #name #generics (#(#inputs,)* #(#further),*) #result #bounds {
            #body
        }
    }
}

fn writer<'a>(style: &Style<'a>, generated: &Generated<'a>) -> Writer<'a> {
    let program = style.program;
    let parameters = program.inputs.iter().map(|input| input.name.to_string());
    let kept = program.prelude.iter().flat_map(|s| s.defines.iter().chain(&s.reads)).map(Ident::to_string);
    let indices = program.kept.iter().flat_map(|k| &k.indices).map(Ident::to_string);
    let differentiated = program.differentiated.iter().map(|k| program.inputs[*k].name.to_string());
    let further = further::taken(generated.output, differentiated);
    let destinations = Destinations::of(program, generated);
    let places: Vec<String> = destinations.names().collect();
    Writer {
        output: generated.output,
        schedule: generated.schedule,
        program,
        scalar: style.signature.scalar,
        nalgebra: style.nalgebra,
        gradmacro: style.gradmacro,
        bindings: Bindings::of(generated.schedule),
        names: Names::new(parameters.chain(kept).chain(indices).chain(further).chain(places)),
        destinations,
        unsigned: Unsigned::of(style.signature, program),
        bound: BTreeMap::new(),
        aliases: BTreeMap::new(),
        onto: BTreeMap::new(),
        mul_add: None,
    }
}

impl<'a> Writer<'a> {
    fn body(&mut self, style: &Style<'a>, generated: &Generated<'_>) -> TokenStream {
        let prelude = self.prelude();
        let computed = match generated.into {
            true => self.body_into(style.labels, generated, TokenStream::new()),
            false => self.body_by_value(style.labels, generated),
        };
        let mul_add = self.mul_add_definition();
        quote!(#prelude #mul_add #computed)
    }

    fn body_by_value(&mut self, labels: &[String], generated: &Generated<'_>) -> TokenStream {
        let mut tokens = TokenStream::new();
        self.steps(&self.schedule.steps, labels, None, &mut tokens);
        let results = without_braces(self.results(generated, &mut tokens));
        quote!(#tokens #results)
    }

    pub(super) fn bind(&mut self, x: Expr<'a>, wish: &str, tokens: &mut TokenStream) {
        if self.is_built(x) {
            let name = self.names.fresh(wish);
            tokens.extend(self.built(&name, x));
            self.bound.insert(x.id, name);
            return;
        }
        let value = self.expression(x).tokens;
        let name = self.names.fresh(wish);
        tokens.extend(quote!(let #name = #value;));
        self.bound.insert(x.id, name);
    }

    /// Statements for all steps; what only ends a block needs no name there.
    pub(super) fn steps(
        &mut self,
        steps: &'a [Step],
        labels: &[String],
        end: Option<Id>,
        tokens: &mut TokenStream,
    ) {
        for (k, step) in steps.iter().enumerate() {
            match step {
                Step::Compute(id) if self.expr(*id).is(&REQUIRED) => {
                    let required = self.required(self.expr(*id));
                    tokens.extend(required);
                }
                Step::Compute(id) if self.bindings.is_named(*id) => {
                    let label = self.label(&[*id], labels);
                    let x = self.expr(*id);
                    if self.computed_in_place(x, tokens) {
                        continue;
                    }
                    if k + 1 < steps.len() || end != Some(*id) {
                        self.bind(x, label.as_deref().unwrap_or(default_name(x)), tokens);
                    }
                }
                Step::Compute(_) => {}
                Step::Loop(inner) => self.run(inner, labels, tokens),
                Step::Choice(choice) => self.choose(choice, labels, tokens),
            }
        }
    }

    /// The user's statements that the schedule reads, in source order.
    fn prelude(&self) -> TokenStream {
        let needed = self.program.needed(&self.schedule.kept());
        needed.into_iter().map(|statement| statement.tokens.clone()).collect()
    }
}

/// A result that is a block is the end of the function's own block.
pub(super) fn without_braces(result: TokenStream) -> TokenStream {
    let mut tokens = result.clone().into_iter();
    match (tokens.next(), tokens.next()) {
        (Some(proc_macro2::TokenTree::Group(block)), None)
            if block.delimiter() == proc_macro2::Delimiter::Brace =>
        {
            block.stream()
        }
        _ => result,
    }
}

/// A name for what the user has not named.
pub(super) fn default_name(x: Expr<'_>) -> &'static str {
    let op = x.node().op().map(|op| op.written);
    match () {
        () if x.is(&EIGEN) => "eigen",
        () if x.is(&SVD) => "svd",
        () if matches!(op, Some(Written::Factors(..))) => "factors",
        () if op == Some(Written::Form(Form::Predicate)) => "holds",
        () if x.is_scalar() => "s",
        () if x.shape().is_vector() => "v",
        () => "m",
    }
}
