//! Bodies of regions, each opened once, so that every pass of the planner speaks of the same nodes.
//!
//! Regions that run alike share their index: one variable per trip count and depth, so that their bodies share nodes
//! and they can share a loop. The depth of a node counts the loops around what it varies with, so a region inside a
//! loop that it varies with never gets the index of that loop.
//!
//! Example: Σᵢ xᵢ² and Σᵢ xᵢ yᵢ over one range are opened over the same i, and read xᵢ once.

use std::collections::HashMap;
use std::rc::Rc;

use crate::ir::rebuild::Rebuild;
use crate::ir::region::IndexSum;
use crate::ir::{Expr, Graph, Id, Node, OpenBranch, OpenScan, Scan, Shape};

/// Open bodies so far.
pub(super) struct Opened<'c> {
    graph: &'c Graph,
    indices: HashMap<(Id, usize), Expr<'c>>,
    sums: HashMap<Id, Body<'c>>,
    scans: HashMap<Id, Rc<OpenScan<'c>>>,
    branches: HashMap<Id, Rc<OpenBranch<'c>>>,
    /// Carried variables, by loop and position.
    states: HashMap<Id, (Id, usize)>,
    /// Variables of conditionals, and what each stands for.
    captured: HashMap<Id, Expr<'c>>,
    /// Loops around what a node varies with, as far as it was asked; of variables from the start.
    depths: HashMap<Id, usize>,
}

/// The body of a sum.
#[derive(Clone, Copy)]
pub(super) struct Body<'c> {
    pub(super) index: Expr<'c>,
    pub(super) term: Expr<'c>,
}

impl<'c> Opened<'c> {
    pub(super) fn new(graph: &'c Graph) -> Self {
        Opened {
            graph,
            indices: HashMap::new(),
            sums: HashMap::new(),
            scans: HashMap::new(),
            branches: HashMap::new(),
            states: HashMap::new(),
            captured: HashMap::new(),
            depths: HashMap::new(),
        }
    }

    /// The body of a sum.
    pub(super) fn sum(&mut self, x: Expr<'c>, sum: &IndexSum) -> Body<'c> {
        if let Some(known) = self.sums.get(&x.id) {
            return *known;
        }
        let depth = self.depth(x);
        let index = self.index(sum.operands[0], depth);
        let term = Rebuild::within(self.graph, u32::MAX - 1).open(sum, index, &x.operands());
        let body = Body { index, term };
        self.sums.insert(x.id, body);
        body
    }

    /// The body of a loop that carries variables.
    pub(super) fn scan(&mut self, x: Expr<'c>, scan: &Scan) -> Option<Rc<OpenScan<'c>>> {
        if let Some(known) = self.scans.get(&x.id) {
            return Some(known.clone());
        }
        let depth = self.depth(x);
        let index = self.index(scan.operands[0], depth);
        let open = Rc::new(x.open_scan_at(index)?);
        for (k, carry) in open.carries.iter().enumerate() {
            self.states.insert(carry.variable.id, (x.id, k));
            self.depths.insert(carry.variable.id, depth + 1);
        }
        self.scans.insert(x.id, open.clone());
        Some(open)
    }

    /// The bodies of a conditional.
    pub(super) fn branch(&mut self, x: Expr<'c>) -> Option<Rc<OpenBranch<'c>>> {
        if let Some(known) = self.branches.get(&x.id) {
            return Some(known.clone());
        }
        let depth = self.depth(x);
        let open = Rc::new(apart(x.open_branch()?));
        for (variable, outer) in &open.captured {
            self.captured.insert(variable.id, *outer);
            self.depths.insert(variable.id, depth);
        }
        self.branches.insert(x.id, open.clone());
        Some(open)
    }

    /// What a node needs: its operands, and of a region what belongs to the result that is asked for.
    pub(super) fn needs(&mut self, x: Expr<'c>) -> Vec<Expr<'c>> {
        match &*x.node() {
            Node::IndexSum(sum) => {
                let body = self.sum(x, sum);
                [x.operands(), vec![body.index, body.term]].concat()
            }
            Node::Result(k, [region]) => self.needs_of_result(self.graph.expr(*region), *k as usize),
            Node::Leaf(_) => match (self.states.get(&x.id).copied(), self.captured.get(&x.id)) {
                (Some((region, k)), _) => self.needs_of_result(self.graph.expr(region), k),
                (_, Some(outer)) => vec![*outer],
                _ => vec![],
            },
            _ => x.operands(),
        }
    }

    fn needs_of_result(&mut self, region: Expr<'c>, k: usize) -> Vec<Expr<'c>> {
        if let Node::Scan(scan) = &*region.node()
            && let Some(open) = self.scan(region, scan)
        {
            let carry = open.carries[k];
            return vec![open.trips, carry.initial, carry.variable, carry.next];
        }
        match self.branch(region) {
            Some(open) => vec![open.predicate, open.then[k], open.other[k]],
            None => vec![],
        }
    }

    /// How many loops are around what the node varies with.
    fn depth(&mut self, x: Expr<'c>) -> usize {
        if let Some(known) = self.depths.get(&x.id) {
            return *known;
        }
        let depth = x.operands().into_iter().map(|y| self.depth(y)).max().unwrap_or(0);
        self.depths.insert(x.id, depth);
        depth
    }

    /// The index that belongs to a trip count and a depth.
    fn index(&mut self, trips: Id, depth: usize) -> Expr<'c> {
        let graph = self.graph;
        let index = *self.indices.entry((trips, depth)).or_insert_with(|| graph.variable(Shape::SCALAR));
        self.depths.insert(index.id, depth + 1);
        index
    }
}

/// The same with variables of their own in each arm: what one arm demands of a matrix the other does not.
fn apart(open: OpenBranch<'_>) -> OpenBranch<'_> {
    let graph = open.predicate.graph;
    let mut again = Rebuild::within(graph, open.scope);
    let mut captured = open.captured.clone();
    for (variable, outer) in &open.captured {
        let own = graph.variable_with(variable.shape(), variable.properties());
        again.replace(variable.id, own);
        captured.push((own, *outer));
    }
    let other = open.other.iter().map(|x| again.expr(x.id)).collect();
    OpenBranch { captured, other, ..open }
}
