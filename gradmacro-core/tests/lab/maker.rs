//! Random functions: well-typed by construction, inside the range in which each operation is sampled.
//!
//! [`Maker::make`] makes an expression of a wanted shape by picking one of the productions that [`super::productions`]
//! lists. Rows of the table are drawn from the table, so a new row occurs in the functions without being named here.

use gradmacro_core::certify::evaluate::{Environment, Evaluator};
use gradmacro_core::ir::region::OpenSum;
use gradmacro_core::ir::{Data, Dim, Expr, Graph, Leaf, Ratio, Shape};
use gradmacro_core::ops::exponential::LOGISTIC;
use gradmacro_core::ops::hyperbolic::TANH;
use gradmacro_core::ops::index::KEPT_AT;
use gradmacro_core::ops::spectral::{SINGULAR_VALUES, SYMMETRIC_EIGENVALUES};
use gradmacro_core::ops::systems::PSEUDO_INVERSE;
use gradmacro_core::ops::trigonometric::SIN;
use gradmacro_core::ops::{ALL, Derivative, OpDef, Sample};

use super::productions::{ANY, SCALAR, SQUARE, VECTOR};
use super::random::Random;
use super::{Sizes, applied, is_index};

/// Rows and columns.
pub type Size = (usize, usize);

/// Largest number of rows or columns of an input.
const LARGEST: usize = 8;

/// Makes random expressions in a plain graph.
pub struct Maker<'g> {
    /// Where they are made.
    pub graph: &'g Graph,
    /// Decides everything.
    pub random: Random,
    values: Evaluator<'g>,
    /// How many rows have been drawn, other than entrywise ones and entrywise ones.
    pub turns: [usize; 2],
    /// Indices of the sums that are open, with their trip counts.
    indices: Vec<(Expr<'g>, usize)>,
}

/// Values for all inputs that a maker may use.
pub fn inputs(random: &mut Random) -> Environment {
    let mut environment = Environment::default();
    for (rows, columns) in (1..=LARGEST).flat_map(|r| (1..=LARGEST).map(move |c| (r, c))) {
        for serial in 0..2 {
            environment
                .bind(input_leaf((rows, columns), serial), random.matrix((rows, columns), (-1.0, 1.0)));
        }
    }
    environment
}

fn input_leaf((rows, columns): Size, serial: usize) -> Leaf {
    Leaf::Input(((rows * (LARGEST + 1) + columns) * 2 + serial) as u32)
}

/// Is the derivative right only where values differ from each other and from 0, as those of inputs do?
fn is_delicate(op: &'static OpDef) -> bool {
    [&SYMMETRIC_EIGENVALUES, &SINGULAR_VALUES, &PSEUDO_INVERSE].into_iter().any(|row| std::ptr::eq(row, op))
}

