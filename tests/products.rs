//! `jvp`, `vjp` and `gauss_newton` against products of num-dual's Jacobians; and derivatives of every kind of
//! function: methods, `f32`, generic sizes and numbers, `Option`, other names, denominator layout.
#[allow(unused_imports, unused_macros, reason = "these tests have their own comparison")]
mod common;
#[path = "common/oracle.rs"]
mod oracle;
#[macro_use]
#[path = "common/cases.rs"]
mod cases;

use gradmacro::derive_grad;
use nalgebra::{Matrix2, Matrix3, RealField, RowVector3, SMatrix, SVector, Vector2, Vector3};

use common::{dominant, point, positive};

jacobians! {
    affine[11](jvp, vjp, gauss_newton):
        (a: &Matrix2x3<f64> = point, x: Vector3<f64> = point, b: &Vector2<f64> = point) -> Vector2<f64> {
        a * x + b
    }
    regression[3](jvp, vjp, gauss_newton):
        (w: &Vector3<f64> = point;
         x: &SMatrix<f64, 9, 3> = point, y: &SVector<f64, 9> = point) -> SVector<f64, 9> {
        x * w - y
    }
    softmax[4](jvp, vjp, gauss_newton): (x: &Vector4<f64> = point) -> Vector4<f64> {
        let e = x.map(|v| v.exp());
        e / e.sum()
    }
    inverse[9](jvp, vjp): (x: &Matrix3<f64> = dominant) -> Matrix3<f64> {
        x.try_inverse().unwrap()
    }
    congruence[15](jvp, vjp): (x: &Matrix3x2<f64> = point, a: &Matrix3<f64> = point) -> Matrix2<f64> {
        x.transpose() * a * x
    }
    solution[12](jvp, vjp, gauss_newton):
        (a: &Matrix3<f64> = dominant, b: &Vector3<f64> = point) -> Vector3<f64> {
        a.lu().solve(b).unwrap()
    }
    cholesky_factor[9](jvp, vjp): (a: &Matrix3<f64> = dominant) -> Matrix3<f64> {
        a.cholesky().unwrap().l()
    }
    rows[5](jvp, vjp):
        (x: &RowVector3<f64> = point, y: RowVector2<f64> = point;
         a: &Matrix3x2<f64> = point) -> RowVector2<f64> {
        (x * a).component_mul(&y) * y.norm()
    }
    rotation[1](jvp, vjp): (t: f64 = point) -> Matrix2<f64> {
        Matrix2::new(t.cos(), -t.sin(), t.sin(), t.cos())
    }
    scaled[4](jvp, vjp, gauss_newton): (s: f64 = point, x: Vector3<f64> = point) -> Vector3<f64> {
        x.map(|v| v.sin()) * s.exp()
    }
    partly_unused[6](jvp, vjp, gauss_newton):
        (x: &Vector3<f64> = point, s: f64 = point, r: &Vector2<f64> = point) -> Vector2<f64> {
        Vector2::new(x.norm_squared(), x[2])
    }
    constant[3](jvp, vjp, gauss_newton):
        (x: &Vector3<f64> = point; c: &Vector2<f64> = point) -> Vector2<f64> {
        c + c
    }
    range_and_bearing[4](jvp, vjp, gauss_newton):
        (s: &Vector4<f64> = positive;
         beacon: &Vector2<f64> = point, z: &Vector2<f64> = point) -> Vector2<f64> {
        let d = s.fixed_rows::<2>(0) - beacon;
        Vector2::new(d.norm(), d[1].atan2(d[0]) - s[2]) - z
    }
    reprojection[6](jvp, vjp, gauss_newton):
        (t: &Vector3<f64> = positive, p: &Vector3<f64> = positive;
         r: &Matrix3<f64> = dominant, z: &Vector2<f64> = point) -> Vector2<f64> {
        let c = r * p + t;
        Vector2::new(c.x / c.z * 1.5 - z.x, c.y / c.z * 1.5 - z.y)
    }
    exponential_fit[3](jvp, vjp, gauss_newton):
        (p: &Vector3<f64> = point;
         t: &SVector<f64, 12> = positive, y: &SVector<f64, 12> = point) -> SVector<f64, 12> {
        t.map(|t| p[0] * (-p[1] * t).exp() + p[2]) - y
    }
    network[17](jvp, vjp, gauss_newton):
        (w: &Matrix3x2<f64> = point, b: &Vector3<f64> = point, v: &Matrix2x3<f64> = point,
         x: &Vector2<f64> = point) -> Vector2<f64> {
        v * (w * x + b).map(|z| z.tanh())
    }
    neighbours[6](jvp, vjp, gauss_newton): (x: &SVector<f64, 6> = point) -> SVector<f64, 5> {
        SVector::from_fn(|i, _| (x[i + 1] - x[i] * x[i]) * 10.0)
    }
    denominators[5](jvp, vjp, gauss_newton; layout = "denominator"):
        (x: &Vector2<f64> = point, y: &Vector3<f64> = point; a: &Matrix2x3<f64> = point) -> Vector3<f64> {
        a.transpose() * x * x.dot(&(a * y))
    }
}

