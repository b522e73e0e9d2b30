//! Methods of rotations, isometries, translations and points: one row per name.
//!
//! Example: `r.inverse_transform_vector(&v)` of a `Rotation3` is Rᵀ v.

use super::Geometry;
use super::arguments::Arguments;
use super::formulas::{conjugate, homogeneous, normalized, parts};
use super::kinds::{Kind, Turn};
use super::motions::Motion;
use super::rows::{Row, row};
use crate::front::call::{MethodCall, PathCall};
use crate::front::value::Value;
use crate::ir::{Expr, Ratio, Shape};

/// What a row stands for; `None` if a mistake was reported.
type Read = for<'g> fn(&Arguments<'_, 'g>, Geometry<'g>) -> Option<Value<'g>>;

const EVERY: fn(Kind) -> bool = |_| true;
const TURN: fn(Kind) -> bool = |kind| matches!(kind, Kind::Turn(_));
const MATRIX: fn(Kind) -> bool = |kind| matches!(kind, Kind::Turn(turn) if turn.is_matrix());
const IN_SPACE: fn(Kind) -> bool = |kind| matches!(kind, Kind::Turn(turn) if turn.size() == 3);
const COMPLEX: fn(Kind) -> bool = |kind| kind == Kind::Turn(Turn::Complex);
const UNIT: fn(Kind) -> bool = |kind| kind == Kind::Turn(Turn::Unit);
/// A unit quaternion is a quaternion too.
const QUATERNION: fn(Kind) -> bool = |kind| matches!(kind, Kind::Quaternion | Kind::Turn(Turn::Unit));
const COORDINATES: fn(Kind) -> bool = |kind| COMPLEX(kind) || UNIT(kind);
const ISOMETRY: fn(Kind) -> bool = |kind| matches!(kind, Kind::Isometry(_));
const TRANSLATION: fn(Kind) -> bool = |kind| matches!(kind, Kind::Translation(_));
const POINT: fn(Kind) -> bool = |kind| matches!(kind, Kind::Point(_));
/// What moves points.
const MOVING: fn(Kind) -> bool = |kind| TURN(kind) || ISOMETRY(kind) || TRANSLATION(kind);
/// What turns vectors.
const TURNING: fn(Kind) -> bool = |kind| TURN(kind) || ISOMETRY(kind);

