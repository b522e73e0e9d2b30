//! Newton's method with generated gradients and Hessians, through argmin.
//!
//! `cargo run --release -p solvers --bin newton`
//!
//! First Rosenbrock's valley in ten dimensions, whose minimum is known; then a logistic regression to data from a
//! textbook, where the inverse of the Hessian gives the standard errors too. The norm of the gradient is printed for
//! each iteration: near the solution its exponent about doubles, as it does only with an exact Hessian.

use std::process::ExitCode;

use argmin::core::observers::{Observe, ObserverMode};
use argmin::core::{
    Error, Executor, Gradient, Hessian, IterState, KV, OptimizationResult, Problem, Solver, State,
    TerminationReason, TerminationStatus,
};
use argmin::solver::newton::Newton;
use gradmacro::derive_grad;
use nalgebra::{SMatrix, SVector, vector};

/// Five of Rosenbrock's valleys: number 21 of Moré, Garbow and Hillstrom's test functions.
#[derive_grad(hessian)]
fn rosenbrock(x: &SVector<f64, 10>) -> f64 {
    (0..5).map(|i| 100.0 * (x[2 * i + 1] - x[2 * i].powi(2)).powi(2) + (1.0 - x[2 * i]).powi(2)).sum()
}

/// Minus the logarithm of a binomial likelihood: `killed` of `exposed` at each dose, with log-odds b₀ + b₁ dose.
#[derive_grad(hessian)]
fn misfit(
    b: &SVector<f64, 2>,
    dose: &SVector<f64, 8>,
    exposed: &SVector<f64, 8>,
    killed: &SVector<f64, 8>,
) -> f64 {
    let log_odds = dose.map(|d| b[0] + b[1] * d);
    log_odds.map(|z| z.exp().ln_1p()).dot(exposed) - log_odds.dot(killed)
}

/// Numbers of beetles, exposed to carbon disulphide and killed by it, over log₁₀ of its concentration in mg/l:
/// C. I. Bliss, The calculation of the dosage-mortality curve, Annals of Applied Biology 22, 1935; table 7.2 of
/// A. J. Dobson, An Introduction to Generalized Linear Models.
static DOSE: SVector<f64, 8> = vector![1.6907, 1.7242, 1.7552, 1.7842, 1.8113, 1.8369, 1.8610, 1.8839];
static EXPOSED: SVector<f64, 8> = vector![59.0, 60.0, 62.0, 56.0, 63.0, 59.0, 62.0, 60.0];
static KILLED: SVector<f64, 8> = vector![6.0, 13.0, 18.0, 28.0, 52.0, 53.0, 61.0, 60.0];
/// Estimates and standard errors as Dobson prints them.
const PUBLISHED: [(f64, f64); 2] = [(-60.72, 5.18), (34.27, 2.91)];

