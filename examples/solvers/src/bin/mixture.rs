//! Fits a mixture of three Gaussians to Fisher's irises by maximum likelihood.
//!
//! `cargo run --release -p solvers --bin mixture`
//!
//! `misfit` is minus the log-likelihood, with loops over the flowers and over the components; argmin's L-BFGS minimises
//! it by its generated gradient. The fit does not see the species: how many flowers it puts together with their own is
//! printed at the end, and a plot of the components is written beside the executable.

use std::array;
use std::error::Error;
use std::f64::consts::TAU;
use std::ops::Range;
use std::path::Path;
use std::process::ExitCode;

use argmin::core::observers::{Observe, ObserverMode};
use argmin::core::{self, CostFunction, Executor, Gradient, IterState, KV, OptimizationResult, State};
use argmin::solver::linesearch::MoreThuenteLineSearch;
use argmin::solver::quasinewton::LBFGS;
use gradmacro::derive_grad;
use nalgebra::{Matrix4, SMatrix, SVector, Vector2, Vector3, Vector4};
use plotters::coord::Shift;
use plotters::prelude::*;

/// Minus the log-likelihood of `points`, as a mean over them.
///
/// Component k has a weight proportional to `exp(logits[k])`, the mean `means.column(k)`, and the precision WᵀW, where W
/// is the lower triangle of columns 4k to 4k + 3 of `roots`.
#[derive_grad(wrt(logits, means, roots))]
fn misfit(
    logits: &SVector<f64, 3>,
    means: &SMatrix<f64, 4, 3>,
    roots: &SMatrix<f64, 4, 12>,
    points: &[Vector4<f64>],
) -> f64 {
    let mut offsets = logits.add_scalar(-logits.map(|l| l.exp()).sum().ln());
    for k in 0..3 {
        offsets[k] += roots.fixed_columns::<4>(4 * k).diagonal().map(|d| d.abs().ln()).sum();
    }
    let mut total = 0.0;
    for point in points {
        let mut scores = offsets;
        for k in 0..3 {
            let z = roots.fixed_columns::<4>(4 * k).lower_triangle() * (point - means.column(k));
            scores[k] -= 0.5 * z.norm_squared();
        }
        let largest = scores.max();
        total += largest + scores.map(|s| (s - largest).exp()).sum().ln();
    }
    2.0 * TAU.ln() - total / points.len() as f64
}

/// Where EM, as scikit-learn 1.9 does it (`GaussianMixture`, no regularisation), ends too.
const LOG_LIKELIHOOD: f64 = -180.185477;
const SPECIES: [(&str, RGBColor); 3] = [
    ("setosa", RGBColor(0, 114, 178)),
    ("versicolor", RGBColor(213, 94, 0)),
    ("virginica", RGBColor(0, 158, 115)),
];

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
    let (points, species) = read(include_str!("../../data/iris.csv"))?;
    let mixture = Mixture::unpack(&fit(&points)?);
    let found: Vec<usize> = points.iter().map(|point| mixture.likeliest(point)).collect();
    let names = names(&found, &species);

    println!("species     weight  mean in cm");
    for (k, &name) in names.iter().enumerate() {
        let mean: Vec<_> = mixture.means.column(k).iter().map(|length| format!("{length:.3}")).collect();
        println!("{:12}{:6.3}  {}", SPECIES[name].0, mixture.weights()[k], mean.join(", "));
    }
    let agree = found.iter().zip(&species).filter(|&(&k, &name)| names[k] == name).count();
    let percent = 100.0 * agree as f64 / points.len() as f64;
    println!("{agree} of {} flowers are with their species: {percent:.1} %", points.len());

    let file = std::env::current_exe()?.with_extension("svg");
    Picture { points: &points, species: &species, mixture: &mixture, names: &names }.draw(&file)?;
    println!("plot in {}", file.display());

    let log_likelihood = -mixture.misfit(&points) * points.len() as f64;
    println!("log-likelihood {log_likelihood:.6}, by EM {LOG_LIKELIHOOD}");
    match (log_likelihood - LOG_LIKELIHOOD).abs() {
        ..1e-4 => Ok(()),
        _ => Err("this is not the maximum that EM finds".into()),
    }
}

type Points = Vec<Vector4<f64>>;
type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// The flowers, and the species of each: a header, and lines of four lengths in centimetres and the species.
fn read(table: &str) -> Result<(Points, Vec<usize>), Box<dyn Error>> {
    let (mut points, mut species) = (vec![], vec![]);
    for line in table.lines().skip(1) {
        let (lengths, name) = line.rsplit_once(',').ok_or("a line without commas")?;
        let lengths = lengths.split(',').map(str::parse).collect::<Result<Vec<f64>, _>>()?;
        points.push(Vector4::from_column_slice(&lengths));
        species.push(name.parse()?);
    }
    Ok((points, species))
}

/// All parameters in a row, as a solver wants them.
type Packed = SVector<f64, 63>;

