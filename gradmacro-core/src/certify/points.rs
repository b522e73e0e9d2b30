//! Random points: inputs, kept expressions, sizes of names, directions. What is stated about an input holds of its
//! value and of its direction.

use std::rc::Rc;

use super::Candidate;
use super::evaluate::Environment;
use super::extents::extents;
use crate::front::{InputKind, Program};
use crate::ir::{Dim, Expr, Graph, Id, Leaf, Node, Properties, Shape};
use crate::ops::matrix::Matrix;

/// Where everything is evaluated, and in which directions derivatives are compared.
pub(super) struct Point {
    /// The directions and the cotangent are bound here, too.
    pub(super) environment: Environment,
    directions: [Vec<Rc<Matrix>>; 2],
    pub(super) cotangent: Rc<Matrix>,
}

/// A second derivative has two directions. Generated functions move along the first.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    First,
    Second,
}

impl Way {
    /// The direction of the k-th of so many differentiated parameters. The second ones are numbered after the first.
    pub(super) fn leaf(self, k: usize, count: usize) -> Leaf {
        Leaf::Direction((k + if self == Way::Second { count } else { 0 }) as u32)
    }
}

impl Point {
    /// One direction for each differentiated parameter.
    pub(super) fn directions(&self, way: Way) -> &[Rc<Matrix>] {
        &self.directions[way as usize]
    }
}

/// A sequence of random points.
pub(super) struct Points<'p> {
    program: &'p Program,
    extents: Vec<(Dim, usize)>,
    /// Kept expressions that the program reads.
    kept: Vec<(u32, Shape)>,
    random: Random,
    /// For directions: what is asked for does not change where it is looked at.
    further: Random,
    tries: usize,
    /// Is a dominant diagonal worth trying?
    dominance: bool,
}

/// Ranges of entries, tried in turn: around 0, positive, above 1, small and positive.
static RANGES: &[(f64, f64)] = &[(-1.0, 1.0), (0.1, 1.0), (1.1, 2.5), (0.01, 0.2)];

/// How one point is drawn.
#[derive(Clone, Copy)]
struct Draw {
    range: (f64, f64),
    /// Do square matrices get a dominant diagonal?
    dominant: bool,
}

impl<'p> Points<'p> {
    pub(super) fn new(program: &'p Program, candidates: &[Candidate<'_>]) -> Self {
        let graphs = candidates.iter().map(|candidate| &candidate.schedule.graph);
        let graphs: Vec<&Graph> = std::iter::once(&program.graph).chain(graphs).collect();
        Points {
            program,
            extents: extents(&graphs),
            kept: kept(&program.graph),
            random: Random(0x9E37_79B9_7F4A_7C15),
            further: Random(0xD1B5_4A32_D192_ED03),
            tries: 0,
            dominance: wants_dominance(&program.graph),
        }
    }

    pub(super) fn next(&mut self) -> Point {
        let draw = self.draw();
        let mut environment = Environment::default();
        environment.extents.extend(self.extents.iter().copied());
        for (k, input) in self.program.inputs.iter().enumerate() {
            let leaf = Leaf::Input(k as u32);
            match input.kind {
                InputKind::Scalar => environment.bind(leaf, self.random.matrix((1, 1), draw.range)),
                InputKind::Matrix(shape) => {
                    let value =
                        self.random.sample(environment.shape(shape), draw, Properties::stated(&input.facts));
                    environment.bind(leaf, value);
                }
                InputKind::Integer => environment.bind(leaf, self.random.integer()),
                InputKind::Other => {}
            }
        }
        self.bind_kept(&mut environment, draw);
        let directions = [Way::First, Way::Second].map(|way| self.directions(&mut environment, way));
        let shape = self.program.graph.shape(self.program.value);
        let cotangent = Rc::new(self.further.matrix(environment.shape(shape), (-1.0, 1.0)));
        environment.leaves.insert(Leaf::Cotangent, cotangent.clone());
        Point { environment, directions, cotangent }
    }

    /// Each range in turn; half of the points, and of each range every second, have the dominant diagonal.
    fn draw(&mut self) -> Draw {
        let (round, turn) = (self.tries / RANGES.len(), self.tries % RANGES.len());
        self.tries += 1;
        Draw { range: RANGES[turn], dominant: self.dominance && (round + turn) % 2 == 1 }
    }

    fn bind_kept(&mut self, environment: &mut Environment, draw: Draw) {
        for (serial, shape) in &self.kept {
            let kept = self.program.kept.get(*serial as usize);
            let shape = environment.shape(*shape);
            let value = match kept {
                Some(kept) if kept.integer => self.random.integer(),
                Some(kept) if kept.truth => self.random.truth(),
                _ => self.random.sample(shape, draw, Properties::NONE),
            };
            environment.bind(Leaf::Kept(*serial), value);
        }
    }

    /// Draws and binds a direction for each differentiated parameter.
    fn directions(&mut self, environment: &mut Environment, way: Way) -> Vec<Rc<Matrix>> {
        let inputs = self.program.differentiated_inputs();
        let mut directions = vec![];
        for (k, input) in inputs.iter().enumerate() {
            let free = self.further.matrix(environment.shape(input.shape()), (-1.0, 1.0));
            let direction = Rc::new(structured(&free, stated(self.program, *input)));
            environment.leaves.insert(way.leaf(k, inputs.len()), direction.clone());
            directions.push(direction);
        }
        directions
    }

    /// The generator, for other numbers at random.
    pub(super) fn random(&mut self) -> &mut Random {
        &mut self.random
    }
}

