//! Errors: what was found, why it cannot work, what to write instead.
//!
//! A stage reports every mistake it meets and goes on; the errors come out together at the end of the expansion.
//! One mistake is one error, so whoever reports also marks what it read as already refused.

use std::cell::RefCell;

use proc_macro2::{LineColumn, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};

/// Collects the errors of one expansion.
///
/// Forgetting to look at them would let a wrong program pass, so dropping an unfinished collection is a bug;
/// debug builds stop there.
pub struct Diagnostics {
    found: RefCell<Vec<Diagnostic>>,
    finished: bool,
}

/// One error.
pub struct Diagnostic {
    /// What was found, in one line.
    pub message: String,
    /// Why it cannot work.
    pub notes: Vec<String>,
    /// What to write instead.
    pub helps: Vec<String>,
    /// The source text that the error underlines.
    pub place: Place,
    /// Would rustc report the same mistake in the body, so that the body must be hidden from it?
    pub repeated_by_rustc: bool,
    /// Would it do so for the signature? Then nothing of the function may be emitted.
    pub repeated_for_signature: bool,
}

/// A stretch of source text, from the start of one span to the end of another.
#[derive(Clone, Copy)]
pub struct Place {
    first: Span,
    last: Span,
}

/// An error just reported, to be completed.
pub struct Report<'a> {
    diagnostics: &'a Diagnostics,
    index: usize,
}

impl Diagnostics {
    /// No errors yet.
    #[expect(clippy::new_without_default, reason = "a default collection would be dropped unfinished")]
    pub fn new() -> Self {
        Diagnostics { found: RefCell::new(Vec::new()), finished: false }
    }

    /// An error about `at`, which is underlined as a whole.
    pub fn error(&self, at: &dyn ToTokens, message: impl Into<String>) -> Report<'_> {
        self.error_at(Place::of(at), message)
    }

    /// An error about a stretch of source text.
    pub fn error_at(&self, place: Place, message: impl Into<String>) -> Report<'_> {
        let mut found = self.found.borrow_mut();
        found.push(Diagnostic {
            message: message.into(),
            notes: Vec::new(),
            helps: Vec::new(),
            place,
            repeated_by_rustc: false,
            repeated_for_signature: false,
        });
        Report { diagnostics: self, index: found.len() - 1 }
    }

    /// Has nothing been reported?
    pub fn is_empty(&self) -> bool {
        self.count() == 0
    }

    /// Number of errors so far.
    pub fn count(&self) -> usize {
        self.found.borrow().len()
    }

    /// All errors, in the order in which they were found.
    pub fn finish(mut self) -> Vec<Diagnostic> {
        self.finished = true;
        self.found.take()
    }
}

impl Drop for Diagnostics {
    fn drop(&mut self) {
        debug_assert!(self.finished || std::thread::panicking(), "nobody looked at the errors");
    }
}

impl Report<'_> {
    /// Why it cannot work.
    pub fn note(self, note: impl Into<String>) -> Self {
        self.complete(|diagnostic| diagnostic.notes.push(note.into()))
    }

    /// What to write instead.
    pub fn help(self, help: impl Into<String>) -> Self {
        self.complete(|diagnostic| diagnostic.helps.push(help.into()))
    }

    /// What to write instead, if there is something to say.
    pub fn maybe_help(self, help: Option<String>) -> Self {
        match help {
            Some(help) => self.help(help),
            None => self,
        }
    }

    /// rustc would report the same mistake in the body, so the body must be hidden from it.
    pub fn as_rustc_would(self) -> Self {
        self.complete(|diagnostic| diagnostic.repeated_by_rustc = true)
    }

    /// rustc would report the same mistake in the signature, so the whole function must be hidden from it.
    pub fn as_rustc_would_of_signature(self) -> Self {
        self.as_rustc_would().complete(|diagnostic| diagnostic.repeated_for_signature = true)
    }

    fn complete(self, change: impl FnOnce(&mut Diagnostic)) -> Self {
        if let Some(diagnostic) = self.diagnostics.found.borrow_mut().get_mut(self.index) {
            change(diagnostic);
        }
        self
    }
}

impl Diagnostic {
    /// Message, notes and helps, a line each.
    pub fn text(&self) -> String {
        let notes = self.notes.iter().map(|note| format!("\nnote: {note}"));
        let helps = self.helps.iter().map(|help| format!("\nhelp: {help}"));
        notes.chain(helps).fold(self.message.clone(), |text, line| text + &line)
    }

