//! What a reverse loop reads of the primal states.
//!
//! A forward loop writes it to stacks, and the reverse loop reads it back. A stack is a carried sum of scattered
//! blocks, so it has no derivative of its own. All else is computed again from what was stored: of two ways to cut the
//! adjoint off from the states, whole states or only the parts that are read, the one that stores less is taken.
//! Plain accumulation reads no state, so it stores none.

use std::collections::HashSet;

use super::pull::{Around, NoStorage};
use crate::ir::rebuild::Rebuild;
use crate::ir::walk::needed;
use crate::ir::{Carry, Dim, Expr, Leaf, Node, OpenScan, Shape};

/// The reverse loop with reads of stacks in the place of what varies in the primal one. `primal` is the scope before the
/// variables of the reverse loop were made.
pub(super) fn with_stored_states<'g>(
    forward: &OpenScan<'g>,
    reverse: OpenScan<'g>,
    primal: u32,
    around: &Around,
) -> Result<OpenScan<'g>, NoStorage> {
    let trips = Trips::of(forward.trips, around);
    let search = Search { forward, primal, trips };
    let whole = search.cut(&reverse, &|_| false);
    if whole.reads.is_empty() {
        return Ok(reverse);
    }
    let parts = search.cut(&reverse, &is_read);
    let cut = if parts.numbers() < whole.numbers() { parts } else { whole };
    let numbers = cut.numbers();
    let total = trips.count().map(|n| n.saturating_mul(numbers));
    if total.is_none_or(|total| total > around.limit) && !matches!(trips, Trips::Named(_)) || !cut.fits(trips)
    {
        return Err(NoStorage { trips: trips.count(), numbers });
    }
    Ok(search.stored(cut, reverse, trips))
}

/// How often a loop runs.
#[derive(Clone, Copy)]
enum Trips {
    /// At most so often.
    Most(i64),
    Named(Dim),
    Unknown,
}

impl Trips {
    fn of(x: Expr<'_>, around: &Around) -> Trips {
        match (&*x.node(), around.most(x)) {
            (_, Some(most)) => Trips::Most(most.max(0)),
            (Node::Leaf(Leaf::Extent(dim)), _) => Trips::Named(*dim),
            _ => Trips::Unknown,
        }
    }

    fn count(self) -> Option<u64> {
        if let Trips::Most(n) = self { u64::try_from(n).ok() } else { None }
    }
}

/// Something that is stored in every step.
#[derive(Clone, Copy)]
enum Stored<'g> {
    /// A carried variable, by its position.
    State(usize),
    /// A value that is computed from the states.
    Value(Expr<'g>),
}

/// What stands for a node of the reverse body.
struct Read<'g> {
    node: Expr<'g>,
    stack: usize,
    /// Is it the value after the step?
    after: bool,
}

/// A way to cut the reverse body off from the primal states.
struct Cut<'g> {
    stacks: Vec<(Stored<'g>, Shape)>,
    reads: Vec<Read<'g>>,
}

impl Cut<'_> {
    /// Numbers stored per step.
    fn numbers(&self) -> u64 {
        let size = |shape: &Shape| shape.size().map_or(1, |n| n as u64);
        self.stacks.iter().map(|(_, shape)| size(shape)).sum()
    }

    /// Can the stacks be written down? Columns of a named number need no arithmetic of names.
    fn fits(&self, trips: Trips) -> bool {
        match trips {
            Trips::Most(_) => self.stacks.iter().all(|(_, shape)| shape.columns.known().is_some()),
            Trips::Named(_) => self.stacks.iter().all(|(_, shape)| shape.columns == Dim::ONE),
            Trips::Unknown => false,
        }
    }
}

struct Search<'a, 'g> {
    /// The primal loop: the carried variables that do not move.
    forward: &'a OpenScan<'g>,
    primal: u32,
    trips: Trips,
}

