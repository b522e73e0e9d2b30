//! Exact rational numbers: the coefficients and exponents of a formula.
//!
//! Arithmetic is checked. What leaves 128 bits is rounded to the nearest `f64` and kept as a multiple of a power of two,
//! so no operation fails and none is off by more than a rounding.

use std::cmp::Ordering;
use std::fmt;

/// n/d in lowest terms, d > 0; or n·2ᵉ with d = 1 and e ≠ 0, which is rounded.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Ratio {
    n: i128,
    d: i128,
    e: i32,
}

fn gcd(a: i128, b: i128) -> i128 {
    if b == 0 { a.abs() } else { gcd(b, a % b) }
}

impl Ratio {
    /// 0
    pub const ZERO: Ratio = Ratio { n: 0, d: 1, e: 0 };
    /// 1
    pub const ONE: Ratio = Ratio { n: 1, d: 1, e: 0 };
    /// −1
    pub const MINUS_ONE: Ratio = Ratio { n: -1, d: 1, e: 0 };
    /// ½
    pub const HALF: Ratio = Ratio { n: 1, d: 2, e: 0 };

    /// An integer.
    pub const fn int(n: i64) -> Ratio {
        Ratio { n: n as i128, d: 1, e: 0 }
    }

    /// n/d; `d` must not be 0.
    pub fn new(n: i128, d: i128) -> Ratio {
        let common = gcd(n, d).max(1) * d.signum();
        Ratio { n: n / common, d: d / common, e: 0 }
    }

    /// The value of a decimal literal without suffix or separators, such as `0.044715` or `1e-5`, if it fits.
    pub fn parse(literal: &str) -> Option<Ratio> {
        let (mantissa, exponent) = match literal.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (literal, 0),
        };
        let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let part = part.trim_end_matches('0');
        let digits: i128 = format!("0{whole}{part}").parse().ok()?;
        let exponent = exponent.checked_sub(i32::try_from(part.len()).ok()?)?;
        let scale = 10i128.checked_pow(exponent.unsigned_abs())?;
        match exponent {
            0.. => digits.checked_mul(scale).map(|n| Ratio { n, d: 1, e: 0 }),
            _ => Some(Ratio::new(digits, scale)),
        }
    }

    /// The multiple of a power of two that an `f64` is.
    fn rounded(value: f64) -> Ratio {
        let bits = value.to_bits();
        let (sign, exponent) = (if value < 0.0 { -1 } else { 1 }, (bits >> 52 & 0x7ff) as i32);
        let hidden = if exponent > 0 { 1 << 52 } else { 0 };
        let n = i128::from(bits & ((1 << 52) - 1) | hidden);
        let e = exponent.max(1) - 1075;
        let even = n.trailing_zeros().min(52);
        let (n, e) = (sign * (n >> even), e + even as i32);
        match e {
            _ if n == 0 => Ratio::ZERO,
            -60..0 => Ratio { n, d: 1 << -e, e: 0 },
            0..=60 => Ratio { n: n << e, d: 1, e: 0 },
            _ => Ratio { n, d: 1, e },
        }
    }

    /// Numerator.
    pub fn numerator(self) -> i128 {
        self.n
    }

    /// Denominator, positive.
    pub fn denominator(self) -> i128 {
        self.d
    }

    /// Sum.
    pub fn plus(self, other: Ratio) -> Ratio {
        let exact = || {
            self.is_exact_with(other)?;
            let n = self.n.checked_mul(other.d)?.checked_add(other.n.checked_mul(self.d)?)?;
            Some(Ratio::new(n, self.d.checked_mul(other.d)?))
        };
        exact().unwrap_or_else(|| Ratio::rounded(self.value() + other.value()))
    }

    /// Product.
    pub fn times(self, other: Ratio) -> Ratio {
        if self == Ratio::ONE || other == Ratio::ONE {
            return if self == Ratio::ONE { other } else { self };
        }
        let exact = || {
            self.is_exact_with(other)?;
            let (g, h) = (gcd(self.n, other.d).max(1), gcd(other.n, self.d).max(1));
            let n = (self.n / g).checked_mul(other.n / h)?;
            Some(Ratio::new(n, (self.d / h).checked_mul(other.d / g)?))
        };
        exact().unwrap_or_else(|| Ratio::rounded(self.value() * other.value()))
    }

    fn is_exact_with(self, other: Ratio) -> Option<()> {
        (self.e == 0 && other.e == 0).then_some(())
    }

    /// −self
    pub fn negated(self) -> Ratio {
        Ratio { n: -self.n, ..self }
    }

    /// 1/self; of zero it is zero, which no caller asks for.
    pub fn reciprocal(self) -> Ratio {
        match self.n {
            0 => self,
            _ if self.e != 0 => Ratio::rounded(1.0 / self.value()),
            _ => Ratio::new(self.d, self.n),
        }
    }

    /// |self|
    pub fn absolute(self) -> Ratio {
        Ratio { n: self.n.abs(), ..self }
    }

    /// Integer power.
    pub fn power(self, exponent: i128) -> Ratio {
        let (mut whole, mut square, mut left) = (Ratio::ONE, self, exponent.unsigned_abs());
        while left > 0 {
            if left % 2 == 1 {
                whole = whole.times(square);
            }
            left /= 2;
            square = if left > 0 { square.times(square) } else { square };
        }
        if exponent < 0 { whole.reciprocal() } else { whole }
    }

    /// Is it 0?
    pub fn is_zero(self) -> bool {
        self.n == 0
    }

    /// Is it below 0?
    pub fn is_negative(self) -> bool {
        self.n < 0
    }

    /// Is it an integer?
    pub fn is_integer(self) -> bool {
        self.d == 1 && self.e == 0
    }

    /// The integer it is, if it is one that fits.
    pub fn integer(self) -> Option<i32> {
        if self.is_integer() { i32::try_from(self.n).ok() } else { None }
    }

    /// Greatest common measure: the largest rational of which both are integer multiples.
    pub fn common_measure(self, other: Ratio) -> Ratio {
        let d = (self.d / gcd(self.d, other.d).max(1)).checked_mul(other.d);
        d.filter(|_| self.is_exact_with(other).is_some())
            .map_or(Ratio::ONE, |d| Ratio::new(gcd(self.n, other.n), d))
    }

    /// Correctly rounded value: a decimal is parsed, anything else is divided.
    pub fn value(self) -> f64 {
        if self.e != 0 {
            return self.n as f64 * 2f64.powi(self.e / 2) * 2f64.powi(self.e - self.e / 2);
        }
        match self.decimal() {
            Some(text) => text.parse().unwrap_or(f64::NAN),
            None => self.n as f64 / self.d as f64,
        }
    }

    /// `digits e-k` if the denominator divides a power of ten.
    fn decimal(self) -> Option<String> {
        let mut scale = 1i128;
        for k in 0..38 {
            if scale % self.d == 0 {
                return Some(format!("{}e-{k}", self.n.checked_mul(scale / self.d)?));
            }
            scale = scale.checked_mul(10)?;
        }
        None
    }
}

