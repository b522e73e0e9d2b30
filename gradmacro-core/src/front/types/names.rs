//! The names of nalgebra's types, and of some that are not ours.

/// A family of static matrices: where its extents stand.
#[derive(Clone, Copy)]
pub(super) struct Family {
    /// The rows.
    pub(super) rows: Extent,
    /// The columns.
    pub(super) columns: Extent,
    kind: Kind,
}

/// Where an extent stands.
#[derive(Clone, Copy)]
pub(super) enum Extent {
    /// In the name: `Vector3`.
    Is(usize),
    /// In the next argument, a number: `SVector<f64, 3>`.
    Value,
    /// In the next argument, a type: `OVector<f64, Const<3>>`.
    Type,
}

#[derive(Clone, Copy)]
enum Kind {
    Column,
    Row,
    Matrix,
}

/// Rust's integer types.
const INTEGERS: [&str; 12] =
    ["usize", "isize", "u8", "u16", "u32", "u64", "u128", "i8", "i16", "i32", "i64", "i128"];

/// Types of other libraries and of nalgebra that cannot be meant by an alias.
const FOREIGN: [&str; 28] = [
    "str",
    "char",
    "String",
    "Box",
    "Rc",
    "Arc",
    "Cow",
    "Result",
    "HashMap",
    "BTreeMap",
    "HashSet",
    "BTreeSet",
    "Complex",
    "Quaternion",
    "Unit",
    "UnitQuaternion",
    "UnitComplex",
    "Rotation2",
    "Rotation3",
    "Isometry2",
    "Isometry3",
    "Similarity2",
    "Similarity3",
    "Translation2",
    "Translation3",
    "Point1",
    "Point2",
    "Point3",
];

/// Names that a misspelt name may stand for.
const COMMON: [&str; 12] = [
    "SVector",
    "RowSVector",
    "SMatrix",
    "Vector2",
    "Vector3",
    "Vector4",
    "Vector5",
    "Vector6",
    "Matrix2",
    "Matrix3",
    "Matrix4",
    "OMatrix",
];

/// The integer type of that name.
pub(super) fn integer(name: &str) -> Option<&'static str> {
    INTEGERS.into_iter().find(|integer| *integer == name)
}

/// The family of static matrices of that name.
pub(super) fn family(name: &str) -> Option<Family> {
    use Extent::{Is, Type, Value};
    let (kind, rows, columns) = match name {
        "SVector" => (Kind::Column, Value, Is(1)),
        "RowSVector" => (Kind::Row, Is(1), Value),
        "SMatrix" => (Kind::Matrix, Value, Value),
        "OVector" => (Kind::Column, Type, Is(1)),
        "OMatrix" => (Kind::Matrix, Type, Type),
        _ => return numbered(name),
    };
    Some(Family { kind, rows, columns })
}

/// `Vector3`, `RowVector3`, `Matrix3`, `Matrix2x3`.
fn numbered(name: &str) -> Option<Family> {
    let (kind, rows, columns) = if let Some(n) = name.strip_prefix("RowVector") {
        (Kind::Row, 1, digit(n)?)
    } else if let Some(n) = name.strip_prefix("Vector") {
        (Kind::Column, digit(n)?, 1)
    } else {
        let size = name.strip_prefix("Matrix")?;
        let (rows, columns) = size.split_once('x').unwrap_or((size, size));
        (Kind::Matrix, digit(rows)?, digit(columns)?)
    };
    Some(Family { kind, rows: Extent::Is(rows), columns: Extent::Is(columns) })
}

/// nalgebra names sizes from 1 to 6.
fn digit(text: &str) -> Option<usize> {
    ["1", "2", "3", "4", "5", "6"].iter().position(|digit| *digit == text).map(|index| index + 1)
}

/// Does the type hold a number of entries that is known at run time only?
pub(super) fn is_dynamic(name: &str) -> bool {
    let xs = |size: &str| size.split_once('x').is_some_and(|(r, c)| r == "X" || c == "X");
    ["DVector", "DMatrix", "RowDVector", "Vec", "VecDeque", "Dyn", "Dynamic"].contains(&name)
        || name.strip_prefix("Matrix").is_some_and(xs)
}

/// Is it a type that cannot be meant by an alias?
pub(super) fn is_foreign(name: &str) -> bool {
    FOREIGN.contains(&name)
}

/// The nalgebra type that `name` is a misspelling of.
pub(super) fn misspelt(name: &str) -> Option<&'static str> {
    crate::diagnostics::closest(name, COMMON).filter(|meant| meant.len().abs_diff(name.len()) <= 1)
}

impl Family {
    /// How its types are written.
    pub(super) fn written(self) -> String {
        use Extent::{Is, Type, Value};
        match (self.kind, self.rows, self.columns) {
            (Kind::Column, Is(n), _) => format!("Vector{n}<T>"),
            (Kind::Column, Value, _) => "SVector<T, N>".to_owned(),
            (Kind::Column, Type, _) => "OVector<T, Const<N>>".to_owned(),
            (Kind::Row, _, Is(n)) => format!("RowVector{n}<T>"),
            (Kind::Row, ..) => "RowSVector<T, N>".to_owned(),
            (Kind::Matrix, Is(r), Is(c)) if r == c => format!("Matrix{r}<T>"),
            (Kind::Matrix, Is(r), Is(c)) => format!("Matrix{r}x{c}<T>"),
            (Kind::Matrix, Type, _) => "OMatrix<T, Const<R>, Const<C>>".to_owned(),
            (Kind::Matrix, ..) => "SMatrix<T, R, C>".to_owned(),
        }
    }
}
