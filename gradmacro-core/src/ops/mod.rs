//! One row per operation. A row states everything the project knows about its operation: how it is read and written,
//! its shape rule, its differential, its value. The passes know no operation by name.
//!
//! Law of the table (tests/laws.rs checks it for every row): the shape rule gives the shape of the value, the
//! pushforward is the derivative of the value, and every adjoint transposes the linear map it belongs to.
//!
//! Worked example, the whole of an entrywise function (see [`hyperbolic`]):
//! ```text
//! /// sinh x
//! pub static SINH: OpDef = OpDef {
//!     derivative: Entrywise(&[|_, x| x[0].apply(&COSH)]),
//!     parity: Parity::Odd,
//!     ..entrywise("sinh", |x| x[0].sinh())
//! };
//! ```
//! plus its name in the list [`ALL`]: the front then reads `x.sinh()`, `x.map(|v| v.sinh())` and `f64::sinh(x)`.

pub mod arithmetic;
mod decompositions;
pub mod exponential;
pub mod factors;
pub mod foreign;
pub mod hyperbolic;
pub mod index;
pub mod lowered;
pub mod matrix;
pub mod piecewise;
pub mod predicates;
pub mod products;
pub mod reductions;
pub mod rotations;
pub mod spectral;
pub mod structure;
pub mod systems;
pub mod table;
pub mod trigonometric;
pub mod writing;

use std::fmt;

use crate::ir::{Data, Expr, Properties, Shape, Wanted};
use matrix::Matrix;
pub use table::{ALL, named};

/// Adjoint of `y` in its k-th operand, in which it is linear: the cotangent of that operand, given `y`'s.
pub type Adjoint = for<'g> fn(y: Expr<'g>, k: usize, ct: Expr<'g>) -> Expr<'g>;

/// What the differential `dx` of the k-th operand contributes to dy; linear in `dx`.
pub type Partial = for<'g> fn(y: Expr<'g>, k: usize, dx: Expr<'g>) -> Expr<'g>;

/// The matrix of dx ↦ vec y for the k-th operand x, in which `y` is linear, given that of dx ↦ vec x: M\[A ℓ\] = A M\[ℓ\].
/// None if there is no form.
pub type AsMatrix = for<'g> fn(y: Expr<'g>, k: usize, m: Expr<'g>) -> Option<Expr<'g>>;

