//! From canonical nodes to nodes that are computed as they stand.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::choices::Choices;
use super::decays::{self, Decays};
use super::opened::Opened;
use super::order::ordered;
use super::reach::reach;
use super::regions::Region;
use super::systems::Systems;
use super::{Schedule, Wanted, sign};
use crate::algebra;
use crate::ir::{Data, Demanded, Expr, Graph, Id, Leaf, Node, Ratio, Weighted};
use crate::ops::arithmetic::{POWERS, SCALE, SUM};
use crate::ops::exponential::{EXP, LN, LOGISTIC, POWF, POWI, SOFTPLUS};
use crate::ops::foreign::{CALL, FOREIGN};
use crate::ops::products::{KRONECKER, PRODUCT};
use crate::ops::structure::{DIAGONAL, IDENTITY, ONES, TRACE, TRANSPOSE};
use crate::ops::{Form, OpDef, Written};

/// Powers of an exponential that are multiplied rather than computed anew: each factor loses a digit's last bit.
const LARGEST_POWER: i32 = 4;

/// A canonical graph being lowered.
pub(super) struct Lowering<'c, 's> {
    pub(super) target: &'s Graph,
    /// Entrywise products so far, by their factors.
    pub(super) monomials: Vec<(Expr<'s>, Weighted<'s>)>,
    /// Squared norms of which the root is at hand.
    pub(super) norms: HashSet<Id>,
    /// Products that are multiplied out.
    open: HashSet<Id>,
    /// Sums that are multiplied out wherever they are a factor.
    pub(super) spread: HashSet<Id>,
    /// Exponentials that a logistic function and a softplus share.
    pub(super) decays: Decays<'s>,
    /// Nodes that are computed as others.
    instead: BTreeMap<Id, Id>,
    /// What each canonical node has become.
    pub(super) made: HashMap<Id, Expr<'s>>,
    /// What each sequence of factors has become.
    pub(super) segments: HashMap<Vec<Id>, Expr<'s>>,
    /// Regions, and which one each canonical region has become.
    pub(super) regions: Vec<Region>,
    pub(super) region_of: HashMap<Id, usize>,
    pub(super) opened: Opened<'c>,
    /// What the value divides by: where that is 0 the value is no number, and its derivative needs no care.
    pub(super) poles: HashSet<Id>,
    /// The same as they are computed.
    pub(super) excused: HashSet<Id>,
    /// Is the scaling that is being lowered the user's own?
    in_value: bool,
    /// Canonical nodes of the value: their divisions are the user's.
    value: HashSet<Id>,
    guarded: HashSet<Id>,
    /// May a node be infinite where its operands are not? As far as it was asked.
    unbounded: HashMap<Id, bool>,
    pub(super) index_labels: &'c BTreeMap<Id, u32>,
    pub(super) demands: &'c [Demanded],
    pub(super) systems: Systems,
}

impl<'c, 's> Lowering<'c, 's> {
    /// The schedule of all roots with the given products multiplied out.
    pub(super) fn schedule(wanted: &Wanted<'c>, choices: &Choices, opened: &mut Opened<'c>) -> Schedule {
        let target = Graph::plain();
        let value = reach(wanted.graph.expr(wanted.value), opened);
        let poles = poles(wanted.graph, &value);
        let systems = if !wanted.demands.is_empty() || has_systems(wanted.graph) {
            Systems::of(wanted, choices, opened)
        } else {
            Systems::default()
        };
        let tests = systems.tests.clone();
        let mut lowering = Lowering {
            target: &target,
            open: choices.open.clone(),
            spread: choices.spread.clone(),
            decays: decays::shared(wanted.graph, wanted.roots, &choices.instead, opened),
            instead: choices.instead.clone(),
            made: HashMap::new(),
            segments: HashMap::new(),
            monomials: vec![],
            norms: HashSet::new(),
            in_value: true,
            poles,
            excused: HashSet::new(),
            regions: vec![],
            region_of: HashMap::new(),
            opened: std::mem::replace(opened, Opened::new(wanted.graph)),
            value,
            guarded: HashSet::new(),
            unbounded: HashMap::new(),
            index_labels: wanted.index_labels,
            demands: wanted.demands,
            systems,
        };
        let tests: Vec<Id> = tests.iter().map(|x| lowering.lower(wanted.graph.expr(*x)).id).collect();
        for pair in &choices.first {
            lowering.chain(&pair.map(|x| wanted.graph.expr(x)));
        }
        let roots: Vec<Id> = wanted.roots.iter().map(|x| lowering.result(wanted.graph.expr(*x)).id).collect();
        let labels = lowering.labels(wanted.graph, wanted.labels);
        let Lowering { regions, guarded, unbounded, .. } = lowering;
        *opened = lowering.opened;
        let unbounded = unbounded.into_iter().filter_map(|(x, is)| is.then_some(x)).collect();
        let first: Vec<Id> = tests.iter().chain(&roots).copied().collect();
        let (steps, flops) = ordered(&target, &first, &regions);
        let entry_labels = BTreeMap::new();
        Schedule {
            graph: target,
            steps,
            roots,
            labels,
            entry_labels,
            guarded,
            unbounded,
            tests,
            flops,
            straight: false,
            regions,
        }
    }

