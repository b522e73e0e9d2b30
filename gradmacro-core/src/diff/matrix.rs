//! Linear maps as matrices: the J of vec dY = J vec dX, read off the differential dY.
//!
//! Each linear row says what it does to such a matrix ([`crate::ops::OpDef::as_matrix`]): M[A ℓ] = A M[ℓ],
//! M[v ⊙ ℓ] = diag(v) M[ℓ], and so on. Where a row has no form, the columns of the map are computed one by one in a
//! loop, for that row alone.
//!
//! Source: Magnus and Neudecker, *Matrix Differential Calculus*, chapter 9 (the identification theorems).

use std::collections::HashMap;

use super::moving::{of_branch, of_scan};
use super::parts::moving;
use super::{Storage, Tangents, pull, push};
use crate::algebra::{as_product, projector};
use crate::ir::rebuild::Rebuild;
use crate::ir::region::{OpenSum, over_index};
use crate::ir::{Carry, Dim, Expr, Id, Node, OpenBranch, OpenScan, Properties, Ratio, Shape};
use crate::ops::unknown;

/// ∂ vec y / ∂ vec x as one matrix.
pub fn jacobian<'g>(y: Expr<'g>, x: Expr<'g>) -> Expr<'g> {
    matrix(y, x, x.properties(), &Storage::default()).form
}

/// A Jacobian, and what may be cheaper where it has no closed form.
pub(super) struct Matrix<'g> {
    /// The closed form, as far as there is one; else its columns, by forward mode.
    pub(super) form: Expr<'g>,
    /// Its rows, by reverse mode, if there is no closed form.
    pub(super) rows: Option<Expr<'g>>,
}

/// ∂ vec y / ∂ vec x: rows are entries of y, columns entries of x, both column by column. Of `x` it is known that its
/// changes lie in a structure, and the matrix maps every other change to 0.
pub(super) fn matrix<'g>(y: Expr<'g>, x: Expr<'g>, known: Properties, storage: &Storage) -> Matrix<'g> {
    let graph = y.graph;
    let dx = graph.variable_with(x.shape(), moving(known));
    let mut tangents: Tangents<'g> = [(x.id, dx)].into_iter().collect();
    let shape = Shape::of(entries(y), entries(x));
    let Some(dy) = push(y, &mut tangents) else { return Matrix { form: graph.zeros(shape), rows: None } };
    let mut map = LinearMap::of_change(dx, projector(x, known), Some(storage));
    // A size that cannot be written was refused before; NaN, should it ever come to it, is nobody's derivative.
    let form = map.of(dy).unwrap_or_else(|| unknown(graph.zeros(shape)));
    let rows = if map.in_columns { map.by_rows(dy, shape) } else { None };
    Matrix { form, rows }
}

/// The matrix of dx ↦ vec ℓ by forward mode alone.
pub(super) fn forward_matrix<'g>(l: Expr<'g>, dx: Expr<'g>) -> Option<Expr<'g>> {
    let identity = projector(dx, Properties::NONE);
    let mut map = LinearMap::of_change(dx, identity, None);
    if map.moves(l) { map.of(l) } else { None }
}

fn entries(x: Expr<'_>) -> Dim {
    x.shape().entries().unwrap_or(Dim::Constant("_"))
}

/// A linear map from dx, node by node.
struct LinearMap<'s, 'g> {
    dx: Expr<'g>,
    columns: Dim,
    /// The matrix of each node that moves; none where its size cannot be written.
    made: HashMap<Id, Option<Expr<'g>>>,
    moves: HashMap<Id, bool>,
    /// Has a row no form, so that columns are computed in a loop?
    in_columns: bool,
    /// What reverse mode may store, if it may be used at all.
    storage: Option<&'s Storage>,
    /// Bodies of loops and conditionals that are open: what varies there moves with more than dx.
    inside: usize,
}

impl<'s, 'g> LinearMap<'s, 'g> {
    fn of_change(dx: Expr<'g>, identity: Expr<'g>, storage: Option<&'s Storage>) -> Self {
        LinearMap {
            dx,
            columns: identity.shape().columns,
            made: HashMap::from([(dx.id, Some(identity))]),
            moves: HashMap::from([(dx.id, true)]),
            in_columns: false,
            storage,
            inside: 0,
        }
    }

