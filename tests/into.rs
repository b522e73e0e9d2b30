//! The option `into`: what is written is what the function by value returns, bit for bit, over whatever was there.
#![forbid(unsafe_code)]
#![deny(warnings, unused, unused_results, unused_qualifications, missing_debug_implementations, clippy::all)]
#![allow(clippy::let_unit_value, clippy::unit_cmp, reason = "functions that return nothing are compared too")]

#[path = "common/mod.rs"]
#[allow(unused_macros, unused_imports, reason = "each test binary uses what it needs")]
mod common;

#[path = "into/forms.rs"]
mod forms;
#[path = "into/loops.rs"]
mod loops;
#[path = "into/missing.rs"]
mod missing;
#[path = "into/products.rs"]
mod products;
#[path = "into/signatures.rs"]
mod signatures;

use nalgebra::{RealField, SMatrix};

/// Something that is no result.
pub(crate) trait Spoilt {
    fn spoilt() -> Self;
}

impl Spoilt for f64 {
    fn spoilt() -> f64 {
        f64::NAN
    }
}

impl<T: RealField + Copy, const R: usize, const C: usize> Spoilt for SMatrix<T, R, C> {
    fn spoilt() -> Self {
        SMatrix::repeat(nalgebra::convert(f64::NAN))
    }
}

/// `written!(f(a, b) => x, y)`: what `f` returns and what it writes to two places.
macro_rules! written {
    ($f:path [$($argument:expr),* $(,)?] => $($out:ident),+) => {{
        $(let mut $out = $crate::Spoilt::spoilt();)+
        let returned = $f($($argument,)* $(&mut $out),+);
        (returned, $($out),+)
    }};
}
pub(crate) use written;