/// `got` is `want` up to `tolerance`, relative to the largest entry of `want` (at least 1).
#[track_caller]
fn same<T: RealField + Copy, const R: usize, const C: usize>(
    got: SMatrix<T, R, C>,
    want: SMatrix<T, R, C>,
    tolerance: f64,
) {
    let bound = want.amax().max(T::one()) * nalgebra::convert(tolerance);
    assert!((got - want).amax() <= bound, "got {got}, wanted {want}");
}

struct Pendulum {
    length: f64,
    inertia: Matrix2<f64>,
}

impl Pendulum {
    #[derive_grad(jvp, vjp, types(self.length = f64))]
    fn rate(&self, s: &Vector2<f64>) -> Vector2<f64> {
        Vector2::new(s[1], -9.81 / self.length * s[0].sin())
    }

    #[derive_grad(hessian, hvp, types(self.inertia = Matrix2<f64>))]
    fn energy(&self, s: &Vector2<f64>) -> f64 {
        0.5 * s.dot(&(self.inertia * s)) + s[0].cos()
    }

    #[derive_grad(wrt(q), hessian)]
    fn associated(q: f64, k: f64) -> f64 {
        k * q.powi(4)
    }
}

#[test]
fn methods() {
    let pendulum = Pendulum { length: 0.7, inertia: Matrix2::new(2.0, 0.5, -0.3, 1.0) };
    let (s, d) = (Vector2::new(0.4, -1.0), Vector2::new(0.3, 2.0));
    let jacobian = Matrix2::new(0.0, 1.0, -9.81 / 0.7 * 0.4_f64.cos(), 0.0);
    same(pendulum.rate_jacobian(&s), jacobian, 1e-14);
    let (rate, both) = pendulum.rate_value_and_jacobian(&s);
    same(both, jacobian, 1e-14);
    same(rate, pendulum.rate(&s), 1e-14);
    same(pendulum.rate_jvp(&s, &d).1, jacobian * d, 1e-14);
    same(pendulum.rate_vjp(&s, &d).1, jacobian.transpose() * d, 1e-14);
    let mut hessian = pendulum.inertia.symmetric_part();
    hessian[(0, 0)] -= 0.4_f64.cos();
    same(pendulum.energy_hessian(&s), hessian, 1e-14);
    same(pendulum.energy_hvp(&s, &d), hessian * d, 1e-14);
    common::same(Pendulum::associated_hessian(2.0, 0.5), 24.0, 1e-14);
    assert_eq!(Pendulum::associated_value_grad_hessian(2.0, 0.5), (8.0, 16.0, 24.0));
}

