//! Statements that are not `let`: assignments, loops, macros.
//!
//! An inactive statement is kept, and the variables that it may change are read anew after it. An active one would
//! change a differentiated value; such statements are refused, each kind once, and what they may change is poisoned.
//!
//! Example: `let mut s = 0.0; for t in table { s += t; } s * x` keeps the loop, and `s` after it is a kept float.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::Expr as Source;

use super::active::mentions;
use super::kept::{KeptType, Source as Reading};
use super::reader::Reader;
use super::scope::Binding;
use super::text;
use super::value::Value;
use super::writing::is_writer_named;

impl<'g> Reader<'g> {
    /// An expression for its effect.
    pub(super) fn read_effect(&self, expr: &Source) {
        let touched = self.touched(expr);
        if touched.iter().any(|binding| matches!(binding.value, Some(Value::Poison))) {
            self.poison_all(&touched);
        } else if self.must_be_read(expr) || touched.iter().any(|binding| self.is_node(binding)) {
            let before = self.errors();
            self.read_statement_of(expr);
            if self.errors() > before {
                let changed = self.assigned_in(expr);
                self.poison_all(&changed);
            }
        } else if !self.refuse_exit(expr) {
            self.keep_effect(expr, &touched);
        }
    }

    /// A statement that changes nodes, or that is not kept because of what it reads or where it stands.
    fn read_statement_of(&self, expr: &Source) {
        match expr {
            Source::Assign(assign) => self.read_assignment(assign),
            Source::Binary(binary) if is_assignment(&binary.op) => self.read_compound(binary),
            Source::ForLoop(repeat) => self.read_for(repeat),
            Source::MethodCall(call) if self.read_for_each(call) || self.read_write(call) => {}
            Source::Call(call) if self.read_swap(call) => {}
            Source::If(_) | Source::Match(_) | Source::Block(_) if !self.trial => {
                self.read_in_parts(expr, None);
            }
            _ => {
                self.read(expr);
            }
        }
    }

    /// Is it to be read, not kept, whatever it changes? What depends on a differentiated value is, and what stands in
    /// an arm or a loop, and what may leave the function.
    fn must_be_read(&self, expr: &Source) -> bool {
        self.trial
            || !self.state.around.borrow().is_empty()
            || self.mentions_active(expr)
            || returns_in(expr.to_token_stream())
    }

    /// Is the variable a node that kept code cannot read?
    fn is_node(&self, binding: &Binding<'g>) -> bool {
        !matches!(binding.source, Reading::Prelude(_)) || self.is_active_binding(binding)
    }

    /// Is an inactive conditional or block read in spite of that? It is where kept code could not do what it does.
    pub(super) fn is_read_by_parts(&self, expr: &Source) -> bool {
        if !matches!(text::peel(expr), Source::If(_) | Source::Match(_) | Source::Block(_)) {
            return false;
        }
        let scope = self.scope();
        let names = mentions(expr);
        let mut bindings = names.iter().filter_map(|name| scope.find(name));
        bindings.any(|binding| binding.value.is_some() && matches!(binding.source, Reading::Missing))
            || !self.trial && (returns_in(expr.to_token_stream()) || !self.assigned_in(expr).is_empty())
    }

    /// Reports code that would be kept but may leave the function.
    pub(super) fn refuse_exit(&self, expr: &Source) -> bool {
        let Some(exit) = exit_in(expr.to_token_stream()) else { return false };
        let scope = self.scope();
        let names = mentions(expr);
        let mut bindings = names.iter().filter_map(|name| scope.find(name));
        if bindings.any(|binding| matches!(binding.value, Some(Value::Poison))) {
            // What is wrong with it has been said.
            return true;
        }
        let construct = exit.to_string();
        let help = match construct.as_str() {
            "?" => "understood is `?` after a factorisation: `a.cholesky()?`",
            _ => "write `return` in a statement of the function itself",
        };
        self.error(expr, format!("an early exit (`{construct}`) is not supported here"))
            .note("a generated function returns something else than this one")
            .help(help);
        true
    }

