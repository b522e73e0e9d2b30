//! Products, factor by factor: which way of evaluating a product of two is the one without a transpose.

use super::chains::{is_twin, order};
use super::choices::upright;
use super::cost::extent;
use super::factored::solved;
use super::lower::{Lowering, transposed};
use crate::algebra;
use crate::ir::{Data, Dim, Expr, Id, Shape, Weighted};
use crate::ops::OpDef;
use crate::ops::arithmetic::SCALE;
use crate::ops::lowered::{
    COLUMN_SUM, COMMUTE_COLUMNS, COMMUTE_ROWS, INNER, MUL_TR, NORM_SQUARED, ROW_SUM, SCALE_COLUMNS,
    SCALE_ROWS, TOTAL, TR_INNER, TR_MUL,
};
use crate::ops::products::{KRONECKER, PRODUCT};
use crate::ops::structure::{COMMUTATION, DIAGONAL_MATRIX, IDENTITY, TRANSPOSE, reshape};

impl<'c, 's> Lowering<'c, 's> {
    /// The product of these factors in the cheapest order.
    pub(super) fn chain(&mut self, f: &[Expr<'c>]) -> Expr<'s> {
        if let [a, x, b] = f
            && (a.is_ones() && a.shape().rows == Dim::ONE)
            && (b.is_ones() && b.shape().columns == Dim::ONE)
        {
            return self.lower(*x).reduce(&TOTAL);
        }
        // What the factors need may be at hand for the chain itself: in XᵀAX (XᵀAX)⁻¹, say.
        self.lower_whole(f);
        let order = order(f, false, |i, j| self.at_hand(&f[i..=j]).is_some());
        self.segment(f, 0, f.len() - 1, &|i, j| order.cut(i, j))
    }

    /// tr of the product of these factors, without its last product.
    pub(super) fn trace(&mut self, product: Expr<'c>) -> Expr<'s> {
        let f = product.operands();
        self.lower_whole(&f);
        let order = order(&f, true, |i, j| self.at_hand(&f[i..=j]).is_some());
        let cut = |i, j| order.cut(i, j);
        let k = order.cut(0, f.len() - 1);
        let (left, right) = self.halves(&f, (0, k, f.len() - 1), &cut);
        match () {
            () if left.is(&TRANSPOSE) && left.operand(0) == right => right.reduce(&NORM_SQUARED),
            () if left.is(&TRANSPOSE) => pair(&INNER, left.operand(0), right, Shape::SCALAR),
            () if right.is(&TRANSPOSE) && right.operand(0) == left => left.reduce(&NORM_SQUARED),
            () if right.is(&TRANSPOSE) => pair(&INNER, left, right.operand(0), Shape::SCALAR),
            () => pair(&TR_INNER, left, right, Shape::SCALAR),
        }
    }

    /// The diagonal of the product of these factors, without its last product: (A ∘ Bᵀ) 1 of A B.
    pub(super) fn diagonal(&mut self, product: Expr<'c>) -> Expr<'s> {
        let f = product.operands();
        self.lower_whole(&f);
        let order = order(&f, true, |i, j| self.at_hand(&f[i..=j]).is_some());
        let cut = |i, j| order.cut(i, j);
        let (left, right) = self.halves(&f, (0, cut(0, f.len() - 1), f.len() - 1), &cut);
        let along =
            |row: &'static OpDef, x: Expr<'s>, shape: Shape| x.graph.apply(row, Data::None, &[x], shape);
        let column = Shape::column(left.shape().rows);
        match () {
            () if left.shape().is_column() => left.hadamard(transposed(right)),
            () if left.is(&TRANSPOSE) && !right.is(&TRANSPOSE) => {
                transposed(along(&ROW_SUM, left.operand(0).hadamard(right), column.transposed()))
            }
            () => along(&COLUMN_SUM, left.hadamard(transposed(right)), column),
        }
    }

    /// The two sides of a cut; of two that are each other's transpose only the right one is computed.
    fn halves(
        &mut self,
        f: &[Expr<'c>],
        (i, k, j): (usize, usize, usize),
        cut: &dyn Fn(usize, usize) -> usize,
    ) -> (Expr<'s>, Expr<'s>) {
        if is_twin(f, i, k, j) {
            let right = self.segment(f, k + 1, j, cut);
            return (transposed(right), right);
        }
        let left = self.segment(f, i, k, cut);
        (left, self.segment(f, k + 1, j, cut))
    }

    fn segment(
        &mut self,
        f: &[Expr<'c>],
        i: usize,
        j: usize,
        cut: &dyn Fn(usize, usize) -> usize,
    ) -> Expr<'s> {
        if i == j {
            return self.lower(f[i]);
        }
        if let Some(known) = self.at_hand(&f[i..=j]) {
            return known;
        }
        let k = cut(i, j);
        let product = self.spread(f, (i, k, j)).unwrap_or_else(|| {
            let (left, right) = self.halves(f, (i, k, j), cut);
            multiplied(left, right)
        });
        self.segments.insert(key(&f[i..=j]), product);
        product
    }

    /// Lowers the factors, except those that are multiplied out and so never computed as they stand.
    fn lower_whole(&mut self, f: &[Expr<'c>]) {
        for x in
            f.iter().filter(|x| f.len() == 1 || !self.spread.contains(&upright(**x).id)).collect::<Vec<_>>()
        {
            self.lower(*x);
        }
    }

    /// A (u vᵀ + w zᵀ) B as (A u)(vᵀB) + (A w)(zᵀB), if the sum is to be multiplied out: vectors meet matrices first.
    pub(super) fn in_rank_one(&self, x: Expr<'c>) -> Option<Weighted<'c>> {
        let factors = x.operands();
        let is_outer = |y: Expr<'c>| {
            let body = if y.is(&SCALE) { y.operand(1) } else { y };
            body.is(&PRODUCT) && body.operands().iter().skip(1).any(|f| f.shape().rows == Dim::ONE)
        };
        let at = factors.iter().position(|f| {
            self.spread.contains(&upright(*f).id)
                && algebra::as_terms(*f).into_iter().all(|(y, _)| is_outer(y))
        })?;
        let with = |y| {
            let mut factors = factors.clone();
            factors[at] = y;
            x.graph.product(&factors)
        };
        Some(algebra::as_terms(factors[at]).into_iter().map(|(y, k)| (with(y), k)).collect())
    }

    /// (A + B) C as A C + B C, if the sum is to be multiplied out: each term goes into a product of its own.
    fn spread(&mut self, f: &[Expr<'c>], (i, k, j): (usize, usize, usize)) -> Option<Expr<'s>> {
        let is_spread = |x: Expr<'c>| self.spread.contains(&upright(x).id);
        let at = match () {
            () if i == k && is_spread(f[i]) => i,
            () if k + 1 == j && is_spread(f[j]) => j,
            () => return None,
        };
        let graph = f[at].graph;
        let with = |y: Expr<'c>| {
            let mut factors = f[i..=j].to_vec();
            factors[at - i] = y;
            graph.product(&factors)
        };
        let list = algebra::as_terms(f[at]).into_iter().map(|(y, q)| (with(y), q)).collect();
        Some(self.combination(list, Shape::of(f[i].shape().rows, f[j].shape().columns)))
    }

    /// What these factors have become already, or what their transpose has.
    fn at_hand(&self, f: &[Expr<'c>]) -> Option<Expr<'s>> {
        if let Some(known) = self.segments.get(&key(f)) {
            return Some(*known);
        }
        let turned: Vec<Id> = f.iter().rev().map(|x| x.t().id).collect();
        self.segments.get(&turned).map(|known| transposed(*known))
    }
}

fn key(f: &[Expr<'_>]) -> Vec<Id> {
    f.iter().map(|x| x.id).collect()
}

fn pair<'s>(op: &'static OpDef, a: Expr<'s>, b: Expr<'s>, shape: Shape) -> Expr<'s> {
    a.graph.apply(op, Data::None, &[a, b], shape)
}

/// The product of two factors that are at hand.
pub(super) fn multiplied<'s>(a: Expr<'s>, b: Expr<'s>) -> Expr<'s> {
    let shape = Shape::of(a.shape().rows, b.shape().columns);
    let special = with_ones(a, b, shape).or_else(|| solved(a, b, shape));
    if let Some(known) = special.or_else(|| in_blocks(a, b, shape)) {
        return known;
    }
    if a.is(&DIAGONAL_MATRIX) {
        return pair(&SCALE_ROWS, a.operand(0), b, shape);
    }
    if b.is(&DIAGONAL_MATRIX) {
        return pair(&SCALE_COLUMNS, a, b.operand(0), shape);
    }
    match (a.is(&TRANSPOSE), b.is(&TRANSPOSE)) {
        _ if shape.is_scalar() => scalar_product(a, b),
        (true, _) => pair(&TR_MUL, a.operand(0), b, shape),
        (false, true) => pair(&MUL_TR, a, b.operand(0), shape),
        (false, false) => pair(&PRODUCT, a, b, shape),
    }
}

fn scalar_product<'s>(a: Expr<'s>, b: Expr<'s>) -> Expr<'s> {
    match () {
        () if a.is(&TRANSPOSE) && a.operand(0) == b => b.reduce(&NORM_SQUARED),
        () if b.is(&TRANSPOSE) && b.operand(0) == a => a.reduce(&NORM_SQUARED),
        () if a.is(&TRANSPOSE) => pair(&INNER, a.operand(0), b, Shape::SCALAR),
        () if b.is(&TRANSPOSE) => pair(&INNER, a, b.operand(0), Shape::SCALAR),
        () => pair(&TR_INNER, a, b, Shape::SCALAR),
    }
}

/// K B and A K only move entries; L (pᵀ ⊗ Q) = pᵀ ⊗ L Q, and so on where a Kronecker product has a factor of width one.
fn in_blocks<'s>(a: Expr<'s>, b: Expr<'s>, shape: Shape) -> Option<Expr<'s>> {
    let graph = a.graph;
    if a.is(&COMMUTATION) {
        return Some(graph.apply(&COMMUTE_ROWS, a.node().data().clone(), &[b], shape));
    }
    if b.is(&COMMUTATION) {
        return Some(graph.apply(&COMMUTE_COLUMNS, b.node().data().clone(), &[a], shape));
    }
    let (left, right) = match (a.is(&KRONECKER), b.is(&KRONECKER)) {
        (_, true) if b.operand(0).shape().is_row() => (b.operand(0), multiplied_by(a, b.operand(1))),
        (_, true) if b.operand(1).shape().is_row() => (multiplied_by(a, b.operand(0)), b.operand(1)),
        (true, _) if a.operand(0).shape().is_column() => (a.operand(0), multiplied_by(a.operand(1), b)),
        (true, _) if a.operand(1).shape().is_column() => (multiplied_by(a.operand(0), b), a.operand(1)),
        (true, _) if b.shape().is_column() => return Some(vectors_first(a, b)),
        (_, true) if a.shape().is_row() => {
            return Some(transposed(vectors_first(transposed_kronecker(b), transposed(a))));
        }
        _ => return None,
    };
    Some(pair(&KRONECKER, left, right, shape))
}

/// (A ⊗ B) vec V = vec(B V Aᵀ)
fn vectors_first<'s>(kronecker: Expr<'s>, v: Expr<'s>) -> Expr<'s> {
    let (a, b) = (kronecker.operand(0), kronecker.operand(1));
    let matrix = reshape(v, Shape::of(b.shape().columns, a.shape().columns));
    let at = transposed(a);
    // B V first if it is the smaller of the two.
    let product = match extent(b.shape().rows) * extent(a.shape().columns)
        <= extent(b.shape().columns) * extent(a.shape().rows)
    {
        true => multiplied_by(multiplied_by(b, matrix), at),
        false => multiplied_by(b, multiplied_by(matrix, at)),
    };
    reshape(product, Shape::column(kronecker.shape().rows))
}

fn transposed_kronecker(x: Expr<'_>) -> Expr<'_> {
    let factors = [transposed(x.operand(0)), transposed(x.operand(1))];
    pair(&KRONECKER, factors[0], factors[1], x.shape().transposed())
}

fn multiplied_by<'s>(a: Expr<'s>, b: Expr<'s>) -> Expr<'s> {
    match () {
        () if b.is(&IDENTITY) => a,
        () if a.is(&IDENTITY) => b,
        () => multiplied(a, b),
    }
}

/// 1ᵀX and X1 are sums of columns and rows.
fn with_ones<'s>(a: Expr<'s>, b: Expr<'s>, shape: Shape) -> Option<Expr<'s>> {
    let sums_rows = a.is_ones() && a.shape().rows == Dim::ONE;
    let sums_columns = b.is_ones() && b.shape().columns == Dim::ONE;
    let through = |x: Expr<'s>| if x.is(&TRANSPOSE) { x.operand(0) } else { x };
    match () {
        () if sums_rows && shape.is_scalar() => Some(through(b).reduce(&TOTAL)),
        () if sums_columns && shape.is_scalar() => Some(through(a).reduce(&TOTAL)),
        () if sums_rows && !b.is(&TRANSPOSE) => Some(b.graph.apply(&ROW_SUM, Data::None, &[b], shape)),
        () if sums_columns && !a.is(&TRANSPOSE) => Some(a.graph.apply(&COLUMN_SUM, Data::None, &[a], shape)),
        () => None,
    }
}
