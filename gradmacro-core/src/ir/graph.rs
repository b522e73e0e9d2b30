//! The arena: hash-consed nodes, each older than every node that uses it.
//!
//! Invariants. Equal nodes have equal ids, so equality is a comparison of numbers and sharing needs no pass. Operands
//! are older than their users, so the ids are a topological order. A graph made by [`Graph::canonical`] hands every
//! node about to be made to the algebra first; one made by [`Graph::plain`] keeps what it is asked for.
//!
//! Example: in a plain graph `x + x` is the node `sum(1·x, 1·x)`, in a canonical one it is `sum(2·x)`.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use super::branch::OpenBranch;
use super::expr::Expr;
use super::hash::Mixing;
use super::node::{Data, Leaf, Node, Op};
use super::properties::Properties;
use super::region::{self, OpenSum};
use super::scan::OpenScan;
use super::shape::Shape;
use crate::ops::OpDef;

/// A node of one graph.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Id(pub(crate) u32);

impl Id {
    /// Position in the arena.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A node about to be made.
#[derive(Clone)]
pub struct Wanted<'g> {
    /// Where it is made.
    pub graph: &'g Graph,
    /// Its operation.
    pub op: &'static OpDef,
    /// What the operation knows besides its operands.
    pub data: Data,
    /// Its operands.
    pub operands: Vec<Expr<'g>>,
    /// Its shape.
    pub shape: Shape,
}

impl Wanted<'_> {
    /// The node exactly as wanted.
    fn node(&self) -> Node {
        Node::Apply(Op(self.op), self.data.clone(), self.operands.iter().map(|x| x.id).collect())
    }
}

/// Makes the canonical form of nodes about to be made.
pub struct Algebra {
    /// Of an operation.
    pub apply: for<'g> fn(Wanted<'g>) -> Expr<'g>,
    /// Of a sum over an index.
    pub sum_over: for<'g> fn(OpenSum<'g>) -> Expr<'g>,
    /// Of a loop with carried variables.
    pub scan: for<'g> fn(OpenScan<'g>) -> Vec<Expr<'g>>,
    /// Of a conditional.
    pub branch: for<'g> fn(OpenBranch<'g>) -> Vec<Expr<'g>>,
}

/// What is kept per node besides the node itself.
#[derive(Clone, Copy, Debug)]
pub struct Measure {
    /// Inputs in the node read as a tree; constants weigh nothing.
    pub leaves: u64,
    /// Transposes in the node read as a tree.
    pub turned: u64,
    /// 1 + serial of the youngest variable that the node depends on; 0 if it depends on none.
    pub newest: u32,
    /// What holds of its value for certain.
    pub properties: Properties,
}

#[derive(Default)]
struct Store {
    nodes: Vec<(Rc<Node>, Shape, Measure)>,
    seen: HashMap<(Rc<Node>, Shape), Id, Mixing>,
    /// Canonical forms of nodes that are not their own.
    forms: HashMap<(Rc<Node>, Shape), Id, Mixing>,
    variables: u32,
    /// What is stated of leaves.
    stated: HashMap<Leaf, Properties>,
    fired: BTreeMap<&'static str, u32>,
}

/// Hash-consed arena of expressions.
pub struct Graph {
    store: RefCell<Store>,
    algebra: Option<&'static Algebra>,
}

impl Graph {
    /// A graph that keeps every node as it is asked for.
    pub fn plain() -> Graph {
        Graph { store: RefCell::default(), algebra: None }
    }

    /// A graph whose nodes are brought to normal form as they are made.
    pub fn canonical(algebra: &'static Algebra) -> Graph {
        Graph { store: RefCell::default(), algebra: Some(algebra) }
    }

