//! Formulas in print: Unicode, LaTeX and MathML have one structure, and are written as mathematicians write.

mod lab;

use gradmacro_core::algebra::ALGEBRA;
use gradmacro_core::diff::Differentiated;
use gradmacro_core::emit::math::{
    Connective, Definition, Formula, Infix, Names, Raise, Relation, Run, formula,
};
use gradmacro_core::front::InputKind;
use gradmacro_core::front::request::{Layout, Part};
use gradmacro_core::ir::{Data, Expr, Graph, Leaf, Shape};
use gradmacro_core::ops::structure::reshape;
use gradmacro_core::ops::systems::{COFACTOR, LN_ABS_DETERMINANT, PSEUDO_INVERSE};
use lab::formula::{Scope, parse};
use lab::mathml::well_formed;

/// Square matrices, columns and scalars under the names that formulas give them.
const INPUTS: &[(&str, (usize, usize))] = &[
    ("A", (3, 3)),
    ("B", (3, 3)),
    ("X", (3, 2)),
    ("x", (3, 1)),
    ("y", (3, 1)),
    ("z6", (6, 1)),
    ("t", (1, 1)),
    ("alpha", (1, 1)),
    ("w_out", (1, 1)),
];

struct Named;

impl Names for Named {
    fn input(&self, position: u32) -> String {
        INPUTS[position as usize].0.to_owned()
    }

    fn kept(&self, serial: u32) -> String {
        ["a<b && c", "cfg_1.k"][serial as usize].to_owned()
    }
}

fn scope(graph: &Graph) -> Scope<'_> {
    let inputs = INPUTS.iter().enumerate();
    let leaf = |k, (rows, columns)| graph.leaf(Leaf::Input(k), Shape::new(rows, columns));
    inputs.map(|(k, (name, shape))| ((*name).to_owned(), leaf(k as u32, *shape))).collect()
}

fn read<'g>(graph: &'g Graph, text: &str) -> Expr<'g> {
    parse(graph, &scope(graph), text).unwrap_or_else(|| panic!("{text} cannot be read"))
}

fn inner(mathml: &str) -> &str {
    let start = "<math xmlns=\"http://www.w3.org/1998/Math/MathML\">";
    mathml.strip_prefix(start).and_then(|rest| rest.strip_suffix("</math>")).expect("a math element")
}

/// What is read, and how it is written in the three notations.
const PRINTED: &[[&str; 4]] = &[
    [
        "A⁻¹ x",
        "A⁻¹ x",
        r"A^{-1} x",
        "<mrow><msup><mi>A</mi><mrow><mo>−</mo><mn>1</mn></mrow></msup><mo>&#x2062;</mo><mi>x</mi></mrow>",
    ],
    [
        "(Aᵀ)⁻¹ x",
        "A⁻ᵀ x",
        r"A^{-\top} x",
        "<mrow><msup><mi>A</mi><mrow><mo>−</mo><mo>⊤</mo></mrow></msup><mo>&#x2062;</mo><mi>x</mi></mrow>",
    ],
    [
        "1/4 x / (t alpha)",
        "1/4 x / (t alpha)",
        r"\frac{x}{4 t \alpha}",
        "<mfrac><mi>x</mi><mrow><mn>4</mn><mo>&#x2062;</mo><mi>t</mi><mo>&#x2062;</mo><mi>α</mi></mrow></mfrac>",
    ],
    ["t^(1/3)", "t^(1/3)", r"t^{\tfrac{1}{3}}", "<msup><mi>t</mi><mfrac><mn>1</mn><mn>3</mn></mfrac></msup>"],
    [
        "‖A x - y‖",
        "‖A x - y‖",
        r"\left\lVert A x - y\right\rVert",
        "<mrow><mo>‖</mo><mrow><mrow><mi>A</mi><mo>&#x2062;</mo><mi>x</mi></mrow><mo>−</mo><mi>y</mi></mrow><mo>‖</mo></mrow>",
    ],
    [
        "x[1] I₃",
        "x[1] I₃",
        r"{x}_{1} I_{3}",
        "<mrow><msub><mi>x</mi><mrow><mn>1</mn></mrow></msub><mo>&#x2062;</mo><msub><mi>I</mi><mn>3</mn></msub></mrow>",
    ],
    [
        "sin(t) cos(t)²",
        "sin(t) cos(t)²",
        r"\sin\left(t\right) \cos\left(t\right)^{2}",
        "<mrow><mrow><mi>sin</mi><mo>&#x2061;</mo><mrow><mo>(</mo><mi>t</mi><mo>)</mo></mrow></mrow><mo>&#x2062;</mo><msup><mrow><mi>cos</mi><mo>&#x2061;</mo><mrow><mo>(</mo><mi>t</mi><mo>)</mo></mrow></mrow><mn>2</mn></msup></mrow>",
    ],
];

