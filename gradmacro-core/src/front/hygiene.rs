//! Hygiene: names that are spelled alike are different variables if one of them comes out of a `macro_rules` macro.
//!
//! Example: where a macro writes `let shift = 0.5; x.map(|$v| $t + shift)` and its user passes `shift, shift * shift`,
//! there are two variables `shift`. Scopes go by spelling, so such a use is refused.

use proc_macro2::Ident;

/// Are two names of one spelling different variables?
///
/// On stable Rust the context of a span shows in its `Debug` form only, as in `#4 bytes(10..15)`. Where none is shown,
/// which is everywhere outside of a macro expansion, there is but one.
pub(super) fn are_apart(one: &Ident, other: &Ident) -> bool {
    context(one) != context(other)
}

fn context(name: &Ident) -> Option<String> {
    let shown = format!("{:?}", name.span());
    let (context, _) = shown.split_once(' ')?;
    context.starts_with('#').then(|| context.to_owned())
}
