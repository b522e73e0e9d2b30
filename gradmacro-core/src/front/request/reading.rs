//! The tokens of the attribute made into options.
//!
//! Each option is read alone, so that a mistake in one does not hide those in the others.

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Path, Token, parenthesized};

use super::options::{Choice, KEYWORDS, Layout, Options, Output, Rule, SHARED, Written, keyword};
use crate::diagnostics::{Diagnostics, Report, closest, list, source};
use crate::front::types::{Alias, Aliases};
use crate::ir::Fact;

/// Reads the options of the attribute; what cannot be read is reported and left out.
pub fn read_options(attribute: TokenStream, diagnostics: &Diagnostics) -> Options {
    let mut written: Vec<Written> = Vec::new();
    for tokens in split(attribute) {
        let Some(option) = read_option(tokens, diagnostics) else {
            continue;
        };
        match written.iter().find(|earlier| earlier.keyword == option.keyword) {
            Some(earlier) if option.keyword != "rule" => refuse_repetition(earlier, &option, diagnostics),
            _ => written.push(option),
        }
    }
    let types = written.iter().find_map(|option| match &option.choice {
        Choice::Types(aliases) => Some(Aliases::new(aliases.clone())),
        _ => None,
    });
    Options { written, types: types.unwrap_or_default() }
}

/// Reads the options of an attribute on a module, which hold for all functions in it.
pub fn read_shared_options(attribute: TokenStream, diagnostics: &Diagnostics) -> Options {
    let mut options = read_options(attribute, diagnostics);
    options.written.retain(|written| {
        let name = written.keyword.to_string();
        let shared = SHARED.contains(&name.as_str());
        if !shared {
            diagnostics
                .error(&written.keyword, format!("`{name}` is an option of one function"))
                .note(format!("options for all functions of a `mod` are {}", list(SHARED)))
                .help(format!("write it on the function: `#[derive_grad({})]`", source(&written.tokens)));
        }
        shared
    });
    options
}

/// What follows the name of an option.
enum Argument {
    Nothing,
    List(TokenStream),
    Value(TokenStream),
}

