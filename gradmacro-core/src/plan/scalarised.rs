//! Small irregular work as straight-line code: matrices are taken apart into their entries.
//!
//! What a matrix operation does for nothing with zeros and ones, and what it stores only to read it again, goes away
//! then; short loops are written out. Which of the two is cheaper is decided by the estimate of `plan/cost/time.rs`; what
//! is dense and larger than [`DENSE`] operations stays an operation on matrices, whose entries are read where the rest
//! needs them.
//!
//! Example: the Jacobian of a projection in the nine parameters of a camera multiplies matrices that are mostly zeros, of
//! which nothing is left among the entries.

mod entry;
mod grouping;
mod moves;
mod products;
mod regions;
mod rules;
mod sharing;
mod value;

use std::collections::{BTreeMap, HashMap, HashSet};

use super::Schedule;
use super::cost::{flops, time};
use super::order::ordered;
use super::regions::Region;
use super::scopes::{Scope, Scopes};
use crate::ir::{Data, Expr, Graph, Id, Leaf, Node, Ratio, Shape};
use crate::ops::OpDef;
use crate::ops::arithmetic::{POWERS, SCALE, SUM};
use grouping::Grouping;
use sharing::Sharing;
use value::Value;

/// Operations up to which straight-line code is taken at all. (Measured: above about 400 it loses to loops even where
/// the work is irregular, and the compiler's time grows.)
const STRAIGHT: usize = 400;

/// Nodes up to which straight-line code is made.
const LARGEST: usize = 2000;

/// Operations up to which a dense operation is taken apart.
const DENSE: u64 = 60;

/// Entries up to which a matrix is taken apart.
const ENTRIES: usize = 36;

/// The schedule as straight-line code, if that takes less time and no more operations.
pub(super) fn scalarised(schedule: Schedule, written_out: bool) -> Schedule {
    let own = time::of(&schedule);
    let passes = [true, false].into_iter().skip(usize::from(!written_out));
    let straight = passes.flat_map(|unrolled| straightened(&schedule, unrolled));
    let better = straight.filter(|straight| time::of(straight) < own && straight.flops <= schedule.flops);
    better.min_by_key(time::of).unwrap_or(schedule)
}

/// The schedule taken apart, once with its sums grouped and once with them as they are.
fn straightened(schedule: &Schedule, unrolled: bool) -> Vec<Schedule> {
    let has_loops = schedule.regions.iter().any(|region| !matches!(region, Region::Branch(_)));
    if unrolled && (!has_loops || schedule.flops > 2 * STRAIGHT as u64) {
        return vec![];
    }
    let apart = Scalariser::schedule(schedule, &Pass { unrolled, ..Pass::default() });
    let promises = |apart: &Schedule| 2 * time::of(apart) <= 3 * time::of(schedule);
    let Some(apart) = apart.filter(|apart| apart.steps_of_scalars() <= STRAIGHT && promises(apart)) else {
        return vec![];
    };
    let grouping = Pass { grouping: Some(Grouping::of(&apart)), ..Pass::default() };
    let grouped = Scalariser::schedule(&apart, &grouping);
    let shared = |schedule: &Schedule| {
        Scalariser::schedule(schedule, &Pass { sharing: Sharing::of(schedule), ..Pass::default() })
    };
    grouped.as_ref().and_then(shared).into_iter().chain(shared(&apart)).collect()
}

/// What one pass does besides taking apart what is not yet.
#[derive(Default)]
struct Pass {
    /// Short loops are written out.
    unrolled: bool,
    /// Sums of scalars are grouped.
    grouping: Option<Grouping>,
    /// What is computed several times is computed once.
    sharing: Sharing,
}

/// Takes a schedule's nodes apart.
struct Scalariser<'c, 's> {
    source: &'c Schedule,
    target: &'s Graph,
    /// What varies with what in the source.
    scopes: Scopes<'c>,
    /// What each node of the source has become.
    made: HashMap<Id, Value<'s>>,
    pass: &'c Pass,
    /// How many loops are being written out.
    writing_out: usize,
    /// Markers of the regions whose bodies are being made.
    entered: Scope,
    /// Loops and conditionals that stay.
    regions: Vec<Region>,
    /// Quotients of derivatives in which 0·∞ counts as 0, and those of other nodes, in which it does not.
    guarded: HashSet<Id>,
    plain: HashSet<Id>,
    unbounded: HashSet<Id>,
}

impl<'c, 's> Scalariser<'c, 's> {
    fn schedule(source: &'c Schedule, pass: &'c Pass) -> Option<Schedule> {
        let target = Graph::plain();
        let mut own = Scalariser {
            source,
            target: &target,
            scopes: Scopes::new(&source.graph, &source.regions),
            made: HashMap::new(),
            pass,
            writing_out: 0,
            entered: Scope::new(),
            regions: vec![],
            guarded: HashSet::new(),
            plain: HashSet::new(),
            unbounded: HashSet::new(),
        };
        let tests = own.all(&source.tests)?;
        let roots = own.all(&source.roots)?;
        let (labels, entry_labels) = own.labels();
        let guarded = own.guarded.difference(&own.plain).copied().collect();
        let (regions, unbounded) = (own.regions, own.unbounded);
        let first: Vec<Id> = tests.iter().chain(&roots).copied().collect();
        let (steps, flops) = ordered(&target, &first, &regions);
        Some(Schedule {
            graph: target,
            steps,
            roots,
            labels,
            entry_labels,
            guarded,
            unbounded,
            tests,
            flops,
            straight: true,
            regions,
        })
    }

