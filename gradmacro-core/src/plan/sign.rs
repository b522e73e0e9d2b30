//! Which scalars and entries cannot be zero: there a division needs no care.

use crate::ir::{Expr, Ratio};
use crate::ops::OpDef;
use crate::ops::arithmetic::{POWERS, SUM};
use crate::ops::exponential::{EXP, LOGISTIC};
use crate::ops::hyperbolic::COSH;
use crate::ops::index::AS_REAL;
use crate::ops::lowered::{DECAY, LOGISTIC_FROM, LOGISTIC_SLOPE, LOGISTIC_SLOPE_FROM, NORM, NORM_SQUARED};
use crate::ops::piecewise::ABS;

/// The logistic function, and what is computed with it.
static OF_LOGISTIC: &[&OpDef] = &[&LOGISTIC, &LOGISTIC_FROM, &LOGISTIC_SLOPE, &LOGISTIC_SLOPE_FROM, &DECAY];

/// Is every entry above 0 for certain (overflow and underflow aside)?
pub fn is_positive(x: Expr<'_>) -> bool {
    if x.is(&SUM) {
        let terms = x.weighted();
        let harmless = |(y, k): &(Expr<'_>, Ratio)| !k.is_negative() && is_nonnegative(*y);
        return terms.iter().all(harmless) && terms.iter().any(|(y, _)| is_positive(*y));
    }
    x.is_ones()
        || x.is(&EXP)
        || OF_LOGISTIC.iter().any(|row| x.is(row))
        || x.is(&COSH)
        || (x.is(&POWERS) && x.operands().into_iter().all(is_positive))
}

/// Is every entry at least 0 for certain?
fn is_nonnegative(x: Expr<'_>) -> bool {
    let even = |p: Ratio| p.integer().is_some_and(|n| n % 2 == 0);
    let powers = || x.weighted().into_iter().all(|(y, p)| even(p) || !p.is_integer() || is_nonnegative(y));
    x.is(&NORM) || x.is(&NORM_SQUARED) || x.is(&ABS) || (x.is(&POWERS) && powers()) || is_positive(x)
}

/// Is it nonzero for certain: a number, a size, or positive?
pub fn is_nonzero(x: Expr<'_>) -> bool {
    x.number().is_some_and(|k| !k.is_zero()) || x.is(&AS_REAL) || is_constant(x) || is_positive(x)
}

fn is_constant(x: Expr<'_>) -> bool {
    use crate::ir::{Leaf, Node};
    matches!(&*x.node(), Node::Leaf(Leaf::Constant(_) | Leaf::Extent(_)))
}
