//! What a type means.
//!
//! A macro sees the names of types, not what stands behind them: nalgebra's types are recognised by their last
//! path segment, `types(..)` supplies what an alias stands for, and everything else is [`Type::Other`], which is
//! never differentiable. [`Scope::classify`] says why a type is not one of ours; [`Scope::read`] does not ask.
//!
//! `&Vector3<f64>` is `Type::Matrix { scalar: F64, shape: 3×1 }`; that it is a reference is kept apart
//! ([`Passed`]).

mod names;
mod sizes;
mod spelling;
mod unfit;

use std::collections::BTreeMap;

use proc_macro2::Ident;
use syn::{GenericArgument, PathArguments};

use super::geometry::Kind;
use crate::ir::shape::{Dim, Shape, intern};
use names::{Extent, Family};
pub use spelling::{describe, mixture, spell};
pub use unfit::{DIFFERENTIABLE, Reason, Unfit};

/// A floating-point type.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Scalar {
    /// `f64`
    F64,
    /// `f32`
    F32,
    /// A type parameter that is bound by `RealField + Copy`.
    Parameter(&'static str),
}

/// What a type means, references aside.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Type {
    /// A floating-point number.
    Scalar(Scalar),
    /// A vector or matrix of static size; 1×1 is not a scalar here.
    Matrix {
        /// The type of the entries.
        scalar: Scalar,
        /// Rows and columns.
        shape: Shape,
    },
    /// An integer type, by name.
    Integer(&'static str),
    /// `bool`
    Bool,
    /// A tuple of at least one type.
    Tuple(Vec<Type>),
    /// An array.
    Array(Box<Type>, Dim),
    /// An `Option`.
    Option(Box<Type>),
    /// A rotation, a point or the like, of nalgebra's: computed with, not differentiated.
    Geometry {
        /// The type of the entries.
        scalar: Scalar,
        /// Which type it is.
        kind: Kind,
    },
    /// `()`
    Unit,
    /// Anything else: never differentiable, kept as it is.
    Other,
}

/// How a parameter is passed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Passed {
    /// `x: T`
    ByValue,
    /// `x: &T`
    ByReference,
}

/// What stands behind a name: an entry of `types(..)`.
#[derive(Clone)]
pub struct Alias {
    /// The name as written: `State`, or the parts of `self.q`.
    pub path: Vec<Ident>,
    /// The type it stands for.
    pub ty: syn::Type,
}

/// What names stand for: the entries of `types(..)`, and what the module around the function says.
#[derive(Clone, Default)]
pub struct Aliases {
    stated: Vec<Alias>,
    seen: Vec<Alias>,
    constants: Constants,
}

/// Integer constants whose value the macro has seen, `const N: usize = 3;`, and const parameters of an inlined
/// function.
pub type Constants = BTreeMap<String, Dim>;

/// The names that a type may mention.
#[derive(Clone, Copy)]
pub struct Scope<'a> {
    aliases: &'a Aliases,
    generics: &'a syn::Generics,
    constants: Option<&'a Constants>,
    /// Aliases followed so far; more than there are is a cycle.
    followed: usize,
}

impl Alias {
    /// The name with dots: `self.q`.
    pub fn name(&self) -> String {
        let parts: Vec<String> = self.path.iter().map(Ident::to_string).collect();
        parts.join(".")
    }
}

impl Aliases {
    /// The given entries.
    pub fn new(entries: Vec<Alias>) -> Self {
        Aliases { stated: entries, ..Aliases::default() }
    }

    /// The same with type aliases and constants of the module around the function, which say less than `types(..)`.
    pub fn within(self, aliases: &[Alias], constants: &Constants) -> Self {
        let seen = self.seen.iter().chain(aliases).cloned().collect();
        Aliases { seen, constants: constants.clone(), ..self }
    }

    /// The type behind `name`, which is written with dots if it is a field.
    pub fn get(&self, name: &str) -> Option<&syn::Type> {
        let mut all = self.stated.iter().chain(&self.seen);
        all.find(|alias| alias.name() == name).map(|alias| &alias.ty)
    }

    /// The entries of `types(..)`, as written.
    pub fn iter(&self) -> impl Iterator<Item = &Alias> {
        self.stated.iter()
    }
}

impl Scalar {
    /// Bytes of one; a type parameter counts as the largest there is.
    pub fn bytes(self) -> u64 {
        if self == Scalar::F32 { 4 } else { 8 }
    }

