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

/// Methods of core that panic for some arguments; numbers that are written are taken to be none of them.
const PARTIAL: [&str; 20] = [
    "chunks",
    "chunks_exact",
    "rchunks",
    "windows",
    "step_by",
    "split_at",
    "copy_from_slice",
    "clone_from_slice",
    "copy_within",
    "rotate_left",
    "rotate_right",
    "swap",
    "clamp",
    "ilog",
    "ilog2",
    "ilog10",
    "div_euclid",
    "rem_euclid",
    "borrow",
    "borrow_mut",
];

/// Methods that allocate what they return.
const ALLOCATING: [&str; 10] = [
    "to_vec",
    "to_string",
    "to_owned",
    "into_boxed_slice",
    "collect",
    "repeat",
    "concat",
    "join",
    "to_uppercase",
    "to_lowercase",
];

/// Types that allocate.
const OWNING: [&str; 14] = [
    "Vec",
    "Box",
    "String",
    "Rc",
    "Arc",
    "BTreeMap",
    "BTreeSet",
    "HashMap",
    "HashSet",
    "VecDeque",
    "DMatrix",
    "DVector",
    "RowDVector",
    "OMatrix",
];

/// Macros that neither panic nor allocate.
const HARMLESS: [&str; 9] = [
    "matches",
    "vector",
    "matrix",
    "point",
    "stringify",
    "line",
    "debug_assert",
    "debug_assert_eq",
    "debug_assert_ne",
];

/// Methods that only floats have.
const OF_FLOATS: [&str; 12] =
    ["sqrt", "sin", "cos", "tan", "exp", "ln", "powf", "tanh", "atan", "atan2", "recip", "mul_add"];

/// Reports what the kept expressions with these serial numbers, and what they need, do in spite of `no_panic`.
pub fn check_kept(program: &Program, read: &BTreeSet<u32>, diagnostics: &Diagnostics) {
    let of = |serial: u32| program.kept.get(serial as usize);
    for statement in program.needed(read) {
        let is_integer = statement.kept.and_then(of).is_none_or(|kept| kept.integer);
        scan(&statement.tokens, is_integer, program, diagnostics);
    }
    for kept in read.iter().filter_map(|serial| of(*serial)) {
        scan(&kept.written, kept.integer, program, diagnostics);
    }
}

