//! The planner on random functions: a schedule computes what its canonical roots are, whatever it multiplies out, fuses
//! or reorders; and its rows mean the products they stand for.

mod lab;

use gradmacro_core::algebra::ALGEBRA;
use gradmacro_core::certify::evaluate::{Environment, apply};
use gradmacro_core::certify::run;
use gradmacro_core::diff::{gradient, jacobian};
use gradmacro_core::ir::rebuild::Rebuild;
use gradmacro_core::ir::region::OpenSum;
use gradmacro_core::ir::walk::needed;
use gradmacro_core::ir::{Expr, Graph, Id, Leaf, Node, Shape};
use gradmacro_core::ops::exponential::{LOGISTIC, SOFTPLUS};
use gradmacro_core::ops::matrix::Matrix;
use gradmacro_core::ops::{Call, lowered};
use gradmacro_core::plan::Step;
use lab::maker::{Maker, inputs};
use lab::random::Random;
use lab::{Bench, close, planned};

const FUNCTIONS: u64 = 2000;
/// Nodes up to which a function has its Hessian scheduled too.
const SMALL: usize = 20;

#[test]
fn schedules_compute_their_roots() {
    for seed in 0..FUNCTIONS {
        let mut random = Random::new(seed + 4242);
        let environment = inputs(&mut random);
        let plain = Graph::plain();
        let depth = 1 + random.below(5);
        let y = Maker::new(&plain, &environment, random, [0, 0]).make((1, 1), depth);
        let graph = Graph::canonical(&ALGEBRA);
        let value = Rebuild::into(&plain, &graph).expr(y.id);
        let inputs = inputs_of(value);
        let gradients = gradient(value, &inputs);
        let small = needed(&graph, &[value.id]).len() <= SMALL;
        let hessian = inputs.first().filter(|_| small).map(|x| jacobian(gradients[0], *x));
        let roots: Vec<Id> = std::iter::once(value).chain(gradients).chain(hessian).map(|x| x.id).collect();
        check(&graph, value.id, &roots, &environment, seed);
        check(&graph, value.id, &roots[1..], &environment, seed);
    }
}

fn check(graph: &Graph, value: Id, roots: &[Id], environment: &Environment, seed: u64) {
    let schedule = planned(graph, value, roots);
    let bench = Bench { environment: environment.clone() };
    for (root, got) in roots.iter().zip(run(&schedule, environment)) {
        let wanted = bench.value(graph.expr(*root));
        let same = !wanted.is_finite() || close(&wanted, &got, 1e-8);
        let shown = || lab::text::text(graph.expr(*root));
        assert!(same, "function {seed}: {wanted:?} is scheduled as {got:?}: {}", shown());
    }
}

