//! Names of local variables: the user's where there is one, never one that is taken.

use std::collections::BTreeSet;

use proc_macro2::{Ident, Span};

/// Names in use within one function.
pub(super) struct Names {
    taken: BTreeSet<String>,
}

impl Names {
    pub(super) fn new(taken: impl IntoIterator<Item = String>) -> Names {
        Names { taken: taken.into_iter().collect() }
    }

    /// Exactly this name, which the caller knows not to be in scope.
    pub(super) fn claim(&mut self, name: &str) -> Ident {
        self.taken.insert(name.to_owned());
        identifier(name)
    }

    /// `wish` if it is free, else with the first number that makes it so.
    pub(super) fn fresh(&mut self, wish: &str) -> Ident {
        let mut name = wish.to_owned();
        let mut number = 1;
        while !self.taken.insert(name.clone()) {
            number += 1;
            name = format!("{wish}_{number}");
        }
        identifier(&name)
    }
}

/// An identifier of ours, raw where it must be.
pub(super) fn identifier(name: &str) -> Ident {
    match name.strip_prefix("r#") {
        Some(raw) => Ident::new_raw(raw, Span::mixed_site()),
        None => Ident::new(name, Span::mixed_site()),
    }
}
