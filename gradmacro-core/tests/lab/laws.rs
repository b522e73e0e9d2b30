//! The laws that tie an operation's value, its pushforward and its adjoint together. Each is a function named by its
//! statement; [`check`] runs all of them in a plain and in a canonical graph.

use gradmacro_core::algebra::ALGEBRA;
use gradmacro_core::diff::{Storage, Tangents, jacobian, pull, push};
use gradmacro_core::ir::walk::needed;
use gradmacro_core::ir::{Expr, Graph, Leaf, Node};
use gradmacro_core::ops::matrix::Matrix;
use gradmacro_core::ops::{Derivative, Sample};

use super::random::Random;
use super::{Bench, Sizes, close, is_index};

/// How far a central difference may be off.
const DIFFERENCE: f64 = 2e-6;
/// How far two ways to compute one number may be apart.
const ROUNDING: f64 = 1e-10;
const STEP: f64 = 1e-5;

/// A function under test.
pub struct Subject<'a> {
    name: String,
    operands: &'a [Sample],
    build: Build<'a>,
    sizes: Sizes,
}

type Build<'a> = Box<dyn for<'g> Fn(&'g Graph, &[Expr<'g>]) -> Expr<'g> + 'a>;

impl<'a> Subject<'a> {
    /// A function of these operands; a sample whose range is empty is a constant index.
    pub fn new(
        name: String,
        operands: &'a [Sample],
        sizes: Sizes,
        build: impl for<'g> Fn(&'g Graph, &[Expr<'g>]) -> Expr<'g> + 'a,
    ) -> Subject<'a> {
        Subject { name, operands, build: Box::new(build), sizes }
    }
}

/// The first law that does not hold.
pub fn check(subject: &Subject<'_>) -> Result<(), String> {
    let (plain, canonical) = (Graph::plain(), Graph::canonical(&ALGEBRA));
    let (as_written, simplified) = (Trial::new(subject, &plain), Trial::new(subject, &canonical));
    let same = close(&as_written.value, &simplified.value, ROUNDING);
    broken(same, "a canonical form has the value of what was written", subject, "canonical")?;
    for (trial, kind) in [(&as_written, "plain"), (&simplified, "canonical")] {
        for (law, statement) in LAWS {
            broken(law(trial), statement, subject, kind)?;
        }
    }
    Ok(())
}

fn broken(holds: bool, law: &str, subject: &Subject<'_>, kind: &str) -> Result<(), String> {
    let Subject { name, sizes, .. } = subject;
    if holds { Ok(()) } else { Err(format!("{name} ({kind} graph, {sizes:?} sizes) breaks the law: {law}")) }
}

type Law = fn(&Trial<'_>) -> bool;

const LAWS: &[(Law, &str)] = &[
    (shape_is_that_of_the_value, "the shape rule gives the shape of the value"),
    (push_is_the_difference, "the pushforward is the derivative of the value"),
    (push_is_linear, "the pushforward is linear in the differentials"),
    (pull_transposes_push, "⟨ȳ, J dx⟩ = ⟨Jᵀȳ, dx⟩ for each operand"),
    (matrix_is_the_pushforward, "the matrix of the pushforward times vec dx is vec dy"),
    (push_of_push_is_the_difference, "the pushforward of the pushforward is its derivative"),
    (push_of_pull_is_the_difference, "the pushforward of the adjoint is its derivative"),
];

/// A function in a graph, at a random point, with a random differential for each operand and a cotangent.
struct Trial<'g> {
    bench: Bench,
    y: Expr<'g>,
    value: Matrix,
    operands: Vec<Expr<'g>>,
    differentials: Vec<Expr<'g>>,
    cotangent: Expr<'g>,
    along: Vec<(Expr<'g>, Matrix)>,
}

impl<'g> Trial<'g> {
    fn new(subject: &Subject<'_>, graph: &'g Graph) -> Trial<'g> {
        let (mut bench, mut random) = (subject.sizes.bench(), Random::new(7));
        let mut all = vec![];
        for (k, sample) in subject.operands.iter().enumerate() {
            all.push(operand(graph, k, sample, subject.sizes));
            if !is_index(sample) {
                bench.bind(all[k], sampled(sample, &mut random));
            }
        }
        let moving = subject.operands.iter().zip(&all).filter(|(sample, _)| !is_index(sample));
        let operands: Vec<Expr<'g>> = moving.map(|(_, x)| *x).collect();
        let y = (subject.build)(graph, &all);
        let differentials: Vec<Expr<'g>> = operands.iter().map(|x| graph.variable(x.shape())).collect();
        let cotangent = graph.variable(y.shape());
        for leaf in differentials.iter().chain([&cotangent]) {
            bench.bind_any(*leaf, &mut random);
        }
        let along =
            operands.iter().map(|x| (*x, random.matrix(bench.value(*x).shape(), (-1.0, 1.0)))).collect();
        Trial { value: bench.value(y), bench, y, operands, differentials, cotangent, along }
    }

    fn tangents(&self) -> Tangents<'g> {
        self.operands.iter().map(|x| x.id).zip(self.differentials.iter().copied()).collect()
    }

    /// dy for differentials of all operands.
    fn push(&self) -> Expr<'g> {
        push(self.y, &mut self.tangents()).unwrap_or_else(|| self.y.graph.zeros(self.y.shape()))
    }

    /// Is the pushforward of `x` the derivative of its value?
    fn agrees_with_difference(&self, x: Expr<'g>) -> bool {
        let variables: Vec<Expr<'g>> = self.operands.iter().map(|o| x.graph.variable(o.shape())).collect();
        let mut tangents: Tangents<'g> =
            self.operands.iter().map(|o| o.id).zip(variables.iter().copied()).collect();
        let mut bench = self.bench.clone();
        for (variable, (_, along)) in variables.iter().zip(&self.along) {
            bench.bind(*variable, along.clone());
        }
        let dx = push(x, &mut tangents).unwrap_or_else(|| x.graph.zeros(x.shape()));
        !is_differentiable(dx) || close(&bench.value(dx), &bench.difference(x, STEP, &self.along), DIFFERENCE)
    }
}

