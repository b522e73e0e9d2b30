//! Matrix products: flat, without scalars, rank one kept factored.

use super::neighbours::contract;
use super::order::order_all;
use super::powers::powers;
use super::rules;
use super::terms::{content, keep, scaled, term};
use super::{monomials::monomial, terms::Term};
use crate::ir::{Data, Dim, Expr, Graph, Ratio, Shape, Wanted, Weighted};
use crate::ops::arithmetic::POWERS;
use crate::ops::products::PRODUCT;
use crate::ops::structure::IDENTITY;

/// A product being put together: number, scalars, factors.
struct Parts<'g> {
    k: Ratio,
    scalars: Weighted<'g>,
    factors: Vec<Expr<'g>>,
}

/// Canonical form of a matrix product.
pub fn product<'g>(wanted: &Wanted<'g>) -> Option<Expr<'g>> {
    Some(product_of(wanted.graph, wanted.operands.clone(), wanted.shape))
}

fn product_of<'g>(graph: &'g Graph, list: Vec<Expr<'g>>, shape: Shape) -> Expr<'g> {
    if list.iter().any(|x| x.is_zero()) {
        return graph.zeros(shape);
    }
    let mut parts = flatten(graph, list);
    if let Some(shorter) = contracted(&parts, shape) {
        return shorter;
    }
    if let Some(done) = scalars_out(graph, &mut parts, shape) {
        return done;
    }
    let body = match parts.factors[..] {
        [] if shape.is_scalar() => graph.ones(Shape::SCALAR),
        [] => graph.identity(shape.rows),
        [x] => x,
        [a, b] if a.is_ones() && b.is_ones() => {
            graph.fire(rules::ONES_OUTER);
            graph.ones(shape)
        }
        _ => keep(&PRODUCT, Data::None, &parts.factors, shape),
    };
    scaled(parts.k, parts.scalars, body)
}

fn flatten<'g>(graph: &'g Graph, list: Vec<Expr<'g>>) -> Parts<'g> {
    let mut parts = Parts { k: Ratio::ONE, scalars: vec![], factors: vec![] };
    let mut todo: Vec<Expr<'g>> = list.into_iter().rev().collect();
    while let Some(x) = todo.pop() {
        let Term { k, scalars, body } = term(x);
        parts.k = parts.k.times(k);
        parts.scalars.extend(scalars);
        if body.is_scalar() {
            continue;
        }
        let (c, body) = content(body);
        parts.k = parts.k.times(c);
        let Shape { rows, columns } = body.shape();
        if body.is(&PRODUCT) {
            todo.extend(body.operands().into_iter().rev());
        } else if body.is_ones() && rows != Dim::ONE && columns != Dim::ONE {
            parts.factors.push(graph.ones(Shape::column(rows)));
            parts.factors.push(graph.ones(Shape::of(Dim::ONE, columns)));
        } else if !body.is(&IDENTITY) {
            parts.factors.push(body);
        }
    }
    parts
}

/// The product with the first pair of neighbours that simplify replaced.
fn contracted<'g>(parts: &Parts<'g>, shape: Shape) -> Option<Expr<'g>> {
    let f = &parts.factors;
    let (at, (len, new)) = (0..f.len()).find_map(|k| Some((k, contract(f, k)?)))?;
    let graph = f[0].graph;
    let number = scaled(parts.k, parts.scalars.clone(), graph.ones(Shape::SCALAR));
    let rest: Vec<Expr<'g>> = f[..at].iter().chain(&new).chain(&f[at + len..]).copied().collect();
    if rest.is_empty() {
        let body = if shape.is_scalar() { number } else { number * graph.identity(shape.rows) };
        return Some(body);
    }
    let list = std::iter::once(number).chain(rest).collect();
    Some(product_of(graph, list, shape))
}

