//! Every form that is written in place, at a size that is.

use gradmacro::derive_grad;
use nalgebra::{SMatrix, SVector};

use crate::common::{point, positive};
use crate::written;

/// Functions of a large vector or matrix: value and gradient in both forms.
macro_rules! gradients {
    ($($test:ident: $X:ty = $seed:literal, |$x:ident, $a:ident: $A:ty, $b:ident: $B:ty| $body:expr;)+) => {$(
        mod $test {
            use super::*;

            #[derive_grad(into)]
            #[allow(unused_variables, reason = "not every function reads all")]
            fn f($x: &$X, $a: &$A, $b: &$B) -> f64 {
                $body
            }

            #[test]
            fn $test() {
                let (x, a, b) = (&positive($seed), &positive($seed + 1), &positive($seed + 2));
                assert_eq!(written!(f_grad_into[x, a, b] => g), ((), f_grad(x, a, b)));
                let (value, gradient) = f_value_and_grad(x, a, b);
                assert_eq!(written!(f_value_and_grad_into[x, a, b] => g), (value, gradient));
            }
        }
    )+};
}

gradients! {
    nothing: SVector<f64, 20> = 1, |x, a: SVector<f64, 20>, b: SVector<f64, 20>| a.norm();
    ones: SVector<f64, 20> = 2, |x, a: SVector<f64, 20>, b: SVector<f64, 20>| x.sum();
    filled: SVector<f64, 20> = 3, |x, a: SVector<f64, 20>, b: SVector<f64, 20>| x.sum() * a[0];
    copied: SVector<f64, 20> = 4, |x, a: SVector<f64, 20>, b: SVector<f64, 20>| x.dot(a);
    negated: SVector<f64, 20> = 5, |x, a: SVector<f64, 20>, b: SVector<f64, 20>| -x.dot(a);
    doubled: SVector<f64, 20> = 6, |x, a: SVector<f64, 20>, b: SVector<f64, 20>| 2.0 * x.dot(a);
    thirds: SVector<f64, 20> = 7, |x, a: SVector<f64, 20>, b: SVector<f64, 20>| x.dot(a) / 3.0 - x.dot(b) / 7.0;
    subtracted: SVector<f64, 20> = 8, |x, a: SVector<f64, 20>, b: SVector<f64, 20>| -x.dot(a) - x.dot(b) * 3.0 - 0.5 * x.norm_squared();
    scaled: SVector<f64, 20> = 9, |x, a: SVector<f64, 20>, b: SVector<f64, 20>| (x.norm_squared() + x.dot(a)).sqrt();
    mapped: SVector<f64, 20> = 10, |x, a: SVector<f64, 20>, b: SVector<f64, 20>| x.map(|v| v.sin()).sum();
    zipped: SVector<f64, 20> = 11, |x, a: SVector<f64, 20>, b: SVector<f64, 20>| x.zip_map(a, |v, w| (v * w).exp()).sum();
    three: SVector<f64, 20> = 12, |x, a: SVector<f64, 20>, b: SVector<f64, 20>| x.component_mul(a).component_mul(b).map(|v| v.tanh()).sum();
    divided: SVector<f64, 20> = 13, |x, a: SVector<f64, 20>, b: SVector<f64, 20>| x.component_div(a).norm_squared() + a.component_div(x).sum();
    product: SMatrix<f64, 6, 5> = 14, |x, a: SVector<f64, 5>, b: SVector<f64, 6>| b.dot(&(x * a));
    squared: SMatrix<f64, 6, 5> = 15, |x, a: SVector<f64, 5>, b: SVector<f64, 6>| 0.5 * (x * a - b).norm_squared() + x.norm();
    gram: SMatrix<f64, 6, 5> = 16, |x, a: SMatrix<f64, 5, 5>, b: SMatrix<f64, 6, 5>| (x.tr_mul(x) * a).trace() - x.dot(b);
    turned: SMatrix<f64, 6, 5> = 17, |x, a: SMatrix<f64, 5, 6>, b: SMatrix<f64, 6, 5>| (a * x).trace() + (x * a).norm_squared();
    rows: SMatrix<f64, 6, 5> = 18, |x, a: SVector<f64, 6>, b: SMatrix<f64, 6, 5>| (SMatrix::<f64, 6, 6>::from_diagonal(a) * x).norm_squared();
    columns: SMatrix<f64, 6, 5> = 19, |x, a: SVector<f64, 5>, b: SMatrix<f64, 6, 5>| (x * SMatrix::<f64, 5, 5>::from_diagonal(a)).norm_squared();
    entries: SVector<f64, 20> = 20, |x, a: SVector<f64, 20>, b: SVector<f64, 20>| x[0] * x[3] + x[17].sin() - a[0] * x[19];
    blocks: SVector<f64, 20> = 21, |x, a: SVector<f64, 20>, b: SVector<f64, 20>| x.fixed_rows::<4>(3).norm_squared() + x.fixed_rows::<6>(9).dot(&a.fixed_rows::<6>(0)) + x.dot(b);
    traced: SMatrix<f64, 5, 5> = 22, |x, a: SMatrix<f64, 5, 5>, b: SVector<f64, 5>| x.trace() * 3.0 + (a * x).trace() + b.dot(&x.diagonal());
    inverse: SMatrix<f64, 5, 5> = 23, |x, a: SMatrix<f64, 5, 5>, b: SVector<f64, 5>| (x + SMatrix::identity() * 9.0).try_inverse().unwrap().trace();
    softmax: SVector<f64, 20> = 24, |x, a: SVector<f64, 20>, b: SVector<f64, 20>| x.map(|v| v.exp()).sum().ln() - x.dot(a);
    maximum: SVector<f64, 20> = 25, |x, a: SVector<f64, 20>, b: SVector<f64, 20>| x.max() + x.amax() * a[2];
    reshaped: SMatrix<f64, 6, 5> = 26, |x, a: SVector<f64, 30>, b: SMatrix<f64, 6, 5>| SVector::<f64, 30>::from_column_slice(x.as_slice()).dot(a);
}

