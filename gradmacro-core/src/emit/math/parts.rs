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
    /// The sum among the scalars that is written with all signs turned.
    turned: Option<Expr<'g>>,
}

impl<'g> Parts<'g> {
    /// A term without a body.
    pub(super) fn of_scalars(k: Ratio, scalars: &[(Expr<'g>, Ratio)]) -> Self {
        Parts::with_body(k, scalars, vec![])
    }

    /// A term with these factors as its body.
    pub(super) fn with_body(k: Ratio, scalars: &[(Expr<'g>, Ratio)], body: Vec<Formula>) -> Self {
        Parts { k, scalars: scalars.to_vec(), body, turned: None }
    }

    /// The same with the signs of one scalar turned.
    pub(super) fn turning(self, sum: Expr<'g>) -> Self {
        Parts { turned: Some(sum), ..self }
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
        let Parts { k, scalars, body, turned } = parts;
        let (down, up): (Weighted<'g>, Weighted<'g>) = scalars.into_iter().partition(|s| s.1.is_negative());
        let several = up.len() + usize::from(!body.is_empty()) > 1;
        let mut top = if k == Ratio::ONE { vec![] } else { vec![Formula::Number(k)] };
        for (s, p) in up {
            let formula = self.power(s, p, turned);
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
        let low = down.into_iter().map(|(s, p)| self.power(s, p.negated(), turned)).collect();
        Formula::Fraction(Box::new(top), Box::new(Formula::product(low)))
    }

    /// A positive power of a scalar: a norm if it is the root of one squared.
    fn power(&mut self, s: Expr<'g>, p: Ratio, turned: Option<Expr<'g>>) -> Formula {
        let half = p.times(Ratio::int(2));
        match norm_squared(s) {
            Some(x) if half.is_integer() && (!p.is_integer() || shows_as_norm(s, &x)) => {
                return powered(self.norm(&x), half.numerator());
            }
            _ => {}
        }
        let base = if turned == Some(s) { self.turned(s) } else { self.read(s) };
        match p {
            _ if p.is_integer() => powered(base, p.numerator()),
            Ratio::HALF => Formula::Root(Box::new(base)),
            _ => Formula::Raised(Box::new(base), Raise::By(Box::new(Formula::Number(p)))),
        }
    }

    /// ‖x‖² for what is one and is not read better as xᵀx.
    pub(super) fn as_norm(&mut self, s: Expr<'g>) -> Option<Formula> {
        let x = norm_squared(s).filter(|x| shows_as_norm(s, x))?;
        Some(powered(self.norm(&x), 2))
    }

    fn norm(&mut self, factors: &[Expr<'g>]) -> Formula {
        let x = if let [x] = *factors { self.read(x) } else { self.product(factors) };
        Formula::Norm(Box::new(x))
    }
}

fn powered(base: Formula, n: i128) -> Formula {
    if n == 1 { base } else { Formula::Raised(Box::new(base), Raise::Whole(n)) }
}

/// The factors of x in xᵀx, in xᵀAᵀA x, which is ‖A x‖², or in tr XᵀX, where X and Xᵀ are as good.
fn norm_squared(s: Expr<'_>) -> Option<Vec<Expr<'_>>> {
    let product = if s.is(&TRACE) { s.operand(0) } else { s };
    if !s.is_scalar() || !product.is(&PRODUCT) {
        return None;
    }
    let factors = product.operands();
    let (left, right) = factors.split_at(factors.len() / 2);
    let mirrored = left.iter().rev().zip(right).all(|(a, b)| is_transpose(*a, *b));
    let turned = |list: &[Expr<'_>]| list.iter().filter(|x| x.is(&TRANSPOSE)).count();
    let shorter = if turned(left) < turned(right) { left } else { right };
    (mirrored && left.len() == right.len()).then(|| shorter.to_vec())
}

fn is_transpose(a: Expr<'_>, b: Expr<'_>) -> bool {
    (a.is(&TRANSPOSE) && a.operand(0) == b) || (b.is(&TRANSPOSE) && b.operand(0) == a) || a.t() == b
}

/// A vector with a short name is read as xᵀx.
fn shows_as_norm(s: Expr<'_>, x: &[Expr<'_>]) -> bool {
    s.is(&TRACE) || x.len() > 1 || x.iter().any(|x| !x.operands().is_empty())
}
