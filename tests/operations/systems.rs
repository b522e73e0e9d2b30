//! Determinants, inverses, solves and what is read from a factorisation, in every spelling. Up to size 4 there are closed
//! forms, above them factorisations.

use gradmacro::derive_grad;
use nalgebra::{
    Cholesky, Const, LU, Matrix1, Matrix3, Matrix4, Matrix6, RowVector2, SMatrix, SVector, Vector3, Vector6,
};

use crate::common::{agree, check, definite, dominant, point};

numbers! {
    determinant[1 2 3 4 5 6 7]: |a| a.determinant();
    determinant_from_lu[1 3 4 5 7]: |a| a.lu().determinant();
    determinant_from_lu_with_full_pivoting[1 3 4 5 7]: |a| a.full_piv_lu().determinant();
    determinant_from_cholesky[1 3 4 5 7]: |a| a.cholesky().unwrap().determinant();
    logarithm_of_the_determinant[1 2 3 4 5 6 7]: |a| a.determinant().ln();
    logarithm_of_the_size_of_the_determinant[1 2 3 4 5 6]: |a| (-1.0 * a).determinant().abs().ln();
    logarithm_of_the_determinant_from_lu[1 2 5]: |a| a.lu().determinant().ln();
    logarithm_of_the_determinant_from_cholesky[1 2 3 4 5 6 7]: |a| a.cholesky().unwrap().ln_determinant();
    trace_of_the_inverse[1 2 3 4 5 6 7]: |a| a.try_inverse().unwrap().trace();
    inverse_from_lu[1 2 4 6]: |a| a.lu().try_inverse().unwrap().norm_squared();
    inverse_from_lu_with_full_pivoting[1 2 4 6]: |a| a.full_piv_lu().try_inverse().unwrap().norm_squared();
    inverse_from_qr[1 2 4 6]: |a| a.qr().try_inverse().unwrap().norm_squared();
    inverse_from_cholesky[1 2 4 6]: |a| a.cholesky().unwrap().inverse().norm_squared();
    cholesky_factor[2 3 4 5 6 7]: |a| a.cholesky().unwrap().l().map(|v| v.sin()).sum();
    cholesky_factor_unpacked[3 6]: |a| a.cholesky().unwrap().unpack().norm();
    diagonal_of_the_cholesky_factor[3 6]: |a| a.cholesky().unwrap().l().diagonal().map(f64::ln).sum();
}

/// One test for each spelling: X with a right side of two columns, at these sizes.
macro_rules! solutions {
    ($($test:ident[$($n:literal)+]: |$a:ident, $b:ident| $x:expr;)+) => { $(
        #[test]
        fn $test() {
            $({
                #[derive_grad(wrt($a, $b))]
                fn f($a: &SMatrix<f64, $n, $n>, $b: &SMatrix<f64, $n, 2>, c: &SMatrix<f64, $n, 2>) -> f64 {
                    let x = $x;
                    x.dot(c) + 0.5 * x.norm_squared()
                }
                let start = (dominant::<$n>(1), point::<$n, 2>(2));
                check!(f, f_grad, f_value_and_grad; start => |(a, b)| (a, b, &point(3)));
            })+
        }
    )+ };
}

