//! Loops in print: what a loop carries is a sequence of states, and a formula names the state that it takes.
//!
//! The states of x in a loop of ten steps are x₀, …, x₁₀; a step takes xₖ to xₖ₊₁, or λₖ₊₁ to λₖ if the loop runs down.
//! The recurrence is a definition behind the formula. A variable that is only added to is a sum over the index. States
//! have the user's names as far as they are known; loops that carry the same have the same states.
//!
//! Example: `let mut x = s; for k in 0..10 { x = a * x; }` is x₁₀, where x₀ = s and xₖ₊₁ = a xₖ for k = 0 … 9.

use super::Names;
use super::reading::Reader;
use super::stored::Stored;
use super::tree::{Definition, Formula, Run};
use crate::ir::rebuild::Rebuild;
use crate::ir::region::OpenSum;
use crate::ir::walk::needed;
use crate::ir::{Carry, Expr, Graph, Id, Node, OpenScan, Ratio};
use crate::ops::arithmetic::SUM;

/// Names of indices, outermost first.
const INDICES: &[&str] = &["i", "j", "k", "l", "m", "n", "p"];
/// The index of a loop that the user gave no name.
const STEP: &str = "k";
/// Names of states that have none, of loops that run up and of those that run down.
const STATES: &[&str] = &["z", "y", "w", "v", "s", "r", "q"];
const ADJOINTS: &[&str] = &["λ", "μ", "ν", "ξ", "ρ", "σ", "τ", "φ", "ψ", "ω"];

/// An index that is open.
#[derive(Clone)]
pub(super) struct Around<'g> {
    pub(super) index: Expr<'g>,
    pub(super) name: String,
    /// Something else that is read in its place.
    pub(super) at: Option<Expr<'g>>,
    /// Variables made before are outside.
    pub(super) scope: u32,
    pub(super) trips: Expr<'g>,
    pub(super) reversed: bool,
}

impl<'g> Around<'g> {
    pub(super) fn of_sum(open: &OpenSum<'g>) -> Self {
        let OpenSum { scope, index, trips, .. } = *open;
        Around { index, name: String::new(), at: None, scope, trips, reversed: false }
    }

    pub(super) fn of_loop(open: &OpenScan<'g>, name: String) -> Self {
        let OpenScan { scope, index, trips, reversed, .. } = *open;
        Around { index, name, at: None, scope, trips, reversed }
    }

    /// The same with nothing in its place.
    fn itself(&self) -> Self {
        Around { at: None, ..self.clone() }
    }
}

/// What a carried variable is in print.
#[derive(Clone)]
pub(super) enum Role<'g> {
    /// A sequence of states: its name, how often that is primed, and whether this is the loop that defines it.
    States(String, usize, bool),
    /// Its initial value and a sum of this.
    Total(Expr<'g>),
}

/// A loop that has been opened.
pub(super) struct Opened<'g> {
    region: Expr<'g>,
    pub(super) open: OpenScan<'g>,
    /// The indices that it depends on.
    around: Vec<Around<'g>>,
    pub(super) name: String,
    pub(super) roles: Vec<Role<'g>>,
}

/// The loops of a formula.
pub(super) struct Loops<'g> {
    pub(super) opened: Vec<Opened<'g>>,
    pub(super) reads: Vec<Stored<'g>>,
    /// Definitions, and within how many other indices their loops are.
    definitions: Vec<(usize, Definition)>,
    labels: Vec<(Id, String)>,
    /// What the user calls a variable with this initial value in a loop with so many steps.
    hints: Vec<(Id, Id, String)>,
}

impl<'g> Loops<'g> {
    pub(super) fn of(graph: &'g Graph, names: &dyn Names) -> Self {
        let labels = names.labelled();
        let hint = |(id, name): &(Id, String)| {
            let Node::Result(k, [region]) = *graph.node(*id) else { return None };
            let Node::Scan(scan) = &*graph.node(region) else { return None };
            Some((*scan.operands.get(k as usize + 1)?, *scan.operands.first()?, name.clone()))
        };
        let hints = labels.iter().filter_map(hint).collect();
        Loops { opened: vec![], reads: vec![], definitions: vec![], labels, hints }
    }

