//! The algebra on random functions: canonical forms keep value and derivative, they are fixed points, they do not depend
//! on the order in which commuting parts were written, and every row and every named rule has a use.

mod lab;

use std::collections::BTreeMap;

use gradmacro_core::algebra::{ALGEBRA, rules};
use gradmacro_core::certify::evaluate::Environment;
use gradmacro_core::diff::{Tangents, gradient, jacobian, push};
use gradmacro_core::ir::rebuild::Rebuild;
use gradmacro_core::ir::walk::needed;
use gradmacro_core::ir::{Expr, Graph, Leaf, Node, Ratio, Shape};
use gradmacro_core::ops::hyperbolic::TANH;
use gradmacro_core::ops::matrix::Matrix;
use gradmacro_core::ops::trigonometric::SIN;
use gradmacro_core::ops::{ALL, Derivative};
use lab::maker::{Maker, inputs};
use lab::random::Random;
use lab::text::{mirrored, text};
use lab::{Bench, close, leaf_of};

/// How many functions, in how many threads.
const FUNCTIONS: u64 = 4400;
const THREADS: u64 = 4;
/// How deep the functions are at most.
const DEPTH: usize = 6;
/// Nodes up to which a function has its Hessian derived too.
const SMALL: usize = 30;
/// How often every row and every rule has to occur.
const OCCURRENCES: u32 = 20;

/// What happened over the run.
#[derive(Default)]
struct Tally {
    turns: [usize; 2],
    rows: BTreeMap<&'static str, u32>,
    rules: BTreeMap<&'static str, u32>,
    differences: u32,
    failures: Vec<String>,
}

impl Tally {
    fn add(&mut self, other: Tally) {
        for (rows, more) in [(&mut self.rows, other.rows), (&mut self.rules, other.rules)] {
            more.into_iter().for_each(|(name, count)| *rows.entry(name).or_default() += count);
        }
        self.differences += other.differences;
        self.failures.extend(other.failures);
    }
}

#[test]
fn random_functions_keep_every_promise() {
    let mut tally = Tally::default();
    std::thread::scope(|scope| {
        let run = |thread| {
            move || (0..FUNCTIONS).filter(|k| k % THREADS == thread).fold(Tally::default(), one_more)
        };
        let threads: Vec<_> = (0..THREADS).map(|k| scope.spawn(run(k))).collect();
        threads.into_iter().for_each(|thread| tally.add(thread.join().expect("a thread panicked")));
    });
    let few = tally.failures.iter().take(12).cloned().collect::<Vec<_>>().join("\n\n");
    assert!(tally.failures.is_empty(), "{} failures, such as\n{few}", tally.failures.len());
    assert!(u64::from(tally.differences) * 10 > FUNCTIONS * 9, "only {} were smooth", tally.differences);
    // Rows that only derivatives make are in no function.
    let made = ALL.iter().filter(|op| !matches!(op.derivative, Derivative::Unknown));
    let rows = made.map(|op| (op.name, tally.rows.get(op.name)));
    let names = rules::ALL.iter().map(|rule| (*rule, tally.rules.get(rule)));
    let rare: Vec<_> = rows.chain(names).filter(|(_, n)| n.copied().unwrap_or(0) < OCCURRENCES).collect();
    assert!(rare.is_empty(), "too rare: {rare:#?}");
}

fn one_more(mut tally: Tally, seed: u64) -> Tally {
    let mut random = Random::new(seed + 1);
    let environment = inputs(&mut random);
    let plain = Graph::plain();
    let depth = 2 + random.below(DEPTH - 1);
    let mut maker = Maker::new(&plain, &environment, random, tally.turns);
    let y = maker.make((1, 1), depth);
    tally.turns = maker.turns;
    let trial = Trial { y, environment: &environment, seed };
    match trial.run(&mut tally) {
        Ok(()) => {}
        Err(broken) => tally.failures.push(format!("{seed}: {broken}\n{}", text(y))),
    }
    tally
}

