//! What straight-line code computes several times: divisions by the same number, and parts of products.
//!
//! Products and sums that are used once are merged into the one that uses them; then the pair of factors that most
//! products hold is computed first, and again, until no pair is held twice. (Breuer, Generation of optimal code for
//! expressions via factorization, 1969.) What is guarded stays as it is.
//!
//! Example: of s p q, t p q and p q the pair p q becomes a number of its own.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::ir::{Expr, Id, Ratio};
use crate::ops::arithmetic::{POWERS, SUM};
use crate::plan::{Schedule, Step};

/// A factor of a product.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Factor {
    /// A node of the source.
    Of(Id),
    /// One over a node of the source.
    Reciprocal(Id),
    /// The product of two others.
    Pair(usize),
}

/// A product of positive powers, each factor as often as its exponent says, and other powers.
#[derive(Clone, Default)]
pub(super) struct Product {
    pub(super) factors: Vec<Factor>,
    pub(super) others: Vec<(Id, Ratio)>,
}

/// How the products and sums of a schedule of scalars are to be computed.
#[derive(Default)]
pub(super) struct Sharing {
    pub(super) products: HashMap<Id, Product>,
    pub(super) pairs: Vec<[Factor; 2]>,
    /// Sums that become part of the one sum that uses them.
    pub(super) merged: HashSet<Id>,
}

/// Pairs that are extracted at most.
const PAIRS: usize = 400;

impl Sharing {
    pub(super) fn of(schedule: &Schedule) -> Sharing {
        let computed = computed(&schedule.steps);
        let survey = Survey::of(schedule, &computed);
        let mut sharing = Sharing { merged: survey.merged_sums(), ..Sharing::default() };
        for x in &computed {
            if survey.is_product(*x) && !survey.is_inner(*x) {
                let mut product = Product::default();
                survey.collect(*x, Ratio::ONE, &mut product);
                product.factors.sort();
                sharing.products.insert(*x, product);
            }
        }
        sharing.extract();
        sharing
    }

    /// Takes the pair out of all products that most of them hold, until no two hold the same.
    fn extract(&mut self) {
        let mut counts = BTreeMap::new();
        self.products.values().for_each(|product| count(&product.factors, 1, &mut counts));
        while self.pairs.len() < PAIRS {
            let most = counts.iter().max_by_key(|(pair, count)| (**count, std::cmp::Reverse(**pair)));
            let Some((pair, _)) = most.filter(|(_, count)| **count > 1) else { return };
            let (pair, new) = (*pair, Factor::Pair(self.pairs.len()));
            self.pairs.push(pair);
            for factors in self.products.values_mut().map(|product| &mut product.factors) {
                if !holds(factors, pair) {
                    continue;
                }
                count(factors, -1, &mut counts);
                while take(factors, pair) {
                    factors.push(new);
                }
                count(factors, 1, &mut counts);
            }
        }
    }
}

/// Adds the pairs of a product to what is counted, or takes them out.
fn count(list: &[Factor], sign: i32, counts: &mut BTreeMap<[Factor; 2], i32>) {
    let pairs = (0..list.len()).flat_map(|i| (i + 1..list.len()).map(move |j| ordered(list[i], list[j])));
    for pair in pairs.collect::<BTreeSet<_>>() {
        *counts.entry(pair).or_default() += sign;
    }
}

fn ordered(a: Factor, b: Factor) -> [Factor; 2] {
    if a <= b { [a, b] } else { [b, a] }
}

fn holds(list: &[Factor], [a, b]: [Factor; 2]) -> bool {
    let of = |x: Factor| list.iter().filter(|f| **f == x).count();
    if a == b { of(a) > 1 } else { of(a) > 0 && of(b) > 0 }
}

/// Removes both factors, if they are there.
fn take(list: &mut Vec<Factor>, [a, b]: [Factor; 2]) -> bool {
    let Some(i) = list.iter().position(|f| *f == a) else { return false };
    let Some(j) = list.iter().enumerate().position(|(k, f)| k != i && *f == b) else { return false };
    list.remove(i.max(j));
    list.remove(i.min(j));
    true
}

