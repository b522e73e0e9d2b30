//! `Expr`, the handle in which rules are written: `-(y * dx * y)` builds nodes.
//!
//! Shapes are not checked here: the front has checked what the user wrote, and rules only combine what fits.

use std::ops::{Add, Div, Mul, Neg, Sub};
use std::rc::Rc;

use super::graph::{Graph, Id, Measure};
use super::node::{Data, Leaf, Node};
use super::properties::Properties;
use super::ratio::Ratio;
use super::shape::{Dim, Shape};
use crate::ops::{OpDef, arithmetic, index, products, structure, systems};

/// A node together with its graph.
#[derive(Clone, Copy)]
pub struct Expr<'g> {
    /// The node.
    pub id: Id,
    /// The graph it lives in.
    pub graph: &'g Graph,
}

impl PartialEq for Expr<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Expr<'_> {}

/// A list of expressions together with a number each: terms of a sum, or factors of an entrywise product.
pub type Weighted<'g> = Vec<(Expr<'g>, Ratio)>;

impl<'g> Expr<'g> {
    /// The node behind the handle.
    pub fn node(self) -> Rc<Node> {
        self.graph.node(self.id)
    }

    /// Rows × columns.
    pub fn shape(self) -> Shape {
        self.graph.shape(self.id)
    }

    /// Size as a tree.
    pub fn measure(self) -> Measure {
        self.graph.measure(self.id)
    }

    /// What holds of its value for certain.
    pub fn properties(self) -> Properties {
        self.measure().properties
    }

    /// Is it 1×1?
    pub fn is_scalar(self) -> bool {
        self.shape().is_scalar()
    }

    /// Does it apply this row?
    pub fn is(self, op: &'static OpDef) -> bool {
        self.node().is(op)
    }

