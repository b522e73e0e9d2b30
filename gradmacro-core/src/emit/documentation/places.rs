//! What the documentation of a function says that writes its results: where, and what it returns.
//!
//! Example: "Writes the gradient to `out` and returns the value. Every entry is written, none is read."

use super::Documentation;
use crate::diagnostics::list;
use crate::front::request::{Output, Part, places};

impl Documentation<'_> {
    pub(super) fn written(&self, output: Output) -> String {
        let program = &self.expansion.program;
        let names: Vec<String> = self.names().collect();
        let mut list_of_places = places(output, program.result, &names).into_iter();
        let (mut written, mut returned) = (vec![], None);
        for part in output.parts() {
            let own: Vec<String> = list_of_places.by_ref().take(part.count(names.len())).flatten().collect();
            match own.is_empty() {
                true => returned = Some(called(*part)),
                false => written.push(format!("the {} to {}", called(*part), list(own))),
            }
        }
        let written = format!("Writes {}", written.join(", "));
        let returned = returned.map_or(String::new(), |what| format!(" and returns the {what}"));
        let untouched = match program.optional {
            true => " Where it returns `None`, nothing is written.",
            false => "",
        };
        format!("{written}{returned}. Every entry is written, none is read.{untouched}")
    }
}

fn called(part: Part) -> &'static str {
    match part {
        Part::Value => "value",
        Part::Gradient | Part::Pullback | Part::NormalRight => "gradient",
        Part::Hessian => "Hessian",
        Part::HessianProduct => "product",
        Part::Pushforward => "derivative",
        Part::Jacobian => "Jacobian",
        Part::HalfSquare => "half square",
        Part::NormalMatrix => "Gauss-Newton matrix",
    }
}
