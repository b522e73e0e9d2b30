//! The assembly text of a whole program as a graph of symbols that mention one another.
//!
//! What a symbol mentions it may call, jump to, or pass on as a pointer, so everything that may run is within reach over
//! mentions. Nothing here depends on an instruction set: a word on a line of a symbol that is the name of another one is
//! a mention. Only [`Program::computes_in_double`] knows the instructions of x86-64.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// One symbol: a function, or data.
#[derive(Default)]
struct Symbol {
    /// Other words on its lines; those that are symbols are mentions.
    words: BTreeSet<String>,
    /// The first word of each line.
    instructions: BTreeSet<String>,
    /// Its first text, if it has one.
    text: Option<String>,
}

/// All symbols of a program.
pub(crate) struct Program {
    symbols: BTreeMap<String, Symbol>,
    /// Further labels, each with the symbol that it is a part of.
    labels: BTreeMap<String, String>,
}

/// Lines about a symbol that are neither code nor data.
const DESCRIPTIONS: &[&str] = &[
    ".cfi",
    ".def",
    ".file",
    ".glob",
    ".hidden",
    ".ident",
    ".loc",
    ".p2align",
    ".private_extern",
    ".size",
    ".type",
    ".weak",
];

/// Lines with a text.
const TEXTS: &[&str] = &[".asci", ".string"];

impl Program {
    /// Reads assembly as LLVM prints it.
    pub(crate) fn read(assembly: &str) -> Program {
        // Mach-O puts an underscore before every name.
        let prefix = if assembly.contains(".subsections_via_symbols") { "_" } else { "" };
        let mut program = Program { symbols: BTreeMap::new(), labels: BTreeMap::new() };
        let (mut current, mut declared) = (None::<String>, "");
        for line in assembly.lines() {
            if let Some(label) = label(line) {
                let label = label.strip_prefix(prefix).unwrap_or(label).to_owned();
                match &current {
                    // Code runs on into a block. Functions and data are declared, or begin a section.
                    Some(symbol) if is_local(&label) && label != declared => {
                        _ = program.labels.insert(label, symbol.clone())
                    }
                    _ => {
                        program.symbols.entry(label.clone()).or_default();
                        current = Some(label);
                    }
                }
            } else if begins_section(line.trim()) {
                current = None;
            } else if let Some(name) = line.trim().strip_prefix(".type") {
                declared = name.split(',').next().unwrap_or("").trim();
            } else if let Some((alias, target)) = alias(line.trim()) {
                let [alias, target] = [alias, target].map(|name| name.strip_prefix(prefix).unwrap_or(name));
                program.symbols.entry(alias.to_owned()).or_default().words.insert(target.to_owned());
            } else if let Some(symbol) = current.as_ref().and_then(|name| program.symbols.get_mut(name)) {
                symbol.add(line.trim(), prefix);
            }
        }
        program
    }

    /// Is there such a symbol?
    pub(crate) fn has(&self, name: &str) -> bool {
        self.symbols.contains_key(name)
    }

    /// Names of Rust that are mentioned and are no part of the program.
    pub(crate) fn missing(&self) -> BTreeSet<&str> {
        let words = self.symbols.values().flat_map(|symbol| &symbol.words);
        let names = words.filter(|word| mangled(word).is_some() && !self.has(word));
        names.map(String::as_str).collect()
    }

    /// Everything that may run if `start` is called, each symbol with the one that mentions it.
    pub(crate) fn reach<'a>(&'a self, start: &'a str) -> Reach<'a> {
        let mut mentioned_by = BTreeMap::from([(start, start)]);
        let mut next = VecDeque::from([start]);
        while let Some(name) = next.pop_front() {
            for mentioned in self.mentions(name) {
                if !mentioned_by.contains_key(mentioned) {
                    mentioned_by.insert(mentioned, name);
                    next.push_back(mentioned);
                }
            }
        }
        Reach { program: self, mentioned_by }
    }

    /// What a symbol mentions: other symbols, and words that are none.
    fn mentions<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        let words = self.symbols.get(name).into_iter().flat_map(|symbol| &symbol.words);
        words.map(|word| self.labels.get(word).unwrap_or(word).as_str())
    }

    /// The files of the places that this function passes to a panic: it mentions a place, and that a file.
    fn files_of_panics(&self, function: &str) -> Vec<&str> {
        let files = self.mentions(function).flat_map(|place| self.mentions(place));
        let files = files.filter_map(|file| self.symbols.get(file)?.text.as_deref());
        files.filter_map(|text| Some(&text[..text.find(".rs")? + 3])).collect()
    }

    /// Has this symbol an instruction of x86-64 that computes in double precision? `movsd` does not: it also moves two
    /// single numbers at once.
    fn computes_in_double(&self, name: &str) -> bool {
        const ARITHMETIC: &[&str] =
            &["add", "sub", "mul", "div", "sqrt", "max", "min", "round", "ucomi", "comi"];
        const CONVERSIONS: &[&str] = &["cvtsd2", "cvttsd2", "cvtpd2", "cvttpd2"];
        let double = |instruction: &String| {
            let plain = instruction.strip_prefix('v').unwrap_or(instruction);
            let stem = plain.strip_suffix("sd").or_else(|| plain.strip_suffix("pd"));
            let fused = |stem: &str| stem.starts_with("fm") || stem.starts_with("fnm");
            stem.is_some_and(|stem| ARITHMETIC.contains(&stem) || stem.starts_with("cmp") || fused(stem))
                || CONVERSIONS.iter().any(|start| plain.starts_with(start))
                || ["2sd", "2pd"].iter().any(|end| plain.contains(end))
        };
        self.symbols.get(name).is_some_and(|symbol| symbol.instructions.iter().any(double))
    }
}

