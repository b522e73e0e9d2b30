//! The generated functions: which there are, and what they are called.

use proc_macro2::Ident;
use quote::format_ident;

use super::options::{Choice, Options, Output};
use crate::diagnostics::{Diagnostics, closest, list};
use crate::front::signature::{Parameter, Signature};
use crate::front::types::{Type, describe};
use crate::ir::shape::{Dim, Shape};

/// The functions to generate, under their names.
pub(super) fn named(options: &Options, signature: &Signature) -> Vec<(Output, Ident)> {
    let name = |output: Output| match renamed(options, output) {
        Some(name) => name.clone(),
        // `format_ident!` takes the span of the function, so that its definition is found from here.
        None => format_ident!("{}_{}", signature.name, output.suffix()),
    };
    generated(options, signature).into_iter().map(|output| (output, name(output))).collect()
}

/// Compares the requested functions with what the function returns.
pub(super) fn check_outputs(
    options: &Options,
    signature: &Signature,
    wrt: &[&Parameter],
    diagnostics: &Diagnostics,
) {
    let Some(shape) = result_shape(signature) else {
        return;
    };
    for written in &options.written {
        let Choice::Further(output) = written.choice else {
            continue;
        };
        let scalar = is_scalar(signature);
        match output {
            Output::Vjp | Output::GaussNewton if scalar => {
                refuse_for_scalar(output, &written.keyword, signature, diagnostics);
            }
            Output::Hessian | Output::Hvp if !scalar => {
                refuse_for_matrix(output, &written.keyword, shape, signature, diagnostics);
            }
            Output::Hessian => check_hessian(&written.keyword, signature, wrt, diagnostics),
            _ => {}
        }
    }
}

/// Compares the new names with the generated functions and with each other.
pub(super) fn check_names(options: &Options, signature: &Signature, diagnostics: &Diagnostics) {
    if result_shape(signature).is_none() {
        return;
    }
    let generated = generated(options, signature);
    let mut seen: Vec<&(Ident, Ident)> = Vec::new();
    for pair in renames(options) {
        let (function, name) = pair;
        if seen.iter().any(|(earlier, _)| earlier == function) {
            let message = format!("`{function}` is renamed twice");
            diagnostics.error(function, message).help(format!("keep one `{function} = ..`"));
        } else if !generated.iter().any(|output| function == output.suffix()) {
            refuse_rename(pair, &generated, signature, diagnostics);
        } else if *name == signature.name || seen.iter().any(|(_, earlier)| earlier == name) {
            let message = format!("two functions would be called `{name}`");
            diagnostics.error(name, message).help(format!("choose another name for `{function}`"));
        }
        seen.push(pair);
    }
}

/// The functions to generate, in the order of their documentation.
fn generated(options: &Options, signature: &Signature) -> Vec<Output> {
    let mut outputs = match is_scalar(signature) {
        true => vec![Output::Grad, Output::ValueAndGrad],
        false => vec![Output::Jacobian, Output::ValueAndJacobian],
    };
    for written in &options.written {
        match written.choice {
            Choice::Further(Output::Hessian) => outputs.extend([Output::Hessian, Output::ValueGradHessian]),
            Choice::Further(output) if !outputs.contains(&output) => outputs.push(output),
            _ => {}
        }
    }
    outputs
}

fn renames(options: &Options) -> impl Iterator<Item = &(Ident, Ident)> {
    options.written.iter().flat_map(|written| match &written.choice {
        Choice::Rename(pairs) => pairs.as_slice(),
        _ => &[],
    })
}

fn renamed(options: &Options, output: Output) -> Option<&Ident> {
    renames(options).find(|(function, _)| function == output.suffix()).map(|(_, name)| name)
}

/// The shape of the result, also of one in an `Option`.
fn result_shape(signature: &Signature) -> Option<Shape> {
    match &signature.result {
        Type::Option(inner) => inner.shape(),
        ty => ty.shape(),
    }
}

