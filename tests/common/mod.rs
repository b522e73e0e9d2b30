//! What the end-to-end tests share: points to test at, and the comparison with central differences.
#![allow(dead_code, reason = "each test binary uses what it needs")]

use gradmacro::{Entries, check_gradient};
use nalgebra::SMatrix;

/// A matrix without structure, its entries between −1.5 and 1.5 and apart from each other; another one for each seed.
pub(crate) fn point<const R: usize, const C: usize>(seed: u32) -> SMatrix<f64, R, C> {
    let mut turn: f64 = f64::from(seed) * 0.377_964_473;
    SMatrix::from_fn(|_, _| {
        turn = (turn + 0.618_033_988_75).fract();
        3.0 * turn - 1.5
    })
}

/// The same with entries between 0.4 and 1.6.
pub(crate) fn positive<const R: usize, const C: usize>(seed: u32) -> SMatrix<f64, R, C> {
    point::<R, C>(seed).map(|entry| 1.0 + 0.4 * entry)
}

/// A matrix far from every singular one, whose symmetric part is positive definite.
pub(crate) fn dominant<const N: usize>(seed: u32) -> SMatrix<f64, N, N> {
    point::<N, N>(seed) * 0.3 + SMatrix::identity() * (0.8 + 0.4 * N as f64)
}

/// A symmetric, positive definite matrix.
pub(crate) fn definite<const N: usize>(seed: u32) -> SMatrix<f64, N, N> {
    dominant::<N>(seed).symmetric_part()
}

/// Compares `grad` with central differences of `f`, and `both` with `f` and with `grad`, up to rounding of their type.
#[track_caller]
pub(crate) fn agree<X, Y, Kind>(
    x: &X,
    f: impl Fn(&X) -> Y,
    grad: impl Fn(&X) -> X,
    both: impl Fn(&X) -> (Y, X),
) where
    X: Clone + Entries<Kind>,
    Y: Into<f64>,
{
    let single = x.clone().entry(0).is_some_and(|entry| entry.relative_step() > 1e-4);
    let (differences, rounding) = if single { (1e-2, 1e-4) } else { (1e-7, 1e-12) };
    if let Err(mismatch) = check_gradient(&f, &grad, x, differences) {
        panic!("{mismatch}");
    }
    let (value, mut with_value) = both(x);
    same(value.into(), f(x).into(), rounding);
    let mut alone = grad(x);
    for entry in 0..alone.count() {
        let read = |x: &mut X| x.entry(entry).expect("both gradients have this entry").read();
        same(read(&mut with_value), read(&mut alone), rounding);
    }
}

/// `got` is `want` up to `rounding`, relative to the larger of `want` and 1.
#[track_caller]
pub(crate) fn same(got: f64, want: f64, rounding: f64) {
    assert!((got - want).abs() <= rounding * want.abs().max(1.0), "got {got}, wanted {want}");
}

/// `check!(f, f_grad, f_value_and_grad; x => |x| (x, &a))`: the three agree at `x`, called with these arguments.
macro_rules! check {
    ($f:ident, $grad:ident, $both:ident; $x:expr => |$named:pat_param| ($($argument:expr),+ $(,)?)) => {
        $crate::common::agree(
            &$x,
            |$named| $f($($argument),+),
            |$named| $grad($($argument),+),
            |$named| $both($($argument),+),
        )
    };
}
pub(crate) use check;
