//! What is asked for: the options of the attribute, compared with the function.
//!
//! [`read_options`] reads the tokens, [`check_options`] compares them with the signature. A [`Request`] is complete:
//! every default is filled in, every generated function has its name. It means what it says only if nothing was
//! reported.
//!
//! `#[derive_grad(wrt(w))] fn loss(w: &SVector<f64, 4>, ..) -> f64` is a request for `loss_grad` and
//! `loss_value_and_grad` with respect to `w`.

mod aliases;
mod differentiable;
mod facts;
mod into;
mod naming;
mod options;
mod outputs;
mod parts;
mod reading;
mod sizes;
mod targets;

use std::collections::BTreeSet;

use proc_macro2::Ident;
use syn::{Path, parse_quote};

use super::item::Function;
use super::signature::Signature;
use super::types::Aliases;
use crate::diagnostics::Diagnostics;
use crate::ir::Fact;
use differentiable::Judge;
pub use into::{has_matrix, into_name, places};
pub use options::{Choice, Layout, Options, Output, Rule, Written};
pub use parts::{Arity, Further, Part};
pub use reading::{read_options, read_shared_options};

/// What is asked for.
pub struct Request {
    /// The differentiated parameters, in order; never `self`.
    pub wrt: Vec<Ident>,
    /// The functions to generate, under their names.
    pub outputs: Vec<(Output, Ident)>,
    /// What is known of parameters.
    pub facts: Vec<(Fact, Ident)>,
    /// What aliases and fields stand for.
    pub types: Aliases,
    /// Derivatives of foreign functions.
    pub rules: Vec<Rule>,
    /// The orientation of Jacobians.
    pub layout: Layout,
    /// Bytes of stack that a generated function may use.
    pub stack: usize,
    /// Generate functions that write to `out`, too?
    pub into: bool,
    /// Is a panic of a generated function an error?
    pub no_panic: bool,
    /// Show the formula in LaTeX, too?
    pub latex: bool,
    /// Where nalgebra is found.
    pub nalgebra: Path,
    /// Where gradmacro is found.
    pub gradmacro: Path,
}

/// The stack that a generated function may use if nothing is said: 1 MiB.
const STACK: usize = 1 << 20;

/// Compares the options with the function that they are about.
pub fn check_options(
    options: &Options,
    signature: &Signature,
    function: &Function,
    diagnostics: &Diagnostics,
) -> Request {
    let wrt = targets::check_targets(options.wrt(), signature, function, diagnostics);
    let mut judge = Judge::new(signature, &options.types, diagnostics);
    wrt.check(&mut judge);
    judge.check_result();
    facts::check_facts(options, signature, diagnostics);
    aliases::check_aliases(&options.types, function, diagnostics);
    outputs::check_outputs(options, signature, &wrt.parameters, diagnostics);
    naming::check_names(options, signature, diagnostics);
    naming::check_further(options, signature, &wrt.parameters, diagnostics);
    into::check_into(options, signature, &wrt.parameters, diagnostics);
    let names = wrt.parameters.iter().map(|parameter| parameter.name.clone()).collect();
    fill(options, signature, names)
}

/// The request that correct options make.
fn fill(options: &Options, signature: &Signature, wrt: Vec<Ident>) -> Request {
    let mut request = Request {
        wrt,
        outputs: naming::named(options, signature),
        facts: Vec::new(),
        types: options.types.clone(),
        rules: Vec::new(),
        layout: Layout::default(),
        stack: STACK,
        into: false,
        no_panic: false,
        latex: false,
        nalgebra: parse_quote!(::nalgebra),
        gradmacro: parse_quote!(::gradmacro),
    };
    for written in &options.written {
        request.take(&written.choice);
    }
    request
}

impl Request {
    /// The highest order of derivative that is asked for.
    pub fn order(&self) -> usize {
        self.parts().into_iter().map(Part::order).max().unwrap_or(0)
    }

    /// What the generated functions return, each part once: the value first, in any case.
    pub fn parts(&self) -> BTreeSet<Part> {
        let parts = self.outputs.iter().flat_map(|(output, _)| output.parts());
        parts.copied().chain([Part::Value]).collect()
    }

    fn take(&mut self, choice: &Choice) {
        match choice {
            Choice::Wrt(_) | Choice::Further(_) | Choice::Types(_) | Choice::Rename(_) => {}
            Choice::Facts(fact, names) => self.facts.extend(names.iter().map(|name| (*fact, name.clone()))),
            Choice::Layout(layout) => self.layout = *layout,
            Choice::Rules(rules) => self.rules.extend(rules.iter().cloned()),
            Choice::Stack(bytes) => self.stack = *bytes,
            Choice::Into => self.into = true,
            Choice::NoPanic => self.no_panic = true,
            Choice::Latex => self.latex = true,
            Choice::Nalgebra(path) => self.nalgebra = path.clone(),
            Choice::Gradmacro(path) => self.gradmacro = path.clone(),
        }
    }
}

/// Refuses a derivative that is not known: it is the option that asks for too much.
pub fn refuse_derivative(
    part: Part,
    row: &str,
    options: &Options,
    signature: &Signature,
    diagnostics: &Diagnostics,
) {
    let asks = |written: &&Written| match written.choice {
        Choice::Further(output) => output.parts().contains(&part),
        _ => false,
    };
    let row = row.replace('_', " ");
    let message = format!("the derivative of {row} is not known");
    let note = format!("the first derivative of `{}` holds {row}", signature.name);
    match options.written.iter().find(asks) {
        Some(written) => diagnostics
            .error(&written.keyword, message)
            .note(note)
            .help(format!("remove `{}`, or difference the gradient", written.keyword)),
        None => diagnostics.error_at(signature.head(), message).note(note),
    };
}

#[cfg(test)]
mod tests;
