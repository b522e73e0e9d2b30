//! How random functions are put together: what a user may write, of each size. Among the productions are the spellings
//! for which the named rules exist, such as `ln(1 + exp u)`.

use gradmacro_core::ir::{Data, Dim, Expr, Ratio};
use gradmacro_core::ops::exponential::{EXP, LN, LOGISTIC, SOFTPLUS};
use gradmacro_core::ops::hyperbolic::TANH;
use gradmacro_core::ops::piecewise::ABS;
use gradmacro_core::ops::products::KRONECKER;
use gradmacro_core::ops::reductions::{LOG_SUM_EXP, SOFTMAX};
use gradmacro_core::ops::spectral::EXPONENTIAL_DIRECTION;
use gradmacro_core::ops::structure::{LOWER, UPPER, commutation, reshape};
use gradmacro_core::ops::systems::{CHOLESKY, COFACTOR, DETERMINANT};
use gradmacro_core::ops::trigonometric::{COS, SIN};

use super::Sizes;
use super::maker::{Maker, Size};
use super::programs::program;

type Production = for<'g> fn(&mut Maker<'g>, Size, usize) -> Expr<'g>;

/// Of any size.
pub const ANY: &[Production] = &[
    |m, s, d| m.make(s, d) + m.small(s, d),
    |m, s, d| m.make(s, d) - m.small(s, d),
    weighted_sum,
    |m, s, d| m.make(s, d).hadamard(m.small(s, d)),
    |m, s, d| m.make(s, d).over(bounded_below(m, s, d)),
    |m, s, d| {
        let p = m.random.pick(&[Ratio::HALF, Ratio::new(-1, 2), Ratio::new(3, 2), Ratio::MINUS_ONE]);
        bounded_below(m, s, d).power(p)
    },
    |m, s, d| m.make(s, d).power(Ratio::int(2)),
    |m, s, d| m.make((1, 1), d) * m.small(s, d),
    |m, s, d| m.make((s.1, s.0), d).t(),
    product,
    product,
    of_entrywise_rows,
    of_entrywise_rows,
    of_entrywise_rows,
    of_entrywise_rows,
    of_other_row,
    of_other_row,
    of_other_row,
    of_other_row,
    stable_spelling,
    stable_spelling,
    block,
    literal,
    index_sum,
    index_sum,
    program,
    program,
    program,
    shared_factor,
];

/// Of a scalar.
pub const SCALAR: &[Production] = &[
    |m, _, d| {
        let size = m.random.pick(&[(3, 1), (1, 2), (2, 3)]);
        m.make(size, d).inner(m.small(size, d))
    },
    |m, _, d| m.make((3, 3), d).trace(),
    entries_inner,
    |m, _, d| {
        let size = m.random.pick(&[(3, 1), (1, 3), (3, 2)]);
        m.make(size, d).sum()
    },
    |m, _, d| {
        let x = m.make((3, 1), d);
        (m.graph.int(1) + x.inner(x)).power(Ratio::HALF)
    },
    |m, _, d| m.make((3, 1), d).apply(&EXP).sum().apply(&LN),
    |m, _, d| m.make((3, 2), d).reduce(&LOG_SUM_EXP),
    |m, _, d| m.make((3, 2), d).hadamard(m.small((3, 2), d)).sum(),
    |m, _, d| m.make((3, 1), d).hadamard(m.small((3, 1), d)).sum(),
    |m, _, d| (m.make((3, 1), d) * m.small((1, 3), d)).trace(),
    |m, _, d| (m.make((3, 1), d).diagonal_matrix() * m.small((3, 3), d)).trace(),
    |m, _, d| (m.make((2, 3), d) * m.small((3, 2), d)).trace(),
    |m, _, d| (m.make((3, 3), d) + m.small((3, 3), d)).trace(),
    of_system,
    of_system,
    of_system,
    |m, _, d| m.make((1, 1), d).fill(Sizes::Literal.shape((3, 1))).sum(),
    |m, _, d| (m.make((3, 1), d) + m.small((3, 1), d)).entry(1, 0),
    |m, _, _| {
        let x = m.input((3, 1));
        x.entry(0, 0) * x.entry(2, 0).apply(&SIN) + x.entry(1, 0)
    },
];

