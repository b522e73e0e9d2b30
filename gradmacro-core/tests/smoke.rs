//! xᵀAx: value and gradient in a canonical graph.
use gradmacro_core::algebra::ALGEBRA;
use gradmacro_core::certify::evaluate::{Environment, Evaluator};
use gradmacro_core::diff::gradient;
use gradmacro_core::ir::{Graph, Leaf, Shape};
use gradmacro_core::ops::matrix::Matrix;

#[test]
fn quadratic_form() {
    let graph = Graph::canonical(&ALGEBRA);
    let x = graph.leaf(Leaf::Input(0), Shape::new(3, 1));
    let a = graph.leaf(Leaf::Input(1), Shape::new(3, 3));
    let y = x.inner(a * x);
    let g = gradient(y, &[x])[0];
    let mut environment = Environment::default();
    environment.bind(Leaf::Input(0), Matrix::build((3, 1), |i, _| i as f64 + 0.5));
    environment.bind(Leaf::Input(1), Matrix::build((3, 3), |i, j| (i * 3 + j) as f64));
    let value = Evaluator::new(&graph, &environment).value(g.id);
    let want = Matrix::build((3, 1), |i, _| (0..3).map(|j| ((i * 3 + j + j * 3 + i) as f64) * (j as f64 + 0.5)).sum());
    assert_eq!(*value, want);
    assert_eq!(g.node(), ((a + a.t()) * x).node());
    println!("{:?}", graph.fired());
}