#[test]
fn one_formula_is_written_in_three_notations() {
    for [source, unicode, latex, mathml] in PRINTED {
        let graph = Graph::plain();
        let formula = formula(read(&graph, source), &Named);
        assert_eq!(formula.unicode(), *unicode);
        assert_eq!(formula.latex(), *latex);
        assert_eq!(inner(&formula.mathml()), *mathml);
    }
}

#[test]
fn names_are_letters_with_subscripts() {
    let written = |name: &str| {
        let formula = Formula::Name(name.to_owned());
        (formula.latex(), inner(&formula.mathml()).to_owned())
    };
    let of = |latex: &str, mathml: &str| (latex.to_owned(), mathml.to_owned());
    assert_eq!(written("w1"), of("w_{1}", "<msub><mi>w</mi><mn>1</mn></msub>"));
    assert_eq!(written("w_out"), of(r"w_{\mathrm{out}}", "<msub><mi>w</mi><mi>out</mi></msub>"));
    assert_eq!(written("mu_x"), of(r"\mu_{x}", "<msub><mi>μ</mi><mi>x</mi></msub>"));
    assert_eq!(written("σ"), of(r"\sigma", "<mi>σ</mi>"));
    assert_eq!(written("rate"), of(r"\mathrm{rate}", "<mi>rate</mi>"));
}

/// What is read into a canonical graph, and how it is written.
const BOOK: &[(&str, &str)] = &[
    ("logdet(A)", "ln det(A)"),
    ("2 logdet(A)", "2 ln det(A)"),
    ("logdet(A) x", "(ln det(A)) x"),
    ("t / logdet(A)", "t / (ln det(A))"),
    ("-A (x - A y)", "A (A y - x)"),
    ("-t / (1 - alpha)", "t / (alpha - 1)"),
    ("3 x - 3 y", "3 (x - y)"),
    ("y - x", "y - x"),
    ("-x + A y", "A y - x"),
    ("(A x)ᵀ (A x)", "‖A x‖²"),
    ("√(xᵀ Aᵀ A x)", "‖A x‖"),
    ("tr(Aᵀ A)", "‖A‖²"),
    ("tanh(X)ᵀ tanh(X)", "tanh(X)ᵀ tanh(X)"),
    ("x - (1₃ᵀ x) 1₃", "x - (1₃ᵀ x) 1₃"),
    ("x + t 1₃", "x + t"),
    ("exp(37/1000000 t)", "exp(0.000037 t)"),
    ("t / 1728", "1/1728 t"),
];

#[test]
fn formulas_are_written_as_mathematicians_write() {
    for (source, written) in BOOK {
        let graph = Graph::canonical(&ALGEBRA);
        assert_eq!(formula(read(&graph, source), &Named).unicode(), *written, "{source}");
    }
}

#[test]
fn a_transposed_sum_is_shown_term_by_term_at_the_root() {
    let graph = Graph::canonical(&ALGEBRA);
    let sum = read(&graph, "A x yᵀ - A");
    let written = |x: Expr<'_>| formula(x, &Named).unicode();
    assert_eq!(written(sum.t()), "y xᵀ Aᵀ - Aᵀ");
    assert_eq!(written(read(&graph, "t") * sum.t()), "t (y xᵀ Aᵀ - Aᵀ)");
    assert_eq!(written(-(read(&graph, "t") * sum.t())), "-t (y xᵀ Aᵀ - Aᵀ)");
}

