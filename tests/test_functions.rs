//! argmin's test functions: gradients, Hessians and Hessian-vector products against the derivatives that
//! `argmin_testfunctions` has written out by hand.

use std::f64::consts::{E, PI};

use gradmacro::derive_grad;
use nalgebra::{SMatrix, SVector};

use common::point;

#[allow(unused_imports, unused_macros, reason = "these tests have their own comparison")]
mod common;

/// `got` is `want` up to rounding, relative to the largest entry of `want` (at least 1).
#[track_caller]
fn same<const R: usize, const C: usize>(got: SMatrix<f64, R, C>, want: SMatrix<f64, R, C>) {
    assert!((got - want).amax() <= 1e-10 * want.amax().max(1.0), "got {got}, wanted {want}");
}

/// `name[n] within [low, high]: derivative, hessian; |x| value`: compared at twenty points, none of them at a kink.
macro_rules! functions {
    ($($name:ident[$n:literal] within [$low:expr, $high:expr]: $derivative:ident, $hessian:ident;
        |$x:ident| $body:block)+) => { $(
        #[test]
        fn $name() {
            #[allow(unused_variables, reason = "one of the functions is zero")]
            #[derive_grad(hessian, hvp)]
            fn f($x: &SVector<f64, $n>) -> f64 $body

            for seed in 0..20 {
                let x = point::<$n, 1>(seed).map(|v| $low + (v / 3.0 + 0.5) * ($high - $low));
                let at: [f64; $n] = x.into();
                let number = SMatrix::<f64, 1, 1>::new;
                let value = argmin_testfunctions::$name(&at);
                let gradient = SVector::from(argmin_testfunctions::$derivative(&at));
                let hessian = SMatrix::from(argmin_testfunctions::$hessian(&at));
                same(number(f(&x)), number(value));
                same(f_grad(&x), gradient);
                same(f_hessian(&x), hessian);
                let (v, g, h) = f_value_grad_hessian(&x);
                same(number(v), number(value));
                same(g, gradient);
                same(h, hessian);
                let direction = point(seed + 1);
                same(f_hvp(&x, &direction), hessian * direction);
                let (v, g) = f_value_and_grad(&x);
                same(number(v), number(value));
                same(g, gradient);
            }
        }
    )+ };
}