impl PartialOrd for Ratio {
    fn partial_cmp(&self, other: &Ratio) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ratio {
    fn cmp(&self, other: &Ratio) -> Ordering {
        match (self.n.checked_mul(other.d), other.n.checked_mul(self.d)) {
            (Some(a), Some(b)) if self.is_exact_with(*other).is_some() => a.cmp(&b),
            _ => self.value().total_cmp(&other.value()),
        }
    }
}

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.d {
            _ if self.e != 0 => write!(f, "{:e}", self.value()),
            1 => write!(f, "{}", self.n),
            _ => write!(f, "{}/{}", self.n, self.d),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Ratio;

    #[test]
    fn literals_are_exact() {
        assert_eq!(Ratio::parse("0.044715"), Some(Ratio::new(44715, 1_000_000)));
        assert_eq!(Ratio::parse("1e-5"), Some(Ratio::new(1, 100_000)));
        assert_eq!(Ratio::parse("2."), Some(Ratio::int(2)));
        assert_eq!(Ratio::parse("6.02e3"), Some(Ratio::int(6020)));
        assert_eq!(Ratio::parse("1e-300"), None);
    }

    #[test]
    fn values_are_correctly_rounded() {
        for text in ["0.1", "0.3", "0.1234567890123456789", "123456.789e-7", "9.81"] {
            assert_eq!(Ratio::parse(text).map(Ratio::value), text.parse().ok(), "{text}");
        }
        assert_eq!(Ratio::new(1, 3).value(), 1.0 / 3.0);
    }

    #[test]
    fn overflow_is_rounded() {
        let big = Ratio::int(i64::MAX).times(Ratio::int(i64::MAX));
        let third = big.times(Ratio::new(1, 3)).times(big.reciprocal());
        assert!((third.value() - 1.0 / 3.0).abs() < 1e-15);
        assert!((big.times(big).value() / big.value().powi(2) - 1.0).abs() < 1e-15);
        assert_eq!(big.times(big), big.power(2));
        assert!(big.power(2) > big && !big.power(2).is_integer());
    }

    #[test]
    fn small_numbers_stay_apart_from_zero() {
        let planck = Ratio::parse("6.626e-34").unwrap_or(Ratio::ONE);
        let squared = planck.times(planck);
        assert!((squared.value() / 6.626e-34f64.powi(2) - 1.0).abs() < 1e-15);
        assert!((squared.times(squared.reciprocal()).value() - 1.0).abs() < 1e-15);
        assert!((squared.plus(planck).value() / 6.626e-34 - 1.0).abs() < 1e-15);
        assert_eq!(Ratio::rounded(5e-324).value(), 5e-324);
        assert_eq!(Ratio::rounded(-1.5).value(), -1.5);
        assert_eq!(Ratio::rounded(0.0), Ratio::ZERO);
    }

    #[test]
    fn powers_keep_the_sign() {
        assert_eq!(Ratio::MINUS_ONE.power(100_001), Ratio::MINUS_ONE);
        assert_eq!(Ratio::new(2, 3).power(-3), Ratio::new(27, 8));
    }
}
