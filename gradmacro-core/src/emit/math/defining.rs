//! Conditions, cases and recurrences, as far as all notations have them in common.

use super::tree::{Connective, Definition, Formula, Relation};
use super::writing::{Level, Mark, Row, Script, at_level, write};

/// x < y
pub(super) fn relation<S: Script>(relation: Relation, x: &Formula, y: &Formula) -> String {
    let side = |x| at_level::<S>(x, Level::Sum);
    S::row(side(x) + S::mark(Mark::Relation(relation)) + &side(y))
}

/// p ∧ q
pub(super) fn logic<S: Script>(connective: Connective, list: &[Formula]) -> String {
    let operands: Vec<String> = list.iter().map(|p| at_level::<S>(p, Level::Relation)).collect();
    S::row(operands.join(S::mark(Mark::Logic(connective))))
}

/// x if p, y otherwise
pub(super) fn cases<S: Script>(rows: &[(Formula, Option<Formula>)]) -> String {
    let row = |(value, condition): &(Formula, Option<Formula>)| {
        (at_level::<S>(value, Level::Logic), condition.as_ref().map(write::<S>))
    };
    S::cases(rows.iter().map(row).collect())
}

/// x with x[i] ← v
pub(super) fn with<S: Script>(base: &Formula, writes: &[(Formula, Formula)]) -> String {
    let written = |(place, value): &(Formula, Formula)| {
        S::row(write::<S>(place) + S::mark(Mark::Becomes) + &at_level::<S>(value, Level::Sum))
    };
    S::with(at_level::<S>(base, Level::Atom), writes.iter().map(written).collect())
}

/// A formula, and behind it what its states are.
pub(super) fn defined<S: Script>(
    name: Option<&Formula>,
    formula: &Formula,
    definitions: &[Definition],
) -> String {
    let row = |definition: &Definition| Row {
        left: write::<S>(&definition.left),
        right: write::<S>(&definition.right),
        runs: definition
            .runs
            .iter()
            .map(|run| [S::text(&run.index), write::<S>(&run.first), write::<S>(&run.last)])
            .collect(),
    };
    S::defined(name.map(write::<S>), write::<S>(formula), definitions.iter().map(row).collect())
}
