//! Sizes of Jacobians and Hessians: entries are counted, and stable Rust cannot write the product of const parameters.
//!
//! Every block has as many rows and columns as its parameters have entries, so the parameters are looked at one by one:
//! a Hessian with `a` of R×C and `b` of N rows has the blocks R·C × R·C, R·C × N, N × R·C and N × N.

use proc_macro2::Ident;

use super::options::{Choice, Layout, Options};
use crate::diagnostics::{Diagnostics, Place};
use crate::front::signature::{Parameter, Signature};
use crate::front::types::{Type, describe};
use crate::ir::shape::{Dim, Shape};

const ALONE: &str = "const parameters may be used only alone";

/// Refuses Hessians by matrices whose entries cannot be counted.
pub(super) fn check_hessian(
    keyword: &Ident,
    signature: &Signature,
    wrt: &[&Parameter],
    diagnostics: &Diagnostics,
) {
    for (parameter, entries) in uncounted(wrt) {
        let (f, name, vector) = (&signature.name, &parameter.name, vector(signature, "N"));
        diagnostics
            .error(
                keyword,
                format!(
                    "the Hessian of `{f}` with respect to `{name}` is {entries} × {entries}, \
                     a size stable Rust cannot write"
                ),
            )
            .note(ALONE)
            .help(format!("use `hvp`, or a vector parameter `{vector}`, whose Hessian is N×N"));
    }
}

/// Refuses the Jacobian of a scalar function, one row, by matrices whose entries cannot be counted.
pub(super) fn check_row(
    keyword: &Ident,
    signature: &Signature,
    wrt: &[&Parameter],
    diagnostics: &Diagnostics,
) {
    for (parameter, entries) in uncounted(wrt) {
        let (f, name) = (&signature.name, &parameter.name);
        let message = refusal(signature, parameter, ("1".to_owned(), entries));
        diagnostics
            .error(keyword, message)
            .note(ALONE)
            .help(format!("use `{f}_grad`, which has the shape of `{name}`"));
    }
}

/// Refuses Jacobians, which every vector and matrix function has: at the result if its entries cannot be counted, else
/// at the parameters.
pub(super) fn check_jacobians(
    options: &Options,
    signature: &Signature,
    result: Shape,
    wrt: &[&Parameter],
    diagnostics: &Diagnostics,
) {
    let size = |parameter: &Parameter| {
        let sides = (counted(result), counted(parameter.ty.shape().unwrap_or(Shape::SCALAR)));
        if is_denominator(options) { (sides.1, sides.0) } else { sides }
    };
    if result.entries().is_err() {
        // By a scalar the Jacobian has the shape of the result.
        let Some(parameter) = wrt.iter().find(|p| matches!(p.ty, Type::Matrix { .. })) else { return };
        diagnostics
            .error_at(
                signature.result_source().map_or(signature.head(), |ty| Place::of(ty)),
                refusal(signature, parameter, size(parameter)),
            )
            .note(format!("{ALONE}, and every entry of the result counts"))
            .help(format!("return a vector `{}`, or write the size in numbers", vector(signature, "M")));
        return;
    }
    for (parameter, _) in uncounted(wrt) {
        let name = &parameter.name;
        diagnostics
            .error(&parameter.source.ty, refusal(signature, parameter, size(parameter)))
            .note(format!("{ALONE}, and every entry of `{name}` counts"))
            .help(format!(
                "take `{name}` as a vector `{}`, or write its size in numbers",
                vector(signature, "N")
            ));
    }
}

fn refusal(signature: &Signature, parameter: &Parameter, (rows, columns): (String, String)) -> String {
    let (f, name) = (&signature.name, &parameter.name);
    format!(
        "the Jacobian of `{f}` with respect to `{name}` is {rows} × {columns}, a size stable Rust cannot write"
    )
}

/// The parameters whose entries cannot be counted, and how many there are.
fn uncounted<'a>(wrt: &[&'a Parameter]) -> Vec<(&'a Parameter, String)> {
    let entries = |parameter: &&'a Parameter| Some((*parameter, parameter.ty.shape()?.entries().err()?));
    wrt.iter().filter_map(entries).collect()
}

fn counted(shape: Shape) -> String {
    shape.entries().map_or_else(|text| text, |dim| dim.to_string())
}

fn is_denominator(options: &Options) -> bool {
    options.written.iter().any(|written| matches!(written.choice, Choice::Layout(Layout::Denominator)))
}

fn vector(signature: &Signature, size: &'static str) -> String {
    describe(Shape::column(Dim::Constant(size)), signature.scalar)
}
