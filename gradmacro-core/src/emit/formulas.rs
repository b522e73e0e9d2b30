//! Value and derivatives of an expansion as formulas in the user's names.

use std::fmt;

use proc_macro2::TokenStream;
use quote::ToTokens;

use super::math::{self, Formula, Names, Raise};
use crate::diagnostics::source;
use crate::front::request::{Arity, Layout, Output, Part};
use crate::front::{InputKind, Program};
use crate::ir::{Dim, Id, Ratio, Shape};
use crate::pipeline::Expansion;

/// A root and the formula that it is.
#[derive(Clone, PartialEq, Debug)]
pub struct NamedFormula {
    /// What it is a result of.
    pub part: Part,
    /// What it is, such as `ridge`, `∇w ridge` or `∂residual/∂w`.
    pub name: Formula,
    /// Rows × columns.
    pub shape: Shape,
    /// The formula.
    pub formula: Formula,
}

impl NamedFormula {
    /// name = formula in Unicode, on one line, and one more for each recurrence.
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
        let shape = if self.shape.is_scalar() { String::new() } else { format!("    ({})", self.shape) };
        let text = self.unicode();
        // The shape stands behind the formula, before what its states are.
        match text.split_once('\n') {
            Some((formula, states)) => write!(f, "{formula}{shape}\n{states}"),
            None => write!(f, "{text}{shape}"),
        }
    }
}

/// The value, then the derivatives that are requested, part by part. Of second derivatives by two parameters only the
/// blocks on and above the diagonal: those below are their transposes.
pub fn formulas(expansion: &Expansion) -> Vec<NamedFormula> {
    let n = expansion.program.differentiated.len().max(1);
    let shown = |part: Part, k: usize| part.arity() != Arity::PerPair || k / n <= k % n;
    let parts = expansion.derived.printed.iter();
    let roots = parts.flat_map(|(part, roots)| roots.iter().enumerate().map(|(k, id)| (*part, k, *id)));
    let roots = roots.filter(|(part, k, _)| shown(*part, *k));
    roots.map(|(part, k, id)| named(expansion, part, k, id)).collect()
}

fn named(expansion: &Expansion, part: Part, k: usize, id: Id) -> NamedFormula {
    let names = NamesIn { program: &expansion.program, part, expansion };
    let x = expansion.derived.graph.expr(id);
    NamedFormula {
        part,
        name: title(expansion, part, k),
        shape: x.shape(),
        formula: math::formula(x, &names),
    }
}

/// The textbook's name of a result of a part.
fn title(expansion: &Expansion, part: Part, k: usize) -> Formula {
    let program = &expansion.program;
    let n = program.differentiated.len();
    let own = Title { program, function: Formula::Title(expansion.signature.name.to_string()) };
    match part {
        Part::Value => own.function,
        Part::Gradient => own.gradient(k),
        Part::Hessian => own.partial(&[k / n, k % n]),
        Part::HessianProduct => own.hessian_product(k),
        Part::Pushforward => Formula::Differential(Box::new(own.function)),
        Part::Pullback => own.pullback(k),
        Part::Jacobian if expansion.request.layout == Layout::Denominator => own.turned(k),
        Part::Jacobian => own.partial(&[k]),
        Part::HalfSquare => {
            let norm = Formula::Norm(Box::new(own.function));
            Formula::Product(vec![Formula::Number(Ratio::HALF), norm.raised(Raise::Whole(2))])
        }
        Part::NormalRight => Formula::Product(vec![own.turned(k), own.column()]),
        Part::NormalMatrix => Formula::Product(vec![own.turned(k / n), own.partial(&[k % n])]),
    }
}

/// Makes the names of derivatives of one function.
struct Title<'a> {
    program: &'a Program,
    function: Formula,
}

