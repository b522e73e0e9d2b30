//! Nothing is computed twice: regions that run alike become one, and what they have in common is merged.
//!
//! Reverse mode makes a loop of its own for the states that it stores. Fused with the loop of the value, whose states are
//! the same, it is one loop: closing the two together goes through the algebra, which merges equal carried variables
//! and drops what nobody needs. Two loops are fused if they have the same range and direction, two conditionals if
//! they have the same predicate, and neither may depend on the other. Bodies are fused in the same way.
//!
//! Example: of a rollout, the loop of state and cost and the loop of state and stack become one of all three.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::ir::rebuild::Rebuild;
use crate::ir::region::OpenSum;
use crate::ir::walk::needed;
use crate::ir::{Expr, Graph, Id, Node, OpenBranch, OpenScan};

/// How often the pass is repeated: what has been merged may let others run alike.
const ROUNDS: usize = 3;

/// What canonical nodes have become.
pub(super) struct Fused<'g> {
    rounds: Vec<HashMap<Id, Expr<'g>>>,
}

impl<'g> Fused<'g> {
    /// Fuses everything that these roots need.
    pub(super) fn of(graph: &'g Graph, roots: &[Id]) -> Self {
        let (mut fused, mut roots) = (Fused { rounds: vec![] }, roots.to_vec());
        while fused.rounds.len() < ROUNDS && has_regions(graph) {
            let mut pass = Pass::of(graph, &roots, None);
            let new: Vec<Id> = roots.iter().map(|root| pass.expr(graph.expr(*root)).id).collect();
            let known = needed(graph, &roots).into_iter().filter_map(|x| Some((x, *pass.made.get(&x)?)));
            fused.rounds.push(known.collect());
            if new == roots {
                break;
            }
            roots = new;
        }
        fused
    }

    /// What has become of a node.
    pub(super) fn id(&self, id: Id) -> Id {
        self.rounds.iter().fold(id, |x, made| made.get(&x).map_or(x, |y| y.id))
    }

    /// The same for labels; what two nodes have become has the first one's.
    pub(super) fn labels(&self, labels: &BTreeMap<Id, u32>) -> BTreeMap<Id, u32> {
        let mut new = BTreeMap::new();
        for (id, label) in labels {
            new.entry(self.id(*id)).or_insert(*label);
        }
        new
    }
}

/// Does the graph hold loops that carry variables, or conditionals? Bodies live in the same graph.
fn has_regions(graph: &Graph) -> bool {
    (0..graph.len()).any(|k| matches!(&*graph.node(Id(k as u32)), Node::Scan(_) | Node::Branch(_)))
}

/// What regions must have in common to become one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Alike {
    /// Trip count and direction.
    Scan(Id, bool),
    /// Predicate.
    Branch(Id),
}

/// Regions that become one.
struct Group {
    alike: Alike,
    members: Vec<Id>,
    /// Groups on which some member depends directly.
    after: BTreeSet<usize>,
}

/// One walk over what some roots need.
struct Pass<'g> {
    graph: &'g Graph,
    groups: Vec<Group>,
    group_of: HashMap<Id, usize>,
    /// Results that somebody needs.
    wanted: HashSet<(Id, usize)>,
    made: HashMap<Id, Expr<'g>>,
}

impl<'g> Pass<'g> {
    /// A walk over a body whose scope is given leaves what does not vary as it is: it has been fused outside.
    fn of(graph: &'g Graph, roots: &[Id], scope: Option<u32>) -> Self {
        let mut pass = Pass {
            graph,
            groups: vec![],
            group_of: HashMap::new(),
            wanted: HashSet::new(),
            made: HashMap::new(),
        };
        // Groups on which a node depends, results of regions included.
        let mut below: HashMap<Id, BTreeSet<usize>> = HashMap::new();
        for x in needed(graph, roots) {
            let (node, mut own) = (graph.node(x), BTreeSet::new());
            if scope.is_some_and(|scope| graph.expr(x).is_fixed(scope)) {
                pass.made.insert(x, graph.expr(x));
                below.insert(x, own);
                continue;
            }
            node.operands().iter().for_each(|y| own.extend(&below[y]));
            let alike = match &*node {
                Node::Scan(scan) => Some(Alike::Scan(scan.operands[0], scan.reversed)),
                Node::Branch(branch) => Some(Alike::Branch(branch.operands[0])),
                Node::Result(k, [region]) => {
                    pass.wanted.insert((*region, *k as usize));
                    None
                }
                _ => None,
            };
            if let Some(alike) = alike {
                let group = pass.join(x, alike, own);
                own = BTreeSet::from([group]);
            }
            below.insert(x, own);
        }
        pass
    }

    /// Puts a region into the first group that it may join.
    fn join(&mut self, region: Id, alike: Alike, after: BTreeSet<usize>) -> usize {
        let before = self.all_before(&after);
        let free = |k: &usize| self.groups[*k].alike == alike && !before.contains(k);
        let group = (0..self.groups.len()).find(free).unwrap_or_else(|| {
            self.groups.push(Group { alike, members: vec![], after: BTreeSet::new() });
            self.groups.len() - 1
        });
        self.groups[group].members.push(region);
        self.groups[group].after.extend(after);
        self.group_of.insert(region, group);
        group
    }

