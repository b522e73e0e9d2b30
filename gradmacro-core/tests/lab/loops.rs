//! Programs with loops and conditionals: some that users write, and random ones.

#![allow(dead_code, unreachable_pub, reason = "a part of the laboratory")]

use gradmacro_core::ir::{Dim, Expr, Graph, Ratio, Shape};
use gradmacro_core::ops::exponential::EXP;
use gradmacro_core::ops::hyperbolic::TANH;
use gradmacro_core::ops::predicates::{LESS, NOT_NEGATIVE};
use gradmacro_core::ops::trigonometric::{COS, SIN};
use gradmacro_core::ops::writing::update;
use gradmacro_core::ops::{Sample, any};

use crate::lab::random::Random;

/// How a test writes a loop.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Loop {
    /// As a node.
    Region,
    /// Step by step.
    Unrolled,
}

pub type Step<'a, 'g> = &'a dyn Fn(Expr<'g>, &[Expr<'g>]) -> Vec<Expr<'g>>;

impl Loop {
    /// The carried variables after so many steps.
    pub fn over<'g>(
        self,
        g: &'g Graph,
        trips: usize,
        initial: &[Expr<'g>],
        step: Step<'_, 'g>,
    ) -> Vec<Expr<'g>> {
        match self {
            Loop::Region => g.scan_over(Dim::Known(trips), initial, step),
            Loop::Unrolled => {
                (0..trips).fold(initial.to_vec(), |carried, k| step(g.index(k as i64), &carried))
            }
        }
    }
}

