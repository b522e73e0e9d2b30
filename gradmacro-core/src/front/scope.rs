//! Names in the body.
//!
//! A [`Scope`] is a list that only grows, so a closure keeps the names of its definition by keeping the list.
//!
//! Example: in `let a = x * 2.0; let f = |v| v + a; let a = 1.0;` the closure `f` holds the list that ends with the
//! first `a`.

use std::rc::Rc;

use proc_macro2::Ident;

use super::kept::Source;
use super::types::Constants;
use super::value::Value;

/// The names that are visible, the newest first.
#[derive(Clone, Default)]
pub struct Scope<'g>(Option<Rc<Entry<'g>>>);

struct Entry<'g> {
    binding: Binding<'g>,
    older: Scope<'g>,
}

/// What a name means.
#[derive(Clone)]
pub struct Binding<'g> {
    /// The name.
    pub name: Ident,
    /// Its value; `None` for what only kept expressions can read.
    pub value: Option<Value<'g>>,
    /// How a kept expression reads it.
    pub source: Source<'g>,
    /// The lifted closure it was bound in; 0 for none.
    pub lift: u32,
    /// How many inlined calls were open where it was bound: a closure captures what has less.
    pub level: usize,
    /// Is it `mut`?
    pub mutable: bool,
    /// Which variable it is, if it may be assigned to: the same for every binding that an assignment makes.
    pub variable: Option<u32>,
    /// Is it an item of the body, which nested functions see too?
    pub item: bool,
    /// The `let` that bound it, shortened, for notes.
    pub origin: Option<Rc<str>>,
}

impl<'g> Scope<'g> {
    /// This scope with one name more.
    pub fn with(&self, binding: Binding<'g>) -> Scope<'g> {
        Scope(Some(Rc::new(Entry { binding, older: self.clone() })))
    }

    /// What a name means.
    pub fn find(&self, name: &str) -> Option<&Binding<'g>> {
        self.iter().find(|binding| binding.name == name)
    }

    /// Every binding, the newest first, shadowed ones included.
    pub fn iter(&self) -> impl Iterator<Item = &Binding<'g>> {
        let mut rest = self;
        std::iter::from_fn(move || {
            let entry = rest.0.as_deref()?;
            rest = &entry.older;
            Some(&entry.binding)
        })
    }

    /// The bindings that were made after `older`, the newest first.
    pub fn since(&self, older: &Scope<'g>) -> impl Iterator<Item = &Binding<'g>> {
        let end = older.0.as_ref().map(Rc::as_ptr);
        let mut rest = self;
        std::iter::from_fn(move || {
            let entry = rest.0.as_ref().filter(|entry| Some(Rc::as_ptr(entry)) != end)?;
            rest = &entry.older;
            Some(&entry.binding)
        })
    }

    /// The integers that are known by name.
    pub fn constants(&self) -> Constants {
        let mut constants = Constants::new();
        for binding in self.iter() {
            if let Some(size) = binding.value.as_ref().and_then(Value::size) {
                constants.entry(binding.name.to_string()).or_insert(size);
            }
        }
        constants
    }
}

impl<'g> Binding<'g> {
    /// A name outside of closures.
    pub fn of(name: Ident, value: Option<Value<'g>>, source: Source<'g>) -> Binding<'g> {
        Binding {
            name,
            value,
            source,
            lift: 0,
            level: 0,
            mutable: false,
            variable: None,
            item: false,
            origin: None,
        }
    }
}