static ROWS: &[Row<Read>] = &[
    row(EVERY, "clone", 0, |_, x| Some(Value::Geometry(x))),
    row(EVERY, "to_owned", 0, |_, x| Some(Value::Geometry(x))),
    row(MOVING, "inverse", 0, |_, x| inverse(x)),
    row(MATRIX, "transpose", 0, |_, x| inverse(x)),
    row(COORDINATES, "conjugate", 0, |_, x| inverse(x)),
    row(MOVING, "transform_point", 1, |of, x| point(of, x, true)),
    row(MOVING, "inverse_transform_point", 1, |of, x| point(of, x, false)),
    row(TURNING, "transform_vector", 1, |of, x| vector(of, x, true)),
    row(TURNING, "inverse_transform_vector", 1, |of, x| vector(of, x, false)),
    row(TURN, "rotation_to", 1, |of, x| Some(Geometry::value(x.kind, between(of, x)?.1))),
    row(TURN, "angle_to", 1, |of, x| {
        let (turn, between) = between(of, x)?;
        Some(Value::Scalar(turn.angle(between)))
    }),
    row(TURN, "angle", 0, |_, x| Some(Value::Scalar(turn(x.kind).angle(x.node)))),
    row(COMPLEX, "cos_angle", 0, |_, x| Some(Value::Scalar(x.node.entry(0, 0)))),
    row(COMPLEX, "sin_angle", 0, |_, x| Some(Value::Scalar(x.node.entry(1, 0)))),
    row(IN_SPACE, "scaled_axis", 0, |_, x| Some(Value::Matrix(turn(x.kind).scaled_axis(x.node)))),
    row(MATRIX, "matrix", 0, |_, x| Some(Value::Matrix(x.node))),
    row(MATRIX, "into_inner", 0, |_, x| Some(Value::Matrix(x.node))),
    row(COORDINATES, "to_rotation_matrix", 0, |_, x| {
        let turn = turn(x.kind);
        Some(Geometry::value(Kind::Turn(turn.of_matrices()), turn.matrix(x.node)))
    }),
    row(UNIT, "into_inner", 0, |_, x| Some(Geometry::value(Kind::Quaternion, x.node))),
    row(UNIT, "quaternion", 0, |_, x| Some(Geometry::value(Kind::Quaternion, x.node))),
    row(TURN, "to_homogeneous", 0, |_, x| {
        let turn = turn(x.kind);
        Some(Value::Matrix(homogeneous(turn.matrix(x.node), None, turn.size())))
    }),
    row(QUATERNION, "norm", 0, |_, x| Some(Value::Scalar(x.node.inner(x.node).power(Ratio::HALF)))),
    row(QUATERNION, "magnitude", 0, |_, x| Some(Value::Scalar(x.node.inner(x.node).power(Ratio::HALF)))),
    row(QUATERNION, "norm_squared", 0, |_, x| Some(Value::Scalar(x.node.inner(x.node)))),
    row(QUATERNION, "magnitude_squared", 0, |_, x| Some(Value::Scalar(x.node.inner(x.node)))),
    row(QUATERNION, "conjugate", 0, |_, x| Some(Geometry::value(Kind::Quaternion, conjugate(x.node)))),
    row(QUATERNION, "normalize", 0, |_, x| Some(Geometry::value(Kind::Quaternion, normalized(x.node)))),
    row(QUATERNION, "imag", 0, |_, x| Some(Value::Matrix(parts(x.node).0))),
    row(QUATERNION, "vector", 0, |_, x| Some(Value::Matrix(parts(x.node).0))),
    row(QUATERNION, "scalar", 0, |_, x| Some(Value::Scalar(parts(x.node).1))),
    row(QUATERNION, "as_vector", 0, |_, x| Some(Value::Matrix(x.node))),
    row(QUATERNION, "dot", 1, |of, x| Some(Value::Scalar(x.node.inner(coordinates(of)?)))),
    row(ISOMETRY, "inv_mul", 1, |of, x| {
        let other = motion(x.kind, of.geometry(0, x.kind)?);
        Some(motion(x.kind, x.node).inverse().after(other).value())
    }),
    row(ISOMETRY, "to_homogeneous", 0, |_, x| homogeneous_of_motion(x)),
    row(ISOMETRY, "to_matrix", 0, |_, x| homogeneous_of_motion(x)),
    row(TRANSLATION, "to_homogeneous", 0, |of, x| {
        let n = size(x);
        Some(Value::Matrix(homogeneous(of.graph().identity(crate::ir::Dim::Known(n)), Some(x.node), n)))
    }),
    row(POINT, "to_homogeneous", 0, |of, x| {
        let (n, graph) = (size(x), of.graph());
        let (zero, end, shape) = (graph.index(0), graph.index(n as i64), Shape::new(n + 1, 1));
        let one = graph.number(Ratio::ONE).scatter(end, zero, shape);
        Some(Value::Matrix(x.node.scatter(zero, zero, shape) + one))
    }),
];

/// The names that are understood, for the documentation.
pub(in crate::front) fn names() -> Vec<&'static str> {
    ROWS.iter().map(|row| row.name).collect()
}

/// What a method call stands for; `None` if the method is not known for this type.
pub(in crate::front) fn read<'g>(call: &MethodCall<'_, 'g>, geometry: Geometry<'g>) -> Option<Value<'g>> {
    let list = call.expr.args.iter().zip(&call.arguments).collect();
    let of = Arguments { reader: call.reader, whole: call.expr, list };
    let name = call.name();
    match (name.as_str(), &call.expected) {
        ("into", Some(crate::front::types::Type::Geometry { kind, .. })) => {
            let value = call.reader.as_geometry(Value::Geometry(geometry), *kind, call.expr);
            Some(value.unwrap_or(Value::Poison))
        }
        _ => apply(&of, geometry, &name),
    }
}

/// A method that is called by its path, `UnitQuaternion::inverse(&q)`: the first argument is what it is called on.
pub(super) fn named<'g>(of: &Arguments<'_, 'g>, geometry: Geometry<'g>, name: &str) -> Option<Value<'g>> {
    let rest = of.list.iter().skip(1).copied().collect();
    apply(&Arguments { reader: of.reader, whole: of.whole, list: rest }, geometry, name)
}