    pub(super) fn definitions(&mut self) -> Vec<Definition> {
        std::mem::take(&mut self.definitions).into_iter().map(|(_, definition)| definition).collect()
    }

    /// What the user calls a carried variable.
    fn name_of(&self, region: Expr<'g>, k: usize, open: &OpenScan<'g>) -> Option<String> {
        let carry = open.carries.get(k)?;
        let own = region.result(k, carry.variable.shape()).id;
        let label = |id: Id| self.labels.iter().find(|l| l.0 == id).map(|l| l.1.clone());
        let (initial, trips) = (carry.initial.id, open.trips.id);
        let hint = || self.hints.iter().find(|h| (h.0, h.1) == (initial, trips)).map(|h| h.2.clone());
        label(own).or_else(|| if open.reversed { None } else { hint().or_else(|| label(initial)) })
    }

    /// How often the name must be primed to be new.
    fn primes(&self, name: &str, so_far: &[Role<'g>]) -> usize {
        let all = self.opened.iter().flat_map(|o| &o.roles).chain(so_far);
        let own = all.filter_map(|role| match role {
            Role::States(own, primes, true) if own == name => Some(primes + 1),
            _ => None,
        });
        own.max().unwrap_or(0)
    }
}

impl<'g> Reader<'_, 'g> {
    /// Σ over an index of a body.
    pub(super) fn over(&mut self, index: Around<'g>, body: Expr<'g>) -> Formula {
        let name = index.name.clone();
        let last = self.read(index.trips.graph.affine(&[(index.trips, 1)], -1));
        self.around.push(index);
        let body = self.with_states(&[body])[0];
        let body = self.read(body);
        self.around.pop();
        Formula::Over(name, Box::new(last), Box::new(body))
    }

    /// A name for an index that no other has.
    pub(super) fn index_name(&self, wish: Option<&str>) -> String {
        let is_free = |name: &&str| {
            !self.taken.iter().any(|t| t == name) && !self.around.iter().any(|a| a.name == **name)
        };
        wish.into_iter().chain(INDICES.iter().copied()).find(is_free).unwrap_or("q").to_owned()
    }

    /// A result of a region.
    pub(super) fn result(&mut self, k: usize, region: Expr<'g>) -> Formula {
        if let Some(open) = region.open_branch() {
            return self.cases(k, &open);
        }
        let Some(l) = self.opened(region) else { return Formula::Text("?".to_owned()) };
        let Opened { open, roles, name, .. } = &self.loops.opened[l];
        let (trips, initial) = (open.trips, open.carries[k].initial);
        match roles[k].clone() {
            Role::States(..) => {
                let last = if open.reversed { trips.graph.index(0) } else { trips };
                self.state(l, k, last)
            }
            Role::Total(term) => {
                let own = Around::of_loop(open, self.index_name(Some(name)));
                let sum = self.over(own, term);
                if initial.is_zero() {
                    sum
                } else {
                    Formula::sum(vec![(false, self.read(initial)), (false, sum)])
                }
            }
        }
    }

    /// A variable of a region that is open.
    pub(super) fn variable(&mut self, x: Expr<'g>) -> Option<Formula> {
        if let Some(own) = self.around.iter().rev().find(|a| a.index == x) {
            let (name, at) = (own.name.clone(), own.at);
            return Some(at.map_or(Formula::Text(name), |at| self.read(at)));
        }
        if let Some(stored) = self.loops.reads.iter().find(|s| s.variable == x).copied() {
            return Some(self.read_back(stored));
        }
        let mut all = self.loops.opened.iter().enumerate();
        let (l, k) =
            all.find_map(|(l, o)| Some((l, o.open.carries.iter().position(|c| c.variable == x)?)))?;
        let before = i64::from(self.loops.opened[l].open.reversed);
        Some(self.state_at(l, k, before))
    }

