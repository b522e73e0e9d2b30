//! Functions of rotations that stay exact where the angle is 0.
//!
//! A rotation by the vector θ is R = c₀ I + c₁ θ̂ + c₂ θθᵀ with cₖ functions of s = ‖θ‖² (Rodrigues), a unit quaternion
//! (½c₁(s/4) θ, c₀(s/4)). The cₖ(s) = Σᵢ (−s)ⁱ/(k + 2i)! are smooth at 0, and their derivatives are again such
//! functions, so no quotient 0/0 ever comes up: dR is right at θ = 0 too. The way back, from a quaternion or a matrix to
//! the vector, does the same with integrals in the place of arctan.
//!
//! Source: Stumpff, *Himmelsmechanik* I, §41, for the cₖ.

use super::{Derivative::*, Extra, Notation, OpDef, Written, at, entrywise, on, within};
use crate::ir::{Data, Expr, Graph, Ratio};

/// cₖ(s) = Σᵢ (−s)ⁱ/(k + 2i)!: cos √s, sin √s / √s, (1 − cos √s)/s, …; cₖ′ = ½ (k cₖ₊₂ − cₖ₊₁),
/// smooth everywhere, at 0 too
pub static STUMPFF: OpDef = OpDef {
    shape: |s, _| Some(s[0]),
    derivative: Entrywise(&[|_, x| {
        let next = |by| x[0].apply_with(&STUMPFF, x[1].graph.affine(&[(x[1], 1)], by));
        (x[1].as_real() * next(2) - next(1)).times(Ratio::HALF)
    }]),
    written: Written::Kernel(
        "stumpff",
        &[Extra::One, Extra::Complex("sqrt"), Extra::Complex("sin"), Extra::Complex("cos")],
    ),
    notation: Notation::Function("stumpff", "\\operatorname{stumpff}"),
    example: on(&[within(3, 2, -0.5, 4.0), at(2)]),
    work: 30,
    ..entrywise("stumpff", |x| stumpff(x[0], x[1]))
};

/// bₖ(m, w) = ∫ (t² + m)⁻ᵏ dt from w to ∞, where b₁ = atan2(√m, w)/√m; by m it is −k bₖ₊₁, by w −(w² + m)⁻ᵏ
pub static POLAR: OpDef = OpDef {
    shape: |s, _| Some(s[0]),
    derivative: Entrywise(&[
        |_, x| {
            let next = x[2].graph.affine(&[(x[2], 1)], 1);
            let operands = [x[0], x[1], next];
            -(x[2].as_real() * x[0].graph.apply(&POLAR, Data::None, &operands, x[0].shape()))
        },
        |_, x| -reciprocal_power(x[0] + x[1].squared(), x[2]),
    ]),
    written: Written::Kernel("polar", &[Extra::One, Extra::Complex("sqrt"), Extra::Complex("atan")]),
    notation: Notation::Function("polar", "\\operatorname{polar}"),
    example: on(&[within(3, 2, 0.2, 1.0), within(3, 2, -0.8, 1.0), at(1)]),
    edge: "smooth at the identity too; not defined at a turn by π",
    work: 30,
    ..entrywise("polar", |x| polar(x[0], x[1], x[2]))
};

/// cₖ(s) for a number k.
pub fn stumpff_of(s: Expr<'_>, k: i64) -> Expr<'_> {
    s.apply_with(&STUMPFF, s.graph.index(k))
}

/// atan2(√m, w)/√m
pub fn polar_of<'g>(m: Expr<'g>, w: Expr<'g>) -> Expr<'g> {
    let graph: &'g Graph = m.graph;
    graph.apply(&POLAR, Data::None, &[m, w, graph.index(1)], m.shape())
}

/// x⁻ᵏ
fn reciprocal_power<'g>(x: Expr<'g>, k: Expr<'g>) -> Expr<'g> {
    let node = k.node();
    match node.data() {
        Data::Affine(factors, number) if factors.is_empty() => x.power(Ratio::int(-*number)),
        _ => x.apply_with(&super::exponential::POWI, k.graph.affine(&[(k, -1)], 0)),
    }
}

/// By the series where its terms fall from the start, else by cₖ₊₂ = (1/k! − cₖ)/s from cosine and sine.
fn stumpff(s: f64, k: f64) -> f64 {
    let factorial = |n: f64| (1..=n as u64).map(|i| i as f64).product::<f64>();
    if s < (k + 1.0) * (k + 2.0) {
        let next = |(n, term): (f64, f64)| Some((n + 2.0, -term * s / ((n + 1.0) * (n + 2.0))));
        let terms = std::iter::successors(Some((k, 1.0 / factorial(k))), |last| next(*last));
        return terms.take(40).map(|(_, term)| term).sum();
    }
    let odd = k % 2.0;
    let start = if odd == 0.0 { s.sqrt().cos() } else { s.sqrt().sin() / s.sqrt() };
    let orders = std::iter::successors(Some(odd), |n| Some(n + 2.0)).take_while(|n| *n < k);
    orders.fold(start, |c, n| (1.0 / factorial(n) - c) / s)
}

/// By a series of positive terms for small angles, else from the arctangent by
/// bₖ₊₁ = ((2k − 1) bₖ − w (w² + m)⁻ᵏ)/(2k m).
fn polar(m: f64, w: f64, k: f64) -> f64 {
    let d = w * w + m;
    if w > 0.0 && m <= 0.3 * d {
        let next =
            |(i, term): (f64, f64)| Some((i + 1.0, term * (m / d) * (2.0 * (k + i)) / (2.0 * (k + i) + 1.0)));
        let terms = std::iter::successors(Some((0.0, 1.0)), |last| next(*last));
        let sum: f64 = terms.take(40).map(|(_, term)| term).sum();
        return sum * w / (2.0 * k - 1.0) * d.powi(-(k as i32));
    }
    let start = m.sqrt().atan2(w) / m.sqrt();
    (1..k as i32).fold(start, |b, n| {
        let n = f64::from(n);
        ((2.0 * n - 1.0) * b - w * d.powi(-(n as i32))) / (2.0 * n * m)
    })
}
