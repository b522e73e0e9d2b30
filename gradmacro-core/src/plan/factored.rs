//! Inverses, determinants and decompositions in terms of the factorisation that serves their matrix.

use super::cost::extent;
use super::lower::{Lowering, transposed};
use super::systems::tested;
use crate::ir::{Data, Expr, Shape};
use crate::ops::OpDef;
use crate::ops::factors::{
    COFACTORS, DEFINITE_INVERSE, EIGEN, EIGEN_VALUES, EIGEN_VECTORS, EIGENVALUES_ALONE, FACTOR_COFACTORS,
    FACTOR_DETERMINANT, FACTOR_INVERSE, FACTOR_L, FACTOR_LN_ABS_DETERMINANT, FACTOR_LN_DETERMINANT,
    LOWER_FACTORS, OF_LOWER, REQUIRED, SINGULAR_VALUES_ALONE, SOLVE, SVD, SVD_LEFT, SVD_RIGHT, SVD_VALUES,
    SYMMETRIC_COFACTORS, TESTED, TR_SOLVE, UPPER_FACTORS,
};
use crate::ops::spectral::{
    EIGENVECTORS, LEFT_SINGULAR_VECTORS, RIGHT_SINGULAR_VECTORS, SINGULAR_VALUES, SYMMETRIC_EIGENVALUES,
};
use crate::ops::structure::{LOWER, TRANSPOSE, UPPER};
use crate::ops::systems::{
    CHOLESKY, COFACTOR, DEMAND, DETERMINANT, INVERSE, LN_ABS_DETERMINANT, LN_DETERMINANT, MIRROR, REQUIRE,
};

/// What is computed from a factorisation in the place of each row.
static PARTS: &[(&OpDef, &OpDef)] = &[
    (&INVERSE, &FACTOR_INVERSE),
    (&DETERMINANT, &FACTOR_DETERMINANT),
    (&LN_DETERMINANT, &FACTOR_LN_DETERMINANT),
    (&LN_ABS_DETERMINANT, &FACTOR_LN_ABS_DETERMINANT),
    (&COFACTOR, &FACTOR_COFACTORS),
    (&CHOLESKY, &FACTOR_L),
];

