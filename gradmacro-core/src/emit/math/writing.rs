//! What every notation has in common: where brackets stand, what joins terms and factors, what is raised by what.
//!
//! A [`Script`] says only how each construct is spelt once its parts are. It either writes everything in one line
//! (Unicode text) or draws: then what stands over, under or beside a line needs no brackets.

use super::constants::decimal;
use super::defining;
use super::tree::{Connective, Formula, Infix, Raise, Relation};
use crate::ir::{Ratio, Shape};

/// How a notation spells what occurs in a formula.
pub(super) trait Script {
    /// Is place itself a bracket: over and under a line, raised?
    const DRAWN: bool;

    /// What joins the parts of a row.
    fn mark(mark: Mark) -> &'static str;
    /// Several parts as one.
    fn row(parts: String) -> String {
        parts
    }
    /// Something that has a superscript or a subscript already, as the base of another.
    fn grouped(base: String) -> String {
        base
    }
    /// A number or an index.
    fn text(text: &str) -> String;
    /// A parameter.
    fn name(name: &str) -> String;
    /// Source text of the user's.
    fn source(text: &str) -> String;
    /// A function of the user's.
    fn title(name: &str) -> String;
    /// A symbol or a function, by its name in Unicode and in LaTeX.
    fn word(unicode: &'static str, latex: &'static str) -> String;
    /// A rational number.
    fn number(k: Ratio) -> String;
    /// 0, 1, I or K of a size.
    fn sized(symbol: char, shape: Shape) -> String;
    /// 3×2
    fn size(shape: Shape) -> String;
    /// ∇x
    fn gradient(x: String) -> String;
    /// ∂y/∂x
    fn partial(y: String, by: Vec<(String, usize)>) -> String;
    /// dy
    fn differential(y: String) -> String;
    /// Something within a pair of signs.
    fn fenced(fence: Fence, inner: String) -> String;
    /// a / b
    fn fraction(top: String, low: String) -> String;
    /// √x
    fn root(x: String) -> String;
    /// Something raised.
    fn raised(base: String, raise: Raise<String>) -> String;
    /// f(x, y), given f and (x, y).
    fn call(name: String, operands: String) -> String;
    /// x[i, j]
    fn part(base: String, places: Vec<String>) -> String;
    /// i..j
    fn range(ends: Option<(String, String)>) -> String;
    /// Rows of entries.
    fn grid(rows: Vec<Vec<String>>) -> String;
    /// The unit vector at a place.
    fn unit(place: String) -> String;
    /// Σ over an index from 0 to the last one of what follows.
    fn over(index: &str, last: String, body: String) -> String;
    /// xₖ, given the name and how often it is primed.
    fn state(name: &str, primes: usize, places: Vec<String>) -> String;
    /// Values and their conditions; none for the last.
    fn cases(rows: Vec<(String, Option<String>)>) -> String;
    /// Something, `with` what is written into it.
    fn with(base: String, writes: Vec<String>) -> String;
    /// A formula, what it is called if that is to be said, and definitions.
    fn defined(name: Option<String>, formula: String, rows: Vec<Row>) -> String;
}

/// A definition: left, right, and of each index its name, first and last value.
pub(super) struct Row {
    pub(super) left: String,
    pub(super) right: String,
    pub(super) runs: Vec<[String; 3]>,
}

/// What joins the parts of a row.
#[derive(Clone, Copy)]
pub(super) enum Mark {
    /// x + y
    Plus,
    /// x − y
    Minus,
    /// −x
    Negative,
    /// x y
    Beside,
    /// 2 · 3
    Dot,
    /// f(x, y)
    Comma,
    /// x = y
    Equal,
    /// ln x
    Applied,
    /// x ⊙ y and the like.
    Infix(Infix),
    /// x < y and the like.
    Relation(Relation),
    /// p ∧ q, p ∨ q
    Logic(Connective),
    /// ¬p
    Not,
    /// x ← y
    Becomes,
}

/// A pair of signs around something.
#[derive(Clone, Copy)]
pub(super) enum Fence {
    /// (x)
    Brackets,
    /// |x|
    Absolute,
    /// ‖x‖
    Norm,
}

/// How tightly a formula holds together.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    /// x with x[i] ← v
    Open,
    /// p ∧ q
    Logic,
    /// a < b
    Relation,
    /// a + b
    Sum,
    /// a ⊙ b, a / b
    Infix,
    /// a b
    Product,
    /// a, f(a), aᵀ
    Atom,
}

/// The text of a formula.
pub(super) fn write<S: Script>(formula: &Formula) -> String {
    at_level::<S>(formula, Level::Open)
}