/// Between two cuts of width one lies a scalar: it leaves the product, so rank one stays factored and vectors meet first.
fn scalars_out<'g>(graph: &'g Graph, parts: &mut Parts<'g>, shape: Shape) -> Option<Expr<'g>> {
    let f = std::mem::take(&mut parts.factors);
    let width = |k: usize| if k == 0 { f[0].shape().rows } else { f[k - 1].shape().columns };
    let cuts: Vec<usize> = (0..=f.len()).filter(|k| !f.is_empty() && width(*k) == Dim::ONE).collect();
    let (Some(first), Some(last)) = (cuts.first().copied(), cuts.last().copied()) else {
        parts.factors = f;
        return None;
    };
    if first == last {
        parts.factors = f;
        return None;
    }
    for cut in cuts.windows(2) {
        let inner = term(dot(&f[cut[0]..cut[1]]));
        parts.k = parts.k.times(inner.k);
        parts.scalars.extend(inner.scalars);
        if inner.k.is_zero() {
            return Some(graph.zeros(shape));
        }
    }
    let rest: Vec<Expr<'g>> = f[..first].iter().chain(&f[last..]).copied().collect();
    if rest.is_empty() {
        return None;
    }
    graph.fire(rules::RANK_ONE);
    let number = scaled(parts.k, std::mem::take(&mut parts.scalars), graph.ones(Shape::SCALAR));
    Some(product_of(graph, std::iter::once(number).chain(rest).collect(), shape))
}

/// A product that is 1×1 and has no inner cut of width one. A scalar is its own transpose: the better reading is kept.
fn dot<'g>(f: &[Expr<'g>]) -> Expr<'g> {
    if let [x] = *f {
        return x;
    }
    if let Some(known) = hadamard_between(f) {
        return known;
    }
    let back: Vec<Expr<'g>> = f.iter().rev().map(|x| x.t()).collect();
    if order_all(&back, f).is_lt() {
        f[0].graph.fire(rules::SCALAR_TRANSPOSE);
        return product_of(f[0].graph, back, Shape::SCALAR);
    }
    keep(&PRODUCT, Data::None, f, Shape::SCALAR)
}

/// 1ᵀ(u ⊙ v) = uᵀv, and 1ᵀ(A ⊙ B)1 = tr AᵀB.
fn hadamard_between<'g>(f: &[Expr<'g>]) -> Option<Expr<'g>> {
    match *f {
        [a, b, c] if a.is_ones() && c.is_ones() => {
            let b = [b, b.t()].into_iter().find(|b| b.is(&POWERS))?;
            let (u, w) = split(b.weighted(), b.shape())?;
            b.graph.fire(rules::TRACE_OF_HADAMARD);
            Some((u.t() * w).trace())
        }
        [a, b] => {
            let at = a.t();
            let powers_in = |x: Expr<'g>| if x.is(&POWERS) { x.weighted() } else { vec![(x, Ratio::ONE)] };
            if !at.is(&POWERS) && !b.is(&POWERS) {
                return None;
            }
            let (k, list) = monomial([powers_in(at), powers_in(b)].concat());
            let (u, w) = split(list, b.shape())?;
            if (u, w) == (at, b) || (w, u) == (at, b) {
                return None;
            }
            b.graph.fire(rules::SUM_OF_HADAMARD);
            Some((u.t() * w).times(k))
        }
        _ => None,
    }
}

/// u ⊙ w with u the first factor that has a whole positive power, a product before others: it joins the product.
fn split<'g>(mut list: Weighted<'g>, shape: Shape) -> Option<(Expr<'g>, Expr<'g>)> {
    let whole = |p: Ratio| p.is_integer() && !p.is_negative() && !p.is_zero();
    let joins = list.iter().position(|(x, p)| whole(*p) && x.is(&PRODUCT));
    let at = joins.or_else(|| list.iter().position(|(_, p)| whole(*p)))?;
    let (u, p) = list[at];
    if list.len() == 1 && p == Ratio::ONE {
        return None;
    }
    list[at].1 = p.plus(Ratio::MINUS_ONE);
    list.retain(|f| !f.1.is_zero());
    let (operands, data) = super::monomials::split(list);
    let wanted = Wanted { graph: u.graph, op: &POWERS, data, operands, shape };
    Some((u, powers(&wanted)?))
}
