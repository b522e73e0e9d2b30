//! The options of the attribute that do something already.

use gradmacro::derive_grad;
use nalgebra::{Matrix2, SMatrix, SVector, Vector2};

use crate::common::{agree, check, point};

type State = SVector<f64, 4>;
type Gain = SMatrix<f64, 2, 4>;

#[derive_grad(types(State = SVector<f64, 4>, Gain = SMatrix<f64, 2, 4>, Real = f64))]
fn aliased(x: &State, k: &Gain) -> Real {
    let effort = k * x;
    let shifted = x - State::repeat(0.5) + State::zeros();
    effort.norm_squared() + shifted.norm_squared()
}

type Real = f64;

#[test]
fn aliases_of_types() {
    check!(aliased, aliased_grad, aliased_value_and_grad; point(1) => |x| (x, &point(2)));
}

#[derive_grad(wrt(x), rename(grad = slope, value_and_grad = value_and_slope))]
fn renamed(x: f64) -> f64 {
    x.exp() * x
}

#[test]
fn generated_functions_under_other_names() {
    check!(renamed, slope, value_and_slope; 0.3 => |x| (*x));
}

#[derive_grad(wrt(b, a))]
fn reordered(a: &Vector2<f64>, m: &Matrix2<f64>, b: f64) -> f64 {
    b * a.dot(&(m * a)) + b * b
}

#[test]
fn gradients_come_in_the_order_of_wrt() {
    let (slope, gradient): (f64, Vector2<f64>) =
        reordered_grad(&Vector2::new(1.0, 2.0), &Matrix2::identity(), 3.0);
    assert_eq!((slope, gradient), (11.0, Vector2::new(6.0, 12.0)));
    agree(
        &(0.5, point::<2, 1>(1)),
        |(b, a)| reordered(a, &point(2), *b),
        |(b, a)| reordered_grad(a, &point(2), *b),
        |(b, a)| reordered_value_and_grad(a, &point(2), *b),
    );
}

mod elsewhere {
    pub(crate) mod linear {
        pub(crate) use nalgebra as algebra;
    }
    pub(crate) use gradmacro as derivatives;
}

mod moved {
    use super::elsewhere;
    use super::elsewhere::linear::algebra::Vector3;

    #[elsewhere::derivatives::derive_grad(
        nalgebra = crate::options::elsewhere::linear::algebra,
        crate = crate::options::elsewhere::derivatives
    )]
    pub(super) fn softened(x: &Vector3<f64>) -> f64 {
        x.map(|v| (1.0 + v.exp()).ln()).sum() + x.norm() + (0..3).map(|i| x[i].max(0.0)).sum::<f64>()
    }
}

#[test]
fn nalgebra_and_gradmacro_under_other_paths() {
    use moved::{softened, softened_grad, softened_value_and_grad};
    check!(softened, softened_grad, softened_value_and_grad; point(1) => |x| (x));
}
