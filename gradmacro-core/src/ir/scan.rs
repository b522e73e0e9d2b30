//! Loops with carried variables, as nodes.
//!
//! A scan owns one closed body: `Parameter(0)` is the index, `Parameter(k)` for k = 1, 2, … the variables that it
//! carries from step to step, and then the captures. Operand k of the node belongs to parameter k: the trip count,
//! the values that the carried variables start with, the captures. The node itself has no value; its k-th
//! [`Node::Result`] is the k-th carried variable after the last step.
//!
//! Example: `let mut x = x0; for _ in 0..n { x = a * x; }` carries x, which becomes a·x, and captures a.

use super::expr::Expr;
use super::graph::{Graph, Id};
use super::node::Node;
use super::rebuild::Rebuild;
use super::region::{captures, may_leave, parameter};
use super::shape::{Dim, Shape};

/// A loop with carried variables.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Scan {
    /// Does the index run down from the last step to 0?
    pub reversed: bool,
    /// Closed bodies: what each carried variable becomes in a step.
    pub next: Vec<Id>,
    /// The trip count, one initial value per carried variable, the captures.
    pub operands: Vec<Id>,
}

/// A variable that an open loop carries.
#[derive(Clone, Copy)]
pub struct Carry<'g> {
    /// Its value before a step.
    pub variable: Expr<'g>,
    /// Its value before the first step.
    pub initial: Expr<'g>,
    /// Its value after a step.
    pub next: Expr<'g>,
    /// Does anybody ask for its value after the last step?
    pub wanted: bool,
}

/// A loop whose body is open.
#[derive(Clone)]
pub struct OpenScan<'g> {
    /// Variables made before are outside.
    pub scope: u32,
    /// The index, a fresh variable.
    pub index: Expr<'g>,
    /// How often the body runs.
    pub trips: Expr<'g>,
    /// Does the index run down?
    pub reversed: bool,
    /// What is carried; variables are fresh, captures are the outer nodes themselves.
    pub carries: Vec<Carry<'g>>,
}

impl<'g> Expr<'g> {
    /// The k-th result of this region.
    pub fn result(self, k: usize, shape: Shape) -> Expr<'g> {
        self.graph.intern(Node::Result(k as u32, [self.id]), shape)
    }

    /// The shapes of this region's results.
    pub fn result_shapes(self) -> Vec<Shape> {
        let node = self.node();
        let bodies = match &*node {
            Node::Scan(scan) => &scan.next,
            Node::Branch(branch) => &branch.then,
            _ => return vec![],
        };
        bodies.iter().map(|body| self.graph.shape(*body)).collect()
    }

    /// The loop with its body open, if this is one.
    pub fn open_scan(self) -> Option<OpenScan<'g>> {
        self.open_scan_over(&self.operands())
    }

    /// The same with others in the place of its operands.
    pub fn open_scan_over(self, operands: &[Expr<'g>]) -> Option<OpenScan<'g>> {
        let node = self.node();
        let Node::Scan(scan) = &*node else { return None };
        let scope = self.graph.scope();
        let index = self.graph.variable(Shape::SCALAR);
        Some(OpenScan { scope, ..opened(index, scan, operands, Rebuild::within(self.graph, u32::MAX - 1)) })
    }

    /// The same over an index that other regions run over too.
    pub fn open_scan_at(self, index: Expr<'g>) -> Option<OpenScan<'g>> {
        let node = self.node();
        let Node::Scan(scan) = &*node else { return None };
        Some(opened(index, scan, &self.operands(), Rebuild::within(self.graph, u32::MAX - 1)))
    }
}

/// A loop of the rebuild's source, open over this index.
pub(super) fn opened<'g>(
    index: Expr<'g>,
    scan: &Scan,
    operands: &[Expr<'g>],
    mut body: Rebuild<'_, 'g>,
) -> OpenScan<'g> {
    let graph = index.graph;
    let scope = graph.scope();
    body.set_parameter(0, Shape::SCALAR, index);
    let count = scan.next.len();
    let inside: Vec<Expr<'g>> = operands
        .iter()
        .enumerate()
        .skip(1)
        .map(|(k, x)| if k <= count { graph.variable(x.shape()) } else { *x })
        .collect();
    for (k, x) in inside.iter().enumerate() {
        body.set_parameter(k + 1, body.shape_of(scan.operands[k + 1]), *x);
    }
    let carries = scan.next.iter().zip(&inside).zip(&operands[1..]).map(|((next, variable), initial)| {
        Carry { variable: *variable, initial: *initial, next: body.expr(*next), wanted: true }
    });
    let carries = carries.collect();
    OpenScan { scope, index, trips: operands[0], reversed: scan.reversed, carries }
}

/// The loop as one node; gives every carried variable's value after the last step.
pub fn close_scan<'g>(open: &OpenScan<'g>) -> Vec<Expr<'g>> {
    let graph = open.index.graph;
    let roots: Vec<Expr<'g>> = open.carries.iter().map(|c| c.next).collect();
    let captures = captures(&roots, &[], |x| may_leave(x, open.scope, open.trips));
    // What may not leave is made again too, although it does not vary.
    let mut closed = Rebuild::within(graph, 0);
    closed.replace(open.index.id, parameter(graph, 0, Shape::SCALAR));
    let inside = open.carries.iter().map(|c| c.variable).chain(captures.iter().copied());
    for (k, x) in inside.enumerate() {
        closed.replace(x.id, parameter(graph, k + 1, x.shape()));
    }
    let next = roots.iter().map(|x| closed.expr(x.id).id).collect();
    let initial = open.carries.iter().map(|c| c.initial);
    let operands = std::iter::once(open.trips).chain(initial).chain(captures).map(|x| x.id).collect();
    let scan = graph.intern(Node::Scan(Scan { reversed: open.reversed, next, operands }), Shape::SCALAR);
    results(scan, roots.iter().map(|x| x.shape()))
}

/// The results of a region, one by one.
pub(super) fn results<'g>(region: Expr<'g>, shapes: impl Iterator<Item = Shape>) -> Vec<Expr<'g>> {
    shapes.enumerate().map(|(k, shape)| region.result(k, shape)).collect()
}

impl Graph {
    /// A loop: through the algebra if this graph has one.
    pub fn scan<'g>(&'g self, open: OpenScan<'g>) -> Vec<Expr<'g>> {
        match self.algebra() {
            Some(algebra) => (algebra.scan)(open),
            None => close_scan(&open),
        }
    }

    /// A loop over an index that runs from 0, given what each carried variable becomes; every result is wanted.
    pub fn scan_over<'g>(
        &'g self,
        trips: Dim,
        initial: &[Expr<'g>],
        body: impl FnOnce(Expr<'g>, &[Expr<'g>]) -> Vec<Expr<'g>>,
    ) -> Vec<Expr<'g>> {
        let scope = self.scope();
        let index = self.variable(Shape::SCALAR);
        let variables: Vec<Expr<'g>> = initial.iter().map(|x| self.variable(x.shape())).collect();
        let next = body(index, &variables);
        let carries = variables.iter().zip(initial).zip(next);
        let carries = carries
            .map(|((variable, initial), next)| Carry {
                variable: *variable,
                initial: *initial,
                next,
                wanted: true,
            })
            .collect();
        self.scan(OpenScan { scope, index, trips: self.index_extent(trips), reversed: false, carries })
    }
}