/// The same text in single precision, in double, and for any number.
macro_rules! precisions {
    ($($module:ident: $T:ident $(: $Bound:path)?;)+) => { $(
        mod $module {
            use super::*;

            #[derive_grad(gauss_newton, jvp, vjp)]
            pub(super) fn residual$(<$T: $Bound + Copy>)?(x: &Vector3<$T>, a: &Matrix3<$T>) -> Vector3<$T> {
                (a * x).map(|v| v.sin()) - x * x.norm()
            }

            #[derive_grad(wrt(x, s), hessian, hvp)]
            pub(super) fn loss$(<$T: $Bound + Copy>)?(x: &Vector3<$T>, s: $T, a: &Matrix3<$T>) -> $T {
                (x.dot(&(a * x)) * s).exp() + x.norm() * s * s
            }
        }
    )+ };
}
precisions! { single: f32; double: f64; any: T: RealField; }

#[test]
fn single_precision_and_any_number() {
    let (x, d, a): (Vector3<f64>, Vector3<f64>, Matrix3<f64>) = (point(1), point(2), point::<3, 3>(3) * 0.3);
    let (x32, d32, a32) = (x.cast::<f32>(), d.cast::<f32>(), a.cast::<f32>());
    let (half, jtr, jtj) = double::residual_gauss_newton(&x, &a);
    let (half32, jtr32, jtj32) = single::residual_gauss_newton(&x32, &a32);
    let (half_any, jtr_any, jtj_any) = any::residual_gauss_newton(&x, &a);
    common::same(f64::from(half32), half, 1e-5);
    common::same(half_any, half, 1e-13);
    same(jtr32.cast::<f64>(), jtr, 1e-5);
    same(jtj32.cast::<f64>(), jtj, 1e-5);
    same(jtr_any, jtr, 1e-13);
    same(jtj_any, jtj, 1e-13);
    let jacobian = double::residual_jacobian(&x, &a);
    same(single::residual_jacobian(&x32, &a32).cast::<f64>(), jacobian, 1e-5);
    same(any::residual_jacobian(&x, &a), jacobian, 1e-13);
    same(any::residual_jvp(&x, &a, &d).1, jacobian * d, 1e-13);
    same(any::residual_vjp(&x32, &a32, &d32).1.cast::<f64>(), jacobian.transpose() * d, 1e-5);
    let ((xx, xs), (sx, ss)) = double::loss_hessian(&x, 0.3, &a);
    let (_, _, ((xx_any, xs_any), (sx_any, ss_any))) = any::loss_value_grad_hessian(&x, 0.3, &a);
    let ((xx32, xs32), (sx32, ss32)) = single::loss_hessian(&x32, 0.3, &a32);
    same(xx_any, xx, 1e-13);
    same(xs_any, xs, 1e-13);
    same(sx_any, sx, 1e-13);
    common::same(ss_any, ss, 1e-13);
    same(xx32.cast::<f64>(), xx, 1e-4);
    same(xs32.cast::<f64>(), xs, 1e-4);
    same(sx32.cast::<f64>(), xs.transpose(), 1e-4);
    common::same(f64::from(ss32), ss, 1e-4);
    let (by_x, by_s) = any::loss_hvp(&x, 0.3, &a, &d, 0.7);
    same(by_x, xx * d + xs * 0.7, 1e-13);
    common::same(by_s, (sx * d)[0] + ss * 0.7, 1e-13);
}

#[derive_grad(wrt(x, b), jvp, vjp, gauss_newton)]
fn generic_residual<const M: usize, const N: usize>(
    a: &SMatrix<f64, M, N>,
    x: &SVector<f64, N>,
    b: &SVector<f64, M>,
) -> SVector<f64, M> {
    a * x.map(|v| v.sin()) - b
}

#[derive_grad(hessian, hvp)]
fn generic_loss<const N: usize>(x: &SVector<f64, N>, a: &SMatrix<f64, N, N>) -> f64 {
    0.5 * x.dot(&(a * x)) + x.map(|v| v.exp()).sum().ln() + x.norm()
}