functions! {
    ackley[3] within [-4.0, 4.0]: ackley_derivative_const, ackley_hessian_const; |x| {
        let mean_square = x.iter().map(|v| v.powi(2)).sum::<f64>() / 3.0;
        let mean_cosine = x.iter().map(|v| (2.0 * PI * v).cos()).sum::<f64>() / 3.0;
        -20.0 * (-0.2 * mean_square.sqrt()).exp() - mean_cosine.exp() + 20.0 + E
    }
    beale[2] within [-4.5, 4.5]: beale_derivative, beale_hessian; |x| {
        (1.5 - x[0] + x[0] * x[1]).powi(2)
            + (2.25 - x[0] + x[0] * x[1].powi(2)).powi(2)
            + (2.625 - x[0] + x[0] * x[1].powi(3)).powi(2)
    }
    booth[2] within [-10.0, 10.0]: booth_derivative, booth_hessian; |x| {
        (x[0] + 2.0 * x[1] - 7.0).powi(2) + (2.0 * x[0] + x[1] - 5.0).powi(2)
    }
    bukin_n6[2] within [-15.0, 3.0]: bukin_n6_derivative, bukin_n6_hessian; |x| {
        100.0 * (x[1] - 0.01 * x[0].powi(2)).abs().sqrt() + 0.01 * (x[0] + 10.0).abs()
    }
    cross_in_tray[2] within [-10.0, 10.0]: cross_in_tray_derivative, cross_in_tray_hessian; |x| {
        let height = (100.0 - x.norm() / PI).abs().exp();
        -0.0001 * ((x[0].sin() * x[1].sin() * height).abs() + 1.0).powf(0.1)
    }
    easom[2] within [0.0, 6.0]: easom_derivative, easom_hessian; |x| {
        -x[0].cos() * x[1].cos() * (-(x[0] - PI).powi(2) - (x[1] - PI).powi(2)).exp()
    }
    eggholder[2] within [-512.0, 512.0]: eggholder_derivative, eggholder_hessian; |x| {
        let (a, b) = (x[0], x[1] + 47.0);
        -b * (a / 2.0 + b).abs().sqrt().sin() - a * (a - b).abs().sqrt().sin()
    }
    goldsteinprice[2] within [-2.0, 2.0]: goldsteinprice_derivative, goldsteinprice_hessian; |x| {
        let (a, b) = (x[0], x[1]);
        let first = 19.0 - 14.0 * a + 3.0 * a * a - 14.0 * b + 6.0 * a * b + 3.0 * b * b;
        let second = 18.0 - 32.0 * a + 12.0 * a * a + 48.0 * b - 36.0 * a * b + 27.0 * b * b;
        (1.0 + (a + b + 1.0).powi(2) * first) * (30.0 + (2.0 * a - 3.0 * b).powi(2) * second)
    }
    himmelblau[2] within [-5.0, 5.0]: himmelblau_derivative, himmelblau_hessian; |x| {
        (x[0].powi(2) + x[1] - 11.0).powi(2) + (x[0] + x[1].powi(2) - 7.0).powi(2)
    }
    holder_table[2] within [-10.0, 10.0]: holder_table_derivative, holder_table_hessian; |x| {
        -(x[0].sin() * x[1].cos() * (1.0 - x.norm() / PI).abs().exp()).abs()
    }
    levy[4] within [-10.0, 10.0]: levy_derivative_const, levy_hessian_const; |x| {
        let w = x.map(|v| 1.0 + (v - 1.0) / 4.0);
        let middle = (1..3).map(|i| (w[i] - 1.0).powi(2) * (1.0 + 10.0 * (PI * w[i] + 1.0).sin().powi(2))).sum::<f64>();
        (PI * w[0]).sin().powi(2) + middle + (w[3] - 1.0).powi(2) * (1.0 + (2.0 * PI * w[3]).sin().powi(2))
    }
    levy_n13[2] within [-10.0, 10.0]: levy_n13_derivative, levy_n13_hessian; |x| {
        let (a, b) = (x[0], x[1]);
        (3.0 * PI * a).sin().powi(2)
            + (a - 1.0).powi(2) * (1.0 + (3.0 * PI * b).sin().powi(2))
            + (b - 1.0).powi(2) * (1.0 + (2.0 * PI * b).sin().powi(2))
    }
    matyas[2] within [-10.0, 10.0]: matyas_derivative, matyas_hessian; |x| {
        0.26 * x.norm_squared() - 0.48 * x[0] * x[1]
    }
    mccormick[2] within [-3.0, 4.0]: mccormick_derivative, mccormick_hessian; |x| {
        (x[0] + x[1]).sin() + (x[0] - x[1]).powi(2) - 1.5 * x[0] + 2.5 * x[1] + 1.0
    }
    picheny[2] within [0.0, 1.0]: picheny_derivative, picheny_hessian; |x| {
        let y = x.map(|v| 4.0 * v - 2.0);
        let (a, b) = (y[0], y[1]);
        let first = 19.0 - 14.0 * (a + b) + 3.0 * (a * a + b * b) + 6.0 * a * b;
        let second = 18.0 - 32.0 * a + 12.0 * a * a + 48.0 * b - 36.0 * a * b + 27.0 * b * b;
        let product = (1.0 + (a + b + 1.0).powi(2) * first) * (30.0 + (2.0 * a - 3.0 * b).powi(2) * second);
        (product.log10() - 8.693) / 2.427
    }
    rastrigin[4] within [-5.0, 5.0]: rastrigin_derivative_const, rastrigin_hessian_const; |x| {
        40.0 + x.iter().map(|v| v.powi(2) - 10.0 * (2.0 * PI * v).cos()).sum::<f64>()
    }
    rosenbrock[5] within [-2.0, 2.0]: rosenbrock_derivative_const, rosenbrock_hessian_const; |x| {
        (0..4).map(|i| (1.0 - x[i]).powi(2) + 100.0 * (x[i + 1] - x[i].powi(2)).powi(2)).sum::<f64>()
    }
    schaffer_n2[2] within [-3.0, 3.0]: schaffer_n2_derivative, schaffer_n2_hessian; |x| {
        let difference = x[0].powi(2) - x[1].powi(2);
        0.5 + (difference.sin().powi(2) - 0.5) / (1.0 + 0.001 * x.norm_squared()).powi(2)
    }
    schaffer_n4[2] within [-3.0, 3.0]: schaffer_n4_derivative, schaffer_n4_hessian; |x| {
        let difference = (x[0].powi(2) - x[1].powi(2)).abs();
        0.5 + (difference.sin().cos().powi(2) - 0.5) / (1.0 + 0.001 * (x[0].powi(2) + x[1].powi(2))).powi(2)
    }
    sphere[6] within [-5.0, 5.0]: sphere_derivative_const, sphere_hessian_const; |x| {
        x.dot(x)
    }
    styblinski_tang[4] within [-5.0, 5.0]: styblinski_tang_derivative_const, styblinski_tang_hessian_const; |x| {
        0.5 * x.map(|v| v.powi(4) - 16.0 * v * v + 5.0 * v).sum()
    }
    threehumpcamel[2] within [-5.0, 5.0]: threehumpcamel_derivative, threehumpcamel_hessian; |x| {
        let (a, b) = (x[0], x[1]);
        2.0 * a.powi(2) - 1.05 * a.powi(4) + a.powi(6) / 6.0 + a * b + b.powi(2)
    }
    zero[3] within [-5.0, 5.0]: zero_derivative_const, zero_hessian_const; |x| {
        0.0
    }
}
