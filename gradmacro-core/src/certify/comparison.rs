//! What each part of a result is compared in.
//!
//! A derivative is compared through what it does to random directions: a gradient through ⟨G, d⟩, a Jacobian through
//! J vec d, a Hessian through (vec d₁)ᵀ H vec d₂, all parameters at once. Directions lie in the structure that is stated
//! of the inputs, and there a derivative has no other meaning.

use std::rc::Rc;

use super::original::{Order, Wanted};
use super::points::{Point, Way};
use super::{Candidate, Mismatch, TOLERANCE, run};
use crate::front::request::{Arity, Layout, Part};
use crate::front::{InputKind, Program};
use crate::ir::Shape;
use crate::ops::matrix::Matrix;

/// Compares candidates with what the plain side says.
pub(super) struct Comparison<'p> {
    program: &'p Program,
    layout: Layout,
    kinds: Vec<InputKind>,
}

/// A difference, and how far the derivatives go that it is in.
pub(super) struct Found {
    pub(super) mismatch: Mismatch,
    pub(super) order: Order,
}

/// Numbers of one part that ought to be equal.
struct Pair {
    generated: Matrix,
    wanted: Matrix,
    /// What rounding errors are relative to.
    scale: f64,
}

impl<'p> Comparison<'p> {
    pub(super) fn new(program: &'p Program, layout: Layout) -> Self {
        Comparison { program, layout, kinds: program.differentiated_kinds() }
    }

    /// Results that are too many or too few, or have not the size with which they are declared. The sizes of names are
    /// left to rustc.
    pub(super) fn misshapen(&self, candidate: &Candidate<'_>) -> Option<Mismatch> {
        let schedule = candidate.schedule;
        let kinds =
            |part: Part| self.program.kinds(part, self.layout).into_iter().map(move |kind| (part, kind));
        let declared: Vec<(Part, InputKind)> =
            candidate.output.parts().iter().copied().flat_map(kinds).collect();
        let mut pairs = declared.iter().zip(&schedule.roots);
        let unlike = |what, (generated, wanted)| Mismatch { what, generated, wanted };
        let count = different(schedule.roots.len(), declared.len());
        count.map(|numbers| unlike("the number of results".to_owned(), numbers)).or_else(|| {
            pairs.find_map(|((part, kind), root)| {
                let (side, numbers) = clash(schedule.graph.shape(*root), kind.shape())?;
                Some(unlike(format!("the number of {side} of {}", self.named(*part)), numbers))
            })
        })
    }

    /// The first number of a candidate that is not what it ought to be.
    pub(super) fn compare(&self, candidate: &Candidate<'_>, point: &Point, wanted: &Wanted) -> Option<Found> {
        let got = run(candidate.schedule, &point.environment);
        let mut rest = got.as_slice();
        for part in candidate.output.parts() {
            let (results, after) = rest.split_at(part.count(self.kinds.len()).min(rest.len()));
            rest = after;
            let pair = self.pair(*part, results, point, wanted);
            if let Some((place, generated, wanted)) = pair.difference() {
                let what = format!("{place}{}{}", self.named(*part), ways(*part));
                return Some(Found {
                    mismatch: Mismatch { what, generated, wanted },
                    order: Order::of(*part),
                });
            }
        }
        None
    }

    fn pair(&self, part: Part, results: &[Rc<Matrix>], point: &Point, wanted: &Wanted) -> Pair {
        Pair {
            generated: self.generated(part, results, point),
            wanted: expected(part, point, wanted),
            scale: scale(part, point, wanted).max(size(part, results)),
        }
    }

    /// What the results do to the directions.
    fn generated(&self, part: Part, results: &[Rc<Matrix>], point: &Point) -> Matrix {
        let (first, second) = (point.directions(Way::First), point.directions(Way::Second));
        match part {
            Part::Value | Part::Pushforward | Part::HalfSquare => whole(results),
            Part::Gradient | Part::Pullback => paired(results, first),
            Part::HessianProduct => paired(results, second),
            Part::NormalRight => paired(results, &columns(first)),
            Part::Jacobian => self.applied(results, first),
            Part::Hessian | Part::NormalMatrix => bilinear(results, first, second),
        }
    }

    /// Σ J vec d as a column. By a number, J has the shape of the result.
    fn applied(&self, results: &[Rc<Matrix>], directions: &[Rc<Matrix>]) -> Matrix {
        let terms = results.iter().zip(directions).zip(&self.kinds).map(|((j, d), kind)| {
            let j = if self.layout == Layout::Denominator { j.transposed() } else { j.as_ref().clone() };
            match kind {
                InputKind::Matrix(_) => j.product(&column(d)),
                _ => column(&j.map(|x| x * d.value())),
            }
        });
        terms.reduce(|a, b| a.zip(&b, |a, b| a + b)).unwrap_or_else(|| Matrix::scalar(f64::NAN))
    }

    /// The part in words.
    fn named(&self, part: Part) -> String {
        let name = |k: &usize| self.program.inputs[*k].name.to_string();
        let names: Vec<String> = self.program.differentiated.iter().map(name).collect();
        let by = names.join(", ");
        match part {
            Part::Value => "the value".to_owned(),
            Part::Gradient => format!("the derivative by {by}"),
            Part::Hessian => format!("the Hessian by {by}"),
            Part::HessianProduct => format!("the Hessian-vector product by {by}"),
            Part::Pushforward => format!("the directional derivative by {by}"),
            Part::Pullback => format!("the adjoint product by {by}"),
            Part::Jacobian => format!("the Jacobian by {by}"),
            Part::HalfSquare => "half the squared norm".to_owned(),
            Part::NormalRight => format!("Jᵀr by {by}"),
            Part::NormalMatrix => format!("JᵀJ by {by}"),
        }
    }
}

