//! Wrong attributes: one mistake, one error, in the words wanted.

use proc_macro2::TokenStream;

use super::*;
use crate::front::InputKind;
use crate::front::item::read_item;
use crate::front::signature::read_signature;

fn read(attribute: &str, item: &str) -> (Request, Vec<String>) {
    let diagnostics = Diagnostics::new();
    let tokens: TokenStream = attribute.parse().unwrap();
    let options = read_options(tokens, &diagnostics);
    let function = read_item(item.parse().unwrap(), &diagnostics).unwrap();
    let signature = read_signature(&function, &options.types, &diagnostics);
    let request = check_options(&options, &signature, &function, &diagnostics);
    (request, diagnostics.finish().iter().map(|diagnostic| diagnostic.text()).collect())
}

/// Attribute, item and what the one error must contain.
type Case = (&'static str, &'static str, &'static [&'static str]);

fn check(cases: &[Case]) {
    for (attribute, item, wanted) in cases {
        let (_, errors) = read(attribute, item);
        assert_eq!(errors.len(), 1, "#[derive_grad({attribute})] {item}: {errors:#?}");
        for fragment in *wanted {
            assert!(errors[0].contains(fragment), "#[derive_grad({attribute})] {item}: {}", errors[0]);
        }
    }
}

const SCALAR: &str =
    "fn f(x: &SVector<f64, 3>, a: &SMatrix<f64, 3, 3>, k: f64) -> f64 { let r = a * x; k * r.norm() }";
const VECTOR: &str = "fn f(x: &SVector<f64, 2>, a: &SMatrix<f64, 3, 2>) -> SVector<f64, 3> { a * x }";
const METHOD: &str = "fn energy(&self, x: f64) -> f64 { self.k * x }";

#[test]
fn options_are_well_formed() {
    check(&[
        ("hesian", SCALAR, &["unknown option `hesian`", "`hessian`", "did you mean `hessian`"]),
        ("x", SCALAR, &["unknown option `x`", "write `wrt(x)`", "`gauss_newton`"]),
        ("hessian, hessian", SCALAR, &["`hessian` stands twice", "keep one"]),
        ("wrt(x), wrt(k)", SCALAR, &["`wrt` stands twice", "`wrt(x, k)`"]),
        ("hessian = 3", SCALAR, &["`hessian` takes no argument", "write `hessian`"]),
        ("hessian(x)", SCALAR, &["`hessian` takes no argument"]),
        ("wrt = x", SCALAR, &["`wrt` cannot be read", "write `wrt(x)`"]),
        ("wrt = \"x\"", SCALAR, &["write `wrt(x)`"]),
        ("wrt", SCALAR, &["`wrt` needs an argument"]),
        ("wrt()", SCALAR, &["`wrt` names no parameter"]),
        ("wrt(\"x\")", SCALAR, &["found a string", "without quotes", "`wrt(x)`"]),
        ("wrt(&x)", SCALAR, &["found `&x`", "`wrt(x)`"]),
        ("\"k\"", SCALAR, &["expected an option, found a string", "without quotes", "write `wrt(k)`"]),
        ("\"hessian\"", SCALAR, &["found a string", "write `hessian`"]),
        ("3", SCALAR, &["expected an option, found the literal `3`"]),
        ("wrt(x) hessian", SCALAR, &["expected an option, found `wrt(x) hessian`", "commas"]),
        ("layout = \"row\"", VECTOR, &["unknown layout `row`", "\"numerator\"", "\"denominator\""]),
        ("layout = numerator", SCALAR, &["unknown layout `numerator`"]),
        ("stack = \"1M\"", SCALAR, &["`stack` needs a number of bytes"]),
        ("types(State)", SCALAR, &["`types` cannot be read from `(State)`"]),
        ("rename(grad)", SCALAR, &["`rename` cannot be read", "rename(grad = name)"]),
        ("rule(erf(x) = x)", SCALAR, &["`rule` cannot be read"]),
        ("crate = 3", SCALAR, &["`crate` needs a path"]),
    ]);
}

