//! Signatures read and refused.

use quote::ToTokens;

use super::*;
use crate::front::item::read_item;

fn read(item: &str) -> (Signature, Vec<String>) {
    let diagnostics = Diagnostics::new();
    let function = read_item(item.parse().unwrap(), &diagnostics).unwrap();
    let signature = read_signature(&function, &Aliases::default(), &diagnostics);
    (signature, diagnostics.finish().iter().map(|diagnostic| diagnostic.text()).collect())
}

#[test]
fn parameters_and_result_are_read() {
    let (signature, errors) =
        read("fn f<const N: usize>(&self, mut x: &SVector<f32, N>, k: usize, _: bool) -> f32 { x.norm() }");
    assert!(errors.is_empty(), "{errors:?}");
    let shown: Vec<String> = signature.parameters.iter().map(|p| format!("{}: {}", p.name, p.ty)).collect();
    assert_eq!(shown, ["x: SVector<f32, N>", "k: usize", "_: bool"]);
    assert!(signature.parameters[0].mutable && signature.parameters[0].passed == Passed::ByReference);
    assert!(signature.receiver.is_some() && signature.scalar == Scalar::F32);
    assert_eq!(signature.const_parameters[0], "N");
}

#[test]
fn each_refusal_has_one_message() {
    for (item, wanted) in [
        ("async fn f(x: f64) -> f64 { x }", "an `async` function"),
        ("unsafe fn f(x: f64) -> f64 { x }", "an `unsafe` function"),
        ("extern \"C\" fn f(x: f64) -> f64 { x }", "an `extern` function"),
        ("const fn f(x: f64) -> f64 { x }", "a `const` function"),
        ("unsafe extern \"C\" fn f(x: f64, ...) -> f64 { x }", "a variadic function"),
        ("fn f(x: &impl Into<f64>) -> f64 { 0.0 }", "take `x: f64`"),
        ("fn f((a, b): (f64, f64)) -> f64 { a }", "`let (a, b) = p;`"),
        ("fn f(&x: &f64) -> f64 { x }", "is destructured"),
        ("fn f(x: f64) { x; }", "the function returns nothing"),
        ("fn f(x: f64) -> () { x; }", "the function returns nothing"),
        ("fn f(x: f64, #[cfg(unix)] b: f64) -> f64 { x }", "`cfg` on a parameter"),
        ("fn f(x: f32, a: SVector<f64, 2>) -> f32 { x }", "`x` is `f32`, `a` is made of `f64`"),
        ("fn f(x: f32) -> f64 { x as f64 }", "`x` is `f32`, the result is `f64`"),
        ("fn f<const N: usize>(x: SVector<f64, { N + 1 }>) -> f64 { 0.0 }", "`N` may be used only alone"),
    ] {
        let (_, errors) = read(item);
        assert_eq!(errors.len(), 1, "{item}: {errors:?}");
        assert!(errors[0].contains(wanted), "{item}: {errors:?}");
    }
}

#[test]
fn only_harmless_attributes_are_copied() {
    let (signature, _) = read(
        "#[inline] #[expect(unused, reason = \"r\")] #[no_mangle] #[doc = \"text\"] #[doc(hidden)] #[tracing::instrument]
         #[cfg_attr(unix, inline, no_mangle)] #[forbid(unused)] fn f(x: f64) -> f64 { x }",
    );
    let copied: Vec<String> = signature
        .copied_attributes
        .iter()
        .map(|attribute| attribute.meta.to_token_stream().to_string())
        .collect();
    let wanted = [
        "inline",
        "allow (unused , reason = \"r\")",
        "doc (hidden)",
        "cfg_attr (unix , inline)",
        "deny (unused)",
    ];
    assert_eq!(copied, wanted);
}
