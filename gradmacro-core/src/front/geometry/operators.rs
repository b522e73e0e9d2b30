//! Operators on rotations, isometries, translations and points.
//!
//! Example: `m * p` of an isometry and a point is R p + t, `m * v` of an isometry and a vector is R v.

use super::Geometry;
use super::formulas::quaternion_product;
use super::kinds::{Kind, Turn};
use super::motions::Motion;
use crate::front::arithmetic::{Operator, symbol};
use crate::front::mismatch::Clash;
use crate::front::reader::Reader;
use crate::front::value::Value;
use crate::ir::{Expr, Shape};

impl<'g> Reader<'g> {
    /// The value of an operator of which at least one operand is geometry.
    pub(in crate::front) fn geometry_arithmetic(&self, clash: &Clash<'_, 'g>) -> Value<'g> {
        let (left, right) = (&clash.left.value, &clash.right.value);
        let value = match (left, right) {
            (Value::Geometry(a), Value::Geometry(b)) => both(clash.op, *a, *b),
            (Value::Geometry(a), Value::Matrix(x)) => with_matrix(clash.op, *a, *x),
            (Value::Matrix(x), Value::Geometry(b)) => of_matrix(clash.op, *x, *b),
            (Value::Geometry(a), Value::Scalar(s)) if s.is_scalar() => scaled(clash.op, *a, *s),
            (Value::Scalar(s), Value::Geometry(b)) if s.is_scalar() && clash.op == Operator::Mul => {
                scaled(clash.op, *b, *s)
            }
            (Value::Scalar(_), Value::Geometry(_)) | (Value::Geometry(_), Value::Scalar(_)) => {
                return self.refuse_lifted(clash.at);
            }
            (Value::Unknown(unknown), _) | (_, Value::Unknown(unknown)) => {
                let Some(other) = [left, right].into_iter().find(|value| matches!(value, Value::Geometry(_)))
                else {
                    return Value::Poison;
                };
                let note = format!("{} meets rotations, vectors, points and more", other.describe());
                self.ask_for_type(unknown, note);
                return Value::Poison;
            }
            _ => None,
        };
        value.unwrap_or_else(|| self.refuse_geometry(clash))
    }

    fn refuse_geometry(&self, clash: &Clash<'_, 'g>) -> Value<'g> {
        let (left, right) = (&clash.left.value, &clash.right.value);
        let message = format!(
            "`{}` of {} and {} is not supported",
            symbol(clash.op),
            left.describe(),
            right.describe()
        );
        let report = self.error(clash.at, message);
        match (left, right) {
            (Value::Geometry(a), Value::Geometry(b)) if is_turn(a.kind) && is_turn(b.kind) => {
                report.help("make both the same type, for example by `to_rotation_matrix()`")
            }
            _ => report.help("take the matrix of the rotation, or the coordinates of the point"),
        };
        Value::Poison
    }

    /// −p, −q
    pub(in crate::front) fn negated_geometry(&self, x: Geometry<'g>, at: &dyn quote::ToTokens) -> Value<'g> {
        match x.kind {
            Kind::Point(_) | Kind::Quaternion | Kind::Turn(Turn::Complex | Turn::Unit) => {
                Geometry::value(x.kind, -x.node)
            }
            _ => {
                self.error(at, format!("`-` does not apply to {}", x.kind.describe()))
                    .help("write `inverse()`")
                    .as_rustc_would();
                Value::Poison
            }
        }
    }
}

fn is_turn(kind: Kind) -> bool {
    matches!(kind, Kind::Turn(_))
}

fn both<'g>(op: Operator, a: Geometry<'g>, b: Geometry<'g>) -> Option<Value<'g>> {
    use Kind::{Isometry, Point, Quaternion, Translation, Turn};
    match (op, a.kind, b.kind) {
        (Operator::Mul | Operator::Div, ..) if motion_of(a).is_some() => {
            let b = if op == Operator::Div { back(b)? } else { b };
            after(a, b)
        }
        (Operator::Sub, Point(m), Point(n)) if m == n => Some(Value::Matrix(a.node - b.node)),
        (Operator::Mul, Quaternion, Quaternion) => {
            Some(Geometry::value(Quaternion, quaternion_product(a.node, b.node)))
        }
        (Operator::Add, Quaternion, Quaternion) => Some(Geometry::value(Quaternion, a.node + b.node)),
        (Operator::Sub, Quaternion, Quaternion) => Some(Geometry::value(Quaternion, a.node - b.node)),
        (Operator::Mul, Translation(m), Translation(n) | Point(n)) if m == n => {
            Some(Geometry::value(b.kind, a.node + b.node))
        }
        (Operator::Div, Translation(m), Translation(n)) if m == n => {
            Some(Geometry::value(a.kind, a.node - b.node))
        }
        // A translation takes the form of the rotation that it meets.
        (Operator::Mul, Translation(m), Turn(turn) | Isometry(turn)) if m == turn.size() => {
            let shift = Motion { turn, rotation: turn.identity(a.node.graph), translation: a.node };
            let other = motion_of(b)?;
            let translation = shift.translation + other.translation;
            Some(Motion { translation, ..other }.value())
        }
        _ => None,
    }
}