#[test]
fn operations_without_a_book_form_have_clear_ones() {
    let graph = Graph::plain();
    let written = |x: Expr<'_>| {
        let formula = formula(x, &Named);
        (formula.unicode(), formula.latex())
    };
    let of = |unicode: &str, latex: &str| (unicode.to_owned(), latex.to_owned());
    let (a, x) = (read(&graph, "A"), read(&graph, "X"));
    let logarithm = a.reduce(&LN_ABS_DETERMINANT);
    assert_eq!(written(logarithm), of("ln |det(A)|", r"\ln \left\lvert \det\left(A\right)\right\rvert"));
    assert_eq!(written(a.apply(&COFACTOR)), of("cof(A)", r"\operatorname{cof}\left(A\right)"));
    let tolerance = read(&graph, "t");
    let inverse = graph.apply(&PSEUDO_INVERSE, Data::None, &[x, tolerance], Shape::new(2, 3));
    assert_eq!(written(inverse), of("X⁺", "X^{+}"));
    assert_eq!(written(inverse.t()), of("X⁺ᵀ", r"X^{+\top}"));
    assert_eq!(written(reshape(x, Shape::new(6, 1))), of("vec(X)", r"\operatorname{vec}\left(X\right)"));
    let back = reshape(read(&graph, "z6"), Shape::new(3, 2));
    assert_eq!(
        written(back),
        of("reshape(z6, 3×2)", r"\operatorname{reshape}\left(z_{6}, 3 \times 2\right)")
    );
    let product = a * read(&graph, "B");
    assert_eq!(written(product.inverse()), of("(A B)⁻¹", r"\left(A B\right)^{-1}"));
    assert_eq!(written(product.inverse().t()), of("(A B)⁻ᵀ", r"\left(A B\right)^{-\top}"));
}

/// Where a block stands is shown by the zeros around it.
#[test]
fn blocks_are_written_as_matrices_of_blocks() {
    let graph = Graph::plain();
    let at = |i| graph.index(i);
    let written = |x: Expr<'_>| formula(x, &Named).unicode();
    let (a, x, t) = (read(&graph, "A"), read(&graph, "x"), read(&graph, "t"));
    assert_eq!(written(a.scatter(at(1), at(0), Shape::new(6, 3))), "[0₁ₓ₃; A; 0₂ₓ₃]");
    assert_eq!(written(a.scatter(at(0), at(1), Shape::new(4, 4))), "[0₃ₓ₁, A; 0, 0₁ₓ₃]");
    assert_eq!(written(x.scatter(at(1), at(0), Shape::new(5, 1))), "[0; x; 0]");
    assert_eq!(written(x.scatter(at(0), at(1), Shape::new(3, 2))), "x e(1)ᵀ");
    assert_eq!(written(t.scatter(at(0), at(1), Shape::new(3, 3))), "t e(0) e(1)ᵀ");
    assert_eq!(written(graph.int(1).scatter(at(0), at(1), Shape::new(3, 3))), "e(0) e(1)ᵀ");
    let canonical = Graph::canonical(&ALGEBRA);
    let block = read(&canonical, "[0₃ₓ₁, A; 0, 0₁ₓ₃]");
    assert_eq!(written(block), "[0₃ₓ₁, A; 0, 0₁ₓ₃]");
}

