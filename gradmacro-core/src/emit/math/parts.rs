//! A term as it is printed: number, scalars, body, and what stands under the line.

use super::reading::Reader;
use super::tree::{Formula, Raise};
use crate::ir::{Expr, Ratio, Weighted};
use crate::ops::arithmetic::POWERS;
use crate::ops::products::PRODUCT;
use crate::ops::structure::{TRACE, TRANSPOSE};

/// number · scalars · body
pub(super) struct Parts<'g> {
    k: Ratio,
    scalars: Weighted<'g>,
    body: Vec<Formula>,
}

impl<'g> Parts<'g> {
    /// A term without a body.
    pub(super) fn of_scalars(k: Ratio, scalars: &[(Expr<'g>, Ratio)]) -> Self {
        Parts { k, scalars: scalars.to_vec(), body: vec![] }
    }

    /// A term with these factors as its body.
    pub(super) fn with_body(k: Ratio, scalars: &[(Expr<'g>, Ratio)], body: Vec<Formula>) -> Self {
        Parts { k, scalars: scalars.to_vec(), body }
    }
}

/// A scalar as a product of powers.
pub(super) fn powers_of(s: Expr<'_>) -> Weighted<'_> {
    match () {
        () if s.is(&POWERS) => s.weighted(),
        () if s.is_ones() => vec![],
        () => vec![(s, Ratio::ONE)],
    }
}

impl<'g> Reader<'_, 'g> {
    /// k · scalars · body, where the body may be missing; k is not negative.
    pub(super) fn term(
        &mut self,
        k: Ratio,
        scalars: &[(Expr<'g>, Ratio)],
        body: Option<Expr<'g>>,
    ) -> Formula {
        match body {
            None => self.pieces(Parts::of_scalars(k, scalars)),
            Some(body) if k == Ratio::ONE && scalars.is_empty() => self.read(body),
            Some(body) => {
                let factors = self.read(body).into_factors();
                self.pieces(Parts::with_body(k, scalars, factors))
            }
        }
    }

    /// The parts side by side, negative powers under a line.
    pub(super) fn pieces(&mut self, parts: Parts<'g>) -> Formula {
        let Parts { k, scalars, body } = parts;
        let (down, up): (Weighted<'g>, Weighted<'g>) = scalars.into_iter().partition(|s| s.1.is_negative());
        let several = up.len() + usize::from(!body.is_empty()) > 1;
        let mut top = if k == Ratio::ONE { vec![] } else { vec![Formula::Number(k)] };
        for (s, p) in up {
            let formula = self.power(s, p);
            // Alone beside a number, a scalar product needs no brackets: 2 xᵀ y.
            top.extend(if several { vec![formula] } else { formula.into_factors() });
        }
        top.extend(body);
        if top.is_empty() {
            top.push(Formula::int(1));
        }
        let top = Formula::product(top);
        if down.is_empty() {
            return top;
        }
        let low: Vec<Formula> = down.into_iter().map(|(s, p)| self.power(s, p.negated())).collect();
        Formula::Fraction(Box::new(top), Box::new(Formula::product(low)))
    }

    /// A positive power of a scalar: a norm if it is the root of one squared.
    fn power(&mut self, s: Expr<'g>, p: Ratio) -> Formula {
        let half = p.times(Ratio::int(2));
        match norm_squared(s) {
            Some(x) if half.is_integer() && (!p.is_integer() || shows_as_norm(s, x)) => {
                let norm = Formula::Norm(Box::new(self.read(x)));
                return raised(norm, half.numerator());
            }
            _ => {}
        }
        let base = self.read(s);
        match p {
            _ if p.is_integer() => raised(base, p.numerator()),
            Ratio::HALF => Formula::Root(Box::new(base)),
            _ => Formula::Raised(Box::new(base), Raise::By(Box::new(Formula::Number(p)))),
        }
    }

    /// ‖x‖² for what is one and is not read better as xᵀx.
    pub(super) fn as_norm(&mut self, s: Expr<'g>) -> Option<Formula> {
        let x = norm_squared(s).filter(|x| shows_as_norm(s, *x))?;
        Some(raised(Formula::Norm(Box::new(self.read(x))), 2))
    }
}

fn raised(base: Formula, n: i128) -> Formula {
    if n == 1 { base } else { Formula::Raised(Box::new(base), Raise::Whole(n)) }
}

/// The x of xᵀx or of tr XᵀX.
fn norm_squared(s: Expr<'_>) -> Option<Expr<'_>> {
    let product = if s.is(&TRACE) { s.operand(0) } else { s };
    let factors = if product.is(&PRODUCT) { product.operands() } else { return None };
    match factors[..] {
        [a, b] if a.is(&TRANSPOSE) && a.operand(0) == b => Some(b),
        [a, b] if s.is(&TRACE) && b.is(&TRANSPOSE) && b.operand(0) == a => Some(a),
        _ => None,
    }
}

/// A vector with a short name is read as xᵀx.
fn shows_as_norm(s: Expr<'_>, x: Expr<'_>) -> bool {
    s.is(&TRACE) || !x.operands().is_empty()
}
