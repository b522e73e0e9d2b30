//! Decompositions as values: `let c = s.cholesky().unwrap();` then `c.solve(&b)`, `c.l()`, `c.determinant()`.
//!
//! What is computed from a decomposition is a function of the matrix: a solve is a product with the inverse, whatever
//! the factors are. The factors themselves are not read, except the Cholesky factor.

use proc_macro2::Ident;

use super::systems::{product, square};
use super::unordered::Unordered;
use super::{Call, Value, matrix, scalar};
use crate::front::attempt::Attempt;
use crate::front::reader::Reader;
use crate::front::text;
use crate::ir::{Data, Dim, Expr, Shape, Test};
use crate::ops::exponential::LN;
use crate::ops::spectral::{SINGULAR_VALUES, SYMMETRIC_EIGENVALUES};
use crate::ops::systems::{CHOLESKY, DETERMINANT};

/// A decomposition of a matrix.
#[derive(Clone, Copy)]
pub struct Factors<'g> {
    pub(in crate::front) kind: Kind,
    /// What was decomposed; of what nalgebra reads the lower triangle of, the symmetric matrix.
    pub(in crate::front) matrix: Expr<'g>,
}

/// A decomposition of nalgebra's.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::front) enum Kind {
    Lu,
    CompleteLu,
    Qr,
    Cholesky,
    Eigen,
    Svd,
    UnorderedSvd,
}

use Kind::{Cholesky, CompleteLu, Eigen, Lu, Qr, Svd, UnorderedSvd};

type Read = for<'g> fn(&Call<'_, 'g>, Factors<'g>) -> Option<Value<'g>>;

/// A method of decompositions.
struct Method {
    of: &'static [Kind],
    name: &'static str,
    arguments: usize,
    read: Read,
}

const fn method(of: &'static [Kind], name: &'static str, arguments: usize, read: Read) -> Method {
    Method { of, name, arguments, read }
}

const EVERY: &[Kind] = &[Lu, CompleteLu, Qr, Cholesky, Eigen, Svd, UnorderedSvd];
const TESTED: &[Kind] = &[Lu, CompleteLu, Qr];

static METHODS: &[Method] = &[
    method(TESTED, "solve", 1, |call, f| Some(f.attempt(product(call, f.matrix.inverse())?))),
    method(TESTED, "try_inverse", 0, |_, f| Some(f.attempt(f.matrix.inverse()))),
    method(&[Cholesky], "solve", 1, |call, f| matrix(product(call, f.matrix.inverse())?)),
    method(&[Cholesky], "inverse", 0, |_, f| matrix(f.matrix.inverse())),
    method(&[Lu, CompleteLu, Cholesky], "determinant", 0, |_, f| scalar(f.matrix.reduce(&DETERMINANT))),
    method(&[Cholesky], "ln_determinant", 0, |_, f| scalar(f.matrix.reduce(&DETERMINANT).apply(&LN))),
    method(&[Cholesky], "l", 0, |_, f| matrix(f.matrix.apply(&CHOLESKY))),
    method(&[Cholesky], "unpack", 0, |_, f| matrix(f.matrix.apply(&CHOLESKY))),
    method(EVERY, "clone", 0, |_, f| Some(Value::Factors(f))),
    method(&[Lu, CompleteLu], "l", 0, factor),
    method(&[Lu, CompleteLu], "u", 0, factor),
    method(&[Lu, CompleteLu], "p", 0, factor),
    method(&[CompleteLu], "q", 0, factor),
    method(&[Lu], "l_unpack", 0, factor),
    method(&[Qr], "q", 0, factor),
    method(&[Qr], "r", 0, factor),
    method(&[Qr], "unpack_r", 0, factor),
    method(&[Qr], "q_tr_mul", 1, factor),
    method(&[Lu, CompleteLu, Qr], "unpack", 0, factor),
    method(&[Lu, CompleteLu], "lu_internal", 0, factor),
    method(&[Qr], "qr_internal", 0, factor),
    method(&[Cholesky], "l_dirty", 0, factor),
    method(&[Cholesky], "unpack_dirty", 0, factor),
    method(&[Cholesky], "rank_one_update", 2, changing),
    method(&[Cholesky], "insert_column", 2, changing),
    method(&[Cholesky], "remove_column", 1, changing),
    method(&[Lu, CompleteLu, Qr, Cholesky], "solve_mut", 1, changing),
    method(&[Lu], "try_inverse_to", 1, changing),
    method(&[Lu, CompleteLu, Qr], "is_invertible", 0, branch),
    method(&[Svd, UnorderedSvd], "rank", 1, branch),
    method(&[Eigen, Svd, UnorderedSvd], "recompose", 0, factor),
    method(&[Svd, UnorderedSvd], "pseudo_inverse", 1, through_svd),
    method(&[Svd, UnorderedSvd], "solve", 2, through_svd),
    method(&[Svd, UnorderedSvd], "to_polar", 0, factor),
];

