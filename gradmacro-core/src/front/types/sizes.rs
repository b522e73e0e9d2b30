//! Sizes: the extents that a type states.
//!
//! A number is known, a const parameter stands for itself, and any other constant keeps its text. A const
//! parameter may be used only alone, as in stable Rust.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{BinOp, Expr, GenericArgument, Stmt};

use super::{Reason, Scope, Unfit, arguments, names};
use crate::diagnostics::source;
use crate::ir::shape::{Dim, intern};

impl Scope<'_> {
    /// The size that a constant expression states.
    pub fn size(self, expression: &Expr) -> Result<Dim, Unfit> {
        let inner = peel(expression);
        if let Some(value) = self.value(inner) {
            return Ok(Dim::Known(value));
        }
        if let Some(dim) = self.constant(inner) {
            return Ok(dim);
        }
        let text = source(inner);
        match (self.const_parameter(inner.to_token_stream()), inner) {
            (Some(name), Expr::Path(path)) if path.path.is_ident(&name) => Ok(Dim::Parameter(intern(&name))),
            (Some(name), _) => Err(Unfit::new(expression, Reason::GenericSize(text, name))),
            (None, Expr::Path(_)) => Ok(Dim::Constant(intern(&text))),
            (None, _) => Ok(Dim::Constant(intern(&format!("{{ {text} }}")))),
        }
    }

    /// The size that a generic argument states: `3`, `N`, `{ A + B }`.
    pub(super) fn size_value(self, argument: &GenericArgument) -> Result<Dim, Unfit> {
        match argument {
            GenericArgument::Const(expression) => self.size(expression),
            GenericArgument::Type(ty) => self.size_named(ty),
            _ => Err(Unfit::new(argument, Reason::Foreign)),
        }
    }

    /// The size that a type argument states: `Const<3>`, `U3`.
    pub(super) fn size_type(self, argument: &GenericArgument, whole: &syn::TypePath) -> Result<Dim, Unfit> {
        let GenericArgument::Type(ty) = argument else {
            return Err(Unfit::new(argument, Reason::Unknown(source(argument))));
        };
        let Some(path) = path_of(ty) else {
            return Err(Unfit::new(ty, Reason::Unknown(source(ty))));
        };
        if let Some((scope, behind)) = self.alias(path) {
            return scope.size_type(&GenericArgument::Type(behind.clone()), whole);
        }
        let Some(last) = path.path.segments.last() else {
            return Err(Unfit::new(ty, Reason::Foreign));
        };
        let name = last.ident.to_string();
        let number = name.strip_prefix('U').and_then(|digits| digits.parse().ok());
        match (arguments(last).as_slice(), number) {
            ([size], None) if name == "Const" => self.size_value(size),
            ([], Some(number)) => Ok(Dim::Known(number)),
            _ if names::is_dynamic(&name) => Err(Unfit::new(whole, Reason::Dynamic(format!("`{name}`")))),
            _ if self.type_parameter(&last.ident).is_some() => {
                Err(Unfit::new(whole, Reason::Dynamic(format!("the type parameter `{name}`"))))
            }
            _ => Err(self.explain_name(path, last)),
        }
    }

    /// In an argument list, a constant alone looks like a type.
    fn size_named(self, ty: &syn::Type) -> Result<Dim, Unfit> {
        match ty {
            syn::Type::Group(group) => self.size_named(&group.elem),
            syn::Type::Paren(paren) => self.size_named(&paren.elem),
            syn::Type::Infer(_) => Ok(Dim::Constant("_")),
            syn::Type::Path(path) => self.size(&Expr::Path(syn::ExprPath {
                attrs: Vec::new(),
                qself: path.qself.clone(),
                path: path.path.clone(),
            })),
            _ => Err(Unfit::new(ty, Reason::Foreign)),
        }
    }

    /// The value of a constant expression, if every constant in it is known.
    fn value(self, expression: &Expr) -> Option<usize> {
        match peel(expression) {
            Expr::Lit(literal) => match &literal.lit {
                syn::Lit::Int(number) => number.base10_parse().ok(),
                _ => None,
            },
            Expr::Path(_) => self.constant(expression)?.known(),
            Expr::Binary(binary) => {
                combine(self.value(&binary.left)?, &binary.op, self.value(&binary.right)?)
            }
            _ => None,
        }
    }

    /// The constant that a name stands for: one of the body, or, unless a const parameter hides it, one of the module.
    fn constant(self, expression: &Expr) -> Option<Dim> {
        let Expr::Path(path) = peel(expression) else { return None };
        let name = path.path.get_ident()?;
        let own = self.constants.and_then(|constants| constants.get(&name.to_string()));
        let around =
            || self.aliases.constants.get(&name.to_string()).filter(|_| !self.is_const_parameter(name));
        own.or_else(around).copied()
    }

    /// The first const parameter that some tokens mention; the `N` of `Self::N` is another one.
    fn const_parameter(self, tokens: TokenStream) -> Option<String> {
        let mut after_colon = false;
        tokens.into_iter().find_map(|token| {
            let behind_path = std::mem::replace(&mut after_colon, is_colon(&token));
            match token {
                TokenTree::Group(group) => self.const_parameter(group.stream()),
                TokenTree::Ident(ident) if !behind_path && self.is_const_parameter(&ident) => {
                    Some(ident.to_string())
                }
                _ => None,
            }
        })
    }

    fn is_const_parameter(self, name: &Ident) -> bool {
        self.generics.const_params().any(|parameter| parameter.ident == *name)
    }
}

fn is_colon(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == ':')
}

fn combine(left: usize, operator: &BinOp, right: usize) -> Option<usize> {
    match operator {
        BinOp::Add(_) => left.checked_add(right),
        BinOp::Sub(_) => left.checked_sub(right),
        BinOp::Mul(_) => left.checked_mul(right),
        BinOp::Div(_) => left.checked_div(right),
        _ => None,
    }
}

/// An expression without the parentheses and braces around it.
fn peel(expression: &Expr) -> &Expr {
    match expression {
        Expr::Paren(paren) => peel(&paren.expr),
        Expr::Group(group) => peel(&group.expr),
        Expr::Block(block) => match block.block.stmts.as_slice() {
            [Stmt::Expr(inner, None)] => peel(inner),
            _ => expression,
        },
        _ => expression,
    }
}

fn path_of(ty: &syn::Type) -> Option<&syn::TypePath> {
    match ty {
        syn::Type::Group(group) => path_of(&group.elem),
        syn::Type::Paren(paren) => path_of(&paren.elem),
        syn::Type::Path(path) => Some(path),
        _ => None,
    }
}
