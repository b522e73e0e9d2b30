//! Vectors whose entries come in no fixed order: the eigenvalues of a symmetric matrix.
//!
//! nalgebra promises no order, so only what does not depend on one is a function of the matrix: sums, products,
//! extrema, norms, of the values or of any function of each.

use quote::ToTokens;

use super::{Call, Value, matrix, scalar};
use crate::front::reader::Reader;
use crate::front::sequence::Sequence;
use crate::ir::Expr;

/// A vector whose entries come in no fixed order.
#[derive(Clone, Copy)]
pub struct Unordered<'g> {
    pub(in crate::front) values: Expr<'g>,
    /// What the entries are, for messages.
    pub(in crate::front) what: &'static str,
}

const EIGENVALUES: &str = "symmetric eigenvalues";

/// Methods with one result, whatever the order.
const REDUCTIONS: [&str; 21] = [
    "sum",
    "product",
    "mean",
    "variance",
    "max",
    "min",
    "amax",
    "amin",
    "camax",
    "camin",
    "norm",
    "magnitude",
    "norm_squared",
    "magnitude_squared",
    "one_norm",
    "lp_norm",
    "apply_norm",
    "len",
    "nrows",
    "ncols",
    "shape",
];

/// Methods that do the same to every entry.
const ENTRYWISE: [&str; 11] = [
    "map",
    "abs",
    "neg",
    "scale",
    "unscale",
    "add_scalar",
    "normalize",
    "clone",
    "clone_owned",
    "into_owned",
    "to_owned",
];

impl<'g> Unordered<'g> {
    /// σ in no fixed order.
    pub(super) fn singular_values(values: Expr<'g>) -> Value<'g> {
        Value::Unordered(Unordered { values, what: "singular values here" })
    }

    /// λ in no fixed order.
    pub(super) fn eigenvalues(values: Expr<'g>) -> Value<'g> {
        Value::Unordered(Unordered { values, what: EIGENVALUES })
    }

    /// Its entries as an iterator.
    pub(in crate::front) fn sequence(self) -> Sequence<'g> {
        let entries = Sequence::lifted(self.values.shape(), Value::Scalar(self.values));
        Sequence { unordered: Some(self.what), ..entries }
    }
}

/// A method of values in no fixed order; `None` if matrices have none of that name.
pub(super) fn read<'g>(call: &Call<'_, 'g>, x: Unordered<'g>) -> Option<Value<'g>> {
    let name = call.name();
    let again = |value| match value {
        Value::Matrix(values) => Value::Unordered(Unordered { values, ..x }),
        other => other,
    };
    match (name.as_str(), call.value(0)) {
        ("dot", Some(Value::Unordered(y))) if x.values == y.values => scalar(x.values.inner(y.values)),
        ("component_mul", Some(Value::Unordered(y))) if x.values == y.values => {
            matrix(x.values.hadamard(y.values)).map(again)
        }
        (name, _) if REDUCTIONS.contains(&name) => call.on_matrix(x.values),
        (name, _) if ENTRYWISE.contains(&name) => call.on_matrix(x.values).map(again),
        (name, _) if super::is_method_of_matrices(name) => {
            call.reader.refuse_order(&x, &format!("`{name}`"), call.whole);
            Some(Value::Poison)
        }
        _ => None,
    }
}

impl<'g> Reader<'g> {
    /// Reports a use of values in no fixed order that depends on their order.
    pub(in crate::front) fn refuse_order(&self, x: &Unordered<'g>, used: &str, at: &dyn ToTokens) {
        self.refuse_order_of(x.what, used, &Value::Unordered(*x), at);
    }

    /// The same of an iterator over them.
    pub(in crate::front) fn refuse_order_of(
        &self,
        what: &str,
        used: &str,
        values: &Value<'g>,
        at: &dyn ToTokens,
    ) {
        let names = self.active_names_of(values).unwrap_or_else(|| "the matrix".to_owned());
        self.error(at, format!("nalgebra does not order {what}, so {used} is not one function of {names}"))
            .note("the order may change from one matrix to the next")
            .help(match what {
                EIGENVALUES => "write `.min()` or `.max()`, or a sum over all of them",
                _ => "write `.singular_values()`, which are ordered, or a sum over all of them",
            });
    }
}
