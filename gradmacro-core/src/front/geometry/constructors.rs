//! Functions of the types of geometry: one row per name.
//!
//! Example: `Isometry2::new(t, angle)` finds `new` among the rows of isometries.

use quote::quote;

use super::Geometry;
use super::arguments::Arguments;
use super::formulas::{normalized, quaternion};
use super::kinds::{Kind, Turn};
use super::motions::Motion;
use super::rows::{Row, row};
use crate::front::call::PathCall;
use crate::front::kept::KeptType;
use crate::front::types::Type;
use crate::front::value::Value;
use crate::ir::{Expr, Ratio, Shape};

/// The node that a row makes; `None` if a mistake was reported.
type Read = for<'g> fn(&Arguments<'_, 'g>, Kind) -> Option<Expr<'g>>;

const IN_PLANE: fn(Kind) -> bool = |kind| matches!(kind, Kind::Turn(turn) if turn.size() == 2);
const IN_SPACE: fn(Kind) -> bool = |kind| matches!(kind, Kind::Turn(turn) if turn.size() == 3);
const MATRIX: fn(Kind) -> bool = |kind| matches!(kind, Kind::Turn(turn) if turn.is_matrix());
const COMPLEX: fn(Kind) -> bool = |kind| kind == Kind::Turn(Turn::Complex);
const UNIT: fn(Kind) -> bool = |kind| kind == Kind::Turn(Turn::Unit);
const QUATERNION: fn(Kind) -> bool = |kind| kind == Kind::Quaternion;
const POINT: fn(Kind) -> bool = |kind| matches!(kind, Kind::Point(_));
const TRANSLATION: fn(Kind) -> bool = |kind| matches!(kind, Kind::Translation(_));
const ISOMETRY: fn(Kind) -> bool = |kind| matches!(kind, Kind::Isometry(_));

static ROWS: &[Row<Read>] = &[
    row(|_| true, "identity", 0, identity),
    row(POINT, "origin", 0, |of, kind| Some(of.graph().zeros(kind.shape()))),
    row(POINT, "from", 1, |of, kind| of.vector(0, size(kind))),
    row(TRANSLATION, "from", 1, |of, kind| of.vector(0, size(kind))),
    row(IN_PLANE, "new", 1, |of, kind| Some(turn(kind).by_angle(of.float(0)?))),
    row(COMPLEX, "from_angle", 1, |of, kind| Some(turn(kind).by_angle(of.float(0)?))),
    row(COMPLEX, "from_cos_sin_unchecked", 2, |of, kind| {
        Some(turn(kind).in_plane(of.float(0)?, of.float(1)?))
    }),
    row(COMPLEX, "from_rotation_matrix", 1, |of, kind| {
        let matrix = of.geometry(0, Kind::Turn(Turn::Plane))?;
        Some(turn(kind).in_plane(matrix.entry(0, 0), matrix.entry(1, 0)))
    }),
    row(IN_PLANE, "from_scaled_axis", 1, |of, kind| {
        Some(turn(kind).by_angle(of.matrix(0, Shape::new(1, 1))?.entry(0, 0)))
    }),
    row(IN_SPACE, "new", 1, |of, kind| Some(turn(kind).by_vector(of.vector(0, 3)?))),
    row(IN_SPACE, "from_scaled_axis", 1, |of, kind| Some(turn(kind).by_vector(of.vector(0, 3)?))),
    row(IN_SPACE, "from_axis_angle", 2, |of, kind| Some(turn(kind).about(of.vector(0, 3)?, of.float(1)?))),
    row(IN_SPACE, "from_euler_angles", 3, |of, kind| {
        Some(turn(kind).by_euler_angles([of.float(0)?, of.float(1)?, of.float(2)?]))
    }),
    row(MATRIX, "from_matrix_unchecked", 1, |of, kind| of.matrix(0, kind.shape())),
    row(MATRIX, "from", 1, |of, kind| of.geometry(0, kind)),
    row(UNIT, "from_quaternion", 1, |of, _| Some(normalized(of.geometry(0, Kind::Quaternion)?))),
    row(UNIT, "new_normalize", 1, |of, _| Some(normalized(of.geometry(0, Kind::Quaternion)?))),
    row(UNIT, "new_unchecked", 1, |of, _| of.geometry(0, Kind::Quaternion)),
    row(QUATERNION, "new", 4, |of, _| {
        let [w, i, j, k] = of.floats()?[..] else { return None };
        Some(super::arguments::column(of.graph(), &[i, j, k, w]))
    }),
    row(QUATERNION, "from_parts", 2, |of, _| {
        let real = of.float(0)?;
        Some(quaternion(of.vector(1, 3)?, real))
    }),
    row(QUATERNION, "from_imag", 1, |of, _| {
        Some(quaternion(of.vector(0, 3)?, of.graph().number(Ratio::ZERO)))
    }),
    row(QUATERNION, "from_real", 1, |of, _| {
        Some(of.float(0)?.scatter(of.graph().index(3), of.graph().index(0), Shape::new(4, 1)))
    }),
    row(QUATERNION, "from", 1, |of, _| of.vector(0, 4)),
    row(ISOMETRY, "new", 2, |of, kind| {
        let turn = turn(kind);
        moved(of, turn, of.vector(0, turn.size())?, angle(of, turn, 1)?)
    }),
    row(ISOMETRY, "rotation", 1, |of, kind| {
        let turn = turn(kind);
        moved(of, turn, of.graph().zeros(Shape::new(turn.size(), 1)), angle(of, turn, 0)?)
    }),
    row(ISOMETRY, "from_parts", 2, |of, kind| {
        let turn = turn(kind);
        moved(of, turn, of.vector(0, turn.size())?, of.geometry(1, Kind::Turn(turn))?)
    }),
];

