//! σ(u), its slope and softplus(u) from one exponential, e^(−|u|), where σ and softplus are both needed.
//!
//! Example: value and gradient of a logistic loss ln(1 + e^z) are softplus(z) and σ(z) dz: `let decay = e^(−|z|)` serves both.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::lower::Lowering;
use super::opened::Opened;
use super::reach::reach_instead;
use crate::ir::{Expr, Graph, Id};
use crate::ops::OpDef;
use crate::ops::exponential::{LOGISTIC, SOFTPLUS};
use crate::ops::lowered::{DECAY, LOGISTIC_FROM, SOFTPLUS_FROM};

/// The exponential of each argument, up to its sign, of which the roots need σ and softplus; made when first needed.
pub(super) type Decays<'s> = HashMap<Id, Option<Expr<'s>>>;

/// Those of these roots, none of them made.
pub(super) fn shared<'g, 's>(
    graph: &'g Graph,
    roots: &[Id],
    instead: &BTreeMap<Id, Id>,
    opened: &mut Opened<'g>,
) -> Decays<'s> {
    if !(0..graph.len()).any(|k| graph.expr(Id(k as u32)).is(&SOFTPLUS)) {
        return Decays::new();
    }
    let roots: Vec<Expr<'g>> = roots.iter().map(|root| graph.expr(*root)).collect();
    let needed = reach_instead(&roots, instead, opened);
    let arguments = |row: &'static OpDef| -> HashSet<Id> {
        let calls = needed.iter().map(|x| graph.expr(*x)).filter(|x| x.is(row));
        calls.map(|x| upright(x.operand(0)).id).collect()
    };
    arguments(&LOGISTIC).intersection(&arguments(&SOFTPLUS)).map(|u| (*u, None)).collect()
}

impl<'c, 's> Lowering<'c, 's> {
    /// σ or softplus from the shared exponential, if there is one.
    pub(super) fn by_decay(&mut self, x: Expr<'c>) -> Option<Expr<'s>> {
        let key = upright(x.operand(0)).id;
        let known = *self.decays.get(&key)?;
        let u = self.lower(x.operand(0));
        // Of u or −u, whichever comes first: the other need not be computed then.
        let decay = known.unwrap_or_else(|| u.apply(&DECAY));
        self.decays.insert(key, Some(decay));
        Some(u.apply_with(if x.is(&LOGISTIC) { &LOGISTIC_FROM } else { &SOFTPLUS_FROM }, decay))
    }
}

/// u or −u: the one without a sign.
fn upright(u: Expr<'_>) -> Expr<'_> {
    if u.multiple().1.is_negative() { -u } else { u }
}
