//! What a constructor makes: the type before the `::`, met with the type that the context asks for.

use proc_macro2::Span;
use quote::{ToTokens, quote};
use syn::punctuated::Punctuated;
use syn::{GenericArgument, PathArguments, PathSegment};

use super::super::call::PathCall;
use super::super::text;
use super::super::types::Type;
use crate::diagnostics::Report;
use crate::ir::{Dim, Expr, Graph, Shape};

/// A size that is not written.
const OPEN: Dim = Dim::Constant("_");

/// A call of a function of a matrix type.
pub(super) struct Target<'a, 'g> {
    /// The call.
    pub(super) call: &'a PathCall<'a, 'g>,
    /// The shape as far as it is known; what is not is `_`.
    pub(super) shape: Shape,
}

impl<'a, 'g> Target<'a, 'g> {
    /// `None` if the path does not name a function of a matrix type.
    pub(super) fn of(call: &'a PathCall<'a, 'g>) -> Option<Self> {
        let stated = stated_shape(call)?;
        let shape = match &call.expected {
            // A function such as `SVector::dot` need not answer what it is a function of.
            Some(Type::Matrix { shape, .. }) => merged(stated, *shape).unwrap_or(stated),
            _ => stated,
        };
        Some(Target { call, shape })
    }

    /// Where nodes are made.
    pub(super) fn graph(&self) -> &'g Graph {
        self.call.reader.graph
    }

    /// What is called, without generic arguments: `SVector::zeros`.
    pub(super) fn written(&self) -> String {
        let names: Vec<String> =
            self.call.path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        names.get(names.len().saturating_sub(2)..).unwrap_or_default().join("::")
    }

    /// An error about the whole call.
    pub(super) fn error(&self, message: impl Into<String>) -> Report<'g> {
        self.call.reader.error(self.call.expr, message)
    }

    /// Is the shape known?
    pub(super) fn is_whole(&self) -> bool {
        self.shape.rows != OPEN && self.shape.columns != OPEN
    }

    /// May the entries be floats of the function's? They are unless another type is written or an integer is given.
    pub(super) fn is_of_floats(&self) -> bool {
        let ty = self.call.path.segments.iter().rev().nth(1).map(|segment| &segment.arguments);
        let written = match ty {
            Some(PathArguments::AngleBracketed(list)) => list.args.first(),
            _ => None,
        };
        let (reader, arguments) = (self.call.reader, &self.call.expr.args);
        let float = match written {
            Some(GenericArgument::Type(syn::Type::Infer(_))) | None => true,
            Some(GenericArgument::Type(ty)) => {
                reader.type_of(ty) == Some(Type::Scalar(reader.signature.scalar))
            }
            Some(_) => false,
        };
        float && !arguments.iter().any(text::is_integer)
    }

    /// The shape, which must be known by now.
    pub(super) fn whole(&self) -> Option<Shape> {
        if self.is_whole() {
            return Some(self.shape);
        }
        let name = self.call.name();
        let ty = match (self.shape.rows, self.shape.columns) {
            (_, Dim::ONE) => "SVector::<f64, 3>",
            (Dim::ONE, _) => "RowSVector::<f64, 3>",
            _ => "SMatrix::<f64, 3, 3>",
        };
        self.error(format!("the size of `{}` is not known here", self.written()))
            .note("an attribute does not infer a size from later uses")
            .help(format!("write it: `{ty}::{name}(..)`, or give the `let` a type"));
        None
    }

    /// The shape as two numbers.
    pub(super) fn known(&self) -> Option<(usize, usize)> {
        let shape = self.whole()?;
        shape.known().or_else(|| {
            self.error(format!("`{}` needs a size that is a number here; it is {shape}", self.written()));
            None
        })
    }

    /// The shape, met with what the arguments are.
    pub(super) fn with(&self, shape: Shape) -> Option<Shape> {
        merged(self.shape, shape).or_else(|| {
            let message =
                format!("`{}` makes {}, but its arguments are for {shape}", self.written(), self.shape);
            self.error(message).as_rustc_would();
            None
        })
    }

    /// The number of rows and columns of a square, as far as it is known.
    pub(super) fn side(&self) -> Option<Dim> {
        let Shape { rows, columns } = self.shape;
        let side = merged(self.shape, Shape::of(columns, rows)).map(|shape| shape.rows);
        if side.is_none() {
            let written = self.written();
            self.error(format!("`{written}` makes a square matrix, but this is {rows}×{columns}"))
                .as_rustc_would();
        }
        side
    }

    /// The k-th argument as written.
    pub(super) fn argument(&self, k: usize) -> Option<&'a syn::Expr> {
        self.call.expr.args.iter().nth(k)
    }

    /// The k-th argument as one float.
    pub(super) fn single(&self, k: usize) -> Option<Expr<'g>> {
        self.float(self.call.arguments.get(k)?, self.argument(k)?)
    }

    /// A value as one float: what stands for all entries of a matrix at once is refused.
    pub(super) fn float(&self, value: &super::Value<'g>, at: &dyn ToTokens) -> Option<Expr<'g>> {
        let x = self.call.reader.scalar_of(value, at)?;
        if !x.is_scalar() {
            self.call.reader.refuse_lifted(at);
            return None;
        }
        Some(x)
    }
}

/// The more definite of two shapes; an open size takes what the other says.
fn merged(a: Shape, b: Shape) -> Option<Shape> {
    let size = |a: Dim, b: Dim| {
        if a == OPEN {
            Some(b)
        } else if b == OPEN {
            Some(a)
        } else {
            a.agree(b)
        }
    };
    Some(Shape::of(size(a.rows, b.rows)?, size(a.columns, b.columns)?))
}

/// The shape of the matrix type before the last `::`. Generic arguments that are left out are open.
fn stated_shape(call: &PathCall<'_, '_>) -> Option<Shape> {
    let segments: Vec<&PathSegment> = call.path.segments.iter().collect();
    let (_, front) = segments.split_last()?;
    let ty = front.last()?;
    let shape_of = |ty: proc_macro2::TokenStream| {
        let ty: syn::Type = syn::parse2(ty).ok()?;
        match call.reader.type_of(&ty)? {
            Type::Matrix { shape, .. } => Some(shape),
            _ => None,
        }
    };
    let (name, scalar) = (&ty.ident, call.reader.signature.scalar);
    match &ty.arguments {
        PathArguments::AngleBracketed(list) => {
            let sizes = list.args.iter().skip(1);
            // The type of the entries may be left open: `SVector::<_, 3>`.
            shape_of(quote!(#name<#scalar, #(#sizes),*>))
        }
        _ => {
            let alone = shape_of(quote!(#name));
            let with_open = |open: usize| {
                let open: Punctuated<syn::Type, syn::Token![,]> = (0..open).map(|_| infer()).collect();
                shape_of(quote!(#name<#scalar, #open>))
            };
            alone.or_else(|| (0..=2).find_map(with_open))
        }
    }
}

fn infer() -> syn::Type {
    syn::Type::Infer(syn::TypeInfer { underscore_token: syn::Token![_](Span::call_site()) })
}