impl<'c, 's> Lowering<'c, 's> {
    /// A node of a row that is computed from a factorisation; `None` for any other row.
    pub(super) fn system(&mut self, x: Expr<'c>, op: &'static OpDef) -> Option<Expr<'s>> {
        let is = |row: &'static OpDef| std::ptr::eq(op, row);
        let of = |row: &'static OpDef, factors: Expr<'s>| {
            factors.graph.apply(row, Data::None, &[factors], x.shape())
        };
        if let Some((_, part)) = PARTS.iter().find(|(row, _)| std::ptr::eq(*row, op)) {
            return Some(self.part(x, part));
        }
        Some(match () {
            () if is(&DEMAND) => self.test(x),
            () if is(&REQUIRE) => self.on(&REQUIRED, x.operand(0), x.node().data().clone()).reduce(&TESTED),
            () if is(&SYMMETRIC_EIGENVALUES) => {
                let vectors = self.has(x, &EIGENVECTORS, x.operand(0).shape());
                of(&EIGEN_VALUES, self.eigen(x, if vectors { &EIGEN } else { &EIGENVALUES_ALONE }))
            }
            () if is(&EIGENVECTORS) => of(&EIGEN_VECTORS, self.eigen(x, &EIGEN)),
            () if is(&SINGULAR_VALUES) => {
                let Shape { rows: k, .. } = x.shape();
                let Shape { rows, columns } = x.operand(0).shape();
                let vectors = self.has(x, &LEFT_SINGULAR_VECTORS, Shape::of(rows, k))
                    || self.has(x, &RIGHT_SINGULAR_VECTORS, Shape::of(columns, k));
                of(&SVD_VALUES, self.upright(x).apply(if vectors { &SVD } else { &SINGULAR_VALUES_ALONE }))
            }
            () if is(&LEFT_SINGULAR_VECTORS) || is(&RIGHT_SINGULAR_VECTORS) => {
                // Those of Xᵀ are the same, exchanged.
                let left = is(&LEFT_SINGULAR_VECTORS) != is_wide(x.operand(0));
                of(if left { &SVD_LEFT } else { &SVD_RIGHT }, self.upright(x).apply(&SVD))
            }
            () => return None,
        })
    }

    /// Is this row of the same matrix needed too?
    fn has(&self, x: Expr<'c>, row: &'static OpDef, shape: Shape) -> bool {
        self.systems.needs(x.graph.apply(row, Data::None, &[x.operand(0)], shape).id)
    }

    fn eigen(&mut self, x: Expr<'c>, row: &'static OpDef) -> Expr<'s> {
        self.on(row, x.operand(0), Data::None)
    }

    /// The operand, or its transpose if it is wide.
    fn upright(&mut self, x: Expr<'c>) -> Expr<'s> {
        let matrix = self.lower(x.operand(0));
        if is_wide(x.operand(0)) { transposed(matrix) } else { matrix }
    }

    fn part(&mut self, x: Expr<'c>, part: &'static OpDef) -> Expr<'s> {
        let factors = self.factors(x.operand(0));
        factors.graph.apply(part, Data::None, &[factors], x.shape())
    }

    /// The one factorisation of a matrix.
    fn factors(&mut self, matrix: Expr<'c>) -> Expr<'s> {
        let demand = self.systems.demand(matrix.id);
        self.on(self.systems.kind(matrix), matrix, demand)
    }

    fn on(&mut self, row: &'static OpDef, matrix: Expr<'c>, demand: Data) -> Expr<'s> {
        let is = |other: &'static OpDef| std::ptr::eq(row, other);
        let reads_part = (OF_LOWER.iter().any(|other| is(other)) && matrix.is(&MIRROR))
            || (is(&LOWER_FACTORS) && matrix.is(&LOWER))
            || (is(&UPPER_FACTORS) && matrix.is(&UPPER));
        let x = self.lower(if reads_part { matrix.operand(0) } else { matrix });
        x.graph.apply(row, demand, &[x], x.shape())
    }

    /// The test that a demand asks for.
    fn test(&mut self, x: Expr<'c>) -> Expr<'s> {
        let (matrix, data) = (x.operand(0), x.node().data().clone());
        let Data::Demand(k) = data else { return self.target.int(0) };
        let Some(test) = self.demands.get(k as usize).map(|demand| demand.test) else {
            return self.target.int(0);
        };
        let row = tested(matrix, test);
        let factors = match self.systems.meets(k) {
            Some(direct) => self.factors(x.graph.expr(direct)),
            None => self.on(row, matrix, data),
        };
        if factors.is(&LOWER_FACTORS) || factors.is(&UPPER_FACTORS) {
            // A triangular matrix is tested by solving: there is nothing to factorise.
            let shape = Shape::column(matrix.shape().rows);
            let right = self.target.zeros(shape);
            return self.target.apply(&SOLVE, Data::None, &[factors, right], shape);
        }
        factors.reduce(&TESTED)
    }
}

/// Has it more columns than rows?
fn is_wide(x: Expr<'_>) -> bool {
    x.shape().known().is_some_and(|(rows, columns)| rows < columns)
}

/// A product with an inverse is a solve.
pub(super) fn solved<'s>(a: Expr<'s>, b: Expr<'s>, shape: Shape) -> Option<Expr<'s>> {
    if let Some((factors, turned)) = inverse_of(a) {
        let row = if turned { &TR_SOLVE } else { &SOLVE };
        return Some(a.graph.apply(row, Data::None, &[factors, b], shape));
    }
    let (factors, turned) = inverse_of(b)?;
    if is_formed(factors) && extent(a.shape().rows) >= extent(b.shape().rows) {
        return None;
    }
    let row = if turned { &SOLVE } else { &TR_SOLVE };
    let x = a.graph.apply(row, Data::None, &[factors, transposed(a)], shape.transposed());
    Some(transposed(x))
}

/// Does the factorisation hold the inverse itself? Then several rows are multiplied by it as they are; a solve would have
/// them as columns.
fn is_formed(factors: Expr<'_>) -> bool {
    [&COFACTORS, &SYMMETRIC_COFACTORS, &DEFINITE_INVERSE].iter().any(|row| factors.is(row))
}

/// The factorisation whose inverse this node is, and whether it is transposed.
fn inverse_of(x: Expr<'_>) -> Option<(Expr<'_>, bool)> {
    match () {
        () if x.is(&FACTOR_INVERSE) => Some((x.operand(0), false)),
        () if x.is(&TRANSPOSE) && x.operand(0).is(&FACTOR_INVERSE) => Some((x.operand(0).operand(0), true)),
        () => None,
    }
}