solutions! {
    product_with_the_inverse[1 2 3 4 5 6 7]: |a, b| a.try_inverse().unwrap() * b;
    product_with_the_transposed_inverse[2 3 5]: |a, b| a.try_inverse().unwrap().transpose() * b;
    product_with_the_inverse_of_the_transpose[2 3 5]: |a, b| a.transpose().try_inverse().unwrap().tr_mul(b);
    solve_by_lu[1 2 3 4 5 6 7]: |a, b| a.lu().solve(b).unwrap();
    solve_by_lu_with_full_pivoting[1 2 3 4 5 6 7]: |a, b| a.full_piv_lu().solve(b).unwrap();
    solve_by_qr[1 2 3 4 5 6 7]: |a, b| a.qr().solve(b).unwrap();
    solve_by_cholesky[1 2 3 4 5 6 7]: |a, b| a.cholesky().unwrap().solve(b);
    product_with_the_inverse_from_cholesky[2 5]: |a, b| a.cholesky().expect("definite").inverse() * b;
    solve_with_a_message[3 5]: |a, b| a.lu().solve(&b).expect("a matrix with an inverse");
    solve_with_the_transpose[3 5]: |a, b| a.transpose().lu().solve(b).unwrap();
    solve_with_a_scaled_matrix[3 5]: |a, b| (2.0 * a).lu().solve(&(b * 3.0)).unwrap();
    solve_lower_triangular[2 4 6]: |a, b| a.solve_lower_triangular(b).unwrap();
    solve_upper_triangular[2 4 6]: |a, b| a.solve_upper_triangular(b).unwrap();
    solve_transposed_lower_triangular[2 6]: |a, b| a.tr_solve_lower_triangular(b).unwrap();
    solve_transposed_upper_triangular[2 6]: |a, b| a.tr_solve_upper_triangular(b).unwrap();
    solve_adjoint_triangular[3]: |a, b| {
        a.ad_solve_lower_triangular(b).unwrap() + a.ad_solve_upper_triangular(b).unwrap()
    };
    solve_triangular_unchecked[3]: |a, b| {
        a.solve_lower_triangular_unchecked(b) + a.tr_solve_upper_triangular_unchecked(b)
    };
    solve_with_the_cholesky_factor[3 5]: |a, b| a.cholesky().unwrap().l().solve_lower_triangular(b).unwrap();
    product_with_the_pseudo_inverse[3 5]: |a, b| a.pseudo_inverse(1e-9).unwrap() * b;
}

#[derive_grad]
fn least_squares(x: &SMatrix<f64, 6, 3>, y: &Vector6<f64>) -> f64 {
    let w = x.pseudo_inverse(1e-9).unwrap() * y;
    (x * w - y).norm_squared() + w.sum()
}

#[derive_grad(wrt(x, y))]
fn normal_equations(x: &SMatrix<f64, 6, 3>, y: &Vector6<f64>) -> f64 {
    let w = (x.transpose() * x).cholesky().unwrap().solve(&x.tr_mul(y));
    (x * w - y).norm_squared() + w.sum()
}

#[derive_grad]
fn shortest_solution(x: &SMatrix<f64, 2, 5>, y: &SVector<f64, 2>) -> f64 {
    let tolerance = 1e-9;
    (x.pseudo_inverse(tolerance).expect("not negative") * y).map(f64::sin).sum()
}

#[test]
fn least_squares_by_the_pseudo_inverse_and_by_the_normal_equations() {
    let (x, y) = (point(1), point(2));
    check!(least_squares, least_squares_grad, least_squares_value_and_grad; x => |x| (x, &y));
    check!(normal_equations, normal_equations_grad, normal_equations_value_and_grad; (x, y) => |(x, y)| (x, y));
    assert!((least_squares_grad(&x, &y) - normal_equations_grad(&x, &y).0).norm() < 1e-11);
    check!(shortest_solution, shortest_solution_grad, shortest_solution_value_and_grad; point(1) => |x| (x, &point(2)));
}

#[derive_grad(wrt(s, x))]
fn many_uses_of_one_factorisation(s: &Matrix4<f64>, x: &SVector<f64, 4>, y: &SVector<f64, 4>) -> f64 {
    let c = s.cholesky().unwrap();
    let z = c.solve(x);
    let again = c;
    0.5 * x.dot(&z) + 0.5 * c.ln_determinant() + y.dot(&again.solve(&z)) + (c.l() * y).sum()
        - again.inverse().trace() / c.determinant()
}

#[derive_grad(wrt(a, x, y))]
fn with_both_transposes(a: &SMatrix<f64, 5, 5>, x: &SVector<f64, 5>, y: &SVector<f64, 5>) -> f64 {
    let inverse = a.try_inverse().unwrap();
    x.dot(&(inverse * y)) + (y.transpose() * inverse.transpose() * x * 0.5)[0] + a.determinant().abs().ln()
}

#[test]
fn several_results_of_one_factorisation() {
    let y = point(3);
    check!(many_uses_of_one_factorisation, many_uses_of_one_factorisation_grad,
        many_uses_of_one_factorisation_value_and_grad; (dominant::<4>(1), point(2)) => |(s, x)| (s, x, &y));
    check!(with_both_transposes, with_both_transposes_grad, with_both_transposes_value_and_grad;
        (dominant::<5>(1), point(2), point(3)) => |(a, x, y)| (a, x, y));
}

