//! What a signature must not have, each with its own message.

use proc_macro2::{Ident, Span};
use quote::ToTokens;
use syn::{GenericArgument, Pat, PathArguments, ReturnType, Stmt};

use super::{Signature, head};
use crate::diagnostics::{Diagnostics, Place, source};
use crate::front::item::Function;
use crate::front::types::{Reason, Scalar, Scope, Type, mixture};

/// `async`, `unsafe`, `extern`, `const` and variadic functions.
pub(super) fn refuse_qualifiers(signature: &syn::Signature, diagnostics: &Diagnostics) {
    if let Some(variadic) = &signature.variadic {
        diagnostics
            .error(variadic, "a variadic function cannot be differentiated")
            .note("the types of its arguments are not known")
            .help("write one parameter for each argument")
            .as_rustc_would_of_signature();
        return;
    }
    let refuse = |keyword: &dyn ToTokens, message: &str, note: &str, help: &str| {
        diagnostics
            .error(keyword, format!("{message} function cannot be differentiated"))
            .note(note)
            .help(help);
    };
    if let Some(keyword) = &signature.constness {
        let note = "floating-point functions of nalgebra are not `const`";
        refuse(keyword, "a `const`", note, "remove `const`");
    }
    if let Some(keyword) = &signature.asyncness {
        let note = "a derivative is computed in one go, without waiting";
        refuse(
            keyword,
            "an `async`",
            note,
            "await the data first, and pass it to a function that is not `async`",
        );
    }
    if let Some(keyword) = &signature.unsafety {
        let note = "generated code is free of `unsafe`";
        refuse(keyword, "an `unsafe`", note, "remove `unsafe`, and index with `x[0]`");
    }
    if let Some(abi) = &signature.abi {
        let note = "generated functions return tuples and matrices, which have no foreign layout";
        refuse(abi, "an `extern`", note, "annotate an ordinary function, and call it from the `extern` one");
    }
}

/// `fn f(x: f64)` without a result.
pub(super) fn refuse_missing_result(function: &Function, diagnostics: &Diagnostics) {
    let nothing = match &function.signature.output {
        ReturnType::Default => true,
        ReturnType::Type(_, ty) => matches!(&**ty, syn::Type::Tuple(tuple) if tuple.elems.is_empty()),
    };
    if !nothing {
        return;
    }
    let report = diagnostics
        .error_at(head(&function.signature), "the function returns nothing")
        .note("a derivative needs a scalar, vector or matrix result");
    // A value at the end of such a body is a type error for rustc.
    match function.body.stmts.last() {
        Some(Stmt::Expr(_, None)) => report.help("add `-> f64`").as_rustc_would(),
        _ => report.help("add `-> f64` and remove the last `;`"),
    };
}

/// The name of a parameter, and whether it is `mut`.
pub(super) fn read_name(typed: &syn::PatType, diagnostics: &Diagnostics) -> (Ident, bool) {
    let unnamed = Ident::new("_", Span::call_site());
    match &*typed.pat {
        Pat::Ident(name) if name.by_ref.is_none() && name.subpat.is_none() => {
            (name.ident.clone(), name.mutability.is_some())
        }
        Pat::Wild(_) => (unnamed, false),
        pattern => {
            let written = source(pattern);
            diagnostics
                .error(pattern, format!("the parameter `{written}` is destructured"))
                .note("a derivative is taken with respect to a parameter by its name")
                .help(format!("name the parameter, and start the body with `let {written} = p;`"));
            (unnamed, false)
        }
    }
}

/// A `cfg`, an `impl Trait` or a type that rustc does not accept either.
pub(super) fn refuse_parameter(
    typed: &syn::PatType,
    name: &Ident,
    scope: Scope<'_>,
    diagnostics: &Diagnostics,
) {
    typed.attrs.iter().for_each(|attribute| refuse_cfg(attribute, diagnostics));
    if let Some(found) = find_impl_trait(&typed.ty) {
        diagnostics
            .error(found, "`impl Trait` as an argument is not supported")
            .note(format!("the type of `{name}` is not known"))
            .help(format!("take `{name}: f64`, or the vector or matrix that is meant"));
    }
    if let Err(unfit) = scope.classify(&typed.ty)
        && matches!(unfit.reason, Reason::GenericSize(..) | Reason::Arguments(_))
    {
        unfit.report(scope, diagnostics);
    }
}

fn refuse_cfg(attribute: &syn::Attribute, diagnostics: &Diagnostics) {
    let keyword = source(attribute.path());
    if keyword == "cfg" || keyword == "cfg_attr" {
        diagnostics
            .error(attribute, format!("`{keyword}` on a parameter is not supported"))
            .note(format!("the attribute runs before this `{keyword}` is decided"))
            .help("put `#[cfg(..)]` on two versions of the function");
    }
}

/// The first `impl Trait` in a type.
fn find_impl_trait(ty: &syn::Type) -> Option<&syn::Type> {
    match ty {
        syn::Type::ImplTrait(_) => Some(ty),
        syn::Type::Reference(reference) => find_impl_trait(&reference.elem),
        syn::Type::Paren(paren) => find_impl_trait(&paren.elem),
        syn::Type::Group(group) => find_impl_trait(&group.elem),
        syn::Type::Array(array) => find_impl_trait(&array.elem),
        syn::Type::Slice(slice) => find_impl_trait(&slice.elem),
        syn::Type::Tuple(tuple) => tuple.elems.iter().find_map(find_impl_trait),
        syn::Type::Path(path) => path.path.segments.iter().find_map(|segment| match &segment.arguments {
            PathArguments::AngleBracketed(list) => list.args.iter().find_map(|argument| match argument {
                GenericArgument::Type(ty) => find_impl_trait(ty),
                _ => None,
            }),
            _ => None,
        }),
        _ => None,
    }
}

/// The floating-point type of the whole function; two in one function are refused. Beside a type parameter, floats are
/// data that kept expressions convert.
pub(super) fn read_scalar(signature: &Signature, diagnostics: &Diagnostics) -> Scalar {
    let typed =
        || signature.parameters.iter().filter_map(|parameter| Some((parameter, parameter.ty.scalar()?)));
    let Some((first, scalar)) = typed().find(|(_, scalar)| scalar.is_parameter()).or_else(|| typed().next())
    else {
        return signature.result.scalar().unwrap_or(Scalar::F64);
    };
    let said = format!("`{}` {}", first.name, made_of(&first.ty, scalar));
    let is_data = |found: Scalar| scalar.is_parameter() && !found.is_parameter();
    if let Some((other, found)) = typed().find(|(_, found)| *found != scalar && !is_data(*found)) {
        let note = format!("{said}, `{}` {}", other.name, made_of(&other.ty, found));
        refuse_mixture(Place::of(&other.source), (scalar, found), note, diagnostics);
    } else if let (Some(found), Some(result)) = (signature.result.scalar(), signature.result_source())
        && found != scalar
    {
        let note = format!("{said}, the result {}", made_of(&signature.result, found));
        refuse_mixture(Place::of(result), (scalar, found), note, diagnostics);
    }
    scalar
}

fn refuse_mixture(place: Place, (a, b): (Scalar, Scalar), note: String, diagnostics: &Diagnostics) {
    diagnostics.error_at(place, mixture(a, b)).note(note).help("make both the same type");
}

fn made_of(ty: &Type, scalar: Scalar) -> String {
    let verb = if matches!(ty, Type::Scalar(_)) { "is" } else { "is made of" };
    format!("{verb} `{}`", scalar.name())
}
