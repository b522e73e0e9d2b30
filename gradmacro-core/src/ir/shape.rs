//! Dimensions and shapes.
//!
//! A dimension is a number or a name. Numbers are compared; names of const parameters are compared with each
//! other; the value of any other constant is unknown to a macro, so it agrees with everything.

use std::cell::RefCell;
use std::collections::HashSet;
use std::fmt;

/// One extent of a matrix.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Dim {
    /// A literal size.
    Known(usize),
    /// A const parameter of the function, such as `N`.
    Parameter(&'static str),
    /// The text of any other constant expression, such as `STATES` or `{ A + B }`.
    Constant(&'static str),
}

thread_local! {
    static NAMES: RefCell<HashSet<&'static str>> = RefCell::new(HashSet::new());
}

/// The one copy of `name` in this thread; sizes are few, so it is never freed.
pub fn intern(name: &str) -> &'static str {
    NAMES.with_borrow_mut(|names| match names.get(name) {
        Some(known) => known,
        None => {
            let kept: &'static str = Box::leak(name.to_owned().into_boxed_str());
            names.insert(kept);
            kept
        }
    })
}

impl Dim {
    /// The extent 1.
    pub const ONE: Dim = Dim::Known(1);

    /// The number, if it is one.
    pub fn known(self) -> Option<usize> {
        match self {
            Dim::Known(n) => Some(n),
            _ => None,
        }
    }

    /// The more definite of two extents that may be equal; `None` if they differ for certain.
    pub fn agree(self, other: Dim) -> Option<Dim> {
        use Dim::*;
        match (self, other) {
            (Known(a), Known(b)) => (a == b).then_some(self),
            (Parameter(a), Parameter(b)) => (a == b).then_some(self),
            (Constant(_), _) => Some(other),
            (_, Constant(_)) => Some(self),
            // A const parameter may turn out to be this number; rustc decides where it is used.
            (Known(_), Parameter(_)) => Some(self),
            (Parameter(_), Known(_)) => Some(other),
        }
    }
}

impl fmt::Display for Dim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Dim::Known(n) => write!(f, "{n}"),
            Dim::Parameter(name) | Dim::Constant(name) => f.write_str(name),
        }
    }
}

/// Rows × columns. A scalar is 1×1 in the graph; only the front tells it from a 1×1 matrix.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Shape {
    /// Number of rows.
    pub rows: Dim,
    /// Number of columns.
    pub columns: Dim,
}

impl Shape {
    /// 1×1.
    pub const SCALAR: Shape = Shape { rows: Dim::ONE, columns: Dim::ONE };

    /// A shape of literal size.
    pub const fn new(rows: usize, columns: usize) -> Shape {
        Shape { rows: Dim::Known(rows), columns: Dim::Known(columns) }
    }

    /// A shape of any dimensions.
    pub const fn of(rows: Dim, columns: Dim) -> Shape {
        Shape { rows, columns }
    }

    /// A column of `rows` entries.
    pub const fn column(rows: Dim) -> Shape {
        Shape { rows, columns: Dim::ONE }
    }

    /// Columns × rows.
    pub fn transposed(self) -> Shape {
        Shape { rows: self.columns, columns: self.rows }
    }

    /// Is it 1×1?
    pub fn is_scalar(self) -> bool {
        self == Shape::SCALAR
    }

    /// Has it one column and several rows?
    pub fn is_column(self) -> bool {
        self.columns == Dim::ONE && self.rows != Dim::ONE
    }

    /// Has it one row and several columns?
    pub fn is_row(self) -> bool {
        self.rows == Dim::ONE && self.columns != Dim::ONE
    }

    /// Is it a column or a row?
    pub fn is_vector(self) -> bool {
        self.is_column() || self.is_row()
    }

    /// Rows and columns as numbers, if both are known.
    pub fn known(self) -> Option<(usize, usize)> {
        Some((self.rows.known()?, self.columns.known()?))
    }

    /// Number of entries, if known.
    pub fn size(self) -> Option<usize> {
        self.known().map(|(rows, columns)| rows * columns)
    }

    /// The more definite of two shapes that may be equal; `None` if they differ for certain.
    pub fn agree(self, other: Shape) -> Option<Shape> {
        Some(Shape { rows: self.rows.agree(other.rows)?, columns: self.columns.agree(other.columns)? })
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}×{}", self.rows, self.columns)
    }
}
