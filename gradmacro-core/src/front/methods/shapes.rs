//! Shapes that a method asks for, and what to write where they do not fit.
//!
//! nalgebra states these rules in its types, so rustc would report the same mistakes in its own words.

use super::Call;
use crate::ir::{Dim, Expr, Shape};

/// What to write instead of a method of square matrices: `{x}` is the receiver, `{shape}` its shape.
static INSTEAD: &[(&str, &str)] = &[
    (
        "trace",
        "for the squared Frobenius norm write `{x}.norm_squared()`, for tr(xᵀx) `({x}.transpose() * {x}).trace()`",
    ),
    ("determinant", "for the volume of a {shape} map write `({x}.transpose() * {x}).determinant().sqrt()`"),
    ("try_inverse", "for least squares solve with `{x}.transpose() * {x}`"),
    ("cholesky", "did you mean `({x}.transpose() * {x}).cholesky()`?"),
    ("symmetric_eigenvalues", "for singular values write `{x}.singular_values()`"),
    ("symmetric_eigen", "for singular values write `{x}.svd(true, true)`"),
    ("pow", "for powers of the entries write `{x}.map(|v| v.powi(2))`"),
];

/// Methods whose argument has the shape of their receiver, so that either shape tells the other.
pub(super) fn takes_same_shape(name: &str) -> bool {
    const SAME: &[&str] = &[
        "dot",
        "dotc",
        "component_mul",
        "component_div",
        "cross",
        "perp",
        "inf",
        "sup",
        "lerp",
        "metric_distance",
        "zip_map",
        "zip_zip_map",
    ];
    SAME.contains(&name)
}

impl<'g> Call<'_, 'g> {
    /// The k-th argument, which must have the shape of `x`.
    pub(super) fn alike(&self, k: usize, x: Expr<'g>) -> Option<Expr<'g>> {
        let y = self.matrix(k, Some(x.shape()))?;
        if x.shape().agree(y.shape()).is_some() {
            return Some(y);
        }
        let (left, right) = (x.shape(), y.shape());
        let turned = left.agree(right.transposed()).is_some();
        let (name, subject, text) = (self.name(), self.receiver_text(), self.operand_text(k));
        let help = turned.then(|| format!("write `{subject}.{name}(&{text}.transpose())`"));
        self.error(format!("`{name}` needs two matrices of one shape: left is {left}, right is {right}"))
            .note(difference(left, right))
            .maybe_help(help)
            .as_rustc_would();
        None
    }

    /// The receiver, which must be square.
    pub(super) fn square(&self, x: Expr<'g>) -> Option<Expr<'g>> {
        let Shape { rows, columns } = x.shape();
        if rows.agree(columns).is_some() {
            return Some(x);
        }
        let (name, subject) = (self.name(), self.subject_text());
        let instead = INSTEAD.iter().find(|(of, _)| *of == name);
        let help = instead.map(|(_, help)| {
            help.replace("{x}", &self.receiver_text()).replace("{shape}", &x.shape().to_string())
        });
        self.error(format!("`{name}` needs a square matrix, but `{subject}` is {}", x.shape()))
            .note(format!("{rows} rows against {columns} columns"))
            .maybe_help(help)
            .as_rustc_would();
        None
    }

    /// The receiver, which must be a column of that many entries.
    pub(super) fn column_of(&self, x: Expr<'g>, entries: usize) -> Option<Expr<'g>> {
        if x.shape().agree(Shape::new(entries, 1)).is_some() {
            return Some(x);
        }
        let (name, subject) = (self.name(), self.subject_text());
        self.error(format!("`{name}` needs a vector of {entries} entries, but `{subject}` is {}", x.shape()))
            .as_rustc_would();
        None
    }

    /// The receiver, which must be a column.
    pub(super) fn column(&self, x: Expr<'g>) -> Option<Expr<'g>> {
        if x.shape().columns.agree(Dim::ONE).is_some() {
            return Some(x);
        }
        let (name, subject) = (self.name(), self.subject_text());
        self.error(format!("`{name}` needs a column vector, but `{subject}` is {}", x.shape()))
            .as_rustc_would();
        None
    }

    /// Reports a product XᵀY whose operands differ in their rows.
    pub(super) fn report_rows(&self, left: Shape, right: Shape) {
        let (name, subject, text) = (self.name(), self.receiver_text(), self.operand_text(0));
        let help = match (left.columns.agree(right.rows), left.rows.agree(right.columns)) {
            (Some(_), _) => Some(format!("did you mean `{subject} * {text}`?")),
            (_, Some(_)) => Some(format!("did you mean `{subject}.{name}(&{text}.transpose())`?")),
            _ => None,
        };
        self.error(format!(
            "`{name}` multiplies the transpose, and shapes do not fit: left is {left}, right is {right}"
        ))
        .note(format!("both need the same number of rows: {} against {}", left.rows, right.rows))
        .maybe_help(help)
        .as_rustc_would();
    }

    /// A dimension that the result has; reports one that stable Rust cannot write.
    pub(super) fn writable(&self, dim: Result<Dim, String>) -> Option<Dim> {
        let size = match dim {
            Ok(dim) => return Some(dim),
            Err(size) => size,
        };
        self.error(format!(
            "the result of `{}` has the size {size}, which stable Rust cannot write",
            self.name()
        ))
        .note("const parameters may be used only alone")
        .as_rustc_would();
        None
    }
}

/// In what two shapes differ.
fn difference(left: Shape, right: Shape) -> String {
    let kind = |shape: Shape| match shape {
        _ if shape.is_column() => "a column vector",
        _ if shape.is_row() => "a row vector",
        _ => "a matrix",
    };
    if left.is_vector() && right.is_vector() && left.is_column() != right.is_column() {
        return format!("{} meets {}", kind(left), kind(right));
    }
    match left.rows.agree(right.rows) {
        None => format!("{} rows against {} rows", left.rows, right.rows),
        Some(_) => format!("{} columns against {} columns", left.columns, right.columns),
    }
}
