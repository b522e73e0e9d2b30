//! Which of nalgebra's types of geometry there are.
//!
//! Example: `Isometry3<f64>` is `Isometry(Unit)`: its rotation is a unit quaternion.

use crate::ir::Shape;

/// How a rotation is held.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Turn {
    /// `Rotation2`: a 2×2 matrix.
    Plane,
    /// `Rotation3`: a 3×3 matrix.
    Space,
    /// `UnitComplex`: the real part and the imaginary part.
    Complex,
    /// `UnitQuaternion`: i, j, k, w.
    Unit,
}

/// A type of nalgebra's.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// `Point3`: its coordinates.
    Point(usize),
    /// `Translation3`: its vector.
    Translation(usize),
    /// `Quaternion`: i, j, k, w.
    Quaternion,
    /// A rotation.
    Turn(Turn),
    /// `Isometry3`, `IsometryMatrix3`: the rotation, then the translation.
    Isometry(Turn),
}

impl Turn {
    /// The dimension of the space it turns.
    pub(super) fn size(self) -> usize {
        if matches!(self, Turn::Plane | Turn::Complex) { 2 } else { 3 }
    }

    /// Is it held as a matrix?
    pub(super) fn is_matrix(self) -> bool {
        matches!(self, Turn::Plane | Turn::Space)
    }

    /// The matrices that turn the same space.
    pub(super) fn of_matrices(self) -> Turn {
        if self.size() == 2 { Turn::Plane } else { Turn::Space }
    }

    pub(super) fn shape(self) -> Shape {
        match self {
            Turn::Plane => Shape::new(2, 2),
            Turn::Space => Shape::new(3, 3),
            Turn::Complex => Shape::new(2, 1),
            Turn::Unit => Shape::new(4, 1),
        }
    }
}

impl Kind {
    /// The type of that name, generic arguments aside.
    pub(in crate::front) fn named(name: &str) -> Option<Kind> {
        let sized = |of: &str| name.strip_prefix(of)?.parse().ok().filter(|n| (2..=6).contains(n));
        Some(match name {
            "Rotation2" => Kind::Turn(Turn::Plane),
            "Rotation3" => Kind::Turn(Turn::Space),
            "UnitComplex" => Kind::Turn(Turn::Complex),
            "UnitQuaternion" => Kind::Turn(Turn::Unit),
            "Quaternion" => Kind::Quaternion,
            "Isometry2" => Kind::Isometry(Turn::Complex),
            "Isometry3" => Kind::Isometry(Turn::Unit),
            "IsometryMatrix2" => Kind::Isometry(Turn::Plane),
            "IsometryMatrix3" => Kind::Isometry(Turn::Space),
            _ => sized("Point").map(Kind::Point).or_else(|| sized("Translation").map(Kind::Translation))?,
        })
    }

    /// Its name in nalgebra.
    pub(in crate::front) fn name(self) -> String {
        match self {
            Kind::Point(n) => format!("Point{n}"),
            Kind::Translation(n) => format!("Translation{n}"),
            Kind::Quaternion => "Quaternion".to_owned(),
            Kind::Turn(Turn::Complex) => "UnitComplex".to_owned(),
            Kind::Turn(Turn::Unit) => "UnitQuaternion".to_owned(),
            Kind::Turn(turn) => format!("Rotation{}", turn.size()),
            Kind::Isometry(turn) if turn.is_matrix() => format!("IsometryMatrix{}", turn.size()),
            Kind::Isometry(turn) => format!("Isometry{}", turn.size()),
        }
    }

    /// What it is, for a message.
    pub(in crate::front) fn describe(self) -> String {
        let name = self.name();
        let article = if name.starts_with('I') { "an" } else { "a" };
        format!("{article} `{name}`")
    }

    /// The shape of its node.
    pub(in crate::front) fn shape(self) -> Shape {
        match self {
            Kind::Point(n) | Kind::Translation(n) => Shape::new(n, 1),
            Kind::Quaternion => Shape::new(4, 1),
            Kind::Turn(turn) => turn.shape(),
            Kind::Isometry(turn) if turn.is_matrix() => Shape::new(turn.size(), turn.size() + 1),
            Kind::Isometry(Turn::Complex) => Shape::new(4, 1),
            Kind::Isometry(_) => Shape::new(7, 1),
        }
    }

    /// What to differentiate instead of a parameter of this type, for a message; `{x}` is the parameter.
    pub(in crate::front) fn instead(self) -> &'static str {
        match self {
            Kind::Point(_) => "take its coordinates as a vector and write `Point3::from(*{x})`",
            Kind::Translation(_) => "take its vector and write `Translation3::from(*{x})`",
            Kind::Quaternion => "take its coordinates and write `Quaternion::new(w, i, j, k)`",
            Kind::Turn(Turn::Plane) => "take the angle and write `Rotation2::new({x})`",
            Kind::Turn(Turn::Complex) => "take the angle and write `UnitComplex::new({x})`",
            Kind::Turn(Turn::Space) => {
                "take its scaled axis, `{x}: &Vector3<f64>`, and write `Rotation3::from_scaled_axis(*{x})`"
            }
            Kind::Turn(Turn::Unit) => {
                "take its scaled axis, `{x}: &Vector3<f64>`, and write `UnitQuaternion::from_scaled_axis(*{x})`"
            }
            Kind::Isometry(_) => {
                "take its translation and its scaled axis, or its angle, and write `Isometry3::new(..)` or \
                 `Isometry2::new(..)`"
            }
        }
    }
}
