//! The differentiated parameters: those that `wrt` names, or the first one.

use std::collections::BTreeSet;

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;

use super::differentiable::Judge;
use crate::diagnostics::{Diagnostics, closest, list};
use crate::front::item::Function;
use crate::front::signature::{Parameter, Signature};

/// The differentiated parameters, and where `wrt` names them.
pub(super) struct Targets<'a> {
    pub(super) parameters: Vec<&'a Parameter>,
    named: Option<Vec<&'a Ident>>,
}

/// Finds the differentiated parameters.
pub(super) fn check_targets<'a>(
    wrt: Option<&'a [Ident]>,
    signature: &'a Signature,
    function: &Function,
    diagnostics: &Diagnostics,
) -> Targets<'a> {
    let Some(names) = wrt else {
        return default_target(signature, diagnostics);
    };
    let mut targets = Targets { parameters: Vec::new(), named: Some(Vec::new()) };
    for name in names {
        if targets.parameters.iter().any(|parameter| parameter.name == *name) {
            refuse_twice(name, names, signature, diagnostics);
        } else if let Some(parameter) = signature.parameter(name) {
            targets.parameters.push(parameter);
            targets.named.get_or_insert_default().push(name);
        } else {
            refuse_name(name, signature, function, diagnostics);
        }
    }
    targets
}

impl Targets<'_> {
    /// Reports those that cannot be differentiated.
    pub(super) fn check(&self, judge: &mut Judge<'_>) {
        for (index, parameter) in self.parameters.iter().enumerate() {
            let name = self.named.as_ref().and_then(|names| names.get(index).copied());
            judge.check_parameter(parameter, name);
        }
    }
}

fn default_target<'a>(signature: &'a Signature, diagnostics: &Diagnostics) -> Targets<'a> {
    let parameters: Vec<&Parameter> = signature.parameters.first().into_iter().collect();
    if parameters.is_empty() {
        let report = diagnostics
            .error_at(signature.head(), format!("`{}` has no parameter to differentiate", signature.name))
            .help("pass the point at which to differentiate as a parameter: `x: f64`");
        if signature.receiver.is_some() {
            report.note("an attribute cannot see the fields of `self`");
        }
    }
    Targets { parameters, named: None }
}

fn refuse_twice(name: &Ident, names: &[Ident], signature: &Signature, diagnostics: &Diagnostics) {
    let unused = signature
        .parameters
        .iter()
        .find(|parameter| parameter.ty.shape().is_some() && !names.contains(&parameter.name));
    let mut meant: Vec<String> = Vec::new();
    for name in names.iter().map(Ident::to_string) {
        if !meant.contains(&name) {
            meant.push(name);
        }
    }
    meant.extend(unused.map(|parameter| parameter.name.to_string()));
    diagnostics
        .error(name, format!("`{name}` is named twice in `wrt`"))
        .note("each parameter is differentiated once")
        .help(format!("did you mean `wrt({})`?", meant.join(", ")));
}

fn refuse_name(name: &Ident, signature: &Signature, function: &Function, diagnostics: &Diagnostics) {
    let f = &signature.name;
    if name == "self" {
        diagnostics
            .error(name, "cannot differentiate with respect to `self`")
            .note("an attribute cannot see the fields of the type")
            .help("pass the field as a parameter");
    } else if locals(function.body.to_token_stream()).contains(&name.to_string()) {
        diagnostics
            .error(name, format!("`{name}` is a local variable of `{f}`, not a parameter"))
            .note(format!(
                "derivatives are taken with respect to parameters: {}",
                list(signature.parameter_names())
            ))
            .help(format!("move what follows `{name}` into a function of `{name}`"));
    } else {
        refuse_unknown(name, "wrt", |parameter| parameter.ty.shape().is_some(), signature, diagnostics);
    }
}

/// Reports a name that is not a parameter; proposes the closest one, or the only one that fits.
pub(super) fn refuse_unknown(
    name: &Ident,
    option: &str,
    fits: impl Fn(&Parameter) -> bool,
    signature: &Signature,
    diagnostics: &Diagnostics,
) {
    let names: Vec<String> = signature.parameter_names().collect();
    let fitting: Vec<String> =
        signature.parameters.iter().filter(|p| fits(p)).map(|p| p.name.to_string()).collect();
    let only = if let [only] = fitting.as_slice() { Some(only.as_str()) } else { None };
    let meant = closest(&name.to_string(), names.iter().map(String::as_str)).or(only);
    diagnostics
        .error(name, format!("`{name}` is not a parameter of `{}`", signature.name))
        .note(format!("its parameters are {}", list(&names)))
        .maybe_help(meant.map(|meant| format!("did you mean `{option}({meant})`?")));
}

/// The names that `let` and `for` bind anywhere in a body.
fn locals(body: TokenStream) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    collect_locals(body, false, &mut names);
    names
}

/// Collects the names in patterns; a pattern ends with `=`, `:`, `;` or `in`.
fn collect_locals(tokens: TokenStream, mut in_pattern: bool, names: &mut BTreeSet<String>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => collect_locals(group.stream(), in_pattern, names),
            TokenTree::Punct(punct) if "=:;".contains(punct.as_char()) => in_pattern = false,
            TokenTree::Ident(word) if word == "let" || word == "for" => in_pattern = true,
            TokenTree::Ident(word) if word == "in" => in_pattern = false,
            TokenTree::Ident(word) if in_pattern => {
                names.insert(word.to_string());
            }
            _ => {}
        }
    }
}
