//! What the compiler tells people about a function: formulas, costs, rewrites, and the documentation it writes.

use gradmacro_core::certify::Certificate;
use gradmacro_core::emit::documentation::Documentation;
use gradmacro_core::{Explanation, explain, read};
use quote::quote;

const QUADRATIC: &str =
    "fn f(x: &SVector<f64, 3>, a: &SMatrix<f64, 3, 3>) -> f64 { let s: f64 = 2.0; s * x.dot(&(a * x)) }";

fn only(source: &str) -> Explanation {
    let mut list = explain(source).unwrap_or_else(|errors| panic!("{errors:?}"));
    assert_eq!(list.len(), 1);
    list.remove(0)
}

#[test]
fn a_function_alone_needs_no_attribute() {
    let f = only(QUADRATIC);
    let lines: Vec<String> = f.formulas.iter().map(ToString::to_string).collect();
    assert_eq!(lines, ["f = 2 xᵀ a x", "∇x f = 2 (a + aᵀ) x    (3×1)"]);
    let gradient = &f.formulas[1];
    assert_eq!(gradient.latex(), r"\nabla_{x} \mathrm{f} = 2 \left(a + a^{\top}\right) x");
    let mathml = gradient.mathml();
    assert!(mathml.contains("<msub><mo>∇</mo><mi>x</mi></msub>"), "{mathml}");
    assert!(matches!(f.certificate, Certificate::Certified(_)));
    assert!(!f.rewrites.is_empty());
}