fn scan(code: &dyn ToTokens, is_integer: bool, program: &Program, diagnostics: &Diagnostics) {
    let Ok(block) = syn::parse2::<syn::Block>(quote!({ #code })) else { return };
    let mut scan = Scan { program, diagnostics, is_integer };
    for statement in &block.stmts {
        match statement {
            // The type is that of the value; of a `let` further inside it is not known.
            syn::Stmt::Local(local) => visit::visit_local(&mut scan, local),
            other => scan.visit_stmt(other),
        }
    }
}

/// A walk through kept code.
struct Scan<'a> {
    program: &'a Program,
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

impl Scan<'_> {
    /// Is it the index of a loop over data, which reads an entry of them and runs as far as they reach?
    fn is_of_loop(&self, name: &str) -> bool {
        let program = self.program;
        let own = program.inputs.iter().map(|input| &input.name);
        let bound = program.prelude.iter().flat_map(|statement| &statement.defines);
        is_element_index(name) && !own.chain(bound).chain(program.indices.values()).any(|other| other == name)
    }

    /// Looks at a part of which nothing is known, so that it may be integers that are divided in it.
    fn open(&mut self, is_integer: bool, visit: impl FnOnce(&mut Self)) {
        let outer = std::mem::replace(&mut self.is_integer, is_integer);
        visit(self);
        self.is_integer = outer;
    }

    fn check_division(&self, binary: &syn::ExprBinary) {
        let divides = matches!(binary.op, BinOp::Div(_) | BinOp::Rem(_));
        let assigns = matches!(binary.op, BinOp::DivAssign(_) | BinOp::RemAssign(_));
        if (assigns || divides && self.is_integer) && !is_number(&binary.right) {
            refuse_panic(self.diagnostics, binary, "may panic")
                .note("it may be a division of integers by 0")
                .help("divide by a number, or divide floats");
        }
    }
}

/// Has an expression like this the type of its parts?
fn hands_on(expr: &Source) -> bool {
    match expr {
        Source::Binary(binary) => {
            matches!(binary.op, BinOp::Add(_) | BinOp::Sub(_) | BinOp::Mul(_) | BinOp::Div(_) | BinOp::Rem(_))
        }
        Source::Unary(_) | Source::Paren(_) | Source::Group(_) | Source::Reference(_) | Source::Block(_) => {
            true
        }
        _ => false,
    }
}

impl<'ast> Visit<'ast> for Scan<'_> {
    fn visit_expr(&mut self, expr: &'ast Source) {
        let is_integer = self.is_integer || !hands_on(expr);
        self.open(is_integer, |scan| visit::visit_expr(scan, expr));
    }

    fn visit_local(&mut self, local: &'ast syn::Local) {
        self.open(true, |scan| visit::visit_local(scan, local));
    }

    fn visit_type_path(&mut self, ty: &'ast syn::TypePath) {
        if ty.path.segments.last().is_some_and(|last| OWNING.iter().any(|name| last.ident == name)) {
            self.allocates(ty);
        }
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        let name = call.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
        match name.as_str() {
            "assert" | "assert_eq" | "assert_ne" => self.panics(call, "may panic"),
            "vec" | "format" | "dvector" | "dmatrix" => self.allocates(call),
            name if HARMLESS.contains(&name) => {}
            _ if is_panic(call) => self.panics(call, "panics"),
            _ => {
                refuse_panic(self.diagnostics, call, "may panic")
                    .note("what this macro expands to is not seen")
                    .help("write what it expands to");
            }
        }
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        let name = call.method.to_string();
        if UNWRAPPING.contains(&name.as_str()) {
            refuse_panic(self.diagnostics, call, "may panic").help("write `unwrap_or(..)`, or a `match`");
        }
        let by_numbers = !call.args.is_empty() && call.args.iter().all(is_number);
        if PARTIAL.contains(&name.as_str()) && !by_numbers {
            refuse_panic(self.diagnostics, call, "may panic")
                .note("it does for some arguments")
                .help("pass numbers");
        }
        if ALLOCATING.contains(&name.as_str()) {
            self.allocates(call);
        }
        self.open(!OF_FLOATS.contains(&name.as_str()), |scan| scan.visit_expr(&call.receiver));
        self.open(true, |scan| call.args.iter().for_each(|argument| scan.visit_expr(argument)));
    }

    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        let Source::Path(function) = &*call.func else { return visit::visit_expr_call(self, call) };
        let names: Vec<String> = function.path.segments.iter().map(|part| part.ident.to_string()).collect();
        if let [.., ty, _] = &names[..]
            && OWNING.contains(&ty.as_str())
        {
            self.allocates(call);
        }
        if names.last().is_some_and(|last| UNWRAPPING.contains(&last.as_str())) {
            refuse_panic(self.diagnostics, call, "may panic").help("write `unwrap_or(..)`, or a `match`");
        }
        visit::visit_expr_call(self, call);
    }

    fn visit_expr_index(&mut self, index: &'ast syn::ExprIndex) {
        if mentions(&index.index).iter().any(|name| self.is_of_loop(name)) {
            return;
        }
        refuse_panic(self.diagnostics, index, "may panic")
            .note("what is indexed is kept as it is, and how long it is is not known")
            .help("write a loop over the entries themselves, or `.get(..)`");
        visit::visit_expr_index(self, index);
    }

    fn visit_expr_binary(&mut self, binary: &'ast syn::ExprBinary) {
        self.check_division(binary);
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