/// What is read instead of factors: `{x}` is the decomposition.
static INSTEAD: &[(Kind, &str)] = &[
    (Lu, "`{x}.solve(&b)`, `{x}.try_inverse()` and `{x}.determinant()` are differentiated"),
    (CompleteLu, "`{x}.solve(&b)`, `{x}.try_inverse()` and `{x}.determinant()` are differentiated"),
    (Qr, "`{x}.solve(&b)` and `{x}.try_inverse()` are differentiated"),
    (Cholesky, "write `{x}.l()`"),
    (Eigen, "sums over `{x}.eigenvalues` are differentiated"),
    (Svd, "`{x}.singular_values` is differentiated"),
    (UnorderedSvd, "sums over `{x}.singular_values` are differentiated"),
];

/// Types of nalgebra's, and the methods of matrices that make them.
static TYPES: &[(&str, &str)] = &[
    ("LU", "lu"),
    ("FullPivLU", "full_piv_lu"),
    ("QR", "qr"),
    ("ColPivQR", "col_piv_qr"),
    ("Cholesky", "cholesky"),
    ("SymmetricEigen", "symmetric_eigen"),
    ("SVD", "svd"),
    ("UDU", "udu"),
    ("Schur", "schur"),
    ("Hessenberg", "hessenberg"),
];

/// `a.lu()` for `LU::new(a)`.
pub fn made_by(call: &syn::ExprCall) -> Option<syn::ExprMethodCall> {
    let syn::Expr::Path(path) = text::peel(&call.func) else { return None };
    let mut segments = path.path.segments.iter().rev();
    let (new, ty) = (segments.next()?, segments.next()?);
    let (_, method) = TYPES.iter().find(|(name, _)| ty.ident == name && new.ident == "new")?;
    let span = new.ident.span();
    Some(syn::ExprMethodCall {
        attrs: Vec::new(),
        receiver: Box::new(text::peel(call.args.first()?).clone()),
        dot_token: syn::Token![.](span),
        method: Ident::new(method, span),
        turbofish: None,
        paren_token: call.paren_token,
        args: call.args.iter().skip(1).cloned().collect(),
    })
}

/// Is it a method that is read of some decomposition?
pub(super) fn is_method(name: &str) -> bool {
    names().contains(&name)
}

/// The names that are understood, for the documentation.
pub(super) fn names() -> Vec<&'static str> {
    let read = METHODS.iter().take_while(|row| row.name != "clone").map(|row| row.name);
    read.filter(|name| *name != "unpack").collect()
}

/// A method of a decomposition; `None` if a mistake was reported.
pub(super) fn read<'g>(call: &Call<'_, 'g>, factors: Factors<'g>) -> Option<Value<'g>> {
    let name = call.name();
    let mut rows = METHODS.iter().filter(|row| row.name == name && row.of.contains(&factors.kind));
    let Some(row) = rows.next() else {
        let kind = factors.kind.name();
        call.error_at_name(format!("the decomposition that `{kind}` makes has no method `{name}`"))
            .help(factors.instead(&call.receiver_text()))
            .as_rustc_would();
        return None;
    };
    if row.arguments != call.count() {
        call.report_arguments(row.arguments);
        return None;
    }
    (row.read)(call, factors)
}

/// A field of a decomposition: `.eigenvalues`, `.singular_values`; `None` if it has none of that name.
pub fn part<'g>(
    reader: &Reader<'g>,
    factors: Factors<'g>,
    name: &Ident,
    field: &syn::ExprField,
) -> Option<Value<'g>> {
    match (factors.kind, name.to_string().as_str()) {
        (Eigen, "eigenvalues") => Some(eigenvalues(factors.matrix)),
        (Svd, "singular_values") => singular_values(factors.matrix).and_then(matrix),
        (UnorderedSvd, "singular_values") => {
            Some(Unordered::singular_values(singular_values(factors.matrix)?))
        }
        (Eigen, "eigenvectors") | (Svd | UnorderedSvd, "u" | "v_t") => {
            let names = reader.active_names_of(&Value::Factors(factors)).unwrap_or_default();
            reader
                .error(
                    field,
                    format!("`{name}` of a decomposition that depends on {names} is not differentiated"),
                )
                .note(NOTE)
                .help(factors.instead(&text::as_receiver(&field.base)));
            Some(Value::Poison)
        }
        _ => None,
    }
}

