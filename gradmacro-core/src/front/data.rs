//! Iterators over inactive data that only kept expressions can read: `points.iter()`.
//!
//! The element is the kept expression `points[i]` of a fresh index, the number of steps the kept integer
//! `points.len()`; so slices, arrays and vectors of any length are read, whatever they hold.
//!
//! Example: `points.iter().map(|p| (p.x - c) * w)` keeps `{ let p = &points[i]; p.x }` inside the sum.

use std::rc::Rc;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};

use super::kept::{KeptType, Local, Source};
use super::reader::Reader;
use super::sequence::{Run, Sequence};
use super::text;
use super::types::Type;
use super::value::{Unknown, Value};
use crate::ir::{Dim, Expr, Leaf, Node};

impl<'g> Reader<'g> {
    /// `data.iter()`
    pub(super) fn data_sequence(&self, data: &syn::Expr) -> Option<Sequence<'g>> {
        let length: syn::Expr = syn::parse2(quote!(#data.len())).ok()?;
        let trips = match self.length_of_array(data) {
            Some(trips) => trips,
            None => self.integer_of(&self.keep(&length, None), &length)?,
        };
        self.indexed_by(trips, |index| Some(self.data_element(data, index)))
    }

    /// The data that a loop runs over: `points`, `&points`.
    pub(super) fn data_in(&self, iterable: &syn::Expr) -> Option<Sequence<'g>> {
        let data = text::peel(iterable);
        if let syn::Expr::MethodCall(call) = data {
            return self.windows_in(call);
        }
        let sequence = self.data_sequence(data)?;
        let is_reference = matches!(iterable, syn::Expr::Reference(_))
            || !matches!(self.written_type(data), Some(syn::Type::Array(_) | syn::Type::Path(_)));
        Some(if is_reference { sequence } else { self.copied(&sequence) })
    }