/// The parts between commas; commas in brackets do not count.
fn split(tokens: TokenStream) -> Vec<TokenStream> {
    let mut parts = vec![TokenStream::new()];
    for token in tokens {
        match (&token, parts.last_mut()) {
            (TokenTree::Punct(punct), _) if punct.as_char() == ',' => parts.push(TokenStream::new()),
            (_, Some(last)) => last.extend([token]),
            (_, None) => {}
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

fn read_option(tokens: TokenStream, diagnostics: &Diagnostics) -> Option<Written> {
    let Ok((name, argument)) = read_form.parse2(tokens.clone()) else {
        refuse_form(&tokens, diagnostics);
        return None;
    };
    if keyword(&name.to_string()).is_none() {
        refuse_unknown(&name, &argument, diagnostics);
        return None;
    }
    let choice = Reader { name: &name, diagnostics }.read(argument)?;
    Some(Written { keyword: name, tokens, choice })
}

/// `name`, `name(..)` or `name = ..`; the name may be a keyword of Rust.
fn read_form(input: ParseStream<'_>) -> syn::Result<(Ident, Argument)> {
    let name = Ident::parse_any(input)?;
    if input.is_empty() {
        return Ok((name, Argument::Nothing));
    }
    if input.peek(Token![=]) {
        input.parse::<Token![=]>()?;
        return Ok((name, Argument::Value(input.parse()?)));
    }
    let content;
    parenthesized!(content in input);
    Ok((name, Argument::List(content.parse()?)))
}

fn refuse_form(tokens: &TokenStream, diagnostics: &Diagnostics) {
    let literal: Result<syn::Lit, _> = syn::parse2(tokens.clone());
    let text = source(tokens);
    let (found, help) = match &literal {
        Ok(syn::Lit::Str(string)) => ("a string".to_owned(), unquoted(&string.value())),
        Ok(_) => (format!("the literal `{text}`"), "write `wrt(x)` to name a parameter".to_owned()),
        Err(_) => (format!("`{text}`"), "options are separated by commas".to_owned()),
    };
    let note = match &literal {
        Ok(syn::Lit::Str(_)) => "parameters are named without quotes".to_owned(),
        _ => valid_options(),
    };
    diagnostics.error(tokens, format!("expected an option, found {found}")).note(note).help(help);
}

/// What to write instead of a string.
fn unquoted(text: &str) -> String {
    let known = KEYWORDS.iter().any(|keyword| text.starts_with(keyword.name));
    match known {
        true => format!("write `{text}`"),
        false => format!("write `wrt({text})`"),
    }
}

fn refuse_unknown(name: &Ident, argument: &Argument, diagnostics: &Diagnostics) {
    let meant = closest(&name.to_string(), KEYWORDS.iter().map(|keyword| keyword.name));
    let help = match (meant.and_then(keyword), argument) {
        (Some(meant), _) => Some(format!("did you mean `{}`?", meant.form)),
        (None, Argument::Nothing) => {
            Some(format!("to differentiate with respect to `{name}`, write `wrt({name})`"))
        }
        _ => None,
    };
    diagnostics.error(name, format!("unknown option `{name}`")).note(valid_options()).maybe_help(help);
}

fn refuse_repetition(earlier: &Written, option: &Written, diagnostics: &Diagnostics) {
    let help = match (&earlier.choice, &option.choice) {
        (Choice::Wrt(a), Choice::Wrt(b)) | (Choice::Facts(_, a), Choice::Facts(_, b)) => {
            let names: Vec<String> = a.iter().chain(b).map(Ident::to_string).collect();
            format!("write `{}({})`", option.keyword, names.join(", "))
        }
        _ => format!("keep one `{}`", option.keyword),
    };
    diagnostics
        .error(&option.keyword, format!("the option `{}` stands twice", option.keyword))
        .note(valid_options())
        .help(help);
}

fn valid_options() -> String {
    format!("options are {}", list(KEYWORDS.iter().map(|keyword| keyword.name)))
}

/// Reads the argument of one option.
struct Reader<'a> {
    name: &'a Ident,
    diagnostics: &'a Diagnostics,
}

impl Reader<'_> {
    fn read(&self, argument: Argument) -> Option<Choice> {
        let name = self.name.to_string();
        match (name.as_str(), argument) {
            ("wrt", Argument::List(names)) => Some(Choice::Wrt(self.names(names)?)),
            ("types", Argument::List(tokens)) => Some(Choice::Types(self.entries(tokens)?)),
            ("rename", Argument::List(tokens)) => Some(Choice::Rename(self.pairs(tokens)?)),
            ("rule", Argument::List(tokens)) => Some(Choice::Rules(self.entries(tokens)?)),
            ("layout", Argument::Value(tokens)) => Some(Choice::Layout(self.layout(tokens)?)),
            ("stack", Argument::Value(tokens)) => Some(Choice::Stack(self.number(tokens)?)),
            ("nalgebra", Argument::Value(tokens)) => Some(Choice::Nalgebra(self.path(tokens)?)),
            ("crate", Argument::Value(tokens)) => Some(Choice::Gradmacro(self.path(tokens)?)),
            (name, Argument::List(names)) if Fact::named(name).is_some() => {
                Some(Choice::Facts(Fact::named(name)?, self.names(names)?))
            }
            (name, Argument::Nothing) => flag(name).or_else(|| self.misfit(Argument::Nothing)),
            (_, argument) => self.misfit(argument),
        }
    }

    /// `a, b`: names of parameters.
    fn names(&self, tokens: TokenStream) -> Option<Vec<Ident>> {
        if tokens.is_empty() {
            self.refuse(self.name, format!("`{}` names no parameter", self.name));
            return None;
        }
        let before = self.diagnostics.count();
        let names: Vec<Ident> = split(tokens).into_iter().filter_map(|part| self.parameter(part)).collect();
        (self.diagnostics.count() == before).then_some(names)
    }

    fn parameter(&self, tokens: TokenStream) -> Option<Ident> {
        if let Ok(name) = Ident::parse_any.parse2(tokens.clone()) {
            return Some(name);
        }
        // A field of `self` is refused as `self` is: its name says enough.
        let words = words(tokens.clone());
        if let Some(first) = words.first().filter(|first| *first == "self") {
            return Some(first.clone());
        }
        let found = match syn::parse2::<syn::LitStr>(tokens.clone()) {
            Ok(_) => "a string".to_owned(),
            Err(_) => format!("`{}`", source(&tokens)),
        };
        self.diagnostics
            .error(&tokens, format!("expected the name of a parameter, found {found}"))
            .note("parameters are named without quotes or operators")
            .help(format!("write `{}`", self.example(&tokens)));
        None
    }

    fn entries<T: Parse>(&self, tokens: TokenStream) -> Option<Vec<T>> {
        match Punctuated::<T, Token![,]>::parse_terminated.parse2(tokens.clone()) {
            Ok(entries) if !entries.is_empty() => Some(entries.into_iter().collect()),
            _ => self.misfit(Argument::List(tokens)),
        }
    }

    fn pairs(&self, tokens: TokenStream) -> Option<Vec<(Ident, Ident)>> {
        let pairs: Vec<Pair> = self.entries(tokens)?;
        Some(pairs.into_iter().map(|pair| (pair.function, pair.name)).collect())
    }

    fn layout(&self, tokens: TokenStream) -> Option<Layout> {
        let text = match syn::parse2::<syn::LitStr>(tokens.clone()) {
            Ok(string) => string.value(),
            Err(_) => source(&tokens),
        };
        // A name without quotes is refused, too: one way to write it.
        match (text.as_str(), tokens.to_string().starts_with('"')) {
            ("numerator", true) => return Some(Layout::Numerator),
            ("denominator", true) => return Some(Layout::Denominator),
            _ => {}
        }
        self.diagnostics
            .error(&tokens, format!("unknown layout `{text}`"))
            .note("layouts are \"numerator\" (rows are outputs, the default) and \"denominator\" (its transpose)")
            .help("write `layout = \"denominator\"` or remove the option");
        None
    }

    fn number(&self, tokens: TokenStream) -> Option<usize> {
        let number = syn::parse2::<syn::LitInt>(tokens.clone()).and_then(|literal| literal.base10_parse());
        if let Ok(number) = number {
            return Some(number);
        }
        self.refuse(&tokens, format!("`{}` needs a number of bytes, found `{}`", self.name, source(&tokens)));
        None
    }

    fn path(&self, tokens: TokenStream) -> Option<Path> {
        match Path::parse_mod_style.parse2(tokens.clone()) {
            Ok(path) => Some(path),
            Err(_) => {
                let place = if tokens.is_empty() { self.name.to_token_stream() } else { tokens.clone() };
                self.refuse(&place, format!("`{}` needs a path, found `{}`", self.name, source(&tokens)));
                None
            }
        }
    }

    /// Reports an argument that the option cannot have, or the lack of one.
    fn misfit<T>(&self, argument: Argument) -> Option<T> {
        let (form, name) = (self.form(), self.name);
        let (message, argument) = match argument {
            Argument::Nothing => (format!("`{name}` needs an argument"), TokenStream::new()),
            Argument::List(tokens) | Argument::Value(tokens) if *name == form => {
                (format!("`{name}` takes no argument, found `{}`", source(&tokens)), TokenStream::new())
            }
            Argument::List(tokens) => {
                (format!("`{name}` cannot be read from `({})`", source(&tokens)), tokens)
            }
            Argument::Value(tokens) => {
                (format!("`{name}` cannot be read from `= {}`", source(&tokens)), tokens)
            }
        };
        self.diagnostics
            .error(name, message)
            .note(valid_options())
            .help(format!("write `{}`", self.example(&argument)));
        None
    }

    fn refuse(&self, at: &dyn ToTokens, message: String) -> Report<'_> {
        self.diagnostics.error(at, message).note(valid_options()).help(format!("write `{}`", self.form()))
    }

    fn form(&self) -> &'static str {
        keyword(&self.name.to_string()).map_or("", |keyword| keyword.form)
    }

    /// How the option is written with the names that the user gave.
    fn example(&self, argument: &TokenStream) -> String {
        let names: Vec<String> = words(argument.clone()).iter().map(Ident::to_string).collect();
        let takes_names = self.name == "wrt" || Fact::named(&self.name.to_string()).is_some();
        match takes_names && !names.is_empty() {
            true => format!("{}({})", self.name, names.join(", ")),
            false => self.form().to_owned(),
        }
    }
}

