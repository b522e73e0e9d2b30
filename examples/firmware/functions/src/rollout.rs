//! The cost that a model-predictive controller minimises: a mass between two wells, pushed towards one of them.

use gradmacro::derive_grad;
use nalgebra::{RealField, SVector, Vector2, convert, zero};

/// Steps that the controller looks ahead.
pub const HORIZON: usize = 16;

/// Effort, and distance from the well at 1, over all steps of length `dt`.
#[derive_grad(no_panic)]
pub fn rollout<T: RealField + Copy>(forces: &SVector<T, 16>, start: &Vector2<T>, dt: T) -> T {
    let tenth: T = convert(0.1);
    let mut state = *start;
    let mut cost: T = zero();
    for k in 0..16 {
        let position = state[0];
        let acceleration = forces[k] + position - position * position * position - tenth * state[1];
        state += Vector2::new(state[1], acceleration) * dt;
        let distance = state[0] - T::one();
        cost += dt * (distance * distance + tenth * (state[1] * state[1] + forces[k] * forces[k]));
    }
    cost
}
