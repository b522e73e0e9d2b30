//! Where generated code may panic, measured: docs/panics.md. `panics/` is a static library with a function for each
//! operation; here it is built as firmware would be, and its assembly is searched for ways to the panic handler.
//! `BLESS=1` writes the table of the page.

#[path = "panics/assembly.rs"]
mod assembly;
#[path = "panics/sources.rs"]
mod sources;
#[path = "panics/table.rs"]
mod table;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use assembly::Program;
use gradmacro_core::front::methods;
use gradmacro_core::ir::walk::needed;
use gradmacro_core::ir::{Graph, Id, Node};
use gradmacro_core::{mistakes, ops, read};
use quote::{ToTokens, quote};
use sources::{Surveyed, surveyed};
use table::{culprits, table};

/// Levels of optimisation, as Cargo spells them.
const LEVELS: [&str; 2] = ["3", "s"];
/// What the panic handler of the survey calls.
const PANIC: &str = "a_panic_is_left";
/// What calls elementary functions of libm that compute in double precision: these themselves, and rotations.
const IN_DOUBLE: [&str; 13] = [
    "sin(",
    "cos(",
    "tan(",
    "sin_cos(",
    "asin(",
    "hypot(",
    "cbrt(",
    "exp2(",
    "Rotation",
    "UnitQuaternion",
    "UnitComplex",
    "Isometry",
    "scaled_axis(",
];
/// The file of functions that do panic.
const PLANTED: &str = "planted";

/// Rows that no surveyed function has, and why.
const ROWS_WITHOUT: &[(&str, &str)] = &[
    ("matrix_exponential", "nalgebra has it with std only"),
    ("matrix_exponential_direction", "its derivative"),
];

/// Names that are read and that no surveyed function has, and why.
const NAMES_WITHOUT: &[(&str, &str)] = &[
    ("to_owned", "it belongs to a trait of alloc"),
    ("slice", "nalgebra 0.35 has only its newer name, `view`"),
    ("fixed_slice", "nalgebra 0.35 has only its newer name, `fixed_view`"),
];

// One test, since both builds share a target directory.
#[test]
fn the_table_says_what_is_measured() {
    let surveyed = surveyed(&folder());
    let programs = LEVELS.map(|level| built(level, &surveyed));
    for program in &programs {
        planted_panics_are_found(program, &surveyed);
    }
    if cfg!(target_arch = "x86_64") {
        only_libm_computes_in_double(&programs, &surveyed);
    } else {
        println!("not looked at here: which functions compute in double precision is read off x86-64");
    }
    check(&table(&folder(), &programs, &surveyed));
}

/// What the option `no_panic` accepts is free of panics, and what it cannot accept is among the planted functions.
#[test]
fn the_option_accepts_what_is_free_of_panics() {
    for Surveyed { group, name, options, function } in surveyed(&folder()) {
        let errors = mistakes(quote!(no_panic, #options), function.into_token_stream());
        let texts: Vec<String> = errors.iter().map(|error| error.text()).collect();
        // A factorisation of nalgebra's that the function calls itself is taken at its word.
        let is_refused = group == PLANTED && name != "planted_lu";
        assert_eq!(!texts.is_empty(), is_refused, "{name}: {texts:?}");
        assert!(texts.iter().all(|text| text.contains("`no_panic` forbids it")), "{name}: {texts:?}");
    }
}

/// The whole program, compiled at this level: the library, its dependencies and core after link-time optimisation.
fn built(level: &str, surveyed: &[Surveyed]) -> Program {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("panics");
    let assembly = target.join(format!("survey-{level}.s"));
    let output = Command::new(env!("CARGO"))
        .args([
            "rustc",
            "--release",
            "--manifest-path",
            concat!(env!("CARGO_MANIFEST_DIR"), "/tests/panics/Cargo.toml"),
        ])
        .arg("--target-dir")
        .arg(&target)
        .args(["--", "--emit"])
        .arg(format!("asm={}", assembly.display()))
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", level)
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = std::fs::read(&assembly).expect("the assembly is written");
    let program = Program::read(&String::from_utf8_lossy(&text));
    let absent: Vec<&str> =
        surveyed.iter().map(|function| function.name.as_str()).filter(|name| !program.has(name)).collect();
    assert!(absent.is_empty(), "no symbols at {level}: {absent:?}");
    assert!(program.missing().is_empty(), "the program is not whole at {level}: {:?}", program.missing());
    program
}

/// A survey that does not see these panics sees none, and one that sees them everywhere is no use either.
fn planted_panics_are_found(program: &Program, surveyed: &[Surveyed]) {
    let planted: Vec<&Surveyed> = surveyed.iter().filter(|function| function.group == PLANTED).collect();
    assert_eq!(planted.len(), 3);
    for function in planted {
        let reach = program.reach(&function.name);
        let way = reach.way_to(PANIC).unwrap_or_else(|| panic!("{} is not found to panic", function.name));
        assert!(way.iter().any(|name| name.starts_with("core::")), "{way:?}");
        let wanted =
            if function.name == "planted_lu" { "nalgebra/src/linalg/lu.rs" } else { "generated code" };
        assert!(culprits(&reach).iter().any(|file| file == wanted), "{way:?}: {:?}", culprits(&reach));
    }
}

/// Some elementary functions of the crate libm compute in double precision, and nothing else does. They may be inlined, so a
/// function that does not call one of them must not compute in double at all.
fn only_libm_computes_in_double(programs: &[Program], surveyed: &[Surveyed]) {
    let calls = |function: &Surveyed| IN_DOUBLE.iter().any(|name| function.body().contains(name));
    for program in programs {
        let in_double = |function: &&Surveyed| !program.reach(&function.name).in_double().is_empty();
        let (excused, others): (Vec<&Surveyed>, Vec<&Surveyed>) =
            surveyed.iter().filter(in_double).partition(|function| calls(function));
        assert!(excused.iter().any(|function| function.name == "entries_sin"), "the sine is not seen");
        let others: Vec<&str> = others.iter().map(|function| function.name.as_str()).collect();
        assert!(others.is_empty(), "{others:?}");
    }
}

/// Compares what stands between the marks of the page, or writes it.
fn check(wanted: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/panics.md");
    let page = std::fs::read_to_string(&path).expect("the page can be read");
    let (start, end) = ("<!-- table: written by tests/panics.rs -->\n", "<!-- /table -->");
    let (before, rest) = page.split_once(start).expect("the first mark");
    let (found, after) = rest.split_once(end).expect("the second mark");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, format!("{before}{start}{wanted}{end}{after}")).expect("the page is written");
        return;
    }
    let differences: Vec<String> = lines(found)
        .filter(|line| !lines(wanted).any(|other| other == *line))
        .map(|line| format!("- {line}"))
        .chain(
            lines(wanted)
                .filter(|line| !lines(found).any(|other| other == *line))
                .map(|line| format!("+ {line}")),
        )
        .collect();
    assert!(differences.is_empty(), "docs/panics.md is out of date:\n{}", differences.join("\n"));
}