/// Of a column or a row.
pub const VECTOR: &[Production] = &[
    |m, s, d| {
        let v = (m.make((2, 3), d) * m.small((3, 2), d)).diagonal();
        m.fit(v, s)
    },
    |m, s, d| {
        let v = (m.make((3, 1), d) * m.small((1, 3), d)).diagonal();
        m.fit(v, s)
    },
    |m, s, d| {
        let v = m.make((3, 1), d).diagonal_matrix() * m.small((3, 1), d);
        m.fit(v, s)
    },
    |m, s, d| {
        let v = m.make((1, 3), d) * m.small((3, 1), d).diagonal_matrix();
        m.fit(v, s)
    },
    |m, s, d| {
        let e = m.make(s, d).apply(&EXP);
        e.sum().power(Ratio::MINUS_ONE) * e
    },
    |m, s, d| m.make(s, d).apply(&SOFTMAX).apply(&LN),
    |m, s, d| m.make(s, d).apply(&SOFTMAX),
    |m, s, d| {
        let v = m.make((3, 3), d).t() * m.small((3, 1), d) - m.small((3, 1), d);
        m.fit(v, s)
    },
];

/// JᵀJ of a matrix that is put together from columns.
fn gram_of_columns<'g>(m: &mut Maker<'g>, s: Size, d: usize) -> Expr<'g> {
    let of = Sizes::Literal.shape((3, 2));
    let (a, b) = (m.make((3, 1), d), m.small((3, 1), d));
    let at = |x: Expr<'g>, j: i64| x.scatter(x.graph.index(0), x.graph.index(j), of);
    let j = at(a, 0) + at(b, 1);
    m.fit(j.t() * j, s)
}

/// Products with matrices that exchange entries, next to what they meet.
fn commuted<'g>(m: &mut Maker<'g>, s: Size, d: usize) -> Expr<'g> {
    let of = Sizes::Literal.shape((2, 3));
    let (k, back) =
        (commutation(m.graph, of, Dim::Known(6)), commutation(m.graph, of.transposed(), Dim::Known(6)));
    let product = match m.random.below(7) {
        4..=6 => {
            let own = Sizes::Literal.shape((2, 2));
            let both = commutation(m.graph, own, Dim::Known(4)) + m.graph.identity(Dim::Known(4));
            both * both * m.make((4, 2), d)
        }
        0 => k * back * m.make((6, 1), d),
        1 => (k * m.make((2, 3), d).vec()).t() * m.small((6, 3), d),
        2 => {
            let (a, b) = (m.make((2, 2), d), m.small((2, 3), d));
            let left = m.graph.apply(&KRONECKER, Data::None, &[a, b], Sizes::Literal.shape((4, 6)));
            left * k
        }
        _ => m.small((2, 6), d) * (k + m.graph.identity(Dim::Known(6))),
    };
    m.fit(product, s)
}

/// Of a square matrix.
pub const SQUARE: &[Production] = &[
    |m, s, d| m.make((s.0, 1), d).diagonal_matrix(),
    |m, s, d| m.make((s.0, 1), d).diagonal_matrix() * m.small((s.0, 1), d).diagonal_matrix(),
    |m, s, d| {
        let x = m.make(s, d);
        x + x.t()
    },
    |m, s, d| {
        let (a, b, c) = (m.make((2, 2), d), m.small((2, 3), d), m.small((2, 1), d));
        let left = m.graph.apply(&KRONECKER, Data::None, &[a, b], Sizes::Literal.shape((4, 6)));
        let right = m.graph.apply(&KRONECKER, Data::None, &[c, b.t()], Sizes::Literal.shape((6, 2)));
        m.fit(left * right, s)
    },
    commuted,
    gram_of_columns,
    |m, s, d| m.make((s.0, 1), d) * m.small((1, s.0), d),
    system,
    system,
    system,
    system,
    system,
    system,
    |m, s, d| m.make(s, d) - m.graph.identity(Sizes::Literal.dim(s.0)),
];

