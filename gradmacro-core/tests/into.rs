//! Functions that write their results: large results have no temporary of their size, in common forms.

use gradmacro_core::expand;
use proc_macro2::TokenStream;

/// The body of the function of that name, in one line.
fn body(attribute: &str, function: &str, name: &str) -> String {
    let parsed = |text: &str| -> TokenStream { text.parse().expect("tokens") };
    let expanded = expand(parsed(attribute), parsed(function));
    let file: syn::File = syn::parse2(expanded).expect("an expansion is Rust");
    let own = file.items.into_iter().find_map(|item| match item {
        syn::Item::Fn(function) if function.sig.ident == name => Some(function.block),
        _ => None,
    });
    let block = own.unwrap_or_else(|| panic!("`{name}` is generated from {function}"));
    let text = quote::quote!(#block).to_string();
    text.split_whitespace().collect()
}

#[test]
fn a_result_that_is_one_expression_is_written_as_such() {
    let least_squares = |rows: usize, columns: usize| {
        format!(
            "fn f(w: &SMatrix<f64, {rows}, {columns}>, x: &SVector<f64, {columns}>, y: &SVector<f64, {rows}>) -> f64 {{
                0.5 * (w * x - y).norm_squared()
            }}"
        )
    };
    let fused = "letmul_add=::gradmacro::kernels::fused(::nalgebra::ComplexField::mul_add);";
    for (rows, columns) in [(64, 16), (100, 100)] {
        let text = body("into", &least_squares(rows, columns), "f_grad_into");
        let product = format!(
            "::nalgebra::SMatrix::<f64,{rows},1>::from(::gradmacro::kernels::product(
                &w.data.0,&x.data.0,mul_add))"
        );
        let product: String = product.split_whitespace().collect();
        assert_eq!(text, format!("{{{fused}out.ger(1.0,&({product}-y),x,0.0);}}"));
        let text = body("into", &least_squares(rows, columns), "f_value_and_grad_into");
        assert_eq!(text, format!("{{{fused}letv={product}-y;out.ger(1.0,&v,x,0.0);0.5*v.norm_squared()}}"));
    }
    let product = "fn f(x: &SMatrix<f64, 30, 30>, a: &SMatrix<f64, 30, 30>) -> f64 {
        0.5 * (a * x).norm_squared() + 0.5 * x.norm_squared()
    }";
    let text = body("into", product, "f_grad_into");
    let begin = format!("{{{fused}*out=*x;::gradmacro::kernels::add_tr_product(&mutout.data.0,&a.data.0,");
    assert!(text.starts_with(&begin) && text.ends_with(",mul_add);}"), "{text}");
    let entrywise = "fn f(x: &SVector<f64, 100>, a: &SVector<f64, 100>) -> f64 {
        x.zip_map(a, |x, a| (x * a).sin()).sum()
    }";
    let text = body("into", entrywise, "f_grad_into");
    assert!(text.starts_with("{out.zip_zip_apply(") && text.ends_with(");}"), "{text}");
}

#[test]
fn a_sum_over_data_is_collected_in_its_place() {
    for (rows, columns) in [(64, 16), (100, 100)] {
        let over_data = format!(
            "fn f(w: &SMatrix<f64, {rows}, {columns}>, xs: &[SVector<f64, {columns}>], y: &SVector<f64, {rows}>) -> f64 {{
                let mut loss = 0.0;
                for x in xs {{
                    let x: SVector<f64, {columns}> = *x;
                    loss += (w * x - y).norm_squared();
                }}
                0.5 * loss + 0.05 * w.norm_squared()
            }}"
        );
        for name in ["f_grad_into", "f_value_and_grad_into"] {
            let text = body("into", &over_data, name);
            assert!(text.contains("out.fill(0.0);"), "{text}");
            assert!(text.contains("out.ger(1.0,"), "{text}");
            assert!(text.contains("out.zip_apply(w,"), "{text}");
            let size = format!("{rows},{columns}>");
            assert!(!text.contains(&size) && !text.contains("transpose"), "a temporary: {text}");
        }
    }
}

#[test]
fn nothing_is_written_before_the_last_question() {
    let late = "fn f(w: &SVector<f64, 20>, xs: &[SVector<f64, 20>]) -> Option<f64> {
        let mut m = SMatrix::<f64, 20, 20>::identity();
        for x in xs {
            let x: SVector<f64, 20> = *x;
            let e = x.component_mul(w);
            m += e * e.transpose();
        }
        let c = m.cholesky()?;
        Some(c.ln_determinant())
    }";
    let text = body("into", late, "f_grad_into");
    let (before, after) = text.rsplit_once('?').expect("the function may fail");
    assert!(!before.contains("out.") && !before.contains("*out"), "{text}");
    assert!(after.contains("out."), "{text}");
}
