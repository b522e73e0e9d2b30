//! Generated gradients against the forward-mode dual numbers of num-dual, which know neither our rules nor differences.
//!
//! Each function is compiled twice from one text: for numbers, with its gradient, and for dual numbers, which is what
//! `f64` stands for in there. Literals stand right of their operator, since `2.0 * x` exists for numbers only.

use nalgebra::{Const, SMatrix};
use num_dual::{Derivative, DualSVec64};

/// The dual numbers at `x`, each entry in a direction of its own.
fn seeded<const N: usize, const R: usize, const C: usize>(
    x: &SMatrix<f64, R, C>,
) -> SMatrix<DualSVec64<N>, R, C> {
    assert_eq!(N, R * C, "one direction for each entry");
    SMatrix::from_fn(|i, j| {
        DualSVec64::new(x[(i, j)], Derivative::derivative_generic(Const, Const, j * R + i))
    })
}

/// The dual numbers of `x` that do not move.
fn still<const N: usize, const R: usize, const C: usize>(
    x: &SMatrix<f64, R, C>,
) -> SMatrix<DualSVec64<N>, R, C> {
    x.map(DualSVec64::from_re)
}

macro_rules! twice {
    ($name:ident[$n:literal]: |$x:ident: $X:ty $(, $p:ident: $P:ty)*| $body:block at $sample:ident) => {
        mod $name {
            #[allow(unused_imports, reason = "one list for all functions")]
            use nalgebra::*;

            mod numbers {
                use super::*;
                use gradmacro::derive_grad;

                #[derive_grad]
                pub(super) fn f($x: &$X $(, $p: &$P)*) -> f64 $body
            }

            mod duals {
                use super::*;

                #[allow(non_camel_case_types, reason = "the text above is compiled again with this meaning")]
                type f64 = num_dual::DualSVec64<$n>;

                pub(super) fn f($x: &$X $(, $p: &$P)*) -> f64 $body
            }

            #[test]
            fn agrees_with_dual_numbers() {
                let $x: $X = $crate::common::$sample(1);
                #[allow(unused_mut, unused_variables, reason = "some functions have no data")]
                let mut seeds = 2..;
                $(let $p: $P = $crate::common::point(seeds.next().unwrap_or_default());)*
                let dual = duals::f(&super::seeded(&$x) $(, &super::still(&$p))*);
                let slopes = dual.eps.unwrap_generic(Const::<$n>, Const::<1>);
                let (value, gradient) = numbers::f_value_and_grad(&$x $(, &$p)*);
                $crate::common::same(value, dual.re, 1e-12);
                for (got, want) in gradient.iter().zip(&slopes) {
                    $crate::common::same(*got, *want, 1e-11);
                }
                $crate::common::check!(numbers_f, numbers_f_grad, numbers_f_value_and_grad; $x => |$x| ($x $(, &$p)*));
            }

            use numbers::{f as numbers_f, f_grad as numbers_f_grad, f_value_and_grad as numbers_f_value_and_grad};
        }
    };
}

twice!(quadratic_form[4]: |x: SVector<f64, 4>, a: SMatrix<f64, 4, 4>, b: SVector<f64, 4>| {
    x.dot(&(a * x)) * 0.5 - b.dot(x) + (x.transpose() * a * b)[0]
} at point);

twice!(ridge_regression[3]: |w: Vector3<f64>, a: SMatrix<f64, 8, 3>, b: SVector<f64, 8>| {
    let r = a * w - b;
    r.norm_squared() * 0.5 + w.norm_squared() * 0.1
} at point);

twice!(logistic_regression[3]: |w: Vector3<f64>, x: SMatrix<f64, 6, 3>, y: SVector<f64, 6>| {
    let z = x * w;
    z.zip_map(y, |z, y| ((-y * z).exp() + 1.0).ln()).sum()
} at point);

twice!(cross_entropy[6]: |w: Matrix2x3<f64>, x: Vector3<f64>| {
    let z = w * x;
    let e = z.map(|v| v.exp());
    e.sum().ln() - z[1]
} at point);

