//! Textbook functions have textbook derivatives: `closed_forms.txt` says which.
//!
//! Every function is read, differentiated and printed; the text is compared with the book's. What is printed is also
//! read back without any rule and must have the value of the gradient, which must be that of the function as written.

mod lab;

use std::collections::BTreeMap;

use gradmacro_core::algebra::{ALGEBRA, spelled};
use gradmacro_core::diff::Differentiated;
use gradmacro_core::emit::math::{Names, latex, unicode};
use gradmacro_core::front::InputKind;
use gradmacro_core::front::request::{Layout, Part};
use gradmacro_core::ir::rebuild::Rebuild;
use gradmacro_core::ir::region::OpenSum;
use gradmacro_core::ir::{Expr, Graph, Leaf, Properties, Shape};
use gradmacro_core::ops::matrix::Matrix;
use gradmacro_core::ops::trigonometric::SIN;
use lab::formula::{Scope, parse};
use lab::random::Random;
use lab::{Bench, close};

static CASES: &str = include_str!("closed_forms.txt");

/// How many texts are the book's, those up to the order of commuting parts, and those that become the book's node once
/// the book's text is simplified.
const EXPECTED: [(Form, usize); 3] = [(Form::Exact, 147), (Form::Order, 24), (Form::Node, 7)];

/// What is printed otherwise, and why.
const DIFFERENT: &[(&str, &str)] = &[
    ("B28b", "a determinant written out entry by entry is not recognised"),
    ("H03", "a Hessian keeps the brackets of its gradient"),
];

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Form {
    Exact,
    Order,
    Node,
    Different,
}

struct Case {
    name: &'static str,
    inputs: Vec<(&'static str, Shape, Properties)>,
    /// One variable, or `hess` and one or two.
    by: &'static str,
    function: &'static str,
    books: Vec<&'static str>,
}

fn cases() -> Vec<Case> {
    let lines = CASES.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(case).collect()
}

fn case(line: &'static str) -> Case {
    let [name, inputs, by, function, books] = line.split(" | ").collect::<Vec<_>>()[..] else {
        panic!("five fields: {line}")
    };
    let input = |text: &'static str| {
        let (name, size) = text.split_once(": ")?;
        let plain = size.trim_end_matches('s');
        let properties = Properties { symmetric: plain != size, ..Properties::NONE };
        Some((name, shape(plain), properties))
    };
    let inputs = inputs.split(", ").map(|text| input(text).expect("name: size")).collect();
    Case { name, inputs, by, function, books: books.split(" ; ").collect() }
}

fn shape(text: &str) -> Shape {
    let (rows, columns) = text.split_once('×').unwrap_or((text, "1"));
    let number = |text: &str| text.parse().expect("a size");
    Shape::new(number(rows), number(columns))
}

impl Names for Case {
    fn input(&self, position: u32) -> String {
        self.inputs[position as usize].0.to_owned()
    }

    fn kept(&self, serial: u32) -> String {
        format!("kept{serial}")
    }
}

