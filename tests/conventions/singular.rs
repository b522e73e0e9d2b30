//! Determinants, factorisations and spectra where formulas divide by zero, overflow, or depend on an arbitrary choice.

use gradmacro::derive_grad;
use nalgebra::{Matrix2, Matrix3, SMatrix, SVector, Vector3};

use crate::common::{check, definite, dominant, point, same};

/// The determinant by the rule of Laplace.
fn laplace(rows: &[usize], columns: &[usize], entry: &impl Fn(usize, usize) -> f64) -> f64 {
    let Some((first, rest)) = rows.split_first() else { return 1.0 };
    let without = |k: usize| columns.iter().copied().filter(|j| *j != k).collect::<Vec<_>>();
    let terms = columns.iter().enumerate().map(|(position, k)| {
        let sign = if position % 2 == 0 { 1.0 } else { -1.0 };
        sign * entry(*first, *k) * laplace(rest, &without(*k), entry)
    });
    terms.sum()
}

/// The matrix of cofactors, which is the gradient of the determinant.
fn cofactors<const N: usize>(a: &SMatrix<f64, N, N>) -> SMatrix<f64, N, N> {
    SMatrix::from_fn(|i, j| {
        let without = |left: usize| (0..N).filter(|k| *k != left).collect::<Vec<_>>();
        let sign = if (i + j) % 2 == 0 { 1.0 } else { -1.0 };
        sign * laplace(&without(i), &without(j), &|i, j| a[(i, j)])
    })
}

/// A matrix of rank N − `missing`, no row of it zero.
fn deficient<const N: usize>(missing: usize, seed: u32) -> SMatrix<f64, N, N> {
    let mut a = point::<N, N>(seed) + dominant::<N>(seed + 1) * 0.3;
    for k in 1..=missing {
        let other = if missing < N - 1 { a.row(N - 1) * 0.5 } else { a.row(0) * 0.25 };
        let dependent = other - a.row(0) * f64::from(k as u32);
        a.set_row(k, &dependent);
    }
    a
}

macro_rules! determinants {
    ($($test:ident[$($n:literal)+]: |$a:ident| $y:expr;)+) => { $(
        #[test]
        fn $test() {
            $({
                #[derive_grad]
                fn f($a: &SMatrix<f64, $n, $n>) -> f64 {
                    $y
                }
                for (missing, seed) in [(1, 1), (1, 2), (2, 3), (2, 4)] {
                    let a = if missing < $n { deficient::<$n>(missing, seed) } else { SMatrix::zeros() };
                    let wanted = cofactors(&a);
                    let rank = a.rank(1e-9);
                    assert_eq!(rank, ($n as usize).saturating_sub(missing), "{a}");
                    for got in [f_grad(&a), f_value_and_grad(&a).1] {
                        assert!((got - wanted).norm() < 1e-12, "size {}, rank {rank}: {got} {wanted}", $n);
                    }
                }
            })+
        }
    )+ };
}

determinants! {
    the_gradient_of_a_determinant_is_right_at_singular_matrices[2 3 4 5 6 7]: |a| a.determinant();
    the_same_of_a_determinant_from_lu[3 5 6]: |a| a.lu().determinant();
    the_same_of_a_determinant_from_lu_with_full_pivoting[3 5 6]: |a| a.full_piv_lu().determinant();
    the_same_beside_other_uses_of_the_matrix[3 6]: |a| a.determinant() * (1.0 + 0.0 * a.norm_squared()) + 0.0 * a.trace();
}

#[derive_grad]
fn volume(a: &SMatrix<f64, 5, 5>, b: &SMatrix<f64, 5, 5>) -> f64 {
    (a * b).determinant() + a.determinant().powi(2)
}

#[derive_grad(symmetric(s))]
fn symmetric_volume(s: &SMatrix<f64, 5, 5>) -> f64 {
    s.determinant()
}

#[derive_grad(lower(l))]
fn lower_volume(l: &Matrix3<f64>) -> f64 {
    l.determinant()
}