/// if p { then(x) } else { other(x) }
pub fn choose<'g>(
    p: Expr<'g>,
    over: &[Expr<'g>],
    then: impl FnOnce(&[Expr<'g>]) -> Expr<'g>,
    other: impl FnOnce(&[Expr<'g>]) -> Expr<'g>,
) -> Expr<'g> {
    p.graph.branch_over(p, over, |x| vec![then(x)], |x| vec![other(x)])[0]
}

pub fn less<'g>(a: Expr<'g>, b: Expr<'g>) -> Expr<'g> {
    a.apply_with(&LESS, b)
}

/// x[i + shift]
pub fn at<'g>(x: Expr<'g>, i: Expr<'g>, shift: i64) -> Expr<'g> {
    x.slice(x.graph.affine(&[(i, 1)], shift), x.graph.index(0), Shape::SCALAR)
}

pub fn set<'g>(x: Expr<'g>, i: Expr<'g>, shift: i64, v: Expr<'g>) -> Expr<'g> {
    update(x, v, x.graph.affine(&[(i, 1)], shift), x.graph.index(0))
}

pub fn column<'g>(x: Expr<'g>, i: Expr<'g>) -> Expr<'g> {
    x.slice(x.graph.index(0), i, Shape::column(x.shape().rows))
}

pub fn half(x: Expr<'_>) -> Expr<'_> {
    x.times(Ratio::HALF)
}

pub fn zero(g: &Graph) -> Expr<'_> {
    g.zeros(Shape::SCALAR)
}

pub type Case = (&'static str, for<'g> fn(Loop, &'g Graph, &[Expr<'g>]) -> Expr<'g>);

/// Of a scalar s, vectors x and y of four entries, and a 4×4 matrix A.
pub const OPERANDS: &[Sample] = &[any(1, 1), any(4, 1), any(4, 1), any(4, 4)];

pub const CASES: &[Case] = &[
    ("a power", |by, g, v| by.over(g, 5, &[v[0]], &|_, c| vec![c[0] * v[0]])[0]),
    ("a rollout with a cost", |by, g, v| {
        let out = by.over(g, 4, &[v[1], zero(g)], &|k, c| {
            let next = half(v[3] * c[0]) + v[2] * at(v[1], k, 0);
            vec![next, c[1] + c[0].inner(c[0]) + at(v[1], k, 0).squared() * v[0]]
        });
        out[1] + out[0].inner(v[2])
    }),
    ("a recurrent network", |by, g, v| {
        let out = by.over(g, 4, &[g.zeros(v[1].shape()), zero(g)], &|t, c| {
            let h = (v[3] * c[0] + column(v[3], t).hadamard(v[2]) + v[1]).apply(&TANH);
            vec![h, c[1] + half((h - v[2]).inner(h - v[2]))]
        });
        out[1] * v[0]
    }),
    ("a pendulum by Euler's rule", |by, g, v| {
        let out = by.over(g, 6, &[v[0], v[1].entry(0, 0)], &|_, c| {
            let next = c[1] - half(c[0].apply(&SIN));
            vec![c[0] + half(next), next]
        });
        out[0] * out[1]
    }),
    ("a loop within a loop", |by, g, v| {
        by.over(g, 3, &[v[1]], &|i, c| {
            let inner = by.over(g, 2, &[c[0]], &|j, d| {
                vec![half(v[3] * d[0]).hadamard(v[2]) + d[0] * at(v[1], j, 0) * at(v[2], i, 0)]
            });
            vec![inner[0].apply(&SIN) + c[0]]
        })[0]
            .sum()
    }),
    ("a triangular loop", |by, g, v| {
        by.over(g, 3, &[zero(g)], &|i, c| {
            let inner = by.over(g, 4, &[c[0]], &|j, d| {
                vec![d[0] + (at(v[1], i, 0) - at(v[2], j, 0)).squared().apply(&EXP)]
            });
            vec![inner[0]]
        })[0]
    }),
    ("a residual filled in a loop", |by, g, v| {
        by.over(g, 4, &[g.zeros(v[1].shape())], &|i, c| {
            vec![set(c[0], i, 0, at(v[1], i, 0) * v[0] - at(v[2], i, 0).squared())]
        })[0]
    }),
    ("differences added in place, guarded", |by, g, v| {
        let start = v[1].hadamard(v[1]);
        by.over(g, 4, &[start], &|i, c| {
            let p = i.reduce(&NOT_NEGATIVE);
            let guard = g.affine(&[(i, 1)], -1).reduce(&NOT_NEGATIVE);
            let _ = p;
            vec![choose(
                guard,
                &[c[0], v[1], v[0]],
                |x| set(x[0], i, 0, at(x[0], i, 0) - at(x[1], i, -1) * x[2]),
                |x| x[0],
            )]
        })[0]
    }),
    ("a recurrence in place", |by, g, v| {
        by.over(g, 3, &[v[1]], &|i, c| {
            vec![set(c[0], i, 1, at(c[0], i, 1) + half(at(c[0], i, 0)).apply(&SIN) * v[0])]
        })[0]
    }),
    ("a matrix filled by two loops", |by, g, v| {
        by.over(g, 4, &[g.zeros(v[3].shape())], &|i, c| {
            let inner = by.over(g, 4, &[c[0]], &|j, d| {
                let k = (at(v[1], i, 0) - at(v[2], j, 0)).squared().times(Ratio::MINUS_ONE).apply(&EXP);
                vec![update(d[0], k * v[0], i, j)]
            });
            vec![inner[0]]
        })[0]
    }),
    ("a swap", |by, g, v| {
        let out = by.over(g, 3, &[v[1], v[2]], &|_, c| vec![c[1], half(v[3] * c[0])]);
        out[0].inner(out[1])
    }),
    ("carried but never changed", |by, g, v| {
        by.over(g, 3, &[v[1], v[2]], &|_, c| vec![c[0], half(v[3] * c[1]) + c[0]])[1]
    }),
    ("a branch on a sign", |_, _, v| {
        choose(
            less(v[0], v[1].entry(0, 0)),
            v,
            |x| x[0].apply(&EXP) * x[1].sum(),
            |x| x[1].inner(x[3] * x[2]),
        )
    }),
    ("Huber's loss by branches in a sum", |by, g, v| {
        by.over(g, 4, &[zero(g)], &|i, c| {
            let r = at(v[1], i, 0) - at(v[2], i, 0);
            let small = less(r.squared(), g.number(Ratio::HALF));
            let loss = choose(small, &[r, v[0]], |x| half(x[0].squared()), |x| x[0].apply(&SIN) * x[1]);
            vec![c[0] + loss]
        })[0]
    }),
    ("a branch in a rollout", |by, g, v| {
        by.over(g, 4, &[v[1]], &|i, c| {
            let p = less(at(c[0], i, 0), g.int(0));
            vec![choose(p, &[c[0], v[3], v[0]], |x| half(x[1] * x[0]), |x| (x[0] * x[2]).apply(&COS))]
        })[0]
            .sum()
    }),
    ("an accumulation in one arm", |by, g, v| {
        by.over(g, 4, &[v[2]], &|i, c| {
            let p = less(at(v[1], i, 0), g.int(0));
            vec![choose(p, &[c[0], v[3], v[0]], |x| x[0] + column(x[1], i) * x[2], |x| x[0])]
        })[0]
    }),
    ("a loop in a branch", |by, g, v| {
        choose(
            less(v[0], g.int(0)),
            v,
            |x| by.over(g, 3, &[x[1]], &|_, c| vec![half(x[3] * c[0]) * x[0]])[0].sum(),
            |x| by.over(g, 2, &[x[2]], &|i, c| vec![c[0].hadamard(c[0]) + column(x[3], i)])[0].sum(),
        )
    }),
    ("a branch in a branch", |_, g, v| {
        choose(
            less(v[0], g.int(0)),
            v,
            |x| {
                choose(
                    less(x[1].entry(0, 0), x[2].entry(0, 0)),
                    x,
                    |y| y[0] * y[1].sum(),
                    |y| y[2].inner(y[1]),
                )
            },
            |x| x[0].squared(),
        )
    }),
];

/// Grows a pool of vectors of four entries; `indices` are those of the loops around, with their trip counts.
struct Maker<'g> {
    graph: &'g Graph,
    random: Random,
}

