//! Laws of loops and conditionals: a region has the value of what it stands for written out, keeps every law that a row
//! keeps, and comes to its normal form. Random programs say the same of every combination.

mod lab;
#[path = "lab/loops.rs"]
mod loops;

use gradmacro_core::algebra::ALGEBRA;
use gradmacro_core::diff::gradient;
use gradmacro_core::ir::{Dim, Expr, Graph, Node};
use lab::laws::{Subject, check, operand};
use lab::random::Random;
use lab::{Sizes, close};
use loops::{CASES, Loop, OPERANDS, at, half, random_program, zero};

#[test]
fn a_loop_has_the_value_of_its_steps() {
    for (name, case) in CASES {
        let graph = Graph::plain();
        let x: Vec<Expr<'_>> =
            OPERANDS.iter().enumerate().map(|(k, s)| operand(&graph, k, s, Sizes::Literal)).collect();
        let (mut bench, mut random) = (Sizes::Literal.bench(), Random::new(3));
        x.iter().for_each(|leaf| _ = bench.bind_any(*leaf, &mut random));
        let [region, unrolled] = [Loop::Region, Loop::Unrolled].map(|by| bench.value(case(by, &graph, &x)));
        assert!(close(&region, &unrolled, 1e-13), "{name}: {region:?} is not {unrolled:?}");
    }
}

#[test]
fn loops_and_branches_keep_every_law() {
    let failures: Vec<String> = CASES
        .iter()
        .filter_map(|(name, case)| {
            let subject = Subject::new((*name).into(), OPERANDS, Sizes::Literal, move |graph, x| {
                case(Loop::Region, graph, x)
            });
            check(&subject).err()
        })
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn inputs(graph: &Graph) -> Vec<Expr<'_>> {
    OPERANDS.iter().enumerate().map(|(k, s)| operand(graph, k, s, Sizes::Literal)).collect()
}

fn has_scan(x: Expr<'_>) -> bool {
    let nodes = gradmacro_core::ir::walk::needed(x.graph, &[x.id]);
    nodes.into_iter().any(|id| matches!(&*x.graph.node(id), Node::Scan(_)))
}

/// What is only added to, and what is written once, carries no state.
#[test]
fn what_only_collects_is_a_sum() {
    let graph = Graph::canonical(&ALGEBRA);
    let v = inputs(&graph);
    for name in [
        "a residual filled in a loop",
        "a matrix filled by two loops",
        "differences added in place, guarded",
        "an accumulation in one arm",
        "a triangular loop",
        "Huber's loss by branches in a sum",
    ] {
        let case = CASES.iter().find(|case| case.0 == name).expect("the case is in the table").1;
        assert!(!has_scan(case(Loop::Region, &graph, &v)), "{name} is no sum");
    }
}

/// An entry that another step has written is no entry of before.
#[test]
fn what_reads_another_step_is_carried() {
    let graph = Graph::canonical(&ALGEBRA);
    let v = inputs(&graph);
    let case = CASES.iter().find(|case| case.0 == "a recurrence in place").expect("it is there").1;
    assert!(has_scan(case(Loop::Region, &graph, &v)));
}

/// The tangent of what does not move is not carried, and a cotangent that never changes is none.
#[test]
fn dead_tangents_are_not_carried() {
    let graph = Graph::canonical(&ALGEBRA);
    let v = inputs(&graph);
    let out = graph.scan_over(Dim::Known(4), &[v[1], zero(&graph)], |i, c| {
        vec![half(v[3] * c[0]), c[1] + at(v[2], i, 0) * c[0].inner(v[2])]
    });
    let by_s = gradient(out[1] * v[0], &[v[0]])[0];
    assert!(by_s == out[1], "the derivative of s·f(x) by s is f(x), no second loop");
    let by_x = gradient(out[0].sum(), &[v[1]])[0];
    let scans: Vec<_> = gradmacro_core::ir::walk::needed(&graph, &[by_x.id])
        .into_iter()
        .filter(|id| matches!(&*graph.node(*id), Node::Scan(_)))
        .collect();
    assert_eq!(scans.len(), 1, "a linear loop stores no states");
}

#[test]
fn random_programs_keep_every_law() {
    let failures: Vec<String> = (0..RANDOM)
        .filter_map(|seed| {
            let name = format!("random program {seed}");
            let subject =
                Subject::new(name, OPERANDS, Sizes::Literal, move |graph, x| random_program(seed, graph, x));
            check(&subject).err()
        })
        .collect();
    assert!(failures.is_empty(), "{} fail:\n{}", failures.len(), failures.join("\n"));
}

const RANDOM: u64 = 150;
