//! The certificate: an expansion is emitted only after its values have been compared.
//!
//! What is compared: every root of every schedule, computed step by step as it will be emitted, against the function as
//! it was read (a plain graph, every rule off) and its differential by forward mode there. The two sides share the rows
//! of the table and nothing else. A mismatch is our bug, and no code leaves.
//!
//! A point counts if everything on the plain side is finite. Points come from a generator of our own with a fixed seed,
//! so an expansion is the same every time.
//!
//! An ill-conditioned matrix can make two correct computations differ. So a difference counts only where the plain side
//! is certain of its own numbers: they stay what they are when every intermediate value is moved by a rounding error.
//! This is looked into after a difference has been found, and costs nothing otherwise.

pub mod evaluate;
mod points;
mod run;

use std::rc::Rc;

use crate::diff::{Tangents, push};
use crate::front::Program;
use crate::ir::walk::needed;
use crate::ir::{Expr, Id};
use crate::ops::matrix::Matrix;
use crate::plan::Schedule;
use evaluate::{Environment, Evaluator};
use points::{Point, Points, Random};
pub use run::run;

/// What the check found.
#[derive(Clone, PartialEq, Debug)]
pub enum Certificate {
    /// Compared at so many points.
    Certified(usize),
    /// Not compared, and why.
    NotCertified(&'static str),
    /// Different, which is a bug of ours.
    Mismatch(Mismatch),
}

/// Two numbers that ought to be equal.
#[derive(Clone, PartialEq, Debug)]
pub struct Mismatch {
    /// What they are the values of.
    pub what: String,
    /// As it would have been emitted.
    pub generated: f64,
    /// As the function was read.
    pub wanted: f64,
}

/// Points that must agree.
const POINTS: usize = 2;

/// Points tried before giving up.
const TRIES: usize = 64;

/// Points at which rounding hides whether the two sides agree, before giving up.
const UNCERTAIN: usize = 16;

/// Operations per evaluation above which a function is not checked.
const WORK: u64 = 4_000_000;

/// Differences up to this, relative to the largest intermediate value, are rounding.
const TOLERANCE: f64 = 1e-8;

/// Rounding of intermediate values that moves a result by more than this, relative to the largest of them, makes the
/// result uncertain. Without cancellation it moves by 1e-15 or so.
const CERTAINTY: f64 = 1e-11;

/// How often rounding is tried: by chance it may cancel.
const ROUNDINGS: usize = 3;

/// Relative size of the rounding that is tried.
const ROUNDING: f64 = 4.0 * f64::EPSILON;

/// A generated function: its schedule, and whether its first root is the value.
pub struct Candidate<'a> {
    /// The schedule.
    pub schedule: &'a Schedule,
    /// Is the first root the value? The gradients follow in any case.
    pub with_value: bool,
}

/// Compares the candidates with the program.
pub fn certify(program: &Program, candidates: &[Candidate<'_>]) -> Certificate {
    if candidates.iter().any(|c| c.schedule.flops > WORK) {
        return Certificate::NotCertified("too large to be evaluated while compiling");
    }
    let original = Original::new(program);
    let mut points = Points::new(program);
    let (mut agreed, mut uncertain) = (0, 0);
    for _ in 0..TRIES {
        let point = points.next();
        let Some(wanted) = original.values(&point, None) else { continue };
        match candidates.iter().find_map(|candidate| compare(program, candidate, &wanted)) {
            None => agreed += 1,
            Some(mismatch) if original.is_certain(&point, &wanted, points.random()) => {
                return Certificate::Mismatch(mismatch);
            }
            Some(_) => uncertain += 1,
        }
        if agreed == POINTS || uncertain == UNCERTAIN {
            break;
        }
    }
    outcome(agreed, uncertain)
}

/// So many points agreed, and so many were too uncertain to tell.
fn outcome(agreed: usize, uncertain: usize) -> Certificate {
    match (agreed, uncertain) {
        (0, 0) => Certificate::NotCertified("no random point at which everything is finite"),
        (0, _) => Certificate::NotCertified("rounding errors are too large at random points"),
        _ => Certificate::Certified(agreed),
    }
}

/// The program with its differential.
struct Original<'p> {
    value: Expr<'p>,
    differentials: Vec<Expr<'p>>,
    change: Option<Expr<'p>>,
}

/// What the plain side says at one point.
struct Wanted {
    environment: Environment,
    value: f64,
    /// dy for the directions below.
    change: f64,
    directions: Vec<Rc<Matrix>>,
    /// Size of the largest intermediate value, to which rounding errors are relative.
    scale: f64,
}

