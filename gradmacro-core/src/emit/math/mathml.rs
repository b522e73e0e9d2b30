//! Formulas in presentation MathML, for pages.
//!
//! Every method gives one element, or for a row several, so that all may stand wherever an argument is wanted.

use super::letters::{Letters, greek, is_letter};
use super::tree::{Connective, Infix, Raise, Relation};
use super::writing::{Fence, Mark, Row, Script};
use crate::ir::{Dim, Ratio, Shape};

/// Presentation MathML.
pub(super) struct Mathml;

/// A row as a formula of its own.
pub(super) fn document(inner: &str) -> String {
    format!("<math xmlns=\"http://www.w3.org/1998/Math/MathML\">{inner}</math>")
}

impl Script for Mathml {
    const DRAWN: bool = true;

    fn mark(mark: Mark) -> &'static str {
        match mark {
            Mark::Plus => "<mo>+</mo>",
            Mark::Minus | Mark::Negative => "<mo>−</mo>",
            Mark::Beside => "<mo>&#x2062;</mo>",
            Mark::Dot => "<mo>·</mo>",
            Mark::Comma => "<mo>,</mo>",
            Mark::Equal => "<mo>=</mo>",
            Mark::Applied => "<mo>&#x2061;</mo>",
            Mark::Infix(Infix::Times) => "<mo>⊙</mo>",
            Mark::Infix(Infix::Over) => "<mo>⊘</mo>",
            Mark::Infix(Infix::Kronecker) => "<mo>⊗</mo>",
            Mark::Infix(Infix::Cross) => "<mo>×</mo>",
            Mark::Relation(Relation::Less) => "<mo>&lt;</mo>",
            Mark::Relation(Relation::AtMost) => "<mo>≤</mo>",
            Mark::Relation(Relation::More) => "<mo>&gt;</mo>",
            Mark::Relation(Relation::AtLeast) => "<mo>≥</mo>",
            Mark::Relation(Relation::Equal) => "<mo>=</mo>",
            Mark::Relation(Relation::Unequal) => "<mo>≠</mo>",
            Mark::Logic(Connective::And) => "<mo>∧</mo>",
            Mark::Logic(Connective::Or) => "<mo>∨</mo>",
            Mark::Not => "<mo>¬</mo>",
            Mark::Becomes => "<mo>←</mo>",
        }
    }

    fn row(parts: String) -> String {
        element("mrow", &parts)
    }

    fn text(text: &str) -> String {
        let tag = if text.starts_with(|c: char| c.is_ascii_digit()) { "mn" } else { "mi" };
        element(tag, &escaped(text))
    }

    fn name(name: &str) -> String {
        let letters = Letters::of(name);
        let stem = word(letters.stem);
        match letters.low {
            "" => stem,
            low if letters.low_is_number() => element("msub", &(stem + &element("mn", low))),
            low => element("msub", &(stem + &word(low))),
        }
    }

    fn source(text: &str) -> String {
        format!("<mtext mathvariant=\"monospace\">{}</mtext>", escaped(text))
    }

    fn title(name: &str) -> String {
        format!("<mi mathvariant=\"normal\">{}</mi>", escaped(name))
    }

    fn word(unicode: &'static str, _: &'static str) -> String {
        element("mi", &escaped(unicode))
    }

    fn number(k: Ratio) -> String {
        let whole = |n: i128| element("mn", &n.to_string());
        match k.is_integer() {
            true => whole(k.numerator()),
            false => Mathml::fraction(whole(k.numerator()), whole(k.denominator())),
        }
    }

    fn sized(symbol: char, shape: Shape) -> String {
        let bold = format!("<mn mathvariant=\"bold\">{symbol}</mn>");
        let below = |base: String, low: String| element("msub", &(base + &low));
        match symbol {
            'I' => below(element("mi", "I"), dimension(shape.rows)),
            '1' if shape.columns == Dim::ONE => below(bold, dimension(shape.rows)),
            '1' if shape.rows == Dim::ONE => {
                element("msubsup", &(bold + &dimension(shape.columns) + &element("mo", "⊤")))
            }
            'K' => {
                let sizes = dimension(shape.rows) + Mathml::mark(Mark::Comma) + &dimension(shape.columns);
                below(element("mi", "K"), Mathml::row(sizes))
            }
            _ => below(bold, Mathml::size(shape)),
        }
    }

    fn size(Shape { rows, columns }: Shape) -> String {
        Mathml::row(dimension(rows) + Mathml::mark(Mark::Infix(Infix::Cross)) + &dimension(columns))
    }

    fn gradient(x: String) -> String {
        element("msub", &(element("mo", "∇") + &x))
    }

    fn partial(y: String, by: Vec<(String, usize)>) -> String {
        let times = |base: String, n: usize| match n {
            1 => base,
            n => element("msup", &(base + &element("mn", &n.to_string()))),
        };
        let sign = || element("mo", "∂");
        let order = by.iter().map(|(_, n)| n).sum();
        let below: String = by.into_iter().map(|(x, n)| sign() + &times(x, n)).collect();
        Mathml::fraction(Mathml::row(times(sign(), order) + &y), Mathml::row(below))
    }

    fn differential(y: String) -> String {
        Mathml::row(element("mo", "d") + &y)
    }

    fn fenced(fence: Fence, inner: String) -> String {
        let (left, right) = match fence {
            Fence::Brackets => ("(", ")"),
            Fence::Absolute => ("|", "|"),
            Fence::Norm => ("‖", "‖"),
        };
        // First and last in a row, operators are fences.
        Mathml::row(element("mo", left) + &inner + &element("mo", right))
    }

    fn fraction(top: String, low: String) -> String {
        element("mfrac", &(top + &low))
    }

    fn root(x: String) -> String {
        element("msqrt", &x)
    }

    fn raised(base: String, raise: Raise<String>) -> String {
        let turned = element("mo", "⊤");
        let signed = |sign: &str, rest: String| Mathml::row(element("mo", sign) + &rest);
        let exponent = match raise {
            Raise::Transpose => turned,
            Raise::Inverse => signed("−", element("mn", "1")),
            Raise::InverseTranspose => signed("−", turned),
            Raise::PseudoInverse => element("mo", "+"),
            Raise::PseudoInverseTranspose => signed("+", turned),
            Raise::Whole(n) if n < 0 => signed("−", element("mn", &n.unsigned_abs().to_string())),
            Raise::Whole(n) => element("mn", &n.to_string()),
            Raise::By(x) => x,
        };
        element("msup", &(base + &exponent))
    }

    fn call(name: String, operands: String) -> String {
        name + Mathml::mark(Mark::Applied) + &operands
    }

    fn part(base: String, places: Vec<String>) -> String {
        element("msub", &(base + &Mathml::row(places.join(Mathml::mark(Mark::Comma)))))
    }

    fn range(ends: Option<(String, String)>) -> String {
        let colon = element("mo", ":");
        ends.map_or(colon.clone(), |(from, to)| Mathml::row(from + &colon + &to))
    }

    fn grid(rows: Vec<Vec<String>>) -> String {
        let cells = |row: &Vec<String>| row.iter().map(|x| element("mtd", x)).collect::<String>();
        let rows: String = rows.iter().map(|row| element("mtr", &cells(row))).collect();
        Mathml::row(element("mo", "[") + &element("mtable", &rows) + &element("mo", "]"))
    }

    fn unit(place: String) -> String {
        element("msub", &(element("mi", "e") + &place))
    }

    fn over(index: &str, last: String, body: String) -> String {
        let first = Mathml::row(element("mi", index) + Mathml::mark(Mark::Equal) + &element("mn", "0"));
        element("munderover", &(element("mo", "∑") + &first + &last)) + &body
    }

    fn state(name: &str, primes: usize, places: Vec<String>) -> String {
        let place = Mathml::row(places.join(Mathml::mark(Mark::Comma)));
        match primes {
            0 => element("msub", &(Mathml::name(name) + &place)),
            _ => {
                let primes = element("mo", &"′".repeat(primes));
                element("msubsup", &(Mathml::name(name) + &place + &primes))
            }
        }
    }

    fn cases(rows: Vec<(String, Option<String>)>) -> String {
        let said = |condition: Option<String>| match condition {
            Some(condition) => Mathml::row(element("mtext", "if ") + &condition),
            None => element("mtext", "otherwise"),
        };
        let row = |(value, condition): (String, Option<String>)| {
            element("mtr", &(element("mtd", &value) + &element("mtd", &said(condition))))
        };
        let rows: String = rows.into_iter().map(row).collect();
        Mathml::row(element("mo", "{") + &element("mtable", &rows))
    }

    fn with(base: String, writes: Vec<String>) -> String {
        Mathml::row(base + &element("mtext", " with ") + &writes.join(Mathml::mark(Mark::Comma)))
    }

    fn defined(name: Option<String>, formula: String, rows: Vec<Row>) -> String {
        let line = |left: String, right: String| {
            element("mtr", &(element("mtd", &left) + &element("mtd", &Mathml::row(right))))
        };
        let equal = || Mathml::mark(Mark::Equal).to_owned();
        let sign = if name.is_some() { equal() } else { String::new() };
        let mut lines = line(name.unwrap_or_default(), sign + &formula + &element("mtext", " where"));
        for Row { left, right, runs } in rows {
            let mut right = equal() + &right;
            for (k, [index, first, last]) in runs.into_iter().enumerate() {
                right +=
                    &if k == 0 { element("mtext", " for ") } else { Mathml::mark(Mark::Comma).to_owned() };
                right += &(index + &equal() + &first + &element("mo", "…") + &last);
            }
            lines += &line(left, right);
        }
        element("mtable", &lines)
    }
}

fn element(tag: &str, inner: &str) -> String {
    format!("<{tag}>{inner}</{tag}>")
}

/// One letter is slanted and a word upright, as `mi` has it.
fn word(word: &str) -> String {
    match greek(word) {
        Some((_, letter)) => element("mi", &letter.to_string()),
        None if is_letter(word) && word.starts_with(|c: char| c.is_ascii_digit()) => element("mn", word),
        None => element("mi", &escaped(word)),
    }
}

fn dimension(dim: Dim) -> String {
    let text = dim.to_string();
    if text.chars().all(char::is_alphanumeric) { Mathml::text(&text) } else { Mathml::source(&text) }
}

/// Text in which the special characters of XML stand for themselves.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '&' => out += "&amp;",
            '<' => out += "&lt;",
            '>' => out += "&gt;",
            '"' => out += "&quot;",
            _ => out.push(c),
        }
    }
    out
}
