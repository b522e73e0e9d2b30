//! The oracle of the tests of Jacobians, Hessians and products: the dual numbers of num-dual.
//!
//! A function is compiled twice from one text: for numbers, with its derivatives, and for dual numbers, which is what
//! `f64` stands for in there. Literals stand right of their operator, since `2.0 * x` exists for numbers only.
//! A Jacobian by several parameters is one matrix to the oracle, and is cut into the blocks that are documented.
#![allow(dead_code, unused_macros, reason = "each test binary uses what it needs")]

use nalgebra::{Const, DMatrix, DVector, Dyn, SMatrix, Scalar};
use num_dual::{Derivative, Dual2SVec64, DualSVec64};

use crate::common;

/// Dual numbers with N slopes.
pub(crate) type First<const N: usize> = DualSVec64<N>;
/// Dual numbers with N slopes and N×N curvatures.
pub(crate) type Second<const N: usize> = Dual2SVec64<N>;

/// What `f64` may stand for.
pub(crate) trait Number: Scalar + Copy {
    fn still(value: f64) -> Self;
    fn moving(value: f64, direction: usize) -> Self;
    fn value(self) -> f64;
    fn slopes(self) -> DVector<f64>;
    fn curvatures(self) -> DMatrix<f64>;
}

impl Number for f64 {
    fn still(value: f64) -> Self {
        value
    }
    fn moving(value: f64, _: usize) -> Self {
        value
    }
    fn value(self) -> f64 {
        self
    }
    fn slopes(self) -> DVector<f64> {
        unreachable!("a number has no slopes")
    }
    fn curvatures(self) -> DMatrix<f64> {
        unreachable!("a number has no curvatures")
    }
}

impl<const N: usize> Number for First<N> {
    fn still(value: f64) -> Self {
        Self::from_re(value)
    }
    fn moving(value: f64, direction: usize) -> Self {
        Self::new(value, Derivative::derivative_generic(Const, Const, direction))
    }
    fn value(self) -> f64 {
        self.re
    }
    fn slopes(self) -> DVector<f64> {
        DVector::from_column_slice(self.eps.unwrap_generic(Const::<N>, Const::<1>).as_slice())
    }
    fn curvatures(self) -> DMatrix<f64> {
        unreachable!("dual numbers of first order have no curvatures")
    }
}

impl<const N: usize> Number for Second<N> {
    fn still(value: f64) -> Self {
        Self::from_re(value)
    }
    fn moving(value: f64, direction: usize) -> Self {
        Self::new(value, Derivative::derivative_generic(Const, Const, direction), Derivative::none())
    }
    fn value(self) -> f64 {
        self.re
    }
    fn slopes(self) -> DVector<f64> {
        DVector::from_column_slice(self.v1.unwrap_generic(Const::<1>, Const::<N>).as_slice())
    }
    fn curvatures(self) -> DMatrix<f64> {
        DMatrix::from_column_slice(N, N, self.v2.unwrap_generic(Const::<N>, Const::<N>).as_slice())
    }
}

/// A number, or a matrix of these measures.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Shape {
    pub(crate) number: bool,
    pub(crate) rows: usize,
    pub(crate) columns: usize,
}

impl Shape {
    pub(crate) fn count(self) -> usize {
        self.rows * self.columns
    }
}

/// One block of a result, its entries in column-major order.
#[derive(Clone, Debug)]
pub(crate) struct Block<S = f64> {
    pub(crate) shape: Shape,
    pub(crate) entries: Vec<S>,
}

impl Block {
    fn matrix(entries: DMatrix<f64>, number: bool) -> Self {
        let (rows, columns) = entries.shape();
        Self { shape: Shape { number, rows, columns }, entries: entries.as_slice().to_vec() }
    }
}

/// A result: a number, a matrix, `Some` of these, or a tuple, whose blocks are listed one after the other.
pub(crate) trait Blocks<S> {
    fn list(self, into: &mut Vec<Block<S>>);
}

impl<S: Number> Blocks<S> for S {
    fn list(self, into: &mut Vec<Block<S>>) {
        let shape = Shape { number: true, rows: 1, columns: 1 };
        into.push(Block { shape, entries: vec![self] });
    }
}

impl<S: Number, const R: usize, const C: usize> Blocks<S> for SMatrix<S, R, C> {
    fn list(self, into: &mut Vec<Block<S>>) {
        let shape = Shape { number: false, rows: R, columns: C };
        into.push(Block { shape, entries: self.as_slice().to_vec() });
    }
}

impl<S: Number, B: Blocks<S>> Blocks<S> for Option<B> {
    fn list(self, into: &mut Vec<Block<S>>) {
        self.expect("the function has a value here").list(into);
    }
}

