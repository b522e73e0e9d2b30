//! Value and gradients of an expansion as formulas in the user's names.

use std::fmt;

use super::math::{self, Names};
use crate::front::Program;
use crate::ir::{Id, Shape};
use crate::pipeline::Expansion;

/// A root and the formula that it is.
#[derive(Clone, PartialEq, Debug)]
pub struct NamedFormula {
    /// What it is, such as `ridge` or `∇w ridge`.
    pub name: String,
    /// The same in LaTeX.
    pub latex_name: String,
    /// Rows × columns.
    pub shape: Shape,
    /// The formula in Unicode.
    pub unicode: String,
    /// The formula in LaTeX.
    pub latex: String,
}

impl fmt::Display for NamedFormula {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} = {}", self.name, self.unicode)?;
        if self.shape.is_scalar() { Ok(()) } else { write!(f, "    ({})", self.shape) }
    }
}

/// The value, then the gradient by each differentiated parameter.
pub fn formulas(expansion: &Expansion) -> Vec<NamedFormula> {
    let (program, derived) = (&expansion.program, &expansion.derived);
    let function = expansion.signature.name.to_string();
    let written = |name: String, latex_name: String, id: Id| {
        let x = derived.graph.expr(id);
        let (unicode, latex) = (math::unicode(x, program), math::latex(x, program));
        NamedFormula { name, latex_name, shape: x.shape(), unicode, latex }
    };
    let upright = format!("\\mathrm{{{}}}", function.replace('_', "\\_"));
    let mut list = vec![written(function.clone(), upright.clone(), derived.value)];
    for (k, id) in program.differentiated.iter().zip(&derived.gradients) {
        let x = &program.inputs[*k].name;
        list.push(written(format!("∇{x} {function}"), format!("\\nabla_{{{x}}} {upright}"), *id));
    }
    list
}

impl Names for Program {
    fn input(&self, position: u32) -> String {
        self.inputs.get(position as usize).map_or_else(String::new, |input| input.name.to_string())
    }

    fn kept(&self, serial: u32) -> String {
        self.kept.get(serial as usize).map_or_else(String::new, |kept| kept.written.to_string())
    }
}
