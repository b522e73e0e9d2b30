//! Isometries: a rotation, then a translation.
//!
//! Example: m·n of m = (R, t) and n = (S, u) is (RS, t + Ru).

use super::Geometry;
use super::kinds::{Kind, Turn};
use crate::front::value::Value;
use crate::ir::{Expr, Shape};

/// The two parts of an isometry.
#[derive(Clone, Copy)]
pub(super) struct Motion<'g> {
    pub(super) turn: Turn,
    pub(super) rotation: Expr<'g>,
    pub(super) translation: Expr<'g>,
}

impl<'g> Motion<'g> {
    /// The parts of its node.
    pub(super) fn of(turn: Turn, node: Expr<'g>) -> Motion<'g> {
        let column = Shape::new(turn.size(), 1);
        let (row, place) = Motion::place(turn);
        Motion { turn, rotation: node.block(0, 0, turn.shape()), translation: node.block(row, place, column) }
    }

    /// Where the translation stands.
    fn place(turn: Turn) -> (usize, usize) {
        match turn {
            Turn::Plane | Turn::Space => (0, turn.size()),
            Turn::Complex => (2, 0),
            Turn::Unit => (4, 0),
        }
    }

    /// As one value.
    pub(super) fn value(self) -> Value<'g> {
        let kind = Kind::Isometry(self.turn);
        let graph = self.rotation.graph;
        let (row, column) = Motion::place(self.turn);
        let index = |k: usize| graph.index(k as i64);
        let rotation = self.rotation.scatter(index(0), index(0), kind.shape());
        let translation = self.translation.scatter(index(row), index(column), kind.shape());
        Geometry::value(kind, rotation + translation)
    }

    /// A vector turned.
    pub(super) fn turned(self, x: Expr<'g>) -> Expr<'g> {
        self.turn.applied(self.rotation, x)
    }

    /// A point moved.
    pub(super) fn moved(self, x: Expr<'g>) -> Expr<'g> {
        self.translation + self.turned(x)
    }

    /// Back.
    pub(super) fn inverse(self) -> Motion<'g> {
        let rotation = self.turn.inverse(self.rotation);
        let translation = -self.turn.applied(rotation, self.translation);
        Motion { rotation, translation, ..self }
    }

    /// A point moved back.
    pub(super) fn moved_back(self, x: Expr<'g>) -> Expr<'g> {
        self.turn.applied(self.turn.inverse(self.rotation), x - self.translation)
    }

    /// This after another.
    pub(super) fn after(self, other: Motion<'g>) -> Motion<'g> {
        let rotation = self.turn.composed(self.rotation, other.rotation);
        Motion { rotation, translation: self.moved(other.translation), ..self }
    }
}