macro_rules! tuples {
    ($(($($field:ident)+))+) => { $(
        impl<S: Number, $($field: Blocks<S>),+> Blocks<S> for ($($field,)+) {
            #[allow(non_snake_case, reason = "a field is called as its type")]
            fn list(self, into: &mut Vec<Block<S>>) {
                let ($($field,)+) = self;
                $($field.list(into);)+
            }
        }
    )+ };
}
tuples!((A B) (A B C) (A B C D));

/// What a parameter of this type is lent from, and how it is made of entries.
pub(crate) trait Parameter<'a>: Sized {
    type Owned: 'a;
    fn pass(owned: &'a Self::Owned) -> Self;
}

impl<'a, T: 'a> Parameter<'a> for &'a T {
    type Owned = T;
    fn pass(owned: &'a T) -> Self {
        owned
    }
}

macro_rules! passed_by_value {
    ($($S:ty $(, $N:ident)?;)+) => { $(
        impl<'a $(, const $N: usize)?> Parameter<'a> for $S {
            type Owned = $S;
            fn pass(owned: &'a $S) -> Self {
                *owned
            }
        }
    )+ };
}
passed_by_value!(f64; First<N>, N; Second<N>, N;);

impl<'a, S: Number, const R: usize, const C: usize> Parameter<'a> for SMatrix<S, R, C> {
    type Owned = Self;
    fn pass(owned: &'a Self) -> Self {
        *owned
    }
}

/// A value that is made of entries, column-major.
pub(crate) trait Build<S> {
    fn build(entries: &mut impl Iterator<Item = S>) -> Self;
}

impl<S: Number> Build<S> for S {
    fn build(entries: &mut impl Iterator<Item = S>) -> Self {
        entries.next().expect("an entry for every parameter")
    }
}

impl<S: Number, const R: usize, const C: usize> Build<S> for SMatrix<S, R, C> {
    fn build(entries: &mut impl Iterator<Item = S>) -> Self {
        Self::from_iterator(entries.take(R * C))
    }
}

/// Values to test at; another one for each seed.
pub(crate) trait Sample: Sized {
    /// Entries between −1.5 and 1.5.
    fn point(seed: u32) -> Self;
    /// Entries between 0.4 and 1.6.
    fn positive(seed: u32) -> Self;
    /// Square matrices far from every singular one, not symmetric.
    fn dominant(seed: u32) -> Self;
}

impl Sample for f64 {
    fn point(seed: u32) -> Self {
        common::point::<1, 1>(seed).x
    }
    fn positive(seed: u32) -> Self {
        common::positive::<1, 1>(seed).x
    }
    fn dominant(seed: u32) -> Self {
        1.0 + common::positive::<1, 1>(seed).x
    }
}

impl<const R: usize, const C: usize> Sample for SMatrix<f64, R, C> {
    fn point(seed: u32) -> Self {
        common::point(seed)
    }
    fn positive(seed: u32) -> Self {
        common::positive(seed)
    }
    fn dominant(seed: u32) -> Self {
        common::point::<R, C>(seed) * 0.3 + Self::identity() * (0.8 + 0.4 * R as f64)
    }
}

/// A point to test at: the entries of all parameters, those that are differentiated first.
#[derive(Default)]
pub(crate) struct Point {
    pub(crate) seed: u32,
    pub(crate) entries: Vec<f64>,
    pub(crate) variables: Vec<Shape>,
}

impl Point {
    pub(crate) fn new(round: u32) -> Self {
        Self { seed: 10 * round, ..Self::default() }
    }

    pub(crate) fn add<X: Blocks<f64>>(&mut self, sample: impl Fn(u32) -> X, varies: bool) {
        self.seed += 1;
        let mut blocks = Vec::new();
        sample(self.seed).list(&mut blocks);
        for block in blocks {
            self.entries.extend(block.entries);
            self.variables.extend(varies.then_some(block.shape));
        }
    }

    /// The number of entries that are differentiated.
    pub(crate) fn moving(&self) -> usize {
        self.variables.iter().map(|shape| shape.count()).sum()
    }

    /// The entries as dual numbers, each of the first `N` in a direction of its own.
    pub(crate) fn lifted<S: Number>(&self) -> std::vec::IntoIter<S> {
        let moving = self.moving();
        let lift = |(i, &value)| if i < moving { S::moving(value, i) } else { S::still(value) };
        self.entries.iter().enumerate().map(lift).collect::<Vec<_>>().into_iter()
    }
}

/// Runs a test with a stack for large dual numbers.
pub(crate) fn with_room(test: fn()) {
    let thread = std::thread::Builder::new().stack_size(1 << 26).spawn(test).expect("a thread");
    if let Err(panic) = thread.join() {
        std::panic::resume_unwind(panic);
    }
}

