//! Constructs of the language that are not read: each is named, with what to write instead.
//!
//! Only active ones come here; inactive ones are kept.

use quote::ToTokens;
use syn::{BinOp, Expr};

use super::reader::Reader;
use super::text;
use super::value::Value;
use crate::diagnostics::source;

/// How a construct is reported.
struct Refusal {
    message: String,
    note: Option<String>,
    help: Option<&'static str>,
}

fn later(construct: &str, help: &'static str) -> Refusal {
    let message = format!("{construct} on differentiated values is not yet available");
    Refusal { message, note: None, help: Some(help) }
}

fn never(construct: &str, help: &'static str) -> Refusal {
    Refusal { message: format!("{construct} is not supported"), note: None, help: Some(help) }
}

impl<'g> Reader<'g> {
    /// Reports a construct that is not read.
    pub(super) fn refuse(&self, expr: &Expr) -> Value<'g> {
        if self.trial {
            self.error(expr, "not understood");
            return Value::Poison;
        }
        match expr {
            Expr::Match(choice)
                if self.refuse_branch_on(
                    &choice.expr,
                    &text::together(&[&choice.match_token, &choice.expr]),
                    "`match`",
                ) => {}
            Expr::If(choice) if self.refuse_if_let(choice) => {}
            Expr::While(repeat) => self.refuse_while(repeat),
            Expr::ForLoop(repeat) => self.refuse_for(repeat),
            Expr::Loop(repeat) => {
                self.report(&repeat.loop_token, never("`loop`", "use a fixed number of steps"))
            }
            Expr::Binary(binary) if is_of_bits(&binary.op) => self.refuse_bits(binary),
            _ => self.report(expr, refusal(expr)),
        }
        Value::Poison
    }

    /// `if let Some(b) = a.try_inverse() { .. }`
    fn refuse_if_let(&self, choice: &syn::ExprIf) -> bool {
        let Expr::Let(condition) = &*choice.cond else { return false };
        let head = text::together(&[&choice.if_token, &choice.cond]);
        self.refuse_branch_on(&condition.expr, &head, "`if let`")
    }

    fn report(&self, at: &dyn ToTokens, refusal: Refusal) {
        let report = self.error(at, refusal.message);
        let report = match refusal.note {
            Some(note) => report.note(note),
            None => report,
        };
        report.maybe_help(refusal.help.map(str::to_owned));
    }

    fn refuse_bits(&self, binary: &syn::ExprBinary) {
        let symbol = source(&binary.op);
        let power = || {
            format!(
                "for a power write `{}.powi({})`",
                text::as_receiver(&binary.left),
                text::of(&binary.right)
            )
        };
        self.error(binary, format!("`{symbol}` does not apply to floats"))
            .note("it works on the bits of integers")
            .maybe_help(matches!(binary.op, BinOp::BitXor(_)).then(power))
            .as_rustc_would();
    }

    fn refuse_while(&self, repeat: &syn::ExprWhile) {
        let head = text::together(&[&repeat.while_token, &repeat.cond]);
        let names = self.active_names(repeat).unwrap_or_else(|| "a differentiated value".to_owned());
        self.error(&head, "`while` is not supported")
            .note(format!(
                "the number of steps depends on {names}, so no fixed storage holds the states a gradient needs"
            ))
            .help("use a fixed number of steps: `for _ in 0..20 { .. }`");
    }

    /// The end of a range that is a rounded differentiated value: `0..(x.ceil() as usize)`.
    fn refuse_steps(&self, range: &Expr) -> bool {
        let Expr::Range(range) = text::peel(range) else { return false };
        let Some(Expr::Cast(end)) = range.end.as_deref().map(text::peel) else { return false };
        let Some(names) = self.active_names_of(&self.read(&end.expr)) else { return false };
        self.error(end, format!("the number of steps depends on {names}"))
            .note("the sum or the result jumps where that number does, so it has no derivative there")
            .help("pass the number as a parameter of its own: `n: usize`");
        true
    }

    fn refuse_for(&self, repeat: &syn::ExprForLoop) {
        if self.refuse_steps(&repeat.expr) {
            return;
        }
        let head = text::together(&[&repeat.for_token, &repeat.pat, &repeat.in_token, &repeat.expr]);
        let refusal = later("a `for` loop", "write a sum over a range: `(0..n).map(|i| ..).sum::<f64>()`");
        self.report(&head, refusal);
    }
}

fn refusal(expr: &Expr) -> Refusal {
    match expr {
        Expr::If(_) => later("`if`", "where it says the same, write `max`, `min`, `clamp` or `abs`"),
        Expr::Match(_) => later("`match`", "write one function per case"),
        Expr::Return(_) => later("an early `return`", "write `return` at the end only"),
        Expr::Break(_) | Expr::Continue(_) => never("`break` and `continue`", "use a fixed number of steps"),
        Expr::Assign(_) => later("an assignment", "bind the new value with another `let`"),
        Expr::Unsafe(_) => never("`unsafe`", "index with `x[i]`"),
        Expr::Async(_) | Expr::Await(_) => never("`async`", "compute the value in an ordinary function"),
        Expr::Let(_) => later("`if let`", "write one function per case"),
        Expr::Block(_) => never("a labelled block", "remove the label"),
        Expr::Binary(binary) => operator(binary),
        _ => never("this expression", "write it with operators and known methods"),
    }
}

fn is_of_bits(op: &BinOp) -> bool {
    matches!(op, BinOp::BitXor(_) | BinOp::BitAnd(_) | BinOp::BitOr(_) | BinOp::Shl(_) | BinOp::Shr(_))
}

fn operator(binary: &syn::ExprBinary) -> Refusal {
    let symbol = binary.op.to_token_stream().to_string();
    if symbol.len() > 1 && symbol.ends_with('=') && !matches!(symbol.as_str(), "==" | "!=" | "<=" | ">=") {
        return later(&format!("`{symbol}`"), "bind the new value with another `let`");
    }
    Refusal {
        message: format!("`{symbol}` on differentiated values is not yet available"),
        note: Some(
            "a comparison is a step function: it decides a branch and has no derivative itself".to_owned(),
        ),
        help: None,
    }
}