fn bounded_below<'g>(m: &mut Maker<'g>, s: Size, d: usize) -> Expr<'g> {
    let x = m.small(s, d);
    x.ones() + x.squared()
}

fn weighted_sum<'g>(m: &mut Maker<'g>, s: Size, d: usize) -> Expr<'g> {
    let terms: Vec<_> = (0..3).map(|_| (m.small(s, d), m.coefficient())).collect();
    m.graph.combination(&terms, Sizes::Literal.shape(s))
}

fn product<'g>(m: &mut Maker<'g>, s: Size, d: usize) -> Expr<'g> {
    let width = m.random.pick(&[1, 2, 3]);
    m.make((s.0, width), d) * m.small((width, s.1), d)
}

/// f(x) + g(y)
fn of_entrywise_rows<'g>(m: &mut Maker<'g>, s: Size, d: usize) -> Expr<'g> {
    let mut one = |d| {
        let op = m.row(true);
        m.apply(op, Some(s), d)
    };
    one(d) + one(d.min(1))
}

fn of_other_row<'g>(m: &mut Maker<'g>, s: Size, d: usize) -> Expr<'g> {
    let op = m.row(false);
    let x = m.apply(op, None, d);
    m.fit(x, s)
}

/// What users write by hand although a stable function exists, and a minus sign inside a function.
fn stable_spelling<'g>(m: &mut Maker<'g>, s: Size, d: usize) -> Expr<'g> {
    let x = m.make(s, d);
    let u = m.within_range(x, (-3.0, 3.0));
    let one = u.ones();
    match m.random.below(13) {
        0 => (one + u.apply(&EXP)).apply(&LN),
        1 => (one + (-u).apply(&EXP)).power(Ratio::MINUS_ONE),
        2 => u.apply(&EXP).over(one + u.apply(&EXP)),
        3 => u.apply(&LOGISTIC).apply(&LN),
        4 => (one - u.apply(&LOGISTIC)).apply(&LN),
        5 => (-u).apply(&LOGISTIC),
        6 => (-u).apply(&SOFTPLUS),
        7 => u.apply(&EXP).apply(&LN),
        8 => u.apply(&EXP).hadamard(u.apply(&EXP)),
        9 => {
            let a = m.input(s);
            a.hadamard(u.apply(&LOGISTIC)) - a
        }
        10 => (-u).apply(m.random.pick(&[&SIN, &COS, &TANH])),
        11 => (m.number().fill(u.shape())).apply(&SIN).hadamard(u),
        _ => (one + u.apply(&EXP)).power(Ratio::int(-2)).hadamard(u.apply(&EXP)),
    }
}

/// A part of something larger: of an expression, of a part, of a matrix put together.
fn block<'g>(m: &mut Maker<'g>, s: Size, d: usize) -> Expr<'g> {
    let (shape, larger) = (Sizes::Literal.shape(s), (s.0 + 1, s.1 + 1));
    match m.random.below(5) {
        0 => m.make(larger, d).block(1, 0, shape),
        1 => {
            let middle = Sizes::Literal.shape((s.0 + 1, s.1));
            m.make(larger, d).block(0, 1, middle).block(1, 0, shape)
        }
        2 => literal(m, larger, d).block(0, 1, shape),
        3 => (literal(m, larger, d) + m.make(larger, d)).block(1, 1, shape),
        _ => {
            let (zero, one) = (m.graph.index(0), m.graph.index(1));
            m.make(s, d).scatter(one, zero, Sizes::Literal.shape(larger)).block(1, 0, shape)
        }
    }
}

