//! Norms, distances and what is scaled by them.

use super::reductions::down;
use super::{Call, Method, Value, matrix, method, scalar};
use crate::front::text;
use crate::ir::{Expr, Ratio};
use crate::ops::piecewise::ABS;
use crate::ops::reductions::MAX_ENTRY;

pub(super) static METHODS: &[Method] = &[
    method("norm", 0, |_, x| scalar(euclidean(x))),
    method("magnitude", 0, |_, x| scalar(euclidean(x))),
    method("norm_squared", 0, |_, x| scalar(x.inner(x))),
    method("magnitude_squared", 0, |_, x| scalar(x.inner(x))),
    method("normalize", 0, |_, x| matrix(x / euclidean(x))),
    method("metric_distance", 1, |call, x| scalar(euclidean(x - call.alike(0, x)?))),
    method("one_norm", 0, |_, x| scalar(Norm::One.of(x))),
    method("lp_norm", 1, |call, x| scalar(Norm::Power(power(call, call.value(0)?)?).of(x))),
    method("apply_norm", 1, |call, x| scalar(norm(call, 0)?.of(x))),
    method("apply_metric_distance", 2, |call, x| {
        let y = call.alike(0, x)?;
        scalar(norm(call, 1)?.of(x - y))
    }),
];

/// A norm as nalgebra names it.
enum Norm {
    /// `EuclideanNorm`
    Euclidean,
    /// `OneNorm`: the largest sum of a column.
    One,
    /// `UniformNorm`: the largest entry.
    Uniform,
    /// `LpNorm(p)`: of the entries.
    Power(i64),
}

impl Norm {
    fn of(self, x: Expr<'_>) -> Expr<'_> {
        match self {
            Norm::Euclidean => euclidean(x),
            Norm::One => down(x.apply(&ABS)).reduce(&MAX_ENTRY),
            Norm::Uniform => x.apply(&ABS).reduce(&MAX_ENTRY),
            Norm::Power(1) => x.apply(&ABS).sum(),
            Norm::Power(p) => x.apply(&ABS).power(Ratio::int(p)).sum().power(Ratio::int(p).reciprocal()),
        }
    }
}

/// ⟨X, X⟩^½
fn euclidean(x: Expr<'_>) -> Expr<'_> {
    x.inner(x).power(Ratio::HALF)
}

/// The norm that the k-th argument names: `&UniformNorm`, `&LpNorm(3)`. It is read from the source, because a norm is
/// no value of the graph.
fn norm(call: &Call<'_, '_>, k: usize) -> Option<Norm> {
    let written = text::peel(call.written(k)?);
    let (path, argument) = match written {
        syn::Expr::Call(inner) => (text::peel(&inner.func), inner.args.first()),
        _ => (written, None),
    };
    let name = match path {
        syn::Expr::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()),
        _ => None,
    };
    match (name.as_deref(), argument) {
        (Some("EuclideanNorm"), None) => Some(Norm::Euclidean),
        (Some("OneNorm"), None) => Some(Norm::One),
        (Some("UniformNorm"), None) => Some(Norm::Uniform),
        (Some("LpNorm"), Some(p)) => power(call, &call.reader.read(p)).map(Norm::Power),
        _ => {
            call.error(format!("the norm `{}` is not known", call.text(k))).note(
                "known are `EuclideanNorm`, `LpNorm(p)`, `OneNorm` and `UniformNorm`, written in the call",
            );
            None
        }
    }
}

/// The exponent of a p-norm: a number other than 0.
fn power<'g>(call: &Call<'_, 'g>, p: &Value<'g>) -> Option<i64> {
    let number = p.constant().filter(|p| *p != 0 && i32::try_from(*p).is_ok());
    if number.is_none() && !p.is_poison() {
        call.error(format!("the exponent of `{}` must be a number other than 0", call.name()))
            .note("the p-norm is differentiated for one p at a time")
            .help("write the number: `x.lp_norm(3)`");
    }
    number
}
