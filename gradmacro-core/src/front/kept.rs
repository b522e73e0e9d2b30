//! What is kept as the user wrote it: inactive expressions that are not understood, and the statements they need.
//!
//! A kept expression is evaluated once, in source order, by a `let` of the prelude; one that reads the index of a
//! sum is evaluated inside the sum. Statements are drafts until the whole body is read, because the type of a kept
//! expression may follow from a later use.
//!
//! Invariant: a name in a kept expression means in the prelude what it meant to the user. Blocks are flattened there,
//! so a name that would be caught by another `let` of the same name is reported.
//!
//! Example: `let k = self.k; k * x.norm()` gives the prelude `let kept_0: f64 = self.k; let k = kept_0;`.

use std::fmt;
use std::rc::Rc;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};

use super::active::mentions;
use super::program::{Kept, Statement};
use super::reader::Reader;
use super::text;
use super::types::{self, Type};
use super::value::{Unknown, Value};
use crate::ir::{Data, Expr, Leaf, Shape};
use crate::ops::index::KEPT_AT;

/// How a kept expression reads a name.
#[derive(Clone)]
pub enum Source<'g> {
    /// As it is: a parameter.
    Given,
    /// From the statement of the prelude with this number.
    Prelude(usize),
    /// From a `let` that is repeated where it is needed, because it reads an index.
    Local(Rc<Local<'g>>),
    /// As the index of a sum.
    Index(Expr<'g>),
    /// Not at all: it stands for all entries of a matrix at once, or is active.
    Missing,
}

/// A `let` inside a sum.
pub struct Local<'g> {
    tokens: TokenStream,
    needs: Needs<'g>,
}

/// What a kept expression needs in front of it.
#[derive(Clone, Default)]
struct Needs<'g> {
    lets: Vec<Rc<Local<'g>>>,
    indices: Vec<(Ident, Expr<'g>)>,
}

/// What a kept expression is.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum KeptType {
    /// A float.
    Scalar,
    /// A matrix.
    Matrix(Shape),
    /// An integer.
    Integer,
}

/// Everything kept so far.
#[derive(Default)]
pub(super) struct Keeper<'g> {
    entries: Vec<Entry<'g>>,
    drafts: Vec<Draft>,
}

struct Entry<'g> {
    name: Ident,
    written: TokenStream,
    ty: Option<KeptType>,
    indices: Vec<(Ident, Expr<'g>)>,
    refused: bool,
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
}

/// A `let` to be kept: `let #head = #init;`
pub(super) struct Binder {
    pub(super) head: TokenStream,
    pub(super) init: TokenStream,
    pub(super) names: Vec<Ident>,
}