    /// The mutable variables that a statement mentions.
    fn touched(&self, expr: &Source) -> Vec<Binding<'g>> {
        let scope = self.scope();
        let found = mentions(expr).into_iter().filter_map(|name| scope.find(&name).cloned());
        found
            .filter(|binding| binding.variable.is_some() || matches!(binding.value, Some(Value::Poison)))
            .collect()
    }

    fn is_active_binding(&self, binding: &Binding<'g>) -> bool {
        binding.value.as_ref().is_some_and(|value| self.is_active_value(value))
    }

    fn poison_all(&self, bindings: &[Binding<'g>]) {
        for binding in bindings {
            self.add(Binding { value: Some(Value::Poison), ..binding.clone() });
        }
    }

    fn keep_effect(&self, expr: &Source, touched: &[Binding<'g>]) {
        if touched.is_empty() {
            return;
        }
        let kept_in_prelude = |binding: &Binding<'g>| matches!(binding.source, Reading::Prelude(_));
        if !touched.iter().all(kept_in_prelude) {
            self.error(expr, "a statement that changes a variable is not understood here")
                .help("compute the value in one expression");
            return self.poison_all(touched);
        }
        let names = touched.iter().map(|binding| binding.name.clone()).collect();
        let source = self.keep_item(quote!(#expr;), names);
        for binding in touched {
            self.read_anew(binding, &source);
        }
    }

    /// A variable after a kept statement.
    fn read_anew(&self, binding: &Binding<'g>, source: &Reading<'g>) {
        let name = &binding.name;
        self.add(Binding { source: source.clone(), ..binding.clone() });
        let Ok(path) = syn::parse2::<Source>(name.to_token_stream()) else { return };
        let value = match (self.keep(&path, None), binding.value.as_ref().and_then(KeptType::of_value)) {
            (Value::Unknown(unknown), Some(ty)) => {
                self.unify(&unknown, ty).map_or(Value::Poison, |x| ty.value(x))
            }
            (value, _) => value,
        };
        self.add(Binding { value: Some(value), source: source.clone(), ..binding.clone() });
    }
}

impl KeptType {
    /// What a value that is understood would be kept as.
    pub(super) fn of_value(value: &Value<'_>) -> Option<KeptType> {
        match value {
            Value::Scalar(_) => Some(KeptType::Scalar),
            Value::Matrix(x) => Some(KeptType::Matrix(x.shape())),
            Value::Integer(_) => Some(KeptType::Integer),
            Value::Truth(_) => Some(KeptType::Truth),
            Value::Geometry(geometry) => Some(KeptType::Geometry(geometry.kind)),
            _ => None,
        }
    }
}

/// The first token that may leave the function: `return` or `?`.
fn exit_in(tokens: TokenStream) -> Option<TokenTree> {
    tokens.into_iter().find_map(|token| match &token {
        TokenTree::Group(group) => exit_in(group.stream()),
        TokenTree::Ident(name) if name == "return" => Some(token),
        TokenTree::Punct(mark) if mark.as_char() == '?' => Some(token),
        _ => None,
    })
}

/// Is there a `return` in it, those of closures and nested functions included?
fn returns_in(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match &token {
        TokenTree::Group(group) => returns_in(group.stream()),
        TokenTree::Ident(name) => name == "return",
        _ => false,
    })
}

/// The variable that an assignment changes: the `x` of `x[i].0`.
pub(super) fn root_of(target: &Source) -> Option<&syn::Ident> {
    match text::peel(target) {
        Source::Index(index) => root_of(&index.expr),
        Source::Field(field) => root_of(&field.base),
        Source::MethodCall(call) => root_of(&call.receiver),
        other => text::name_of(other),
    }
}

pub(super) fn is_assignment(op: &syn::BinOp) -> bool {
    let op = op.to_token_stream().to_string();
    op.ends_with('=') && !matches!(op.as_str(), "==" | "!=" | "<=" | ">=")
}

/// Is it a method that writes to its receiver?
pub(super) fn is_writer(call: &syn::ExprMethodCall) -> bool {
    is_writer_named(&call.method.to_string())
        || matches!(call.method.to_string().as_str(), "push" | "for_each")
}
