//! Names of programs as names of mathematics: `w1` is w₁, `alpha` is α.

/// A letter or a word, and what stands below it.
pub(super) struct Letters<'n> {
    pub(super) stem: &'n str,
    pub(super) low: &'n str,
}

impl<'n> Letters<'n> {
    /// Splits at the first underscore, or before the digits at the end.
    pub(super) fn of(name: &'n str) -> Letters<'n> {
        let (stem, low) = match name.split_once('_') {
            Some((stem, low)) if !stem.is_empty() && !low.is_empty() => (stem, low),
            _ => name.split_at(name.trim_end_matches(|c: char| c.is_ascii_digit()).len()),
        };
        Letters { stem, low }
    }

    /// Is the subscript a number?
    pub(super) fn low_is_number(&self) -> bool {
        self.low.chars().all(|c| c.is_ascii_digit())
    }
}

/// Is it one letter?
pub(super) fn is_letter(word: &str) -> bool {
    word.chars().count() == 1
}

/// A Greek letter and its name, given either.
pub(super) fn greek(word: &str) -> Option<(&'static str, char)> {
    let is_letter = |letter: char| word.chars().eq([letter]);
    GREEK.iter().copied().find(|(name, letter)| *name == word || is_letter(*letter))
}

const GREEK: &[(&str, char)] = &[
    ("alpha", 'α'),
    ("beta", 'β'),
    ("gamma", 'γ'),
    ("delta", 'δ'),
    ("epsilon", 'ε'),
    ("zeta", 'ζ'),
    ("eta", 'η'),
    ("theta", 'θ'),
    ("kappa", 'κ'),
    ("lambda", 'λ'),
    ("mu", 'μ'),
    ("nu", 'ν'),
    ("xi", 'ξ'),
    ("pi", 'π'),
    ("rho", 'ρ'),
    ("sigma", 'σ'),
    ("tau", 'τ'),
    ("phi", 'φ'),
    ("chi", 'χ'),
    ("psi", 'ψ'),
    ("omega", 'ω'),
];
