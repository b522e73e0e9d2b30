//! Functions that call functions: those of a module, of an `impl` and of a body are read where they are called.
#![deny(warnings)]

mod common;

use gradmacro::derive_grad;
use nalgebra::{SMatrix, SVector, Vector2, Vector3};

use common::{agree, check, point, positive, same};

#[derive_grad]
mod model {
    use std::f64::consts::PI;

    use nalgebra::{SMatrix, Vector3};

    use super::derive_grad;

    pub(super) const N: usize = STATES + 1;
    const STATES: usize = 2;
    const SHIFT: f64 = 0.25;

    pub(super) type State = Vector3<f64>;
    type Weights = SMatrix<f64, N, N>;

    /// Calls what stands below, with what stands above.
    #[derive_grad(wrt(x), hessian)]
    pub(super) fn energy(x: &State, a: &Weights) -> f64 {
        let moved = shifted(x, SHIFT);
        square_norm(&(a * moved)) * PI + bump(x.norm())
    }

    /// Calls a function that has derivatives itself.
    #[derive_grad]
    pub(super) fn doubled(x: &State) -> f64 {
        2.0 * energy(x, &Weights::identity())
    }

    fn bump(r: f64) -> f64 {
        gauss(r) + gauss(2.0 * r)
    }

    fn square_norm<const M: usize>(v: &nalgebra::SVector<f64, M>) -> f64 {
        let all = nalgebra::SVector::<f64, M>::repeat(1.0);
        v.component_mul(v).dot(&all)
    }

    fn shifted(x: &State, by: f64) -> State {
        x.add_scalar(by)
    }

    fn gauss(r: f64) -> f64 {
        (-r * r).exp()
    }

    /// A function without the attribute stays as it is.
    pub(super) fn plain(x: f64) -> f64 {
        x + gauss(x)
    }
}

#[test]
fn functions_of_a_module_are_read_in_any_order() {
    let a: SMatrix<f64, { model::N }, { model::N }> = point::<3, 3>(1);
    let x: model::State = point::<3, 1>(2);
    agree(
        &x,
        |x| model::energy(x, &a),
        |x| model::energy_grad(x, &a),
        |x| model::energy_value_and_grad(x, &a),
    );
    agree(&x, model::doubled, model::doubled_grad, model::doubled_value_and_grad);
    let step = 1e-6;
    let hessian = model::energy_hessian(&x, &a);
    for k in 0..3 {
        let mut moved = x;
        moved[k] += step;
        let slope = (model::energy_grad(&moved, &a) - model::energy_grad(&x, &a)) / step;
        (0..3).for_each(|i| same(hessian[(i, k)], slope[i], 1e-4));
    }
    same(model::plain(0.0), 1.0, 1e-15);
}

struct Spring {
    stiffness: f64,
    rest: Vector2<f64>,
}

#[derive_grad(types(self.rest = Vector2<f64>))]
mod spring {
    use super::{Spring, Vector2, derive_grad};

    impl Spring {
        #[derive_grad]
        pub(super) fn energy(&self, x: &Vector2<f64>) -> f64 {
            let stretched = self.stretch(x);
            0.5 * self.stiffness * Self::square(stretched.norm()) + Spring::cube(stretched.x)
        }

        fn stretch(&self, x: &Vector2<f64>) -> Vector2<f64> {
            x - self.rest
        }

        fn square(r: f64) -> f64 {
            r * r
        }

        fn cube(r: f64) -> f64 {
            r * r * r
        }
    }
}

#[test]
fn methods_see_the_functions_of_their_impl() {
    let spring = Spring { stiffness: 1.5, rest: Vector2::new(0.3, -0.2) };
    agree(
        &point::<2, 1>(3),
        |x| spring.energy(x),
        |x| spring.energy_grad(x),
        |x| spring.energy_value_and_grad(x),
    );
}

struct Damper {
    rate: f64,
}

impl Damper {
    #[derive_grad]
    fn power(&self, v: &Vector3<f64>) -> f64 {
        self.rate * v.norm_squared()
    }

    #[derive_grad]
    fn scaled(v: &Vector3<f64>, by: f64) -> f64 {
        by * v.norm_squared().sqrt()
    }
}

/// Generated functions are default methods, too.
trait Loss {
    fn scale(&self) -> f64;

    #[derive_grad]
    fn loss(&self, x: &Vector3<f64>) -> f64 {
        let k: f64 = self.scale();
        k * x.norm_squared() + x.sum()
    }
}

impl Loss for Damper {
    fn scale(&self) -> f64 {
        3.0 * self.rate
    }
}

#[test]
fn methods_and_default_methods_have_derivatives() {
    let damper = Damper { rate: 0.7 };
    let v = point::<3, 1>(4);
    agree(&v, |v| damper.power(v), |v| damper.power_grad(v), |v| damper.power_value_and_grad(v));
    agree(
        &v,
        |v| Damper::scaled(v, 2.0),
        |v| Damper::scaled_grad(v, 2.0),
        |v| Damper::scaled_value_and_grad(v, 2.0),
    );
    agree(&v, |v| damper.loss(v), |v| damper.loss_grad(v), |v| damper.loss_value_and_grad(v));
}

