//! Transposes and diagonals.

use super::blocks::{is_of_blocks, placed_vector};
use super::kronecker::turned_back;
use super::order::factor_order;
use super::rules;
use super::sums::{merge, turned};
use super::terms::{keep, scaled, term};
use crate::ir::{Data, Dim, Expr, Properties, Ratio, Shape, Wanted, Weighted};
use crate::ops::arithmetic::{POWERS, SCALE, SUM};
use crate::ops::products::{KRONECKER, PRODUCT};
use crate::ops::spectral::EXPONENTIAL;
use crate::ops::structure::{
    COMMUTATION, DIAGONAL, DIAGONAL_MATRIX, ENTRIES, IDENTITY, LOWER, RESHAPE, SCATTER, SLICE, TRANSPOSE,
    UPPER, reshape,
};
use crate::ops::systems::{COFACTOR, INVERSE};

/// Canonical form of Xᵀ: transposes go to the leaves of products; sums and entrywise nodes carry them outside.
pub fn transpose<'g>(wanted: &Wanted<'g>) -> Option<Expr<'g>> {
    let x = wanted.operands[0];
    if x.is_scalar() || x.is(&IDENTITY) || x.is(&DIAGONAL_MATRIX) {
        return Some(x);
    }
    if x.properties().symmetric {
        x.graph.fire(rules::SYMMETRIC);
        return Some(x);
    }
    let turned = wanted.shape;
    match x.node().op()? {
        op if std::ptr::eq(op, &TRANSPOSE) => Some(x.operand(0)),
        op if std::ptr::eq(op, &crate::ops::structure::ONES) => Some(x.graph.ones(turned)),
        op if std::ptr::eq(op, &SCALE) => Some(x.operand(0) * x.operand(1).t()),
        op if std::ptr::eq(op, &PRODUCT) => {
            x.graph.fire(rules::TRANSPOSE_PRODUCT);
            let factors: Vec<_> = x.operands().into_iter().rev().map(|f| f.t()).collect();
            Some(x.graph.product(&factors))
        }
        op if std::ptr::eq(op, &KRONECKER) => {
            let factors: Vec<_> = x.operands().into_iter().map(|f| f.t()).collect();
            Some(x.graph.apply(&KRONECKER, Data::None, &factors, turned))
        }
        op if std::ptr::eq(op, &COMMUTATION) => turned_back(x),
        op if std::ptr::eq(op, &SUM) => transposed_sum(x),
        op if std::ptr::eq(op, &POWERS) => {
            let mut list: Weighted<'g> = x.weighted().into_iter().map(|(f, p)| (f.t(), p)).collect();
            list.sort_by(|a, b| factor_order(a.0, b.0));
            (list == x.weighted()).then_some(x)
        }
        op if std::ptr::eq(op, &INVERSE) || std::ptr::eq(op, &COFACTOR) || std::ptr::eq(op, &EXPONENTIAL) => {
            let inner = x.operand(0);
            (inner.t() == inner).then_some(x)
        }
        op => transposed_places(op, x, turned),
    }
}

fn transposed_sum(x: Expr<'_>) -> Option<Expr<'_>> {
    let list = x.weighted();
    if let [(y, k)] = list[..] {
        return Some(y.t().times(k));
    }
    if is_of_blocks(&list, x.shape()) {
        return Some(over_terms(list, Expr::t, x.shape().transposed()));
    }
    (merge(turned(&list)) == list).then_some(x)
}

/// Transposes of what only moves entries.
fn transposed_places<'g>(op: &'static crate::ops::OpDef, x: Expr<'g>, turned: Shape) -> Option<Expr<'g>> {
    if std::ptr::eq(op, &ENTRIES) {
        if x.shape().is_column() {
            return None;
        }
        let node = x.node();
        let places = node.data().positions().iter().map(|(i, j)| (*j, *i));
        let list: Vec<_> = places.zip(x.operands()).collect();
        return Some(x.graph.entries(&list, turned));
    }
    if std::ptr::eq(op, &SCATTER) {
        return Some(x.operand(0).t().scatter(x.operand(2), x.operand(1), turned));
    }
    if std::ptr::eq(op, &SLICE) {
        let inner = x.operand(0).t();
        // Only where the transpose vanishes: else Xᵀ would be formed to read a part of it.
        return (!inner.is(&TRANSPOSE)).then(|| inner.slice(x.operand(2), x.operand(1), turned));
    }
    let other = match op {
        op if std::ptr::eq(op, &LOWER) => &UPPER,
        op if std::ptr::eq(op, &UPPER) => &LOWER,
        _ => return None,
    };
    let inner = x.operand(0).t();
    Some(inner.apply(other))
}

/// Canonical form of diag(v).
pub fn diagonal_matrix<'g>(wanted: &Wanted<'g>) -> Option<Expr<'g>> {
    let v = wanted.operands[0];
    if v.is_scalar() {
        return Some(v);
    }
    let split = term(v);
    let body = if split.body.is_ones() {
        v.graph.identity(v.shape().rows)
    } else if split.body == v {
        return None;
    } else {
        keep(&DIAGONAL_MATRIX, Data::None, &[split.body], wanted.shape)
    };
    Some(scaled(split.k, split.scalars, body))
}

