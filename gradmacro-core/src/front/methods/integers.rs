//! Integers: what can be computed here is, anything else is known at run time only.

use super::{Call, Method, Value, method};
use crate::ir::Expr;

pub(super) static METHODS: &[Method] = &[
    method("pow", 1, |call, a| computed(call, a, |a, b| a.checked_pow(u32::try_from(b).ok()?))),
    method("abs_diff", 1, |call, a| computed(call, a, |a, b| a.checked_sub(b)?.checked_abs())),
    method("min", 1, |call, a| computed(call, a, |a, b| Some(a.min(b)))),
    method("max", 1, |call, a| computed(call, a, |a, b| Some(a.max(b)))),
    method("saturating_sub", 1, |call, a| computed(call, a, |a, b| Some(a.checked_sub(b)?.max(0)))),
    method("div_ceil", 1, |call, a| {
        computed(call, a, |a, b| Some(a.checked_div(b)? + i64::from(a.checked_rem(b)? != 0)))
    }),
    method("clone", 0, |_, a| Some(Value::Integer(a))),
    method("into", 0, |_, a| Some(Value::Integer(a))),
];

fn computed<'g>(
    call: &Call<'_, 'g>,
    a: Expr<'g>,
    compute: impl Fn(i64, i64) -> Option<i64>,
) -> Option<Value<'g>> {
    let b = call.index(0)?;
    let numbers = Value::Integer(a).constant().zip(Value::Integer(b).constant());
    if let Some(number) = numbers.and_then(|(a, b)| compute(a, b)) {
        return Some(Value::Integer(call.graph().index(number)));
    }
    call.error(format!("`{}` of these integers cannot be computed here", call.name()))
        .note(
            "integers that differentiated values are computed with are sums of indices with constant factors",
        )
        .help("compute it before and pass it as a parameter: `n: usize`");
    None
}
