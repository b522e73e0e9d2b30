//! Operations of generated derivatives beside those of an expert: the functions of `fixtures/counts.rs`, each with the
//! operations by which an expert computes its gradient, and those of `fixtures/second_order.rs`, for Jacobians, Hessians
//! and Gauss-Newton steps. Both are counted by `plan::cost`, and what is emitted may not take more. `BLESS=1` writes the
//! emitted counts, and nothing else. The product of a Hessian and a vector takes at most four times the operations of
//! the gradient.

use std::collections::HashSet;
use std::path::PathBuf;

use gradmacro_core::Expansion;
use gradmacro_core::front::request::Output;
use gradmacro_core::ir::{Data, Dim, Expr, Graph, Leaf, Ratio, Shape};
use gradmacro_core::ops::OpDef;
use gradmacro_core::ops::exponential::{CBRT, EXP, LOGISTIC};
use gradmacro_core::ops::factors::{
    CHOLESKY_FACTORS, COFACTORS, FACTOR_INVERSE, LOWER_FACTORS, LU, SOLVE, SVD,
};
use gradmacro_core::ops::hyperbolic::TANH;
use gradmacro_core::ops::lowered::{INNER, NORM, TOTAL};
use gradmacro_core::ops::piecewise::SIGN;
use gradmacro_core::ops::products::{KRONECKER, PRODUCT};
use gradmacro_core::ops::reductions::SOFTMAX;
use gradmacro_core::ops::structure::TRACE;
use gradmacro_core::ops::trigonometric::{COS, SIN};
use gradmacro_core::plan::cost::flops;
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

const FIRST_ORDER: &str = "counts.rs";
const SECOND_ORDER: &str = "second_order.rs";

/// A function, its expert, and what is known of its emitted derivative.
struct Row {
    name: String,
    attribute: TokenStream,
    function: TokenStream,
    returns_a_number: bool,
    expert: Vec<Operation>,
    pinned: u64,
}

impl Row {
    /// The generated function that the counts are about: the first further one, or the derivative itself.
    fn output(&self) -> Output {
        let words: Vec<String> = self.attribute.clone().into_iter().map(|token| token.to_string()).collect();
        let asked = FURTHER.iter().find(|(word, _)| words.iter().any(|own| own == word));
        match asked {
            Some((_, output)) => *output,
            None if self.returns_a_number => Output::Grad,
            None => Output::Jacobian,
        }
    }
}

const FURTHER: &[(&str, Output)] = &[("hessian", Output::Hessian), ("gauss_newton", Output::GaussNewton)];

/// A line of the expert's: `what it computes: word sizes = count`, or `… = times · each = count`.
struct Operation {
    line: String,
    word: String,
    sizes: Vec<usize>,
    times: u64,
    stated: u64,
}

#[test]
fn gradients_take_at_most_the_operations_of_an_expert() {
    compare(FIRST_ORDER);
}

#[test]
fn jacobians_and_hessians_take_at_most_the_operations_of_an_expert() {
    compare(SECOND_ORDER);
}

#[test]
fn experts_are_counted_by_the_rule() {
    let mut names = HashSet::new();
    for row in [FIRST_ORDER, SECOND_ORDER].into_iter().flat_map(rows) {
        assert!(!row.expert.is_empty(), "{} has no expert", row.name);
        for operation in &row.expert {
            let counted = operation.times * count(&operation.word, &operation.sizes);
            assert_eq!(operation.stated, counted, "{}: {}", row.name, operation.line);
        }
        assert!(names.insert(row.name.clone()), "{} stands here twice", row.name);
    }
}

/// Functions of `fixtures/counts.rs` without second derivatives, and why.
const REFUSED: &[(&str, &str)] = &[("la_nuclear", "the derivative of left singular vectors is not known")];

