//! Formulas in Unicode text, on one line.

use super::tree::{Connective, Infix, Raise, Relation};
use super::writing::{Fence, Mark, Row, Script};
use crate::ir::{Dim, Ratio, Shape};

/// Unicode text.
pub(super) struct Unicode;

impl Script for Unicode {
    const DRAWN: bool = false;

    fn mark(mark: Mark) -> &'static str {
        match mark {
            Mark::Plus => " + ",
            Mark::Minus => " - ",
            Mark::Negative => "-",
            Mark::Beside | Mark::Applied => " ",
            Mark::Dot => " · ",
            Mark::Comma => ", ",
            Mark::Equal => " = ",
            Mark::Infix(Infix::Times) => " ⊙ ",
            Mark::Infix(Infix::Over) => " ⊘ ",
            Mark::Infix(Infix::Kronecker) => " ⊗ ",
            Mark::Infix(Infix::Cross) => " × ",
            Mark::Relation(Relation::Less) => " < ",
            Mark::Relation(Relation::AtMost) => " ≤ ",
            Mark::Relation(Relation::More) => " > ",
            Mark::Relation(Relation::AtLeast) => " ≥ ",
            Mark::Relation(Relation::Equal) => " = ",
            Mark::Relation(Relation::Unequal) => " ≠ ",
            Mark::Logic(Connective::And) => " ∧ ",
            Mark::Logic(Connective::Or) => " ∨ ",
            Mark::Not => "¬",
            Mark::Becomes => " ← ",
        }
    }

    fn text(text: &str) -> String {
        text.to_owned()
    }

    fn name(name: &str) -> String {
        name.to_owned()
    }

    fn source(text: &str) -> String {
        text.to_owned()
    }

    fn title(name: &str) -> String {
        name.to_owned()
    }

    fn word(unicode: &'static str, _: &'static str) -> String {
        unicode.to_owned()
    }

    fn number(k: Ratio) -> String {
        k.to_string()
    }

    /// `1₃`, `1₃ᵀ`, `0₂ₓ₃`, `I₃`
    fn sized(symbol: char, Shape { rows, columns }: Shape) -> String {
        let low = |dim: Dim| lowered(&dim.to_string());
        match symbol {
            'I' => format!("I{}", low(rows)),
            '1' if columns == Dim::ONE => format!("1{}", low(rows)),
            '1' if rows == Dim::ONE => format!("1{}ᵀ", low(columns)),
            _ => format!("{symbol}{}ₓ{}", low(rows), low(columns)),
        }
    }

    fn size(shape: Shape) -> String {
        shape.to_string()
    }

    fn gradient(x: String) -> String {
        format!("∇{x}")
    }

    /// `∂y/∂x`, `∂²y/∂x²`, `∂²y/∂a∂b`
    fn partial(y: String, by: Vec<(String, usize)>) -> String {
        let times = |n: usize| match n {
            1 => String::new(),
            n => n.to_string().chars().map(superscript).collect(),
        };
        let order = times(by.iter().map(|(_, n)| n).sum());
        let below: String = by.iter().map(|(x, n)| format!("∂{x}{}", times(*n))).collect();
        format!("∂{order}{y}/{below}")
    }

    fn differential(y: String) -> String {
        format!("d{y}")
    }

    fn fenced(fence: Fence, inner: String) -> String {
        match fence {
            Fence::Brackets => format!("({inner})"),
            Fence::Absolute => format!("|{inner}|"),
            Fence::Norm => format!("‖{inner}‖"),
        }
    }

    fn fraction(top: String, low: String) -> String {
        format!("{top} / {low}")
    }

    fn root(x: String) -> String {
        format!("√({x})")
    }

    fn raised(base: String, raise: Raise<String>) -> String {
        match raise {
            Raise::Transpose => base + "ᵀ",
            Raise::Inverse => base + "⁻¹",
            Raise::InverseTranspose => base + "⁻ᵀ",
            Raise::PseudoInverse => base + "⁺",
            Raise::PseudoInverseTranspose => base + "⁺ᵀ",
            Raise::Whole(n) => base + &n.to_string().chars().map(superscript).collect::<String>(),
            Raise::By(x) => format!("{base}^{x}"),
        }
    }

    fn call(name: String, operands: String) -> String {
        name + &operands
    }

    fn part(base: String, places: Vec<String>) -> String {
        format!("{base}[{}]", tight(&places.join(",")))
    }

    fn range(ends: Option<(String, String)>) -> String {
        ends.map_or("..".to_owned(), |(from, to)| format!("{from}..{to}"))
    }

    fn grid(rows: Vec<Vec<String>>) -> String {
        format!("[{}]", rows.iter().map(|row| row.join(", ")).collect::<Vec<_>>().join("; "))
    }

    fn unit(place: String) -> String {
        format!("e({})", tight(&place))
    }

    fn over(index: &str, _: String, body: String) -> String {
        format!("Σ{} {body}", lowered(index))
    }

    /// `xₖ₊₁`, `x′₀`
    fn state(name: &str, primes: usize, places: Vec<String>) -> String {
        format!("{name}{}{}", "′".repeat(primes), lowered(&tight(&places.join(","))))
    }

    /// `{ x if x > 0, 0 otherwise }`
    fn cases(rows: Vec<(String, Option<String>)>) -> String {
        let row = |(value, condition)| match condition {
            Some(condition) => format!("{value} if {condition}"),
            None => format!("{value} otherwise"),
        };
        format!("{{ {} }}", rows.into_iter().map(row).collect::<Vec<String>>().join(", "))
    }

    fn with(base: String, writes: Vec<String>) -> String {
        format!("{base} with {}", writes.join(", "))
    }

    /// A line for the formula, and one for each definition.
    fn defined(name: Option<String>, formula: String, rows: Vec<Row>) -> String {
        let mut lines = vec![name.map_or(String::new(), |name| name + " = ") + &formula];
        for (k, Row { left, right, runs }) in rows.into_iter().enumerate() {
            let runs: Vec<String> =
                runs.iter().map(|[index, first, last]| format!("{index} = {first} … {last}")).collect();
            let runs = if runs.is_empty() { String::new() } else { format!("  for {}", runs.join(", ")) };
            let head = if k == 0 { "  where" } else { "       " };
            lines.push(format!("{head} {left} = {right}{runs}"));
        }
        lines.join("\n")
    }
}