#[derive_grad(diagonal(d))]
fn diagonal_volume(d: &SMatrix<f64, 5, 5>) -> f64 {
    d.determinant()
}

#[test]
fn determinants_of_products_and_of_structured_matrices_at_singular_ones() {
    let (a, b) = (deficient::<5>(1, 1), dominant(2));
    check!(volume, volume_grad, volume_value_and_grad; a => |a| (a, &b));
    assert!((volume_grad(&a, &b) - cofactors(&a) * b.determinant()).norm() < 1e-10);
    let g = point::<5, 4>(1);
    let s = g * g.transpose();
    assert!((symmetric_volume_grad(&s) - cofactors(&s)).norm() < 1e-11);
    let l = Matrix3::new(2.0, 0.0, 0.0, 5.0, 0.0, 0.0, 6.0, 7.0, 3.0);
    assert_eq!(lower_volume_value_and_grad(&l), (0.0, Matrix3::from_diagonal(&Vector3::new(0.0, 6.0, 0.0))));
    let d = SMatrix::from_diagonal(&SVector::from([2.0, 3.0, 0.0, 0.5, 4.0]));
    let only = SMatrix::from_diagonal(&SVector::from([0.0, 0.0, 12.0, 0.0, 0.0]));
    assert!((diagonal_volume_grad(&d) - only).norm() < 1e-14);
}

macro_rules! logarithms {
    ($($test:ident[$($n:literal)+], $scales:expr, |$a:ident| $y:expr;)+) => { $(
        #[test]
        fn $test() {
            $({
                #[derive_grad]
                fn f($a: &SMatrix<f64, $n, $n>) -> f64 {
                    $y
                }
                for scale in $scales {
                    let a = definite::<$n>(1) * scale;
                    let size: f64 = scale;
                    let wanted = definite::<$n>(1).determinant().ln() + $n as f64 * size.abs().ln();
                    let (value, beside) = f_value_and_grad(&a);
                    same(value, wanted, 1e-13);
                    let inverse = definite::<$n>(1).try_inverse().expect("definite");
                    for got in [f_grad(&a), beside] {
                        // From Cholesky the lower triangle carries what the upper one would.
                        let got = got.symmetric_part() * size;
                        assert!((got - inverse).norm() < 1e-12, "size {}, scale {scale}: {got} {inverse}", $n);
                    }
                }
            })+
        }
    )+ };
}

logarithms! {
    a_log_determinant_neither_overflows_nor_underflows[2 3 4 5 6], [1e80, 1e-80], |a| a.determinant().ln();
    nor_does_its_gradient_where_the_determinant_itself_does[3 4], [1e120, 1e-120], |a| a.determinant().ln();
    not_even_at_the_ends_of_the_range[5 6 7], [1e200, 1e-200], |a| a.determinant().ln();
    nor_does_the_log_of_its_size[3 6], [1e80, -1e80, -1e-80], |a| a.determinant().abs().ln();
    nor_does_the_log_of_a_determinant_from_lu[3 6], [1e80, 1e-80], |a| a.lu().determinant().ln();
    nor_does_a_log_determinant_from_cholesky[3 4 6], [1e80, 1e-80, 1e200], |a| a.cholesky().unwrap().ln_determinant();
    nor_does_the_log_of_a_determinant_from_cholesky[3 6], [1e80, 1e-80], |a| a.cholesky().unwrap().determinant().ln();
}

#[derive_grad]
fn factored(a: &Matrix3<f64>, x: &Vector3<f64>) -> f64 {
    let c = a.cholesky().unwrap();
    c.solve(x).norm() + (c.l() * x).sum() + c.ln_determinant() + c.inverse().trace()
}

#[test]
fn without_a_fact_cholesky_has_a_gradient_of_zero_above_the_diagonal() {
    let (a, x) = (dominant(1), point(2));
    let gradient = factored_grad(&a, &x);
    assert_eq!(gradient, gradient.lower_triangle());
    assert!(gradient.lower_triangle().iter().filter(|v| v.abs() > 1e-3).count() == 6, "{gradient}");
    assert_eq!(
        factored_value_and_grad(&a, &x).1.upper_triangle().map(|v| v != 0.0),
        Matrix3::identity().map(|v: f64| v != 0.0)
    );
    let mut other = a;
    other.fill_upper_triangle(f64::NAN, 1);
    assert_eq!(factored_grad(&other, &x), gradient, "what is not read does not count");
}