    /// These groups and all that must come before them.
    fn all_before(&self, groups: &BTreeSet<usize>) -> BTreeSet<usize> {
        let (mut all, mut stack) = (BTreeSet::new(), groups.iter().copied().collect::<Vec<_>>());
        while let Some(k) = stack.pop() {
            if all.insert(k) {
                stack.extend(&self.groups[k].after);
            }
        }
        all
    }

    fn expr(&mut self, x: Expr<'g>) -> Expr<'g> {
        if let Some(known) = self.made.get(&x.id) {
            return *known;
        }
        let node = x.node();
        let made = match &*node {
            Node::Result(_, [region]) => {
                if let Some(group) = self.group_of.get(region).copied() {
                    self.fuse(group);
                }
                self.made.get(&x.id).copied().unwrap_or(x)
            }
            Node::Leaf(_) | Node::Scan(_) | Node::Branch(_) => x,
            Node::Apply(op, data, _) => {
                let operands = self.operands(x);
                match operands == x.operands() {
                    true => x,
                    false => self.graph.apply(op.0, data.clone(), &operands, x.shape()),
                }
            }
            Node::IndexSum(_) => self.sum(x),
        };
        self.made.insert(x.id, made);
        made
    }

    fn operands(&mut self, x: Expr<'g>) -> Vec<Expr<'g>> {
        x.operands().into_iter().map(|y| self.expr(y)).collect()
    }

    fn sum(&mut self, x: Expr<'g>) -> Expr<'g> {
        let operands = self.operands(x);
        let Some(open) = x.open_over(&operands) else { return x };
        let body = within(&[open.body], open.scope)[0];
        match body == open.body && operands == x.operands() {
            true => x,
            false => self.graph.sum_over(OpenSum { body, ..open }),
        }
    }

    /// Makes the results of all members of a group.
    fn fuse(&mut self, group: usize) {
        let members = self.groups[group].members.clone();
        let regions: Vec<Expr<'g>> = members.iter().map(|x| self.graph.expr(*x)).collect();
        let operands: Vec<Vec<Expr<'g>>> = regions.iter().map(|x| self.operands(*x)).collect();
        let results = match self.groups[group].alike {
            Alike::Scan(..) => self.fused_scans(&regions, &operands),
            Alike::Branch(_) => self.fused_branches(&regions, &operands),
        };
        let mut results = results.into_iter();
        for region in regions {
            for (k, shape) in region.result_shapes().into_iter().enumerate() {
                let made = results.next().filter(|_| self.wanted.contains(&(region.id, k)));
                if let Some(made) = made {
                    self.made.insert(region.result(k, shape).id, made);
                }
            }
        }
    }

    fn fused_scans(&self, regions: &[Expr<'g>], operands: &[Vec<Expr<'g>>]) -> Vec<Expr<'g>> {
        let mut whole: Option<OpenScan<'g>> = None;
        for (region, operands) in regions.iter().zip(operands) {
            let Some(mut open) = region.open_scan_over(operands) else { continue };
            for (k, carry) in open.carries.iter_mut().enumerate() {
                carry.wanted = self.wanted.contains(&(region.id, k));
            }
            match &mut whole {
                None => whole = Some(open),
                Some(whole) => {
                    let mut shared = Rebuild::within(self.graph, open.scope);
                    shared.replace(open.index.id, whole.index);
                    open.carries.iter_mut().for_each(|c| c.next = shared.expr(c.next.id));
                    whole.carries.extend(open.carries);
                }
            }
        }
        let Some(mut open) = whole else { return vec![] };
        let next: Vec<Expr<'g>> = open.carries.iter().map(|c| c.next).collect();
        for (carry, next) in open.carries.iter_mut().zip(within(&next, open.scope)) {
            carry.next = next;
        }
        self.graph.scan(open)
    }

    fn fused_branches(&self, regions: &[Expr<'g>], operands: &[Vec<Expr<'g>>]) -> Vec<Expr<'g>> {
        let mut whole: Option<OpenBranch<'g>> = None;
        for (region, operands) in regions.iter().zip(operands) {
            let Some(open) = region.open_branch_over(operands) else { continue };
            match &mut whole {
                None => whole = Some(open),
                Some(whole) => {
                    // One variable for what is captured by both.
                    let mut shared = Rebuild::within(self.graph, open.scope);
                    for (variable, outer) in open.captured {
                        match whole.captured.iter().find(|known| known.1 == outer) {
                            Some(known) => shared.replace(variable.id, known.0),
                            None => whole.captured.push((variable, outer)),
                        }
                    }
                    whole.then.extend(open.then.iter().map(|x| shared.expr(x.id)));
                    whole.other.extend(open.other.iter().map(|x| shared.expr(x.id)));
                }
            }
        }
        let Some(open) = whole else { return vec![] };
        let arms: Vec<Expr<'g>> = [open.then.clone(), open.other.clone()].concat();
        let mut then = within(&arms, open.scope);
        let other = then.split_off(open.then.len());
        self.graph.branch(OpenBranch { then, other, ..open })
    }
}

/// The same pass over the body of an open region.
fn within<'g>(roots: &[Expr<'g>], scope: u32) -> Vec<Expr<'g>> {
    let Some(first) = roots.first() else { return vec![] };
    let graph = first.graph;
    let ids: Vec<Id> = roots.iter().map(|x| x.id).collect();
    let mut pass = Pass::of(graph, &ids, Some(scope));
    roots.iter().map(|x| pass.expr(*x)).collect()
}