twice!(frobenius_misfit[6]: |x: Matrix3x2<f64>, a: Matrix3<f64>, b: Matrix3x2<f64>| {
    (a * x - b).norm() + (x.transpose() * a * x).trace()
} at point);

twice!(gram_powers[9]: |x: Matrix3<f64>, u: Vector3<f64>| {
    let g = x.transpose() * x;
    u.dot(&(g * g * u)) + (g * x).trace() + x.component_mul(&g).sum()
} at point);

twice!(network[12]: |w: SMatrix<f64, 4, 3>, x: Vector3<f64>, v: SVector<f64, 4>| {
    let hidden = (w * x).map(|z| z.tanh());
    let gate = (w * x).map(|z| ((-z).exp() + 1.0).recip());
    v.dot(&hidden.component_mul(&gate))
} at point);

twice!(elementary[6]: |x: SVector<f64, 6>| {
    x[0].sin() * x[1].cos() + x[2].tan() + x[3].sinh() * x[4].cosh() - x[5].tanh()
        + x[0].atan() + (x[1] * 0.5).asin() * (x[2] * 0.5).acos() + x[3].asinh() + x[4].exp_m1()
} at point);

twice!(positive_elementary[6]: |x: SVector<f64, 6>| {
    x[0].ln() * x[1].sqrt() + x[2].log2() - x[3].log10() + x[4].ln_1p() * x[5].recip() + x[0].cbrt()
        + (x[1] + 1.0).acosh() + (x[2] * 0.5).atanh() + x[3].powi(3) + x[4].powf(x[5]) + x[5].exp2()
} at positive);

twice!(arm[3]: |q: Vector3<f64>, l: Vector3<f64>, target: Vector2<f64>| {
    let (a, b, c) = (q[0], q[0] + q[1], q[0] + q[1] + q[2]);
    let tip = Vector2::new(
        l[0] * a.cos() + l[1] * b.cos() + l[2] * c.cos(),
        l[0] * a.sin() + l[1] * b.sin() + l[2] * c.sin(),
    );
    (tip - target).norm()
} at point);

twice!(attitude[4]: |q: Vector4<f64>, a: Matrix3<f64>, b: Matrix3<f64>| {
    let (w, x, y, z) = (q[0], q[1], q[2], q[3]);
    let r = Matrix3::new(
        w * w + x * x - y * y - z * z, (x * y - w * z) * 2.0, (x * z + w * y) * 2.0,
        (x * y + w * z) * 2.0, w * w - x * x + y * y - z * z, (y * z - w * x) * 2.0,
        (x * z - w * y) * 2.0, (y * z + w * x) * 2.0, w * w - x * x - y * y + z * z,
    );
    (b - r * a).norm_squared() / q.norm_squared()
} at point);

twice!(triple_product[9]: |m: Matrix3<f64>, v: Vector3<f64>| {
    let (a, b, c) = (m.column(0), m.column(1), m.column(2));
    let volume = a.dot(&b.cross(&c));
    volume * volume + (m * v).cross(v).norm()
} at point);

twice!(blocks[12]: |m: Matrix3x4<f64>, u: Vector3<f64>| {
    let left = m.fixed_view::<3, 2>(0, 0);
    let right = m.fixed_columns::<2>(2);
    (left.transpose() * right).norm_squared() + m.row(1).sum() * u.dot(&m.column(3))
} at point);

twice!(kronecker_form[4]: |a: Matrix2<f64>, b: Matrix2<f64>, x: SVector<f64, 4>| {
    (a.kronecker(b) * x).norm_squared() + a.kronecker(a).trace()
} at point);

twice!(robust_loss[2]: |w: Vector2<f64>, x: SMatrix<f64, 5, 2>, y: SVector<f64, 5>| {
    let r = x * w - y;
    r.map(|v| (v * v + 1.0).sqrt() - 1.0).sum() + r.map(|v| (v * v).ln_1p()).sum()
} at point);

twice!(spread[5]: |x: SVector<f64, 5>, y: SVector<f64, 5>| {
    let mean = x.sum() / 5.0;
    let centred = x.map(|v| v - mean);
    let correlation = centred.dot(y) / (centred.norm() * y.norm());
    correlation.acos() + centred.norm_squared().ln()
} at point);

