//! What is known of a matrix besides its shape: stated of an input, and inferred from operands by the rows.
//!
//! Symmetry needs no inference: S is symmetric if and only if its transpose is the same node.

use super::graph::Id;

/// A property that the attribute may state of a parameter.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Fact {
    /// A = Aᵀ
    Symmetric,
    /// Symmetric and positive definite.
    Spd,
    /// Zero off the diagonal.
    Diagonal,
    /// Zero above the diagonal.
    Lower,
    /// Zero below the diagonal.
    Upper,
}

/// What holds of a node for certain.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Properties {
    /// A = Aᵀ
    pub symmetric: bool,
    /// Symmetric and positive definite.
    pub definite: bool,
    /// Zero above the diagonal.
    pub lower: bool,
    /// Zero below the diagonal.
    pub upper: bool,
}

impl Properties {
    /// Nothing is known.
    pub const NONE: Properties = Properties { symmetric: false, definite: false, lower: false, upper: false };

    /// A diagonal matrix.
    pub const DIAGONAL: Properties = Properties { symmetric: true, lower: true, upper: true, ..Self::NONE };

    /// What facts say.
    pub fn stated(facts: &[Fact]) -> Properties {
        facts.iter().fold(Properties::NONE, |known, fact| match fact {
            Fact::Symmetric => Properties { symmetric: true, ..known },
            Fact::Spd => Properties { symmetric: true, definite: true, ..known },
            Fact::Diagonal => Properties { symmetric: true, lower: true, upper: true, ..known },
            Fact::Lower => Properties { lower: true, ..known },
            Fact::Upper => Properties { upper: true, ..known },
        })
    }

    /// What holds of both.
    pub fn and(self, other: Properties) -> Properties {
        Properties {
            symmetric: self.symmetric && other.symmetric,
            definite: self.definite && other.definite,
            lower: self.lower && other.lower,
            upper: self.upper && other.upper,
        }
    }

    /// What holds of the transpose.
    pub fn transposed(self) -> Properties {
        Properties { lower: self.upper, upper: self.lower, ..self }
    }

    /// Is it zero off the diagonal?
    pub fn is_diagonal(self) -> bool {
        self.lower && self.upper
    }

    /// Only which triangles are zero.
    pub fn triangles(self) -> Properties {
        Properties { lower: self.lower, upper: self.upper, ..Properties::NONE }
    }
}

/// What a factorisation that may fail is tested for, which decides what counts as failing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Test {
    /// `try_inverse`: the determinant in closed form up to size 4, a pivot above, is exactly 0.
    Inverse,
    /// `lu`: a pivot is exactly 0.
    Lu,
    /// `full_piv_lu`: a pivot is exactly 0.
    CompleteLu,
    /// `qr`: an entry of the diagonal of R is exactly 0.
    Qr,
    /// `cholesky`: a pivot is not above 0.
    Cholesky,
    /// A triangular solve: an entry of the diagonal is exactly 0.
    Triangular,
    /// `pseudo_inverse`: the tolerance is negative.
    PseudoInverse,
    /// A condition: it does not hold.
    Holds,
}

/// A factorisation that may fail.
#[derive(Clone, Copy, Debug)]
pub struct Demanded {
    /// What has to be computed for the test to be made.
    pub node: Id,
    /// What is tested.
    pub test: Test,
    /// Is it made even if nothing needs the factorisation?
    pub required: bool,
}
