//! What the readings of a loop's body teach about its variables.
//!
//! An integer is a counter if it changes by the same number in every step, or if it is one step behind the index; a
//! kept expression is what the loop makes of it; a number in a lifted closure may turn out to be a whole matrix.
//!
//! Example: in `for i in 0..3 { s += x[k]; k += 2; }` the first reading finds that k becomes k + 2, so in the next one
//! k is 2·i.

use super::carried::{Header, Start, Step};
use super::integers::Affine;
use super::kept::KeptType;
use super::leaves::grown;
use super::reader::Reader;
use super::value::{Unknown, Value};
use crate::ir::{Expr, Leaf, Node};

/// What is known of a variable.
#[derive(Clone)]
pub(super) enum Kind<'g> {
    /// Nodes that may change.
    Nodes(Value<'g>),
    /// An integer that is this function of the index, and this after the last step.
    Counter(Affine<'g>, i64),
    /// The value that it was before the loop.
    Constant(Value<'g>),
    /// A kept expression or an integer of which it is not known yet what the loop makes of it.
    Open(Value<'g>),
}

impl<'g> Reader<'g> {
    /// Learns from a reading; was there anything to learn?
    pub(super) fn learn(
        &self,
        header: &Header<'_, 'g>,
        starts: &[Start<'g>],
        kinds: &mut [Kind<'g>],
        step: &Step<'g>,
    ) -> Option<bool> {
        let mut news = false;
        for (k, kind) in kinds.iter_mut().enumerate() {
            let (before, after) = (&step.before[k], &step.after[k]);
            let learned = match (&*kind, before, after) {
                (Kind::Open(Value::Integer(start)), Value::Integer(before), Value::Integer(after)) => {
                    Some(self.counter(header, &starts[k], (*start, *before, *after), step)?)
                }
                (Kind::Open(value), Value::Unknown(known), Value::Unknown(again))
                    if known.serial == again.serial =>
                {
                    Some(Kind::Constant(value.clone()))
                }
                (Kind::Open(Value::Unknown(unknown)), _, after) => Some(self.becomes(unknown, after)?),
                (Kind::Nodes(value), _, after) => grown(value, after).map(Kind::Nodes),
                _ => None,
            };
            if let Some(learned) = learned {
                (*kind, news) = (learned, true);
            }
        }
        Some(news)
    }

    /// An integer that changes in every step by the same number, or that is one step behind the index.
    fn counter(
        &self,
        header: &Header<'_, 'g>,
        start: &Start<'g>,
        (initial, before, after): (Expr<'g>, Expr<'g>, Expr<'g>),
        step: &Step<'g>,
    ) -> Option<Kind<'g>> {
        let (initial, after) = (Affine::of(initial), Affine::of(after));
        let change = after.clone().plus(-1, &Affine::of(before))?;
        if let Some(change) = change.number() {
            return Some(Kind::Counter(initial, change));
        }
        let factor = after.terms.iter().find(|(x, _)| *x == step.index).map_or(0, |(_, k)| *k);
        let rest = Affine {
            terms: after.terms.iter().filter(|(x, _)| *x != step.index).copied().collect(),
            constant: after.constant.checked_sub(factor)?,
        };
        let is_known = rest.terms.iter().all(|(x, _)| x.is_fixed(step.scope) && !is_kept(*x));
        if is_known && rest.clone().plus(-1, &initial)?.number() == Some(0) {
            return Some(Kind::Counter(initial, factor));
        }
        self.refuse_counter(header, start);
        None
    }

    /// Reports an integer that changes in another way.
    pub(super) fn refuse_counter(&self, header: &Header<'_, 'g>, start: &Start<'g>) {
        self.error(header.at, format!("{} is not known in every step of this loop", name_of(start)))
            .note("an integer that a loop changes must change by the same number in every step")
            .help("compute it from the index of the loop");
    }

    /// A kept expression in the place of which the loop puts something else.
    fn becomes(&self, unknown: &Unknown, after: &Value<'g>) -> Option<Kind<'g>> {
        let Some(ty) = KeptType::of_value(after) else {
            self.ask_for_type(unknown, "a loop changes it");
            return None;
        };
        Some(Kind::of(&ty.value(self.unify(unknown, ty)?)))
    }

    /// A counter after the last step.
    pub(super) fn after_last(
        &self,
        (header, start): (&Header<'_, 'g>, &Start<'g>),
        initial: &Affine<'g>,
        change: i64,
    ) -> Value<'g> {
        let trips = header.run.trips;
        let is_number = Affine::of(trips).number().is_some();
        let counts_from_zero = matches!(&*trips.node(), Node::Leaf(_));
        let last = initial.clone().plus(change, &Affine::of(trips));
        match last {
            _ if change == 0 => Value::Integer(initial.node(self)),
            Some(last) if is_number || counts_from_zero => Value::Integer(last.node(self)),
            _ => {
                self.error(header.at, format!("{} is not known after this loop", name_of(start)))
                    .note("it counts the steps, and where the range ends before it starts there are none")
                    .help("start the range at 0");
                Value::Poison
            }
        }
    }
}

impl<'g> Kind<'g> {
    /// What is known before the first reading.
    pub(super) fn of(value: &Value<'g>) -> Kind<'g> {
        match value {
            Value::Integer(_) | Value::Unknown(_) => Kind::Open(value.clone()),
            value if value.flattened().is_some() => Kind::Nodes(value.clone()),
            value => Kind::Constant(value.clone()),
        }
    }
}

/// Does an integer change by this number?
pub(super) fn is_counted(before: &Value<'_>, after: &Value<'_>, change: i64) -> bool {
    let (Value::Integer(before), Value::Integer(after)) = (before, after) else { return false };
    let moved = Affine::of(*after).plus(-1, &Affine::of(*before));
    moved.and_then(|moved| moved.number()) == Some(change)
}

fn is_kept(x: Expr<'_>) -> bool {
    matches!(&*x.node(), Node::Leaf(Leaf::Kept(_)))
}

fn name_of(start: &Start<'_>) -> String {
    start.name.as_ref().map_or("an integer".to_owned(), |name| format!("`{name}`"))
}
