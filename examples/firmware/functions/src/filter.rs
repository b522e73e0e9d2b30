//! One step of an extended Kalman filter: a shell slowed down by drag, seen by range and bearing.

use gradmacro::derive_grad;
use nalgebra::{Matrix2, Matrix2x4, Matrix4, RealField, Vector2, Vector4};

/// Position and velocity after `dt`.
#[derive_grad(no_panic)]
pub fn motion<T: RealField + Copy>(state: &Vector4<T>, drag: T, dt: T) -> Vector4<T> {
    let velocity = state.fixed_rows::<2>(2);
    let slowdown = velocity * (drag * velocity.norm());
    state + Vector4::new(velocity[0], velocity[1], -slowdown[0], -slowdown[1]) * dt
}

/// Range and bearing of the position, seen from a sensor.
#[derive_grad(no_panic)]
pub fn measurement<T: RealField + Copy>(state: &Vector4<T>, sensor: &Vector2<T>) -> Vector2<T> {
    let d = state.fixed_rows::<2>(0) - sensor;
    Vector2::new(d.norm(), d[1].atan2(d[0]))
}

/// What a step of the filter knows beside state and covariance.
pub struct Model<T> {
    /// Deceleration over squared speed.
    pub drag: T,
    /// Time from one measurement to the next.
    pub dt: T,
    /// Position of the sensor.
    pub sensor: Vector2<T>,
    /// Covariance of what disturbs the motion in a step.
    pub motion_noise: Matrix4<T>,
    /// Covariance of range and bearing.
    pub sensor_noise: Matrix2<T>,
}

/// A state and its covariance.
pub type Belief<T> = (Vector4<T>, Matrix4<T>);

/// Predicts, then takes in the measurement `seen`, with the generated Jacobians.
pub fn filter<T: RealField + Copy>(
    belief: &Belief<T>,
    seen: &Vector2<T>,
    model: &Model<T>,
) -> Option<Belief<T>> {
    filter_with(
        belief,
        seen,
        model,
        |state| motion_value_and_jacobian(state, model.drag, model.dt),
        |state| measurement_value_and_jacobian(state, &model.sensor),
    )
}

/// [`filter`] with Jacobians from elsewhere. `None` if the covariance of the innovation is singular.
///
/// The target stays in front of the sensor: bearings are not wrapped.
pub fn filter_with<T: RealField + Copy>(
    (state, covariance): &Belief<T>,
    seen: &Vector2<T>,
    model: &Model<T>,
    motion: impl FnOnce(&Vector4<T>) -> (Vector4<T>, Matrix4<T>),
    measurement: impl FnOnce(&Vector4<T>) -> (Vector2<T>, Matrix2x4<T>),
) -> Option<Belief<T>> {
    let (state, f) = motion(state);
    let covariance = f * covariance * f.transpose() + model.motion_noise;
    let (expected, h) = measurement(&state);
    let by_sensor = covariance * h.transpose();
    let gain = by_sensor * (h * by_sensor + model.sensor_noise).try_inverse()?;
    let rest = Matrix4::identity() - gain * h;
    let updated = rest * covariance * rest.transpose() + gain * model.sensor_noise * gain.transpose();
    Some((state + gain * (seen - expected), updated))
}
