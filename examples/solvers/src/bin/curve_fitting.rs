//! Fits three of NIST's reference problems for nonlinear regression with generated Jacobians.
//!
//! `cargo run --release -p solvers --bin curve_fitting`
//!
//! Each model is a vector of residuals, written once. Its `_jacobian` drives the `levenberg-marquardt` crate, its
//! `_gauss_newton` gives JᵀJ for the standard errors. Parameters, standard errors and sums of squares are printed
//! beside the values that NIST certifies to 11 digits; fewer than 6 common digits are an error.

use std::process::ExitCode;

use gradmacro::derive_grad;
use levenberg_marquardt::{LeastSquaresProblem, LevenbergMarquardt, differentiate_numerically};
use nalgebra::allocator::Reallocator;
use nalgebra::storage::Owned;
use nalgebra::{Const, DefaultAllocator, DimMax, DimMaximum, DimMin, SMatrix, SVector};

/// Exponential approach to a limit: dental research on monomolecular adsorption.
#[derive_grad(gauss_newton)]
fn misra1a(b: &SVector<f64, 2>, x: &SVector<f64, 14>, y: &SVector<f64, 14>) -> SVector<f64, 14> {
    x.map(|x| b[0] * (1.0 - (-b[1] * x).exp())) - y
}

/// A ratio of quadratics: an enzyme reaction, with a start far from the solution.
#[derive_grad(gauss_newton)]
fn mgh09(b: &SVector<f64, 4>, x: &SVector<f64, 11>, y: &SVector<f64, 11>) -> SVector<f64, 11> {
    x.zip_map(y, |x, y| b[0] * (x * x + x * b[1]) / (x * x + x * b[2] + b[3]) - y)
}

/// A ratio of cubics: electron mobility in semiconductors over the logarithm of the density.
#[derive_grad(gauss_newton)]
fn thurber(b: &SVector<f64, 7>, x: &SVector<f64, 37>, y: &SVector<f64, 37>) -> SVector<f64, 37> {
    let upper = x.map(|x| b[0] + x * (b[1] + x * (b[2] + x * b[3])));
    let lower = x.map(|x| 1.0 + x * (b[4] + x * (b[5] + x * b[6])));
    upper.component_div(&lower) - y
}

