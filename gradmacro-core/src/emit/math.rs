//! Formulas: a canonical node as a textbook prints it.
//!
//! One walk (`reading`) turns a node into a [`Formula`]: what stands beside, above or under what, without brackets and
//! without a notation. Another (`writing`) puts the brackets, the signs and what joins the parts; a notation (`unicode`,
//! `latex`, `mathml`) only spells them. The first walk decides what is only a matter of print: positive terms come
//! first, ½A − ½B is shown as ½ (A − B), −A(x − y) as A(y − x), and a transposed sum that is the whole formula is shown
//! term by term. No rule of the algebra lives here: a formula has the value of its node whichever way it is printed.
//!
//! A conditional is read as cases. The variables that a loop carries are read as sequences: their states are numbered
//! from the first to the last, and the recurrences that define them stand behind the formula (`loops`); what is read
//! back from a stack is the state that was stored there (`stored`).
//!
//! Example: the gradient of ‖Xa − b‖² by X is `2 (X a - b) aᵀ`, in LaTeX `2 \left(X a - b\right) a^{\top}`.

mod constants;
mod defining;
mod latex;
mod letters;
mod loops;
mod mathml;
mod parts;
mod places;
mod reading;
mod relations;
mod stored;
mod sums;
mod systems;
mod tree;
mod unicode;
mod writing;

use crate::ir::{Expr, Id};
use latex::Latex;
use mathml::Mathml;
use reading::Reader;
use unicode::Unicode;
use writing::{equation, write};

pub use tree::{Connective, Definition, Formula, Infix, Raise, Relation, Run};

/// What the user calls things.
pub trait Names {
    /// The parameter at this position.
    fn input(&self, position: u32) -> String;

    /// The direction in which the differentiated parameter at this place of the request moves.
    fn direction(&self, place: u32) -> String {
        format!("d{place}")
    }

    /// The source text of a kept expression.
    fn kept(&self, serial: u32) -> String;

    /// The source text of a kept expression that reads indices, which the formula calls by these names.
    fn kept_at(&self, serial: u32, indices: &[String]) -> String {
        let _ = indices;
        self.kept(serial)
    }

    /// Nodes that the user named, and their names.
    fn labelled(&self) -> Vec<(Id, String)> {
        vec![]
    }

    /// What the user calls the index of a sum or a loop.
    fn index_of(&self, region: Id) -> Option<String> {
        let _ = region;
        None
    }
}

/// The formula of a node; what exceeds a page is left out and shown as an ellipsis.
pub fn formula(expr: Expr<'_>, names: &dyn Names) -> Formula {
    Reader::new(expr, names).whole(expr)
}

/// The formula in Unicode: `(A + Aᵀ) x`.
pub fn unicode(expr: Expr<'_>, names: &dyn Names) -> String {
    formula(expr, names).unicode()
}

/// The formula in LaTeX: `\left(A + A^{\top}\right) x`.
pub fn latex(expr: Expr<'_>, names: &dyn Names) -> String {
    formula(expr, names).latex()
}

/// The formula in presentation MathML, as a `math` element.
pub fn mathml(expr: Expr<'_>, names: &dyn Names) -> String {
    formula(expr, names).mathml()
}

impl Formula {
    /// In Unicode, on one line, and one more for each recurrence.
    pub fn unicode(&self) -> String {
        write::<Unicode>(self)
    }

    /// In LaTeX, for math mode.
    pub fn latex(&self) -> String {
        write::<Latex>(self)
    }

    /// In presentation MathML, as a `math` element.
    pub fn mathml(&self) -> String {
        mathml::document(&write::<Mathml>(self))
    }

    /// This = `right` in Unicode, on one line, and one more for each recurrence.
    pub fn unicode_equation(&self, right: &Formula) -> String {
        equation::<Unicode>(self, right)
    }

    /// This = `right` in LaTeX, for math mode.
    pub fn latex_equation(&self, right: &Formula) -> String {
        equation::<Latex>(self, right)
    }

    /// This = `right` in presentation MathML, as a `math` element.
    pub fn mathml_equation(&self, right: &Formula) -> String {
        mathml::document(&equation::<Mathml>(self, right))
    }
}
