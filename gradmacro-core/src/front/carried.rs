//! What a loop carries from step to step.
//!
//! The body of a loop is read once, with a fresh variable in the place of every node that it may change, and closed
//! over what they became: one scan. An integer is never carried: it must be known in every step, so it changes by the
//! same number in each and becomes a multiple of the index.
//!
//! Where it is not known yet what a variable is, the body is read on approval first, and then again.
//!
//! Example: `let (mut s, mut k) = (0.0, 0); for i in 0..3 { s += x[k]; k += 2; }` carries s, which becomes s + x[2·i];
//! k is 6 in the end.

use std::collections::BTreeSet;

use proc_macro2::Ident;
use quote::ToTokens;

use super::active::Mask;
use super::bounds::{Loop, Written};
use super::counters::{Kind, is_counted};
use super::integers::Affine;
use super::leaves::{assembled, is_like, is_same, leaves, leaves_like, widened};
use super::reader::Reader;
use super::sequence::Run;
use super::value::Value;
use crate::ir::rebuild::Rebuild;
use crate::ir::scan::{Carry, OpenScan};
use crate::ir::{Expr, Id, Leaf, Node, Shape};

/// The body is read at most so often.
const READINGS: usize = 4;

/// A loop over an index about to be read.
pub(super) struct Header<'a, 'g> {
    /// What its index runs over.
    pub(super) run: Run<'g>,
    /// What each step is given.
    pub(super) element: &'a Value<'g>,
    /// What the user calls the index.
    pub(super) name: Option<Ident>,
    /// Is it a `for` loop?
    pub(super) statement: bool,
    /// What its body and its variables depend on.
    pub(super) mask: Mask,
    /// Where to report.
    pub(super) at: &'a dyn ToTokens,
}

/// A variable that a loop may change.
pub(super) struct Start<'g> {
    /// Its name, if it has one.
    pub(super) name: Option<Ident>,
    /// Is it that variable, not a part of it?
    pub(super) is_whole: bool,
    /// Its value before the loop.
    pub(super) value: Value<'g>,
}

impl<'g> Start<'g> {
    /// The entries of a tuple.
    fn parts(&self) -> Vec<Start<'g>> {
        let parts = leaves(&self.value);
        let is_whole = self.is_whole && parts.len() == 1;
        let part = |value| Start { name: self.name.clone(), is_whole, value };
        parts.into_iter().map(part).collect()
    }
}

/// Reads one step: from the element and the variables' values before it to those after it. `None` if it reported a
/// mistake.
pub(super) type Body<'a, 'g> = &'a dyn Fn(&Reader<'g>, &Value<'g>, &[Value<'g>]) -> Option<Vec<Value<'g>>>;

/// A step that has been read.
pub(super) struct Step<'g> {
    pub(super) scope: u32,
    pub(super) index: Expr<'g>,
    /// The nodes that stand for each variable.
    variables: Vec<Vec<Expr<'g>>>,
    pub(super) before: Vec<Value<'g>>,
    pub(super) after: Vec<Value<'g>>,
}

impl<'g> Reader<'g> {
    /// What the variables are after the last step; `None` if a mistake was reported.
    pub(super) fn carried_over(
        &self,
        header: &Header<'_, 'g>,
        starts: &[Start<'g>],
        body: Body<'_, 'g>,
    ) -> Option<Vec<Value<'g>>> {
        let parts: Vec<Start<'g>> = starts.iter().flat_map(Start::parts).collect();
        let whole = |values: &[Value<'g>]| {
            let mut values = values.iter().cloned();
            starts.iter().map(|start| assembled(&start.value, &mut values)).collect::<Vec<_>>()
        };
        let body_of_parts: Body<'_, 'g> = &|reader, element, values| {
            let after = body(reader, element, &whole(values))?;
            let mut parts = vec![];
            for (start, after) in starts.iter().zip(after) {
                let Some(leaves) = leaves_like(&start.value, &after) else {
                    reader.refuse_change(header, start, &start.value, &after);
                    return None;
                };
                parts.extend(leaves);
            }
            Some(parts)
        };
        self.carried_by_parts(header, &parts, body_of_parts).map(|parts| whole(&parts))
    }

    fn carried_by_parts(
        &self,
        header: &Header<'_, 'g>,
        starts: &[Start<'g>],
        body: Body<'_, 'g>,
    ) -> Option<Vec<Value<'g>>> {
        let mut kinds: Vec<Kind<'g>> = starts.iter().map(|start| Kind::of(&start.value)).collect();
        for _ in 0..READINGS {
            if !self.is_probed(&kinds) {
                break;
            }
            let probed = self.probe(|reader| reader.step(header, &kinds, body));
            let Some(step) = probed else { break };
            if !self.learn(header, starts, &mut kinds, &step)? {
                break;
            }
        }
        for kind in &mut kinds {
            if let Kind::Open(value) = kind {
                *kind = Kind::Constant(value.clone());
            }
        }
        let errors = self.errors();
        let step = self.step(header, &kinds, body)?;
        if self.errors() > errors {
            // What the body makes of its variables says nothing then.
            return None;
        }
        self.check_step(header, starts, &kinds, &step)?;
        Some(self.close_step(header, starts, &kinds, &step))
    }

