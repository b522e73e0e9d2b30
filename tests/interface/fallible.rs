//! Functions that may have no value: `None` exactly where the function is `None`, a panic where it panics.

use std::panic::{AssertUnwindSafe, catch_unwind};

use gradmacro::derive_grad;
use nalgebra::{Matrix1, Matrix2, Matrix3, SMatrix, SVector, Vector3};

use crate::common::{definite, dominant, point};

/// Matrices of every kind that a factorisation may fail at, and others.
fn zoo<const N: usize>() -> Vec<SMatrix<f64, N, N>> {
    let one = SMatrix::<f64, N, N>::identity();
    let whole = point::<N, N>(1).map(|v| (3.0 * v).round());
    let mut zoo = vec![one, -one, one * 0.0, one * -0.0, dominant(1), definite(2), point(3), whole];
    // Scales at which determinants underflow and overflow, though the matrix has an inverse.
    zoo.extend([1e-320, 1e-200, 1e-90, 1e90, 1e200].map(|scale| dominant(1) * scale));
    zoo.extend([f64::NAN, f64::INFINITY].map(|v| {
        let mut spoilt = dominant(1);
        spoilt[(N - 1, 0)] = v;
        spoilt
    }));
    zoo.push(one.map(|v| v * f64::NAN));
    // Exchanged rows, and zeros on the diagonal.
    zoo.push(SMatrix::from_fn(|i, j| f64::from(u8::from(i + j == N - 1))));
    zoo.push(SMatrix::from_fn(|i, j| (i * N + j + 1) as f64 / 10.0));
    zoo.push(SMatrix::from_fn(|i, j| 1.0 / (i + j + 1) as f64));
    zoo.push(SMatrix::from_fn(|i, j| if i == j && i == N - 1 { 0.0 } else { one[(i, j)] }));
    // One row twice, exactly or up to rounding; two rows twice.
    for seed in 0..60 {
        let (mut exact, mut rounded) = (point::<N, N>(seed).map(|v| (3.0 * v).round()), point::<N, N>(seed));
        for k in 1..N.min(2 + seed as usize % 2) {
            exact.set_row(k, &exact.row(0).clone_owned());
            rounded.set_row(k, &(rounded.row(0) * (0.1 + f64::from(seed))));
        }
        zoo.extend([exact, rounded, exact.symmetric_part(), exact * exact.transpose()]);
    }
    zoo
}

/// Whether a call panics.
fn panics<T>(call: impl FnOnce() -> T) -> bool {
    catch_unwind(AssertUnwindSafe(call)).is_err()
}

/// What a call panics with.
fn message<T>(call: impl FnOnce() -> T) -> String {
    let panic = catch_unwind(AssertUnwindSafe(call)).err().expect("the call panics");
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).expect("a panic has a text")
}

/// Each way to fail, as `?` and as a panic, compared with the function over the zoo.
macro_rules! failing {
    ($($test:ident[$($n:literal)+]: |$a:ident, $x:ident| $attempt:expr => |$got:ident| $y:expr;)+) => { $(
        #[test]
        fn $test() {
            $({
                #[derive_grad(wrt($a, $x))]
                fn asking($a: &SMatrix<f64, $n, $n>, $x: &SVector<f64, $n>) -> Option<f64> {
                    let $got = $attempt?;
                    Some($y)
                }
                #[derive_grad(wrt($a, $x))]
                fn insisting($a: &SMatrix<f64, $n, $n>, $x: &SVector<f64, $n>) -> f64 {
                    let $got = $attempt.unwrap();
                    $y
                }
                let x = point(4);
                for a in zoo::<$n>() {
                    let none = asking(&a, &x).is_none();
                    assert_eq!(asking_grad(&a, &x).is_none(), none, "gradient at {a}");
                    assert_eq!(asking_value_and_grad(&a, &x).is_none(), none, "value and gradient at {a}");
                    assert_eq!(panics(|| insisting(&a, &x)), none);
                    assert_eq!(panics(|| insisting_grad(&a, &x)), none, "gradient at {a}");
                    assert_eq!(panics(|| insisting_value_and_grad(&a, &x)), none, "value and gradient at {a}");
                }
            })+
        }
    )+ };
}

