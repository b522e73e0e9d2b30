//! The documentation of generated functions: what they compute, as a formula, and what it costs.
//!
//! Formulas stand in `text` blocks: bare, `x[0]` would be a broken link.

mod places;
mod storage;

use super::formulas::{NamedFormula, formulas};
use crate::certify::Certificate;
use crate::diagnostics::list;
use crate::front::request::{Arity, Layout, Output, Part};
use crate::front::types::Scalar;
use crate::front::{Input, InputKind};
use crate::ir::Dim;
use crate::pipeline::Expansion;
use crate::plan::Schedule;
use storage::{decides, numbers_stored};

/// What is differentiated where the two sides of a comparison are equal.
const TIE: &str = "At a tie of a comparison, the branch that the value takes is differentiated.";

/// What the documentation of one function's derivatives says.
pub struct Documentation<'a> {
    expansion: &'a Expansion,
    formulas: Vec<NamedFormula>,
    /// Operations of the function itself.
    value: u64,
}

impl Documentation<'_> {
    /// Formulas, costs and certificate of an expansion.
    pub fn of(expansion: &Expansion) -> Documentation<'_> {
        let value = expansion.value_operations();
        Documentation { expansion, formulas: formulas(expansion), value }
    }

    /// The lines for one generated function.
    pub fn lines(&self, output: Output, schedule: &Schedule) -> Vec<String> {
        self.lines_with(vec![], output, schedule)
    }

    /// The lines for its form that writes to places of the caller's.
    pub fn lines_into(&self, output: Output, schedule: &Schedule) -> Vec<String> {
        self.lines_with(vec![String::new(), self.written(output)], output, schedule)
    }

    fn lines_with(&self, written: Vec<String>, output: Output, schedule: &Schedule) -> Vec<String> {
        let parts = output.parts();
        let is_shown = |f: &&NamedFormula| f.part == Part::Value || parts.contains(&f.part);
        let shown: Vec<&NamedFormula> = self.formulas.iter().filter(is_shown).collect();
        let mut lines = vec![self.result(output)];
        lines.extend(written);
        lines.extend(block(shown.iter().flat_map(|formula| split(&formula.to_string()))));
        if self.expansion.request.latex {
            lines.extend([String::new(), "In LaTeX:".to_owned()]);
            lines.extend(block(shown.iter().map(|formula| formula.latex())));
        }
        let layout = parts.iter().filter_map(|part| self.layout(*part)).next_back();
        lines.extend(layout.into_iter().flat_map(|layout| [String::new(), layout]));
        let costs = self.costs(output, schedule);
        let edge = if decides(schedule) { format!("{costs} {TIE}") } else { costs };
        lines.extend([String::new(), edge]);
        lines.into_iter().map(|line| if line.is_empty() { line } else { format!(" {line}") }).collect()
    }

    /// What the function returns.
    fn result(&self, output: Output) -> String {
        let (f, x) = (format!("`{}`", self.expansion.signature.name), self.parameters());
        match output {
            Output::Grad => format!("Gradient of {f} with respect to {x}."),
            Output::ValueAndGrad => format!("Value of {f} and its gradient with respect to {x}."),
            Output::Hessian => format!("Hessian of {f} with respect to {x}."),
            Output::ValueGradHessian => {
                format!("Value of {f}, its gradient and its Hessian with respect to {x}.")
            }
            Output::Hvp => {
                format!("Hessian of {f} with respect to {x}, times the {}.", self.directions(output))
            }
            Output::Jvp => {
                format!("Value of {f} and its derivative in the {} of {x}.", self.directions(output))
            }
            Output::Vjp => {
                format!("Value of {f} and the gradient of its inner product with `ybar` with respect to {x}.")
            }
            Output::Jacobian => format!("Jacobian of {f} with respect to {x}."),
            Output::ValueAndJacobian => format!("Value of {f} and its Jacobian with respect to {x}."),
            Output::GaussNewton => format!(
                "Half the squared norm of {f}, its gradient and its Gauss-Newton matrix with respect to {x}."
            ),
        }
    }

    pub(super) fn names(&self) -> impl Iterator<Item = String> {
        let program = &self.expansion.program;
        program.differentiated.iter().map(|k| program.inputs[*k].name.to_string())
    }

    fn parameters(&self) -> String {
        list(self.names())
    }

    fn directions(&self, output: Output) -> String {
        let several = if self.expansion.program.differentiated.len() > 1 { "s" } else { "" };
        format!("direction{several} {}", list(self.names().map(|name| output.direction(&name))))
    }

    /// Which entry of a matrix of derivatives is which.
    fn layout(&self, part: Part) -> Option<String> {
        let program = &self.expansion.program;
        let inputs = program.differentiated_kinds();
        let order = match inputs.iter().chain([&program.result]).any(|kind| is_matrix(*kind)) {
            true => ", column by column",
            false => "",
        };
        match part {
            Part::Jacobian => Some(self.jacobian_layout(&inputs, order)),
            _ if part.arity() != Arity::PerPair => None,
            _ if inputs.len() > 1 => Some(format!(
                "A row of blocks for each parameter, with a block for each{order}; \
                 those that are not shown are the transposes of those that are."
            )),
            _ if !inputs.first().is_some_and(|kind| is_matrix(*kind)) => None,
            _ => Some(format!("Rows and columns are the entries of {}{order}.", self.parameters())),
        }
    }

    fn jacobian_layout(&self, inputs: &[InputKind], order: &str) -> String {
        let is_turned = self.expansion.request.layout == Layout::Denominator;
        let by_number = match is_turned {
            true => "the shape of the transposed result",
            false => "the shape of the result",
        };
        let numbers = inputs.iter().filter(|kind| !matches!(kind, InputKind::Matrix(_))).count();
        if numbers == inputs.len() {
            return format!("It has {by_number}.");
        }
        let (rows, columns) = match is_turned {
            true => ("parameter", "result"),
            false => ("result", "parameter"),
        };
        let others = if numbers > 0 { format!("; by a number it has {by_number}") } else { String::new() };
        format!("A row for each entry of the {rows}, a column for each of the {columns}{order}{others}.")
    }

    /// What this function costs beside the others, and whether it was checked.
    fn costs(&self, output: Output, schedule: &Schedule) -> String {
        let Expansion { request, schedules, signature, certificate, .. } = self.expansion;
        let others = request.outputs.iter().zip(schedules).filter(|((other, _), _)| *other != output);
        let others: String = others.map(|((_, name), s)| format!(", `{name}` {}", s.flops)).collect();
        format!(
            "{} operations{}; `{}` alone takes {}{others}.{} {}",
            schedule.flops,
            self.sizes(),
            signature.name,
            self.value,
            self.stored(schedule),
            said(certificate)
        )
    }

    /// What its loops store for each other.
    fn stored(&self, schedule: &Schedule) -> String {
        let numbers = numbers_stored(schedule);
        let bytes = match self.expansion.signature.scalar {
            Scalar::F64 => format!(" ({} bytes)", numbers.saturating_mul(8)),
            Scalar::F32 => format!(" ({} bytes)", numbers.saturating_mul(4)),
            Scalar::Parameter(_) => String::new(),
        };
        if numbers == 0 {
            String::new()
        } else {
            format!(" It stores {numbers} numbers{bytes} between its passes.")
        }
    }

    /// How sizes are counted that are known by name.
    fn sizes(&self) -> &'static str {
        match self.expansion.program.inputs.iter().all(has_known_size) {
            true => "",
            false => " with 16 for each named size",
        }
    }
}

