//! Random programs about small states, as users write them: the next state is put together from entries of the one before,
//! states are swapped, stored in a stack and read back, written in place, and chosen by conditions.

use gradmacro_core::ir::{Dim, Expr, Graph, Ratio, Shape};
use gradmacro_core::ops::hyperbolic::TANH;
use gradmacro_core::ops::predicates::{IS_ZERO, LESS, NOT_NEGATIVE};
use gradmacro_core::ops::trigonometric::{COS, SIN};
use gradmacro_core::ops::writing::update;

use crate::lab::random::Random;

/// Runs of every loop: no more than a state has entries, so that an index is a place of a state.
const TRIPS: usize = 2;

/// Grows a pool of states.
struct Maker<'g> {
    graph: &'g Graph,
    random: Random,
    /// Entries of a state.
    n: usize,
    scalar: Expr<'g>,
    indices: Vec<Expr<'g>>,
}

/// A scalar function of a number and two vectors of at least four entries.
pub(crate) fn program<'g>(seed: u64, graph: &'g Graph, inputs: &[Expr<'g>]) -> Expr<'g> {
    let mut random = Random::new(seed + 7);
    let n = 2 + random.below(3);
    let zero = graph.index(0);
    let mut pool: Vec<Expr<'g>> =
        inputs[1..3].iter().map(|x| x.slice(zero, zero, Shape::column(Dim::Known(n)))).collect();
    let mut maker = Maker { graph, random, n, scalar: inputs[0], indices: vec![] };
    for _ in 0..2 {
        let made = maker.scan(&pool, 1);
        pool.push(made);
    }
    maker.grow(&mut pool, 1);
    let last = pool[pool.len() - 1];
    last.apply(&TANH).inner(pool[2]) + pool[3].sum()
}

impl<'g> Maker<'g> {
    fn state(&mut self, pool: &[Expr<'g>]) -> Expr<'g> {
        pool[pool.len() - 1 - self.random.below(pool.len().min(4))]
    }

    /// One entry of a state.
    fn entry(&mut self, of: Expr<'g>) -> Expr<'g> {
        let zero = self.graph.index(0);
        match self.indices.last() {
            Some(i) if self.random.below(3) == 0 => of.slice(*i, zero, Shape::SCALAR),
            _ => of.entry(self.random.below(self.n), 0),
        }
    }

    fn number(&mut self, pool: &[Expr<'g>]) -> Expr<'g> {
        let (x, y) = (self.state(pool), self.state(pool));
        let (a, b) = (self.entry(x), self.entry(y));
        match self.random.below(6) {
            0 => a.apply(&SIN),
            1 => a - b.times(Ratio::HALF),
            2 => (a * self.scalar).apply(&COS),
            3 => a * b.apply(&TANH),
            4 => a.times(Ratio::HALF) + b.apply(&SIN) * self.scalar,
            _ => b,
        }
    }

    /// [f(x), g(x), …]
    fn together(&mut self, pool: &[Expr<'g>]) -> Expr<'g> {
        let list: Vec<((u32, u32), Expr<'g>)> =
            (0..self.n).map(|k| ((k as u32, 0), self.number(pool))).collect();
        self.graph.entries(&list, pool[0].shape())
    }

    fn written(&mut self, into: Expr<'g>, pool: &[Expr<'g>]) -> Expr<'g> {
        let (value, zero) = (self.number(pool), self.graph.index(0));
        let place = match self.indices.last() {
            Some(i) if self.random.below(2) == 0 => *i,
            _ => self.graph.index(self.random.below(self.n) as i64),
        };
        update(into, value, place, zero)
    }

    fn grow(&mut self, pool: &mut Vec<Expr<'g>>, depth: usize) {
        for _ in 0..1 + self.random.below(3) {
            let (x, y) = (self.state(pool), self.state(pool));
            let made = match self.random.below(if depth > 0 { 9 } else { 7 }) {
                0 | 1 => x + self.together(pool).times(Ratio::HALF),
                2 => self.together(pool),
                3 => self.written(x, pool),
                4 => {
                    let once = self.written(x, pool);
                    pool.push(once);
                    self.written(once, pool)
                }
                5 => x.times(Ratio::HALF) - y.hadamard(x).apply(&SIN),
                6 => self.chosen(pool),
                7 => self.scan(pool, depth),
                _ => self.stacked(pool, depth),
            };
            pool.push(made);
        }
    }

    fn condition(&mut self, pool: &[Expr<'g>]) -> Expr<'g> {
        let graph = self.graph;
        match self.indices.last().copied() {
            Some(i) if self.random.below(2) == 0 => match self.random.below(2) {
                0 => graph.affine(&[(i, 1)], -1).reduce(&NOT_NEGATIVE),
                _ => i.reduce(&IS_ZERO),
            },
            _ => self.number(pool).apply_with(&LESS, self.scalar.times(Ratio::HALF)),
        }
    }

    /// if p { … } else { … }, or a state that is changed only if p.
    fn chosen(&mut self, pool: &[Expr<'g>]) -> Expr<'g> {
        let (p, kept) = (self.condition(pool), self.random.below(2) == 0);
        let (graph, x) = (self.graph, self.state(pool));
        let over: Vec<Expr<'g>> = pool.iter().copied().chain([x]).collect();
        let changed = self.random.below(2) == 0;
        let shared = std::cell::RefCell::new(self);
        let change = |pool: &[Expr<'g>]| {
            let mut maker = shared.borrow_mut();
            let last = pool[pool.len() - 1];
            vec![if changed { maker.written(last, pool) } else { last + maker.together(pool) }]
        };
        let other = |pool: &[Expr<'g>]| match kept {
            true => vec![pool[pool.len() - 1]],
            false => change(pool),
        };
        graph.branch_over(p, &over, change, other)[0]
    }

    /// for i in 0..2 { … } over one to three states.
    fn scan(&mut self, pool: &[Expr<'g>], depth: usize) -> Expr<'g> {
        let count = 1 + self.random.below(3);
        let initial: Vec<Expr<'g>> = (0..count).map(|_| self.state(pool)).collect();
        let graph = self.graph;
        let swaps = self.random.below(3) == 0;
        let out = graph.scan_over(Dim::Known(TRIPS), &initial, |i, carried| {
            self.indices.push(i);
            let mut inner: Vec<Expr<'g>> = pool.iter().chain(carried).copied().collect();
            let mut next = vec![];
            for k in 0..count {
                self.grow(&mut inner, depth - 1);
                next.push(match self.random.below(4) {
                    0 => carried[k] + self.together(carried),
                    1 => self.written(carried[k], carried),
                    _ => inner[inner.len() - 1],
                });
            }
            if swaps {
                next[0] = carried[count - 1];
            }
            self.indices.pop();
            next
        });
        let (a, b) = (out[0], out[count - 1]);
        if count > 1 { a + b.times(Ratio::HALF) } else { a }
    }

    /// States stored in the columns of a matrix, and read by another loop.
    fn stacked(&mut self, pool: &[Expr<'g>], depth: usize) -> Expr<'g> {
        let graph = self.graph;
        let (start, zero) = (self.state(pool), graph.index(0));
        let stack = graph.zeros(Shape::of(Dim::Known(self.n), Dim::Known(TRIPS)));
        let out = graph.scan_over(Dim::Known(TRIPS), &[start, stack], |i, carried| {
            let stored = update(carried[1], carried[0], zero, i);
            let mut inner: Vec<Expr<'g>> = pool.iter().copied().chain([carried[0]]).collect();
            self.grow(&mut inner, depth - 1);
            vec![inner[inner.len() - 1], stored]
        });
        graph.scan_over(Dim::Known(TRIPS), &[out[0]], |i, carried| {
            let read = out[1].slice(zero, i, start.shape());
            vec![carried[0].apply(&TANH) + read.hadamard(carried[0])]
        })[0]
    }
}
