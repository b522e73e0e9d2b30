//! Inverses, determinants and other shapes of the same entries.

use super::reading::Reader;
use super::tree::{Formula, Raise};
use crate::ir::{Dim, Expr};

impl<'g> Reader<'_, 'g> {
    /// The first operand raised: X⁻¹, Xᵀ, X⁺. A tolerance is not shown.
    pub(super) fn raised(&mut self, x: Expr<'g>, raise: Raise) -> Formula {
        self.read(x.operand(0)).raised(raise)
    }

    pub(super) fn determinant(&mut self, x: Expr<'g>) -> Formula {
        self.named("det", "\\det", x)
    }

    /// ln det(X), ln |det(X)|
    pub(super) fn ln_determinant(&mut self, x: Expr<'g>, absolute: bool) -> Formula {
        let determinant = self.determinant(x);
        let inner = if absolute { Formula::Absolute(Box::new(determinant)) } else { determinant };
        Formula::Prefix("ln", "\\ln", Box::new(inner))
    }

    /// det(X) X⁻ᵀ where nobody has spelt it so.
    pub(super) fn cofactor(&mut self, x: Expr<'g>) -> Formula {
        self.named("cof", "\\operatorname{cof}", x)
    }

    fn named(&mut self, unicode: &'static str, latex: &'static str, x: Expr<'g>) -> Formula {
        Formula::Call(unicode, latex, vec![self.read(x.operand(0))])
    }

    /// vec(X), its transpose, or a matrix of a size from what is read column by column.
    pub(super) fn reshape(&mut self, x: Expr<'g>) -> Formula {
        let (source, shape) = (x.operand(0), x.shape());
        let of = source.shape();
        let inner = self.read(source);
        let column = match () {
            () if of.columns == Dim::ONE => inner,
            () if of.rows == Dim::ONE => inner.raised(Raise::Transpose),
            () if shape.is_vector() => Formula::Call("vec", "\\operatorname{vec}", vec![inner]),
            () => inner,
        };
        match () {
            () if shape.columns == Dim::ONE => column,
            () if shape.rows == Dim::ONE => column.raised(Raise::Transpose),
            () => Formula::Call("reshape", "\\operatorname{reshape}", vec![column, Formula::Size(shape)]),
        }
    }
}