    /// Its name in Rust.
    pub fn name(self) -> &'static str {
        match self {
            Scalar::F64 => "f64",
            Scalar::F32 => "f32",
            Scalar::Parameter(name) => name,
        }
    }

    /// Is it a type parameter? Then numbers come in as `f64`, by `nalgebra::convert` and the like.
    pub fn is_parameter(self) -> bool {
        matches!(self, Scalar::Parameter(_))
    }

    /// May numbers of the other type stand in a function that computes with this one?
    pub fn takes(self, other: Scalar) -> bool {
        self == other || self.is_parameter() && other == Scalar::F64
    }
}

impl Type {
    /// The floating-point type it is made of, if there is one.
    pub fn scalar(&self) -> Option<Scalar> {
        match self {
            Type::Scalar(scalar) | Type::Matrix { scalar, .. } | Type::Geometry { scalar, .. } => {
                Some(*scalar)
            }
            Type::Array(entry, _) | Type::Option(entry) => entry.scalar(),
            Type::Tuple(entries) => entries.iter().find_map(Type::scalar),
            _ => None,
        }
    }

    /// Its shape, if it is a scalar or a matrix: what the graph can hold.
    pub fn shape(&self) -> Option<Shape> {
        match self {
            Type::Scalar(_) => Some(Shape::SCALAR),
            Type::Matrix { shape, .. } => Some(*shape),
            _ => None,
        }
    }
}

impl<'a> Scope<'a> {
    /// The aliases of an attribute, the const and type parameters of its function.
    pub fn new(aliases: &'a Aliases, generics: &'a syn::Generics) -> Self {
        Scope { aliases, generics, constants: None, followed: 0 }
    }

    /// The same with constants whose values are known.
    pub fn with_constants(self, constants: &'a Constants) -> Self {
        Scope { constants: Some(constants), ..self }
    }

    /// What `ty` means.
    pub fn read(self, ty: &syn::Type) -> Type {
        self.classify(ty).unwrap_or(Type::Other)
    }

    /// What the type of a parameter means, and how the parameter is passed.
    pub fn read_passed(self, ty: &syn::Type) -> (Type, Passed) {
        (self.read(ty), self.passed(ty))
    }

    /// What `ty` means, or why it is none of the types that can be differentiated or computed with.
    pub fn classify(self, ty: &syn::Type) -> Result<Type, Unfit> {
        match ty {
            syn::Type::Group(group) => self.classify(&group.elem),
            syn::Type::Paren(paren) => self.classify(&paren.elem),
            syn::Type::Reference(reference) if reference.mutability.is_none() => {
                self.classify(&reference.elem)
            }
            syn::Type::Reference(_) => Err(Unfit::new(ty, Reason::Mutable)),
            syn::Type::Tuple(tuple) if tuple.elems.is_empty() => Ok(Type::Unit),
            syn::Type::Tuple(tuple) => {
                Ok(Type::Tuple(tuple.elems.iter().map(|elem| self.read(elem)).collect()))
            }
            syn::Type::Array(array) => {
                Ok(Type::Array(Box::new(self.read(&array.elem)), self.size(&array.len)?))
            }
            syn::Type::Slice(slice) if self.read(&slice.elem).scalar().is_some() => {
                Err(Unfit::new(ty, Reason::Dynamic("a slice".to_owned())))
            }
            syn::Type::Path(path) => self.classify_path(path),
            _ => Err(Unfit::new(ty, Reason::Foreign)),
        }
    }

