//! The attributes that a generated function takes over from the function it belongs to.
//!
//! What silences or places code is copied; what names a symbol, registers the function somewhere or belongs to
//! another macro is not.

use syn::punctuated::Punctuated;
use syn::{Attribute, Meta, Path, Token, parse_quote};

/// Attributes that mean the same on a generated function.
const KEPT: [&str; 8] =
    ["allow", "warn", "deny", "inline", "target_feature", "track_caller", "deprecated", "cfg"];

/// The attributes for the generated functions.
pub(super) fn copied(attributes: &[Attribute]) -> Vec<Attribute> {
    attributes.iter().filter_map(copy).collect()
}

fn copy(attribute: &Attribute) -> Option<Attribute> {
    let meta = copy_meta(&attribute.meta)?;
    Some(Attribute { meta, ..attribute.clone() })
}

fn copy_meta(meta: &Meta) -> Option<Meta> {
    let name = meta.path().get_ident()?.to_string();
    match name.as_str() {
        // What was expected of the function may not happen in a generated one, and what may not be overridden
        // would forbid our own `allow`.
        "expect" => Some(renamed(meta, parse_quote!(allow))),
        "forbid" => Some(renamed(meta, parse_quote!(deny))),
        "doc" => is_doc_hidden(meta).then(|| meta.clone()),
        "cfg_attr" => copy_conditional(meta),
        name => KEPT.contains(&name).then(|| meta.clone()),
    }
}

fn renamed(meta: &Meta, path: Path) -> Meta {
    match meta {
        Meta::List(list) => Meta::List(syn::MetaList { path, ..list.clone() }),
        other => other.clone(),
    }
}

fn is_doc_hidden(meta: &Meta) -> bool {
    matches!(meta, Meta::List(list) if list.parse_args::<Path>().is_ok_and(|path| path.is_ident("hidden")))
}

/// `cfg_attr(condition, a, b)` with those of `a`, `b` that are copied.
fn copy_conditional(meta: &Meta) -> Option<Meta> {
    let list = meta.require_list().ok()?;
    let parts = list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated).ok()?;
    let mut parts = parts.iter();
    let condition = parts.next()?;
    let kept: Vec<Meta> = parts.filter_map(copy_meta).collect();
    (!kept.is_empty()).then(|| parse_quote!(cfg_attr(#condition, #(#kept),*)))
}