struct Mixture {
    logits: Vector3<f64>,
    means: SMatrix<f64, 4, 3>,
    roots: SMatrix<f64, 4, 12>,
}

impl Mixture {
    fn unpack(packed: &Packed) -> Self {
        let (logits, rest) = packed.as_slice().split_at(3);
        let (means, roots) = rest.split_at(12);
        Self {
            logits: Vector3::from_column_slice(logits),
            means: SMatrix::from_column_slice(means),
            roots: SMatrix::from_column_slice(roots),
        }
    }

    fn pack(&self) -> Packed {
        let Self { logits, means, roots } = self;
        Packed::from_iterator(logits.iter().chain(means).chain(roots).copied())
    }

    fn misfit(&self, points: &[Vector4<f64>]) -> f64 {
        misfit(&self.logits, &self.means, &self.roots, points)
    }

    fn gradient(&self, points: &[Vector4<f64>]) -> Packed {
        let (logits, means, roots) = misfit_grad(&self.logits, &self.means, &self.roots, points);
        Self { logits, means, roots }.pack()
    }

    /// Where the groups of k-means are.
    fn start(points: &[Vector4<f64>]) -> Option<Self> {
        let groups = k_means(points);
        let mut roots = SMatrix::<f64, 4, 12>::zeros();
        for (k, group) in groups.iter().enumerate() {
            let deviation = |p: &Vector4<f64>| p - mean(group);
            let covariance: Matrix4<f64> =
                group.iter().map(|p| deviation(p) * deviation(p).transpose()).sum();
            let root = (covariance / group.len() as f64).cholesky()?.l().try_inverse()?;
            roots.fixed_columns_mut::<4>(4 * k).copy_from(&root);
        }
        let logits = Vector3::from_fn(|k, _| (groups[k].len() as f64).ln());
        Some(Self {
            logits,
            means: SMatrix::from_columns(&groups.each_ref().map(|group| mean(group))),
            roots,
        })
    }

    fn root(&self, k: usize) -> Matrix4<f64> {
        self.roots.fixed_columns::<4>(4 * k).lower_triangle()
    }

    fn weights(&self) -> Vector3<f64> {
        let weights = self.logits.map(f64::exp);
        weights / weights.sum()
    }

    /// The component that a point most likely belongs to.
    fn likeliest(&self, point: &Vector4<f64>) -> usize {
        let score = |k| {
            let root = self.root(k);
            let distance = (root * (point - self.means.column(k))).norm_squared();
            self.logits[k] + root.determinant().abs().ln() - 0.5 * distance
        };
        Vector3::from_fn(|k, _| score(k)).imax()
    }
}

/// Three groups of points, each nearest to its own mean, from points that are far apart.
fn k_means(points: &[Vector4<f64>]) -> [Points; 3] {
    let mut means = [points[0]; 3];
    for k in 1..3 {
        let apart =
            |p: &Vector4<f64>| means[..k].iter().map(|m| m.metric_distance(p)).fold(f64::MAX, f64::min);
        means[k] = points.iter().copied().max_by(|p, q| apart(p).total_cmp(&apart(q))).unwrap_or(points[0]);
    }
    let mut groups = array::from_fn(|_| vec![]);
    for _ in 0..20 {
        let nearest = |p: &Vector4<f64>| Vector3::from_fn(|k, _| means[k].metric_distance(p)).imin();
        groups = array::from_fn(|k| points.iter().copied().filter(|p| nearest(p) == k).collect::<Points>());
        means = groups.each_ref().map(|group| mean(group));
    }
    groups
}

fn mean(points: &[Vector4<f64>]) -> Vector4<f64> {
    points.iter().sum::<Vector4<f64>>() / points.len() as f64
}

/// The species that most flowers of each component have.
fn names(found: &[usize], species: &[usize]) -> [usize; 3] {
    let count = |k, name| found.iter().zip(species).filter(|&pair| pair == (&k, &name)).count();
    array::from_fn(|k| (0..3).max_by_key(|&name| count(k, name)).unwrap_or(k))
}

fn fit(points: &[Vector4<f64>]) -> Result<Packed, Box<dyn Error>> {
    let start = Mixture::start(points).ok_or("k-means found flat groups")?;
    let solver = LBFGS::new(MoreThuenteLineSearch::new(), 50).with_tolerance_grad(1e-4)?;
    let OptimizationResult { mut state, .. } = Executor::new(Likelihood(points), solver)
        .configure(|state| state.param(start.pack()).max_iters(300))
        .add_observer(Progress(points.len()), ObserverMode::Always)
        .run()?;
    println!("{}\n", state.get_termination_status());
    Ok(state.take_best_param().ok_or("the solver found no point")?)
}

/// What argmin asks for.
struct Likelihood<'a>(&'a [Vector4<f64>]);