fn main() -> ExitCode {
    match descend().and_then(|()| regress()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn descend() -> Result<(), Error> {
    println!("Rosenbrock's function of 10 variables");
    let start = SVector::from_fn(|i, _| if i % 2 == 0 { -1.2 } else { 1.0 });
    let x = minimise(Smooth { gradient: rosenbrock_grad, hessian: rosenbrock_hessian }, start)?;

    println!("{:8}{:>20}{:>8}", "", "found", "true");
    for (i, x) in x.iter().enumerate() {
        println!("x{:<7}{x:20.16}{:8}", i + 1, 1);
    }
    println!("value   {:20.1e}{:8}\n", rosenbrock(&x), 0);
    require(x.add_scalar(-1.0).amax() < 1e-12, "the minimum was missed")
}

fn regress() -> Result<(), Error> {
    println!("Logistic regression: mortality of beetles");
    let likelihood = Smooth {
        gradient: |b| misfit_grad(b, &DOSE, &EXPOSED, &KILLED),
        hessian: |b| misfit_hessian(b, &DOSE, &EXPOSED, &KILLED),
    };
    let b = minimise(likelihood, SVector::zeros())?;
    let covariance = (likelihood.hessian)(&b).try_inverse();
    let covariance = covariance.ok_or_else(|| Error::msg("the data do not determine the parameters"))?;

    println!("{:8}{:>12}{:>12}{:>12}{:>12}", "", "estimate", "published", "std. error", "published");
    for (k, (estimate, error)) in PUBLISHED.into_iter().enumerate() {
        let deviation = covariance[(k, k)].sqrt();
        println!("b{k:<7}{:12.4}{estimate:12.2}{deviation:12.4}{error:12.2}", b[k]);
        let agrees = (b[k] - estimate).abs() < 0.0051 && (deviation - error).abs() < 0.0051;
        require(agrees, "the estimates are not the published ones")?;
    }
    Ok(())
}

fn require(holds: bool, otherwise: &'static str) -> Result<(), Error> {
    if holds { Ok(()) } else { Err(Error::msg(otherwise)) }
}

/// Gradient and Hessian of a function of N variables: all that Newton's method asks for.
#[derive(Clone, Copy)]
struct Smooth<const N: usize> {
    gradient: fn(&SVector<f64, N>) -> SVector<f64, N>,
    hessian: fn(&SVector<f64, N>) -> SMatrix<f64, N, N>,
}

impl<const N: usize> Gradient for Smooth<N> {
    type Param = SVector<f64, N>;
    type Gradient = SVector<f64, N>;

    fn gradient(&self, x: &SVector<f64, N>) -> Result<SVector<f64, N>, Error> {
        Ok((self.gradient)(x))
    }
}

impl<const N: usize> Hessian for Smooth<N> {
    type Param = SVector<f64, N>;
    type Hessian = SMatrix<f64, N, N>;

    fn hessian(&self, x: &SVector<f64, N>) -> Result<SMatrix<f64, N, N>, Error> {
        Ok((self.hessian)(x))
    }
}

/// Eight steps are enough where each of the last ones doubles the digits, and too few with a Hessian a little off.
fn minimise<const N: usize>(function: Smooth<N>, start: SVector<f64, N>) -> Result<SVector<f64, N>, Error> {
    let OptimizationResult { mut state, .. } = Executor::new(function, UntilFlat(function))
        .configure(|state| state.param(start).max_iters(8))
        .add_observer(Progress(function), ObserverMode::Always)
        .run()?;
    println!("{}\n", state.get_termination_status());
    let converged = state.get_termination_reason() == Some(&TerminationReason::SolverConverged);
    require(converged, "Newton's method did not converge")?;
    state.take_best_param().ok_or_else(|| Error::msg("the solver found no point"))
}

type Iterate<const N: usize> = IterState<SVector<f64, N>, SVector<f64, N>, (), SMatrix<f64, N, N>, (), f64>;

impl<const N: usize> Smooth<N> {
    /// The norm of the gradient where the solver is; argmin's Newton does not store it.
    fn slope(&self, state: &Iterate<N>) -> f64 {
        state.get_param().map_or(f64::NAN, |x| (self.gradient)(x).norm())
    }
}

/// argmin's Newton, which goes on for as long as it may, and a gradient at which it stops.
struct UntilFlat<const N: usize>(Smooth<N>);

impl<const N: usize> Solver<Smooth<N>, Iterate<N>> for UntilFlat<N> {
    fn name(&self) -> &str {
        "Newton's method"
    }

    fn next_iter(
        &mut self,
        problem: &mut Problem<Smooth<N>>,
        state: Iterate<N>,
    ) -> Result<(Iterate<N>, Option<KV>), Error> {
        Newton::new().next_iter(problem, state)
    }

    fn terminate(&mut self, state: &Iterate<N>) -> TerminationStatus {
        match self.0.slope(state) {
            ..1e-10 => TerminationStatus::Terminated(TerminationReason::SolverConverged),
            _ => TerminationStatus::NotTerminated,
        }
    }
}

/// Prints a line per iteration.
struct Progress<const N: usize>(Smooth<N>);

impl<const N: usize> Observe<Iterate<N>> for Progress<N> {
    fn observe_init(&mut self, name: &str, state: &Iterate<N>, _: &KV) -> Result<(), Error> {
        println!("{name}\niteration  |gradient|");
        println!("{:9}  {:.1e}", 0, self.0.slope(state));
        Ok(())
    }

    fn observe_iter(&mut self, state: &Iterate<N>, _: &KV) -> Result<(), Error> {
        println!("{:9}  {:.1e}", state.get_iter() + 1, self.0.slope(state));
        Ok(())
    }
}