impl<'g> Maker<'g> {
    /// A maker for this graph and point that goes on drawing rows where another has stopped.
    pub fn new(
        graph: &'g Graph,
        environment: &'g Environment,
        random: Random,
        turns: [usize; 2],
    ) -> Maker<'g> {
        Maker { graph, random, values: Evaluator::new(graph, environment), turns, indices: vec![] }
    }

    /// An expression of this size.
    pub fn make(&mut self, size: Size, depth: usize) -> Expr<'g> {
        if depth == 0 {
            return self.leaf(size);
        }
        let lists = match size {
            (1, 1) => [ANY, SCALAR],
            (_, 1) | (1, _) => [ANY, VECTOR],
            (r, c) if r == c => [ANY, SQUARE],
            _ => [ANY, ANY],
        };
        let list = self.random.pick(&lists);
        let production = self.random.pick(list);
        let made = production(self, size, depth - 1);
        self.tame(made)
    }

    /// An expression that is less deep.
    pub fn small(&mut self, size: Size, depth: usize) -> Expr<'g> {
        let depth = self.random.below(depth.max(1));
        self.make(size, depth)
    }

    /// An input, a number, or a part of an input at an open index.
    pub fn leaf(&mut self, size: Size) -> Expr<'g> {
        match (self.indices.last().copied(), self.random.below(8)) {
            (Some(index), 0..=4) => self.at_index(size, index),
            (_, 0) => self.number().fill(Sizes::Literal.shape(size)),
            _ => self.input(size),
        }
    }

    /// An input.
    pub fn input(&mut self, size: Size) -> Expr<'g> {
        let serial = self.random.below(2);
        self.graph.leaf(input_leaf(size, serial), Sizes::Literal.shape(size))
    }

    fn at_index(&mut self, (rows, columns): Size, (i, trips): (Expr<'g>, usize)) -> Expr<'g> {
        let shape = Sizes::Literal.shape((rows, columns));
        match self.random.below(6) {
            0 if shape.is_scalar() => i.as_real(),
            1 => self.graph.apply(&KEPT_AT, Data::Kept(3), &[i], shape),
            _ if rows < LARGEST - trips => {
                self.input((rows + trips - 1, columns)).slice(i, self.graph.index(0), shape)
            }
            _ => self.input((rows, columns)),
        }
    }

    /// A small rational number.
    pub fn number(&mut self) -> Expr<'g> {
        let k = self.coefficient();
        self.graph.number(k)
    }

    /// A small rational number, not 0.
    pub fn coefficient(&mut self) -> Ratio {
        let n = self.random.pick(&[1, 1, 2, 3, -1, -2]);
        Ratio::new(n, self.random.pick(&[1, 1, 1, 2, 4]))
    }

    /// The next row of the table that is or is not entrywise: each has its turn.
    pub fn row(&mut self, entrywise: bool) -> &'static OpDef {
        let known =
            |op: &&'static OpDef| op.entrywise == entrywise && !matches!(op.derivative, Derivative::Unknown);
        let rows: Vec<&'static OpDef> = ALL.iter().copied().filter(known).collect();
        let turn = &mut self.turns[usize::from(entrywise)];
        *turn += 1;
        rows[*turn % rows.len()]
    }

    /// A row applied to operands of the sizes of its example, or all of one size if it is entrywise.
    pub fn apply(&mut self, op: &'static OpDef, size: Option<Size>, depth: usize) -> Expr<'g> {
        let fed = op.example.operands.iter().enumerate().map(|(k, sample)| {
            let own = if sample.shape == op.example.operands[0].shape { size } else { None };
            if is_delicate(op) && !is_index(sample) {
                return self.input(sample.shape);
            }
            let x = self.operand(&Sample { shape: own.unwrap_or(sample.shape), ..*sample }, depth);
            // Where an operation jumps, the last digit of an operand decides: keep away from ties and zeros.
            let jumps = matches!(op.derivative, Derivative::Flat) && !is_index(sample);
            if jumps { x + x.ones().times(Ratio::new(k as i128 + 3, 23)) } else { x }
        });
        let operands: Vec<Expr<'g>> = fed.collect();
        applied(self.graph, op, &operands, Sizes::Literal)
    }

    fn operand(&mut self, sample: &Sample, depth: usize) -> Expr<'g> {
        if is_index(sample) {
            return self.graph.index(sample.range.0 as i64);
        }
        let x = self.small(sample.shape, depth + 1);
        let x = self.within_range(x, sample.range);
        match sample.diagonal == 0.0 {
            true => x,
            false => {
                let boost = Ratio::new((sample.diagonal * 8.0).round() as i128, 8);
                x + self.graph.identity(x.shape().rows).times(boost)
            }
        }
    }

    /// `x` if its entries are in the range, else a function of it whose entries are.
    pub fn within_range(&mut self, x: Expr<'g>, (from, to): (f64, f64)) -> Expr<'g> {
        let fits = |v: &f64| (from..=to).contains(v) || (from <= -1.0 && to >= 1.0 && v.abs() < 3.0);
        if self.indices.is_empty() && self.values.value(x.id).entries.iter().all(fits) {
            return x;
        }
        let ratio = |v: f64| Ratio::new((v * 40.0).round() as i128, 40);
        let (wave, low, high) = match self.random.below(3) {
            0 => (&SIN, -1.0, 1.0),
            1 => (&TANH, -1.0, 1.0),
            _ => (&LOGISTIC, 0.0, 1.0),
        };
        let slope = (to - from) / (high - low);
        x.apply(wave).times(ratio(slope)) + x.ones().times(ratio(from - low * slope))
    }

    /// `x`, scaled down if it is large.
    fn tame(&mut self, x: Expr<'g>) -> Expr<'g> {
        if !self.indices.is_empty() {
            return x;
        }
        match self.values.value(x.id).largest() {
            v if v < 20.0 => x,
            v if v < 1e4 => x.times(Ratio::new(1, v.ceil() as i128)),
            _ => x.shape().known().map_or(x, |size| self.leaf(size)),
        }
    }

    /// `x` brought to another size by products.
    pub fn fit(&mut self, x: Expr<'g>, (rows, columns): Size) -> Expr<'g> {
        let (Some((r, c)), wanted) = (x.shape().known(), Sizes::Literal.shape((rows, columns))) else {
            return x;
        };
        match (r, c) {
            _ if (r, c) == (rows, columns) => x,
            _ if x.is_scalar() => x.fill(wanted),
            _ => {
                let left = if r == rows { x } else { self.input((rows, r)) * x };
                if c == columns { left } else { left * self.input((c, columns)) }
            }
        }
    }

    /// Σ over an index of a body made by `body`.
    pub fn sum_over(&mut self, trips: usize, body: impl FnOnce(&mut Self) -> Expr<'g>) -> Expr<'g> {
        let (scope, index) = (self.graph.scope(), self.graph.variable(Shape::SCALAR));
        self.indices.push((index, trips));
        let body = body(self);
        self.indices.pop();
        let trips = self.graph.index(trips as i64);
        self.graph.sum_over(OpenSum { scope, index, trips, body })
    }

    /// A loop with carried variables; gives what they are after it.
    pub fn scan_over(
        &mut self,
        trips: usize,
        initial: &[Expr<'g>],
        body: impl FnOnce(&mut Self, &[Expr<'g>]) -> Vec<Expr<'g>>,
    ) -> Vec<Expr<'g>> {
        self.graph.scan_over(Dim::Known(trips), initial, |index, carried| {
            self.indices.push((index, trips));
            let next = body(self, carried);
            self.indices.pop();
            next
        })
    }

    /// The index of the innermost open sum.
    pub fn index(&self) -> Expr<'g> {
        self.indices.last().map_or_else(|| self.graph.index(0), |(index, _)| *index)
    }

    /// May another sum be opened here?
    pub fn is_shallow(&self) -> bool {
        self.indices.len() < 2
    }
}