    /// The matrix of dx ↦ vec ℓ.
    fn of(&mut self, l: Expr<'g>) -> Option<Expr<'g>> {
        if let Some(known) = self.made.get(&l.id) {
            return *known;
        }
        let form = match &*l.node() {
            Node::Leaf(_) | Node::Scan(_) | Node::Branch(_) => None,
            Node::Result(_, [region]) => {
                let results = self.region(l.graph.expr(*region));
                results.and_then(|()| self.made.get(&l.id).copied().flatten())
            }
            Node::Apply(..) => self.operation(l),
            Node::IndexSum(_) => self.sum(l),
        };
        let form = form.or_else(|| self.by_gradient(l)).or_else(|| self.by_columns(l));
        self.made.insert(l.id, form);
        form
    }

    fn moves(&mut self, x: Expr<'g>) -> bool {
        if let Some(known) = self.moves.get(&x.id) {
            return *known;
        }
        let operands: Vec<(Id, bool)> = x.operands().into_iter().map(|y| (y.id, self.moves(y))).collect();
        let moving = |y: Id| operands.iter().any(|(x, moves)| *x == y && *moves);
        let results = match &*x.node() {
            Node::Scan(scan) => of_scan(x.graph, scan, &moving),
            Node::Branch(branch) => of_branch(x.graph, branch, &moving),
            _ => vec![],
        };
        for (k, shape) in x.result_shapes().into_iter().enumerate() {
            self.moves.insert(x.result(k, shape).id, results[k]);
        }
        let moves = operands.iter().any(|(_, moves)| *moves);
        *self.moves.entry(x.id).or_insert(moves)
    }

    /// The matrix of what moves, zeros for anything else.
    fn of_any(&mut self, l: Expr<'g>) -> Option<Expr<'g>> {
        if self.moves(l) {
            return self.of(l);
        }
        Some(l.graph.zeros(Shape::of(l.shape().entries().ok()?, self.columns)))
    }

    /// A variable in the place of the matrix of `x`, which stands for a carried or a captured value.
    fn variable_for(&mut self, x: Expr<'g>) -> Option<Expr<'g>> {
        let shape = Shape::of(x.shape().entries().ok()?, self.columns);
        let variable = x.graph.variable(shape);
        self.made.insert(x.id, Some(variable));
        self.moves.insert(x.id, true);
        Some(variable)
    }

    /// The matrices of a region's results.
    fn region(&mut self, region: Expr<'g>) -> Option<()> {
        self.inside += 1;
        let matrices = self.scan(region).or_else(|| self.branch(region));
        self.inside -= 1;
        let matrices = matrices?;
        for ((k, shape), m) in region.result_shapes().into_iter().enumerate().zip(matrices) {
            self.made.insert(region.result(k, shape).id, m);
        }
        Some(())
    }

    /// A loop carries the matrices of what it carries.
    fn scan(&mut self, region: Expr<'g>) -> Option<Vec<Option<Expr<'g>>>> {
        let open = region.open_scan()?;
        let shapes = region.result_shapes().into_iter().enumerate();
        let moved: Vec<bool> = shapes.map(|(k, shape)| self.moves(region.result(k, shape))).collect();
        let variables: Option<Vec<Option<Expr<'g>>>> = (open.carries.iter().zip(&moved))
            .map(|(c, moved)| if *moved { self.variable_for(c.variable).map(Some) } else { Some(None) })
            .collect();
        let variables = variables?;
        let mut carries: Vec<Carry<'g>> =
            open.carries.iter().zip(&moved).map(|(c, moved)| Carry { wanted: !moved, ..*c }).collect();
        carries.iter_mut().for_each(|c| c.wanted = false);
        for (c, variable) in open.carries.iter().zip(&variables) {
            if let Some(variable) = *variable {
                let (initial, next) = (self.of_any(c.initial)?, self.of_any(c.next)?);
                carries.push(Carry { variable, initial, next, wanted: true });
            }
        }
        let own = open.carries.len();
        let mut found = region.graph.scan(OpenScan { carries, ..open }).split_off(own).into_iter();
        Some(moved.into_iter().map(|moved| if moved { found.next() } else { None }).collect())
    }

    /// A conditional chooses between the matrices of what it chooses between.
    fn branch(&mut self, region: Expr<'g>) -> Option<Vec<Option<Expr<'g>>>> {
        let mut open = region.open_branch()?;
        for (variable, outer) in open.captured.clone() {
            if self.moves(outer) {
                let m = self.of(outer)?;
                open.captured.push((self.variable_for(variable)?, m));
            }
        }
        let then: Option<Vec<_>> = open.then.iter().map(|x| self.of_any(*x)).collect();
        let other: Option<Vec<_>> = open.other.iter().map(|x| self.of_any(*x)).collect();
        let open = OpenBranch { then: then?, other: other?, ..open };
        Some(region.graph.branch(open).into_iter().map(Some).collect())
    }

    fn operation(&mut self, l: Expr<'g>) -> Option<Expr<'g>> {
        if let Some(product) = as_product(l) {
            return self.of(product);
        }
        let as_matrix = l.node().op()?.as_matrix;
        let operands = l.operands();
        let mut terms = vec![];
        for (k, x) in operands.iter().enumerate() {
            if self.moves(*x) {
                let m = self.of(*x)?;
                terms.push((as_matrix(l, k, m)?, Ratio::ONE));
            }
        }
        Some(l.graph.combination(&terms, Shape::of(l.shape().entries().ok()?, self.columns)))
    }

    fn sum(&mut self, l: Expr<'g>) -> Option<Expr<'g>> {
        let open = l.open()?;
        let body = self.of_any(open.body)?;
        Some(l.graph.sum_over(OpenSum { body, ..open }))
    }

    /// A scalar ⟨G, dx⟩ is the row (vec G)ᵀ.
    fn by_gradient(&self, l: Expr<'g>) -> Option<Expr<'g>> {
        let storage = self.storage.filter(|_| l.is_scalar() && self.inside == 0)?;
        let g = pull(l, l.ones(), &[self.dx], storage).pop()?;
        Some(g.vec().t() * self.made[&self.dx.id]?)
    }

    /// Σⱼ vec ℓ(Eⱼ) eⱼᵀ, where Eⱼ has its only entry at the j-th place.
    fn by_columns(&mut self, l: Expr<'g>) -> Option<Expr<'g>> {
        if self.inside > 0 {
            return None;
        }
        self.in_columns = true;
        let graph = l.graph;
        let size = l.shape().entries().ok()?;
        let Shape { rows, columns } = self.dx.shape();
        let identity = self.made[&self.dx.id]?;
        let by_column = over_index(graph, columns, |j| {
            over_index(graph, rows, |i| {
                let unit = graph.int(1).scatter(i, j, self.dx.shape());
                let column = self.at(l, unit).vec();
                Some(match place_of(self.dx.shape(), i, j) {
                    Some(place) => {
                        column.scatter(graph.index(0), place, Shape::of(size, identity.shape().rows))
                    }
                    None => column * unit.vec().t(),
                })
            })
        })?;
        Some(by_column * identity)
    }

    /// Σₖ eₖ (vec Gₖ)ᵀ, where Gₖ is the gradient of the k-th entry.
    fn by_rows(&self, dy: Expr<'g>, shape: Shape) -> Option<Expr<'g>> {
        let graph = dy.graph;
        let identity = self.made[&self.dx.id]?;
        let Shape { rows, columns } = dy.shape();
        let by_row = over_index(graph, columns, |j| {
            over_index(graph, rows, |i| {
                let unit = graph.int(1).scatter(i, j, dy.shape());
                let row = pull(dy, unit, &[self.dx], self.storage?).pop()?.vec().t();
                Some(match place_of(dy.shape(), i, j) {
                    Some(place) => row.scatter(place, graph.index(0), shape),
                    None => unit.vec() * row,
                })
            })
        })?;
        Some(by_row * identity)
    }

    /// ℓ with this change in the place of dx; bodies of sums are made again, since they may simplify.
    fn at(&self, l: Expr<'g>, change: Expr<'g>) -> Expr<'g> {
        let mut again = Rebuild::into(l.graph, l.graph);
        again.replace(self.dx.id, change);
        again.expr(l.id)
    }
}

/// The place of the entry at (i, j) among all entries, if the number of rows is a number: an index is no product of
/// another and a size.
fn place_of<'g>(of: Shape, i: Expr<'g>, j: Expr<'g>) -> Option<Expr<'g>> {
    match of.rows.known() {
        Some(rows) => Some(i.graph.affine(&[(i, 1), (j, rows as i64)], 0)),
        None => (of.columns == Dim::ONE).then_some(i),
    }
}