/// The text of left = right.
pub(super) fn equation<S: Script>(left: &Formula, right: &Formula) -> String {
    match right {
        Formula::Where(formula, definitions) => defining::defined::<S>(Some(left), formula, definitions),
        _ => S::row(format!("{}{}{}", write::<S>(left), S::mark(Mark::Equal), write::<S>(right))),
    }
}

/// The text where the context binds as tightly as `wanted`.
pub(super) fn at_level<S: Script>(formula: &Formula, wanted: Level) -> String {
    let text = text::<S>(formula);
    if level::<S>(formula) < wanted { S::fenced(Fence::Brackets, text) } else { text }
}

fn level<S: Script>(formula: &Formula) -> Level {
    match formula {
        Formula::With(..) | Formula::Where(..) => Level::Open,
        Formula::Logic(..) => Level::Logic,
        Formula::Relation(..) => Level::Relation,
        Formula::Cases(_) if S::DRAWN => Level::Sum,
        Formula::Sum(_) | Formula::Range(_) => Level::Sum,
        Formula::Fraction(..) if S::DRAWN => Level::Atom,
        Formula::Infix(_) | Formula::Fraction(..) | Formula::Over(..) => Level::Infix,
        Formula::Product(_) | Formula::Prefix(..) => Level::Product,
        _ => Level::Atom,
    }
}

fn text<S: Script>(formula: &Formula) -> String {
    let fenced = |fence, x| S::fenced(fence, write::<S>(x));
    match formula {
        Formula::Text(text) => S::text(text),
        Formula::Name(name) => S::name(name),
        Formula::Source(text) => S::source(text),
        Formula::Title(name) => S::title(name),
        Formula::Symbol(unicode, latex) => S::word(unicode, latex),
        Formula::Number(k) => decimal(*k).map_or_else(|| S::number(*k), |text| S::text(&text)),
        Formula::Sized(symbol, shape) => S::sized(*symbol, *shape),
        Formula::Size(shape) => S::size(*shape),
        Formula::Gradient(x) => S::gradient(at_level::<S>(x, Level::Atom)),
        Formula::Partial(y, by) => S::partial(at_level::<S>(y, Level::Atom), repeated::<S>(by)),
        Formula::Differential(y) => S::differential(write::<S>(y)),
        Formula::Sum(terms) => sum::<S>(terms),
        Formula::Product(factors) => product::<S>(factors),
        Formula::Infix(list) => infix::<S>(list),
        Formula::Fraction(top, low) => fraction::<S>(top, low),
        Formula::Raised(base, raise) => raised::<S>(base, raise),
        Formula::Call(unicode, latex, operands) => {
            let operands = S::fenced(Fence::Brackets, list::<S>(operands).join(S::mark(Mark::Comma)));
            S::row(S::call(S::word(unicode, latex), operands))
        }
        Formula::Prefix(unicode, latex, x) => prefix::<S>(S::word(unicode, latex), x),
        Formula::Norm(x) => fenced(Fence::Norm, x),
        Formula::Absolute(x) => fenced(Fence::Absolute, x),
        Formula::Root(x) => S::root(write::<S>(x)),
        Formula::Part(x, places) => S::part(at_level::<S>(x, Level::Atom), list::<S>(places)),
        Formula::Range(ends) => S::range(ends.as_ref().map(|(from, to)| (write::<S>(from), write::<S>(to)))),
        Formula::Grid(rows) => S::grid(rows.iter().map(|row| list::<S>(row)).collect()),
        Formula::Unit(place) => S::unit(write::<S>(place)),
        Formula::Over(index, last, body) => {
            S::row(S::over(index, write::<S>(last), at_level::<S>(body, Level::Infix)))
        }
        Formula::State(name, primes, places) => S::state(name, *primes, list::<S>(places)),
        Formula::Cases(rows) => defining::cases::<S>(rows),
        Formula::Relation(relation, x, y) => defining::relation::<S>(*relation, x, y),
        Formula::Logic(connective, list) => defining::logic::<S>(*connective, list),
        Formula::Not(x) => S::row(S::mark(Mark::Not).to_owned() + &at_level::<S>(x, Level::Atom)),
        Formula::With(base, writes) => defining::with::<S>(base, writes),
        Formula::Where(formula, definitions) => defining::defined::<S>(None, formula, definitions),
    }
}

fn list<S: Script>(items: &[Formula]) -> Vec<String> {
    items.iter().map(|x| at_level::<S>(x, Level::Logic)).collect()
}

/// What something is differentiated by, and how often.
fn repeated<S: Script>(by: &[Formula]) -> Vec<(String, usize)> {
    let runs = by.chunk_by(|a, b| a == b);
    runs.filter_map(|run| Some((at_level::<S>(run.first()?, Level::Atom), run.len()))).collect()
}

