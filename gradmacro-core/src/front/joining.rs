//! Two values become one where the arms of a conditional meet.
//!
//! A value is taken apart into its nodes; nodes that differ become the results of one conditional, and the value is put
//! together again from them.
//!
//! Example: (x, 1) and (y, 1) meet in (r, 1), where r is x or y.

use quote::ToTokens;

use super::attempt::{Attempt, Outcome};
use super::kept::KeptType;
use super::predicates::{float_as_truth, truth_as_float};
use super::reader::Reader;
use super::value::Value;
use crate::ir::Expr;

/// Pairs of nodes that a conditional chooses from.
#[derive(Default)]
pub(super) struct Joined<'g> {
    pub(super) pairs: Vec<(Expr<'g>, Expr<'g>)>,
    /// Which demand is which pair.
    pub(super) demands: Vec<(usize, usize)>,
}

/// A value that is put together from results.
pub(super) enum Part<'g> {
    /// The same in both arms.
    Same(Option<Value<'g>>),
    /// A result as a value of this type.
    Result(usize, KeptType),
    Tuple(Vec<Part<'g>>),
    Array(Vec<Part<'g>>),
    /// `Some(..)`
    Certain(Box<Part<'g>>),
}

impl<'g> Part<'g> {
    /// The value; `None` for a variable that has none yet.
    pub(super) fn built(&self, results: &[Expr<'g>]) -> Option<Value<'g>> {
        let all = |list: &[Part<'g>]| list.iter().map(|part| part.build(results)).collect();
        Some(match self {
            Part::Same(value) => return value.clone(),
            Part::Result(k, ty) => match (results.get(*k), ty) {
                (None, _) => Value::Poison,
                (Some(x), KeptType::Truth) => Value::Truth(float_as_truth(*x)),
                (Some(x), ty) => ty.value(*x),
            },
            Part::Tuple(list) => Value::Tuple(all(list)),
            Part::Array(list) => Value::Array(all(list)),
            Part::Certain(inside) => Attempt::certain(inside.build(results)),
        })
    }

    /// The value.
    pub(super) fn build(&self, results: &[Expr<'g>]) -> Value<'g> {
        self.built(results).unwrap_or(Value::Poison)
    }
}

impl<'g> Joined<'g> {
    /// Both arms are statements.
    pub(super) fn unit(&self) -> Part<'g> {
        Part::Same(Some(Value::Tuple(Vec::new())))
    }

    fn add(&mut self, pair: (Expr<'g>, Expr<'g>), ty: KeptType) -> Part<'g> {
        self.pairs.push(pair);
        Part::Result(self.pairs.len() - 1, ty)
    }
}

impl<'g> Reader<'g> {
    /// Pairs the nodes of two values. What has no value in one arm has none afterwards.
    pub(super) fn pair(
        &self,
        joined: &mut Joined<'g>,
        values: [Option<&Value<'g>>; 2],
        at: &dyn ToTokens,
    ) -> Part<'g> {
        match values {
            [Some(a), Some(b)] => self.pair_values(joined, a, b, at),
            // What has a value in one arm only nobody reads afterwards.
            _ => Part::Same(None),
        }
    }

    fn pair_values(
        &self,
        joined: &mut Joined<'g>,
        a: &Value<'g>,
        b: &Value<'g>,
        at: &dyn ToTokens,
    ) -> Part<'g> {
        match (a, b) {
            (Value::Poison, _) | (_, Value::Poison) => Part::Same(Some(Value::Poison)),
            (Value::Scalar(x), Value::Scalar(y)) => self.pair_nodes(joined, (*x, *y), KeptType::Scalar, at),
            (Value::Matrix(x), Value::Matrix(y)) => {
                self.pair_nodes(joined, (*x, *y), KeptType::Matrix(x.shape()), at)
            }
            (Value::Geometry(x), Value::Geometry(y)) if x.kind == y.kind => {
                self.pair_nodes(joined, (x.node, y.node), KeptType::Geometry(x.kind), at)
            }
            (Value::Truth(x), Value::Truth(y)) if x == y => Part::Same(Some(a.clone())),
            (Value::Truth(x), Value::Truth(y)) => {
                joined.add((truth_as_float(*x), truth_as_float(*y)), KeptType::Truth)
            }
            (Value::Integer(x), Value::Integer(y)) if x == y => Part::Same(Some(a.clone())),
            (Value::Tuple(x), Value::Tuple(y)) if x.len() == y.len() => {
                Part::Tuple(self.pair_lists(joined, x, y, at))
            }
            (Value::Array(x), Value::Array(y)) if x.len() == y.len() => {
                Part::Array(self.pair_lists(joined, x, y, at))
            }
            (Value::Attempt(x), Value::Attempt(y)) => match (&x.outcome, &y.outcome) {
                (Outcome::Certain(x), Outcome::Certain(y)) => {
                    Part::Certain(Box::new(self.pair_values(joined, x, y, at)))
                }
                _ if std::rc::Rc::ptr_eq(x, y) => Part::Same(Some(a.clone())),
                _ => self.refuse_attempts(at),
            },
            (Value::Unknown(x), Value::Unknown(y)) if x.serial == y.serial => Part::Same(Some(a.clone())),
            (Value::Unknown(unknown), Value::Unknown(_)) => {
                self.ask_for_type(unknown, "its type does not follow from the conditional it stands in");
                Part::Same(Some(Value::Poison))
            }
            (Value::Unknown(unknown), known) | (known, Value::Unknown(unknown)) => {
                let ty = KeptType::of_value(known);
                let Some(found) = ty.and_then(|ty| Some(ty.value(self.unify(unknown, ty)?))) else {
                    return self.refuse_join(a, b, at);
                };
                let first = matches!(a, Value::Unknown(_));
                if first {
                    self.pair_values(joined, &found, b, at)
                } else {
                    self.pair_values(joined, a, &found, at)
                }
            }
            (Value::Closure(x), Value::Closure(y)) if std::rc::Rc::ptr_eq(x, y) => {
                Part::Same(Some(a.clone()))
            }
            (Value::Sequence(x), Value::Sequence(y)) if std::rc::Rc::ptr_eq(x, y) => {
                Part::Same(Some(a.clone()))
            }
            (Value::Factors(x), Value::Factors(y)) if x.matrix == y.matrix => Part::Same(Some(a.clone())),
            (Value::Unordered(x), Value::Unordered(y)) if x.values == y.values => Part::Same(Some(a.clone())),
            _ => self.refuse_join(a, b, at),
        }
    }

    fn pair_lists(
        &self,
        joined: &mut Joined<'g>,
        x: &[Value<'g>],
        y: &[Value<'g>],
        at: &dyn ToTokens,
    ) -> Vec<Part<'g>> {
        x.iter().zip(y).map(|(x, y)| self.pair_values(joined, x, y, at)).collect()
    }

    fn pair_nodes(
        &self,
        joined: &mut Joined<'g>,
        (x, y): (Expr<'g>, Expr<'g>),
        ty: KeptType,
        at: &dyn ToTokens,
    ) -> Part<'g> {
        if x == y {
            return Part::Same(Some(ty.value(x)));
        }
        match (x.shape().agree(y.shape()), ty) {
            (Some(_), _) => joined.add((x, y), ty),
            // Inside a closure over all entries a plain scalar meets a lifted one.
            (None, KeptType::Scalar) => match self.broadcast([x, y], at) {
                Some([x, y]) => joined.add((x, y), ty),
                None => Part::Same(Some(Value::Poison)),
            },
            (None, _) => {
                self.error(at, format!("the arms of this conditional are {} and {}", x.shape(), y.shape()))
                    .as_rustc_would();
                Part::Same(Some(Value::Poison))
            }
        }
    }

    fn refuse_join(&self, a: &Value<'g>, b: &Value<'g>, at: &dyn ToTokens) -> Part<'g> {
        match (a, b) {
            (Value::Integer(_), Value::Integer(_)) => self
                .error(at, "an integer that differs between the arms of a conditional is not supported here")
                .note("the conditional is differentiated, and an integer decides which entries are read")
                .help("read the entry in each arm: `if c { x[0] } else { x[1] }`"),
            _ if a.describe() == b.describe() => self
                .error(
                    at,
                    format!("a conditional between two values, each {}, is not supported", a.describe()),
                )
                .help("compute a number, a vector or a matrix in each arm"),
            _ => self
                .error(
                    at,
                    format!("the arms of this conditional differ: {} and {}", a.describe(), b.describe()),
                )
                .as_rustc_would(),
        };
        Part::Same(Some(Value::Poison))
    }

    fn refuse_attempts(&self, at: &dyn ToTokens) -> Part<'g> {
        self.error(at, "a conditional between values that may be missing is not supported")
            .note("whether there is a value would be decided twice")
            .help("take the value out in each arm: `.unwrap()`");
        Part::Same(Some(Value::Poison))
    }

    /// The demands of two arms, of which each is made in its own only.
    pub(super) fn pair_demands(&self, joined: &mut Joined<'g>, [then, other]: [&[usize]; 2]) {
        let zero = self.graph.int(0);
        for (list, holds) in [(then, true), (other, false)] {
            for k in list {
                let Some(node) = self.demand_node(*k) else { continue };
                joined.demands.push((*k, joined.pairs.len()));
                joined.pairs.push(if holds { (node, zero) } else { (zero, node) });
            }
        }
    }

    /// The demands are made in the conditional now.
    pub(super) fn set_demands(&self, joined: &Joined<'g>, results: &[Expr<'g>]) {
        for (demand, pair) in &joined.demands {
            if let Some(result) = results.get(*pair) {
                self.set_demand(*demand, *result);
            }
        }
    }

    /// Demands that are made only where the predicate holds, or only where it does not.
    pub(super) fn bar_demands(&self, (predicate, holds): (Expr<'g>, bool), demands: &[usize]) {
        let mut joined = Joined::default();
        self.pair_demands(&mut joined, if holds { [demands, &[]] } else { [&[], demands] });
        let results = self.branch(predicate, &joined.pairs);
        self.set_demands(&joined, &results);
    }
}
