//! The arguments of all functions, in the precision in which they are asked for.

use nalgebra::{Matrix2, Matrix3, Matrix4, RealField, SMatrix, SVector, Vector2, Vector3, Vector4, convert};

use crate::{Belief, HORIZON, Model};

/// Arguments of [`crate::quadratic`], [`crate::gaussian`] and [`crate::logistic`].
pub struct Losses<T> {
    /// A point.
    pub x: Vector3<T>,
    /// Another one: slope, mean and weights.
    pub b: Vector3<T>,
    /// A matrix that is not symmetric.
    pub a: Matrix3<T>,
    /// A positive definite one.
    pub covariance: Matrix3<T>,
    /// A label.
    pub y: T,
}

/// Arguments of [`crate::filter`].
pub struct Sight<T> {
    /// Before the step.
    pub belief: Belief<T>,
    /// Range and bearing.
    pub seen: Vector2<T>,
    /// Motion, sensor and noise.
    pub model: Model<T>,
}

/// Arguments of [`crate::rollout`].
pub struct Plan<T> {
    /// Forces of all steps.
    pub forces: SVector<T, HORIZON>,
    /// Position and speed.
    pub start: Vector2<T>,
    /// Length of a step.
    pub dt: T,
}

fn cast<T: RealField + Copy, const R: usize, const C: usize>(m: SMatrix<f64, R, C>) -> SMatrix<T, R, C> {
    m.map(convert)
}

/// Arguments of the losses.
#[must_use]
pub fn losses<T: RealField + Copy>() -> Losses<T> {
    Losses {
        x: cast(Vector3::new(0.4, -1.1, 1.7)),
        b: cast(Vector3::new(0.8, 0.3, -0.6)),
        a: cast(Matrix3::new(1.5, -0.4, 0.2, 0.9, 2.5, -0.3, 0.1, 0.6, 0.7)),
        covariance: cast(Matrix3::new(1.8, 0.4, -0.2, 0.4, 2.2, 0.3, -0.2, 0.3, 1.1)),
        y: T::one(),
    }
}

/// Arguments of the filter.
#[must_use]
pub fn sight<T: RealField + Copy>() -> Sight<T> {
    let diagonal = |v: [f64; 4]| cast(Matrix4::from_diagonal(&Vector4::from(v)));
    Sight {
        belief: (cast(Vector4::new(30.0, 20.0, 12.0, 5.0)), diagonal([4.0, 4.0, 1.0, 1.0])),
        seen: cast(Vector2::new(38.2, 0.52)),
        model: Model {
            drag: convert(0.02),
            dt: convert(0.1),
            sensor: cast(Vector2::new(-2.0, 1.0)),
            motion_noise: diagonal([1e-3, 1e-3, 1e-2, 1e-2]),
            sensor_noise: cast(Matrix2::new(0.25, 0.0, 0.0, 1e-3)),
        },
    }
}

/// Arguments of the rollout.
#[must_use]
pub fn plan<T: RealField + Copy>() -> Plan<T> {
    let forces = SVector::from_fn(|k, _| 0.5 - 0.06 * k as f64);
    Plan { forces: cast(forces), start: cast(Vector2::new(-0.6, 0.2)), dt: convert(0.1) }
}
