//! Formulas in Unicode text.

use super::tree::{Formula, Infix, Level, Raise};
use crate::ir::{Dim, Shape};

/// The text of a formula.
pub(super) fn write(formula: &Formula) -> String {
    at_level(formula, Level::Sum)
}

/// The text where the context binds as tightly as `level`.
fn at_level(formula: &Formula, level: Level) -> String {
    let text = text(formula);
    if formula.level() < level { format!("({text})") } else { text }
}

fn text(formula: &Formula) -> String {
    let atom = |x: &Formula| at_level(x, Level::Atom);
    match formula {
        Formula::Text(text) | Formula::Name(text) | Formula::Source(text) => text.clone(),
        Formula::Symbol(text, _) => (*text).to_owned(),
        Formula::Number(k) => k.to_string(),
        Formula::Sized(symbol, shape) => sized(*symbol, *shape),
        Formula::Sum(terms) => sum(terms),
        Formula::Product(factors) => product(factors),
        Formula::Infix(list) => infix(list),
        Formula::Fraction(top, low) => format!("{} / {}", at_level(top, Level::Product), atom(low)),
        Formula::Raised(base, raise) => format!("{}{}", atom(base), raised(raise)),
        Formula::Call(name, _, operands) => format!("{name}({})", list(operands, ", ")),
        Formula::Norm(x) => format!("‖{}‖", write(x)),
        Formula::Absolute(x) => format!("|{}|", write(x)),
        Formula::Root(x) => format!("√{}", bracketed(x)),
        Formula::Part(x, places) => format!("{}[{}]", atom(x), list(places, ",")),
        Formula::Range(None) => "..".to_owned(),
        Formula::Range(Some((from, to))) => format!("{}..{}", tight(from), tight(to)),
        Formula::Grid(rows) => {
            let rows: Vec<String> = rows.iter().map(|row| list(row, ", ")).collect();
            format!("[{}]", rows.join("; "))
        }
        Formula::Unit(place) => format!("e({})", tight(place)),
        Formula::Over(index, _, body) => format!("Σ{} {}", lowered(index), at_level(body, Level::Infix)),
    }
}

fn list(items: &[Formula], separator: &str) -> String {
    let write_place = |x: &Formula| if separator == "," { tight(x) } else { write(x) };
    items.iter().map(write_place).collect::<Vec<_>>().join(separator)
}

/// An index, without spaces.
fn tight(x: &Formula) -> String {
    write(x).replace(' ', "")
}

fn sum(terms: &[(bool, Formula)]) -> String {
    let mut text = String::new();
    for (minus, term) in terms {
        text += match (text.is_empty(), minus) {
            (true, false) => "",
            (true, true) => "-",
            (false, false) => " + ",
            (false, true) => " - ",
        };
        let separates = *minus && is_kronecker(term);
        text += &at_level(term, if separates { Level::Product } else { Level::Infix });
    }
    text
}

fn is_kronecker(x: &Formula) -> bool {
    matches!(x, Formula::Infix(list) if list.iter().any(|(op, _)| *op == Infix::Kronecker))
}

/// Factors; a sum over an index may stand last without brackets.
fn product(factors: &[Formula]) -> String {
    let last = factors.len().saturating_sub(1);
    let write_factor = |(k, x): (usize, &Formula)| match x {
        Formula::Over(..) if k == last => write(x),
        _ => at_level(x, Level::Atom),
    };
    factors.iter().enumerate().map(write_factor).collect::<Vec<_>>().join(" ")
}

fn infix(list: &[(Infix, Formula)]) -> String {
    let mut text = String::new();
    for (k, (op, x)) in list.iter().enumerate() {
        if k > 0 {
            text += match op {
                Infix::Times => " ⊙ ",
                Infix::Over => " ⊘ ",
                Infix::Kronecker => " ⊗ ",
                Infix::Cross => " × ",
            };
        }
        text += &at_level(x, Level::Product);
    }
    text
}

fn raised(raise: &Raise) -> String {
    match raise {
        Raise::Transpose => "ᵀ".to_owned(),
        Raise::Whole(n) => n.to_string().chars().map(superscript).collect(),
        Raise::By(x) => format!("^{}", at_level(x, Level::Atom)),
    }
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
        _ => None,
    };
    text.chars().map(lower).collect::<Option<String>>().unwrap_or_else(|| format!("_{text}"))
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

fn bracketed(x: &Formula) -> String {
    format!("({})", write(x))
}
