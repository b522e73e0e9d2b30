//! Functions that call functions, as far as it can be seen without compiling what is generated.

use gradmacro_core::certify::Certificate;
use gradmacro_core::{expand, mistakes, read};
use proc_macro2::TokenStream;

fn tokens(text: &str) -> TokenStream {
    text.parse().expect("the text has tokens")
}

fn messages(attribute: &str, item: &str) -> Vec<String> {
    mistakes(tokens(attribute), tokens(item)).iter().map(|error| error.text()).collect()
}

const MODULE: &str = "
    pub mod model {
        #![allow(clippy::all)]
        use gradmacro::derive_grad;
        type Point = Vector2<f64>;
        #[derive_grad(hessian)]
        #[inline]
        fn f(x: &Point) -> f64 { scaled(x, K).norm_squared() }
        fn scaled(x: &Point, by: f64) -> Point { x * by }
        const K: f64 = 2.0;
        impl Model {
            #[derive_grad]
            fn g(&self, x: f64) -> f64 { self.own(x) + Self::square(x) }
            fn own(&self, x: f64) -> f64 { x * 0.5 }
            fn square(x: f64) -> f64 { x * x }
        }
    }";

#[test]
fn a_module_is_given_back_with_what_is_generated_beside_each_function() {
    assert_eq!(messages("", MODULE), Vec::<String>::new());
    let expanded = expand(TokenStream::new(), tokens(MODULE));
    let file: syn::File = syn::parse2(expanded).expect("the expansion is Rust");
    let [syn::Item::Mod(module)] = &file.items[..] else { panic!("a module is one item") };
    let (_, items) = module.content.as_ref().expect("the module is inline");
    let names: Vec<String> = items.iter().filter_map(name_of).collect();
    let wanted = ["f", "f_grad", "f_value_and_grad", "f_hessian", "f_value_grad_hessian", "scaled"];
    assert_eq!(names, wanted);
    let text = quote::quote!(#module).to_string();
    assert!(!text.contains("# [derive_grad"), "{text}");
    assert!(text.contains("fn g_grad") && text.contains("clippy :: all"), "{text}");
}

fn name_of(item: &syn::Item) -> Option<String> {
    if let syn::Item::Fn(function) = item { Some(function.sig.ident.to_string()) } else { None }
}

#[test]
fn one_mistake_in_a_function_that_is_called_twice_is_one_error() {
    let module = "mod m {
        #[derive_grad] fn f(x: &Vector2<f64>) -> f64 { g(x) + g(x) }
        fn g(x: &Vector2<f64>) -> f64 { (x * x).sum() }
    }";
    assert_eq!(messages("", module).len(), 1, "{:#?}", messages("", module));
}

#[test]
fn rules_serve_as_many_derivatives_as_they_state() {
    let rule = "rule(erf(x: f64) -> f64 = slope(x))";
    let more = "rule(slope(x: f64) -> f64 = -2.0 * x * slope(x))";
    let item = "fn f(x: &Vector3<f64>) -> f64 { x.map(erf).norm_squared() * erf(x[0] * x[1]) }";
    let certified = |attribute: &str| match read(tokens(attribute), tokens(item)) {
        Ok(expansion) => matches!(expansion.certificate, Certificate::Certified(_)),
        Err(failure) => panic!("{:#?}", failure.errors().iter().map(|e| e.text()).collect::<Vec<_>>()),
    };
    assert!(certified(rule));
    assert!(certified(&format!("hessian, hvp, {rule}, {more}")));
    let errors = messages(&format!("hessian, {rule}"), item);
    assert!(
        !errors.is_empty() && errors.iter().all(|e| e.starts_with("the derivative of `slope`")),
        "{errors:#?}"
    );
}

#[test]
fn a_value_is_computed_without_the_slopes_of_its_rules() {
    let item = "fn f(x: f64) -> f64 { erf(x) }";
    let attribute = "jvp, rule(erf(x: f64) -> f64 = slope(x))";
    let text = expand(tokens(attribute), tokens(item)).to_string();
    let (_, gradient) = text.split_once("fn f_grad").expect("there is a gradient");
    let (gradient, _) = gradient.split_once("fn f_value_and_grad").expect("there is another function");
    assert!(gradient.contains("slope (x)") && !gradient.contains("erf (x)"), "{gradient}");
}