/// Random entries, and what the sample adds on the diagonal.
fn sampled(sample: &Sample, random: &mut Random) -> Matrix {
    let x = random.matrix(sample.shape, sample.range);
    Matrix::build(sample.shape, |i, j| x.at(i, j) + if i == j { sample.diagonal } else { 0.0 })
}

/// A row whose derivative is not known promises none.
fn is_differentiable(x: Expr<'_>) -> bool {
    needed(x.graph, &[x.id]).into_iter().all(|id| match &*x.graph.node(id) {
        Node::Leaf(Leaf::Constant(constant)) => !constant.value().is_nan(),
        node => !node.op().is_some_and(|op| matches!(op.derivative, Derivative::Unknown)),
    })
}

/// The k-th operand as a leaf, or as the constant index that its sample is.
pub fn operand<'g>(graph: &'g Graph, k: usize, sample: &Sample, sizes: Sizes) -> Expr<'g> {
    match is_index(sample) {
        true => graph.index(sample.range.0 as i64),
        false => graph.leaf(Leaf::Input(k as u32), sizes.shape(sample.shape)),
    }
}

fn shape_is_that_of_the_value(trial: &Trial<'_>) -> bool {
    trial.bench.environment.shape(trial.y.shape()) == trial.value.shape() && trial.value.is_finite()
}

fn push_is_the_difference(trial: &Trial<'_>) -> bool {
    trial.agrees_with_difference(trial.y)
}

fn push_is_linear(trial: &Trial<'_>) -> bool {
    let dy = trial.push();
    if !is_differentiable(dy) {
        return true;
    }
    let mut twice = trial.bench.clone();
    for dx in &trial.differentials {
        twice.bind(*dx, trial.bench.value(*dx).map(|a| -2.0 * a));
    }
    close(&twice.value(dy), &trial.bench.value(dy).map(|a| -2.0 * a), ROUNDING)
}

fn pull_transposes_push(trial: &Trial<'_>) -> bool {
    trial.operands.iter().zip(&trial.differentials).all(|(x, dx)| {
        let Some(dy) = push(trial.y, &mut Tangents::from([(x.id, *dx)])) else { return true };
        if !is_differentiable(dy) {
            return true;
        }
        let adjoint = pull(dy, trial.cotangent, &[*dx], &Storage::default())[0];
        let value = |e| trial.bench.value(e);
        let (left, right) = (value(trial.cotangent).inner(&value(dy)), value(adjoint).inner(&value(*dx)));
        adjoint.shape() == x.shape() && close(&Matrix::scalar(left), &Matrix::scalar(right), ROUNDING)
    })
}

/// Where all sizes are numbers; products of names have no size here.
fn matrix_is_the_pushforward(trial: &Trial<'_>) -> bool {
    let sizes = trial.operands.iter().chain([&trial.y]);
    if sizes.into_iter().any(|x| x.shape().known().is_none()) {
        return true;
    }
    trial.operands.iter().zip(&trial.differentials).all(|(x, dx)| {
        let j = jacobian(trial.y, *x);
        let Some(dy) = push(trial.y, &mut Tangents::from([(x.id, *dx)])) else { return true };
        let value = |e| trial.bench.value(e);
        let column = |m: Matrix| Matrix { rows: m.entries.len(), columns: 1, ..m };
        !is_differentiable(dy) || close(&value(j).product(&column(value(*dx))), &column(value(dy)), ROUNDING)
    })
}

fn push_of_push_is_the_difference(trial: &Trial<'_>) -> bool {
    trial.agrees_with_difference(trial.push())
}

fn push_of_pull_is_the_difference(trial: &Trial<'_>) -> bool {
    let adjoints = pull(trial.push(), trial.cotangent, &trial.differentials, &Storage::default());
    adjoints.into_iter().all(|g| trial.agrees_with_difference(g))
}
