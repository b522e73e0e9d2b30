//! Numbers in print.

use super::tree::{Formula, Raise};
use crate::ir::{Constant, Ratio};

/// A real number that no rational is.
pub(super) fn constant(constant: Constant) -> Formula {
    match constant {
        Constant::Named(name) => named(name),
        Constant::Float(bits) => float(f64::from_bits(bits)),
    }
}

fn named(name: &'static str) -> Formula {
    let pi = || Formula::Symbol("π", "\\pi");
    let ln = |n| Formula::Prefix("ln", "\\ln", Box::new(Formula::int(n)));
    let root = || Formula::Root(Box::new(Formula::int(2)));
    let over = |top, low| Formula::Fraction(Box::new(top), Box::new(low));
    match name {
        "PI" => pi(),
        "TAU" => Formula::Symbol("τ", "\\tau"),
        "E" => Formula::Symbol("e", "e"),
        "LN_2" => ln(2),
        "LN_10" => ln(10),
        "SQRT_2" => root(),
        "FRAC_1_SQRT_2" => over(Formula::int(1), root()),
        "FRAC_1_PI" => over(Formula::int(1), pi()),
        "FRAC_2_PI" => over(Formula::int(2), pi()),
        "FRAC_PI_2" => over(pi(), Formula::int(2)),
        "FRAC_PI_3" => over(pi(), Formula::int(3)),
        "FRAC_PI_4" => over(pi(), Formula::int(4)),
        "FRAC_PI_6" => over(pi(), Formula::int(6)),
        "FRAC_PI_8" => over(pi(), Formula::int(8)),
        _ => Formula::Source(name.to_owned()),
    }
}

/// A float; a very large or small one with a power of ten.
fn float(x: f64) -> Formula {
    let text = if (1e-6..1e15).contains(&x.abs()) { x.to_string() } else { format!("{x:e}") };
    let Some((mantissa, exponent)) = text.split_once('e') else { return Formula::Text(text) };
    let power = Formula::int(10).raised(Raise::Whole(exponent.parse().unwrap_or(0)));
    match mantissa {
        "1" => power,
        _ => Formula::Product(vec![Formula::Text(mantissa.to_owned()), power]),
    }
}

/// Largest denominator that stands in a fraction where a decimal number can take its place.
const LARGEST: i128 = 1000;
/// Most digits of a decimal number behind its point.
const DIGITS: u32 = 9;

/// A fraction with a large denominator as a decimal number, if it is a short one: 0.00037.
pub(super) fn decimal(k: Ratio) -> Option<String> {
    if k.denominator() <= LARGEST {
        return None;
    }
    let digits = (1..=DIGITS).find(|digits| 10i128.pow(*digits) % k.denominator() == 0)?;
    let one = 10i128.pow(digits);
    let scaled = k.numerator().checked_mul(one / k.denominator())?;
    Some(format!("{}.{:02$}", scaled / one, scaled % one, digits as usize))
}