/// xorshift64: small, ours, and the same on every machine.
pub(super) struct Random(u64);

impl Random {
    /// Another generator, seeded by this one.
    pub(super) fn fork(&mut self) -> Random {
        self.uniform();
        Random(self.0 | 1)
    }

    /// In \[0, 1).
    pub(super) fn uniform(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }

    /// A matrix of which the stated properties hold.
    fn sample(&mut self, shape: (usize, usize), draw: Draw, known: Properties) -> Matrix {
        let free = self.matrix(shape, draw.range);
        let (n, size) = (shape.0, draw.range.1);
        if n != shape.1 || n == 1 && !known.definite {
            return free;
        }
        if known.definite {
            let square = free.product(&free.transposed()).map(|x| x / (n as f64 * size));
            return structured(&with_diagonal(&square, |x| x + size), known);
        }
        let value = structured(&free, known);
        let triangular = known.lower != known.upper;
        // An entry near 0 on the diagonal of a triangular matrix is a singular matrix.
        let value = if triangular { with_diagonal(&value, |x| x + size.copysign(x)) } else { value };
        if draw.dominant { with_diagonal(&value, |x| x + n as f64 * size) } else { value }
    }

    fn matrix(&mut self, shape: (usize, usize), (from, to): (f64, f64)) -> Matrix {
        Matrix::build(shape, |_, _| from + (to - from) * self.uniform())
    }

    fn truth(&mut self) -> Matrix {
        Matrix::scalar((2.0 * self.uniform()).floor())
    }

    fn integer(&mut self) -> Matrix {
        Matrix::scalar((1.0 + 3.0 * self.uniform()).floor())
    }
}

/// What is stated of the leaf of an input.
fn stated(program: &Program, input: Expr<'_>) -> Properties {
    let Node::Leaf(Leaf::Input(k)) = *input.node() else { return Properties::NONE };
    program.inputs.get(k as usize).map_or(Properties::NONE, |input| Properties::stated(&input.facts))
}

/// The matrix made symmetric, triangular or diagonal.
fn structured(free: &Matrix, known: Properties) -> Matrix {
    // Symmetric and triangular is diagonal.
    let (lower, upper) =
        (known.lower || known.symmetric && known.upper, known.upper || known.symmetric && known.lower);
    Matrix::build(free.shape(), |i, j| {
        if (i < j && lower) || (i > j && upper) {
            0.0
        } else if known.symmetric {
            0.5 * (free.at(i, j) + free.at(j, i))
        } else {
            free.at(i, j)
        }
    })
}