    /// Must the body be read on approval before it can be read?
    fn is_probed(&self, kinds: &[Kind<'g>]) -> bool {
        self.state.lift.get() != 0 || kinds.iter().any(|kind| matches!(kind, Kind::Open(_)))
    }

    /// Reads without a trace.
    fn probe<T>(&self, read: impl FnOnce(&Reader<'g>) -> Option<T>) -> Option<T> {
        let reader = Reader { diagnostics: self.probing, definite: self.probing, ..self.clone() };
        let mark = self.state.keeper.borrow().mark();
        let (demands, scope, errors) = (self.demands_so_far(), self.scope(), self.probing.count());
        let result = read(&reader).filter(|_| self.probing.count() == errors);
        self.state.keeper.borrow_mut().restore(mark);
        self.restore_demands(demands);
        self.state.scope.replace(scope);
        result
    }

    fn step(&self, header: &Header<'_, 'g>, kinds: &[Kind<'g>], body: Body<'_, 'g>) -> Option<Step<'g>> {
        let scope = self.graph.scope();
        let index = self.graph.variable(Shape::SCALAR);
        let element = self.replaced(header.element, &header.run, index);
        self.replace_in_demands(&header.run, index);
        let before = kinds.iter().map(|kind| self.before(kind, index, header.mask));
        let (before, variables) = before.collect::<Option<(Vec<_>, Vec<_>)>>()?;
        let trips = header.run.trips;
        let written = Written::of(header.name.as_ref(), &element, (index, trips), header.statement);
        let after = self.inside(Loop { index, trips, written }, || body(self, &element, &before))?;
        Some(Step { scope, index, variables, before, after })
    }

    /// What a variable is before a step, and the nodes that stand for it.
    fn before(&self, kind: &Kind<'g>, index: Expr<'g>, mask: Mask) -> Option<(Value<'g>, Vec<Expr<'g>>)> {
        let value = match kind {
            Kind::Nodes(value) => {
                let nodes = value.flattened().unwrap_or_default();
                let variables: Vec<_> = nodes.iter().map(|x| self.variable_of(x.shape(), mask)).collect();
                return Some((value.rebuilt_of(&mut variables.iter().copied()), variables));
            }
            Kind::Counter(start, factor) => {
                let moving = Affine { terms: vec![(index, *factor)], constant: 0 };
                Value::Integer(start.clone().plus(1, &moving)?.node(self))
            }
            Kind::Open(Value::Integer(_)) => Value::Integer(self.graph.variable(Shape::SCALAR)),
            Kind::Constant(value) | Kind::Open(value) => value.clone(),
        };
        Some((value, vec![]))
    }

    /// Reports a variable that does not stay what it was.
    fn check_step(
        &self,
        header: &Header<'_, 'g>,
        starts: &[Start<'g>],
        kinds: &[Kind<'g>],
        step: &Step<'g>,
    ) -> Option<()> {
        for ((start, kind), (before, after)) in
            starts.iter().zip(kinds).zip(step.before.iter().zip(&step.after))
        {
            let fits = match kind {
                Kind::Nodes(_) => is_like(before, after),
                Kind::Counter(_, change) => is_counted(before, after, *change),
                Kind::Constant(_) | Kind::Open(_) => is_same(before, after),
            };
            if after.is_poison() {
                return None;
            }
            if !fits {
                self.refuse_change(header, start, before, after);
                return None;
            }
        }
        Some(())
    }

    fn refuse_change(
        &self,
        header: &Header<'_, 'g>,
        start: &Start<'g>,
        before: &Value<'g>,
        after: &Value<'g>,
    ) {
        let name = start.name.as_ref().map_or("the accumulator".to_owned(), |name| format!("`{name}`"));
        let (was, is) = (before.describe(), after.describe());
        match (before, was == is) {
            (Value::Integer(_), true) => self.refuse_counter(header, start),
            (_, true) => {
                self.error(header.at, format!("{name} cannot be carried through a loop: it is {was}"))
                    .help("carry floats, vectors and matrices, or tuples and arrays of them");
            }
            (_, false) => {
                self.error(header.at, format!("{name} is {was}, but becomes {is}"))
                    .note("what is carried from step to step keeps its shape");
            }
        }
    }

    /// The scan, and what the variables are after it.
    fn close_step(
        &self,
        header: &Header<'_, 'g>,
        starts: &[Start<'g>],
        kinds: &[Kind<'g>],
        step: &Step<'g>,
    ) -> Vec<Value<'g>> {
        let mut carries = vec![];
        for (k, kind) in kinds.iter().enumerate() {
            let Kind::Nodes(initial) = kind else { continue };
            let (variables, initial) = (&step.variables[k], initial.flattened().unwrap_or_default());
            let next = match is_same(&step.before[k], &step.after[k]) {
                true => variables.clone(),
                false => step.after[k].flattened().unwrap_or_default(),
            };
            let each = variables.iter().zip(initial).zip(next);
            carries.extend(each.map(|((variable, initial), next)| Carry {
                variable: *variable,
                initial,
                next: widened(next, *variable),
                wanted: true,
            }));
        }
        let results = self.close_carries(header, step, carries);
        let mut results = results.into_iter();
        let last = |(start, kind): (&Start<'g>, &Kind<'g>)| match kind {
            Kind::Nodes(initial) => {
                let value = initial.rebuilt_of(&mut results);
                self.name_result(start, &value);
                value
            }
            Kind::Counter(initial, change) => self.after_last((header, start), initial, *change),
            Kind::Constant(value) | Kind::Open(value) => value.clone(),
        };
        starts.iter().zip(kinds).map(last).collect()
    }

    /// Closes over what changes; the results, and the initial values of what does not.
    fn close_carries(
        &self,
        header: &Header<'_, 'g>,
        step: &Step<'g>,
        carries: Vec<Carry<'g>>,
    ) -> Vec<Expr<'g>> {
        let mut unchanged = Rebuild::within(self.graph, step.scope);
        let mut own: BTreeSet<Id> = [step.index.id].into();
        for carry in &carries {
            own.insert(carry.variable.id);
            if carry.next == carry.variable {
                unchanged.replace(carry.variable.id, carry.initial);
            }
        }
        let mut changing: Vec<Carry<'g>> =
            carries.iter().filter(|carry| carry.next != carry.variable).copied().collect();
        let count = changing.len();
        self.add_demands(step, &own, &mut changing);
        for carry in &mut changing {
            carry.next = unchanged.expr(carry.next.id);
        }
        let results = match changing.is_empty() {
            true => vec![],
            false => self.graph.scan(OpenScan {
                scope: step.scope,
                index: step.index,
                trips: header.run.trips,
                reversed: false,
                carries: changing.clone(),
            }),
        };
        self.name_index(header, &results);
        self.meet_demands(&changing, &results, count);
        let mut results = results.into_iter();
        let last = |carry: &Carry<'g>| match carry.next == carry.variable {
            true => carry.initial,
            false => results.next().unwrap_or(carry.initial),
        };
        carries.iter().map(last).collect()
    }

    /// A demand inside the loop is carried as a sum.
    fn add_demands(&self, step: &Step<'g>, own: &BTreeSet<Id>, carries: &mut Vec<Carry<'g>>) {
        self.change_demands_since(step.scope, |node| {
            if free(node, step.scope).is_subset(own) {
                let variable = self.variable_of(node.shape(), Mask::MAX);
                let initial = self.graph.zeros(node.shape());
                carries.push(Carry { variable, initial, next: variable + node, wanted: true });
                return variable;
            }
            node
        });
    }

    fn meet_demands(&self, carries: &[Carry<'g>], results: &[Expr<'g>], skipped: usize) {
        for (carry, result) in carries.iter().zip(results).skip(skipped) {
            let scope = carry.variable.measure().newest.saturating_sub(1);
            self.change_demands_since(scope, |node| if node == carry.variable { *result } else { node });
        }
    }

    fn name_index(&self, header: &Header<'_, 'g>, results: &[Expr<'g>]) {
        let Some(scan) = results.first().and_then(|result| result.operands().first().copied()) else {
            return;
        };
        self.state.heads.borrow_mut().push((header.at.to_token_stream(), header.run.trips.id));
        if let Some(name) = &header.name {
            self.state.indices.borrow_mut().entry(scan.id).or_insert_with(|| name.clone());
        }
    }

    fn name_result(&self, start: &Start<'g>, value: &Value<'g>) {
        if let (Some(name), Value::Scalar(x) | Value::Matrix(x)) = (&start.name, value)
            && start.is_whole
            && matches!(&*x.node(), Node::Result(..))
        {
            self.state.names.borrow_mut().entry(x.id).or_insert_with(|| name.clone());
        }
    }
}

/// The variables newer than `scope` that a node mentions.
fn free(x: Expr<'_>, scope: u32) -> BTreeSet<Id> {
    let (mut found, mut seen, mut stack) = (BTreeSet::new(), BTreeSet::new(), vec![x]);
    while let Some(x) = stack.pop() {
        if x.is_fixed(scope) || !seen.insert(x.id) {
            continue;
        }
        if let Node::Leaf(Leaf::Variable(_)) = &*x.node() {
            found.insert(x.id);
        }
        stack.extend(x.operands());
    }
    found
}
