//! A call of a row, whether written as a method or as a path, and the arguments as a row asks for them.
//!
//! Everything here answers `None` after reporting a mistake.

use proc_macro2::Ident;
use quote::ToTokens;
use syn::punctuated::Punctuated;
use syn::{GenericArgument, PathArguments, Token};

use super::super::call::{MethodCall, PathCall};
use super::super::reader::Reader;
use super::super::text;
use super::super::types::Type;
use super::super::value::Value;
use crate::diagnostics::{Report, source};
use crate::ir::{Dim, Expr, Graph, Shape};

/// `x.dot(&y)`, or `Vector3::dot(&x, &y)`.
pub(super) struct Call<'a, 'g> {
    /// What to ask and where to report.
    pub(super) reader: &'a Reader<'g>,
    /// The whole call as written.
    pub(super) whole: &'a dyn ToTokens,
    /// The method's identifier as written.
    pub(super) method: &'a Ident,
    /// The receiver as written.
    pub(super) subject: &'a syn::Expr,
    /// The type that the context asks for.
    pub(super) expected: Option<&'a Type>,
    arguments: Vec<(&'a syn::Expr, &'a Value<'g>)>,
    generics: Option<&'a Punctuated<GenericArgument, Token![,]>>,
}

impl<'a, 'g> Call<'a, 'g> {
    /// `x.dot(&y)`
    pub(super) fn of_method(call: &'a MethodCall<'a, 'g>) -> Self {
        Call {
            reader: call.reader,
            whole: call.expr,
            method: &call.expr.method,
            subject: &call.expr.receiver,
            expected: call.expected.as_ref(),
            arguments: call.expr.args.iter().zip(&call.arguments).collect(),
            generics: call.expr.turbofish.as_ref().map(|generics| &generics.args),
        }
    }

    /// `Vector3::dot(&x, &y)`; `None` if there is no first argument.
    pub(super) fn of_path(call: &'a PathCall<'a, 'g>) -> Option<Self> {
        let last = call.path.segments.last()?;
        let mut arguments = call.expr.args.iter().zip(&call.arguments);
        let (subject, _) = arguments.next()?;
        let generics = match &last.arguments {
            PathArguments::AngleBracketed(generics) => Some(&generics.args),
            _ => None,
        };
        Some(Call {
            reader: call.reader,
            whole: call.expr,
            method: &last.ident,
            subject,
            expected: call.expected.as_ref(),
            arguments: arguments.collect(),
            generics,
        })
    }

    /// Where nodes are made.
    pub(super) fn graph(&self) -> &'g Graph {
        self.reader.graph
    }

    /// The method's name.
    pub(super) fn name(&self) -> String {
        self.method.to_string()
    }

    /// Number of arguments besides the receiver.
    pub(super) fn count(&self) -> usize {
        self.arguments.len()
    }

    /// The k-th argument.
    pub(super) fn value(&self, k: usize) -> Option<&'a Value<'g>> {
        self.arguments.get(k).map(|(_, value)| *value)
    }

    /// The k-th argument as written.
    pub(super) fn written(&self, k: usize) -> Option<&'a syn::Expr> {
        self.arguments.get(k).map(|(written, _)| *written)
    }

    /// The receiver as written, for a message.
    pub(super) fn subject_text(&self) -> String {
        self.reader.text(self.subject)
    }

    /// The k-th argument as written, for a message, without the `&` before it.
    pub(super) fn text(&self, k: usize) -> String {
        self.written(k).map(|written| self.reader.text(written)).unwrap_or_default()
    }

    /// The receiver as it stands before a `.` in a suggestion.
    pub(super) fn receiver_text(&self) -> String {
        text::as_receiver(self.subject)
    }

    /// The k-th argument as it stands before a `.` in a suggestion.
    pub(super) fn operand_text(&self, k: usize) -> String {
        self.written(k).map(text::as_receiver).unwrap_or_default()
    }

    /// The call with another k-th argument, for a suggestion.
    pub(super) fn rewritten(&self, k: usize, argument: &str) -> String {
        let texts = self.arguments.iter().enumerate();
        let arguments: Vec<String> = texts
            .map(|(i, (written, _))| if i == k { argument.to_owned() } else { source(written) })
            .collect();
        let generics = self.generics.map(|generics| format!("::<{}>", source(generics))).unwrap_or_default();
        format!("{}.{}{generics}({})", self.receiver_text(), self.method, arguments.join(", "))
    }

    /// The k-th generic argument as a size: the 3 of `fixed_rows::<3>`.
    pub(super) fn size(&self, k: usize) -> Option<Dim> {
        let size = self.generics.and_then(|generics| generics.iter().nth(k));
        let dim = size.and_then(|size| self.reader.dim_of_argument(size));
        if dim.is_none() {
            let name = self.name();
            self.error(format!("the size of `{name}` is not known here"))
                .help(format!("write it as a number: `{name}::<{}>`", vec!["2"; k + 1].join(", ")))
                .as_rustc_would();
        }
        dim
    }

    /// The k-th argument as a float, lifted or not.
    pub(super) fn scalar(&self, k: usize) -> Option<Expr<'g>> {
        let (written, value) = self.arguments.get(k)?;
        self.reader.scalar_of(value, written)
    }

    /// The k-th argument as one float: what stands for all entries of a matrix at once is refused.
    pub(super) fn single(&self, k: usize) -> Option<Expr<'g>> {
        let x = self.scalar(k)?;
        if !x.is_scalar() {
            self.reader.refuse_lifted(self.whole);
            return None;
        }
        Some(x)
    }

    /// Floats brought to one shape, where one of them stands for all entries of a matrix.
    pub(super) fn broadcast<const N: usize>(&self, list: [Expr<'g>; N]) -> Option<[Expr<'g>; N]> {
        self.reader.broadcast(list, self.whole)
    }

    /// The k-th argument as a matrix of this shape; `None` for any shape.
    pub(super) fn matrix(&self, k: usize, shape: Option<Shape>) -> Option<Expr<'g>> {
        let (written, value) = self.arguments.get(k)?;
        self.reader.matrix_of(value, written, shape)
    }

    /// The k-th argument as an index.
    pub(super) fn index(&self, k: usize) -> Option<Expr<'g>> {
        let (written, value) = self.arguments.get(k)?;
        self.reader.integer_of(value, written)
    }

    /// An error about the whole call.
    pub(super) fn error(&self, message: impl Into<String>) -> Report<'g> {
        self.reader.error(self.whole, message)
    }

    /// An error about the method's name.
    pub(super) fn error_at_name(&self, message: impl Into<String>) -> Report<'g> {
        self.reader.error(self.method, message)
    }

    /// Reports a wrong number of arguments.
    pub(super) fn report_arguments(&self, wanted: usize) {
        let (name, given) = (self.name(), self.count());
        let arguments = if wanted == 1 { "argument" } else { "arguments" };
        let were = if given == 1 { "was" } else { "were" };
        self.error(format!("`{name}` takes {wanted} {arguments}; {given} {were} given")).as_rustc_would();
    }
}