/// The same where the path does not name the type.
pub(super) fn of_path<'g>(of: &Arguments<'_, 'g>, call: &PathCall<'_, 'g>) -> Option<Value<'g>> {
    match &call.arguments[..] {
        [Value::Geometry(geometry), ..] if call.path.segments.len() > 1 => named(of, *geometry, &call.name()),
        _ => None,
    }
}

fn apply<'g>(of: &Arguments<'_, 'g>, geometry: Geometry<'g>, name: &str) -> Option<Value<'g>> {
    let row = ROWS.iter().find(|row| row.name == name && (row.of)(geometry.kind))?;
    let (wanted, given) = (row.arguments, of.list.len());
    if wanted != given {
        let arguments = if wanted == 1 { "argument" } else { "arguments" };
        of.reader
            .error(of.whole, format!("`{name}` takes {wanted} {arguments}; {given} were given"))
            .as_rustc_would();
        return Some(Value::Poison);
    }
    Some((row.read)(of, geometry).unwrap_or(Value::Poison))
}

fn inverse<'g>(x: Geometry<'g>) -> Option<Value<'g>> {
    Some(match x.kind {
        Kind::Turn(turn) => Geometry::value(x.kind, turn.inverse(x.node)),
        Kind::Isometry(_) => motion(x.kind, x.node).inverse().value(),
        _ => Geometry::value(x.kind, -x.node),
    })
}

/// A point moved there or back.
fn point<'g>(of: &Arguments<'_, 'g>, x: Geometry<'g>, there: bool) -> Option<Value<'g>> {
    let n = match x.kind {
        Kind::Turn(turn) | Kind::Isometry(turn) => turn.size(),
        _ => size(x),
    };
    let kind = Kind::Point(n);
    let p = of.geometry(0, kind)?;
    let moved = match (x.kind, there) {
        (Kind::Isometry(_), true) => motion(x.kind, x.node).moved(p),
        (Kind::Isometry(_), false) => motion(x.kind, x.node).moved_back(p),
        (Kind::Turn(turn), true) => turn.applied(x.node, p),
        (Kind::Turn(turn), false) => turn.applied(turn.inverse(x.node), p),
        (_, true) => p + x.node,
        (_, false) => p - x.node,
    };
    Some(Geometry::value(kind, moved))
}

/// A vector turned there or back.
fn vector<'g>(of: &Arguments<'_, 'g>, x: Geometry<'g>, there: bool) -> Option<Value<'g>> {
    let (turn, rotation) = match x.kind {
        Kind::Isometry(turn) => (turn, motion(x.kind, x.node).rotation),
        kind => (turn(kind), x.node),
    };
    let v = of.matrix(0, Shape::new(turn.size(), 1))?;
    let rotation = if there { rotation } else { turn.inverse(rotation) };
    Some(Value::Matrix(turn.applied(rotation, v)))
}

/// The rotation from this one to the argument.
fn between<'g>(of: &Arguments<'_, 'g>, x: Geometry<'g>) -> Option<(Turn, Expr<'g>)> {
    let turn = turn(x.kind);
    let other = of.geometry(0, x.kind)?;
    Some((turn, turn.composed(other, turn.inverse(x.node))))
}

/// The coordinates of the quaternion that is the argument.
fn coordinates<'g>(of: &Arguments<'_, 'g>) -> Option<Expr<'g>> {
    match of.list.first()? {
        (_, Value::Geometry(other)) if QUATERNION(other.kind) => Some(other.node),
        _ => of.geometry(0, Kind::Quaternion),
    }
}

fn homogeneous_of_motion<'g>(x: Geometry<'g>) -> Option<Value<'g>> {
    let Motion { turn, rotation, translation } = motion(x.kind, x.node);
    Some(Value::Matrix(homogeneous(turn.matrix(rotation), Some(translation), turn.size())))
}

fn motion(kind: Kind, node: Expr<'_>) -> Motion<'_> {
    Motion::of(turn(kind), node)
}

fn size(x: Geometry<'_>) -> usize {
    x.kind.shape().rows.known().unwrap_or_default()
}

fn turn(kind: Kind) -> Turn {
    match kind {
        Kind::Turn(turn) | Kind::Isometry(turn) => turn,
        _ => Turn::Space,
    }
}
