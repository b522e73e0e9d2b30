//! The documentation of generated functions: what they compute, as a formula, and what it costs.
//!
//! Formulas stand in `text` blocks: bare, `x[0]` would be a broken link.

use super::formulas::{NamedFormula, formulas};
use crate::certify::Certificate;
use crate::diagnostics::list;
use crate::front::request::Output;
use crate::front::{Input, InputKind};
use crate::pipeline::{Expansion, planned};
use crate::plan::Schedule;

/// What the documentation of one function's derivatives says.
pub struct Documentation {
    function: String,
    parameters: String,
    formulas: Vec<String>,
    /// The same in LaTeX, if that is asked for.
    latex: Vec<String>,
    /// Operations of the function itself.
    value: u64,
    /// How sizes are counted that are known by name.
    sizes: &'static str,
    /// What each generated function is called and how many operations it takes.
    operations: Vec<(Output, String, u64)>,
    certificate: String,
}

impl Documentation {
    /// Formulas, costs and certificate of an expansion.
    pub fn of(expansion: &Expansion) -> Documentation {
        let (program, request) = (&expansion.program, &expansion.request);
        let formulas = formulas(expansion);
        let latex = if request.latex { formulas.as_slice() } else { &[] };
        let outputs = request.outputs.iter().zip(&expansion.schedules);
        Documentation {
            function: expansion.signature.name.to_string(),
            parameters: list(program.differentiated.iter().map(|k| &program.inputs[*k].name)),
            latex: latex.iter().map(NamedFormula::latex).collect(),
            formulas: formulas.iter().map(NamedFormula::to_string).collect(),
            value: planned(&expansion.derived, &[expansion.derived.value]).flops,
            sizes: if program.inputs.iter().all(has_known_size) {
                ""
            } else {
                " with 16 for each named size"
            },
            operations: outputs.map(|((output, name), s)| (*output, name.to_string(), s.flops)).collect(),
            certificate: certificate(&expansion.certificate),
        }
    }

    /// The lines for one generated function.
    pub fn lines(&self, output: Output, schedule: &Schedule) -> Vec<String> {
        let what = match output {
            Output::ValueAndGrad => format!("Value of `{}` and its gradient", self.function),
            _ => format!("Gradient of `{}`", self.function),
        };
        let mut lines = vec![format!("{what} with respect to {}.", self.parameters)];
        lines.extend(block(&self.formulas));
        if !self.latex.is_empty() {
            lines.extend([String::new(), "In LaTeX:".to_owned()]);
            lines.extend(block(&self.latex));
        }
        lines.extend([String::new(), self.costs(output, schedule)]);
        lines.into_iter().map(|line| if line.is_empty() { line } else { format!(" {line}") }).collect()
    }

    /// What this function costs beside the others, and whether it was checked.
    fn costs(&self, output: Output, schedule: &Schedule) -> String {
        let others = self.operations.iter().filter(|other| other.0 != output);
        let others: String = others.map(|(_, name, flops)| format!(", `{name}` {flops}")).collect();
        format!(
            "{} operations{}; `{}` alone takes {}{others}. {}",
            schedule.flops, self.sizes, self.function, self.value, self.certificate
        )
    }
}

fn has_known_size(input: &Input) -> bool {
    !matches!(input.kind, InputKind::Matrix(shape) if shape.known().is_none())
}

fn block(formulas: &[String]) -> Vec<String> {
    let mut lines = vec![String::new(), "```text".to_owned()];
    lines.extend(formulas.iter().cloned());
    lines.push("```".to_owned());
    lines
}

fn certificate(certificate: &Certificate) -> String {
    match certificate {
        Certificate::Certified(points) => {
            let points =
                if *points == 1 { "1 random point".to_owned() } else { format!("{points} random points") };
            format!("Certified: agrees with forward differentiation of the function as written at {points}.")
        }
        Certificate::NotCertified(why) => format!("Not certified: {why}."),
        Certificate::Mismatch(_) => String::new(),
    }
}