#[test]
fn generic_sizes() {
    fn residual<const M: usize, const N: usize>() {
        let (a, x, b): (SMatrix<f64, M, N>, SVector<f64, N>, SVector<f64, M>) =
            (point(1), point(2), point(3));
        let (d, bar): (SVector<f64, N>, SVector<f64, M>) = (point(4), point(5));
        let jacobian = a * SMatrix::<f64, N, N>::from_diagonal(&x.map(f64::cos));
        let (by_x, by_b) = generic_residual_jacobian(&a, &x, &b);
        same(by_x, jacobian, 1e-13);
        same(by_b, -SMatrix::<f64, M, M>::identity(), 1e-13);
        same(generic_residual_jvp(&a, &x, &b, &d, &bar).1, jacobian * d - bar, 1e-13);
        let (_, (by_x, by_b)) = generic_residual_vjp(&a, &x, &b, &bar);
        same(by_x, jacobian.transpose() * bar, 1e-13);
        same(by_b, -bar, 1e-13);
        let (half, (jtr, minus_r), ((jtj, _), (_, one))) = generic_residual_gauss_newton(&a, &x, &b);
        let r = generic_residual(&a, &x, &b);
        common::same(half, 0.5 * r.norm_squared(), 1e-13);
        same(jtr, jacobian.transpose() * r, 1e-13);
        same(minus_r, -r, 1e-13);
        same(jtj, jacobian.transpose() * jacobian, 1e-13);
        same(one, SMatrix::identity(), 1e-13);
    }
    fn loss<const N: usize>() {
        let (x, d, a): (SVector<f64, N>, SVector<f64, N>, SMatrix<f64, N, N>) =
            (point(1), point(2), point(3));
        let (e, n) = (x.map(f64::exp), x.norm());
        let p = e / e.sum();
        let eye = SMatrix::<f64, N, N>::identity();
        let want = a.symmetric_part() + SMatrix::from_diagonal(&p) - p * p.transpose()
            + (eye - x * x.transpose() / (n * n)) / n;
        same(generic_loss_hessian(&x, &a), want, 1e-13);
        same(generic_loss_value_grad_hessian(&x, &a).2, want, 1e-13);
        same(generic_loss_hvp(&x, &a, &d), want * d, 1e-13);
    }
    residual::<3, 2>();
    residual::<1, 4>();
    loss::<1>();
    loss::<2>();
    loss::<6>();
}

#[derive_grad(wrt(a, x), jvp, vjp, gauss_newton)]
fn perhaps(a: &Matrix3<f64>, x: &Vector3<f64>) -> Option<Vector3<f64>> {
    a.lu().solve(x)
}

#[derive_grad(wrt(x), hessian, hvp, jvp)]
fn perhaps_a_number(x: &Vector3<f64>, s: &Matrix3<f64>) -> Option<f64> {
    let c = s.cholesky()?;
    Some(c.solve(x).dot(x))
}

/// `None` exactly where the function is `None`, even if the derivative does not need the factorisation.
#[derive_grad(hessian, hvp, jvp)]
fn guarded(x: &Vector3<f64>, s: &Matrix3<f64>) -> Option<f64> {
    let _inverse = s.try_inverse()?;
    Some(x.norm_squared())
}