#[test]
fn targets_are_parameters_that_can_be_differentiated() {
    check(&[
        ("wrt(r)", SCALAR, &["`r` is a local variable of `f`", "`x`, `a`, `k`"]),
        ("wrt(y)", SCALAR, &["`y` is not a parameter of `f`", "`x`, `a`, `k`"]),
        ("wrt(x, x)", SCALAR, &["`x` is named twice in `wrt`", "`wrt(x, a)`"]),
        ("wrt(self)", METHOD, &["cannot differentiate with respect to `self`", "as a parameter"]),
        ("wrt(self.k)", METHOD, &["cannot differentiate with respect to `self`"]),
        (
            "",
            "fn f(n: i32, x: f64) -> f64 { x.powi(n) }",
            &["`n` is an integer", "first parameter", "wrt(x)"],
        ),
        (
            "wrt(n)",
            "fn f(n: i32, x: f64) -> f64 { x.powi(n) }",
            &["`n` is an integer", "can be differentiated"],
        ),
        ("", "fn f(s: &String, x: f64) -> f64 { x }", &["`s` has type `&String`", "wrt(x)"]),
        ("", "fn f(on: bool) -> f64 { 1.0 }", &["`on` has type `bool`"]),
        ("", "fn f() -> f64 { 1.0 }", &["`f` has no parameter to differentiate"]),
        ("", "fn f(x: &mut f64) -> f64 { *x }", &["`&mut f64` cannot be differentiated"]),
    ]);
}

#[test]
fn types_that_are_not_known_are_reported_once() {
    check(&[
        (
            "",
            "fn f(s: &State) -> f64 { s.norm() }",
            &["the type `State` is not known", "types(State = ", "type alias"],
        ),
        ("", "fn f(s: &State) -> State { s }", &["the type `State` is not known"]),
        (
            "",
            "fn f(a: &DVector<f64>, b: &DMatrix<f64>) -> DVector<f64> { b * a }",
            &["`DVector` has no size", "no heap"],
        ),
        ("", "fn f(v: &[f64]) -> f64 { v[0] }", &["a slice has no size"]),
        (
            "",
            "fn f<T: Float>(x: T) -> T { x }",
            &["must be bound by `nalgebra::RealField`", "RealField + Copy", "`T: Float`"],
        ),
        ("", "fn f<T>(x: T) -> T where T: Float { x }", &["must be bound by", "`T: Float`"]),
        ("", "fn f(x: f64) -> usize { 1 }", &["returns `usize`, which has no derivative"]),
        ("", "fn f(x: f64) -> (f64, f64) { (x, x) }", &["returns `(f64, f64)`"]),
        ("", "fn f(x: &f64) -> &f64 { x }", &["returns a reference", "`-> f64`"]),
        ("", "fn f(x: Vectr3<f64>) -> f64 { x.norm() }", &["did you mean `Vector3`?"]),
        ("types(State = SVector<f64, 3>)", SCALAR, &["`State`", "does not occur"]),
        ("types(self.q = f64)", METHOD, &["`self.q`", "does not occur"]),
        ("types(S = f64, S = f32)", "fn f(x: S) -> f64 { x }", &["says twice what `S` is"]),
    ]);
}

#[test]
fn facts_are_about_square_matrices() {
    check(&[
        (
            "symmetric(p)",
            SCALAR,
            &["`p` is not a parameter of `f`", "`x`, `a`, `k`", "did you mean `symmetric(a)`?"],
        ),
        ("symmetric(x)", SCALAR, &["for square matrices", "`x` is 3×1"]),
        ("spd(k)", SCALAR, &["for square matrices", "`k` is `f64`"]),
        ("lower(a), symmetric(a)", SCALAR, &["lower triangular and symmetric", "`diagonal(a)`"]),
        ("lower(a), upper(a)", SCALAR, &["lower triangular and upper triangular", "`diagonal(a)`"]),
        ("symmetric(a, a)", SCALAR, &["`a` is named twice in `symmetric`"]),
    ]);
}