#[test]
fn derivatives_are_named_as_books_name_them() {
    let (f, x) = (|| Box::new(Formula::Title("f".to_owned())), |name: &str| Formula::Name(name.to_owned()));
    let written =
        |formula: Formula| (formula.unicode(), formula.latex(), inner(&formula.mathml()).to_owned());
    let of =
        |unicode: &str, latex: &str, mathml: &str| (unicode.to_owned(), latex.to_owned(), mathml.to_owned());
    let title = "<mi mathvariant=\"normal\">f</mi>";
    assert_eq!(
        written(Formula::Partial(f(), vec![x("a"), x("b")])),
        of(
            "∂²f/∂a∂b",
            r"\frac{\partial^{2} \mathrm{f}}{\partial a \, \partial b}",
            &format!(
                "<mfrac><mrow><msup><mo>∂</mo><mn>2</mn></msup>{title}</mrow>\
                 <mrow><mo>∂</mo><mi>a</mi><mo>∂</mo><mi>b</mi></mrow></mfrac>"
            )
        )
    );
    let second = Formula::Product(vec![Formula::Partial(f(), vec![x("x"), x("x")]), x("v_x")]);
    assert_eq!(second.unicode(), "∂²f/∂x² v_x");
    assert_eq!(second.latex(), r"\frac{\partial^{2} \mathrm{f}}{\partial x^{2}} v_{x}");
    let jacobian = Box::new(Formula::Partial(f(), vec![x("x")]));
    let turned = Formula::Raised(jacobian, Raise::Transpose);
    assert_eq!(turned.unicode(), "(∂f/∂x)ᵀ");
    assert_eq!(turned.latex(), r"\left(\frac{\partial \mathrm{f}}{\partial x}\right)^{\top}");
    assert_eq!(
        written(Formula::Differential(f())),
        of("df", r"\mathrm{d} \mathrm{f}", &format!("<mrow><mo>d</mo>{title}</mrow>"))
    );
    assert_eq!(
        written(Formula::Sized('K', Shape::new(3, 2))),
        of("K₃ₓ₂", "K_{3,2}", "<msub><mi>K</mi><mrow><mn>3</mn><mo>,</mo><mn>2</mn></mrow></msub>")
    );
}

#[test]
fn source_text_is_escaped() {
    let graph = Graph::plain();
    let kept = |serial| formula(graph.leaf(Leaf::Kept(serial), Shape::SCALAR), &Named);
    assert_eq!(kept(1).latex(), r"\texttt{cfg\_1.k}");
    assert!(kept(0).mathml().contains("a&lt;b &amp;&amp; c"), "{}", kept(0).mathml());
    assert_eq!(well_formed(&kept(0).mathml()), Ok(()));
}

/// Every construct of a formula, whether or not the graph has it.
fn constructs() -> Vec<Formula> {
    let x = || Box::new(Formula::Name("x".to_owned()));
    let number = |n: &str| Formula::Text(n.to_owned());
    let list = || vec![*x(), number("2")];
    let mut all = vec![
        Formula::Title("f_g".to_owned()),
        Formula::Gradient(x()),
        Formula::Partial(x(), vec![*x(), *x(), number("2")]),
        Formula::Differential(x()),
        Formula::Raised(Box::new(Formula::Partial(x(), vec![*x()])), Raise::Transpose),
        Formula::Size(Shape::new(3, 2)),
        Formula::Sum(vec![(true, *x()), (false, number("1")), (true, number("2"))]),
        Formula::Product(list()),
        Formula::Fraction(x(), Box::new(Formula::Product(list()))),
        Formula::Call("f", "f", list()),
        Formula::Prefix("ln", "\\ln", x()),
        Formula::Absolute(x()),
        Formula::Root(x()),
        Formula::Part(x(), vec![Formula::Range(None), Formula::Range(Some((x(), x())))]),
        Formula::Grid(vec![list(), list()]),
        Formula::Unit(x()),
        Formula::Over("i".to_owned(), x(), x()),
        Formula::State("x_1".to_owned(), 0, list()),
        Formula::State("x".to_owned(), 2, list()),
        Formula::Cases(vec![(*x(), Some(number("1"))), (*x(), None)]),
        Formula::Not(x()),
        Formula::With(x(), vec![(*x(), number("1")), (*x(), *x())]),
    ];
    let run = || Run { index: "k".to_owned(), first: number("0"), last: number("9") };
    let definition = |runs| Definition { left: *x(), right: number("1"), runs };
    let definitions = vec![definition(vec![]), definition(vec![run(), run()])];
    all.push(Formula::Where(x(), definitions));
    let relations = [
        Relation::Less,
        Relation::AtMost,
        Relation::More,
        Relation::AtLeast,
        Relation::Equal,
        Relation::Unequal,
    ];
    all.extend(relations.map(|relation| Formula::Relation(relation, x(), x())));
    all.extend([Connective::And, Connective::Or].map(|both| Formula::Logic(both, list())));
    let sizes = [('I', (3, 3)), ('K', (3, 2)), ('1', (3, 1)), ('1', (1, 3)), ('1', (2, 3)), ('0', (2, 1))];
    all.extend(sizes.map(|(symbol, (r, c))| Formula::Sized(symbol, Shape::new(r, c))));
    let operators = [Infix::Times, Infix::Over, Infix::Kronecker, Infix::Cross];
    all.extend(operators.map(|op| Formula::Infix(vec![(op, *x()), (op, *x())])));
    let signs = [
        Raise::Transpose,
        Raise::Inverse,
        Raise::InverseTranspose,
        Raise::PseudoInverse,
        Raise::PseudoInverseTranspose,
        Raise::Whole(-2),
        Raise::By(x()),
    ];
    all.extend(signs.map(|raise| Formula::Raised(x(), raise)));
    all
}

