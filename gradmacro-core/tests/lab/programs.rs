//! Productions with control flow: loops that carry, conditionals, writes into matrices, and the patterns for which the
//! named rules about them exist.

use gradmacro_core::ir::{Expr, Ratio};
use gradmacro_core::ops::exponential::EXP;
use gradmacro_core::ops::hyperbolic::TANH;
use gradmacro_core::ops::predicates::{AND, AT_MOST, LESS, NOT, NOT_NEGATIVE, OR};
use gradmacro_core::ops::trigonometric::SIN;
use gradmacro_core::ops::writing::update;

use super::Sizes;
use super::maker::{Maker, Size};

/// A loop, a conditional or a write.
pub fn program<'g>(m: &mut Maker<'g>, s: Size, d: usize) -> Expr<'g> {
    if !m.is_shallow() {
        return m.leaf(s);
    }
    let n = m.random.pick(&[2, 3]);
    let x = match m.random.below(13) {
        0 | 1 => recurrence(m, s, d),
        2 => collecting(m, s, d),
        3 => filled(m, n, d),
        4 | 9 | 11 => written(m, n, d),
        5 | 10 | 12 => conditional(m, s, d),
        6 => conditional_in_loop(m, s, d),
        7 => in_place(m, n, d),
        _ => twins(m, s, d),
    };
    m.fit(x, s)
}

fn bounded<'g>(x: Expr<'g>) -> Expr<'g> {
    x.apply(&SIN)
}

/// xₖ₊₁ = f(xₖ, k), and the sum of what it passes.
fn recurrence<'g>(m: &mut Maker<'g>, s: Size, d: usize) -> Expr<'g> {
    let (initial, zeros) = (m.small(s, d), m.graph.zeros(Sizes::Literal.shape(s)));
    let out = m.scan_over(3, &[initial, zeros], |m, carried| {
        let step = bounded(carried[0] + m.small(s, d));
        vec![step, carried[1] + step.hadamard(carried[0])]
    });
    out[m.random.below(2)]
}

/// What only collects, under a condition on the index, beside something that never changes.
fn collecting<'g>(m: &mut Maker<'g>, s: Size, d: usize) -> Expr<'g> {
    let (initial, other) = (m.small(s, d), m.small(s, d));
    let out = m.scan_over(3, &[initial, other], |m, carried| {
        let graph = m.graph;
        let first = graph.affine(&[(m.index(), 1)], -1).reduce(&NOT_NEGATIVE);
        let p = if m.random.below(2) == 0 { first } else { first.reduce(&NOT) };
        let term = bounded(m.small(s, d)).hadamard(carried[1]);
        let over = [carried[0], term];
        let next = graph.branch_over(p, &over, |x| vec![x[0] + x[1]], |x| vec![x[0] - x[1].squared()]);
        vec![next[0], carried[1]]
    });
    out[0]
}

/// A vector filled entry by entry.
fn filled<'g>(m: &mut Maker<'g>, n: usize, d: usize) -> Expr<'g> {
    let start = m.random.below(2) == 0;
    let initial = if start { m.small((n, 1), d) } else { m.graph.zeros(Sizes::Literal.shape((n, 1))) };
    m.scan_over(n, &[initial], |m, carried| {
        let (i, zero) = (m.index(), m.graph.index(0));
        vec![update(carried[0], bounded(m.small((1, 1), d)), i, zero)]
    })[0]
}