/// A rotation or an isometry before what it is applied to.
fn after<'g>(a: Geometry<'g>, b: Geometry<'g>) -> Option<Value<'g>> {
    let m = motion_of(a)?;
    let size = m.turn.size();
    match b.kind {
        Kind::Turn(turn) if a.kind == b.kind => Some(Geometry::value(a.kind, turn.composed(a.node, b.node))),
        Kind::Turn(turn) | Kind::Isometry(turn) if turn == m.turn => Some(m.after(motion_of(b)?).value()),
        Kind::Translation(n) if n == size => {
            let translation = m.moved(b.node);
            Some(Motion { translation, ..m }.value())
        }
        Kind::Point(n) if n == size => {
            let moved = if is_turn(a.kind) { m.turned(b.node) } else { m.moved(b.node) };
            Some(Geometry::value(b.kind, moved))
        }
        _ => None,
    }
}

/// A rotation is an isometry without translation.
fn motion_of<'g>(x: Geometry<'g>) -> Option<Motion<'g>> {
    match x.kind {
        Kind::Isometry(turn) => Some(Motion::of(turn, x.node)),
        Kind::Turn(turn) => {
            let translation = x.node.graph.zeros(Shape::new(turn.size(), 1));
            Some(Motion { turn, rotation: x.node, translation })
        }
        _ => None,
    }
}

/// What is divided by.
fn back<'g>(x: Geometry<'g>) -> Option<Geometry<'g>> {
    let node = match x.kind {
        Kind::Turn(turn) => turn.inverse(x.node),
        Kind::Translation(_) => -x.node,
        Kind::Isometry(turn) => match Motion::of(turn, x.node).inverse().value() {
            Value::Geometry(inverse) => inverse.node,
            _ => return None,
        },
        _ => return None,
    };
    Some(Geometry { node, ..x })
}

fn with_matrix<'g>(op: Operator, a: Geometry<'g>, x: Expr<'g>) -> Option<Value<'g>> {
    let fits = |n: usize| x.shape().agree(Shape::new(n, 1)).is_some();
    match (op, a.kind) {
        (Operator::Mul, Kind::Turn(turn)) if turn.is_matrix() => {
            let rows = a.node.shape().columns.agree(x.shape().rows);
            rows.map(|_| Value::Matrix(a.node * x))
        }
        (Operator::Mul, Kind::Turn(turn)) if fits(turn.size()) => {
            Some(Value::Matrix(turn.applied(a.node, x)))
        }
        (Operator::Mul, Kind::Isometry(turn)) if fits(turn.size()) => {
            Some(Value::Matrix(Motion::of(turn, a.node).turned(x)))
        }
        (Operator::Add, Kind::Point(n)) if fits(n) => Some(Geometry::value(a.kind, a.node + x)),
        (Operator::Sub, Kind::Point(n)) if fits(n) => Some(Geometry::value(a.kind, a.node - x)),
        _ => None,
    }
}

fn of_matrix<'g>(op: Operator, x: Expr<'g>, b: Geometry<'g>) -> Option<Value<'g>> {
    x.shape().columns.agree(b.node.shape().rows)?;
    match (op, b.kind) {
        (Operator::Mul, Kind::Turn(turn)) if turn.is_matrix() => Some(Value::Matrix(x * b.node)),
        (Operator::Div, Kind::Turn(turn)) if turn.is_matrix() => Some(Value::Matrix(x * b.node.t())),
        (Operator::Mul, Kind::Point(_)) => {
            let rows = x.shape().rows.known().filter(|rows| *rows > 1)?;
            Some(Geometry::value(Kind::Point(rows), x * b.node))
        }
        _ => None,
    }
}

fn scaled<'g>(op: Operator, a: Geometry<'g>, s: Expr<'g>) -> Option<Value<'g>> {
    match (op, a.kind) {
        (Operator::Mul, Kind::Point(_) | Kind::Quaternion) => Some(Geometry::value(a.kind, s * a.node)),
        (Operator::Div, Kind::Point(_) | Kind::Quaternion) => Some(Geometry::value(a.kind, a.node / s)),
        _ => None,
    }
}