/// A matrix put together from scalars.
fn literal<'g>(m: &mut Maker<'g>, s: Size, d: usize) -> Expr<'g> {
    let places: Vec<(u32, u32)> =
        (0..s.0 as u32).flat_map(|r| (0..s.1 as u32).map(move |c| (r, c))).collect();
    let kept = places.into_iter().filter(|_| m.random.below(3) > 0).collect::<Vec<_>>();
    let list: Vec<_> = kept.into_iter().map(|place| (place, m.small((1, 1), d.min(3)))).collect();
    m.graph.entries(&list, Sizes::Literal.shape(s))
}

/// Σ over an index, of terms that vary, of terms that do not, of both.
fn index_sum<'g>(m: &mut Maker<'g>, s: Size, d: usize) -> Expr<'g> {
    if !m.is_shallow() {
        return m.leaf(s);
    }
    let trips = 1 + m.random.below(3);
    let (kind, outside) = (m.random.below(6), m.small((1, 1), d));
    if kind == 5 {
        return placed_sum(m, s, trips);
    }
    m.sum_over(trips, |m| {
        let varying = m.make(s, d.min(2));
        match kind {
            0 => outside * varying,
            1 => varying + outside.fill(varying.shape()),
            2 => m.input((s.0, 3)) * m.make((3, s.1), d.min(2)),
            _ => varying,
        }
    })
}

/// A sum of entries at places that depend on the index.
fn placed_sum<'g>(m: &mut Maker<'g>, s: Size, trips: usize) -> Expr<'g> {
    let sum = m.sum_over(trips, |m| {
        let place = m.index();
        let [a, b] = [m.input((1, 1)), m.input((1, 1))];
        let at = |x: Expr<'g>| x.scatter(place, m.graph.index(0), Sizes::Literal.shape((3, 1)));
        let (next, zero) = (m.graph.affine(&[(place, 1)], 1), m.graph.index(0));
        let below = |x: Expr<'g>, at| x.scatter(at, zero, Sizes::Literal.shape((4, 1)));
        match m.random.below(2) {
            0 => a * at(b) + b * at(m.graph.int(1)),
            _ => m.input((3, 4)) * (below(a, place) + below(b, next)),
        }
    });
    m.fit(sum, s)
}

/// Vectors of which only some entries are not zero, next to each other.
fn entries_inner<'g>(m: &mut Maker<'g>, _: Size, d: usize) -> Expr<'g> {
    let [a, b, c] = [m.make((1, 1), d), m.small((1, 1), d), m.input((1, 1))];
    let of = Sizes::Literal.shape((3, 1));
    m.graph.entries(&[((0, 0), a), ((1, 0), b)], of).inner(m.graph.entries(&[((1, 0), c), ((2, 0), a)], of))
}

/// Sums whose terms have a factor in common, or cancel once they are multiplied out.
fn shared_factor<'g>(m: &mut Maker<'g>, s: Size, d: usize) -> Expr<'g> {
    let (a, b) = (m.make((s.0, 3), d), m.small((3, s.1), d));
    match m.random.below(6) {
        0 => a * b + m.small((s.0, 3), d) * b,
        1 => a * b - a * m.small((3, s.1), d),
        2 => a * (b + m.input((3, s.1))) - a * b,
        3 => m.small((1, 1), d) * ((a + a).times(Ratio::int(3)) - m.input((s.0, 3))) * b,
        4 => {
            let scalar = m.small((1, 1), d);
            scalar * (a * b) + scalar * m.small(s, d)
        }
        _ => (a * b).times(Ratio::int(2)) - (b.t() * a.t()).t(),
    }
}

/// A diagonally dominant matrix.
fn invertible<'g>(m: &mut Maker<'g>, n: usize, d: usize) -> Expr<'g> {
    let x = m.small((n, n), d);
    m.within_range(x, (-0.2, 0.2)) + m.graph.identity(Sizes::Literal.dim(n)).times(Ratio::new(3, 2))
}