/// A random function at a random point.
struct Trial<'g, 'e> {
    y: Expr<'g>,
    environment: &'e Environment,
    seed: u64,
}

impl<'g> Trial<'g, '_> {
    fn run(&self, tally: &mut Tally) -> Result<(), String> {
        let graph = Graph::canonical(&ALGEBRA);
        let y = Rebuild::into(self.y.graph, &graph).expr(self.y.id);
        let x: Vec<Expr<'_>> = inputs_of(self.y).iter().map(|x| graph.leaf(leaf_of(*x), x.shape())).collect();
        let gradients = gradient(y, &x);
        self.count(tally);
        self.value_is_kept(y)?;
        tally.differences += u32::from(self.gradient_is_the_derivative(&x, &gradients)?);
        let first = x.first().zip(gradients.first());
        let hessian = first.map(|(x, g)| self.hessian(y, *x, *g)).transpose()?.flatten();
        for root in gradients.into_iter().chain([y]).chain(hessian) {
            self.is_fixed_point(root)?;
        }
        for (rule, times) in graph.fired() {
            *tally.rules.entry(rule).or_default() += times;
        }
        self.order_does_not_matter(y)
    }

    fn count(&self, tally: &mut Tally) {
        for id in needed(self.y.graph, &[self.y.id]) {
            if let Some(op) = self.y.graph.node(id).op() {
                *tally.rows.entry(op.name).or_default() += 1;
            }
        }
    }

    fn bench(&self) -> Bench {
        Bench { environment: self.environment.clone() }
    }

    fn value_is_kept(&self, y: Expr<'_>) -> Result<(), String> {
        let (before, after) = (self.bench().value(self.y), self.bench().value(y));
        let same = close(&before, &after, 1e-9);
        if same { Ok(()) } else { Err(format!("value {before:?} became {after:?} of\n{}", text(y))) }
    }

    /// ⟨∇f, dx⟩ against forward mode on what was written, and, where f is smooth, against a central difference.
    fn gradient_is_the_derivative(&self, x: &[Expr<'_>], gradients: &[Expr<'_>]) -> Result<bool, String> {
        let (mut bench, mut random) = (self.bench(), Random::new(self.seed + 77));
        let leaves = inputs_of(self.y);
        let along: Vec<_> =
            leaves.iter().map(|x| (*x, random.matrix(bench.value(*x).shape(), (-1.0, 1.0)))).collect();
        let slope: f64 = along.iter().zip(gradients).map(|(dx, g)| bench.value(*g).inner(&dx.1)).sum();
        let mut tangents = Tangents::new();
        for (leaf, dx) in &along {
            let variable = leaf.graph.variable(leaf.shape());
            bench.bind(variable, dx.clone());
            tangents.insert(leaf.id, variable);
        }
        let forward = push(self.y, &mut tangents).map_or(0.0, |dy| bench.value(dy).value());
        let agrees = |a: f64, b: f64, by| close(&Matrix::scalar(a), &Matrix::scalar(b), by);
        let show = || {
            x.iter()
                .zip(gradients)
                .map(|(x, g)| format!("{:?} {}", leaf_of(*x), text(*g)))
                .collect::<Vec<_>>()
        };
        if !agrees(slope, forward, 1e-8) {
            return Err(format!("gradient gives {slope}, forward mode {forward}: {:?}", show()));
        }
        let [near, far] = [1e-6, 4e-6].map(|h| bench.difference(self.y, h, &along).value());
        if agrees(near, far, 1e-6) && !agrees(near, slope, 1e-5) {
            return Err(format!("gradient gives {slope}, differences {near} and {far}"));
        }
        Ok(agrees(near, far, 1e-6))
    }

    /// The Hessian as a matrix, which times dx is the pushforward of the gradient; nothing of a large function. Through
    /// sums over an index its value counts, not its form: bodies that were opened one in the other need not be fixed.
    fn hessian<'c>(&self, y: Expr<'c>, x: Expr<'c>, g: Expr<'c>) -> Result<Option<Expr<'c>>, String> {
        if needed(y.graph, &[y.id]).len() > SMALL {
            return Ok(None);
        }
        let (mut bench, dx) = (self.bench(), x.graph.variable(x.shape()));
        bench.bind_any(dx, &mut Random::new(self.seed + 3));
        let h = jacobian(g, x);
        let product = bench.value(h).product(&bench.value(dx.vec()));
        let change = push(g, &mut Tangents::from([(x.id, dx)])).unwrap_or_else(|| g.graph.zeros(g.shape()));
        let wanted = bench.value(change.vec());
        // Where second derivatives are infinite or unknown there is nothing to compare.
        if wanted.is_finite() && !close(&product, &wanted, 1e-7) {
            return Err(format!("H dx is {product:?}, the change of the gradient {wanted:?}: {}", text(h)));
        }
        let mut nodes = needed(h.graph, &[h.id]).into_iter().map(|id| h.graph.node(id));
        let sums = nodes.any(|node| matches!(&*node, Node::IndexSum(_)));
        Ok(Some(h).filter(|_| !sums))
    }

    fn is_fixed_point(&self, x: Expr<'_>) -> Result<(), String> {
        let again = Rebuild::into(x.graph, x.graph).expr(x.id);
        if again == x {
            Ok(())
        } else {
            Err(format!("not a fixed point:\n{}\nbecame\n{}", text(x), text(again)))
        }
    }

    fn order_does_not_matter(&self, y: Expr<'_>) -> Result<(), String> {
        let graph = Graph::canonical(&ALGEBRA);
        let (here, there) = (text(y), text(mirrored(self.y, &graph)));
        if here == there { Ok(()) } else { Err(format!("written backwards\n{here}\nbecomes\n{there}")) }
    }
}

