//! The certificate: an expansion is emitted only after its values have been compared.
//!
//! What is compared: every root of every schedule, computed step by step as it will be emitted, against the function as
//! it was read (a plain graph, every rule off) and its differentials by forward mode there. The two sides share the rows
//! of the table and nothing else. A mismatch is our bug, and no code leaves. What a gradient, a Jacobian or a Hessian is
//! compared in: see `certify/comparison.rs`.
//!
//! A point counts if everything on the plain side is finite. Points come from a generator of our own with a fixed seed,
//! so an expansion is the same every time.
//!
//! An ill-conditioned matrix can make two correct computations differ. So a difference counts only where the plain side
//! is certain of its own numbers: they stay what they are when every intermediate value is moved by a rounding error.
//! This is looked into after a difference has been found, and costs nothing otherwise.

mod comparison;
pub mod evaluate;
mod extents;
mod original;
mod points;
mod run;
mod shortened;
#[cfg(test)]
mod tests;

use crate::front::Program;
use crate::front::request::{Layout, Output, Part};
use crate::plan::Schedule;
use comparison::Comparison;
use original::{Order, Original};
use points::Points;
pub use run::run;
pub use shortened::shortened;

/// What the check found.
#[derive(Clone, PartialEq, Debug)]
pub enum Certificate {
    /// Compared at so many points.
    Certified(usize),
    /// Compared at so many points, with loops of few steps.
    Shortened(usize),
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

/// A generated function.
pub struct Candidate<'a> {
    /// The schedule.
    pub schedule: &'a Schedule,
    /// What it returns, which says what the roots of the schedule are.
    pub output: Output,
}

/// What the plain side has to know besides the value and its change in one direction.
#[derive(Clone, Copy, Debug)]
struct Needs {
    /// The change in a second direction.
    other: bool,
    /// The second differential.
    second: bool,
}

impl Needs {
    fn of(candidates: &[Candidate<'_>]) -> Self {
        let any =
            |of: fn(Part) -> bool| candidates.iter().any(|c| c.output.parts().iter().any(|part| of(*part)));
        Needs {
            other: any(|part| part == Part::NormalMatrix),
            second: any(|part| Order::of(part) == Order::Second),
        }
    }
}

/// What is not compared because it takes too long.
pub const TOO_LARGE: Certificate = Certificate::NotCertified("too large to be evaluated while compiling");

/// Compares the candidates with the program.
pub fn certify(program: &Program, layout: Layout, candidates: &[Candidate<'_>]) -> Certificate {
    let comparison = Comparison::new(program, layout);
    if let Some(mismatch) = candidates.iter().find_map(|candidate| comparison.misshapen(candidate)) {
        return Certificate::Mismatch(mismatch);
    }
    if candidates.iter().any(|c| c.schedule.flops > WORK) {
        return TOO_LARGE;
    }
    let needs = Needs::of(candidates);
    let original = Original::new(program, needs);
    if original.work() > WORK {
        return TOO_LARGE;
    }
    compared(&original, &comparison, Points::new(program, candidates), candidates)
}

/// Compares at one point after another, until enough agree or one does not.
fn compared(
    original: &Original<'_>,
    comparison: &Comparison<'_>,
    mut points: Points<'_>,
    candidates: &[Candidate<'_>],
) -> Certificate {
    let (mut agreed, mut uncertain) = (0, 0);
    for _ in 0..TRIES {
        let point = points.next();
        let Some(wanted) = original.values(&point) else { continue };
        match candidates.iter().find_map(|candidate| comparison.compare(candidate, &point, &wanted)) {
            None => agreed += 1,
            Some(found) if original.is_certain(&point, &wanted, found.order, points.random()) => {
                return Certificate::Mismatch(found.mismatch);
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
