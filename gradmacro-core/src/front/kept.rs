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

use std::rc::Rc;

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};

use super::active::mentions;
pub use super::keeper::KeptType;
use super::reader::Reader;
use super::scope::Binding;
use super::types::Type;
use super::value::{Unknown, Value};
use crate::ir::{Data, Expr, Leaf, Node};
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
    pub(super) tokens: TokenStream,
    pub(super) needs: Needs<'g>,
}

/// What a kept expression needs in front of it.
#[derive(Clone, Default)]
pub(super) struct Needs<'g> {
    pub(super) lets: Vec<Rc<Local<'g>>>,
    pub(super) indices: Vec<(Ident, Expr<'g>)>,
}

/// A `let` to be kept: `let #head = #init;`
pub(super) struct Binder {
    pub(super) head: TokenStream,
    pub(super) init: TokenStream,
    pub(super) names: Vec<Ident>,
}

impl<'g> Reader<'g> {
    /// Keeps an inactive expression as it is.
    pub(super) fn keep(&self, expr: &syn::Expr, expected: Option<&Type>) -> Value<'g> {
        if self.refuse_exit(expr) {
            return Value::Poison;
        }
        let Some(mut needs) = self.needs(expr) else { return Value::Poison };
        if self.is_conditional() && !(is_certain(expr) && needs.lets.is_empty()) {
            self.delay(&mut needs);
        }
        let (lets, indices) = (needs.lets.iter().map(|local| &local.tokens), needs.indices);
        let written = match needs.lets.is_empty() {
            true => expr.to_token_stream(),
            false => quote!({ #(#lets)* #expr }),
        };
        let serial = self.state.keeper.borrow_mut().add(written, indices, false);
        let unknown = Unknown {
            serial,
            tokens: expr.to_token_stream(),
            text: self.text(expr),
            binding: None,
            ty: None,
        };
        match expected.and_then(|ty| self.kept_as(ty)).or_else(|| self.stated_type(expr)) {
            Some(ty) => self.unify(&unknown, ty).map_or(Value::Poison, |x| ty.value(x)),
            None => Value::Unknown(Rc::new(unknown)),
        }
    }

    /// What a type says that a kept expression is; nothing if it is made of another float type than the function's.
    pub(super) fn kept_as(&self, ty: &Type) -> Option<KeptType> {
        let fits = ty.scalar().is_none_or(|scalar| scalar == self.signature.scalar);
        KeptType::of(ty).filter(|_| fits)
    }

    /// An element of data at an index, yielded by reference.
    pub(super) fn add_element(&self, written: TokenStream, name: Ident, index: Expr<'g>) -> u32 {
        self.state.keeper.borrow_mut().add(written, vec![(name, index)], true)
    }

    /// The node of a kept expression of this type.
    pub(super) fn kept_node(&self, serial: u32, ty: KeptType) -> Expr<'g> {
        let keeper = self.state.keeper.borrow();
        let indices = keeper.indices(serial);
        if indices.is_empty() {
            return self.graph.leaf(Leaf::Kept(serial), ty.shape());
        }
        let operands: Vec<Expr<'g>> = indices.iter().map(|(_, index)| *index).collect();
        self.graph.apply(&KEPT_AT, Data::Kept(serial), &operands, ty.shape())
    }

    /// How a kept expression reads what a `let` of an inactive value binds.
    pub(super) fn keep_let(&self, binder: Binder, value: &Value<'g>) -> Source<'g> {
        let Some(mut needs) = self.quiet_needs(&binder.init) else { return Source::Missing };
        if self.is_conditional() {
            self.delay(&mut needs);
        }
        let Binder { head, init, names } = binder;
        if !needs.indices.is_empty() || !needs.lets.is_empty() {
            let tokens = quote!(let #head = #init;);
            return Source::Local(Rc::new(Local { tokens, needs }));
        }
        let kept = match value {
            Value::Unknown(unknown) => Some(unknown.serial),
            Value::Scalar(x) | Value::Matrix(x) | Value::Integer(x) | Value::Truth(x) => self.kept_serial(*x),
            Value::Geometry(geometry) => self.kept_serial(geometry.node),
            _ => None,
        };
        Source::Prelude(self.state.keeper.borrow_mut().add_let(head, init, kept, names))
    }

    /// Keeps an item of the body or a statement.
    pub(super) fn keep_item(&self, tokens: TokenStream, defines: Vec<Ident>) -> Source<'g> {
        Source::Prelude(self.state.keeper.borrow_mut().add_item(tokens, defines))
    }

    pub(super) fn kept_serial(&self, x: Expr<'g>) -> Option<u32> {
        match &*x.node() {
            Node::Leaf(Leaf::Kept(serial)) => Some(*serial),
            _ => None,
        }
    }

    /// What is kept in an arm of a conditional is evaluated where the arm is taken.
    fn delay(&self, needs: &mut Needs<'g>) {
        let token = self.state.keeper.borrow_mut().token();
        let name = self.state.keeper.borrow().ident(token);
        if let Some(name) = name {
            needs.read(&name, self.kept_node(token, KeptType::Integer));
        }
    }

    /// What a pattern that kept code matches again needs in front of it.
    pub(super) fn needs_in_arm(&self, expr: &syn::Expr) -> Option<Needs<'g>> {
        let mut needs = self.needs(expr)?;
        self.delay(&mut needs);
        Some(needs)
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

    fn is_unreadable(&self, binding: &Binding<'g>) -> bool {
        let defined = self.state.keeper.borrow().definition(&binding.name.to_string());
        match &binding.source {
            Source::Missing => true,
            Source::Given => defined.is_some() || self.is_behind_parameter(binding),
            Source::Prelude(statement) => defined != Some(*statement),
            Source::Local(_) | Source::Index(_) => false,
        }
    }

    /// Is it an item of the module that a parameter of the function hides?
    fn is_behind_parameter(&self, binding: &Binding<'g>) -> bool {
        binding.item && self.signature.parameter(&binding.name).is_some()
    }

    fn report_unreadable(&self, expr: &syn::Expr, binding: &Binding<'g>) {
        let (name, text) = (&binding.name, self.text(expr));
        let report = self.error(expr, format!("`{text}` is not understood, and it reads `{name}`"));
        match binding.source {
            Source::Missing => {
                report.note(format!(
                    "`{name}` stands for every entry at once, so the expression cannot be kept as it is"
                ));
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

/// Does its evaluation never fail?
fn is_certain(expr: &syn::Expr) -> bool {
    match super::text::peel(expr) {
        syn::Expr::Path(_) | syn::Expr::Lit(_) => true,
        syn::Expr::Field(field) => is_certain(&field.base),
        syn::Expr::Unary(unary) => matches!(unary.op, syn::UnOp::Not(_)) && is_certain(&unary.expr),
        syn::Expr::Binary(binary) => {
            decides(&binary.op) && is_certain(&binary.left) && is_certain(&binary.right)
        }
        _ => false,
    }
}

/// Is it a comparison, `&&` or `||`?
fn decides(op: &syn::BinOp) -> bool {
    matches!(
        op,
        syn::BinOp::And(_)
            | syn::BinOp::Or(_)
            | syn::BinOp::Eq(_)
            | syn::BinOp::Ne(_)
            | syn::BinOp::Lt(_)
            | syn::BinOp::Le(_)
            | syn::BinOp::Gt(_)
            | syn::BinOp::Ge(_)
    )
}
