//! What the generated functions and their further parameters are called.

use proc_macro2::Ident;
use quote::format_ident;

use super::into::into_name;
use super::options::{Choice, Options, Output};
use super::outputs::{generated, is_scalar, result_shape};
use super::parts::Further;
use crate::diagnostics::{Diagnostics, closest, list};
use crate::front::signature::{Parameter, Signature};

/// The functions to generate, under their names.
pub(super) fn named(options: &Options, signature: &Signature) -> Vec<(Output, Ident)> {
    let name = |output: Output| match renamed(options, output) {
        Some(name) => name.clone(),
        // `format_ident!` takes the span of the function, so that its definition is found from here.
        None => format_ident!("{}_{}", signature.name, output.suffix()),
    };
    generated(options, signature).into_iter().map(|output| (output, name(output))).collect()
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
        } else if *name == signature.name
            || seen.iter().any(|(_, earlier)| earlier == name)
            || is_default_of_another(pair, options, signature)
        {
            let message = format!("two functions would be called `{name}`");
            diagnostics.error(name, message).help(format!("choose another name for `{function}`"));
        }
        seen.push(pair);
    }
}

/// Is the new name that of a generated function which keeps its own, or of one that writes to places?
fn is_default_of_another(
    (function, name): &(Ident, Ident),
    options: &Options,
    signature: &Signature,
) -> bool {
    let into = options.written.iter().any(|written| matches!(written.choice, Choice::Into));
    named(options, signature).into_iter().any(|(output, own)| {
        let is_kept = renamed(options, output).is_none() && function != output.suffix();
        is_kept && own == *name || into && into_name(&own) == *name
    })
}

/// Compares the parameters that generated functions have besides the user's with the user's.
pub(super) fn check_further(
    options: &Options,
    signature: &Signature,
    wrt: &[&Parameter],
    diagnostics: &Diagnostics,
) {
    for written in &options.written {
        let Choice::Further(output) = written.choice else { continue };
        for (name, meaning) in further(output, wrt) {
            if signature.parameter_names().any(|own| own.trim_start_matches("r#") == name) {
                refuse_further(&written.keyword, &name, meaning, signature, diagnostics);
            }
        }
    }
}

/// The further parameters, and what each is.
fn further(output: Output, wrt: &[&Parameter]) -> Vec<(String, String)> {
    let direction = |parameter: &&Parameter| {
        let own = parameter.name.to_string();
        (output.direction(&own), format!("the direction in which `{own}` moves"))
    };
    match output.further() {
        Further::None => vec![],
        Further::Cotangent => vec![("ybar".to_owned(), "the cotangent of the result".to_owned())],
        Further::Directions(_) => wrt.iter().map(direction).collect(),
    }
}

fn refuse_further(
    keyword: &Ident,
    name: &str,
    meaning: String,
    signature: &Signature,
    diagnostics: &Diagnostics,
) {
    let f = &signature.name;
    let other = if name == "ybar" { "y_bar".to_owned() } else { name.replacen('_', "", 1) };
    let free = !signature.parameter_names().any(|own| own == other);
    let proposal = if free { format!(", for example to `{other}`") } else { String::new() };
    diagnostics
        .error(keyword, format!("two parameters of `{f}_{keyword}` would be called `{name}`"))
        .note(format!("`{f}` has a parameter `{name}`, which is also what `{keyword}` calls {meaning}"))
        .help(format!("rename the parameter `{name}` of `{f}`{proposal}"));
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
