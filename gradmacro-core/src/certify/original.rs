//! The plain side: the function as it was read, and its differentials by forward mode.
//!
//! The second differential is the differential of the first: d²y(d₁, d₂) is dy(d₁) pushed along d₂.

use std::cell::RefCell;
use std::rc::Rc;

use super::evaluate::{Environment, Evaluator, Watch};
use super::points::{Point, Random, Way};
use super::{CERTAINTY, Needs, ROUNDINGS};
use crate::diff::{Tangents, push};
use crate::front::Program;
use crate::front::request::Part;
use crate::ir::walk::needed;
use crate::ir::{Expr, Graph, Id, Node, Test};
use crate::ops::matrix::Matrix;
use crate::plan::cost;

/// The program with its differentials; one that is 0, or that nobody asks for, is none.
pub(super) struct Original<'p> {
    value: Expr<'p>,
    /// dy along the first directions.
    change: Option<Expr<'p>>,
    /// dy along the second directions.
    other: Option<Expr<'p>>,
    /// d²y along the first and the second.
    second: Option<Expr<'p>>,
    /// Not finite where the function is `None`.
    required: Vec<Id>,
}

/// What the plain side says at one point.
pub(super) struct Wanted {
    pub(super) value: Rc<Matrix>,
    pub(super) change: Rc<Matrix>,
    pub(super) other: Rc<Matrix>,
    pub(super) second: Rc<Matrix>,
    /// Size of the largest intermediate value of the first three, to which rounding errors are relative.
    pub(super) scale: f64,
    /// The same of all four.
    pub(super) second_scale: f64,
}

/// How far derivatives go.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    First,
    Second,
}

impl Order {
    /// Of a part of a result.
    pub(super) fn of(part: Part) -> Order {
        if matches!(part, Part::Hessian | Part::HessianProduct) { Order::Second } else { Order::First }
    }
}

impl Wanted {
    /// Everything of this order and below, with the size to which its rounding errors are relative.
    fn numbers(&self, order: Order) -> impl Iterator<Item = (&Matrix, f64)> {
        let first = [&self.value, &self.change, &self.other].map(|x| (&**x, self.scale));
        let second = (order == Order::Second).then_some((&*self.second, self.second_scale));
        first.into_iter().chain(second)
    }
}

impl<'p> Original<'p> {
    pub(super) fn new(program: &'p Program, needs: Needs) -> Self {
        let value = program.graph.expr(program.value);
        let along = |root: Expr<'p>, way| push(root, &mut directions(program, way));
        let change = along(value, Way::First);
        let other = if needs.other { along(value, Way::Second) } else { None };
        let second = change.filter(|_| needs.second).and_then(|change| along(change, Way::Second));
        let required = program.demands.iter().filter(|demand| demand.test == Test::Holds);
        let required = required.map(|demand| demand.node).collect();
        Original { value, change, other, second, required }
    }

    /// Operations of one evaluation.
    pub(super) fn work(&self) -> u64 {
        let roots: Vec<Id> = self.first_order().chain(self.second).map(|x| x.id).collect();
        work(self.value.graph, &roots)
    }

    fn first_order(&self) -> impl Iterator<Item = Expr<'p>> {
        [self.value].into_iter().chain(self.change).chain(self.other)
    }

    /// Nothing if not everything is finite.
    pub(super) fn values(&self, point: &Point) -> Option<Wanted> {
        self.evaluated(&point.environment, None, Order::Second)
    }

    /// Do the numbers of this order stay what they are, whatever is rounded on the way?
    pub(super) fn is_certain(
        &self,
        point: &Point,
        wanted: &Wanted,
        order: Order,
        random: &mut Random,
    ) -> bool {
        (0..ROUNDINGS).all(|_| {
            let moved = self.evaluated(&point.environment, Some(random), order);
            moved.is_some_and(|moved| {
                let mut pairs = moved.numbers(order).zip(wanted.numbers(order));
                pairs.all(|((a, _), (b, scale))| a.zip(b, |a, b| a - b).largest() <= CERTAINTY * scale)
            })
        })
    }

    /// With `random`, intermediate values are moved by a rounding error.
    fn evaluated(
        &self,
        environment: &Environment,
        random: Option<&mut Random>,
        order: Order,
    ) -> Option<Wanted> {
        let watch = Watch { random: random.map(|random| RefCell::new(random.fork())), ..Watch::default() };
        watch.scale.set(1.0);
        let mut evaluator = Evaluator::watched(self.value.graph, environment, &watch);
        let mut over = |roots: &[Id]| {
            roots.iter().for_each(|root| _ = evaluator.value(*root));
            (!watch.is_broken.get()).then(|| watch.scale.get())
        };
        over(&self.required)?;
        let scale = over(&self.first_order().map(|x| x.id).collect::<Vec<_>>())?;
        let second = self.second.filter(|_| order == Order::Second);
        let second_scale = second.map_or(Some(scale), |second| over(&[second.id]))?;
        let value = evaluator.known(self.value.id)?;
        let zeros = Rc::new(Matrix::filled(value.shape(), 0.0));
        let of = |x: Option<Expr<'p>>| x.map_or(Some(zeros.clone()), |x| evaluator.known(x.id));
        let (change, other, second) = (of(self.change)?, of(self.other)?, of(second)?);
        Some(Wanted { value, change, other, second, scale, second_scale })
    }
}

/// The differentials of the differentiated inputs.
fn directions(program: &Program, way: Way) -> Tangents<'_> {
    let inputs = program.differentiated_inputs();
    let count = inputs.len();
    let direction = |(k, x): (usize, Expr<'_>)| (x.id, program.graph.leaf(way.leaf(k, count), x.shape()).id);
    let pairs = inputs.into_iter().enumerate().map(direction);
    pairs.map(|(x, dx)| (x, program.graph.expr(dx))).collect()
}

/// What finding, making and keeping a value costs besides its operations.
const OVERHEAD: u64 = 16;

/// Operations of an evaluation, bodies of sums as often as they run.
fn work(graph: &Graph, roots: &[Id]) -> u64 {
    let of = |id: Id| match &*graph.node(id) {
        Node::IndexSum(sum) => trips(graph, sum.operands[0]).saturating_mul(work(graph, &[sum.body])),
        Node::Scan(scan) => trips(graph, scan.operands[0]).saturating_mul(work(graph, &scan.next)),
        Node::Branch(branch) => work(graph, &branch.then).saturating_add(work(graph, &branch.other)),
        _ => OVERHEAD + cost::flops(graph.expr(id)).max(cost::size(graph.shape(id))),
    };
    needed(graph, roots).into_iter().fold(0, |sum, id| sum.saturating_add(of(id)))
}

/// How often a sum runs: what is not a number counts as a size that is none.
fn trips(graph: &Graph, trips: Id) -> u64 {
    cost::runs(graph.expr(trips))
}