/// Canonical form of the diagonal of X.
pub fn diagonal<'g>(wanted: &Wanted<'g>) -> Option<Expr<'g>> {
    let x = wanted.operands[0];
    let graph = wanted.graph;
    if x.is_scalar() {
        return Some(x);
    }
    if x.is(&IDENTITY) || x.is_ones() {
        return Some(graph.ones(wanted.shape));
    }
    if x.is(&DIAGONAL_MATRIX) {
        return Some(x.operand(0));
    }
    if x.is(&TRANSPOSE) {
        return Some(x.operand(0).diagonal());
    }
    if x.is(&INVERSE) && (x.properties().lower || x.properties().upper) {
        graph.fire(rules::TRIANGLE_INVERSE);
        return Some(x.operand(0).diagonal().power(Ratio::MINUS_ONE));
    }
    if x.is(&POWERS) {
        let list: Weighted<'g> = x.weighted().into_iter().map(|(f, p)| (f.diagonal(), p)).collect();
        return Some(graph.powers(&list, wanted.shape));
    }
    let factors = if x.is(&PRODUCT) { x.operands() } else { return None };
    let scaling = [0, factors.len() - 1].into_iter().find(|k| factors[*k].is(&DIAGONAL_MATRIX));
    if let Some(k) = scaling {
        graph.fire(rules::DIAGONAL_SCALED);
        let v = factors[k].operand(0);
        let rest = if k == 0 { &factors[1..] } else { &factors[..k] };
        return Some(v.hadamard(graph.product(rest).diagonal()));
    }
    match factors[..] {
        [a, b] if a.shape().columns == Dim::ONE => {
            graph.fire(rules::DIAGONAL_OUTER);
            Some(a.hadamard(b.t()))
        }
        _ => None,
    }
}

/// diagonal(A diag(v) B) as the product (A ⊙ Bᵀ) v, from which the matrix of a linear map is read off. Elsewhere the
/// product A diag(v) B may be at hand, and its diagonal for nothing.
pub fn as_product(x: Expr<'_>) -> Option<Expr<'_>> {
    let product = x.is(&DIAGONAL).then(|| x.operand(0)).filter(|y| y.is(&PRODUCT))?;
    let (graph, factors) = (x.graph, product.operands());
    let k = factors.iter().position(|f| f.is(&DIAGONAL_MATRIX))?;
    let (left, right) = (graph.product(&factors[..k]), graph.product(&factors[k + 1..]));
    Some(left.hadamard(right.t()) * factors[k].operand(0))
}

/// Canonical form of the same entries in another shape.
pub fn reshaped<'g>(wanted: &Wanted<'g>) -> Option<Expr<'g>> {
    let x = wanted.operands[0];
    match () {
        () if x.shape() == wanted.shape => Some(x),
        () if x.is(&RESHAPE) => {
            x.graph.fire(rules::RESHAPE_OF_RESHAPE);
            Some(reshape(x.operand(0), wanted.shape))
        }
        () if x.is_ones() => Some(x.graph.ones(wanted.shape)),
        () if let Some(placed) = placed_vector(x, wanted.shape) => Some(placed),
        () if x.shape().is_vector() && wanted.shape == x.shape().transposed() => Some(x.t()),
        () => None,
    }
}

/// Canonical form of one triangle of X.
pub fn triangle<'g>(wanted: &Wanted<'g>) -> Option<Expr<'g>> {
    let x = wanted.operands[0];
    if x.is_scalar() {
        return Some(x);
    }
    let known = x.properties();
    let (own, other) = match std::ptr::eq(wanted.op, &LOWER) {
        true => (known.lower, known.upper),
        false => (known.upper, known.lower),
    };
    if own || other {
        x.graph.fire(rules::TRIANGLE);
    }
    match () {
        () if own => Some(x),
        () if other => Some(x.diagonal().diagonal_matrix()),
        () => None,
    }
}

/// A variable as what is stated of it allows to read it: of a diagonal matrix only the diagonal, so that its gradient
/// comes out diagonal.
pub fn restricted(x: Expr<'_>, stated: Properties) -> Expr<'_> {
    if stated.is_diagonal() { x.diagonal().diagonal_matrix() } else { x }
}

/// The part of a gradient that lies in the structure of its variable: ½(G + Gᵀ), one triangle, or all of it.
pub fn project(g: Expr<'_>, onto: Properties) -> Expr<'_> {
    match () {
        () if onto.symmetric => (g + g.t()).times(Ratio::HALF),
        () if onto.lower => g.apply(&LOWER),
        () if onto.upper => g.apply(&UPPER),
        () => g,
    }
}

/// Of a matrix that is known to be symmetric and of its transpose, the one that is no transpose.
pub fn of_symmetric(x: Expr<'_>) -> Expr<'_> {
    if x.is(&TRANSPOSE) { x.operand(0) } else { x }
}

/// A or Aᵀ, whichever comes first: operations that do not care see one of the two.
pub(super) fn upright(x: Expr<'_>) -> Expr<'_> {
    let t = x.t();
    let turn = x.is(&TRANSPOSE) || (!t.is(&TRANSPOSE) && super::order::order(t, x).is_lt());
    if turn { t } else { x }
}

/// Σ kᵢ·ℓ(Xᵢ) for the terms of a sum.
pub(super) fn over_terms<'g>(
    list: Weighted<'g>,
    map: impl Fn(Expr<'g>) -> Expr<'g>,
    shape: Shape,
) -> Expr<'g> {
    let graph = list[0].0.graph;
    let mapped: Vec<(Expr<'g>, Ratio)> = list.into_iter().map(|(x, k)| (map(x), k)).collect();
    graph.combination(&mapped, shape)
}
