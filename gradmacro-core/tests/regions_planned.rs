//! The planner on loops and conditionals: a schedule computes what its canonical roots are, in loops that are shared.

mod lab;
#[path = "lab/loops.rs"]
mod programs;

use gradmacro_core::algebra::ALGEBRA;
use gradmacro_core::certify::run;
use gradmacro_core::diff::{Tangents, gradient, push};
use gradmacro_core::ir::{Expr, Graph, Id, Leaf};
use gradmacro_core::plan::Schedule;
use lab::laws::operand;
use lab::random::Random;
use lab::{Bench, Sizes, close, planned};
use programs::{CASES, Loop, OPERANDS, random_program};

/// Random programs.
const PROGRAMS: u64 = 150;

/// A function of [`OPERANDS`] in its canonical graph, and numbers for them.
struct Function<'g> {
    name: String,
    bench: Bench,
    value: Expr<'g>,
    inputs: Vec<Expr<'g>>,
}

impl<'g> Function<'g> {
    fn new(name: String, graph: &'g Graph, make: impl Fn(&'g Graph, &[Expr<'g>]) -> Expr<'g>) -> Self {
        let inputs: Vec<Expr<'g>> =
            OPERANDS.iter().enumerate().map(|(k, s)| operand(graph, k, s, Sizes::Literal)).collect();
        let (mut bench, mut random) = (Sizes::Literal.bench(), Random::new(3));
        inputs.iter().for_each(|leaf| _ = bench.bind_any(*leaf, &mut random));
        for (k, x) in inputs.iter().enumerate() {
            bench.bind_any(graph.leaf(Leaf::Direction(k as u32), x.shape()), &mut random);
        }
        let value = make(graph, &inputs);
        Function { name, bench, value: if value.is_scalar() { value } else { value.sum() }, inputs }
    }

    /// Schedules these roots together; what it computes is what they are.
    fn check(&self, what: &str, roots: &[Expr<'g>]) -> Result<Schedule, String> {
        let ids: Vec<Id> = roots.iter().map(|x| x.id).collect();
        let schedule = planned(self.value.graph, self.value.id, &ids);
        for (k, (root, got)) in roots.iter().zip(run(&schedule, &self.bench.environment)).enumerate() {
            let wanted = self.bench.value(*root);
            if !wanted.is_finite() || !close(&wanted, &got, 1e-9) {
                return Err(format!("{}: {what} {k}: {wanted:?} is scheduled as {got:?}", self.name));
            }
        }
        Ok(schedule)
    }

    fn gradients(&self) -> Vec<Expr<'g>> {
        gradient(self.value, &self.inputs)
    }

    /// How the gradients change along the directions.
    fn changes(&self, gradients: &[Expr<'g>]) -> Vec<Expr<'g>> {
        let graph = self.value.graph;
        let direction = |(k, x): (usize, &Expr<'g>)| (x.id, graph.leaf(Leaf::Direction(k as u32), x.shape()));
        let mut tangents: Tangents<'g> = self.inputs.iter().enumerate().map(direction).collect();
        gradients.iter().filter_map(|g| push(*g, &mut tangents)).collect()
    }

    fn check_all(&self) -> Result<(), String> {
        let gradients = self.gradients();
        self.check("value", &[self.value])?;
        self.check("gradient", &gradients)?;
        self.check("value and gradient", &[&[self.value], &gradients[..]].concat())?;
        self.check("change of the gradient", &self.changes(&gradients)).map(drop)
    }
}

#[test]
fn programs_are_scheduled_as_what_they_are() {
    let failures: Vec<String> = CASES
        .iter()
        .filter_map(|(name, case)| {
            let graph = Graph::canonical(&ALGEBRA);
            Function::new((*name).into(), &graph, |g, x| case(Loop::Region, g, x)).check_all().err()
        })
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn random_programs_are_scheduled_as_what_they_are() {
    let failures: Vec<String> = (0..PROGRAMS)
        .filter_map(|seed| {
            let graph = Graph::canonical(&ALGEBRA);
            let name = format!("random program {seed}");
            Function::new(name, &graph, |g, x| random_program(seed, g, x)).check_all().err()
        })
        .collect();
    assert!(failures.is_empty(), "{} fail:\n{}", failures.len(), failures.join("\n"));
}