failing! {
    inverses[2 3 4 5 6]: |a, x| a.try_inverse() => |y| y.trace() + (y * x).sum();
    products_with_inverses[2 3 4 5]: |a, x| a.try_inverse() => |y| (y * x).norm_squared();
    solves_by_lu[2 3 4 5 6]: |a, x| a.lu().solve(x) => |y| y.norm_squared();
    solves_by_lu_with_full_pivoting[2 3 4 5 6]: |a, x| a.full_piv_lu().solve(x) => |y| y.norm_squared();
    solves_by_qr[2 3 4 5]: |a, x| a.qr().solve(x) => |y| y.norm_squared();
    inverses_from_lu[2 3 5]: |a, x| a.lu().try_inverse() => |y| (y * x).sum();
    inverses_from_lu_with_full_pivoting[2 3 5]: |a, x| a.full_piv_lu().try_inverse() => |y| (y * x).sum();
    inverses_from_qr[2 3 5]: |a, x| a.qr().try_inverse() => |y| (y * x).sum();
    solves_by_cholesky[2 3 4 5 6]: |a, x| a.cholesky() => |y| y.solve(x).norm_squared();
    logarithms_of_determinants_from_cholesky[2 3 5]: |a, x| a.cholesky() => |y| y.ln_determinant() * x[0];
    cholesky_factors[2 3 5]: |a, x| a.cholesky() => |y| (y.l() * x).norm_squared();
    triangular_solves[2 3 5]: |a, x| a.solve_lower_triangular(x) => |y| y.norm_squared();
    transposed_triangular_solves[2 5]: |a, x| a.tr_solve_upper_triangular(x) => |y| y.norm_squared();
}

#[derive_grad(wrt(a, b))]
fn asking_in_single_precision(a: &Matrix3<f32>, b: &SMatrix<f32, 5, 5>, x: &SVector<f32, 5>) -> Option<f32> {
    let small = a.try_inverse()?.trace() + a.cholesky()?.ln_determinant();
    Some(small + b.lu().solve(x)?.norm() + b.try_inverse()?.trace())
}

#[test]
fn failures_in_single_precision() {
    let x = point::<5, 1>(4).cast::<f32>();
    let call = |a: &Matrix3<f32>, b: &SMatrix<f32, 5, 5>| {
        let none = asking_in_single_precision(a, b, &x).is_none();
        assert_eq!(asking_in_single_precision_grad(a, b, &x).is_none(), none, "{a} {b}");
        assert_eq!(asking_in_single_precision_value_and_grad(a, b, &x).is_none(), none, "{a} {b}");
        none
    };
    let small = zoo::<3>().iter().filter(|a| call(&a.cast(), &dominant::<5>(1).cast())).count();
    let large = zoo::<5>().iter().filter(|b| call(&dominant::<3>(1).cast(), &b.cast())).count();
    assert!(small > 100 && large > 100, "{small} and {large} fail");
}

#[derive_grad]
fn guarded(a: &Matrix3<f64>, x: &Vector3<f64>) -> Option<f64> {
    let _inverse = a.try_inverse()?;
    let factors = a.cholesky()?;
    let unused = factors.solve(x);
    let _ = unused.norm();
    Some(a.trace() * 2.0)
}

#[derive_grad]
fn by_x(x: &SVector<f64, 5>, s: &SMatrix<f64, 5, 5>) -> Option<f64> {
    let energy = x.norm_squared();
    Some(energy + s.cholesky()?.ln_determinant())
}