#[test]
fn annotated_functions_are_found_wherever_they_stand() {
    let source = "
        fn helper(x: f64) -> Unknown { x }
        #[derive_grad(wrt(y))] fn first(x: f64, y: f64) -> f64 { x * y }
        mod inner { #[gradmacro::derive_grad] fn second(x: f64) -> f64 { x } }
        impl Model { #[derive_grad] fn third(&self, x: f64) -> f64 { self.k * x } fn other(&self) {} }
        trait Loss { #[derive_grad] fn fourth(&self, x: f64) -> f64 { x.sin() } fn fifth(&self); }";
    let names: Vec<String> = explain(source).expect("all of them").into_iter().map(|f| f.name).collect();
    assert_eq!(names, ["first", "second", "third", "fourth"]);
}

#[test]
fn all_mistakes_are_returned() {
    let source = "
        #[derive_grad] fn f(x: &Vector2<f64>) -> f64 { x[2] }
        #[derive_grad] fn g(x: &Vector2<f64>) -> f64 { x[3] }
        #[derive_grad] fn h(x: f64) -> f64 { x }";
    assert_eq!(explain(source).err().map(|errors| errors.len()), Some(2));
    assert!(explain("fn f(").is_err());
}

/// 2 · 9 for the product with `a`, 6 for the inner product, 1 for the factor.
#[test]
fn operations_are_counted_with_and_without_rules() {
    let f = only(QUADRATIC);
    let counts: Vec<(&str, bool)> =
        f.operations.iter().map(|o| (o.name.as_str(), o.planned <= o.raw)).collect();
    assert_eq!(counts, [("f", true), ("f_grad", true), ("f_value_and_grad", true)]);
    assert_eq!((f.operations[0].raw, f.operations[0].planned), (25, 25));
    let sum = only("fn f(x: &SVector<f64, 8>) -> f64 { (0..7).map(|i| x[i] * x[i + 1]).sum() }");
    assert_eq!(sum.operations[0].raw, 14, "a product and an addition in each run");
}

#[test]
fn an_explanation_is_readable() {
    let text = only(QUADRATIC).to_string();
    for part in
        ["  ∇x f = 2 (a + aᵀ) x    (3×1)\n", "\n  LaTeX\n", "\n  MathML\n", "without rules  generated\n"]
    {
        assert!(text.contains(part), "{text}");
    }
    assert!(text.ends_with("random points"), "{text}");
}

/// Kept expressions are shown as the user wrote them, with the formula's own indices.
#[test]
fn kept_expressions_are_shown_as_written() {
    let source = "fn f(x: &SVector<f64, 3>, data: &[f64]) -> f64 {
        let scale: f64 = self::settings().scale;
        let long: f64 = self::settings().a_name_that_is_too_long_to_be_part_of_a_formula();
        scale * long * (0..3).map(|k| x[k] * data[k + 1] * data[2 * k]).sum::<f64>() + (data.len() as f64) * x[0]
    }";
    let value = only(source).formulas[0].unicode();
    for part in ["self::settings().scale", "long", "data[i + 1]", "data[2 * i]", "(data.len() as f64) x[0]"] {
        assert!(value.contains(part), "{value}");
    }
    let pairs = "fn f(w: &SVector<f64, 3>, data: &[(SVector<f64, 3>, f64)]) -> f64 {
        data.iter().map(|(x, y)| (w.dot(x) - y).powi(2)).sum()
    }";
    assert_eq!(only(pairs).formulas[0].unicode(), "f = Σᵢ (wᵀ x - y)²");
}

#[test]
fn documentation_has_formulas_in_blocks_and_costs() {
    let item = quote! {
        fn f<const N: usize>(x: &SVector<f64, N>) -> f64 { 0.5 * x.norm_squared() + x[0] }
    };
    let of = |attribute| read(attribute, item.clone()).unwrap_or_else(|_| panic!("it can be read"));
    let lines = |expansion: &gradmacro_core::Expansion| {
        Documentation::of(expansion).lines(expansion.request.outputs[0].0, &expansion.schedules[0])
    };
    let plain = lines(&of(quote!()));
    assert_eq!(plain[0], " Gradient of `f` with respect to `x`.");
    assert_eq!(plain[1..3], ["", " ```text"]);
    let cost = plain.last().expect("a line");
    assert!(cost.contains(" operations with 16 for each named size; `f` alone takes "), "{cost}");
    assert!(cost.contains("`f_value_and_grad` "), "{cost}");
    let both = lines(&of(quote!(latex)));
    assert!(both.iter().any(|line| line.starts_with(r" \mathrm{f} = \tfrac{1}{2} ")), "{both:?}");
    assert_eq!(both.iter().filter(|line| line.contains("```")).count(), 4);
    no_brackets_outside_blocks(&both);
}

const RESIDUAL: &str = "#[derive_grad(jvp, vjp, gauss_newton)]
    fn f(x: &SVector<f64, 3>, a: &SMatrix<f64, 5, 3>) -> SVector<f64, 5> { a * x }";

fn formulas(source: &str) -> Vec<String> {
    only(source).formulas.iter().map(ToString::to_string).collect()
}

#[test]
fn every_part_is_shown_under_its_name() {
    assert_eq!(
        formulas(RESIDUAL),
        [
            "f = a x    (5×1)",
            "df = a d_x    (5×1)",
            "(∂f/∂x)ᵀ ybar = aᵀ ybar    (3×1)",
            "∂f/∂x = a    (5×3)",
            "1/2 ‖f‖² = 1/2 ‖a x‖²",
            "(∂f/∂x)ᵀ f = aᵀ a x    (3×1)",
            "(∂f/∂x)ᵀ ∂f/∂x = aᵀ a    (3×3)",
        ]
    );
    let quadratic = format!("#[derive_grad(hessian, hvp, jvp, jacobian)] {QUADRATIC}");
    assert_eq!(
        formulas(&quadratic)[2..],
        [
            "∂²f/∂x² = 2 (a + aᵀ)    (3×3)",
            "∂²f/∂x² v_x = 2 (a + aᵀ) v_x    (3×1)",
            "df = 2 (xᵀ a d_x + d_xᵀ a x)",
            "∂f/∂x = 2 xᵀ (a + aᵀ)    (1×3)",
        ]
    );
}

/// Second derivatives by two parameters are shown once; directions and matrices are named so that shapes are right.
#[test]
fn several_parameters_and_matrices_have_names_that_fit() {
    let two =
        "#[derive_grad(wrt(a, b), hessian, hvp)] fn f(a: f64, b: &SVector<f64, 2>) -> f64 { a * a * b[0] }";
    let names: Vec<String> = only(two).formulas.iter().map(|f| f.name.unicode()).collect();
    let hessian = ["∂²f/∂a²", "∂²f/∂a∂b", "∂²f/∂b²"];
    assert_eq!(names, [&["f", "∇a f", "∇b f"], &hessian[..], &["d∇a f", "d∇b f"]].concat());
    let turned = "#[derive_grad(vjp, layout = \"denominator\")]
        fn f(x: &SMatrix<f64, 3, 2>, a: &SMatrix<f64, 3, 3>) -> SMatrix<f64, 3, 2> { a * x }";
    let names: Vec<String> = only(turned).formulas.iter().map(|f| f.name.unicode()).collect();
    assert_eq!(names, ["f", "∇x tr(ybarᵀ f)", "(∂f/∂x)ᵀ"]);
}

/// The documentation of each generated function, by what it returns.
fn documented(source: &str) -> Vec<Vec<String>> {
    let mut item: syn::ItemFn = syn::parse_str(source).expect("a function");
    let attribute = item.attrs.pop().expect("an attribute").meta;
    let attribute = attribute.require_list().map(|list| list.tokens.clone()).unwrap_or_default();
    let expansion = read(attribute, quote!(#item)).unwrap_or_else(|_| panic!("it can be read"));
    let documentation = Documentation::of(&expansion);
    let outputs = expansion.request.outputs.iter().zip(&expansion.schedules);
    outputs.map(|((output, _), schedule)| documentation.lines(*output, schedule)).collect()
}

#[test]
fn documentation_shows_what_the_function_returns() {
    let [jacobian, both, jvp, vjp, newton] = &documented(RESIDUAL)[..] else { panic!("five functions") };
    assert_eq!(
        jacobian[..5],
        [" Jacobian of `f` with respect to `x`.", "", " ```text", " f = a x    (5×1)", " ∂f/∂x = a    (5×3)"]
    );
    assert_eq!(jacobian[7], " A row for each entry of the result, a column for each of the parameter.");
    assert_eq!(both[0], " Value of `f` and its Jacobian with respect to `x`.");
    assert_eq!(jvp[0], " Value of `f` and its derivative in the direction `d_x` of `x`.");
    assert_eq!(jvp[4], " df = a d_x    (5×1)");
    assert_eq!(
        vjp[0],
        " Value of `f` and the gradient of its inner product with `ybar` with respect to `x`."
    );
    assert_eq!(
        newton[0],
        " Half the squared norm of `f`, its gradient and its Gauss-Newton matrix with respect to `x`."
    );
    assert_eq!(newton[3..7].len(), 4);
    let hessians = documented(
        "#[derive_grad(wrt(u, v), hessian, hvp)]
         fn f(u: &SMatrix<f64, 4, 2>, v: &SMatrix<f64, 3, 2>) -> f64 { (u * v.transpose()).norm_squared() }",
    );
    assert_eq!(hessians[2][0], " Hessian of `f` with respect to `u`, `v`.");
    let blocks = " A row of blocks for each parameter, with a block for each, column by column; those that are not \
                  shown are the transposes of those that are.";
    assert!(hessians[2].contains(&blocks.to_owned()), "{:?}", hessians[2]);
    assert_eq!(
        hessians[4][0],
        " Hessian of `f` with respect to `u`, `v`, times the directions `v_u`, `v_v`."
    );
    hessians
        .iter()
        .chain([jacobian, both, jvp, vjp, newton])
        .for_each(|lines| no_brackets_outside_blocks(lines));
    let turned = documented(
        "#[derive_grad(wrt(x, t), layout = \"denominator\")]
         fn f(x: &SVector<f64, 3>, t: f64, a: &SMatrix<f64, 5, 3>) -> SVector<f64, 5> { a * x * t }",
    );
    let layout = " A row for each entry of the parameter, a column for each of the result; by a number it has the \
                  shape of the transposed result.";
    assert!(turned[0].contains(&layout.to_owned()), "{:?}", turned[0]);
}

/// Rustdoc takes `x[0]` for a link.
fn no_brackets_outside_blocks(lines: &[String]) {
    let mut inside = false;
    for line in lines {
        inside ^= line.contains("```");
        assert!(inside || !line.contains('['), "{line}");
    }
}
