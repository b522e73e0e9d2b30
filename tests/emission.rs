//! The step that the certificate cannot see: random schedules are written as nalgebra code, compiled, run, and compared
//! with the reference evaluator, number by number.

#[path = "../gradmacro-core/tests/lab/mod.rs"]
mod lab;
#[path = "../gradmacro-core/tests/lab/loops.rs"]
mod programs;
#[path = "emission/states.rs"]
mod states;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use gradmacro_core::certify::evaluate::{Environment, Evaluator};
use gradmacro_core::diagnostics::Diagnostics;
use gradmacro_core::diff::{Derived, Storage, differentiate};
use gradmacro_core::emit::nalgebra::{Generated, Style, function};
use gradmacro_core::front::item::read_item;
use gradmacro_core::front::request::{Layout, Output, read_options};
use gradmacro_core::front::signature::{Signature, read_signature};
use gradmacro_core::front::{Input, InputKind, Program};
use gradmacro_core::ir::rebuild::Rebuild;
use gradmacro_core::ir::walk::needed;
use gradmacro_core::ir::{Expr, Graph, Id, Leaf, Node, Shape};
use gradmacro_core::ops::index::AFFINE;
use gradmacro_core::ops::matrix::Matrix;
use gradmacro_core::ops::{Form, OpDef, Written};
use gradmacro_core::plan::{Schedule, Wanted, plan};
use lab::Sizes;
use lab::laws::operand;
use lab::maker::{Maker, inputs};
use lab::random::Random;
use proc_macro2::TokenStream;
use programs::{CASES, Loop, OPERANDS};

/// Random functions tried; each is written twice, as gradient and as value and gradient.
const FUNCTIONS: u64 = 100;
/// Random programs with loops and conditionals; every sixth is written with its products with the Hessian too.
const PROGRAMS: u64 = 20;
/// Nodes beyond which a function is skipped, to bound the time that rustc takes.
const NODES: usize = 60;
/// Nodes up to which second derivatives are written too.
const SMALL: usize = 20;
/// What is written of a function.
const ALL: [Output; 4] = [Output::Grad, Output::ValueAndGrad, Output::Jacobian, Output::ValueGradHessian];
/// Parameters of a function at most.
const PARAMETERS: usize = 5;

#[test]
fn random_functions_are_emitted_as_what_they_mean() {
    let mut emitted = Emitted::default();
    for seed in 0..FUNCTIONS {
        let mut random = Random::new(seed + 99);
        let environment = inputs(&mut random);
        let graph = Graph::plain();
        let depth = 2 + random.below(4);
        let turns = [seed as usize; 2];
        let y = Maker::new(&graph, &environment, random, turns).make((1, 1), depth);
        if let Some(subject) = Subject::of(y, &environment, seed) {
            emitted.add_all(&subject);
        }
    }
    assert!(emitted.count > FUNCTIONS, "only {} functions were fit to be emitted", emitted.count);
    emitted.run("emission.rs");
}