    /// The k-th operand.
    pub fn operand(self, k: usize) -> Expr<'g> {
        self.graph.expr(self.node().operands()[k])
    }

    /// All operands.
    pub fn operands(self) -> Vec<Expr<'g>> {
        self.node().operands().iter().map(|x| self.graph.expr(*x)).collect()
    }

    /// Operands with the coefficient or exponent that belongs to each.
    pub fn weighted(self) -> Weighted<'g> {
        let node = self.node();
        let weights = match node.data() {
            Data::Coefficients(list) | Data::Exponents(list) => list.as_slice(),
            _ => &[],
        };
        node.operands().iter().zip(weights).map(|(x, k)| (self.graph.expr(*x), *k)).collect()
    }

    /// The number before it, and what it is the multiple of: 3 and X of 3 X.
    pub fn multiple(self) -> (Expr<'g>, Ratio) {
        match self.weighted()[..] {
            [only] if self.is(&arithmetic::SUM) => only,
            _ => (self, Ratio::ONE),
        }
    }

    /// Is it the empty sum?
    pub fn is_zero(self) -> bool {
        let node = self.node();
        node.is(&arithmetic::SUM) && node.operands().is_empty()
    }

    /// Is every entry 1?
    pub fn is_ones(self) -> bool {
        self.is(&structure::ONES)
    }

    /// The number that a constant scalar is.
    pub fn number(self) -> Option<Ratio> {
        match self.weighted()[..] {
            _ if !self.is_scalar() => None,
            _ if self.is_zero() => Some(Ratio::ZERO),
            _ if self.is_ones() => Some(Ratio::ONE),
            [(x, k)] if self.is(&arithmetic::SUM) && x.is_ones() => Some(k),
            _ => None,
        }
    }

    /// Does it stay the same while variables newer than `scope` vary?
    pub fn is_fixed(self, scope: u32) -> bool {
        self.measure().newest <= scope
    }

    fn unary(self, op: &'static OpDef, shape: Shape) -> Expr<'g> {
        self.graph.apply(op, Data::None, &[self], shape)
    }

    /// An entrywise function, or any other operation that keeps the shape of its first operand.
    pub fn apply(self, op: &'static OpDef) -> Expr<'g> {
        self.unary(op, self.shape())
    }

    /// An entrywise function of two matrices of one shape.
    pub fn apply_with(self, op: &'static OpDef, other: Expr<'g>) -> Expr<'g> {
        self.graph.apply(op, Data::None, &[self, other], self.shape())
    }

    /// An operation with a scalar result.
    pub fn reduce(self, op: &'static OpDef) -> Expr<'g> {
        self.unary(op, Shape::SCALAR)
    }

    /// Transpose.
    pub fn t(self) -> Expr<'g> {
        self.unary(&structure::TRANSPOSE, self.shape().transposed())
    }

    /// tr X
    pub fn trace(self) -> Expr<'g> {
        self.reduce(&structure::TRACE)
    }

    /// ⟨A, B⟩ = Σ AᵢⱼBᵢⱼ
    pub fn inner(self, other: Expr<'g>) -> Expr<'g> {
        match self.shape() {
            s if s.is_scalar() => self * other,
            s if s.columns == Dim::ONE => self.t() * other,
            s if s.rows == Dim::ONE => self * other.t(),
            _ => (self.t() * other).trace(),
        }
    }

    /// Σ Xᵢⱼ as 1ᵀX1
    pub fn sum(self) -> Expr<'g> {
        let Shape { rows, columns } = self.shape();
        let over_rows =
            if rows == Dim::ONE { self } else { self.graph.ones(Shape::of(Dim::ONE, rows)) * self };
        if columns == Dim::ONE { over_rows } else { over_rows * self.graph.ones(Shape::column(columns)) }
    }

    /// Square matrix with this vector on its diagonal.
    pub fn diagonal_matrix(self) -> Expr<'g> {
        self.unary(&structure::DIAGONAL_MATRIX, Shape::of(self.shape().rows, self.shape().rows))
    }

    /// The diagonal as a column.
    pub fn diagonal(self) -> Expr<'g> {
        self.unary(&structure::DIAGONAL, Shape::column(self.shape().rows))
    }

    /// The same entries, column by column, in another shape.
    pub fn reshaped(self, shape: Shape) -> Expr<'g> {
        structure::reshape(self, shape)
    }

    /// All entries in one column, column by column; itself where that has no size that can be written.
    pub fn vec(self) -> Expr<'g> {
        match self.shape().entries() {
            Ok(size) => self.reshaped(Shape::column(size)),
            Err(_) => self,
        }
    }

    /// A ⊙ B
    pub fn hadamard(self, other: Expr<'g>) -> Expr<'g> {
        self.graph.powers(&[(self, Ratio::ONE), (other, Ratio::ONE)], self.shape())
    }

    /// A ⊘ B
    pub fn over(self, other: Expr<'g>) -> Expr<'g> {
        self.graph.powers(&[(self, Ratio::ONE), (other, Ratio::MINUS_ONE)], self.shape())
    }

    /// X⁻¹
    pub fn inverse(self) -> Expr<'g> {
        self.apply(&systems::INVERSE)
    }

    /// The symmetric matrix whose lower triangle is that of X.
    pub fn mirrored(self) -> Expr<'g> {
        self.apply(&systems::MIRROR)
    }

    /// Every entry to a rational power.
    pub fn power(self, exponent: Ratio) -> Expr<'g> {
        self.graph.powers(&[(self, exponent)], self.shape())
    }

    /// Every entry squared.
    pub fn squared(self) -> Expr<'g> {
        self.power(Ratio::int(2))
    }

    /// 1 in the same shape.
    pub fn ones(self) -> Expr<'g> {
        self.graph.ones(self.shape())
    }

    /// k·X
    pub fn times(self, k: Ratio) -> Expr<'g> {
        self.graph.combination(&[(self, k)], self.shape())
    }

    /// The block of this shape whose first entry is at (row, column).
    pub fn slice(self, row: Expr<'g>, column: Expr<'g>, shape: Shape) -> Expr<'g> {
        self.graph.apply(&structure::SLICE, Data::None, &[self, row, column], shape)
    }

    /// The block of this shape at a constant place.
    pub fn block(self, row: usize, column: usize, shape: Shape) -> Expr<'g> {
        self.slice(self.graph.index(row as i64), self.graph.index(column as i64), shape)
    }

    /// One entry.
    pub fn entry(self, row: usize, column: usize) -> Expr<'g> {
        self.block(row, column, Shape::SCALAR)
    }

    /// A matrix of zeros in which this block stands at (row, column).
    pub fn scatter(self, row: Expr<'g>, column: Expr<'g>, shape: Shape) -> Expr<'g> {
        self.graph.apply(&structure::SCATTER, Data::None, &[self, row, column], shape)
    }

    /// The same scalar in every entry of a matrix.
    pub fn fill(self, shape: Shape) -> Expr<'g> {
        if shape.is_scalar() { self } else { self * self.graph.ones(shape) }
    }

    /// An index as a real number.
    pub fn as_real(self) -> Expr<'g> {
        self.reduce(&index::AS_REAL)
    }
}

