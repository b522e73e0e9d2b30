//! Kronecker products, and the matrices that exchange rows and columns.

use super::neighbours::Replacement;
use super::rules;
use super::terms::{keep, scaled, term, terms};
use crate::ir::{Data, Dim, Expr, Properties, Ratio, Shape, Wanted};
use crate::ops::products::KRONECKER;
use crate::ops::structure::{
    COMMUTATION, IDENTITY, LOWER, UPPER, commutation, commuted, reshape, vectorised,
};

/// Canonical form of A ⊗ B.
pub fn kronecker<'g>(wanted: &Wanted<'g>) -> Option<Expr<'g>> {
    let [a, b] = wanted.operands[..] else { return None };
    match () {
        () if a.is_scalar() => Some(a * b),
        () if b.is_scalar() => Some(b * a),
        () if a.is(&IDENTITY) && b.is(&IDENTITY) => Some(a.graph.identity(wanted.shape.rows)),
        () => {
            let (p, q) = (term(a), term(b));
            let whole = p.body == a && q.body == b;
            (!whole).then(|| {
                let body = keep(&KRONECKER, Data::None, &[p.body, q.body], wanted.shape);
                scaled(p.k.times(q.k), [p.scalars, q.scalars].concat(), body)
            })
        }
    }
}

/// (A ⊗ B)(C ⊗ D) = AC ⊗ BD
pub(super) fn kroneckers<'g>(_: &[Expr<'g>], a: Expr<'g>, b: Expr<'g>) -> Replacement<'g> {
    if !(a.is(&KRONECKER) && b.is(&KRONECKER)) {
        return None;
    }
    let [p, q, u, v] = [a.operand(0), a.operand(1), b.operand(0), b.operand(1)];
    if p.shape().columns != u.shape().rows || q.shape().columns != v.shape().rows {
        return None;
    }
    a.graph.fire(rules::KRONECKERS);
    let (left, right) = (p * u, q * v);
    let shape = Shape::of(a.shape().rows, b.shape().columns);
    Some((2, vec![a.graph.apply(&KRONECKER, Data::None, &[left, right], shape)]))
}

/// (A ⊗ B) vec V = vec(B V Aᵀ) at the end of a product: the Kronecker product is never formed.
pub(super) fn kronecker_vector<'g>(f: &[Expr<'g>], a: Expr<'g>, _: Expr<'g>) -> Replacement<'g> {
    if !a.is(&KRONECKER) {
        return None;
    }
    let len = 2 + f[1..].iter().position(|x| x.shape().columns == Dim::ONE)?;
    if len != f.len() {
        return None;
    }
    let (p, q) = (a.operand(0), a.operand(1));
    let v = reshape(a.graph.product(&f[1..len]), Shape::of(q.shape().columns, p.shape().columns));
    a.graph.fire(rules::KRONECKER_VECTOR);
    Some((len, vec![reshape(q * v * p.t(), Shape::column(a.shape().rows))]))
}

/// xᵀ (A ⊗ B) = ((Aᵀ ⊗ Bᵀ) x)ᵀ at the beginning of a product.
pub(super) fn row_kronecker<'g>(f: &[Expr<'g>], a: Expr<'g>, _: Expr<'g>) -> Replacement<'g> {
    if a.shape().rows != Dim::ONE {
        return None;
    }
    let end = f[1..].iter().position(|x| x.shape().rows == Dim::ONE).map_or(f.len(), |k| k + 1);
    let at = (1..end).find(|k| f[*k].is(&KRONECKER))?;
    let row = a.graph.product(&f[..at]);
    Some((at + 1, vec![(f[at].t() * row.t()).t()]))
}

/// (I + K)(I + K) = 2 (I + K) for the K that is its own inverse.
pub(super) fn symmetrised_twice<'g>(_: &[Expr<'g>], a: Expr<'g>, b: Expr<'g>) -> Replacement<'g> {
    let terms = terms(a).filter(|terms| a == b && terms.len() == 2 && terms[0].1 == terms[1].1)?;
    let k = terms.iter().find_map(|(x, _)| exchanged(*x))?;
    let number = terms[0].1.times(Ratio::int(2));
    let holds = k.rows == k.columns && terms.iter().any(|(x, _)| x.is(&IDENTITY));
    holds.then(|| {
        a.graph.fire(rules::SYMMETRISED_TWICE);
        (2, vec![a.graph.number(number), a])
    })
}

/// K K = I, and K vec X = vec Xᵀ up to the first cut of width one.
pub(super) fn commutation_before<'g>(f: &[Expr<'g>], a: Expr<'g>, b: Expr<'g>) -> Replacement<'g> {
    let of = exchanged(a)?;
    if exchanged(b) == Some(of.transposed()) {
        a.graph.fire(rules::COMMUTATIONS);
        return Some((2, vec![]));
    }
    let len = 2 + f[1..].iter().position(|x| x.shape().columns == Dim::ONE)?;
    a.graph.fire(rules::COMMUTED_VECTOR);
    Some((len, vec![reshape(a.graph.product(&f[1..len]), of).t().vec()]))
}

/// (A ⊗ B) K = K (B ⊗ A), and (vec X)ᵀ K = (Kᵀ vec X)ᵀ from the last cut of width one on.
pub(super) fn commutation_after<'g>(f: &[Expr<'g>], a: Expr<'g>, b: Expr<'g>) -> Replacement<'g> {
    if a.shape().rows == Dim::ONE {
        let end = f[1..].iter().position(|x| x.shape().rows == Dim::ONE).map_or(f.len(), |k| k + 1);
        let at = (1..end).find(|k| f[*k].is(&COMMUTATION))?;
        let row = a.graph.product(&f[..at]);
        return Some((at + 1, vec![(f[at].t() * row.t()).t()]));
    }
    let of = exchanged(b).filter(|_| a.is(&KRONECKER))?;
    let (p, q) = (a.operand(0), a.operand(1));
    if of != Shape::of(p.shape().columns, q.shape().columns) {
        return None;
    }
    a.graph.fire(rules::COMMUTED);
    let turned = a.graph.apply(&KRONECKER, Data::None, &[q, p], a.shape());
    Some((2, vec![commuted(Shape::of(p.shape().rows, q.shape().rows), turned)]))
}

/// The shape of the matrices whose rows and columns K exchanges.
fn exchanged(k: Expr<'_>) -> Option<Shape> {
    match k.node().data() {
        Data::Shape(of) if k.is(&COMMUTATION) => Some(*of),
        _ => None,
    }
}

/// Kᵀ takes vec Xᵀ back to vec X.
pub(super) fn turned_back(k: Expr<'_>) -> Option<Expr<'_>> {
    exchanged(k).map(|of| commutation(k.graph, of.transposed(), k.shape().rows))
}

/// The matrix P that takes vec X to that of the part of X that lies in a structure; I where there is none.
pub fn projector(x: Expr<'_>, onto: Properties) -> Expr<'_> {
    let graph = x.graph;
    let Some(n) = vectorised(x.shape()) else { return graph.identity(Dim::Constant("_")) };
    let identity = graph.identity(n);
    let masked = |op| x.ones().apply(op).vec().diagonal_matrix();
    match () {
        () if onto.symmetric => (identity + commutation(graph, x.shape(), n)).times(Ratio::HALF),
        () if onto.lower => masked(&LOWER),
        () if onto.upper => masked(&UPPER),
        () => identity,
    }
}