impl Title<'_> {
    fn parameter(&self, place: usize) -> Formula {
        Formula::Name(Names::input(self.program, self.program.differentiated[place] as u32))
    }

    /// ∇x f
    fn gradient(&self, place: usize) -> Formula {
        let gradient = Formula::Gradient(Box::new(self.parameter(place)));
        Formula::Product(vec![gradient, self.function.clone()])
    }

    /// ∂f/∂x, ∂²f/∂a∂b
    fn partial(&self, places: &[usize]) -> Formula {
        let by = places.iter().map(|place| self.parameter(*place)).collect();
        Formula::Partial(Box::new(self.function.clone()), by)
    }

    /// (∂f/∂x)ᵀ
    fn turned(&self, place: usize) -> Formula {
        self.partial(&[place]).raised(Raise::Transpose)
    }

    /// f as a column.
    fn column(&self) -> Formula {
        match is_column(self.program.result) {
            true => self.function.clone(),
            false => Formula::Call("vec", "\\operatorname{vec}", vec![self.function.clone()]),
        }
    }

    /// ∂²f/∂x² v_x, or d∇x f where that would say too little.
    fn hessian_product(&self, place: usize) -> Formula {
        let kinds = self.program.differentiated_kinds();
        if kinds.len() > 1 || !is_column(kinds[place]) {
            let gradient = Formula::Gradient(Box::new(self.parameter(place)));
            return Formula::Product(vec![Formula::Differential(Box::new(gradient)), self.function.clone()]);
        }
        let direction = direction(self.program, Part::HessianProduct, place);
        Formula::Product(vec![self.partial(&[place, place]), Formula::Name(direction)])
    }

    /// (∂f/∂x)ᵀ ybar, or ∇x tr(ybarᵀ f) where matrices would have to be vectorised.
    fn pullback(&self, place: usize) -> Formula {
        let ybar = Formula::Name("ybar".to_owned());
        if is_column(self.program.result) && is_column(self.program.differentiated_kinds()[place]) {
            return Formula::Product(vec![self.turned(place), ybar]);
        }
        let inner = Formula::Product(vec![ybar.raised(Raise::Transpose), self.function.clone()]);
        let gradient = Formula::Gradient(Box::new(self.parameter(place)));
        Formula::Product(vec![gradient, Formula::Call("tr", "\\operatorname{tr}", vec![inner])])
    }
}

fn is_column(kind: InputKind) -> bool {
    kind.shape().columns == Dim::ONE
}

/// The name of the direction in which a parameter moves in a part.
fn direction(program: &Program, part: Part, place: usize) -> String {
    let output = if part == Part::HessianProduct { Output::Hvp } else { Output::Jvp };
    let position = program.differentiated.get(place).copied().unwrap_or_default();
    output.direction(&Names::input(program, position as u32))
}

/// The user's names, and those of the directions in which the parameters move in a part.
struct NamesIn<'a> {
    program: &'a Program,
    part: Part,
    expansion: &'a Expansion,
}

impl Names for NamesIn<'_> {
    fn input(&self, position: u32) -> String {
        Names::input(self.program, position)
    }

    fn direction(&self, place: u32) -> String {
        direction(self.program, self.part, place as usize)
    }

    fn kept(&self, serial: u32) -> String {
        Names::kept(self.program, serial)
    }

    fn kept_at(&self, serial: u32, indices: &[String]) -> String {
        Names::kept_at(self.program, serial, indices)
    }

    fn labelled(&self) -> Vec<(Id, String)> {
        let derived = &self.expansion.derived;
        let name = |k: u32| derived.names.get(k as usize).cloned();
        derived.labels.iter().filter_map(|(id, k)| Some((*id, name(*k)?))).collect()
    }

    fn index_of(&self, region: Id) -> Option<String> {
        let derived = &self.expansion.derived;
        derived.names.get(*derived.index_labels.get(&region)? as usize).cloned()
    }
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
        whole(replaced(&essence(&kept.written), &places))
    }
}

/// Of a block, that is, of a pattern that was taken apart, only its value.
fn essence(written: &TokenStream) -> String {
    let block = match syn::parse2(written.clone()) {
        Ok(syn::Expr::Block(expression)) => expression.block,
        _ => return source(written),
    };
    match block.stmts.last() {
        Some(syn::Stmt::Expr(value, None)) => essence(&value.to_token_stream()),
        _ => source(written),
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

/// In brackets if it does not hold together: `(n as f64)`, `(-y)`.
fn whole(text: String) -> String {
    let mut depth = 0;
    let falls_apart = text.starts_with('-')
        || text.chars().any(|c| {
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
