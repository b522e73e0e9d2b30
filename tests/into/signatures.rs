//! Where the attribute may stand, and what parameters may be.

use gradmacro::derive_grad;
use nalgebra::{RealField, SMatrix, SVector, Vector3};

use crate::common::point;
use crate::written;

#[derive_grad(into, hessian)]
fn quadratic<const N: usize>(x: &SVector<f64, N>, a: &SMatrix<f64, N, N>, b: &SVector<f64, N>) -> f64 {
    0.5 * x.dot(&(a * x)) - b.dot(x) + (0..N).map(|i| x[i].sin()).sum::<f64>()
}

#[derive_grad(into)]
fn generic<T: RealField + Copy, const N: usize>(x: &SVector<T, N>, k: T) -> T {
    x.map(|v| v.exp() * k).sum() + nalgebra::convert::<f64, T>(0.3) * x.norm_squared()
}

#[derive_grad(into, wrt(x), rename(grad = slope))]
fn single(k: f32, x: SMatrix<f32, 5, 5>) -> f32 {
    k * x.norm_squared() + x.trace()
}

#[test]
fn sizes_and_numbers() {
    let (x, a, b) = (&point::<30, 1>(1), &point(2), &point(3));
    assert_eq!(written!(quadratic_grad_into[x, a, b] => g), ((), quadratic_grad(x, a, b)));
    let (value, gradient, hessian) = quadratic_value_grad_hessian(x, a, b);
    assert_eq!(written!(quadratic_value_grad_hessian_into[x, a, b] => g, h), (value, gradient, hessian));
    let (value, gradient) = generic_value_and_grad(x, 0.5);
    assert_eq!(written!(generic_value_and_grad_into[x, 0.5] => g), (value, gradient));
    let x = point::<5, 5>(4).cast::<f32>();
    assert_eq!(written!(slope_into[0.5, x] => g), ((), slope(0.5, x)));
}

struct Model<const N: usize> {
    gain: SVector<f64, N>,
}

impl<const N: usize> Model<N> {
    #[derive_grad(into, wrt(x), types(self.gain = SVector<f64, 20>))]
    fn output(&self, x: &SVector<f64, 20>, out_of_range: f64) -> f64
    where
        SVector<f64, 20>: From<SVector<f64, N>>,
    {
        let gain: SVector<f64, 20> = self.gain.into();
        gain.component_mul(x).map(|v| v.tanh()).sum() + out_of_range
    }
}

#[derive_grad]
mod plant {
    use gradmacro::derive_grad;
    use nalgebra::{SMatrix, SVector};

    pub(crate) type State = SVector<f64, 5>;

    fn stiffness(x: &State) -> f64 {
        1.0 + x.norm_squared()
    }

    /// Documented.
    #[derive_grad(into)]
    #[inline]
    pub(crate) fn step(x: &State, a: &SMatrix<f64, 5, 5>) -> State {
        a * x * stiffness(x)
    }
}

trait Potential {
    fn depth(&self) -> f64;

    #[derive_grad(into, wrt(x))]
    fn energy(&self, x: &Vector3<f64>) -> f64 {
        let depth: f64 = self.depth();
        depth * x.norm_squared().exp()
    }
}

impl Potential for f64 {
    fn depth(&self) -> f64 {
        *self
    }
}

#[test]
fn methods_and_modules() {
    let model = Model { gain: point::<20, 1>(1) };
    let x = &point(2);
    let (value, gradient) = model.output_value_and_grad(x, 1.0);
    let mut out = SVector::repeat(f64::NAN);
    assert_eq!((model.output_value_and_grad_into(x, 1.0, &mut out), out), (value, gradient));

    let (x, a) = (&point(3), &point(4));
    let (value, jacobian) = plant::step_value_and_jacobian(x, a);
    assert_eq!(written!(plant::step_value_and_jacobian_into[x, a] => y, j), ((), value, jacobian));

    let mut out = Vector3::repeat(f64::NAN);
    0.5.energy_grad_into(&Vector3::x(), &mut out);
    assert_eq!(out, 0.5.energy_grad(&Vector3::x()));
}