    /// An item (or expression) that makes rustc report this error.
    ///
    /// rustc underlines a macro call from its first token to its last, so the two carry the two ends of the place.
    pub fn to_compile_error(&self) -> TokenStream {
        let text = self.text();
        let call = quote_spanned!(self.place.first=> ::core::compile_error!);
        let argument = quote_spanned!(self.place.last=> { #text });
        quote!(#call #argument)
    }
}

impl Place {
    /// The place of some tokens; that of the attribute itself if there are none.
    pub fn of(tokens: &dyn ToTokens) -> Place {
        let mut spans = tokens.to_token_stream().into_iter().map(|token| token.span());
        let first = spans.next().unwrap_or_else(Span::call_site);
        Place { first, last: spans.last().unwrap_or(first) }
    }

    /// From the start of `first` to the end of `last`.
    pub fn between(first: Span, last: Span) -> Place {
        Place { first, last }
    }

    /// The source text it covers, where the compiler runs as an ordinary library.
    pub fn source_text(&self) -> Option<String> {
        self.first.join(self.last)?.source_text()
    }
}

/// "did you mean": the one of `known` that `found` is probably a misspelling or an abbreviation of.
pub fn closest<'a>(found: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let close = known.into_iter().filter_map(|name| Some((nearness(&found.to_lowercase(), name)?, name)));
    close.min_by_key(|(distance, _)| *distance).map(|(_, name)| name)
}

/// The names in backquotes, separated by commas.
pub fn list<T: ToString>(names: impl IntoIterator<Item = T>) -> String {
    let quoted: Vec<String> = names.into_iter().map(|name| format!("`{}`", name.to_string())).collect();
    quoted.join(", ")
}

/// The source text of some tokens, on one line.
pub fn source(tokens: &dyn ToTokens) -> String {
    let mut text = String::new();
    write_source(tokens.to_token_stream(), &mut text, &mut None);
    text
}

/// The edit distance, if it is small for names of that length.
fn nearness(found: &str, known: &str) -> Option<usize> {
    let distance = distance(found, &known.to_lowercase());
    let distance = if is_anagram(found, known) { 1 } else { distance };
    let limit = found.len().max(known.len()).max(3) / 3;
    let misspelt = distance <= limit && distance < found.len();
    let abbreviated =
        found.len().min(known.len()) >= 3 && (found.starts_with(known) || known.starts_with(found));
    (misspelt || abbreviated).then_some(distance)
}

fn is_anagram(a: &str, b: &str) -> bool {
    let letters = |word: &str| {
        let mut letters: Vec<char> = word.chars().collect();
        letters.sort_unstable();
        letters
    };
    letters(a) == letters(b)
}

/// How many letters must be inserted, removed or replaced to make `a` into `b`.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut corner = i;
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let replaced = corner + usize::from(x != *y);
            corner = row[j + 1];
            row[j + 1] = replaced.min(corner + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

/// Appends tokens, with a space where the source has one.
fn write_source(tokens: TokenStream, text: &mut String, end: &mut Option<LineColumn>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => {
                let (open, close) = group_delimiters(&group);
                // syn gives both delimiters the span of the whole group.
                let (first, last) = (group.span_open().start(), group.span_close().end());
                write_token(open, [first, LineColumn { column: first.column + 1, ..first }], text, end);
                write_source(group.stream(), text, end);
                let before = LineColumn { column: last.column.saturating_sub(1), ..last };
                write_token(close, [before, last], text, end);
            }
            token => {
                let span = token.span();
                write_token(&token.to_string(), [span.start(), span.end()], text, end);
            }
        }
    }
}

fn write_token(token: &str, [from, to]: [LineColumn; 2], text: &mut String, end: &mut Option<LineColumn>) {
    if token.is_empty() {
        return;
    }
    let apart = end.is_some_and(|end| end != from);
    let words = text.ends_with(is_word) && token.starts_with(is_word);
    if apart || words {
        text.push(' ');
    }
    text.push_str(token);
    *end = Some(to);
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

fn group_delimiters(group: &proc_macro2::Group) -> (&'static str, &'static str) {
    use proc_macro2::Delimiter::*;
    match group.delimiter() {
        Parenthesis => ("(", ")"),
        Brace => ("{", "}"),
        Bracket => ("[", "]"),
        None => ("", ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn misspellings_and_abbreviations_are_recognised() {
        let options = ["wrt", "hessian", "hvp", "jacobian", "grad"];
        for (found, wanted) in [
            ("hesian", Some("hessian")),
            ("Hessian", Some("hessian")),
            ("jac", Some("jacobian")),
            ("gradient", Some("grad")),
            ("colour", None),
            ("x", None),
        ] {
            assert_eq!(closest(found, options), wanted, "{found}");
        }
    }

    #[test]
    fn source_keeps_the_spacing_of_the_user() {
        for text in ["SVector<f64, 3>", "&'a [f64]", "{ A+B }", "x.dot(&y) - 1.0", "impl Into<f64>"] {
            let tokens: TokenStream = text.parse().unwrap();
            assert_eq!(source(&tokens), text);
        }
    }

    #[test]
    fn an_error_has_one_line_per_note_and_help() {
        let diagnostics = Diagnostics::new();
        diagnostics.error(&quote!(a + b), "no").note("why").help("what").as_rustc_would();
        let found = diagnostics.finish();
        assert_eq!(found[0].text(), "no\nnote: why\nhelp: what");
        assert!(found[0].repeated_by_rustc && !found[0].repeated_for_signature);
        assert!(found[0].to_compile_error().to_string().contains("compile_error"));
    }
}
