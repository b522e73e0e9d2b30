//! Canonical order. It is structural, never by id, so it does not depend on the history of the graph: constants, then
//! heavier before lighter, then fewer transposes, then kind of node, then operands.

use std::cmp::Ordering;

use crate::ir::{Constant, Data, Dim, Expr, Id, Leaf, Node, Shape};
use crate::ops;

/// Canonical order of two nodes.
pub(super) fn order(a: Expr<'_>, b: Expr<'_>) -> Ordering {
    if a == b {
        return Ordering::Equal;
    }
    let (p, q) = (a.measure(), b.measure());
    (p.leaves != 0)
        .cmp(&(q.leaves != 0))
        .then(q.leaves.cmp(&p.leaves))
        .then(p.turned.cmp(&q.turned))
        .then_with(|| order_nodes(a, b))
        .then_with(|| a.shape().cmp(&b.shape()))
}

fn order_nodes(a: Expr<'_>, b: Expr<'_>) -> Ordering {
    let (p, q) = (a.node(), b.node());
    rank(&p).cmp(&rank(&q)).then_with(|| match (&*p, &*q) {
        (Node::Leaf(x), Node::Leaf(y)) => leaf_key(x).cmp(&leaf_key(y)),
        (Node::IndexSum(x), Node::IndexSum(y)) => first_difference(&a.operands(), &b.operands())
            .then_with(|| order(a.graph.expr(x.body), b.graph.expr(y.body))),
        (Node::Scan(x), Node::Scan(y)) => first_difference(&a.operands(), &b.operands())
            .then_with(|| x.reversed.cmp(&y.reversed))
            .then_with(|| order_bodies(a, &x.next, &y.next)),
        (Node::Branch(x), Node::Branch(y)) => first_difference(&a.operands(), &b.operands())
            .then_with(|| order_bodies(a, &x.then, &y.then))
            .then_with(|| order_bodies(a, &x.other, &y.other)),
        (Node::Result(x, _), Node::Result(y, _)) => {
            first_difference(&a.operands(), &b.operands()).then_with(|| x.cmp(y))
        }
        _ => first_difference(&a.operands(), &b.operands()).then_with(|| order_data(p.data(), q.data())),
    })
}

fn order_bodies(of: Expr<'_>, a: &[Id], b: &[Id]) -> Ordering {
    let all = |list: &[Id]| list.iter().map(|x| of.graph.expr(*x)).collect::<Vec<_>>();
    first_difference(&all(a), &all(b))
}

/// Leaves first, then operations in the order of the table, then regions, sums last.
fn rank(node: &Node) -> usize {
    match node {
        Node::Leaf(_) => 0,
        Node::IndexSum(_) => ops::ALL.len() + 1,
        Node::Result(..) => ops::ALL.len() + 2,
        Node::Scan(_) => ops::ALL.len() + 3,
        Node::Branch(_) => ops::ALL.len() + 4,
        Node::Apply(..) if node.is(&ops::arithmetic::SUM) => ops::ALL.len() + 5,
        Node::Apply(op, ..) => {
            1 + ops::ALL.iter().position(|o| std::ptr::eq(*o, op.0)).unwrap_or(ops::ALL.len())
        }
    }
}

fn leaf_key(leaf: &Leaf) -> (u8, u64, &'static str) {
    match leaf {
        Leaf::Constant(Constant::Named(name)) => (0, 0, name),
        Leaf::Constant(Constant::Float(bits)) => (1, *bits, ""),
        Leaf::Extent(Dim::Known(n)) => (2, *n as u64, ""),
        Leaf::Extent(Dim::Parameter(name) | Dim::Constant(name)) => (2, 0, name),
        Leaf::Input(k) => (3, u64::from(*k), ""),
        Leaf::Kept(k) => (4, u64::from(*k), ""),
        Leaf::Direction(k) => (5, u64::from(*k), ""),
        Leaf::Cotangent => (6, 0, ""),
        Leaf::Variable(k) => (7, u64::from(*k), ""),
        Leaf::Parameter(k) => (8, u64::from(*k), ""),
    }
}

fn order_data(a: &Data, b: &Data) -> Ordering {
    match (a, b) {
        (Data::Coefficients(a), Data::Coefficients(b)) | (Data::Exponents(a), Data::Exponents(b)) => a.cmp(b),
        (Data::Affine(a, c), Data::Affine(b, d)) => (a, c).cmp(&(b, d)),
        (Data::Positions(a), Data::Positions(b)) => a.cmp(b),
        (Data::Kept(a), Data::Kept(b)) => a.cmp(b),
        (Data::Shape(a), Data::Shape(b)) => a.cmp(b),
        (Data::Foreign(a), Data::Foreign(b)) => a.cmp(b),
        _ => Ordering::Equal,
    }
}

/// Order of two lists: fewer transposes, then the first difference, then the shorter.
pub(super) fn order_all(a: &[Expr<'_>], b: &[Expr<'_>]) -> Ordering {
    let turned = |list: &[Expr<'_>]| list.iter().fold(0u64, |sum, x| sum.saturating_add(x.measure().turned));
    turned(a).cmp(&turned(b)).then_with(|| first_difference(a, b))
}

fn first_difference(a: &[Expr<'_>], b: &[Expr<'_>]) -> Ordering {
    let different = a.iter().zip(b).find(|(x, y)| x != y).map(|(x, y)| order(*x, *y));
    different.unwrap_or(a.len().cmp(&b.len()))
}

/// Order of commuting factors: lighter first.
pub(super) fn factor_order(a: Expr<'_>, b: Expr<'_>) -> Ordering {
    a.measure().leaves.cmp(&b.measure().leaves).then_with(|| order(a, b))
}

/// Is the transposed reading (operands `turned`) of a node of this shape better than `upright`? Columns before rows.
pub(super) fn prefers_transpose(shape: Shape, upright: &[Expr<'_>], turned: &[Expr<'_>]) -> bool {
    shape.is_row() || (!shape.is_column() && order_all(turned, upright).is_lt())
}