/// What is used how often, and divided by how often.
struct Survey<'a> {
    schedule: &'a Schedule,
    uses: HashMap<Id, usize>,
    parents: HashMap<Id, Id>,
    divisions: HashMap<Id, usize>,
}

impl<'a> Survey<'a> {
    fn of(schedule: &'a Schedule, computed: &[Id]) -> Self {
        let uses = uses(schedule, computed);
        let mut survey = Survey { schedule, uses, parents: HashMap::new(), divisions: HashMap::new() };
        for x in computed.iter().map(|x| schedule.graph.expr(*x)) {
            for y in x.operands() {
                survey.parents.insert(y.id, x.id);
            }
            if survey.is_product(x.id) {
                for (base, _) in x.weighted().into_iter().filter(|(_, p)| p.is_negative() && p.is_integer()) {
                    *survey.divisions.entry(base.id).or_default() += 1;
                }
            }
        }
        survey
    }

    fn expr(&self, x: Id) -> Expr<'a> {
        self.schedule.graph.expr(x)
    }

    /// A product of scalars that may be computed in any order.
    fn is_product(&self, x: Id) -> bool {
        let node = self.expr(x);
        node.is(&POWERS) && node.is_scalar() && !self.schedule.guarded.contains(&x)
    }

    fn is_single(&self, x: Id) -> bool {
        self.uses.get(&x) == Some(&1) && !self.schedule.unbounded.contains(&x)
    }

    /// A product that is a factor of one other and of nothing else.
    fn is_inner(&self, x: Id) -> bool {
        let whole = |p: &Ratio| p.is_integer() && !p.is_negative();
        let Some(parent) =
            self.parents.get(&x).filter(|parent| self.is_single(x) && self.is_product(**parent))
        else {
            return false;
        };
        self.expr(*parent).weighted().iter().all(|(y, p)| y.id != x || whole(p))
    }

    /// The factors of xᵖ, those of inner products among them.
    fn collect(&self, x: Id, p: Ratio, product: &mut Product) {
        for (y, q) in self.expr(x).weighted() {
            let q = q.times(p);
            match q.integer() {
                Some(n) if n > 0 && self.is_product(y.id) && self.is_inner(y.id) => {
                    self.collect(y.id, q, product);
                }
                Some(n) if n > 0 => product.factors.extend((0..n).map(|_| Factor::Of(y.id))),
                Some(n) if self.divisions.get(&y.id).is_some_and(|count| *count > 1) => {
                    product.factors.extend((0..-n).map(|_| Factor::Reciprocal(y.id)));
                }
                _ => product.others.push((y.id, q)),
            }
        }
    }

    /// Sums that are a term of one other sum and of nothing else.
    fn merged_sums(&self) -> HashSet<Id> {
        let is_sum = |x: Id| self.expr(x).is(&SUM) && self.expr(x).is_scalar();
        let inner = self.parents.iter().filter(|(x, parent)| {
            is_sum(**x) && is_sum(**parent) && self.is_single(**x) && self.expr(**x).operands().len() > 1
        });
        inner.map(|(x, _)| *x).collect()
    }
}

/// How often each node is used; results and what regions hold must stay what they are, so they count as used twice.
pub(super) fn uses(schedule: &Schedule, computed: &[Id]) -> HashMap<Id, usize> {
    let mut uses: HashMap<Id, usize> = HashMap::new();
    for x in computed {
        schedule.graph.node(*x).operands().iter().for_each(|y| *uses.entry(*y).or_default() += 1);
    }
    let regions = schedule.regions.iter().flat_map(|region| region.results());
    let held = regions.flat_map(|own| [own.inside, own.outside].concat());
    let kept = held.chain(schedule.roots.iter().chain(&schedule.tests).copied());
    kept.for_each(|x| *uses.entry(x).or_default() += 2);
    uses
}

/// Nodes that the steps compute.
pub(super) fn computed(steps: &[Step]) -> Vec<Id> {
    let of = |step: &Step| match step {
        Step::Compute(x) => vec![*x],
        Step::Loop(inner) => computed(&inner.body),
        Step::Choice(choice) => [computed(&choice.then), computed(&choice.other)].concat(),
    };
    steps.iter().flat_map(of).collect()
}