/// The lines of a table; the last column, on double precision, is measured on one architecture only.
fn lines(table: &str) -> impl Iterator<Item = &str> {
    table.lines().map(|line| {
        let first = || line.trim_end_matches(" |").rsplit_once(" |").map_or(line, |(first, _)| first);
        if cfg!(target_arch = "x86_64") { line } else { first() }
    })
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/panics/src")
}

#[test]
fn every_row_is_surveyed() {
    let surveyed = surveyed(&folder());
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let chunk = surveyed.len().div_ceil(threads);
    let texts: Vec<(String, String)> =
        surveyed.iter().map(|f| (f.options.to_string(), f.function.to_token_stream().to_string())).collect();
    let found: BTreeSet<&str> = std::thread::scope(|scope| {
        let run = |part| scope.spawn(move || part_of_rows(part));
        let threads: Vec<_> = texts.chunks(chunk).map(run).collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("a thread panicked")).collect()
    });
    compare("rows", ops::ALL.iter().map(|op| op.name), &found, ROWS_WITHOUT);
}

/// The rows in what is read, derived and planned of these functions.
fn part_of_rows(functions: &[(String, String)]) -> BTreeSet<&'static str> {
    let mut found = BTreeSet::new();
    for (options, function) in functions {
        let tokens = |text: &str| text.parse().expect("the text was tokens");
        let expansion = read(tokens(options), tokens(function)).unwrap_or_else(|failure| {
            panic!("{function}: {:?}", failure.errors().iter().map(|e| e.text()).collect::<Vec<_>>())
        });
        let derived = &expansion.derived;
        let parts: Vec<Id> = derived.parts.values().flatten().copied().collect();
        rows(&expansion.program.graph, &[expansion.program.value], &mut found);
        rows(&derived.graph, &parts, &mut found);
        expansion.schedules.iter().for_each(|schedule| rows(&schedule.graph, &schedule.roots, &mut found));
    }
    found
}

/// The rows that these nodes need, in the bodies of regions too.
fn rows(graph: &Graph, roots: &[Id], found: &mut BTreeSet<&'static str>) {
    for id in needed(graph, roots) {
        let node = graph.node(id);
        found.extend(node.op().map(|op| op.name));
        match &*node {
            Node::IndexSum(sum) => rows(graph, &[sum.body], found),
            Node::Scan(scan) => rows(graph, &scan.next, found),
            Node::Branch(branch) => rows(graph, &[&branch.then[..], &branch.other].concat(), found),
            _ => {}
        }
    }
}

#[test]
fn every_name_is_surveyed() {
    let words: BTreeSet<String> = surveyed(&folder()).iter().flat_map(Surveyed::words).collect();
    let found = words.iter().map(String::as_str).collect();
    compare("names", methods::sections().into_iter().flat_map(|(_, names)| names), &found, NAMES_WITHOUT);
}

/// All of these are found but for the exceptions, and those are not.
fn compare<'a>(
    what: &str,
    all: impl Iterator<Item = &'a str>,
    found: &BTreeSet<&str>,
    without: &[(&str, &str)],
) {
    let exceptions: BTreeSet<&str> = without.iter().map(|(name, _)| *name).collect();
    let absent: BTreeSet<&str> = all.filter(|name| !found.contains(name)).collect();
    assert_eq!(absent, exceptions, "{what} that no function of the survey has, and the list of those");
}
