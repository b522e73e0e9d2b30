//! Every message, word for word: each file in `fixtures/messages` holds wrong programs, and after each the errors that
//! it gets, with the source text that is underlined after the arrow. `BLESS=1` writes what is found.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use gradmacro_core::diagnostics::Diagnostic;
use gradmacro_core::mistakes;
use proc_macro2::{TokenStream, TokenTree};

/// Messages without a program: a trial that reports one of the first five is given up and nothing is shown; the others
/// guard what no program is known to reach.
const UNSEEN: [&str; 21] = [
    "not understood",
    "not decided in a trial",
    "a `return` inside of a loop is not supported",
    "the integers of this comparison are too large",
    "`{name}` is not understood here",
    "`{name}!` is not understood",
    "this cast is not understood: {} is cast",
    "entries of matrices of different shapes meet here",
    "`{}` needs a vector of at least {} entries; this is {shape}",
    "a statement that changes a variable is not understood here",
    "this integer cannot be computed here",
    "it is not known which of these two iterators is shorter",
    "a matrix without entries is not supported",
    "`{}` of these integers cannot be computed here",
    "the body of this function cannot be read",
    "a chain of more than {DEPTH} operations, each on the result of the one before",
    "the bounds of this range are too large",
    "the type `{written}` cannot be differentiated",
    "a point has no `identity`",
    "this `let .. else` is not supported",
    // Needs a real macro expansion: tests/ui/macros.rs.
    "`{}` names two different variables here",
];

#[test]
fn every_wrong_program_gets_its_errors_word_for_word() {
    let mut accepted = String::new();
    for path in files(&root().join("tests/fixtures/messages"), "txt") {
        let text = fs::read_to_string(&path).expect("the fixture can be read");
        let programs = text.trim_end().split("\n\n").map(program);
        for right in programs.clone().filter(|program| mistakes_in(program).is_empty()) {
            writeln!(accepted, "{}:\n{right}\n", path.display()).expect("a string takes all");
        }
        let blocks: Vec<String> = programs.map(judged).collect();
        let found = blocks.join("\n\n") + "\n";
        if std::env::var_os("BLESS").is_some() {
            fs::write(&path, found).expect("the fixture can be written");
        } else {
            compare(&path, &text, &found);
        }
    }
    assert!(accepted.is_empty(), "nothing is wrong with\n{accepted}");
}

#[test]
fn every_message_of_the_compiler_has_a_wrong_program() {
    let shown: String =
        files(&root().join("tests/fixtures/messages"), "txt").iter().map(|p| text_of(p)).collect();
    let sources =
        files(&root().join("src/front"), "rs").into_iter().filter(|path| !path.ends_with("tests.rs"));
    let mut missing = String::new();
    for path in sources {
        let tokens: TokenStream = text_of(&path).parse().expect("our sources are Rust");
        for message in
            messages(tokens).iter().filter(|m| !UNSEEN.contains(&m.as_str()) && !is_shown(m, &shown))
        {
            writeln!(missing, "  {}: {message}", path.display()).expect("a string takes all");
        }
    }
    assert!(missing.is_empty(), "no program in tests/fixtures/messages shows\n{missing}");
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The files with that ending, in the folder and in those inside it, sorted.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder can be read");
    let paths = entries.map(|entry| entry.expect("the entry can be read").path());
    let mut found: Vec<PathBuf> = paths
        .flat_map(|path| match path.is_dir() {
            true => files(&path, ending),
            false => vec![path],
        })
        .filter(|path| path.extension().is_some_and(|e| e == ending))
        .collect();
    found.sort();
    found
}

fn text_of(path: &Path) -> String {
    fs::read_to_string(path).expect("the file can be read")
}

/// The lines of a block before its first error.
fn program(block: &str) -> &str {
    block.split_once("\nerror: ").map_or(block, |(program, _)| program)
}

/// A program and the errors that it gets.
fn judged(program: &str) -> String {
    let mut text = program.to_owned();
    for error in mistakes_in(program) {
        let place = error.place.source_text().unwrap_or_default();
        let (message, rest) = error
            .text()
            .split_once('\n')
            .map_or((error.text(), String::new()), |(first, rest)| (first.to_owned(), format!("\n{rest}")));
        let place: Vec<&str> = place.split_whitespace().collect();
        write!(text, "\nerror: {message}\n  --> {}{rest}", place.join(" ")).expect("a string takes all");
    }
    text
}

fn mistakes_in(program: &str) -> Vec<Diagnostic> {
    let (attribute, item) = split(program);
    mistakes(attribute, item)
}

/// The attribute's arguments, and the item after it.
fn split(program: &str) -> (TokenStream, TokenStream) {
    let mut tokens = program.parse::<TokenStream>().expect("the program has tokens").into_iter().skip(1);
    let Some(TokenTree::Group(attribute)) = tokens.next() else { panic!("no attribute: {program}") };
    let arguments = attribute.stream().into_iter().find_map(|token| match token {
        TokenTree::Group(arguments) => Some(arguments.stream()),
        _ => None,
    });
    (arguments.unwrap_or_default(), tokens.collect())
}

/// Fails at the first program whose errors are not those in the file.
fn compare(path: &Path, wanted: &str, found: &str) {
    let mut pairs = wanted.trim_end().split("\n\n").zip(found.trim_end().split("\n\n"));
    if let Some((wanted, found)) = pairs.find(|(wanted, found)| wanted != found) {
        panic!("{}: BLESS=1 accepts this\n\nwanted\n{wanted}\n\nfound\n{found}\n", path.display());
    }
}

/// The texts that calls of `error` and the like begin with.
fn messages(tokens: TokenStream) -> Vec<String> {
    let mut found = Vec::new();
    let (mut before, mut named) = (String::new(), false);
    for token in tokens {
        if let TokenTree::Group(group) = &token {
            let reports = matches!(
                before.as_str(),
                "error" | "error_at" | "error_at_name" | "definite_error" | "refuse"
            );
            match first_text(group.stream()).filter(|_| reports || named && before == "!") {
                Some(text) => found.push(text),
                None if before != "tests" => found.extend(messages(group.stream())),
                None => {}
            }
        }
        let word = token.to_string();
        named = word == "message" || named && word != ";";
        before = word;
    }
    found
}

/// The first string of some tokens, if it is a sentence.
fn first_text(tokens: TokenStream) -> Option<String> {
    tokens.into_iter().find_map(|token| match token {
        TokenTree::Literal(literal) => {
            let literal: syn::LitStr = syn::parse_str(&literal.to_string()).ok()?;
            Some(literal.value()).filter(|text| text.contains(' '))
        }
        TokenTree::Group(group) => first_text(group.stream()),
        _ => None,
    })
}

/// Are the fixed parts of a message in the text of one line, in order?
fn is_shown(message: &str, shown: &str) -> bool {
    let parts = fixed_parts(message);
    let contains = |line: &str| {
        let rest =
            parts.iter().try_fold(line, |rest, part| rest.split_once(part.as_str()).map(|(_, rest)| rest));
        rest.is_some()
    };
    shown.lines().filter(|line| line.starts_with("error: ")).any(contains)
}

/// What stands between the `{..}` of a format string.
fn fixed_parts(message: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut depth = 0;
    for letter in message.chars() {
        match letter {
            '{' => (depth, _) = (depth + 1, parts.push(String::new())),
            '}' => depth -= 1,
            _ if depth == 0 => parts.iter_mut().rev().take(1).for_each(|part| part.push(letter)),
            _ => {}
        }
    }
    parts
}
