//! Fields: `p.x`, `p.coords`, `t.vector`, `q.w`, `z.re`, `m.rotation`, `m.translation`.

use super::Geometry;
use super::kinds::{Kind, Turn};
use super::motions::Motion;
use crate::front::value::Value;

const COORDINATES: [&str; 6] = ["x", "y", "z", "w", "a", "b"];
const QUATERNION: [&str; 4] = ["i", "j", "k", "w"];
const COMPLEX: [&str; 2] = ["re", "im"];

impl<'g> Geometry<'g> {
    /// The field of that name.
    pub(in crate::front) fn field(self, name: &str) -> Option<Value<'g>> {
        let entry = |names: &[&str], n: usize| {
            let k = names.iter().take(n).position(|known| *known == name)?;
            Some(Value::Scalar(self.node.entry(k, 0)))
        };
        match (self.kind, name) {
            (Kind::Point(_), "coords") | (Kind::Translation(_), "vector") => Some(Value::Matrix(self.node)),
            (Kind::Quaternion | Kind::Turn(Turn::Unit), "coords") => Some(Value::Matrix(self.node)),
            (Kind::Point(n) | Kind::Translation(n), _) => entry(&COORDINATES, n),
            (Kind::Quaternion | Kind::Turn(Turn::Unit), _) => entry(&QUATERNION, 4),
            (Kind::Turn(Turn::Complex), _) => entry(&COMPLEX, 2),
            (Kind::Isometry(turn), "rotation") => {
                Some(Geometry::value(Kind::Turn(turn), Motion::of(turn, self.node).rotation))
            }
            (Kind::Isometry(turn), "translation") => {
                let translation = Motion::of(turn, self.node).translation;
                Some(Geometry::value(Kind::Translation(turn.size()), translation))
            }
            _ => None,
        }
    }
}
