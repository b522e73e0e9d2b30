//! What kept code does that may panic or needs the heap, as far as its text tells: calls of other functions are taken at
//! their word, and arithmetic is assumed not to overflow.
//!
//! Example: in `let k = table[i] / n; x[0] * k as f64` the kept `table[i] / n` may panic twice.

use std::collections::BTreeSet;

use quote::{ToTokens, quote};
use syn::visit::{self, Visit};
use syn::{BinOp, Expr as Source, Lit};

use super::refuse_panic;
use crate::diagnostics::Diagnostics;
use crate::front::active::mentions;
use crate::front::data::is_element_index;
use crate::front::exits::is_panic;
use crate::front::program::Program;
use crate::front::text;

/// Methods that panic where there is no value.
const UNWRAPPING: [&str; 4] = ["unwrap", "expect", "unwrap_err", "expect_err"];

/// Methods that allocate what they return.
const ALLOCATING: [&str; 4] = ["to_vec", "to_string", "to_owned", "into_boxed_slice"];

/// Types whose constructors allocate.
const OWNING: [&str; 8] = ["Vec", "Box", "String", "Rc", "Arc", "BTreeMap", "DMatrix", "DVector"];

/// Reports what the kept expressions with these serial numbers, and what they need, do in spite of `no_panic`.
pub fn check_kept(program: &Program, read: &BTreeSet<u32>, diagnostics: &Diagnostics) {
    let of = |serial: u32| program.kept.get(serial as usize);
    for statement in program.needed(read) {
        let is_integer = statement.kept.and_then(of).is_none_or(|kept| kept.integer);
        scan(&statement.tokens, is_integer, diagnostics);
    }
    for kept in read.iter().filter_map(|serial| of(*serial)) {
        scan(&kept.written, kept.integer, diagnostics);
    }
}

fn scan(code: &dyn ToTokens, is_integer: bool, diagnostics: &Diagnostics) {
    if let Ok(block) = syn::parse2::<syn::Block>(quote!({ #code })) {
        Scan { diagnostics, is_integer }.visit_block(&block);
    }
}

/// A walk through kept code.
struct Scan<'a> {
    diagnostics: &'a Diagnostics,
    /// May what is divided be integers?
    is_integer: bool,
}

impl Scan<'_> {
    fn panics(&self, at: &dyn ToTokens, what: &str) {
        refuse_panic(self.diagnostics, at, what).help("return an `Option`, and `None` here");
    }

    fn allocates(&self, at: &dyn ToTokens) {
        let written = crate::diagnostics::source(at);
        self.diagnostics
            .error(at, format!("`{written}` needs the heap, and `no_panic` forbids it"))
            .note("an allocation may fail, and panics then")
            .help("use an array or a matrix of constant size");
    }
}

impl<'ast> Visit<'ast> for Scan<'_> {
    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        let name = call.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
        match name.as_str() {
            "assert" | "assert_eq" | "assert_ne" => self.panics(call, "may panic"),
            "vec" | "format" => self.allocates(call),
            _ if is_panic(call) => self.panics(call, "panics"),
            _ => {}
        }
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        let name = call.method.to_string();
        if UNWRAPPING.contains(&name.as_str()) {
            refuse_panic(self.diagnostics, call, "may panic").help("write `unwrap_or(..)`, or a `match`");
        }
        let collects = name == "collect" && call.turbofish.to_token_stream().to_string().contains("Vec");
        if ALLOCATING.contains(&name.as_str()) || collects {
            self.allocates(call);
        }
        visit::visit_expr_method_call(self, call);
    }

    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        let Source::Path(function) = &*call.func else { return visit::visit_expr_call(self, call) };
        let names: Vec<String> = function.path.segments.iter().map(|part| part.ident.to_string()).collect();
        if let [.., ty, _] = &names[..]
            && OWNING.contains(&ty.as_str())
        {
            self.allocates(call);
        }
        visit::visit_expr_call(self, call);
    }

    fn visit_expr_index(&mut self, index: &'ast syn::ExprIndex) {
        // The loop over data runs as far as they reach.
        if mentions(&index.index).iter().any(|name| is_element_index(name)) {
            return;
        }
        refuse_panic(self.diagnostics, index, "may panic")
            .note("what is indexed is kept as it is, and how long it is is not known")
            .help("write a loop over the entries themselves, or `.get(..)`");
        visit::visit_expr_index(self, index);
    }

    fn visit_expr_cast(&mut self, cast: &'ast syn::ExprCast) {
        let outer = std::mem::replace(&mut self.is_integer, true);
        visit::visit_expr_cast(self, cast);
        self.is_integer = outer;
    }

    fn visit_expr_binary(&mut self, binary: &'ast syn::ExprBinary) {
        let divides = matches!(binary.op, BinOp::Div(_) | BinOp::Rem(_));
        if divides && self.is_integer && !is_number(&binary.right) {
            refuse_panic(self.diagnostics, binary, "may panic")
                .note("it may be a division of integers by 0")
                .help("divide by a number, or divide floats");
        }
        visit::visit_expr_binary(self, binary);
    }
}

fn is_number(source: &Source) -> bool {
    let Source::Lit(literal) = text::peel(source) else { return false };
    match &literal.lit {
        Lit::Int(number) => number.base10_digits() != "0",
        other => matches!(other, Lit::Float(_)),
    }
}
