//! The reference evaluator: plain `f64`, one row's value at a time, no cleverness.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use super::ROUNDING;
use super::points::Random;
use crate::ir::walk::needed;
use crate::ir::{Branch, Data, Dim, Graph, Id, Leaf, Node, Scan, Shape};
use crate::ops::matrix::Matrix;
use crate::ops::predicates;
use crate::ops::{Call, OpDef, Value};

/// Values of leaves and sizes of names.
#[derive(Clone, Default)]
pub struct Environment {
    /// Inputs, kept expressions and variables.
    pub leaves: HashMap<Leaf, Rc<Matrix>>,
    /// Numbers for dimensions that are names.
    pub extents: HashMap<Dim, usize>,
}

impl Environment {
    /// The number that a dimension is; 1 for a name without one.
    pub fn extent(&self, dim: Dim) -> usize {
        dim.known().or_else(|| self.extents.get(&dim).copied()).unwrap_or(1)
    }

    /// Rows and columns as numbers.
    pub fn shape(&self, shape: Shape) -> (usize, usize) {
        (self.extent(shape.rows), self.extent(shape.columns))
    }

    /// The same with numbers for names: a row cannot tell two names from the size of its result alone.
    fn numbered<'d>(&self, data: &'d Data) -> Cow<'d, Data> {
        match data {
            Data::Shape(shape) if shape.known().is_none() => {
                let (rows, columns) = self.shape(*shape);
                Cow::Owned(Data::Shape(Shape::new(rows, columns)))
            }
            _ => Cow::Borrowed(data),
        }
    }

    /// Binds a leaf.
    pub fn bind(&mut self, leaf: Leaf, value: Matrix) {
        self.leaves.insert(leaf, Rc::new(value));
    }
}

/// What is seen of every value on its way, inside bodies too.
#[derive(Default)]
pub(super) struct Watch {
    /// The largest entry.
    pub(super) scale: Cell<f64>,
    /// Was something infinite, or no number?
    pub(super) is_broken: Cell<bool>,
    /// Moves values by rounding errors.
    pub(super) random: Option<RefCell<Random>>,
}

impl Watch {
    fn see(&self, value: Rc<Matrix>) -> Rc<Matrix> {
        self.scale.set(self.scale.get().max(value.largest()));
        if !value.is_finite() {
            self.is_broken.set(true);
        }
        match &self.random {
            Some(random) => Rc::new(rounded(&value, &mut random.borrow_mut())),
            None => value,
        }
    }
}

/// Entries moved by a rounding error. Small integers are exact, above all those that are indices.
fn rounded(value: &Matrix, random: &mut Random) -> Matrix {
    Matrix::build(value.shape(), |i, j| {
        let x = value.at(i, j);
        let exact = x.fract() == 0.0 && x.abs() < 1e6;
        if exact { x } else { x * (1.0 + ROUNDING * (2.0 * random.uniform() - 1.0)) }
    })
}

/// Values of nodes of one graph.
pub struct Evaluator<'a> {
    graph: &'a Graph,
    environment: &'a Environment,
    values: HashMap<Id, Rc<Matrix>>,
    /// Results of loops and conditionals.
    results: HashMap<Id, Vec<Rc<Matrix>>>,
    watch: Option<&'a Watch>,
}

impl<'a> Evaluator<'a> {
    /// Nothing is computed yet.
    pub fn new(graph: &'a Graph, environment: &'a Environment) -> Self {
        Evaluator { graph, environment, values: HashMap::new(), results: HashMap::new(), watch: None }
    }

    /// The same, but everything that is computed is seen by `watch`.
    pub(super) fn watched(graph: &'a Graph, environment: &'a Environment, watch: &'a Watch) -> Self {
        Evaluator { watch: Some(watch), ..Evaluator::new(graph, environment) }
    }