    /// xₖ₊₁ for what a step makes of xₖ, except where that is defined.
    pub(super) fn next_state(&mut self, x: Expr<'g>) -> Option<Formula> {
        if self.defined.take() == Some(x) || x.operands().is_empty() {
            return None;
        }
        let (l, k) = self.loops.opened.iter().enumerate().find_map(|(l, o)| {
            let is_next = |k: &usize| o.open.carries[*k].next == x && matches!(o.roles[*k], Role::States(..));
            Some((l, (0..o.roles.len()).find(is_next).filter(|_| !x.is_fixed(o.open.scope))?))
        })?;
        let after = i64::from(!self.loops.opened[l].open.reversed);
        Some(self.state_at(l, k, after))
    }

    /// The state of a carried variable at the loop's index, or one behind it.
    pub(super) fn state_at(&mut self, l: usize, k: usize, behind: i64) -> Formula {
        let index = self.loops.opened[l].open.index;
        let at = self.around.iter().rev().find(|a| a.index == index).and_then(|a| a.at).unwrap_or(index);
        self.state(l, k, index.graph.affine(&[(at, 1)], behind))
    }

    /// The state of a carried variable with this number.
    fn state(&mut self, l: usize, k: usize, number: Expr<'g>) -> Formula {
        let own = &self.loops.opened[l];
        let around: Vec<Expr<'g>> = own.around.iter().map(|a| a.index).collect();
        let (name, primes) = match &own.roles[k] {
            Role::States(name, primes, _) => (name.clone(), *primes),
            Role::Total(_) => ("?".to_owned(), 0),
        };
        let places = around.into_iter().chain([number]).map(|x| self.read(x)).collect();
        Formula::State(name, primes, places)
    }

    /// The loop opened, and what it carries defined.
    pub(super) fn opened(&mut self, region: Expr<'g>) -> Option<usize> {
        if let Some(known) = self.loops.opened.iter().position(|o| o.region == region) {
            return Some(known);
        }
        let mut open = region.open_scan()?;
        let around: Vec<Around<'g>> =
            self.around.iter().filter(|a| !region.is_fixed(a.scope)).map(Around::itself).collect();
        let outside = std::mem::replace(&mut self.around, around.clone());
        let wish = self.names.index_of(region.id).filter(|name| name.chars().count() == 1);
        let name = self.index_name(Some(wish.as_deref().unwrap_or(STEP)));
        self.around.push(Around::of_loop(&open, name.clone()));
        let next: Vec<Expr<'g>> = open.carries.iter().map(|c| c.next).collect();
        for (carry, next) in open.carries.iter_mut().zip(self.with_states(&next)) {
            carry.next = next;
        }
        let roles = self.roles(region, &open);
        let l = self.loops.opened.len();
        self.loops.opened.push(Opened { region, open, around, name, roles });
        self.define(l);
        self.around = outside;
        Some(l)
    }