impl<'g> Maker<'g> {
    fn recent(&mut self, pool: &[Expr<'g>], of: usize) -> Expr<'g> {
        pool[pool.len() - 1 - self.random.below(of.min(pool.len()))]
    }

    fn block(&mut self, pool: &mut Vec<Expr<'g>>, indices: &[(Expr<'g>, usize)], depth: usize) {
        for _ in 0..1 + self.random.below(3) {
            let all = pool.len();
            let (p, q) = (self.recent(pool, all), self.recent(pool, 3));
            let kinds = if depth > 0 { 13 } else { 8 };
            let made = match self.random.below(kinds) {
                0 => p + q,
                1 => p.hadamard(q).apply(&TANH),
                2 => p.apply(&SIN),
                3 => half(pool[0].inner(p) * q),
                4 => p - q.apply(&COS),
                5 => match indices.first() {
                    Some((i, _)) => q * at(p, *i, 0),
                    None => p * q.entry(1, 0),
                },
                6 => match indices.first() {
                    Some((i, _)) => set(q, *i, 0, at(p, *i, 0).apply(&SIN)),
                    None => update(p, q.entry(2, 0), self.graph.index(1), self.graph.index(0)),
                },
                7 => match indices.first() {
                    Some((i, 3)) => set(q, *i, 1, half(at(q, *i, 0)) + at(p, *i, 1)),
                    _ => p.hadamard(q),
                },
                8..=10 => self.scan(pool, indices, depth),
                _ => self.branch(pool, indices, depth),
            };
            pool.push(made);
        }
    }

    fn scan(&mut self, pool: &[Expr<'g>], indices: &[(Expr<'g>, usize)], depth: usize) -> Expr<'g> {
        let (trips, count) = (1 + self.random.below(3), 1 + self.random.below(3));
        let shape = pool[0].shape();
        let zeros = self.graph.zeros(shape);
        let all = pool.len();
        let initial: Vec<Expr<'g>> = (0..count)
            .map(|_| if self.random.below(4) == 0 { zeros } else { self.recent(pool, all) })
            .collect();
        let graph = self.graph;
        let out = graph.scan_over(Dim::Known(trips), &initial, |i, carried| {
            let mut inner: Vec<Expr<'g>> = pool.iter().chain(carried).copied().collect();
            let mut around = vec![(i, trips)];
            around.extend_from_slice(indices);
            self.block(&mut inner, &around, depth - 1);
            let next = |k: usize| match self.random.below(5) {
                0 => carried[k],
                1 => carried[k] + inner[inner.len() - 1],
                2 => self.recent(&inner, 100),
                _ => self.recent(&inner, 3),
            };
            (0..count).map(next).collect()
        });
        out[self.random.below(count)]
    }

    fn branch(&mut self, pool: &[Expr<'g>], indices: &[(Expr<'g>, usize)], depth: usize) -> Expr<'g> {
        let graph = self.graph;
        let predicate = match indices.first() {
            Some((i, _)) if self.random.below(2) == 0 => {
                graph.affine(&[(*i, 1)], -(self.random.below(3) as i64)).reduce(&NOT_NEGATIVE)
            }
            _ => less(pool[self.random.below(pool.len())].entry(0, 0), pool[0].entry(3, 0)),
        };
        let mut arm = |x: &[Expr<'g>]| {
            let mut inner = x.to_vec();
            self.block(&mut inner, indices, depth - 1);
            vec![self.recent(&inner, 3)]
        };
        let scope = graph.scope();
        let variables: Vec<Expr<'g>> = pool.iter().map(|x| graph.variable(x.shape())).collect();
        let captured = variables.iter().copied().zip(pool.iter().copied()).collect();
        let (then, other) = (arm(&variables), arm(&variables));
        graph.branch(gradmacro_core::ir::OpenBranch { scope, predicate, captured, then, other })[0]
    }
}

pub fn random_program<'g>(seed: u64, graph: &'g Graph, x: &[Expr<'g>]) -> Expr<'g> {
    let mut maker = Maker { graph, random: Random::new(seed) };
    let mut pool = vec![x[1], x[2], half(x[3] * x[1])];
    maker.block(&mut pool, &[], 2);
    maker.block(&mut pool, &[], 2);
    let tail: Vec<Expr<'g>> = pool.iter().rev().take(3).map(|p| p.apply(&TANH)).collect();
    tail.into_iter().reduce(|a, b| a + b).expect("the pool is not empty").inner(x[2]) * x[0]
}