#[test]
fn hessians_times_a_vector_take_at_most_four_gradients() {
    let wrong: Vec<String> = rows(FIRST_ORDER).iter().filter_map(wrong_product).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What is wrong with the product of a function's Hessian and a vector.
fn wrong_product(row: &Row) -> Option<String> {
    let name = &row.name;
    let refused = REFUSED.iter().find(|(refused, _)| name == refused);
    match (expansion(&with_hvp(row), &row.function), refused) {
        (Ok(expansion), None) => {
            let product = flops_of(&expansion, Output::Hvp);
            let gradient = flops_of(&expansion, Output::Grad);
            let ratio = product as f64 / gradient as f64;
            (product > 4 * gradient)
                .then(|| format!("{name}: {product} beside {gradient} of the gradient, {ratio:.2} times"))
        }
        (Err(errors), Some((_, why))) if errors.contains(why) => None,
        (Err(errors), _) => Some(format!("{name}: {errors}")),
        (Ok(_), Some(_)) => Some(format!("{name} is not refused")),
    }
}

fn with_hvp(row: &Row) -> TokenStream {
    let attribute = &row.attribute;
    if attribute.is_empty() { quote!(hvp) } else { quote!(#attribute, hvp) }
}

/// What is emitted takes what is pinned, and no more than an expert takes.
fn compare(fixture: &str) {
    let rows = rows(fixture);
    let emitted: Vec<u64> = rows.iter().map(emitted).collect();
    if std::env::var_os("BLESS").is_some() {
        bless(fixture, &emitted);
    }
    let mut wrong = vec![];
    for (row, emitted) in rows.iter().zip(&emitted) {
        let expert: u64 = row.expert.iter().map(|operation| operation.stated).sum();
        if *emitted > expert {
            wrong.push(format!("{}: {emitted} are emitted, an expert takes {expert}", row.name));
        }
        if *emitted != row.pinned {
            let pinned = row.pinned;
            wrong.push(format!("{}: {emitted} are emitted, {pinned} are pinned; BLESS=1 accepts", row.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Operations of the generated function that a row is about.
fn emitted(row: &Row) -> u64 {
    match expansion(&row.attribute, &row.function) {
        Ok(expansion) => flops_of(&expansion, row.output()),
        Err(errors) => panic!("{}: {errors}", row.name),
    }
}

fn expansion(attribute: &TokenStream, function: &TokenStream) -> Result<Expansion, String> {
    gradmacro_core::read(attribute.clone(), function.clone()).map_err(|failure| {
        let errors: Vec<String> = failure.errors().iter().map(|error| error.text()).collect();
        errors.join("\n")
    })
}

fn flops_of(expansion: &Expansion, output: Output) -> u64 {
    let mut outputs = expansion.request.outputs.iter().zip(&expansion.schedules);
    let (_, schedule) = outputs.find(|((of, _), _)| *of == output).expect("it is generated");
    schedule.flops
}

/// What a word of the expert's means, as a node that `plan::cost` counts.
fn count(word: &str, sizes: &[usize]) -> u64 {
    let graph = Graph::plain();
    let matrix = |k, rows, columns| graph.leaf(Leaf::Input(k), Shape::new(rows, columns));
    let rows = sizes.first().copied().unwrap_or(1);
    let columns = sizes.get(1).copied().unwrap_or(1);
    let (a, b) = (matrix(0, rows, columns), matrix(1, rows, columns));
    let of = |op: &'static OpDef, x: Expr<'_>| flops(x.apply(op));
    let square = |op: &'static OpDef| matrix(0, rows, rows).apply(op);
    let solve = |op| flops(graph.apply(&SOLVE, Data::None, &[square(op), b], b.shape()));
    match (word, sizes.len()) {
        // Products: A B, A x, x yᵀ, A ⊗ B, ⟨A, B⟩.
        ("gemm", 3) => flops(product(matrix(0, rows, columns), matrix(1, columns, sizes[2]))),
        ("gemv", 2) => flops(product(a, matrix(1, columns, 1))),
        ("ger", 2) => flops(product(matrix(0, rows, 1), matrix(1, 1, columns))),
        ("kronecker", 4) => kronecker(sizes),
        ("dot", 1 | 2) => flops(graph.apply(&INNER, Data::None, &[a, b], Shape::SCALAR)),
        // Entry by entry. A division counts 1, and so does a reciprocal.
        ("add", 1 | 2) => flops(a + b),
        ("scale", 1 | 2) => flops(a.times(Ratio::int(2))),
        ("multiply", 1 | 2) => flops(a.hadamard(b)),
        ("divide", 1 | 2) => flops(a.power(Ratio::MINUS_ONE)),
        ("sqrt", 1 | 2) => flops(a.power(Ratio::HALF)),
        ("exp", 1 | 2) => of(&EXP, a),
        ("softmax", 1) => of(&SOFTMAX, a),
        ("logistic", 1 | 2) => of(&LOGISTIC, a),
        ("tanh", 1 | 2) => of(&TANH, a),
        ("sin", 1 | 2) => of(&SIN, a),
        ("cos", 1 | 2) => of(&COS, a),
        ("cbrt", 1 | 2) => of(&CBRT, a),
        ("sign", 1 | 2) => of(&SIGN, a),
        // All entries together.
        ("sum", 1 | 2) => flops(a.reduce(&TOTAL)),
        ("norm", 1 | 2) => flops(a.reduce(&NORM)),
        ("trace", 1) => flops(matrix(0, rows, rows).reduce(&TRACE)),
        // Factorisations, and what is computed from one: n, or n×k for k right-hand sides.
        ("lu", 1) => flops(square(&LU)),
        ("cholesky", 1) => flops(square(&CHOLESKY_FACTORS)),
        ("cofactors", 1) => flops(square(&COFACTORS)),
        ("cofactor_inverse", 1) => of(&FACTOR_INVERSE, square(&COFACTORS)),
        ("lu_inverse", 1) => of(&FACTOR_INVERSE, square(&LU)),
        ("cholesky_inverse", 1) => of(&FACTOR_INVERSE, square(&CHOLESKY_FACTORS)),
        ("solve", 1 | 2) => solve(&LU),
        ("substitute", 1 | 2) => solve(&LOWER_FACTORS),
        ("svd", 2) => of(&SVD, a),
        _ => panic!("{word} of {sizes:?} has no meaning here"),
    }
}

/// A ⊗ B, of the sizes of A and B.
fn kronecker(sizes: &[usize]) -> u64 {
    let graph = Graph::plain();
    let factor = |k, at: usize| graph.leaf(Leaf::Input(k), Shape::new(sizes[at], sizes[at + 1]));
    let shape = Shape::new(sizes[0] * sizes[2], sizes[1] * sizes[3]);
    flops(graph.apply(&KRONECKER, Data::None, &[factor(0, 0), factor(1, 2)], shape))
}

fn product<'g>(a: Expr<'g>, b: Expr<'g>) -> Expr<'g> {
    let shape = Shape::of(a.shape().rows, b.shape().columns);
    assert!(a.shape().columns == b.shape().rows || shape.columns == Dim::ONE, "the sizes fit");
    a.graph.apply(&PRODUCT, Data::None, &[a, b], shape)
}

fn path(fixture: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(fixture)
}

fn text(fixture: &str) -> String {
    std::fs::read_to_string(path(fixture)).expect("the fixture can be read")
}

fn rows(fixture: &str) -> Vec<Row> {
    let file = syn::parse_file(&text(fixture)).expect("the fixture is Rust");
    let functions = file.items.into_iter().filter_map(|item| match item {
        syn::Item::Fn(function) => Some(function),
        _ => None,
    });
    functions.map(row).collect()
}

/// Takes the comment and the attribute off a function.
fn row(mut function: syn::ItemFn) -> Row {
    let name = function.sig.ident.to_string();
    let (mut attribute, mut expert, mut pinned) = (None, vec![], None);
    for own in std::mem::take(&mut function.attrs) {
        match own.meta {
            syn::Meta::NameValue(comment) => {
                let line = said(&comment.value);
                let line = line.trim();
                match (line.strip_prefix("- "), line.strip_prefix(EMITTED)) {
                    (Some(line), _) => expert.push(operation(line)),
                    (_, Some(count)) => pinned = count.trim_end_matches('.').parse().ok(),
                    _ => {}
                }
            }
            syn::Meta::List(list) => attribute = Some(list.tokens),
            syn::Meta::Path(_) => {}
        }
    }
    let pinned = pinned.unwrap_or_else(|| panic!("{name} has no count: write `{EMITTED}0.`, and BLESS=1"));
    let attribute = attribute.unwrap_or_default();
    let returns_a_number = function.sig.output.to_token_stream().to_string() == "-> f64";
    Row { name, attribute, function: function.into_token_stream(), returns_a_number, expert, pinned }
}

const EMITTED: &str = "Emitted: ";

fn said(value: &syn::Expr) -> String {
    match value {
        syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => text.value(),
        _ => String::new(),
    }
}

fn operation(line: &str) -> Operation {
    let read = || {
        let (_, counted) = line.rsplit_once(": ")?;
        let mut sides = counted.split(" = ");
        let (word, sizes) = sides.next()?.split_once(' ')?;
        let sizes = sizes.split('×').map(|n| n.parse().ok()).collect::<Option<Vec<usize>>>()?;
        let sides: Vec<&str> = sides.collect();
        let times = match sides[..] {
            [_] => 1,
            [product, _] => product.split_once(" · ")?.0.parse().ok()?,
            _ => return None,
        };
        let stated = sides.last()?.parse().ok()?;
        Some(Operation { line: line.to_owned(), word: word.to_owned(), sizes, times, stated })
    };
    read().unwrap_or_else(|| panic!("not an operation: {line}"))
}

/// Writes the counts into the fixture, in the order of its functions.
fn bless(fixture: &str, emitted: &[u64]) {
    let mut counts = emitted.iter();
    let mut blessed = String::new();
    for line in text(fixture).lines() {
        match line
            .strip_prefix("/// ")
            .and_then(|line| line.strip_prefix(EMITTED))
            .and_then(|_| counts.next())
        {
            Some(count) => blessed.push_str(&format!("/// {EMITTED}{count}.")),
            None => blessed.push_str(line),
        }
        blessed.push('\n');
    }
    std::fs::write(path(fixture), blessed).expect("the fixture can be written");
}