#[derive_grad(wrt(a, t))]
fn products_of_inverses(a: &Matrix3<f64>, b: &Matrix3<f64>, t: f64, u: &Vector3<f64>) -> f64 {
    let inner = (a * b + Matrix3::identity() * t).try_inverse().unwrap();
    let nested = (inner + a).lu().solve(&(b * u)).unwrap();
    nested.norm() + (a * b).try_inverse().unwrap().trace() + (a * b).determinant() + inner.determinant()
}

#[test]
fn inverses_of_products_and_of_inverses() {
    let (b, u) = (dominant(2), point(3));
    check!(products_of_inverses, products_of_inverses_grad, products_of_inverses_value_and_grad;
        (dominant::<3>(1), 0.8) => |(a, t)| (a, &b, *t, &u));
}

#[derive_grad(wrt(a, b))]
fn resolvents(a: &Matrix3<f64>, b: &SMatrix<f64, 5, 5>, x: &Vector3<f64>) -> f64 {
    let shifted = |i: usize| a + Matrix3::identity() * (i as f64);
    let first = (0..4).map(|i| shifted(i).try_inverse().unwrap().trace()).sum::<f64>();
    let second =
        (0..3).map(|i| x.dot(&shifted(i).lu().solve(x).unwrap()) + shifted(i).determinant()).sum::<f64>();
    first + second + (1..3).map(|i| (b * (i as f64)).cholesky().unwrap().ln_determinant()).sum::<f64>()
}

#[test]
fn factorisations_within_a_sum() {
    check!(resolvents, resolvents_grad, resolvents_value_and_grad;
        (dominant::<3>(1), dominant::<5>(2)) => |(a, b)| (a, b, &point(3)));
}

#[derive_grad(wrt(x, scale))]
fn gaussian(x: &Vector3<f64>, mean: &Vector3<f64>, covariance: &Matrix3<f64>, scale: f64) -> f64 {
    let c = (covariance * scale).cholesky().unwrap();
    let d = x - mean;
    -0.5 * (d.dot(&c.solve(&d)) + c.ln_determinant() + 3.0 * (2.0 * std::f64::consts::PI).ln())
}

#[derive_grad]
fn solved_by_fixed_matrices(x: &Vector6<f64>, a: &Matrix6<f64>, s: &Matrix6<f64>) -> f64 {
    let c = s.cholesky().unwrap();
    c.solve(x).dot(x) + a.lu().solve(x).unwrap().norm() + x.sum() * a.determinant().ln()
}

#[test]
fn matrices_that_are_not_differentiated() {
    let (mean, covariance) = (point(2), definite(3));
    check!(gaussian, gaussian_grad, gaussian_value_and_grad;
        (point(1), 1.3) => |(x, scale)| (x, &mean, &covariance, *scale));
    check!(solved_by_fixed_matrices, solved_by_fixed_matrices_grad, solved_by_fixed_matrices_value_and_grad;
        point(1) => |x| (x, &dominant(2), &definite(3)));
}

#[derive_grad]
fn constructed(a: &Matrix3<f64>, x: &Vector3<f64>) -> Option<f64> {
    let c: Cholesky<f64, Const<3>> = Cholesky::new(*a)?;
    let inverse: Matrix3<f64> = a.try_inverse()?;
    let (lu, b) = (LU::new(*a), x * 2.0);
    Some(c.solve(x).norm() + (inverse * x).sum() + lu.solve(&b)?.dot(x))
}

#[derive_grad]
fn in_closures_and_functions(a: &Matrix3<f64>, x: &Vector3<f64>) -> f64 {
    fn log_determinant(m: &Matrix3<f64>) -> f64 {
        m.cholesky().unwrap().ln_determinant()
    }
    let solve = |b: Vector3<f64>| a.lu().solve(&b).unwrap();
    let inverse = &a.try_inverse().unwrap();
    log_determinant(a)
        + log_determinant(&(a * 2.0))
        + solve(*x).norm()
        + solve(x * 2.0).sum()
        + (0..3).map(|i| inverse.row(i).norm()).sum::<f64>()
}

