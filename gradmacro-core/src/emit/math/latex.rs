//! Formulas in LaTeX with amsmath and amssymb.

use super::letters::{Letters, greek, is_letter};
use super::tree::{Connective, Infix, Raise, Relation};
use super::writing::{Fence, Mark, Row, Script};
use crate::ir::{Dim, Ratio, Shape};

/// LaTeX, for math mode.
pub(super) struct Latex;

impl Script for Latex {
    const DRAWN: bool = true;

    fn mark(mark: Mark) -> &'static str {
        match mark {
            Mark::Plus => " + ",
            Mark::Minus => " - ",
            Mark::Negative => "-",
            Mark::Beside | Mark::Applied => " ",
            Mark::Dot => " \\cdot ",
            Mark::Comma => ", ",
            Mark::Equal => " = ",
            Mark::Infix(Infix::Times) => " \\odot ",
            Mark::Infix(Infix::Over) => " \\oslash ",
            Mark::Infix(Infix::Kronecker) => " \\otimes ",
            Mark::Infix(Infix::Cross) => " \\times ",
            Mark::Relation(Relation::Less) => " < ",
            Mark::Relation(Relation::AtMost) => " \\le ",
            Mark::Relation(Relation::More) => " > ",
            Mark::Relation(Relation::AtLeast) => " \\ge ",
            Mark::Relation(Relation::Equal) => " = ",
            Mark::Relation(Relation::Unequal) => " \\ne ",
            Mark::Logic(Connective::And) => " \\land ",
            Mark::Logic(Connective::Or) => " \\lor ",
            Mark::Not => "\\lnot ",
            Mark::Becomes => " \\leftarrow ",
        }
    }

    /// A second superscript on the same base is an error in LaTeX.
    fn grouped(base: String) -> String {
        format!("{{{base}}}")
    }

    fn text(text: &str) -> String {
        text.to_owned()
    }

    /// What has several letters stands upright.
    fn name(name: &str) -> String {
        let letters = Letters::of(name);
        let stem = word(letters.stem);
        match letters.low {
            "" => stem,
            low if letters.low_is_number() => format!("{stem}_{{{low}}}"),
            low => format!("{stem}_{{{}}}", word(low)),
        }
    }

    fn source(text: &str) -> String {
        format!("\\texttt{{{}}}", escaped(text))
    }

    fn title(name: &str) -> String {
        upright(name)
    }

    fn word(_: &'static str, latex: &'static str) -> String {
        latex.to_owned()
    }

    fn number(k: Ratio) -> String {
        match k.is_integer() {
            true => k.to_string(),
            false => format!("\\tfrac{{{}}}{{{}}}", k.numerator(), k.denominator()),
        }
    }

    fn sized(symbol: char, shape: Shape) -> String {
        let low = |dim: Dim| dimension(dim);
        match symbol {
            'I' => format!("I_{{{}}}", low(shape.rows)),
            '1' if shape.columns == Dim::ONE => format!("\\mathbf{{1}}_{{{}}}", low(shape.rows)),
            '1' if shape.rows == Dim::ONE => format!("\\mathbf{{1}}_{{{}}}^{{\\top}}", low(shape.columns)),
            'K' => format!("K_{{{},{}}}", low(shape.rows), low(shape.columns)),
            _ => format!("\\mathbf{{{symbol}}}_{{{}}}", Latex::size(shape)),
        }
    }

    fn size(Shape { rows, columns }: Shape) -> String {
        format!("{} \\times {}", dimension(rows), dimension(columns))
    }

    fn gradient(x: String) -> String {
        format!("\\nabla_{{{x}}}")
    }

    fn partial(y: String, by: Vec<(String, usize)>) -> String {
        let times = |n: usize| if n == 1 { String::new() } else { format!("^{{{n}}}") };
        let order = times(by.iter().map(|(_, n)| n).sum());
        let below: Vec<String> = by.iter().map(|(x, n)| format!("\\partial {x}{}", times(*n))).collect();
        format!("\\frac{{\\partial{order} {y}}}{{{}}}", below.join(" \\, "))
    }

    fn differential(y: String) -> String {
        format!("\\mathrm{{d}} {y}")
    }

    fn fenced(fence: Fence, inner: String) -> String {
        let (left, right) = match fence {
            Fence::Brackets => ("(", ")"),
            Fence::Absolute => ("\\lvert ", "\\rvert"),
            Fence::Norm => ("\\lVert ", "\\rVert"),
        };
        format!("\\left{left}{inner}\\right{right}")
    }

    fn fraction(top: String, low: String) -> String {
        format!("\\frac{{{top}}}{{{low}}}")
    }

    fn root(x: String) -> String {
        format!("\\sqrt{{{x}}}")
    }

    fn raised(base: String, raise: Raise<String>) -> String {
        let exponent = match raise {
            Raise::Transpose => "\\top".to_owned(),
            Raise::Inverse => "-1".to_owned(),
            Raise::InverseTranspose => "-\\top".to_owned(),
            Raise::PseudoInverse => "+".to_owned(),
            Raise::PseudoInverseTranspose => "+\\top".to_owned(),
            Raise::Whole(n) => n.to_string(),
            Raise::By(x) => x,
        };
        format!("{base}^{{{exponent}}}")
    }

    fn call(name: String, operands: String) -> String {
        name + &operands
    }

    fn part(base: String, places: Vec<String>) -> String {
        format!("{{{base}}}_{{{}}}", places.join(", "))
    }

    fn range(ends: Option<(String, String)>) -> String {
        ends.map_or(":".to_owned(), |(from, to)| format!("{from}:{to}"))
    }

    fn grid(rows: Vec<Vec<String>>) -> String {
        let rows: Vec<String> = rows.iter().map(|row| row.join(" & ")).collect();
        format!("\\begin{{bmatrix}} {} \\end{{bmatrix}}", rows.join(" \\\\ "))
    }

    fn unit(place: String) -> String {
        format!("e_{{{place}}}")
    }

    fn over(index: &str, last: String, body: String) -> String {
        format!("\\sum_{{{index}=0}}^{{{last}}} {body}")
    }

    /// A subscript of the name's own, or a prime, keeps to itself.
    fn state(name: &str, primes: usize, places: Vec<String>) -> String {
        let name = Latex::name(name) + &"'".repeat(primes);
        let name = if name.contains(['_', '\'']) { Latex::grouped(name) } else { name };
        format!("{name}_{{{}}}", places.join(", "))
    }

    fn cases(rows: Vec<(String, Option<String>)>) -> String {
        let row = |(value, condition)| match condition {
            Some(condition) => format!("{value} & \\text{{if }} {condition}"),
            None => format!("{value} & \\text{{otherwise}}"),
        };
        let rows: Vec<String> = rows.into_iter().map(row).collect();
        format!("\\begin{{cases}} {} \\end{{cases}}", rows.join(" \\\\ "))
    }

    fn with(base: String, writes: Vec<String>) -> String {
        format!("{base} \\text{{ with }} {}", writes.join(", "))
    }

    fn defined(name: Option<String>, formula: String, rows: Vec<Row>) -> String {
        let sign = if name.is_some() { "= " } else { "" };
        let mut lines = vec![format!("{}& {sign}{formula} \\quad \\text{{where}}", name.unwrap_or_default())];
        for Row { left, right, runs } in rows {
            let mut line = format!("{left} & = {right}");
            for (k, [index, first, last]) in runs.iter().enumerate() {
                let head = if k == 0 { " \\quad \\text{for } " } else { ", \\; " };
                line += &format!("{head}{index} = {first}, \\dots, {last}");
            }
            lines.push(line);
        }
        format!("\\begin{{aligned}} {} \\end{{aligned}}", lines.join(" \\\\ "))
    }
}

fn word(word: &str) -> String {
    match greek(word) {
        Some((name, _)) => format!("\\{name}"),
        None if is_letter(word) => escaped(word),
        None => upright(word),
    }
}

fn upright(word: &str) -> String {
    format!("\\mathrm{{{}}}", escaped(word))
}

fn dimension(dim: Dim) -> String {
    let text = dim.to_string();
    if text.chars().all(char::is_alphanumeric) { text } else { Latex::source(&text) }
}

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