twice!(rosenbrock[6]: |x: SVector<f64, 6>| {
    (0..5).map(|i| (x[i + 1] - x[i] * x[i]).powi(2) * 100.0 + (-x[i] + 1.0).powi(2)).sum::<f64>()
} at point);

twice!(springs[10]: |p: SMatrix<f64, 2, 5>, rest: SVector<f64, 4>| {
    (0..4).map(|i| ((p.column(i + 1) - p.column(i)).norm() - rest[i]).powi(2)).sum::<f64>() * 0.5
} at point);

twice!(potential[9]: |p: Matrix3<f64>| {
    let inverse = |i: usize, j: usize| (p.column(i) - p.column(j)).norm().recip();
    inverse(0, 1) + inverse(1, 2) + inverse(0, 2)
} at point);

twice!(closed_forms[16]: |a: Matrix4<f64>, b: Matrix4<f64>, x: Vector4<f64>| {
    let inverse = a.try_inverse().unwrap();
    x.dot(&(inverse * x)) * 0.5 + a.determinant().ln() * 0.5 + (inverse * b * inverse).trace()
} at dominant);

twice!(two_by_two[4]: |a: Matrix2<f64>, x: Vector2<f64>| {
    a.lu().solve(x).unwrap().norm() + a.determinant() * x.sum() + a.qr().solve(x).unwrap().sum()
} at dominant);

twice!(gaussian_misfit[25]: |a: SMatrix<f64, 5, 5>, x: SVector<f64, 5>| {
    x.dot(&(a.try_inverse().unwrap() * x)) * 0.5 + a.determinant().ln() * 0.5
} at dominant);

twice!(partial_and_full_pivoting[36]: |a: Matrix6<f64>, b: SMatrix<f64, 6, 2>, c: SMatrix<f64, 6, 2>| {
    let x = a.lu().solve(b).unwrap();
    let y = a.full_piv_lu().solve(c).unwrap();
    x.component_mul(&y).sum() + a.lu().determinant().ln() * y.norm()
} at dominant);

twice!(orthogonal_triangular[16]: |a: Matrix4<f64>, b: Vector4<f64>| {
    a.qr().solve(b).unwrap().norm() + a.qr().try_inverse().unwrap().trace()
} at dominant);

twice!(cholesky[16]: |a: Matrix4<f64>, b: Vector4<f64>| {
    let c = a.cholesky().unwrap();
    c.l().map(|v| v.sin()).sum() + c.solve(b).dot(b) + c.ln_determinant() + c.inverse().norm() + c.determinant()
} at dominant);

twice!(triangles[16]: |a: Matrix4<f64>, b: SMatrix<f64, 4, 2>| {
    let x = a.solve_lower_triangular(b).unwrap() + a.solve_upper_triangular(b).unwrap();
    let y = a.tr_solve_lower_triangular(b).unwrap() + a.tr_solve_upper_triangular(b).unwrap();
    x.component_mul(&y).sum() + x.norm()
} at dominant);

twice!(gaussian_process[2]: |theta: Vector2<f64>, t: SVector<f64, 5>, y: SVector<f64, 5>| {
    let kernel = SMatrix::<f64, 5, 5>::from_fn(|i, j| (-(t[i] - t[j]).powi(2) * theta[0]).exp());
    let c = (kernel + SMatrix::<f64, 5, 5>::identity() * theta[1]).cholesky().unwrap();
    y.dot(&c.solve(y)) * 0.5 + c.ln_determinant() * 0.5
} at positive);

twice!(kalman_gain[9]: |p: Matrix3<f64>, h: Matrix2x3<f64>, z: Vector2<f64>| {
    let s = h * p * h.transpose() + Matrix2::<f64>::identity();
    let gain = p * h.transpose() * s.try_inverse().unwrap();
    (gain * z).norm_squared() + ((Matrix3::<f64>::identity() - gain * h) * p).trace()
} at dominant);

twice!(spectrum[9]: |a: Matrix3<f64>| {
    a.symmetric_eigenvalues().map(|v| v.ln() * v).sum() + a.singular_values().map(|s| s.sqrt()).sum()
} at dominant);
