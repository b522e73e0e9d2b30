//! What does not depend on a differentiated parameter may be any Rust, and is kept as it is.

use std::cell::Cell;
use std::collections::BTreeMap;

use gradmacro::derive_grad;
use nalgebra::{Matrix2, Matrix3, Rotation3, Vector2, Vector3};

use crate::common::{check, point};

const SCALE: f64 = 1.5;
static OFFSETS: [f64; 3] = [0.1, 0.2, 0.3];

fn temperature(month: u32) -> f64 {
    if month < 6 { 0.5 } else { 2.0 }
}

#[derive_grad]
fn of_data(x: &Vector3<f64>, table: &BTreeMap<String, f64>, month: u32, weights: &[f64]) -> f64 {
    let beta = 1.0 / temperature(month);
    let total: f64 = weights.iter().sum();
    let named: f64 = table["mass"];
    let first = if total > 1.0 { OFFSETS[0] } else { OFFSETS[1] };
    let direction = Vector3::new(first, named, OFFSETS[2]);
    (beta * x.dot(&direction)).exp() * SCALE + x.norm_squared() * weights[month as usize % 2] / total
}

#[test]
fn maps_slices_branches_statics_and_other_functions_of_data() {
    let table = BTreeMap::from([("mass".to_owned(), 0.8)]);
    for month in [3, 8] {
        check!(of_data, of_data_grad, of_data_value_and_grad;
            point(1) => |x| (x, &table, month, &[0.25, 0.5]));
    }
}

struct Filter {
    gain: f64,
    pole: Matrix2<f64>,
    target: Vector2<f64>,
    history: Vec<f64>,
}

impl Filter {
    fn energy_of_history(&self) -> f64 {
        self.history.iter().map(|v| v * v).sum()
    }

    #[derive_grad(wrt(x), types(self.pole = Matrix2<f64>, self.target = Vector2<f64>))]
    fn cost(&self, x: &Vector2<f64>, step: f64) -> f64 {
        let gain: f64 = self.gain;
        let bias: f64 = self.energy_of_history();
        let next = self.pole * x * step - self.target;
        gain * next.norm_squared() + bias * x.sum()
    }
}

#[test]
fn fields_and_methods_of_self() {
    let filter = Filter { gain: 0.7, pole: point(1), target: point(2), history: vec![0.5, -1.0, 0.25] };
    let (x, f) = (point(3), &filter);
    crate::common::agree(&x, |x| f.cost(x, 0.1), |x| f.cost_grad(x, 0.1), |x| f.cost_value_and_grad(x, 0.1));
}

#[derive_grad]
fn counting(x: &Vector2<f64>, calls: &Cell<u32>) -> f64 {
    let weight: f64 = measured(calls);
    (weight * x).norm_squared() + weight
}

fn measured(calls: &Cell<u32>) -> f64 {
    calls.set(calls.get() + 1);
    0.5
}

#[test]
fn a_kept_expression_is_evaluated_once_in_each_generated_function() {
    let calls = Cell::new(0);
    let x = Vector2::new(1.0, 2.0);
    assert_eq!(counting_grad(&x, &calls), x * 0.5);
    assert_eq!(calls.get(), 1);
    assert_eq!(counting_value_and_grad(&x, &calls), (1.75, x * 0.5));
    assert_eq!(calls.get(), 2);
}

#[derive_grad]
fn guarded(x: &Vector2<f64>, limit: f64) -> f64 {
    assert!(limit > 0.0, "a limit is positive");
    debug_assert!(x.norm() < 100.0);
    let scaled = x / limit;
    scaled.norm_squared()
}

#[test]
fn assertions_stay_with_the_value() {
    check!(guarded, guarded_grad, guarded_value_and_grad; point(1) => |x| (x, 2.0));
    assert!(std::panic::catch_unwind(|| guarded(&Vector2::zeros(), -1.0)).is_err());
}

#[derive_grad]
fn integers(x: &Vector3<f64>, order: i32, count: usize) -> f64 {
    let half = count / 2 + 1;
    let weight = half as f64 / (order.abs() + 1) as f64;
    weight * x.map(|v| v.powi(order)).sum()
        + x[half % 3] * f64::from(std::f32::consts::PI)
        + x[count % 3].powi(2 * order)
}

#[test]
fn integers_and_their_casts() {
    for (order, count) in [(2, 3), (-1, 4), (0, 5)] {
        check!(integers, integers_grad, integers_value_and_grad; point(1) => |x| (x, order, count));
    }
}

#[derive_grad]
fn exponents(x: f64, n: i32, k: u8) -> f64 {
    let double = x.powi(2 * n) + x.powi(-n) * x.powi(3 - n);
    double + x.powi(n + i32::from(k)) + x.powi(n - 2 * i32::from(k)) + x.powi(-(n + 1))
}

#[test]
fn integer_arithmetic_in_exponents() {
    for n in [-2, 0, 1, 3] {
        check!(exponents, exponents_grad, exponents_value_and_grad; 1.2 => |x| (*x, n, 2));
    }
}

/// Kept expressions meet the index of a loop, imports and element types in real hygiene.
#[derive_grad]
fn of_elements(x: &Vector3<f64>, y: &[f64], pairs: &[(usize, usize)], frames: &[Vector3<f64>; 2]) -> f64 {
    use std::f64::consts::*;
    let start = Vector3::new(y[0], y[1], y[2]);
    let gain = if y[0] > 1.0 { PI } else { y[1].sqrt() };
    let steps: f64 = (0..3)
        .map(|i| {
            let t = i as f64;
            (x[i] * t - y[i] * y[2 - i]).powi(2)
        })
        .sum();
    let edges: f64 = pairs.iter().map(|&(i, j)| (x[i] - x[j] * E).powi(2)).sum();
    let seen: f64 = frames.iter().map(|frame| (x * gain - frame - start).norm()).sum();
    steps + edges + seen + x.iter().zip(y).zip(1..).map(|((a, b), n)| (a * b).powi(n)).sum::<f64>()
}

#[test]
fn elements_of_data_in_loops() {
    let frames = [point(4), point(5)];
    check!(of_elements, of_elements_grad, of_elements_value_and_grad;
        point(1) => |x| (x, &[0.3, 0.7, 1.1, 5.0], &[(0, 1), (2, 0)], &frames));
}

#[derive_grad(wrt(x))]
fn rotated(r: &Rotation3<f64>, x: &Vector3<f64>, weights: &[f64]) -> f64 {
    let m: &Matrix3<f64> = r.matrix();
    let w: &f64 = weights.first().unwrap();
    *w * (m * x - Vector3::x()).norm_squared()
}

#[test]
fn a_reference_to_data_is_followed() {
    let r = Rotation3::from_euler_angles(0.3, -0.2, 0.9);
    check!(rotated, rotated_grad, rotated_value_and_grad; point::<3, 1>(1) => |x| (&r, x, &[1.5]));
}
