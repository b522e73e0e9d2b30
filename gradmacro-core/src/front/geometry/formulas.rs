//! What rotations do, in nodes.
//!
//! The formulas are nalgebra's, as functions of the entries or coordinates, so that they agree with it also for what is
//! no rotation (`new_unchecked`). Only where nalgebra divides by an angle there is a row instead.
//!
//! Example: q v is v + 2w (u × v) + 2 u × (u × v) with u = (i, j, k).

use super::kinds::Turn;
use crate::ir::{Dim, Expr, Graph, Ratio, Shape};
use crate::ops::piecewise::{ABS, SIGNUM};
use crate::ops::products::CROSS;
use crate::ops::rotations::{polar_of, stumpff_of};
use crate::ops::trigonometric::{ACOS, ATAN2, COS, SIN};

const TWO: Ratio = Ratio::int(2);

impl Turn {
    /// By the angle 0.
    pub(super) fn identity(self, graph: &Graph) -> Expr<'_> {
        let one = graph.number(Ratio::ONE);
        match self {
            Turn::Plane | Turn::Space => graph.identity(Dim::Known(self.size())),
            Turn::Complex => graph.entries(&[((0, 0), one)], self.shape()),
            Turn::Unit => graph.entries(&[((3, 0), one)], self.shape()),
        }
    }

    /// In the plane, by an angle of this cosine and sine.
    pub(super) fn in_plane<'g>(self, cos: Expr<'g>, sin: Expr<'g>) -> Expr<'g> {
        let list = [((0, 0), cos), ((1, 0), sin), ((0, 1), -sin), ((1, 1), cos)];
        let list = if self.is_matrix() { &list[..] } else { &list[..2] };
        cos.graph.entries(list, self.shape())
    }

    /// In the plane, by this angle.
    pub(super) fn by_angle(self, angle: Expr<'_>) -> Expr<'_> {
        self.in_plane(angle.apply(&COS), angle.apply(&SIN))
    }

    /// In space, about this vector by its length.
    pub(super) fn by_vector(self, v: Expr<'_>) -> Expr<'_> {
        let s = v.inner(v);
        match self {
            Turn::Unit => {
                let quarter = s.times(Ratio::new(1, 4));
                quaternion(stumpff_of(quarter, 1).times(Ratio::HALF) * v, stumpff_of(quarter, 0))
            }
            _ => rodrigues(v, [0, 1, 2].map(|k| stumpff_of(s, k))),
        }
    }

    /// In space, about this unit vector by this angle.
    pub(super) fn about<'g>(self, axis: Expr<'g>, angle: Expr<'g>) -> Expr<'g> {
        match self {
            Turn::Unit => {
                let half = angle.times(Ratio::HALF);
                quaternion(half.apply(&SIN) * axis, half.apply(&COS))
            }
            _ => {
                let (sin, cos) = (angle.apply(&SIN), angle.apply(&COS));
                rodrigues(axis, [cos, sin, cos.ones() - cos])
            }
        }
    }

    /// In space, about x, then y, then z.
    pub(super) fn by_euler_angles<'g>(self, angles: [Expr<'g>; 3]) -> Expr<'g> {
        let graph = angles[0].graph;
        let axis = |k: u32| graph.entries(&[((k, 0), graph.number(Ratio::ONE))], Shape::new(3, 1));
        let [x, y, z] = angles;
        let [x, y, z] = [(0, x), (1, y), (2, z)].map(|(k, angle)| self.about(axis(k), angle));
        self.composed(z, self.composed(y, x))
    }

    /// a after b.
    pub(super) fn composed<'g>(self, a: Expr<'g>, b: Expr<'g>) -> Expr<'g> {
        match self {
            Turn::Plane | Turn::Space => a * b,
            Turn::Complex => complex_product(a, b),
            Turn::Unit => quaternion_product(a, b),
        }
    }

    /// Back.
    pub(super) fn inverse(self, a: Expr<'_>) -> Expr<'_> {
        match self {
            Turn::Plane | Turn::Space => a.t(),
            Turn::Complex => a.graph.entries(&[((0, 0), a.entry(0, 0)), ((1, 0), -a.entry(1, 0))], a.shape()),
            Turn::Unit => conjugate(a),
        }
    }

    /// A vector, or the columns of a matrix, turned.
    pub(super) fn applied<'g>(self, a: Expr<'g>, x: Expr<'g>) -> Expr<'g> {
        match self {
            Turn::Unit => {
                let (u, w) = parts(a);
                let once = u.apply_with(&CROSS, x).times(TWO);
                x + w * once + u.apply_with(&CROSS, once)
            }
            _ => self.matrix(a) * x,
        }
    }

    /// As a matrix.
    pub(super) fn matrix(self, a: Expr<'_>) -> Expr<'_> {
        match self {
            Turn::Plane | Turn::Space => a,
            Turn::Complex => Turn::Plane.in_plane(a.entry(0, 0), a.entry(1, 0)),
            Turn::Unit => {
                let (u, w) = parts(a);
                let two = a.graph.int(2);
                rodrigues(u, [w.squared() - u.inner(u), w.times(TWO), two])
            }
        }
    }

    /// The angle, as nalgebra computes it.
    pub(super) fn angle(self, a: Expr<'_>) -> Expr<'_> {
        match self {
            Turn::Plane | Turn::Complex => a.entry(1, 0).apply_with(&ATAN2, a.entry(0, 0)),
            Turn::Space => cosine(a).apply(&ACOS),
            Turn::Unit => {
                let (u, w) = parts(a);
                u.inner(u).power(Ratio::HALF).apply_with(&ATAN2, w.apply(&ABS)).times(TWO)
            }
        }
    }

    /// In space, the vector about which it turns by its length.
    pub(super) fn scaled_axis(self, a: Expr<'_>) -> Expr<'_> {
        match self {
            Turn::Unit => {
                let (u, w) = parts(a);
                let half = polar_of(u.inner(u), w.apply(&ABS));
                (w.apply(&SIGNUM) * half).times(TWO) * u
            }
            _ => {
                let difference = a - a.t();
                let places = [(2, 1), (0, 2), (1, 0)].map(|(i, j)| difference.entry(i, j).times(Ratio::HALF));
                let [x, y, z] = places;
                let sine = a.graph.entries(&[((0, 0), x), ((1, 0), y), ((2, 0), z)], Shape::new(3, 1));
                polar_of(sine.inner(sine), cosine(a)) * sine
            }
        }
    }
}

/// c₀ I + c₁ v̂ + c₂ vvᵀ
fn rodrigues<'g>(v: Expr<'g>, [c0, c1, c2]: [Expr<'g>; 3]) -> Expr<'g> {
    c0 * v.graph.identity(Dim::Known(3)) + c1 * crossed(v) + c2 * (v * v.t())
}

/// The matrix of b ↦ v × b.
fn crossed(v: Expr<'_>) -> Expr<'_> {
    let [x, y, z] = [0, 1, 2].map(|i| v.entry(i, 0));
    let list = [((1, 0), z), ((2, 0), -y), ((0, 1), -z), ((2, 1), x), ((0, 2), y), ((1, 2), -x)];
    v.graph.entries(&list, Shape::new(3, 3))
}

/// ½ (tr R − 1)
fn cosine(a: Expr<'_>) -> Expr<'_> {
    let trace = a.trace();
    (trace - trace.ones()).times(Ratio::HALF)
}

/// The quaternion of this imaginary and this real part.
pub(super) fn quaternion<'g>(imaginary: Expr<'g>, real: Expr<'g>) -> Expr<'g> {
    let (graph, shape) = (real.graph, Shape::new(4, 1));
    let zero = graph.index(0);
    imaginary.scatter(zero, zero, shape) + real.scatter(graph.index(3), zero, shape)
}

/// The imaginary and the real part.
pub(super) fn parts(q: Expr<'_>) -> (Expr<'_>, Expr<'_>) {
    (q.block(0, 0, Shape::new(3, 1)), q.entry(3, 0))
}

/// The conjugate quaternion.
pub(super) fn conjugate(q: Expr<'_>) -> Expr<'_> {
    let (u, w) = parts(q);
    quaternion(-u, w)
}

/// (u, w)(v, z) = (w v + z u + u × v, w z − u·v)
pub(super) fn quaternion_product<'g>(a: Expr<'g>, b: Expr<'g>) -> Expr<'g> {
    let ((u, w), (v, z)) = (parts(a), parts(b));
    quaternion(w * v + z * u + u.apply_with(&CROSS, v), w * z - u.inner(v))
}

fn complex_product<'g>(a: Expr<'g>, b: Expr<'g>) -> Expr<'g> {
    let [(p, q), (r, s)] = [a, b].map(|z| (z.entry(0, 0), z.entry(1, 0)));
    a.graph.entries(&[((0, 0), p * r - q * s), ((1, 0), p * s + q * r)], a.shape())
}

/// x / ‖x‖
pub(super) fn normalized(x: Expr<'_>) -> Expr<'_> {
    x / x.inner(x).power(Ratio::HALF)
}

/// A matrix with a block, a column beside it, and a last row 0 … 0 1.
pub(super) fn homogeneous<'g>(block: Expr<'g>, column: Option<Expr<'g>>, n: usize) -> Expr<'g> {
    let (graph, shape) = (block.graph, Shape::new(n + 1, n + 1));
    let (zero, end) = (graph.index(0), graph.index(n as i64));
    let corner = graph.number(Ratio::ONE).scatter(end, end, shape);
    let whole = block.scatter(zero, zero, shape) + corner;
    column.map_or(whole, |column| whole + column.scatter(zero, end, shape))
}