#[test]
fn a_question_mark_counts_where_the_gradient_does_not_need_the_answer() {
    let x = point(1);
    for a in zoo::<3>() {
        assert_eq!(guarded_grad(&a, &x), guarded(&a, &x).map(|_| Matrix3::identity() * 2.0));
        assert_eq!(guarded_value_and_grad(&a, &x).is_none(), guarded(&a, &x).is_none());
    }
    let x = point(1);
    for s in zoo::<5>() {
        let missing = by_x(&x, &s).is_none();
        assert_eq!(by_x_grad(&x, &s), (!missing).then_some(x * 2.0), "gradient at {s}");
        assert_eq!(by_x_value_and_grad(&x, &s).is_none(), missing, "value and gradient at {s}");
    }
}

#[derive_grad(wrt(a, t))]
fn mixed(a: &Matrix3<f64>, b: &Matrix2<f64>, t: f64, tolerance: f64) -> Option<f64> {
    let inner = b.try_inverse()?.norm() * t;
    let p = a.pseudo_inverse(tolerance).ok()?;
    let l = (a.transpose() * a).cholesky().expect("columns that are independent").l();
    Some(inner + p.norm() + l.trace())
}

#[test]
fn failures_of_several_kinds_in_one_function() {
    let (a, b) = (dominant(1), dominant(2));
    let (by_a, by_t) = mixed_grad(&a, &b, 0.5, 1e-9).expect("nothing fails");
    assert!((by_t - b.try_inverse().expect("invertible").norm()).abs() < 1e-14 && by_a.norm() > 0.1);
    crate::common::agree(
        &(a, 0.5),
        |(a, t)| mixed(a, &b, *t, 1e-9).expect("nothing fails"),
        |(a, t)| mixed_grad(a, &b, *t, 1e-9).expect("nothing fails"),
        |(a, t)| mixed_value_and_grad(a, &b, *t, 1e-9).expect("nothing fails"),
    );
    for (b, tolerance) in [(b, -1.0), (Matrix2::zeros(), 1e-9), (Matrix2::zeros(), -1.0)] {
        assert_eq!(mixed(&a, &b, 0.5, tolerance), None);
        assert_eq!(mixed_grad(&a, &b, 0.5, tolerance), None);
        assert_eq!(mixed_value_and_grad(&a, &b, 0.5, tolerance), None);
    }
    let dependent = Matrix3::zeros();
    let text = message(|| mixed(&dependent, &b, 0.5, 1e-9));
    assert!(text.contains("columns that are independent"));
    assert_eq!(message(|| mixed_grad(&dependent, &b, 0.5, 1e-9)), text);
    assert_eq!(message(|| mixed_value_and_grad(&dependent, &b, 0.5, 1e-9)), text);
}

const MESSAGE: &str = "a constant with a message";

#[derive_grad]
fn with_messages(a: &Matrix3<f64>, s: &Matrix3<f64>, x: &Vector3<f64>) -> f64 {
    let y = a.lu().solve(x).expect("`a` must have an inverse");
    y.norm() + s.cholesky().expect(MESSAGE).solve(&y).sum()
}

#[test]
fn an_expectation_keeps_its_message() {
    let (a, s, x) = (dominant(1), definite(2), point(3));
    for (a, s, text) in [(Matrix3::zeros(), s, "`a` must have an inverse"), (a, -s, MESSAGE)] {
        assert_eq!(message(|| with_messages(&a, &s, &x)), text);
        assert_eq!(message(|| with_messages_grad(&a, &s, &x)), text);
        assert_eq!(message(|| with_messages_value_and_grad(&a, &s, &x)), text);
    }
}

#[derive_grad]
fn unneeded(a: &Matrix3<f64>, s: &Matrix3<f64>) -> f64 {
    a.norm_squared() + s.try_inverse().unwrap().trace()
}

