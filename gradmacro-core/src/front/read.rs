//! The body as a whole: parameters become leaves, the block becomes nodes, the result is compared with the return type.
//!
//! Example: `fn f(x: &SVector<f64, 3>, k: f64) -> f64 { k * x.norm() }` gives the leaves `Input(0)`, 3×1, and
//! `Input(1)`, 1×1, and the value `scale(Input(1), norm(Input(0)))`.

use std::rc::Rc;

use syn::{Expr as Source, Stmt};

use super::kept::Source as Reading;
use super::missing::with_returns;
use super::program::{Failure, Input, InputKind, Program};
use super::reader::{Reader, State};
use super::request::Request;
use super::scope::{Binding, Scope};
use super::signature::{Parameter, Signature};
use super::surroundings::Surroundings;
use super::text;
use super::types::{self, Passed, Type};
use super::value::Value;
use crate::diagnostics::{Diagnostics, Report, source};
use crate::ir::{Expr, Graph, Id, Leaf, Shape};

/// Graphs deeper than this are refused: the passes over a graph recurse.
const DEPTH: u32 = 2_000;

/// Reads a body; `None` if something was reported.
pub fn read_program(
    signature: &Signature,
    request: &Request,
    surroundings: &Surroundings,
    block: &syn::Block,
    diagnostics: &Diagnostics,
) -> Option<Program> {
    let graph = Graph::plain();
    let (before, scratch, probing) = (diagnostics.count(), Diagnostics::new(), Diagnostics::new());
    let collections = [diagnostics, &scratch, &probing];
    let program = read_into(&graph, (signature, request, surroundings), block, collections);
    scratch.finish();
    probing.finish();
    if program.is_none() && diagnostics.count() == before {
        diagnostics
            .error_at(signature.head(), "the body of this function cannot be read")
            .note("gradmacro found a mistake in it, but does not say where; please report this");
    }
    let program = program.filter(|_| diagnostics.count() == before)?;
    Some(Program { graph, ..program })
}

