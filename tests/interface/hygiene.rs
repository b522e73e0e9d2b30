//! Names of the user's that are also names of ours, of std's or of nalgebra's.

use gradmacro::derive_grad;
use nalgebra::{Matrix3, SVector, Vector3};

use crate::common::{check, point};

#[derive_grad(wrt(v, s, m))]
fn ours(v: &Vector3<f64>, s: f64, m: &Matrix3<f64>, i: usize, out: f64, j: f64) -> f64 {
    let value = (m * v).norm_squared() * s;
    let gradient = v.map(|entry| (entry * out).sin()).sum();
    let sum = (0..3).map(|i| v[i] * m[(i, i)] * s).sum::<f64>();
    let v_2 = v.normalize();
    let s_2 = v_2.sum() * value + v[i] * j;
    let m_2 = m * m;
    (s_2 + sum) * gradient + m_2.trace() + value * v_2.dot(v)
}

#[test]
fn variables_named_like_those_that_are_generated() {
    agree_on_ours(&(point(1), 0.7, point(2)));
}

fn agree_on_ours(x: &(Vector3<f64>, f64, Matrix3<f64>)) {
    crate::common::agree(
        x,
        |(v, s, m)| ours(v, *s, m, 1, 0.3, 2.0),
        |(v, s, m)| ours_grad(v, *s, m, 1, 0.3, 2.0),
        |(v, s, m)| ours_value_and_grad(v, *s, m, 1, 0.3, 2.0),
    );
}

#[derive_grad(wrt(r#type, r#fn))]
fn raw(r#type: &Vector3<f64>, r#fn: f64) -> f64 {
    let r#match = r#type * r#fn;
    let r#loop = r#match.norm_squared();
    r#loop.sqrt() + r#match.map(|r#in| r#in * r#in * r#fn).sum() + r#loop * (r#loop + 1.0).ln()
}

#[test]
fn raw_identifiers() {
    check!(raw, raw_grad, raw_value_and_grad; (point(1), 0.6) => |(x, s)| (x, *s));
}

mod surrounded {
    //! Everything that generated code could stumble over, in scope at once.
    #![allow(dead_code, unused_imports, non_camel_case_types, reason = "they only have to be in the way")]

    use nalgebra::*;

    pub(super) mod core {
        pub(crate) fn exp() {}
    }
    pub(super) mod gradmacro {}
    mod std {}
    mod alloc {}
    fn sum() {}
    fn sqrt(_: i8) {}
    struct Result;
    struct Option;
    struct Some;
    struct SMatrix;
    struct ComplexFields;
    trait Exp {
        fn exp(&self) -> u8;
        fn norm(&self) -> u8;
        fn sqrt(self) -> u8;
    }
    impl Exp for u8 {
        fn exp(&self) -> u8 {
            0
        }
        fn norm(&self) -> u8 {
            0
        }
        fn sqrt(self) -> u8 {
            0
        }
    }

    #[::gradmacro::derive_grad]
    pub(super) fn within(x: &Vector3<f64>, a: &Matrix3<f64>) -> f64 {
        let z = a * x;
        let e = z.map(|v| v.exp());
        e.sum().ln() + z.norm() + (0..3).map(|i| x[i].sqrt()).sum::<f64>() + x.max()
    }
}

#[test]
fn modules_functions_types_and_traits_in_scope_are_not_mistaken() {
    use surrounded::{within, within_grad, within_value_and_grad};
    let x = crate::common::positive(1);
    check!(within, within_grad, within_value_and_grad; x => |x| (x, &point(2)));
}

macro_rules! family {
    ($($name:ident: $size:literal, |$v:ident| $term:expr;)+) => {
        $(
            #[derive_grad]
            fn $name(x: &SVector<f64, $size>, k: f64) -> f64 {
                let scaled = x * k;
                let shift = 0.5;
                scaled.map(|$v| $term + shift).sum() * x.norm()
            }
        )+
    };
}

family! {
    sines: 3, |v| v.sin();
    squares: 4, |scale| scale * scale;
}

#[test]
fn functions_written_by_a_macro() {
    check!(sines, sines_grad, sines_value_and_grad; point(1) => |x| (x, 0.7));
    check!(squares, squares_grad, squares_value_and_grad; point(1) => |x| (x, 0.7));
}

#[derive_grad]
fn shadowing_parameters(x: &Vector3<f64>, y: f64) -> f64 {
    let x = x * y;
    let y = x.norm();
    let x = x.map(|x| x / y);
    let y = x.sum() * y;
    y * y + x[0]
}

#[test]
fn parameters_that_are_shadowed() {
    check!(shadowing_parameters, shadowing_parameters_grad, shadowing_parameters_value_and_grad;
        point(1) => |x| (x, 1.3));
}