    /// The type parameter of the function that `name` is, if it is one.
    pub fn type_parameter(self, name: &Ident) -> Option<&'a syn::TypeParam> {
        self.generics.type_params().find(|parameter| parameter.ident == *name)
    }

    fn passed(self, ty: &syn::Type) -> Passed {
        match ty {
            syn::Type::Group(group) => self.passed(&group.elem),
            syn::Type::Paren(paren) => self.passed(&paren.elem),
            syn::Type::Reference(_) => Passed::ByReference,
            syn::Type::Path(path) => match self.alias(path) {
                Some((scope, behind)) => scope.passed(behind),
                None => Passed::ByValue,
            },
            _ => Passed::ByValue,
        }
    }

    fn classify_path(self, path: &syn::TypePath) -> Result<Type, Unfit> {
        if let Some((scope, behind)) = self.alias(path) {
            return scope.classify(behind);
        }
        let Some(last) = path.path.segments.last() else {
            return Err(Unfit::new(path, Reason::Foreign));
        };
        let name = last.ident.to_string();
        match (name.as_str(), names::integer(&name), names::family(&name)) {
            ("f64", ..) => Ok(Type::Scalar(Scalar::F64)),
            ("f32", ..) => Ok(Type::Scalar(Scalar::F32)),
            ("bool", ..) => Ok(Type::Bool),
            ("Option", ..) => self.classify_option(path, last),
            (_, Some(integer), _) => Ok(Type::Integer(integer)),
            (_, _, Some(family)) => self.classify_matrix(path, last, family),
            _ if Kind::named(&name).is_some() => self.classify_geometry(path, last),
            _ => self.scalar_parameter(path).map(Type::Scalar).ok_or_else(|| self.explain_name(path, last)),
        }
    }

    /// A type parameter that can be computed with.
    fn scalar_parameter(self, path: &syn::TypePath) -> Option<Scalar> {
        let name = path.path.get_ident().filter(|name| self.type_parameter(name).is_some())?;
        let bounds = self.bounds(name);
        let fits = ["RealField", "Copy"].iter().all(|wanted| bounds.iter().any(|bound| bound == wanted));
        fits.then(|| Scalar::Parameter(intern(&name.to_string())))
    }

    fn classify_option(self, path: &syn::TypePath, segment: &syn::PathSegment) -> Result<Type, Unfit> {
        match arguments(segment).as_slice() {
            [GenericArgument::Type(inner)] => Ok(Type::Option(Box::new(self.read(inner)))),
            _ => Err(Unfit::new(path, Reason::Foreign)),
        }
    }

    fn classify_geometry(self, path: &syn::TypePath, segment: &syn::PathSegment) -> Result<Type, Unfit> {
        match (arguments(segment).as_slice(), Kind::named(&segment.ident.to_string())) {
            ([GenericArgument::Type(entry)], Some(kind)) => {
                Ok(Type::Geometry { scalar: self.entry(entry)?, kind })
            }
            _ => Err(Unfit::new(path, Reason::Foreign)),
        }
    }

    fn classify_matrix(
        self,
        path: &syn::TypePath,
        segment: &syn::PathSegment,
        family: Family,
    ) -> Result<Type, Unfit> {
        let malformed = || Unfit::new(path, Reason::Arguments(family.written()));
        let arguments = arguments(segment);
        let mut arguments = arguments.iter().copied();
        let Some(GenericArgument::Type(entry)) = arguments.next() else {
            return Err(malformed());
        };
        let mut extent = |extent: Extent| match extent {
            Extent::Is(n) => Ok(Dim::Known(n)),
            Extent::Value => self.size_value(arguments.next().ok_or_else(malformed)?),
            Extent::Type => self.size_type(arguments.next().ok_or_else(malformed)?, path),
        };
        let shape = Shape::of(extent(family.rows)?, extent(family.columns)?);
        if arguments.next().is_some() {
            return Err(malformed());
        }
        Ok(Type::Matrix { scalar: self.entry(entry)?, shape })
    }

    fn entry(self, ty: &syn::Type) -> Result<Scalar, Unfit> {
        match self.classify(ty)? {
            Type::Scalar(scalar) => Ok(scalar),
            _ => Err(Unfit::new(ty, Reason::Entries)),
        }
    }

    /// Why a path that is none of the known names is not a type to compute with.
    fn explain_name(self, path: &syn::TypePath, last: &syn::PathSegment) -> Unfit {
        let name = last.ident.to_string();
        let reason = if names::is_dynamic(&name) {
            Reason::Dynamic(format!("`{name}`"))
        } else if let (Some(parameter), 1) = (self.type_parameter(&last.ident), path.path.segments.len()) {
            Reason::TypeParameter(parameter.ident.clone())
        } else if names::is_foreign(&name) {
            Reason::Foreign
        } else if let (Some(meant), false) = (names::misspelt(&name), last.arguments.is_empty()) {
            Reason::Misspelt(name, meant)
        } else {
            Reason::Unknown(name)
        };
        Unfit::new(path, reason)
    }

    /// What `types(..)` says about the last segment of a path, and the scope to read it in.
    fn alias(self, path: &syn::TypePath) -> Option<(Self, &'a syn::Type)> {
        let behind = self.aliases.get(&path.path.segments.last()?.ident.to_string())?;
        let scope = Scope { followed: self.followed + 1, ..self };
        (scope.followed <= self.aliases.stated.len() + self.aliases.seen.len()).then_some((scope, behind))
    }
}

/// The generic arguments of a path segment that are not lifetimes.
fn arguments(segment: &syn::PathSegment) -> Vec<&GenericArgument> {
    let PathArguments::AngleBracketed(list) = &segment.arguments else {
        return Vec::new();
    };
    list.args.iter().filter(|argument| !matches!(argument, GenericArgument::Lifetime(_))).collect()
}

#[cfg(test)]
mod tests;
