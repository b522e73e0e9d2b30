//! Entrywise products of powers, and scaling.

use super::monomials::{monomial, split};
use super::order::{factor_order, prefers_transpose};
use super::terms::{Term, keep, scaled, term};
use crate::ir::{Data, Expr, Ratio, Shape, Wanted, Weighted};
use crate::ops::arithmetic::POWERS;
use crate::ops::structure::TRANSPOSE;

/// Canonical form of ⊙ Xᵢ^pᵢ.
pub fn powers<'g>(wanted: &Wanted<'g>) -> Option<Expr<'g>> {
    let (graph, shape) = (wanted.graph, wanted.shape);
    let one = graph.ones(Shape::SCALAR);
    let factors: Weighted<'g> =
        wanted.operands.iter().copied().zip(wanted.data.exponents().iter().copied()).collect();
    if shape.is_scalar() {
        return Some(scaled(Ratio::ONE, factors, one));
    }
    let (mut k, mut scalars, mut flat) = (Ratio::ONE, Weighted::new(), Weighted::new());
    for (x, p) in factors {
        let Term { k: number, scalars: inner, body } = term(x);
        let Some(n) = p.integer() else {
            match body.is_ones() {
                true => scalars.push((scaled(number, inner, one), p)),
                false => flat.push((x, p)),
            }
            continue;
        };
        k = k.times(number.power(n.into()));
        scalars.extend(inner.into_iter().map(|(s, q)| (s, q.times(p))));
        flat.push((body, p));
    }
    if flat.iter().any(|(x, p)| x.is_zero() && !p.is_negative() && !p.is_zero()) {
        return Some(graph.zeros(shape));
    }
    let (number, list) = monomial(flat);
    let body = match list[..] {
        [] => graph.ones(shape),
        [(x, Ratio::ONE)] => x,
        _ => oriented(list, shape),
    };
    Some(scaled(k.times(number), scalars, body))
}

/// An entrywise product and its transpose are one node and a transpose.
fn oriented<'g>(list: Weighted<'g>, shape: Shape) -> Expr<'g> {
    let mut turned: Weighted<'g> = list.iter().map(|(x, p)| (x.t(), *p)).collect();
    turned.sort_by(|a, b| factor_order(a.0, b.0));
    let operands = |list: &Weighted<'g>| list.iter().map(|f| f.0).collect::<Vec<_>>();
    let turn = prefers_transpose(shape, &operands(&list), &operands(&turned));
    let (operands, data) = split(if turn { turned } else { list });
    if !turn {
        return keep(&POWERS, data, &operands, shape);
    }
    let upright = keep(&POWERS, data, &operands, shape.transposed());
    keep(&TRANSPOSE, Data::None, &[upright], shape)
}

/// Canonical form of s·X.
pub fn scale<'g>(wanted: &Wanted<'g>) -> Option<Expr<'g>> {
    let Term { k, scalars, .. } = term(wanted.operands[0]);
    Some(scaled(k, scalars, wanted.operands[1]))
}
