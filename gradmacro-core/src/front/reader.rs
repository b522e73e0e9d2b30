//! The reader of bodies: what every part of the reading shares.
//!
//! Invariant: a [`Reader`] is in one scope at a time, and whoever opens a scope, a lifted closure or the region of
//! an index closes it again. Reading never stops at a mistake: what is wrong is reported and read as `Poison`.
//!
//! An *inactive* expression is first tried: if all of it is understood, it becomes ordinary nodes, otherwise the
//! whole of it is kept as it stands. A trial is read by a copy of the reader that reports to a scratch collection.
//! In `foo(b) * x.norm()` with active `x`, `foo(b)` is tried, not understood, and kept.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::Ident;

use super::active::Activity;
use super::bounds::Around;
use super::demands::Pending;
use super::exits::{Exit, Frame};
use super::inline::Functions;
use super::keeper::Keeper;
use super::request::Request;
use super::scope::Scope;
use super::signature::Signature;
use super::surroundings::Surroundings;
use super::text;
use super::types::{self, Type};
use crate::diagnostics::{Diagnostics, Report};
use crate::ir::{Dim, Expr, Graph, Id};

/// Reads a body into a graph.
#[derive(Clone)]
pub struct Reader<'g> {
    /// Where nodes are made.
    pub graph: &'g Graph,
    /// Where mistakes are reported.
    pub diagnostics: &'g Diagnostics,
    /// The function's head.
    pub signature: &'g Signature,
    /// What is asked for.
    pub request: &'g Request,
    /// What stands around the function.
    pub surroundings: &'g Surroundings,
    /// Where a trial reports.
    pub(super) scratch: &'g Diagnostics,
    /// Where a reading of a loop's body reports that is only to find out what it makes of its variables.
    pub(super) probing: &'g Diagnostics,
    /// Where mistakes go that are mistakes in inactive code too, because rustc would reject them.
    pub(super) definite: &'g Diagnostics,
    /// Is this a trial?
    pub(super) trial: bool,
    pub(super) state: Rc<State<'g>>,
}

/// What changes while a body is read.
pub(super) struct State<'g> {
    pub(super) scope: RefCell<Scope<'g>>,
    pub(super) keeper: RefCell<Keeper<'g>>,
    pub(super) demands: RefCell<Vec<Pending<'g>>>,
    /// A condition under which the function goes on after the statement that has been read: otherwise it returns
    /// `None`.
    pub(super) passed: RefCell<Option<(Expr<'g>, bool)>>,
    pub(super) activity: RefCell<Activity>,
    pub(super) names: RefCell<BTreeMap<Id, Ident>>,
    pub(super) indices: RefCell<BTreeMap<Id, Ident>>,
    pub(super) around: RefCell<Vec<Around<'g>>>,
    /// The heads of loops, and their trip counts.
    pub(super) heads: RefCell<Vec<(TokenStream, Id)>>,
    /// Which lifted closure is being read; 0 for none.
    pub(super) lift: Cell<u32>,
    /// Lifted closures read so far.
    pub(super) lifts: Cell<u32>,
    /// Scratch errors of attempts that were given up.
    pub(super) forgiven: Cell<usize>,
    /// Expressions that are open.
    pub(super) depth: Cell<usize>,
    /// Calls that are being inlined.
    pub(super) calls: Cell<usize>,
    /// Variables declared so far.
    pub(super) variables: Cell<u32>,
    /// Types of variables that are assigned later.
    pub(super) declared: RefCell<BTreeMap<u32, Type>>,
    /// How the body that is being read may have been left by now.
    pub(super) exit: RefCell<Option<Exit<'g>>>,
    /// That body.
    pub(super) frame: RefCell<Frame>,
    pub(super) functions: Functions<'g>,
}

