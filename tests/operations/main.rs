//! Every operation, through the compiler and rustc, against central differences and dual numbers.
//!
//! The modules mirror `gradmacro-core/src/ops`. A function here uses several operations at once, since what an operation
//! does alone is tested by its laws (`gradmacro-core/tests/laws.rs`).
#![expect(
    clippy::op_ref,
    clippy::needless_borrow,
    reason = "values and references in any mix are what is tested"
)]

#[path = "../common/mod.rs"]
mod common;

/// One test for each spelling: a number made of the matrix `a`, at these sizes.
macro_rules! numbers {
    ($($test:ident[$($n:literal)+]: |$a:ident| $y:expr;)+) => { $(
        #[test]
        fn $test() {
            $({
                #[derive_grad]
                fn f($a: &SMatrix<f64, $n, $n>) -> f64 {
                    $y
                }
                check!(f, f_grad, f_value_and_grad; dominant::<$n>(1) => |a| (a));
            })+
        }
    )+ };
}

mod arithmetic;
mod duals;
mod exponential;
mod hyperbolic;
mod norms;
mod piecewise;
mod products;
mod reductions;
mod spectral;
mod structure;
mod systems;
mod trigonometric;