fn inputs_of(y: Expr<'_>) -> Vec<Expr<'_>> {
    let all = needed(y.graph, &[y.id]).into_iter().map(|id| y.graph.expr(id));
    all.filter(|x| matches!(&*x.node(), Node::Leaf(Leaf::Input(_)))).collect()
}

/// The value of a row of the planner's at random operands.
fn value(op: &'static gradmacro_core::ops::OpDef, operands: &[&Matrix]) -> Matrix {
    let known = |m: &&Matrix| Shape::new(m.rows, m.columns);
    let shapes: Vec<Shape> = operands.iter().map(known).collect();
    let (rows, columns) = op.example.wanted;
    let shape =
        (op.shape)(&shapes, Shape::new(rows, columns)).and_then(Shape::known).expect("sizes are numbers");
    apply(op, &Call { data: &(op.example.data)(), operands, shape })
}

#[test]
fn one_exponential_serves_the_logistic_function_and_softplus() {
    let mut random = Random::new(8);
    for range in [(-1.0, 1.0), (-40.0, 40.0), (-800.0, 800.0)] {
        let x = random.matrix((3, 2), range);
        let decay = value(&lowered::DECAY, &[&x]);
        let pairs = [
            (value(&lowered::LOGISTIC_FROM, &[&x, &decay]), value(&LOGISTIC, &[&x])),
            (value(&lowered::SOFTPLUS_FROM, &[&x, &decay]), value(&SOFTPLUS, &[&x])),
            (value(&lowered::LOGISTIC_SLOPE_FROM, &[&decay]), value(&lowered::LOGISTIC_SLOPE, &[&x])),
        ];
        for (got, wanted) in pairs {
            assert_eq!(got.entries, wanted.entries);
        }
    }
}

#[test]
fn lowered_rows_mean_their_products() {
    let mut random = Random::new(7);
    let of_decay = [&lowered::LOGISTIC_FROM, &lowered::SOFTPLUS_FROM, &lowered::LOGISTIC_SLOPE_FROM];
    for op in lowered::ALL.iter().filter(|op| !of_decay.iter().any(|other| std::ptr::eq(**op, *other))) {
        let operands: Vec<Matrix> =
            op.example.operands.iter().map(|s| random.matrix(s.shape, s.range)).collect();
        let operands: Vec<&Matrix> = operands.iter().collect();
        let got = value(op, &operands);
        let (a, b) = (operands[0], operands.get(1).copied().unwrap_or(operands[0]));
        let ones = |rows, columns| Matrix::filled((rows, columns), 1.0);
        let diagonal =
            |v: &Matrix| Matrix::build((v.rows, v.rows), |i, j| if i == j { v.entries[i] } else { 0.0 });
        let trace = |m: Matrix| Matrix::scalar((0..m.rows).map(|i| m.at(i, i)).sum());
        let wanted = match op.name {
            "tr_mul" => a.transposed().product(b),
            "mul_tr" => a.product(&b.transposed()),
            "inner" => trace(a.transposed().product(b)),
            "tr_inner" => trace(a.product(b)),
            "norm_squared" => trace(a.transposed().product(a)),
            "norm" => trace(a.transposed().product(a)).map(f64::sqrt),
            "total" => ones(1, a.rows).product(a).product(&ones(a.columns, 1)),
            "row_sum" => ones(1, a.rows).product(a),
            "column_sum" => a.product(&ones(a.columns, 1)),
            "scale_rows" => diagonal(a).product(b),
            "scale_columns" => a.product(&diagonal(b)),
            "fill" => ones(got.rows, 1).product(a).product(&ones(1, got.columns)),
            "add_diagonal" => a.zip(&diagonal(b), |p, q| p + q),
            "logistic_slope" => a.map(|x| 1.0 / ((1.0 + (-x).exp()) * (1.0 + x.exp()))),
            "decay" => a.map(|x| x.exp().min((-x).exp())),
            "commute_rows" => exchange(6).product(a),
            "commute_columns" => a.product(&exchange(6)),
            other => panic!("the row {other} has no meaning here"),
        };
        assert!(close(&wanted, &got, 1e-14), "{}: {wanted:?} against {got:?}", op.name);
    }
}

/// The matrix that takes the entries of a 3×2 matrix to those of its transpose.
fn exchange(n: usize) -> Matrix {
    let entries = Matrix { rows: 3, columns: 2, entries: (0..n).map(|k| k as f64).collect() };
    let turned = entries.transposed().entries;
    Matrix::build((n, n), |p, q| f64::from(u8::from(turned[p] == q as f64)))
}

/// Σᵢ (x[i+1] − x[i]²)² and its gradient run in one loop, and the body is computed once.
#[test]
fn sums_over_one_range_share_a_loop() {
    let graph = Graph::canonical(&ALGEBRA);
    let x = graph.leaf(Leaf::Input(0), Shape::new(64, 1));
    let (scope, index, zero) = (graph.scope(), graph.variable(Shape::SCALAR), graph.index(0));
    let next = x.slice(graph.affine(&[(index, 1)], 1), zero, Shape::SCALAR);
    let body = (next - x.slice(index, zero, Shape::SCALAR).squared()).squared();
    let trips = graph.index(63);
    let y = graph.sum_over(OpenSum { scope, index, trips, body });
    let gradients = gradient(y, &[x]);
    let schedule = planned(&graph, y.id, &[y.id, gradients[0].id]);
    let loops: Vec<usize> = schedule
        .steps
        .iter()
        .filter_map(|step| if let Step::Loop(inner) = step { Some(inner.sums.len()) } else { None })
        .collect();
    assert_eq!(loops, [2]);
}

/// (A + Aᵀ) x takes fewer operations, but A x + Aᵀ x moves fewer numbers; beside the value, A x is at hand too.
#[test]
fn the_requested_outputs_decide_together() {
    let graph = Graph::canonical(&ALGEBRA);
    let x = graph.leaf(Leaf::Input(0), Shape::new(24, 1));
    let a = graph.leaf(Leaf::Input(1), Shape::new(24, 24));
    let y = x.inner(a * x);
    let g = gradient(y, &[x])[0];
    assert_eq!(planned(&graph, y.id, &[g.id]).flops, 2328);
    assert_eq!(planned(&graph, y.id, &[y.id, g.id]).flops, 2376);
}

/// Σᵢ Σⱼ xᵢ xᵢ₊ⱼ₊₂ with 4 − i inner steps: the inner loop reads the outer index in its bounds and in its body.
#[test]
fn inner_loops_may_depend_on_the_outer_index() {
    let graph = Graph::canonical(&ALGEBRA);
    let x = graph.leaf(Leaf::Input(0), Shape::new(6, 1));
    let at = |index| x.slice(index, graph.index(0), Shape::SCALAR);
    let (outer, i) = (graph.scope(), graph.variable(Shape::SCALAR));
    let (inner, j) = (graph.scope(), graph.variable(Shape::SCALAR));
    let body = at(i) * at(graph.affine(&[(i, 1), (j, 1)], 2));
    let trips = graph.affine(&[(i, -1)], 4);
    let row = graph.sum_over(OpenSum { scope: inner, index: j, trips, body });
    let y = graph.sum_over(OpenSum { scope: outer, index: i, trips: graph.index(4), body: row });
    let gradients = gradient(y, &[x]);
    let mut environment = Environment::default();
    environment.bind(Leaf::Input(0), Matrix::build((6, 1), |i, _| 1.0 + i as f64));
    let got = run(&planned(&graph, y.id, &[y.id, gradients[0].id]), &environment);
    assert_eq!(got[0].entries, [105.0]);
    assert_eq!(got[1].entries, [18.0, 15.0, 12.0, 9.0, 6.0, 10.0]);
}