fn sum<S: Script>(terms: &[(bool, Formula)]) -> String {
    let mut row = String::new();
    for (k, (minus, term)) in terms.iter().enumerate() {
        row += match (k, minus) {
            (0, false) => "",
            (0, true) => S::mark(Mark::Negative),
            (_, false) => S::mark(Mark::Plus),
            (_, true) => S::mark(Mark::Minus),
        };
        let apart = *minus && is_kronecker(term);
        row += &at_level::<S>(term, if apart { Level::Product } else { Level::Infix });
    }
    S::row(row)
}

fn is_kronecker(x: &Formula) -> bool {
    matches!(x, Formula::Infix(list) if list.iter().any(|(op, _)| *op == Infix::Kronecker))
}

/// Factors; what reaches as far as it can, a sum over an index or a logarithm, may stand last without brackets.
fn product<S: Script>(factors: &[Formula]) -> String {
    let mut row = String::new();
    for (k, x) in factors.iter().enumerate() {
        if k > 0 {
            row += S::mark(if begins_with_digit(x) { Mark::Dot } else { Mark::Beside });
        }
        let reaches = matches!(x, Formula::Over(..) | Formula::Prefix(..));
        let is_last = k + 1 == factors.len();
        row += &at_level::<S>(x, if reaches && is_last { Level::Sum } else { Level::Atom });
    }
    S::row(row)
}

/// A number behind another factor would be read with it: 2 · 3.
fn begins_with_digit(x: &Formula) -> bool {
    match x {
        Formula::Number(_) => true,
        Formula::Text(text) => text.starts_with(|c: char| c.is_ascii_digit()),
        Formula::Raised(base, _) => begins_with_digit(base),
        _ => false,
    }
}

fn infix<S: Script>(list: &[(Infix, Formula)]) -> String {
    let mut row = String::new();
    for (k, (op, x)) in list.iter().enumerate() {
        row += if k > 0 { S::mark(Mark::Infix(*op)) } else { "" };
        row += &at_level::<S>(x, Level::Product);
    }
    S::row(row)
}

/// ln det X
fn prefix<S: Script>(name: String, x: &Formula) -> String {
    S::row(format!("{name}{}{}", S::mark(Mark::Applied), at_level::<S>(x, Level::Atom)))
}

fn fraction<S: Script>(top: &Formula, low: &Formula) -> String {
    if !S::DRAWN {
        return S::fraction(at_level::<S>(top, Level::Product), at_level::<S>(low, Level::Atom));
    }
    match one_line(top, low) {
        Some((top, low)) => S::fraction(write::<S>(&top), write::<S>(&low)),
        None => S::fraction(write::<S>(top), write::<S>(low)),
    }
}

/// Where fractions are drawn, 1/4 x over y is x over 4 y.
fn one_line(top: &Formula, low: &Formula) -> Option<(Formula, Formula)> {
    let mut over = top.clone().into_factors();
    let Formula::Number(k) = *over.first()? else { return None };
    if k.is_integer() || decimal(k).is_some() {
        return None;
    }
    over.remove(0);
    if k.numerator() != 1 || over.is_empty() {
        over.insert(0, Formula::Number(Ratio::new(k.numerator(), 1)));
    }
    let mut under = vec![Formula::Number(Ratio::new(k.denominator(), 1))];
    under.extend(low.clone().into_factors());
    Some((Formula::product(over), Formula::product(under)))
}

fn raised<S: Script>(base: &Formula, raise: &Raise) -> String {
    let inner = match base {
        Formula::Raised(..) | Formula::Part(..) => S::grouped(text::<S>(base)),
        Formula::Partial(..) => S::fenced(Fence::Brackets, text::<S>(base)),
        _ => at_level::<S>(base, Level::Atom),
    };
    let raise = match raise {
        Raise::By(x) => Raise::By(exponent::<S>(x)),
        Raise::Transpose => Raise::Transpose,
        Raise::Inverse => Raise::Inverse,
        Raise::InverseTranspose => Raise::InverseTranspose,
        Raise::PseudoInverse => Raise::PseudoInverse,
        Raise::PseudoInverseTranspose => Raise::PseudoInverseTranspose,
        Raise::Whole(n) => Raise::Whole(*n),
    };
    S::raised(inner, raise)
}

/// On one line, x^5/2 would be (x^5)/2.
fn exponent<S: Script>(x: &Formula) -> String {
    match x {
        _ if S::DRAWN => write::<S>(x),
        Formula::Number(k) if !k.is_integer() => S::fenced(Fence::Brackets, write::<S>(x)),
        _ => at_level::<S>(x, Level::Atom),
    }
}