#[test]
fn programs_are_emitted_as_what_they_mean() {
    let mut emitted = Emitted::default();
    let mut add = |k: u64, make: &dyn for<'g> Fn(&'g Graph, &[Expr<'g>]) -> Expr<'g>| {
        Subject::of_program(k, make).iter().for_each(|subject| emitted.add_all(subject));
    };
    for (k, (_, case)) in CASES.iter().enumerate() {
        add(k as u64, &|graph, x| case(Loop::Region, graph, x));
    }
    for seed in 0..PROGRAMS {
        add(100 + seed, &|graph, x| states::program(seed, graph, x));
        if seed % 2 == 0 {
            add(200 + seed, &|graph, x| programs::random_program(seed, graph, x));
        }
    }
    assert!(emitted.count > PROGRAMS, "only {} functions were fit to be emitted", emitted.count);
    emitted.run("programs.rs");
}

/// The program that is compiled.
#[derive(Default)]
struct Emitted {
    functions: String,
    checks: String,
    count: u64,
}

impl Emitted {
    fn add_all(&mut self, subject: &Subject) {
        subject.outputs.iter().for_each(|output| self.add(subject, *output));
    }

    fn add(&mut self, subject: &Subject, output: Output) {
        let roots = subject.derived.roots(output);
        let wanted = subject.values(&roots);
        if wanted.iter().any(|x| !x.is_finite() || x.abs() > 1e8) {
            return;
        }
        let (code, name) = subject.written(&roots, output);
        self.functions += &code;
        let arguments = subject.arguments(output);
        writeln!(self.checks, "    check({name:?}, &{name}({arguments}), &{wanted:?});")
            .expect("a string takes it");
        self.count += 1;
    }

    /// Compiles all functions and runs all checks.
    fn run(&self, file: &str) {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(file);
        std::fs::write(&path, self.program()).expect("the program can be written");
        trybuild::TestCases::new().pass(path);
    }

    fn program(&self) -> String {
        let Emitted { functions, checks, .. } = self;
        let support = include_str!("emission/support.rs");
        format!(
            "#![deny(warnings)]\n#![allow(missing_docs)]\n\n{functions}\n{support}\nfn main() {{\n{checks}}}\n"
        )
    }
}

/// A random function as a program with parameters p0, p1, …, at one point.
struct Subject {
    seed: u64,
    program: Program,
    derived: Derived,
    signature: Signature,
    environment: Environment,
    arguments: Vec<String>,
    outputs: &'static [Output],
}

/// The parameters of a function, p0, p1, …, and a point with a direction for each.
#[derive(Default)]
struct Given {
    parameters: Vec<Input>,
    head: String,
    arguments: Vec<String>,
    environment: Environment,
}

impl Given {
    fn add(&mut self, shape: Shape, value: Matrix) -> Option<()> {
        let k = self.parameters.len();
        let by_reference = !shape.is_scalar() && k.is_multiple_of(2);
        let sign = if by_reference { "&" } else { "" };
        let kind = if shape.is_scalar() { InputKind::Scalar } else { InputKind::Matrix(shape) };
        let (ty, made) = match shape.known()? {
            (1, 1) => ("f64".to_owned(), format!("{:?}", value.value())),
            (rows, columns) => {
                let ty = format!("nalgebra::SMatrix::<f64, {rows}, {columns}>");
                (ty.replace("::<", "<"), format!("{ty}::from_column_slice(&{:?})", value.entries))
            }
        };
        write!(self.head, "p{k}: {sign}{ty}, ").ok()?;
        self.arguments.push(format!("{sign}{made}"));
        let name = quote::format_ident!("p{k}");
        self.parameters.push(Input { name, kind, by_reference, facts: vec![] });
        // The direction is the point itself.
        self.environment.leaves.insert(Leaf::Direction(k as u32), value.clone().into());
        self.environment.leaves.insert(Leaf::Input(k as u32), value.into());
        Some(())
    }
}

impl Subject {
    fn of(y: Expr<'_>, at: &Environment, seed: u64) -> Option<Subject> {
        let nodes: Vec<Expr<'_>> = needed(y.graph, &[y.id]).iter().map(|id| y.graph.expr(*id)).collect();
        let leaves: Vec<Expr<'_>> = nodes.iter().copied().filter(is_input).collect();
        // The laboratory's kept expressions have no text that could be written.
        let readable = nodes.iter().all(is_readable) && !lab::text::text(y).contains("kept");
        if leaves.is_empty() || leaves.len() > PARAMETERS || nodes.len() > NODES || !readable {
            return None;
        }
        let graph = Graph::plain();
        let mut again = Rebuild::into(y.graph, &graph);
        let mut given = Given::default();
        for (k, leaf) in leaves.iter().enumerate() {
            again.replace(leaf.id, graph.leaf(Leaf::Input(k as u32), leaf.shape()));
            given.add(leaf.shape(), Evaluator::new(y.graph, at).value(leaf.id).as_ref().clone())?;
        }
        let value = again.expr(y.id).id;
        // Second derivatives only of small functions, to bound the time that rustc takes.
        let outputs = if nodes.len() <= SMALL { &ALL[..] } else { &ALL[..2] };
        Subject::given(given, graph, value, seed, outputs)
    }

    /// A program over the operands of the laboratory's programs.
    fn of_program(seed: u64, make: &dyn for<'g> Fn(&'g Graph, &[Expr<'g>]) -> Expr<'g>) -> Option<Subject> {
        let (graph, mut random) = (Graph::plain(), Random::new(seed + 5));
        let mut given = Given::default();
        let mut operands = vec![];
        for (k, sample) in OPERANDS.iter().enumerate() {
            let x = operand(&graph, k, sample, Sizes::Literal);
            given.add(x.shape(), random.matrix(sample.shape, (-1.0, 1.0)))?;
            operands.push(x);
        }
        let made = make(&graph, &operands);
        let value = if made.is_scalar() { made } else { made.sum() }.id;
        let outputs = if seed.is_multiple_of(6) {
            &[Output::ValueAndGrad, Output::Hvp][..]
        } else {
            &[Output::ValueAndGrad]
        };
        Subject::given(given, graph, value, seed, outputs)
    }

    fn given(
        given: Given,
        graph: Graph,
        value: Id,
        seed: u64,
        outputs: &'static [Output],
    ) -> Option<Subject> {
        let Given { parameters, head, arguments, environment } = given;
        let program = Program {
            differentiated: (0..parameters.len()).collect(),
            inputs: parameters,
            value,
            result: InputKind::Scalar,
            kept: vec![],
            demands: vec![],
            optional: false,
            prelude: vec![],
            names: BTreeMap::new(),
            indices: BTreeMap::new(),
            loops: vec![],
            graph,
        };
        let wanted = outputs.iter().flat_map(|output| output.parts());
        let derived =
            differentiate(&program, &wanted.copied().collect(), Layout::Numerator, Storage::default())
                .ok()?;
        let signature = signature(&format!("fn f({head}) -> f64 {{ 0.0 }}"))?;
        Some(Subject { seed, program, derived, signature, environment, arguments, outputs })
    }

    fn arguments(&self, output: Output) -> String {
        let further = if output == Output::Hvp { self.arguments.clone() } else { vec![] };
        [self.arguments.clone(), further].concat().join(", ")
    }

    fn values(&self, roots: &[Id]) -> Vec<f64> {
        let mut evaluator = Evaluator::new(&self.derived.graph, &self.environment);
        roots.iter().flat_map(|root| evaluator.value(*root).entries.clone()).collect()
    }

    fn written(&self, roots: &[Id], output: Output) -> (String, String) {
        let schedule = self.schedule(roots);
        let name = quote::format_ident!("f{}_{}", self.seed, output.suffix());
        let (nalgebra, gradmacro) = (syn::parse_quote!(::nalgebra), syn::parse_quote!(::gradmacro));
        let style = Style {
            signature: &self.signature,
            program: &self.program,
            labels: &self.derived.names,
            nalgebra: &nalgebra,
            gradmacro: &gradmacro,
        };
        let layout = Layout::Numerator;
        let generated =
            Generated { name: &name, schedule: &schedule, output, layout, into: false, documentation: &[] };
        let file = syn::parse2(function(&style, &generated)).expect("what is emitted is Rust");
        (prettyplease::unparse(&file), name.to_string())
    }

    fn schedule(&self, roots: &[Id]) -> Schedule {
        let Derived { graph, value, others, demands, labels, index_labels, .. } = &self.derived;
        plan(&Wanted {
            graph,
            value: *value,
            roots,
            others,
            demands,
            labels,
            index_labels,
            written_out: true,
        })
    }
}

fn is_input(x: &Expr<'_>) -> bool {
    matches!(&*x.node(), Node::Leaf(Leaf::Input(_)))
}

/// Could the front have read it? It never uses an index as a float, and a condition only where a program branches.
fn is_readable(x: &Expr<'_>) -> bool {
    let decides = |op: &OpDef| matches!(op.written, Written::Form(Form::Predicate | Form::Required));
    if x.node().op().is_some_and(decides) {
        return false;
    }
    let takes_index = |name: &str| matches!(name, "slice" | "scatter" | "affine" | "as_real");
    let real = x.node().op().is_some_and(|op| !takes_index(op.name));
    !(real && x.operands().iter().any(|operand| operand.is(&AFFINE)))
}

fn signature(item: &str) -> Option<Signature> {
    let diagnostics = Diagnostics::new();
    let options = read_options(TokenStream::new(), &diagnostics);
    let function = read_item(item.parse().ok()?, &diagnostics)?;
    let signature = read_signature(&function, &options.types, &diagnostics);
    diagnostics.finish().is_empty().then_some(signature)
}