    /// What brings nodes to normal form, if anything does.
    pub(super) fn algebra(&self) -> Option<&'static Algebra> {
        self.algebra
    }

    /// Number of nodes made so far.
    pub fn len(&self) -> usize {
        self.store.borrow().nodes.len()
    }

    /// Has nothing been made yet?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The node itself.
    pub fn node(&self, id: Id) -> Rc<Node> {
        self.store.borrow().nodes[id.index()].0.clone()
    }

    /// Its shape.
    pub fn shape(&self, id: Id) -> Shape {
        self.store.borrow().nodes[id.index()].1
    }

    /// Its size as a tree and the scope it belongs to.
    pub fn measure(&self, id: Id) -> Measure {
        self.store.borrow().nodes[id.index()].2
    }

    /// A handle on a node of this graph.
    pub fn expr(&self, id: Id) -> Expr<'_> {
        Expr { id, graph: self }
    }

    /// States what holds of a leaf that has not been made yet.
    pub fn state(&self, leaf: Leaf, properties: Properties) {
        self.store.borrow_mut().stated.insert(leaf, properties);
    }

    /// An input, a kept expression or a constant.
    pub fn leaf(&self, leaf: Leaf, shape: Shape) -> Expr<'_> {
        self.intern(Node::Leaf(leaf), shape)
    }

    /// A variable that no other node mentions yet: a differential, or the index of a region being read.
    pub fn variable(&self, shape: Shape) -> Expr<'_> {
        self.variable_with(shape, Properties::NONE)
    }

    /// A variable of which something is known.
    pub fn variable_with(&self, shape: Shape, properties: Properties) -> Expr<'_> {
        let serial = {
            let store = &mut *self.store.borrow_mut();
            store.variables += 1;
            store.variables - 1
        };
        self.state(Leaf::Variable(serial), properties);
        self.leaf(Leaf::Variable(serial), shape)
    }

    /// Number of variables made so far; what is newer belongs to regions opened later.
    pub fn scope(&self) -> u32 {
        self.store.borrow().variables
    }

    /// Applies an operation: through the algebra if this graph has one.
    pub fn apply<'g>(
        &'g self,
        op: &'static OpDef,
        data: Data,
        operands: &[Expr<'g>],
        shape: Shape,
    ) -> Expr<'g> {
        let wanted = Wanted { graph: self, op, data, operands: operands.to_vec(), shape };
        match self.algebra {
            Some(algebra) => self.canonical_form(algebra, wanted),
            None => self.keep(wanted),
        }
    }

    /// A canonical form is a function of the node alone, so it is found once.
    fn canonical_form<'g>(&'g self, algebra: &Algebra, wanted: Wanted<'g>) -> Expr<'g> {
        let key = (Rc::new(wanted.node()), wanted.shape);
        let store = self.store.borrow();
        let known = store.seen.get(&key).or_else(|| store.forms.get(&key)).copied();
        drop(store);
        if let Some(known) = known {
            return self.expr(known);
        }
        let form = (algebra.apply)(wanted);
        self.store.borrow_mut().forms.insert(key, form.id);
        form
    }

    /// Σ over an index: through the algebra if this graph has one.
    pub fn sum_over<'g>(&'g self, open: OpenSum<'g>) -> Expr<'g> {
        match self.algebra {
            Some(algebra) => (algebra.sum_over)(open),
            None => region::close(open),
        }
    }

    /// The node exactly as wanted.
    pub fn keep<'g>(&'g self, wanted: Wanted<'g>) -> Expr<'g> {
        self.intern(wanted.node(), wanted.shape)
    }

    /// The one copy of a node.
    pub fn intern(&self, node: Node, shape: Shape) -> Expr<'_> {
        let node = Rc::new(node);
        let known = self.store.borrow().seen.get(&(node.clone(), shape)).copied();
        let id = known.unwrap_or_else(|| self.insert(node, shape));
        self.expr(id)
    }

    fn insert(&self, node: Rc<Node>, shape: Shape) -> Id {
        let measure = self.measured(&node);
        let store = &mut *self.store.borrow_mut();
        let id = Id(store.nodes.len() as u32);
        store.nodes.push((node.clone(), shape, measure));
        store.seen.insert((node, shape), id);
        id
    }

    fn properties(&self, node: &Node) -> Properties {
        match node {
            Node::Leaf(leaf) => self.store.borrow().stated.get(leaf).copied().unwrap_or_default(),
            Node::Apply(op, data, operands) => {
                let known: Vec<Properties> = operands.iter().map(|x| self.measure(*x).properties).collect();
                (op.0.properties)(data, &known)
            }
            Node::IndexSum(_) | Node::Scan(_) | Node::Branch(_) | Node::Result(..) => Properties::NONE,
        }
    }

    fn measured(&self, node: &Node) -> Measure {
        let own = Measure {
            leaves: u64::from(matches!(node, Node::Leaf(leaf) if leaf.is_unknown())),
            turned: u64::from(node.is(&crate::ops::structure::TRANSPOSE)),
            newest: match node {
                Node::Leaf(Leaf::Variable(serial)) => serial + 1,
                Node::Leaf(Leaf::Parameter(_)) => u32::MAX,
                _ => 0,
            },
            properties: self.properties(node),
        };
        node.operands().iter().enumerate().fold(own, |sum, (k, x)| {
            let of = self.measure(*x);
            Measure {
                leaves: sum.leaves.saturating_add(of.leaves.saturating_mul(node.occurrences(k).into())),
                turned: sum.turned.saturating_add(of.turned),
                newest: sum.newest.max(of.newest),
                ..sum
            }
        })
    }

    /// Counts a rewrite, for reports and for the test that every rule has a use.
    pub fn fire(&self, rule: &'static str) {
        *self.store.borrow_mut().fired.entry(rule).or_default() += 1;
    }

    /// Rewrites so far, by name.
    pub fn fired(&self) -> BTreeMap<&'static str, u32> {
        self.store.borrow().fired.clone()
    }
}
