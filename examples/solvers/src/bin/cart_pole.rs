//! Swings a pole on a cart up by model-predictive control, and holds it when the cart is pushed.
//!
//! `cargo run --release -p solvers --bin cart_pole`
//!
//! Every 40 ms the forces of the next 1.6 seconds are optimised within their bounds by PANOC, from the crate
//! `optimization_engine`, and the first of them is applied. `cost` rolls the model out in a loop; its gradient runs back
//! through the loop. A line is printed per step, and a plot is written beside the executable.

use std::cell::Cell;
use std::error::Error;
use std::f64::consts::{PI, TAU};
use std::ops::Range;
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use nalgebra::{SVector, Vector4};
use optimization_engine::constraints::Rectangle;
use optimization_engine::panoc::{PANOCCache, PANOCOptimizer};
use optimization_engine::{Problem, SolverError};
use plotters::coord::Shift;
use plotters::prelude::*;

use model::{HORIZON, STEP, advance, cost, cost_grad};

/// In newtons, to either side.
const STRONGEST: f64 = 15.0;
/// Steps of the whole run, and the one at which the cart is pushed.
const STEPS: usize = 125;
const PUSHED: usize = 60;

/// Functions without an attribute of their own are read where they are called.
#[gradmacro::derive_grad]
mod model {
    use gradmacro::derive_grad;
    use nalgebra::{SVector, Vector4, vector};

    pub(crate) const HORIZON: usize = 40;
    /// In seconds.
    pub(crate) const STEP: f64 = 0.04;
    /// In kilograms, metres, and metres per second squared.
    const CART: f64 = 1.0;
    const BOB: f64 = 0.3;
    const ROD: f64 = 0.6;
    const GRAVITY: f64 = 9.81;

    /// The rate of change of position and angle of the pole from upright, and of the speeds of both.
    fn motion(state: &Vector4<f64>, force: f64) -> Vector4<f64> {
        let (sin, cos) = (state[1].sin(), state[1].cos());
        let pull = BOB * sin * (ROD * state[3].powi(2) - GRAVITY * cos);
        let acceleration = (force + pull) / (CART + BOB * sin.powi(2));
        vector![state[2], state[3], acceleration, (GRAVITY * sin - acceleration * cos) / ROD]
    }

    /// The state one step later, by Runge and Kutta's method of fourth order.
    pub(crate) fn advance(state: &Vector4<f64>, force: f64) -> Vector4<f64> {
        let a = motion(state, force);
        let b = motion(&(state + a * (0.5 * STEP)), force);
        let c = motion(&(state + b * (0.5 * STEP)), force);
        let d = motion(&(state + c * STEP), force);
        state + (a + (b + c) * 2.0 + d) * (STEP / 6.0)
    }

    /// What the forces of the next steps cost: effort, speed, and all but standing upright in the middle.
    #[derive_grad(wrt(forces))]
    pub(crate) fn cost(forces: &SVector<f64, HORIZON>, start: &Vector4<f64>) -> f64 {
        let mut state = *start;
        let mut total = 0.0;
        for k in 0..HORIZON {
            state = advance(&state, forces[k]);
            let place = state[0].powi(2) + 10.0 * (1.0 - state[1].cos());
            let speed = 0.1 * (state[2].powi(2) + state[3].powi(2));
            total += STEP * (place + speed + 0.01 * forces[k].powi(2));
        }
        let speed = state[2].powi(2) + 0.5 * state[3].powi(2);
        total + 2.0 * state[0].powi(2) + 20.0 * (1.0 - state[1].cos()) + speed
    }
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
    let mut controller = Controller::new();
    let mut state = Vector4::new(0.0, PI, 0.0, 0.0);
    let mut track = Vec::with_capacity(STEPS);
    println!("time/s  position/m  angle/°  force/N     cost  gradients  µs each");
    for step in 0..STEPS {
        if step == PUSHED {
            println!("the cart is pushed");
            state[2] += 1.0;
        }
        let plan = controller.plan(&state)?;
        let moment = Moment { time: step as f64 * STEP, state, force: plan.force };
        plan.print(&moment);
        track.push(moment);
        state = advance(&state, plan.force);
    }

    let file = std::env::current_exe()?.with_extension("svg");
    draw(&track, &file)?;
    println!("plot in {}", file.display());
    verdict(&track)
}

/// The pole must stand before the push and at the end, and the cart must then be near the middle.
fn verdict(track: &[Moment]) -> Result<(), Box<dyn Error>> {
    for moment in [&track[PUSHED - 1], &track[STEPS - 1]] {
        let (position, lean) = (moment.state[0], moment.lean().to_degrees());
        println!("{lean:.2}° from upright, {position:.2} m from the middle at {:.2} s", moment.time);
        if lean.abs() > 2.0 || position.abs() > 0.2 {
            return Err("the pole does not stand in the middle".into());
        }
    }
    Ok(())
}