    /// `data.windows(n)`, `data.chunks(n)`: parts of data.
    pub(super) fn windows_in(&self, call: &syn::ExprMethodCall) -> Option<Sequence<'g>> {
        let (data, name) = (&*call.receiver, call.method.to_string());
        let (Some((_, part)), Some(size)) = (PARTS.iter().find(|part| part.0 == name), call.args.first())
        else {
            self.error(call, format!("what `{}` runs over is not known", text::of(data)))
                .note(format!("nothing is guessed about `{name}`"))
                .help("loop over the data itself: `for v in data.iter()`");
            return None;
        };
        let length: syn::Expr = syn::parse2(quote!(#call.len())).ok()?;
        let trips = self.integer_of(&self.keep(&length, None), &length)?;
        self.indexed_by(trips, |index| {
            let name = index_named(index);
            let written = part(data, size, &name);
            let serial = self.add_element(written, name, index);
            Some(Value::Unknown(Rc::new(Unknown {
                serial,
                tokens: call.to_token_stream(),
                text: format!("a part of {}", text::of(data)),
                binding: None,
                ty: None,
            })))
        })
    }

    fn data_element(&self, data: &syn::Expr, index: Expr<'g>) -> Value<'g> {
        let name = index_named(index);
        let serial = self.add_element(quote!(#data[#name]), name, index);
        Value::Unknown(Rc::new(Unknown {
            serial,
            tokens: data.to_token_stream(),
            text: format!("an element of {}", text::of(data)),
            binding: None,
            ty: self.written_type(data).and_then(element).and_then(|ty| self.kept_type(ty)),
        }))
    }

    fn length_of_array(&self, data: &syn::Expr) -> Option<Expr<'g>> {
        match self.type_of(self.written_type(data)?)? {
            Type::Array(_, length) => Some(self.graph.index_extent(length)),
            _ => None,
        }
    }

    /// What the signature says that a kept expression is: a parameter, or a part of one, such as `table[i].0`.
    pub(super) fn parameter_type(&self, expr: &syn::Expr) -> Option<KeptType> {
        self.kept_type(self.written_type(expr)?)
    }

    fn kept_type(&self, ty: &syn::Type) -> Option<KeptType> {
        self.kept_as(&self.type_of(ty)?)
    }

    fn written_type(&self, expr: &syn::Expr) -> Option<&'g syn::Type> {
        match text::peel(expr) {
            syn::Expr::Path(path) => {
                let name = path.path.get_ident()?.to_string();
                let scope = self.scope();
                let binding = scope.find(&name)?;
                let given = matches!(binding.source, Source::Given);
                if binding.item && given {
                    return self.surroundings.constant(&name);
                }
                let parameter = self.signature.parameters.iter().find(|parameter| parameter.name == name);
                parameter.filter(|_| given).map(|parameter| &*parameter.source.ty)
            }
            syn::Expr::Index(index) => match text::peel(&index.index) {
                syn::Expr::Range(_) => None,
                _ => element(self.written_type(&index.expr)?),
            },
            syn::Expr::Field(field) => match (&field.member, peeled(self.written_type(&field.base)?)) {
                (syn::Member::Unnamed(k), syn::Type::Tuple(tuple)) => {
                    tuple.elems.iter().nth(k.index as usize)
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// How a kept expression reads an element that a pattern binds.
    pub(super) fn keep_element(&self, unknown: &Unknown, pattern: &dyn ToTokens) -> Option<Source<'g>> {
        let (written, by_reference, needs) = self.state.keeper.borrow().element(unknown.serial)?;
        let reference = by_reference.then(|| quote!(&));
        let tokens = quote!(let #pattern = #reference #written;);
        Some(Source::Local(Rc::new(Local { tokens, needs })))
    }

    /// A sequence whose elements are values instead of references.
    pub(super) fn copied(&self, sequence: &Sequence<'g>) -> Sequence<'g> {
        sequence.with(self.copied_value(&sequence.element))
    }

    fn copied_value(&self, value: &Value<'g>) -> Value<'g> {
        match value {
            Value::Unknown(unknown) => {
                self.state.keeper.borrow_mut().copy(unknown.serial);
                value.clone()
            }
            Value::Tuple(list) => Value::Tuple(list.iter().map(|entry| self.copied_value(entry)).collect()),
            other => other.clone(),
        }
    }

    /// The smaller of two numbers of steps, of which at least one is known at run time only.
    pub(super) fn shorter(&self, left: &Run<'g>, right: &Run<'g>) -> Option<Expr<'g>> {
        let (a, b) = (self.written_integer(left.trips)?, self.written_integer(right.trips)?);
        let smaller: syn::Expr = syn::parse2(quote!(::core::cmp::min(#a, #b))).ok()?;
        let Value::Unknown(unknown) = self.keep(&smaller, None) else { return None };
        self.unify(&unknown, KeptType::Integer)
    }

    fn written_integer(&self, x: Expr<'g>) -> Option<TokenStream> {
        if let Some(number) = Value::Integer(x).constant() {
            return Some(
                proc_macro2::Literal::usize_unsuffixed(usize::try_from(number).ok()?).to_token_stream(),
            );
        }
        match &*x.node() {
            Node::Leaf(Leaf::Kept(serial)) => self.state.keeper.borrow().name(*serial),
            Node::Leaf(Leaf::Extent(Dim::Parameter(name))) => {
                Some(Ident::new(name, Span::call_site()).to_token_stream())
            }
            Node::Leaf(Leaf::Input(k)) => {
                self.signature.parameters.get(*k as usize).map(|parameter| parameter.name.to_token_stream())
            }
            _ => None,
        }
    }
}

/// How the part of data at an index is written.
type Part = fn(&syn::Expr, &syn::Expr, &Ident) -> TokenStream;

/// Iterators over parts of data.
static PARTS: [(&str, Part); 3] = [
    ("windows", |data, size, index| quote!(#data[#index..#index + (#size)])),
    (
        "chunks",
        |data, size, index| quote!(#data[#index * (#size)..::core::cmp::min((#index + 1) * (#size), #data.len())]),
    ),
    ("chunks_exact", |data, size, index| quote!(#data[#index * (#size)..(#index + 1) * (#size)])),
];

/// A name by which a kept expression reads an index.
fn index_named(index: Expr<'_>) -> Ident {
    Ident::new(&format!("index_{}", index.id.index()), Span::mixed_site())
}

/// Is it a name by which an entry of data is read in the loop over them?
pub(super) fn is_element_index(name: &str) -> bool {
    name.strip_prefix("index_").is_some_and(|id| id.bytes().all(|digit| digit.is_ascii_digit()))
}

/// The type of the elements of an array, a slice or a `Vec`.
fn element(ty: &syn::Type) -> Option<&syn::Type> {
    match peeled(ty) {
        syn::Type::Array(array) => Some(&array.elem),
        syn::Type::Slice(slice) => Some(&slice.elem),
        syn::Type::Path(path) => {
            let last = path.path.segments.last().filter(|last| last.ident == "Vec")?;
            let syn::PathArguments::AngleBracketed(list) = &last.arguments else { return None };
            match list.args.first()? {
                syn::GenericArgument::Type(ty) => Some(ty),
                _ => None,
            }
        }
        _ => None,
    }
}

fn peeled(ty: &syn::Type) -> &syn::Type {
    match ty {
        syn::Type::Reference(reference) => peeled(&reference.elem),
        syn::Type::Paren(paren) => peeled(&paren.elem),
        syn::Type::Group(group) => peeled(&group.elem),
        ty => ty,
    }
}