impl CostFunction for Likelihood<'_> {
    type Param = Packed;
    type Output = f64;

    fn cost(&self, packed: &Packed) -> Result<f64, core::Error> {
        Ok(Mixture::unpack(packed).misfit(self.0))
    }
}

impl Gradient for Likelihood<'_> {
    type Param = Packed;
    type Gradient = Packed;

    fn gradient(&self, packed: &Packed) -> Result<Packed, core::Error> {
        Ok(Mixture::unpack(packed).gradient(self.0))
    }
}

/// Prints a line for every tenth iteration.
struct Progress(usize);

type Iterate = IterState<Packed, Packed, (), (), (), f64>;

impl Observe<Iterate> for Progress {
    fn observe_init(&mut self, name: &str, _: &Iterate, _: &KV) -> Result<(), core::Error> {
        println!("{name}\niteration  log-likelihood  |gradient|");
        Ok(())
    }

    fn observe_iter(&mut self, state: &Iterate, _: &KV) -> Result<(), core::Error> {
        if state.get_iter().is_multiple_of(10) {
            let slope = state.get_gradient().map_or(f64::NAN, |gradient| gradient.norm());
            println!("{:9}{:16.6}{slope:12.1e}", state.get_iter(), -state.get_cost() * self.0 as f64);
        }
        Ok(())
    }
}

/// Flowers in the colours of their species, and components in those of most of their flowers.
struct Picture<'a> {
    points: &'a [Vector4<f64>],
    species: &'a [usize],
    mixture: &'a Mixture,
    names: &'a [usize; 3],
}

impl Picture<'_> {
    fn draw(&self, file: &Path) -> Result<(), Box<dyn Error>> {
        let area = SVGBackend::new(file, (1000, 500)).into_drawing_area();
        area.fill(&WHITE)?;
        let (left, right) = area.split_horizontally(500);
        self.panel(&left, "petals", 2)?;
        self.panel(&right, "sepals", 0)?;
        Ok(area.present()?)
    }

    /// The plane of the measurements `first` and `first + 1`.
    fn panel(&self, area: &Area, title: &str, first: usize) -> Result<(), Box<dyn Error>> {
        let mut chart = ChartBuilder::on(area)
            .caption(title, ("sans-serif", 18))
            .margin(12)
            .x_label_area_size(36)
            .y_label_area_size(42)
            .build_cartesian_2d(self.range(first), self.range(first + 1))?;
        chart
            .configure_mesh()
            .light_line_style(TRANSPARENT)
            .x_desc("length, cm")
            .y_desc("width, cm")
            .draw()?;

        let flowers =
            self.points.iter().zip(self.species).map(|(point, &name)| {
                Circle::new((point[first], point[first + 1]), 3, SPECIES[name].1.filled())
            });
        chart.draw_series(flowers)?;
        for (k, &name) in self.names.iter().enumerate() {
            let line = ellipse(self.mixture, k, first).ok_or("a component is flat")?;
            chart.draw_series(LineSeries::new(line, SPECIES[name].1.stroke_width(2)))?;
        }
        Ok(())
    }

    /// From the smallest to the largest, and a little more.
    fn range(&self, i: usize) -> Range<f64> {
        let (low, high) =
            self.points.iter().fold((f64::MAX, f64::MIN), |(low, high), p| (low.min(p[i]), high.max(p[i])));
        low - 0.4..high + 0.4
    }
}

/// Two standard deviations around a mean, in the plane of the measurements `first` and `first + 1`.
fn ellipse(mixture: &Mixture, k: usize, first: usize) -> Option<impl Iterator<Item = (f64, f64)>> {
    let root = mixture.root(k);
    let covariance = (root.transpose() * root).try_inverse()?;
    let axes = covariance.fixed_view::<2, 2>(first, first).into_owned().cholesky()?.l();
    let mean = mixture.means.fixed_view::<2, 1>(first, k).into_owned();
    Some((0..=100).map(move |step| {
        let angle = TAU * f64::from(step) / 100.0;
        let point = mean + axes * Vector2::new(angle.cos(), angle.sin()) * 2.0;
        (point.x, point.y)
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gradient_of_the_misfit_is_that_of_central_differences() {
        let points = [Vector4::new(5.1, 3.5, 1.4, 0.2), Vector4::new(6.0, 2.9, 4.5, 1.5)];
        let logits = Vector3::new(0.1, -0.4, 0.3);
        let means = SMatrix::<f64, 4, 3>::from_fn(|i, j| (5 - i) as f64 + 0.3 * j as f64);
        let roots =
            SMatrix::<f64, 4, 12>::from_fn(|i, j| if i == j % 4 { 1.5 } else { 0.1 * (i + j) as f64 });
        let checked = gradmacro::check_gradient(
            |(l, m, r)| misfit(l, m, r, &points),
            |(l, m, r)| misfit_grad(l, m, r, &points),
            &(logits, means, roots),
            1e-6,
        );
        assert_eq!(checked, Ok(()));
    }
}
