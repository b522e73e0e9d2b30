//! The formulas of three notes on matrix calculus come out as they are printed, and docs/formulas.md shows it: it is
//! made here from `formulas/statements.txt` (`BLESS=1` writes it).
//!
//! The notes have vector formulas in denominator layout: these are derived in that layout too.

#[path = "../gradmacro-core/tests/lab/formula.rs"]
#[allow(unreachable_pub, reason = "it belongs to other tests too")]
mod formula;
#[path = "formulas/statements.rs"]
mod statements;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;

use formula::{Scope, parse};
use gradmacro_core::certify::Certificate;
use gradmacro_core::emit::formulas::NamedFormula;
use gradmacro_core::front::InputKind;
use gradmacro_core::ir::{Leaf, Shape};
use gradmacro_core::{Explanation, explain_function, read};
use proc_macro2::TokenStream;
use statements::{DENOMINATOR, Group, Kind, Request, Statement, groups};

/// How many statements there are of each kind.
const KINDS: [(Option<Kind>, usize); 4] =
    [(Some(Kind::Gradient), 71), (Some(Kind::Jacobian), 30), (Some(Kind::Hessian), 3), (None, 15)];

/// How many of them are wrong as printed.
const WRONG: usize = 8;

/// How a derivative compares with what books write.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Form {
    /// Letter for letter.
    Exact,
    /// The same node once both texts are read, with the same letters in another order.
    Order,
    /// The same node once both texts are read.
    Node,
    Different,
}

/// What comes out of one request.
struct Derived<'a> {
    request: &'a Request,
    explanation: Explanation,
    forms: Vec<Form>,
}

impl<'a> Derived<'a> {
    fn of(statement: &'a Statement, request: &'a Request) -> Result<Derived<'a>, Vec<String>> {
        let explanation = explain_function(tokens(&request.options), tokens(&statement.code))?;
        let mut derived = Derived { request, explanation, forms: vec![] };
        let form = |(formula, books): (&NamedFormula, &Vec<String>)| {
            form(statement, request, &formula.formula.unicode(), books)
        };
        derived.forms = derived.derivatives().iter().zip(&request.books).map(form).collect();
        Ok(derived)
    }

    fn derivatives(&self) -> &[NamedFormula] {
        let formulas = &self.explanation.formulas;
        &formulas[formulas.len() - self.request.books.len()..]
    }

    /// The derivatives; below one that is spelled otherwise, how the note writes it.
    fn lines(&self) -> String {
        let mut lines = String::new();
        for ((formula, books), form) in self.derivatives().iter().zip(&self.request.books).zip(&self.forms) {
            writeln!(lines, "{formula}").expect("a string takes all");
            if books[0] != formula.formula.unicode() && *form != Form::Order {
                let indent = " ".repeat(formula.name.unicode().chars().count());
                writeln!(lines, "{indent} = {}", books[0]).expect("a string takes all");
            }
        }
        lines
    }
}

fn form(statement: &Statement, request: &Request, printed: &str, books: &[String]) -> Form {
    let sorted = |text: &str| {
        let mut letters: Vec<char> = text.chars().filter(|c| *c != ' ').collect();
        letters.sort_unstable();
        letters
    };
    if books.iter().any(|book| book == printed) {
        return Form::Exact;
    }
    let same = books.iter().filter(|book| same_node(statement, request, printed, book));
    same.map(|book| if sorted(book) == sorted(printed) { Form::Order } else { Form::Node })
        .min()
        .unwrap_or(Form::Different)
}

/// Do two texts mean the same node, the rules of the algebra being on?
fn same_node(statement: &Statement, request: &Request, printed: &str, book: &str) -> bool {
    let Ok(expansion) = read(tokens(&request.options), tokens(&statement.code)) else { return false };
    let graph = &expansion.derived.graph;
    let mut scope = Scope::new();
    for (k, input) in expansion.program.inputs.iter().enumerate() {
        let shape = if let InputKind::Matrix(shape) = input.kind { shape } else { Shape::SCALAR };
        scope.insert(input.name.to_string(), graph.leaf(Leaf::Input(k as u32), shape));
    }
    let printed = parse(graph, &scope, printed);
    printed.is_some() && printed == parse(graph, &scope, book)
}

fn tokens(text: &str) -> TokenStream {
    text.parse().expect("tokens")
}

/// What comes out of a statement.
enum Outcome<'a> {
    /// It has no function.
    Prose,
    /// One for each request.
    Derived(Vec<Derived<'a>>),
    Failed(Vec<String>),
}

