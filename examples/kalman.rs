//! Tracks a turning target from range and bearing with an extended Kalman filter.
//!
//! `cargo run --release --example kalman`
//!
//! Motion and measurement are annotated functions: their `_value_and_jacobian` is all that the filter linearises with.
//! Target and sensor are simulated from a fixed seed. The table shows the track beside the truth; at the end the errors
//! are compared with those of the bare measurements and with what the filter says of itself. A filter whose Jacobians
//! are right is consistent: its normalised innovations squared (NIS) have the mean 2, its normalised errors squared
//! (NEES) the mean 5. Values beyond what chance allows are an error.

use std::f64::consts::{PI, TAU};
use std::process::ExitCode;

use gradmacro::derive_grad;
use nalgebra::{SMatrix, SVector, Vector2, vector};

/// East and north in m, speed in m/s, heading in rad, rate of turn in rad/s.
type State = SVector<f64, 5>;
type Covariance = SMatrix<f64, 5, 5>;

/// Motion over `dt` along the chord of the turn.
///
/// An attribute cannot see what an alias stands for: `types` tells it.
#[derive_grad(types(State = SVector<f64, 5>))]
fn motion(s: &State, dt: f64) -> State {
    let (speed, heading, turn) = (s[2], s[3], s[4]);
    let chord = heading + 0.5 * turn * dt;
    s + vector![speed * chord.cos(), speed * chord.sin(), 0.0, turn, 0.0] * dt
}

/// Range and bearing of the target, seen from a sensor.
#[derive_grad(types(State = SVector<f64, 5>))]
fn measurement(s: &State, sensor: &Vector2<f64>) -> Vector2<f64> {
    let d = s.fixed_rows::<2>(0) - sensor;
    vector![d.norm(), d.y.atan2(d.x)]
}

const STEPS: usize = 1000;
const DT: f64 = 0.5;
const SENSOR: Vector2<f64> = vector![0.0, 0.0];
/// Standard deviations of range in m and bearing in rad.
const SENSOR_NOISE: Vector2<f64> = vector![8.0, 0.012];
/// Standard deviations of what disturbs the motion in a step.
const MOTION_NOISE: State = vector![0.05, 0.05, 0.15, 0.002, 0.001];
/// Standard deviations of the first guess.
const START_NOISE: State = vector![60.0, 60.0, 4.0, 0.3, 0.02];

