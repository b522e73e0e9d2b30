//! The generated functions: which there are, and whether they fit what the function returns.

use proc_macro2::Ident;

use super::options::{Choice, Options, Output};
use super::sizes;
use crate::diagnostics::Diagnostics;
use crate::front::signature::{Parameter, Signature};
use crate::front::types::Type;
use crate::ir::shape::Shape;

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
    let scalar = is_scalar(signature);
    for written in &options.written {
        let Choice::Further(output) = written.choice else {
            continue;
        };
        match output {
            Output::Vjp | Output::GaussNewton if scalar => {
                refuse_for_scalar(output, &written.keyword, signature, diagnostics);
            }
            Output::Hessian | Output::Hvp if !scalar => {
                refuse_for_matrix(output, &written.keyword, shape, signature, diagnostics);
            }
            Output::Hessian => sizes::check_hessian(&written.keyword, signature, wrt, diagnostics),
            Output::Jacobian if scalar => sizes::check_row(&written.keyword, signature, wrt, diagnostics),
            _ => {}
        }
    }
    if !scalar {
        sizes::check_jacobians(options, signature, shape, wrt, diagnostics);
    }
}

/// The functions to generate, in the order of their documentation. Where the result is of no known type, an error says
/// so, and callers may mean either kind.
pub(super) fn generated(options: &Options, signature: &Signature) -> Vec<Output> {
    let mut outputs = match &signature.result {
        Type::Other => vec![Output::Grad, Output::ValueAndGrad, Output::Jacobian, Output::ValueAndJacobian],
        _ if is_scalar(signature) => vec![Output::Grad, Output::ValueAndGrad],
        _ => vec![Output::Jacobian, Output::ValueAndJacobian],
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

/// The shape of the result, also of one in an `Option`.
pub(super) fn result_shape(signature: &Signature) -> Option<Shape> {
    match &signature.result {
        Type::Option(inner) => inner.shape(),
        ty => ty.shape(),
    }
}

/// Does the function return a number, perhaps in an `Option`?
pub(super) fn is_scalar(signature: &Signature) -> bool {
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
