//! What the compiler makes of a function, for people: formulas, costs, rewrites.
//!
//! ```
//! let source = "fn f(x: &SVector<f64, 3>, a: &SMatrix<f64, 3, 3>) -> f64 { x.dot(&(a * x)) }";
//! let explained = gradmacro_core::explain(source).unwrap();
//! assert_eq!(explained[0].formulas[1].to_string(), "∇x f = (a + aᵀ) x    (3×1)");
//! ```

mod finding;
mod raw;

use std::fmt;

use proc_macro2::TokenStream;

use crate::certify::Certificate;
use crate::diagnostics::Diagnostic;
use crate::emit::formulas::{NamedFormula, formulas};
use crate::front::request::Part;
use crate::pipeline::{Expansion, read};

/// What is known about one function.
pub struct Explanation {
    /// Its name.
    pub name: String,
    /// The value and all derivatives that are asked for.
    pub formulas: Vec<NamedFormula>,
    /// What the function itself and each generated one costs.
    pub operations: Vec<Operations>,
    /// Rules that fired, and how often.
    pub rewrites: Vec<(&'static str, u32)>,
    /// What the reference evaluator says.
    pub certificate: Certificate,
}

/// What a function costs: additions, multiplications, and 10 for most elementary functions. A size that is known by
/// name only counts as 16.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Operations {
    /// The function.
    pub name: String,
    /// Operations where no rule is applied: every node of the function as written, or of its derivative as reverse
    /// differentiation makes it, is computed once, products from the left. What only the planner can count, because it
    /// chooses how, counts nothing here: inverses, determinants, decompositions.
    pub raw: u64,
    /// Operations of the code that is generated.
    pub planned: u64,
}

/// Explains the functions of a source text that carry `#[derive_grad]`, in modules, `impl` blocks and traits too; a
/// text with one function needs no attribute. If one cannot be differentiated, the mistakes in all are returned.
pub fn explain(source: &str) -> Result<Vec<Explanation>, Vec<String>> {
    let file = syn::parse_file(source).map_err(|error| vec![error.to_string()])?;
    let (mut explanations, mut errors) = (vec![], vec![]);
    for (attribute, function) in finding::functions(file.items) {
        match explain_function(attribute, function) {
            Ok(explanation) => explanations.push(explanation),
            Err(own) => errors.extend(own),
        }
    }
    if errors.is_empty() { Ok(explanations) } else { Err(errors) }
}

/// Explains one function, given what stands in its attribute.
pub fn explain_function(attribute: TokenStream, item: TokenStream) -> Result<Explanation, Vec<String>> {
    let expansion =
        read(attribute, item).map_err(|f| f.errors().iter().map(Diagnostic::text).collect::<Vec<_>>())?;
    Ok(Explanation::of(&expansion))
}

impl Explanation {
    fn of(expansion: &Expansion) -> Explanation {
        // Printing looks for norms and may make nodes, so the rewrites are counted before.
        let rewrites = expansion.derived.graph.fired().into_iter().collect();
        Explanation {
            name: expansion.signature.name.to_string(),
            formulas: formulas(expansion),
            operations: operations(expansion),
            rewrites,
            certificate: expansion.certificate.clone(),
        }
    }
}

fn operations(expansion: &Expansion) -> Vec<Operations> {
    let raw = raw::Raw::of(&expansion.program, &expansion.request);
    let mut list = vec![Operations {
        name: expansion.signature.name.to_string(),
        raw: raw.operations(&[Part::Value]),
        planned: expansion.value_operations(),
    }];
    for ((output, name), schedule) in expansion.request.outputs.iter().zip(&expansion.schedules) {
        let raw = raw.operations(output.parts());
        list.push(Operations { name: name.to_string(), raw, planned: schedule.flops });
    }
    list
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n", self.name)?;
        for formula in &self.formulas {
            let shape =
                if formula.shape.is_scalar() { "scalar".to_owned() } else { formula.shape.to_string() };
            let text = formula.unicode();
            let mut lines = text.lines();
            writeln!(f, "  {}    ({shape})", lines.next().unwrap_or_default())?;
            lines.try_for_each(|line| writeln!(f, "  {line}"))?;
        }
        writeln!(f, "\n  LaTeX")?;
        self.formulas.iter().try_for_each(|formula| writeln!(f, "    {}", formula.latex()))?;
        writeln!(f, "\n  MathML")?;
        self.formulas.iter().try_for_each(|formula| writeln!(f, "    {}", formula.mathml()))?;
        self.write_operations(f)?;
        writeln!(f, "\n  rewrites")?;
        self.rewrites.iter().try_for_each(|(rule, times)| writeln!(f, "    {times:5}  {rule}"))?;
        match &self.certificate {
            Certificate::Certified(points) => write!(f, "\n  certified at {points} random points"),
            Certificate::Shortened(points) => {
                write!(f, "\n  certified at {points} random points, with few steps of each loop")
            }
            Certificate::NotCertified(why) => write!(f, "\n  not certified: {why}"),
            Certificate::Mismatch(m) => {
                write!(f, "\n  MISMATCH, a bug: {} is {}, not {}", m.what, m.generated, m.wanted)
            }
        }
    }
}

impl Explanation {
    fn write_operations(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let longest = self.operations.iter().map(|o| o.name.chars().count()).max().unwrap_or(0);
        writeln!(f, "\n  operations{:1$}without rules  generated", "", longest.saturating_sub(6))?;
        let line = |o: &Operations| writeln!(f, "    {:longest$}  {:>13}  {:>9}", o.name, o.raw, o.planned);
        self.operations.iter().try_for_each(line)
    }
}