fn main() -> ExitCode {
    match fit_all() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn fit_all() -> Result<(), String> {
    Fit::new(misra1a, misra1a_jacobian, misra1a_gauss_newton, &MISRA1A).run()?;
    Fit::new(mgh09, mgh09_jacobian, mgh09_gauss_newton, &MGH09).run()?;
    Fit::new(thurber, thurber_jacobian, thurber_gauss_newton, &THURBER).run()
}

/// M residuals of N parameters, and what is generated for them.
type Residuals<const M: usize, const N: usize> =
    fn(&SVector<f64, N>, &SVector<f64, M>, &SVector<f64, M>) -> SVector<f64, M>;
type Jacobian<const M: usize, const N: usize> =
    fn(&SVector<f64, N>, &SVector<f64, M>, &SVector<f64, M>) -> SMatrix<f64, M, N>;
type GaussNewton<const M: usize, const N: usize> =
    fn(&SVector<f64, N>, &SVector<f64, M>, &SVector<f64, M>) -> (f64, SVector<f64, N>, SMatrix<f64, N, N>);

/// A problem on its way to the solution: what the solver asks for, at the parameters that it sets.
struct Fit<const M: usize, const N: usize> {
    residuals: Residuals<M, N>,
    jacobian: Jacobian<M, N>,
    gauss_newton: GaussNewton<M, N>,
    reference: &'static Reference<M, N>,
    x: SVector<f64, M>,
    y: SVector<f64, M>,
    b: SVector<f64, N>,
}

impl<const M: usize, const N: usize> LeastSquaresProblem<f64, Const<M>, Const<N>> for Fit<M, N> {
    type ResidualStorage = Owned<f64, Const<M>>;
    type JacobianStorage = Owned<f64, Const<M>, Const<N>>;
    type ParameterStorage = Owned<f64, Const<N>>;

    fn set_params(&mut self, b: &SVector<f64, N>) {
        self.b = *b;
    }

    fn params(&self) -> SVector<f64, N> {
        self.b
    }

    fn residuals(&self) -> Option<SVector<f64, M>> {
        Some((self.residuals)(&self.b, &self.x, &self.y))
    }

    fn jacobian(&self) -> Option<SMatrix<f64, M, N>> {
        Some((self.jacobian)(&self.b, &self.x, &self.y))
    }
}

impl<const M: usize, const N: usize> Fit<M, N> {
    fn new(
        residuals: Residuals<M, N>,
        jacobian: Jacobian<M, N>,
        gauss_newton: GaussNewton<M, N>,
        reference: &'static Reference<M, N>,
    ) -> Self {
        let (x, y, b) = (reference.x.into(), reference.y.into(), reference.start.into());
        Self { residuals, jacobian, gauss_newton, reference, x, y, b }
    }

    fn run(mut self) -> Result<(), String>
    where
        Const<M>: DimMin<Const<N>> + DimMax<Const<N>>,
        DefaultAllocator: Reallocator<f64, Const<M>, Const<N>, DimMaximum<Const<M>, Const<N>>, Const<N>>,
    {
        println!("{}: {M} observations, {N} parameters", self.reference.name);
        self.check_jacobian()?;
        let solver = LevenbergMarquardt::new().with_patience(1000);
        let (fitted, report) = solver.minimize(self);
        println!("{:?} after {} evaluations", report.termination, report.number_of_evaluations);
        if !report.termination.was_successful() {
            return Err(format!("{} was not fitted", fitted.reference.name));
        }
        fitted.compare()
    }

    /// The generated Jacobian beside the solver's numerical one, column by column since units differ.
    fn check_jacobian(&mut self) -> Result<(), String> {
        let numerical = differentiate_numerically(self).ok_or("the residuals are always there")?;
        let generated = (self.jacobian)(&self.b, &self.x, &self.y);
        let pairs = generated.column_iter().zip(numerical.column_iter());
        let difference = pairs.map(|(g, n)| (g - n).amax() / g.amax()).fold(0.0, f64::max);
        println!("Jacobian at the start: relative difference to a numerical one {difference:.0e}");
        match difference {
            ..1e-6 => Ok(()),
            _ => Err(format!("the Jacobian of {} is not that of its residuals", self.reference.name)),
        }
    }

    /// Prints the table, and tells whether it agrees with what NIST certifies.
    fn compare(&self) -> Result<(), String> {
        let (half_sum, _, jtj) = (self.gauss_newton)(&self.b, &self.x, &self.y);
        let covariance = jtj.try_inverse().ok_or("the parameters are not determined by the data")?;
        let variance = 2.0 * half_sum / (M - N) as f64;

        let Reference { name, certified, deviations, sum_of_squares, .. } = self.reference;
        let mut table = Table::new();
        for (k, certified) in certified.iter().enumerate() {
            table.row(&format!("b{}", k + 1), self.b[k], *certified);
        }
        for (k, certified) in deviations.iter().enumerate() {
            table.row(&format!("σ(b{})", k + 1), (variance * covariance[(k, k)]).sqrt(), *certified);
        }
        table.row("sum of squares", 2.0 * half_sum, *sum_of_squares);
        table.verdict(name)
    }
}

/// Prints fitted values beside certified ones, and keeps the smallest number of digits on which they agree.
struct Table {
    fewest: f64,
}

impl Table {
    fn new() -> Self {
        println!("{:16}{:>19}{:>19}  common digits", "", "fitted", "certified");
        Self { fewest: f64::INFINITY }
    }

    fn row(&mut self, label: &str, fitted: f64, certified: f64) {
        let digits = -((fitted - certified) / certified).abs().max(1e-11).log10();
        println!("{label:16}{fitted:19.10e}{certified:19.10e}{digits:15.1}");
        // A NaN must not pass for agreement.
        self.fewest = if digits >= self.fewest { self.fewest } else { digits };
    }

    fn verdict(&self, name: &str) -> Result<(), String> {
        println!();
        match self.fewest {
            6.0.. => Ok(()),
            digits => Err(format!("{name} agrees with the certified values to {digits:.1} digits only")),
        }
    }
}

/// Data, start and certified results from NIST's Statistical Reference Datasets, "Nonlinear Regression",
/// <https://www.itl.nist.gov/div898/strd/nls/nls_main.shtml>. The start is the first, more difficult one of each.
struct Reference<const M: usize, const N: usize> {
    name: &'static str,
    x: [f64; M],
    y: [f64; M],
    start: [f64; N],
    certified: [f64; N],
    deviations: [f64; N],
    sum_of_squares: f64,
}

static MISRA1A: Reference<14, 2> = Reference {
    name: "Misra1a (lower difficulty)",
    x: [77.6, 114.9, 141.1, 190.8, 239.9, 289.0, 332.8, 378.4, 434.8, 477.3, 536.8, 593.1, 689.1, 760.0],
    y: [10.07, 14.73, 17.94, 23.93, 29.61, 35.18, 40.02, 44.82, 50.76, 55.05, 61.01, 66.40, 75.47, 81.78],
    start: [500.0, 0.0001],
    certified: [2.3894212918e2, 5.5015643181e-4],
    deviations: [2.7070075241, 7.2668688436e-6],
    sum_of_squares: 1.2455138894e-1,
};

static MGH09: Reference<11, 4> = Reference {
    name: "MGH09 (higher difficulty)",
    x: [4.0, 2.0, 1.0, 0.5, 0.25, 0.167, 0.125, 0.1, 0.0833, 0.0714, 0.0625],
    y: [0.1957, 0.1947, 0.1735, 0.1600, 0.0844, 0.0627, 0.0456, 0.0342, 0.0323, 0.0235, 0.0246],
    start: [25.0, 39.0, 41.5, 39.0],
    certified: [1.9280693458e-1, 1.9128232873e-1, 1.2305650693e-1, 1.3606233068e-1],
    deviations: [1.1435312227e-2, 1.9633220911e-1, 8.0842031232e-2, 9.0025542308e-2],
    sum_of_squares: 3.0750560385e-4,
};

static THURBER: Reference<37, 7> = Reference {
    name: "Thurber (higher difficulty)",
    x: [
        -3.067, -2.981, -2.921, -2.912, -2.840, -2.797, -2.702, -2.699, -2.633, -2.481, -2.363, -2.322,
        -1.501, -1.460, -1.274, -1.212, -1.100, -1.046, -0.915, -0.714, -0.566, -0.545, -0.400, -0.309,
        -0.109, -0.103, 0.010, 0.119, 0.377, 0.790, 0.963, 1.006, 1.115, 1.572, 1.841, 2.047, 2.200,
    ],
    y: [
        80.574, 84.248, 87.264, 87.195, 89.076, 89.608, 89.868, 90.101, 92.405, 95.854, 100.696, 101.060,
        401.672, 390.724, 567.534, 635.316, 733.054, 759.087, 894.206, 990.785, 1090.109, 1080.914, 1122.643,
        1178.351, 1260.531, 1273.514, 1288.339, 1327.543, 1353.863, 1414.509, 1425.208, 1421.384, 1442.962,
        1464.350, 1468.705, 1447.894, 1457.628,
    ],
    start: [1000.0, 1000.0, 400.0, 40.0, 0.7, 0.3, 0.03],
    certified: [
        1.2881396800e3,
        1.4910792535e3,
        5.8323836877e2,
        7.5416644291e1,
        9.6629502864e-1,
        3.9797285797e-1,
        4.9727297349e-2,
    ],
    deviations: [
        4.6647963344,
        3.9571156086e1,
        2.8698696102e1,
        5.5675370270,
        3.1333340687e-2,
        1.4984928198e-2,
        6.5842344623e-3,
    ],
    sum_of_squares: 5.6427082397e3,
};