fn is_scalar(signature: &Signature) -> bool {
    match &signature.result {
        Type::Option(inner) => matches!(**inner, Type::Scalar(_)),
        ty => !matches!(ty, Type::Matrix { .. }),
    }
}

fn refuse_for_scalar(output: Output, keyword: &Ident, signature: &Signature, diagnostics: &Diagnostics) {
    let f = &signature.name;
    let names: Vec<String> = signature.parameter_names().collect();
    let note = match output {
        Output::Vjp => {
            format!("the product with a scalar cotangent is `ybar * {f}_grad({})`", names.join(", "))
        }
        _ => "it needs a vector of residuals, whose squares are summed".to_owned(),
    };
    diagnostics
        .error(keyword, format!("`{keyword}` is for vector and matrix functions, but `{f}` returns a scalar"))
        .note(note)
        .help(format!("remove `{keyword}`"));
}

fn refuse_for_matrix(
    output: Output,
    keyword: &Ident,
    shape: Shape,
    signature: &Signature,
    diagnostics: &Diagnostics,
) {
    let kind = if shape.is_vector() { "vector" } else { "matrix" };
    let help = match output {
        Output::Hvp => format!("use `jvp` or `vjp`, or remove `{keyword}`"),
        _ => format!("remove `{keyword}`; `{}_jacobian` is generated anyway", signature.name),
    };
    diagnostics
        .error(
            keyword,
            format!("`{keyword}` is for scalar functions, but `{}` returns {shape}", signature.name),
        )
        .note(format!("the second derivative of a {kind} is not a matrix"))
        .help(help);
}

/// The Hessian of a matrix parameter has rows·columns rows, which must be a number.
fn check_hessian(keyword: &Ident, signature: &Signature, wrt: &[&Parameter], diagnostics: &Diagnostics) {
    let unwritable = |shape: &Shape| {
        let generic = [shape.rows, shape.columns].iter().any(|size| matches!(size, Dim::Parameter(_)));
        generic && shape.rows != Dim::ONE && shape.columns != Dim::ONE
    };
    for parameter in wrt {
        let Some(shape) = parameter.ty.shape().filter(unwritable) else {
            continue;
        };
        let (name, rows, columns) = (&parameter.name, shape.rows, shape.columns);
        let vector = describe(Shape::column(Dim::Constant("N")), signature.scalar);
        let size = format!("{rows}·{columns} × {rows}·{columns}");
        let message =
            format!("the Hessian with respect to `{name}` is {size}, a size stable Rust cannot write");
        diagnostics
            .error(keyword, message)
            .note("const parameters may be used only alone")
            .help(format!("use `hvp`, or a vector parameter `{vector}`, whose Hessian is N×N"));
    }
}

fn refuse_rename(
    pair: &(Ident, Ident),
    generated: &[Output],
    signature: &Signature,
    diagnostics: &Diagnostics,
) {
    let (function, name) = pair;
    let suffixes: Vec<&str> = generated.iter().map(|output| output.suffix()).collect();
    let note = format!("generated here are {}", list(&suffixes));
    if let Some(option) = requestable(function, signature) {
        diagnostics
            .error(function, format!("`{function}` is renamed but not requested"))
            .note(note)
            .help(format!("add the option `{option}`"));
        return;
    }
    let meant = closest(&function.to_string(), suffixes.iter().copied()).or(suffixes.first().copied());
    diagnostics
        .error(function, format!("`{function}` is not one of the generated functions"))
        .note(note)
        .maybe_help(meant.map(|meant| format!("write `rename({meant} = {name})`")));
}

/// The option that would generate the function of that name here.
fn requestable(function: &Ident, signature: &Signature) -> Option<&'static str> {
    let output = Output::named(&function.to_string())?;
    let fits = match output {
        Output::Hessian | Output::ValueGradHessian | Output::Hvp => is_scalar(signature),
        Output::Vjp | Output::GaussNewton => !is_scalar(signature),
        _ => true,
    };
    output.option().filter(|_| fits)
}
