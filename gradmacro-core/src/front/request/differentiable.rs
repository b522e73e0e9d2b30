//! Whether types can be differentiated: those of the differentiated parameters, and that of the result.

use std::collections::BTreeSet;

use proc_macro2::Ident;

use crate::diagnostics::{Diagnostics, Place, Report, source};
use crate::front::signature::{Parameter, Signature};
use crate::front::types::{Aliases, DIFFERENTIABLE, Passed, Reason, Scope, Type, Unfit, describe, mixture};
use crate::ir::shape::Shape;

/// Judges the types of one function; a mistake that occurs in several of them is reported once.
pub(super) struct Judge<'a> {
    signature: &'a Signature,
    scope: Scope<'a>,
    diagnostics: &'a Diagnostics,
    reported: BTreeSet<String>,
}

impl<'a> Judge<'a> {
    pub(super) fn new(signature: &'a Signature, aliases: &'a Aliases, diagnostics: &'a Diagnostics) -> Self {
        Judge { signature, scope: signature.scope(aliases), diagnostics, reported: BTreeSet::new() }
    }

    /// Reports a differentiated parameter that cannot be; `named` is where `wrt` names it.
    pub(super) fn check_parameter(&mut self, parameter: &Parameter, named: Option<&Ident>) {
        if parameter.refused || parameter.ty.shape().is_some() && parameter.name != "_" {
            return;
        }
        let proposal = self.proposal(named);
        match self.scope.classify(&parameter.source.ty) {
            Err(unfit) if unfit.reason != Reason::Foreign => {
                if let Some(report) = self.report(&unfit) {
                    report.maybe_help(proposal);
                }
            }
            _ => self.refuse_parameter(parameter, named, proposal),
        }
    }

    /// Reports a result that cannot be differentiated.
    pub(super) fn check_result(&mut self) {
        let Some(written) = self.signature.result_source() else {
            return;
        };
        match (self.scope.classify(written), self.scope.read_passed(written).1) {
            (Ok(Type::Unit), _) => {}
            (Err(unfit), _) if !matches!(unfit.reason, Reason::Foreign | Reason::Mutable) => {
                self.report(&unfit);
            }
            (Ok(ty), Passed::ByValue) if returnable(&ty) => {}
            (Ok(ty), Passed::ByReference) if returnable(&ty) => {
                self.diagnostics
                    .error(written, format!("`{}` returns a reference", self.signature.name))
                    .note("a derivative is a new value, and so is what it is the derivative of")
                    .help(format!("return it by value: `-> {ty}`"));
            }
            _ => {
                self.diagnostics
                    .error(
                        written,
                        format!("the function returns `{}`, which has no derivative", source(written)),
                    )
                    .note("a derivative needs a scalar, vector or matrix result")
                    .help("return `f64` or `SVector<f64, N>`");
            }
        }
    }

    /// Reports a type, once for each cause.
    fn report(&mut self, unfit: &Unfit) -> Option<Report<'a>> {
        let new = self.reported.insert(unfit.key());
        new.then(|| unfit.report(self.scope, self.diagnostics))
    }

    /// Beside a type parameter a float is data.
    fn refuse_float(&self, parameter: &Parameter, place: Place) -> bool {
        let found = self.scope.read(&parameter.source.ty).scalar();
        let Some(found) = found.filter(|found| *found != self.signature.scalar) else { return false };
        let (name, scalar) = (&parameter.name, self.signature.scalar.name());
        self.diagnostics
            .error_at(place, mixture(found, self.signature.scalar))
            .note(format!("`{name}` is differentiated, but the function computes with `{scalar}`"))
            .help(format!("write `{scalar}` in the type of `{name}`"));
        true
    }

    fn refuse_parameter(&self, parameter: &Parameter, named: Option<&Ident>, proposal: Option<String>) {
        let (name, ty) = (&parameter.name, source(&parameter.source.ty));
        let what = match parameter.ty {
            Type::Integer(_) => "is an integer and".to_owned(),
            _ if name == "_" => "has no name and".to_owned(),
            _ => format!("has type `{ty}` and"),
        };
        let (place, note) = match named {
            Some(named) => (Place::of(named), DIFFERENTIABLE),
            None => (Place::of(&parameter.source), "without `wrt(..)` the first parameter is differentiated"),
        };
        if self.refuse_float(parameter, place) {
            return;
        }
        let instead = instead_of(name, &parameter.ty).filter(|_| proposal.is_none());
        let report = self
            .diagnostics
            .error_at(place, format!("`{name}` {what} cannot be differentiated"))
            .note(note)
            .maybe_help(proposal)
            .maybe_help(instead);
        if named.is_none() && !matches!(parameter.ty, Type::Integer(_)) {
            report.note(DIFFERENTIABLE);
        }
    }

    /// Another parameter to differentiate, if the user has not chosen this one.
    fn proposal(&self, named: Option<&Ident>) -> Option<String> {
        let mut others = self.signature.parameters.iter();
        let other = others.find(|other| other.ty.shape().is_some() && other.name != "_")?;
        named.is_none().then(|| format!("write `#[derive_grad(wrt({}))]`", other.name))
    }
}

/// What to take instead of a parameter that is made of floats.
fn instead_of(name: &Ident, ty: &Type) -> Option<String> {
    match ty {
        Type::Array(entry, length) if matches!(**entry, Type::Scalar(_)) => {
            Some(format!("take `{name}: &{}`", describe(Shape::column(*length), ty.scalar()?)))
        }
        Type::Geometry { kind, .. } => Some(kind.instead().replace("{x}", &name.to_string())),
        Type::Tuple(_) if ty.scalar().is_some() => {
            Some("take each entry as a parameter of its own".to_owned())
        }
        _ => None,
    }
}

/// Can a function to be differentiated return it, now or later?
fn returnable(ty: &Type) -> bool {
    match ty {
        Type::Option(inner) => inner.shape().is_some(),
        ty => ty.shape().is_some(),
    }
}