#[test]
fn options() {
    let (x, v): (Vector3<f64>, Vector3<f64>) = (point(1), point(2));
    let (s, zero): (Matrix3<f64>, _) = (dominant(3), Matrix3::zeros());
    for (matrix, some) in [(s, true), (zero, false)] {
        assert_eq!(perhaps(&matrix, &x).is_some(), some);
        assert_eq!(perhaps_jacobian(&matrix, &x).is_some(), some);
        assert_eq!(perhaps_value_and_jacobian(&matrix, &x).is_some(), some);
        assert_eq!(perhaps_jvp(&matrix, &x, &s, &v).is_some(), some);
        assert_eq!(perhaps_vjp(&matrix, &x, &v).is_some(), some);
        assert_eq!(perhaps_gauss_newton(&matrix, &x).is_some(), some);
        assert_eq!(perhaps_a_number_hessian(&x, &matrix).is_some(), some);
        assert_eq!(perhaps_a_number_value_grad_hessian(&x, &matrix).is_some(), some);
        assert_eq!(perhaps_a_number_hvp(&x, &matrix, &v).is_some(), some);
        assert_eq!(perhaps_a_number_jvp(&x, &matrix, &v).is_some(), some);
        assert_eq!(guarded_hessian(&x, &matrix), some.then(|| Matrix3::identity() * 2.0));
        assert_eq!(guarded_hvp(&x, &matrix, &v), some.then(|| v * 2.0));
        assert_eq!(guarded_jvp(&x, &matrix, &v).is_some(), some);
        assert_eq!(guarded_value_grad_hessian(&x, &matrix).is_some(), some);
    }
}

#[derive_grad(hessian, hvp, jvp, jacobian, rename(
    grad = slope, value_and_grad = value_and_slope, hessian = curvature, value_grad_hessian = all, hvp = curve_along,
    jvp = slope_along, jacobian = row
))]
fn renamed(x: &Vector3<f64>) -> f64 {
    x[0] * x[1] * x[2]
}

#[derive_grad(jvp, vjp, gauss_newton, rename(
    jacobian = linearise, value_and_jacobian = with_linearisation, jvp = push, vjp = pull, gauss_newton = normal
))]
fn renamed_too(x: &Vector2<f64>) -> Vector2<f64> {
    Vector2::new(x[0] * x[1], x[0])
}

#[test]
fn other_names() {
    let (x, v) = (Vector3::new(1.0, 2.0, 3.0), Vector3::new(1.0, 0.0, -1.0));
    let hessian = Matrix3::new(0.0, 3.0, 2.0, 3.0, 0.0, 1.0, 2.0, 1.0, 0.0);
    assert_eq!(
        (slope(&x), curvature(&x), curve_along(&x, &v)),
        (Vector3::new(6.0, 3.0, 2.0), hessian, hessian * v)
    );
    assert_eq!((all(&x), value_and_slope(&x)), ((6.0, slope(&x), hessian), (6.0, slope(&x))));
    assert_eq!((slope_along(&x, &v), row(&x)), ((6.0, 4.0), RowVector3::new(6.0, 3.0, 2.0)));
    let (x, j) = (Vector2::new(3.0, 2.0), Matrix2::new(2.0, 3.0, 1.0, 0.0));
    let y = renamed_too(&x);
    assert_eq!((linearise(&x), with_linearisation(&x)), (j, (y, j)));
    assert_eq!((push(&x, &x), pull(&x, &x)), ((y, j * x), (y, j.transpose() * x)));
    assert_eq!(normal(&x), (0.5 * y.norm_squared(), j.transpose() * y, j.transpose() * j));
}

/// The layout turns Jacobians around, and nothing else: not gradients, Hessians and products.
#[derive_grad(wrt(x, s), jacobian, hessian, hvp, layout = "denominator")]
fn scalar_in_denominator_layout(x: &Vector3<f64>, s: f64) -> f64 {
    x.norm_squared() * s * s
}

#[test]
fn denominator_layout_of_a_number() {
    let (x, s): (Vector3<f64>, f64) = (positive(1), 0.5);
    let (by_x, by_s): (Vector3<f64>, f64) = scalar_in_denominator_layout_jacobian(&x, s);
    same(by_x, x * (2.0 * s * s), 1e-14);
    common::same(by_s, x.norm_squared() * 2.0 * s, 1e-14);
    let ((xx, xs), (sx, ss)) = scalar_in_denominator_layout_hessian(&x, s);
    same(xx, Matrix3::identity() * (2.0 * s * s), 1e-14);
    same(xs, x * (4.0 * s), 1e-14);
    same(sx, xs.transpose(), 1e-14);
    common::same(ss, 2.0 * x.norm_squared(), 1e-14);
}