impl<'g> Search<'_, 'g> {
    /// Walks from the adjoint to the states; stops early at primal values that are worth a stack of their own.
    fn cut(&self, reverse: &OpenScan<'g>, worth: &dyn Fn(Expr<'g>) -> bool) -> Cut<'g> {
        let mut cut = Cut { stacks: vec![], reads: vec![] };
        let mut states: Vec<(usize, usize)> = vec![];
        let mut seen = HashSet::new();
        let mut stack: Vec<Expr<'g>> = reverse.carries.iter().map(|c| c.next).collect();
        let has_after = matches!(self.trips, Trips::Most(_));
        while let Some(x) = stack.pop() {
            if x.is_fixed(self.forward.scope) || !seen.insert(x.id) {
                continue;
            }
            let before = self.state(|c| c.variable == x);
            let after = if has_after { self.state(|c| c.next == x) } else { None };
            if let Some(k) = before.or(after) {
                let number = states.iter().find(|s| s.0 == k).map(|s| s.1).unwrap_or_else(|| {
                    cut.stacks.push((Stored::State(k), x.shape()));
                    states.push((k, cut.stacks.len() - 1));
                    cut.stacks.len() - 1
                });
                cut.reads.push(Read { node: x, stack: number, after: before.is_none() });
            } else if x.is_fixed(self.primal) && worth(x) && self.reads_state(x) {
                cut.stacks.push((Stored::Value(x), x.shape()));
                cut.reads.push(Read { node: x, stack: cut.stacks.len() - 1, after: false });
            } else {
                stack.extend(x.operands());
            }
        }
        cut
    }

    fn state(&self, is: impl Fn(&Carry<'g>) -> bool) -> Option<usize> {
        self.forward.carries.iter().position(is)
    }

    fn reads_state(&self, x: Expr<'g>) -> bool {
        let inside = needed(x.graph, &[x.id]);
        inside.into_iter().any(|y| self.forward.carries.iter().any(|c| c.variable.id == y))
    }

    /// Writes the stacks in a forward loop, reads them in the reverse one.
    fn stored(&self, cut: Cut<'g>, mut reverse: OpenScan<'g>, trips: Trips) -> OpenScan<'g> {
        let graph = reverse.index.graph;
        let mut carries: Vec<Carry<'g>> =
            self.forward.carries.iter().map(|c| Carry { wanted: false, ..*c }).collect();
        let own = carries.len();
        for (stored, shape) in &cut.stacks {
            carries.push(self.stack(*stored, *shape, trips));
        }
        let stacks = graph.scan(OpenScan { carries, ..self.forward.clone() }).split_off(own);
        let mut reads = Rebuild::within(graph, self.forward.scope);
        for read in &cut.reads {
            let (stored, shape) = cut.stacks[read.stack];
            let at = self.place(stored, read.after, shape, trips);
            reads.replace(read.node.id, stacks[read.stack].slice(graph.index(0), at, shape));
        }
        for carry in &mut reverse.carries {
            carry.next = reads.expr(carry.next.id);
        }
        reverse
    }

    /// A stack as a carried variable. One stack of trips + 1 states serves before and after a step.
    fn stack(&self, stored: Stored<'g>, shape: Shape, trips: Trips) -> Carry<'g> {
        let graph = self.forward.index.graph;
        let whole = self.stack_shape(stored, shape, trips);
        let variable = graph.variable(whole);
        let zero = graph.index(0);
        let put = |x: Expr<'g>, after| x.scatter(zero, self.place(stored, after, shape, trips), whole);
        let (initial, term) = match (stored, trips) {
            (Stored::State(k), Trips::Most(_)) => {
                let carry = self.forward.carries[k];
                let first = if self.forward.reversed { self.forward.trips } else { zero };
                let at = graph.affine(&[(first, columns(shape))], 0);
                (carry.initial.scatter(zero, at, whole), put(carry.next, true))
            }
            (Stored::State(k), _) => (graph.zeros(whole), put(self.forward.carries[k].variable, false)),
            (Stored::Value(x), _) => (graph.zeros(whole), put(x, false)),
        };
        Carry { variable, initial, next: variable + term, wanted: true }
    }

    fn stack_shape(&self, stored: Stored<'g>, shape: Shape, trips: Trips) -> Shape {
        let blocks = match (stored, trips) {
            (Stored::State(_), Trips::Most(n)) => n + 1,
            (_, Trips::Most(n)) => n,
            (_, Trips::Named(dim)) => return Shape::of(shape.rows, dim),
            (_, Trips::Unknown) => 1,
        };
        Shape::of(shape.rows, Dim::Known((blocks * columns(shape)) as usize))
    }

    /// The column where what belongs to the step at hand stands.
    fn place(&self, stored: Stored<'g>, after: bool, shape: Shape, trips: Trips) -> Expr<'g> {
        let (graph, columns) = (self.forward.index.graph, columns(shape));
        let counts_states = matches!((stored, trips), (Stored::State(_), Trips::Most(_)));
        // A loop that runs down comes from the state after its index.
        let offset = i64::from(counts_states && after != self.forward.reversed);
        graph.affine(&[(self.forward.index, columns)], offset * columns)
    }
}

fn columns(shape: Shape) -> i64 {
    shape.columns.known().unwrap_or(1) as i64
}

/// A part read from a larger matrix, perhaps under a condition: what may be stored instead of the matrix.
fn is_read(x: Expr<'_>) -> bool {
    match &*x.node() {
        Node::Apply(op, ..) => op.0.is_part,
        Node::Result(_, [region]) => matches!(&*x.graph.node(*region), Node::Branch(_)),
        _ => false,
    }
}