/// Derivative of an entrywise function in one operand, entry by entry.
pub type Slope = for<'g> fn(y: Expr<'g>, x: &[Expr<'g>]) -> Expr<'g>;

/// The one statement of an operation's derivative.
#[derive(Clone, Copy)]
pub enum Derivative {
    /// Jointly linear in its first operands (so many); the others are indices.
    Linear(usize, Adjoint),
    /// Linear in each operand.
    Multilinear(Adjoint),
    /// One differential per operand, and the adjoint in operands in which the operation happens to be linear.
    Partials(Partial, Adjoint),
    /// dY = slope ⊙ dX, one slope per operand.
    Entrywise(&'static [Slope]),
    /// Entry by entry, where the operands are arguments and then as many slopes in them, whose own change is part of
    /// no first derivative.
    Slopes,
    /// Piecewise constant: the derivative is 0.
    Flat,
    /// Not known: only first derivatives contain the row.
    Unknown,
}

/// What the shape of the result is, given the operands' shapes and the shape asked for; `None` if they do not fit.
pub type ShapeRule = fn(operands: &[Shape], wanted: Shape) -> Option<Shape>;

/// Reference value.
#[derive(Clone, Copy)]
pub enum Value {
    /// Of one entry, given the operands' entries at the same place.
    Entry(fn(&[f64]) -> f64),
    /// Of the whole, given the operands alone.
    Operands(fn(&[&Matrix]) -> Matrix),
    /// Of the whole.
    Whole(fn(&Call<'_>) -> Matrix),
}

/// What a reference value is computed from.
pub struct Call<'a> {
    /// What the node knows besides its operands.
    pub data: &'a Data,
    /// Values of the operands.
    pub operands: &'a [&'a Matrix],
    /// Rows and columns of the result.
    pub shape: (usize, usize),
}

/// f(−x) = −f(x), f(−x) = f(x), or neither.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Parity {
    /// f(−x) = −f(x)
    Odd,
    /// f(−x) = f(x)
    Even,
    /// Neither.
    None,
}

/// How the operation is written in generated Rust.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Written {
    /// A function of `nalgebra::ComplexField`.
    Complex(&'static str),
    /// A function of `nalgebra::RealField`.
    Real(&'static str),
    /// An infix operator of core.
    Operator(char),
    /// A kernel of the gradmacro library, with what it takes after its operands.
    Kernel(&'static str, &'static [Extra]),
    /// A method of nalgebra's `Matrix` on the first operand, the others as references.
    Method(&'static str),
    /// A factorisation, by the kernel of this name, with what its constructor takes after the matrix.
    Factors(&'static str, &'static [Extra]),
    /// A method of a factorisation, the first operand, with what it takes after the others.
    OfFactors(&'static str, &'static [Extra]),
    /// By a form of the language or of nalgebra's operators that emission knows.
    Form(Form),
}

/// Further arguments of a kernel.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Extra {
    /// The number 1.
    One,
    /// A function of `nalgebra::ComplexField`.
    Complex(&'static str),
}

/// Operations that are written with operators, literals and loops instead of one call.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "each is the operation of the same name")]
pub enum Form {
    Sum,
    Scale,
    Powers,
    Product,
    Ones,
    Identity,
    Slice,
    Scatter,
    Entries,
    Reshape,
    Commutation,
    CommuteRows,
    CommuteColumns,
    Kronecker,
    Predicate,
    Update,
    DiagonalMatrix,
    IntegerPower,
    Affine,
    AsReal,
    KeptAt,
    Foreign,
    Softmax,
    LogSumExp,
    ExtremumWeights,
    BlockInner,
    BlockSum,
    MulTr,
    ScaleRows,
    ScaleColumns,
    Fill,
    AddDiagonal,
    /// Not at all: the planner puts others in its place.
    Planned,
    Mirror,
    PseudoInverse,
    ExponentialDirection,
    Triangular,
    Tested,
    Required,
}

/// How the operation is written in a formula.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Notation {
    /// f(x, y): a name in Unicode and in LaTeX.
    Function(&'static str, &'static str),
    /// By a form that the writer of formulas knows.
    Form,
}

/// What a test may feed an operand: a shape, and the range of its entries.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    /// Rows and columns.
    pub shape: (usize, usize),
    /// Smallest and largest entry; equal for an index.
    pub range: (f64, f64),
    /// What is added on the diagonal.
    pub diagonal: f64,
}

/// What a test may feed an operation.
#[derive(Clone, Copy)]
pub struct Example {
    /// Its operands.
    pub operands: &'static [Sample],
    /// What it knows besides.
    pub data: fn() -> Data,
    /// The shape that is asked for where the operands do not tell.
    pub wanted: (usize, usize),
}

/// Canonical form of a node about to be made, where the row alone knows one.
pub type Fold = for<'g> fn(&Wanted<'g>) -> Option<Expr<'g>>;

/// What is known of the result, given what is known of the operands.
pub type Infer = fn(data: &Data, operands: &[Properties]) -> Properties;