#[test]
fn functions_fit_the_result() {
    check(&[
        ("vjp", SCALAR, &["`vjp` is for vector and matrix functions", "returns a scalar", "f_grad(x, a, k)"]),
        ("gauss_newton", SCALAR, &["`gauss_newton` is for vector and matrix functions"]),
        ("hessian", VECTOR, &["`hessian` is for scalar functions, but `f` returns 3×1"]),
        ("rename(gradient = g)", SCALAR, &["`gradient` is not one of", "rename(grad = g)"]),
        (
            "rename(hessian = h)",
            SCALAR,
            &["renamed but not requested", "`grad`, `value_and_grad`", "add the option `hessian`"],
        ),
        ("rename(grad = f)", SCALAR, &["two functions would be called `f`"]),
        ("rename(grad = g, value_and_grad = g)", SCALAR, &["two functions would be called `g`"]),
        (
            "hessian",
            "fn f<const R: usize, const C: usize>(x: &SMatrix<f64, R, C>) -> f64 { x.norm() }",
            &["R·C × R·C", "hvp", "N×N"],
        ),
    ]);
}

#[test]
fn sizes_can_be_written() {
    const SOFT: &str = "fn f<const R: usize, const C: usize>(a: &SMatrix<f64, R, C>, k: f64) -> SMatrix<f64, R, C> { a * k }";
    const ROW: &str =
        "fn f<const R: usize, const C: usize>(a: &SMatrix<f64, R, C>, k: f64) -> f64 { a.norm() * k }";
    const SUMS: &str = "fn f<const R: usize, const C: usize>(x: &SVector<f64, 2>, a: &SMatrix<f64, R, C>) -> SVector<f64, R> { a.column_sum() }";
    check(&[
        (
            "",
            SOFT,
            &[
                "the Jacobian of `f` with respect to `a` is R·C × R·C",
                "entry of the result",
                "return a vector",
            ],
        ),
        ("wrt(a, k)", SOFT, &["R·C × R·C"]),
        (
            "wrt(x, a)",
            SUMS,
            &["with respect to `a` is R × R·C", "entry of `a`", "take `a` as a vector `SVector<f64, N>`"],
        ),
        ("wrt(a), layout = \"denominator\"", SUMS, &["with respect to `a` is R·C × R,"]),
        ("wrt(a), gauss_newton", SUMS, &["the Jacobian of `f` with respect to `a`"]),
        ("jacobian", ROW, &["the Jacobian of `f` with respect to `a` is 1 × R·C", "use `f_grad`"]),
        ("wrt(k, a), hessian", ROW, &["the Hessian of `f` with respect to `a` is R·C × R·C", "hvp", "N×N"]),
    ]);
    for (attribute, item) in [
        ("wrt(k), jacobian", ROW),
        ("wrt(k), hessian", ROW),
        ("wrt(a), hvp, jvp", ROW),
        ("wrt(k), jvp, vjp, gauss_newton", SOFT),
        ("wrt(x)", SUMS),
        ("hessian", "fn f(a: &SMatrix<f64, ROWS, { A + B }>) -> f64 { a.norm() }"),
        ("hessian, jacobian", "fn f<const N: usize>(a: &RowSVector<f64, N>) -> f64 { a.norm() }"),
    ] {
        let (_, errors) = read(attribute, item);
        assert!(errors.is_empty(), "#[derive_grad({attribute})] {item}: {errors:#?}");
    }
}

#[test]
fn names_are_apart() {
    check(&[
        (
            "hvp",
            "fn f(x: f64, v_x: f64) -> f64 { x * v_x }",
            &["`f_hvp` would be called `v_x`", "for example to `vx`"],
        ),
        (
            "wrt(b), jvp",
            "fn f(d_b: f64, b: f64, db: f64) -> f64 { b * d_b }",
            &["`f_jvp`", "rename the parameter `d_b` of `f`"],
        ),
        (
            "vjp",
            "fn f(x: &SVector<f64, 2>, ybar: f64) -> SVector<f64, 2> { x * ybar }",
            &["`ybar`", "`y_bar`"],
        ),
        ("rename(grad = f_value_and_grad)", SCALAR, &["two functions would be called `f_value_and_grad`"]),
    ]);
    for (attribute, item) in [
        ("hvp", "fn f(x: f64, d_x: f64) -> f64 { x * d_x }"),
        ("jvp", "fn f(r#type: f64, ybar: f64) -> f64 { r#type * ybar }"),
        ("rename(grad = f_value_and_grad, value_and_grad = f_grad)", SCALAR),
    ] {
        let (_, errors) = read(attribute, item);
        assert!(errors.is_empty(), "#[derive_grad({attribute})] {item}: {errors:#?}");
    }
}