#[test]
fn mathml_is_well_formed() {
    let constructs = constructs();
    for formula in &constructs {
        assert_eq!(well_formed(&formula.mathml()), Ok(()), "{}", formula.mathml());
        assert_eq!(well_formed(&formula.mathml_equation(&Formula::Product(constructs.clone()))), Ok(()));
    }
    for (source, _) in BOOK {
        let graph = Graph::canonical(&ALGEBRA);
        let mathml = formula(read(&graph, source), &Named).mathml();
        assert_eq!(well_formed(&mathml), Ok(()), "{source}: {mathml}");
    }
}

/// The functions of `closed_forms.txt` and their derivatives have the same parameters in the same order in all three.
#[test]
fn the_notations_have_one_structure() {
    for line in
        include_str!("closed_forms.txt").lines().filter(|line| line.contains(" | ") && !line.starts_with('#'))
    {
        let fields: Vec<&str> = line.split(" | ").collect();
        let graph = Graph::canonical(&ALGEBRA);
        let mut scope = Scope::new();
        for (k, input) in fields[1].split(", ").enumerate() {
            let (name, size) = input.split_once(": ").expect("name: size");
            let (rows, columns) = size.split_once('×').unwrap_or((size, "1"));
            let number = |text: &str| text.trim_end_matches('s').parse().expect("a size");
            let shape = Shape::new(number(rows), number(columns));
            scope.insert(name.to_owned(), graph.leaf(Leaf::Input(k as u32), shape));
        }
        let y = parse(&graph, &scope, fields[3]).expect("a function");
        let variables = fields[2].trim_start_matches("hess ").split(' ');
        let derivatives = derivatives(y, variables.map(|name| scope[name]).collect());
        for root in [y].into_iter().chain(derivatives) {
            let formula = formula(root, &Cyrillic);
            let (unicode, latex, mathml) = (formula.unicode(), formula.latex(), formula.mathml());
            assert_eq!(parameters(&latex), parameters(&unicode), "{latex}");
            assert_eq!(parameters(&mathml), parameters(&unicode), "{mathml}");
            assert_eq!(well_formed(&mathml), Ok(()), "{mathml}");
        }
    }
}

/// Gradients and Hessians, or Jacobians.
fn derivatives<'g>(value: Expr<'g>, x: Vec<Expr<'g>>) -> Vec<Expr<'g>> {
    let kinds = x.iter().map(|x| InputKind::Matrix(x.shape())).collect();
    let known = x.iter().map(|x| x.properties()).collect();
    let of = Differentiated::new(value, x, kinds, known, Layout::Numerator);
    match value.is_scalar() {
        true => [of.part(Part::Gradient), of.part(Part::Hessian)].concat(),
        false => of.part(Part::Jacobian),
    }
}

/// Names that stand for nothing else.
struct Cyrillic;

const LETTERS: &str = "БГДЖЗЛ";

impl Names for Cyrillic {
    fn input(&self, position: u32) -> String {
        LETTERS.chars().nth(position as usize).expect("a letter").to_string()
    }

    fn kept(&self, _: u32) -> String {
        String::new()
    }
}

fn parameters(text: &str) -> String {
    text.chars().filter(|c| LETTERS.contains(*c)).collect()
}