/// An operation.
pub struct OpDef {
    /// Its name, also that of the method by which it is read unless `read` says otherwise.
    pub name: &'static str,
    /// Is it a scalar function that acts on matrices entry by entry?
    pub entrywise: bool,
    /// Is the result a part of the first operand, as it stands there?
    pub is_part: bool,
    /// Shape rule.
    pub shape: ShapeRule,
    /// The one statement of its derivative.
    pub derivative: Derivative,
    /// The same linear maps as matrices.
    pub as_matrix: AsMatrix,
    /// What it does to a sign.
    pub parity: Parity,
    /// What is known of the result.
    pub properties: Infer,
    /// Rules about this operation alone.
    pub fold: Fold,
    /// Reference value.
    pub value: Value,
    /// Floating-point operations per entry of the result, for entrywise functions.
    pub work: u32,
    /// How it is written in Rust.
    pub written: Written,
    /// How it is written in a formula.
    pub notation: Notation,
    /// What a test may feed it.
    pub example: Example,
    /// What happens where the derivative does not exist or a formula breaks; for the documentation.
    pub edge: &'static str,
}

impl fmt::Debug for OpDef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// An entrywise function of one argument, to be completed by its derivative.
pub const fn entrywise(name: &'static str, value: fn(&[f64]) -> f64) -> OpDef {
    OpDef {
        name,
        entrywise: true,
        is_part: false,
        shape: first,
        derivative: Derivative::Flat,
        as_matrix: |_, _, _| None,
        parity: Parity::None,
        properties: |_, _| Properties::NONE,
        fold: no_fold,
        value: Value::Entry(value),
        work: 10,
        written: Written::Complex(name),
        notation: Notation::Function(name, name),
        example: on(&[Sample { shape: (3, 2), range: (0.2, 0.9), diagonal: 0.0 }]),
        edge: "",
    }
}

/// An operation that is not entrywise, to be completed by its shape rule, derivative and value.
pub const fn whole(name: &'static str, value: fn(&Call<'_>) -> Matrix) -> OpDef {
    OpDef {
        entrywise: false,
        value: Value::Whole(value),
        written: Written::Method(name),
        work: 1,
        ..entrywise(name, |_| f64::NAN)
    }
}

/// An example without further data.
pub const fn on(operands: &'static [Sample]) -> Example {
    Example { operands, data: || Data::None, wanted: (0, 0) }
}

/// A sample with entries in (−1, 1).
pub const fn any(rows: usize, columns: usize) -> Sample {
    Sample { shape: (rows, columns), range: (-1.0, 1.0), diagonal: 0.0 }
}

/// A sample with entries in the given range.
pub const fn within(rows: usize, columns: usize, from: f64, to: f64) -> Sample {
    Sample { shape: (rows, columns), range: (from, to), diagonal: 0.0 }
}

/// A constant index.
pub const fn at(index: usize) -> Sample {
    Sample { shape: (1, 1), range: (index as f64, index as f64), diagonal: 0.0 }
}

/// The shape of the first operand, which all others share.
pub fn first(operands: &[Shape], _: Shape) -> Option<Shape> {
    operands.iter().try_fold(*operands.first()?, |s, t| s.agree(*t))
}

/// The shape that is asked for.
pub fn as_wanted(_: &[Shape], wanted: Shape) -> Option<Shape> {
    Some(wanted)
}

/// A scalar from anything.
pub fn scalar(_: &[Shape], _: Shape) -> Option<Shape> {
    Some(Shape::SCALAR)
}

/// Square in, same shape out.
pub fn square(operands: &[Shape], _: Shape) -> Option<Shape> {
    operands[0].rows.agree(operands[0].columns).map(|n| Shape::of(n, n))
}

/// Square in, scalar out.
pub fn square_to_scalar(operands: &[Shape], wanted: Shape) -> Option<Shape> {
    square(operands, wanted).map(|_| Shape::SCALAR)
}

/// A derivative that is not known: NaN, so that whoever asks for it is refused and nobody is misled.
pub fn unknown(y: Expr<'_>) -> Expr<'_> {
    let nan = crate::ir::Leaf::Constant(crate::ir::Constant::Float(f64::NAN.to_bits()));
    y.graph.leaf(nan, Shape::SCALAR).fill(y.shape())
}

/// No rule.
pub fn no_fold<'g>(_: &Wanted<'g>) -> Option<Expr<'g>> {
    None
}
