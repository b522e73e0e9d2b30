//! The options of the attribute: what each is called, how it is written, what it holds.
//!
//! [`Options`] is what the user wrote: well-formed, not yet compared with the function.

use proc_macro2::{Ident, TokenStream};
use syn::Path;

use crate::front::types::{Alias, Aliases, Constants};
use crate::ir::Fact;

/// The options as written, in source order; none stands twice except `rule`.
#[derive(Clone, Default)]
pub struct Options {
    /// The options.
    pub written: Vec<Written>,
    /// What `types(..)` says.
    pub types: Aliases,
}

/// One option.
#[derive(Clone)]
pub struct Written {
    /// Its name.
    pub keyword: Ident,
    /// The whole of it.
    pub tokens: TokenStream,
    /// What it holds.
    pub choice: Choice,
}

/// What an option holds.
#[derive(Clone)]
pub enum Choice {
    /// `wrt(a, b)`
    Wrt(Vec<Ident>),
    /// `hessian` and the like.
    Further(Output),
    /// `symmetric(a)` and the like.
    Facts(Fact, Vec<Ident>),
    /// `layout = ".."`
    Layout(Layout),
    /// `types(..)`
    Types(Vec<Alias>),
    /// `rule(..)`
    Rules(Vec<Rule>),
    /// `stack = n`
    Stack(usize),
    /// `rename(grad = name)`: pairs of generated function and new name.
    Rename(Vec<(Ident, Ident)>),
    /// `into`
    Into,
    /// `no_panic`
    NoPanic,
    /// `latex`
    Latex,
    /// `nalgebra = path`
    Nalgebra(Path),
    /// `crate = path`
    Gradmacro(Path),
}

/// A generated function.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Output {
    /// G
    Grad,
    /// (T, G)
    ValueAndGrad,
    /// H
    Hessian,
    /// (T, G, H)
    ValueGradHessian,
    /// H v
    Hvp,
    /// (Y, J d)
    Jvp,
    /// (Y, Jᵀ ȳ)
    Vjp,
    /// J
    Jacobian,
    /// (Y, J)
    ValueAndJacobian,
    /// (½‖r‖², Jᵀr, JᵀJ)
    GaussNewton,
}

/// The orientation of Jacobians.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Layout {
    /// Rows are outputs.
    #[default]
    Numerator,
    /// Rows are inputs.
    Denominator,
}

/// The derivative of a foreign function: `erf(x: f64) -> f64 = expr`.
#[derive(Clone)]
pub struct Rule {
    /// The function.
    pub function: Path,
    /// Its parameters.
    pub parameters: Vec<(Ident, syn::Type)>,
    /// Its result.
    pub result: syn::Type,
    /// Its derivative.
    pub derivative: syn::Expr,
}

/// How an option is written.
pub(super) struct Keyword {
    pub(super) name: &'static str,
    pub(super) form: &'static str,
}

/// Every option.
pub(super) const KEYWORDS: [Keyword; 22] = [
    option("wrt", "wrt(a, b)"),
    option("hessian", "hessian"),
    option("hvp", "hvp"),
    option("jvp", "jvp"),
    option("vjp", "vjp"),
    option("jacobian", "jacobian"),
    option("gauss_newton", "gauss_newton"),
    option("symmetric", "symmetric(a)"),
    option("spd", "spd(a)"),
    option("diagonal", "diagonal(a)"),
    option("lower", "lower(a)"),
    option("upper", "upper(a)"),
    option("layout", "layout = \"denominator\""),
    option("types", "types(State = SVector<f64, 4>)"),
    option("rule", "rule(erf(x: f64) -> f64 = erf_derivative(x))"),
    option("stack", "stack = 1048576"),
    option("rename", "rename(grad = name)"),
    option("into", "into"),
    option("no_panic", "no_panic"),
    option("latex", "latex"),
    option("nalgebra", "nalgebra = path"),
    option("crate", "crate = path"),
];

