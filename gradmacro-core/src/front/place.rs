//! Entries: `x[i]`, `a[(i, j)]`, `p.x`, `m.m12`, `pair.0`.
//!
//! Invariant: an entry is a 1×1 slice whose place is inside the matrix as far as that is known.
//!
//! Example: `a[4]` of a 3×2 matrix is the slice at (1, 1), because nalgebra counts by columns.

use quote::ToTokens;
use syn::{Expr as Source, Member};

use super::bounds::Use;
use super::methods;
use super::reader::Reader;
use super::text;
use super::value::Value;
use crate::ir::{Dim, Expr, Shape};
use crate::ops::structure::reshape;

/// The coordinates of nalgebra's vectors.
const COORDINATES: [&str; 6] = ["x", "y", "z", "w", "a", "b"];

impl<'g> Reader<'g> {
    pub(super) fn read_index(&self, expr: &syn::ExprIndex) -> Value<'g> {
        let (base, index) = (self.read(&expr.expr), self.read(&expr.index));
        match (base, index) {
            (Value::Poison, _) | (_, Value::Poison) => Value::Poison,
            (Value::Matrix(x), index) => self.read_entry(x, &index, expr),
            (Value::Geometry(geometry), index) if geometry.is_indexed() => {
                self.read_entry(geometry.node, &index, expr)
            }
            (Value::Unordered(unordered), _) => {
                self.refuse_order(&unordered, &format!("entry {}", text::of(&expr.index)), expr);
                Value::Poison
            }
            (Value::Array(entries), Value::Integer(k)) => self.read_array_entry(&entries, k, expr),
            (base, _) => {
                self.error(
                    expr,
                    format!("`{}` cannot be indexed here: it is {}", text::of(&expr.expr), base.describe()),
                );
                Value::Poison
            }
        }
    }

    fn read_entry(&self, x: Expr<'g>, index: &Value<'g>, expr: &syn::ExprIndex) -> Value<'g> {
        match self.place_in(x, index, expr) {
            Some((x, row, column)) => Value::Scalar(x.slice(row, column, Shape::SCALAR)),
            None => Value::Poison,
        }
    }

    /// Row and column of an entry, and the matrix of which they are: the one given, or its column of all entries.
    pub(super) fn place_in(
        &self,
        x: Expr<'g>,
        index: &Value<'g>,
        expr: &syn::ExprIndex,
    ) -> Option<(Expr<'g>, Expr<'g>, Expr<'g>)> {
        match (index, text::peel(&expr.index)) {
            (Value::Tuple(pair), Source::Tuple(sources)) => self.place_of_pair(x, pair, sources, expr),
            (Value::Tuple(_), _) => None,
            (index, source) => self.integer_of(index, source).and_then(|k| self.place_of_one(x, k, expr)),
        }
    }

    fn place_of_pair(
        &self,
        x: Expr<'g>,
        pair: &[Value<'g>],
        sources: &syn::ExprTuple,
        expr: &syn::ExprIndex,
    ) -> Option<(Expr<'g>, Expr<'g>, Expr<'g>)> {
        let [row, column] = pair else { return self.refuse_place(expr) };
        let mut texts = sources.elems.iter();
        let (row_text, column_text) = (texts.next()?, texts.next()?);
        let (row, column) = (self.integer_of(row, row_text)?, self.integer_of(column, column_text)?);
        let used = |source: &Source, unit| Use {
            at: expr,
            index: text::of(source),
            base: text::of(&expr.expr),
            unit,
        };
        let inside = self.check_index(row, x.shape().rows, &used(row_text, "rows"))
            && self.check_index(column, x.shape().columns, &used(column_text, "columns"));
        inside.then_some((x, row, column))
    }

    fn place_of_one(
        &self,
        x: Expr<'g>,
        k: Expr<'g>,
        expr: &syn::ExprIndex,
    ) -> Option<(Expr<'g>, Expr<'g>, Expr<'g>)> {
        let (shape, zero) = (x.shape(), self.graph.index(0));
        let used =
            Use { at: expr, index: text::of(&expr.index), base: text::of(&expr.expr), unit: "entries" };
        if shape.columns == Dim::ONE {
            return self.check_index(k, shape.rows, &used).then_some((x, k, zero));
        }
        if shape.rows == Dim::ONE {
            return self.check_index(k, shape.columns, &used).then_some((x, zero, k));
        }
        let Some((size, (rows, _))) = shape.size().zip(shape.known()) else { return self.refuse_place(expr) };
        if !self.check_index(k, Dim::Known(size), &used) {
            return None;
        }
        let constant = Value::Integer(k).constant().and_then(|k| usize::try_from(k).ok());
        Some(match constant {
            Some(k) => (x, self.graph.index((k % rows) as i64), self.graph.index((k / rows) as i64)),
            None => (reshape(x, Shape::new(size, 1)), k, zero),
        })
    }

    fn refuse_place<T>(&self, expr: &dyn ToTokens) -> Option<T> {
        self.error(expr, "this index is not supported").help("write `x[i]` or `a[(i, j)]`");
        None
    }

    /// The column of floats that are known one by one.
    fn column_of(&self, entries: &[Value<'g>]) -> Option<Expr<'g>> {
        let floats: Option<Vec<_>> = (0u32..)
            .zip(entries)
            .map(|(i, entry)| Some(((i, 0), entry.scalar().filter(|x| x.is_scalar())?)))
            .collect();
        Some(self.graph.entries(&floats?, Shape::new(entries.len(), 1)))
    }

    fn read_array_entry(&self, entries: &[Value<'g>], k: Expr<'g>, expr: &syn::ExprIndex) -> Value<'g> {
        let Some(number) = Value::Integer(k).constant() else {
            // An inactive array is kept, and indexed as it stands.
            if let (Some(column), false) = (self.column_of(entries), self.trial) {
                let count = Dim::Known(entries.len());
                let used = Use {
                    at: expr,
                    index: text::of(&expr.index),
                    base: text::of(&expr.expr),
                    unit: "entries",
                };
                let zero = self.graph.index(0);
                let inside = self.check_index(k, count, &used);
                return if inside {
                    Value::Scalar(column.slice(k, zero, Shape::SCALAR))
                } else {
                    Value::Poison
                };
            }
            self.error(expr, "an array of differentiated values is indexed by a number only")
                .help("write a vector: `SVector::<f64, N>::from([..])`");
            return Value::Poison;
        };
        let entry = usize::try_from(number).ok().and_then(|k| entries.get(k));
        entry.cloned().unwrap_or_else(|| {
            let message = format!(
                "index {number} is out of range for `{}`, which has {} entries",
                text::of(&expr.expr),
                entries.len()
            );
            self.error(expr, message).as_rustc_would();
            Value::Poison
        })
    }

    pub(super) fn read_field(&self, field: &syn::ExprField) -> Value<'g> {
        let base = self.read(&field.base);
        match (&base, &field.member) {
            (Value::Poison, _) => Value::Poison,
            (Value::Tuple(entries), Member::Unnamed(k)) if (k.index as usize) < entries.len() => {
                entries.get(k.index as usize).cloned().unwrap_or(Value::Poison)
            }
            (Value::Matrix(x), Member::Named(name)) => match component(x.shape(), &name.to_string()) {
                Some((row, column)) => Value::Scalar(x.entry(row, column)),
                None => self.refuse_field(field, &base),
            },
            (Value::Geometry(geometry), Member::Named(name)) => {
                geometry.field(&name.to_string()).unwrap_or_else(|| self.refuse_field(field, &base))
            }
            (Value::Unordered(values), Member::Named(name)) => {
                self.refuse_order(values, &format!("component `{name}`"), field);
                Value::Poison
            }
            (Value::Factors(factors), Member::Named(name)) => {
                let value = methods::part_of_factors(self, *factors, name, field);
                value.unwrap_or_else(|| self.refuse_field(field, &base))
            }
            _ => self.refuse_field(field, &base),
        }
    }

    fn refuse_field(&self, field: &syn::ExprField, base: &Value<'g>) -> Value<'g> {
        let (name, text) = (field.member.to_token_stream(), text::of(&field.base));
        let report = self.error(field, format!("`{text}` has no component `{name}`"));
        let is_method = methods::known_names().contains(&name.to_string().as_str());
        let call =
            format!("a method is called with parentheses: `{}.{name}()`", text::as_receiver(&field.base));
        report
            .note(format!("`{text}` is {}", base.describe()))
            .maybe_help(is_method.then_some(call))
            .as_rustc_would();
        Value::Poison
    }
}

/// Row and column of a component that nalgebra gives a name.
pub(super) fn component(shape: Shape, name: &str) -> Option<(usize, usize)> {
    let (rows, columns) = shape.known()?;
    if let Some(k) = COORDINATES.iter().position(|coordinate| *coordinate == name) {
        let fits = rows.min(columns) == 1 && k < rows.max(columns) && rows.max(columns) <= COORDINATES.len();
        return fits.then_some(if columns == 1 { (k, 0) } else { (0, k) });
    }
    let digits: Vec<usize> =
        name.strip_prefix('m')?.chars().map_while(|c| c.to_digit(10)).map(|d| d as usize).collect();
    match digits[..] {
        [i, j] if name.len() == 3 && (1..=rows).contains(&i) && (1..=columns).contains(&j) => {
            Some((i - 1, j - 1))
        }
        _ => None,
    }
}