    fn labels(&self, graph: &Graph, labels: &BTreeMap<Id, u32>) -> BTreeMap<Id, u32> {
        let mut out = BTreeMap::new();
        for (id, label) in labels {
            let x = graph.expr(*id);
            let segment = || self.segments.get(x.node().operands()).filter(|_| x.is(&PRODUCT));
            if let Some(lowered) = self.made.get(id).or_else(segment)
                && is_computed(*lowered)
            {
                out.entry(lowered.id).or_insert(*label);
            }
        }
        out
    }

    /// A result; one that is the transpose of another is not computed again.
    fn result(&mut self, x: Expr<'c>) -> Expr<'s> {
        let shape = x.shape();
        let known = match shape.is_vector() || shape.is_scalar() || self.made.contains_key(&x.id) {
            true => None,
            false => self.made.get(&x.t().id).copied(),
        };
        match known {
            Some(turned) => transposed(turned),
            None => self.lower(x),
        }
    }

    /// The node that computes `x`.
    pub(super) fn lower(&mut self, x: Expr<'c>) -> Expr<'s> {
        if let Some(known) = self.made.get(&x.id) {
            return *known;
        }
        // What is computed instead may hold the node itself.
        if let Some(other) = self.instead.remove(&x.id) {
            let y = self.lower(x.graph.expr(other));
            self.made.insert(x.id, y);
            return y;
        }
        let y = match &*x.node() {
            Node::Leaf(Leaf::Variable(_)) => self.target.variable(x.shape()),
            Node::Leaf(leaf) => self.target.leaf(leaf.clone(), x.shape()),
            Node::IndexSum(sum) => self.sum_over(x, sum),
            Node::Result(k, [region]) => match self.result_of(x.graph.expr(*region), *k as usize) {
                Some(result) => result,
                None => self.target.variable(x.shape()),
            },
            // A region has no value; its results have.
            Node::Scan(_) | Node::Branch(_) => self.target.variable(x.shape()),
            Node::Apply(op, data, _) => self.operation(x, op.0, data),
        };
        self.made.insert(x.id, y);
        y
    }

    fn operation(&mut self, x: Expr<'c>, op: &'static OpDef, data: &Data) -> Expr<'s> {
        let is = |row: &'static OpDef| std::ptr::eq(op, row);
        match () {
            () if is(&PRODUCT) => self.product(x),
            () if is(&TRACE) && x.operand(0).is(&PRODUCT) => self.trace(x.operand(0)),
            () if is(&DIAGONAL) && x.operand(0).is(&PRODUCT) => self.diagonal(x.operand(0)),
            () if is(&SCALE) => self.scale(x),
            () if is(&SUM) => self.sum(x),
            () if is(&POWERS) => self.powers(x),
            () if is(&TRANSPOSE) => self.transpose(x),
            () if is(&EXP) => self.exponential(x),
            () if is(&LOGISTIC) || is(&SOFTPLUS) => {
                self.by_decay(x).unwrap_or_else(|| self.plainly(x, op, data))
            }
            () if is(&FOREIGN) => self.without_slopes(x, data),
            () if is(&KRONECKER)
                && let Some(turned) = self.made.get(&x.t().id).copied() =>
            {
                transposed(turned)
            }
            () if is_planned(op) => self.system(x, op).unwrap_or_else(|| self.plainly(x, op, data)),
            () => self.plainly(x, op, data),
        }
    }

    fn plainly(&mut self, x: Expr<'c>, op: &'static OpDef, data: &Data) -> Expr<'s> {
        let operands: Vec<_> = x.operands().into_iter().map(|o| self.lower(o)).collect();
        self.target.apply(op, data.clone(), &operands, x.shape())
    }

