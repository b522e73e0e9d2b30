//! Value and gradients of an expansion as formulas in the user's names.

use std::fmt;

use proc_macro2::TokenStream;

use super::math::{self, Formula, Names};
use crate::diagnostics::source;
use crate::front::Program;
use crate::ir::Shape;
use crate::pipeline::Expansion;

/// A root and the formula that it is.
#[derive(Clone, PartialEq, Debug)]
pub struct NamedFormula {
    /// What it is, such as `ridge` or `∇w ridge`.
    pub name: Formula,
    /// Rows × columns.
    pub shape: Shape,
    /// The formula.
    pub formula: Formula,
}

impl NamedFormula {
    /// name = formula in Unicode, on one line.
    pub fn unicode(&self) -> String {
        self.name.unicode_equation(&self.formula)
    }

    /// name = formula in LaTeX, for math mode.
    pub fn latex(&self) -> String {
        self.name.latex_equation(&self.formula)
    }

    /// name = formula in presentation MathML, as a `math` element.
    pub fn mathml(&self) -> String {
        self.name.mathml_equation(&self.formula)
    }
}

impl fmt::Display for NamedFormula {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.unicode())?;
        if self.shape.is_scalar() { Ok(()) } else { write!(f, "    ({})", self.shape) }
    }
}

/// The value, then the gradient by each differentiated parameter.
pub fn formulas(expansion: &Expansion) -> Vec<NamedFormula> {
    let (program, derived) = (&expansion.program, &expansion.derived);
    let function = Formula::Title(expansion.signature.name.to_string());
    let gradient = |k: &usize| {
        let x = Formula::Name(Names::input(program, *k as u32));
        Formula::Product(vec![Formula::Gradient(Box::new(x)), function.clone()])
    };
    let names = std::iter::once(function.clone()).chain(program.differentiated.iter().map(gradient));
    let named = |(name, id): (Formula, _)| {
        let x = derived.graph.expr(id);
        NamedFormula { name, shape: x.shape(), formula: math::formula(x, program) }
    };
    names.zip(derived.printed.iter().copied()).map(named).collect()
}

/// Source text that is longer than this is no part of a formula: its name in the generated code is.
const LONGEST: usize = 40;

impl Names for Program {
    fn input(&self, position: u32) -> String {
        let name = self.inputs.get(position as usize).map(|input| input.name.to_string());
        name.unwrap_or_default().replace("r#", "")
    }

    /// As it was written if that is short, else by the name that the user gave it.
    fn kept(&self, serial: u32) -> String {
        let name = self.kept.get(serial as usize).map_or_else(String::new, |kept| source(&kept.written));
        let short = initial_value(self, serial).filter(|text| text.chars().count() <= LONGEST);
        short.map(whole).or_else(|| own_name(self, &name)).unwrap_or(name)
    }

    fn kept_at(&self, serial: u32, indices: &[String]) -> String {
        let Some(kept) = self.kept.get(serial as usize) else { return String::new() };
        let names = kept.indices.iter().map(ToString::to_string);
        let places: Vec<(String, &str)> = names.zip(indices.iter().map(String::as_str)).collect();
        whole(replaced(&source(&kept.written), &places))
    }
}

/// What the prelude sets a kept expression to.
fn initial_value(program: &Program, serial: u32) -> Option<String> {
    let statement = program.prelude.iter().find(|statement| statement.kept == Some(serial))?;
    Some(source(&init(&statement.tokens)?))
}

/// What the user called the variable of the prelude with this name.
fn own_name(program: &Program, name: &str) -> Option<String> {
    let is_alias = |tokens| init(tokens).is_some_and(|init| source(&init) == name);
    let alias = program.prelude.iter().find(|statement| is_alias(&statement.tokens))?;
    alias.defines.first().map(ToString::to_string)
}

fn init(statement: &TokenStream) -> Option<syn::Expr> {
    match syn::parse2(statement.clone()).ok()? {
        syn::Stmt::Local(local) => Some(*local.init?.expr),
        _ => None,
    }
}

/// In brackets if it does not hold together: `(n as f64)`.
fn whole(text: String) -> String {
    let mut depth = 0;
    let falls_apart = text.chars().any(|c| {
        depth += i32::from("([{".contains(c)) - i32::from(")]}".contains(c));
        c == ' ' && depth == 0
    });
    if falls_apart { format!("({text})") } else { text }
}

/// The names of indices replaced by what the formula calls them; a sum stands in brackets unless it is alone.
fn replaced(text: &str, places: &[(String, &str)]) -> String {
    let (mut out, mut rest) = (String::new(), text);
    while let Some(first) = rest.chars().next() {
        let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len()).max(first.len_utf8());
        let (word, after) = rest.split_at(end);
        let is_field = out.ends_with('.') && !out.ends_with("..");
        match places.iter().find(|(own, _)| own == word && !is_field) {
            None => out += word,
            Some((_, place)) => {
                let alone = out.ends_with(['[', '(']) && after.starts_with([']', ')']);
                let holds = alone || place.chars().all(is_word);
                out += &if holds { (*place).to_owned() } else { format!("({place})") };
            }
        }
        rest = after;
    }
    out
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}
