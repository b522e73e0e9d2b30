//! A matrix is factorised once in a generated function, for the value, the gradient, or both, its transpose included.

use proc_macro2::TokenStream;

/// Kernels that factorise, and nalgebra's decompositions.
const FACTORISATIONS: [&str; 23] = [
    "kernels::Lu::new(",
    "kernels::CompleteLu::new(",
    "kernels::Cholesky::new(",
    "kernels::Cofactors::new(",
    "kernels::SymmetricCofactors::new(",
    "kernels::DefiniteInverse::new(",
    "kernels::DefiniteInverse::positive_definite(",
    "kernels::Ldlt::new(",
    "kernels::Qr::new(",
    "kernels::SymmetricEigen::new(",
    "kernels::SymmetricEigenvalues::new(",
    "kernels::Svd::new(",
    "kernels::SingularValues::new(",
    "kernels::pseudo_inverse(",
    ".lu()",
    ".full_piv_lu()",
    ".qr()",
    ".cholesky()",
    ".svd(",
    ".symmetric_eigen()",
    ".symmetric_eigenvalues()",
    ".singular_values()",
    ".pseudo_inverse(",
];

/// The generated functions of an item, by name, as text without spaces.
fn generated(attribute: &str, item: &str) -> Vec<(String, String)> {
    let parse = |text: &str| text.parse::<TokenStream>().expect("the test is Rust");
    let file: syn::File =
        syn::parse2(gradmacro_core::expand(parse(attribute), parse(item))).expect("an expansion is Rust");
    let functions = file.items.into_iter().filter_map(|item| match item {
        syn::Item::Fn(function) => Some(function),
        _ => None,
    });
    let text = |function: syn::ItemFn| {
        let body = function.block;
        (function.sig.ident.to_string(), quote::quote!(#body).to_string().split_whitespace().collect())
    };
    functions.skip(1).map(text).collect()
}

/// How many factorisations a function makes.
fn factorisations(body: &str) -> usize {
    let made: usize = FACTORISATIONS.iter().map(|made| body.matches(made).count()).sum();
    made + ["determinant", "try_inverse"].iter().map(|method| of_matrices(body, method)).sum::<usize>()
}

/// How often a method is called on a matrix, and not on a factorisation.
fn of_matrices(body: &str, method: &str) -> usize {
    let call = format!(".{method}()");
    body.match_indices(&call).filter(|(at, _)| !is_factorisation(&body[..*at])).count()
}

/// Does the text end with a factorisation, made there or in a `let` before?
fn is_factorisation(before: &str) -> bool {
    let name = before.rsplit(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default();
    let bound = format!("let{name}=::gradmacro::kernels::");
    let made_there = before.rsplit(['=', ';', '{']).next().is_some_and(|it| it.contains("kernels::"));
    !name.is_empty() && before.contains(&bound)
        || before.ends_with(')') && made_there
        || before.ends_with(".qr()")
}

#[track_caller]
fn assert_one(attribute: &str, item: &str) {
    let functions = generated(attribute, item);
    assert_eq!(functions.len(), 2, "gradient, and value with gradient");
    for (name, body) in functions {
        assert_eq!(factorisations(&body), 1, "derive_grad({attribute}) {item}\n{name}: {body}");
    }
}

/// ½xᵀA⁻¹x + ½ ln|A|, differentiated by x and A.
fn gaussian(size: usize, body: &str) -> String {
    format!("fn f(x: &SVector<f64, {size}>, a: &SMatrix<f64, {size}, {size}>) -> f64 {{ {body} }}")
}

#[test]
fn the_count_counts() {
    assert_eq!(
        factorisations("{letv=::gradmacro::kernels::Lu::new(&a.data.0,1.0);v.determinant()*v.inverse()}"),
        1
    );
    assert_eq!(
        factorisations("{a.determinant()+::gradmacro::kernels::Lu::new(&a.data.0,1.0).determinant()}"),
        2
    );
    assert_eq!(factorisations("{a.qr().try_inverse().unwrap()*b.try_inverse()?}"), 2);
    assert_eq!(factorisations("{letv=a+b;v.determinant()}"), 1);
}

#[test]
fn a_quadratic_form_and_a_log_determinant_share_one_factorisation() {
    let bodies = [
        "0.5 * x.dot(&(a.try_inverse().unwrap() * x)) + 0.5 * a.determinant().ln()",
        "let inverse = a.try_inverse().expect(\"invertible\"); 0.5 * (x.transpose() * inverse * x)[0] + 0.5 * a.determinant().abs().ln()",
        "let lu = a.lu(); 0.5 * x.dot(&lu.solve(x).unwrap()) + 0.5 * lu.determinant().ln()",
        "0.5 * x.dot(&a.lu().solve(x).unwrap()) + 0.5 * a.determinant().ln()",
        "let lu = a.full_piv_lu(); 0.5 * x.dot(&lu.solve(x).unwrap()) + 0.5 * lu.determinant().ln()",
        "let c = a.cholesky().unwrap(); 0.5 * x.dot(&c.solve(x)) + 0.5 * c.ln_determinant()",
        "let c = a.cholesky().unwrap(); 0.5 * x.dot(&(c.inverse() * x)) + c.l().diagonal().map(|v| v.ln()).sum()",
    ];
    for size in [2, 3, 4, 5, 6, 7] {
        for body in bodies {
            for attribute in
                ["", "wrt(a)", "wrt(x, a)", "wrt(x, a), spd(a)", "wrt(x, a), symmetric(a)", "spd(a)"]
            {
                assert_one(attribute, &gaussian(size, body));
            }
        }
    }
}

#[test]
fn a_matrix_and_its_transpose_share_one_factorisation() {
    let bodies = [
        "x.dot(&(a.try_inverse().unwrap() * y)) + x.dot(&(a.transpose().try_inverse().unwrap() * y))",
        "let inverse = a.try_inverse().unwrap(); x.dot(&(inverse * y)) + y.dot(&(inverse.transpose() * y))",
        "x.dot(&a.lu().solve(y).unwrap()) + x.dot(&a.transpose().lu().solve(y).unwrap())",
        "x.dot(&a.lu().solve(y).unwrap()) + a.transpose().determinant() + (2.0 * a).determinant()",
        "x.dot(&a.try_inverse().unwrap().tr_mul(y)) + a.determinant().abs().ln()",
    ];
    for size in [3, 6] {
        for body in bodies {
            let item = format!(
                "fn f(x: &SVector<f64, {size}>, y: &SVector<f64, {size}>, a: &SMatrix<f64, {size}, {size}>) -> f64 {{ {body} }}"
            );
            for attribute in ["", "wrt(a)", "wrt(x, y, a)", "wrt(x, y, a), symmetric(a)", "wrt(a), spd(a)"] {
                assert_one(attribute, &item);
            }
        }
    }
}

#[test]
fn a_question_mark_costs_no_second_factorisation() {
    let bodies = [
        "Some(x.dot(&(a.try_inverse()? * x)) + a.determinant().ln())",
        "let lu = a.lu(); Some(x.dot(&lu.solve(x)?) + lu.try_inverse()?.trace())",
        "let c = a.cholesky()?; Some(x.dot(&c.solve(x)) + c.ln_determinant())",
    ];
    for size in [3, 6] {
        for body in bodies {
            for attribute in ["", "wrt(a)", "wrt(x, a)", "wrt(x, a), symmetric(a)"] {
                assert_one(attribute, &gaussian(size, body).replace("-> f64", "-> Option<f64>"));
            }
        }
    }
}

#[test]
fn a_matrix_that_is_known_to_be_symmetric_is_factorised_once_in_two_spellings() {
    let body = "let c = a.cholesky().unwrap(); x.dot(&c.solve(x)) + a.determinant().ln() + c.l().trace()";
    for size in [3, 6] {
        for attribute in ["symmetric(a)", "wrt(a), spd(a)", "wrt(x, a), spd(a)"] {
            assert_one(attribute, &gaussian(size, body));
        }
    }
}

#[test]
fn a_determinant_and_its_gradient_share_one_factorisation() {
    for size in [2, 3, 4, 5, 6, 7] {
        for body in [
            "a.determinant() * x[0]",
            "a.lu().determinant() + x[0]",
            "(a.determinant() - 1.0).powi(2) * x.sum()",
        ] {
            for attribute in ["wrt(a)", "wrt(a, x)", "wrt(a), symmetric(a)"] {
                assert_one_of_those_with_a_value(attribute, &gaussian(size, body));
            }
        }
    }
}

/// A gradient that is computed from the entries needs no factorisation.
#[track_caller]
fn assert_one_of_those_with_a_value(attribute: &str, item: &str) {
    for (name, body) in generated(attribute, item) {
        let count = factorisations(&body);
        assert!(
            count == 1 || count == 0 && name == "f_grad",
            "derive_grad({attribute}) {item}\n{name}: {body}"
        );
    }
}

#[test]
fn sums_over_an_index_factorise_once_in_each_turn() {
    for size in [3, 6] {
        let identity = format!("SMatrix::<f64, {size}, {size}>::identity()");
        let body = format!(
            "let shifted = |i: usize| a + {identity} * (i as f64);
             (0..9).map(|i| x.dot(&shifted(i).lu().solve(x).unwrap()) + shifted(i).determinant().ln()).sum()"
        );
        for attribute in ["", "wrt(a)", "wrt(x, a)"] {
            assert_one(attribute, &gaussian(size, &body));
        }
    }
}

#[test]
fn triangular_and_diagonal_matrices_are_not_factorised() {
    let body = "x.dot(&(a.try_inverse().unwrap() * x)) + a.determinant().ln()";
    for size in [3, 6] {
        for fact in ["lower", "upper", "diagonal"] {
            for wrt in ["wrt(x)", "wrt(a)", "wrt(x, a)"] {
                let attribute = format!("{wrt}, {fact}(a)");
                for (name, body) in generated(&attribute, &gaussian(size, body)) {
                    assert_eq!(factorisations(&body), 0, "{attribute}, {name}: {body}");
                }
            }
        }
    }
}

#[test]
fn no_inverse_is_formed_where_a_solve_will_do() {
    for size in [3, 6] {
        let item = gaussian(size, "0.5 * x.dot(&(a.try_inverse().unwrap() * x))");
        for (name, body) in generated("wrt(x, a)", &item) {
            assert!(!body.contains(".inverse()") && body.contains("solve("), "{name}: {body}");
        }
    }
}
