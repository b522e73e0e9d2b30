//! The store of what is kept, and the prelude that comes of it.
//!
//! Statements are drafts until the whole body is read, because the type of a kept expression may follow from a later
//! use. A kept expression whose type was never asked for is not evaluated by itself.
//!
//! Example: the drafts of `let k = self.k;` are the value of `self.k` and the `let`; once `k` is known to be a float
//! they become `let kept_0: f64 = self.k; let k = kept_0;`.

use std::fmt;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};

use super::active::mentions;
use super::geometry::{Geometry, Kind};
use super::kept::Needs;
use super::panics::never_returns;
use super::program::{Kept, Statement};
use super::reader::Reader;
use super::types::{self, Type};
use super::value::Value;
use crate::ir::{Expr, Shape};

/// What a kept expression is.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum KeptType {
    /// A float.
    Scalar,
    /// A matrix.
    Matrix(Shape),
    /// An integer.
    Integer,
    /// A `bool`.
    Truth,
    /// A rotation, a point or the like.
    Geometry(Kind),
}

/// Everything kept so far.
#[derive(Default)]
pub(super) struct Keeper<'g> {
    entries: Vec<Entry<'g>>,
    drafts: Vec<Draft>,
    /// What a kept expression reads that is evaluated only where it is reached.
    token: Option<u32>,
}

#[derive(Clone)]
struct Entry<'g> {
    name: Ident,
    written: TokenStream,
    ty: Option<KeptType>,
    indices: Vec<(Ident, Expr<'g>)>,
    refused: bool,
    /// Does an iterator yield it by reference?
    by_reference: bool,
}

/// A statement of the prelude, to be completed when the types are known.
enum Draft {
    Value(u32, TokenStream),
    Let { head: TokenStream, init: TokenStream, kept: Option<u32>, defines: Vec<Ident> },
    Item { tokens: TokenStream, defines: Vec<Ident> },
}

/// The state of a keeper before an attempt.
pub(super) struct Mark {
    decided: Vec<(Option<KeptType>, bool)>,
    drafts: usize,
    token: Option<u32>,
}

impl fmt::Display for KeptType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            KeptType::Scalar => f.write_str("a scalar"),
            KeptType::Matrix(shape) => write!(f, "a {shape} matrix"),
            KeptType::Integer => f.write_str("an integer"),
            KeptType::Truth => f.write_str("a `bool`"),
            KeptType::Geometry(kind) => f.write_str(&kind.describe()),
        }
    }
}

impl KeptType {
    /// What a type that is written says about a kept expression.
    pub(super) fn of(ty: &Type) -> Option<KeptType> {
        match ty {
            Type::Scalar(_) => Some(KeptType::Scalar),
            Type::Matrix { shape, .. } => Some(KeptType::Matrix(*shape)),
            Type::Integer(_) => Some(KeptType::Integer),
            Type::Geometry { kind, .. } => Some(KeptType::Geometry(*kind)),
            Type::Bool => Some(KeptType::Truth),
            _ => None,
        }
    }

    /// Its shape in the graph.
    pub(super) fn shape(self) -> Shape {
        match self {
            KeptType::Matrix(shape) => shape,
            KeptType::Geometry(kind) => kind.shape(),
            _ => Shape::SCALAR,
        }
    }

    /// A value of this type.
    pub(super) fn value<'g>(self, x: Expr<'g>) -> Value<'g> {
        match self {
            KeptType::Scalar => Value::Scalar(x),
            KeptType::Matrix(_) => Value::Matrix(x),
            KeptType::Integer => Value::Integer(x),
            KeptType::Truth => Value::Truth(x),
            KeptType::Geometry(kind) => Value::Geometry(Geometry { kind, node: x }),
        }
    }
}

impl<'g> Keeper<'g> {
    /// The type of a kept expression, which is `ty` if it was not decided before; `None` if it was refused.
    pub(super) fn decide(&mut self, serial: u32, ty: KeptType) -> Option<KeptType> {
        let entry = self.entries.get_mut(serial as usize).filter(|entry| !entry.refused)?;
        Some(*entry.ty.get_or_insert(ty))
    }

    /// Marks a kept expression as reported; false if it was already.
    pub(super) fn refuse(&mut self, serial: u32) -> bool {
        let entry = self.entries.get_mut(serial as usize);
        entry.is_some_and(|entry| !std::mem::replace(&mut entry.refused, true))
    }

    fn is_written_as(&self, serial: u32, init: &TokenStream) -> bool {
        let entry = self.entries.get(serial as usize);
        entry.is_some_and(|entry| entry.written.to_string() == init.to_string())
    }