/// Entries overwritten one after another.
fn written<'g>(m: &mut Maker<'g>, n: usize, d: usize) -> Expr<'g> {
    let (g, zero) = (m.graph, m.graph.index(0));
    let base = match m.random.below(3) {
        0 => m.graph.zeros(Sizes::Literal.shape((n, 1))),
        1 => m.make((1, 1), d).scatter(zero, zero, Sizes::Literal.shape((n, 1))),
        _ => m.make((n, 1), d).apply(&TANH),
    };
    let (v, w) = (m.small((1, 1), d), m.small((1, 1), d));
    let at = |k: usize| g.index((k % n) as i64);
    let first = m.random.below(n);
    if m.random.below(5) == 0 {
        return update(base, base.entry(first, 0) + v, at(first), zero);
    }
    if m.random.below(2) == 0 {
        let all = (0..n).map(|k| at(k + first));
        return all.fold(base, |x, place| {
            update(x, (x.slice(place, zero, v.shape()) + w).apply(&SIN), place, zero)
        });
    }
    let once = update(base, v, at(first), zero);
    let again = if m.random.below(2) == 0 { first } else { m.random.below(n) };
    let more = match m.random.below(3) {
        0 => once.entry(again, 0) + w,
        1 => once.entry((again + 1) % n, 0) * w,
        _ => w,
    };
    update(once, more, at(again), zero)
}

/// A choice by sizes of numbers, or one that is known.
fn conditional<'g>(m: &mut Maker<'g>, s: Size, d: usize) -> Expr<'g> {
    let g = m.graph;
    let (a, b) = (m.input((1, 1)), m.number());
    let truth = |p: Expr<'g>| {
        let (zero, one) = (g.int(0), g.int(1));
        let x = g.branch_over(p, &[], |_| vec![one], |_| vec![zero])[0];
        g.number(Ratio::HALF).apply_with(&LESS, x)
    };
    let p = match m.random.below(8) {
        6 | 7 => truth(a.apply_with(&LESS, b)),
        0 | 5 => g.index(m.random.below(3) as i64 - 1).reduce(&NOT_NEGATIVE),
        1 => a.apply_with(&LESS, b).apply_with(&AND, b.apply_with(&AT_MOST, m.input((1, 1)))),
        2 => a.apply_with(&LESS, b).apply_with(&OR, m.input((1, 1)).apply_with(&LESS, b)),
        3 => a.apply_with(&LESS, b).reduce(&NOT).reduce(&NOT),
        _ => a.apply_with(&LESS, b),
    };
    let over = [m.make(s, d), m.small(s, d)];
    let out = g.branch_over(
        p,
        &over,
        |x| vec![bounded(x[0]).hadamard(x[1]), x[1]],
        |x| vec![x[0].times(Ratio::HALF) - x[1].apply(&TANH), x[1]],
    );
    out[0] + out[1]
}

/// A choice in every step, by what is carried.
fn conditional_in_loop<'g>(m: &mut Maker<'g>, s: Size, d: usize) -> Expr<'g> {
    let initial = m.small(s, d);
    m.scan_over(3, &[initial], |m, carried| {
        let g = m.graph;
        let p = carried[0].entry(0, 0).apply_with(&LESS, g.number(Ratio::new(1, 7)));
        let over = [carried[0], m.small(s, d)];
        g.branch_over(p, &over, |x| vec![x[0] + bounded(x[1])], |x| vec![bounded(x[0]).times(Ratio::HALF)])
    })[0]
}

/// Every entry from the one before.
fn in_place<'g>(m: &mut Maker<'g>, n: usize, d: usize) -> Expr<'g> {
    let initial = m.small((n, 1), d);
    m.scan_over(n - 1, &[initial], |m, carried| {
        let (i, zero) = (m.index(), m.graph.index(0));
        let next = m.graph.affine(&[(i, 1)], 1);
        let shape = Sizes::Literal.shape((1, 1));
        let before = carried[0].slice(i, zero, shape);
        let value = bounded(before * m.small((1, 1), d)) + carried[0].slice(next, zero, shape).apply(&TANH);
        vec![update(carried[0], value, next, zero)]
    })[0]
}

/// Two carried variables that are always equal.
fn twins<'g>(m: &mut Maker<'g>, s: Size, d: usize) -> Expr<'g> {
    let initial = m.small(s, d);
    let out = m.scan_over(2, &[initial, initial], |m, carried| {
        let other = m.small(s, d);
        let step = |x: Expr<'g>| bounded(x.hadamard(other)) + bounded(x).apply(&EXP).times(Ratio::HALF);
        vec![step(carried[1]), step(carried[0])]
    });
    out[0] - out[1].times(Ratio::HALF)
}