    fn roles(&self, region: Expr<'g>, open: &OpenScan<'g>) -> Vec<Role<'g>> {
        let same = self.same_states(open);
        let mut roles: Vec<Role<'g>> = vec![];
        for (k, carry) in open.carries.iter().enumerate() {
            let known = same.iter().find(|(own, _)| *own == k).map(|(_, role)| role.clone());
            let role = known.or_else(|| Some(Role::Total(added(open, *carry)?))).unwrap_or_else(|| {
                let name = self.loops.name_of(region, k, open);
                let name = name.unwrap_or_else(|| self.invented(open.reversed, &roles));
                let primes = self.loops.primes(&name, &roles);
                Role::States(name, primes, true)
            });
            roles.push(role);
        }
        roles
    }

    /// The first name that nothing has.
    fn invented(&self, reversed: bool, so_far: &[Role<'g>]) -> String {
        let list = if reversed { ADJOINTS } else { STATES };
        let is_free =
            |name: &&&str| !self.taken.iter().any(|t| t == **name) && self.loops.primes(name, so_far) == 0;
        list.iter().find(is_free).unwrap_or(&list[0]).to_string()
    }

    /// Carried variables that take the same values as those of a loop that is known: they begin with the same and
    /// become the same, as far as they depend on each other.
    fn same_states(&self, open: &OpenScan<'g>) -> Vec<(usize, Role<'g>)> {
        let mut found: Vec<(usize, Role<'g>)> = vec![];
        for other in &self.loops.opened {
            if (other.open.trips, other.open.reversed) != (open.trips, open.reversed) {
                continue;
            }
            let states = |n: &usize| matches!(other.roles[*n], Role::States(..));
            let partner = |c: &Carry<'g>| {
                let own = (0..other.open.carries.len()).filter(states);
                own.into_iter().find(|n| other.open.carries[*n].initial == c.initial)
            };
            let mut pairs: Vec<(usize, usize)> =
                open.carries.iter().enumerate().filter_map(|(k, c)| Some((k, partner(c)?))).collect();
            loop {
                let mut again = Rebuild::within(open.index.graph, open.scope.min(other.open.scope));
                again.replace(open.index.id, other.open.index);
                for (k, n) in &pairs {
                    again.replace(open.carries[*k].variable.id, other.open.carries[*n].variable);
                }
                let before = pairs.len();
                pairs.retain(|(k, n)| again.expr(open.carries[*k].next.id) == other.open.carries[*n].next);
                if pairs.len() == before {
                    break;
                }
            }
            for (k, n) in pairs {
                if let (Role::States(name, primes, _), false) =
                    (&other.roles[n], found.iter().any(|f| f.0 == k))
                {
                    found.push((k, Role::States(name.clone(), *primes, false)));
                }
            }
        }
        found
    }

    /// The recurrences of a loop, before those of loops in its body.
    fn define(&mut self, l: usize) {
        let start = self.loops.definitions.len();
        let mut own = vec![];
        for k in 0..self.loops.opened[l].roles.len() {
            if !matches!(self.loops.opened[l].roles[k], Role::States(_, _, true)) {
                continue;
            }
            let OpenScan { trips, reversed, ref carries, .. } = self.loops.opened[l].open;
            let Carry { initial, next, .. } = carries[k];
            let index = self.around.pop();
            let first = self.state(l, k, if reversed { trips } else { trips.graph.index(0) });
            own.push(Definition { left: first, right: self.read(initial), runs: self.runs() });
            self.around.extend(index);
            let after = self.state_at(l, k, i64::from(!reversed));
            self.defined = Some(next);
            own.push(Definition { left: after, right: self.read(next), runs: self.runs() });
        }
        let depth = self.around.len();
        let all = &mut self.loops.definitions;
        let inner = all.iter().skip(start).position(|(inside, _)| *inside > depth);
        let place = inner.map_or(all.len(), |inner| start + inner);
        all.splice(place..place, own.into_iter().map(|definition| (depth, definition)));
    }

    /// What the indices around go through.
    fn runs(&mut self) -> Vec<Run> {
        let around = self.around.clone();
        let run = |own: Around<'g>| {
            let graph = own.index.graph;
            let (first, last) = (graph.index(0), graph.affine(&[(own.trips, 1)], -1));
            let (first, last) = if own.reversed { (last, first) } else { (first, last) };
            Run { index: own.name, first: self.read(first), last: self.read(last) }
        };
        around.into_iter().map(run).collect()
    }
}

/// What each step adds to a carried variable that nothing else reads.
fn added<'g>(open: &OpenScan<'g>, carry: Carry<'g>) -> Option<Expr<'g>> {
    if !carry.next.is(&SUM) {
        return None;
    }
    let (own, rest): (Vec<_>, Vec<_>) =
        carry.next.weighted().into_iter().partition(|term| *term == (carry.variable, Ratio::ONE));
    let others = open.carries.iter().filter(|c| c.variable != carry.variable).map(|c| c.next.id);
    let readers: Vec<Id> = rest.iter().map(|term| term.0.id).chain(others).collect();
    let graph = carry.next.graph;
    let is_read = needed(graph, &readers).contains(&carry.variable.id);
    (own.len() == 1 && !is_read).then(|| graph.combination(&rest, carry.next.shape()))
}
