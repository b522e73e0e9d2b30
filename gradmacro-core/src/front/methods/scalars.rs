//! Functions of scalars: those whose name is not that of their operation, and those that the table of operations
//! reads by itself.
//!
//! A scalar may stand for all entries of a matrix at once, inside a closure that is lifted over it.

use super::{Call, Method, Value, method, ops, scalar};
use crate::ir::{Data, Expr, Node, Ratio};
use crate::ops::exponential::{self, LN, POWF, POWI};
use crate::ops::piecewise::{ABS, MAX, MIN, REM_EUCLID};
use crate::ops::trigonometric::{COS, SIN};
use crate::ops::{OpDef, Written};

pub(super) static METHODS: &[Method] = &[
    method("sqrt", 0, |_, x| scalar(x.power(Ratio::HALF))),
    method("recip", 0, |_, x| scalar(x.power(Ratio::MINUS_ONE))),
    method("powi", 1, powi),
    method("powf", 1, powf),
    method("log", 1, |call, x| {
        let [x, base] = call.broadcast([x, call.scalar(0)?])?;
        scalar(x.apply(&LN).over(base.apply(&LN)))
    }),
    method("sin_cos", 0, |_, x| pair(x.apply(&SIN), x.apply(&COS))),
    method("mul_add", 2, |call, x| {
        let [x, factor, term] = call.broadcast([x, call.scalar(0)?, call.scalar(1)?])?;
        scalar(x.hadamard(factor) + term)
    }),
    method("clamp", 2, |call, x| {
        let [x, low, high] = call.broadcast([x, call.scalar(0)?, call.scalar(1)?])?;
        scalar(x.apply_with(&MAX, low).apply_with(&MIN, high))
    }),
    method("rem_euclid", 1, |call, x| apply(call, &REM_EUCLID, x)),
    method("to_radians", 0, |_, x| scalar(exponential::constant(x, "PI") * x.times(Ratio::new(1, 180)))),
    method("to_degrees", 0, |_, x| scalar(x.times(Ratio::int(180)) / exponential::constant(x, "PI"))),
    method("neg", 0, |_, x| scalar(-x)),
    method("scale", 1, |call, x| {
        let [x, factor] = call.broadcast([x, call.scalar(0)?])?;
        scalar(x.hadamard(factor))
    }),
    method("unscale", 1, |call, x| {
        let [x, divisor] = call.broadcast([x, call.scalar(0)?])?;
        scalar(x.over(divisor))
    }),
    method("modulus", 0, |_, x| scalar(x.apply(&ABS))),
    method("norm1", 0, |_, x| scalar(x.apply(&ABS))),
    method("modulus_squared", 0, |_, x| scalar(x.squared())),
    method("conjugate", 0, |_, x| scalar(x)),
    method("real", 0, |_, x| scalar(x)),
    method("clone", 0, |_, x| scalar(x)),
    method("to_owned", 0, |_, x| scalar(x)),
    method("into", 0, |_, x| scalar(x)),
];

/// What a scalar has instead of a method of matrices: `{x}` is the scalar, `{a}` the argument.
static INSTEAD: &[(&str, &str)] = &[
    ("norm", "`{x}.abs()`"),
    ("magnitude", "`{x}.abs()`"),
    ("norm_squared", "`{x} * {x}`"),
    ("magnitude_squared", "`{x} * {x}`"),
    ("dot", "`{x} * {a}`"),
    ("component_mul", "`{x} * {a}`"),
    ("component_div", "`{x} / {a}`"),
    ("metric_distance", "`({x} - {a}).abs()`"),
    ("add_scalar", "`{x} + {a}`"),
    ("pow", "`{x}.powi({a})`"),
    ("sup", "`{x}.max({a})`"),
    ("inf", "`{x}.min({a})`"),
    ("transpose", "`{x}` alone"),
    ("adjoint", "`{x}` alone"),
    ("sum", "`{x}` alone"),
    ("trace", "`{x}` alone"),
    ("determinant", "`{x}` alone"),
    ("try_inverse", "`{x}.recip()`"),
    ("normalize", "`{x}.signum()`"),
];

/// The operation of that name, if Rust has a function of that name for it.
pub(super) fn operation(name: &str, arguments: usize) -> Option<&'static OpDef> {
    ops::named(name, arguments + 1).filter(|op| is_rust(op))
}

/// Is there a function of scalars with that name and number of arguments?
pub(super) fn is_function(name: &str, arguments: usize) -> bool {
    super::find(super::OF_SCALARS, name, arguments).is_some() || operation(name, arguments).is_some()
}

