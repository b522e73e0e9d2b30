//! Which factorisation serves which matrix: one per matrix, for everything that the results need of it.
//!
//! What the user demanded of a factorisation (`try_inverse().unwrap()`, `cholesky()?`) decides which test is made and
//! what happens if it fails. A demand whose matrix is inverted is met by that very factorisation; any other is a test
//! of its own, made only if it could be noticed: always for `?`, and for a panic if what it guards is computed.

use std::collections::{HashMap, HashSet};

use super::Wanted;
use super::choices::Choices;
use super::opened::Opened;
use super::reach::{reach, reach_instead};
use crate::ir::walk::needed;
use crate::ir::{Data, Demanded, Expr, Id, Test};
use crate::ops::OpDef;
use crate::ops::factors::{
    CHOLESKY_FACTORS, COFACTORS, COMPLETE_LU, DEFINITE_INVERSE, LDLT, LOWER_FACTORS, LU, QR,
    SYMMETRIC_COFACTORS, UPPER_FACTORS,
};
use crate::ops::structure::TRANSPOSE;
use crate::ops::systems::{
    CHOLESKY, COFACTOR, DEMAND, DETERMINANT, INVERSE, LN_ABS_DETERMINANT, LN_DETERMINANT, PSEUDO_INVERSE,
};

/// Size up to which a matrix is inverted in closed form.
const CLOSED_FORM: usize = 4;

/// Likewise where nalgebra's Cholesky decides whether there is an inverse: the size up to which the closed form loses no more
/// digits, and knows where rounding may decide.
const DEFINITE_CLOSED_FORM: usize = 3;

/// What the results need of matrices.
#[derive(Default)]
pub(super) struct Systems {
    /// Rows that are computed from a matrix.
    needs: HashMap<Id, Vec<&'static OpDef>>,
    /// The demand that a matrix's factorisation meets.
    demanded: HashMap<Id, (u32, Test)>,
    /// The matrix whose factorisation meets a demand.
    met: HashMap<u32, Id>,
    /// Tests that are made for their own sake.
    pub(super) tests: Vec<Id>,
    /// Everything that is needed.
    nodes: HashSet<Id>,
}

static ROWS: &[&OpDef] =
    &[&INVERSE, &DETERMINANT, &LN_DETERMINANT, &LN_ABS_DETERMINANT, &COFACTOR, &CHOLESKY];

