//! A graph as text that does not depend on its history, and a function with its commuting parts written backwards.

use std::collections::HashMap;
use std::fmt::Write;

use gradmacro_core::ir::region::OpenSum;
use gradmacro_core::ir::walk::needed;
use gradmacro_core::ir::{Carry, Data, Expr, Graph, Id, Node, OpenBranch, OpenScan, Ratio, Shape};
use gradmacro_core::ops::arithmetic::{POWERS, SUM};

/// Every node that `x` needs, one a line, numbered in the order in which a walk from `x` leaves them.
pub fn text(x: Expr<'_>) -> String {
    let mut lines = Lines::default();
    lines.visit(x);
    lines.text
}

#[derive(Default)]
struct Lines {
    numbers: HashMap<Id, usize>,
    text: String,
}

impl Lines {
    fn visit(&mut self, x: Expr<'_>) -> usize {
        if let Some(known) = self.numbers.get(&x.id) {
            return *known;
        }
        let operands: Vec<String> = x.operands().iter().map(|o| format!("n{}", self.visit(*o))).collect();
        let own = match &*x.node() {
            Node::Leaf(leaf) => format!("{leaf:?}"),
            Node::Apply(op, Data::None, _) => op.0.name.to_owned(),
            Node::Apply(op, data, _) => format!("{} {}", op.0.name, shown(data)),
            Node::IndexSum(sum) => format!("sum of n{} over", self.visit(x.graph.expr(sum.body))),
            Node::Scan(scan) => format!("scan of {} over", self.bodies(x.graph, &scan.next)),
            Node::Branch(branch) => {
                let (then, other) = (self.bodies(x.graph, &branch.then), self.bodies(x.graph, &branch.other));
                format!("branch of {then} or {other} over")
            }
            Node::Result(k, _) => format!("result {k} of"),
        };
        let number = self.numbers.len();
        self.numbers.insert(x.id, number);
        writeln!(self.text, "n{number} = {own}({}) {}", operands.join(", "), x.shape())
            .expect("a string takes it");
        number
    }
}

impl Lines {
    fn bodies(&mut self, graph: &Graph, list: &[Id]) -> String {
        let numbers = list.iter().map(|x| format!("n{}", self.visit(graph.expr(*x))));
        numbers.collect::<Vec<_>>().join(" ")
    }
}

fn shown(data: &Data) -> String {
    match data {
        Data::Coefficients(list) | Data::Exponents(list) => {
            list.iter().map(Ratio::to_string).collect::<Vec<_>>().join(" ")
        }
        other => format!("{other:?}"),
    }
}

/// The function made again in `graph` with the operands of every sum and entrywise product in reverse order.
pub fn mirrored<'g>(x: Expr<'_>, graph: &'g Graph) -> Expr<'g> {
    mirror(x, graph, &mut HashMap::new())
}

fn mirror<'g>(x: Expr<'_>, graph: &'g Graph, made: &mut HashMap<Id, Expr<'g>>) -> Expr<'g> {
    for id in needed(x.graph, &[x.id]) {
        if !made.contains_key(&id) {
            let y = again(x.graph.expr(id), graph, made);
            made.insert(id, y);
        }
    }
    made[&x.id]
}

fn again<'g>(x: Expr<'_>, graph: &'g Graph, made: &mut HashMap<Id, Expr<'g>>) -> Expr<'g> {
    let mut operands: Vec<Expr<'g>> = x.operands().iter().map(|o| made[&o.id]).collect();
    match &*x.node() {
        Node::Leaf(leaf) => graph.leaf(leaf.clone(), x.shape()),
        Node::Apply(op, data, _) => {
            if x.is(&SUM) || x.is(&POWERS) {
                operands.reverse();
            }
            graph.apply(op.0, backwards(data), &operands, x.shape())
        }
        Node::IndexSum(_) => {
            let open = x.open().expect("it is a sum");
            let (scope, index) = (graph.scope(), graph.variable(Shape::SCALAR));
            made.insert(open.index.id, index);
            let body = mirror(open.body, graph, made);
            graph.sum_over(OpenSum { scope, index, trips: operands[0], body })
        }
        Node::Scan(_) | Node::Branch(_) => {
            let results = if x.open_scan().is_some() {
                mirrored_scan(x, &operands, graph, made)
            } else {
                mirrored_branch(x, &operands, graph, made)
            };
            for ((k, shape), y) in x.result_shapes().into_iter().enumerate().zip(results) {
                made.insert(x.result(k, shape).id, y);
            }
            operands[0]
        }
        Node::Result(..) => unreachable!("results are made together with their region"),
    }
}

type Made<'g> = HashMap<Id, Expr<'g>>;

fn mirrored_scan<'g>(
    x: Expr<'_>,
    operands: &[Expr<'g>],
    graph: &'g Graph,
    made: &mut Made<'g>,
) -> Vec<Expr<'g>> {
    let open = x.open_scan().expect("it is a scan");
    let (scope, index) = (graph.scope(), graph.variable(Shape::SCALAR));
    made.insert(open.index.id, index);
    let variables: Vec<Expr<'g>> = open.carries.iter().map(|c| graph.variable(c.variable.shape())).collect();
    for (c, variable) in open.carries.iter().zip(&variables) {
        made.insert(c.variable.id, *variable);
    }
    let carries = open.carries.iter().zip(variables).enumerate().map(|(k, (c, variable))| Carry {
        variable,
        initial: operands[k + 1],
        next: mirror(c.next, graph, made),
        wanted: true,
    });
    let carries = carries.collect();
    graph.scan(OpenScan { scope, index, trips: operands[0], reversed: open.reversed, carries })
}

fn mirrored_branch<'g>(
    x: Expr<'_>,
    operands: &[Expr<'g>],
    graph: &'g Graph,
    made: &mut Made<'g>,
) -> Vec<Expr<'g>> {
    let open = x.open_branch().expect("it is a branch");
    let scope = graph.scope();
    let variables = open.captured.iter().map(|(own, _)| (own.id, graph.variable(own.shape())));
    let variables: Vec<(Id, Expr<'g>)> = variables.collect();
    made.extend(variables.iter().copied());
    let captured = variables.iter().map(|v| v.1).zip(operands[1..].iter().copied()).collect();
    let mut all = |list: &[Expr<'_>]| list.iter().map(|y| mirror(*y, graph, made)).collect();
    let (then, other) = (all(&open.then), all(&open.other));
    graph.branch(OpenBranch { scope, predicate: operands[0], captured, then, other })
}

fn backwards(data: &Data) -> Data {
    let reversed = |list: &[Ratio]| list.iter().rev().copied().collect();
    match data {
        Data::Coefficients(list) => Data::Coefficients(reversed(list)),
        Data::Exponents(list) => Data::Exponents(reversed(list)),
        other => other.clone(),
    }
}