#[test]
fn a_product_is_for_functions_that_have_it() {
    check(&[
        ("no_panic(x)", SCALAR, &["`no_panic` takes no argument, found `x`"]),
        ("hvp, vjp", "fn f(x: f64) -> Option<SVector<f64, 2>> { None }", &["`hvp` is for scalar functions"]),
    ]);
}

#[test]
fn places_are_compared_with_the_function() {
    let number = "fn f(x: f64) -> f64 { x * x }";
    let own = "fn f(x: &SVector<f64, 3>, out: f64) -> f64 { x.norm() * out }";
    let vector = "fn f(x: &SVector<f64, 3>, out_value: f64) -> SVector<f64, 3> { x * out_value }";
    check(&[
        ("into", number, &["`into` has nothing to write", "`f`", "remove `into`"]),
        ("into, hessian, jvp", number, &["`into` has nothing to write"]),
        ("into, into", SCALAR, &["`into` stands twice"]),
        ("into(x)", SCALAR, &["`into` takes no argument, found `x`"]),
        (
            "into, wrt(x)",
            own,
            &["would be called `out`", "what `into` calls a result", "rename the parameter `out`"],
        ),
        ("into", vector, &["would be called `out_value`"]),
        ("into, rename(grad = f_value_and_grad_into)", SCALAR, &["two functions would be called"]),
        (
            "into, rename(grad = g, value_and_grad = g_into)",
            SCALAR,
            &["two functions would be called `g_into`"],
        ),
    ]);
    for (attribute, item) in [
        ("into, jvp", "fn f(x: &SVector<f64, 3>, out_value: f64) -> f64 { x.norm() * out_value }"),
        ("into, wrt(x, out)", own),
        ("into, wrt(k, x)", "fn f(x: &SVector<f64, 3>, k: f64) -> f64 { x.norm() * k }"),
        ("into", "fn f(x: f64) -> SVector<f64, 2> { g(x) }"),
        ("into", "fn f(x: &SVector<f64, 3>) -> Option<f64> { None }"),
    ] {
        let (request, errors) = read(attribute, item);
        assert!(errors.is_empty() && request.into, "#[derive_grad({attribute})] {item}: {errors:#?}");
    }
}