impl fmt::Display for KeptType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            KeptType::Scalar => f.write_str("a scalar"),
            KeptType::Matrix(shape) => write!(f, "a {shape} matrix"),
            KeptType::Integer => f.write_str("an integer"),
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
            _ => None,
        }
    }

    fn shape(self) -> Shape {
        if let KeptType::Matrix(shape) = self { shape } else { Shape::SCALAR }
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

    /// A kept expression again, with other indices.
    pub(super) fn again(&mut self, serial: u32, node: &dyn Fn(Expr<'g>) -> Expr<'g>) -> u32 {
        let Some(entry) = self.entries.get(serial as usize).filter(|entry| !entry.indices.is_empty()) else {
            return serial;
        };
        let indices = entry.indices.iter().map(|(name, index)| (name.clone(), node(*index))).collect();
        let again = Entry { name: entry.name.clone(), written: entry.written.clone(), indices, ..*entry };
        self.entries.push(again);
        self.entries.len() as u32 - 1
    }

    /// What an attempt may change.
    pub(super) fn mark(&self) -> Mark {
        let decided = self.entries.iter().map(|entry| (entry.ty, entry.refused)).collect();
        Mark { decided, drafts: self.drafts.len() }
    }

    /// Undoes what was kept since the mark.
    pub(super) fn restore(&mut self, mark: Mark) {
        self.entries.truncate(mark.decided.len());
        self.drafts.truncate(mark.drafts);
        for (entry, (ty, refused)) in self.entries.iter_mut().zip(mark.decided) {
            (entry.ty, entry.refused) = (ty, refused);
        }
    }

    /// The last statement that defines a name.
    fn definition(&self, name: &str) -> Option<usize> {
        self.drafts.iter().rposition(|draft| draft.defines().iter().any(|defined| defined == name))
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
    /// Keeps an inactive expression as it is.
    pub(super) fn keep(&self, expr: &syn::Expr, expected: Option<&Type>) -> Value<'g> {
        let Some(needs) = self.needs(expr) else { return Value::Poison };
        let (lets, indices) = (needs.lets.iter().map(|local| &local.tokens), needs.indices);
        let written = match needs.lets.is_empty() {
            true => expr.to_token_stream(),
            false => quote!({ #(#lets)* #expr }),
        };
        let serial = self.add_entry(written, indices);
        let unknown = Unknown { serial, tokens: expr.to_token_stream(), text: self.text(expr), binding: None };
        match expected.and_then(KeptType::of).or_else(|| self.stated_type(expr)) {
            Some(ty) => self.unify(&unknown, ty).map_or(Value::Poison, |x| ty.value(x)),
            None => Value::Unknown(Rc::new(unknown)),
        }
    }

    /// What the expression itself says about its type: a cast, a length, a field named in `types(..)`.
    fn stated_type(&self, expr: &syn::Expr) -> Option<KeptType> {
        match text::peel(expr) {
            syn::Expr::Cast(cast) => self.type_of(&cast.ty).as_ref().and_then(KeptType::of),
            syn::Expr::MethodCall(call) if call.method == "len" => Some(KeptType::Integer),
            syn::Expr::Field(_) => {
                let ty = self.request.types.get(&crate::diagnostics::source(text::peel(expr)))?;
                self.type_of(ty).as_ref().and_then(KeptType::of)
            }
            _ => None,
        }
    }

    fn add_entry(&self, written: TokenStream, indices: Vec<(Ident, Expr<'g>)>) -> u32 {
        let keeper = &mut *self.state.keeper.borrow_mut();
        let serial = keeper.entries.len() as u32;
        if indices.is_empty() {
            keeper.push(Draft::Value(serial, written.clone()));
        }
        let name = Ident::new(&format!("kept_{serial}"), Span::mixed_site());
        keeper.entries.push(Entry { name, written, ty: None, indices, refused: false });
        serial
    }

    /// The node of a kept expression of this type.
    pub(super) fn kept_node(&self, serial: u32, ty: KeptType) -> Expr<'g> {
        let keeper = self.state.keeper.borrow();
        let indices = keeper.entries.get(serial as usize).map_or(&[][..], |entry| &entry.indices);
        if indices.is_empty() {
            return self.graph.leaf(Leaf::Kept(serial), ty.shape());
        }
        let operands: Vec<Expr<'g>> = indices.iter().map(|(_, index)| *index).collect();
        self.graph.apply(&KEPT_AT, Data::Kept(serial), &operands, ty.shape())
    }

    /// How a kept expression reads what a `let` of an inactive value binds.
    pub(super) fn keep_let(&self, binder: Binder, value: &Value<'g>) -> Source<'g> {
        let Some(needs) = self.quiet_needs(&binder.init) else { return Source::Missing };
        let Binder { head, init, names } = binder;
        if !needs.indices.is_empty() || !needs.lets.is_empty() {
            let tokens = quote!(let #head = #init;);
            return Source::Local(Rc::new(Local { tokens, needs }));
        }
        let kept = match value {
            Value::Unknown(unknown) => Some(unknown.serial),
            Value::Scalar(x) | Value::Matrix(x) | Value::Integer(x) => self.kept_serial(*x),
            _ => None,
        };
        let draft = Draft::Let { head, init, kept, defines: names };
        Source::Prelude(self.state.keeper.borrow_mut().push(draft))
    }

    /// Keeps an item of the body: a constant, a function, a `use`.
    pub(super) fn keep_item(&self, tokens: TokenStream, defines: Vec<Ident>) -> Source<'g> {
        Source::Prelude(self.state.keeper.borrow_mut().push(Draft::Item { tokens, defines }))
    }

    fn kept_serial(&self, x: Expr<'g>) -> Option<u32> {
        match &*x.node() {
            crate::ir::Node::Leaf(Leaf::Kept(serial)) => Some(*serial),
            _ => None,
        }
    }

    /// What a kept expression needs; reports a name that it cannot read.
    fn needs(&self, expr: &syn::Expr) -> Option<Needs<'g>> {
        let scope = self.scope();
        let bindings: Vec<_> = mentions(expr).iter().filter_map(|name| scope.find(name)).cloned().collect();
        if bindings.iter().any(|binding| matches!(binding.value, Some(Value::Poison))) {
            return None;
        }
        if let Some(missing) = bindings.iter().find(|binding| self.is_unreadable(binding)) {
            self.report_unreadable(expr, missing);
            return None;
        }
        self.quiet_needs(expr)
    }

    fn is_unreadable(&self, binding: &super::scope::Binding<'g>) -> bool {
        let defined = self.state.keeper.borrow().definition(&binding.name.to_string());
        match &binding.source {
            Source::Missing => true,
            Source::Given => defined.is_some(),
            Source::Prelude(statement) => defined != Some(*statement),
            Source::Local(_) | Source::Index(_) => false,
        }
    }

    fn report_unreadable(&self, expr: &syn::Expr, binding: &super::scope::Binding<'g>) {
        let (name, text) = (&binding.name, self.text(expr));
        let report = self.error(expr, format!("`{text}` is not understood, and it reads `{name}`"));
        match binding.source {
            Source::Missing => {
                report.note(format!("`{name}` stands for every entry at once, so the expression cannot be kept as it is"));
            }
            _ => {
                report
                    .note(format!("another `{name}` would hide this one where the expression is evaluated"))
                    .help(format!("give one of the two another name than `{name}`"));
            }
        }
    }

    /// What an expression needs in front of it; `None` if it reads what it cannot.
    fn quiet_needs(&self, tokens: &dyn ToTokens) -> Option<Needs<'g>> {
        let scope = self.scope();
        let mut needs = Needs::default();
        for binding in mentions(tokens).iter().filter_map(|name| scope.find(name)) {
            match &binding.source {
                _ if self.is_unreadable(binding) => return None,
                Source::Index(index) => needs.read(&binding.name, *index),
                Source::Local(local) => needs.include(local),
                _ => {}
            }
        }
        Some(needs)
    }

    /// The prelude and the kept expressions, with the types that are known by now.
    pub(super) fn finish_kept(&self) -> (Vec<Kept>, Vec<Statement>) {
        let keeper = self.state.keeper.borrow();
        let kept = keeper.entries.iter().map(Entry::finish).collect();
        let prelude = keeper.drafts.iter().filter_map(|draft| self.finish_draft(&keeper, draft)).collect();
        (kept, prelude)
    }

    fn finish_draft(&self, keeper: &Keeper<'g>, draft: &Draft) -> Option<Statement> {
        let decided = |serial: &u32| keeper.entries.get(*serial as usize).filter(|entry| entry.ty.is_some());
        let (tokens, defines, kept) = match draft {
            Draft::Value(serial, written) => {
                let entry = decided(serial)?;
                let (name, ascription) = (&entry.name, self.ascription(entry.ty));
                (quote!(let #name #ascription = #written;), vec![name.clone()], Some(*serial))
            }
            Draft::Let { head, init, kept, defines } => {
                let name = kept.as_ref().and_then(decided).map(|entry| &entry.name);
                let init = name.map_or_else(|| init.clone(), ToTokens::to_token_stream);
                (quote!(let #head = #init;), defines.clone(), None)
            }
            Draft::Item { tokens, defines } => (tokens.clone(), defines.clone(), None),
        };
        Some(Statement { reads: identifiers(&tokens), tokens, defines, kept })
    }

    fn ascription(&self, ty: Option<KeptType>) -> Option<TokenStream> {
        match ty? {
            KeptType::Integer => None,
            KeptType::Scalar => Some(self.signature.scalar.to_token_stream()),
            KeptType::Matrix(shape) => Some(self.spell_matrix(shape)),
        }
        .map(|ty| quote!(: #ty))
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

impl KeptType {
    pub(super) fn value<'g>(self, x: Expr<'g>) -> Value<'g> {
        match self {
            KeptType::Scalar => Value::Scalar(x),
            KeptType::Matrix(_) => Value::Matrix(x),
            KeptType::Integer => Value::Integer(x),
        }
    }
}

impl<'g> Needs<'g> {
    fn read(&mut self, name: &Ident, index: Expr<'g>) {
        if !self.indices.iter().any(|(known, _)| known == name) {
            self.indices.push((name.clone(), index));
        }
    }

    fn include(&mut self, local: &Rc<Local<'g>>) {
        for earlier in &local.needs.lets {
            self.include(earlier);
        }
        for (name, index) in &local.needs.indices {
            self.read(name, *index);
        }
        if !self.lets.iter().any(|known| Rc::ptr_eq(known, local)) {
            self.lets.push(local.clone());
        }
    }
}

impl Entry<'_> {
    fn finish(&self) -> Kept {
        let written = if self.indices.is_empty() { self.name.to_token_stream() } else { self.written.clone() };
        Kept {
            reads: identifiers(&written),
            written,
            integer: self.ty == Some(KeptType::Integer),
            matrix: matches!(self.ty, Some(KeptType::Matrix(_))),
            indices: self.indices.iter().map(|(name, _)| name.clone()).collect(),
        }
    }
}

fn identifiers(tokens: &TokenStream) -> Vec<Ident> {
    mentions(tokens).iter().filter_map(|name| syn::parse_str(name).ok()).collect()
}