/// An index, without spaces.
fn tight(text: &str) -> String {
    text.replace(' ', "")
}

fn superscript(c: char) -> char {
    match c {
        '-' => '⁻',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        _ => shifted(c, '⁰'),
    }
}

fn shifted(digit: char, zero: char) -> char {
    digit.to_digit(10).and_then(|d| char::from_u32(zero as u32 + d)).unwrap_or(digit)
}

/// A subscript: digits and the letters that Unicode has, anything else after an underscore.
fn lowered(text: &str) -> String {
    let lower = |c: char| match c {
        '0'..='9' => Some(shifted(c, '₀')),
        'i' => Some('ᵢ'),
        'j' => Some('ⱼ'),
        'k' => Some('ₖ'),
        'l' => Some('ₗ'),
        'm' => Some('ₘ'),
        'n' => Some('ₙ'),
        'p' => Some('ₚ'),
        't' => Some('ₜ'),
        's' => Some('ₛ'),
        'r' => Some('ᵣ'),
        '+' => Some('₊'),
        '-' => Some('₋'),
        ',' => Some(','),
        _ => None,
    };
    let is_word = text.chars().all(|c| c.is_alphanumeric() || c == '_');
    let apart = || if is_word { format!("_{text}") } else { format!("_({text})") };
    text.chars().map(lower).collect::<Option<String>>().unwrap_or_else(apart)
}
