//! The normal form of a term: rational · scalar monomial · body.

use super::blocks::is_of_blocks;
use super::determinants::absorb_cofactor;
use super::monomials::monomial;
use super::rules;
use super::softmax::absorb_softmax;
use super::sums::{merge, oriented, turned};
use crate::ir::{Data, Expr, Ratio, Shape, Weighted};
use crate::ops::arithmetic::{POWERS, SCALE, SUM};
use crate::ops::structure::TRANSPOSE;

/// k · scalars · body; a scalar has the body 1.
pub(super) struct Term<'g> {
    pub(super) k: Ratio,
    pub(super) scalars: Weighted<'g>,
    pub(super) body: Expr<'g>,
}

/// Splits a node into coefficient, scalar monomial and body.
pub(super) fn term(x: Expr<'_>) -> Term<'_> {
    let (x, k) = x.multiple();
    if x.is(&SCALE) {
        return Term { k, scalars: powers_of(x.operand(0)), body: x.operand(1) };
    }
    if x.is_scalar() {
        return Term { k, scalars: powers_of(x), body: x.graph.ones(Shape::SCALAR) };
    }
    Term { k, scalars: vec![], body: x }
}

/// A scalar as a product of powers.
pub(super) fn powers_of(s: Expr<'_>) -> Weighted<'_> {
    match () {
        () if s.is(&POWERS) => s.weighted(),
        () if s.is_ones() => vec![],
        () => vec![(s, Ratio::ONE)],
    }
}

/// The terms of a sum, seen through a transpose, in canonical order.
pub(super) fn terms(x: Expr<'_>) -> Option<Weighted<'_>> {
    if x.is(&SUM) {
        return Some(x.weighted());
    }
    let inner = if x.is(&TRANSPOSE) { x.operand(0) } else { return None };
    inner.is(&SUM).then(|| merge(turned(&inner.weighted())))
}

/// Terms of a sum, or the one term that anything else is.
pub fn as_terms(x: Expr<'_>) -> Weighted<'_> {
    terms(x).unwrap_or_else(|| vec![(x, Ratio::ONE)])
}

/// Rational content of a sum of several terms: what is left is primitive and mostly positive.
pub(super) fn content(x: Expr<'_>) -> (Ratio, Expr<'_>) {
    let k = measure(x);
    if k == Ratio::ONE {
        return (k, x);
    }
    x.graph.fire(rules::CONTENT);
    let rest = |(y, q): (_, Ratio)| (y, q.times(k.reciprocal()));
    let list: Weighted<'_> = as_terms(x).into_iter().map(rest).collect();
    (k, x.graph.combination(&list, x.shape()))
}

/// The number that leaves a sum of several terms, sign included; 1 for anything else.
pub(super) fn measure(x: Expr<'_>) -> Ratio {
    let upright = if x.is(&TRANSPOSE) { x.operand(0) } else { x };
    let node = upright.node();
    let ([first, others @ ..], true) = (node.data().coefficients(), upright.is(&SUM)) else {
        return Ratio::ONE;
    };
    if others.is_empty() {
        return Ratio::ONE;
    }
    let measure = others.iter().fold(*first, |m, k| m.common_measure(*k)).absolute();
    let negative = 1 + others.len() - node.data().coefficients().iter().filter(|k| !k.is_negative()).count();
    let minus = negative * 2 > others.len() + 1 || (negative * 2 == others.len() + 1 && first.is_negative());
    if minus { measure.negated() } else { measure }
}

/// Is it a negative multiple of something, as the sign of its content or coefficient says?
pub(super) fn is_negative(x: Expr<'_>) -> bool {
    match terms(x) {
        Some(list) if list.len() > 1 => measure(x).is_negative(),
        _ => term(x).k.is_negative() || measure(term(x).body).is_negative(),
    }
}

/// k · scalars · body in normal form.
pub(super) fn scaled<'g>(k: Ratio, mut scalars: Weighted<'g>, body: Expr<'g>) -> Expr<'g> {
    let (graph, shape) = (body.graph, body.shape());
    let inner = term(body);
    scalars.extend(inner.scalars);
    let (number, monomial) = monomial(scalars);
    let (mut k, body) = (k.times(inner.k).times(number), inner.body);
    if k.is_zero() || body.is_zero() {
        return graph.zeros(shape);
    }
    let absorbed = absorb_softmax(k, &monomial, body).or_else(|| absorb_cofactor(k, &monomial, body));
    if let Some(known) = absorbed {
        return known;
    }
    let whole = if body.is_scalar() {
        if let ([(s, Ratio::ONE)], true) = (&monomial[..], k != Ratio::ONE)
            && let Some(list) = terms(*s)
        {
            return spread(k, list, shape);
        }
        scalar_of(monomial, body)
    } else if monomial.is_empty() {
        match terms(body) {
            Some(list) if k != Ratio::ONE => return spread(k, list, shape),
            _ => body,
        }
    } else if let Some(list) = terms(body).filter(|list| is_of_blocks(list, shape)) {
        // Blocks stay apart, so that those at one place meet.
        let each =
            list.into_iter().map(|(y, q)| (scaled(q, monomial.clone(), y), k)).collect::<Weighted<'g>>();
        return graph.combination(&each, shape);
    } else {
        let (c, primitive) = content(body);
        k = k.times(c);
        let s = scalar_of(monomial, graph.ones(Shape::SCALAR));
        keep(&SCALE, Data::None, &[s, primitive], shape)
    };
    if k == Ratio::ONE { whole } else { keep(&SUM, Data::Coefficients(vec![k]), &[whole], shape) }
}

/// The scalar that a sorted monomial is.
fn scalar_of<'g>(monomial: Weighted<'g>, one: Expr<'g>) -> Expr<'g> {
    match monomial[..] {
        [] => one,
        [(s, Ratio::ONE)] => s,
        _ => {
            let (operands, exponents): (Vec<_>, Vec<_>) = monomial.into_iter().unzip();
            keep(&POWERS, Data::Exponents(exponents), &operands, Shape::SCALAR)
        }
    }
}

/// A number times a sum goes into the sum.
fn spread<'g>(k: Ratio, list: Weighted<'g>, shape: Shape) -> Expr<'g> {
    oriented(list.into_iter().map(|(x, q)| (x, k.times(q))).collect(), shape)
}

/// Makes a node that is known to be canonical.
pub(super) fn keep<'g>(
    op: &'static crate::ops::OpDef,
    data: Data,
    operands: &[Expr<'g>],
    shape: Shape,
) -> Expr<'g> {
    let graph = operands[0].graph;
    graph.keep(crate::ir::Wanted { graph, op, data, operands: operands.to_vec(), shape })
}
