//! Runs a schedule on the reference evaluator, step by step, as the emitted code will.

use std::rc::Rc;

use super::evaluate::{Environment, Evaluator};
use crate::ir::{Graph, Id, Node};
use crate::ops::matrix::Matrix;
use crate::ops::predicates;
use crate::plan::{Choice, Loop, Schedule, Step};

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
            Step::Choice(choice) => run_choice(graph, choice, evaluator, environment),
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
    let initial: Vec<Rc<Matrix>> = inner.carries.iter().map(|c| known(evaluator, graph, c.initial)).collect();
    let mut carried = initial;
    let trips = known(evaluator, graph, inner.trips).value().max(0.0) as usize;
    for step in 0..trips {
        forget(&inner.body, evaluator);
        let index = if inner.reversed { trips - 1 - step } else { step };
        evaluator.set(inner.index, Rc::new(Matrix::scalar(index as f64)));
        for (carry, value) in inner.carries.iter().zip(&carried) {
            evaluator.set(carry.variable, value.clone());
        }
        steps(graph, &inner.body, evaluator, environment);
        for sum in &inner.sums {
            let (before, term) = (known(evaluator, graph, sum.sum), known(evaluator, graph, sum.term));
            evaluator.set(sum.sum, Rc::new(before.zip(&term, |a, b| a + b)));
        }
        carried = inner.carries.iter().map(|c| known(evaluator, graph, c.next)).collect();
    }
    for (carry, value) in inner.carries.iter().zip(carried) {
        evaluator.set(carry.result, value);
    }
}

/// Only the list that is chosen runs.
fn run_choice(graph: &Graph, choice: &Choice, evaluator: &mut Evaluator<'_>, environment: &Environment) {
    let holds = predicates::holds(known(evaluator, graph, choice.predicate).value());
    for (variable, outer) in &choice.captured {
        let value = known(evaluator, graph, *outer);
        evaluator.set(*variable, value);
    }
    steps(graph, if holds { &choice.then } else { &choice.other }, evaluator, environment);
    for chosen in &choice.results {
        let value = known(evaluator, graph, if holds { chosen.then } else { chosen.other });
        evaluator.set(chosen.result, value);
    }
}

/// What a loop computes again in its next run.
fn forget(list: &[Step], evaluator: &mut Evaluator<'_>) {
    for step in list {
        match step {
            Step::Compute(id) => evaluator.forget(*id),
            Step::Loop(inner) => {
                forget(&inner.body, evaluator);
                inner.sums.iter().for_each(|sum| evaluator.forget(sum.sum));
                inner.carries.iter().for_each(|c| evaluator.forget(c.result));
            }
            Step::Choice(choice) => {
                forget(&choice.then, evaluator);
                forget(&choice.other, evaluator);
                choice.results.iter().for_each(|c| evaluator.forget(c.result));
            }
        }
    }
}