fn with_diagonal(square: &Matrix, f: impl Fn(f64) -> f64) -> Matrix {
    Matrix::build(square.shape(), |i, j| if i == j { f(square.at(i, j)) } else { square.at(i, j) })
}

/// Is there an operation whose row asks for a dominant diagonal? Inverses, logarithms of determinants and Cholesky
/// factors do: few random matrices have all of them.
fn wants_dominance(graph: &Graph) -> bool {
    (0..graph.len()).any(|k| match &*graph.node(Id(k as u32)) {
        Node::Apply(op, ..) => op.0.example.operands.iter().any(|sample| sample.diagonal != 0.0),
        _ => false,
    })
}

/// The kept expressions that a graph reads, in order.
fn kept(graph: &Graph) -> Vec<(u32, Shape)> {
    let leaf = |id: Id| match &*graph.node(id) {
        Node::Leaf(Leaf::Kept(serial)) => Some((*serial, graph.shape(id))),
        _ => None,
    };
    (0..graph.len()).filter_map(|k| leaf(Id(k as u32))).collect()
}

#[cfg(test)]
mod tests {
    use super::{Draw, Matrix, Properties, RANGES, Random, structured};
    use crate::ir::Fact;

    const SIZE: usize = 4;

    /// Samples with what is stated, in every range, with and without a dominant diagonal.
    fn samples(facts: &[Fact]) -> Vec<Matrix> {
        let (mut random, known) = (Random(7), Properties::stated(facts));
        let draws =
            [false, true].map(|dominant| RANGES.iter().map(move |range| Draw { range: *range, dominant }));
        let samples = draws.into_iter().flatten().map(|draw| random.sample((SIZE, SIZE), draw, known));
        samples.collect()
    }

    fn is_zero_where(x: &Matrix, zero: fn(usize, usize) -> bool) -> bool {
        *x == Matrix::build(x.shape(), |i, j| if zero(i, j) { 0.0 } else { x.at(i, j) })
    }

    #[test]
    fn samples_are_what_is_stated() {
        assert!(samples(&[Fact::Symmetric]).iter().all(|x| *x == x.transposed()));
        assert!(samples(&[Fact::Spd]).iter().all(|x| *x == x.transposed() && x.cholesky().is_finite()));
        assert!(samples(&[Fact::Diagonal]).iter().all(|x| is_zero_where(x, |i, j| i != j)));
        assert!(samples(&[Fact::Lower]).iter().all(|x| is_zero_where(x, |i, j| i < j)));
        assert!(samples(&[Fact::Upper]).iter().all(|x| is_zero_where(x, |i, j| i > j)));
        let both = samples(&[Fact::Spd, Fact::Diagonal]);
        assert!(both.iter().all(|x| is_zero_where(x, |i, j| i != j) && x.cholesky().is_finite()));
        assert!(samples(&[Fact::Symmetric, Fact::Lower]).iter().all(|x| is_zero_where(x, |i, j| i != j)));
    }

    #[test]
    fn dominant_diagonals_make_definite_matrices() {
        for facts in [&[][..], &[Fact::Symmetric], &[Fact::Diagonal]] {
            let dominant = &samples(facts)[RANGES.len()..];
            let definite = |x: &Matrix| x.zip(&x.transposed(), |a, b| a + b).cholesky().is_finite();
            assert!(dominant.iter().all(definite), "{facts:?}");
        }
    }

    #[test]
    fn directions_stay_within_the_structure() {
        let free = Random(7).matrix((SIZE, SIZE), (-1.0, 1.0));
        let along = structured(&free, Properties::stated(&[Fact::Spd]));
        assert_eq!(along, along.transposed());
        assert!(is_zero_where(&structured(&free, Properties::stated(&[Fact::Lower])), |i, j| i < j));
    }

    #[test]
    fn a_definite_number_is_positive() {
        let (mut random, known) = (Random(7), Properties::stated(&[Fact::Spd]));
        let draw = Draw { range: RANGES[0], dominant: false };
        assert!((0..50).all(|_| random.sample((1, 1), draw, known).value() > 0.0));
    }
}
