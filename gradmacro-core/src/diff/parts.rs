//! The parts of results: what each generated function returns, as expressions.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::gradient::gradient_within;
use super::matrix::{Matrix, matrix};
use super::pull::NoStorage;
use super::{Storage, Tangents, pull, push};
use crate::algebra::{of_symmetric, project};
use crate::front::InputKind;
use crate::front::request::{Layout, Part};
use crate::ir::{Expr, Id, Leaf, Properties, Ratio};

/// A function at a point: its value and what it is differentiated by.
pub struct Differentiated<'g> {
    value: Expr<'g>,
    x: Vec<Expr<'g>>,
    kinds: Vec<InputKind>,
    /// What is known of each parameter, so that a derivative by it lies in its structure.
    known: Vec<Properties>,
    layout: Layout,
    /// Matrices that have no closed form, and the same computed the other way: as rows.
    others: RefCell<Vec<(Id, Id)>>,
    storage: Storage,
}

impl<'g> Differentiated<'g> {
    /// A function and what it is differentiated by: each parameter, what it is, and what is known of it.
    pub fn new(
        value: Expr<'g>,
        x: Vec<Expr<'g>>,
        kinds: Vec<InputKind>,
        known: Vec<Properties>,
        layout: Layout,
    ) -> Differentiated<'g> {
        let (others, storage) = (RefCell::default(), Storage::default());
        Differentiated { value, x, kinds, known, layout, others, storage }
    }

    /// The same with a limit of what a loop may store for reverse mode.
    pub fn within(self, storage: Storage) -> Differentiated<'g> {
        Differentiated { storage, ..self }
    }

    /// Why something could not be derived, if loops would have had to store too much.
    pub fn refused(&self) -> Option<NoStorage> {
        self.storage.refused()
    }

    /// Matrices without a closed form, and the same as rows, as far as parts have been asked for.
    pub fn others(&self) -> BTreeMap<Id, Id> {
        self.others.borrow().iter().copied().collect()
    }

    /// The results of a part, in order.
    pub fn part(&self, part: Part) -> Vec<Expr<'g>> {
        match part {
            Part::Value => vec![self.value],
            Part::Gradient => self.gradients(),
            Part::Hessian => self.hessian(),
            Part::HessianProduct => self.gradients().into_iter().map(|g| self.along_directions(g)).collect(),
            Part::Pushforward => vec![self.along_directions(self.value)],
            Part::Pullback => self.pulled_back(self.value.graph.leaf(Leaf::Cotangent, self.value.shape())),
            Part::Jacobian => (0..self.x.len()).map(|k| self.jacobian(k)).collect(),
            Part::HalfSquare => vec![self.value.inner(self.value).times(Ratio::HALF)],
            Part::NormalRight => self.pulled_back(self.value).into_iter().map(Expr::vec).collect(),
            Part::NormalMatrix => {
                let columns = self.columns();
                self.pairs(|a, b| columns[a].t() * columns[b])
            }
        }
    }

    fn gradients(&self) -> Vec<Expr<'g>> {
        let known = self.known.iter();
        gradient_within(self.value, &self.x, &self.storage)
            .into_iter()
            .zip(known)
            .map(|(g, known)| project(g, *known))
            .collect()
    }

    /// A block on the diagonal is symmetric, so of it and its transpose the simpler reading is taken.
    fn hessian(&self) -> Vec<Expr<'g>> {
        let gradients = self.gradients();
        self.pairs(|a, b| {
            let block = self.by(gradients[a], b);
            if a == b { of_symmetric(block) } else { block }
        })
    }

    /// The blocks of a symmetric matrix of blocks, row by row; those below the diagonal are transposes.
    fn pairs(&self, block: impl Fn(usize, usize) -> Expr<'g>) -> Vec<Expr<'g>> {
        let n = self.x.len();
        let mut blocks: Vec<Expr<'g>> = vec![];
        for a in 0..n {
            for b in 0..n {
                let made = if b < a { blocks[b * n + a].t() } else { block(a, b) };
                blocks.push(made);
            }
        }
        blocks
    }

    /// ∂ vec y / ∂ vec x_b: one column if x_b is a number.
    fn by(&self, y: Expr<'g>, b: usize) -> Expr<'g> {
        match self.kinds[b] {
            InputKind::Matrix(_) if y.is_scalar() => self.row(y, b),
            InputKind::Matrix(_) => self.matrix(y, b),
            _ => self.by_number(y, b).vec(),
        }
    }

    fn matrix(&self, y: Expr<'g>, b: usize) -> Expr<'g> {
        let Matrix { form, rows } = matrix(y, self.x[b], self.known[b], &self.storage);
        if let Some(rows) = rows {
            self.others.borrow_mut().push((form.id, rows.id));
        }
        form
    }

    /// The derivative of a scalar as a row.
    fn row(&self, y: Expr<'g>, b: usize) -> Expr<'g> {
        let gradient = gradient_within(y, &self.x[b..=b], &self.storage).pop().unwrap_or(y);
        project(gradient, self.known[b]).vec().t()
    }

    /// The derivative by a number has the shape of what is differentiated.
    fn by_number(&self, y: Expr<'g>, b: usize) -> Expr<'g> {
        let x = self.x[b];
        let mut tangents: Tangents<'g> = [(x.id, x.ones())].into_iter().collect();
        push(y, &mut tangents).unwrap_or_else(|| y.graph.zeros(y.shape()))
    }

    fn columns(&self) -> Vec<Expr<'g>> {
        (0..self.x.len()).map(|b| self.by(self.value, b)).collect()
    }

    fn jacobian(&self, b: usize) -> Expr<'g> {
        let numerator = match self.kinds[b] {
            InputKind::Matrix(_) => self.by(self.value, b),
            _ => self.by_number(self.value, b),
        };
        if self.layout == Layout::Denominator { numerator.t() } else { numerator }
    }

    /// The change of y if every parameter moves in its direction.
    fn along_directions(&self, y: Expr<'g>) -> Expr<'g> {
        let graph = y.graph;
        let moved = self.x.iter().enumerate().map(|(place, x)| {
            let leaf = Leaf::Direction(place as u32);
            graph.state(leaf.clone(), moving(self.known[place]));
            (x.id, graph.leaf(leaf, x.shape()))
        });
        let mut tangents: Tangents<'g> = moved.collect();
        push(y, &mut tangents).unwrap_or_else(|| graph.zeros(y.shape()))
    }

    /// Jᵀ applied to a cotangent of y.
    fn pulled_back(&self, cotangent: Expr<'g>) -> Vec<Expr<'g>> {
        let graph = self.value.graph;
        let differentials: Vec<Expr<'g>> = self
            .x
            .iter()
            .zip(&self.known)
            .map(|(x, known)| graph.variable_with(x.shape(), moving(*known)))
            .collect();
        let mut tangents: Tangents<'g> =
            self.x.iter().map(|x| x.id).zip(differentials.iter().copied()).collect();
        let Some(dy) = push(self.value, &mut tangents) else {
            return self.x.iter().map(|x| graph.zeros(x.shape())).collect();
        };
        let pulled = pull(dy, cotangent, &differentials, &self.storage);
        pulled.into_iter().zip(&self.known).map(|(g, known)| project(g, *known)).collect()
    }
}

/// What is known of a change: that of a definite matrix is symmetric, but need not be definite.
pub(super) fn moving(known: Properties) -> Properties {
    Properties { definite: false, ..known }
}