#[derive_grad]
fn entropy(s: &Matrix3<f64>) -> f64 {
    s.symmetric_eigenvalues().map(|v| v * v.ln()).sum()
}

#[derive_grad]
fn largest(s: &Matrix3<f64>) -> f64 {
    s.symmetric_eigenvalues().max()
}

#[derive_grad]
fn smallest_and_largest(s: &Matrix2<f64>) -> f64 {
    s.symmetric_eigen().eigenvalues.min() + 3.0 * s.symmetric_eigenvalues().max()
}

#[test]
fn a_sum_over_eigenvalues_is_differentiated_where_some_are_equal() {
    // f(λ) = λ ln λ has the slope 1 + ln λ; the gradient is f′(S).
    assert!((entropy_grad(&Matrix3::identity()) - Matrix3::identity()).norm() < 1e-14);
    let turned = Matrix3::identity() * 2.0 + Vector3::repeat(1.0) * Vector3::repeat(1.0 / 3.0).transpose();
    check!(entropy, entropy_grad, entropy_value_and_grad; turned => |s| (s));
}

#[test]
fn an_extreme_eigenvalue_that_is_repeated_shares_its_slope() {
    let third = Matrix3::identity() / 3.0;
    assert!((largest_grad(&Matrix3::identity()) - third).norm() < 1e-14);
    let pair = Matrix3::from_diagonal(&Vector3::new(2.0, 1.0, 2.0));
    let halves = Matrix3::from_diagonal(&Vector3::new(0.5, 0.0, 0.5));
    assert!((largest_grad(&pair) - halves).norm() < 1e-14);
    assert!((smallest_and_largest_grad(&Matrix2::identity()) - Matrix2::identity() * 2.0).norm() < 1e-14);
}

#[derive_grad]
fn nuclear(a: &Matrix3<f64>) -> f64 {
    a.singular_values().sum()
}

#[derive_grad]
fn spectral(a: &Matrix3<f64>) -> f64 {
    a.singular_values().max()
}

#[test]
fn norms_made_of_singular_values_where_some_are_equal() {
    let (c, s) = (0.6, 0.8);
    let rotation = Matrix3::new(c, -s, 0.0, s, c, 0.0, 0.0, 0.0, 1.0);
    for q in [Matrix3::identity(), -Matrix3::identity(), rotation] {
        assert!((nuclear_grad(&(q * 2.5)) - q).norm() < 1e-13, "{}", nuclear_grad(&q));
    }
    assert!((spectral_grad(&Matrix3::identity()) - Matrix3::identity() / 3.0).norm() < 1e-14);
    assert!(nuclear_grad(&Matrix3::zeros()).iter().all(|v| v.is_finite()));
}

#[derive_grad]
fn beside_a_determinant(a: &Matrix3<f64>) -> Option<f64> {
    Some(a.qr().try_inverse()?.trace() + a.determinant())
}

#[test]
fn qr_alone_decides_whether_there_is_an_inverse() {
    // The determinant is exactly zero, but rounding leaves 2⁻⁵² on the diagonal of R.
    let odd = Matrix3::new(0.0, 0.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 1.0);
    assert!(odd.determinant() == 0.0 && odd.qr().try_inverse().is_some());
    let column = Matrix3::from_diagonal(&Vector3::new(2.0, 0.0, 1.0));
    for (a, wanted) in [(odd, true), (dominant(1), true), (Matrix3::zeros(), false), (column, false)] {
        assert_eq!(beside_a_determinant(&a).is_some(), wanted, "{a}");
        assert_eq!(beside_a_determinant_grad(&a).is_some(), wanted, "{a}");
        assert_eq!(beside_a_determinant_value_and_grad(&a).is_some(), wanted, "{a}");
    }
}
