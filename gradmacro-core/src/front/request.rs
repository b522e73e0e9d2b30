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
mod options;
mod outputs;
mod reading;
mod targets;

use proc_macro2::Ident;
use syn::{Path, parse_quote};

use super::item::Function;
use super::signature::Signature;
use super::types::{Aliases, Type};
use crate::diagnostics::Diagnostics;
use crate::ir::Fact;
use differentiable::Judge;
use options::keyword;
pub use options::{Choice, Layout, Options, Output, Rule, Written};
pub use reading::read_options;

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
    outputs::check_names(options, signature, diagnostics);
    let names = wrt.parameters.iter().map(|parameter| parameter.name.clone()).collect();
    fill(options, signature, names)
}

/// The request that correct options make.
fn fill(options: &Options, signature: &Signature, wrt: Vec<Ident>) -> Request {
    let mut request = Request {
        wrt,
        outputs: outputs::named(options, signature),
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

/// Refuses what is asked for rightly but cannot be done yet. It comes last: what is wrong is said first.
pub fn refuse_later(options: &Options, signature: &Signature, diagnostics: &Diagnostics) {
    let f = &signature.name;
    let now =
        format!("available now are `{f}_grad` and `{f}_value_and_grad` of a function that returns a scalar");
    if let Some(missing) = later_result(signature) {
        diagnostics
            .error(&signature.result_source(), format!("`{f}` returns {missing} not yet available"))
            .note(now);
        return;
    }
    for written in &options.written {
        let name = written.keyword.to_string();
        if keyword(&name).is_some_and(|keyword| !keyword.available) {
            diagnostics
                .error(&written.keyword, format!("`{name}` is not yet available"))
                .note(now.as_str())
                .help(format!("remove `{name}`"));
        }
    }
}

/// What a function returns that cannot be differentiated yet, and what is missing.
fn later_result(signature: &Signature) -> Option<String> {
    match &signature.result {
        Type::Matrix { shape, .. } => Some(format!("{shape}; Jacobians are")),
        Type::Option(inside) => match &**inside {
            Type::Matrix { shape, .. } => Some(format!("an `Option` of {shape}; Jacobians are")),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests;
