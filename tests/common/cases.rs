//! The macros that compile a function for numbers and for dual numbers and write the tests that compare the two.
//!
//! `jacobians! { name[n](jvp; layout = "denominator"): (x: &T = point, ..; a: &U = dominant, ..) -> Y { .. } }`:
//! the parameters before the semicolon are differentiated and have `n` entries together, `point` and its like say where.
#![allow(unused_macros, reason = "each test binary uses what it needs")]

/// The function for numbers and for dual numbers, and the point of a round.
macro_rules! twice {
    ($Number:ident[$n:literal] [$($attribute:tt)*]
        ($($x:ident: $X:ty = $at:ident),+ $(; $($p:ident: $P:ty = $held:ident),+)?) -> $Y:ty $body:block) => {
        #[allow(unused_imports, reason = "one list for all functions")]
        use nalgebra::*;
        #[allow(unused_imports, reason = "not every function needs all")]
        use super::*;
        #[allow(unused_imports, reason = "not every function needs all")]
        use crate::oracle::{Build, Number, Parameter, Point, Sample, Truth, compare, direction};

        #[allow(unused_qualifications, reason = "where f64 is a dual number, it has to be written in full")]
        pub(super) mod numbers {
            #[allow(unused_imports, reason = "a function of numbers needs none")]
            use super::*;

            #[gradmacro::derive_grad(wrt($($x),+), $($attribute)*)]
            #[allow(unused_variables, reason = "parameters that have no influence are tested too")]
            #[allow(clippy::toplevel_ref_arg, reason = "nalgebra's `stack!` expands to it")]
            pub(crate) fn f($($x: $X),+ $($(, $p: $P)+)?) -> $Y $body
        }

        mod duals {
            #[allow(unused_imports, reason = "a function of numbers needs none")]
            use super::*;

            #[allow(non_camel_case_types, reason = "the text above is compiled again with this meaning")]
            pub(super) type f64 = crate::oracle::$Number<$n>;

            #[allow(unused_variables, reason = "parameters that have no influence are tested too")]
            #[allow(clippy::toplevel_ref_arg, reason = "nalgebra's `stack!` expands to it")]
            pub(super) fn f($($x: $X),+ $($(, $p: $P)+)?) -> $Y $body

            /// The result with entries that move.
            pub(super) fn at(point: &Point) -> $Y {
                let mut entries = point.lifted::<f64>();
                f($(<$X as Parameter<'_>>::pass(&Build::build(&mut entries))),+
                    $($(, <$P as Parameter<'_>>::pass(&Build::build(&mut entries)))+)?)
            }
        }

        fn point(round: u32) -> Point {
            let mut point = Point::new(round);
            $(point.add(<<$X as Parameter<'_>>::Owned as Sample>::$at, true);)+
            $($(point.add(<<$P as Parameter<'_>>::Owned as Sample>::$held, false);)+)?
            assert_eq!(point.moving(), $n, "as many directions as entries that are differentiated");
            point
        }

        #[allow(dead_code, reason = "not every function needs it")]
        const ROUNDS: std::ops::RangeInclusive<u32> = 1..=3;
    };
}

/// A generated function at a point, and maybe at an adjoint of the result.
macro_rules! call {
    ($f:ident at $point:ident ($($x:ident: $X:ty = $at:ident),+ $(; $($p:ident: $P:ty = $held:ident),+)?)
        $(on $Y:ty: $bar:ident)?) => {{
        let mut entries = $point.entries.iter().copied();
        numbers::$f($(<$X as Parameter<'_>>::pass(&Build::build(&mut entries))),+
            $($(, <$P as Parameter<'_>>::pass(&Build::build(&mut entries)))+)?
            $(, <&$Y as Parameter<'_>>::pass(&Build::build(&mut $bar.iter().copied())))?)
    }};
}

/// A test of one generated function over all rounds.
macro_rules! agreement {
    ($test:ident $second:literal $args:tt $Y:ty, $tolerance:literal, $layout:expr) => {
        #[test]
        fn $test() {
            crate::oracle::with_room(|| {
                for round in ROUNDS {
                    let point = point(round);
                    let truth = Truth::new(&point, duals::at(&point), $second);
                    agreement!(@$test point truth round $args $Y, $tolerance, $layout);
                }
            });
        }
    };
    (@jacobian $point:ident $truth:ident $round:ident $args:tt $Y:ty, $tolerance:literal, $layout:expr) => {
        compare(call!(f_jacobian at $point $args), &$truth.jacobian_blocks($layout), $tolerance);
    };
    (@value_and_jacobian $point:ident $truth:ident $round:ident $args:tt $Y:ty, $tolerance:literal, $layout:expr) => {
        let want = [$truth.output(&$truth.value), $truth.jacobian_blocks($layout)].concat();
        compare(call!(f_value_and_jacobian at $point $args), &want, $tolerance);
    };
    (@gauss_newton $point:ident $truth:ident $round:ident $args:tt $Y:ty, $tolerance:literal, $layout:expr) => {
        let (r, j) = (&$truth.value, &$truth.jacobian);
        let (half, jtr, jtj) = call!(f_gauss_newton at $point $args);
        $crate::common::same(half, r.norm_squared() * 0.5, $tolerance);
        compare(jtr, &$truth.columns(&(j.transpose() * r)), $tolerance);
        compare(jtj, &$truth.square_blocks(&(j.transpose() * j)), $tolerance);
    };
    (@jvp $point:ident $truth:ident $round:ident $args:tt $Y:ty, $tolerance:literal, $layout:expr) => {
        let d = direction($point.moving(), $round);
        let want = [$truth.output(&$truth.value), $truth.output(&(&$truth.jacobian * &d))].concat();
        compare(along!(f_jvp at $point d $args), &want, $tolerance);
    };
    (@vjp $point:ident $truth:ident $round:ident $args:tt $Y:ty, $tolerance:literal, $layout:expr) => {
        let bar = direction($truth.value.len(), $round);
        let want = [$truth.output(&$truth.value), $truth.gradient(&($truth.jacobian.transpose() * &bar))].concat();
        compare(call!(f_vjp at $point $args on $Y: bar), &want, $tolerance);
    };
    (@gradient $point:ident $truth:ident $round:ident $args:tt $Y:ty, $tolerance:literal, $layout:expr) => {
        let gradient = $truth.gradient(&$truth.jacobian.row(0).transpose());
        compare(call!(f_grad at $point $args), &gradient, $tolerance);
        let want = [$truth.output(&$truth.value), gradient].concat();
        compare(call!(f_value_and_grad at $point $args), &want, $tolerance);
    };
    (@hessian $point:ident $truth:ident $round:ident $args:tt $Y:ty, $tolerance:literal, $layout:expr) => {
        compare(call!(f_hessian at $point $args), &$truth.square_blocks($truth.hessian()), $tolerance);
    };
    (@value_grad_hessian $point:ident $truth:ident $round:ident $args:tt $Y:ty, $tolerance:literal, $layout:expr) => {
        let gradient = $truth.gradient(&$truth.jacobian.row(0).transpose());
        let want = [$truth.output(&$truth.value), gradient, $truth.square_blocks($truth.hessian())].concat();
        compare(call!(f_value_grad_hessian at $point $args), &want, $tolerance);
    };
    (@hvp $point:ident $truth:ident $round:ident $args:tt $Y:ty, $tolerance:literal, $layout:expr) => {
        let v = direction($point.moving(), $round);
        compare(along!(f_hvp at $point v $args), &$truth.gradient(&($truth.hessian() * &v)), $tolerance);
    };
}

/// As `call!`, with one further parameter for each that is differentiated.
macro_rules! along {
    ($f:ident at $point:ident $d:ident ($($x:ident: $X:ty = $at:ident),+ $(; $($p:ident: $P:ty = $held:ident),+)?)) => {{
        let (mut entries, mut along) = ($point.entries.iter().copied(), $d.iter().copied());
        numbers::$f($(<$X as Parameter<'_>>::pass(&Build::build(&mut entries))),+
            $($(, <$P as Parameter<'_>>::pass(&Build::build(&mut entries)))+)?
            $(, <$X as Parameter<'_>>::pass(&Build::build(&mut along)))+)
    }};
}

/// Whether the options ask for denominator layout.
macro_rules! denominator {
    (layout = "denominator") => {
        true
    };
    ($($other:tt)*) => {
        false
    };
}

macro_rules! jacobians {
    ($($name:ident[$n:literal]($($option:ident),* $(; $($further:tt)+)?): $args:tt -> $Y:ty $body:block)+) => { $(
        mod $name {
            twice!(First[$n] [$($option,)* $($($further)+)?] $args -> $Y $body);
            agreement!(value_and_jacobian false $args $Y, 1e-12, denominator!($($($further)+)?));
            agreement!(jacobian false $args $Y, 1e-12, denominator!($($($further)+)?));
            jacobians!(@options $args $Y; $($option)*);
        }
    )+ };
    (@options $args:tt $Y:ty; $($option:ident)*) => { $(jacobians!(@option $args $Y; $option);)* };
    (@option $args:tt $Y:ty; $option:ident) => { agreement!($option false $args $Y, 1e-12, false); };
}

macro_rules! hessians {
    ($($name:ident[$n:literal]($($option:ident),* $(; $($further:tt)+)?): $args:tt -> $Y:ty $body:block)+) => { $(
        mod $name {
            twice!(Second[$n] [hessian, $($option,)* $($($further)+)?] $args -> $Y $body);
            agreement!(gradient true $args $Y, 1e-11, false);
            agreement!(hessian true $args $Y, 1e-11, false);
            agreement!(value_grad_hessian true $args $Y, 1e-11, false);
            hessians!(@options $args $Y; $($option)*);
        }
    )+ };
    (@options $args:tt $Y:ty; $($option:ident)*) => { $(hessians!(@option $args $Y; $option);)* };
    (@option $args:tt $Y:ty; $option:ident) => { agreement!($option true $args $Y, 1e-11, false); };
}