/// The program without its graph.
fn read_into<'g>(
    graph: &'g Graph,
    (signature, request, surroundings): (&'g Signature, &'g Request, &'g Surroundings),
    block: &syn::Block,
    [diagnostics, scratch, probing]: [&'g Diagnostics; 3],
) -> Option<Program> {
    let state = Rc::new(State::new(Scope::default()));
    let (definite, trial) = (diagnostics, false);
    let reader = Reader {
        graph,
        diagnostics,
        signature,
        request,
        surroundings,
        scratch,
        probing,
        definite,
        trial,
        state,
    };
    reader.read_surroundings();
    reader.add_parameters();
    let value = reader.read_result(block)?;
    let (kept, prelude) = reader.finish_kept();
    Some(Program {
        graph: Graph::plain(),
        inputs: signature.parameters.iter().map(|parameter| input(parameter, request)).collect(),
        differentiated: differentiated(signature, request),
        value,
        result: result_kind(&signature.result),
        kept,
        prelude,
        demands: reader.finish_demands(),
        optional: matches!(signature.result, Type::Option(_)),
        names: reader.state.names.borrow().clone(),
        indices: reader.state.indices.borrow().clone(),
        loops: reader.state.heads.borrow().clone(),
    })
}

/// What the function returns, `Option` aside.
fn result_kind(result: &Type) -> InputKind {
    match result {
        Type::Option(inside) => result_kind(inside),
        Type::Matrix { shape, .. } => InputKind::Matrix(*shape),
        _ => InputKind::Scalar,
    }
}

fn differentiated(signature: &Signature, request: &Request) -> Vec<usize> {
    let place = |name: &syn::Ident| signature.parameters.iter().position(|parameter| parameter.name == *name);
    request.wrt.iter().filter_map(place).collect()
}

fn input(parameter: &Parameter, request: &Request) -> Input {
    let kind = match &parameter.ty {
        Type::Scalar(_) => InputKind::Scalar,
        Type::Matrix { shape, .. } => InputKind::Matrix(*shape),
        Type::Integer(_) => InputKind::Integer,
        _ => InputKind::Other,
    };
    let by_reference = parameter.passed == Passed::ByReference;
    let stated = request.facts.iter().filter(|(_, name)| *name == parameter.name);
    let facts = stated.map(|(fact, _)| *fact).collect();
    Input { name: parameter.name.clone(), kind, by_reference, facts }
}

impl<'g> Reader<'g> {
    /// The parameters by name.
    fn add_parameters(&self) {
        for (k, parameter) in self.signature.parameters.iter().enumerate() {
            let leaf = |shape| self.graph.leaf(Leaf::Input(k as u32), shape);
            let value = match &parameter.ty {
                _ if parameter.refused => Some(Value::Poison),
                Type::Scalar(_) => Some(Value::Scalar(leaf(Shape::SCALAR))),
                Type::Matrix { shape, .. } => Some(Value::Matrix(leaf(*shape))),
                Type::Integer(_) => Some(Value::Integer(leaf(Shape::SCALAR))),
                Type::Geometry { kind, .. } => Some(self.given_geometry(&parameter.name, *kind)),
                _ => None,
            };
            let changes = parameter.mutable && parameter.passed == Passed::ByValue;
            self.add(Binding {
                mutable: changes,
                variable: changes.then(|| self.fresh_variable()),
                ..Binding::of(parameter.name.clone(), value, Reading::Given)
            });
        }
    }

    fn read_result(&self, block: &syn::Block) -> Option<Id> {
        let wanted = &self.signature.result;
        let returning = matches!(wanted, Type::Option(_)).then(|| with_returns(block));
        let value = self.read_body(returning.as_ref().unwrap_or(block), Some(wanted));
        let x = match (wanted, end_of(block)) {
            (Type::Option(inside), Some(end)) => {
                let value = self.required(value, end)?;
                self.result_of(inside, &value, Some(inside_of(end)))
            }
            (wanted, end) => self.result_of(wanted, &value, end),
        }?;
        self.check_depth(x, block).then_some(x.id)
    }

    /// The value of an `Option`, which is the function's result as it is.
    fn required(&self, value: Value<'g>, end: &Source) -> Option<Value<'g>> {
        let written = self.signature.result_source().map(|ty| source(ty)).unwrap_or_default();
        match value {
            Value::Attempt(attempt) if !attempt.result => {
                Some(self.taken_out(&attempt, Failure::Question, end))
            }
            Value::Poison => None,
            Value::Unknown(_) => {
                self.error(end, format!("a result `{}` is not yet available", text::of(end)))
                    .note(format!("the function returns `{written}`, and its value must be known here"))
                    .help("end the body with `Some(..)`");
                None
            }
            other => {
                let found = other.describe();
                self.error(
                    text::peel(end),
                    format!("the function returns `{written}`, but this expression is {found}"),
                )
                .help(format!("write `Some({})`", text::of(end)))
                .as_rustc_would();
                None
            }
        }
    }

    fn result_of(&self, wanted: &Type, value: &Value<'g>, end: Option<&Source>) -> Option<Expr<'g>> {
        match (wanted, value, end) {
            (_, Value::Poison, _) => None,
            (Type::Scalar(_), Value::Matrix(x), Some(end)) => self.refuse_matrix(x.shape(), end),
            (Type::Scalar(_), value, Some(end)) => self.scalar_of(value, end),
            (Type::Matrix { shape, .. }, value, Some(end)) => self.check_result(value, *shape, end),
            _ => {
                self.diagnostics
                    .error_at(self.signature.head(), "the function has no result that can be differentiated")
                    .note("its last statement is not an expression")
                    .help("end the body with the result, without a `;` after it")
                    .as_rustc_would();
                None
            }
        }
    }

    fn check_result(&self, value: &Value<'g>, wanted: Shape, end: &Source) -> Option<Expr<'g>> {
        if let Value::Scalar(_) = value {
            self.error(
                text::peel(end),
                format!("the function returns {wanted}, but this expression is a scalar"),
            )
            .help(format!("change the return type to `{}`", self.as_result(self.signature.scalar.name())))
            .as_rustc_would();
            return None;
        }
        let x = self.matrix_of(value, end, Some(wanted))?;
        match x.shape().agree(wanted) {
            Some(_) => Some(x),
            None => self.refuse_shape(wanted, x.shape(), end),
        }
    }

    /// Reports a matrix where the function returns a scalar.
    fn refuse_matrix(&self, found: Shape, end: &Source) -> Option<Expr<'g>> {
        let report = self.report_result("a scalar", found, end);
        match found == Shape::SCALAR {
            true => report.note("a 1×1 matrix is not a number for nalgebra").help(format!(
                "take its entry: `{}[(0, 0)]`; for xᵀy write `x.dot(&y)`",
                text::as_receiver(end)
            )),
            false => report.help(format!("change the return type to `{}`", self.result_of_shape(found))),
        };
        None
    }

    /// Reports a matrix of another shape than that which the function returns.
    fn refuse_shape(&self, wanted: Shape, found: Shape, end: &Source) -> Option<Expr<'g>> {
        let report = self.report_result(&wanted.to_string(), found, end);
        let change = format!("change the return type to `{}`", self.result_of_shape(found));
        match found.transposed().agree(wanted) {
            Some(_) => report.help(format!("write `{}.transpose()`, or {change}", text::as_receiver(end))),
            None => report.help(change),
        };
        None
    }

    fn report_result(&self, wanted: &str, found: Shape, end: &Source) -> Report<'g> {
        let written = self.signature.result_source().map(|ty| source(ty)).unwrap_or_default();
        self.error(text::peel(end), format!("the function returns {wanted}, but this expression is {found}"))
            .note(format!("the return type is `{written}`"))
            .as_rustc_would()
    }

    /// The return type that a matrix of this shape has.
    fn result_of_shape(&self, shape: Shape) -> String {
        let scalar = self.signature.scalar;
        match shape == Shape::SCALAR {
            true => self.as_result(&format!("SMatrix<{}, 1, 1>", scalar.name())),
            false => self.as_result(&types::describe(shape, scalar)),
        }
    }

    /// A type as the function returns it, in an `Option` if it does.
    fn as_result(&self, ty: &str) -> String {
        match self.signature.result {
            Type::Option(_) => format!("Option<{ty}>"),
            _ => ty.to_owned(),
        }
    }

    fn check_depth(&self, x: Expr<'g>, block: &syn::Block) -> bool {
        let mut depths: Vec<u32> = Vec::new();
        for k in 0..=x.id.index() {
            let node = self.graph.node(Id(k as u32));
            let deepest = node.operands().iter().filter_map(|o| depths.get(o.index())).max();
            depths.push(deepest.map_or(0, |depth| depth + 1));
        }
        let fits = depths.last().is_none_or(|depth| *depth < DEPTH);
        if !fits {
            self.error(
                block,
                format!("a chain of more than {DEPTH} operations, each on the result of the one before"),
            )
            .help("split the function, or write the chain as a sum or a product over an index");
        }
        fits
    }
}

/// The expression that is the value of a block.
fn end_of(block: &syn::Block) -> Option<&Source> {
    match block.stmts.last()? {
        Stmt::Expr(Source::Return(end), _) => end.expr.as_deref(),
        Stmt::Expr(Source::Block(inner), None) => end_of(&inner.block),
        Stmt::Expr(end, None) => Some(end),
        _ => None,
    }
}

/// The `e` of `Some(e)`.
fn inside_of(end: &Source) -> &Source {
    match text::peel(end) {
        Source::Call(call) => call.args.first().unwrap_or(end),
        _ => end,
    }
}

#[cfg(test)]
mod tests;
