//! Methods that take a closure over entries.

use super::{Call, Method, Value, matrix, method};
use crate::ir::Expr;

pub(super) static METHODS: &[Method] = &[
    method("map", 1, |call, x| lifted(call, &[x], 0)),
    method("map_with_location", 1, |call, x| {
        matrix(call.reader.lift_with_location(call.value(0)?, x, call.whole)?)
    }),
    method("map_diagonal", 1, |call, x| lifted(call, &[call.square(x)?.diagonal()], 0)),
    method("zip_map", 2, |call, x| lifted(call, &[x, call.alike(0, x)?], 1)),
    method("zip_zip_map", 3, |call, x| lifted(call, &[x, call.alike(0, x)?, call.alike(1, x)?], 2)),
];

/// What the closure that is the k-th argument computes of the entries of these matrices.
fn lifted<'g>(call: &Call<'_, 'g>, matrices: &[Expr<'g>], k: usize) -> Option<Value<'g>> {
    matrix(call.reader.lift(call.value(k)?, matrices, call.whole)?)
}