/// What is recorded of a step.
struct Moment {
    time: f64,
    state: Vector4<f64>,
    force: f64,
}

impl Moment {
    /// The angle from upright, between −π and π.
    fn lean(&self) -> f64 {
        (self.state[1] + PI).rem_euclid(TAU) - PI
    }
}

/// The force of the next step, and what it took to find it.
struct Plan {
    force: f64,
    cost: f64,
    gradients: u32,
    time: Duration,
}

impl Plan {
    fn print(&self, at: &Moment) {
        let Plan { force, cost, gradients, time } = self;
        let (position, angle) = (at.state[0], at.lean().to_degrees());
        let micros = time.as_secs_f64() * 1e6 / f64::from(*gradients);
        let moment = at.time;
        println!("{moment:6.2}{position:12.3}{angle:9.1}{force:9.2}{cost:9.3}{gradients:11}{micros:9.1}");
    }
}

/// Keeps the plan of one step as the start of the next.
struct Controller {
    forces: SVector<f64, HORIZON>,
    cache: PANOCCache,
}

impl Controller {
    /// A little push, since hanging still is a stationary point of the cost.
    fn new() -> Self {
        Self { forces: SVector::repeat(0.1), cache: PANOCCache::new(HORIZON, 1e-5, 10) }
    }

    fn plan(&mut self, state: &Vector4<f64>) -> Result<Plan, SolverError> {
        let (gradients, time) = (Cell::new(0), Cell::new(Duration::ZERO));
        let value = |forces: &[f64], value: &mut f64| {
            *value = cost(&SVector::from_column_slice(forces), state);
            Ok(())
        };
        let gradient = |forces: &[f64], gradient: &mut [f64]| {
            let started = Instant::now();
            gradient.copy_from_slice(cost_grad(&SVector::from_column_slice(forces), state).as_slice());
            time.set(time.get() + started.elapsed());
            gradients.set(gradients.get() + 1);
            Ok(())
        };
        let (lowest, highest) = ([-STRONGEST; HORIZON], [STRONGEST; HORIZON]);
        let bounds = Rectangle::new(Some(&lowest), Some(&highest));
        let problem = Problem::new(&bounds, gradient, value);
        let mut solver = PANOCOptimizer::new(problem, &mut self.cache).with_max_iter(50);
        let cost = solver.solve(self.forces.as_mut_slice())?.cost_value();

        let force = self.forces[0];
        self.forces = self.forces.remove_row(0).push(0.0);
        Ok(Plan { force, cost, gradients: gradients.get(), time: time.get() })
    }
}

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// Angle, position and force over time, one below the other.
fn draw(track: &[Moment], file: &Path) -> Result<(), Box<dyn Error>> {
    let area = SVGBackend::new(file, (800, 720)).into_drawing_area();
    area.fill(&WHITE)?;
    let panels = area.split_evenly((3, 1));
    let angle = |moment: &Moment| moment.state[1].to_degrees();
    panel(&panels[0], "angle of the pole in degrees, upright at 360", 100.0..400.0, angle, track)?;
    panel(&panels[1], "position of the cart in metres", -1.0..1.0, |moment| moment.state[0], track)?;
    panel(&panels[2], "force in newtons, over seconds", -16.0..16.0, |moment| moment.force, track)?;
    Ok(area.present()?)
}

fn panel(
    area: &Area,
    title: &str,
    range: Range<f64>,
    value: impl Fn(&Moment) -> f64,
    track: &[Moment],
) -> Result<(), Box<dyn Error>> {
    let mut chart = ChartBuilder::on(area)
        .caption(title, ("sans-serif", 16))
        .margin(12)
        .x_label_area_size(24)
        .y_label_area_size(40)
        .build_cartesian_2d(0.0..STEPS as f64 * STEP, range)?;
    chart.configure_mesh().light_line_style(TRANSPARENT).draw()?;
    let line = track.iter().map(|moment| (moment.time, value(moment)));
    chart.draw_series(LineSeries::new(line, BLUE.stroke_width(2)))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gradient_of_the_cost_is_that_of_central_differences() {
        let start = Vector4::new(0.1, 2.5, 0.3, -1.0);
        let forces = SVector::from_fn(|k, _| (k as f64).sin());
        let checked = gradmacro::check_gradient(|u| cost(u, &start), |u| cost_grad(u, &start), &forces, 1e-6);
        assert_eq!(checked, Ok(()));
    }
}
