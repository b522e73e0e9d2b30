//! Rotations, quaternions, isometries, translations and points that are made in the body, or given and not
//! differentiated.
//!
//! Each is one node: a rotation its matrix, a quaternion its coordinates as nalgebra orders them, an isometry its
//! rotation and its translation side by side. What the operators and methods do is written with ordinary nodes, so
//! derivatives need no rule of their own; only the way from a vector to a rotation and back has rows
//! (`ops::rotations`), which are exact through the angle 0. A type of the signature that is one of these is kept and read
//! as its node.
//!
//! Example: `Rotation3::from_scaled_axis(*v) * p` is (c₀ I + c₁ v̂ + c₂ vvᵀ) p.

mod arguments;
mod constructors;
mod fields;
mod formulas;
mod kept;
mod kinds;
mod methods;
mod motions;
mod operators;
mod rows;

pub(super) use constructors::{names as constructor_names, read as constructed, stated};
pub use kinds::{Kind, Turn};
pub(super) use methods::{names as method_names, read as method};

use super::reader::Reader;
use super::value::Value;
use crate::ir::{Expr, Shape};

/// A rotation, a quaternion, an isometry, a translation or a point.
#[derive(Clone, Copy)]
pub struct Geometry<'g> {
    /// Which of nalgebra's types it is.
    pub kind: Kind,
    /// What it consists of, in the shape that the kind has.
    pub node: Expr<'g>,
}

impl<'g> Geometry<'g> {
    /// As a value.
    fn value(kind: Kind, node: Expr<'g>) -> Value<'g> {
        Value::Geometry(Geometry { kind, node })
    }

    /// The same of another node.
    pub(super) fn of_node(self, node: Expr<'g>) -> Value<'g> {
        Geometry::value(self.kind, node)
    }

    /// May it be indexed as its node?
    pub(super) fn is_indexed(self) -> bool {
        matches!(
            self.kind,
            Kind::Point(_) | Kind::Quaternion | Kind::Turn(Turn::Plane | Turn::Space | Turn::Unit)
        )
    }
}

impl<'g> Reader<'g> {
    /// A value that is to be of one of these kinds: a vector becomes a point or a translation, as by `into()`.
    pub(super) fn as_geometry(
        &self,
        value: Value<'g>,
        kind: Kind,
        at: &dyn quote::ToTokens,
    ) -> Option<Value<'g>> {
        match (kind, &value) {
            (Kind::Point(n) | Kind::Translation(n), Value::Matrix(x))
                if x.shape().agree(Shape::new(n, 1)).is_some() =>
            {
                Some(Geometry::value(kind, *x))
            }
            (_, Value::Geometry(geometry)) if geometry.kind == kind => Some(value),
            (_, Value::Geometry(Geometry { kind: Kind::Turn(turn), node }))
                if kind == Kind::Turn(turn.of_matrices()) =>
            {
                Some(Geometry::value(kind, turn.matrix(*node)))
            }
            (_, Value::Unknown(unknown)) => {
                Some(Geometry::value(kind, self.unify(unknown, super::kept::KeptType::Geometry(kind))?))
            }
            (_, Value::Poison) => None,
            _ => {
                let (wanted, found) = (kind.describe(), value.describe());
                self.error(at, format!("{wanted} is needed here, but this is {found}"))
                    .help("convert it by a constructor that is written out, such as `Point3::from(v)`");
                None
            }
        }
    }
}
