//! Products, transposes and scaling of matrices.

use super::{Call, Method, Value, matrix, method, scalar};
use crate::front::constructors::from_row_major;
use crate::ir::{Data, Expr, Ratio, Shape};
use crate::ops::products::{CROSS, KRONECKER};

pub(super) static METHODS: &[Method] = &[
    method("transpose", 0, |_, x| matrix(x.t())),
    method("adjoint", 0, |_, x| matrix(x.t())),
    method("conjugate_transpose", 0, |_, x| matrix(x.t())),
    method("conjugate", 0, |_, x| matrix(x)),
    method("neg", 0, |_, x| matrix(-x)),
    method("dot", 1, |call, x| scalar(x.inner(call.alike(0, x)?))),
    method("dotc", 1, |call, x| scalar(x.inner(call.alike(0, x)?))),
    method("tr_dot", 1, |call, x| scalar(x.t().inner(call.alike(0, x.t())?))),
    method("tr_mul", 1, tr_mul),
    method("ad_mul", 1, tr_mul),
    method("component_mul", 1, |call, x| matrix(x.hadamard(call.alike(0, x)?))),
    method("component_div", 1, |call, x| matrix(x.over(call.alike(0, x)?))),
    method("scale", 1, |call, x| matrix(call.single(0)? * x)),
    method("unscale", 1, |call, x| matrix(x / call.single(0)?)),
    method("add_scalar", 1, |call, x| matrix(x + call.single(0)?.fill(x.shape()))),
    method("lerp", 2, lerp),
    method("kronecker", 1, kronecker),
    method("pow", 1, pow),
    method("cross", 1, cross),
    method("perp", 1, perp),
    method("cross_matrix", 0, cross_matrix),
];

/// Beyond this a power of a matrix is not written out.
const LARGEST_POWER: i64 = 64;

/// XᵀY
fn tr_mul<'g>(call: &Call<'_, 'g>, x: Expr<'g>) -> Option<Value<'g>> {
    let y = call.matrix(0, None)?;
    if x.shape().rows.agree(y.shape().rows).is_none() {
        call.report_rows(x.shape(), y.shape());
        return None;
    }
    matrix(x.t() * y)
}

/// (1 − t)·X + t·Y
fn lerp<'g>(call: &Call<'_, 'g>, x: Expr<'g>) -> Option<Value<'g>> {
    let (y, t) = (call.alike(0, x)?, call.single(1)?);
    matrix((t.ones() - t) * x + t * y)
}

fn kronecker<'g>(call: &Call<'_, 'g>, x: Expr<'g>) -> Option<Value<'g>> {
    let y = call.matrix(0, None)?;
    let rows = call.writable(x.shape().rows.times(y.shape().rows))?;
    let columns = call.writable(x.shape().columns.times(y.shape().columns))?;
    matrix(call.graph().apply(&KRONECKER, Data::None, &[x, y], Shape::of(rows, columns)))
}

/// Xⁿ as a product of n factors; X⁰ = I.
fn pow<'g>(call: &Call<'_, 'g>, x: Expr<'g>) -> Option<Value<'g>> {
    let x = call.square(x)?;
    match Value::Integer(call.index(0)?).constant() {
        Some(0) => matrix(call.graph().identity(x.shape().rows)),
        Some(n @ 1..=LARGEST_POWER) => matrix(call.graph().product(&vec![x; n as usize])),
        Some(n) => {
            call.error(format!("`pow({n})` of a matrix is too large to be written out"))
                .note(format!(
                    "a power of a matrix is differentiated as a product; the limit is {LARGEST_POWER} factors"
                ))
                .help("multiply in a `for` loop, or split the power: `(a.pow(32)).pow(4)`");
            None
        }
        None => {
            let (exponent, subject) = (call.text(0), call.receiver_text());
            call.error(format!("the exponent `{exponent}` of `pow` is known only at run time"))
                .note("a power of a matrix is differentiated as a product of so many factors")
                .help(format!(
                    "write a number, or multiply in a loop: `for _ in 0..{exponent} {{ p = p * {subject}; }}`"
                ));
            None
        }
    }
}

fn cross<'g>(call: &Call<'_, 'g>, x: Expr<'g>) -> Option<Value<'g>> {
    let y = call.alike(0, x)?;
    let fits = |shape: Shape| x.shape().agree(shape).is_some();
    if fits(Shape::new(3, 1)) || fits(Shape::new(1, 3)) {
        return matrix(x.apply_with(&CROSS, y));
    }
    let report = call.error(format!("`cross` needs vectors of 3 entries, but both are {}", x.shape()));
    if x.shape() == Shape::new(2, 1) {
        let (a, b) = (call.receiver_text(), call.text(0));
        report
            .note("the cross product of the plane is a scalar")
            .help(format!("write `{a}.perp({b})` or `{a}.x * {b}.y - {a}.y * {b}.x`"));
    } else {
        report.note("nalgebra compiles this and panics at run time");
    }
    None
}

/// a₀b₁ − a₁b₀
fn perp<'g>(call: &Call<'_, 'g>, a: Expr<'g>) -> Option<Value<'g>> {
    let b = call.alike(0, call.column_of(a, 2)?)?;
    scalar(a.entry(0, 0) * b.entry(1, 0) - a.entry(1, 0) * b.entry(0, 0))
}

fn cross_matrix<'g>(call: &Call<'_, 'g>, x: Expr<'g>) -> Option<Value<'g>> {
    let x = call.column_of(x, 3)?;
    let [a, b, c] = [0, 1, 2].map(|k| x.entry(k, 0));
    let zero = call.graph().number(Ratio::ZERO);
    let rows = [vec![zero, -c, b], vec![c, zero, -a], vec![-b, a, zero]];
    matrix(from_row_major(call.graph(), &rows))
}
