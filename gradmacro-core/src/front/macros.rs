//! Macros of the body: `vector!`, `matrix!`, `stack!`, assertions; anything else is kept or refused.
//!
//! Example: `matrix![a, b; c, d]` is the 2×2 matrix with these entries, `vector![a, b]` the column.

use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{Expr as Source, Macro, Token};

use super::exits::is_panic;
use super::reader::Reader;
use super::text;
use super::value::Value;
use crate::ir::{Expr, Shape};

type Row = Punctuated<Source, Token![,]>;

impl<'g> Reader<'g> {
    pub(super) fn read_macro(&self, call: &Macro) -> Value<'g> {
        match name_of(call).as_str() {
            "vector" => self.read_vector(call),
            "matrix" => self.read_matrix(call),
            "stack" => self.read_stack(call),
            "dbg" if !self.trial => self.refuse_output(call),
            "matches" => self.read_matches(call),
            _ if is_panic(call) && !self.trial && self.is_conditional() => self.read_panic(call),
            name if self.trial => {
                self.error(call, format!("`{name}!` is not understood"));
                Value::Poison
            }
            "vec" => {
                let names = self.active_names(call).unwrap_or_default();
                self.error(call, "`Vec` allocates and has no size at compile time")
                    .note(format!("the collected values depend on {names}"))
                    .help("write `vector![..]`");
                Value::Poison
            }
            name => self.refuse_macro(call, name),
        }
    }

    /// A macro for its effect.
    pub(super) fn read_macro_statement(&self, call: &Macro) {
        let active = self.mentions_active(call);
        match name_of(call).as_str() {
            // `f` keeps its assertions; a gradient does not need them.
            "assert" | "assert_eq" | "assert_ne" | "debug_assert" | "debug_assert_eq" | "debug_assert_ne" => {
            }
            "println" | "print" | "eprintln" | "eprint" | "dbg" if active => {
                self.refuse_output(call);
            }
            _ if active && is_panic(call) && self.is_conditional() => drop(self.read_panic(call)),
            name if active || self.trial => {
                self.error(call, format!("the macro `{name}!` is not known"))
                    .note("what it does with differentiated values cannot be seen");
            }
            "println" | "print" | "eprintln" | "eprint" => {}
            _ if is_panic(call) && self.is_conditional() => drop(self.read_panic(call)),
            _ => self.read_effect(&Source::Macro(syn::ExprMacro { attrs: Vec::new(), mac: call.clone() })),
        }
    }

    fn refuse_output(&self, call: &Macro) -> Value<'g> {
        let name = name_of(call);
        self.error(call, format!("`{name}!` reads a differentiated value and is not supported in the body"))
            .note("it would print once in the function and again in every generated function")
            .help("print at the caller, or remove it");
        Value::Poison
    }

    fn refuse_macro(&self, call: &Macro, name: &str) -> Value<'g> {
        self.error(call, format!("the macro `{name}!` is not known"))
            .note("what it does with differentiated values cannot be seen")
            .help("write what it expands to");
        Value::Poison
    }

    fn read_vector(&self, call: &Macro) -> Value<'g> {
        match entries_of_vector(call) {
            Ok(rows) => self.matrix_from_rows(call, &rows),
            Err(error) => self.refuse_syntax(call, &error),
        }
    }

    fn read_matrix(&self, call: &Macro) -> Value<'g> {
        let rows = match entries_of_matrix(call) {
            Ok(rows) => rows,
            Err(error) => return self.refuse_syntax(call, &error),
        };
        let first = rows.first().map_or(0, Vec::len);
        match rows.iter().position(|row| row.len() != first) {
            Some(ragged) => self.refuse_ragged(call, ragged, first, rows.get(ragged).map_or(0, Vec::len)),
            None => self.matrix_from_rows(call, &rows),
        }
    }

    pub(super) fn refuse_ragged(&self, call: &Macro, row: usize, wanted: usize, found: usize) -> Value<'g> {
        let message = format!(
            "rows of `{}!` have different lengths: row 0 has {wanted} entries, row {row} has {found}",
            name_of(call)
        );
        let missing = if found < wanted { row } else { 0 };
        self.error(call, message)
            .note("rows are separated by `;`, entries by `,`")
            .help(format!("add the missing entry to row {missing}"))
            .as_rustc_would();
        Value::Poison
    }

    pub(super) fn refuse_syntax(&self, call: &Macro, error: &syn::Error) -> Value<'g> {
        self.error(call, format!("`{}!` cannot be read: {error}", name_of(call))).as_rustc_would();
        Value::Poison
    }

    fn matrix_from_rows(&self, call: &Macro, rows: &[Vec<Source>]) -> Value<'g> {
        let columns = rows.first().map_or(0, Vec::len);
        if columns == 0 {
            self.error(call, "a matrix without entries is not supported");
            return Value::Poison;
        }
        let mut entries: Vec<((u32, u32), Expr<'g>)> = Vec::new();
        let mut complete = true;
        for (i, row) in rows.iter().enumerate() {
            for (j, source) in row.iter().enumerate() {
                match self.plain_scalar(&self.read(source), source) {
                    Some(entry) => entries.push(((i as u32, j as u32), entry)),
                    None => complete = false,
                }
            }
        }
        match complete {
            true => Value::Matrix(self.graph.entries(&entries, Shape::new(rows.len(), columns))),
            false => Value::Poison,
        }
    }

    /// A scalar that is not an entry of a closure over all entries.
    fn plain_scalar(&self, value: &Value<'g>, source: &Source) -> Option<Expr<'g>> {
        let x = self.scalar_of(value, source)?;
        if !x.is_scalar() {
            self.refuse_lifted(source);
        }
        x.is_scalar().then_some(x)
    }
}

/// The shape of `vector![..]` or `matrix![..]`; `None` for another macro, or if its entries are integers.
pub(super) fn stated_shape(call: &Macro) -> Option<Shape> {
    let rows = match name_of(call).as_str() {
        "vector" => entries_of_vector(call).ok()?,
        "matrix" => entries_of_matrix(call).ok()?,
        _ => return None,
    };
    let columns = rows.first().map_or(0, Vec::len);
    let integers = rows.iter().flatten().any(text::is_integer);
    let regular = columns > 0 && rows.iter().all(|row| row.len() == columns);
    (regular && !integers).then(|| Shape::new(rows.len(), columns))
}

fn entries_of_vector(call: &Macro) -> syn::Result<Vec<Vec<Source>>> {
    let row = Row::parse_terminated.parse2(call.tokens.clone())?;
    Ok(row.into_iter().map(|x| vec![x]).collect())
}

pub(super) fn entries_of_matrix(call: &Macro) -> syn::Result<Vec<Vec<Source>>> {
    let rows = |input: syn::parse::ParseStream<'_>| {
        let mut rows = Vec::new();
        while !input.is_empty() {
            rows.push(read_row(input)?);
            input.parse::<Option<Token![;]>>()?;
        }
        Ok(rows)
    };
    rows.parse2(call.tokens.clone())
}

fn read_row(input: syn::parse::ParseStream<'_>) -> syn::Result<Vec<Source>> {
    let mut row = Vec::new();
    while !input.is_empty() && !input.peek(Token![;]) {
        row.push(input.parse()?);
        if input.parse::<Option<Token![,]>>()?.is_none() {
            break;
        }
    }
    Ok(row)
}

/// The last segment of a macro's path.
fn name_of(call: &Macro) -> String {
    call.path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default()
}
