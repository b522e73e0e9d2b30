//! A formula between the graph and a notation.

use crate::ir::{Ratio, Shape};

/// What stands where in a formula.
#[derive(Clone, Debug, PartialEq)]
pub enum Formula {
    /// A name or a number, the same in every notation.
    Text(String),
    /// A parameter by the name the user gave it.
    Name(String),
    /// Source text of the user's.
    Source(String),
    /// A symbol in Unicode and in LaTeX.
    Symbol(&'static str, &'static str),
    /// A rational number, not negative.
    Number(Ratio),
    /// 0, 1 or I of a size.
    Sized(char, Shape),
    /// Terms, each with its sign: is it taken off?
    Sum(Vec<(bool, Formula)>),
    /// Factors side by side.
    Product(Vec<Formula>),
    /// Operands of infix operators; the first one's operator is not written.
    Infix(Vec<(Infix, Formula)>),
    /// a / b
    Fraction(Box<Formula>, Box<Formula>),
    /// Something raised.
    Raised(Box<Formula>, Raise),
    /// f(x, y), by the name of f in Unicode and in LaTeX.
    Call(&'static str, &'static str, Vec<Formula>),
    /// ‖x‖
    Norm(Box<Formula>),
    /// |x|
    Absolute(Box<Formula>),
    /// √x
    Root(Box<Formula>),
    /// x[i, j]
    Part(Box<Formula>, Vec<Formula>),
    /// i..j as a place in a [`Formula::Part`]; nothing where the range has no end.
    Range(Option<(Box<Formula>, Box<Formula>)>),
    /// Rows of entries.
    Grid(Vec<Vec<Formula>>),
    /// The unit vector at a place.
    Unit(Box<Formula>),
    /// Σ over an index, a trip count, a body.
    Over(String, Box<Formula>, Box<Formula>),
}

/// An infix operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Infix {
    /// ⊙
    Times,
    /// ⊘
    Over,
    /// ⊗
    Kronecker,
    /// ×
    Cross,
}

/// What something is raised by.
#[derive(Clone, Debug, PartialEq)]
pub enum Raise {
    /// ᵀ
    Transpose,
    /// A whole number.
    Whole(i128),
    /// Anything else.
    By(Box<Formula>),
}

/// How tightly a formula holds together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    /// a + b
    Sum,
    /// a ⊙ b, a / b
    Infix,
    /// a b
    Product,
    /// a, f(a), aᵀ
    Atom,
}

impl Formula {
    /// How tightly it holds together where fractions are written with a slash.
    pub(super) fn level(&self) -> Level {
        match self {
            Formula::Sum(_) | Formula::Range(_) => Level::Sum,
            Formula::Infix(_) | Formula::Fraction(..) | Formula::Over(..) => Level::Infix,
            Formula::Product(_) => Level::Product,
            _ => Level::Atom,
        }
    }

    /// The factors of a product, or the one that anything else is.
    pub(super) fn into_factors(self) -> Vec<Formula> {
        match self {
            Formula::Product(list) => list,
            other => vec![other],
        }
    }

    /// A product, without brackets around a single factor.
    pub(super) fn product(mut factors: Vec<Formula>) -> Formula {
        match factors.len() {
            1 => factors.remove(0),
            _ => Formula::Product(factors),
        }
    }

    /// −x
    pub(super) fn negated(self) -> Formula {
        Formula::Sum(vec![(true, self)])
    }

    /// An integer.
    pub(super) fn int(n: i64) -> Formula {
        match n {
            0.. => Formula::Text(n.to_string()),
            _ => Formula::Text(n.unsigned_abs().to_string()).negated(),
        }
    }
}