fn inputs_of(y: Expr<'_>) -> Vec<Expr<'_>> {
    let all = needed(y.graph, &[y.id]).into_iter().map(|id| y.graph.expr(id));
    all.filter(|x| matches!(&*x.node(), Node::Leaf(Leaf::Input(_)))).collect()
}

type Step = for<'g> fn(Expr<'g>, Expr<'g>, Expr<'g>) -> Expr<'g>;

/// Steps that are taken again and again: what one is, and the nodes that `steps` of them and the gradient may need.
const STEPS: &[(&str, usize, usize, Step)] = &[
    ("tanh(A x + b)", 100, 3_000, |x, a, b| (a * x + b).apply(&TANH)),
    ("A x + b", 60, 6_000, |x, a, b| a * x + b),
    ("x + sin x", 100, 2_000, |x, _, _| x + x.apply(&SIN)),
    ("(xᵀb) x + b", 100, 4_000, |x, _, b| x.inner(b) * x + b),
    ("x/(1 + xᵀx)", 40, 5_000, |x, _, _| x / (x.graph.int(1) + x.inner(x))),
    ("x ⊙ b + x", 100, 6_000, |x, _, b| x.hadamard(b) + x),
    ("x + ½ x ⊙ x", 60, 3_000, |x, _, _| x + x.squared().times(Ratio::HALF)),
];

#[test]
fn long_functions_stay_small() {
    for (name, steps, most, step) in STEPS {
        let graph = Graph::canonical(&ALGEBRA);
        let shapes = [Shape::new(3, 1), Shape::new(3, 3), Shape::new(3, 1)];
        let [x, a, b] = [0, 1, 2].map(|k| graph.leaf(Leaf::Input(k as u32), shapes[k]));
        let y = (0..*steps).fold(x, |x, _| step(x, a, b)).sum();
        gradient(y, &[x, a, b]);
        assert!(graph.len() <= *most, "{name}: {} nodes after {steps} steps", graph.len());
    }
}