/// The names that are understood, for the documentation.
pub(in crate::front) fn names() -> Vec<&'static str> {
    ROWS.iter().map(|row| row.name).collect()
}

/// What the call of a path makes; `None` if it is no function of these types.
pub(in crate::front) fn read<'g>(call: &PathCall<'_, 'g>) -> Option<Value<'g>> {
    let of = Arguments {
        reader: call.reader,
        whole: call.expr,
        list: call.expr.args.iter().zip(&call.arguments).collect(),
    };
    let name = call.name();
    let Some(kind) = kind_of(call) else { return other(&of, call, &name) };
    let given = of.list.len();
    let node = match name.as_str() {
        // As many as there are coordinates.
        "new" if POINT(kind) || TRANSLATION(kind) => coordinates(&of, kind),
        "translation" if ISOMETRY(kind) => translation(&of, kind),
        _ => match ROWS.iter().find(|row| row.name == name && (row.of)(kind)) {
            Some(row) if row.arguments == given => (row.read)(&of, kind),
            Some(row) => {
                let wanted = row.arguments;
                of.reader
                    .error(
                        of.whole,
                        format!("`{}::{name}` takes {wanted} arguments; {given} were given", kind.name()),
                    )
                    .as_rustc_would();
                None
            }
            None => return unknown(&of, kind, &name),
        },
    };
    Some(node.map_or(Value::Poison, |node| Geometry::value(kind, node)))
}

/// What a constructor makes, whatever its arguments are.
pub(in crate::front) fn stated(call: &PathCall<'_, '_>) -> Option<KeptType> {
    let (kind, name) = (kind_of(call)?, call.name());
    let scaled = POINT(kind) || TRANSLATION(kind) || ISOMETRY(kind);
    let known = ROWS.iter().any(|row| row.name == name && (row.of)(kind))
        || scaled && name == "new"
        || ISOMETRY(kind) && name == "translation";
    known.then_some(KeptType::Geometry(kind))
}