#[derive_grad]
fn of_parts(a: &Matrix4<f64>, x: &Vector3<f64>) -> f64 {
    let corner = a.fixed_view::<2, 2>(0, 0);
    let middle = a.fixed_view::<3, 3>(1, 1).into_owned();
    let solved = middle.lu().solve(&a.fixed_view::<3, 1>(0, 0)).unwrap();
    solved.dot(x)
        + corner.determinant() * corner.lu().determinant()
        + middle.try_inverse().unwrap().trace()
        + a.view((0, 1), (2, 2)).determinant()
}

#[derive_grad]
fn of_determinants(a: &SMatrix<f64, 5, 5>) -> f64 {
    let d = a.determinant();
    d.log10() + d.log2() + d.sqrt().ln() + d.powf(-0.5) + a.try_inverse().unwrap().determinant() * d.cbrt()
}

#[derive_grad]
fn inverse_of_an_inverse(a: &SMatrix<f64, 5, 5>) -> f64 {
    a.try_inverse().unwrap().try_inverse().unwrap().trace() + (a * 2.0).try_inverse().unwrap().trace()
}

#[test]
fn factorisations_in_every_place_of_a_function() {
    let x = point(2);
    agree(
        &dominant(1),
        |a| constructed(a, &x).expect("definite"),
        |a| constructed_grad(a, &x).expect("definite"),
        |a| constructed_value_and_grad(a, &x).expect("definite"),
    );
    assert_eq!(constructed_grad(&Matrix3::zeros(), &x), None);
    check!(in_closures_and_functions, in_closures_and_functions_grad, in_closures_and_functions_value_and_grad;
        dominant(1) => |a| (a, &x));
    check!(of_parts, of_parts_grad, of_parts_value_and_grad; dominant(1) => |a| (a, &x));
    check!(of_determinants, of_determinants_grad, of_determinants_value_and_grad; dominant(1) => |a| (a));
    check!(inverse_of_an_inverse, inverse_of_an_inverse_grad, inverse_of_an_inverse_value_and_grad;
        dominant(1) => |a| (a));
}

#[derive_grad(wrt(a, b))]
fn in_single_precision(a: &SMatrix<f32, 3, 3>, b: &SMatrix<f32, 5, 5>, x: &SVector<f32, 5>) -> f32 {
    let (c, lu) = (b.cholesky().unwrap(), b.lu());
    let small = a.try_inverse().unwrap().trace() + a.determinant().ln() + a.cholesky().unwrap().l().sum();
    let large = c.ln_determinant() + lu.solve(x).unwrap().dot(x) + c.solve(x).sum() + 0.01 * b.determinant();
    small + large + b.qr().solve(x).unwrap().norm() + a.pseudo_inverse(1e-6).unwrap().norm()
}

#[test]
fn single_precision() {
    check!(in_single_precision, in_single_precision_grad, in_single_precision_value_and_grad;
        (dominant::<3>(1).cast::<f32>(), dominant::<5>(2).cast::<f32>()) => |(a, b)| (a, b, &point::<5, 1>(3).cast::<f32>()));
}

/// Rows of matrices on a number: they were emitted on a scalar once, and did not compile.
#[derive_grad]
fn of_one_entry(a: &Matrix1<f64>) -> f64 {
    let l = a.cholesky().unwrap().l();
    let spectrum = a.symmetric_eigenvalues().sum() + a.singular_values().sum();
    let triangles = a.lower_triangle() * a.upper_triangle() * a.solve_lower_triangular(&l).unwrap();
    spectrum + triangles.trace() + a.pseudo_inverse(1e-9).unwrap().trace() + a.exp().trace()
}

#[derive_grad]
fn of_one_row(x: &RowVector2<f64>) -> f64 {
    x.singular_values().sum() + x.pseudo_inverse(1e-9).unwrap().sum()
}

#[test]
fn matrices_of_one_row_or_entry_have_all_of_it() {
    agree(&Matrix1::new(1.3), of_one_entry, of_one_entry_grad, of_one_entry_value_and_grad);
    agree(&RowVector2::new(0.4, -0.7), of_one_row, of_one_row_grad, of_one_row_value_and_grad);
}