    /// What these nodes have become, each as one node.
    fn all(&mut self, nodes: &[Id]) -> Option<Vec<Id>> {
        nodes.iter().map(|x| Some(self.whole_of(*x)?.id)).collect()
    }

    /// What a node of the source has become, as one node.
    fn whole_of(&mut self, x: Id) -> Option<Expr<'s>> {
        let value = self.value(x)?;
        Some(self.whole(&value, self.source.graph.shape(x)))
    }

    fn value(&mut self, x: Id) -> Option<Value<'s>> {
        if let Some(known) = self.made.get(&x) {
            return Some(known.clone());
        }
        // Straight-line code that is longer is not taken, so it is not made either.
        (self.target.len() <= LARGEST).then_some(())?;
        let node = self.source.graph.node(x);
        let shape = self.source.graph.shape(x);
        let value = match &*node {
            Node::Leaf(Leaf::Variable(_)) => match self.scopes.region(x).or_else(|| self.carrying(x)) {
                Some(region) => {
                    self.region(region)?;
                    return self.made.get(&x).cloned();
                }
                None => Value::of(self.target.variable(shape)),
            },
            Node::Leaf(leaf) => Value::of(self.target.leaf(leaf.clone(), shape)),
            Node::Apply(..) if self.pass.sharing.products.contains_key(&x) => {
                Value::Entries([self.shared_product(x)?].into())
            }
            Node::Apply(op, _, _) if std::ptr::eq(op.0, &SUM) && shape.is_scalar() => {
                if self.pass.grouping.is_some() {
                    let sum = self.grouped_sum(self.source.graph.expr(x))?;
                    self.made.insert(x, Value::Entries([sum].into()));
                    return self.value(x);
                }
                let mut terms = vec![];
                self.terms(x, Ratio::ONE, &mut terms)?;
                Value::Entries([self.total(terms)].into())
            }
            Node::Apply(op, data, operands) => {
                let operands: Option<Vec<Value<'s>>> = operands.iter().map(|y| self.value(*y)).collect();
                self.operation(self.source.graph.expr(x), op.0, data, &operands?)
            }
            Node::IndexSum(_) | Node::Scan(_) | Node::Branch(_) | Node::Result(..) => return None,
        };
        self.mark(x, &value);
        self.made.insert(x, value.clone());
        Some(value)
    }

    /// The operation entry by entry, or, where it is dense and large, as it stands.
    fn operation(
        &mut self,
        x: Expr<'c>,
        op: &'static OpDef,
        data: &Data,
        operands: &[Value<'s>],
    ) -> Value<'s> {
        let size = x.shape().size();
        let may_be_apart = size.is_some_and(|n| n <= ENTRIES) && flops(x) <= 4 * STRAIGHT as u64;
        let before = self.target.len();
        let apart = if may_be_apart { self.apart(x, op, data, operands) } else { None };
        if let Some(apart) = apart {
            let new = (before..self.target.len()).map(|k| flops(self.target.expr(Id(k as u32))));
            if flops(x) <= DENSE || 2 * new.sum::<u64>() <= flops(x) {
                return Value::Entries(apart.into());
            }
        }
        let shapes = x.operands().into_iter().map(Expr::shape);
        let whole: Vec<Expr<'s>> = operands.iter().zip(shapes).map(|(y, s)| self.whole(y, s)).collect();
        Value::of(self.target.apply(op, data.clone(), &whole, x.shape()))
    }

    /// Carries over what is known of the node's divisions.
    fn mark(&mut self, x: Id, value: &Value<'s>) {
        let own: Vec<Id> = value.nodes().iter().map(|y| y.id).collect();
        let multiplies = [&POWERS, &SCALE].iter().any(|row| self.source.graph.node(x).is(row));
        match self.source.guarded.contains(&x) {
            true => self.guarded.extend(&own),
            // What only moves entries says nothing of how they were made.
            false if multiplies => self.plain.extend(&own),
            false => {}
        }
        if self.source.unbounded.contains(&x) {
            self.unbounded.extend(own);
        }
    }

    /// The user's names: of whole nodes, and of matrices of which only entries are left.
    fn labels(&self) -> (BTreeMap<Id, u32>, BTreeMap<Id, (u32, String)>) {
        let (mut whole, mut entries) = (BTreeMap::new(), BTreeMap::new());
        for (id, label) in &self.source.labels {
            let Some(value) = self.made.get(id) else { continue };
            let shape = self.source.graph.shape(*id);
            match value {
                Value::Whole(x) => _ = whole.entry(x.id).or_insert(*label),
                Value::Entries(list) => {
                    for (k, x) in list.iter().enumerate().filter_map(|(k, e)| Some((k, e.of?))) {
                        if shape.is_scalar() && list[k].k == Ratio::ONE {
                            whole.entry(x.id).or_insert(*label);
                        } else if !shape.is_scalar() {
                            entries.entry(x.id).or_insert((*label, place(shape, k)));
                        }
                    }
                }
            }
        }
        whole.retain(|x, _| !matches!(&*self.target.node(*x), Node::Leaf(_)));
        entries.retain(|x, _| !whole.contains_key(x));
        (whole, entries)
    }
}

/// Where the k-th entry of a matrix of this shape stands: "2" in a vector, "01" in a matrix.
fn place(shape: Shape, k: usize) -> String {
    match shape.rows.known() {
        Some(rows) if !shape.is_vector() => format!("{}{}", k % rows, k / rows),
        _ => k.to_string(),
    }
}
