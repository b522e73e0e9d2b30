//! The entries of `types(..)`: each is used, stands for one thing, and not for itself.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};

use crate::diagnostics::{Diagnostics, Place};
use crate::front::item::Function;
use crate::front::types::{Alias, Aliases};

/// Compares the aliases with the function and with each other.
pub(super) fn check_aliases(aliases: &Aliases, function: &Function, diagnostics: &Diagnostics) {
    let item = words(function.to_token_stream());
    for (index, alias) in aliases.iter().enumerate() {
        let name = alias.name();
        if aliases.iter().take(index).any(|earlier| earlier.name() == name) {
            diagnostics
                .error_at(place(alias), format!("`types` says twice what `{name}` is"))
                .help(format!("keep one `{name} = ..`"));
        } else if stands_for_itself(alias, aliases) {
            diagnostics
                .error_at(place(alias), format!("`{name}` stands for itself in `types`"))
                .help(format!("write a type of nalgebra: `{name} = SVector<f64, 4>`"));
        } else if !occurs(alias, &item) && !aliases.iter().any(|other| occurs(alias, &words_behind(other))) {
            diagnostics
                .error_at(
                    place(alias),
                    format!("`types` names `{name}`, which does not occur in the function"),
                )
                .note("`types` is for aliases and fields that the attribute cannot see through")
                .help(format!("remove `types({name} = ..)`"));
        }
    }
}

fn place(alias: &Alias) -> Place {
    let path = &alias.path;
    Place::of(&quote!(#(#path)*))
}

/// Does following the aliases lead back to this one?
fn stands_for_itself(alias: &Alias, aliases: &Aliases) -> bool {
    let mut reached: Vec<&Alias> = vec![alias];
    let mut next = 0;
    while let Some(current) = reached.get(next) {
        let behind = words_behind(current);
        if occurs(alias, &behind) {
            return true;
        }
        for other in aliases.iter() {
            if occurs(other, &behind) && !reached.iter().any(|known| known.name() == other.name()) {
                reached.push(other);
            }
        }
        next += 1;
    }
    false
}

/// Does the name occur, with its dots if it is a field?
fn occurs(alias: &Alias, words: &[String]) -> bool {
    let name = words_of_name(alias);
    words.windows(name.len()).any(|window| window == name)
}

fn words_of_name(alias: &Alias) -> Vec<String> {
    let path = &alias.path;
    words(quote!(#(#path).*))
}

fn words_behind(alias: &Alias) -> Vec<String> {
    words(alias.ty.to_token_stream())
}

/// All tokens, inside of brackets too.
fn words(tokens: TokenStream) -> Vec<String> {
    let words = tokens.into_iter().flat_map(|token| match token {
        TokenTree::Group(group) => words(group.stream()),
        token => vec![token.to_string()],
    });
    words.collect()
}