impl Case {
    fn scope<'g>(&self, graph: &'g Graph) -> Scope<'g> {
        let leaf = |(k, (name, shape, properties)): (usize, &(&str, Shape, Properties))| {
            graph.state(Leaf::Input(k as u32), *properties);
            ((*name).to_owned(), graph.leaf(Leaf::Input(k as u32), *shape))
        };
        self.inputs.iter().enumerate().map(leaf).collect()
    }

    fn read<'g>(&self, graph: &'g Graph, text: &str) -> Option<Expr<'g>> {
        parse(graph, &self.scope(graph), text)
    }

    fn derivative<'g>(&self, graph: &'g Graph) -> Expr<'g> {
        let y = self.read(graph, self.function).unwrap_or_else(|| panic!("{}: {}", self.name, self.function));
        self.derivative_of(y)
    }

    fn derivative_of<'g>(&self, y: Expr<'g>) -> Expr<'g> {
        let (hessian, variables) =
            self.by.strip_prefix("hess ").map_or((false, self.by), |variables| (true, variables));
        let scope = self.scope(y.graph);
        let x: Vec<Expr<'g>> = variables.split(' ').map(|name| scope[name]).collect();
        let kind = |x: &Expr<'g>| match x.is_scalar() {
            true => InputKind::Scalar,
            false => InputKind::Matrix(x.shape()),
        };
        let kinds = x.iter().map(kind).collect();
        let known = x.iter().map(|x| x.properties()).collect();
        let part = match y.is_scalar() {
            _ if hessian => Part::Hessian,
            true => Part::Gradient,
            false => Part::Jacobian,
        };
        // Of the blocks for U and V the second is that of U and V.
        let block = variables.split(' ').count() - 1;
        Differentiated::new(y, x, kinds, known, Layout::Numerator).part(part)[block]
    }

    fn form(&self, printed: &str, derivative: Expr<'_>) -> Form {
        let sorted = |text: &str| {
            let mut letters: Vec<char> = text.chars().filter(|c| *c != ' ').collect();
            letters.sort_unstable();
            letters
        };
        let graph = derivative.graph;
        // Letters alone would take a bᵀ for b aᵀ.
        let is_node = |book: &&str| self.read(graph, book) == Some(derivative);
        match () {
            () if self.books.contains(&printed) => Form::Exact,
            () if self.books.iter().any(|book| sorted(book) == sorted(printed) && is_node(book)) => {
                Form::Order
            }
            () if self.books.iter().any(is_node) => Form::Node,
            () => Form::Different,
        }
    }

    fn bench(&self) -> Bench {
        let (mut bench, mut random) = (Bench::default(), Random::new(11));
        for (k, (_, shape, properties)) in self.inputs.iter().enumerate() {
            let range = if shape.is_scalar() { (0.3, 1.3) } else { (-1.0, 1.0) };
            let x = random.matrix(shape.known().expect("known"), range);
            // Square matrices are dominated by their diagonal, so that logarithms of determinants are real.
            let boost = if shape.rows == shape.columns && !shape.is_scalar() { 2.0 } else { 0.0 };
            let at =
                |i: usize, j: usize| if properties.symmetric { x.at(i.max(j), i.min(j)) } else { x.at(i, j) };
            let whole = Matrix::build(x.shape(), |i, j| at(i, j) + if i == j { boost } else { 0.0 });
            bench.environment.bind(Leaf::Input(k as u32), whole);
        }
        bench
    }
}

#[test]
fn derivatives_are_printed_as_books_print_them() {
    let mut counts: BTreeMap<Form, usize> = BTreeMap::new();
    let (mut report, mut wrong) = (vec![], vec![]);
    for case in cases() {
        let graph = Graph::canonical(&ALGEBRA);
        let derivative = spelled(case.derivative(&graph));
        let printed = unicode(derivative, &case);
        let form = case.form(&printed, derivative);
        *counts.entry(form).or_default() += 1;
        let line = format!("{form:?} {}: {printed}   [{}]", case.name, case.books.join(" ; "));
        let excused = DIFFERENT.iter().any(|(name, _)| *name == case.name);
        let list = if (form == Form::Different) == excused { &mut report } else { &mut wrong };
        list.push(line);
    }
    report.sort();
    assert!(wrong.is_empty(), "not in the form that is stated:\n{}", wrong.join("\n"));
    counts.remove(&Form::Different);
    assert_eq!(counts, BTreeMap::from(EXPECTED), "{}", report.join("\n"));
}

#[test]
fn what_is_printed_has_the_value_of_the_derivative() {
    for case in cases() {
        let (graph, plain) = (Graph::canonical(&ALGEBRA), Graph::plain());
        let derivative = case.derivative(&graph);
        let printed = unicode(spelled(derivative), &case);
        let bench = case.bench();
        let value = bench.value(derivative);
        assert!(close(&bench.value(case.derivative(&plain)), &value, 1e-12), "{}: {printed}", case.name);
        // Unit vectors do not say how long they are, so they cannot be read back.
        if let Some(again) = case.read(&plain, &printed) {
            assert!(
                close(&bench.value(again), &value, 1e-12),
                "{}: {printed} means something else",
                case.name
            );
        } else {
            assert!(printed.contains("e("), "{}: {printed} cannot be read", case.name);
        }
    }
}