/// The options without argument.
fn flag(name: &str) -> Option<Choice> {
    match name {
        "into" => Some(Choice::Into),
        "no_panic" => Some(Choice::NoPanic),
        "latex" => Some(Choice::Latex),
        _ => Output::named(name).filter(|output| output.option() == Some(name)).map(Choice::Further),
    }
}

/// The identifiers in some tokens, also those in strings.
fn words(tokens: TokenStream) -> Vec<Ident> {
    let words = tokens.into_iter().flat_map(|token| match token {
        TokenTree::Ident(ident) => vec![ident],
        TokenTree::Group(group) if group.delimiter() != Delimiter::Brace => words(group.stream()),
        literal => {
            syn::parse2::<syn::LitStr>(literal.into()).and_then(|text| text.parse()).into_iter().collect()
        }
    });
    words.collect()
}

/// `grad = name`
struct Pair {
    function: Ident,
    name: Ident,
}

impl Parse for Pair {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let function = input.parse()?;
        input.parse::<Token![=]>()?;
        Ok(Pair { function, name: input.parse()? })
    }
}

impl Parse for Alias {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut path = vec![Ident::parse_any(input)?];
        while input.peek(Token![.]) {
            input.parse::<Token![.]>()?;
            path.push(input.parse()?);
        }
        input.parse::<Token![=]>()?;
        Ok(Alias { path, ty: input.parse()? })
    }
}

impl Parse for Rule {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let function = Path::parse_mod_style(input)?;
        let content;
        parenthesized!(content in input);
        let parameters = content.parse_terminated(read_rule_parameter, Token![,])?.into_iter().collect();
        input.parse::<Token![->]>()?;
        let result = input.parse()?;
        input.parse::<Token![=]>()?;
        Ok(Rule { function, parameters, result, derivative: input.parse()? })
    }
}

fn read_rule_parameter(input: ParseStream<'_>) -> syn::Result<(Ident, syn::Type)> {
    let name = input.parse()?;
    input.parse::<Token![:]>()?;
    Ok((name, input.parse()?))
}