/// In what it is compared, in words.
fn ways(part: Part) -> &'static str {
    match part {
        Part::Value | Part::HalfSquare => "",
        Part::Hessian | Part::NormalMatrix => " in two random directions",
        _ => " in a random direction",
    }
}

impl Pair {
    /// The first place where the two differ. Rounding errors are relative to the scale; what is not finite differs from
    /// everything.
    fn difference(&self) -> Option<(String, f64, f64)> {
        let Pair { generated, wanted, scale } = self;
        if generated.shape() != wanted.shape() {
            return Some((String::new(), f64::NAN, wanted.value()));
        }
        let close = |a: f64, b: f64| a.is_finite() && (a - b).abs() <= TOLERANCE * scale;
        let mut entries = generated.entries.iter().zip(&wanted.entries);
        let place = entries.position(|(a, b)| !close(*a, *b))?;
        let (row, column) = (place % wanted.rows + 1, place / wanted.rows + 1);
        let alone = wanted.entries.len() == 1;
        let text = if alone { String::new() } else { format!("entry ({row}, {column}) of ") };
        Some((text, generated.entries[place], wanted.entries[place]))
    }
}

/// The side on which two shapes differ, and how; a name may be any number.
fn clash(generated: Shape, wanted: Shape) -> Option<(&'static str, (f64, f64))> {
    let sides = [("rows", generated.rows, wanted.rows), ("columns", generated.columns, wanted.columns)];
    sides.into_iter().find_map(|(side, a, b)| Some((side, different(a.known()?, b.known()?)?)))
}

fn different(generated: usize, wanted: usize) -> Option<(f64, f64)> {
    (generated != wanted).then_some((generated as f64, wanted as f64))
}

/// What the results ought to do to the directions.
fn expected(part: Part, point: &Point, wanted: &Wanted) -> Matrix {
    let Wanted { value, change, other, second, .. } = wanted;
    match part {
        Part::Value => value.as_ref().clone(),
        Part::Gradient | Part::Pushforward => change.as_ref().clone(),
        Part::Jacobian => column(change),
        Part::Hessian | Part::HessianProduct => second.as_ref().clone(),
        Part::Pullback => Matrix::scalar(point.cotangent.inner(change)),
        Part::HalfSquare => Matrix::scalar(0.5 * value.inner(value)),
        Part::NormalRight => Matrix::scalar(value.inner(change)),
        Part::NormalMatrix => Matrix::scalar(change.inner(other)),
    }
}

/// What rounding errors are relative to. Those of ⟨A, B⟩ are those of A times B and those of B times A.
fn scale(part: Part, point: &Point, wanted: &Wanted) -> f64 {
    let Wanted { value, change, other, scale, second_scale, .. } = wanted;
    match part {
        Part::Value | Part::Gradient | Part::Pushforward | Part::Jacobian => *scale,
        Part::Hessian | Part::HessianProduct => *second_scale,
        Part::Pullback => scale * absolute(&point.cotangent).max(1.0),
        Part::HalfSquare | Part::NormalRight | Part::NormalMatrix => {
            scale * (absolute(value) + absolute(change) + absolute(other)).max(1.0)
        }
    }
}

/// A bound of what the results of a derivative do to directions between −1 and 1.
fn size(part: Part, results: &[Rc<Matrix>]) -> f64 {
    match part.arity() {
        Arity::Once => 0.0,
        _ => results.iter().map(|x| x.largest() * x.entries.len() as f64).sum(),
    }
}

/// The only result.
fn whole(results: &[Rc<Matrix>]) -> Matrix {
    results.first().map_or_else(|| Matrix::scalar(f64::NAN), |x| x.as_ref().clone())
}

/// Σ ⟨G, d⟩
fn paired(results: &[Rc<Matrix>], directions: &[Rc<Matrix>]) -> Matrix {
    Matrix::scalar(results.iter().zip(directions).map(|(g, d)| g.inner(d)).sum())
}

/// Σ (vec a)ᵀ H vec b over the blocks, row by row.
fn bilinear(blocks: &[Rc<Matrix>], left: &[Rc<Matrix>], right: &[Rc<Matrix>]) -> Matrix {
    let (left, right) = (columns(left), columns(right));
    let pairs = left.iter().flat_map(|a| right.iter().map(move |b| (a, b)));
    Matrix::scalar(blocks.iter().zip(pairs).map(|(h, (a, b))| a.inner(&h.product(b))).sum())
}

/// vec X
fn column(x: &Matrix) -> Matrix {
    Matrix { rows: x.entries.len(), columns: 1, entries: x.entries.clone() }
}

fn columns(list: &[Rc<Matrix>]) -> Vec<Rc<Matrix>> {
    list.iter().map(|x| Rc::new(column(x))).collect()
}

/// Σ |entries|
fn absolute(x: &Matrix) -> f64 {
    x.entries.iter().map(|x| x.abs()).sum()
}
