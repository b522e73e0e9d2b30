//! The same function with shorter loops.
//!
//! A loop is the same code however often it runs, so what is too long to be evaluated is compared with few steps: the
//! program is made again with smaller trip counts, derived and planned as the original was.

use std::collections::HashSet;

use super::original::Original;
use super::{Needs, WORK};
use crate::front::Program;
use crate::ir::{Graph, Id, Node};

/// How often every loop runs then.
const STEPS: i64 = 5;

/// Work of an evaluation up to which a program with loops that carry is compared as it stands.
const LOOPED: u64 = 100_000;

/// The program with shorter loops, if it takes long as it stands.
pub fn shortened(program: &Program) -> Option<Program> {
    let needs = Needs { other: false, second: false };
    let allowed = if has_scan(&program.graph) { LOOPED } else { WORK };
    let own = Original::new(program, needs).work();
    if own <= allowed {
        return None;
    }
    let short = program.again(Some(STEPS), &HashSet::new());
    let work = Original::new(&short, needs).work();
    (work < WORK && work < own).then_some(short)
}

fn has_scan(graph: &Graph) -> bool {
    (0..graph.len()).any(|k| matches!(&*graph.node(Id(k as u32)), Node::Scan(_)))
}
