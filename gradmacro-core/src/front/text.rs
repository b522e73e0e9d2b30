//! Expressions as the user wrote them, for messages.
//!
//! Example: `let h = (w1 * x).map(|v| v.tanh())` is quoted as `(w1 * x).map(..)`.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::Expr;

use crate::diagnostics::source;

/// An expression as written, on one line, without `&` before it.
pub(super) fn of(expr: &Expr) -> String {
    source(peel_references(expr))
}

/// An expression as the receiver of a method: in parentheses unless it binds tightly.
pub(super) fn as_receiver(expr: &Expr) -> String {
    let expr = peel_references(expr);
    match expr {
        Expr::Binary(_) | Expr::Unary(_) | Expr::Cast(_) | Expr::Range(_) | Expr::Closure(_) => {
            format!("({})", source(expr))
        }
        _ => source(expr),
    }
}

/// An expression with closures left out.
pub(super) fn shortened(expr: &Expr) -> String {
    match expr {
        Expr::MethodCall(call) => {
            let arguments = shortened_arguments(call.args.iter());
            let generics = call.turbofish.as_ref().map(|t| source(t)).unwrap_or_default();
            format!("{}.{}{generics}({arguments})", shortened(&call.receiver), call.method)
        }
        _ => source(expr),
    }
}

fn shortened_arguments<'a>(arguments: impl Iterator<Item = &'a Expr>) -> String {
    let arguments: Vec<&Expr> = arguments.collect();
    if arguments.iter().any(|argument| matches!(argument, Expr::Closure(_))) {
        return "..".to_owned();
    }
    let written: Vec<String> = arguments.iter().map(|argument| source(argument)).collect();
    written.join(", ")
}

/// The name at the end of `self.k` or `config.gain`.
pub(super) fn last_name(text: &str) -> Option<String> {
    let last = text.rsplit(['.', ':']).next()?.trim();
    syn::parse_str::<syn::Ident>(last).ok().map(|name| name.to_string())
}

/// Is it an integer, or an array of integers?
pub(super) fn is_integer(expr: &Expr) -> bool {
    match peel(expr) {
        Expr::Lit(literal) => matches!(&literal.lit, syn::Lit::Int(n) if !n.suffix().starts_with('f')),
        Expr::Array(array) => array.elems.iter().any(is_integer),
        _ => false,
    }
}

/// An expression without the references, dereferences, parentheses and invisible groups around it.
pub(super) fn peel(expr: &Expr) -> &Expr {
    match expr {
        Expr::Reference(reference) => peel(&reference.expr),
        Expr::Paren(paren) => peel(&paren.expr),
        Expr::Group(group) => peel(&group.expr),
        Expr::Unary(syn::ExprUnary { op: syn::UnOp::Deref(_), expr, .. }) => peel(expr),
        _ => expr,
    }
}

/// The name that an expression is, if it is one.
pub(super) fn name_of(expr: &Expr) -> Option<&syn::Ident> {
    match peel(expr) {
        Expr::Path(path) if path.qself.is_none() => path.path.get_ident(),
        _ => None,
    }
}

/// Several tokens in a row, as a place.
pub(super) fn together(parts: &[&dyn ToTokens]) -> TokenStream {
    let mut tokens = TokenStream::new();
    for part in parts {
        part.to_tokens(&mut tokens);
    }
    tokens
}

fn peel_references(expr: &Expr) -> &Expr {
    match expr {
        Expr::Reference(reference) => peel_references(&reference.expr),
        Expr::Group(group) => peel_references(&group.expr),
        _ => expr,
    }
}
