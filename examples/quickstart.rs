//! Fits a logistic regression to the Wisconsin breast-cancer table through a generated gradient.
//!
//! `cargo run --release --example quickstart [-- FILE]` reads `examples/data/breast_cancer.csv` or a file of the same
//! form, standardises its 30 features, and minimises the regularised loss below with argmin's L-BFGS.

use std::error::Error;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use argmin::core::observers::{Observe, ObserverMode};
use argmin::core::{self, CostFunction, Executor, Gradient, IterState, KV, OptimizationResult, State};
use argmin::solver::linesearch::MoreThuenteLineSearch;
use argmin::solver::quasinewton::LBFGS;
use gradmacro::derive_grad;
use nalgebra::{SMatrix, SVector};

const SAMPLES: usize = 569;
const FEATURES: usize = 30;

/// One row per sample: the standardised features and a 1 for the intercept.
type Design = SMatrix<f64, 569, 31>;
type Weights = SVector<f64, 31>;
/// +1 for a benign sample, −1 for a malignant one.
type Labels = SVector<f64, 569>;

/// The mean of ln(1 + exp(−yᵢ xᵢᵀw)), and a penalty on the size of `w`.
///
/// Types are spelled out here, since an attribute cannot see what an alias stands for.
#[derive_grad]
fn loss(w: &SVector<f64, 31>, x: &SMatrix<f64, 569, 31>, y: &SVector<f64, 569>, lambda: f64) -> f64 {
    let z = x * w;
    z.zip_map(y, |z, y| (-y * z).exp().ln_1p()).sum() / 569.0 + 0.5 * lambda * w.norm_squared()
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let file = data_file();
    let problem =
        Problem::new(&read_table(&file)?, 1e-3).map_err(|error| format!("{}: {error}", file.display()))?;
    let start = Weights::zeros();
    problem.check(&start)?;
    print_formulas();

    let started = Instant::now();
    let w = problem.fit(&start)?;
    println!("fitted in {:.1?}\n", started.elapsed());

    println!("loss              {:.6}", problem.loss(&w));
    println!("gradient norm     {:.1e}", problem.grad(&w).norm());
    println!("accuracy          {:.1} % of the samples it was fitted to", 100.0 * problem.accuracy(&w));
    println!("time per gradient {:.1?}", problem.time_per_gradient(&w));
    Ok(())
}

/// Loss and gradient as formulas, by the code that writes them into the documentation of `loss_grad`.
fn print_formulas() {
    let explained = gradmacro_core::explain(include_str!("quickstart.rs")).unwrap_or_default();
    for formula in explained.iter().flat_map(|function| &function.formulas) {
        println!("{formula}");
    }
    println!();
}

/// The first argument, or the table that lies beside this example.
fn data_file() -> PathBuf {
    let shipped = || Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/data/breast_cancer.csv");
    std::env::args_os().nth(1).map_or_else(shipped, PathBuf::from)
}

/// A row of the file: the features and whether the sample is benign.
type Sample = ([f64; FEATURES], bool);

/// Reads the header and one sample a line. Each error names the file, the line and what was expected there.
fn read_table(path: &Path) -> Result<Vec<Sample>, Box<dyn Error>> {
    let file = path.display();
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_path(path)
        .map_err(|error| format!("cannot read {file}, a table of {SAMPLES} samples: {error}"))?;
    let mut samples = Vec::with_capacity(SAMPLES);
    for (index, record) in reader.records().enumerate() {
        let record = record.map_err(|error| format!("{file}: {error}"))?;
        let line = record.position().map_or(0, csv::Position::line);
        let at = |reason| format!("{file}, line {line}: {reason}");
        match index {
            0 => check_header(&record).map_err(at)?,
            _ => samples.push(read_sample(&record).map_err(at)?),
        }
    }
    match samples.len() {
        SAMPLES => Ok(samples),
        found => Err(format!("{file}: expected {SAMPLES} samples, found {found}").into()),
    }
}

fn check_header(record: &csv::StringRecord) -> Result<(), String> {
    let expected = ["569", "30", "malignant", "benign"];
    if record == expected.as_slice() {
        return Ok(());
    }
    let found = record.iter().take(expected.len()).collect::<Vec<_>>().join(",");
    Err(format!("expected the header `{}`, found `{found}`", expected.join(",")))
}

fn read_sample(record: &csv::StringRecord) -> Result<Sample, String> {
    let width = FEATURES + 1;
    if record.len() != width {
        return Err(format!("expected {width} numbers, found {}", record.len()));
    }
    let mut features = [0.0; FEATURES];
    for (column, feature) in features.iter_mut().enumerate() {
        *feature =
            read_number(&record[column]).map_err(|reason| format!("number {}: {reason}", column + 1))?;
    }
    match &record[FEATURES] {
        "0" => Ok((features, false)),
        "1" => Ok((features, true)),
        other => Err(format!("number {width}: expected the class 0 or 1, found `{other}`")),
    }
}

