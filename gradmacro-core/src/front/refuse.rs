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
    help: &'static str,
}

fn never(construct: &str, help: &'static str) -> Refusal {
    Refusal { message: format!("{construct} is not supported"), help }
}

impl<'g> Reader<'g> {
    /// Reports a construct that is not read.
    pub(super) fn refuse(&self, expr: &Expr) -> Value<'g> {
        if self.trial {
            self.error(expr, "not understood");
            return Value::Poison;
        }
        match expr {
            Expr::While(repeat) => self.refuse_while(repeat),
            Expr::Loop(repeat) => {
                self.report(&repeat.loop_token, never("`loop`", "use a fixed number of steps"))
            }
            Expr::Binary(binary) if is_of_bits(&binary.op) => self.refuse_bits(binary),
            _ => self.report(expr, refusal(expr)),
        }
        Value::Poison
    }

    fn report(&self, at: &dyn ToTokens, refusal: Refusal) {
        self.error(at, refusal.message).help(refusal.help);
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
        let cause = match self.active_names(&repeat.cond) {
            Some(names) => format!("the number of steps depends on {names}"),
            None => "the number of steps is not known before".to_owned(),
        };
        self.error(&head, "`while` is not supported")
            .note(format!("{cause}, so no fixed storage holds the states a gradient needs"))
            .help("use a fixed number of steps: `for _ in 0..20 { .. }`");
    }

    /// The end of a range that is a rounded differentiated value: `0..(x.ceil() as usize)`.
    pub(super) fn refuse_steps(&self, range: &Expr) -> bool {
        let Expr::Range(range) = text::peel(range) else { return false };
        let Some(Expr::Cast(end)) = range.end.as_deref().map(text::peel) else { return false };
        let Some(names) = self.active_names_of(&self.read(&end.expr)) else { return false };
        self.error(end, format!("the number of steps depends on {names}"))
            .note("the sum or the result jumps where that number does, so it has no derivative there")
            .help("pass the number as a parameter of its own: `n: usize`");
        true
    }
}

fn refusal(expr: &Expr) -> Refusal {
    match expr {
        Expr::Break(_) | Expr::Continue(_) => never("`break` and `continue`", "use a fixed number of steps"),
        Expr::Unsafe(_) => never("`unsafe`", "index with `x[i]`"),
        Expr::Async(_) | Expr::Await(_) => never("`async`", "compute the value in an ordinary function"),
        Expr::Let(_) => {
            never("a `let` among conditions", "nest the conditionals: `if let Some(k) = e { if c { .. } }`")
        }
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
    never(&format!("`{symbol}` on differentiated values"), "write it with other operators")
}
