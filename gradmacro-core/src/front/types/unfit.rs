//! Why a type cannot be computed with, and what to write instead.

use proc_macro2::Ident;
use quote::ToTokens;

use super::Scope;
use crate::diagnostics::{Diagnostics, Place, Report, source};

/// A type that cannot be computed with.
pub struct Unfit {
    /// Why.
    pub reason: Reason,
    /// The offending part of the type.
    pub place: Place,
    written: String,
}

/// Why a type cannot be computed with.
#[derive(PartialEq)]
pub enum Reason {
    /// Its size is known at run time only; says what has none: "`DVector`", "a slice".
    Dynamic(String),
    /// An alias or a type of the user's.
    Unknown(String),
    /// A name close to one of nalgebra's.
    Misspelt(String, &'static str),
    /// A type parameter of the function.
    TypeParameter(Ident),
    /// A size with a const parameter in it that is not alone: its text, the parameter.
    GenericSize(String, String),
    /// A nalgebra type with too many or too few arguments; says how it is written.
    Arguments(String),
    /// Entries that are not floats.
    Entries,
    /// `&mut`
    Mutable,
    /// Something else that is known not to be a number.
    Foreign,
}

/// The types that can be differentiated, for notes.
pub const DIFFERENTIABLE: &str = "scalars (`f64`, `f32`, `T: RealField + Copy`), and nalgebra's vectors and matrices \
                                  of them with a size known at compile time, can be differentiated";

const NO_HEAP: &str = "generated code uses no heap, so every size must be a literal, a constant \
                       or a const parameter";

impl Unfit {
    pub(super) fn new(at: &dyn ToTokens, reason: Reason) -> Self {
        Unfit { reason, place: Place::of(at), written: source(at) }
    }

    /// What the mistake is about: mistakes with the same key are one mistake.
    pub fn key(&self) -> String {
        match &self.reason {
            Reason::Dynamic(_) => "dynamic".to_owned(),
            Reason::Unknown(name) | Reason::Misspelt(name, _) => format!("name {name}"),
            Reason::TypeParameter(name) => format!("type parameter {name}"),
            Reason::GenericSize(_, name) => format!("size {name}"),
            Reason::Arguments(written) => format!("arguments {written}"),
            Reason::Entries => "entries".to_owned(),
            Reason::Mutable => "mutable".to_owned(),
            Reason::Foreign => "foreign".to_owned(),
        }
    }

    /// Reports it, `scope` being that in which the type was read.
    pub fn report<'d>(&self, scope: Scope<'_>, diagnostics: &'d Diagnostics) -> Report<'d> {
        let written = &self.written;
        let error = |message: String| diagnostics.error_at(self.place, message);
        match &self.reason {
            Reason::Dynamic(what) => {
                error(format!("{what} has no size at compile time")).note(NO_HEAP).help(self.static_type())
            }
            Reason::Unknown(name) => error(format!("the type `{written}` is not known here"))
                .note("an attribute sees the name of a type alias, not what stands behind it")
                .help(format!(
                    "add `types({name} = SVector<f64, 4>)`, or what it stands for, to the attribute, \
                     or write the type in full"
                )),
            Reason::Misspelt(_, meant) => error(format!("the type `{written}` is not known here"))
                .help(format!("did you mean `{meant}`?"))
                .as_rustc_would_of_signature(),
            Reason::TypeParameter(name) => report_type_parameter(name, scope, diagnostics),
            Reason::GenericSize(text, parameter) => {
                error(format!("the size `{text}` is not one stable Rust can write"))
                    .note(format!("the const parameter `{parameter}` may be used only alone"))
                    .help(format!("add a const parameter for `{text}`: `const M: usize`"))
                    .as_rustc_would_of_signature()
            }
            Reason::Arguments(pattern) => {
                error(format!("`{written}` does not have the arguments of this type"))
                    .help(format!("write `{pattern}`, with `f64` or `f32` as `T`"))
                    .as_rustc_would_of_signature()
            }
            Reason::Entries => error(format!("entries of type `{written}` cannot be differentiated"))
                .help("use `f64` or `f32`"),
            Reason::Mutable => error(format!("a parameter of type `{written}` cannot be differentiated"))
                .note("a function that writes to its input has no single point at which to differentiate")
                .help("take it by `&`, and return the result"),
            Reason::Foreign => {
                error(format!("the type `{written}` cannot be differentiated")).note(DIFFERENTIABLE)
            }
        }
    }

    fn static_type(&self) -> &'static str {
        if self.written.contains("Matrix") {
            "use `SMatrix<f64, R, C>`, with `const R: usize, const C: usize` as generic parameters \
             if the size varies"
        } else {
            "use `SVector<f64, N>`, with `const N: usize` as a generic parameter if the size varies"
        }
    }
}

fn report_type_parameter<'d>(name: &Ident, scope: Scope<'_>, diagnostics: &'d Diagnostics) -> Report<'d> {
    let place = scope.place_of_bounds(name).unwrap_or_else(|| Place::of(name));
    let found = scope.source_of_bounds(name);
    if scope.bounds(name).iter().any(|bound| bound == "RealField") {
        return diagnostics
            .error_at(place, format!("the scalar type `{name}` must be `Copy`"))
            .note(format!("found `{found}`, and generated code uses a number more than once"))
            .help(format!("write `+ Copy`: `{name}: RealField + Copy`"));
    }
    diagnostics
        .error_at(place, format!("the scalar type `{name}` must be bound by `nalgebra::RealField`"))
        .note(format!("found `{found}`"))
        .help(format!("write `{name}: RealField + Copy`"))
}

impl Scope<'_> {
    /// The last segments of the traits that a type parameter is bound by, here or in the where clause.
    pub(super) fn bounds(self, name: &Ident) -> Vec<String> {
        let here = self.type_parameter(name).into_iter().flat_map(|parameter| &parameter.bounds);
        let clause = self.generics.where_clause.iter().flat_map(|clause| &clause.predicates);
        let there = clause.filter_map(|predicate| bounded(predicate, name)).flat_map(|found| &found.bounds);
        here.chain(there)
            .filter_map(|bound| match bound {
                syn::TypeParamBound::Trait(bound) => Some(bound.path.segments.last()?.ident.to_string()),
                _ => None,
            })
            .collect()
    }

    /// The declaration of a type parameter, or the predicate about it if that alone has bounds.
    fn declaration(self, name: &Ident) -> Option<proc_macro2::TokenStream> {
        let parameter = self.type_parameter(name)?;
        let mut clause = self.generics.where_clause.iter().flat_map(|clause| &clause.predicates);
        let predicate = clause.find_map(|predicate| bounded(predicate, name));
        match predicate {
            Some(predicate) if parameter.bounds.is_empty() => Some(predicate.to_token_stream()),
            _ => Some(parameter.to_token_stream()),
        }
    }

    fn place_of_bounds(self, name: &Ident) -> Option<Place> {
        self.declaration(name).map(|tokens| Place::of(&tokens))
    }

    fn source_of_bounds(self, name: &Ident) -> String {
        self.declaration(name).map_or_else(|| name.to_string(), |tokens| source(&tokens))
    }
}

/// The predicate, if it bounds the type parameter `name`.
fn bounded<'a>(predicate: &'a syn::WherePredicate, name: &Ident) -> Option<&'a syn::PredicateType> {
    match predicate {
        syn::WherePredicate::Type(found) => match &found.bounded_ty {
            syn::Type::Path(path) if path.path.is_ident(name) => Some(found),
            _ => None,
        },
        _ => None,
    }
}