impl Symbol {
    fn add(&mut self, line: &str, prefix: &str) {
        let (first, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        if TEXTS.iter().any(|start| first.starts_with(start)) {
            self.text.get_or_insert_with(|| rest.trim().trim_matches('"').to_owned());
        } else if !DESCRIPTIONS.iter().any(|start| first.starts_with(start)) {
            self.instructions.insert(first.to_owned());
            let words = rest.split(|c: char| !(c.is_alphanumeric() || "_.$".contains(c)));
            let names = words.map(|word| word.strip_prefix(prefix).unwrap_or(word));
            self.words.extend(names.filter(|name| !name.is_empty()).map(str::to_owned));
        }
    }
}

/// What is within reach of a symbol.
pub(crate) struct Reach<'a> {
    program: &'a Program,
    mentioned_by: BTreeMap<&'a str, &'a str>,
}

impl<'a> Reach<'a> {
    /// The way to a symbol, if it is within reach.
    pub(crate) fn way_to(&self, symbol: &str) -> Option<Vec<String>> {
        let (mut at, _) = self.mentioned_by.get_key_value(symbol)?;
        let mut way = vec![readable(at)];
        while self.mentioned_by[at] != *at {
            at = &self.mentioned_by[at];
            way.push(readable(at));
        }
        way.reverse();
        Some(way)
    }

    /// The source files that panics within reach are of. Core passes on the places of its callers; of a function of core that
    /// has only one caller, the place may have become part.
    pub(crate) fn files_of_panics(&self) -> BTreeSet<&'a str> {
        let files = self.mentioned_by.keys().flat_map(|name| self.program.files_of_panics(name));
        files.filter(|file| !file.contains("library/core/")).collect()
    }

    /// The functions within reach that compute in double precision.
    pub(crate) fn in_double(&self) -> BTreeSet<String> {
        let names = self.mentioned_by.keys().filter(|name| self.program.computes_in_double(name));
        names.map(|name| readable(name)).collect()
    }
}

/// The name that a line defines. Names with other characters are quoted.
fn label(line: &str) -> Option<&str> {
    let name = line.split_once(':')?.0;
    let plain =
        !name.is_empty() && !name.starts_with(['#', ' ', '\t']) && !name.contains(char::is_whitespace);
    plain.then(|| name.trim_matches('"'))
}

/// Is it a label of a place within a function, as LLVM names them?
fn is_local(name: &str) -> bool {
    const OF_MACH_O: &[&str] = &["LBB", "LCPI", "LJTI", "Lfunc", "Lloh", "Ltmp"];
    name.starts_with(".L")
        || name.starts_with(|c: char| c.is_ascii_digit())
        || OF_MACH_O.iter().any(|start| name.starts_with(start))
}

/// Does a section begin here?
fn begins_section(line: &str) -> bool {
    let first = line.split_whitespace().next().unwrap_or("");
    [".text", ".data", ".bss", ".section"].contains(&first)
}

/// A name for another symbol: `.set name, symbol`.
fn alias(line: &str) -> Option<(&str, &str)> {
    let (name, target) = line.strip_prefix(".set")?.split_once(',')?;
    Some((name.trim(), target.trim()))
}

/// What follows the mark of a name that Rust has mangled.
fn mangled(name: &str) -> Option<&str> {
    ["_ZN", "__ZN", "_R", "__R"].iter().find_map(|mark| name.strip_prefix(mark))
}

/// The path in a mangled name: the identifiers, which stand behind their lengths. Other names are as they are.
fn readable(name: &str) -> String {
    let Some(mut rest) = mangled(name) else { return name.to_owned() };
    let mut path = vec![];
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let digits = rest[start..].find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len() - start);
        let after = &rest[start + digits..];
        let length: usize = rest[start..start + digits].parse().unwrap_or(0);
        let part = after.get(..length).unwrap_or("").trim_start_matches('_');
        // Shorter ones are disambiguators, and the last one of the older scheme is a hash.
        if part.len() > 2 && !(part.len() == 17 && part.starts_with('h')) {
            path.push(part);
        }
        rest = after.get(length..).unwrap_or("");
    }
    path.join("::")
}