impl<'a> Outcome<'a> {
    fn of(statement: &'a Statement) -> Outcome<'a> {
        let derive = |request| Derived::of(statement, request);
        match (statement.kind, statement.requests.iter().map(derive).collect()) {
            (None, _) => Outcome::Prose,
            (_, Ok(derived)) => Outcome::Derived(derived),
            (_, Err(messages)) => Outcome::Failed(messages),
        }
    }

    /// The form that is farthest from the books.
    fn form(&self) -> Option<Form> {
        let Outcome::Derived(derived) = self else { return None };
        derived.iter().flat_map(|derived| &derived.forms).max().copied()
    }
}

#[test]
fn all_statements_are_there() {
    let groups = groups();
    let statements: Vec<&Statement> = groups.iter().flat_map(|group| &group.statements).collect();
    let ids: BTreeSet<&str> = statements.iter().map(|statement| statement.id.as_str()).collect();
    assert_eq!(ids.len(), statements.len(), "an identifier stands twice");
    for (kind, wanted) in KINDS {
        assert_eq!(statements.iter().filter(|s| s.kind == kind).count(), wanted, "{kind:?}");
    }
    assert_eq!(statements.iter().filter(|s| !s.printed.is_empty()).count(), WRONG);
    for statement in statements {
        let Statement { id, kind, says, printed, why, code, requests, .. } = statement;
        assert!(!says.is_empty() && printed.is_empty() == why.is_empty(), "{id}");
        assert_eq!(kind.is_some(), syn::parse_str::<syn::ItemFn>(code).is_ok(), "{id}: {code}");
        assert_eq!(kind.is_some(), requests.iter().any(|request| !request.books.is_empty()), "{id}");
    }
}

#[test]
fn derivatives_come_out_as_the_notes_write_them() {
    let groups = groups();
    let mut counts: BTreeMap<Form, usize> = BTreeMap::new();
    let mut wrong = String::new();
    for statement in groups.iter().flat_map(|group| &group.statements) {
        let outcome = Outcome::of(statement);
        let report = match (&outcome, outcome.form()) {
            (Outcome::Failed(messages), _) => messages.join("\n"),
            (Outcome::Derived(derived), Some(form)) => {
                *counts.entry(form).or_default() += 1;
                if (form == Form::Different) != statement.different.is_empty() {
                    continue;
                }
                derived.iter().map(|derived| format!("{:?}\n{}", derived.forms, derived.lines())).collect()
            }
            _ => continue,
        };
        writeln!(wrong, "{}: {report}", statement.id).expect("a string takes all");
    }
    assert!(wrong.is_empty(), "not in the form that is stated:\n{wrong}");
    let (all, different) =
        (counts.values().sum::<usize>(), counts.get(&Form::Different).copied().unwrap_or(0));
    assert!(20 * different <= all, "{different} of {all} come out differently");
}

/// Derivatives of matrices by a number, which a note does not transpose: dX of its differential.
const DIFFERENTIALS: [&str; 10] = ["B09", "B09b", "A51", "A52", "A53", "A54", "A55", "A57", "A60", "A61"];

/// The only derivative of a vector in numerator layout.
const NUMERATOR: &str = "B03";

#[test]
fn vector_formulas_are_derived_in_the_layout_of_the_notes() {
    for statement in groups().iter().flat_map(|group| &group.statements) {
        let id = statement.id.as_str();
        let wanted =
            statement.kind == Some(Kind::Jacobian) && id != NUMERATOR && !DIFFERENTIALS.contains(&id);
        let layouts = statement.requests.iter().map(|request| request.options == DENOMINATOR);
        assert_eq!(layouts.filter(|denominator| *denominator).count(), usize::from(wanted), "{id}");
    }
}

#[test]
fn every_derivative_is_certified() {
    for statement in groups().iter().flat_map(|group| &group.statements) {
        if let Outcome::Derived(derived) = Outcome::of(statement) {
            for derived in derived {
                let Explanation { certificate, formulas, .. } = &derived.explanation;
                let others = if statement.kind == Some(Kind::Hessian) { 2 } else { 1 };
                assert_eq!(formulas.len(), others + derived.request.books.len(), "{}", statement.id);
                assert!(
                    matches!(certificate, Certificate::Certified(_)),
                    "{}: {certificate:?}",
                    statement.id
                );
            }
        }
    }
}

#[test]
fn the_document_is_made_from_the_statements() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/formulas.md");
    let wanted = document(&groups());
    if std::env::var_os("BLESS").is_some() {
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("the folder can be made");
        std::fs::write(&path, wanted).expect("docs/formulas.md is written");
        return;
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    let line = found.lines().zip(wanted.lines()).find(|(found, wanted)| found != wanted);
    assert!(found == wanted, "docs/formulas.md is out of date, BLESS=1 writes it: {line:?}");
}

const INTRODUCTION: &str = "\
<!-- Made by tests/formulas.rs from tests/formulas/statements.txt. -->
# The formulas of three notes on matrix calculus

These are the statements of three notes on matrix calculus, A, B and C: what each says, and what is generated for a
function that it speaks of. Value and derivatives are shown exactly as the documentation of the generated function shows
them. Where a note spells a derivative in another way, that stands below it behind a second `=`. Every derivative here is
certified: it agrees with forward differentiation of the function as written, at random points.
";

const LAYOUT: &str = "
## Layout

A gradient has the shape of the variable: a column for a column vector, an `M×N` matrix for an `M×N` matrix. The notes
agree. For the derivative of a vector `y` by a vector `x` they use the denominator layout (but for B03): a row for each
entry of `x`, `∂yⱼ/∂xᵢ` in row `i` and column `j`, so that `∂(A x)/∂x = Aᵀ`. A Jacobian matrix, written `∂f/∂x` here, is
the transpose of that, with a row for each entry of `y`; `layout = \"denominator\"` gives the matrix of the notes, written
`(∂f/∂x)ᵀ`. Both are shown. The statements are in the layout of the notes. Differentials have the shape of what is
differentiated, in every layout.

Matrices have capital letters in the statements and small ones in the functions; indices count from 1 in the statements
and from 0 in generated formulas. `⊙` multiplies entry by entry, `⊗` is the Kronecker product, `‖X‖` the Euclidean or
Frobenius norm.
";

fn document(groups: &[Group]) -> String {
    let mut text = format!("{INTRODUCTION}\n{}{LAYOUT}\n## Wrong as printed\n", summary(groups));
    let mut wrong: Vec<&Statement> = statements(groups).filter(|s| !s.printed.is_empty()).collect();
    wrong.sort_by_key(|statement| &statement.id);
    for Statement { id, says, printed, why, .. } in wrong {
        write!(text, "\n**{id}**\n\n- Printed: {printed}\n- Right: {says}\n- Why: {why}\n")
            .expect("a string takes all");
    }
    for Group { title, introduction, statements } in groups {
        write!(text, "\n## {title}\n").expect("a string takes all");
        if !introduction.is_empty() {
            write!(text, "\n{introduction}\n").expect("a string takes all");
        }
        statements.iter().for_each(|statement| text += &entry(statement));
    }
    text
}

fn statements(groups: &[Group]) -> impl Iterator<Item = &Statement> {
    groups.iter().flat_map(|group| &group.statements)
}

/// How many statements come to what.
fn summary(groups: &[Group]) -> String {
    let mut rows: BTreeMap<(usize, &str), Vec<&str>> = BTreeMap::new();
    for statement in statements(groups) {
        let outcome = Outcome::of(statement);
        let row = match (&outcome, outcome.form()) {
            (_, Some(Form::Exact)) => {
                (0, "derived, as the note or another book writes it, letter for letter")
            }
            (_, Some(Form::Order)) => (1, "derived, with terms or commuting factors in another order"),
            (_, Some(Form::Node)) => (2, "derived, the same expression in another spelling"),
            (_, Some(Form::Different)) => (3, "derived, in another form"),
            (Outcome::Prose, _) => (4, "without a function"),
            _ => panic!("{} cannot be derived", statement.id),
        };
        rows.entry(row).or_default().push(&statement.id);
    }
    let mut table = format!("| {} statements | |\n|---|---|\n", statements(groups).count());
    for ((row, what), ids) in rows {
        let named = if (1..4).contains(&row) { format!(": {}", ids.join(", ")) } else { String::new() };
        writeln!(table, "| {} | {what}{named} |", ids.len()).expect("a string takes all");
    }
    table
}

/// A statement with its function and what comes out of it.
fn entry(statement: &Statement) -> String {
    let Statement { id, says, printed, note, different, code, .. } = statement;
    let outcome = Outcome::of(statement);
    let corrected =
        if printed.is_empty() { "" } else { "Printed otherwise, see [above](#wrong-as-printed)." };
    let mut text = format!("\n**{id}** {says}");
    for remark in [note, different, corrected].into_iter().filter(|remark| !remark.is_empty()) {
        write!(text, "\\\n{remark}").expect("a string takes all");
    }
    text += "\n";
    let Outcome::Derived(derived) = outcome else { return text };
    for (k, derived) in derived.iter().enumerate() {
        let attribute = match derived.request.options.as_str() {
            "" => "#[derive_grad]".to_owned(),
            options => format!("#[derive_grad({options})]"),
        };
        let (before, value) = match k {
            0 => (
                format!("```rust\n{attribute}\n{code}\n```"),
                format!("{}\n", derived.explanation.formulas[0]),
            ),
            _ => (format!("With `{attribute}`:"), String::new()),
        };
        write!(text, "\n{before}\n\n```text\n{value}{}```\n", derived.lines()).expect("a string takes all");
    }
    text
}
