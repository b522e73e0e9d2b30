//! What a node is: a leaf, an operation applied to operands, or a region.

use std::hash::{Hash, Hasher};

use super::branch::Branch;
use super::graph::Id;
use super::ratio::Ratio;
use super::region::IndexSum;
use super::scan::Scan;
use super::shape::{Dim, Shape};
use crate::ops::OpDef;

/// An operation; two are equal if they are the same row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Op(pub &'static OpDef);

impl PartialEq for Op {
    fn eq(&self, other: &Op) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

impl Eq for Op {}

impl Hash for Op {
    fn hash<H: Hasher>(&self, state: &mut H) {
        std::ptr::from_ref(self.0).hash(state);
    }
}

/// A real number that no rational is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Constant {
    /// A constant of `core::f64::consts`, by name.
    Named(&'static str),
    /// The bits of an `f64` that a rational of 128 bits cannot hold.
    Float(u64),
}

impl Constant {
    /// The number; NaN for a name that core does not have.
    pub fn value(self) -> f64 {
        match self {
            Constant::Float(bits) => f64::from_bits(bits),
            Constant::Named(name) => NAMED.iter().find(|c| c.0 == name).map_or(f64::NAN, |c| c.1),
        }
    }
}

/// The constants of `core::f64::consts`, by name.
pub static NAMED: &[(&str, f64)] = {
    use std::f64::consts::*;
    &[
        ("PI", PI),
        ("TAU", TAU),
        ("E", E),
        ("LN_2", LN_2),
        ("LN_10", LN_10),
        ("LOG2_E", LOG2_E),
        ("LOG2_10", LOG2_10),
        ("LOG10_2", LOG10_2),
        ("LOG10_E", LOG10_E),
        ("SQRT_2", SQRT_2),
        ("FRAC_1_SQRT_2", FRAC_1_SQRT_2),
        ("FRAC_1_PI", FRAC_1_PI),
        ("FRAC_2_PI", FRAC_2_PI),
        ("FRAC_2_SQRT_PI", FRAC_2_SQRT_PI),
        ("FRAC_PI_2", FRAC_PI_2),
        ("FRAC_PI_3", FRAC_PI_3),
        ("FRAC_PI_4", FRAC_PI_4),
        ("FRAC_PI_6", FRAC_PI_6),
        ("FRAC_PI_8", FRAC_PI_8),
    ]
};

/// A node without operands.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Leaf {
    /// A parameter of the function, by position.
    Input(u32),
    /// The direction in which a differentiated parameter moves, by its place in the request.
    Direction(u32),
    /// The cotangent of the result.
    Cotangent,
    /// An expression of the user's that is kept as it is, by position in source order.
    Kept(u32),
    /// A number.
    Constant(Constant),
    /// The number of rows or columns that a name stands for.
    Extent(Dim),
    /// A differential, or a parameter of a region that is open.
    Variable(u32),
    /// A parameter of the closed body it stands in: 0 is the index, then captures.
    Parameter(u32),
}

impl Leaf {
    /// Does its value vary from call to call, or from place to place?
    pub fn is_unknown(&self) -> bool {
        !matches!(self, Leaf::Constant(_) | Leaf::Extent(_) | Leaf::Parameter(_))
    }
}

/// What an operation knows besides its operands.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Data {
    /// Nothing.
    None,
    /// One coefficient per operand of a linear combination.
    Coefficients(Vec<Ratio>),
    /// One exponent per operand of an entrywise product.
    Exponents(Vec<Ratio>),
    /// One integer factor per operand, and a constant: an index.
    Affine(Vec<i64>, i64),
    /// Row and column of each operand in a matrix that is zero elsewhere.
    Positions(Vec<(u32, u32)>),
    /// The shape of the matrix whose entries are moved.
    Shape(Shape),
    /// Which kept expression, for one that reads an index.
    Kept(u32),
    /// Which foreign function, by its path.
    Foreign(&'static str),
    /// Which demand of the function's, for a factorisation that may fail.
    Demand(u32),
}

impl Data {
    /// Coefficients of a linear combination; empty for anything else.
    pub fn coefficients(&self) -> &[Ratio] {
        if let Data::Coefficients(list) = self { list } else { &[] }
    }

    /// Exponents of an entrywise product; empty for anything else.
    pub fn exponents(&self) -> &[Ratio] {
        if let Data::Exponents(list) = self { list } else { &[] }
    }

    /// The number that an index is, if it is a constant; none for anything else.
    pub fn constant_index(&self) -> Option<i64> {
        match self {
            Data::Affine(factors, n) if factors.is_empty() => Some(*n),
            _ => None,
        }
    }

    /// Positions of entries; empty for anything else.
    pub fn positions(&self) -> &[(u32, u32)] {
        if let Data::Positions(list) = self { list } else { &[] }
    }
}

/// A node of the graph.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Node {
    /// No operands.
    Leaf(Leaf),
    /// An operation of the table.
    Apply(Op, Data, Vec<Id>),
    /// A sum over an index, with a body of its own.
    IndexSum(IndexSum),
    /// A loop with carried variables. It has no value; its results have.
    Scan(Scan),
    /// A conditional. It has no value; its results have.
    Branch(Branch),
    /// The k-th result of a scan or a branch.
    Result(u32, [Id; 1]),
}

impl Node {
    /// Operands, in order.
    pub fn operands(&self) -> &[Id] {
        match self {
            Node::Leaf(_) => &[],
            Node::Apply(_, _, operands) => operands,
            Node::IndexSum(sum) => &sum.operands,
            Node::Scan(scan) => &scan.operands,
            Node::Branch(branch) => &branch.operands,
            Node::Result(_, region) => region,
        }
    }

    /// Is it an application of this row?
    pub fn is(&self, op: &'static OpDef) -> bool {
        matches!(self, Node::Apply(Op(own), ..) if std::ptr::eq(*own, op))
    }

    /// The row it applies.
    pub fn op(&self) -> Option<&'static OpDef> {
        if let Node::Apply(Op(op), ..) = self { Some(op) } else { None }
    }

    /// What the operation knows besides its operands.
    pub fn data(&self) -> &Data {
        if let Node::Apply(_, data, _) = self { data } else { &Data::None }
    }

    /// How often the k-th operand counts in the node's size: a whole power counts its exponent.
    pub fn occurrences(&self, k: usize) -> u32 {
        let exponent = self.data().exponents().get(k).and_then(|p| p.integer());
        exponent.map_or(1, i32::unsigned_abs)
    }
}