impl<'p> Original<'p> {
    fn new(program: &'p Program) -> Self {
        let inputs = program.differentiated_inputs();
        let differentials: Vec<Expr<'p>> = inputs.iter().map(|x| program.graph.variable(x.shape())).collect();
        let mut tangents: Tangents<'p> =
            inputs.iter().map(|x| x.id).zip(differentials.iter().copied()).collect();
        let value = program.graph.expr(program.value);
        let change = push(value, &mut tangents);
        Original { value, differentials, change }
    }

    /// Nothing if not everything is finite. With `rounding`, intermediate values are moved a little.
    fn values(&self, point: &Point, mut rounding: Option<&mut Random>) -> Option<Wanted> {
        let environment = self.environment(point);
        let roots: Vec<Id> = std::iter::once(self.value).chain(self.change).map(|x| x.id).collect();
        let mut evaluator = Evaluator::new(self.value.graph, &environment);
        let mut scale = 1.0f64;
        for id in needed(self.value.graph, &roots) {
            evaluator.compute(id);
            let value = evaluator.known(id)?;
            if !value.is_finite() {
                return None;
            }
            scale = scale.max(value.largest());
            if let Some(random) = rounding.as_deref_mut() {
                evaluator.set(id, Rc::new(rounded(&value, random)));
            }
        }
        let value = evaluator.known(self.value.id)?.value();
        let change = self.change.map_or(Some(0.0), |c| evaluator.known(c.id).map(|v| v.value()))?;
        let directions = point.directions.clone();
        Some(Wanted { environment: point.environment.clone(), value, change, directions, scale })
    }

    /// Do value and derivative stay what they are, whatever is rounded on the way?
    fn is_certain(&self, point: &Point, wanted: &Wanted, random: &mut Random) -> bool {
        let stays = |a: f64, b: f64| (a - b).abs() <= CERTAINTY * wanted.scale;
        (0..ROUNDINGS).all(|_| {
            let moved = self.values(point, Some(random));
            moved.is_some_and(|moved| stays(moved.value, wanted.value) && stays(moved.change, wanted.change))
        })
    }

    /// The point, with the directions in which it moves.
    fn environment(&self, point: &Point) -> Environment {
        let mut environment = point.environment.clone();
        for (d, direction) in self.differentials.iter().zip(&point.directions) {
            if let crate::ir::Node::Leaf(leaf) = &*d.node() {
                environment.leaves.insert(leaf.clone(), direction.clone());
            }
        }
        environment
    }
}

/// Entries moved by a rounding error. Small integers are exact, above all those that are indices.
fn rounded(value: &Matrix, random: &mut Random) -> Matrix {
    Matrix::build(value.shape(), |i, j| {
        let x = value.at(i, j);
        let exact = x.fract() == 0.0 && x.abs() < 1e6;
        if exact { x } else { x * (1.0 + ROUNDING * (2.0 * random.uniform() - 1.0)) }
    })
}

/// The first number of a candidate that is not what it ought to be.
fn compare(program: &Program, candidate: &Candidate<'_>, wanted: &Wanted) -> Option<Mismatch> {
    let got = run(candidate.schedule, &wanted.environment);
    let (values, gradients) = got.split_at(usize::from(candidate.with_value));
    let value = values
        .first()
        .and_then(|value| differing(|| "the value".to_owned(), value.value(), wanted.value, wanted.scale));
    value.or_else(|| {
        let change: f64 = gradients.iter().zip(&wanted.directions).map(|(g, d)| g.inner(d)).sum();
        let size: f64 = gradients.iter().map(|g| g.largest() * g.entries.len() as f64).sum();
        differing(|| described(program), change, wanted.change, wanted.scale.max(size))
    })
}

/// What a change in a random direction is a change of.
fn described(program: &Program) -> String {
    let name = |k: &usize| program.inputs[*k].name.to_string();
    let names: Vec<String> = program.differentiated.iter().map(name).collect();
    format!("the derivative by {} in a random direction", names.join(", "))
}

/// Rounding errors are relative to the largest intermediate value. A NaN differs from everything.
fn differing(what: impl Fn() -> String, generated: f64, wanted: f64, scale: f64) -> Option<Mismatch> {
    let close = (generated - wanted).abs() <= TOLERANCE * scale;
    (!close).then(|| Mismatch { what: what(), generated, wanted })
}