/// The type before the last `::`.
fn kind_of(call: &PathCall<'_, '_>) -> Option<Kind> {
    let ty = call.path.segments.iter().rev().nth(1)?;
    let (name, scalar) = (&ty.ident, call.reader.signature.scalar);
    // An alias stands for itself, a name of nalgebra's for any type of floats.
    let whole = [quote!(#ty), quote!(#name<#scalar>)];
    whole.into_iter().find_map(|written| match call.reader.type_of(&syn::parse2(written).ok()?)? {
        Type::Geometry { scalar: found, kind } if found == scalar => Some(kind),
        _ => None,
    })
}

/// `Unit::new_normalize(v)`, `nalgebra::distance(&p, &q)`, and methods called by their path.
fn other<'g>(of: &Arguments<'_, 'g>, call: &PathCall<'_, 'g>, name: &str) -> Option<Value<'g>> {
    let front = call.path.segments.iter().rev().nth(1).map(|segment| segment.ident.to_string());
    let points = match call.arguments[..] {
        [Value::Geometry(p), Value::Geometry(q)] if POINT(p.kind) && p.kind == q.kind => {
            Some((p.node, q.node))
        }
        _ => None,
    };
    match (front.as_deref(), name, &call.arguments[..], points) {
        (Some("Unit" | "UnitVector2" | "UnitVector3"), "new_normalize", [Value::Matrix(x)], _) => {
            Some(Value::Matrix(normalized(*x)))
        }
        (Some("Unit" | "UnitVector2" | "UnitVector3"), "new_unchecked", [Value::Matrix(x)], _) => {
            Some(Value::Matrix(*x))
        }
        (Some("Unit"), "new_normalize", [Value::Geometry(q)], _) if q.kind == Kind::Quaternion => {
            Some(Geometry::value(Kind::Turn(Turn::Unit), normalized(q.node)))
        }
        (Some("Unit"), "new_unchecked", [Value::Geometry(q)], _) if q.kind == Kind::Quaternion => {
            Some(Geometry::value(Kind::Turn(Turn::Unit), q.node))
        }
        (None | Some("nalgebra" | "na"), "distance", _, Some((p, q))) => {
            Some(Value::Scalar((q - p).inner(q - p).power(Ratio::HALF)))
        }
        (None | Some("nalgebra" | "na"), "distance_squared", _, Some((p, q))) => {
            Some(Value::Scalar((q - p).inner(q - p)))
        }
        (None | Some("nalgebra" | "na"), "center", _, Some((p, q))) => {
            Some(Geometry::value(Kind::Point(p.shape().rows.known()?), (p + q).times(Ratio::HALF)))
        }
        _ => super::methods::of_path(of, call),
    }
}

/// A function of one of these types that has no row.
fn unknown<'g>(of: &Arguments<'_, 'g>, kind: Kind, name: &str) -> Option<Value<'g>> {
    if let [(_, Value::Geometry(geometry)), ..] = of.list[..] {
        return super::methods::named(of, *geometry, name);
    }
    of.reader
        .error(of.whole, format!("`{}::{name}` is not supported", kind.name()))
        .note(
            "rotations are made from a vector, an angle, Euler angles, an axis and an angle, or coordinates",
        )
        .help("write `from_scaled_axis`, `from_axis_angle`, `from_euler_angles` or `from_quaternion`");
    Some(Value::Poison)
}

fn identity<'g>(of: &Arguments<'_, 'g>, kind: Kind) -> Option<Expr<'g>> {
    let graph = of.graph();
    match kind {
        Kind::Translation(_) => Some(graph.zeros(kind.shape())),
        Kind::Quaternion => Some(Turn::Unit.identity(graph)),
        Kind::Turn(turn) => Some(turn.identity(graph)),
        Kind::Isometry(turn) => {
            moved(of, turn, graph.zeros(Shape::new(turn.size(), 1)), turn.identity(graph))
        }
        Kind::Point(_) => {
            of.reader.error(of.whole, "a point has no `identity`").help("write `origin()`").as_rustc_would();
            None
        }
    }
}

fn coordinates<'g>(of: &Arguments<'_, 'g>, kind: Kind) -> Option<Expr<'g>> {
    let (wanted, given) = (size(kind), of.list.len());
    if wanted != given {
        let name = kind.name();
        of.reader
            .error(of.whole, format!("`{name}::new` takes {wanted} coordinates; {given} were given"))
            .as_rustc_would();
        return None;
    }
    of.column()
}

/// `Isometry3::translation(x, y, z)`
fn translation<'g>(of: &Arguments<'_, 'g>, kind: Kind) -> Option<Expr<'g>> {
    let turn = turn(kind);
    let column = coordinates(of, Kind::Translation(turn.size()))?;
    moved(of, turn, column, turn.identity(of.graph()))
}

/// The rotation of an isometry: by an angle in the plane, by a vector in space.
fn angle<'g>(of: &Arguments<'_, 'g>, turn: Turn, k: usize) -> Option<Expr<'g>> {
    match turn.size() {
        2 => Some(turn.by_angle(of.float(k)?)),
        _ => Some(turn.by_vector(of.vector(k, 3)?)),
    }
}

fn moved<'g>(
    _: &Arguments<'_, 'g>,
    turn: Turn,
    translation: Expr<'g>,
    rotation: Expr<'g>,
) -> Option<Expr<'g>> {
    match (Motion { turn, rotation, translation }).value() {
        Value::Geometry(geometry) => Some(geometry.node),
        _ => None,
    }
}

fn size(kind: Kind) -> usize {
    kind.shape().rows.known().unwrap_or_default()
}

/// The rotation that the kind is or has.
fn turn(kind: Kind) -> Turn {
    match kind {
        Kind::Turn(turn) | Kind::Isometry(turn) => turn,
        _ => Turn::Space,
    }
}