fn read_number(text: &str) -> Result<f64, String> {
    let number = text.trim().parse().ok().filter(|number: &f64| number.is_finite());
    number.ok_or_else(|| format!("expected a finite number, found `{text}`"))
}

/// What the loss is about, boxed where it is large: the design alone takes 141 kB.
struct Problem {
    x: Box<Design>,
    y: Box<Labels>,
    lambda: f64,
}

impl Problem {
    fn new(samples: &[Sample], lambda: f64) -> Result<Self, String> {
        // From an array, since an unoptimised `repeat` passes 141 kB through seven frames.
        let mut x = Box::new(Design::from([[1.0; SAMPLES]; FEATURES + 1]));
        for (j, mut column) in x.column_iter_mut().take(FEATURES).enumerate() {
            column.iter_mut().zip(samples).for_each(|(entry, (features, _))| *entry = features[j]);
            let (mean, deviation) = (column.mean(), column.variance().sqrt());
            if deviation <= 1e-12 * mean.abs() {
                return Err(format!("feature {} is the same in all samples", j + 1));
            }
            column.apply(|v| *v = (*v - mean) / deviation);
        }
        let y = Box::new(Labels::from_fn(|i, _| if samples[i].1 { 1.0 } else { -1.0 }));
        Ok(Self { x, y, lambda })
    }

    fn loss(&self, w: &Weights) -> f64 {
        loss(w, &self.x, &self.y, self.lambda)
    }

    fn grad(&self, w: &Weights) -> Weights {
        loss_grad(w, &self.x, &self.y, self.lambda)
    }

    /// A gradient is worth a check before a long fit: against central differences, at the point where it starts.
    fn check(&self, w: &Weights) -> Result<(), gradmacro::GradientMismatch> {
        gradmacro::check_gradient(|w| self.loss(w), |w| self.grad(w), w, 1e-6)
    }

    fn fit(&self, start: &Weights) -> Result<Weights, Box<dyn Error>> {
        let solver = LBFGS::new(MoreThuenteLineSearch::new(), 10).with_tolerance_grad(1e-6)?;
        let OptimizationResult { mut state, .. } = Executor::new(self, solver)
            .configure(|state| state.param(start.as_slice().to_vec()).max_iters(200))
            .add_observer(Progress, ObserverMode::Always)
            .run()?;
        let best = state.take_best_param().ok_or("the solver found no point")?;
        println!("{}", state.get_termination_status());
        Ok(Weights::from_column_slice(&best))
    }

    /// The share of samples on the right side of xᵀw = 0.
    fn accuracy(&self, w: &Weights) -> f64 {
        (*self.x * w).zip_fold(&*self.y, 0.0, |right, z, y| right + f64::from(z * y > 0.0)) / SAMPLES as f64
    }

    /// The mean over as many gradients as fit into a tenth of a second.
    fn time_per_gradient(&self, w: &Weights) -> Duration {
        let (started, mut calls) = (Instant::now(), 0);
        while started.elapsed() < Duration::from_millis(100) {
            black_box(self.grad(black_box(w)));
            calls += 1;
        }
        started.elapsed() / calls
    }
}

// argmin's vectors are those of an older nalgebra, or plain ones: these two adapters are all that it takes.

impl CostFunction for &Problem {
    type Param = Vec<f64>;
    type Output = f64;

    fn cost(&self, w: &Vec<f64>) -> Result<f64, core::Error> {
        Ok(self.loss(&Weights::from_column_slice(w)))
    }
}

impl Gradient for &Problem {
    type Param = Vec<f64>;
    type Gradient = Vec<f64>;

    fn gradient(&self, w: &Vec<f64>) -> Result<Vec<f64>, core::Error> {
        Ok(self.grad(&Weights::from_column_slice(w)).as_slice().to_vec())
    }
}

/// Prints a line per iteration.
struct Progress;

type Iterate = IterState<Vec<f64>, Vec<f64>, (), (), (), f64>;

impl Observe<Iterate> for Progress {
    fn observe_init(&mut self, name: &str, state: &Iterate, _: &KV) -> Result<(), core::Error> {
        println!("{name}\niteration      loss  |gradient|");
        print_iterate(0, state);
        Ok(())
    }

    fn observe_iter(&mut self, state: &Iterate, _: &KV) -> Result<(), core::Error> {
        print_iterate(state.get_iter() + 1, state);
        Ok(())
    }
}

fn print_iterate(iteration: u64, state: &Iterate) {
    let norm = state.get_gradient().map_or(f64::NAN, |g| Weights::from_column_slice(g).norm());
    println!("{iteration:9}  {:.6}     {norm:.1e}", state.get_cost());
}
