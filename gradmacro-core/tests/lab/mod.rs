//! What the tests of the calculus share: numbers from a fixed seed, functions under test, and the laws themselves as
//! one checker, so that a planted mistake meets the same laws as a row of the table.

#![allow(dead_code, unreachable_pub, reason = "each test file uses a part of the laboratory")]

pub mod formula;
pub mod laws;
pub mod maker;
pub mod mathml;
pub mod productions;
pub mod programs;
pub mod random;
pub mod text;

use std::collections::BTreeMap;

use gradmacro_core::certify::evaluate::{Environment, Evaluator};
use gradmacro_core::ir::{Dim, Expr, Graph, Id, Leaf, Node, Shape, shape};
use gradmacro_core::ops::matrix::Matrix;
use gradmacro_core::ops::{OpDef, Sample};
use gradmacro_core::plan::{Schedule, Wanted, plan};
use random::Random;

/// A direction in which leaves move.
pub type Direction<'g> = [(Expr<'g>, Matrix)];

/// Values of leaves, and what a graph makes of them.
#[derive(Clone, Default)]
pub struct Bench {
    /// What is bound so far.
    pub environment: Environment,
}

impl Bench {
    /// Binds a leaf.
    pub fn bind(&mut self, leaf: Expr<'_>, value: Matrix) {
        self.environment.bind(leaf_of(leaf), value);
    }

    /// Binds a leaf to random numbers.
    pub fn bind_any(&mut self, leaf: Expr<'_>, random: &mut Random) -> Matrix {
        let value = random.matrix(self.environment.shape(leaf.shape()), (-1.0, 1.0));
        self.bind(leaf, value.clone());
        value
    }

    /// The value of an expression.
    pub fn value(&self, x: Expr<'_>) -> Matrix {
        Evaluator::new(x.graph, &self.environment).value(x.id).as_ref().clone()
    }

    /// The value after a step in a direction.
    pub fn value_after(&self, x: Expr<'_>, step: f64, direction: &Direction<'_>) -> Matrix {
        let mut moved = self.clone();
        for (leaf, along) in direction {
            let from = self.value(*leaf);
            moved.bind(*leaf, from.zip(along, |a, b| a + step * b));
        }
        moved.value(x)
    }

    /// Central difference along a direction.
    pub fn difference(&self, x: Expr<'_>, step: f64, direction: &Direction<'_>) -> Matrix {
        let (ahead, behind) = (self.value_after(x, step, direction), self.value_after(x, -step, direction));
        ahead.zip(&behind, |a, b| (a - b) / (2.0 * step))
    }
}

/// The leaf that an expression is.
pub fn leaf_of(x: Expr<'_>) -> Leaf {
    match &*x.node() {
        Node::Leaf(leaf) => leaf.clone(),
        other => panic!("not a leaf: {other:?}"),
    }
}

/// How these roots are computed together, of a function with this value and nothing else that is known of it.
pub fn planned(graph: &Graph, value: Id, roots: &[Id]) -> Schedule {
    let none = BTreeMap::new();
    plan(&Wanted {
        graph,
        value,
        roots,
        others: &BTreeMap::new(),
        demands: &[],
        labels: &none,
        index_labels: &none,
        written_out: true,
    })
}

/// Are all entries alike up to `tolerance` of the largest one, or of 1?
pub fn close(a: &Matrix, b: &Matrix, tolerance: f64) -> bool {
    let scale = a.largest().max(b.largest()).max(1.0);
    a.shape() == b.shape() && a.is_finite() && a.zip(b, |p, q| p - q).largest() <= tolerance * scale
}

/// How the sizes of a test are stated.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sizes {
    /// As literals.
    Literal,
    /// Every size but 1 as the name of a const parameter.
    Named,
}

impl Sizes {
    /// A shape of so many rows and columns.
    pub fn shape(self, (rows, columns): (usize, usize)) -> Shape {
        Shape::of(self.dim(rows), self.dim(columns))
    }

    /// A dimension of this size.
    pub fn dim(self, n: usize) -> Dim {
        match self {
            Sizes::Named if n > 1 => Dim::Parameter(shape::intern(&format!("N{n}"))),
            _ => Dim::Known(n),
        }
    }

    /// An environment that knows what the names stand for.
    pub fn bench(self) -> Bench {
        let mut bench = Bench::default();
        bench.environment.extents.extend((2..40).map(|n| (Sizes::Named.dim(n), n)));
        bench
    }
}

/// Is this sample a constant index?
pub fn is_index(sample: &Sample) -> bool {
    sample.range.0 == sample.range.1
}

/// An operation applied to operands as its example says.
pub fn applied<'g>(graph: &'g Graph, op: &'static OpDef, operands: &[Expr<'g>], sizes: Sizes) -> Expr<'g> {
    let shapes: Vec<Shape> = operands.iter().map(|x| x.shape()).collect();
    let shape = (op.shape)(&shapes, sizes.shape(op.example.wanted));
    let shape = shape.unwrap_or_else(|| panic!("{} does not take its own example", op.name));
    graph.apply(op, (op.example.data)(), operands, shape)
}
