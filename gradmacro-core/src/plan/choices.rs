//! What the planner may choose: products that are multiplied out, and pairs of factors that are multiplied first because
//! several products hold them.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::Wanted;
use super::opened::Opened;
use super::reach::reach_instead;
use crate::algebra;
use crate::ir::{Expr, Id};
use crate::ops::products::PRODUCT;
use crate::ops::structure::TRANSPOSE;

/// Products with a sum among their factors that are tried multiplied out; more are left factored.
const OPEN: usize = 16;

/// Sums that are tried multiplied out wherever they occur.
const SUMS: usize = 8;

/// Pairs of factors that are tried.
const PAIRS: usize = 8;

/// One way to evaluate the results.
#[derive(Clone, Default)]
pub(super) struct Choices {
    /// Products that are multiplied out.
    pub(super) open: HashSet<Id>,
    /// Neighbours that are multiplied before anything else.
    pub(super) first: Vec<[Id; 2]>,
    /// Sums that are multiplied out wherever they are a factor.
    pub(super) spread: HashSet<Id>,
    /// Nodes that are computed as others.
    pub(super) instead: BTreeMap<Id, Id>,
}

/// One change of the choices.
pub(super) enum Choice {
    /// Multiply a product out.
    Open(Id),
    /// Multiply two neighbours first.
    First([Id; 2]),
    /// Multiply out every product with one of these sums.
    Spread(Vec<Id>),
    /// Compute one node as another.
    Instead(Id, Id),
}

impl Choices {
    pub(super) fn with(&self, choice: &Choice) -> Choices {
        let mut changed = self.clone();
        match choice {
            Choice::Open(x) => drop(changed.open.insert(*x)),
            Choice::First(pair) => changed.first.push(*pair),
            Choice::Spread(sums) => changed.spread.extend(sums),
            Choice::Instead(x, y) => drop(changed.instead.insert(*x, *y)),
        }
        changed
    }
}

/// Everything worth trying.
pub(super) fn candidates<'c>(wanted: &Wanted<'c>, opened: &mut Opened<'c>) -> Vec<Choice> {
    let roots: Vec<Expr<'c>> = wanted.roots.iter().map(|root| wanted.graph.expr(*root)).collect();
    let nodes: BTreeSet<Id> = reach_instead(&roots, &BTreeMap::new(), opened).into_iter().collect();
    let nodes = nodes.into_iter().map(|id| wanted.graph.expr(id));
    let products: Vec<Expr<'_>> = nodes.filter(|x| x.is(&PRODUCT)).collect();
    let open = products.iter().filter(|x| may_be_multiplied_out(**x)).map(|x| Choice::Open(x.id));
    let pairs = shared_pairs(&products).into_iter().map(Choice::First);
    let instead = wanted.others.iter().map(|(x, y)| Choice::Instead(*x, *y));
    let sums = sums(&products);
    let each = sums.iter().take(SUMS).map(|sum| Choice::Spread(vec![*sum]));
    let all = (sums.len() > 1).then(|| Choice::Spread(sums.clone()));
    instead.chain(all).chain(each).chain(open.take(OPEN)).chain(pairs.take(PAIRS)).collect()
}

/// Has the product a sum as its first factor that is one, and may that be multiplied out?
fn may_be_multiplied_out(x: Expr<'_>) -> bool {
    let mut sums = x.operands().into_iter().filter(|f| algebra::as_terms(*f).len() > 1);
    sums.next().is_some_and(|f| !is_residual(f))
}

/// A difference of vectors may be far smaller than its terms, and multiplied out it would lose the digits.
fn is_residual(sum: Expr<'_>) -> bool {
    let terms = algebra::as_terms(sum);
    let negative = terms.iter().filter(|term| term.1.is_negative()).count();
    sum.shape().is_vector() && negative > 0 && negative < terms.len()
}

/// Sums that are a factor of products, as they are or transposed, the most frequent first: one product alone may gain
/// nothing while another still needs the sum, and products with it may come up only when others are multiplied out.
fn sums(products: &[Expr<'_>]) -> Vec<Id> {
    let mut counts: BTreeMap<Id, usize> = BTreeMap::new();
    for product in products {
        let is_sum = |f: &Expr<'_>| algebra::as_terms(*f).len() > 1 && !is_residual(*f);
        for factor in product.operands().into_iter().filter(is_sum) {
            *counts.entry(upright(factor).id).or_default() += 1;
        }
    }
    let mut sums: Vec<(Id, usize)> = counts.into_iter().collect();
    sums.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    sums.into_iter().map(|(sum, _)| sum).collect()
}

/// The sum behind a transpose.
pub(super) fn upright(x: Expr<'_>) -> Expr<'_> {
    if x.is(&TRANSPOSE) { x.operand(0) } else { x }
}

/// Neighbours that occur in several products, as they are or transposed.
fn shared_pairs(products: &[Expr<'_>]) -> Vec<[Id; 2]> {
    let mut counts: BTreeMap<[Id; 2], usize> = BTreeMap::new();
    for pair in
        products.iter().flat_map(|x| x.operands().windows(2).map(|w| [w[0], w[1]]).collect::<Vec<_>>())
    {
        let [a, b] = pair;
        let (own, turned) = ([a.id, b.id], [b.t().id, a.t().id]);
        *counts.entry(own.min(turned)).or_default() += 1;
    }
    counts.into_iter().filter(|(_, count)| *count > 1).map(|(pair, _)| pair).collect()
}