const NOTE: &str = "factors are one choice among several: signs, orders and permutations may change from one matrix to the next";

/// λ of a symmetric matrix.
pub(super) fn eigenvalues(x: Expr<'_>) -> Value<'_> {
    let shape = Shape::column(x.shape().rows);
    Unordered::eigenvalues(x.graph.apply(&SYMMETRIC_EIGENVALUES, Data::None, &[x], shape))
}

/// σ, largest first; `None` if it is not known which side is the smaller one.
pub(super) fn singular_values(x: Expr<'_>) -> Option<Expr<'_>> {
    let count = match (x.shape().rows, x.shape().columns) {
        (Dim::Known(rows), Dim::Known(columns)) => Dim::Known(rows.min(columns)),
        (rows, columns) if rows == columns => rows,
        _ => return None,
    };
    Some(x.graph.apply(&SINGULAR_VALUES, Data::None, &[x], Shape::column(count)))
}

impl Kind {
    /// The method that makes it.
    fn name(self) -> &'static str {
        match self {
            Lu => "lu",
            CompleteLu => "full_piv_lu",
            Qr => "qr",
            Cholesky => "cholesky",
            Eigen => "symmetric_eigen",
            Svd => "svd",
            UnorderedSvd => "svd_unordered",
        }
    }
}

impl<'g> Factors<'g> {
    /// The decomposition of a square matrix.
    pub(super) fn of_square(call: &Call<'_, 'g>, x: Expr<'g>, kind: Kind) -> Option<Value<'g>> {
        let matrix = square(call, x)?;
        Some(Value::Factors(Factors { kind, matrix }))
    }

    fn test(self) -> Test {
        match self.kind {
            Lu => Test::Lu,
            CompleteLu => Test::CompleteLu,
            _ => Test::Qr,
        }
    }

    /// What there is if the factorisation succeeds.
    fn attempt(self, value: Expr<'g>) -> Value<'g> {
        Attempt::at(Value::Matrix(value), self.matrix, self.test())
    }

    fn instead(self, receiver: &str) -> String {
        let row = INSTEAD.iter().find(|(kind, _)| *kind == self.kind);
        row.map(|(_, help)| help.replace("{x}", receiver)).unwrap_or_default()
    }

    fn names(self, call: &Call<'_, 'g>) -> String {
        let names = call.reader.active_names_of(&Value::Factors(self));
        names.unwrap_or_else(|| format!("`{}`", call.subject_text()))
    }
}

fn factor<'g>(call: &Call<'_, 'g>, factors: Factors<'g>) -> Option<Value<'g>> {
    let (name, names) = (call.name(), factors.names(call));
    call.error(format!("`{name}` of a decomposition that depends on {names} is not differentiated"))
        .note(NOTE)
        .help(factors.instead(&call.receiver_text()));
    None
}

fn changing<'g>(call: &Call<'_, 'g>, _: Factors<'g>) -> Option<Value<'g>> {
    let (name, x) = (call.name(), call.receiver_text());
    let instead = match name.as_str() {
        "solve_mut" => format!("write `{x}.solve(&b)`"),
        "try_inverse_to" => format!("write `{x}.try_inverse()`"),
        _ => "compute the changed matrix, and decompose it anew".to_owned(),
    };
    call.error(format!("`{name}` of a decomposition is not supported"))
        .note("it changes what it is given, or the decomposition")
        .help(instead);
    None
}

fn branch<'g>(call: &Call<'_, 'g>, factors: Factors<'g>) -> Option<Value<'g>> {
    let (name, names) = (call.name(), factors.names(call));
    call.error(format!("`{name}` is a step function of {names}"))
        .note("it decides a branch and has no derivative itself")
        .help("decide at the caller, and pass the decision as a parameter");
    None
}

fn through_svd<'g>(call: &Call<'_, 'g>, factors: Factors<'g>) -> Option<Value<'g>> {
    let (name, names) = (call.name(), factors.names(call));
    let solve = if name == "solve" { " * b" } else { "" };
    call.error(format!(
        "`{name}` of a singular value decomposition that depends on {names} is not supported"
    ))
    .note("whether the decomposition has its factors is decided at run time")
    .help(format!("write `a.pseudo_inverse(1e-9).unwrap(){solve}` with the matrix `a` itself"));
    None
}
