//! Runs a schedule on the reference evaluator, step by step, as the emitted code will.

use std::rc::Rc;

use super::evaluate::{Environment, Evaluator};
use crate::ir::{Graph, Id, Node};
use crate::ops::matrix::Matrix;
use crate::plan::{Loop, Schedule, Step};

/// Values of the roots.
pub fn run(schedule: &Schedule, environment: &Environment) -> Vec<Rc<Matrix>> {
    let mut evaluator = Evaluator::new(&schedule.graph, environment);
    steps(&schedule.graph, &schedule.steps, &mut evaluator, environment);
    schedule.roots.iter().map(|root| known(&mut evaluator, &schedule.graph, *root)).collect()
}

fn steps(graph: &Graph, list: &[Step], evaluator: &mut Evaluator<'_>, environment: &Environment) {
    for step in list {
        match step {
            Step::Compute(id) => {
                for operand in graph.node(*id).operands() {
                    known(evaluator, graph, *operand);
                }
                evaluator.compute(*id);
            }
            Step::Loop(inner) => run_loop(graph, inner, evaluator, environment),
            Step::Choice(_) => {}
        }
    }
}

/// The value of a node that a step has computed, or of a leaf.
fn known(evaluator: &mut Evaluator<'_>, graph: &Graph, id: Id) -> Rc<Matrix> {
    if matches!(&*graph.node(id), Node::Leaf(_)) {
        evaluator.compute(id);
    }
    // A node that no step computed is a bug of the planner; NaN makes the comparison fail.
    evaluator.known(id).unwrap_or_else(|| Rc::new(Matrix::scalar(f64::NAN)))
}

fn run_loop(graph: &Graph, inner: &Loop, evaluator: &mut Evaluator<'_>, environment: &Environment) {
    for sum in &inner.sums {
        let shape = environment.shape(graph.shape(sum.sum));
        evaluator.set(sum.sum, Rc::new(Matrix::filled(shape, 0.0)));
    }
    let trips = known(evaluator, graph, inner.trips).value().max(0.0) as usize;
    for step in 0..trips {
        forget(&inner.body, evaluator);
        evaluator.set(inner.index, Rc::new(Matrix::scalar(step as f64)));
        steps(graph, &inner.body, evaluator, environment);
        for sum in &inner.sums {
            let (before, term) = (known(evaluator, graph, sum.sum), known(evaluator, graph, sum.term));
            evaluator.set(sum.sum, Rc::new(before.zip(&term, |a, b| a + b)));
        }
    }
}

fn forget(list: &[Step], evaluator: &mut Evaluator<'_>) {
    for step in list {
        match step {
            Step::Compute(id) => evaluator.forget(*id),
            Step::Loop(inner) => {
                forget(&inner.body, evaluator);
                inner.sums.iter().for_each(|sum| evaluator.forget(sum.sum));
            }
            Step::Choice(_) => {}
        }
    }
}
