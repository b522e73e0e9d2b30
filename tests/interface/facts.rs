//! Facts about parameters: what they change in a gradient, and what they must not change.

use gradmacro::derive_grad;
use nalgebra::{Matrix3, SMatrix, SVector, Vector3};

use crate::common::{check, definite, dominant, point};

/// ½(G + Gᵀ)
fn symmetric_part<const N: usize>(g: SMatrix<f64, N, N>) -> SMatrix<f64, N, N> {
    g.symmetric_part()
}

fn diagonal_part<const N: usize>(g: SMatrix<f64, N, N>) -> SMatrix<f64, N, N> {
    SMatrix::from_diagonal(&g.diagonal())
}

fn lower_part<const N: usize>(g: SMatrix<f64, N, N>) -> SMatrix<f64, N, N> {
    g.lower_triangle()
}

fn upper_part<const N: usize>(g: SMatrix<f64, N, N>) -> SMatrix<f64, N, N> {
    g.upper_triangle()
}

/// Compiles one text with a fact and without. At a matrix for which the fact is true, the value is the same and the
/// gradient is the projection of the other.
macro_rules! projected {
    ($($test:ident: $fact:ident, $part:ident[$($n:literal)+], $sample:ident, |$a:ident, $x:ident| $y:expr;)+) => { $(
        #[test]
        fn $test() {
            $({
                #[derive_grad]
                fn free($a: &SMatrix<f64, $n, $n>, $x: &SVector<f64, $n>) -> f64 {
                    $y
                }
                #[derive_grad($fact($a))]
                fn known($a: &SMatrix<f64, $n, $n>, $x: &SVector<f64, $n>) -> f64 {
                    $y
                }
                let (a, x): (SMatrix<f64, $n, $n>, _) = ($part($sample(1)), point(2));
                let wanted = $part(free_grad(&a, &x));
                let (value, beside) = known_value_and_grad(&a, &x);
                crate::common::same(value, free(&a, &x), 1e-12);
                for got in [known_grad(&a, &x), beside] {
                    assert!((got - wanted).norm() <= 1e-11 * wanted.norm().max(1.0), "{got} {wanted}");
                    assert!((got - $part(got)).norm() <= 1e-13 * wanted.norm(), "the gradient has the structure");
                }
            })+
        }
    )+ };
}

projected! {
    symmetric_forms: symmetric, symmetric_part[1 2 3 5], point,
        |a, x| x.dot(&(a * x)) + (a * a).trace() * x[0] + (a * x).norm();
    symmetric_entries: symmetric, symmetric_part[2 4], point, |a, x| a[(1, 0)] * a[(0, 1)] + a[(1, 0)] * x[1] + a.row(0).norm();
    symmetric_inverses: symmetric, symmetric_part[2 3 5], dominant,
        |a, x| x.dot(&(a.try_inverse().unwrap() * x)) + a.determinant().ln() + a.lu().solve(x).unwrap().norm();
    symmetric_determinants: symmetric, symmetric_part[1 2 3 4 5 6], dominant, |a, x| a.determinant() * x[0];
    symmetric_spectra: symmetric, symmetric_part[2 3], dominant,
        |a, x| a.symmetric_eigenvalues().map(|v| v.ln()).sum() * x[0] + (a * 0.2).exp().trace();
    symmetric_through_cholesky: symmetric, symmetric_part[2 3 5], dominant,
        |a, x| a.cholesky().unwrap().solve(x).norm() + a.cholesky().unwrap().ln_determinant();
    definite_inverses: spd, symmetric_part[1 2 3 4 5 6 7], dominant,
        |a, x| 0.5 * x.dot(&(a.try_inverse().unwrap() * x)) + 0.5 * a.determinant().ln();
    definite_solves: spd, symmetric_part[2 5], dominant,
        |a, x| a.lu().solve(x).unwrap().map(f64::sin).sum() + a.qr().solve(x).unwrap().norm();
    definite_factors: spd, symmetric_part[2 3 5], dominant,
        |a, x| (a.cholesky().unwrap().l() * x).norm() + a.cholesky().unwrap().determinant();
    diagonal_forms: diagonal, diagonal_part[1 3 5], dominant,
        |a, x| x.dot(&(a * x)) + (a * a * x).norm() + a.map(f64::sin).sum() + a[(0, 0)];
    diagonal_inverses: diagonal, diagonal_part[1 3 5], dominant,
        |a, x| a.try_inverse().unwrap().trace() + a.lu().solve(x).unwrap().norm() + a.determinant().ln();
    lower_forms: lower, lower_part[3 5], dominant, |a, x| (a * x).norm() + (a.transpose() * a).trace() + a.map(f64::cos).sum();
    lower_inverses: lower, lower_part[2 3 5], dominant,
        |a, x| a.lu().solve(x).unwrap().norm() + a.determinant().ln() + a.try_inverse().unwrap().sum();
    lower_solves: lower, lower_part[2 5], dominant,
        |a, x| a.solve_lower_triangular(x).unwrap().norm() + a.tr_solve_lower_triangular(x).unwrap().sum();
    upper_inverses: upper, upper_part[2 3 5], dominant,
        |a, x| a.try_inverse().unwrap().trace() + (a * a * x).sum() + a.solve_upper_triangular(x).unwrap().norm();
    upper_determinants: upper, upper_part[2 5], dominant, |a, x| a.determinant() * x[0] + a.determinant().abs().ln();
}

