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
    /// The name of a function that is no parameter.
    Title(String),
    /// ∇x
    Gradient(Box<Formula>),
    /// ∂y/∂x of what comes first by each of what follows, which may be one twice.
    Partial(Box<Formula>, Vec<Formula>),
    /// dy
    Differential(Box<Formula>),
    /// A rational number, not negative.
    Number(Ratio),
    /// 0, 1, I or K of a size.
    Sized(char, Shape),
    /// A size: 3×2.
    Size(Shape),
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
    /// f x, by the name of f in Unicode and in LaTeX.
    Prefix(&'static str, &'static str, Box<Formula>),
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
    /// Σ over an index from 0 to a last one of a body.
    Over(String, Box<Formula>, Box<Formula>),
    /// A state of a loop: its name, how often that is primed, and after which steps.
    State(String, usize, Vec<Formula>),
    /// Values, each with the condition under which it is the one; the last one otherwise.
    Cases(Vec<(Formula, Option<Formula>)>),
    /// a < b
    Relation(Relation, Box<Formula>, Box<Formula>),
    /// p ∧ q, or p ∨ q
    Logic(Connective, Vec<Formula>),
    /// ¬p
    Not(Box<Formula>),
    /// Something with parts of it overwritten: what they are called, and by what.
    With(Box<Formula>, Vec<(Formula, Formula)>),
    /// A formula and what its states are.
    Where(Box<Formula>, Vec<Definition>),
}

/// left = right, for all indices in their ranges.
#[derive(Clone, Debug, PartialEq)]
pub struct Definition {
    /// What is defined.
    pub left: Formula,
    /// What it is.
    pub right: Formula,
    /// The indices in both, outermost first.
    pub runs: Vec<Run>,
}

/// What an index goes through, one by one.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// The index.
    pub index: String,
    /// Where it starts.
    pub first: Formula,
    /// Where it ends.
    pub last: Formula,
}

/// How two numbers compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// <
    Less,
    /// ≤
    AtMost,
    /// >
    More,
    /// ≥
    AtLeast,
    /// =
    Equal,
    /// ≠
    Unequal,
}

/// What joins conditions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Connective {
    /// ∧
    And,
    /// ∨
    Or,
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
pub enum Raise<F = Box<Formula>> {
    /// ᵀ
    Transpose,
    /// ⁻¹
    Inverse,
    /// ⁻ᵀ
    InverseTranspose,
    /// ⁺
    PseudoInverse,
    /// ⁺ᵀ
    PseudoInverseTranspose,
    /// A whole number.
    Whole(i128),
    /// Anything else.
    By(F),
}

impl<F> Raise<F> {
    /// The one sign for this behind another, if there is one: ⁻¹ and ᵀ in either order are ⁻ᵀ.
    fn behind(&self, other: &Self) -> Option<Self> {
        match (other, self) {
            (Raise::Inverse, Raise::Transpose) | (Raise::Transpose, Raise::Inverse) => {
                Some(Raise::InverseTranspose)
            }
            (Raise::PseudoInverse, Raise::Transpose) | (Raise::Transpose, Raise::PseudoInverse) => {
                Some(Raise::PseudoInverseTranspose)
            }
            _ => None,
        }
    }
}

impl Formula {
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

    /// Terms with their signs, or the only one if it is not taken off.
    pub(super) fn sum(mut terms: Vec<(bool, Formula)>) -> Formula {
        match &terms[..] {
            [(false, _)] => terms.remove(0).1,
            _ => Formula::Sum(terms),
        }
    }

    /// −x
    pub(super) fn negated(self) -> Formula {
        Formula::Sum(vec![(true, self)])
    }

    /// xᵀ, x⁻¹ and the like, under one sign where there is one.
    pub(in crate::emit) fn raised(self, raise: Raise) -> Formula {
        match self {
            Formula::Raised(base, own) => match raise.behind(&own) {
                Some(both) => Formula::Raised(base, both),
                None => Formula::Raised(Box::new(Formula::Raised(base, own)), raise),
            },
            other => Formula::Raised(Box::new(other), raise),
        }
    }

    /// An integer.
    pub(super) fn int(n: i64) -> Formula {
        match n {
            0.. => Formula::Text(n.to_string()),
            _ => Formula::Text(n.unsigned_abs().to_string()).negated(),
        }
    }
}
