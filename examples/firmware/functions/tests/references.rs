//! The references, which the firmware compares its results with, are what dual numbers give for the functions as written,
//! in double precision on the host. `BLESS=1` writes them.

use std::fmt::Write;
use std::fs;

use functions::{Sight, filter_with, losses, plan, sight};
use nalgebra::{SMatrix, SVector, Vector4};
use num_dual::Dual64;

type Matrix<D, const R: usize, const C: usize> = SMatrix<D, R, C>;

fn lift<const R: usize, const C: usize>(m: &Matrix<f64, R, C>) -> Matrix<Dual64, R, C> {
    m.map(Dual64::from)
}

/// `f`'s value at `x`, and its derivative by every entry of `x`.
fn derivatives<const R: usize, const C: usize, Y>(
    x: &Matrix<f64, R, C>,
    f: impl Fn(&Matrix<Dual64, R, C>) -> Y,
) -> Vec<Y> {
    (0..R * C)
        .map(|i| {
            let mut x = lift(x);
            x[i].eps = 1.0;
            f(&x)
        })
        .collect()
}

/// Value and gradient of a function that returns a number.
fn gradient<const R: usize, const C: usize>(
    x: &Matrix<f64, R, C>,
    f: impl Fn(&Matrix<Dual64, R, C>) -> Dual64,
) -> (f64, Matrix<f64, R, C>) {
    let all = derivatives(x, f);
    (all[0].re, Matrix::from_iterator(all.iter().map(|y| y.eps)))
}

/// Value and Jacobian of a function that returns a vector.
fn jacobian<const M: usize>(
    x: &Vector4<f64>,
    f: impl Fn(&Vector4<Dual64>) -> SVector<Dual64, M>,
) -> (SVector<f64, M>, Matrix<f64, M, 4>) {
    let all = derivatives(x, f);
    (all[0].map(|y| y.re), Matrix::from_fn(|i, j| all[j][i].eps))
}

fn losses_by_duals() -> [(&'static str, &'static str, Vec<f64>); 3] {
    let on = losses::<f64>();
    let (a, x, b) = (lift(&on.a), lift(&on.x), lift(&on.b));
    let (value, by_x) = gradient(&on.x, |x| functions::quadratic(x, &a, &b));
    let quadratic = entries(value, &[by_x.as_slice()]);

    let gaussian =
        |mean: &_, covariance: &_| functions::gaussian(&x, mean, covariance).expect("it is definite");
    let covariance = lift(&on.covariance);
    let (value, by_mean) = gradient(&on.b, |mean| gaussian(mean, &covariance));
    // nalgebra reads the lower triangle; the gradient by a symmetric matrix is shared among both.
    let (_, lower) = gradient(&on.covariance, |covariance| gaussian(&b, covariance));
    let by_covariance = (lower + lower.transpose()) * 0.5;
    let gaussian = entries(value, &[by_mean.as_slice(), by_covariance.as_slice()]);

    let (value, by_w) = gradient(&on.b, |w| functions::logistic(w, &x, on.y.into()));
    let logistic = entries(value, &[by_w.as_slice()]);
    [
        ("QUADRATIC", "Value and gradient.", quadratic),
        ("GAUSSIAN", "Value and gradients by mean and covariance.", gaussian),
        ("LOGISTIC", "Value and gradient.", logistic),
    ]
}

fn filter_by_duals() -> Vec<f64> {
    let Sight { belief, seen, model } = sight::<f64>();
    let (state, covariance) = filter_with(
        &belief,
        &seen,
        &model,
        |state| jacobian(state, |state| functions::motion(state, model.drag.into(), model.dt.into())),
        |state| jacobian(state, |state| functions::measurement(state, &lift(&model.sensor))),
    )
    .expect("noise makes the innovation's covariance regular");
    [state.as_slice(), covariance.as_slice()].concat()
}

fn rollout_by_duals() -> Vec<f64> {
    let plan = plan::<f64>();
    let start = lift(&plan.start);
    let (value, by_forces) =
        gradient(&plan.forces, |forces| functions::rollout(forces, &start, plan.dt.into()));
    entries(value, &[by_forces.as_slice()])
}

/// The text of `src/references.rs`.
fn references() -> String {
    let mut text = String::from(
        "//! What dual numbers on the host give in double precision, written by `tests/references.rs`.\n",
    );
    let others = [
        ("FILTER", "State and covariance after a step.", filter_by_duals()),
        ("ROLLOUT", "Value and gradient.", rollout_by_duals()),
    ];
    for (name, about, entries) in losses_by_duals().into_iter().chain(others) {
        write!(text, "\n/// {about}\npub const {name}: [f64; {}] = [\n", entries.len())
            .expect("a string takes text");
        for v in entries {
            // One digit less than `f64` has, in which libraries may differ.
            writeln!(text, "    {v:.14e},").expect("a string takes text");
        }
        text += "];\n";
    }
    text
}

fn entries(value: f64, derivatives: &[&[f64]]) -> Vec<f64> {
    [&[value], derivatives.concat().as_slice()].concat()
}

/// The numbers of a file of references, in order.
fn numbers(text: &str) -> Vec<f64> {
    text.lines().filter_map(|line| line.trim().strip_suffix(',')?.parse().ok()).collect()
}

#[test]
fn references_are_those_of_dual_numbers() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/references.rs");
    let wanted = references();
    if std::env::var_os("BLESS").is_some() {
        return fs::write(path, wanted).expect("the references are written");
    }
    let (found, wanted) =
        (numbers(&fs::read_to_string(path).expect("there are references")), numbers(&wanted));
    assert_eq!(found.len(), wanted.len());
    for (found, wanted) in found.iter().zip(&wanted) {
        assert!(
            (found - wanted).abs() <= 1e-12 * wanted.abs(),
            "{found} should be {wanted}; BLESS=1 writes it"
        );
    }
}
