//! Functions that write their results to places of the caller's: which results, and what the places are called.
//!
//! What belongs to the value and is a number is returned, so that an optimiser gets its cost; everything else is
//! written. A function that returns numbers only has nothing to gain and no such form.
//!
//! Example: beside `f_value_grad_hessian(p…) -> (y, G, H)` there is
//! `f_value_grad_hessian_into(p…, out_gradient: &mut G, out_hessian: &mut H) -> y`.

use std::collections::BTreeSet;

use proc_macro2::Ident;
use quote::format_ident;

use super::options::{Choice, Options, Output, Written};
use super::outputs::generated;
use super::parts::{Arity, Part};
use crate::diagnostics::Diagnostics;
use crate::front::signature::{Parameter, Signature};
use crate::front::types::Type;
use crate::front::{InputKind, kinds};

/// What a function is called that writes what `name` returns.
pub fn into_name(name: &Ident) -> Ident {
    format_ident!("{name}_into")
}

/// The places of the results of a function, in order, given what `f` returns and the names of the differentiated
/// parameters; `None` is returned.
pub fn places(output: Output, result: InputKind, parameters: &[String]) -> Vec<Option<String>> {
    let is_returned = |part: Part| match part {
        Part::HalfSquare => true,
        Part::Value => !matches!(result, InputKind::Matrix(_)),
        _ => false,
    };
    let several = output.parts().iter().filter(|part| !is_returned(**part)).count() > 1;
    let names = output.parts().iter().flat_map(|part| {
        let base = if several { format!("out_{}", word(*part)) } else { "out".to_owned() };
        let each = 0..part.count(parameters.len());
        let returned = is_returned(*part);
        each.map(move |k| (!returned).then(|| place(*part, &base, k, parameters))).collect::<Vec<_>>()
    });
    distinct(names.collect())
}

/// With parameters `a` and `a_a`, two blocks of a Hessian would be `out_a_a_a`.
fn distinct(mut names: Vec<Option<String>>) -> Vec<Option<String>> {
    let mut taken = BTreeSet::new();
    for name in names.iter_mut().flatten() {
        while !taken.insert(name.clone()) {
            name.push_str("_2");
        }
    }
    names
}

/// Is there a vector or a matrix among the results?
pub fn has_matrix(output: Output, inputs: &[InputKind], result: InputKind) -> bool {
    let all = |part: &Part| kinds(inputs, result, *part, super::Layout::Numerator);
    output.parts().iter().flat_map(all).any(|kind| matches!(kind, InputKind::Matrix(_)))
}

fn place(part: Part, base: &str, k: usize, parameters: &[String]) -> String {
    let (n, own) = (parameters.len(), |k: usize| parameters[k].trim_start_matches("r#"));
    match part.arity() {
        Arity::Once => base.to_owned(),
        _ if n == 1 => base.to_owned(),
        Arity::PerParameter => format!("{base}_{}", own(k)),
        Arity::PerPair => format!("{base}_{}_{}", own(k / n), own(k % n)),
    }
}

fn word(part: Part) -> &'static str {
    match part {
        Part::Value | Part::HalfSquare => "value",
        Part::Gradient | Part::Pullback | Part::NormalRight => "gradient",
        Part::Hessian => "hessian",
        Part::HessianProduct => "product",
        Part::Pushforward => "change",
        Part::Jacobian => "jacobian",
        Part::NormalMatrix => "normal",
    }
}

/// Compares `into` with the generated functions and with the parameters.
pub(super) fn check_into(
    options: &Options,
    signature: &Signature,
    wrt: &[&Parameter],
    diagnostics: &Diagnostics,
) {
    let Some(written) = options.written.iter().find(|written| matches!(written.choice, Choice::Into)) else {
        return;
    };
    let inputs: Option<Vec<InputKind>> = wrt.iter().map(|parameter| kind(&parameter.ty)).collect();
    let result = match &signature.result {
        Type::Option(inside) => kind(inside),
        ty => kind(ty),
    };
    let (Some(inputs), Some(result), false) = (inputs, result, wrt.is_empty()) else { return };
    let outputs: Vec<Output> = generated(options, signature)
        .into_iter()
        .filter(|output| has_matrix(*output, &inputs, result))
        .collect();
    if outputs.is_empty() {
        diagnostics
            .error(&written.keyword, "`into` has nothing to write")
            .note(format!("every derivative of `{}` that is asked for is a number", signature.name))
            .help("remove `into`: numbers are returned");
        return;
    }
    let names: Vec<String> = wrt.iter().map(|parameter| parameter.name.to_string()).collect();
    let places = outputs.iter().flat_map(|output| places(*output, result, &names)).flatten();
    refuse_places(written, places.collect(), signature, diagnostics);
}

fn kind(ty: &Type) -> Option<InputKind> {
    match ty {
        Type::Scalar(_) => Some(InputKind::Scalar),
        Type::Matrix { shape, .. } => Some(InputKind::Matrix(*shape)),
        _ => None,
    }
}

/// Reports parameters of the user's that are called like a place.
fn refuse_places(written: &Written, places: Vec<String>, signature: &Signature, diagnostics: &Diagnostics) {
    let f = &signature.name;
    for own in signature.parameter_names() {
        let bare = own.trim_start_matches("r#");
        if places.iter().any(|place| place == bare) {
            diagnostics
                .error(&written.keyword, format!("two parameters of a function would be called `{bare}`"))
                .note(format!("`{f}` has a parameter `{bare}`, which is also what `into` calls a result"))
                .help(format!("rename the parameter `{bare}` of `{f}`"));
        }
    }
}
