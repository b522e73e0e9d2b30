//! Formulas in LaTeX.

use super::tree::{Formula, Infix, Level, Raise};
use crate::ir::{Dim, Shape};

/// The text of a formula.
pub(super) fn write(formula: &Formula) -> String {
    at_level(formula, Level::Sum)
}

/// A fraction is drawn, so it holds together like a name.
fn level(formula: &Formula) -> Level {
    if matches!(formula, Formula::Fraction(..)) { Level::Atom } else { formula.level() }
}

fn at_level(formula: &Formula, wanted: Level) -> String {
    let text = text(formula);
    if level(formula) < wanted { brackets("(", &text, ")") } else { text }
}

fn brackets(left: &str, text: &str, right: &str) -> String {
    format!("\\left{left}{text}\\right{right}")
}

fn text(formula: &Formula) -> String {
    match formula {
        Formula::Text(text) => text.clone(),
        Formula::Name(name) => named(name),
        Formula::Source(text) => format!("\\texttt{{{}}}", escaped(text)),
        Formula::Symbol(_, text) => (*text).to_owned(),
        Formula::Number(k) if k.is_integer() => k.to_string(),
        Formula::Number(k) => format!("\\tfrac{{{}}}{{{}}}", k.numerator(), k.denominator()),
        Formula::Sized(symbol, shape) => sized(*symbol, *shape),
        Formula::Sum(terms) => sum(terms),
        Formula::Product(factors) => product(factors),
        Formula::Infix(list) => infix(list),
        Formula::Fraction(top, low) => format!("\\frac{{{}}}{{{}}}", write(top), write(low)),
        Formula::Raised(base, raise) => raised(base, raise),
        Formula::Call(_, name, operands) => format!("{name}{}", brackets("(", &list(operands, ", "), ")")),
        Formula::Norm(x) => brackets("\\lVert ", &write(x), "\\rVert"),
        Formula::Absolute(x) => brackets("\\lvert ", &write(x), "\\rvert"),
        Formula::Root(x) => format!("\\sqrt{{{}}}", write(x)),
        Formula::Part(x, places) => format!("{{{}}}_{{{}}}", at_level(x, Level::Atom), list(places, ", ")),
        Formula::Range(None) => ":".to_owned(),
        Formula::Range(Some((from, to))) => format!("{}:{}", write(from), write(to)),
        Formula::Grid(rows) => grid(rows),
        Formula::Unit(place) => format!("e_{{{}}}", write(place)),
        Formula::Over(index, trips, body) => {
            format!("\\sum_{{{index}=0}}^{{{} - 1}} {}", write(trips), at_level(body, Level::Infix))
        }
    }
}

fn list(items: &[Formula], separator: &str) -> String {
    items.iter().map(write).collect::<Vec<_>>().join(separator)
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
        text += &at_level(term, Level::Infix);
    }
    text
}

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
                Infix::Times => " \\odot ",
                Infix::Over => " \\oslash ",
                Infix::Kronecker => " \\otimes ",
                Infix::Cross => " \\times ",
            };
        }
        text += &at_level(x, Level::Product);
    }
    text
}

fn raised(base: &Formula, raise: &Raise) -> String {
    // A second superscript on the same base is an error in LaTeX.
    let inner = match base {
        Formula::Raised(..) | Formula::Part(..) => format!("{{{}}}", text(base)),
        _ => at_level(base, Level::Atom),
    };
    match raise {
        Raise::Transpose => format!("{inner}^{{\\top}}"),
        Raise::Whole(n) => format!("{inner}^{{{n}}}"),
        Raise::By(x) => format!("{inner}^{{{}}}", write(x)),
    }
}

fn grid(rows: &[Vec<Formula>]) -> String {
    let rows: Vec<String> = rows.iter().map(|row| list(row, " & ")).collect();
    format!("\\begin{{bmatrix}} {} \\end{{bmatrix}}", rows.join(" \\\\ "))
}

fn sized(symbol: char, Shape { rows, columns }: Shape) -> String {
    let low = |dim: Dim| dimension(&dim.to_string());
    match symbol {
        'I' => format!("I_{{{}}}", low(rows)),
        '1' if columns == Dim::ONE => format!("\\mathbf{{1}}_{{{}}}", low(rows)),
        '1' if rows == Dim::ONE => format!("\\mathbf{{1}}_{{{}}}^{{\\top}}", low(columns)),
        _ => format!("\\mathbf{{{symbol}}}_{{{} \\times {}}}", low(rows), low(columns)),
    }
}

fn dimension(text: &str) -> String {
    if text.chars().all(char::is_alphanumeric) {
        text.to_owned()
    } else {
        format!("\\texttt{{{}}}", escaped(text))
    }
}

/// A name as mathematics: `w1` is w₁, `alpha` is α, what has several letters stands upright.
fn named(name: &str) -> String {
    let (stem, low) = match name.split_once('_') {
        Some((stem, low)) if !stem.is_empty() && !low.is_empty() => (stem, low),
        _ => name.split_at(name.trim_end_matches(|c: char| c.is_ascii_digit()).len()),
    };
    let stem = match stem {
        _ if GREEK.contains(&stem) => format!("\\{stem}"),
        _ if stem.chars().count() == 1 => stem.to_owned(),
        _ => format!("\\mathrm{{{}}}", escaped(stem)),
    };
    match low.chars().count() {
        0 => stem,
        _ if low.chars().all(|c| c.is_ascii_digit()) || low.chars().count() == 1 => {
            format!("{stem}_{{{low}}}")
        }
        _ => format!("{stem}_{{\\mathrm{{{}}}}}", escaped(low)),
    }
}

const GREEK: &[&str] = &[
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "kappa", "lambda", "mu", "nu",
    "xi", "pi", "rho", "sigma", "tau", "phi", "chi", "psi", "omega",
];

/// Text in which LaTeX's special characters stand for themselves.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '_' | '&' | '%' | '$' | '#' | '{' | '}' => out.extend(['\\', c]),
            '\\' => out += "\\textbackslash{}",
            '~' => out += "\\textasciitilde{}",
            '^' => out += "\\textasciicircum{}",
            _ => out.push(c),
        }
    }
    out
}
