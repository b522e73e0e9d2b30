//! Facts about parameters: they concern square matrices, and no two of them exclude each other.

use proc_macro2::Ident;

use super::options::{Choice, Options, Written};
use super::targets::refuse_unknown;
use crate::diagnostics::{Diagnostics, Place};
use crate::front::signature::{Parameter, Signature};
use crate::front::types::Type;
use crate::ir::Fact;

/// Compares the facts with the parameters and with each other.
pub(super) fn check_facts(options: &Options, signature: &Signature, diagnostics: &Diagnostics) {
    let mut stated: Vec<(Fact, &Ident)> = Vec::new();
    for written in &options.written {
        let Choice::Facts(fact, names) = &written.choice else {
            continue;
        };
        for name in names {
            if check_fact(*fact, name, signature, diagnostics) {
                check_against(&stated, *fact, name, written, diagnostics);
            }
            stated.push((*fact, name));
        }
    }
}

/// Is the fact about a square matrix?
fn check_fact(fact: Fact, name: &Ident, signature: &Signature, diagnostics: &Diagnostics) -> bool {
    let keyword = fact.keyword();
    let Some(parameter) = signature.parameter(name) else {
        refuse_unknown(name, keyword, is_square, signature, diagnostics);
        return false;
    };
    if parameter.refused || is_square(parameter) {
        return true;
    }
    let found = match &parameter.ty {
        Type::Matrix { shape, .. } => format!("`{name}` is {shape}"),
        Type::Other => format!("the type of `{name}` is not a matrix"),
        ty => format!("`{name}` is `{ty}`"),
    };
    diagnostics
        .error(name, format!("`{keyword}` is for square matrices, but {found}"))
        .note(format!("a {} matrix has as many rows as columns", fact.words()))
        .help(format!("remove `{name}` from `{keyword}`"));
    false
}

fn is_square(parameter: &Parameter) -> bool {
    match &parameter.ty {
        Type::Matrix { shape, .. } => shape.rows.agree(shape.columns).is_some(),
        _ => false,
    }
}

fn check_against(
    stated: &[(Fact, &Ident)],
    fact: Fact,
    name: &Ident,
    written: &Written,
    diagnostics: &Diagnostics,
) {
    let mut earlier = stated.iter().filter(|(_, other)| *other == name).map(|(earlier, _)| *earlier);
    let Some(earlier) = earlier.find(|earlier| *earlier == fact || both_only_if_diagonal(*earlier, fact))
    else {
        return;
    };
    if earlier == fact {
        diagnostics
            .error(name, format!("`{name}` is named twice in `{}`", fact.keyword()))
            .help(format!("name it once: `{}({name})`", fact.keyword()));
        return;
    }
    let place = match &written.choice {
        Choice::Facts(_, names) if names.len() > 1 => Place::of(name),
        _ => Place::of(&written.tokens),
    };
    diagnostics
        .error_at(place, format!("`{name}` is stated to be {} and {}", earlier.words(), fact.words()))
        .note("only a diagonal matrix is both")
        .help(format!("write `diagonal({name})`, or keep one of the two"));
}

/// Triangles exclude symmetry and each other, but for diagonal matrices.
fn both_only_if_diagonal(a: Fact, b: Fact) -> bool {
    use Fact::{Lower, Spd, Symmetric, Upper};
    let triangular = |fact| matches!(fact, Lower | Upper);
    let other = |fact| matches!(fact, Symmetric | Spd | Lower | Upper);
    a != b && (triangular(a) && other(b) || triangular(b) && other(a))
}