/// Functions of a body call each other, before and after they are written.
#[derive_grad]
fn nested(x: &Vector3<f64>) -> f64 {
    fn outer<const N: usize>(v: &SVector<f64, N>) -> SVector<f64, N> {
        inner(v) * 2.0
    }
    fn inner<const M: usize>(w: &SVector<f64, M>) -> SVector<f64, M> {
        w.component_mul(w) + SVector::<f64, M>::repeat(1.0 / M as f64)
    }
    fn entry(v: f64) -> f64 {
        v.sin() * v
    }
    let twice = outer(x);
    twice.map(entry).sum() + x.iter().map(|v| entry(*v)).sum::<f64>()
}

/// Closures of several arguments, typed and of tuples; functions as arguments.
#[derive_grad]
fn closures(x: &Vector3<f64>) -> f64 {
    let blend = |a: f64, b: f64, t: f64| a * (1.0 - t) + b * t;
    let pair = |(a, b): (f64, f64)| a * b + a;
    let apply = |f: fn(f64) -> f64, v: f64| f(v);
    blend(x[0], x[1], x[2]) + pair((x[1], x[2])) + apply(f64::sin, x[0]) + x.map(f64::cos).sum()
}

#[test]
fn functions_and_closures_of_a_body_are_read_where_they_are_called() {
    let x = point::<3, 1>(5);
    check!(nested, nested_grad, nested_value_and_grad; x => |x| (x));
    check!(closures, closures_grad, closures_value_and_grad; x => |x| (x));
    let _ = positive::<2, 1>(1);
}

/// A `return` ends the function or the closure that it stands in, and nothing else.
#[derive_grad]
fn ended_early(x: &Vector3<f64>, n: usize) -> f64 {
    fn clipped(v: f64, n: usize) -> f64 {
        if n > 2 {
            return 0.25 * v;
        }
        if v < 0.0 {
            return 0.5 * v * v;
        }
        let w = v * v;
        w * v + v
    }
    let gate = |v: f64| {
        if v > 0.2 {
            return v.sin();
        }
        v
    };
    if n == 5 {
        return clipped(x[0], 0) * gate(x[1]);
    }
    let (a, b) = (clipped(x[0], n), clipped(x[1] * x[2], n));
    a * gate(x[2]) + b + gate(a * b)
}

#[test]
fn a_return_ends_the_function_that_it_stands_in() {
    for seed in 1..8 {
        for n in [0, 3, 5] {
            check!(ended_early, ended_early_grad, ended_early_value_and_grad; point::<3, 1>(seed) => |x| (x, n));
        }
    }
}

/// The Gaussian error function, as another library would have it.
mod library {
    pub(crate) fn erf(x: f64) -> f64 {
        // By its series, which is fast enough here.
        let term = |n: i32| {
            let sign = if n % 2 == 0 { 1.0 } else { -1.0 };
            sign * x.powi(2 * n + 1) / ((1..=n).map(f64::from).product::<f64>() * f64::from(2 * n + 1))
        };
        std::f64::consts::FRAC_2_SQRT_PI * (0..40).map(term).sum::<f64>()
    }

    pub(crate) fn erf_slope(x: f64) -> f64 {
        std::f64::consts::FRAC_2_SQRT_PI * (-x * x).exp()
    }

    pub(crate) fn blend(x: f64, y: f64) -> f64 {
        x * x * y + y
    }
}

#[derive_grad(
    hessian,
    hvp,
    rule(library::erf(x: f64) -> f64 = library::erf_slope(x)),
    rule(library::erf_slope(x: f64) -> f64 = -2.0 * x * library::erf_slope(x)),
    rule(library::blend(x: f64, y: f64) -> f64 = (2.0 * x * y, x * x + 1.0)),
)]
fn ruled(x: &Vector3<f64>) -> f64 {
    let total = x.map(library::erf).sum() + x.map(|v| library::erf(2.0 * v)).norm_squared();
    total * library::blend(x[0], x[1] * x[2]) + library::erf(0.5)
}

#[derive_grad(rule(library::erf(t: f64) -> f64 = library::erf_slope(t)))]
mod ruled_module {
    use super::{Vector3, derive_grad, library};

    #[derive_grad]
    pub(super) fn first(x: &Vector3<f64>) -> f64 {
        curve(x.norm())
    }

    fn curve(r: f64) -> f64 {
        r * library::erf(r)
    }
}

#[test]
fn foreign_functions_have_the_derivative_of_their_rule() {
    let x = point::<3, 1>(7) * 0.5;
    check!(ruled, ruled_grad, ruled_value_and_grad; x => |x| (x));
    agree(&x, ruled_module::first, ruled_module::first_grad, ruled_module::first_value_and_grad);
    let (hessian, step) = (ruled_hessian(&x), 1e-5);
    for k in 0..3 {
        let along = Vector3::ith(k, 1.0);
        let slope = (ruled_grad(&(x + along * step)) - ruled_grad(&(x - along * step))) / (2.0 * step);
        let product = ruled_hvp(&x, &along);
        for i in 0..3 {
            same(hessian[(i, k)], slope[i], 1e-7);
            same(product[i], slope[i], 1e-7);
        }
    }
}