fn has_known_size(input: &Input) -> bool {
    !matches!(input.kind, InputKind::Matrix(shape) if shape.known().is_none())
}

/// More than a row or a column?
fn is_matrix(kind: InputKind) -> bool {
    kind.shape().rows != Dim::ONE && kind.shape().columns != Dim::ONE
}

/// A line for the formula and one for each of its recurrences.
fn split(formula: &str) -> Vec<String> {
    formula.lines().map(str::to_owned).collect()
}

fn block(formulas: impl Iterator<Item = String>) -> Vec<String> {
    let mut lines = vec![String::new(), "```text".to_owned()];
    lines.extend(formulas);
    lines.push("```".to_owned());
    lines
}

fn said(certificate: &Certificate) -> String {
    let agrees = "agrees with forward differentiation of the function as written at";
    match certificate {
        Certificate::Certified(points) => format!("Certified: {agrees} {}.", counted(*points)),
        Certificate::Shortened(points) => {
            format!("Certified with few steps of each loop: {agrees} {}.", counted(*points))
        }
        Certificate::NotCertified(why) => format!("Not certified: {why}."),
        Certificate::Mismatch(_) => String::new(),
    }
}

fn counted(points: usize) -> String {
    if points == 1 { "1 random point".to_owned() } else { format!("{points} random points") }
}