    /// A kept expression again, with other indices.
    pub(super) fn again(&mut self, serial: u32, node: &dyn Fn(Expr<'g>) -> Expr<'g>) -> u32 {
        let Some(entry) = self.entries.get(serial as usize).filter(|entry| !entry.indices.is_empty()) else {
            return serial;
        };
        let indices = entry.indices.iter().map(|(name, index)| (name.clone(), node(*index))).collect();
        let again = Entry { indices, ..entry.clone() };
        self.entries.push(again);
        self.entries.len() as u32 - 1
    }

    /// How an element of data is read: its source, whether by reference, and what it needs.
    pub(super) fn element(&self, serial: u32) -> Option<(TokenStream, bool, Needs<'g>)> {
        let entry = self.entries.get(serial as usize).filter(|entry| !entry.indices.is_empty())?;
        let needs = Needs { lets: Vec::new(), indices: entry.indices.clone() };
        Some((entry.written.clone(), entry.by_reference, needs))
    }

    /// An element of data is yielded by value from now on.
    pub(super) fn copy(&mut self, serial: u32) {
        if let Some(entry) = self.entries.get_mut(serial as usize) {
            entry.by_reference = false;
        }
    }

    /// The variable of the prelude that holds a kept expression.
    pub(super) fn name(&self, serial: u32) -> Option<TokenStream> {
        self.entries.get(serial as usize).map(|entry| entry.name.to_token_stream())
    }

    /// The same, as a name.
    pub(super) fn ident(&self, serial: u32) -> Option<Ident> {
        self.entries.get(serial as usize).map(|entry| entry.name.clone())
    }

    /// What an attempt may change.
    pub(super) fn mark(&self) -> Mark {
        let decided = self.entries.iter().map(|entry| (entry.ty, entry.refused)).collect();
        Mark { decided, drafts: self.drafts.len(), token: self.token }
    }

    /// Undoes what was kept since the mark.
    pub(super) fn restore(&mut self, mark: Mark) {
        self.entries.truncate(mark.decided.len());
        self.drafts.truncate(mark.drafts);
        self.token = mark.token;
        for (entry, (ty, refused)) in self.entries.iter_mut().zip(mark.decided) {
            (entry.ty, entry.refused) = (ty, refused);
        }
    }

    /// The last statement that defines a name.
    pub(super) fn definition(&self, name: &str) -> Option<usize> {
        self.drafts.iter().rposition(|draft| draft.defines().iter().any(|defined| defined == name))
    }

    /// An integer whose value nobody looks at: who reads it is evaluated in the branch that it stands in.
    pub(super) fn token(&mut self) -> u32 {
        if let Some(known) = self.token {
            return known;
        }
        let serial = self.add(quote!(0_usize), Vec::new(), false);
        self.decide(serial, KeptType::Integer);
        self.token = Some(serial);
        serial
    }

    /// Keeps an expression that reads these indices.
    pub(super) fn add(
        &mut self,
        written: TokenStream,
        indices: Vec<(Ident, Expr<'g>)>,
        by_reference: bool,
    ) -> u32 {
        let serial = self.entries.len() as u32;
        if indices.is_empty() {
            self.push(Draft::Value(serial, written.clone()));
        }
        let name = Ident::new(&format!("kept_{serial}"), Span::mixed_site());
        self.entries.push(Entry { name, written, ty: None, indices, refused: false, by_reference });
        serial
    }

    /// Keeps what an expression refers to: a `let` has said that it is a reference.
    pub(super) fn dereference(&mut self, serial: u32, init: &TokenStream) {
        if !self.is_written_as(serial, init) {
            return;
        }
        for draft in &mut self.drafts {
            if let Draft::Value(own, written) = draft
                && *own == serial
            {
                *written = dereferenced(written);
            }
        }
        if let Some(entry) = self.entries.get_mut(serial as usize) {
            let written = &entry.written;
            entry.written = dereferenced(written);
        }
    }

    /// Keeps `let #head = #init;`, where `init` may be a kept expression; the number of the statement.
    pub(super) fn add_let(
        &mut self,
        head: TokenStream,
        init: TokenStream,
        kept: Option<u32>,
        defines: Vec<Ident>,
    ) -> usize {
        // `let b = &a;` must stay a reference.
        let kept = kept.filter(|serial| self.is_written_as(*serial, &init));
        self.push(Draft::Let { head, init, kept, defines })
    }

    /// Keeps an item or a statement; its number.
    pub(super) fn add_item(&mut self, tokens: TokenStream, defines: Vec<Ident>) -> usize {
        self.push(Draft::Item { tokens, defines })
    }

    /// The indices that a kept expression reads.
    pub(super) fn indices(&self, serial: u32) -> &[(Ident, Expr<'g>)] {
        self.entries.get(serial as usize).map_or(&[], |entry| &entry.indices)
    }

    fn push(&mut self, draft: Draft) -> usize {
        self.drafts.push(draft);
        self.drafts.len() - 1
    }
}

impl Draft {
    fn defines(&self) -> &[Ident] {
        match self {
            Draft::Value(..) => &[],
            Draft::Let { defines, .. } | Draft::Item { defines, .. } => defines,
        }
    }
}

impl<'g> Reader<'g> {
    /// The prelude and the kept expressions, with the types that are known by now.
    pub(super) fn finish_kept(&self) -> (Vec<Kept>, Vec<Statement>) {
        let keeper = self.state.keeper.borrow();
        let kept = keeper.entries.iter().map(|entry| entry.finish(self)).collect();
        let prelude = keeper.drafts.iter().filter_map(|draft| self.finish_draft(&keeper, draft)).collect();
        (kept, prelude)
    }

    fn finish_draft(&self, keeper: &Keeper<'g>, draft: &Draft) -> Option<Statement> {
        let decided = |serial: &u32| keeper.entries.get(*serial as usize).filter(|entry| entry.ty.is_some());
        Some(match draft {
            Draft::Value(serial, written) => {
                let entry = decided(serial)?;
                let (name, ascription) = (&entry.name, self.ascription(entry.ty));
                let reads = identifiers(&quote!(#ascription #written));
                let whole = entry.whole();
                let tokens = match whole == *name {
                    true => quote!(let #name #ascription = #written;),
                    false => {
                        let read = entry.read_from(&whole.to_token_stream(), self);
                        quote!(let #whole = #written; let #name #ascription = #read;)
                    }
                };
                let defines = vec![name.clone(), whole];
                Statement { tokens, reads, defines, kept: Some(*serial) }
            }
            // What is bound to `_` nobody reads.
            Draft::Let { defines, .. } if defines.is_empty() => return None,
            Draft::Let { head, init, kept, defines } => {
                let name = kept.as_ref().and_then(decided).map(Entry::whole);
                let init = name.map_or_else(|| init.clone(), |name| name.to_token_stream());
                let (tokens, mut reads) = (quote!(let #head = #init;), identifiers(&init));
                reads.extend(identifiers(head).into_iter().filter(|name| !defines.contains(name)));
                Statement { tokens, reads, defines: defines.clone(), kept: None }
            }
            Draft::Item { tokens, defines } => {
                let (tokens, reads) = (tokens.clone(), identifiers(tokens));
                Statement { tokens, reads, defines: defines.clone(), kept: None }
            }
        })
    }

    fn ascription(&self, ty: Option<KeptType>) -> Option<TokenStream> {
        self.spell_kept(ty).map(|ty| quote!(: #ty))
    }

    pub(super) fn spell_kept(&self, ty: Option<KeptType>) -> Option<TokenStream> {
        match ty? {
            KeptType::Integer => None,
            KeptType::Truth => Some(quote!(bool)),
            KeptType::Scalar => Some(self.signature.scalar.to_token_stream()),
            KeptType::Matrix(shape) => Some(self.spell_matrix(shape)),
            KeptType::Geometry(kind) => Some(self.spell_matrix(kind.shape())),
        }
    }
}

impl Reader<'_> {
    fn spell_matrix(&self, shape: Shape) -> TokenStream {
        let (scalar, nalgebra) = (self.signature.scalar, &self.request.nalgebra);
        match shape.is_scalar() {
            true => quote!(#nalgebra::SMatrix<#scalar, 1, 1>),
            false => types::spell(shape, scalar, nalgebra),
        }
    }
}

impl Entry<'_> {
    /// What the user wrote has this name where the kept expression is only read from it.
    fn whole(&self) -> Ident {
        match self.ty {
            Some(KeptType::Geometry(_)) => Ident::new(&format!("{}_whole", self.name), Span::mixed_site()),
            _ => self.name.clone(),
        }
    }

    /// The node of a rotation or the like is read from it.
    fn read_from(&self, whole: &TokenStream, reader: &Reader<'_>) -> TokenStream {
        match self.ty {
            Some(KeptType::Geometry(kind)) => {
                kind.read_from(whole, reader.signature.scalar, &reader.request.nalgebra)
            }
            _ => whole.clone(),
        }
    }

    fn finish(&self, reader: &Reader<'_>) -> Kept {
        let written = match self.indices.is_empty() {
            true => self.name.to_token_stream(),
            false if never_returns(&self.written) => reader.typed_panic(&self.written, self.ty),
            false => self.read_from(&self.written, reader),
        };
        Kept {
            reads: identifiers(&written),
            written,
            integer: self.ty == Some(KeptType::Integer),
            matrix: matches!(self.ty, Some(KeptType::Matrix(_))),
            truth: self.ty == Some(KeptType::Truth),
            indices: self.indices.iter().map(|(name, _)| name.clone()).collect(),
        }
    }
}

/// `*r.matrix()`, in parentheses where they are needed.
fn dereferenced(written: &TokenStream) -> TokenStream {
    let binds = matches!(
        syn::parse2(written.clone()),
        Ok(syn::Expr::MethodCall(_) | syn::Expr::Call(_) | syn::Expr::Path(_) | syn::Expr::Field(_))
    );
    if binds { quote!(*#written) } else { quote!(*(#written)) }
}

fn identifiers(tokens: &TokenStream) -> Vec<Ident> {
    mentions(tokens).iter().filter_map(|name| syn::parse_str(name).ok()).collect()
}
