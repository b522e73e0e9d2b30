//! The certificate passes what is right, and finds mistakes that are planted.

use super::{Candidate, Certificate, certify};
use crate::front::request::Output;
use crate::ir::{Expr, Ratio};
use crate::pipeline::{Expansion, planned, read};

const EVERYTHING: &str = "hessian, hvp, jvp, jacobian";
const VECTOR: &str = "jvp, vjp, gauss_newton";

const ROSENBROCK: &str = "fn f(x: &SVector<f64, 3>) -> f64 {
    (1.0 - x[0]).powi(2) + 100.0 * (x[1] - x[0] * x[0]).powi(2) + (x[1] * x[2]).sin()
}";
const BILINEAR: &str = "fn f(a: &SMatrix<f64, 2, 3>, s: f64, b: &SVector<f64, 3>) -> f64 {
    (a * b).norm_squared() * s.exp() + s * s * b.sum()
}";
const DEFINITE: &str = "fn f(a: &SMatrix<f64, 3, 3>) -> f64 { a.determinant().ln() + (a * a).trace() }";
const RESIDUAL: &str = "fn f(x: &SVector<f64, 2>, k: f64, t: &SVector<f64, 4>) -> SVector<f64, 4> {
    t.map(|v| (v * k).exp()) * x[0] + t * (x[1] * x[0])
}";
const SANDWICH: &str =
    "fn f(a: &SMatrix<f64, 2, 2>, s: f64) -> SMatrix<f64, 2, 2> { a * a.transpose() * s + a * a }";
const ROW: &str = "fn f(x: &SVector<f64, 3>) -> RowSVector<f64, 3> { x.transpose() * x.norm() }";

fn expansion(attribute: &str, function: &str) -> Expansion {
    let tokens = "tokens";
    let made = read(attribute.parse().expect(tokens), function.parse().expect(tokens));
    made.unwrap_or_else(|failure| {
        panic!(
            "{attribute}: {function}: {:?}",
            failure.errors().iter().map(|e| e.message.as_str()).collect::<Vec<_>>()
        )
    })
}

/// The certificate of one output, its results being changed before they are planned.
fn changed(of: &Expansion, output: Output, change: for<'g> fn(&mut Vec<Expr<'g>>)) -> Certificate {
    let mut roots: Vec<Expr<'_>> =
        of.derived.roots(output).into_iter().map(|id| of.derived.graph.expr(id)).collect();
    change(&mut roots);
    let schedule = planned(&of.derived, &roots.iter().map(|root| root.id).collect::<Vec<_>>(), true);
    certify(&of.program, of.request.layout, &[Candidate { schedule: &schedule, output }])
}

/// Every output on its own, and all together.
fn passes(attribute: &str, function: &str) {
    let of = expansion(attribute, function);
    for (output, _) in &of.request.outputs {
        let certificate = changed(&of, *output, |_| {});
        assert!(matches!(certificate, Certificate::Certified(_)), "{output:?}: {certificate:?}: {function}");
    }
    let pairs = of.schedules.iter().zip(&of.request.outputs);
    let all: Vec<Candidate<'_>> =
        pairs.map(|(schedule, (output, _))| Candidate { schedule, output: *output }).collect();
    assert!(matches!(certify(&of.program, of.request.layout, &all), Certificate::Certified(_)), "{function}");
}

fn found(
    attribute: &str,
    function: &str,
    output: Output,
    what: &str,
    change: for<'g> fn(&mut Vec<Expr<'g>>),
) {
    let certificate = changed(&expansion(attribute, function), output, change);
    let Certificate::Mismatch(mismatch) = &certificate else {
        panic!("{output:?}: {certificate:?}: {function}")
    };
    assert!(mismatch.what.contains(what), "{mismatch:?}");
}