#[test]
fn places_are_named_after_results_and_parameters() {
    let number = InputKind::Scalar;
    let matrix = InputKind::Matrix(crate::ir::Shape::new(3, 1));
    let named = |output: Output, result: InputKind, parameters: &[&str]| {
        let parameters: Vec<String> = parameters.iter().map(|name| (*name).to_owned()).collect();
        let places = places(output, result, &parameters).into_iter();
        places.map(|place| place.unwrap_or("-".to_owned())).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(named(Output::Grad, number, &["x"]), "out");
    assert_eq!(named(Output::ValueAndGrad, number, &["x", "r#type"]), "- out_x out_type");
    assert_eq!(named(Output::Hessian, number, &["a", "b"]), "out_a_a out_a_b out_b_a out_b_b");
    assert_eq!(named(Output::ValueGradHessian, number, &["x"]), "- out_gradient out_hessian");
    assert_eq!(named(Output::Hvp, number, &["x"]), "out");
    assert_eq!(named(Output::Jvp, matrix, &["x", "y"]), "out_value out_change");
    assert_eq!(named(Output::Vjp, matrix, &["x"]), "out_value out_gradient");
    assert_eq!(
        named(Output::ValueAndJacobian, matrix, &["x", "y"]),
        "out_value out_jacobian_x out_jacobian_y"
    );
    assert_eq!(named(Output::GaussNewton, matrix, &["x"]), "- out_gradient out_normal");
    assert_eq!(named(Output::Hessian, number, &["a", "a_a"]), "out_a_a out_a_a_a out_a_a_a_2 out_a_a_a_a");
}

#[test]
fn every_function_of_the_table_is_requested() {
    let named = |attribute: &str, item: &str| {
        let (request, errors) = read(attribute, item);
        assert!(errors.is_empty(), "#[derive_grad({attribute})] {item}: {errors:#?}");
        let names: Vec<String> = request.outputs.iter().map(|(_, name)| name.to_string()).collect();
        names.join(" ")
    };
    let scalar = "f_grad f_value_and_grad f_hessian f_value_grad_hessian f_hvp f_jvp f_jacobian";
    assert_eq!(named("hessian, hvp, jvp, jacobian", SCALAR), scalar);
    let vector = "f_jacobian f_value_and_jacobian f_jvp f_vjp f_gauss_newton";
    assert_eq!(named("jvp, vjp, gauss_newton, jacobian", VECTOR), vector);
    for result in ["RowVector2<f64>", "Matrix2<f64>", "Option<Vector2<f64>>", "SMatrix<f64, 1, 1>"] {
        let item = format!("fn f(x: &SVector<f64, 2>) -> {result} {{ g() }}");
        assert_eq!(named("", &item), "f_jacobian f_value_and_jacobian");
    }
    assert_eq!(named("", "fn f(x: f64) -> Option<f64> { None }"), "f_grad f_value_and_grad");
}

#[test]
fn a_type_parameter_is_a_scalar() {
    for item in [
        "fn f<T: RealField + Copy>(x: &SVector<T, 3>, k: T) -> T { x.norm() * k }",
        "fn f<T>(x: &SVector<T, 3>) -> SVector<T, 3> where T: Copy + nalgebra::RealField { *x }",
        "fn f<T: na::RealField>(x: T, gain: f64) -> T where T: Copy { x }",
    ] {
        let (_, errors) = read("", item);
        assert!(errors.is_empty(), "{item}: {errors:#?}");
    }
    check(&[
        ("", "fn f<T: RealField>(x: T) -> T { x }", &["`T` must be `Copy`", "write `+ Copy`"]),
        ("", "fn f<T: ComplexField + Copy>(x: T) -> T { x }", &["must be bound by `nalgebra::RealField`"]),
        (
            "",
            "fn f<T: RealField + Copy>(x: T) -> f64 { x }",
            &["`f64` and `T` in one function", "the result is `f64`"],
        ),
        (
            "",
            "fn f<T: RealField + Copy>(x: f64, k: T) -> T { k }",
            &["`f64` and `T`", "`x` is differentiated"],
        ),
        (
            "",
            "fn f<T: RealField + Copy, U: RealField + Copy>(x: T, k: U) -> T { x }",
            &["`T` and `U` in one function"],
        ),
    ]);
}

#[test]
fn a_request_is_complete() {
    let (request, errors) = read("", SCALAR);
    assert!(errors.is_empty(), "{errors:?}");
    assert_eq!(request.wrt, ["x"]);
    let outputs: Vec<String> = request.outputs.iter().map(|(_, name)| name.to_string()).collect();
    assert_eq!(outputs, ["f_grad", "f_value_and_grad"]);

    let (request, errors) = read(
        "wrt(k, x,), rename(grad = g), types(S = SVector<f64, 3>), nalgebra = na, crate = crate::again, layout = \"denominator\"",
        "fn f(x: &S, k: f64) -> f64 { k }",
    );
    assert!(errors.is_empty(), "{errors:?}");
    assert_eq!(request.wrt, ["k", "x"]);
    assert_eq!(request.outputs[0].1, "g");
    assert_eq!(request.layout, Layout::Denominator);
    assert!(request.nalgebra.is_ident("na") && request.gradmacro.segments.len() == 2);
}

#[test]
fn two_mistakes_are_two_errors() {
    let (_, errors) = read("hesian, wrt(y)", SCALAR);
    assert_eq!(errors.len(), 2, "{errors:#?}");
}
