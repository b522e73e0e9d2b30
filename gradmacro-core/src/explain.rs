//! What the compiler makes of a function, for people: formulas, costs, rewrites.

use std::fmt;

use proc_macro2::TokenStream;
use quote::ToTokens;

use crate::certify::Certificate;
use crate::diagnostics::Diagnostic;
use crate::emit::formulas::{NamedFormula, formulas};
use crate::pipeline::{Expansion, read};

/// What is known about one annotated function.
pub struct Explanation {
    /// Its name.
    pub name: String,
    /// Value and gradients.
    pub formulas: Vec<NamedFormula>,
    /// Operations of each generated function, by name.
    pub operations: Vec<(String, u64)>,
    /// Rules that fired, and how often.
    pub rewrites: Vec<(&'static str, u32)>,
    /// What the reference evaluator says.
    pub certificate: Certificate,
}

/// Explains every function of a source text that carries `#[derive_grad]`; a text with one function needs no attribute.
pub fn explain(source: &str) -> Result<Vec<Explanation>, Vec<String>> {
    let file = syn::parse_file(source).map_err(|error| vec![error.to_string()])?;
    let functions: Vec<syn::ItemFn> = file
        .items
        .into_iter()
        .filter_map(|item| if let syn::Item::Fn(function) = item { Some(function) } else { None })
        .collect();
    let alone = functions.len() == 1;
    let mut explanations = vec![];
    for mut function in functions {
        let own = function.attrs.iter().position(|a| a.path().is_ident("derive_grad"));
        let attribute = match own.map(|k| function.attrs.remove(k).meta) {
            Some(syn::Meta::List(list)) => list.tokens,
            None if !alone => continue,
            _ => TokenStream::new(),
        };
        explanations.push(explain_function(attribute, function.into_token_stream())?);
    }
    Ok(explanations)
}

/// Explains one function, given what stands in its attribute.
pub fn explain_function(attribute: TokenStream, item: TokenStream) -> Result<Explanation, Vec<String>> {
    let expansion =
        read(attribute, item).map_err(|f| f.errors().iter().map(Diagnostic::text).collect::<Vec<_>>())?;
    Ok(Explanation::of(&expansion))
}

impl Explanation {
    fn of(expansion: &Expansion) -> Explanation {
        let outputs = expansion.request.outputs.iter().zip(&expansion.schedules);
        Explanation {
            name: expansion.signature.name.to_string(),
            formulas: formulas(expansion),
            operations: outputs.map(|((_, name), schedule)| (name.to_string(), schedule.flops)).collect(),
            rewrites: expansion.derived.graph.fired().into_iter().collect(),
            certificate: expansion.certificate.clone(),
        }
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.name)?;
        for formula in &self.formulas {
            writeln!(f, "    {formula}")?;
        }
        for (name, operations) in &self.operations {
            writeln!(f, "{name}: {operations} operations")?;
        }
        match &self.certificate {
            Certificate::Certified(points) => writeln!(f, "certified at {points} random points")?,
            Certificate::NotCertified(why) => writeln!(f, "not certified: {why}")?,
            Certificate::Mismatch(m) => {
                writeln!(f, "MISMATCH, a bug: {} is {}, not {}", m.what, m.generated, m.wanted)?
            }
        }
        write!(f, "rewrites:")?;
        self.rewrites.iter().try_for_each(|(rule, times)| write!(f, "\n    {times:3}  {rule}"))
    }
}