/// Jacobians and Hessians of simple functions are matrices of structure.
macro_rules! jacobians {
    ($($test:ident: $X:ty = $seed:literal, |$x:ident, $a:ident: $A:ty| -> $Y:ty { $body:expr })+) => {$(
        mod $test {
            use super::*;

            #[derive_grad(into)]
            #[allow(unused_variables, reason = "not every function reads all")]
            fn f($x: &$X, $a: &$A) -> $Y {
                $body
            }

            #[test]
            fn $test() {
                let (x, a) = (&point($seed), &point($seed + 1));
                let (value, jacobian) = f_value_and_jacobian(x, a);
                assert!(written!(f_value_and_jacobian_into[x, a] => y, j) == ((), value, jacobian));
                assert!(written!(f_jacobian_into[x, a] => j) == ((), f_jacobian(x, a)));
            }
        }
    )+};
}

jacobians! {
    itself: SVector<f64, 20> = 31, |x, a: SVector<f64, 20>| -> SVector<f64, 20> { *x }
    its_multiple: SVector<f64, 20> = 32, |x, a: SVector<f64, 20>| -> SVector<f64, 20> { x * 3.0 - a }
    a_product: SMatrix<f64, 6, 5> = 33, |x, a: SMatrix<f64, 4, 6>| -> SMatrix<f64, 4, 5> { a * x }
    another_product: SMatrix<f64, 6, 5> = 34, |x, a: SMatrix<f64, 5, 4>| -> SMatrix<f64, 6, 4> { x * a }
    the_transpose: SMatrix<f64, 6, 5> = 35, |x, a: SMatrix<f64, 6, 5>| -> SMatrix<f64, 5, 6> { x.transpose() }
    an_outer_product: SVector<f64, 20> = 36, |x, a: SVector<f64, 3>| -> SMatrix<f64, 20, 3> { x * a.transpose() }
    a_square: SMatrix<f64, 5, 5> = 37, |x, a: SMatrix<f64, 6, 5>| -> SMatrix<f64, 5, 5> { x * x }
    a_constant: SVector<f64, 20> = 38, |x, a: SMatrix<f64, 6, 5>| -> SMatrix<f64, 6, 5> { *a }
    a_part: SVector<f64, 20> = 39, |x, a: SVector<f64, 20>| -> SVector<f64, 17> { x.fixed_rows::<17>(2).into_owned() }
    a_name: SMatrix<f64, 6, 5> = 40, |x, a: SMatrix<f64, 6, 5>| -> SMatrix<f64, 6, 6> { { let m = x * a.transpose(); m * 1.0 } }
    exponentials: SVector<f64, 20> = 41, |x, a: SVector<f64, 20>| -> SVector<f64, 20> { x.component_mul(a).map(|v| v.exp()) }
    a_direction: SVector<f64, 20> = 42, |x, a: SVector<f64, 20>| -> SVector<f64, 20> { x.normalize() }
}