fn main() -> ExitCode {
    match track().check() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Moves the target, measures it, filters, and prints every fiftieth step.
fn track() -> Record {
    let mut noise = Noise { state: 20 };
    let mut truth: State = vector![900.0, -300.0, 20.0, 1.9, 0.02];
    let mut filter = Filter::new(truth + noise.sample(&START_NOISE));
    let mut record = Record::default();

    println!("{:>7}{:>20}{:>20}{:>10}{:>10}{:>8}", "t/s", "truth/m", "track/m", "error/m", "±/m", "NIS");
    for step in 0..=STEPS {
        let z = measurement(&truth, &SENSOR) + noise.sample(&SENSOR_NOISE);
        let nis = filter.update(&z);
        record.add(&truth, &z, &filter, nis);
        if step % 50 == 0 {
            print_step(step, &truth, &filter, nis);
        }
        truth = motion(&truth, DT) + noise.sample(&MOTION_NOISE);
        filter.predict();
    }
    record
}

fn print_step(step: usize, truth: &State, filter: &Filter, nis: f64) {
    let place = |s: &State| format!("{:9.1},{:9.1}", s[0], s[1]);
    let (truth_place, track_place) = (place(truth), place(&filter.state));
    let error = (filter.state - truth).fixed_rows::<2>(0).norm();
    let spread = filter.spread();
    println!("{:7.0}{truth_place:>20}{track_place:>20}{error:10.1}{spread:10.1}{nis:8.2}", step as f64 * DT);
}

/// What the filter believes: the state, and how much to trust it.
struct Filter {
    state: State,
    covariance: Covariance,
}

impl Filter {
    fn new(state: State) -> Self {
        Self { state, covariance: squared(&START_NOISE) }
    }

    fn predict(&mut self) {
        let (state, f) = motion_value_and_jacobian(&self.state, DT);
        self.state = state;
        self.covariance = f * self.covariance * f.transpose() + squared(&MOTION_NOISE);
    }

    /// Takes in a measurement, and returns its normalised innovation squared.
    fn update(&mut self, z: &Vector2<f64>) -> f64 {
        let (expected, h) = measurement_value_and_jacobian(&self.state, &SENSOR);
        let innovation = difference(z, &expected);
        let r = squared(&SENSOR_NOISE);
        let s = h * self.covariance * h.transpose() + r;
        let weight = s.cholesky().expect("a sum with a positive definite matrix is one").inverse();

        let gain = self.covariance * h.transpose() * weight;
        self.state += gain * innovation;
        // Joseph's form: symmetric and positive definite for every gain.
        let rest = Covariance::identity() - gain * h;
        self.covariance = rest * self.covariance * rest.transpose() + gain * r * gain.transpose();
        innovation.dot(&(weight * innovation))
    }

    /// The standard deviation of the place that the filter claims.
    fn spread(&self) -> f64 {
        (self.covariance[(0, 0)] + self.covariance[(1, 1)]).sqrt()
    }
}

fn squared<const N: usize>(deviations: &SVector<f64, N>) -> SMatrix<f64, N, N> {
    SMatrix::from_diagonal(&deviations.component_mul(deviations))
}

/// Between measurements, with the bearings' difference in [−π, π): seen from the sensor the target passes from π to −π.
/// Angles are wrapped here, since a remainder in `measurement` would only add jumps to it.
fn difference(z: &Vector2<f64>, expected: &Vector2<f64>) -> Vector2<f64> {
    vector![z.x - expected.x, wrapped(z.y - expected.y)]
}

fn wrapped(angle: f64) -> f64 {
    (angle + PI).rem_euclid(TAU) - PI
}

/// Sums over all steps.
#[derive(Default)]
struct Record {
    steps: f64,
    nis: f64,
    nees: f64,
    track: f64,
    claimed: f64,
    measured: f64,
}

impl Record {
    fn add(&mut self, truth: &State, z: &Vector2<f64>, filter: &Filter, nis: f64) {
        let error = filter.state - truth;
        let seen = SENSOR + z.x * vector![z.y.cos(), z.y.sin()];
        let weight = filter.covariance.cholesky().expect("Joseph's form keeps the covariance definite");
        self.steps += 1.0;
        self.nis += nis;
        self.nees += error.dot(&weight.solve(&error));
        self.track += error.fixed_rows::<2>(0).norm_squared();
        self.claimed += filter.spread().powi(2);
        self.measured += (seen - truth.fixed_rows::<2>(0)).norm_squared();
    }

    /// Prints the means, and tells whether they are what they should be.
    fn check(&self) -> Result<(), String> {
        let root_mean = |sum: f64| (sum / self.steps).sqrt();
        let (track, claimed, measured) =
            (root_mean(self.track), root_mean(self.claimed), root_mean(self.measured));
        let (nis, nees) = (self.nis / self.steps, self.nees / self.steps);

        println!("\nover {} measurements       found  expected", self.steps);
        println!("mean NIS                  {nis:8.2}      2.00");
        println!("mean NEES                 {nees:8.2}      5.00");
        println!("RMSE of the track/m       {track:8.2}  {claimed:8.2}");
        println!("RMSE of a measurement/m   {measured:8.2}");

        // Four standard deviations of a mean of independent χ²₂. Errors are correlated from step to step: their bound
        // was chosen so that halving ∂north/∂heading in the Jacobian of `motion`, which gives 5.75, is noticed.
        require(
            (nis - 2.0).abs() < 4.0 * (4.0 / self.steps).sqrt(),
            "innovations do not fit their covariance",
        )?;
        require((nees - 5.0).abs() < 0.5, "errors do not fit the covariance")?;
        require((track / claimed - 1.0).abs() < 0.25, "the track is not as good as the filter claims")?;
        require(track < 0.6 * measured, "the track is hardly better than the measurements")
    }
}

fn require(holds: bool, otherwise: &str) -> Result<(), String> {
    if holds { Ok(()) } else { Err(otherwise.to_owned()) }
}

/// Normal deviates from a fixed seed: SplitMix64, and Box and Muller's transform.
struct Noise {
    state: u64,
}

impl Noise {
    fn sample<const N: usize>(&mut self, deviations: &SVector<f64, N>) -> SVector<f64, N> {
        deviations.map(|deviation| deviation * self.normal())
    }

    fn normal(&mut self) -> f64 {
        let radius = (-2.0 * self.uniform().ln()).sqrt();
        radius * (TAU * self.uniform()).cos()
    }

    /// In (0, 1].
    fn uniform(&mut self) -> f64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.state;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^= bits >> 31;
        ((bits >> 11) + 1) as f64 / (1_u64 << 53) as f64
    }
}
