//! Formulas: a canonical node as a textbook prints it.
//!
//! One walk (`reading`) turns a node into a [`Formula`]: what stands beside, above or under what, without brackets and
//! without a notation. A writer (`unicode`, `latex`) then writes it and sets the brackets that its notation needs.
//! The walk decides what is only a matter of print: positive terms come first, ½A − ½B is shown as ½ (A − B), −A(x − y)
//! as A(y − x), and a transposed sum that is the whole formula is shown term by term. No rule of the algebra lives here:
//! a formula has the value of its node whichever way it is printed.
//!
//! Example: the gradient of ‖Xa − b‖² by X is `2 (X a - b) aᵀ`, in LaTeX `2 \left(X a - b\right) a^{\top}`.

mod latex;
mod parts;
mod places;
mod reading;
mod sums;
mod tree;
mod unicode;

use crate::ir::Expr;
use reading::Reader;

pub use tree::Formula;

/// What the user calls things.
pub trait Names {
    /// The parameter at this position.
    fn input(&self, position: u32) -> String;

    /// The source text of a kept expression.
    fn kept(&self, serial: u32) -> String;

    /// The source text of a kept expression that reads indices, which the formula calls by these names.
    fn kept_at(&self, serial: u32, indices: &[String]) -> String {
        let _ = indices;
        self.kept(serial)
    }
}

/// The formula of a node; what exceeds a page is left out and shown as an ellipsis.
pub fn formula(expr: Expr<'_>, names: &dyn Names) -> Formula {
    Reader::new(expr, names).whole(expr)
}

/// The formula in Unicode: `(A + Aᵀ) x`.
pub fn unicode(expr: Expr<'_>, names: &dyn Names) -> String {
    unicode::write(&formula(expr, names))
}

/// The formula in LaTeX: `\left(A + A^{\top}\right) x`.
pub fn latex(expr: Expr<'_>, names: &dyn Names) -> String {
    latex::write(&formula(expr, names))
}