    /// The same graph elsewhere.
    fn within<'b>(&self, environment: &'b Environment) -> Evaluator<'b>
    where
        'a: 'b,
    {
        Evaluator { watch: self.watch, ..Evaluator::new(self.graph, environment) }
    }

    /// The graph whose nodes these are.
    pub fn graph(&self) -> &'a Graph {
        self.graph
    }

    /// The value of a node; everything below is computed once.
    pub fn value(&mut self, id: Id) -> Rc<Matrix> {
        for x in needed(self.graph, &[id]) {
            self.compute(x);
        }
        self.values[&id].clone()
    }

    /// The value of a node whose operands have been computed.
    pub fn compute(&mut self, id: Id) {
        if self.values.contains_key(&id) {
            return;
        }
        let value = match &*self.graph.node(id) {
            Node::Leaf(leaf) => self.leaf(leaf, self.graph.shape(id)),
            Node::Apply(op, data, operands) => {
                let operands: Vec<&Matrix> = operands.iter().map(|x| &*self.values[x]).collect();
                let shape = self.environment.shape(self.graph.shape(id));
                let data = &*self.environment.numbered(data);
                Rc::new(apply(op.0, &Call { data, operands: &operands, shape }))
            }
            Node::IndexSum(sum) => Rc::new(self.sum(sum.body, &self.of(&sum.operands), self.graph.shape(id))),
            Node::Result(k, [region]) => match self.results.get(region) {
                Some(results) => results[*k as usize].clone(),
                None => Rc::new(Matrix::scalar(f64::NAN)),
            },
            Node::Scan(scan) => {
                let results = self.scan(scan, &self.of(&scan.operands));
                self.results.insert(id, results);
                Rc::new(Matrix::scalar(0.0))
            }
            Node::Branch(branch) => {
                let results = self.branch(branch, &self.of(&branch.operands));
                self.results.insert(id, results);
                Rc::new(Matrix::scalar(0.0))
            }
        };
        let value = self.watch.map_or(value.clone(), |watch| watch.see(value));
        self.values.insert(id, value);
    }

    /// Overwrites the value of a node, for a loop that runs again; what depends on it is the caller's to recompute.
    pub fn set(&mut self, id: Id, value: Rc<Matrix>) {
        self.values.insert(id, value);
    }

    /// Forgets the value of a node.
    pub fn forget(&mut self, id: Id) {
        self.values.remove(&id);
    }

    /// A value that has been computed or set.
    pub fn known(&self, id: Id) -> Option<Rc<Matrix>> {
        self.values.get(&id).cloned()
    }

    fn leaf(&self, leaf: &Leaf, shape: Shape) -> Rc<Matrix> {
        match leaf {
            Leaf::Constant(c) => Rc::new(Matrix::scalar(c.value())),
            Leaf::Extent(dim) => Rc::new(Matrix::scalar(self.environment.extent(*dim) as f64)),
            _ => match self.environment.leaves.get(leaf) {
                Some(value) => value.clone(),
                None => Rc::new(Matrix::filled(self.environment.shape(shape), f64::NAN)),
            },
        }
    }

    fn of(&self, operands: &[Id]) -> Vec<Rc<Matrix>> {
        operands.iter().map(|x| self.values[x].clone()).collect()
    }

    /// The environment of a closed body.
    fn inside(&self, operands: &[Rc<Matrix>]) -> Environment {
        let mut inner = self.environment.clone();
        for (k, value) in operands.iter().enumerate().skip(1) {
            inner.leaves.insert(Leaf::Parameter(k as u32), value.clone());
        }
        inner
    }

    fn scan(&self, scan: &Scan, operands: &[Rc<Matrix>]) -> Vec<Rc<Matrix>> {
        let mut inner = self.inside(operands);
        let mut carried: Vec<Rc<Matrix>> = operands[1..=scan.next.len()].to_vec();
        let trips = operands[0].value().max(0.0) as usize;
        for step in 0..trips {
            let index = if scan.reversed { trips - 1 - step } else { step };
            inner.bind(Leaf::Parameter(0), Matrix::scalar(index as f64));
            for (k, value) in carried.iter().enumerate() {
                inner.leaves.insert(Leaf::Parameter(k as u32 + 1), value.clone());
            }
            let mut body = self.within(&inner);
            carried = scan.next.iter().map(|next| body.value(*next)).collect();
        }
        carried
    }

    /// Only the body that is chosen is computed.
    fn branch(&self, branch: &Branch, operands: &[Rc<Matrix>]) -> Vec<Rc<Matrix>> {
        let inner = self.inside(operands);
        let mut body = self.within(&inner);
        let chosen = if predicates::holds(operands[0].value()) { &branch.then } else { &branch.other };
        chosen.iter().map(|x| body.value(*x)).collect()
    }

    fn sum(&self, body: Id, operands: &[Rc<Matrix>], shape: Shape) -> Matrix {
        let mut inner = self.inside(operands);
        let mut sum = Matrix::filled(self.environment.shape(shape), 0.0);
        for step in 0..operands[0].value().max(0.0) as usize {
            inner.bind(Leaf::Parameter(0), Matrix::scalar(step as f64));
            let term = self.within(&inner).value(body);
            sum = sum.zip(&term, |a, b| a + b);
        }
        sum
    }
}

/// The value of one operation.
pub fn apply(op: &OpDef, call: &Call<'_>) -> Matrix {
    let entry = match op.value {
        Value::Whole(value) => return value(call),
        Value::Operands(value) => return value(call.operands),
        Value::Entry(entry) => entry,
    };
    let mut arguments = vec![0.0; call.operands.len()];
    Matrix::build(call.shape, |i, j| {
        for (argument, x) in arguments.iter_mut().zip(call.operands) {
            let place = j * call.shape.0 + i;
            *argument = if x.entries.len() == 1 {
                x.value()
            } else {
                x.entries.get(place).copied().unwrap_or(f64::NAN)
            };
        }
        entry(&arguments)
    })
}