/// Inverses as users write them, triangles, and what reads one triangle.
fn system<'g>(m: &mut Maker<'g>, s: Size, d: usize) -> Expr<'g> {
    let a = invertible(m, s.0, d);
    let any = m.small(s, d);
    match m.random.below(10) {
        0 => a.inverse() * any,
        1 => a.inverse().inverse() + any,
        2 => (a * invertible(m, s.0, d)).inverse(),
        3 => a.inverse() * (a * any),
        4 => a * a.inverse() * any,
        5 => any.t() * a.t() * a.inverse().t(),
        6 => {
            let v = m.small((s.0, 1), d);
            (v.ones() + v.squared()).diagonal_matrix().inverse()
        }
        _ => of_triangle(m, a, any, s, d),
    }
}

/// What reads one triangle, Kronecker products and exponentials.
fn of_triangle<'g>(m: &mut Maker<'g>, a: Expr<'g>, any: Expr<'g>, s: Size, d: usize) -> Expr<'g> {
    match m.random.below(8) {
        0 => any.mirrored().t() + any.mirrored().mirrored(),
        1 => a.apply(&LOWER).inverse().apply(&UPPER) + a.apply(&UPPER).apply(&UPPER),
        2 => {
            let l = a.mirrored().apply(&CHOLESKY);
            a.apply(&LOWER).inverse().diagonal().diagonal_matrix() + l * l.t() - l.inverse().t() * l.inverse()
        }
        3 => {
            let (a, b) = (m.make((2, 2), d), invertible(m, 2, d));
            let product = m.graph.apply(&KRONECKER, Data::None, &[a, b], Sizes::Literal.shape((4, 4)));
            let x = (product.trace() * m.input((1, 4))) * product;
            m.fit(x, s)
        }
        4 => {
            let twice = reshape(
                reshape(m.make((2, 3), d), Sizes::Literal.shape((3, 2))),
                Sizes::Literal.shape((6, 1)),
            );
            m.fit(twice, s)
        }
        5 | 6 => {
            let (a, b) = (invertible(m, 2, d), invertible(m, 2, d));
            let product = m.graph.apply(&KRONECKER, Data::None, &[a, b], Sizes::Literal.shape((4, 4)));
            let x = product.inverse() * m.input((4, 1));
            m.fit(x, s)
        }
        _ => {
            let direction = m.random.pick(&[a, m.graph.identity(a.shape().rows)]);
            a.apply_with(&EXPONENTIAL_DIRECTION, direction)
        }
    }
}

/// Determinants as users write them.
fn of_system<'g>(m: &mut Maker<'g>, _: Size, d: usize) -> Expr<'g> {
    let a = invertible(m, 3, d);
    match m.random.below(13) {
        11 | 12 => {
            let many = (m.input((3, 3)).apply(&SIN) * a).times(Ratio::int(1_000_000));
            many.reduce(&DETERMINANT).apply(&ABS).apply(&LN)
        }
        10 => {
            let (b, c) = (m.make((2, 2), d), m.small((2, 2), d));
            m.graph.apply(&KRONECKER, Data::None, &[b, c], Sizes::Literal.shape((4, 4))).trace()
        }
        7 => a.mirrored().apply(&CHOLESKY).reduce(&DETERMINANT),
        8 => {
            let x = m.make((3, 1), d);
            (x - (m.make((1, 1), d) + x.sum()).fill(x.shape())).sum()
        }
        9 => (a * m.make((3, 1), d).diagonal_matrix()).diagonal().sum(),
        0 => (m.input((3, 3)).apply(&SIN) * m.input((3, 3))).reduce(&DETERMINANT),
        1 => a.inverse().reduce(&DETERMINANT),
        2 => a.apply(&LOWER).reduce(&DETERMINANT),
        3 => a.reduce(&DETERMINANT).apply(&LN),
        4 => a.reduce(&DETERMINANT).apply(&ABS).apply(&LN),
        5 => {
            let l = a.mirrored().apply(&CHOLESKY);
            l.diagonal().apply(&LN).sum()
        }
        _ => (a.reduce(&DETERMINANT).power(Ratio::MINUS_ONE) * a.apply(&COFACTOR)).trace(),
    }
}