#[test]
fn a_panic_of_what_the_gradient_does_not_need_may_vanish_and_that_of_the_value_stays() {
    let (a, singular) = (point(1), Matrix3::zeros());
    assert_eq!(unneeded_grad(&a, &singular), a * 2.0);
    assert!(panics(|| unneeded(&a, &singular)) && panics(|| unneeded_value_and_grad(&a, &singular)));
}

/// A 1×1 matrix is a number in formulas, and its demands were lost with its factorisation.
#[test]
fn a_matrix_of_one_entry_fails_as_any_other() {
    #[derive_grad]
    fn inverted(a: &Matrix1<f64>) -> f64 {
        a.try_inverse().unwrap().trace()
    }
    #[derive_grad]
    fn solved(a: &Matrix1<f64>) -> f64 {
        a.lu().solve(a).unwrap().trace() + a.cholesky().unwrap().ln_determinant()
    }
    let (zero, two) = (Matrix1::new(0.0), Matrix1::new(2.0));
    assert!(panics(|| inverted(&zero)) && panics(|| inverted_grad(&zero)));
    assert!(panics(|| solved_grad(&zero)) && panics(|| solved_value_and_grad(&-two)));
    assert_eq!(inverted_grad(&two), Matrix1::new(-0.25));
    assert_eq!(solved_grad(&two), Matrix1::new(0.5));
}

/// The first failure of the source comes first: a panic before a `None` used to be a `None`.
#[test]
fn of_two_failures_the_first_is_noticed() {
    #[derive_grad]
    fn panicking_first(x: &Vector3<f64>, a: &Matrix3<f64>, s: &Matrix3<f64>) -> Option<f64> {
        let y = a.lu().solve(x).expect("first").norm();
        Some(y * s.cholesky()?.ln_determinant())
    }
    #[derive_grad(wrt(a))]
    fn two_tests(a: &SMatrix<f64, 6, 6>, x: &SVector<f64, 6>) -> f64 {
        let inverse = a.try_inverse().expect("inverse");
        (inverse * x).norm() + a.lu().solve(x).expect("solve").norm()
    }
    let (x, zero) = (point(1), Matrix3::zeros());
    assert_eq!(message(|| panicking_first(&x, &zero, &zero)), "first");
    assert_eq!(message(|| panicking_first_grad(&x, &zero, &zero)), "first");
    assert!(panicking_first_grad(&x, &Matrix3::identity(), &zero).is_none());
    assert_eq!(message(|| two_tests_grad(&SMatrix::zeros(), &point(2))), "inverse");
}

#[derive_grad(spd(s))]
fn certain(x: &Vector3<f64>, s: &Matrix3<f64>) -> Option<f64> {
    Some(x.dot(&(s * x)))
}

#[derive_grad(wrt(s))]
fn within_a_sum(s: &Matrix3<f64>, x: &Vector3<f64>) -> Option<f64> {
    let shifted = |i: usize| s + Matrix3::identity() * (i as f64);
    let first = (0..3).map(|i| shifted(i).cholesky().unwrap().ln_determinant()).sum::<f64>();
    Some(first + x.dot(&s.lu().solve(x)?))
}

#[test]
fn an_option_that_cannot_be_none_and_one_with_a_sum_of_failures() {
    let (x, s) = (point(1), definite(2));
    assert!((certain_grad(&x, &s).expect("always there") - 2.0 * s * x).norm() < 1e-14);
    crate::common::agree(
        &dominant(1),
        |s| within_a_sum(s, &x).expect("nothing fails"),
        |s| within_a_sum_grad(s, &x).expect("nothing fails"),
        |s| within_a_sum_value_and_grad(s, &x).expect("nothing fails"),
    );
    // The second term of the sum is the first that is not positive definite.
    let negative = Matrix3::from_diagonal(&Vector3::new(3.0, 2.0, -1.0));
    assert!(panics(|| within_a_sum(&negative, &x)));
    assert!(
        panics(|| within_a_sum_grad(&negative, &x)) && panics(|| within_a_sum_value_and_grad(&negative, &x))
    );
}