const fn option(name: &'static str, form: &'static str) -> Keyword {
    Keyword { name, form }
}

/// The option of that name.
pub(super) fn keyword(name: &str) -> Option<&'static Keyword> {
    KEYWORDS.iter().find(|keyword| keyword.name == name)
}

/// The options that the attribute on a module takes, for all functions in it.
pub(super) const SHARED: [&str; 8] =
    ["layout", "types", "rule", "stack", "no_panic", "latex", "nalgebra", "crate"];

impl Options {
    /// These options of a function, and where they say nothing those of its module.
    pub fn within(self, module: &Options) -> Options {
        let own = |shared: &&Written| {
            !matches!(shared.choice, Choice::Types(_))
                && (matches!(shared.choice, Choice::Rules(_))
                    || self.written.iter().all(|own| own.keyword != shared.keyword))
        };
        let shared: Vec<Written> = module.written.iter().filter(own).cloned().collect();
        let aliases: Vec<Alias> = module.types.iter().cloned().collect();
        let types = self.types.clone().within(&aliases, &Constants::new());
        Options { written: self.written.into_iter().chain(shared).collect(), types }
    }

    /// The parameters named in `wrt`, if it is there.
    pub fn wrt(&self) -> Option<&[Ident]> {
        self.written.iter().find_map(|written| match &written.choice {
            Choice::Wrt(names) => Some(names.as_slice()),
            _ => None,
        })
    }
}

impl Output {
    /// Every generated function.
    pub const ALL: [Output; 10] = [
        Output::Grad,
        Output::ValueAndGrad,
        Output::Hessian,
        Output::ValueGradHessian,
        Output::Hvp,
        Output::Jvp,
        Output::Vjp,
        Output::Jacobian,
        Output::ValueAndJacobian,
        Output::GaussNewton,
    ];

    /// What its name ends with: `f_grad`.
    pub fn suffix(self) -> &'static str {
        match self {
            Output::Grad => "grad",
            Output::ValueAndGrad => "value_and_grad",
            Output::Hessian => "hessian",
            Output::ValueGradHessian => "value_grad_hessian",
            Output::Hvp => "hvp",
            Output::Jvp => "jvp",
            Output::Vjp => "vjp",
            Output::Jacobian => "jacobian",
            Output::ValueAndJacobian => "value_and_jacobian",
            Output::GaussNewton => "gauss_newton",
        }
    }

    /// The option that asks for it, if it is not generated anyway.
    pub(super) fn option(self) -> Option<&'static str> {
        match self {
            Output::Grad | Output::ValueAndGrad | Output::ValueAndJacobian => None,
            Output::ValueGradHessian => Some("hessian"),
            other => Some(other.suffix()),
        }
    }

    /// The function of that suffix.
    pub(super) fn named(suffix: &str) -> Option<Output> {
        Output::ALL.into_iter().find(|output| output.suffix() == suffix)
    }
}

impl Fact {
    /// Every fact.
    pub const ALL: [Fact; 5] = [Fact::Symmetric, Fact::Spd, Fact::Diagonal, Fact::Lower, Fact::Upper];

    /// The option that states it.
    pub fn keyword(self) -> &'static str {
        match self {
            Fact::Symmetric => "symmetric",
            Fact::Spd => "spd",
            Fact::Diagonal => "diagonal",
            Fact::Lower => "lower",
            Fact::Upper => "upper",
        }
    }

    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Fact::Symmetric => "symmetric",
            Fact::Spd => "positive definite",
            Fact::Diagonal => "diagonal",
            Fact::Lower => "lower triangular",
            Fact::Upper => "upper triangular",
        }
    }

    /// The fact of that keyword.
    pub(super) fn named(keyword: &str) -> Option<Fact> {
        Fact::ALL.into_iter().find(|fact| fact.keyword() == keyword)
    }
}