/// The names by which operations are read.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    ops::ALL.iter().filter(|op| op.entrywise && is_rust(op)).map(|op| op.name)
}

/// Kernels of our own, such as `softplus`, are never what a user calls by that name.
fn is_rust(op: &OpDef) -> bool {
    matches!(op.written, Written::Complex(_) | Written::Real(_))
}

/// An operation of one or two scalars.
pub(super) fn apply<'g>(call: &Call<'_, 'g>, op: &'static OpDef, x: Expr<'g>) -> Option<Value<'g>> {
    if call.count() == 0 {
        return scalar(x.apply(op));
    }
    let [x, y] = call.broadcast([x, call.scalar(0)?])?;
    scalar(x.apply_with(op, y))
}

/// Reports a method of matrices that is called on a scalar.
pub(super) fn report_method_of_matrices<'g>(call: &Call<'_, 'g>) -> Value<'g> {
    let (name, subject) = (call.name(), call.subject_text());
    let instead = INSTEAD.iter().find(|(of, _)| *of == name);
    let help = instead.map(|(_, help)| {
        let help = help.replace("{x}", &call.receiver_text()).replace("{a}", &call.text(0));
        format!("write {help}")
    });
    let message = format!("`{name}` is a method of matrices, but `{subject}` is a scalar");
    call.error_at_name(message).maybe_help(help).as_rustc_would();
    Value::Poison
}

/// Reports a wrong number of arguments, if the name is that of an operation.
pub(super) fn report_count<'g>(call: &Call<'_, 'g>) -> Option<Value<'g>> {
    let wanted = (0..=1).find(|count| operation(&call.name(), *count).is_some())?;
    call.report_arguments(wanted);
    Some(Value::Poison)
}

fn pair<'g>(first: Expr<'g>, second: Expr<'g>) -> Option<Value<'g>> {
    Some(Value::Tuple(vec![Value::Scalar(first), Value::Scalar(second)]))
}

fn powi<'g>(call: &Call<'_, 'g>, x: Expr<'g>) -> Option<Value<'g>> {
    if let Some(Value::Scalar(_)) = call.value(0) {
        report_exponent(call, "powi", "powf", "an integer");
        return None;
    }
    let exponent = call.index(0)?;
    match Value::Integer(exponent).constant() {
        Some(n) => scalar(raised(x, Ratio::int(n))),
        None => scalar(x.apply_with(&POWI, exponent)),
    }
}

fn powf<'g>(call: &Call<'_, 'g>, x: Expr<'g>) -> Option<Value<'g>> {
    if let Some(Value::Integer(_)) = call.value(0) {
        report_exponent(call, "powf", "powi", "a float");
        return None;
    }
    let exponent = call.scalar(0)?;
    if let Some(exponent) = rational(exponent) {
        return scalar(raised(x, exponent));
    }
    let [x, exponent] = call.broadcast([x, exponent])?;
    scalar(x.apply_with(&POWF, exponent))
}

/// Reports an exponent of the wrong kind: `x.powi(0.5)`, `x.powf(2)`.
fn report_exponent(call: &Call<'_, '_>, name: &str, other: &str, wanted: &str) {
    let (x, exponent) = (call.receiver_text(), call.text(0));
    let whole = exponent.strip_suffix(".0").unwrap_or(&exponent);
    let (exponent, other) = if whole == exponent { (exponent.as_str(), other) } else { (whole, name) };
    call.reader
        .error(
            &call.written(0),
            format!("`{name}` takes {wanted} as exponent, but `{}` is not", call.text(0)),
        )
        .help(format!("write `{x}.{other}({exponent})`"))
        .as_rustc_would();
}

/// x⁰ is 1, with derivative 0, at every x.
fn raised(x: Expr<'_>, exponent: Ratio) -> Expr<'_> {
    if exponent.is_zero() { x.ones() } else { x.power(exponent) }
}

/// The number that a constant expression such as `-0.5` or `1.0 / 3.0` is.
fn rational(x: Expr<'_>) -> Option<Ratio> {
    if let Some(number) = x.number() {
        return Some(number);
    }
    let node = x.node();
    match &*node {
        Node::Apply(_, Data::Coefficients(_), _) if x.is_scalar() => x
            .weighted()
            .into_iter()
            .try_fold(Ratio::ZERO, |sum, (term, k)| Some(sum.plus(rational(term)?.times(k)))),
        Node::Apply(_, Data::Exponents(_), _) if x.is_scalar() => {
            x.weighted().into_iter().try_fold(Ratio::ONE, |product, (factor, p)| {
                Some(product.times(rational(factor)?.power(i128::from(p.integer()?))))
            })
        }
        _ => None,
    }
}
