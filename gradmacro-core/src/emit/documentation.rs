//! The documentation of generated functions: what they compute, as a formula, and what it costs.

use super::formulas::{NamedFormula, formulas};
use crate::certify::Certificate;
use crate::front::request::Output;
use crate::pipeline::Expansion;
use crate::plan::Schedule;

/// What the documentation of one function's derivatives says.
pub struct Documentation {
    function: String,
    parameters: String,
    formulas: Vec<String>,
    certificate: String,
}

impl Documentation {
    /// Formulas and certificate of an expansion.
    pub fn of(expansion: &Expansion) -> Documentation {
        let names: Vec<String> = expansion
            .program
            .differentiated
            .iter()
            .map(|k| expansion.program.inputs[*k].name.to_string())
            .collect();
        let parameters = names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let certificate = match &expansion.certificate {
            Certificate::Certified(points) => {
                format!(
                    "Certified: agrees with forward differentiation of the function as written at {points} random points."
                )
            }
            Certificate::NotCertified(why) => format!("Not certified: {why}."),
            Certificate::Mismatch(_) => String::new(),
        };
        let function = expansion.signature.name.to_string();
        let lines = formulas(expansion).iter().map(NamedFormula::to_string).collect();
        Documentation { function, parameters, formulas: lines, certificate }
    }

    /// The lines for one generated function.
    pub fn lines(&self, output: Output, schedule: &Schedule) -> Vec<String> {
        let what = match output {
            Output::ValueAndGrad => format!("Value of `{}` and its gradient", self.function),
            _ => format!("Gradient of `{}`", self.function),
        };
        let mut lines = vec![format!(" {what} with respect to {}.", self.parameters), String::new()];
        lines.push(" ```text".to_owned());
        lines.extend(self.formulas.iter().map(|formula| format!(" {formula}")));
        lines.push(" ```".to_owned());
        lines.push(String::new());
        lines.push(format!(" {} operations. {}", schedule.flops, self.certificate));
        lines
    }
}
