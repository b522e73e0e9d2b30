//! Random points: inputs, kept expressions, sizes of names, directions.

use std::rc::Rc;

use super::evaluate::Environment;
use crate::front::{InputKind, Program};
use crate::ir::{Dim, Id, Leaf, Node};
use crate::ops::matrix::Matrix;

/// Where everything is evaluated, and in which directions derivatives are compared.
pub(super) struct Point {
    pub(super) environment: Environment,
    pub(super) directions: Vec<Rc<Matrix>>,
}

/// A sequence of random points.
pub(super) struct Points<'p> {
    program: &'p Program,
    extents: Vec<(Dim, usize)>,
    state: u64,
    tries: usize,
}

/// Ranges of entries, tried in turn: around 0, positive, above 1, small and positive.
static RANGES: &[(f64, f64)] = &[(-1.0, 1.0), (0.1, 1.0), (1.1, 2.5), (0.01, 0.2)];

impl<'p> Points<'p> {
    pub(super) fn new(program: &'p Program) -> Self {
        Points { program, extents: extents(program), state: 0x9E37_79B9_7F4A_7C15, tries: 0 }
    }

    pub(super) fn next(&mut self) -> Point {
        let range = RANGES[self.tries % RANGES.len()];
        self.tries += 1;
        let mut environment = Environment::default();
        environment.extents.extend(self.extents.iter().copied());
        for (k, input) in self.program.inputs.iter().enumerate() {
            let leaf = Leaf::Input(k as u32);
            match input.kind {
                InputKind::Scalar => environment.bind(leaf, self.matrix((1, 1), range)),
                InputKind::Matrix(shape) => {
                    let shape = environment.shape(shape);
                    environment.bind(leaf, self.matrix(shape, range));
                }
                InputKind::Integer => environment.bind(leaf, self.integer()),
                InputKind::Other => {}
            }
        }
        self.bind_kept(&mut environment, range);
        let directions = self.directions(&environment);
        Point { environment, directions }
    }

    fn bind_kept(&mut self, environment: &mut Environment, range: (f64, f64)) {
        let graph = &self.program.graph;
        for id in (0..graph.len()).map(|k| Id(k as u32)) {
            if let Node::Leaf(Leaf::Kept(serial)) = &*graph.node(id) {
                let integer = self.program.kept.get(*serial as usize).is_some_and(|k| k.integer);
                let shape = environment.shape(graph.shape(id));
                let value = if integer { self.integer() } else { self.matrix(shape, range) };
                environment.bind(Leaf::Kept(*serial), value);
            }
        }
    }

    fn directions(&mut self, environment: &Environment) -> Vec<Rc<Matrix>> {
        let shapes: Vec<_> =
            self.program.differentiated_inputs().iter().map(|x| environment.shape(x.shape())).collect();
        shapes.into_iter().map(|shape| Rc::new(self.matrix(shape, (-1.0, 1.0)))).collect()
    }

    fn matrix(&mut self, shape: (usize, usize), (from, to): (f64, f64)) -> Matrix {
        Matrix::build(shape, |_, _| from + (to - from) * self.uniform())
    }

    fn integer(&mut self) -> Matrix {
        Matrix::scalar((1.0 + 3.0 * self.uniform()).floor())
    }

    /// xorshift64: small, ours, and the same on every machine.
    fn uniform(&mut self) -> f64 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        (self.state >> 11) as f64 / (1u64 << 53) as f64
    }
}

/// Distinct small numbers for the names among the dimensions.
fn extents(program: &Program) -> Vec<(Dim, usize)> {
    let graph = &program.graph;
    let mut names: Vec<Dim> = vec![];
    for id in (0..graph.len()).map(|k| Id(k as u32)) {
        let shape = graph.shape(id);
        names.extend([shape.rows, shape.columns].into_iter().filter(|d| d.known().is_none()));
        if let Node::Leaf(Leaf::Extent(dim)) = &*graph.node(id) {
            names.push(*dim);
        }
    }
    names.sort();
    names.dedup();
    names.into_iter().enumerate().map(|(k, dim)| (dim, 3 + k)).collect()
}