#[derive_grad(symmetric(s))]
fn form(x: &Vector3<f64>, s: &Matrix3<f64>) -> f64 {
    x.dot(&(s * x))
}

#[derive_grad(wrt(x, s), spd(s), symmetric(r))]
fn several_facts(x: &Vector3<f64>, s: &Matrix3<f64>, r: &Matrix3<f64>) -> f64 {
    x.dot(&(s.try_inverse().unwrap() * x)) + x.dot(&(r * s * r * x))
}

#[test]
fn a_form_of_a_symmetric_matrix_has_the_gradient_2sx() {
    let (x, s) = (point(1), symmetric_part(point(2)));
    check!(form, form_grad, form_value_and_grad; x => |x| (x, &s));
    // Where the fact is false, it shows that Sᵀ is not looked at.
    let skewed = point(2);
    assert!((form_grad(&x, &skewed) - 2.0 * skewed * x).norm() < 1e-14);
    let (s, r) = (definite(1), symmetric_part(point(3)));
    let (by_x, by_s) = several_facts_grad(&x, &s, &r);
    let solution = s.try_inverse().unwrap() * x;
    assert!((by_x - 2.0 * (solution + r * s * r * x)).norm() < 1e-12);
    let outer = r * x * x.transpose() * r - solution * solution.transpose();
    assert!((by_s - outer).norm() < 1e-12 && by_s == by_s.transpose());
}

#[derive_grad(diagonal(d))]
fn whitened(d: &Matrix3<f64>, x: &Vector3<f64>) -> f64 {
    (d * x).norm_squared()
}

#[test]
fn nothing_off_the_diagonal_of_a_diagonal_matrix_is_read() {
    let (d, x) = (Matrix3::from_diagonal(&Vector3::new(1.0, 2.0, 3.0)), point(1));
    let filled = d + Matrix3::new(0.0, f64::NAN, 9.0, 9.0, 0.0, 9.0, 9.0, 9.0, 0.0);
    assert_eq!(whitened_grad(&filled, &x), whitened_grad(&d, &x));
    assert_eq!(whitened_value_and_grad(&filled, &x), whitened_value_and_grad(&d, &x));
}

#[derive_grad(spd(s))]
fn in_single_precision(s: &SMatrix<f32, 5, 5>, x: &SVector<f32, 5>) -> f32 {
    0.5 * x.dot(&(s.try_inverse().unwrap() * x)) + 0.5 * s.determinant().ln()
}

#[test]
fn facts_in_single_precision() {
    let (s, x) = (definite::<5>(1).cast::<f32>(), point::<5, 1>(2).cast::<f32>());
    let inverse = s.try_inverse().unwrap();
    let wanted = 0.5 * (inverse - inverse * x * x.transpose() * inverse);
    let (value, gradient) = in_single_precision_value_and_grad(&s, &x);
    assert!((gradient - wanted).norm() < 1e-5 && gradient == gradient.transpose());
    assert!((value - in_single_precision(&s, &x)).abs() < 1e-5);
}