#[test]
fn canonical_forms_are_fixed_points_and_do_not_depend_on_when_they_are_made() {
    for case in cases() {
        let (graph, plain) = (Graph::canonical(&ALGEBRA), Graph::plain());
        let derivative = case.derivative(&graph);
        assert_eq!(Rebuild::into(&graph, &graph).expr(derivative.id).id, derivative.id, "{}", case.name);
        let y = case.read(&plain, case.function).expect("it was read before");
        let fresh = Graph::canonical(&ALGEBRA);
        case.scope(&fresh);
        let again = Rebuild::into(&plain, &fresh).expr(y.id);
        assert_eq!(unicode(case.derivative_of(again), &case), unicode(derivative, &case), "{}", case.name);
    }
}

/// Formulas that say something about the printer: what is written, in Unicode and in LaTeX.
const PRINTED: &[(&str, &str, &str)] = &[
    ("2 (X a - b) aᵀ", "2 (X a - b) aᵀ", r"2 \left(X a - b\right) a^{\top}"),
    ("x / ‖x‖", "x / ‖x‖", r"\frac{x}{\left\lVert x\right\rVert}"),
    ("1/2 x - 1/2 y", "1/2 (x - y)", r"\tfrac{1}{2} \left(x - y\right)"),
    ("Xᵀ (y - X x)", "Xᵀ (y - X x)", r"X^{\top} \left(y - X x\right)"),
    ("-Xᵀ (X x - y)", "Xᵀ (y - X x)", r"X^{\top} \left(y - X x\right)"),
    ("‖X x - y‖²", "‖X x - y‖²", r"\left\lVert X x - y\right\rVert^{2}"),
    ("sum(exp(X))", "sum(exp(X))", r"\operatorname{sum}\left(\exp\left(X\right)\right)"),
    (
        "σ(x) ⊙ (1 - σ(x))",
        "σ(x) ⊙ (1 - σ(x))",
        r"\sigma\left(x\right) \odot \left(1 - \sigma\left(x\right)\right)",
    ),
    ("x[1] π / √(x[0])", "π x[1] / √(x[0])", r"\frac{\pi {x}_{1}}{\sqrt{{x}_{0}}}"),
    (
        "[x[0], 1; 0, x[1]²]",
        "[x[0], 1; 0, x[1]²]",
        r"\begin{bmatrix} {x}_{0} & 1 \\ 0 & {{x}_{1}}^{2} \end{bmatrix}",
    ),
];

#[test]
fn unicode_and_latex_have_one_structure() {
    let case = case("printed | X: 3×3, a: 3, b: 3, x: 3, y: 3 | x | x | x");
    for (source, in_unicode, in_latex) in PRINTED {
        let graph = Graph::canonical(&ALGEBRA);
        let x = case.read(&graph, source).unwrap_or_else(|| panic!("{source} cannot be read"));
        assert_eq!(unicode(x, &case), *in_unicode);
        assert_eq!(latex(x, &case), *in_latex);
    }
}

#[test]
fn sums_over_an_index_are_printed_with_its_name() {
    let case = case("printed | X: 3×3, x: 3, n: 3 | x | x | x");
    let graph = Graph::canonical(&ALGEBRA);
    let scope = case.scope(&graph);
    let (open, index) = (graph.scope(), graph.variable(Shape::SCALAR));
    let (zero, next) = (graph.index(0), graph.affine(&[(index, 1)], 1));
    let at = |i| scope["x"].slice(i, zero, Shape::SCALAR);
    let body = (at(next) * at(index)).apply(&SIN);
    let sum = graph.sum_over(OpenSum { scope: open, index, trips: graph.index(2), body });
    assert_eq!(unicode(sum, &case), "Σᵢ sin(x[i] x[i+1])");
    assert_eq!(latex(sum, &case), r"\sum_{i=0}^{1} \sin\left({x}_{i} {x}_{i + 1}\right)");
}