    /// A call of a foreign function: its slopes are computed where a derivative holds them.
    fn without_slopes(&mut self, x: Expr<'c>, data: &Data) -> Expr<'s> {
        let (operands, shape) = (x.operands(), x.shape());
        let arguments: Vec<_> = operands.iter().take(operands.len() / 2).map(|o| self.lower(*o)).collect();
        self.target.apply(&CALL, data.clone(), &arguments, shape)
    }

    /// eᵏᵘ is a power of eᵘ if that is at hand.
    fn exponential(&mut self, x: Expr<'c>) -> Expr<'s> {
        let (u, k) = x.operand(0).multiple();
        let times = k.absolute();
        let unit = u.times(if k.is_negative() { Ratio::MINUS_ONE } else { Ratio::ONE });
        let base = self.made.get(&unit.apply(&EXP).id).copied();
        match base.filter(|_| times.integer().is_some_and(|n| (2..=LARGEST_POWER).contains(&n))) {
            Some(base) => base.power(times),
            None => self.plainly(x, &EXP, &Data::None),
        }
    }

    fn transpose(&mut self, x: Expr<'c>) -> Expr<'s> {
        let inner = self.lower(x.operand(0));
        transposed(inner)
    }

    fn product(&mut self, x: Expr<'c>) -> Expr<'s> {
        let expanded = if self.open.contains(&x.id) { algebra::expand(x) } else { None };
        match expanded.or_else(|| self.in_rank_one(x)) {
            Some(list) => self.combination(list, x.shape()),
            None => self.chain(&x.operands()),
        }
    }

    fn scale(&mut self, x: Expr<'c>) -> Expr<'s> {
        let factor = self.lower(x.operand(0));
        let y = self.scaled_in(x, factor);
        self.guard(x, y);
        y
    }

    /// The matrix of a scaling, times this factor; what it is multiplied into is guarded if the scaling would be.
    pub(super) fn scaled_in(&mut self, scaling: Expr<'c>, factor: Expr<'s>) -> Expr<'s> {
        let outer = std::mem::replace(&mut self.in_value, self.value.contains(&scaling.id));
        let y = self.scaled(factor, scaling.operand(1), None);
        self.in_value = outer;
        y
    }

    /// Marks what a scalar was multiplied into, inside a product or a sum that only a derivative has.
    pub(super) fn guard_part(&mut self, y: Expr<'s>) {
        let own = y.is(&POWERS) || y.is(&SCALE);
        if own && !self.in_value && self.is_unbounded(y) {
            self.guarded.insert(y.id);
        }
    }

    /// Marks a node that is part of a derivative only.
    pub(super) fn guard(&mut self, x: Expr<'c>, y: Expr<'s>) {
        let own = y.is(&POWERS) || y.is(&SCALE);
        if own && self.is_unbounded(y) && !self.value.contains(&x.id) {
            self.guarded.insert(y.id);
        }
    }

    fn is_unbounded(&mut self, x: Expr<'s>) -> bool {
        if let Some(known) = self.unbounded.get(&x.id) {
            return *known;
        }
        let is = match () {
            () if x.is(&POWERS) => x.weighted().into_iter().any(|(y, p)| match p.is_negative() {
                true => !sign::is_nonzero(y) && !self.excused.contains(&y.id),
                false => self.is_unbounded(y),
            }),
            () if x.is(&SUM) || x.is(&SCALE) => x.operands().into_iter().any(|y| self.is_unbounded(y)),
            () => x.is(&POWI) || x.is(&POWF) || x.is(&LN),
        };
        self.unbounded.insert(x.id, is);
        is
    }
}

/// The bases of negative powers among these nodes.
fn poles(graph: &Graph, nodes: &HashSet<Id>) -> HashSet<Id> {
    let powers = nodes.iter().map(|id| graph.expr(*id)).filter(|x| x.is(&POWERS));
    let negative = powers.flat_map(|x| x.weighted()).filter(|(_, p)| p.is_negative());
    negative.map(|(base, _)| base.id).collect()
}

/// Does the graph hold rows that are computed from factorisations?
fn has_systems(graph: &Graph) -> bool {
    (0..graph.len()).any(|k| graph.node(Id(k as u32)).op().is_some_and(is_planned))
}

/// Is the row computed by others that the planner puts in its place?
fn is_planned(op: &'static OpDef) -> bool {
    op.written == Written::Form(Form::Planned)
}

/// Is it computed, by a step or by a loop, rather than given?
fn is_computed(x: Expr<'_>) -> bool {
    !matches!(&*x.node(), Node::Leaf(leaf) if !matches!(leaf, Leaf::Variable(_)))
}

/// Xᵀ, where X itself may be a transpose.
pub(super) fn transposed(x: Expr<'_>) -> Expr<'_> {
    match () {
        () if x.is(&TRANSPOSE) => x.operand(0),
        () if x.is(&IDENTITY) => x,
        () if x.is(&ONES) => x.graph.ones(x.shape().transposed()),
        () => x.t(),
    }
}