impl Systems {
    /// A survey of what the roots need.
    pub(super) fn of<'c>(wanted: &Wanted<'c>, choices: &Choices, opened: &mut Opened<'c>) -> Systems {
        let roots: Vec<Expr<'c>> = wanted.roots.iter().map(|root| wanted.graph.expr(*root)).collect();
        let nodes = reach_instead(&roots, &choices.instead, opened);
        let mut systems = Systems { nodes, ..Systems::default() };
        for x in systems.nodes.iter().map(|id| wanted.graph.expr(*id)) {
            if let Some(row) = x.node().op().filter(|op| ROWS.iter().any(|row| std::ptr::eq(*row, *op))) {
                systems.needs.entry(x.operand(0).id).or_default().push(row);
            }
        }
        let met: Vec<(bool, bool)> =
            wanted.demands.iter().map(|demand| systems.meet(demand, wanted, opened)).collect();
        // One test of its own, and all are made in the order of the source: what fails first there fails first here.
        if met.iter().any(|(_, own)| *own) {
            let noticed = wanted.demands.iter().zip(&met).filter(|(_, (noticed, _))| *noticed);
            systems.tests = noticed.map(|(demand, _)| demand.node).collect();
        }
        systems
    }

    /// Notes which factorisation meets the demand. Answers whether it is noticed, and whether it needs a test of its own.
    fn meet<'c>(&mut self, demand: &Demanded, wanted: &Wanted<'c>, opened: &mut Opened<'c>) -> (bool, bool) {
        let node = wanted.graph.expr(demand.node);
        if node.is(&PSEUDO_INVERSE) {
            return (demand.required || self.nodes.contains(&node.id), demand.required);
        }
        if demand.test == Test::Holds {
            return (true, true);
        }
        let mut inside: Vec<Id> = reach(node, opened).into_iter().collect();
        inside.sort();
        let (mut noticed, mut own) = (demand.required, demand.required);
        for x in inside.into_iter().map(|id| wanted.graph.expr(id)).filter(|x| x.is(&DEMAND)) {
            let Data::Demand(k) = *x.node().data() else { continue };
            let matrix = x.operand(0);
            let needed = self.is_needed(matrix);
            noticed |= needed;
            let Some(direct) = inverted(matrix, demand.test) else {
                own |= needed;
                continue;
            };
            let first = *self.demanded.entry(direct.id).or_insert((k, demand.test));
            match first.1 == demand.test {
                // The same test made twice fails at the same place.
                true => drop(self.met.insert(k, direct.id)),
                false => own |= needed,
            }
        }
        (noticed, own)
    }

    /// Is anything computed for which this matrix must have an inverse?
    fn is_needed(&self, matrix: Expr<'_>) -> bool {
        if matrix.is_scalar() {
            // A number has no factorisation that would be found among the nodes: its test is always made.
            return true;
        }
        let inverse = matrix.inverse();
        let inverses = needed(inverse.graph, &[inverse.id]).into_iter();
        self.needs.contains_key(&matrix.id)
            || inverses.filter(|x| inverse.graph.expr(*x).is(&INVERSE)).any(|x| self.nodes.contains(&x))
    }

    /// Which demand the factorisation of this matrix meets.
    pub(super) fn demand(&self, matrix: Id) -> Data {
        self.demanded.get(&matrix).map_or(Data::None, |(k, _)| Data::Demand(*k))
    }

    /// The matrix whose one factorisation meets this demand.
    pub(super) fn meets(&self, demand: u32) -> Option<Id> {
        self.met.get(&demand).copied()
    }

    /// Is this node needed by some result?
    pub(super) fn needs(&self, node: Id) -> bool {
        self.nodes.contains(&node)
    }

    /// The factorisation that serves this matrix.
    pub(super) fn kind(&self, matrix: Expr<'_>) -> &'static OpDef {
        let test = self.demanded.get(&matrix.id).map(|(_, test)| *test);
        let cofactors = self.needs.get(&matrix.id).is_some_and(|rows| wants(rows, &COFACTOR));
        let factor = self.needs.get(&matrix.id).is_some_and(|rows| wants(rows, &CHOLESKY));
        let known = matrix.properties();
        match test {
            _ if factor => &CHOLESKY_FACTORS,
            // Whether there is an answer must not hang on rounding: near singular matrices the test takes the roots that
            // `f` takes.
            Some(Test::Cholesky) if is_within(matrix, DEFINITE_CLOSED_FORM) => &DEFINITE_INVERSE,
            Some(Test::Cholesky) => &CHOLESKY_FACTORS,
            Some(Test::Lu) => &LU,
            Some(Test::CompleteLu) => &COMPLETE_LU,
            Some(Test::Qr) => &QR,
            _ if known.lower && !cofactors => &LOWER_FACTORS,
            _ if known.upper && !cofactors => &UPPER_FACTORS,
            // Cofactors are right at singular matrices too; an inverse times the determinant is not.
            _ if is_within(matrix, CLOSED_FORM) && (cofactors || !known.definite || matrix.is_scalar()) => {
                closed_form(matrix)
            }
            _ if is_within(matrix, CLOSED_FORM) => &DEFINITE_INVERSE,
            _ if known.definite => &LDLT,
            None if cofactors => &COMPLETE_LU,
            _ => &LU,
        }
    }
}

/// The factorisation on which a test is made for its own sake.
pub(super) fn tested(matrix: Expr<'_>, test: Test) -> &'static OpDef {
    let lower = matrix.properties().lower;
    if matrix.is_scalar() && test != Test::Cholesky {
        return &COFACTORS;
    }
    match test {
        Test::Cholesky => &CHOLESKY_FACTORS,
        Test::CompleteLu => &COMPLETE_LU,
        Test::Qr => &QR,
        Test::Triangular if lower => &LOWER_FACTORS,
        Test::Triangular => &UPPER_FACTORS,
        Test::Inverse if is_within(matrix, CLOSED_FORM) => closed_form(matrix),
        _ => &LU,
    }
}

fn closed_form(matrix: Expr<'_>) -> &'static OpDef {
    if !matrix.is_scalar() && matrix.t() == matrix { &SYMMETRIC_COFACTORS } else { &COFACTORS }
}

fn is_within(matrix: Expr<'_>, limit: usize) -> bool {
    matrix.shape().rows.known().is_some_and(|n| n <= limit)
}

fn wants(rows: &[&'static OpDef], row: &'static OpDef) -> bool {
    rows.iter().any(|r| std::ptr::eq(*r, row))
}

/// The matrix A whose inverse node, up to a number and a transpose, the inverse of `matrix` is.
fn inverted(matrix: Expr<'_>, test: Test) -> Option<Expr<'_>> {
    let inverse = matrix.inverse();
    let (upright, k) = inverse.multiple();
    let upright = if upright.is(&TRANSPOSE) { upright.operand(0) } else { upright };
    let keeps_test = test != Test::Cholesky || !k.is_negative();
    (upright.is(&INVERSE) && keeps_test).then(|| upright.operand(0))
}