impl<'g> State<'g> {
    /// Before the body, where these names are known.
    pub(super) fn new(scope: Scope<'g>) -> Self {
        State {
            scope: RefCell::new(scope),
            keeper: RefCell::default(),
            demands: RefCell::default(),
            passed: RefCell::default(),
            activity: RefCell::default(),
            names: RefCell::default(),
            indices: RefCell::default(),
            around: RefCell::default(),
            heads: RefCell::default(),
            lift: Cell::new(0),
            lifts: Cell::new(0),
            forgiven: Cell::new(0),
            depth: Cell::new(0),
            calls: Cell::new(0),
            variables: Cell::new(0),
            declared: RefCell::default(),
            exit: RefCell::default(),
            frame: RefCell::default(),
            functions: Functions::default(),
        }
    }
}

impl<'g> Reader<'g> {
    /// An expression as written, without a `&` before it.
    pub fn text(&self, expr: &syn::Expr) -> String {
        text::of(expr)
    }

    /// Reports a mistake.
    pub fn error(&self, at: &dyn ToTokens, message: impl Into<String>) -> Report<'g> {
        self.diagnostics.error(at, message)
    }

    /// Reports a mistake that rustc would report too, in whatever code.
    pub(super) fn definite_error(&self, at: &dyn ToTokens, message: impl Into<String>) -> Report<'g> {
        self.definite.error(at, message).as_rustc_would()
    }

    /// What a type that is written in the body means; `None` if it is not a type to compute with.
    pub fn type_of(&self, ty: &syn::Type) -> Option<Type> {
        let constants = self.state.scope.borrow().constants();
        match self.types_scope().with_constants(&constants).read(ty) {
            Type::Other => None,
            known => Some(known),
        }
    }

    /// The size that a generic argument such as the 3 of `fixed_rows::<3>` states.
    pub fn dim_of(&self, size: &syn::Expr) -> Option<Dim> {
        let constants = self.state.scope.borrow().constants();
        self.types_scope().with_constants(&constants).size(size).ok()
    }

    /// The size that a generic argument states, which looks like a type if it is a name: `fixed_rows::<N>`.
    pub fn dim_of_argument(&self, argument: &syn::GenericArgument) -> Option<Dim> {
        match argument {
            syn::GenericArgument::Const(size) => self.dim_of(size),
            syn::GenericArgument::Type(name) => self.dim_of(&syn::parse2(name.to_token_stream()).ok()?),
            _ => None,
        }
    }

    /// Reads on approval: if anything is wrong, nothing is reported and nothing is kept.
    pub(super) fn attempt<T>(&self, read: impl FnOnce(&Reader<'g>) -> Option<T>) -> Option<T> {
        let reader = Reader { diagnostics: self.scratch, definite: self.scratch, ..self.clone() };
        let mark = self.state.keeper.borrow().mark();
        let (demands, scope) = (self.demands_so_far(), self.scope());
        let before = self.scratch_errors();
        let result = read(&reader);
        let errors = self.scratch_errors() - before;
        if errors == 0 && result.is_some() {
            return result;
        }
        self.state.forgiven.set(self.state.forgiven.get() + errors);
        self.state.keeper.borrow_mut().restore(mark);
        self.restore_demands(demands);
        self.state.scope.replace(scope);
        None
    }

    /// A reader whose errors nobody sees, and that keeps nothing.
    pub(super) fn as_trial(&self) -> Reader<'g> {
        Reader { diagnostics: self.scratch, trial: true, ..self.clone() }
    }

    /// Mistakes reported so far, those of attempts that were given up aside.
    pub(super) fn errors(&self) -> usize {
        match std::ptr::eq(self.diagnostics, self.scratch) {
            true => self.scratch_errors(),
            false => self.diagnostics.count(),
        }
    }

    /// Scratch errors that count.
    pub(super) fn scratch_errors(&self) -> usize {
        self.scratch.count() - self.state.forgiven.get()
    }

    /// Runs `read` in another scope.
    pub(super) fn within<T>(&self, scope: Scope<'g>, read: impl FnOnce() -> T) -> T {
        let outer = self.state.scope.replace(scope);
        let result = read();
        self.state.scope.replace(outer);
        result
    }

    /// The scope as it is now.
    pub(super) fn scope(&self) -> Scope<'g> {
        self.state.scope.borrow().clone()
    }

    fn types_scope(&self) -> types::Scope<'g> {
        self.signature.scope(&self.request.types)
    }
}