/// `count` numbers for a direction.
pub(crate) fn direction(count: usize, seed: u32) -> DVector<f64> {
    let all = common::point::<100, 1>(seed + 7);
    DVector::from_fn(count, |i, _| all[i])
}

/// What the dual numbers say of a function at a point.
pub(crate) struct Truth {
    pub(crate) variables: Vec<Shape>,
    pub(crate) shape: Shape,
    pub(crate) value: DVector<f64>,
    pub(crate) jacobian: DMatrix<f64>,
    curvatures: Option<DMatrix<f64>>,
}

impl Truth {
    pub(crate) fn new<S: Number>(point: &Point, output: impl Blocks<S>, second: bool) -> Self {
        let mut blocks = Vec::new();
        output.list(&mut blocks);
        let [Block { shape, entries }] = &blocks[..] else { panic!("a function has one result") };
        let columns = point.moving();
        let mut jacobian = DMatrix::zeros(entries.len(), columns);
        for (i, entry) in entries.iter().enumerate() {
            jacobian.row_mut(i).copy_from(&entry.slopes().transpose());
        }
        let value = DVector::from_iterator(entries.len(), entries.iter().map(|entry| entry.value()));
        let curvatures = second.then(|| entries[0].curvatures());
        Self { variables: point.variables.clone(), shape: *shape, value, jacobian, curvatures }
    }

    pub(crate) fn hessian(&self) -> &DMatrix<f64> {
        self.curvatures.as_ref().expect("dual numbers of second order")
    }

    /// A number or matrix of the shape of the result.
    pub(crate) fn output(&self, entries: &DVector<f64>) -> Vec<Block> {
        vec![Block { shape: self.shape, entries: entries.as_slice().to_vec() }]
    }

    /// One block of the shape of each variable.
    pub(crate) fn gradient(&self, entries: &DVector<f64>) -> Vec<Block> {
        let mut rest = entries.as_slice();
        let mut blocks = Vec::new();
        for &shape in &self.variables {
            let (own, others) = rest.split_at(shape.count());
            blocks.push(Block { shape, entries: own.to_vec() });
            rest = others;
        }
        blocks
    }

    /// The same with each matrix as one column, as `Jᵀr` goes with `JᵀJ`.
    pub(crate) fn columns(&self, entries: &DVector<f64>) -> Vec<Block> {
        let mut blocks = self.gradient(entries);
        for shape in blocks.iter_mut().map(|block| &mut block.shape) {
            *shape = Shape { rows: shape.count(), columns: 1, ..*shape };
        }
        blocks
    }

    /// Outputs × inputs for each variable, or the shape of the result for a number; transposed in denominator layout.
    pub(crate) fn jacobian_blocks(&self, denominator: bool) -> Vec<Block> {
        let mut start = 0;
        let mut blocks = Vec::new();
        for shape in &self.variables {
            let part = self.jacobian.columns(start, shape.count()).into_owned();
            start += shape.count();
            let (rows, columns) = (self.shape.rows, self.shape.columns);
            let part = if shape.number { part.reshape_generic(Dyn(rows), Dyn(columns)) } else { part };
            let part = if denominator { part.transpose() } else { part };
            blocks.push(Block::matrix(part, shape.number && self.shape.number));
        }
        blocks
    }

    /// The rows of blocks of a matrix inputs × inputs.
    pub(crate) fn square_blocks(&self, whole: &DMatrix<f64>) -> Vec<Block> {
        let mut blocks = Vec::new();
        let mut top = 0;
        for a in &self.variables {
            let mut left = 0;
            for b in &self.variables {
                let part = whole.view((top, left), (a.count(), b.count())).into_owned();
                blocks.push(Block::matrix(part, a.number && b.number));
                left += b.count();
            }
            top += a.count();
        }
        blocks
    }
}

/// `got` has the shapes of `want`, and its entries up to `tolerance`, relative to the largest of a block (at least 1).
#[track_caller]
pub(crate) fn compare(got: impl Blocks<f64>, want: &[Block], tolerance: f64) {
    let mut blocks = Vec::new();
    got.list(&mut blocks);
    let shapes = |blocks: &[Block]| blocks.iter().map(|block| block.shape).collect::<Vec<_>>();
    assert_eq!(shapes(&blocks), shapes(want), "shapes: ours left, those of the oracle right");
    for (k, (got, want)) in blocks.iter().zip(want).enumerate() {
        let size = want.entries.iter().fold(1.0, |size: f64, entry| size.max(entry.abs()));
        let close = |(got, want): (&f64, &f64)| (got - want).abs() <= tolerance * size;
        assert!(got.entries.iter().zip(&want.entries).all(close), "block {k}: got {got:?}, wanted {want:?}");
    }
}