/// The same matrix with the sign of one entry turned.
fn turned(x: Expr<'_>, row: usize, column: usize) -> Expr<'_> {
    let graph = x.graph;
    let (i, j) = (graph.index(row as i64), graph.index(column as i64));
    x + x.entry(row, column).scatter(i, j, x.shape()).times(Ratio::int(-2))
}

#[test]
fn derivatives_of_scalars_pass() {
    passes(&format!("wrt(x), {EVERYTHING}"), ROSENBROCK);
    passes(&format!("wrt(a, s, b), {EVERYTHING}"), BILINEAR);
    passes(&format!("wrt(a), spd(a), {EVERYTHING}"), DEFINITE);
    passes("wrt(a), lower(a), hessian, hvp", DEFINITE);
}

#[test]
fn derivatives_of_vectors_and_matrices_pass() {
    for layout in ["numerator", "denominator"] {
        passes(&format!("wrt(x, k), {VECTOR}, layout = \"{layout}\""), RESIDUAL);
        passes(&format!("wrt(a, s), jvp, vjp, layout = \"{layout}\""), SANDWICH);
        passes(&format!("wrt(a), symmetric(a), jvp, vjp, layout = \"{layout}\""), SANDWICH);
        passes(&format!("wrt(x), jvp, vjp, layout = \"{layout}\""), ROW);
    }
}

#[test]
fn wrong_second_derivatives_are_found() {
    let (one, several) = ("wrt(x), hessian, hvp", "wrt(a, s, b), hessian, hvp");
    found(one, ROSENBROCK, Output::Hessian, "the Hessian by x", |h| h[0] = turned(h[0], 0, 1));
    found(one, ROSENBROCK, Output::ValueGradHessian, "the Hessian by x", |r| r[2] = turned(r[2], 2, 1));
    found(one, ROSENBROCK, Output::Hvp, "the Hessian-vector product", |r| r[0] = turned(r[0], 1, 0));
    found(several, BILINEAR, Output::Hessian, "the Hessian by a, s, b", |h| h[2] = turned(h[2], 5, 2));
    found(several, BILINEAR, Output::Hessian, "the number of rows", |h| h.swap(1, 3));
}

#[test]
fn wrong_first_derivatives_are_found() {
    let all = "wrt(x, k), jvp, vjp, gauss_newton";
    found(all, RESIDUAL, Output::Jacobian, "the Jacobian by x, k", |r| r[0] = turned(r[0], 3, 1));
    found(all, RESIDUAL, Output::Jvp, "the directional derivative", |r| r[1] = turned(r[1], 2, 0));
    found(all, RESIDUAL, Output::Vjp, "the adjoint product", |r| r[1] = -r[1]);
    found(all, RESIDUAL, Output::GaussNewton, "half the squared norm", |r| r[0] = r[0].times(Ratio::int(2)));
    found(all, RESIDUAL, Output::GaussNewton, "Jᵀr", |r| r[1] = turned(r[1], 1, 0));
    found(all, RESIDUAL, Output::GaussNewton, "JᵀJ", |r| r[3] = turned(r[3], 0, 1));
    found("wrt(x)", ROW, Output::ValueAndJacobian, "entry (1, 3) of the value", |r| {
        r[0] = turned(r[0], 0, 2)
    });
    found("wrt(x)", ROSENBROCK, Output::Grad, "the derivative by x", |r| r[0] = turned(r[0], 2, 0));
}

#[test]
fn the_other_layout_is_found() {
    let by_a_number = SANDWICH.replace("* s", "* s * a");
    let transpose: for<'g> fn(&mut Vec<Expr<'g>>) = |r| r[0] = r[0].t();
    for layout in ["numerator", "denominator"] {
        let by = |name: &str| format!("wrt({name}), layout = \"{layout}\"");
        found(&by("a"), SANDWICH, Output::Jacobian, "the Jacobian by a", transpose);
        found(&by("s"), &by_a_number, Output::Jacobian, "the Jacobian by s", transpose);
        found(&by("x"), RESIDUAL, Output::Jacobian, "the number of rows of the Jacobian by x", transpose);
    }
}

/// Sizes of derivatives are products of names.
#[test]
fn sizes_may_be_names() {
    let declared = |function: &str| function.replace("2, 2>", "ROWS, ROWS>");
    passes("wrt(a, s), jvp, vjp", &declared(SANDWICH));
    let wide = BILINEAR.replace("2, 3>", "ROWS, COLS>").replace("<f64, 3>", "<f64, COLS>");
    passes("wrt(a, s, b), hessian, hvp, jacobian", &wide);
    let turned = "fn f(a: &SMatrix<f64, ROWS, COLS>) -> SMatrix<f64, COLS, ROWS> { a.transpose() }";
    passes("wrt(a), jvp, vjp", turned);
    passes("wrt(a), hessian, hvp", &DEFINITE.replace("3, 3>", "ROWS, ROWS>"));
}

#[test]
fn what_is_not_a_number_is_found() {
    found("wrt(x)", ROSENBROCK, Output::Grad, "the derivative by x", |r| {
        let zero = r[0].graph.zeros(r[0].shape());
        r[0] = r[0].over(zero);
    });
}

#[test]
fn missing_results_are_found() {
    found("wrt(x)", ROSENBROCK, Output::ValueAndGrad, "the number of results", |r| r.truncate(1));
}