impl Graph {
    /// Every entry 1.
    pub fn ones(&self, shape: Shape) -> Expr<'_> {
        self.apply(&structure::ONES, Data::None, &[], shape)
    }

    /// Every entry 0.
    pub fn zeros(&self, shape: Shape) -> Expr<'_> {
        self.combination(&[], shape)
    }

    /// A number.
    pub fn number(&self, k: Ratio) -> Expr<'_> {
        match k {
            Ratio::ONE => self.ones(Shape::SCALAR),
            _ => self.combination(&[(self.ones(Shape::SCALAR), k)], Shape::SCALAR),
        }
    }

    /// An integer as a real number.
    pub fn int(&self, k: i64) -> Expr<'_> {
        self.number(Ratio::int(k))
    }

    /// The size that a dimension is, as a real number.
    pub fn extent(&self, dim: Dim) -> Expr<'_> {
        match dim {
            Dim::Known(n) => self.int(n as i64),
            _ => self.leaf(Leaf::Extent(dim), Shape::SCALAR).as_real(),
        }
    }

    /// The size that a dimension is, as an index.
    pub fn index_extent(&self, dim: Dim) -> Expr<'_> {
        match dim {
            Dim::Known(n) => self.index(n as i64),
            _ => self.leaf(Leaf::Extent(dim), Shape::SCALAR),
        }
    }

    /// Identity matrix.
    pub fn identity(&self, n: Dim) -> Expr<'_> {
        self.apply(&structure::IDENTITY, Data::None, &[], Shape::of(n, n))
    }

    /// A constant index.
    pub fn index(&self, value: i64) -> Expr<'_> {
        self.affine(&[], value)
    }

    /// Σ kᵢ·indexᵢ + constant
    pub fn affine<'g>(&'g self, terms: &[(Expr<'g>, i64)], constant: i64) -> Expr<'g> {
        let (operands, factors): (Vec<_>, Vec<_>) = terms.iter().copied().unzip();
        self.apply(&index::AFFINE, Data::Affine(factors, constant), &operands, Shape::SCALAR)
    }

    /// Σ kᵢ·Xᵢ, all of one shape.
    pub fn combination<'g>(&'g self, terms: &[(Expr<'g>, Ratio)], shape: Shape) -> Expr<'g> {
        let (operands, coefficients): (Vec<_>, Vec<_>) = terms.iter().copied().unzip();
        self.apply(&arithmetic::SUM, Data::Coefficients(coefficients), &operands, shape)
    }

    /// ⊙ Xᵢ^pᵢ, all of one shape.
    pub fn powers<'g>(&'g self, factors: &[(Expr<'g>, Ratio)], shape: Shape) -> Expr<'g> {
        let (operands, exponents): (Vec<_>, Vec<_>) = factors.iter().copied().unzip();
        self.apply(&arithmetic::POWERS, Data::Exponents(exponents), &operands, shape)
    }

    /// Matrix product of at least one factor; 1×1 factors are scalars.
    pub fn product<'g>(&'g self, factors: &[Expr<'g>]) -> Expr<'g> {
        let (scalars, matrices): (Vec<Expr<'g>>, Vec<Expr<'g>>) = factors.iter().partition(|x| x.is_scalar());
        let body = match matrices[..] {
            [] => None,
            [x] => Some(x),
            [first, .., last] => {
                let shape = Shape::of(first.shape().rows, last.shape().columns);
                Some(self.apply(&products::PRODUCT, Data::None, &matrices, shape))
            }
        };
        let product = scalars.into_iter().chain(body).reduce(|a, b| a * b);
        product.unwrap_or_else(|| self.ones(Shape::SCALAR))
    }

    /// A matrix with these scalars at these places and zeros elsewhere.
    pub fn entries<'g>(&'g self, list: &[((u32, u32), Expr<'g>)], shape: Shape) -> Expr<'g> {
        let (places, operands): (Vec<_>, Vec<_>) = list.iter().copied().unzip();
        self.apply(&structure::ENTRIES, Data::Positions(places), &operands, shape)
    }
}

impl<'g> Add for Expr<'g> {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        self.graph.combination(&[(self, Ratio::ONE), (other, Ratio::ONE)], self.shape())
    }
}

impl<'g> Sub for Expr<'g> {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self.graph.combination(&[(self, Ratio::ONE), (other, Ratio::MINUS_ONE)], self.shape())
    }
}

impl<'g> Neg for Expr<'g> {
    type Output = Self;
    fn neg(self) -> Self {
        self.times(Ratio::MINUS_ONE)
    }
}

/// Matrix product, or scaling where one operand is 1×1.
impl<'g> Mul for Expr<'g> {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        let graph = self.graph;
        match (self.shape(), other.shape()) {
            (Shape::SCALAR, Shape::SCALAR) => self.hadamard(other),
            (Shape::SCALAR, s) => graph.apply(&arithmetic::SCALE, Data::None, &[self, other], s),
            (s, Shape::SCALAR) => graph.apply(&arithmetic::SCALE, Data::None, &[other, self], s),
            (s, t) => {
                let shape = Shape::of(s.rows, t.columns);
                graph.apply(&products::PRODUCT, Data::None, &[self, other], shape)
            }
        }
    }
}

/// Division by a scalar.
#[expect(clippy::suspicious_arithmetic_impl, reason = "x / s is the node s⁻¹ x")]
impl<'g> Div for Expr<'g> {
    type Output = Self;
    fn div(self, other: Self) -> Self {
        other.power(Ratio::MINUS_ONE) * self
    }
}
